"""Levels with their trend, and whether support fell back after a handover."""

from __future__ import annotations

from datetime import date

import pytest

from graph.analysis.progress import find_trend, read_progress

Event = dict[str, object]


def tell(kind: str, month: int, value: float | None = None) -> Event:
    return {
        "event_id": f"{kind}-{month}", "kind": kind, "on": date(2022, month, 1),
        "precision": "month", "value": value, "source_file": "f.xlsx", "source_row": month,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("levels", "trend"),
    [((), None), ((3,), None), ((3, 4), "up"), ((5, 3, 1), "down"), ((1, 4, 4), "same")],
)
def test_the_trend_is_that_of_the_last_two(levels: tuple[int, ...], trend: str | None) -> None:
    events = [tell("anxiety", month, level) for month, level in enumerate(levels, 1)]
    assert find_trend(read_progress(events).anxiety) == trend


def test_levels_apart_and_without_a_number_left_out() -> None:
    found = read_progress(
        [
            tell("agreement", 1, 4.0),
            tell("anxiety", 2),
            tell("agreement", 3, 2.0),
            tell("remark", 4),
        ]
    )
    assert [each.value for each in found.agreement] == [4.0, 2.0]
    assert found.anxiety == ()
    assert len(found.facts) == 4
    assert found.facts[2].source_row == 3


def test_a_setback_counts_against_every_handover_before_it() -> None:
    found = read_progress(
        [
            tell("support_ended", 1),
            tell("contact_changed", 2),
            tell("declined", 3),
            tell("contact_changed", 4),
        ]
    )
    setbacks = [each.setback and each.setback.event_id for each in found.handovers]
    assert setbacks == ["declined-3", None]
    assert read_progress([]).handovers == ()
