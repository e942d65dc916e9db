"""A person says whether an office of open data is an agency already known, or takes it back.

The decision stands at the doubtful pair in the graph, with who and when, so that the next edition
remembers it. Taking it back undoes what it added, as long as nobody has changed that since.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, Literal

from graph.records import NodeRecord, Record, RelationshipRecord, Source, Value
from graph.store import Change, Load, Row, Store
from loaders.open_data.intake import Intake, split_areas
from loaders.open_data.merging import SHARED
from loaders.open_data.offices import Office, find_service

Decision = Literal["same", "different"]

FILE: Final = "確認"
"""Stands where a file's name stands in the provenance of what a decision writes."""

_OF_LISTING: Final = (
    *SHARED,
    "source",
    "series",
    "edition",
    "gone_on",
    "number",
    "service",
    "serves",
)
_OF_PAIR: Final = ("reason", "similarity", "decision", "added")


class NoSuchPair(LookupError):
    """The office and the agency are no doubtful pair any more; nothing was written."""


def decide(
    store: Store,
    load_id: str,
    listing_id: str,
    organization_id: str,
    decision: Decision,
    *,
    actor: str | None = None,
) -> None:
    """Write a decision: the office becomes a description of the agency, or is another one.

    The agency's empty facts are filled. When the office is none of its candidates it becomes an
    agency of its own. `load_id` is made by the caller once, so that a retry is harmless.

    Raises:
        NoSuchPair: somebody was faster.
        graph.store.StoreError: nothing was written, or at `Unavailable` perhaps.
    """
    listing, pairs = _read(store, listing_id)
    if organization_id not in pairs or store.find_relationships("DESCRIBES", "start", [listing_id]):
        raise NoSuchPair(listing_id)
    decisions = {key: pair["decision"] or "" for key, pair in pairs.items()}
    decisions[organization_id] = decision
    intake = Intake(store, FILE, listing["edition"])
    batch = intake.prepare([_make_office(listing_id, listing)], {listing_id: decisions})
    difference = store.compare(batch.records)
    facts: dict[str, Value] = {
        "decision": decision,
        "decided_at": datetime.now(UTC),
        "decided_by": actor,
        "added": json.dumps(_list_added([*difference.new, *difference.changed])),
    }
    pair = _pair(listing_id, organization_id, pairs[organization_id], facts)
    doubts = [one for one in batch.records if one.kind != "MAY_DESCRIBE"]
    store.write([*doubts, pair], Load(load_id, FILE, actor=actor))


def take_back(
    store: Store,
    load_id: str,
    listing_id: str,
    organization_id: str,
    *,
    actor: str | None = None,
) -> None:
    """Undo a decision: the office waits again, and what the decision added is gone.

    Facts that somebody has changed since stay, and so does an agency that something else
    refers to by now.

    Raises:
        NoSuchPair: there is no such decision.
        graph.store.StoreError: see `decide`.
    """
    listing, pairs = _read(store, listing_id)
    pair = pairs.get(organization_id)
    if pair is None or pair["decision"] is None:
        raise NoSuchPair(listing_id)
    described = store.find_relationships("DESCRIBES", "start", [listing_id])
    added = json.loads(pair["added"] or "{}")
    emptied = _empty(store, listing, added.get("facts", {}))
    open_again: dict[str, Value] = dict.fromkeys(("decision", "decided_at", "decided_by", "added"))
    records = [*emptied, _pair(listing_id, organization_id, pair, open_again)]
    links = [_link(*parts) for parts in added.get("links", ())]
    if described:
        links.append(_link("DESCRIBES", "Listing", listing_id, "Organization", described[0]["end"]))
    own = [NodeRecord("Organization", key, {}, Source(FILE)) for key in added.get("agencies", ())]
    withdrawn: list[Record] = [*{one.identity: one for one in links}.values(), *own]
    store.write(records, Load(load_id, FILE, actor=actor), withdrawn=withdrawn)


def _read(store: Store, listing_id: str) -> tuple[Row, dict[str, Row]]:
    found = store.find_nodes("Listing", "listing_id", [listing_id], _OF_LISTING)
    if not found:
        raise NoSuchPair(listing_id)
    pairs = store.find_relationships("MAY_DESCRIBE", "start", [listing_id], _OF_PAIR)
    return found[0], {row["end"]: row for row in pairs}


def _make_office(listing_id: str, listing: Row) -> Office:
    service = find_service(listing["service"] or "")
    facts = {name: listing[name] for name in SHARED if listing[name] is not None}
    field = service.field or ("medical" if listing["source"] == "medical" else "welfare")
    return Office(
        listing["source"], listing["number"], listing["service"] or "", 0, facts,
        None if listing["source"] == "hsds" else field, service.supports,
        split_areas(listing["serves"]), listing_id=listing_id,
    )  # fmt: skip


def _list_added(changes: Sequence[Change]) -> dict[str, object]:
    """Return what a decision adds, to take it back: agencies, facts of agencies, and links."""
    nodes = [one for one in changes if one.record.kind == "Organization"]
    links = [one.record for one in changes if isinstance(one.record, RelationshipRecord)]
    return {
        "agencies": [one.record.identity for one in nodes if not one.before],
        "facts": {
            one.record.identity: [name for name in one.changed_properties if name in SHARED]
            for one in nodes
            if one.before
        },
        "links": [
            [one.type, *one.start, *one.end]
            for one in links
            if one.type in ("LOCATED_IN", "OFFERS", "SERVES") and not _stood(one, changes)
        ],
    }


def _stood(record: Record, changes: Sequence[Change]) -> bool:
    return any(one.record is record and one.before for one in changes)


def _empty(store: Store, listing: Row, facts: Mapping[str, Sequence[str]]) -> list[Record]:
    """Return the records that empty those facts which still are what the listing says."""
    rows = store.find_nodes("Organization", "organization_id", facts, SHARED)
    emptied: list[Record] = []
    for row in rows:
        changes: dict[str, Value] = {
            name: None
            for name in facts[row["key"]]
            if name != "name" and row[name] == listing[name]
        }
        if changes:
            changes["name"] = row["name"]
            emptied.append(NodeRecord("Organization", row["key"], changes, Source(FILE)))
    return emptied


def _pair(
    listing_id: str, organization_id: str, pair: Row, facts: Mapping[str, Value]
) -> RelationshipRecord:
    standing = {"reason": pair["reason"], "similarity": pair["similarity"]}
    ends = ("Listing", listing_id), ("Organization", organization_id)
    return RelationshipRecord("MAY_DESCRIBE", *ends, {**standing, **facts}, Source(FILE))


def _link(kind: str, start: str, key: str, end: str, other: str) -> RelationshipRecord:
    return RelationshipRecord(kind, (start, key), (end, other), {}, Source(FILE))
