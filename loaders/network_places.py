"""The cells that agencies keep in the picture of the whole network: given once, kept in the graph.

No process has places of its own, so the same network looks the same tomorrow and in another
process.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from typing import Final

from graph.pictures.network_layout import Cell, assign_cells
from graph.records import (
    NodeRecord,
    Record,
    RelationshipRecord,
    Source,
    derive_id,
    encode,
    hash_content,
)
from graph.rights import OPERATOR
from graph.store import Conflict, Load, Store

LAYOUT: Final = "network"
_SOURCE: Final = Source("探索の配置")
_ATTEMPTS: Final = 5


def keep_cells(
    store: Store,
    agency_ids: Collection[str],
    ties: Collection[tuple[str, str]],
    *,
    anew: bool = False,
) -> dict[str, Cell]:
    """Return the cell of every agency that has one, after giving newcomers theirs; `anew`, all.

    Of two who do so at the same time the second one starts again from what the first one wrote.

    Raises:
        graph.store.StoreError: the database did not take it; nobody has moved.
    """
    for _ in range(_ATTEMPTS):
        edition, standing = _read(store)
        kept = {} if anew else standing
        cells = kept | assign_cells(kept, {*agency_ids, *standing}, ties)
        if cells == standing:
            return cells
        try:
            _write(store, edition, standing, cells)
        except Conflict:
            continue
        return cells
    return _read(store)[1]


def _read(store: Store) -> tuple[str | None, dict[str, Cell]]:
    """Return the edition and its cells; the edition first, so that a later one is noticed."""
    editions = {
        row["layout_id"]: row["edition"]
        for row in store.list_nodes("NetworkLayout", ("layout_id", "edition"))
    }
    rows = store.list_relationships("POSITIONS", ("column", "row"))
    return editions.get(LAYOUT), {row["end"]: (row["column"], row["row"]) for row in rows}


def _write(
    store: Store, edition: str | None, standing: Mapping[str, Cell], cells: Mapping[str, Cell]
) -> None:
    places = (
        RelationshipRecord(
            "POSITIONS", ("NetworkLayout", LAYOUT), ("Organization", key),
            {"column": cell[0], "row": cell[1]}, _SOURCE,
        )
        for key, cell in sorted(cells.items())
        if standing.get(key) != cell
    )  # fmt: skip
    layout = _declare(derive_id("edition", *sorted(cells.items())))
    records: list[Record] = [layout, *places]
    read = None if edition is None else hash_content(encode(_declare(edition)))
    # Like the areas it is nobody's load: the product's own, whoever looks.
    load = Load(f"reference-places-{secrets.token_hex(8)}", _SOURCE.file)
    store.acting_as(OPERATOR).write(records, load, expected={(layout.kind, layout.identity): read})


def _declare(edition: str) -> NodeRecord:
    return NodeRecord("NetworkLayout", LAYOUT, {"edition": edition}, _SOURCE)
