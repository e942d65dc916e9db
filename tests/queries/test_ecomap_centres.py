"""Whose ecomap: an agency's, a client's, two facilities'; and by what it can be narrowed."""

from __future__ import annotations

from datetime import date

import pytest

import queries
from graph.records import Record
from graph.store import Store
from tests.builders import (
    FACILITY,
    agencies,
    area,
    consent,
    day,
    event,
    link,
    located,
    partner_list,
    referral,
    serves,
    tie,
    write,
)

ASKED = {"facility_id": FACILITY, "organization_id": "a", "as_of": "2022-06-01"}


def place(facility: str, agency: str, slot: int) -> Record:
    return link("PLACES", f"Organization {facility}", f"Organization {agency}", slot=slot)


def test_around_an_agency_stand_those_tied_to_it_as_the_facility_sees_them(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a", "b", "c", "over", "stranger"),
        partner_list("l", "2022-03-01", "a", "b"),
        tie("a", "b"),
        tie("c", "a", since=day("2022-05-01")),
        tie("a", FACILITY),
        tie("a", "over", until=day("2022-05-01")),
        tie("b", "stranger"),
        event("explained", "2022-04-01", "b"),
        event("support_started", "2022-04-02", "b", by="stranger"),
        place(FACILITY, "b", 7),
    )
    rows = queries.ask(store, "ecomap_of_agency", **ASKED)
    assert [(r["organization_id"], r["stage"], r["slot"]) for r in rows] == [
        ("b", "explained", 7), ("c", "known", None), (FACILITY, None, None),
    ]  # fmt: skip
    earlier = queries.ask(store, "ecomap_of_agency", **(ASKED | {"as_of": "2022-03-15"}))
    assert [(r["organization_id"], r["stage"]) for r in earlier] == [
        ("b", "listed"), (FACILITY, None), ("over", "known"),
    ]  # fmt: skip


def test_around_another_facility_stands_its_own_list_too(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a", "b", "later"),
        partner_list("l", "2022-03-01", "b"),
        partner_list("own", "2022-03-01", "b", keeper="a"),
        partner_list("next", "2022-09-01", "later", keeper="a"),
    )
    rows = queries.ask(store, "ecomap_of_agency", **ASKED)
    assert [(r["organization_id"], r["stage"]) for r in rows] == [("b", "listed")]


def test_the_roster_is_the_same_on_every_day_and_begins_with_the_first(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a", "b", "c", "d", "stranger"),
        partner_list("own", "2022-03-01", "c", keeper="a"),
        tie("a", "b", since=day("2022-05-01"), until=day("2022-05-02")),
        tie("c", "a", since=day("2022-01-01")),
        tie("a", "d"),
        place(FACILITY, "b", 7),
        place("a", "c", 3),
        place("stranger", "d", 5),
    )
    rows = queries.ask(store, "ecomap_roster", organization_id="a", places_of=FACILITY)
    assert [(r["organization_id"], r["slot"], r["own_slot"], r["first_on"]) for r in rows] == [
        ("d", None, None, None),
        ("c", None, 3, date(2022, 1, 1)),
        ("b", 7, None, date(2022, 5, 1)),
    ]


def test_ties_among_organizations_are_those_of_the_day_between_two_of_them(store: Store) -> None:
    write(
        store,
        agencies("a", "b", "c", "stranger"),
        tie("a", "b", strength="weak", quality="stressful", flow="in"),
        tie("b", "c", until=day("2022-06-01")),
        tie("c", "stranger"),
        tie("a", "a"),
    )

    def among(*ids: str) -> list[tuple[str, str]]:
        rows = queries.ask(store, "ties_among", organization_ids=list(ids), as_of="2022-05-31")
        return [(row["source_id"], row["target_id"]) for row in rows]

    assert among("a", "b", "c", "nobody") == [("a", "b"), ("b", "c")]
    assert among("b", "a", "a") == [("a", "b")]
    assert among("a") == among() == []
    later = queries.ask(store, "ties_among", organization_ids=["a", "b", "c"], as_of="2022-06-01")
    assert [(r["strength"], r["quality"], r["flow"]) for r in later] == [
        ("weak", "stressful", "in"),
    ]  # fmt: skip


