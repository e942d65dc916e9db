"""What is not known of a list, and the areas a coverage matrix can show."""

from __future__ import annotations

from datetime import date

import pytest

import queries
from graph.store import Row, Store
from tests.builders import (
    FACILITY,
    agency,
    area,
    day,
    event,
    located,
    partner_list,
    referral,
    serves,
    write,
)

AS_OF = "2022-12-31"


def ask_unknowns(store: Store, as_of: str = AS_OF) -> dict[str, Row]:
    rows = queries.ask(store, "partner_unknowns", facility_id=FACILITY, as_of=as_of)
    return {row["organization_id"]: row for row in rows}


def write_region(store: Store) -> None:
    """A prefecture with a health-and-welfare area of two towns, and a town outside it."""
    write(
        store,
        area("P", level="prefecture"),
        area("C", within="P", level="care_area"),
        area("T", within="C"),
        area("U", within="C"),
        area("V", within="P"),
        [agency(FACILITY, field="justice"), located(FACILITY, "V"), agency("a"), serves("a", "T")],
        partner_list("l", "2022-03-01", "a"),
    )


def test_dates_are_as_precise_as_their_sources(store: Store) -> None:
    write(
        store,
        [agency(FACILITY), agency("a"), agency("b"), agency("c")],
        partner_list("l", "2022-03", "a", "b", "c"),
        event("explained", "2022-04", "a"),
        event("support_started", "2022", "a"),
        event("contact_changed", "2022-05", "a"),
        event("explained", "2022-05-02", "b"),
    )
    rows = ask_unknowns(store)
    precisions = {key: row["stage_since_precision"] for key, row in rows.items()}
    assert precisions == {"a": "year", "b": "day", "c": "month"}
    assert rows["a"]["last_contact_precision"] == "month"
    assert rows["a"]["contact_changed_precision"] == "month"
    assert rows["c"]["last_contact_precision"] is None
    assert {row["list_made_on_precision"] for row in rows.values()} == {"month"}


def test_how_long_an_agency_rests(store: Store) -> None:
    write(
        store,
        [agency(FACILITY), agency("a"), agency("b")],
        partner_list("l", "2022-03-01", "a", "b"),
        event("declined", "2022-05-01", "a", until=day("2022-08")),
        event("declined", "2022-05", "b"),
    )
    resting = ask_unknowns(store, "2022-08-31")
    assert (resting["a"]["stage"], resting["a"]["rests_until_precision"]) == ("declined", "month")
    assert resting["a"]["rests_until"] == date(2022, 8, 1)
    assert (resting["b"]["stage"], resting["b"]["rests_until"]) == ("declined", None)
    back = ask_unknowns(store, "2022-09-01")["a"]
    assert (back["stage"], back["rests_until"], back["stage_since_precision"]) == (
        "listed", None, "month",
    )  # fmt: skip


@pytest.mark.parametrize(
    "on", ["2022-03-15", "2022-04-15", "2022-05-15", "2022-07-15", "2022-10-15"]
)
def test_stages_agree_with_those_of_the_list(store: Store, on: str) -> None:
    write(
        store,
        [agency(FACILITY), agency("a")],
        partner_list("l", "2022-03-01", "a"),
        event("explained", "2022-04-01", "a"),
        event("support_started", "2022-05-01", "a"),
        event("declined", "2022-07-01", "a", until=day("2022-08")),
    )
    stages = queries.ask(store, "partner_stages", facility_id=FACILITY, as_of=on)
    assert ask_unknowns(store, on)["a"]["stage"] == stages[0]["stage"]


def test_places_known_and_not_known(store: Store) -> None:
    write_region(store)
    row = ask_unknowns(store)["a"]
    assert (row["municipality"], row["serves"]) == (None, ["T"])


def test_nothing_before_the_first_list(store: Store) -> None:
    write_region(store)
    assert ask_unknowns(store, "2022-02-28") == {}


def test_areas_of_the_prefecture_by_level(store: Store) -> None:
    write_region(store)
    write(store, referral("r", "a"), area("W", within="Q"), area("Q", level="prefecture"))

    def ask(level: str) -> list[tuple[str, bool]]:
        rows = queries.ask(store, "coverage_areas", facility_id=FACILITY, level=level)
        return [(row["area_id"], row["present"]) for row in rows]

    assert ask("municipality") == [("T", True), ("U", False), ("V", True)]
    assert ask("care_area") == [("C", True)]


def test_a_facility_without_a_place_has_no_areas(store: Store) -> None:
    write(store, [agency(FACILITY)], area("T"))
    assert queries.ask(store, "coverage_areas", facility_id=FACILITY) == []


def test_a_care_area_counts_agencies_of_its_parts_and_a_part_only_its_own(store: Store) -> None:
    write_region(store)

    def count(area_id: str) -> int:
        rows = queries.ask(
            store, "coverage_matrix", facility_id=FACILITY, area_ids=[area_id], as_of=AS_OF
        )
        return int(next(row["count"] for row in rows if row["category"] == "welfare"))

    assert [count(area_id) for area_id in ("C", "T", "U", "V")] == [1, 1, 0, 0]


def test_what_is_a_last_contact(store: Store) -> None:
    """A decline is one; a new contact person alone is none. Both questions agree."""
    write(
        store,
        [agency(FACILITY), agency("a")],
        partner_list("l", "2022-03-01", "a"),
        event("declined", "2022-04-01", "a", until=day("2022-04-30")),
        event("contact_changed", "2022-05-01", "a"),
    )
    about = {"facility_id": FACILITY, "as_of": AS_OF}
    for name in ("partner_stages", "next_contacts"):
        assert queries.ask(store, name, **about)[0]["last_contact_on"] == date(2022, 4, 1)
