"""Cypher of changes that can be undone: locked reads, checked writes, and the kept history.

Pure functions as in `graph.statements`: labels, types and names of properties come from the
declaration only. Every write locks what it changes before it reads what it goes by: reading first
and writing then had several winners.
"""

from __future__ import annotations

from typing import Final

from graph.history import PRODUCT, Kind
from graph.schema import NODES, RELATION_KEY, RELATIONSHIPS
from graph.statements import name_key

_LOCK: Final = "SET x._lock = 0 REMOVE x._lock"
_DERIVED: Final = "|".join(kind for kind, link in RELATIONSHIPS.items() if link.derived)

# --- what stands -------------------------------------------------------------------------------


def read_stamps(kind: Kind) -> str:
    """Return the read of which of $keys stand → identity, load_id."""
    return f"UNWIND $keys AS key {_match(kind)} RETURN key AS identity, x.load_id AS load_id"


def lock_and_read_facts(kind: Kind) -> str:
    """Return the lock of those facts of $keys that stand → identity, properties, start, end.

    `start` and `end` are the keys of a relationship's ends, null of a node.
    """
    ends = "null AS start, null AS end"
    if not kind.is_node:
        ends = f"a.{NODES[kind.start].key} AS start, b.{NODES[kind.end].key} AS end"
    held = "x" if kind.is_node else "x, a, b"
    return (
        f"UNWIND $keys AS key {_match(kind)} {_LOCK} "
        f"WITH key, {held} RETURN key AS identity, properties(x) AS properties, {ends}"
    )


def overwrite(kind: Kind) -> str:
    """Return the change of $rows, each with `key`, `hash`, `load_id` and `properties`.

    A fact that is not any more as it was read, by its hash and its load, is left as it is; the
    number written shows it.
    """
    return (
        f"UNWIND $rows AS row {_match(kind, 'row.key')} {_LOCK} WITH x, row "
        f"WHERE coalesce(x.content_hash, '') = row.hash AND coalesce(x.load_id, '') = row.load_id "
        f"SET x += row.properties RETURN count(x) AS written"
    )


def restore(kind: Kind) -> str:
    """Return the change of $rows to exactly their `properties`; others of a fact are removed."""
    return f"UNWIND $rows AS row {_match(kind, 'row.key')} SET x = row.properties"


def make_again(kind: Kind) -> str:
    """Return the making of $rows, each with `key`, `properties` and the keys `start` and `end`."""
    if kind.is_node:
        key = NODES[kind.name].key
        return (
            f"UNWIND $rows AS row MERGE (x:{kind.name} {{{key}: row.key}}) SET x = row.properties"
        )
    return (
        f"UNWIND $rows AS row "
        f"MATCH (a:{kind.start} {{{NODES[kind.start].key}: row.start}}) "
        f"MATCH (b:{kind.end} {{{NODES[kind.end].key}: row.end}}) "
        f"MERGE (a)-[x:{kind.name} {{{RELATION_KEY}: row.key}}]->(b) SET x = row.properties"
    )


def remove(kind: Kind) -> str:
    """Return the deletion of those facts of $keys that stand; a node that is joined stays."""
    alone = " WHERE NOT EXISTS { (x)--() }" if kind.is_node else ""
    return f"UNWIND $keys AS key {_match(kind)}{alone} DELETE x"


def sweep(label: str) -> str:
    """Return the deletion of what the product itself derived at the nodes of $keys."""
    return (
        f"UNWIND $keys AS key MATCH (x:{label} {{{NODES[label].key}: key}})-[r:{_DERIVED}]-() "
        f"WHERE r.load_id STARTS WITH '{PRODUCT}' DELETE r"
    )


def list_leaning(label: str) -> str:
    """Return the read of relationships at the nodes of $keys that no load of $own stamped.

    Answers node, type, identity and load_id; not what the product derived itself, which goes with
    its node and comes again by itself (`sweep`).
    """
    return (
        f"UNWIND $keys AS key MATCH (x:{label} {{{NODES[label].key}: key}})-[r]-() "
        f"WHERE NOT coalesce(r.load_id, '') IN $own "
        f"AND NOT (r:{_DERIVED} AND coalesce(r.load_id, '') STARTS WITH '{PRODUCT}') "
        f"RETURN key AS node, type(r) AS type, r.{RELATION_KEY} AS identity, "
        f"r.load_id AS load_id"
    )


