"""Undoing a load: its facts become what they were, in one transaction or in parts that resume.

Functions of a transaction; `graph.store.door` opens it and translates its errors. An undo is a load
itself: it keeps what it replaced, so that it can be undone (put again) in the same way. Facts get
back every property they had, those of their provenance too, and so the load they were stamped with
before. What a fact is stamped with therefore tells whether anybody touched it since.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from graph import history_statements as statements
from graph.history import Entry, Fact, Kind, make_stub
from graph.records import derive_id
from graph.rights import Right, list_rights_to_write
from graph.schema import NODES, RELATIONSHIPS
from graph.store.driver import to_driver, to_plain
from graph.store.errors import NotUndoable, Overtaken, Touched
from graph.store.history import Transaction, keep, list_formers, read_former
from graph.store.survey import (
    Pretence,
    Survey,
    find_running,
    list_open_entries,
    list_undoing,
    list_undone,
    name_action,
    read_loads,
    survey,
)
from graph.store.values import COUNTED, Load, Progress, Row, WriteReport
from graph.store.writing import set_load
from graph.undo import (
    LISTED,
    WHOLE_UP_TO,
    Action,
    Item,
    LoadRow,
    Reason,
    UndoPlan,
    find_state,
)

_BATCH: Final = 5_000

Demand = Callable[..., None]
"""Lets pass who has the given rights; see `Store.demand`."""


@dataclass(slots=True)
class _Tally:
    """What an undo did."""

    made_again: int = 0
    restored: int = 0
    removed: int = 0


# --- before ------------------------------------------------------------------------------------


def find_plan(
    tx: Transaction, load_id: str, advance: Progress | None = None
) -> tuple[UndoPlan, frozenset[Right]]:
    """Say what undoing a load would do, and which rights it demands.

    Raises:
        NotUndoable: there is no such load, it is undone already, or its history is not kept.
    """
    load = _require_load(tx, load_id)
    running = find_running(tx, load_id)
    skip = _count_parts(tx, running) if running else 0
    found = survey(tx, load, skip=skip, advance=advance)
    plan = UndoPlan(
        load,
        found.list_counts(),
        len(found.troubles),
        len(found.held),
        _list_examples(tx, found),
        _list_obstacles(tx, found),
        tuple(_list_later(tx, found)),
        load.facts > WHOLE_UP_TO,
        running is not None,
    )
    return plan, list_rights(tx, found)


def list_rights(tx: Transaction, found: Survey) -> frozenset[Right]:
    """Return the rights that undoing demands: those to write these facts, and to load a file."""
    return list_rights_to_write(
        [make_stub(kind) for kind in found.kinds], from_file=_is_from_file(tx, found.load)
    )


def _is_from_file(tx: Transaction, load: LoadRow) -> bool:
    while load.undoes is not None:
        earlier = read_loads(tx, [load.undoes]).get(load.undoes)
        if earlier is None:
            return True
        load = earlier
    return load.file_hash is not None


def _require_load(tx: Transaction, load_id: str) -> LoadRow:
    load = read_loads(tx, [load_id]).get(load_id)
    if load is None or not load.may_be_undone:
        raise NotUndoable
    if load.undoes is not None:
        undone = read_loads(tx, [load.undoes]).get(load.undoes)
        if undone is None or undone.undoes is not None:
            raise NotUndoable  # a load put again is undone itself, not its putting again
    return load


def _count_parts(tx: Transaction, load_id: str) -> int:
    row = tx.run(statements.READ_LOAD, load_id=load_id).single(strict=True)
    return int(row["properties"].get("parts") or 0)


def _list_examples(tx: Transaction, found: Survey) -> tuple[Item, ...]:
    """Return the first facts that can be put back as a person can read them."""
    kept = found.kept
    entries = [entry for fact, entry in found.examples.items() if fact not in kept]
    standing = _read_described(tx, entries)
    return tuple(
        _make_item(entry, name_action(entry), None, standing.get(entry.fact)) for entry in entries
    )


def _list_obstacles(tx: Transaction, found: Survey) -> tuple[Item, ...]:
    """Return the first troubles as a person can read them."""
    facts = sorted(found.troubles)[:LISTED]
    loads = read_loads(tx, {one for fact in facts if (one := found.troubles[fact].load_id)})
    standing = _read_described(tx, [found.entries[fact] for fact in facts])
    return tuple(
        _make_item(
            found.entries[fact],
            found.troubles[fact].reason,
            loads.get(found.troubles[fact].load_id or ""),
            standing.get(fact),
        )
        for fact in facts
    )


def _make_item(
    entry: Entry, what: Action | Reason, load: LoadRow | None, standing: Row | None
) -> Item:
    row = standing or {}
    names = (
        _find_public_name(entry.kind.start, row.get("start_name")),
        _find_public_name(entry.kind.end, row.get("end_name")),
    )
    personal = _list_personal(entry.kind.name)
    stored = row.get("properties") or entry.before or {}
    properties = {name: value for name, value in stored.items() if name not in personal}
    return Item(entry.kind.name, entry.identity, what, load, properties, names)


def _list_personal(kind: str) -> set[str]:
    declared = NODES.get(kind) or RELATIONSHIPS[kind]
    return {name for p in declared.properties if p.personal for name in p.stored_names}


def _find_public_name(label: str, name: str | None) -> str | None:
    """Return the name of a relationship's end, None where names are personal or there is none."""
    declared = NODES[label].properties if label in NODES else ()
    return name if any(p.name == "name" and not p.personal for p in declared) else None


