"""The facts of the graph as records, as far as a workbook can say them and the actor may see them.

Without `see_clients` there are no clients, referrals and consents, nor events about a client;
without `see_people` no contact persons and no words of events; without `see_levels` no levels of
agreement and anxiety and no stressful ties, which told as ordinary ones would become so when the
file is loaded again. A hidden address leaves as its municipality only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from graph.dates import read_stored_date
from graph.records import NodeRecord, Record, RelationshipRecord, Source, Value
from graph.rights import Actor, Right
from graph.schema import NODES, RELATIONSHIPS, Property, ValueType
from graph.store import Progress, Row, Store
from loaders.events import LEVEL_KINDS
from loaders.reading.headers import SheetKind
from loaders.templates import ORDER

DEMANDED: Final[Mapping[SheetKind, Right]] = {
    "people": "see_people",
    "referrals": "see_clients",
    "consents": "see_clients",
}
"""Sheets that not everybody who may take files out gets."""

_LABELS: Final[Mapping[str, Right | None]] = {
    "Organization": None, "PartnerList": None, "Event": None, "Person": "see_people",
    "Client": "see_clients", "Referral": "see_clients", "Consent": "see_clients",
}  # fmt: skip
_REFERENCE: Final = frozenset({"Area", "Support"})
"""Labels that every graph holds before the first file."""
_LEFT: Final = frozenset({"PART_OF"})
_HIDDEN: Final = ("postal_code", "address", "location", "location_accuracy")
_HIDDEN_SHELTER: Final = (*_HIDDEN, "phone", "fax")
_SHELTER: Final = "シェルター"
_SOURCE: Final = Source("")

Facts = dict[str, dict[str, NodeRecord]]
Ends = tuple[str, str]


def list_sheets(actor: Actor) -> tuple[SheetKind, ...]:
    """Return the kinds of sheet that the actor may take out, in the order of a workbook."""
    return tuple(kind for kind in ORDER if kind not in DEMANDED or actor.may(DEMANDED[kind]))


def read_facts(store: Store, progress: Progress | None = None) -> list[Record]:
    """Return what the store's actor may see of the sheets' facts; [] of an empty graph.

    Relationships are read before what they join, so that one that is written meanwhile has both
    its ends; one whose end is taken away meanwhile is left out.
    """
    actor = store.actor
    steps: list[str | tuple[str, Ends]] = [*_list_joins(actor), *_list_labels(actor)]
    links: list[RelationshipRecord] = []
    nodes: Facts = {label: {} for label in _LABELS}
    for done, step in enumerate(steps, 1):
        if isinstance(step, str):
            nodes[step] = {record.key: record for record in _read_nodes(store, step)}
        else:
            links += _read_links(store, *step)
        if progress:
            progress(done / len(steps))
    nodes["Event"] = _withhold_events(actor, nodes["Event"], _list_about_clients(store, actor))
    kept = (
        link
        for link in links
        if _stands(link.start, nodes) and _stands(link.end, nodes) and _may_leave(actor, link)
    )
    return [*(record for found in nodes.values() for record in found.values()), *kept]


def _list_labels(actor: Actor) -> list[str]:
    return [label for label, right in _LABELS.items() if right is None or actor.may(right)]


def _list_joins(actor: Actor) -> list[tuple[str, Ends]]:
    shown = {*_list_labels(actor), *_REFERENCE}
    return [
        (kind, ends)
        for kind, declared in RELATIONSHIPS.items()
        for ends in declared.ends
        if not declared.derived and kind not in _LEFT and set(ends) <= shown
    ]


def _read_nodes(store: Store, label: str) -> Iterator[NodeRecord]:
    declared = NODES[label]
    for row in store.list_nodes(label, _list_stored(declared.properties)):
        facts = _decode(row, declared.properties)
        key = str(facts.pop(declared.key))
        record = NodeRecord(label, key, facts, _SOURCE)
        yield _conceal(record) if facts.get("hidden_address") else record


def _read_links(store: Store, kind: str, ends: Ends) -> Iterator[RelationshipRecord]:
    declared = RELATIONSHIPS[kind].properties
    for row in store.list_relationships(kind, _list_stored(declared), ends):
        start, end = (ends[0], str(row["start"])), (ends[1], str(row["end"]))
        yield RelationshipRecord(kind, start, end, _decode(row, declared), _SOURCE)


def _list_stored(properties: tuple[Property, ...]) -> list[str]:
    return [name for declared in properties for name in declared.stored_names]


def _decode(row: Row, properties: tuple[Property, ...]) -> dict[str, Value]:
    return {declared.name: _decode_one(row, declared) for declared in properties}


def _decode_one(row: Mapping[str, Any], declared: Property) -> Value:
    value: Value = row[declared.name]
    if declared.type is not ValueType.PARTIAL_DATE or value is None:
        return value
    return read_stored_date(row, declared.name)


def _conceal(record: NodeRecord) -> NodeRecord:
    is_shelter = _SHELTER in str(record.properties.get("agency_type") or "")
    gone = dict.fromkeys(_HIDDEN_SHELTER if is_shelter else _HIDDEN)
    return replace(record, properties={**record.properties, **gone})


def _list_about_clients(store: Store, actor: Actor) -> frozenset[str]:
    if actor.may("see_clients"):
        return frozenset()
    rows = store.list_relationships("CONCERNS", (), ("Event", "Client"))
    return frozenset(row["start"] for row in rows)


def _withhold_events(
    actor: Actor, events: Mapping[str, NodeRecord], about_clients: frozenset[str]
) -> dict[str, NodeRecord]:
    shown = {
        key: event
        for key, event in events.items()
        if key not in about_clients
        and (actor.may("see_levels") or event.properties["kind"] not in LEVEL_KINDS)
    }
    if actor.may("see_people"):
        return shown
    return {
        key: replace(event, properties={**event.properties, "text": None})
        for key, event in shown.items()
    }


def _may_leave(actor: Actor, link: RelationshipRecord) -> bool:
    return actor.may("see_levels") or link.properties.get("quality") != "stressful"


def _stands(end: Ends, nodes: Facts) -> bool:
    label, key = end
    return label in _REFERENCE or key in nodes.get(label, {})
