"""Small counts that leave the facility: nobody works one out, from two filters either.

The oracle looks for other worlds: counts that are told in exactly the same words. A count is
recovered when there is no such world, and told too narrowly when fewer than nine values remain.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.suppression import LEAST_OUTSIDE, tell_count


def list_same(count: int) -> list[int]:
    """The counts that are told in the same words."""
    most = max(count, LEAST_OUTSIDE) + LEAST_OUTSIDE
    return [n for n in range(most) if tell_count(n) == tell_count(count)]


def list_worlds(wide: int, narrow: int) -> Iterator[tuple[int, int]]:
    """The counts under two filters that an outsider cannot tell from the true ones."""
    for one in list_same(wide):
        yield from ((one, other) for other in list_same(narrow) if other <= one)


def test_of_ten_thousand_counts_none_is_recovered_by_two_filters() -> None:
    chance = random.Random(20221004)
    recovered = narrowed = 0
    for _ in range(10_000):
        wide = chance.randint(0, chance.choice((3, 9, 12, 25, 60)))
        narrow = chance.randint(0, wide)
        worlds = list(list_worlds(wide, narrow))
        assert (wide, narrow) in worlds
        for values in (
            {one for one, _ in worlds},
            {other for _, other in worlds},
            {one - other for one, other in worlds},
        ):
            recovered += len(values) == 1
            narrowed += len(values) < LEAST_OUTSIDE - 1
    assert (recovered, narrowed) == (0, 0)


@given(st.integers(0, 1_000))
def test_what_is_told_is_true_and_never_small(count: int) -> None:
    told = tell_count(count)
    assert (told is None) == (count < LEAST_OUTSIDE)
    assert told is None or (told <= count < told + LEAST_OUTSIDE and told % LEAST_OUTSIDE == 0)


def test_the_edges() -> None:
    assert [tell_count(count) for count in (0, 1, 9, 10, 19, 20)] == [None, None, None, 10, 10, 20]


def test_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        tell_count(-1)
