"""The queries of the ecomap: who stands in it, which ties hold, on which days it changes."""

from __future__ import annotations

from datetime import date

import queries
from graph.store import Store
from tests.builders import (
    FACILITY,
    agencies,
    agency,
    day,
    event,
    link,
    node,
    partner_list,
    tie,
    write,
)


def ids(store: Store, as_of: str) -> list[str]:
    rows = queries.ask(store, "ecomap_agencies", facility_id=FACILITY, as_of=as_of)
    return [row["organization_id"] for row in rows]


def ties(store: Store, as_of: str) -> list[tuple[str, str, bool]]:
    rows = queries.ask(store, "ecomap_ties", facility_id=FACILITY, as_of=as_of)
    return [(row["source_id"], row["target_id"], row["with_facility"]) for row in rows]


def test_the_listed_and_the_tied_stand_in_the_ecomap(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "listed", "tied", "over", "stranger"),
        partner_list("l", "2022-03-01", "listed"),
        tie("tied", FACILITY, since=day("2022-02-01")),
        tie(FACILITY, "over", since=day("2022-01-01"), until=day("2022-03-01")),
        tie("listed", "stranger"),
    )
    assert ids(store, "2021-12-31") == []
    assert ids(store, "2022-02-28") == ["over", "tied"]
    assert ids(store, "2022-03-01") == ["listed", "tied"]


def test_slots_come_first_and_newcomers_last(store: Store) -> None:
    places = {"b": 0, "a": 5}
    write(
        store,
        agencies(FACILITY, "a", "b", "new"),
        partner_list("l", "2022-03-01", "a", "b", "new"),
        *(
            link("PLACES", f"Organization {FACILITY}", f"Organization {name}", slot=slot)
            for name, slot in places.items()
        ),
    )
    rows = queries.ask(store, "ecomap_agencies", as_of="2022-04-01")
    assert [(row["organization_id"], row["slot"]) for row in rows] == [
        ("b", 0), ("a", 5), ("new", None),
    ]  # fmt: skip


def test_a_facility_on_its_own_list_does_not_stand_in_its_own_ring(store: Store) -> None:
    write(store, agencies(FACILITY), partner_list("l", "2022-03-01", FACILITY))
    assert ids(store, "2022-04-01") == []


def test_ties_hold_from_their_first_day_to_the_day_before_the_end(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a"),
        partner_list("l", "2022-03-01", "a"),
        tie(FACILITY, "a", since=day("2022-03-10"), until=day("2022-03-20")),
    )
    held = {on: len(ties(store, on)) for on in ("2022-03-09", "2022-03-10", "2022-03-19")}
    assert held == {"2022-03-09": 0, "2022-03-10": 1, "2022-03-19": 1}
    assert ties(store, "2022-03-20") == []


def test_ties_among_the_shown_are_shown_and_others_not(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a", "b", "stranger"),
        partner_list("l", "2022-03-01", "a", "b"),
        tie("b", "a"),
        tie("a", FACILITY),
        tie("a", "stranger"),
        tie("a", "a"),
    )
    assert ties(store, "2022-04-01") == [("a", FACILITY, True), ("b", "a", False)]


def test_a_tie_says_how_it_is(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a"),
        partner_list("l", "2022-03-01", "a"),
        tie(FACILITY, "a", strength="weak", quality="stressful", flow="in", since=day("2022-02")),
    )
    row = queries.ask(store, "ecomap_ties", as_of="2022-04-01")[0]
    assert (row["kind"], row["strength"], row["quality"], row["flow"], row["since"]) == (
        "cooperation", "weak", "stressful", "in", date(2022, 2, 1),
    )  # fmt: skip


