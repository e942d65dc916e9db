"""What a write does inside its transaction: lock, compare, write, stamp, keep what was before.

Functions of a transaction; `graph.store.door` opens it and translates its errors.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Literal

import neo4j

from graph import history_statements, statements
from graph.history import Entry, Kind, join
from graph.records import NodeRecord, Record, RelationshipRecord, encode, hash_content
from graph.store.driver import to_driver, to_plain
from graph.store.errors import Conflict, LoadEnded, MissingEnds, Overtaken
from graph.store.history import Transaction, keep
from graph.store.values import (
    COUNTED,
    Change,
    Difference,
    Expected,
    Load,
    Progress,
    Row,
    WriteReport,
    read_report,
)

_BATCH: Final = 5_000  # the sweet spot measured for UNWIND + MERGE

Way = Literal["create", "merge", "overwrite"]
"""How a record is written: it is new, it was made bare or twice said, or it stands."""


def write(
    tx: neo4j.ManagedTransaction,
    records: Sequence[Record],
    load: Load,
    progress: Progress | None,
    expected: Expected,
    *,
    withdrawn: Sequence[Record] = (),
) -> WriteReport:
    """Write `records` as one load and take `withdrawn` away; what was before is kept.

    A load that was written before is not written again: its report is returned.

    Raises:
        LoadEnded: it was undone since; its report would say of facts that they stand.
    """
    # The node of this very load is taken first: it serialises two attempts at the same load.
    taken = tx.run(history_statements.TAKE_LOAD, load_id=load.load_id)
    earlier = taken.single(strict=True)["properties"]
    if earlier.get("state") == "undone":
        raise LoadEnded
    if "state" in earlier:
        return read_report(load.load_id, earlier, repeated=True)
    claimed = _lock(tx, [r for r in records if (r.kind, r.identity) in expected])
    difference = compare(tx, records, claimed)
    _require_expected(difference, expected)
    _apply(tx, difference, load, progress or _ignore, claimed)
    gone = _withdraw(tx, withdrawn)
    report = _report(load, difference, gone)
    set_load(tx, load.load_id, _describe_load(load) | report.counts | {"state": "done"})
    keep(tx, load.load_id, join([*_list_entries(difference, load), *gone]))
    return report


def set_load(tx: Transaction, load_id: str, properties: Row) -> None:
    """Write `properties` at the node of a load; others of it stay."""
    tx.run(history_statements.SET_LOAD, load_id=load_id, properties=properties).consume()


def _report(load: Load, difference: Difference, gone: Sequence[Entry]) -> WriteReport:
    return WriteReport(
        load.load_id,
        len(difference.new),
        len(difference.changed),
        difference.unchanged,
        deleted=len(gone),
    )


def begin_parts(tx: neo4j.ManagedTransaction, load: Load) -> int:
    """Take up a load in parts; return how many of its parts are written."""
    row = tx.run(
        "MERGE (l:Load {load_id: $id}) "
        "ON CREATE SET l += $properties, l.parts = 0, l.state = 'running' RETURN l.parts AS parts",
        id=load.load_id,
        properties=_describe_load(load) | dict.fromkeys(COUNTED, 0),
    ).single(strict=True)
    return int(row["parts"])


def write_part(
    tx: neo4j.ManagedTransaction,
    records: Sequence[Record],
    load: Load,
    number: int,
    withdrawn: Sequence[Record] = (),
) -> WriteReport:
    """Write part `number` of a load, unless it is written already; what was before is kept.

    Raises:
        LoadEnded: the load is done, or was undone meanwhile.
    """
    # Taking the load's node first lets only one writer continue it at a time.
    locked = tx.run(history_statements.LOCK_LOAD, load_id=load.load_id)
    standing = locked.single(strict=True)["properties"]
    if number < standing["parts"]:
        return WriteReport(load.load_id, 0, 0, 0, repeated=True)
    if standing["state"] != "running":
        raise LoadEnded
    difference = compare(tx, records)
    _apply(tx, difference, load, _ignore)
    gone = _withdraw(tx, withdrawn)
    report = _report(load, difference, gone)
    so_far = read_report(load.load_id, standing).counts
    sums = {name: so_far[name] + count for name, count in report.counts.items()}
    set_load(tx, load.load_id, sums | {"parts": number + 1})
    keep(tx, load.load_id, join([*_list_entries(difference, load), *gone]), number)
    return report


def finish_parts(tx: neo4j.ManagedTransaction, load: Load) -> WriteReport:
    """Mark a load in parts as done and return what all its parts did."""
    row = tx.run(
        "MATCH (l:Load {load_id: $id}) SET l.state = 'done', l.loaded_at = $now "
        "RETURN properties(l) AS properties",
        id=load.load_id,
        now=datetime.now(UTC),
    ).single(strict=True)
    return read_report(load.load_id, row["properties"])


def _withdraw(tx: neo4j.ManagedTransaction, records: Sequence[Record]) -> list[Entry]:
    """Delete those relationships that stand, then those nodes that nothing refers to.

    Returns what they were.
    """
    links = [record for record in records if isinstance(record, RelationshipRecord)]
    nodes = [record for record in records if isinstance(record, NodeRecord)]
    return [
        entry
        for group in (links, nodes)
        for kind, some in _group(group, _name_kind).items()
        for entry in _withdraw_kind(tx, kind, sorted({record.identity for record in some}))
    ]


def _withdraw_kind(tx: neo4j.ManagedTransaction, kind: Kind, keys: list[str]) -> list[Entry]:
    rows = list(tx.run(history_statements.lock_and_read_facts(kind), keys=keys))
    tx.run(history_statements.remove(kind), keys=keys).consume()
    left = {row["identity"] for row in tx.run(history_statements.read_stamps(kind), keys=keys)}
    return [
        Entry(
            kind,
            row["identity"],
            to_plain(row["properties"]),
            None,
            None if kind.is_node else (row["start"], row["end"]),
        )
        for row in rows
        if row["identity"] not in left
    ]


def _lock(tx: neo4j.ManagedTransaction, records: Sequence[Record]) -> frozenset[tuple[str, str]]:
    """Let nobody else change `records` until the end; return (kind, identity) of the nodes made.

    A relationship that does not stand yet is kept from others by the lock of its start. In one
    order, so that two writers rarely wait for each other crosswise (then one is tried again).
    """
    nodes = [record for record in records if isinstance(record, NodeRecord)]
    links = [record for record in records if isinstance(record, RelationshipRecord)]
    claimed: set[tuple[str, str]] = set()
    for label, group in sorted(_group(nodes, lambda node: node.label).items()):
        rows = tx.run(statements.claim_nodes(label), keys=sorted(node.key for node in group))
        claimed |= {(label, row["identity"]) for row in rows if row["made"]}
    for label, group in sorted(_group(links, lambda link: link.start[0]).items()):
        starts = sorted({link.start[1] for link in group})
        tx.run(statements.lock_facts(label), keys=starts).consume()
    for kind, group in sorted(_group(links, lambda link: link.type).items()):
        keys = sorted(link.identity for link in group)
        tx.run(statements.lock_facts(kind), keys=keys).consume()
    return frozenset(claimed)


def _require_expected(difference: Difference, expected: Expected) -> None:
    clashes = [
        change for change in difference.new + difference.changed if _is_overtaken(change, expected)
    ]
    if clashes:
        raise Conflict(clashes)


def _is_overtaken(change: Change, expected: Expected) -> bool:
    key = (change.record.kind, change.record.identity)
    return key in expected and change.before.get("content_hash") != expected[key]


def _describe_load(load: Load) -> Row:
    return {
        "file": load.file,
        "file_hash": load.file_hash,
        "actor": load.actor,
        "loaded_at": datetime.now(UTC),
        "source": load.source,
        "series": load.series,
        "edition": load.edition,
    }


def compare(
    tx: Transaction,
    records: Sequence[Record],
    claimed: frozenset[tuple[str, str]] = frozenset(),
) -> Difference:
    """Hold `records` against what stands; `claimed` nodes, made bare by a lock, count as new."""
    new: list[Change] = []
    changed: list[Change] = []
    unchanged = 0
    for kind, group in _group(records, lambda record: record.kind).items():
        named = [(record.identity, record) for record in group]
        encoded = {identity: encode(record) for identity, record in named}
        hashes = {identity: hash_content(after) for identity, after in encoded.items()}
        standing = dict(_read_standing(tx, kind, hashes))
        for _, identity in claimed.intersection((kind, identity) for identity in standing):
            del standing[identity]
        for identity, record in named:
            before = standing.get(identity)
            change = Change(record, hashes[identity], before or {}, encoded[identity])
            if before is None:
                new.append(change)
            elif _stands(change):
                unchanged += 1
            else:
                changed.append(change)
    return Difference(tuple(new), tuple(changed), unchanged)


def _stands(change: Change) -> bool:
    return change.before.get("content_hash") == change.content_hash or not change.changed_properties


def _read_standing(
    tx: Transaction, kind: str, hashes: Mapping[str, str]
) -> Iterator[tuple[str, Row]]:
    """Yield identity and properties of those that stand; of an equal one the hash alone.

    Nearly all of a new edition stands as it is: its properties need not travel.
    """
    for keys in _batches(list(hashes)):
        found = tx.run(statements.hash_facts(kind), keys=keys).single(strict=True)
        standing = dict(zip(found["identities"], found["hashes"], strict=True))
        equal = {key for key, content in standing.items() if content == hashes[key]}
        yield from ((key, {"content_hash": hashes[key]}) for key in equal)
        for row in tx.run(statements.match_facts(kind), keys=sorted(standing.keys() - equal)):
            yield row["identity"], to_plain(row["properties"])


def _apply(
    tx: neo4j.ManagedTransaction,
    difference: Difference,
    load: Load,
    progress: Progress,
    claimed: frozenset[tuple[str, str]] = frozenset(),
) -> None:
    """Write nodes first, then relationships, so that every end stands."""
    new, bare = _tell_new(difference.new, claimed)
    ways: dict[Way, Sequence[Change]]
    ways = {"create": new, "merge": bare, "overwrite": difference.changed}
    done, total = 0, sum(map(len, ways.values()))
    for group, way in _in_order(ways):
        for batch in _batches(group):
            _send(tx, batch, load, way)
            done += len(batch)
            progress(done / total)


def _tell_new(
    changes: Sequence[Change], claimed: frozenset[tuple[str, str]]
) -> tuple[list[Change], list[Change]]:
    """Part new records from those that stand by then: claimed bare, or said before in this load."""
    stood = set(claimed)
    new: list[Change] = []
    standing: list[Change] = []
    for change in changes:
        key = (change.record.kind, change.record.identity)
        (standing if key in stood else new).append(change)
        stood.add(key)
    return new, standing


def _in_order(ways: Mapping[Way, Sequence[Change]]) -> Iterator[tuple[list[Change], Way]]:
    for are_nodes in (True, False):
        for way, changes in ways.items():
            side = [c for c in changes if isinstance(c.record, NodeRecord) == are_nodes]
            for group in _group(side, lambda change: _name_kind(change.record)).values():
                yield group, way


def _name_kind(record: Record) -> Kind:
    if isinstance(record, NodeRecord):
        return Kind(record.label)
    return Kind(record.type, record.start[0], record.end[0])


def _send(tx: neo4j.ManagedTransaction, batch: Sequence[Change], load: Load, way: Way) -> None:
    rows = [_row(change, load) for change in batch]
    kind = _name_kind(batch[0].record)
    written = tx.run(_choose_statement(kind, way), rows=rows).single(strict=True)["written"]
    if written == len(rows):
        return
    if way == "overwrite":
        raise Overtaken
    missing = tx.run(statements.find_missing_ends(kind.start, kind.end), rows=rows)
    raise MissingEnds(kind.name, [(row["start"], row["end"]) for row in missing])


def _choose_statement(kind: Kind, way: Way) -> str:
    if way == "overwrite":
        return history_statements.overwrite(kind)
    if kind.is_node:
        make = statements.create_nodes if way == "create" else statements.merge_nodes
        return make(kind.name)
    join_ends = (
        statements.create_relationships if way == "create" else statements.merge_relationships
    )
    return join_ends(*kind)


def _list_entries(difference: Difference, load: Load) -> Iterator[Entry]:
    """Yield what every written record was before."""
    for change in (*difference.new, *difference.changed):
        record = change.record
        before = change.before or None
        ends = None
        if before and isinstance(record, RelationshipRecord):
            ends = (record.start[1], record.end[1])
        yield Entry(_name_kind(record), record.identity, before, load.load_id, ends)


def _row(change: Change, load: Load) -> Row:
    record = change.record
    source = record.source
    properties = {name: to_driver(value) for name, value in change.after.items()} | {
        "content_hash": change.content_hash,
        "load_id": load.load_id,
        "source_file": source.file,
        "source_sheet": source.sheet,
        "source_row": source.row,
    }
    row: Row = {
        "key": record.identity,
        "properties": properties,
        "hash": change.before.get("content_hash") or "",
        "load_id": change.before.get("load_id") or "",
    }
    if isinstance(record, RelationshipRecord):
        row |= {"start": record.start[1], "end": record.end[1]}
    return row


def _group(items: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups


def _batches(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]


def _ignore(_: float) -> None:
    pass
