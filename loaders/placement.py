"""The place each agency keeps in a facility's ecomap: given once, with the load that brings it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from graph.pictures.layout import assign_slots
from graph.records import NodeRecord, Record, RelationshipRecord, Source

Pair = tuple[str, str]


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