def _read_described(tx: Transaction, entries: Iterable[Entry]) -> dict[Fact, Row]:
    groups: dict[Kind, list[str]] = defaultdict(list)
    for entry in entries:
        groups[entry.kind].append(entry.identity)
    return {
        (kind.name, row["identity"]): to_plain(row.data())
        for kind, keys in groups.items()
        for row in tx.run(statements.describe_facts(kind), keys=keys)
    }


# --- later loads -------------------------------------------------------------------------------


class _Blocked(Exception):
    """Something in the way cannot be undone."""


def _list_later(tx: Transaction, found: Survey) -> list[LoadRow]:
    """Return the loads to be undone before, in that order; [] when that cannot be."""
    order: list[LoadRow] = []
    try:
        _clear(tx, found, Pretence(), order, (found.load.load_id,))
    except _Blocked:
        return []
    return order


def _clear(
    tx: Transaction, found: Survey, pretence: Pretence, order: list[LoadRow], path: tuple[str, ...]
) -> None:
    """Add to `order` what has to be undone until nothing is in the way, pretending that it was."""
    while found.troubles:
        later = {trouble.load_id for trouble in found.troubles.values()}
        for load_id in sorted(later, key=str):
            if load_id is None or load_id in path:
                raise _Blocked  # nobody knows who, or two loads came between each other
            if load_id not in pretence.load_ids:
                _pretend(tx, load_id, pretence, order, (*path, load_id))
        found = survey(tx, found.load, pretence=pretence)


def _pretend(
    tx: Transaction, load_id: str, pretence: Pretence, order: list[LoadRow], path: tuple[str, ...]
) -> None:
    try:
        load = _require_load(tx, load_id)
    except NotUndoable:
        raise _Blocked from None
    _clear(tx, survey(tx, load, pretence=pretence), pretence, order, path)
    pretence.undo(load_id, list_open_entries(tx, load_id))
    order.append(load)


# --- in one transaction ------------------------------------------------------------------------


