"""Which agencies of open data could fill which empty cell of the coverage matrix.

Cells where somebody looked and found nobody come before those nobody has looked at: not known is
not none. Within a cell the agencies keep the order of the answer: those that say they serve the
area, then those that only stand in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

EMPTY: Final = ("none", "unknown")
"""States of a cell that has nobody, the surer one first."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Filling:
    """An empty cell, of a field or a kind of help, and the agencies that could fill it.

    `found` counts those not named too.
    """

    area_id: str
    area_name: str
    category: str
    state: str
    found: int
    agencies: tuple[Row, ...]

    @property
    def has_server(self) -> bool:
        """Whether one of the agencies says that it serves the area."""
        return any(agency["serves"] for agency in self.agencies)


def list_empty_cells(cells: Sequence[Row]) -> list[Row]:
    """Return the cells of a coverage matrix that have nobody; [] when none is empty."""
    return [cell for cell in cells if cell["state"] in EMPTY]


def fill_cells(cells: Sequence[Row], candidates: Sequence[Row]) -> list[Filling]:
    """Return the empty cells that somebody could fill, the surest and best filled first.

    `cells` are rows of coverage_matrix, `candidates` of open_data_candidates. Cells that have
    agencies, and candidates of cells that are not empty, are left out.
    """
    by_cell: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in candidates:
        by_cell[row["area_id"], row["category"]].append(row)
    fillings = [
        Filling(
            cell["area_id"], cell["area_name"], cell["category"], cell["state"],
            rows[0]["found"], tuple(rows),
        )
        for cell in list_empty_cells(cells)
        if (rows := by_cell.get((cell["area_id"], cell["category"])))
    ]  # fmt: skip
    return sorted(
        fillings, key=lambda one: (EMPTY.index(one.state), not one.has_server, one.area_id)
    )
