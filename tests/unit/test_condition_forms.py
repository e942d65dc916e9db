"""The form of conditions: what changed is written, what is not known stays so."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from graph.dates import PartialDate
from graph.records import NodeRecord, Value
from loaders.condition_forms import (
    CHECKED_ON,
    CODED,
    COUNTS,
    FLAGS,
    OFFENCES_BY_ANSWER,
    WORDS,
    read_conditions_form,
    stand_conditions,
)
from loaders.forms import Entry

NAMES = (*CODED, *OFFENCES_BY_ANSWER, *COUNTS, *FLAGS, *WORDS, CHECKED_ON)
LABELS = dict.fromkeys(NAMES, "列")


def row(**given: object) -> dict[str, Any]:
    day = {f"{CHECKED_ON}_precision": None, f"{CHECKED_ON}_text": None}
    empty: dict[str, Any] = dict.fromkeys(NAMES)
    return {"organization_id": "a", "name": "青葉", "content_hash": "h", **empty, **day, **given}


def fill(stood: dict[str, Any], **cells: object) -> Entry:
    typed = {name: stood[name] for name in NAMES} | {"hidden_address": False} | cells
    return read_conditions_form(typed, LABELS, stand_conditions(stood))


def changes(entry: Entry) -> dict[str, Value]:
    (record,) = entry.records
    assert isinstance(record, NodeRecord)
    return {name: value for name, value in record.properties.items() if name != "name"}


def test_only_what_changed_is_written_and_expected_as_it_was_read() -> None:
    entry = fill(row(accepts_sex="any", cost="実費"), accepts_sex="women", age_from=18)
    assert changes(entry) == {"accepts_sex": "women", "age_from": 18}
    assert entry.expected == {("Organization", "a"): "h"}


@pytest.mark.parametrize(
    ("cells", "written"),
    [
        ({"open_night": False}, {"open_night": False}),  # no is not "not known"
        ({"hours": " 9時から "}, {"hours": "9時から"}),
        ({"accepts_released": "consult", "capacity": 0},
         {"accepts_released": "consult", "capacity": 0}),
    ],
)  # fmt: skip
def test_what_is_entered_for_the_first_time_is_written(
    cells: dict[str, object], written: dict[str, Value]
) -> None:
    assert changes(fill(row(), **cells)) == written


def test_an_emptied_condition_is_not_known_any_more() -> None:
    assert changes(fill(row(cost_kind="free", vacancies=None), cost_kind=None)) == {
        "cost_kind": None
    }


def test_nothing_changed_is_nothing_to_write() -> None:
    stood = row(open_night=True, age_to=64) | {
        CHECKED_ON: date(2022, 10, 1), f"{CHECKED_ON}_precision": "month",
        f"{CHECKED_ON}_text": "R4.10",
    }  # fmt: skip
    assert fill(stood, capacity_on="2022-10") == Entry()


def test_places_free_need_the_day_they_were_asked_about() -> None:
    entry = fill(row(), vacancies=2)
    assert [problem.code for problem in entry.problems] == ["rows.required"]
    told = changes(fill(row(), vacancies=2, capacity_on="2022-10-04"))
    assert told == {
        "vacancies": 2, "capacity_on": PartialDate(date(2022, 10, 4), "day", "2022-10-04"),
    }  # fmt: skip


def test_kinds_of_offence_are_written_where_they_changed_and_have_one_answer() -> None:
    stood = row(offences_accepted="theft", offences_refused="arson")
    same = {"offences_accepted": "theft", "offences_refused": "arson"}
    assert fill(stood, **same) == Entry()
    moved = fill(stood, offences_accepted="drugs、theft", offences_refused="")
    assert changes(moved) == {"offences_accepted": "theft drugs", "offences_refused": None}
    twice = fill(stood, offences_accepted="theft、arson")
    assert [problem.code for problem in twice.problems] == ["rows.offence_twice"]
    assert twice.records == ()


def test_ages_that_end_before_they_begin_and_unreadable_days_are_told() -> None:
    entry = fill(row(), age_from=65, age_to=18, capacity_on="いつか")
    assert {problem.code for problem in entry.problems} >= {"rows.age_range"}
    assert (len(entry.problems), entry.records) == (2, ())


def test_what_the_schema_refuses_is_told_and_is_no_record() -> None:
    entry = fill(row(), capacity=2**63)
    assert [(one.column, one.code) for one in entry.problems] == [("列", "rows.rule.range")]
    assert (entry.records, entry.expected) == ((), {})


def test_a_hidden_address_takes_the_place_with_it() -> None:
    assert changes(fill(row(), hidden_address=True)) == {
        "hidden_address": True, "address": None, "location": None, "location_accuracy": None,
    }  # fmt: skip
    assert changes(fill(row(hidden_address=True), hidden_address=False)) == {
        "hidden_address": False
    }


def test_the_lines_of_a_text_are_kept() -> None:
    entry = fill(row(conditions="成人"), conditions="成人\n住民票のある人")
    assert changes(entry) == {"conditions": "成人\n住民票のある人"}
    assert fill(row(conditions="成人\n住民票のある人")).records == ()