def undo(
    tx: Transaction,
    load_id: str,
    load: Load,
    demand: Demand,
    *,
    keep_touched: bool = False,
    including: Collection[str] = (),
) -> WriteReport:
    """Undo a load under the id of `load`; with `including`, those later loads before it.

    Each of them gets an undo of its own, so that each can be put again. Written again under the
    same id it changes nothing and returns the first report.

    Raises:
        NotUndoable: see `find_plan`; of two who undo the same load the second one meets it.
        Touched: later loads are in the way that `including` does not name, and `keep_touched` does
            not leave alone.
    """
    if (report := _find_written(tx, load)) is not None:
        return report
    row = _require_load(tx, load_id)
    order = [row]
    if including:
        found = survey(tx, row)
        order = [*_list_later(tx, found), row]
        if not {one.load_id for one in order[:-1]} <= set(including):
            raise Touched
    report = WriteReport(load.load_id, 0, 0, 0)
    for one in order:
        name = load.load_id if one is row else derive_id("load", load.load_id, one.load_id)
        report = _undo_one(tx, one.load_id, load, name, demand, keep_touched=keep_touched)
    return report


def _find_written(tx: Transaction, load: Load) -> WriteReport | None:
    """Take the node of this very undo, so that two attempts at it wait for each other."""
    row = tx.run(statements.TAKE_LOAD, load_id=load.load_id).single(strict=True)["properties"]
    if row.get("state") in (None, "running"):
        return None
    counts = {n: row.get(n) or 0 for n in ("created", "changed", "unchanged", "deleted")}
    return WriteReport(load.load_id, **counts, repeated=True)


def _undo_one(
    tx: Transaction, load_id: str, load: Load, name: str, demand: Demand, *, keep_touched: bool
) -> WriteReport:
    tx.run(statements.LOCK_LOAD, load_id=load_id).consume()
    row = _require_load(tx, load_id)
    found = survey(tx, row)
    demand(*sorted(list_rights(tx, found)))
    if found.troubles and not keep_touched:
        raise Touched
    kept = found.kept
    entries = [one for one in list_open_entries(tx, load_id) if one.fact not in kept]
    if not entries:
        raise Touched
    _begin(tx, row, load, name)
    tally = _Tally()
    keep(tx, name, _unwind(tx, entries, tally))
    return _finish(tx, row, name, tally, kept=len(kept))


def _begin(tx: Transaction, row: LoadRow, load: Load, name: str) -> None:
    tx.run(statements.TAKE_LOAD, load_id=name).consume()
    properties = {
        "file": row.file,
        "actor": load.actor,
        "loaded_at": datetime.now(UTC),
        "undoes": row.load_id,
        "source": row.source,
        "edition": row.edition,
        "parts": 0,
    }
    set_load(tx, name, properties)


def _finish(tx: Transaction, row: LoadRow, name: str, tally: _Tally, *, kept: int) -> WriteReport:
    """Write what the undo did, and what has become of the load it undid."""
    report = WriteReport(name, tally.made_again, tally.restored, kept, deleted=tally.removed)
    set_load(tx, name, report.counts | {"state": "done"})
    state = find_state(is_undone=True, others=kept)
    set_load(tx, row.load_id, {"state": state})
    if row.undoes is not None:  # the load it had undone stands again
        standing = [one for one, _ in list_undoing(tx, row.undoes)]
        again = find_state(is_undone=False, others=len(standing))
        set_load(tx, row.undoes, {"state": again})
    return report


# --- in parts ----------------------------------------------------------------------------------


@dataclass(slots=True)
class Parts:
    """An undo in parts: its id, how many parts are done and how many there are.

    `kept` are the facts it leaves, of an undo taken up again those of the parts that are left;
    `passed` are those that were put back before. `undoes` is what the load itself had undone.
    """

    load_id: str
    done: int
    total: int
    kept: set[Fact]
    passed: set[Fact]
    undoes: str | None = None


