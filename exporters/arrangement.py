"""Facts as the rows of the loader's sheets: one row for one fact of its kind, in a steady order.

Agencies stand in the order of a Japanese index, everything else by date. Every row carries the id
of what it says, so that an empty database gets the same ids and a second load changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, Final

from exporters.cells import (
    Names,
    write_area,
    write_areas,
    write_offer,
    write_supports,
    write_value,
)
from graph.collation import order_name
from graph.records import NodeRecord, Point, Record, RelationshipRecord, Value
from graph.schema import NODES, RELATIONSHIPS, Property
from loaders.directory import Directory, KnownOrganization
from loaders.organizations import NO_POINT
from loaders.reading.headers import SheetKind
from loaders.templates import Cells

Link = tuple[str, str, Mapping[str, Value]]
"""Start, end and properties of a relationship."""

_OF_LIST: Final[Mapping[str, str]] = {"name": "list_name", "made_on": "list_date"}
_OF_EVENT: Final[Mapping[str, str]] = {"occurred_on": "date", "until": "due_on"}
_OF_REFERRAL: Final[Mapping[str, str]] = {
    "former_area_text": "former_area",
    "desired_area_text": "desired_area",
    "destination_text": "destination",
}


@dataclass(slots=True)
class _Index:
    """The facts by kind, with the names and the order of agencies."""

    nodes: dict[str, dict[str, Mapping[str, Value]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    links: dict[tuple[str, str, str], list[Link]] = field(default_factory=lambda: defaultdict(list))
    names: Names = field(init=False)
    places: dict[str, int] = field(init=False)

    def of_start(self, kind: str, start: str, end: str) -> Mapping[str, list[str]]:
        """Return start → ends of a kind, in the order of agencies or of ids."""
        return self._group(((a, b) for a, b, _ in self.links[kind, start, end]), end)

    def of_end(self, kind: str, start: str, end: str) -> Mapping[str, list[str]]:
        """Return end → starts of a kind, in the order of agencies or of ids."""
        return self._group(((b, a) for a, b, _ in self.links[kind, start, end]), start)

    def _group(self, pairs: Iterable[tuple[str, str]], label: str) -> Mapping[str, list[str]]:
        groups: dict[str, list[str]] = defaultdict(list)
        is_agency = label == "Organization"
        for key, other in sorted(pairs, key=lambda p: (self.places[p[1]] if is_agency else 0, p)):
            groups[key].append(other)
        return groups


def arrange(facts: Iterable[Record], kinds: Iterable[SheetKind]) -> dict[SheetKind, list[Cells]]:
    """Return the rows of each kind of sheet that is asked for; no rows where there is no fact."""
    index = _make_index(facts)
    return {kind: list(_WRITERS[kind](index)) for kind in kinds}


def _make_index(facts: Iterable[Record]) -> _Index:
    index = _Index()
    for fact in facts:
        if isinstance(fact, NodeRecord):
            index.nodes[fact.label][fact.key] = fact.properties
        else:
            index.links[fact.type, fact.start[0], fact.end[0]].append(_open_link(fact))
    agencies: Mapping[str, Mapping[str, Any]] = index.nodes["Organization"]
    known = (
        KnownOrganization(key, facts["name"], facts.get("short_name"))
        for key, facts in agencies.items()
    )
    index.names = Names(Directory(known), {key: facts["name"] for key, facts in agencies.items()})
    order = sorted(agencies, key=lambda key: (_order_named(agencies[key]), key))
    index.places = {key: place for place, key in enumerate(order)}
    return index


def _open_link(fact: RelationshipRecord) -> Link:
    return fact.start[1], fact.end[1], fact.properties


def _order_named(facts: Mapping[str, Any]) -> object:
    return order_name(facts.get("kana") or facts.get("name") or "")


def _write_facts(
    declared: Sequence[Property],
    facts: Mapping[str, Value],
    columns: Mapping[str, str] | None = None,
    year: int | None = None,
) -> Cells:
    """Return the cells of properties by column; `columns` names those called otherwise."""
    return {
        (columns or {}).get(one.name, one.name): write_value(facts.get(one.name), one, year)
        for one in declared
        if not isinstance(facts.get(one.name), Point)
    }


def _write_node(label: str, key: str, facts: Mapping[str, Value], **more: Any) -> Cells:
    return _write_facts(NODES[label].properties, {**facts, NODES[label].key: key}, **more)


def _write_organizations(index: _Index) -> Iterator[Cells]:
    serves = index.of_start("SERVES", "Organization", "Area")
    offers: dict[str, list[str]] = defaultdict(list)
    for start, end, facts in sorted(index.links["OFFERS", "Organization", "Support"], key=_ends):
        own_words = facts.get("as_written")
        offers[start].append(write_offer(end, str(own_words) if own_words else None))
    for key in index.places:
        facts = index.nodes["Organization"][key]
        yield {
            **_write_node("Organization", key, facts),
            **_write_place(facts),
            "serves": write_areas(serves.get(key, ())),
            "offers": "、".join(offers.get(key, ())) or None,
        }


def _write_place(facts: Mapping[str, Value]) -> Cells:
    """Return municipality and point; where a reader would guess one, that there is none."""
    municipality, point = facts.get("municipality"), facts.get("location")
    place: Cells = {"municipality": write_area(str(municipality)) if municipality else None}
    if isinstance(point, Point):
        latitude, longitude = write_value(point.latitude), write_value(point.longitude)
        return {**place, "latitude": latitude, "longitude": longitude}
    may_be_guessed = (municipality or facts.get("address")) and not facts.get("hidden_address")
    return {**place, "location_accuracy": NO_POINT} if may_be_guessed else place


def _write_lists(index: _Index) -> Iterator[Cells]:
    keepers = index.of_end("KEEPS", "Organization", "PartnerList")
    listed: dict[str, list[Link]] = defaultdict(list)
    for link in index.links["LISTS", "PartnerList", "Organization"]:
        listed[link[0]].append(link)
    for key, facts in _sort_dated(index.nodes["PartnerList"], "made_on"):
        cells = _write_node("PartnerList", key, facts, columns=_OF_LIST)
        members = sorted(listed[key], key=lambda link: index.places[link[1]])
        rows = [_write_member(index, link) for link in members] or [{}]
        facilities: list[str | None] = [index.names[one] for one in keepers.get(key, ())]
        first, *others = facilities or [None]
        yield from ({**cells, **row, "facility": first} for row in rows)
        yield from ({**cells, **rows[0], "facility": other} for other in others)


def _write_member(index: _Index, link: Link) -> Cells:
    _, key, facts = link
    name = write_value(index.nodes["Organization"][key]["name"])
    words = _write_facts(RELATIONSHIPS["LISTS"].properties, facts)
    return {"organization_id": key, "organization": name, **words}


def _write_ties(index: _Index) -> Iterator[Cells]:
    ties = index.links["TIED_TO", "Organization", "Organization"]

    def order(tie: Link) -> tuple[Any, ...]:
        source, target, facts = tie
        return index.places[source], index.places[target], str(facts["kind"]), _order_day(facts)

    for source, target, facts in sorted(ties, key=order):
        ends: Cells = {"source": index.names[source], "target": index.names[target]}
        yield {**ends, **_write_facts(RELATIONSHIPS["TIED_TO"].properties, facts)}


def _write_people(index: _Index) -> Iterator[Cells]:
    people = index.nodes["Person"]
    work: dict[str, list[tuple[str, Mapping[str, Value]]]] = defaultdict(list)
    for person, agency, facts in index.links["WORKS_FOR", "Person", "Organization"]:
        work[person].append((agency, facts))
    rows = [
        (index.places[agency], _order_named(people[key]), key, _order_day(facts), agency, facts)
        for key in people
        for agency, facts in work[key]
    ]
    declared = RELATIONSHIPS["WORKS_FOR"].properties
    for *_, key, _, agency, facts in sorted(rows, key=lambda row: row[:4]):
        cells = _write_node("Person", key, people[key])
        yield {**cells, "organization": index.names[agency], **_write_facts(declared, facts)}
    for key in sorted(people, key=lambda key: (_order_named(people[key]), key)):
        if key not in work or not work[key]:
            yield _write_node("Person", key, people[key])


def _write_referrals(index: _Index) -> Iterator[Cells]:
    senders = index.of_end("SENT", "Organization", "Referral")
    receivers = index.of_start("RECEIVED_BY", "Referral", "Organization")
    clients = index.of_start("FOR", "Referral", "Client")
    needs = index.of_start("NEEDS", "Referral", "Support")
    earlier = index.of_start("FOLLOWS", "Referral", "Referral")
    for key, facts in _sort_dated(index.nodes["Referral"], "notified_on"):
        year = facts.get("fiscal_year")
        cells = _write_node(
            "Referral", key, facts, columns=_OF_REFERRAL,
            year=year if isinstance(year, int) else None,
        )  # fmt: skip
        yield {
            **cells,
            "client_id": _only(clients.get(key)),
            "referrer": _name_only(index, senders.get(key)),
            "receiver": _name_only(index, receivers.get(key)),
            "needs": write_supports(needs.get(key, ())),
            "follows": _only(earlier.get(key)),
        }


def _write_consents(index: _Index) -> Iterator[Cells]:
    clients = index.of_end("GRANTS", "Client", "Consent")
    agencies = index.of_start("ALLOWS", "Consent", "Organization")
    rows = [(_only(clients.get(key)) or "", key) for key in index.nodes["Consent"]]
    for client, key in sorted(rows, key=lambda row: (row[0], _since(index, row[1]), row[1])):
        cells = _write_node("Consent", key, index.nodes["Consent"][key])
        named = {"client_id": client, "organization": _name_only(index, agencies.get(key))}
        yield {**cells, **named}


def _since(index: _Index, consent: str) -> str:
    return str(index.nodes["Consent"][consent].get("since"))


def _write_events(index: _Index) -> Iterator[Cells]:
    about = {
        label: index.of_start("CONCERNS", "Event", label)
        for label in ("Organization", "Client", "Person", "Area")
    }
    recorders = index.of_start("RECORDED_BY", "Event", "Organization")
    for key, facts in _sort_dated(index.nodes["Event"], "occurred_on"):
        cells = _write_node("Event", key, facts, columns=_OF_EVENT)
        ends = {label: found.get(key, []) for label, found in about.items()}
        ends["recorder"] = recorders.get(key, [])
        for row in _spread(index, ends):
            yield {**cells, **row}


def _spread(index: _Index, ends: Mapping[str, Sequence[str]]) -> Iterator[Cells]:
    """Yield the cells of whom an event concerns: one row, more where a cell takes only one."""
    recorders = [index.names[key] for key in ends["recorder"]]
    rows = zip_longest(
        index.names.group(ends["Organization"]), ends["Client"], ends["Person"], recorders
    )
    areas = write_areas(ends["Area"])
    for organization, client, person, recorder in list(rows) or [(None, None, None, None)]:
        # A row that names no facility would be taken for one of the facility that loads it.
        facility = recorder or (recorders[0] if recorders else None)
        yield {
            "organization": organization, "client_id": client, "person_id": person,
            "facility": facility, "area": areas,
        }  # fmt: skip


def _sort_dated(
    nodes: Mapping[str, Mapping[str, Value]], day: str
) -> list[tuple[str, Mapping[str, Value]]]:
    return sorted(nodes.items(), key=lambda item: (_order_day(item[1], day), item[0]))


def _order_day(facts: Mapping[str, Value], name: str = "since") -> tuple[bool, Any]:
    """Return what puts days in order; what has none comes last."""
    day = facts.get(name)
    return (True, 0) if day is None else (False, day)


def _ends(link: Link) -> tuple[str, str]:
    return link[:2]


def _only(keys: Sequence[str] | None) -> str | None:
    return keys[0] if keys else None


def _name_only(index: _Index, keys: Sequence[str] | None) -> str | None:
    return index.names[keys[0]] if keys else None


_WRITERS: Final[Mapping[SheetKind, Callable[[_Index], Iterator[Cells]]]] = {
    "organizations": _write_organizations,
    "partner_list": _write_lists,
    "ties": _write_ties,
    "people": _write_people,
    "referrals": _write_referrals,
    "consents": _write_consents,
    "events": _write_events,
}
