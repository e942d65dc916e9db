"""Erasing a client: the client, everything that is about the client alone, and every mention.

Referrals, consents and provisions of the client go, and events that concern nobody else. An event
that concerns an agency as well stays, for the agency's history, without the client and without its
words. Where the pseudonym stands in other words — minutes, names of files — it is blacked out. What
the history of undo keeps of any of this is dropped. What is left is an `Erasure` that says when, by
whom and how much, not whose.

A hash tells a short code such as a pseudonym to whoever tries them all. So none of the old words
is left: a blacked out fact gets a content hash of chance, which no form opened before fits either,
and a key with the pseudonym in it becomes a key of chance, from which its relationships' are
derived anew.

Deleted text stays in files of the database until `graph.backup.erasure` writes them anew.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

import neo4j

from graph import history_statements
from graph.dates import read_stored_date
from graph.history import Entry, Fact, list_ends, pack
from graph.records import RelationshipRecord, Value
from graph.schema import BOOKKEEPING, NODES, RELATION_KEY, RELATIONSHIPS, Property, ValueType
from graph.statements import name_key
from graph.store import history
from graph.store.driver import to_plain
from graph.store.values import Row

MASK: Final = "●●●"

_OWN: Final = {
    "Referral": "MATCH (n:Referral)-[:FOR]->(:Client {client_id: $id})",
    "Consent": "MATCH (:Client {client_id: $id})-[:GRANTS]->(n:Consent)",
    "Provision": "MATCH (n:Provision)-[:ABOUT]->(:Client {client_id: $id})",
    "Event": (
        "MATCH (n:Event)-[:CONCERNS]->(:Client {client_id: $id}) "
        "WHERE NOT EXISTS { MATCH (n)-[:CONCERNS]->(other) "
        "WHERE NOT (other:Client AND other.client_id = $id) }"
    ),
    "Client": "MATCH (n:Client {client_id: $id})",
}
_SHARED: Final = (
    "MATCH (n:Event)-[:CONCERNS]->(:Client {client_id: $id}) "
    "WHERE EXISTS { MATCH (n)-[:CONCERNS]->(other) "
    "WHERE NOT (other:Client AND other.client_id = $id) }"
)
_ANY_HASH: Final = "replace(randomUUID(), '-', '')"
"""A content hash of nothing. Without any the fact would pass for one that was never written."""

_UNLINK: Final = (
    "MATCH (n:Event)-[r:CONCERNS]->(:Client {client_id: $id}) "
    f"DELETE r SET n.text = null, n.content_hash = {_ANY_HASH}"
)
_UNREAD: Final = frozenset({"Former", "Erasure", "Area", "Support", "Listing"})
"""Labels whose words come from the product or from open data; the history is looked at apart."""

_LABELS: Final = {node.key: node.label for node in NODES.values()}
_JOINED: Final = (
    "MATCH (x)-[r]-() WHERE elementId(x) = $element "
    "WITH DISTINCT r, startNode(r) AS a, endNode(r) AS b "
    "RETURN elementId(r) AS element, type(r) AS kind, properties(r) AS properties, "
    f"labels(a)[0] AS start_label, {name_key('a', NODES)} AS start, "
    f"labels(b)[0] AS end_label, {name_key('b', NODES)} AS end"
)
_REWRITE: Final = "MATCH (f:Former {former_id: $former_id}) SET f.content = $content"

Mention = tuple[str, str, dict[str, str]]
"""n or r, the element's id, and the texts in which the pseudonym stands."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure takes or took: numbers only.

    `shared` events stay without the client; `mentions` are texts and file names blacked out.
    """

    clients: int = 0
    referrals: int = 0
    consents: int = 0
    provisions: int = 0
    events: int = 0
    shared: int = 0
    mentions: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether there is no trace of the client."""
        return self == Erasure()


def survey(tx: neo4j.ManagedTransaction, client_id: str) -> Erasure:
    """Return what erasing the client would take; nothing is changed."""
    counts = {
        label: _count(tx, f"{match} RETURN count(DISTINCT n) AS n", client_id)
        for label, match in _OWN.items()
    }
    shared = _count(tx, f"{_SHARED} RETURN count(DISTINCT n) AS n", client_id)
    going = _list_going(tx, client_id)
    shorn = _list_shared(tx, client_id)
    mentions = [
        element
        for _, element, texts in _find_mentions(tx, client_id)
        if element not in going and (element not in shorn or texts.keys() - {"text"})
    ]
    return _sum_up(counts, shared, len(mentions))


