"""The answer in its groups: who serves the place, who only stands near it, who has no place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph.store import Row
from graph.vocabulary import STAGES

Numbered = tuple[tuple[int, Row], ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """Agencies with a place, numbered through from 1, and those without a place.

    `serving` serve the place asked for, `near` are not known to. In each, the nearest comes first.
    `unplaced` are those whose address is not known or hidden; they have no number.
    """

    serving: Numbered
    near: Numbered
    unplaced: tuple[Row, ...]

    @property
    def placed(self) -> Numbered:
        """Return all that have a number, in order of the numbers."""
        return (*self.serving, *self.near)

    @property
    def rows(self) -> tuple[Row, ...]:
        """Return all agencies in the order of the page."""
        return (*(row for _, row in self.placed), *self.unplaced)


def group_rows(rows: Iterable[Row]) -> Groups:
    """Return the groups of an answer; of agencies at one distance the most advanced comes first."""
    ordered = sorted(rows, key=_rank)
    placed = [row for row in ordered if row["distance_m"] is not None]
    serving = [row for row in placed if row["serves"]]
    near = [row for row in placed if not row["serves"]]
    return Groups(
        _number(serving, 1),
        _number(near, len(serving) + 1),
        tuple(row for row in ordered if row["distance_m"] is None),
    )


def _number(rows: Sequence[Row], first: int) -> Numbered:
    return tuple(enumerate(rows, start=first))


def _rank(row: Row) -> tuple[float, bool, int]:
    distance = 0.0 if row["distance_m"] is None else row["distance_m"]
    return distance, not row["serves"], STAGES.codes.index(row["stage"])
