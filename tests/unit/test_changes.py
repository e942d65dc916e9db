"""What changed between two ecomaps."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.changes import LADDER, compare_ecomaps, join_codes

SINCE = date(2022, 6, 13)
FACILITY = "f"


def agency(key: str, stage: str = "listed", **signals: Any) -> dict[str, Any]:
    empty = {"contact_changed_on": None, "anxiety": None}
    return {"organization_id": key, "name": f"機関{key}", "stage": stage} | empty | signals


def tie(key: str, strength: str = "normal", quality: str = "good", flow: str = "both") -> Any:
    ends = {"source_id": FACILITY, "target_id": key}
    return ends | {"strength": strength, "quality": quality, "flow": flow}


def compare(before: Any, after: Any) -> list[tuple[str, str]]:
    changes = compare_ecomaps(before, after, SINCE, FACILITY)
    return [(change.code, change.organization_id) for change in changes]


def test_who_came_and_who_went() -> None:
    changes = compare(([agency("a"), agency("b")], []), ([agency("b"), agency("c")], []))
    assert changes == [("added", "c"), ("gone", "a")]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("listed", "explained", "stage_up"),
        ("explained", "supporting", "stage_up"),
        ("supporting", "explained", "stage_down"),
        ("supporting", "declined", "stage_down"),
        ("declined", "listed", "stage_up"),
    ],
)
def test_a_stage_goes_up_or_down(before: str, after: str, code: str) -> None:
    assert compare(([agency("a", before)], []), ([agency("a", after)], [])) == [(code, "a")]


def test_a_contact_person_counts_only_when_changed_after_the_earlier_day() -> None:
    later = [agency("a", contact_changed_on=date(2022, 7, 1))]
    same_day = [agency("a", contact_changed_on=SINCE)]
    assert compare(([agency("a")], []), (later, [])) == [("contact_changed", "a")]
    assert compare(([agency("a")], []), (same_day, [])) == []


def test_anxiety_rises_and_falls_and_a_first_level_is_no_change() -> None:
    low, high = [agency("a", anxiety=2.0)], [agency("a", anxiety=4.0)]
    assert compare((low, []), (high, [])) == [("anxiety_up", "a")]
    assert compare((high, []), (low, [])) == [("anxiety_down", "a")]
    assert compare(([agency("a")], []), (high, [])) == []


def test_a_tie_that_grows_strains_or_ends_is_told_with_both_words() -> None:
    rows = [agency("a")]
    changes = compare_ecomaps(
        (rows, [tie("a")]), (rows, [tie("a", quality="stressful")]), SINCE, FACILITY
    )
    assert [(c.before, c.after) for c in changes] == [("normal", "stressful")]
    ended = compare_ecomaps((rows, [tie("a", "strong")]), (rows, []), SINCE, FACILITY)
    assert [(c.before, c.after) for c in ended] == [("strong", None)]


def test_a_tie_between_two_agencies_is_not_told_as_one_with_the_facility() -> None:
    rows = [agency("a"), agency("b")]
    between = {"source_id": "a", "target_id": "b", "strength": "weak", "quality": "good",
               "flow": None}  # fmt: skip
    assert compare((rows, []), (rows, [between])) == []


def test_several_changes_of_one_agency_are_one_badge() -> None:
    before = ([agency("a", "listed")], [])
    after = ([agency("a", "explained", contact_changed_on=date(2022, 8, 1))], [])
    changes = compare_ecomaps(before, after, SINCE, FACILITY)
    assert join_codes(changes) == {"a": "stage_up+contact_changed"}


networks = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(LADDER))


@given(networks, networks)
def test_the_way_back_undoes_every_step(first: dict[str, str], second: dict[str, str]) -> None:
    before = [agency(key, stage) for key, stage in first.items()]
    after = [agency(key, stage) for key, stage in second.items()]
    there = compare((before, []), (after, []))
    back = compare((after, []), (before, []))
    opposite = {"added": "gone", "gone": "added", "stage_up": "stage_down"}
    opposite |= {to: of for of, to in opposite.items()}
    assert {(opposite[code], key) for code, key in there} == set(back)
    assert compare((before, []), (before, [])) == []
