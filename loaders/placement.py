"""The place each agency keeps in a facility's ecomap: given once, with the load that brings it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from graph.pictures.layout import assign_slots
from graph.records import NodeRecord, Record, RelationshipRecord, Source
from graph.store import Store

Pair = tuple[str, str]


def place_in_graph(store: Store, records: Sequence[Record], source: Source) -> list[Record]:
    """Return what `place_newcomers` does, beside what the graph holds; [] joins nobody.

    Of the agencies only those that a list names or a tie joins are read: a graph with open data
    holds hundreds of thousands.
    """
    agencies = _list_joined(records)
    if not agencies:
        return []
    keepers = {row["start"] for row in store.list_relationships("KEEPS", ())}
    taken = {
        (row["start"], row["end"]): row["slot"]
        for row in store.list_relationships("PLACES", ("slot",))
    }
    rows = store.find_nodes("Organization", "organization_id", agencies, ("field",))
    fields = {row["key"]: row["field"] for row in rows}
    return place_newcomers(records, keepers, taken, fields, source)


def place_newcomers(
    records: Sequence[Record],
    facilities: Iterable[str],
    taken: Mapping[Pair, int],
    fields: Mapping[str, str | None],
    source: Source,
) -> list[Record]:
    """Return PLACES for each agency that `records` bring into a facility's ecomap.

    `facilities` are the agencies known to keep a list, `taken` the places that stand, (facility,
    agency) → slot, `fields` the field of agencies that `records` do not declare. Nobody who has a
    place gets another. An agency without a field gets none until it has one.
    """
    known_fields = dict(fields) | _read_fields(records)
    newcomers: dict[str, dict[str, str]] = defaultdict(dict)
    for facility, agency in _find_pairs(records, set(facilities)):
        field = known_fields.get(agency)
        if field and (facility, agency) not in taken and facility != agency:
            newcomers[facility][agency] = field
    placed: list[Record] = []
    for facility, agencies in newcomers.items():
        standing = {agency: slot for (owner, agency), slot in taken.items() if owner == facility}
        slots = assign_slots(standing, list(agencies.items()))
        placed += [_place(facility, agency, slot, source) for agency, slot in slots.items()]
    return placed


def _list_joined(records: Iterable[Record]) -> set[str]:
    """Return the agencies that a list names or a tie joins."""
    joined: set[str] = set()
    for record in records:
        if isinstance(record, RelationshipRecord) and record.type in ("LISTS", "TIED_TO"):
            ends = (record.start, record.end)
            joined |= {key for label, key in ends if label == "Organization"}
    return joined


def _find_pairs(records: Sequence[Record], facilities: set[str]) -> Iterator[Pair]:
    """Yield (facility, agency) for what a list names, then for what a tie joins."""
    links = [record for record in records if isinstance(record, RelationshipRecord)]
    keeper = {link.end[1]: link.start[1] for link in links if link.type == "KEEPS"}
    facilities |= set(keeper.values())
    for link in links:
        if link.type == "LISTS" and link.start[1] in keeper:
            yield keeper[link.start[1]], link.end[1]
    for link in links:
        if link.type == "TIED_TO":
            pair = (link.start[1], link.end[1])
            yield from (p for p in (pair, pair[::-1]) if p[0] in facilities)


def _read_fields(records: Iterable[Record]) -> dict[str, str | None]:
    return {
        record.key: str(record.properties["field"])
        for record in records
        if isinstance(record, NodeRecord)
        and record.label == "Organization"
        and record.properties.get("field")
    }


def _place(facility: str, agency: str, slot: int, source: Source) -> Record:
    return RelationshipRecord(
        "PLACES",
        ("Organization", facility),
        ("Organization", agency),
        {"slot": slot},
        Source(source.file),
    )