@pytest.fixture
def served(store: Store) -> Store:
    """A client whom `prison` sent to `a`, and `a` on to `b`; `c` met the client; `x` is apart."""
    write(
        store,
        agencies(FACILITY, "prison", "a", "b", "c", "x"),
        referral(
            "r1", "prison", "a", client="k-1", status="referred_on", notified_on=day("2022-02-01")
        ),
        referral(
            "r2", "a", "b", client="k-1", status="pending", follows="r1",
            notified_on=day("2022-04-01"),
        ),
        referral(
            "r3", "x", "a", client="k-2", status="lost", notified_on=day("2022-03-01")
        ),
        event("meeting", "2022-05-01", "c", "Client k-1"),
        consent("k-1", "c"),
        event("explained", "2022-05-01", "x"),
    )  # fmt: skip
    return store


def test_around_a_client_stand_the_agencies_that_serve_it(served: Store) -> None:
    def around(as_of: str) -> list[tuple[str, str | None, bool]]:
        rows = queries.ask(served, "ecomap_of_client", client_id="k-1", as_of=as_of)
        return [(row["organization_id"], row["status"], row["sent"]) for row in rows]

    assert around("2022-05-01") == [
        ("a", "referred_on", True),
        ("prison", None, True),
        ("b", "pending", False),
        ("c", None, False),
    ]
    assert around("2022-03-31") == [("a", "referred_on", False), ("prison", None, True)]
    assert around("2022-01-31") == []


def test_an_agency_that_received_a_client_twice_shows_the_latest_status(store: Store) -> None:
    write(
        store,
        agencies("p", "a"),
        referral("z", "p", "a", client="k", status="lost", notified_on=day("2022-02-01")),
        referral("b", "p", "a", client="k", status="accepted", notified_on=day("2022-04-01")),
    )
    rows = queries.ask(store, "ecomap_of_client", client_id="k", as_of="2022-05-01")
    assert {row["organization_id"]: row["status"] for row in rows} == {"a": "accepted", "p": None}


def test_clients_are_listed_by_pseudonym_latest_first(served: Store) -> None:
    write(served, referral("r0", "x", client="k-0"))
    rows = queries.ask(served, "ecomap_clients", as_of="2022-05-01")
    assert [(r["case_id"], r["agencies"], r["last_on"]) for r in rows] == [
        ("k-1", 4, date(2022, 5, 1)), ("k-2", 2, date(2022, 3, 1)), ("k-0", 1, None),
    ]  # fmt: skip
    assert [r["case_id"] for r in queries.ask(served, "ecomap_clients", as_of="2022-02-28")] == [
        "k-1", "k-0",
    ]  # fmt: skip


def test_areas_hold_who_stands_in_them_and_who_serves_them_or_what_holds_them(
    store: Store,
) -> None:
    write(
        store,
        area("jp", level="nation"),
        area("pref", "jp", level="prefecture"),
        area("town", "pref"),
        area("city", "pref"),
        agencies("in-town", "for-pref", "for-city", "nowhere"),
        located("in-town", "town"),
        serves("for-pref", "pref"),
        serves("for-city", "city"),
    )
    ids = ["in-town", "for-pref", "for-city", "nowhere"]
    rows = queries.ask(store, "agency_areas", organization_ids=ids)
    assert {row["area_id"]: row["member_ids"] for row in rows} == {
        "city": ["for-city", "for-pref"],
        "pref": ["for-city", "for-pref", "in-town"],
        "town": ["for-pref", "in-town"],
    }
    assert queries.ask(store, "agency_areas", organization_ids=["nowhere"]) == []


def test_lists_of_a_facility_are_those_made_by_the_day_latest_first(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "other", "a", "b"),
        partner_list("first", "2021-03-01", "b", "a"),
        partner_list("second", "2022-03-01", "b"),
        partner_list("third", "2022-09-01", "a"),
        partner_list("theirs", "2020-03-01", "a", keeper="other"),
    )
    rows = queries.ask(store, "ecomap_lists", facility_id=FACILITY, as_of="2022-03-01")
    assert [(row["list_id"], row["member_ids"]) for row in rows] == [
        ("second", ["b"]), ("first", ["a", "b"]),
    ]  # fmt: skip
