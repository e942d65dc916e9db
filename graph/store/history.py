"""The kept history: what every load replaced, in nodes `Former` beside the facts.

Functions of a transaction. Whoever erases a person's data calls `drop_entries` in the same
transaction, so that no undo brings it back: what was before is data of the graph.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

import neo4j

from graph import history_statements as statements
from graph.history import PRODUCT, Entry, Fact, leave_out, pack, split, unpack

PART: Final = 5_000
"""Facts in one node."""

_NUMBERS: Final = 1_000  # nodes that one part of a load may write
_AGED_AT_ONCE: Final = 500

Transaction = neo4j.ManagedTransaction | neo4j.Transaction


def keep(tx: Transaction, load_id: str, entries: Sequence[Entry], part: int = 0) -> int:
    """Keep what a load, or one part of it, replaced; return the number of nodes written.

    Of a load of the product's own nothing is kept. The load's node must stand.
    """
    if load_id.startswith(PRODUCT):
        return 0
    rows = [
        _make_row(load_id, part * _NUMBERS + number, some)
        for number, some in enumerate(split(entries, PART))
    ]
    for row in rows:
        tx.run(statements.KEEP, rows=[row]).consume()
    tx.run(statements.COUNT_KEPT, load_id=load_id, count=len(rows)).consume()
    return len(rows)


def list_formers(tx: Transaction, load_id: str) -> list[tuple[str, int]]:
    """Return id and number of a load's nodes, the last written first; [] when nothing is kept."""
    rows = tx.run(statements.LIST_FORMERS, load_id=load_id)
    return [(row["former_id"], row["number"]) for row in rows]


def read_former(tx: Transaction, former_id: str) -> list[Entry]:
    """Return the entries of one node; [] when it is gone."""
    row = tx.run(statements.READ_FORMER, former_id=former_id).single()
    return unpack(row["of_load"], row["content"]) if row else []


def read_backwards(tx: Transaction, load_id: str) -> Iterator[list[Entry]]:
    """Yield the entries of a load's nodes, the last written first."""
    for former_id, _ in list_formers(tx, load_id):
        yield read_former(tx, former_id)


def find_touchers(
    tx: Transaction, facts: Collection[Fact], load_id: str, passed: Collection[str] = ()
) -> dict[Fact, str]:
    """Return who touched facts last since `load_id` did: fact → load.

    `passed` are loads that count as undone. A load and its undo cancel each other; an undo is named
    only where what it undid is older than `load_id`. What nobody touched by a load is left out.
    """
    found: dict[Fact, str] = {}
    undoing: dict[Fact, dict[str, str]] = {fact: {} for fact in facts}
    open_facts = set(facts)
    rows = list(tx.run(statements.LIST_SINCE, load_id=load_id)) if facts else []
    for row in rows:
        if not open_facts:
            break
        if row["load_id"] in passed:
            continue
        touched = {entry.fact for entry in read_former(tx, row["former_id"])} & open_facts
        for fact in touched:
            if undoing[fact].pop(row["load_id"], None) is not None:
                continue
            if row["undoes"] is not None:
                undoing[fact][row["undoes"]] = row["load_id"]
            else:
                found[fact] = row["load_id"]
                open_facts.discard(fact)
    left = {fact: next(iter(undoing[fact].values())) for fact in open_facts if undoing[fact]}
    return found | left


def drop_entries(tx: Transaction, facts: Collection[Fact]) -> int:
    """Forget what `facts`, each (kind, identity), were before; return the number forgotten.

    Relationships that join one of them go too. Every node of the history is read, so one call with
    all facts of an erasure is better than many.
    """
    wanted = frozenset(facts)
    if not wanted:
        return 0
    dropped = 0
    for row in list(tx.run(statements.LIST_ALL_FORMERS)):
        former_id = row["former_id"]
        entries = read_former(tx, former_id)
        left = leave_out(entries, wanted)
        if len(left) < len(entries):
            dropped += len(entries) - len(left)
            _rewrite(tx, former_id, left)
    return dropped


def age_out(tx: Transaction, oldest: datetime) -> int:
    """Delete nodes kept before `oldest`, at most some hundred at once; return how many."""
    row = tx.run(statements.AGE_OUT, oldest=oldest, limit=_AGED_AT_ONCE).single(strict=True)
    return int(row["deleted"])


def _rewrite(tx: Transaction, former_id: str, entries: Sequence[Entry]) -> None:
    row = _make_row(former_id.rpartition(".")[0], 0, entries)
    changed = {name: row[name] for name in ("content", "facts", "removed")}
    tx.run(statements.REWRITE_FORMER, changed | {"former_id": former_id}).consume()


def _make_row(load_id: str, number: int, entries: Sequence[Entry]) -> dict[str, object]:
    return {
        "former_id": f"{load_id}.{number}",
        "of_load": load_id,
        "number": number,
        "kept_at": datetime.now(UTC),
        "facts": len(entries),
        "removed": sum(1 for entry in entries if entry.after is None),
        "content": pack(load_id, entries),
    }
