"""Minutes and decisions, and saved views, from what is typed."""

from __future__ import annotations

from datetime import date

import pytest

from graph.records import NodeRecord, RelationshipRecord, check
from loaders.forms import Entry, Standing
from loaders.meetings import add_decision, read_minutes, stand_minutes
from loaders.saved_views import keep_view, order_views, rename_view, retire_view, stand_view

NAMES = ("held_on", "title", "note", "text", "owner", "created_on", "due_on")
LABELS = {name: name.upper() for name in NAMES}
CELLS = {"held_on": date(2022, 10, 4), "title": "協議会", "note": "一行目\n二行目"}
DECISION = {"text": "電話する", "owner": "佐藤", "created_on": "2022-10-04", "due_on": "2022-10-18"}
ROW = {
    "minutes_id": "minutes-1", "held_on": date(2022, 10, 4), "held_on_precision": "day",
    "held_on_text": "2022-10-04", "title": "協議会", "note": None, "content_hash": "read",
}  # fmt: skip


def find_node(entry: Entry, label: str) -> NodeRecord:
    assert not entry.problems
    assert check(entry.records) == []
    found = [each for each in entry.records if each.kind == label]
    assert len(found) == 1
    assert isinstance(found[0], NodeRecord)
    return found[0]


def list_links(entry: Entry) -> set[tuple[str, tuple[str, str], tuple[str, str]]]:
    links = (each for each in entry.records if isinstance(each, RelationshipRecord))
    return {(each.type, each.start, each.end) for each in links}


def test_minutes_keep_the_lines_as_typed_and_belong_to_the_facility() -> None:
    entry = read_minutes(CELLS, LABELS, "home")
    minutes = find_node(entry, "Minutes")
    assert minutes.properties["note"] == "一行目\n二行目"
    assert list_links(entry) == {("OF", ("Minutes", minutes.key), ("Organization", "home"))}
    assert entry.expected == {("Minutes", minutes.key): None}


def test_a_facility_has_one_set_of_minutes_for_a_day() -> None:
    first = find_node(read_minutes(CELLS, LABELS, "home"), "Minutes").key
    later = find_node(read_minutes({**CELLS, "title": "別の題"}, LABELS, "home"), "Minutes").key
    other_day = {**CELLS, "held_on": date(2022, 10, 5)}
    others = {
        find_node(read_minutes(CELLS, LABELS, "other"), "Minutes").key,
        find_node(read_minutes(other_day, LABELS, "home"), "Minutes").key,
    }
    assert first == later
    assert len(others - {first}) == 2


def test_mended_minutes_are_expected_as_they_were_read() -> None:
    entry = read_minutes(CELLS, LABELS, "home", stand_minutes(ROW))
    assert find_node(entry, "Minutes").key == "minutes-1"
    assert entry.expected == {("Minutes", "minutes-1"): "read"}


def test_a_decision_is_a_task_that_the_minutes_name() -> None:
    entry = add_decision(read_minutes(CELLS, LABELS, "home"), DECISION, LABELS, "a")
    minutes, task = find_node(entry, "Minutes").key, find_node(entry, "Task")
    assert (task.properties["text"], task.properties["owner"]) == ("電話する", "佐藤")
    end = ("Task", task.key)
    told = {("DECIDED", ("Minutes", minutes), end), ("CONTACTS", end, ("Organization", "a"))}
    told.add(("OF", end, ("Organization", "home")))
    assert told < list_links(entry)
    assert entry.expected == {("Minutes", minutes): None, ("Task", task.key): None}


@pytest.mark.parametrize(
    ("where", "column"), [("minutes", "title"), ("decision", "text"), ("decision", "due_on")]
)
def test_with_anything_missing_nothing_is_written(where: str, column: str) -> None:
    cells = {**CELLS, column: ""} if where == "minutes" else CELLS
    decision = {**DECISION, column: " "} if where == "decision" else DECISION
    entry = add_decision(read_minutes(cells, LABELS, "home"), decision, LABELS, "a")
    assert entry.records == ()
    assert [problem.column for problem in entry.problems] == [LABELS[column]]


def stand(key: str, position: int) -> Standing:
    return stand_view(
        {"view_id": key, "title": key, "address": "look=internal", "position": position,
         "content_hash": f"hash {key}"}
    )  # fmt: skip


def test_one_opening_of_the_form_makes_one_view() -> None:
    keys = [
        find_node(keep_view({"title": title}, LABELS, "home", "look=meeting", opening, position=3),
                  "SavedView").key
        for title, opening in (("一", "t1"), ("二", "t1"), ("一", "t2"))
    ]  # fmt: skip
    assert keys[0] == keys[1] != keys[2]


def test_a_view_without_a_title_is_a_problem() -> None:
    entry = keep_view({"title": " "}, LABELS, "home", "look=meeting", "t", position=0)
    assert (entry.records, [problem.column for problem in entry.problems]) == ((), ["TITLE"])
    assert rename_view({"title": ""}, LABELS, stand("v", 0)).problems


def test_only_views_that_change_their_place_are_written() -> None:
    entry = order_views([stand("a", 0), stand("c", 2), stand("b", 1), stand("d", 7)])
    places = {each.identity: each.properties["position"] for each in entry.records}
    assert places == {"c": 1, "b": 2, "d": 3}
    assert check(entry.records) == []
    assert entry.expected[("SavedView", "c")] == "hash c"


def test_a_view_is_renamed_or_taken_off_and_keeps_its_address() -> None:
    renamed = find_node(rename_view({"title": "新しい題"}, LABELS, stand("v", 2)), "SavedView")
    retired = find_node(retire_view(stand("v", 2), date(2022, 10, 4)), "SavedView")
    assert renamed.properties == {"title": "新しい題", "address": "look=internal", "position": 2}
    assert retired.properties["retired_on"] == date(2022, 10, 4)
    assert retired.properties["address"] == "look=internal"
