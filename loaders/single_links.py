"""Relationships that a fact has once (`RelationshipType.once`): what the rows say, and the graph.

A referral has one receiver, a consent one client. Two rows that name two of them contradict each
other. A file that names another one than the graph corrects it: the former is taken away with the
load, and its undo puts it back. But whose a referral, a consent or a list is does not change: there
the id is in use for something else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from graph.records import Record, RelationshipRecord, Source
from graph.schema import RELATIONSHIPS
from graph.store import Row, Store
from loaders.problems import Problem, sort_values
from loaders.reading.headers import SheetKind, read_words

_SAID_IN: Final[Mapping[str, tuple[SheetKind, str]]] = {
    "LOCATED_IN": ("organizations", "municipality"),
    "KEEPS": ("partner_list", "facility"),
    "RECORDED_BY": ("events", "facility"),
    "SENT": ("referrals", "referrer"),
    "RECEIVED_BY": ("referrals", "receiver"),
    "FOR": ("referrals", "client_id"),
    "FOLLOWS": ("referrals", "follows"),
    "GRANTS": ("consents", "client_id"),
    "ALLOWS": ("consents", "organization"),
}
"""Sheet and column that say each relationship that the schema lets stand once."""
_LASTING: Final = frozenset({"FOR", "GRANTS", "ALLOWS", "KEEPS"})
_ALSO_A_PROPERTY: Final = "LOCATED_IN"
"""Two rows that differ in it differ in the municipality, and are told so."""

Links = dict[str, RelationshipRecord]
"""Key of whose the relationship is → the relationship; all of one type."""


def find_contradictions(records: Iterable[Record]) -> Iterator[Problem]:
    """Yield a problem for each row that names another end than an earlier row; at most one each."""
    first: dict[str, Links] = defaultdict(dict)
    told: set[Source] = set()
    for link in _list_single(records):
        standing = first[link.type].setdefault(_find_owner(link), link)
        if link.type == _ALSO_A_PROPERTY or link.source in told:
            continue
        if standing.identity != link.identity:
            told.add(link.source)
            values = {"other": standing.source.row or "", "property": _name_column(link.type)}
            yield _report(link, "rows.contradiction", values)


def compare_with_graph(
    store: Store, records: Iterable[Record]
) -> tuple[tuple[RelationshipRecord, ...], tuple[Problem, ...]]:
    """Return the relationships of the graph that `records` replace, and ids in use for others.

    One that is replaced has the source of the row that replaces it.
    """
    replaced: list[RelationshipRecord] = []
    problems: list[Problem] = []
    said: dict[str, Links] = defaultdict(dict)
    for link in _list_single(records):
        said[link.type][_find_owner(link)] = link
    for kind, links in said.items():
        for former, link in _find_others(store, kind, links):
            if kind in _LASTING:
                problems.append(_report(link, "rows.id_in_use", {"property": _name_column(kind)}))
            else:
                replaced.append(former)
    return tuple(replaced), tuple(sorted(problems))


def _name_column(kind: str) -> str:
    """Return the usual header of the column that says a relationship of this type."""
    sheet, column = _SAID_IN[kind]
    return read_words()[sheet].labels[column][0]


def _list_single(records: Iterable[Record]) -> Iterator[RelationshipRecord]:
    for record in records:
        if isinstance(record, RelationshipRecord) and RELATIONSHIPS[record.type].once:
            yield record


def _find_owner(link: RelationshipRecord) -> str:
    return link.end[1] if RELATIONSHIPS[link.type].once == "end" else link.start[1]


def _find_others(
    store: Store, kind: str, links: Links
) -> Iterator[tuple[RelationshipRecord, RelationshipRecord]]:
    """Yield what stands beside each of `links` with another end."""
    side = RELATIONSHIPS[kind].once or "start"
    for row in store.find_relationships(kind, side, links):
        link = links[row[side]]
        former = _make_former(link, row)
        if former.identity != link.identity:
            yield former, link


def _make_former(link: RelationshipRecord, row: Row) -> RelationshipRecord:
    start, end = (link.start[0], row["start"]), (link.end[0], row["end"])
    return RelationshipRecord(link.type, start, end, {}, link.source)


def _report(link: RelationshipRecord, code: str, values: Mapping[str, object]) -> Problem:
    source = link.source
    return Problem(source.file, source.sheet, source.row or 0, "", code, sort_values(values))
