"""The whole graph as plain lines, and back: what a backup holds and a restore writes.

A line is a mapping that JSON can hold: ``{"n": label, "p": properties}`` for a node, ``{"r": type,
"a": [label, key], "b": [label, key], "p": properties}`` for a relationship. Lines come ordered by
label and key, relationships after nodes by type and key, so that equal graphs give equal lines.
Values JSON has no type for are a mapping of one type name and its text: dates, times, durations,
points, bytes, numbers that are none. Only labels and types of the schema are read and written;
what the store keeps for itself (holds, the graph's version) is no line.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Any, Final

import neo4j
import neo4j.spatial
import neo4j.time
import pytz  # type: ignore[import-untyped]  # the driver's own kind of zone

from graph import statements
from graph.schema import NODES, RELATIONSHIPS
from graph.store.driver import translated
from graph.store.errors import ForeignData, StoreError
from graph.store.holding import Hold

READ_TIMEOUT_S: Final = 7_200.0
WRITE_TIMEOUT_S: Final = 600.0
BATCH: Final = 5_000
_OWN: Final = [[label] for label in statements.OWN_KEYS]
_LOOK_EVERY: Final = 1_000  # lines between two looks at the hold

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many nodes of each label and relationships of each type there are; none are left out."""

    nodes: Mapping[str, int] = field(default_factory=dict)
    relationships: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All nodes and relationships."""
        return sum(self.nodes.values()) + sum(self.relationships.values())


def count_graph(session: neo4j.Session) -> Counts:
    """Return the counts of everything in the graph.

    Raises:
        ForeignData: it holds nodes or relationships that the schema does not know.
    """
    nodes = {
        " ".join(row["labels"]): int(row["count"])
        for row in session.run("MATCH (n) RETURN labels(n) AS labels, count(*) AS count")
        if row["labels"] not in _OWN
    }
    links = {
        row["kind"]: int(row["count"])
        for row in session.run("MATCH ()-[r]->() RETURN type(r) AS kind, count(*) AS count")
    }
    if foreign := (nodes.keys() - NODES.keys()) | (links.keys() - RELATIONSHIPS.keys()):
        raise ForeignData(", ".join(sorted(foreign)))
    return Counts(dict(sorted(nodes.items())), dict(sorted(links.items())))


def read_graph(session: neo4j.Session, hold: Hold | None = None) -> Iterator[Line]:
    """Yield every line; memory stays the same however many there are.

    Raises:
        HoldLost: writes were not held any more.
        Unavailable: the database went away in the middle.
    """
    with translated(), session.begin_transaction(timeout=READ_TIMEOUT_S) as tx:
        for number, line in enumerate(_read_lines(tx)):
            if hold is not None and number % _LOOK_EVERY == 0:
                hold.keep()
            yield line
        if hold is not None:
            hold.confirm()


def write_lines(
    session: neo4j.Session, lines: Iterable[Line], progress: Callable[[int], None]
) -> Counts:
    """Write lines into a graph that has none of them; `progress` gets how many are written.

    Nodes must come before the relationships that join them. Each `BATCH` is a transaction.

    Raises:
        ForeignData: a line names what the schema does not know; what came before stands.
        StoreError: a line stands already, or an end does not; what came before stands.
    """
    counts: dict[str, dict[str, int]] = {"n": {}, "r": {}}
    written = 0
    for (tag, *kinds), group in groupby(lines, key=_name_kind):
        statement = _make_statement(tag, *kinds)
        rows_of_kind = (_make_row(line) for line in group)
        while rows := list(islice(rows_of_kind, BATCH)):
            with translated():
                made = session.execute_write(_write_batch, statement, rows)
            if made != len(rows):
                raise StoreError(f"{kinds[0]}: {len(rows) - made}")
            counts[tag][kinds[0]] = counts[tag].get(kinds[0], 0) + made
            written += made
            progress(written)
    return Counts(counts["n"], counts["r"])


def empty_graph(session: neo4j.Session, keep: Callable[[], None]) -> None:
    """Delete every node and relationship but the hold, `BATCH` nodes in a transaction.

    `keep` is called before each of them; what it raises ends the deleting, and the rest stands.
    """
    gone = BATCH
    while gone == BATCH:
        keep()
        with translated():
            gone = session.execute_write(_delete_batch, BATCH)


def pack(value: object) -> Any:
    """Return what JSON can hold of a stored value.

    Raises:
        TypeError: the database has a type that backups do not know yet.
    """
    writer = _PACKERS.get(type(value))
    if writer is None:
        raise TypeError(type(value).__name__)
    return writer(value)


def unpack(value: Any) -> Any:
    """Return the driver's value of a packed one; the inverse of `pack`.

    Raises:
        KeyError, ValueError: it was not packed so.
    """
    if isinstance(value, list):
        return [unpack(item) for item in value]
    if isinstance(value, dict):
        ((name, content),) = value.items()
        return _UNPACKERS[name](content)
    return value


def _list_kinds(tx: neo4j.Transaction) -> tuple[list[str], list[str]]:
    """Return the labels and types to read; those without a fact would cost a query each."""
    labels = {row["label"] for row in tx.run("CALL db.labels() YIELD label")}
    kinds = {
        row["kind"] for row in tx.run("CALL db.relationshipTypes() YIELD relationshipType AS kind")
    }
    return sorted(labels & NODES.keys()), sorted(kinds & RELATIONSHIPS.keys())


def _read_lines(tx: neo4j.Transaction) -> Iterator[Line]:
    labels, kinds = _list_kinds(tx)
    for label in labels:
        for (properties,) in tx.run(statements.copy_nodes(label)):
            yield {"n": label, "p": _pack_all(properties)}
    for kind in kinds:
        for start, start_key, end, end_key, properties in tx.run(
            statements.copy_relationships(kind)
        ):
            ends = {"a": [start, start_key], "b": [end, end_key]}
            yield {"r": kind, **ends, "p": _pack_all(properties)}


def _pack_all(properties: Mapping[str, object]) -> Line:
    return {name: pack(properties[name]) for name in sorted(properties)}


def _name_kind(line: Line) -> tuple[str, ...]:
    if "n" in line:
        return ("n", line["n"])
    return ("r", line["r"], line["a"][0], line["b"][0])


def _make_statement(tag: str, kind: str, *ends: str) -> str:
    """Return the write of one kind; labels come from the schema, never from a file."""
    if tag == "n" and kind in NODES:
        return statements.restore_nodes(kind)
    if tag == "r" and kind in RELATIONSHIPS and set(ends) <= NODES.keys():
        return statements.restore_relationships(kind, *ends)
    raise ForeignData(kind)


def _make_row(line: Line) -> Line:
    row: Line = {"properties": {name: unpack(value) for name, value in line["p"].items()}}
    if "r" in line:
        row |= {"start": line["a"][1], "end": line["b"][1]}
    return row


@neo4j.unit_of_work(timeout=WRITE_TIMEOUT_S)
def _delete_batch(tx: neo4j.ManagedTransaction, size: int) -> int:
    statement = (
        "MATCH (n) WHERE NOT n:Hold WITH n LIMIT $size DETACH DELETE n RETURN count(*) AS gone"
    )
    return int(tx.run(statement, size=size).single(strict=True)["gone"])


@neo4j.unit_of_work(timeout=WRITE_TIMEOUT_S)
def _write_batch(tx: neo4j.ManagedTransaction, statement: str, rows: Sequence[Line]) -> int:
    return int(tx.run(statement, rows=rows).single(strict=True)["written"])


def _as_it_is(value: object) -> object:
    return value


def _pack_number(value: float) -> object:
    return value if math.isfinite(value) else {"number": repr(value)}


def _pack_time(value: neo4j.time.DateTime) -> object:
    zone = getattr(value.tzinfo, "zone", None) or getattr(value.tzinfo, "key", None)
    return {"time": [value.iso_format(), zone] if zone else [value.iso_format()]}


def _pack_duration(value: neo4j.time.Duration) -> object:
    return {"duration": [value.months, value.days, value.seconds, value.nanoseconds]}


def _pack_point(value: neo4j.spatial.Point) -> object:
    return {"point": [value.srid, *value]}


def _pack_bytes(value: bytes | bytearray) -> object:
    return {"bytes": base64.b64encode(value).decode("ascii")}


_PACKERS: Final[dict[type, Callable[[Any], object]]] = {
    type(None): _as_it_is,
    str: _as_it_is,
    bool: _as_it_is,
    int: _as_it_is,
    float: _pack_number,
    list: lambda value: [pack(item) for item in value],
    bytes: _pack_bytes,
    bytearray: _pack_bytes,
    neo4j.time.Date: lambda value: {"date": value.iso_format()},
    neo4j.time.DateTime: _pack_time,
    neo4j.time.Time: lambda value: {"clock": value.iso_format()},
    neo4j.time.Duration: _pack_duration,
    neo4j.spatial.WGS84Point: _pack_point,
    neo4j.spatial.CartesianPoint: _pack_point,
}


def _unpack_time(content: Sequence[str]) -> object:
    moment = neo4j.time.DateTime.from_iso_format(content[0])
    return moment.astimezone(pytz.timezone(content[1])) if len(content) > 1 else moment


def _unpack_point(content: Sequence[float]) -> object:
    kind = _POINTS[int(content[0])]
    return kind(content[1:])


_POINTS: Final[dict[int, Callable[[Sequence[float]], neo4j.spatial.Point]]] = {
    4326: neo4j.spatial.WGS84Point,
    4979: neo4j.spatial.WGS84Point,
    7203: neo4j.spatial.CartesianPoint,
    9157: neo4j.spatial.CartesianPoint,
}
_UNPACKERS: Final[dict[str, Callable[[Any], object]]] = {
    "number": float,
    "bytes": base64.b64decode,
    "date": neo4j.time.Date.from_iso_format,
    "time": _unpack_time,
    "clock": neo4j.time.Time.from_iso_format,
    "duration": lambda content: neo4j.time.Duration(
        months=content[0], days=content[1], seconds=content[2], nanoseconds=content[3]
    ),
    "point": _unpack_point,
}
