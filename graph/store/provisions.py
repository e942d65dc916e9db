"""A write by hand that tells an agency of a client stands on a ground, checked as it is written.

A new receiver of a referral comes with a Provision of the same write that says who was told of
whom. A new Provision rests on a consent of the client for that agency and purpose that stands
today (`graph.consent`) and had begun when the agency was told, or on a written reason of somebody
who may override consent. A client who comes to a facility from an agency that is none is told to
nobody. What files hold is the past and is not refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Final

import neo4j

from graph import statements
from graph.consent import find_state, is_standing, read_today
from graph.records import NodeRecord, Record, RelationshipRecord
from graph.rights import Actor
from graph.store.driver import to_plain
from graph.store.errors import NoConsent, Refused
from graph.store.values import Load

_HIDDEN: Final = "●●●"

Ends = dict[str, list[tuple[str, str]]]
"""Type → start and end key of each relationship."""


def note_clients(
    records: Sequence[Record], load: Load, note: Callable[[str, str, str | None], None]
) -> None:
    """Put on record whose consent is written or taken back, and who is told without one, and why.

    What files bring goes on record as their load.
    """
    if load.file_hash is not None:
        return
    ends = _list_ends(records)
    taken_back = {
        record.identity: f"withdraw {record.properties['purpose']}"
        for record in records
        if record.kind == "Consent" and record.properties.get("withdrawn_on")
    }
    grants = {(client, taken_back.get(end, "give")) for client, end in ends.get("GRANTS", ())}
    for client, what in sorted(grants):
        note("consent", what, client)
    clients = dict(ends.get("ABOUT", ()))
    for record in records:
        if record.kind == "Provision" and record.properties.get("basis") == "override":
            client = clients.get(record.identity, "")
            reason = " ".join(str(record.properties.get("reason") or "").split())
            words = reason.replace(client, _HIDDEN) if client else reason
            note("override", f"{record.properties.get('purpose')}: {words}", client or None)


def require_grounds(
    tx: neo4j.ManagedTransaction, records: Sequence[Record], load: Load, actor: Actor
) -> None:
    """Let only those writes pass that tell nobody of a client without a ground.

    The consents they rest on cannot be taken back before the transaction ends.

    Raises:
        NoConsent: a receiver is told without a provision, or a provision has no ground.
        Refused: the reason of somebody who may not override consent.
    """
    if load.file_hash is not None:
        return
    ends = _list_ends(records)
    for referral, receiver in _list_new(tx, records, "RECEIVED_BY"):
        if not _is_provided(tx, ends, referral, receiver):
            raise NoConsent
    provisions = {record.identity: record for record in records if record.kind == "Provision"}
    for provision, organization in _list_new(tx, records, "TOLD"):
        record = provisions.get(provision)
        if not isinstance(record, NodeRecord):
            raise NoConsent
        _require_ground(tx, ends, record, organization, actor)


def _is_provided(tx: neo4j.ManagedTransaction, ends: Ends, referral: str, receiver: str) -> bool:
    senders = {start for start, end in ends.get("SENT", ()) if end == referral}
    senders |= {start for start, _ in _find(tx, "SENT", "end", [referral])}
    facilities = {start for start, _ in _find(tx, "KEEPS", "start", [receiver, *senders])}
    if receiver in facilities and not senders & facilities:
        return True
    clients = {end for start, end in ends.get("FOR", ()) if start == referral}
    clients |= {end for _, end in _find(tx, "FOR", "start", [referral])}
    told = {start for start, end in ends.get("TOLD", ()) if end == receiver}
    told &= {start for start, end in ends.get("ACCOMPANIES", ()) if end == referral}
    about = {end for start, end in ends.get("ABOUT", ()) if start in told}
    return clients <= about


def _require_ground(
    tx: neo4j.ManagedTransaction,
    ends: Ends,
    provision: NodeRecord,
    organization: str,
    actor: Actor,
) -> None:
    if provision.properties["basis"] == "override":
        if not actor.may("override_consent"):
            raise Refused("override_consent")
        if not str(provision.properties.get("reason") or "").strip():
            raise NoConsent
        return
    clients = {end for start, end in ends.get("ABOUT", ()) if start == provision.key}
    consents = [end for start, end in ends.get("RESTS_ON", ()) if start == provision.key]
    tx.run(statements.lock_facts("Consent"), keys=sorted(consents)).consume()
    granted = {
        client
        for consent in consents
        if _allows(tx, consent, organization, provision)
        for client, end in _find(tx, "GRANTS", "end", [consent])
        if end == consent
    }
    if not clients or not clients <= granted:
        raise NoConsent


def _allows(
    tx: neo4j.ManagedTransaction, consent: str, organization: str, provision: NodeRecord
) -> bool:
    row = tx.run(statements.match_facts("Consent"), keys=[consent]).single()
    if row is None or (consent, organization) not in _find(tx, "ALLOWS", "start", [consent]):
        return False
    stands: Mapping[str, object] = to_plain(row["properties"])
    since, until, taken_back = (
        _read_day(stands.get(name)) for name in ("since", "until", "withdrawn_on")
    )
    told_on = provision.properties.get("provided_on")
    if since is None or not isinstance(told_on, date) or told_on < since:
        return False
    is_for = stands.get("purpose") == provision.properties.get("purpose")
    return is_for and is_standing(find_state(since, until, taken_back, read_today()))


def _read_day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _list_ends(records: Iterable[Record]) -> Ends:
    ends: Ends = {}
    for record in records:
        if isinstance(record, RelationshipRecord):
            ends.setdefault(record.type, []).append((record.start[1], record.end[1]))
    return ends


def _list_new(
    tx: neo4j.ManagedTransaction, records: Iterable[Record], kind: str
) -> list[tuple[str, str]]:
    """Return start and end of the relationships among `records` that do not stand yet."""
    links = {
        record.identity: (record.start[1], record.end[1])
        for record in records
        if isinstance(record, RelationshipRecord) and record.type == kind
    }
    if not links:
        return []
    rows = tx.run(statements.match_facts(kind), keys=sorted(links))
    standing = {row["identity"] for row in rows}
    return [link for identity, link in sorted(links.items()) if identity not in standing]


def _find(
    tx: neo4j.ManagedTransaction, kind: str, side: str, keys: Iterable[str]
) -> set[tuple[str, str]]:
    wanted = sorted(set(keys))
    if not wanted:
        return set()
    rows = tx.run(statements.find_relationships(kind, side, ()), keys=wanted)
    return {(row["start"], row["end"]) for row in rows}
