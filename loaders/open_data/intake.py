"""Offices become records: compared, a batch at a time, with what the graph holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from types import MappingProxyType
from typing import Any, Final

from graph import statements
from graph.records import NodeRecord, Record, RelationshipRecord, Source, Value, derive_id
from graph.store import Row, Store
from loaders.open_data.matching import (
    OF_KNOWN,
    Doubt,
    Known,
    Match,
    list_similar,
    make_known,
    match_office,
)
from loaders.open_data.merging import READ, SHARED, merge_facts
from loaders.open_data.offices import Office

_MATCHED_BY: Final = ("office_number", "phone", "name")
_DELIMITER: Final = "、"
_NONE: Final[Mapping[str, dict[str, str]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Batch:
    """The records of some offices, and how many offices wait for a person's decision.

    `withdrawn` are relations that only an earlier edition said: of an office that moved.
    """

    records: tuple[Record, ...] = ()
    doubtful: int = 0
    withdrawn: tuple[RelationshipRecord, ...] = ()


@dataclass(slots=True)
class _Standing:
    """What the graph holds of the agencies and listings of a batch."""

    listings: dict[str, Row] = field(default_factory=dict)
    described: dict[str, str] = field(default_factory=dict)
    decisions: dict[str, dict[str, str]] = field(default_factory=dict)
    candidates: dict[str, Known] = field(default_factory=dict)
    by_value: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    agencies: dict[str, Row] = field(default_factory=dict)
    offers: dict[tuple[str, str], str] = field(default_factory=dict)


class Intake:
    """Turns offices of one edition into records; keeps nothing from one batch to the next.

    Only the agencies that no open data describes are held: the user's own, whose names are compared
    with those of the offices.
    """

    def __init__(self, store: Store, file: str, edition: date) -> None:
        self._store = store
        self._file = file
        self._edition = edition
        self._own: dict[str, list[Known]] = defaultdict(list)
        for row in store.read(statements.list_undescribed(OF_KNOWN)):
            if row["municipality"]:
                self._own[row["municipality"]].append(make_known(row))

    def prepare(
        self, offices: Sequence[Office], decisions: Mapping[str, dict[str, str]] = _NONE
    ) -> Batch:
        """Return what to write of `offices`; the graph is only read.

        `decisions` are about to be written: listing → agency → same, different or "".
        """
        standing = self._look_up(offices)
        standing.decisions |= decisions
        matches = {
            key: _decide(key, office, standing, self._own)
            for office in offices
            if (key := derive_listing_id(office)) not in standing.described
        }
        chosen = {key: _choose(office, key, standing, matches) for key, office in _keyed(offices)}
        self._read_agencies(standing, {one for one in chosen.values() if one})
        writer = _Writer(self._file, self._edition, standing)
        for key, office in _keyed(offices):
            doubts = matches[key].doubts if key in matches else ()
            writer.write(key, office, chosen[key], doubts)
        doubtful = sum(1 for key, _ in _keyed(offices) if chosen[key] is None)
        return Batch(writer.list_records(), doubtful, self._find_left(writer, chosen))

    def _find_left(
        self, writer: _Writer, listings: Mapping[str, str | None]
    ) -> tuple[RelationshipRecord, ...]:
        """Return what offices leave behind, as far as no person and no other listing says it."""
        left: list[RelationshipRecord] = []
        for kind, pairs in writer.list_left().items():
            asked = {"pairs": sorted(map(list, pairs)), "listings": list(listings)}
            left += (
                RelationshipRecord(
                    kind, ("Organization", row["start"]), ("Area", row["end"]), {}, writer.source
                )
                for row in self._store.read(statements.list_left(kind), asked)
            )
        return tuple(left)

    def _look_up(self, offices: Sequence[Office]) -> _Standing:
        keys = [derive_listing_id(office) for office in offices]
        standing = _Standing()
        rows = self._store.find_nodes("Listing", "listing_id", keys, (*SHARED, "gone_on", "serves"))
        standing.listings = {row["key"]: row for row in rows}
        known = standing.listings
        for row in self._store.find_relationships("DESCRIBES", "start", known):
            standing.described[row["start"]] = row["end"]
        for row in self._store.find_relationships("MAY_DESCRIBE", "start", known, ("decision",)):
            standing.decisions.setdefault(row["start"], {})[row["end"]] = row["decision"] or ""
        fresh = [one for key, one in zip(keys, offices, strict=True) if key not in known]
        waiting = [
            one
            for key, one in zip(keys, offices, strict=True)
            if key in known and key not in standing.described
        ]
        self._find_candidates(standing, [*fresh, *waiting])
        return standing

    def _find_candidates(self, standing: _Standing, offices: Sequence[Office]) -> None:
        for name in _MATCHED_BY:
            values = [office.facts.get(name) for office in offices]
            rows = self._store.find_nodes("Organization", name, values, OF_KNOWN)
            for row in rows:
                standing.by_value[name, row[name]].add(row["key"])
                standing.candidates[row["key"]] = make_known(row)
        sources: dict[str, set[str]] = defaultdict(set)
        found = self._store.find_relationships("DESCRIBES", "end", standing.candidates)
        for row in found:
            sources[row["end"]].add(row["start"].partition("-")[0])
        for key, names in sources.items():
            standing.candidates[key] = replace(standing.candidates[key], sources=frozenset(names))

    def _read_agencies(self, standing: _Standing, keys: set[str]) -> None:
        rows = self._store.find_nodes("Organization", "organization_id", keys, READ)
        standing.agencies = {row["key"]: row for row in rows}
        links = self._store.find_relationships(
            "OFFERS", "start", standing.agencies, ("as_written",)
        )
        for row in links:
            standing.offers[row["start"], row["end"]] = row["as_written"] or ""


def derive_listing_id(office: Office) -> str:
    """Return the id of an office's listing: the same in every edition. The source begins it."""
    return office.listing_id or derive_id(
        office.source, office.number, office.service, office.order or None
    )