def erase(tx: neo4j.ManagedTransaction, client_id: str, actor: str | None) -> Erasure:
    """Erase the client and leave an `Erasure`; nothing is left for a client without a trace."""
    gone = _list_facts(tx, client_id)
    shorn = set(_list_shared(tx, client_id).values())
    shared = _count(tx, f"{_SHARED} RETURN count(DISTINCT n) AS n", client_id)
    counts = {
        label: _count(
            tx, f"{match} WITH DISTINCT n DETACH DELETE n RETURN count(*) AS n", client_id
        )
        for label, match in _OWN.items()
        if label != "Client"
    }
    tx.run(_UNLINK, id=client_id).consume()
    counts["Client"] = _count(
        tx, f"{_OWN['Client']} DETACH DELETE n RETURN count(*) AS n", client_id
    )
    mentions = list(_find_mentions(tx, client_id))
    renamed = _mask(tx, mentions, client_id)
    _rename_in_history(tx, renamed)
    shorn = {(kind, renamed.get((kind, key), key)) for kind, key in shorn}
    history.drop_entries(tx, gone | shorn | _find_in_history(tx, client_id, gone))
    erased = _sum_up(counts, shared, len(mentions))
    if not erased.is_nothing:
        _leave_tombstone(tx, erased, actor)
    return erased


def mark_complete(tx: neo4j.ManagedTransaction) -> int:
    """Note of every erasure that no file of the database holds it any more; return how many."""
    row = tx.run(
        "MATCH (e:Erasure) WHERE e.completed_at IS NULL SET e.completed_at = $now "
        "RETURN count(e) AS n",
        now=datetime.now(UTC),
    ).single(strict=True)
    return int(row["n"])


def make_pattern(client_id: str) -> re.Pattern[str]:
    """Return what finds a pseudonym in words: whole, not as the beginning of a day or longer code.

    `2020-01` stands in 「2020-01の面談」 and `2020-01.xlsx`, and does not in `2020-01-15`.
    """
    return re.compile(
        rf"(?<![0-9A-Za-z])(?<![0-9A-Za-z][.-]){re.escape(client_id)}"
        rf"(?:(?=\.[A-Za-z]{{2,5}}(?![0-9A-Za-z]))|(?![0-9A-Za-z])(?![.-][0-9A-Za-z]))"
    )


def _sum_up(counts: Mapping[str, int], shared: int, mentions: int) -> Erasure:
    return Erasure(
        counts["Client"], counts["Referral"], counts["Consent"], counts["Provision"],
        counts["Event"], shared, mentions,
    )  # fmt: skip


def _count(tx: neo4j.ManagedTransaction, statement: str, client_id: str) -> int:
    return int(tx.run(statement, id=client_id).single(strict=True)["n"])


def _list_going(tx: neo4j.ManagedTransaction, client_id: str) -> set[str]:
    """Return the elements that go: nodes, and the relationships at them."""
    rows = (
        row
        for match in _OWN.values()
        for row in tx.run(
            f"{match} OPTIONAL MATCH (n)-[r]-() RETURN elementId(n) AS node, elementId(r) AS link",
            id=client_id,
        )
    )
    return {element for row in rows for element in (row["node"], row["link"]) if element}


def _list_shared(tx: neo4j.ManagedTransaction, client_id: str) -> dict[str, Fact]:
    """Return the events that stay without their words: element → fact."""
    rows = tx.run(
        f"{_SHARED} RETURN DISTINCT elementId(n) AS element, n.event_id AS key", id=client_id
    )
    return {row["element"]: ("Event", row["key"]) for row in rows}


def _list_facts(tx: neo4j.ManagedTransaction, client_id: str) -> set[Fact]:
    """Return what goes: nodes, and the relationships at them."""
    nodes = {
        (label, row["key"])
        for label, match in _OWN.items()
        for row in tx.run(f"{match} RETURN DISTINCT n.{NODES[label].key} AS key", id=client_id)
    }
    links = {
        (row["kind"], row["key"])
        for match in _OWN.values()
        for row in tx.run(
            f"{match} MATCH (n)-[r]-() RETURN DISTINCT type(r) AS kind, r.{RELATION_KEY} AS key",
            id=client_id,
        )
    }
    return nodes | links


def _name_free_texts(properties: tuple[Property, ...], key: str = "") -> list[str]:
    """Return the properties in which a pseudonym may stand among other words, the key too."""
    declared = [
        p.name
        for p in properties
        if p.type is ValueType.TEXT and (p.name == key or not (p.vocabulary or p.pattern))
    ]
    return [*declared, *(p.name for p in BOOKKEEPING if p.name in ("source_file", "source_sheet"))]


def _find_mentions(tx: neo4j.ManagedTransaction, client_id: str) -> Iterator[Mention]:
    """Yield what mentions the client in words."""
    pattern = make_pattern(client_id)
    reads = [
        ("n", f"MATCH (x:{node.label})", _name_free_texts(node.properties, node.key))
        for node in NODES.values()
        if node.label not in _UNREAD
    ]
    reads += [
        ("r", f"MATCH ()-[x:{kind}]->()", _name_free_texts(link.properties))
        for kind, link in RELATIONSHIPS.items()
    ]
    for tag, match, names in reads:
        rows = tx.run(
            f"{match} WHERE any(name IN $names WHERE x[name] CONTAINS $id) "
            f"RETURN elementId(x) AS element, properties(x) AS found",
            names=names,
            id=client_id,
        )
        for row in rows:
            texts = {name: row["found"][name] for name in names if name in row["found"]}
            said = {name: text for name, text in texts.items() if pattern.search(text)}
            if said:
                yield tag, row["element"], said


