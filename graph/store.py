"""The one door to Neo4j: reads, checked writes, and what was written before.

Nothing else in the project imports the driver. Reads run in READ transactions (a cluster routes
them to its readers) and can change nothing. Writes take records, never Cypher; one call of `write`
is one transaction, so a file is loaded whole or not at all, and the load's id makes a retry
harmless. A file too large for one transaction is written in parts (`begin_parts`, `write_part`,
`finish_parts`); an interrupted one continues where it stopped.

Errors a caller may meet::

    StoreError
    ├── Unavailable      the database does not answer (it may come back)
    ├── AccessDenied     the password is refused
    ├── NotPrepared      a constraint of the schema does not stand, so nothing may be written
    ├── Refused          the actor has not the right
    ├── NotRecorded      the log of what is done cannot be written
    ├── MissingEnds      a relationship names a node that is not in the graph
    └── Conflict         somebody else has changed a record since it was read
    graph.records.InvalidRecords   the records break the rules of the schema
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import product
from typing import Any, Final, TypeVar, cast

import neo4j
import neo4j.exceptions
import neo4j.spatial
import neo4j.time

from graph import statements
from graph.records import (
    InvalidRecords,
    NodeRecord,
    Point,
    Record,
    RelationshipRecord,
    StoredValue,
    check,
    encode,
    hash_content,
)
from graph.rights import OPERATOR, Actor, Right, Unrecorded, list_rights_to_write
from graph.schema import NODES

_BATCH: Final = 5_000  # the sweet spot measured for UNWIND + MERGE
_WRITE_TIMEOUT_S: Final = 600.0
_INDEX_WAIT_S: Final = 300
_AWAY: Final = (
    neo4j.exceptions.ServiceUnavailable,
    neo4j.exceptions.SessionExpired,
    neo4j.exceptions.TransientError,
    neo4j.exceptions.ConnectionAcquisitionTimeoutError,
)

Progress = Callable[[float], None]
Row = dict[str, Any]
Expected = Mapping[tuple[str, str], str | None]
"""(kind, identity) → the content hash a record was read with, None for one that did not stand."""
T = TypeVar("T")


class StoreError(Exception):
    """Base of what can go wrong at the door; `code` is the key of the sentence for the user."""

    code = "store.failed"


class Unavailable(StoreError):
    """The database does not answer; nothing is known about an unfinished write (retry it)."""

    code = "store.unavailable"


class AccessDenied(StoreError):
    """The database refuses the user name or password."""

    code = "store.access_denied"


class NotPrepared(StoreError):
    """A constraint of the schema does not stand; nothing was written."""

    code = "store.not_prepared"


class Refused(StoreError):
    """The actor has not the right; nothing was read or written."""

    code = "store.refused"

    def __init__(self, right: Right) -> None:
        super().__init__(right)
        self.right: Right = right


class NotRecorded(StoreError):
    """What is to be done cannot be put on record, so nothing was done."""

    code = "store.not_recorded"


class MissingEnds(StoreError):
    """Relationships name nodes that are not in the graph; nothing was written."""

    code = "store.missing_ends"

    def __init__(self, kind: str, ends: Sequence[tuple[str, str]]) -> None:
        super().__init__(f"{kind}: {len(ends)} ends")
        self.kind = kind
        self.ends = tuple(ends)


@dataclass(frozen=True, slots=True)
class Load:
    """One import: an id made by the caller once, so that sending it again changes nothing."""

    load_id: str
    file: str | None = None
    file_hash: str | None = None
    actor: str | None = None
    source: str | None = None
    series: str | None = None
    edition: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One record against what stands: `before` is empty for a new one."""

    record: Record
    content_hash: str
    before: Mapping[str, object]
    after: Mapping[str, StoredValue]

    @property
    def changed_properties(self) -> tuple[str, ...]:
        """Names whose stored value differs, in order of the record."""
        return tuple(name for name, value in self.after.items() if self.before.get(name) != value)


class Conflict(StoreError):
    """Somebody else changed records since they were read; nothing was written.

    Of each such record `changes` has `before`, as it stands now (empty when it is gone), and
    `after`, what was to be written; both may be personal and are not in the exception's text.
    """

    code = "store.conflict"

    def __init__(self, changes: Sequence[Change]) -> None:
        super().__init__(f"{len(changes)} records")
        self.changes = tuple(changes)


