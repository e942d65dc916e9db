"""Targets, marks and words as records of a facility, and back into goals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from graph.analysis.indicators import Period, read_goals, set_goals
from graph.records import NodeRecord, check
from loaders.forms import Entry
from loaders.report_entries import (
    Assessment,
    keep_assessments,
    keep_targets,
    stand_assessment,
    stand_target,
)
from tests.builders import day

PERIOD = Period(date(2021, 4, 1), date(2022, 10, 14))
GOAL = replace(read_goals()["meetings"], goal=5.0, baseline=1.0, due=day("2024-03"))
TARGET = {
    "target_id": "t", "measure": "meetings", "goal": 2.0, "baseline": None,
    "due_on": date(2024, 3, 1), "due_on_precision": "month", "due_on_text": "2024-03",
    "words": "二回", "words_en": None, "set_on": date(2022, 10, 14), "content_hash": "read",
}  # fmt: skip
WORDS = {
    "assessment_id": "w", "indicator": "1", "mark": 2, "text": "よい", "since": PERIOD.since,
    "until": PERIOD.until, "content_hash": "read",
}  # fmt: skip


def find_node(entry: Entry) -> NodeRecord:
    assert check(entry.records) == []
    (found,) = [each for each in entry.records if isinstance(each, NodeRecord)]
    return found


def test_a_goal_is_a_target_from_its_day_on() -> None:
    entry = keep_targets("home", PERIOD.until, {"meetings": GOAL}, {})
    target = find_node(entry)
    assert (target.properties["goal"], target.properties["baseline"]) == (5.0, 1.0)
    assert entry.expected == {("Target", target.key): None}
    assert entry.records[1].kind == "OF"
    other_day = find_node(keep_targets("home", date(2023, 1, 1), {"meetings": GOAL}, {}))
    assert other_day.key != target.key


def test_what_stands_of_the_same_day_is_expected_as_it_was_read() -> None:
    key = find_node(keep_targets("home", PERIOD.until, {"meetings": GOAL}, {})).key
    entry = keep_targets(
        "home", PERIOD.until, {"meetings": GOAL}, {"meetings": TARGET | {"target_id": key}}
    )
    assert entry.expected == {("Target", key): "read"}
    later = keep_targets("home", date(2023, 1, 1), {"meetings": GOAL}, {"meetings": TARGET})
    assert list(later.expected.values()) == [None]


def test_marks_and_words_belong_to_a_period() -> None:
    written = {"1": Assessment(2, ""), "0101": Assessment(None, "ことば")}
    entry = keep_assessments("home", PERIOD, written, {})
    assert check(entry.records) == []
    nodes = [each for each in entry.records if isinstance(each, NodeRecord)]
    told = [tuple(n.properties[name] for name in ("indicator", "mark", "text")) for n in nodes]
    assert told == [("1", 2, None), ("0101", None, "ことば")]
    key = nodes[0].key
    again = keep_assessments(
        "home", PERIOD, {"1": Assessment()}, {"1": WORDS | {"assessment_id": key}}
    )
    assert again.expected == {("Assessment", key): "read"}


def test_what_stands_is_what_was_read() -> None:
    assert check([stand_target(TARGET).record, stand_assessment(WORDS).record]) == []
    assert stand_target(TARGET).key == ("Target", "t")
    assert stand_assessment(WORDS).content_hash == "read"


def test_goals_take_the_targets_set_and_keep_their_pace() -> None:
    goals = read_goals()
    found = set_goals(goals, [TARGET, TARGET | {"measure": "unheard of"}])
    assert found.keys() == goals.keys()
    mine = found["meetings"]
    assert (mine.goal, mine.baseline, mine.words) == (2.0, None, {"ja": "二回", "en": ""})
    assert (mine.pace, mine.due.isoformat()) == (goals["meetings"].pace, "2024-03")
    assert {code: goal for code, goal in found.items() if code != "meetings"} == {
        code: goal for code, goal in goals.items() if code != "meetings"
    }