def _mask(
    tx: neo4j.ManagedTransaction, mentions: Sequence[Mention], client_id: str
) -> dict[Fact, str]:
    """Black the pseudonym out; return the new identity of every fact that got one."""
    pattern = make_pattern(client_id)
    renamed: dict[Fact, str] = {}
    for tag, element, texts in mentions:
        match = "MATCH (x)" if tag == "n" else "MATCH ()-[x]->()"
        keys = texts.keys() & _LABELS.keys()
        tx.run(
            f"{match} WHERE elementId(x) = $element SET x += $values, x.content_hash = {_ANY_HASH}",
            element=element,
            values={
                name: pattern.sub(MASK, text) for name, text in texts.items() if name not in keys
            },
        ).consume()
        for name in keys:
            renamed |= _give_new_key(tx, element, name, texts[name])
    return renamed


def _give_new_key(
    tx: neo4j.ManagedTransaction, element: str, name: str, key: str
) -> dict[Fact, str]:
    """Give a node a key of chance and its relationships theirs; return the new by the old."""
    fresh = f"erased-{secrets.token_hex(12)}"
    tx.run(
        f"MATCH (x) WHERE elementId(x) = $element SET x.{name} = $key", element=element, key=fresh
    ).consume()
    renamed = {(_LABELS[name], key): fresh}
    for row in list(tx.run(_JOINED, element=element)):
        identity = _derive_identity(to_plain(row.data()))
        tx.run(
            f"MATCH ()-[r]->() WHERE elementId(r) = $element SET r.{RELATION_KEY} = $key",
            element=row["element"],
            key=identity,
        ).consume()
        renamed[row["kind"], row["properties"][RELATION_KEY]] = identity
    return renamed


def _derive_identity(row: Row) -> str:
    """Return the identity that a relationship has between the ends it now has."""
    start, end = (row["start_label"], row["start"]), (row["end_label"], row["end"])
    stored = row["properties"]
    properties: dict[str, Value] = {
        p.name: _read_value(p, stored)
        for p in RELATIONSHIPS[row["kind"]].properties
        if p.name in RELATIONSHIPS[row["kind"]].identity
    }
    return RelationshipRecord(row["kind"], start, end, properties).identity


def _read_value(declared: Property, stored: Row) -> Value:
    value: Value = stored.get(declared.name)
    if declared.type is ValueType.PARTIAL_DATE and value is not None:
        return read_stored_date(stored, declared.name)
    return value


def _rename_in_history(tx: neo4j.ManagedTransaction, renamed: Mapping[Fact, str]) -> None:
    """Let the history know facts by their new identities; nothing is done without any."""
    for row in list(tx.run(history_statements.LIST_ALL_FORMERS)) if renamed else []:
        former_id = row["former_id"]
        entries = history.read_former(tx, former_id)
        changed = [_rename(entry, renamed) for entry in entries]
        if changed != entries:
            content = pack(former_id.rpartition(".")[0], changed)
            tx.run(_REWRITE, former_id=former_id, content=content).consume()


def _rename(entry: Entry, renamed: Mapping[Fact, str]) -> Entry:
    identity = renamed.get(entry.fact, entry.identity)
    before = entry.before
    if before is not None and identity != entry.identity:
        name = NODES[entry.kind.name].key if entry.kind.is_node else RELATION_KEY
        before = {**before, name: identity}
    ends = entry.ends
    if ends is not None:
        start, end = (renamed.get(end, end[1]) for end in list_ends(entry))
        ends = (start, end)
    return replace(entry, identity=identity, before=before, ends=ends)


def _find_in_history(
    tx: neo4j.ManagedTransaction, client_id: str, gone: Collection[Fact]
) -> set[Fact]:
    """Return the facts of which the history keeps words, or that once joined what is `gone`."""
    pattern = make_pattern(client_id)
    return {
        entry.fact
        for row in list(tx.run(history_statements.LIST_ALL_FORMERS))
        for entry in history.read_former(tx, row["former_id"])
        if _mentions(entry, pattern) or any(end in gone for end in list_ends(entry))
    }


def _mentions(entry: Entry, pattern: re.Pattern[str]) -> bool:
    words = (entry.identity, *(entry.ends or ()), *(entry.before or {}).values())
    return any(isinstance(word, str) and pattern.search(word) for word in words)


def _leave_tombstone(tx: neo4j.ManagedTransaction, erased: Erasure, actor: str | None) -> None:
    tx.run(
        "CREATE (e:Erasure {erasure_id: $id}) SET e += $properties",
        id=f"erasure-{secrets.token_hex(8)}",
        properties={
            "erased_at": datetime.now(UTC),
            "erased_by": actor,
            "referrals": erased.referrals,
            "consents": erased.consents,
            "provisions": erased.provisions,
            "events": erased.events,
            "shared_events": erased.shared,
            "mentions": erased.mentions,
        },
    ).consume()
