"""Which agencies that a file would bring may be known already, under a name written otherwise?

Identity (loaders.directory) joins only what surely is one agency. What is merely like a known one
is put to a person before the load, who says which are the same; else both stand side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graph.records import NodeRecord, Record, Source, Value
from graph.store import Row, Store
from loaders.open_data.matching import OF_KNOWN, Doubt, list_doubts, make_known
from loaders.problems import Problem, sort_values

SHOWN: Final = ("name", "corporation", "address", "phone", "office_number", "corporate_number")
"""What a person compares."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """An agency that a file would bring, and a known one it may be.

    `brought` and `known` hold what is compared by property, None for what is not said; of a known
    agency with a hidden address neither address nor telephone.
    """

    brought_id: str
    known_id: str
    reason: str
    similarity: int
    brought: Mapping[str, Value]
    known: Mapping[str, Value]
    source: Source


def find_likenesses(store: Store, records: Iterable[Record]) -> tuple[Likeness, ...]:
    """Return the likenesses of all agencies of `records` that the graph lacks, in order of rows.

    An agency that `records` name as well is not asked about: the file itself tells them apart.
    Without a municipality nobody is like anybody. At most three for one agency.
    """
    named = {
        record.key: record
        for record in records
        if isinstance(record, NodeRecord) and record.label == "Organization"
    }
    standing = store.find_nodes("Organization", "organization_id", named, ())
    brought = [named[key] for key in named.keys() - {row["key"] for row in standing}]
    places = {one.properties.get("municipality") for one in brought}
    known = _read_known(store, places, named.keys())
    found = [
        _describe(one, row, doubt)
        for one in brought
        for doubt, row in _compare(one, known.get(one.properties.get("municipality"), ()))
    ]
    return tuple(sorted(found, key=_order))


def report_likenesses(likenesses: Iterable[Likeness]) -> tuple[Problem, ...]:
    """Return a notice for each likeness: what to write where they are the same agency."""
    return tuple(
        Problem(
            one.source.file,
            one.source.sheet,
            one.source.row or 0,
            "",
            "rows.alike",
            sort_values(
                {"name": one.brought["name"], "known": one.known["name"], "id": one.known_id}
            ),
            notice=True,
        )
        for one in likenesses
    )


def _read_known(
    store: Store, places: Iterable[Value], named: Iterable[str]
) -> Mapping[Value, Sequence[Row]]:
    columns = tuple({*OF_KNOWN, *SHOWN, "hidden_address"})
    own = set(named)
    known: dict[Value, list[Row]] = defaultdict(list)
    for row in store.find_nodes("Organization", "municipality", places, columns):
        if row["key"] not in own:
            known[row["municipality"]].append(row)
    return known


def _compare(brought: NodeRecord, known: Sequence[Row]) -> Iterable[tuple[Doubt, Row]]:
    rows = {row["key"]: row for row in known}
    doubts = list_doubts(brought.properties, [make_known(row) for row in known])
    return [(doubt, rows[doubt.organization_id]) for doubt in doubts]


def _describe(brought: NodeRecord, row: Row, doubt: Doubt) -> Likeness:
    withheld = {"address", "phone"} if row["hidden_address"] else set()
    return Likeness(
        brought.key,
        row["key"],
        doubt.reason,
        doubt.similarity,
        {name: brought.properties.get(name) for name in SHOWN},
        {name: None if name in withheld else row[name] for name in SHOWN},
        brought.source,
    )


def _order(one: Likeness) -> tuple[str, int, str, int, str]:
    source = one.source
    return source.sheet or "", source.row or 0, one.brought_id, -one.similarity, one.known_id