def test_the_ecomap_changes_on_days_of_lists_events_and_ties(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a", "b", "stranger"),
        partner_list("l", "2022-03-01", "a", "b"),
        event("explained", "2022-04-01", "a", "b"),
        event("meeting", "2022-04-01"),
        event("explained", "2022-05-01", "a", by="stranger"),
        tie(FACILITY, "a", since=day("2022-06-01"), until=day("2022-07-01")),
        tie("a", "b", since=day("2022-08-01")),
        tie("a", "stranger", since=day("2022-09-01")),
    )
    rows = queries.ask(store, "ecomap_dates", facility_id=FACILITY)
    assert [(row["day"].isoformat(), row["meeting"], row["changes"]) for row in rows] == [
        ("2022-03-01", False, 1),
        ("2022-04-01", True, 2),
        ("2022-06-01", False, 1),
        ("2022-07-01", False, 1),
        ("2022-08-01", False, 1),
    ]


def test_facilities_are_those_that_keep_a_list_oldest_first(store: Store) -> None:
    write(
        store,
        agencies("young", "old", "a"),
        partner_list("y", "2022-03-01", "a", keeper="young"),
        partner_list("o1", "2021-03-01", "a", keeper="old"),
        partner_list("o2", "2022-03-01", "a", keeper="old"),
    )
    rows = queries.ask(store, "ecomap_facilities")
    assert [(r["organization_id"], r["lists"], r["first_list_on"].year) for r in rows] == [
        ("old", 2, 2021), ("young", 1, 2022),
    ]  # fmt: skip


def test_details_of_an_agency(store: Store) -> None:
    write(
        store,
        agency("a", address="千葉県松戸市1", phone="047-000-0000", kana="え"),
        agency("b", address="秘密", hidden_address=True),
        link("WORKS_FOR", "Person p1", "Organization a", role="前任", until=day("2022-04-01")),
        link("WORKS_FOR", "Person p2", "Organization a", role="後任", since=day("2022-04-01")),
        *(node("Person", key, name=f"担当者 {key}") for key in ("p1", "p2")),
    )
    asked = {"organization_id": "a", "as_of": "2022-04-01"}
    row = queries.ask(store, "agency_details", **asked)[0]
    assert (row["name"], row["kana"], row["address"]) == ("a", "え", "千葉県松戸市1")
    assert row["contacts"] == [{"name": "担当者 p2", "role": "後任"}]
    assert (row["source_file"], row["source_row"]) == ("test.xlsx", 2)
    assert queries.ask(store, "agency_details", organization_id="b")[0]["address"] is None
    assert queries.ask(store, "agency_details", organization_id="nobody") == []


def test_history_of_an_agency_is_latest_first_up_to_the_day(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "other", "a", "b"),
        partner_list("l", "2022-03-01", "a"),
        event("explained", "2022-04", "a", text="説明した"),
        event("anxiety", "2022-05-02", "a", "b", value=3.0),
        event("contacted", "2022-06-01", "a"),
        event("contacted", "2022-04-03", "b"),
        event("contacted", "2022-04-04", "a", by="other"),
    )
    asked = {"organization_id": "a", "as_of": "2022-05-31"}
    rows = queries.ask(store, "agency_history", **asked)
    assert [(r["kind"], r["precision"], r["value"], r["text"]) for r in rows] == [
        ("anxiety", "day", 3.0, None), ("explained", "month", None, "説明した"),
    ]  # fmt: skip
    assert queries.ask(store, "agency_history", organization_id="b", as_of="2022-04-02") == []


def test_groups_are_what_at_least_two_of_the_ecomap_belong_to(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a", "b", "stranger", "council", "club"),
        partner_list("l", "2022-03-01", "a", "b"),
        tie("a", "council", kind="membership", until=day("2022-06-01")),
        tie("b", "council", kind="membership"),
        tie("stranger", "council", kind="membership"),
        tie("a", "club", kind="membership"),
    )

    def groups(as_of: str) -> list[tuple[str, list[str]]]:
        rows = queries.ask(store, "ecomap_groups", facility_id=FACILITY, as_of=as_of)
        return [(row["group_id"], row["member_ids"]) for row in rows]

    assert groups("2022-05-31") == [("council", ["a", "b"])]
    assert groups("2022-06-01") == []
