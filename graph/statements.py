"""Cypher made from the schema declaration: constraints, indexes, reads by key and MERGE writes.

Pure functions: text in, text out. Labels, types and property names come from the declaration only,
never from data, so nothing here is assembled from what a user typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from graph.schema import NODES, RELATION_KEY, RELATIONSHIPS, NodeType, Property

_FULLTEXT_ANALYZER = "cjk"

OWN_KEYS: Final = {"Hold": "hold_id", "SchemaVersion": "version_id"}
"""Label → key of what the store keeps for itself: no fact, in no backup."""


def list_constraints() -> dict[str, str]:
    """Return name → statement of every uniqueness constraint."""
    keys = {node.label: node.key for node in NODES.values()} | OWN_KEYS
    nodes = {
        f"{label.lower()}_key": (
            f"CREATE CONSTRAINT {label.lower()}_key IF NOT EXISTS "
            f"FOR (n:{label}) REQUIRE n.{key} IS UNIQUE"
        )
        for label, key in keys.items()
    }
    relationships = {
        f"{kind.lower()}_key": (
            f"CREATE CONSTRAINT {kind.lower()}_key IF NOT EXISTS "
            f"FOR ()-[r:{kind}]-() REQUIRE r.{RELATION_KEY} IS UNIQUE"
        )
        for kind in RELATIONSHIPS
    }
    return nodes | relationships


def list_indexes() -> dict[str, str]:
    """Return name → statement of every index that is not a constraint's own."""
    return {name: text for node in NODES.values() for name, text in _indexes_of(node)}


def _indexes_of(node: NodeType) -> Iterable[tuple[str, str]]:
    label = node.label.lower()
    plain = (
        ("RANGE", node.range_indexes),
        ("TEXT", node.text_indexes),
        ("POINT", node.point_indexes),
    )
    for kind, names in plain:
        for name in names:
            index = f"{label}_{name}_{kind.lower()}"
            yield (
                index,
                f"CREATE {kind} INDEX {index} IF NOT EXISTS FOR (n:{node.label}) ON (n.{name})",
            )
    if node.fulltext:
        index = f"{label}_words"
        properties = ", ".join(f"n.{name}" for name in node.fulltext)
        yield (
            index,
            f"CREATE FULLTEXT INDEX {index} IF NOT EXISTS "
            f"FOR (n:{node.label}) ON EACH [{properties}] "
            f"OPTIONS {{indexConfig: {{`fulltext.analyzer`: '{_FULLTEXT_ANALYZER}'}}}}",
        )


def hash_facts(kind: str) -> str:
    """Return the read of which of $keys stand → one row: identities, hashes ("" for none).

    Two lists in one row arrive more than twice as fast as a row for each.
    """
    return (
        f"UNWIND $keys AS key {_match(kind)} "
        f"RETURN collect(key) AS identities, collect(coalesce(x.content_hash, '')) AS hashes"
    )


def match_facts(kind: str) -> str:
    """Return the read of what stands: $keys → identity, properties."""
    return f"UNWIND $keys AS key {_match(kind)} RETURN key AS identity, properties(x) AS properties"


def _match(kind: str) -> str:
    if kind in NODES:
        return f"MATCH (x:{kind} {{{NODES[kind].key}: key}})"
    return f"MATCH ()-[x:{kind} {{{RELATION_KEY}: key}}]->()"


def match_nodes_from_file() -> str:
    """Return the read of the nodes a file wrote before: $file → kind, identity, sheet, row.

    A text file has no sheet: null.
    """
    return (
        f"MATCH (n) WHERE n.source_file = $file "
        f"RETURN labels(n)[0] AS kind, {name_key('n', NODES)} AS identity, "
        f"n.source_sheet AS sheet, n.source_row AS row"
    )


