"""Stepping through the days of an ecomap."""

from __future__ import annotations

from datetime import date

from views.ecomap.comparison import find_step
from views.ecomap.scene import hide_stress

DAYS = [date(2022, 6, 13), date(2021, 10, 1), date(2022, 10, 4)]


def test_the_arrow_keys_step_to_the_nearest_day_on_either_side() -> None:
    assert find_step(DAYS, date(2022, 6, 13), "previous") == date(2021, 10, 1)
    assert find_step(DAYS, date(2022, 6, 13), "next") == date(2022, 10, 4)
    assert find_step(DAYS, date(2022, 7, 1), "previous") == date(2022, 6, 13)


def test_there_is_no_step_beyond_the_ends_or_without_days() -> None:
    assert find_step(DAYS, date(2021, 10, 1), "previous") is None
    assert find_step(DAYS, date(2022, 10, 4), "next") is None
    assert find_step([], date(2022, 10, 4), "next") is None


def test_the_meeting_look_cannot_tell_a_stressful_tie_from_a_normal_one() -> None:
    ends = {"source_id": "f", "target_id": "a", "flow": "out"}
    strained = [ends | {"strength": "weak", "quality": "stressful"}]
    normal = [ends | {"strength": "normal", "quality": "good"}]
    assert hide_stress(strained) == hide_stress(normal) == normal
