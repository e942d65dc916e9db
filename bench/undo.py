"""What keeping history costs a load, and how long an undo takes beside the load it undoes.

    python -m bench.undo [share of 200,000 agencies, default 0.05] [pairs, default 3]

Pairs of loads in parts into new databases, one keeping what was before and one not, in turn; then
an edition in which every tenth agency changed, the same way. Then the first load is undone.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any, Final
from unittest.mock import patch

from bench.national import clock, new_database, open_store, print_ratio, write_ours
from bench.national_data import make_agencies, make_links
from graph.records import Record
from graph.store import Load, Store
from loaders.reference import load_reference

AGENCIES: Final = 200_000
GOAL: Final = 1.15

Times = dict[str, float]


def main() -> None:
    """Print the ratios."""
    share = float(sys.argv[1]) if len(sys.argv) > 1 else 0.05
    pairs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    count = int(AGENCIES * share)
    links = list(make_links(count))
    first = [*make_agencies(count), *links]
    second = [*make_agencies(count, edition=1), *links]
    print(f"{count:,} agencies, {len(first):,} facts, {pairs} pairs")
    kept: list[Times] = []
    bare: list[Times] = []
    for number in range(pairs):
        for is_kept in (number % 2 == 0, number % 2 != 0):
            (kept if is_kept else bare).append(measure(first, second, is_kept=is_kept))
    for name in ("first", "update"):
        ratio = _find_middle(kept, name) / _find_middle(bare, name)
        print_ratio(f"{name}: with history / without", ratio, GOAL)
    undone = _find_middle(kept, "undo") / _find_middle(kept, "first")
    print(f"undo of the first load / its load {undone:.2f}")
    size = _find_middle(kept, "bytes") / len(first)
    print(f"history of the first load: {size:.1f} bytes a fact")


def measure(first: Sequence[Record], second: Sequence[Record], *, is_kept: bool) -> Times:
    """Load into a new database; return seconds, and the bytes of what is kept."""
    without = nullcontext() if is_kept else patch("graph.store.writing.keep", _keep_nothing)
    with new_database() as connection, open_store(connection) as store:
        store.prepare()
        load_reference(store)
        with without:
            times = {
                "first": clock(lambda: write_ours(store, first, "first")),
                "bytes": _count_bytes(store),
                "update": clock(lambda: write_ours(store, second, "update")),
            }
        if is_kept:
            store.undo("bench-update", Load("bench-undo-update"))
            times["undo"] = clock(lambda: store.undo("bench-first", Load("bench-undo-first")))
    print("with" if is_kept else "without", {n: round(t, 1) for n, t in times.items()}, flush=True)
    return times


def _keep_nothing(*_: Any, **__: Any) -> int:
    return 0


def _count_bytes(store: Store) -> float:
    rows = store.read("MATCH (f:Former) RETURN coalesce(sum(size(f.content)), 0) AS bytes")
    return float(rows[0]["bytes"])


def _find_middle(times: Sequence[Times], name: str) -> float:
    return statistics.median(one[name] for one in times)


if __name__ == "__main__":
    main()
