"""Small counts that leave the facility: nobody works one out from totals or from two filters.

The oracle looks for other worlds: tables that are told in exactly the same words and in which the
hidden count is another. A count is recovered when there is no such world, and told too narrowly
when fewer than nine values remain.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.suppression import FEW, tell_count, tell_table

Table = list[list[int]]
TABLES = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 60), min_size=width, max_size=width), min_size=1, max_size=5
    )
)


def change(table: Table, row: int, column: int, value: int) -> Table:
    other = [list(line) for line in table]
    other[row][column] = value
    return other


def draw_pair(chance: random.Random) -> tuple[Table, Table]:
    """A table under a wide filter and under a narrower one: no cell has more in the second."""
    height, width = chance.randint(1, 5), chance.randint(1, 5)
    largest = chance.choice((3, 9, 12, 25, 60))
    wide = [[chance.randint(0, largest) for _ in range(width)] for _ in range(height)]
    return wide, [[chance.randint(0, count) for count in line] for line in wide]


def list_same(table: Table, row: int, column: int) -> list[int]:
    """The counts of one place with which the table is told in the same words."""
    told = tell_table(table)
    most = max(table[row][column], FEW) + FEW
    return [n for n in range(most) if tell_table(change(table, row, column, n)) == told]


def list_worlds(wide: Table, narrow: Table, row: int, column: int) -> Iterator[tuple[int, int]]:
    """The pairs of counts of one place that an outsider cannot tell from the true ones."""
    others = list_same(narrow, row, column)
    for one in list_same(wide, row, column):
        yield from ((one, other) for other in others if other <= one)


def test_of_ten_thousand_hidden_counts_none_is_recovered_from_totals_or_two_filters() -> None:
    chance = random.Random(20221004)
    recovered = narrowed = tried = 0
    while tried < 10_000:
        wide, narrow = draw_pair(chance)
        row, column = chance.randrange(len(wide)), chance.randrange(len(wide[0]))
        worlds = list(list_worlds(wide, narrow, row, column))
        assert (wide[row][column], narrow[row][column]) in worlds
        for values in (
            {one for one, _ in worlds},
            {other for _, other in worlds},
            {one - other for one, other in worlds},
        ):
            tried += 1
            recovered += len(values) == 1
            narrowed += len(values) < FEW - 1
    assert (recovered, narrowed) == (0, 0)


@given(TABLES)
def test_a_total_says_no_more_than_the_cells_told(table: Table) -> None:
    told = tell_table(table)
    assert told.row_totals == tuple(
        sum(cell for cell in row if cell is not None) or None for row in told.cells
    )
    columns = zip(*told.cells, strict=True)
    assert told.column_totals == tuple(
        sum(cell for cell in column if cell is not None) or None for column in columns
    )
    assert told.total == (sum(total or 0 for total in told.row_totals) or None)


@given(TABLES)
def test_what_is_told_is_true_and_never_small(table: Table) -> None:
    told = tell_table(table)
    for counts, cells in zip(table, told.cells, strict=True):
        for count, cell in zip(counts, cells, strict=True):
            assert (cell is None) == (count < FEW)
            assert cell is None or (cell <= count < cell + FEW and cell % FEW == 0)
    for counts, total in zip(table, told.row_totals, strict=True):
        assert (total or 0) <= sum(counts)


def test_the_edges() -> None:
    assert [tell_count(count) for count in (0, 1, 9, 10, 19, 20)] == [None, None, None, 10, 10, 20]
    empty = tell_table([])
    assert (empty.cells, empty.row_totals, empty.column_totals, empty.total) == ((), (), (), None)


def test_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        tell_count(-1)
    with pytest.raises(ValueError, match="argument"):
        tell_table([[1, 2], [3]])