def list_held(label: str) -> str:
    """Return the read of the relationships of $load_id at the nodes of $keys.

    Answers node, type, identity, and the label and key of start and end.
    """
    return (
        f"UNWIND $keys AS key MATCH (x:{label} {{{NODES[label].key}: key}})-[r]-() "
        f"WHERE r.load_id = $load_id WITH key, r, startNode(r) AS a, endNode(r) AS b "
        f"RETURN key AS node, type(r) AS type, r.{RELATION_KEY} AS identity, "
        f"{_name_end('a', 'start')}, {_name_end('b', 'end')}"
    )


def describe_facts(kind: Kind) -> str:
    """Return the read of those of $keys that stand → identity, properties, start_name, end_name."""
    names = "null AS start_name, null AS end_name"
    if not kind.is_node:
        names = "a.name AS start_name, b.name AS end_name"
    return (
        f"UNWIND $keys AS key {_match(kind)} "
        f"RETURN key AS identity, properties(x) AS properties, {names}"
    )


# --- history -----------------------------------------------------------------------------------

LOCK_LOAD: Final = (
    "MATCH (l:Load {load_id: $load_id}) SET l._lock = 0 REMOVE l._lock "
    "RETURN properties(l) AS properties"
)

READ_LOAD: Final = "MATCH (l:Load {load_id: $load_id}) RETURN properties(l) AS properties"

READ_LOADS: Final = (
    "UNWIND $load_ids AS load_id MATCH (l:Load {load_id: load_id}) "
    "OPTIONAL MATCH (f:Former {of_load: load_id}) "
    "RETURN properties(l) AS properties, count(f) AS kept, coalesce(sum(f.facts), 0) AS facts"
)

READ_UNDOING: Final = (
    "MATCH (l:Load {undoes: $load_id}) WHERE l.state IN ['running', 'done', 'partly_undone'] "
    "RETURN l.load_id AS load_id, l.state AS state ORDER BY load_id"
)

KEEP: Final = "UNWIND $rows AS row MERGE (f:Former {former_id: row.former_id}) SET f = row"

COUNT_KEPT: Final = (
    "MATCH (l:Load {load_id: $load_id}) SET l.formers = coalesce(l.formers, 0) + $count"
)

LIST_FORMERS: Final = (
    "MATCH (f:Former {of_load: $load_id}) RETURN f.former_id AS former_id, f.number AS number "
    "ORDER BY number DESC"
)

READ_FORMER: Final = (
    "MATCH (f:Former {former_id: $former_id}) "
    "RETURN f.of_load AS of_load, f.number AS number, f.content AS content"
)

LIST_SINCE: Final = (
    "MATCH (own:Former {of_load: $load_id}) WITH min(own.kept_at) AS since "
    "MATCH (f:Former) WHERE f.kept_at >= since AND f.of_load <> $load_id "
    "OPTIONAL MATCH (l:Load {load_id: f.of_load}) "
    "RETURN f.former_id AS former_id, f.of_load AS load_id, l.undoes AS undoes "
    "ORDER BY f.kept_at DESC, f.number DESC"
)

LIST_ALL_FORMERS: Final = "MATCH (f:Former) RETURN f.former_id AS former_id ORDER BY former_id"

REWRITE_FORMER: Final = (
    "MATCH (f:Former {former_id: $former_id}) "
    "SET f.content = $content, f.facts = $facts, f.removed = $removed"
)

AGE_OUT: Final = (
    "MATCH (f:Former) WHERE f.kept_at < $oldest WITH f LIMIT $limit DELETE f "
    "RETURN count(f) AS deleted"
)

TAKE_LOAD: Final = (
    "MERGE (l:Load {load_id: $load_id}) SET l.load_id = $load_id RETURN properties(l) AS properties"
)

SET_LOAD: Final = "MATCH (l:Load {load_id: $load_id}) SET l += $properties"


def _match(kind: Kind, key: str = "key") -> str:
    if kind.is_node:
        return f"MATCH (x:{kind.name} {{{NODES[kind.name].key}: {key}}})"
    return f"MATCH (a)-[x:{kind.name} {{{RELATION_KEY}: {key}}}]->(b)"


def _name_end(variable: str, name: str) -> str:
    """Return label and key of a node whose label is not known beforehand."""
    key = name_key(variable, NODES)
    return f"labels({variable})[0] AS {name}_label, {key} AS {name}_key"