@dataclass(frozen=True, slots=True)
class Difference:
    """What a write would do: new and changed records, and how many stand as they are."""

    new: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class WriteReport:
    """What a write did; `repeated` when this load id had been written before."""

    load_id: str
    created: int
    changed: int
    unchanged: int
    repeated: bool = False


class Store:
    """The door. Opening it does not connect; the first call does.

    Use as a context manager, or call `close`. `actor` is for whom it is open: the operator, who
    holds the machine, unless `acting_as` names somebody.
    """

    def __init__(self, uri: str, user: str, password: str, database: str = "neo4j") -> None:
        self.actor = OPERATOR
        self._database = database
        self._prepared = False
        self._bookmarks = neo4j.GraphDatabase.bookmark_manager()
        self._driver = neo4j.GraphDatabase.driver(
            uri,
            auth=(user, password),
            connection_acquisition_timeout=10.0,
            connection_timeout=5.0,
            max_transaction_retry_time=15.0,
            notifications_min_severity="OFF",
            telemetry_disabled=True,
        )

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections, those of every `acting_as` too."""
        self._driver.close()

    def acting_as(self, actor: Actor) -> Store:
        """Return the same door, with the same connections, for `actor` only."""
        door = copy.copy(self)
        door.actor = actor
        return door

    def demand(self, *rights: Right) -> None:
        """Let the actor pass who has all `rights`.

        Raises:
            Refused: one of them is missing.
        """
        for right in rights:
            if not self.actor.may(right):
                raise Refused(right)

    def note(self, action: str, subject: str, client: str | None = None) -> None:
        """Put on record what the actor is about to do; `client` is the pseudonym it is about.

        Raises:
            NotRecorded: it cannot be, so it must not be done.
        """
        try:
            self.actor.note(action, subject, client)
        except Unrecorded:
            raise NotRecorded from None

    def read(self, cypher: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
        """Run a read and return its rows, column → plain value; [] when nothing matches.

        Dates are `datetime.date`, points are `graph.records.Point`.

        Raises:
            Unavailable, AccessDenied: see the module; a write inside `cypher` is a StoreError.
        """
        with _translated():
            return self._driver.execute_query(
                cypher,
                dict(parameters or {}),
                routing_=neo4j.RoutingControl.READ,
                database_=self._database,
                bookmark_manager_=self._bookmarks,
                result_transformer_=_to_rows,
            )

    def list_nodes(self, label: str, columns: Sequence[str]) -> list[Row]:
        """Return `columns` of every node of `label`, ordered by them; [] when there are none."""
        return self.read(statements.list_nodes(label, columns))

    def list_relationships(self, kind: str, columns: Sequence[str]) -> list[Row]:
        """Return start key, end key and `columns` of every relationship of type `kind`."""
        return self.read(statements.list_relationships(kind, columns))

    def prepare(self) -> None:
        """Create the constraints and indexes of the schema where they are missing; wait for them.

        Raises:
            NotPrepared: one of them could not be created, or something else has its name.
        """
        if self._prepared:
            return
        wanted = statements.list_constraints() | statements.list_indexes()
        with _translated(), self._session() as session:
            standing = _read_names(session)
            for name in wanted.keys() - standing:
                _create(session, name, wanted[name])
            if wanted.keys() - standing:
                session.run("CALL db.awaitIndexes($wait)", wait=_INDEX_WAIT_S).consume()
                standing = _read_names(session)
        if missing := wanted.keys() - standing:
            raise NotPrepared(", ".join(sorted(missing)))
        self._prepared = True

    def find_load(self, load_id: str) -> WriteReport | None:
        """Return the report of a load that was written, None when there is no such load."""
        rows = self.read(
            "MATCH (l:Load {load_id: $id}) WHERE l.state IN ['done', 'undone'] "
            "RETURN l.created AS created, l.changed AS changed, l.unchanged AS unchanged",
            {"id": load_id},
        )
        return WriteReport(load_id, **rows[0], repeated=True) if rows else None

    def compare(self, records: Sequence[Record]) -> Difference:
        """Say what writing `records` would do, without writing.

        Raises:
            InvalidRecords: a record breaks a rule of the schema.
        """
        _require_valid(records)
        with _translated(), self._session(neo4j.READ_ACCESS) as session:
            return session.execute_read(_compare, records)

    def list_missing(self, records: Sequence[Record]) -> tuple[tuple[str, int], ...]:
        """Return (kind, row) of what an earlier edition of the same sheets held and `records` lack.

        Only sheets that `records` come from are looked at. Nothing is deleted by a load.
        """
        sheets = {(r.source.file, r.source.sheet) for r in records}
        present = {(r.kind, r.identity) for r in records}
        reads = (statements.match_nodes_from_file(), statements.match_relationships_from_file())
        missing = [
            (row["kind"], row["row"])
            for file, read in product(sorted({file for file, _ in sheets}), reads)
            for row in self.read(read, {"file": file})
            if (file, row["sheet"]) in sheets and (row["kind"], row["identity"]) not in present
        ]
        return tuple(sorted(missing, key=str))

    def write(
        self,
        records: Sequence[Record],
        load: Load,
        progress: Progress | None = None,
        expected: Expected | None = None,
    ) -> WriteReport:
        """Write `records` in one transaction, stamped with `load`.

        Records that stand as they are cost a read and change nothing. Writing the same load id
        again changes nothing and returns the first report. A record named in `expected` is
        written only when it still stands as it was read, or already says the same.

        Raises:
            Refused, NotRecorded, InvalidRecords, MissingEnds, NotPrepared, Conflict: nothing was
                written.
            Unavailable: unknown whether it was written; call again with the same load.
        """
        from_file = load.file_hash is not None
        self.demand(*sorted(list_rights_to_write(records, from_file=from_file)))
        _require_valid(records)
        self.note("write", load.load_id)
        self.prepare()

        @neo4j.unit_of_work(timeout=_WRITE_TIMEOUT_S)
        def work(tx: neo4j.ManagedTransaction) -> WriteReport:
            return _write(tx, records, load, progress or _ignore, expected or {})

        with _translated(), self._session() as session:
            return session.execute_write(work)

    def find_nodes(
        self, label: str, name: str, values: Iterable[object], columns: Sequence[str]
    ) -> list[Row]:
        """Return key and `columns` of the nodes whose property `name` is one of `values`."""
        wanted = sorted({value for value in values if value is not None}, key=str)
        if not wanted:
            return []
        return self.read(statements.find_nodes(label, name, columns), {"values": wanted})

    def find_relationships(
        self, kind: str, side: str, keys: Iterable[str], columns: Sequence[str] = ()
    ) -> list[Row]:
        """Return start, end and `columns` of relationships whose `side` is one of `keys`."""
        wanted = sorted(set(keys))
        if not wanted:
            return []
        return self.read(statements.find_relationships(kind, side, columns), {"keys": wanted})

    def find_unfinished(self, file_hash: str) -> str | None:
        """Return the id of a load in parts of these bytes that was interrupted; None when none."""
        rows = self.read(
            "MATCH (l:Load {file_hash: $hash, state: 'running'}) "
            "RETURN l.load_id AS load_id ORDER BY l.loaded_at DESC LIMIT 1",
            {"hash": file_hash},
        )
        return str(rows[0]["load_id"]) if rows else None

    def begin_parts(self, load: Load) -> int:
        """Begin a load written in parts, or take it up again; return how many parts are written.

        Until `finish_parts` the load is "running". Each part is a transaction of its own, so that
        memory stays the same however large the file is; what is written of an interrupted load
        stays, and the same load id continues after it.

        Raises:
            Refused, NotRecorded, NotPrepared, Unavailable: nothing was written.
        """
        self.demand("load")
        self.note("write", load.load_id)
        self.prepare()
        with _translated(), self._session() as session:
            return session.execute_write(_begin_parts, load)

    def write_part(self, records: Sequence[Record], load: Load, number: int) -> WriteReport:
        """Write part `number` (from 0) of a load that was begun, in one transaction.

        A part that is written already is not written again: `repeated`, with counts of 0.

        Raises:
            Refused, InvalidRecords, MissingEnds: nothing of this part was written.
            Unavailable: unknown whether it was written; call again.
        """
        self.demand(*sorted(list_rights_to_write(records, from_file=True)))
        _require_valid(records)

        @neo4j.unit_of_work(timeout=_WRITE_TIMEOUT_S)
        def work(tx: neo4j.ManagedTransaction) -> WriteReport:
            return _write_part(tx, records, load, number)

        with _translated(), self._session() as session:
            return session.execute_write(work)

    def finish_parts(self, load: Load) -> WriteReport:
        """Mark a load in parts as done and return what all its parts did."""
        with _translated(), self._session() as session:
            return session.execute_write(_finish_parts, load)

    def withdraw(
        self, relationships: Sequence[RelationshipRecord], nodes: Sequence[NodeRecord] = ()
    ) -> None:
        """Delete what a person takes back: relationships, then nodes that nothing refers to.

        A node that still has a relationship stays. What does not stand is passed over.

        Raises:
            Refused, NotRecorded: nothing was deleted.
        """
        records: list[Record] = [*relationships, *nodes]
        self.demand(*sorted(list_rights_to_write(records, from_file=False)))
        kinds = " ".join(sorted({record.kind for record in records}))
        self.note("write", f"withdraw {len(records)} {kinds}")

        def work(tx: neo4j.ManagedTransaction) -> None:
            for kind, links in sorted(_grouped(relationships, lambda one: one.type).items()):
                keys = [one.identity for one in links]
                tx.run(statements.delete_relationships(kind), keys=keys).consume()
            for label, group in sorted(_grouped(nodes, lambda one: one.label).items()):
                keys = [one.key for one in group]
                tx.run(statements.delete_unrelated_nodes(label), keys=keys).consume()

        with _translated(), self._session() as session:
            session.execute_write(work)

    def _session(self, access: str = neo4j.WRITE_ACCESS) -> neo4j.Session:
        return self._driver.session(
            database=self._database,
            default_access_mode=access,
            bookmark_manager=self._bookmarks,
        )


def _write(
    tx: neo4j.ManagedTransaction,
    records: Sequence[Record],
    load: Load,
    progress: Progress,
    expected: Expected,
) -> WriteReport:
    # The node of this very load is taken first: it serialises two attempts at the same load.
    earlier = tx.run(
        "MERGE (l:Load {load_id: $id}) SET l.load_id = $id "
        "RETURN l.state AS state, l.created AS created, l.changed AS changed, "
        "l.unchanged AS unchanged",
        id=load.load_id,
    ).single(strict=True)
    if earlier["state"] is not None:
        return WriteReport(
            load.load_id, earlier["created"], earlier["changed"], earlier["unchanged"], True
        )
    claimed = _lock(tx, [r for r in records if (r.kind, r.identity) in expected])
    difference = _compare(tx, records, claimed)
    _require_expected(difference, expected)
    _apply(tx, difference.new + difference.changed, load, progress)
    report = WriteReport(
        load.load_id, len(difference.new), len(difference.changed), difference.unchanged
    )
    _stamp(tx, load, report)
    return report


def _begin_parts(tx: neo4j.ManagedTransaction, load: Load) -> int:
    row = tx.run(
        "MERGE (l:Load {load_id: $id}) "
        "ON CREATE SET l += $properties, l.parts = 0, l.state = 'running', "
        "l.created = 0, l.changed = 0, l.unchanged = 0 RETURN l.parts AS parts",
        id=load.load_id,
        properties=_describe_load(load),
    ).single(strict=True)
    return int(row["parts"])


def _write_part(
    tx: neo4j.ManagedTransaction, records: Sequence[Record], load: Load, number: int
) -> WriteReport:
    # Taking the load's node first lets only one writer continue it at a time.
    parts = tx.run(
        "MATCH (l:Load {load_id: $id}) SET l._lock = 0 REMOVE l._lock RETURN l.parts AS parts",
        id=load.load_id,
    ).single(strict=True)["parts"]
    if number < parts:
        return WriteReport(load.load_id, 0, 0, 0, repeated=True)
    difference = _compare(tx, records)
    _apply(tx, difference.new + difference.changed, load, _ignore)
    report = WriteReport(
        load.load_id, len(difference.new), len(difference.changed), difference.unchanged
    )
    tx.run(
        "MATCH (l:Load {load_id: $id}) SET l.parts = $parts, l.created = l.created + $created, "
        "l.changed = l.changed + $changed, l.unchanged = l.unchanged + $unchanged",
        id=load.load_id,
        parts=number + 1,
        created=report.created,
        changed=report.changed,
        unchanged=report.unchanged,
    ).consume()
    return report


def _finish_parts(tx: neo4j.ManagedTransaction, load: Load) -> WriteReport:
    row = tx.run(
        "MATCH (l:Load {load_id: $id}) SET l.state = 'done', l.loaded_at = $now "
        "RETURN l.created AS created, l.changed AS changed, l.unchanged AS unchanged",
        id=load.load_id,
        now=datetime.now(UTC),
    ).single(strict=True)
    return WriteReport(load.load_id, row["created"], row["changed"], row["unchanged"])


def _lock(tx: neo4j.ManagedTransaction, records: Sequence[Record]) -> frozenset[tuple[str, str]]:
    """Let nobody else change `records` until the end; return (kind, identity) of the nodes made.

    A relationship that does not stand yet is kept from others by the lock of its start. In one
    order, so that two writers rarely wait for each other crosswise (then one is tried again).
    """
    nodes = [record for record in records if isinstance(record, NodeRecord)]
    links = [record for record in records if isinstance(record, RelationshipRecord)]
    claimed: set[tuple[str, str]] = set()
    for label, group in sorted(_grouped(nodes, lambda node: node.label).items()):
        rows = tx.run(statements.claim_nodes(label), keys=sorted(node.key for node in group))
        claimed |= {(label, row["identity"]) for row in rows if row["made"]}
    for label, group in sorted(_grouped(links, lambda link: link.start[0]).items()):
        starts = sorted({link.start[1] for link in group})
        tx.run(statements.lock_nodes(label), keys=starts).consume()
    for kind, group in sorted(_grouped(links, lambda link: link.type).items()):
        keys = sorted(link.identity for link in group)
        tx.run(statements.lock_relationships(kind), keys=keys).consume()
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


def _stamp(tx: neo4j.ManagedTransaction, load: Load, report: WriteReport) -> None:
    tx.run(
        "MATCH (l:Load {load_id: $id}) SET l += $properties",
        id=load.load_id,
        properties={
            **_describe_load(load),
            "created": report.created,
            "changed": report.changed,
            "unchanged": report.unchanged,
            "state": "done",
        },
    ).consume()


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


def _compare(
    tx: neo4j.ManagedTransaction | neo4j.Transaction,
    records: Sequence[Record],
    claimed: frozenset[tuple[str, str]] = frozenset(),
) -> Difference:
    new: list[Change] = []
    changed: list[Change] = []
    unchanged = 0
    for kind, group in _grouped(records, lambda record: record.kind).items():
        standing = dict(_read_standing(tx, kind, group))
        for _, identity in claimed.intersection((kind, identity) for identity in standing):
            del standing[identity]
        for record in group:
            after = encode(record)
            change = Change(record, hash_content(after), standing.get(record.identity, {}), after)
            if record.identity not in standing:
                new.append(change)
            elif _stands(change):
                unchanged += 1
            else:
                changed.append(change)
    return Difference(tuple(new), tuple(changed), unchanged)


def _stands(change: Change) -> bool:
    return change.before.get("content_hash") == change.content_hash or not change.changed_properties


def _read_standing(
    tx: neo4j.ManagedTransaction | neo4j.Transaction, kind: str, group: Sequence[Record]
) -> Iterator[tuple[str, Row]]:
    statement = (
        statements.match_nodes(kind) if kind in NODES else statements.match_relationships(kind)
    )
    for batch in _batches([record.identity for record in group]):
        for row in tx.run(statement, keys=batch):
            yield row["identity"], {k: _to_plain(v) for k, v in row["properties"].items()}


def _apply(
    tx: neo4j.ManagedTransaction, changes: Sequence[Change], load: Load, progress: Progress
) -> None:
    """Write nodes first, then relationships, so that every end stands."""
    done = 0
    for group in _in_order(changes):
        for batch in _batches(group):
            _merge(tx, batch, load)
            done += len(batch)
            progress(done / len(changes))


def _in_order(changes: Sequence[Change]) -> Iterator[list[Change]]:
    nodes = [c for c in changes if isinstance(c.record, NodeRecord)]
    links = [c for c in changes if isinstance(c.record, RelationshipRecord)]
    yield from _grouped(nodes, lambda change: change.record.kind).values()
    yield from _grouped(links, _ends_of).values()


def _ends_of(change: Change) -> tuple[str, str, str]:
    record = cast("RelationshipRecord", change.record)
    return (record.type, record.start[0], record.end[0])


def _merge(tx: neo4j.ManagedTransaction, batch: Sequence[Change], load: Load) -> None:
    rows = [_row(change, load) for change in batch]
    record = batch[0].record
    if isinstance(record, NodeRecord):
        statement = statements.merge_nodes(record.label)
    else:
        statement = statements.merge_relationships(record.type, record.start[0], record.end[0])
    written = tx.run(statement, rows=rows).single(strict=True)["written"]
    if written != len(rows) and isinstance(record, RelationshipRecord):
        missing = statements.find_missing_ends(record.start[0], record.end[0])
        ends = tx.run(missing, rows=rows)
        raise MissingEnds(record.type, [(row["start"], row["end"]) for row in ends])


def _row(change: Change, load: Load) -> Row:
    record = change.record
    source = record.source
    properties = {name: _to_driver(value) for name, value in change.after.items()} | {
        "content_hash": change.content_hash,
        "load_id": load.load_id,
        "source_file": source.file,
        "source_sheet": source.sheet,
        "source_row": source.row,
    }
    row: Row = {"key": record.identity, "properties": properties}
    if isinstance(record, RelationshipRecord):
        row |= {"start": record.start[1], "end": record.end[1]}
    return row


def _grouped(items: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups


def _batches(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]


def _require_valid(records: Sequence[Record]) -> None:
    if faults := check(records):
        raise InvalidRecords(faults)


def _create(session: neo4j.Session, name: str, statement: str) -> None:
    try:
        session.run(statement).consume()
    except neo4j.exceptions.Neo4jError as error:
        if ".Schema." not in (error.code or ""):
            raise
        raise NotPrepared(name) from None


def _read_names(session: neo4j.Session) -> set[str]:
    """Return the names of the constraints and of the indexes that are online."""
    constraints = session.run("SHOW CONSTRAINTS YIELD name")
    names = {row["name"] for row in constraints}
    indexes = session.run("SHOW INDEXES YIELD name, state WHERE state = 'ONLINE' RETURN name")
    # An index of a constraint's name is not that constraint.
    return names | ({row["name"] for row in indexes} - statements.list_constraints().keys())


def _ignore(_: float) -> None:
    pass


def _to_rows(result: neo4j.Result) -> list[Row]:
    return [{key: _to_plain(value) for key, value in record.items()} for record in result]  # type: ignore[no-untyped-call]


def _to_driver(value: StoredValue) -> object:
    if isinstance(value, Point):
        return neo4j.spatial.WGS84Point((value.longitude, value.latitude))
    return value


def _to_plain(value: Any) -> Any:
    if isinstance(value, neo4j.time.Date | neo4j.time.DateTime):
        return value.to_native()
    if isinstance(value, neo4j.spatial.WGS84Point):
        return Point(latitude=value.latitude, longitude=value.longitude)
    if isinstance(value, list):
        return [_to_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _to_plain(item) for key, item in value.items()}
    return value


@contextmanager
def _translated() -> Iterator[None]:
    """Turn the driver's errors into the store's own.

    The driver's messages may quote values, so they are not even chained: a traceback in a log must
    not hold a person's data.
    """
    try:
        yield
    except neo4j.exceptions.AuthError:
        raise AccessDenied from None
    except _AWAY:
        raise Unavailable from None
    except (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError) as error:
        raise StoreError(getattr(error, "code", None) or type(error).__name__) from None