def match_relationships_from_file() -> str:
    """Return the read of the relationships a file wrote before: $file → kind, identity, sheet, row.

    Derived ones are not read: no sheet says them.
    """
    kinds = "|".join(kind for kind, link in RELATIONSHIPS.items() if not link.derived)
    return (
        f"MATCH ()-[r:{kinds}]->() WHERE r.source_file = $file "
        f"RETURN type(r) AS kind, r.{RELATION_KEY} AS identity, "
        f"r.source_sheet AS sheet, r.source_row AS row"
    )


def claim_nodes(label: str) -> str:
    """Return the lock of the nodes of $keys until the transaction ends → identity, made.

    A node that does not stand is made bare, so that two who both bring it wait for each other
    too; `made` tells those, of which nothing was ever written. Setting a property takes the lock
    before anything is read; reading first and writing then had several winners.
    """
    key = NODES[label].key
    return (
        f"UNWIND $keys AS key MERGE (n:{label} {{{key}: key}}) "
        f"SET n._lock = 0 REMOVE n._lock "
        f"RETURN key AS identity, n.content_hash IS NULL AS made"
    )


def lock_facts(kind: str) -> str:
    """Return the lock of those nodes or relationships of $keys that stand."""
    return f"UNWIND $keys AS key {_match(kind)} SET x._lock = 0 REMOVE x._lock"


def create_nodes(label: str) -> str:
    """Return the write of $rows that do not stand; the constraint refuses one that does.

    As `merge_nodes`, but without looking for each of them once more.
    """
    key = NODES[label].key
    return (
        f"UNWIND $rows AS row CREATE (n:{label} {{{key}: row.key}}) "
        f"SET n += row.properties RETURN count(n) AS written"
    )


def create_relationships(kind: str, start: str, end: str) -> str:
    """Return the write of $rows that do not stand; the constraint refuses one that does."""
    return (
        f"UNWIND $rows AS row "
        f"MATCH (a:{start} {{{NODES[start].key}: row.start}}) "
        f"MATCH (b:{end} {{{NODES[end].key}: row.end}}) "
        f"CREATE (a)-[r:{kind} {{{RELATION_KEY}: row.key}}]->(b) "
        f"SET r += row.properties RETURN count(r) AS written"
    )


def copy_nodes(label: str) -> str:
    """Return the read of every node of a label, in the order of its key → properties.

    The condition lets the key's index give the order, so that nothing is sorted in memory.
    """
    key = NODES[label].key
    return f"MATCH (n:{label}) WHERE n.{key} IS NOT NULL RETURN properties(n) ORDER BY n.{key}"


def copy_relationships(kind: str) -> str:
    """Return the read of every relationship of a type, in the order of its key.

    Answers label and key of start and end, and properties.
    """
    ends = RELATIONSHIPS[kind].ends
    start = name_key("a", {start for start, _ in ends})
    end = name_key("b", {end for _, end in ends})
    return (
        f"MATCH (a)-[r:{kind}]->(b) WHERE r.{RELATION_KEY} IS NOT NULL "
        f"RETURN labels(a)[0], {start}, labels(b)[0], {end}, properties(r) "
        f"ORDER BY r.{RELATION_KEY}"
    )


def name_key(variable: str, labels: Iterable[str]) -> str:
    """Return the expression for the key of a node that has one of `labels`."""
    keys = " ".join(
        f"WHEN '{label}' THEN {variable}.{NODES[label].key}" for label in sorted(labels)
    )
    return f"CASE labels({variable})[0] {keys} END"


def restore_nodes(label: str) -> str:
    """Return the write of $rows, each with all `properties`, that do not stand."""
    return (
        f"UNWIND $rows AS row CREATE (n:{label}) SET n = row.properties RETURN count(n) AS written"
    )


def restore_relationships(kind: str, start: str, end: str) -> str:
    """Return the write of $rows, each with all `properties`, `start` and `end`, that do not stand.

    A row whose end does not stand is not written; the number written shows it.
    """
    return (
        f"UNWIND $rows AS row "
        f"MATCH (a:{start} {{{NODES[start].key}: row.start}}) "
        f"MATCH (b:{end} {{{NODES[end].key}: row.end}}) "
        f"CREATE (a)-[r:{kind}]->(b) SET r = row.properties RETURN count(r) AS written"
    )


