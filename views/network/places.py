"""Where agencies stand in the picture: as the graph keeps it, newcomers given a place first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from graph.pictures.network_layout import Cell, Place, assign_cells, measure_cell
from graph.store import Row, StoreError
from loaders.network_places import keep_cells
from views.frame import LAST_DAY, Context

MOST_SHOWN: Final = 3_000

Pairs = Sequence[tuple[str, str]]


def keep_most_tied(agencies: Sequence[Row], ties: Iterable[Row]) -> tuple[list[Row], int]:
    """Return at most `MOST_SHOWN` agencies, those with most ties, and how many are left out."""
    if len(agencies) <= MOST_SHOWN:
        return list(agencies), 0
    degrees = Counter(row[end] for row in ties for end in ("source_id", "target_id"))
    ranked = sorted(agencies, key=lambda row: -degrees[row["organization_id"]])
    kept = {row["organization_id"] for row in ranked[:MOST_SHOWN]}
    return [row for row in agencies if row["organization_id"] in kept], len(agencies) - MOST_SHOWN


def find_places(context: Context, agencies: Sequence[Row], pairs: Pairs) -> dict[str, Place]:
    """Return the place of each agency of an answer of network_agencies, with their tied `pairs`.

    Whoever has none yet is given one for good. A database that takes nothing gives them places
    for this run alone.
    """
    cells = {
        row["organization_id"]: (row["cell_column"], row["cell_row"])
        for row in agencies
        if row["cell_column"] is not None
    }
    if len(cells) < len(agencies):
        cells |= give_places(context, agencies, pairs)
        cells |= assign_cells(cells, [row["organization_id"] for row in agencies], pairs)
    return {row["organization_id"]: measure_cell(cells[row["organization_id"]]) for row in agencies}


def give_places(
    context: Context, agencies: Sequence[Row], pairs: Pairs, *, anew: bool = False
) -> dict[str, Cell]:
    """Give newcomers, or `anew` all, a cell in the graph; {} when the database takes none.

    The network of the day and that of all days to come count, not the area or the fields chosen:
    a part that is looked at first must not shape the whole.
    """
    ids = {row["organization_id"] for row in agencies}
    ties = set(pairs)
    for day in {context.as_of, LAST_DAY}:
        about = {"as_of": day, "area_id": None}
        tied = context.ask("network_ties", **about)
        kept, _ = keep_most_tied(context.ask("network_agencies", **about), tied)
        ids |= {row["organization_id"] for row in kept}
        ties |= {(row["source_id"], row["target_id"]) for row in tied}
    try:
        return context.use(lambda store: keep_cells(store, ids, sorted(ties), anew=anew))
    except StoreError:
        return {}