def begin_parts(
    tx: Transaction, load_id: str, load: Load, demand: Demand, *, keep_touched: bool
) -> Parts:
    """Begin an undo in parts or take up an interrupted one.

    From here on the load counts as partly undone: nobody goes on writing it.

    Raises:
        NotUndoable, Touched: see `undo`; nothing was written.
    """
    tx.run(statements.LOCK_LOAD, load_id=load_id).consume()
    row = _require_load(tx, load_id)
    running = find_running(tx, load_id)
    done = _count_parts(tx, running) if running else 0
    found = survey(tx, row, skip=done)
    demand(*sorted(list_rights(tx, found)))
    if found.troubles and not keep_touched:
        raise Touched
    name = running or load.load_id
    if running is None:
        _begin(tx, row, load, name)
        set_load(tx, name, dict.fromkeys(COUNTED, 0) | {"state": "running"})
        set_load(tx, load_id, {"state": "partly_undone"})
    total = len(list_formers(tx, load_id))
    return Parts(name, done, total, found.kept, list_undone(tx, load_id), row.undoes)


def undo_part(tx: Transaction, load_id: str, parts: Parts, number: int) -> set[Fact]:
    """Put back the facts of one node, the last node first; a part that is done is passed over.

    Returns the facts that somebody touched meanwhile, which stay. How many stay of each part is
    added up at the node of the undo, so that who ends it knows, whoever began it.
    """
    counts = tx.run(statements.LOCK_LOAD, load_id=parts.load_id).single(strict=True)["properties"]
    if counts["parts"] > number:
        return set()
    former_id, _ = list_formers(tx, load_id)[number]
    standing = [one for one in read_former(tx, former_id) if one.fact not in parts.passed]
    entries = [one for one in standing if one.fact not in parts.kept]
    touched = _find_touched(tx, load_id, entries)
    kept = [one for one in standing if one.fact in parts.kept | touched]
    tally = _Tally()
    entries = [entry for entry in entries if entry.fact not in touched]
    keep(tx, parts.load_id, _unwind(tx, entries, tally), number)
    changed = {
        "created": counts["created"] + tally.made_again,
        "changed": counts["changed"] + tally.restored,
        "unchanged": counts["unchanged"] + sum(_is_once(one, load_id, parts) for one in kept),
        "deleted": counts["deleted"] + tally.removed,
        "parts": number + 1,
    }
    set_load(tx, parts.load_id, changed)
    return touched


def _is_once(entry: Entry, load_id: str, parts: Parts) -> bool:
    """Say whether of all entries of a fact in the load this is the one to be counted.

    A load in parts may touch a fact several times, and so does an undo of one.
    """
    is_passing = entry.after is not None and entry.after == parts.undoes
    return entry.earlier_load != load_id and not is_passing


def _find_touched(tx: Transaction, load_id: str, entries: Sequence[Entry]) -> set[Fact]:
    touched: set[Fact] = set()
    leaving = {one.fact for one in entries if one.before is None}
    for kind, group in _by_kind(entries):
        keys = [one.identity for one in group]
        rows = tx.run(statements.read_stamps(kind), keys=keys)
        stamps = {row["identity"]: row["load_id"] for row in rows}
        touched |= {one.fact for one in group if stamps.get(one.identity) != one.after}
        if kind.is_node:
            made = [one.identity for one in group if one.before is None]
            leaning = tx.run(statements.list_leaning(kind.name), keys=made, own=[load_id])
            touched |= {
                (kind.name, row["node"])
                for row in leaning
                if (row["type"], row["identity"]) not in leaving
            }
    return touched


def finish_parts(tx: Transaction, load_id: str, name: str) -> WriteReport:
    """Mark an undo in parts as done; what its parts left counts as not undone."""
    tx.run(statements.LOCK_LOAD, load_id=load_id).consume()
    row = read_loads(tx, [load_id])[load_id]
    counts = tx.run(statements.LOCK_LOAD, load_id=name).single(strict=True)["properties"]
    tally = _Tally(counts["created"], counts["changed"], counts["deleted"])
    return _finish(tx, row, name, tally, kept=counts["unchanged"])


# --- putting back ------------------------------------------------------------------------------