def merge_nodes(label: str) -> str:
    """Return the write of $rows, each with `key` and `properties`; answers the number written."""
    key = NODES[label].key
    return (
        f"UNWIND $rows AS row MERGE (n:{label} {{{key}: row.key}}) "
        f"SET n += row.properties RETURN count(n) AS written"
    )


def merge_relationships(kind: str, start: str, end: str) -> str:
    """Return the write of $rows, each with `key`, `start`, `end` and `properties`.

    A row whose end does not stand in the graph is not written; the number written shows it.
    """
    return (
        f"UNWIND $rows AS row "
        f"MATCH (a:{start} {{{NODES[start].key}: row.start}}) "
        f"MATCH (b:{end} {{{NODES[end].key}: row.end}}) "
        f"MERGE (a)-[r:{kind} {{{RELATION_KEY}: row.key}}]->(b) "
        f"SET r += row.properties RETURN count(r) AS written"
    )


def find_missing_ends(start: str, end: str) -> str:
    """Return the read of $rows whose start or end does not stand in the graph → start, end."""
    return (
        f"UNWIND $rows AS row "
        f"WITH row WHERE NOT EXISTS {{ MATCH (:{start} {{{NODES[start].key}: row.start}}) }} "
        f"OR NOT EXISTS {{ MATCH (:{end} {{{NODES[end].key}: row.end}}) }} "
        f"RETURN row.start AS start, row.end AS end LIMIT 20"
    )


def list_nodes(label: str, columns: Sequence[str]) -> str:
    """Return the read of `columns` of every node of a label, ordered by them.

    Raises:
        ValueError: the declaration has no such property.
    """
    _require_declared(label, NODES[label].properties, columns)
    returned = ", ".join(f"n.{column} AS {column}" for column in columns)
    return f"MATCH (n:{label}) RETURN {returned} ORDER BY {', '.join(columns)}"


def list_relationships(
    kind: str, columns: Sequence[str], ends: tuple[str, str] | None = None
) -> str:
    """Return the read of every relationship of a type: start and end key, and `columns`.

    `ends` are the labels that it joins where it may join several; the first declared otherwise.

    Raises:
        ValueError: the declaration has no such property or ends.
    """
    declared = RELATIONSHIPS[kind]
    _require_declared(kind, declared.properties, columns)
    start, end = declared.ends[0] if ends is None else ends
    if (start, end) not in declared.ends:
        raise ValueError(f"{kind} does not join {start} and {end}")
    returned = "".join(f", r.{column} AS {column}" for column in columns)
    return (
        f"MATCH (a:{start})-[r:{kind}]->(b:{end}) "
        f"RETURN a.{NODES[start].key} AS start, b.{NODES[end].key} AS end{returned} "
        f"ORDER BY start, end"
    )


def find_nodes(label: str, name: str, columns: Sequence[str]) -> str:
    """Return the read of the nodes whose property `name` is one of $values → key, `columns`.

    Raises:
        ValueError: the declaration has no such property.
    """
    _require_declared(label, NODES[label].properties, (name, *columns))
    returned = "".join(f", n.{column} AS {column}" for column in columns)
    return (
        f"UNWIND $values AS value MATCH (n:{label} {{{name}: value}}) "
        f"RETURN DISTINCT n.{NODES[label].key} AS key{returned}"
    )


def find_relationships(kind: str, side: str, columns: Sequence[str]) -> str:
    """Return the read of relationships whose `side` (start or end) is one of $keys.

    Answers start and end key, and `columns`.

    Raises:
        ValueError: the declaration has no such property, or there is no such side.
    """
    if side not in ("start", "end"):
        raise ValueError(side)
    declared = RELATIONSHIPS[kind]
    _require_declared(kind, declared.properties, columns)
    start, end = declared.ends[0]
    key = f"{{{NODES[start if side == 'start' else end].key}: key}}"
    first, second = (key, "") if side == "start" else ("", key)
    returned = "".join(f", r.{column} AS {column}" for column in columns)
    return (
        f"UNWIND $keys AS key MATCH (a:{start} {first})-[r:{kind}]->(b:{end} {second}) "
        f"RETURN a.{NODES[start].key} AS start, b.{NODES[end].key} AS end{returned}"
    )


