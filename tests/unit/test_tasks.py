"""Tasks from what is typed: opened, mended, closed by a result."""

from __future__ import annotations

from datetime import date

import pytest

from graph.records import NodeRecord, RelationshipRecord, check
from loaders.forms import Entry
from loaders.tasks import close_task, mend_task, open_task, stand_task

LABELS = {name: name.upper() for name in ("text", "owner", "due_on", "created_on", "date", "kind")}
CELLS = {"text": "電話する", "owner": "佐藤", "created_on": "2022-10-01", "due_on": "2022-10-15"}
ROW = {
    "task_id": "task-1", "text": "電話する", "owner": None, "due_on": date(2022, 10, 15),
    "due_on_precision": "day", "due_on_text": "2022-10-15", "content_hash": "read",
}  # fmt: skip


def find_task(entry: Entry) -> NodeRecord:
    assert not entry.problems
    found = [each for each in entry.records if each.kind == "Task"]
    assert len(found) == 1
    assert isinstance(found[0], NodeRecord)
    return found[0]


def test_a_task_with_its_agency() -> None:
    entry = open_task(CELLS, LABELS, "a")
    task = find_task(entry)
    assert check(entry.records) == []
    assert task.properties["text"] == "電話する"
    assert task.properties["due_on"].isoformat() == "2022-10-15"  # type: ignore[union-attr]
    link = entry.records[1]
    assert isinstance(link, RelationshipRecord)
    assert (link.type, link.start, link.end) == (
        "CONTACTS", ("Task", task.key), ("Organization", "a"),
    )  # fmt: skip
    assert entry.expected == {("Task", task.key): None}


def test_the_same_task_is_one_and_another_agency_s_is_another() -> None:
    first, again, other = (find_task(open_task(CELLS, LABELS, key)).key for key in "aab")
    assert first == again
    assert first != other


def test_a_task_of_a_facility_is_its_own() -> None:
    entry = open_task(CELLS, LABELS, "a", "home")
    assert check(entry.records) == []
    ends = {each.kind: each.end for each in entry.records if isinstance(each, RelationshipRecord)}
    assert ends == {"CONTACTS": ("Organization", "a"), "OF": ("Organization", "home")}
    others = {find_task(open_task(CELLS, LABELS, "a", who)).key for who in ("home", "other", None)}
    assert len(others) == 3


@pytest.mark.parametrize(
    ("column", "value"), [("text", " "), ("due_on", ""), ("due_on", "いつか"), ("created_on", "")]
)
def test_what_is_missing_is_a_problem_and_nothing_is_written(column: str, value: str) -> None:
    entry = open_task({**CELLS, column: value}, LABELS, "a")
    assert entry.records == ()
    assert [problem.column for problem in entry.problems] == [LABELS[column]]


def test_a_mended_task_is_expected_as_it_was_read() -> None:
    cells = {"text": "訪問する", "owner": "", "due_on": "2022-11-01"}
    entry = mend_task(cells, LABELS, stand_task(ROW))
    task = find_task(entry)
    assert (task.key, task.properties["text"], task.properties["owner"]) == (
        "task-1", "訪問する", None,
    )  # fmt: skip
    assert "created_on" not in task.properties
    assert entry.expected == {("Task", "task-1"): "read"}


def test_a_result_closes_the_task_and_becomes_an_event() -> None:
    cells = {"kind": "explained", "date": "2022-10-10", "text": "よく聞いてくれた"}
    entry = close_task(cells, LABELS, stand_task(ROW), "a", "home")
    assert check(entry.records) == []
    task = find_task(entry)
    assert task.properties["done_on"].isoformat() == "2022-10-10"  # type: ignore[union-attr]
    events = [each for each in entry.records if each.kind == "Event"]
    assert [each.properties["kind"] for each in events] == ["explained"]
    ends = {each.kind: each.end for each in entry.records if isinstance(each, RelationshipRecord)}
    assert ends == {"CONCERNS": ("Organization", "a"), "RECORDED_BY": ("Organization", "home")}
    assert entry.expected[("Task", "task-1")] == "read"


def test_a_result_without_a_day_closes_nothing() -> None:
    entry = close_task({"kind": "explained", "date": ""}, LABELS, stand_task(ROW), "a", "home")
    assert entry.records == ()
    assert entry.problems
