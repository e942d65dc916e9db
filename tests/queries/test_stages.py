"""How far an agency has come on a day: the stage rules, told by the queries that share them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

import queries
from graph.records import Record
from graph.store import Store
from tests.builders import FACILITY, agencies, agency, day, event, partner_list, tie, write

LISTED = "2022-03-01"


def stages_at(store: Store, *days: str, name: str = "a") -> list[str]:
    return [_row_at(store, on, name)["stage"] for on in days]


def since_at(store: Store, on: str) -> date:
    since = _row_at(store, on, "a")["stage_since"]
    assert isinstance(since, date)
    return since


def _row_at(store: Store, on: str, name: str) -> dict[str, object]:
    rows = queries.ask(store, "partner_stages", facility_id=FACILITY, as_of=on)
    return next(row for row in rows if row["organization_id"] == name)


def write_list(store: Store, *more: list[Record]) -> None:
    write(store, agencies(FACILITY, "a"), partner_list("l", LISTED, "a"), *more)


def test_the_way_of_an_agency_from_the_list_and_back(store: Store) -> None:
    write_list(
        store,
        event("explained", "2022-04-01", "a"),
        event("support_started", "2022-05-01", "a"),
        event("support_ended", "2022-06-01", "a"),
        event("declined", "2022-07-01", "a", until=day("2022-08-31")),
        event("support_started", "2022-10-01", "a", key="again"),
    )
    assert stages_at(
        store, "2022-03-31", "2022-04-01", "2022-05-01", "2022-06-01", "2022-07-01", "2022-08-31"
    ) == ["listed", "explained", "supporting", "explained", "declined", "declined"]
    assert stages_at(store, "2022-09-01", "2022-10-01") == ["explained", "supporting"]


def test_since_when_a_stage_holds(store: Store) -> None:
    write_list(
        store,
        event("explained", "2022-04-01", "a"),
        event("support_started", "2022-05-01", "a"),
        event("support_ended", "2022-06-01", "a"),
        event("declined", "2022-07-01", "a"),
    )
    days = ("2022-03-15", "2022-04-15", "2022-05-15", "2022-06-15", "2022-07-15")
    assert [since_at(store, on).month for on in days] == [3, 4, 5, 6, 7]


def test_a_rest_without_an_end_goes_on(store: Store) -> None:
    write_list(store, event("declined", "2022-05-01", "a"))
    assert stages_at(store, "2022-04-30", "2022-05-01", "2032-05-01") == [
        "listed", "declined", "declined",
    ]  # fmt: skip


def test_a_rest_until_a_month_lasts_the_whole_month(store: Store) -> None:
    write_list(store, event("declined", "2022-05-01", "a", until=day("2022-07")))
    assert stages_at(store, "2022-07-31", "2022-08-01") == ["declined", "listed"]


def test_a_rest_until_a_year_lasts_the_whole_year(store: Store) -> None:
    write_list(store, event("declined", "2022-05-01", "a", until=day("2022")))
    assert stages_at(store, "2022-12-31", "2023-01-01") == ["declined", "listed"]


def test_after_a_rest_the_stage_counts_from_the_day_after_it(store: Store) -> None:
    write_list(
        store,
        event("explained", "2022-04-01", "a"),
        event("declined", "2022-05-01", "a", until=day("2022-06-30")),
    )
    assert stages_at(store, "2022-07-01") == ["explained"]
    assert since_at(store, "2022-08-01") == date(2022, 7, 1)


def test_explaining_again_ends_a_rest(store: Store) -> None:
    write_list(
        store,
        event("explained", "2022-04-01", "a"),
        event("declined", "2022-05-01", "a"),
        event("explained", "2022-06-01", "a", key="again"),
    )
    assert stages_at(store, "2022-05-31", "2022-06-01") == ["declined", "explained"]
    assert since_at(store, "2022-07-01") == date(2022, 6, 1)


def test_explaining_once_more_does_not_end_support(store: Store) -> None:
    write_list(
        store,
        event("support_started", "2022-04-01", "a"),
        event("explained", "2022-05-01", "a"),
    )
    assert stages_at(store, "2022-05-02") == ["supporting"]
    assert since_at(store, "2022-05-02") == date(2022, 4, 1)


def test_explained_and_supporting_in_one_month_is_supporting(store: Store) -> None:
    write_list(store, event("support_started", "2022-04", "a"), event("explained", "2022-04", "a"))
    assert stages_at(store, "2022-04-01") == ["supporting"]


def test_other_events_change_no_stage(store: Store) -> None:
    write_list(store, event("contacted", "2022-04-01", "a"), event("remark", "2022-04-02", "a"))
    assert stages_at(store, "2022-05-01") == ["listed"]


def test_what_another_facility_recorded_does_not_count(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "other", "a"),
        partner_list("l", LISTED, "a"),
        event("support_started", "2022-04-01", "a", by="other"),
    )
    assert stages_at(store, "2022-05-01") == ["listed"]


def test_an_agency_on_no_list_is_known(store: Store) -> None:
    write(store, agencies(FACILITY, "a"), tie(FACILITY, "a"))
    rows = queries.ask(store, "ecomap_agencies", facility_id=FACILITY)
    assert [(row["organization_id"], row["stage"]) for row in rows] == [("a", "known")]


def test_the_funnel_counts_each_step_with_the_next(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a", "b", "c", "d"),
        partner_list("l", LISTED, "a", "b", "c", "d"),
        event("explained", "2022-04-01", "a", "b"),
        event("support_started", "2022-04-02", "a"),
        event("declined", "2022-04-02", "d"),
    )
    rows = queries.ask(store, "partner_funnel", facility_id=FACILITY, as_of="2022-05-01")
    assert [(row["step"], row["count"], row["names"]) for row in rows] == [
        ("listed", 4, ["a", "b", "c", "d"]),
        ("explained", 2, ["a", "b"]),
        ("supporting", 1, ["a"]),
        ("declined", 1, ["d"]),
    ]
    assert {row["list_id"] for row in rows} == {"l"}


def test_a_newer_list_takes_over_on_its_day(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a", "b"),
        partner_list("old", "2022-03-01", "a"),
        partner_list("new", "2022-06-01", "a", "b"),
    )

    def listed_at(on: str, **chosen: str) -> list[str]:
        rows = queries.ask(store, "partner_stages", as_of=on, **chosen)
        return [row["organization_id"] for row in rows]

    assert listed_at("2022-05-31") == ["a"]
    assert listed_at("2022-06-01") == ["a", "b"]
    assert listed_at("2022-06-01", list_id="old") == ["a"]
    assert listed_at("2022-05-31", list_id="new") == []


def test_partner_stages_tells_the_latest_levels_and_contact(store: Store) -> None:
    write_list(
        store,
        event("explained", "2022-04-01", "a"),
        event("agreement", "2022-04-02", "a", value=2.0),
        event("agreement", "2022-04-09", "a", value=4.0),
        event("anxiety", "2022-04-03", "a", value=3.0),
        event("contact_changed", "2022-04-20", "a"),
    )
    row = _row_at(store, "2022-04-15", "a")
    assert (row["agreement"], row["anxiety"], row["contact_changed_on"]) == (4.0, 3.0, None)
    assert row["explained_on"] == date(2022, 4, 1)
    assert row["last_contact_on"] == date(2022, 4, 9)
    assert _row_at(store, "2022-04-20", "a")["contact_changed_on"] == date(2022, 4, 20)


@pytest.mark.parametrize("name", ["partner_stages", "partner_funnel"])
def test_without_a_list_there_is_no_answer(store: Store, name: str) -> None:
    assert queries.ask(store, name) == []
    write(store, agencies(FACILITY, "a"), tie(FACILITY, "a"))
    assert queries.ask(store, name, facility_id=FACILITY) == []


def test_next_contacts_gives_each_part_its_reason(store: Store) -> None:
    today = date(2022, 10, 1)
    write(
        store,
        agency(FACILITY),
        agency("told", field="medical"),
        agency("untold", field="medical"),
        agency("helper", field="welfare"),
        agency("resting", field="justice"),
        partner_list("l", LISTED, "told", "untold", "helper", "resting"),
        event("explained", "2022-03-10", "told"),
        event("anxiety", "2022-03-10", "told", value=4.0),
        event("contact_changed", "2022-04-01", "told"),
        event("support_started", "2022-09-01", "helper"),
        event("declined", "2022-09-01", "resting"),
        tie("helper", "untold"),
        tie(FACILITY, "told", quality="stressful"),
    )
    rows = {r["name"]: r for r in queries.ask(store, "next_contacts", as_of=today)}
    assert list(rows) == ["told", "untold"]
    told, untold = rows["told"], rows["untold"]
    assert (told["not_told"], told["fills_gap"], told["anxious"]) == (1.0, 2.0, 2.0)
    assert (told["contact_changed"], told["silent"]) == (1.5, 0.5)
    assert told["last_contact_on"] == date(2022, 3, 10)
    assert (untold["not_told"], untold["silent"], untold["score"]) == (3.0, 0.0, 5.0)
    assert (untold["introducers"], told["introducers"]) == (["helper"], [])


def test_a_contact_after_the_change_settles_it(store: Store) -> None:
    write_list(
        store,
        event("explained", "2022-03-10", "a"),
        event("contact_changed", "2022-04-01", "a"),
        event("contacted", "2022-04-05", "a"),
    )
    before, after = (
        queries.ask(store, "next_contacts", as_of=on)[0]["contact_changed"]
        for on in ("2022-04-04", "2022-04-05")
    )
    assert (before, after) == (1.5, 0.0)


def test_nobody_is_to_be_contacted_without_a_list(store: Store) -> None:
    write(store, agencies(FACILITY, "a"), tie(FACILITY, "a", quality="stressful"))
    assert queries.ask(store, "next_contacts", facility_id=FACILITY) == []


def test_an_agency_that_just_began_to_help_waits(store: Store) -> None:
    write_list(store, event("support_started", "2022-04-01", "a"))
    assert queries.ask(store, "next_contacts", as_of="2022-04-02") == []
    in_a_year = date(2022, 4, 2) + timedelta(days=365)
    assert queries.ask(store, "next_contacts", as_of=in_a_year)[0]["silent"] == 1.0