def _unwind(tx: Transaction, entries: Sequence[Entry], tally: _Tally) -> list[Entry]:
    """Make every fact what its entry says; return what was replaced, to be kept.

    Nodes are made and restored first, then relationships; what goes, goes the other way round, so
    that every end stands as long as something joins it.

    Raises:
        Overtaken: somebody touched one of them meanwhile.
    """
    standing = _lock(tx, [one for one in entries if one.after is not None])
    replaced = [_turn(entry, standing.get(entry.fact)) for entry in entries]
    nodes = [one for one in entries if one.kind.is_node]
    links = [one for one in entries if not one.kind.is_node]
    for group in (nodes, links):
        _make_again(tx, [one for one in group if one.after is None])
        _restore(tx, [one for one in group if one.before is not None and one.after is not None])
    _sweep(tx, nodes)
    for group in (links, nodes):
        _remove(tx, [one for one in group if one.before is None])
    actions = Counter(map(name_action, entries))
    tally.made_again += actions["make_again"]
    tally.restored += actions["restore"]
    tally.removed += actions["remove"]
    return replaced


def _turn(entry: Entry, standing: Row | None) -> Entry:
    """Return the entry of the undo: what stood until now, and what it will be stamped with."""
    before, ends = None, entry.ends
    if standing is not None:
        before = standing["properties"]
        if standing["start"] is not None:
            ends = (standing["start"], standing["end"])
    return Entry(entry.kind, entry.identity, before, entry.earlier_load, ends)


def _lock(tx: Transaction, entries: Sequence[Entry]) -> dict[Fact, Row]:
    """Let nobody else change the facts; return what stands of them.

    Raises:
        Overtaken: one of them is not any more what the load made of it.
    """
    found: dict[Fact, Row] = {}
    for kind, group in _by_kind(entries):
        rows = tx.run(statements.lock_and_read_facts(kind), keys=[one.identity for one in group])
        found |= {(kind.name, row["identity"]): to_plain(row.data()) for row in rows}
    for entry in entries:
        standing = found.get(entry.fact)
        if standing is None or standing["properties"].get("load_id") != entry.after:
            raise Overtaken
    return found


def _make_again(tx: Transaction, entries: Sequence[Entry]) -> None:
    for kind, group in _by_kind(entries):
        summary = tx.run(statements.make_again(kind), rows=_list_rows(group)).consume()
        made = summary.counters.nodes_created + summary.counters.relationships_created
        if made != len(group):
            raise Overtaken


def _restore(tx: Transaction, entries: Sequence[Entry]) -> None:
    for kind, group in _by_kind(entries):
        tx.run(statements.restore(kind), rows=_list_rows(group)).consume()


def _sweep(tx: Transaction, nodes: Sequence[Entry]) -> None:
    for kind, group in _by_kind([one for one in nodes if one.before is None]):
        tx.run(statements.sweep(kind.name), keys=[one.identity for one in group]).consume()


def _remove(tx: Transaction, entries: Sequence[Entry]) -> None:
    for kind, group in _by_kind(entries):
        keys = [one.identity for one in group]
        summary = tx.run(statements.remove(kind), keys=keys).consume()
        gone = summary.counters.nodes_deleted + summary.counters.relationships_deleted
        if gone != len(group):
            raise Overtaken


def _list_rows(entries: Iterable[Entry]) -> list[Row]:
    return [
        {
            "key": entry.identity,
            "properties": {n: to_driver(v) for n, v in (entry.before or {}).items()},
            "start": entry.ends[0] if entry.ends else None,
            "end": entry.ends[1] if entry.ends else None,
        }
        for entry in entries
    ]


def _by_kind(entries: Sequence[Entry]) -> list[tuple[Kind, list[Entry]]]:
    """Return the entries by kind, each group no larger than one statement takes."""
    groups: dict[Kind, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.kind].append(entry)
    return [
        (kind, group[start : start + _BATCH])
        for kind, group in groups.items()
        for start in range(0, len(group), _BATCH)
    ]