def derive_agency_id(office: Office) -> str:
    """Return the id of the agency that a listing brings: by office number as a workbook's row."""
    if number := office.facts.get("office_number"):
        return derive_id("org", "office", number)
    return derive_id("org", office.source, office.number)


def _keyed(offices: Sequence[Office]) -> Iterator[tuple[str, Office]]:
    return ((derive_listing_id(office), office) for office in offices)


def _decide(
    key: str, office: Office, standing: _Standing, own: Mapping[str, Sequence[Known]]
) -> Match:
    """Match an office; what a person decided about it before counts more than any rule."""
    decided = standing.decisions.get(key, {})
    if same := [one for one, decision in decided.items() if decision == "same"]:
        return Match(same[0])
    if decided and all(decision == "different" for decision in decided.values()):
        return Match()
    keys = set(
        chain.from_iterable(
            standing.by_value.get((name, str(office.facts.get(name))), ()) for name in _MATCHED_BY
        )
    )
    candidates = {one: standing.candidates[one] for one in keys}
    candidates |= {one.organization_id: one for one in list_similar(office, own)}
    match = match_office(office, (c for k, c in candidates.items() if k not in decided))
    if match.organization_id is None and decided and not match.doubts:
        return Match(None, tuple(Doubt(one, "", 0) for one, word in decided.items() if not word))
    return match


def _choose(
    office: Office, key: str, standing: _Standing, matches: Mapping[str, Match]
) -> str | None:
    """Return the agency of a listing, a new one when nobody is like it, None when in doubt."""
    if key in standing.described:
        return standing.described[key]
    match = matches[key]
    if match.organization_id:
        return match.organization_id
    return None if match.doubts else derive_agency_id(office)


