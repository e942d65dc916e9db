"""What a change replaced: every fact it touched as it stood before, packed to be kept.

A load keeps, beside what it writes, an entry for each fact it makes, changes or takes away. From
them the graph before the load can be made again. Pure functions; `graph.store.history` keeps the
packed entries in the graph, a few thousand to a node.
"""

from __future__ import annotations

import base64
import json
import os
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from graph.records import NodeRecord, Point, Record, RelationshipRecord, Source

KEPT_DAYS: Final = 400
"""How long what was before is kept: a fiscal year, and the weeks in which it is reported."""

KEPT_DAYS_NAME: Final = "TSUNAGI_HISTORY_DAYS"
"""Environment variable that says another number of days, at least 1."""

PRODUCT: Final = "reference-"
"""Begins the id of a load of the product's own (areas, cells of a picture): no one undoes it."""

_LEVEL: Final = 1  # of compression: a higher one takes three times as long for a tenth less

Fact = tuple[str, str]
"""Kind (label or relationship type) and identity."""


class Kind(NamedTuple):
    """What facts of an entry are: a label, or a relationship type with the labels of its ends."""

    name: str
    start: str = ""
    end: str = ""

    @property
    def is_node(self) -> bool:
        """Whether it is a label."""
        return not self.start


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact before a change, and the load it is stamped with after it.

    `before` holds every stored property, None of a fact that did not stand. `after` is None of a
    fact that the change took away. `ends` are the keys of a relationship's ends; a relationship
    that the change made has none, as nothing is to be made again from it.
    """

    kind: Kind
    identity: str
    before: Mapping[str, Any] | None
    after: str | None
    ends: tuple[str, str] | None = None

    @property
    def fact(self) -> Fact:
        """Kind and identity."""
        return (self.kind.name, self.identity)

    @property
    def earlier_load(self) -> str | None:
        """The load the fact was stamped with before; None when it did not stand."""
        return None if self.before is None else self.before.get("load_id")


def pack(load_id: str, entries: Iterable[Entry]) -> str:
    """Return entries of a load as text: compressed JSON in which dates and points keep their type.

    Most facts are new and stamped with the load itself: of those the identity alone is kept.
    """
    groups: dict[Kind, list[Any]] = {}
    for entry in entries:
        groups.setdefault(entry.kind, []).append(_shorten(entry, load_id))
    content = [[list(kind), facts] for kind, facts in groups.items()]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=_write_typed)
    return base64.b64encode(zlib.compress(text.encode(), _LEVEL)).decode()


def unpack(load_id: str, content: str) -> list[Entry]:
    """Return the entries of `pack`, in its order within each kind."""
    text = zlib.decompress(base64.b64decode(content)).decode()
    groups = json.loads(text, object_hook=_read_typed)
    return [_lengthen(Kind(*kind), short, load_id) for kind, facts in groups for short in facts]


def join(entries: Iterable[Entry]) -> list[Entry]:
    """Return one entry per fact of what happened one after the other: first before, last after.

    A fact that was made and taken away again is left out.
    """
    joined: dict[Fact, Entry] = {}
    for entry in entries:
        first = joined.get(entry.fact)
        if first is None:
            joined[entry.fact] = entry
        else:
            joined[entry.fact] = Entry(
                entry.kind, entry.identity, first.before, entry.after, first.ends or entry.ends
            )
    return [one for one in joined.values() if one.before is not None or one.after is not None]


def leave_out(entries: Iterable[Entry], facts: Collection[Fact]) -> list[Entry]:
    """Return the entries without those of `facts` and of relationships that join one of them."""
    return [
        entry
        for entry in entries
        if entry.fact not in facts and not any(end in facts for end in list_ends(entry))
    ]


def make_stub(kind: Kind) -> Record:
    """Return a record of the kind that says nothing: to ask which right its like demands."""
    if kind.is_node:
        return NodeRecord(kind.name, "", {}, Source(""))
    return RelationshipRecord(kind.name, (kind.start, ""), (kind.end, ""))


def split(entries: Sequence[Entry], size: int) -> Iterator[Sequence[Entry]]:
    """Yield the entries in parts of `size`; none of none."""
    return (entries[start : start + size] for start in range(0, len(entries), size))


def read_kept_days(environment: Mapping[str, str] = os.environ) -> int:
    """Return how many days what was before is kept; what is no number from 1 on counts for none."""
    words = environment.get(KEPT_DAYS_NAME, "")
    return int(words) if words.isdecimal() and int(words) >= 1 else KEPT_DAYS


def find_oldest(now: datetime, days: int) -> datetime:
    """Return the moment before which nothing is kept."""
    return now - timedelta(days=days)


def list_ends(entry: Entry) -> tuple[Fact, ...]:
    """Return the nodes that a relationship joined, where the entry tells them."""
    if entry.ends is None:
        return ()
    return ((entry.kind.start, entry.ends[0]), (entry.kind.end, entry.ends[1]))


def _shorten(entry: Entry, load_id: str) -> Any:
    if entry.before is None and entry.after == load_id:
        return entry.identity
    after = 0 if entry.after == load_id else entry.after
    return [entry.identity, entry.before, after, *(entry.ends or ())]


def _lengthen(kind: Kind, short: Any, load_id: str) -> Entry:
    if isinstance(short, str):
        return Entry(kind, short, None, load_id)
    identity, before, after, *ends = short
    found = (ends[0], ends[1]) if ends else None
    return Entry(kind, identity, before, load_id if after == 0 else after, found)


def _write_typed(value: object) -> object:
    if isinstance(value, datetime):
        return {"$time": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, Point):
        return {"$point": [value.latitude, value.longitude]}
    raise TypeError(type(value).__name__)


def _read_typed(value: dict[str, Any]) -> Any:
    if "$date" in value:
        return date.fromisoformat(value["$date"])
    if "$time" in value:
        return datetime.fromisoformat(value["$time"])
    if "$point" in value:
        return Point(*value["$point"])
    return value
