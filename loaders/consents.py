"""Consents as rows of the sheet 同意, and how many agencies a file tells without one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from graph.consent import SHOWN_FOR, find_state, is_standing
from graph.records import NodeRecord, Record, RelationshipRecord, Value, derive_id
from graph.store import Store
from graph.vocabulary import CONSENT_MANNERS, PURPOSES
from loaders.directory import Directory
from loaders.privacy import parse_pseudonym
from loaders.problems import BadValue
from loaders.references import resolve_organizations
from loaders.rows import RowReader

Told = tuple[str, str]
"""A client and an agency that was told of the client."""


def read_consent(row: RowReader, directory: Directory) -> Iterator[Record]:
    """Yield a consent for each agency of the row, of its client.

    A consent without an id is one of its client, agency, purpose and first day. An empty cell never
    takes back that a consent was withdrawn.
    """
    row.text("client_id", required=True)
    client = row.parse("client_id", parse_pseudonym)
    row.text("organization", required=True)
    organizations = list(dict.fromkeys(resolve_organizations(row, "organization", directory)))
    purpose = row.coded("purpose", PURPOSES, required=True)
    since = read_day(row, "since", required=True)
    properties: dict[str, Value] = {
        name: day for name in ("until", "withdrawn_on") if (day := _read_later(row, name, since))
    }
    if manner := row.coded("manner", CONSENT_MANNERS):
        properties["manner"] = manner
    if client is None or purpose is None or since is None:
        return
    yield NodeRecord("Client", client, {}, row.source)
    for organization in organizations:
        key = row.text("consent_id") if len(organizations) == 1 else None
        key = key or derive_id("consent", client, organization, purpose, since)
        given: dict[str, Value] = {"purpose": purpose, "since": since}
        yield NodeRecord("Consent", key, given | properties, row.source)
        here = ("Consent", key)
        yield RelationshipRecord("GRANTS", ("Client", client), here, {}, row.source)
        yield RelationshipRecord("ALLOWS", here, ("Organization", organization), {}, row.source)


def read_day(row: RowReader, column: str, *, required: bool = False) -> date | None:
    """Read a date that must be known to the day."""
    day = row.date(column, required=required)
    if day is None:
        return None
    if day.precision != "day":
        row.report(column, BadValue("rows.not_a_day"))
        return None
    return day.first


def _read_later(row: RowReader, column: str, since: date | None) -> date | None:
    day = read_day(row, column)
    if day and since and day < since:
        row.report(column, BadValue("rows.dates_reversed"))
    return day


def count_unconsented(store: Store, records: Sequence[Record], today: date) -> int:
    """Return of how many clients and agencies `records` tell without a consent that stands.

    Consents of the graph count and those among `records`; facilities, whose file it may be, need
    none.
    """
    told = _list_told(records)
    facilities = {row["start"] for row in store.find_relationships(
        "KEEPS", "start", {organization for _, organization in told})}  # fmt: skip
    facilities |= {r.start[1] for r in records if isinstance(r, RelationshipRecord)
                   and r.type == "KEEPS"}  # fmt: skip
    told = {pair for pair in told if pair[1] not in facilities}
    return len(told - _list_allowed(store, records, {client for client, _ in told}, today))


def _list_told(records: Iterable[Record]) -> set[Told]:
    links = [record for record in records if isinstance(record, RelationshipRecord)]
    whose = {link.start[1]: link.end[1] for link in links if link.type == "FOR"}
    about = {
        link.start[1]: link.end[1]
        for link in links
        if link.type == "CONCERNS" and link.end[0] == "Client"
    }
    told = {
        (whose[link.start[1]], link.end[1])
        for link in links
        if link.type == "RECEIVED_BY" and link.start[1] in whose
    }
    met = {
        (about[link.start[1]], link.end[1])
        for link in links
        if link.type == "CONCERNS" and link.end[0] == "Organization" and link.start[1] in about
    }
    return told | met


def _list_allowed(
    store: Store, records: Sequence[Record], clients: set[str], today: date
) -> set[Told]:
    links = [record for record in records if isinstance(record, RelationshipRecord)]
    granted = {link.end[1]: link.start[1] for link in links if link.type == "GRANTS"}
    allows = {(link.start[1], link.end[1]) for link in links if link.type == "ALLOWS"}
    nodes = {r.identity: dict(r.properties) for r in records if r.kind == "Consent"}
    standing = {
        row["end"]: row["start"] for row in store.find_relationships("GRANTS", "start", clients)
    }
    columns = ("purpose", "since", "until", "withdrawn_on")
    for row in store.find_nodes("Consent", "consent_id", standing, columns):
        nodes[row["key"]] = {name: row[name] for name in columns} | {
            name: value for name, value in nodes.get(row["key"], {}).items() if value is not None
        }
    allows |= {
        (row["start"], row["end"]) for row in store.find_relationships("ALLOWS", "start", standing)
    }
    whose = standing | granted
    return {
        (whose[consent], organization)
        for consent, organization in allows
        if consent in whose and _stands(nodes.get(consent, {}), today)
    }


def _stands(consent: Mapping[str, Any], today: date) -> bool:
    if consent.get("purpose") != SHOWN_FOR or consent.get("since") is None:
        return False
    days = (consent["since"], consent.get("until"), consent.get("withdrawn_on"))
    return is_standing(find_state(*days, today))
