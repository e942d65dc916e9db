"""Counts of clients for readers outside the facility, told so that no small one can be worked out.

A count below `FEW` is not told, any other rounded down to a multiple of `FEW`. A total is the sum
of what is told in its line, never of the counts themselves. So nothing needs to be hidden besides:

- a total follows from the cells told, and cannot say more than they do;
- every count told stands for `FEW` possible ones, also the zero, which is told as one of the few.
  Two filters of one table, one within the other, therefore leave their difference open as well.

The usual complementary suppression (hide a second cell of each line) keeps exact totals and exact
larger cells, and falls to the second of these: 25 in all years and 18 in this one say 7.
Source: the threshold and the two attacks are those of Hundepool et al., Statistical Disclosure
Control (2012), chapters 4 and 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

FEW: Final = 10
"""Below so many clients a count does not leave the facility; counts told are multiples of it."""

Told = int | None
"""A multiple of `FEW` that stands for itself and the `FEW` - 1 counts above; None for a few."""


@dataclass(frozen=True, slots=True)
class ToldTable:
    """What is told of a table; a total of lines with nothing told is None.

    `cells` are as long as the rows given; `row_totals`, `column_totals` and `total` say "at least".
    """

    cells: tuple[tuple[Told, ...], ...]
    row_totals: tuple[Told, ...]
    column_totals: tuple[Told, ...]
    total: Told


def tell_count(count: float) -> Told:
    """Return what is told of a number of clients; None for fewer than `FEW`, none among them.

    Raises:
        ValueError: it is negative.
    """
    if count < 0:
        raise ValueError("a count cannot be negative")
    return int(count // FEW) * FEW or None


def tell_table(rows: Sequence[Sequence[float]]) -> ToldTable:
    """Return what is told of a table of counts and its margins; an empty one has no cells.

    Raises:
        ValueError: a count is negative, or the rows differ in length.
    """
    cells = tuple(tuple(map(tell_count, row)) for row in rows)
    return ToldTable(
        cells,
        tuple(map(_add_up, cells)),
        tuple(map(_add_up, zip(*cells, strict=True))),
        _add_up(told for row in cells for told in row),
    )


def _add_up(line: Iterable[Told]) -> Told:
    return sum(told or 0 for told in line) or None