class _Writer:
    """Collects the records of a batch; what several rows say of one agency is joined."""

    def __init__(self, file: str, edition: date, standing: _Standing) -> None:
        self._file = file
        self._edition = edition
        self._standing = standing
        self._agencies: dict[str, dict[str, Value]] = {}
        self._sources: dict[str, Source] = {}
        self._links: dict[str, RelationshipRecord] = {}
        self._left: set[tuple[str, str, str]] = set()
        self.source = Source(file)
        self._listings: dict[str, NodeRecord] = {}

    def write(self, key: str, office: Office, agency: str | None, doubts: Sequence[Doubt]) -> None:
        source = Source(self._file, None, office.row)
        here = ("Listing", key)
        self._listings[key] = NodeRecord("Listing", key, self._describe(office), source)
        if agency is None:
            for doubt in doubts:
                if doubt.reason:
                    facts: dict[str, Value] = {
                        "reason": doubt.reason,
                        "similarity": doubt.similarity,
                    }
                    end = ("Organization", doubt.organization_id)
                    self._link(RelationshipRecord("MAY_DESCRIBE", here, end, facts, source))
            return
        self._link(RelationshipRecord("DESCRIBES", here, ("Organization", agency), {}, source))
        self._merge(key, office, agency, source)
        self._relate(office, agency, source)

    def list_records(self) -> tuple[Record, ...]:
        agencies = (
            NodeRecord("Organization", key, changes, self._sources[key])
            for key, changes in self._agencies.items()
            if changes
        )
        return (*self._listings.values(), *agencies, *self._links.values())

    def list_left(self) -> dict[str, set[tuple[str, str]]]:
        """Return by kind the (agency, area) that the offices said before and say no more."""
        kept = {(link.type, link.start[1], link.end[1]) for link in self._links.values()}
        pairs: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for kind, agency, area in self._left - kept:
            pairs[kind].add((agency, area))
        return pairs

    def _link(self, record: RelationshipRecord) -> None:
        self._links.setdefault(record.identity, record)

    def _describe(self, office: Office) -> dict[str, Value]:
        empty: dict[str, Value] = dict.fromkeys((*SHARED, "gone_on"))
        return empty | {
            **office.facts,
            "source": office.source,
            "series": office.series,
            "edition": self._edition,
            "number": office.number,
            "service": office.service or None,
            "serves": _DELIMITER.join(office.serves) or None,
        }

    def _merge(self, key: str, office: Office, agency: str, source: Source) -> None:
        standing: dict[str, Any] = dict(self._standing.agencies.get(agency, {}))
        standing |= self._agencies.get(agency, {})
        is_described = key in self._standing.described
        said = self._standing.listings.get(key, {}) if is_described else {}
        changes = merge_facts(standing, said, office.facts)
        for name, value in (("field", office.field), ("agency_type", office.service or None)):
            if value and standing.get(name) is None:
                changes[name] = value
        if standing.get("status") == "to_be_checked" and said.get("gone_on"):
            changes["status"] = "active"
        before = standing.get("municipality")
        if before and changes.get("municipality", before) != before:
            self._left.add(("LOCATED_IN", agency, before))
        for area in split_areas(said.get("serves")):
            self._left.add(("SERVES", agency, area))
        self._sources.setdefault(agency, source)
        merged = self._agencies.setdefault(agency, {})
        merged |= changes
        if merged and "name" not in merged:
            merged["name"] = standing.get("name") or office.facts["name"]

    def _relate(self, office: Office, agency: str, source: Source) -> None:
        here = ("Organization", agency)
        standing = self._standing.agencies.get(agency, {}) | self._agencies[agency]
        if municipality := standing.get("municipality"):
            place = ("Area", str(municipality))
            self._link(RelationshipRecord("LOCATED_IN", here, place, {}, source))
        for area in office.serves:
            self._link(RelationshipRecord("SERVES", here, ("Area", area), {}, source))
        for support in office.supports:
            self._offer(office, agency, support, source)

    def _offer(self, office: Office, agency: str, support: str, source: Source) -> None:
        """Say that the agency offers a kind of help; the services' own words add up."""
        service = office.service
        words = self._standing.offers.get((agency, support))
        if words is not None and (service in words.split(_DELIMITER) or not words):
            return
        if words is not None and agency != derive_agency_id(office):
            return  # a person's agency: what it offers stands in the person's words
        joined = service if words is None else f"{words}{_DELIMITER}{service}"
        self._standing.offers[agency, support] = joined
        ends = ("Organization", agency), ("Support", support)
        record = RelationshipRecord("OFFERS", *ends, {"as_written": joined}, source)
        self._links[record.identity] = record


def split_areas(words: str | None) -> tuple[str, ...]:
    """Return the areas that a listing says it serves; () for none."""
    return tuple(words.split(_DELIMITER)) if words else ()


def list_vanished(
    store: Store,
    file: str,
    series: Sequence[str],
    edition: date,
    *,
    held: frozenset[str] = frozenset(),
    alive: frozenset[str] = frozenset(),
) -> list[Record]:
    """Return what to write of listings that an earlier edition of `series` had and this one lacks.

    `held` are listings and `alive` agencies that are about to be written; none when the edition
    is written already. A listing gets `gone_on`; an agency that no listing holds any more becomes
    to_be_checked. Nothing is deleted, and an agency that a person closed stays closed.
    """
    rows = store.read(statements.list_outdated(), {"series": list(series), "edition": edition})
    source = Source(file)
    gone = [row for row in rows if row["listing_id"] not in held]
    staying = alive | {row["organization_id"] for row in rows if row["listing_id"] in held}
    listings = [_mark_listing(row, edition, source) for row in gone]
    agencies = {
        row["organization_id"]: row["organization_name"]
        for row in gone
        if row["organization_id"]
        and not row["elsewhere"]
        and row["organization_id"] not in staying
        and row["status"] in (None, "active")
    }
    return listings + [
        NodeRecord("Organization", key, {"name": name, "status": "to_be_checked"}, source)
        for key, name in agencies.items()
    ]


def _mark_listing(row: Row, edition: date, source: Source) -> Record:
    kept = {name: row[name] for name in ("source", "series", "edition", "number", "name")}
    return NodeRecord("Listing", row["listing_id"], kept | {"gone_on": edition}, source)