def list_undescribed(columns: Sequence[str]) -> str:
    """Return the read of the agencies that no open data describes yet → key, `columns`."""
    _require_declared("Organization", NODES["Organization"].properties, columns)
    returned = "".join(f", n.{column} AS {column}" for column in columns)
    return (
        f"MATCH (n:Organization) WHERE NOT EXISTS {{ (:Listing)-[:DESCRIBES]->(n) }} "
        f"RETURN n.organization_id AS key{returned} ORDER BY key"
    )


def summarise_series() -> str:
    """Return the read of what stands of $series → series, rows, edition: of its latest edition."""
    return (
        "UNWIND $series AS series MATCH (l:Listing {series: series}) "
        "WITH series, l.edition AS edition, count(*) AS rows ORDER BY edition DESC "
        "WITH series, collect({rows: rows, edition: edition})[0] AS latest "
        "RETURN series, latest.rows AS rows, latest.edition AS edition"
    )


def list_outdated() -> str:
    """Return the read of listings of $series whose last edition is before $edition.

    Answers the listing and its agency (null when none), and whether `elsewhere` another listing
    that is not outdated holds that agency.
    """
    columns = ", ".join(
        f"l.{name} AS {name}" for name in ("source", "series", "edition", "number", "name")
    )
    return (
        f"UNWIND $series AS series MATCH (l:Listing {{series: series}}) "
        f"WHERE l.edition < $edition AND l.gone_on IS NULL "
        f"OPTIONAL MATCH (l)-[:DESCRIBES]->(o:Organization) "
        f"RETURN l.listing_id AS listing_id, {columns}, o.organization_id AS organization_id, "
        f"o.name AS organization_name, o.status AS status, "
        f"EXISTS {{ (o)<-[:DESCRIBES]-(other:Listing) WHERE other.gone_on IS NULL "
        f"AND NOT (other.series IN $series AND other.edition < $edition) }} AS elsewhere "
        f"ORDER BY listing_id"
    )


def list_left(kind: str) -> str:
    """Return the read of relationships of agencies that only an earlier edition said → start, end.

    Of $pairs, each a list of agency and area, those that open data wrote last and that no other
    listing than $listings says. What a person entered is not among them.
    """
    return (
        f"UNWIND $pairs AS pair "
        f"MATCH (a:Organization {{organization_id: pair[0]}})"
        f"-[r:{kind}]->(b:Area {{area_id: pair[1]}}) "
        f"WHERE EXISTS {{ MATCH (l:Load {{load_id: r.load_id}}) WHERE l.source IS NOT NULL }} "
        f"AND NOT ('{kind}' = 'SERVES' AND EXISTS {{ MATCH (a)<-[:DESCRIBES]-(other:Listing) "
        f"WHERE other.gone_on IS NULL AND NOT other.listing_id IN $listings "
        f"AND b.area_id IN split(coalesce(other.serves, ''), '、') }}) "
        f"RETURN a.organization_id AS start, b.area_id AS end ORDER BY start, end"
    )


def list_series_of_file() -> str:
    """Return the read of the series a file of this name held before: $file → series."""
    return (
        "MATCH (l:Load {file: $file}) WHERE l.series IS NOT NULL AND l.state <> 'undone' "
        "RETURN DISTINCT l.series AS series"
    )


def _require_declared(kind: str, properties: Sequence[Property], columns: Sequence[str]) -> None:
    declared = {stored for p in properties for stored in p.stored_names}
    if unknown := set(columns) - declared:
        raise ValueError(f"{kind} has no property {', '.join(sorted(unknown))}")
