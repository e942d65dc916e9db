"""Questions about what must hold in the graph, made from the schema declaration. Text only.

Every statement returns rows of where, count, examples: the label or type with its property, how
many facts break the rule, and up to five of their keys (none where a key is a pseudonym).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from graph.schema import NODES, RELATION_KEY, RELATIONSHIPS, Property, ValueType

VERSION: Final = (
    "CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel' "
    "RETURN versions[0] AS version"
)
INDEX_STATES: Final = "SHOW INDEXES YIELD name, state RETURN name, state"
CONSTRAINT_STATES: Final = "SHOW CONSTRAINTS YIELD name RETURN name, 'ONLINE' AS state"
NEWEST_LOAD: Final = "MATCH (l:Load) RETURN max(l.loaded_at) AS newest"
UNFINISHED_LOADS: Final = (
    "MATCH (l:Load {state: 'running'}) WHERE l.loaded_at < $before "
    "RETURN count(l) AS count, date(min(l.loaded_at)) AS oldest"
)

# (label, what must be there, the part of the code that says so)
_NEEDED: Final = (
    ("Event", "(n)-[:CONCERNS|RECORDED_BY]->()", "event_alone"),
    ("Referral", "(n)-[:FOR]->(:Client)", "referral_without_client"),
    ("Referral", "(:Organization)-[:SENT]->(n)", "referral_without_sender"),
    ("Person", "(n)-[:WORKS_FOR]->()", "orphan"),
    ("Consent", "(:Client)-[:GRANTS]->(n)", "orphan"),
    ("PartnerList", "(:Organization)-[:KEEPS]->(n)", "orphan"),
    ("Minutes", "(n)-[:OF]->()", "orphan"),
    ("SavedView", "(n)-[:OF]->()", "orphan"),
    ("Target", "(n)-[:OF]->()", "orphan"),
    ("Assessment", "(n)-[:OF]->()", "orphan"),
    ("Listing", "(n)-[:DESCRIBES|MAY_DESCRIBE]->()", "orphan"),
)
# (label or type, earlier, later)
_IN_ORDER: Final = (
    ("Event", "occurred_on", "until"),
    ("Consent", "since", "until"),
    ("Assessment", "since", "until"),
    ("Referral", "notified_on", "closed_on"),
    ("Referral", "handed_over_on", "closed_on"),
    ("Task", "created_on", "done_on"),
    ("TIED_TO", "since", "until"),
    ("WORKS_FOR", "since", "until"),
)
_ENDS: Final = (
    "MATCH (a)-[r]->(b) WITH type(r) AS where, labels(a)[0] AS start, labels(b)[0] AS end, "
    "count(*) AS count WHERE NOT [where, start, end] IN $declared "
    "RETURN where, count, [] AS examples ORDER BY where"
)
_WITHOUT_LOAD: Final = frozenset({"Load", "Former", "Erasure"})
"""Written beside the facts, not by a load of them."""

_CYPHER_TYPES: Final = {
    ValueType.TEXT: "STRING",
    ValueType.INTEGER: "INTEGER",
    ValueType.NUMBER: "INTEGER | FLOAT",
    ValueType.BOOLEAN: "BOOLEAN",
    ValueType.DATE: "DATE",
    ValueType.TIME: "ZONED DATETIME",
    ValueType.PARTIAL_DATE: "DATE",
    ValueType.POINT: "POINT",
}


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that must hold: the code of the sentence when it does not, and how to ask."""

    code: str
    cypher: str
    parameters: dict[str, Any]


def list_invariants() -> Iterator[Invariant]:
    """Yield every invariant of the graph."""
    for label, pattern, code in _NEEDED:
        condition = f"NOT EXISTS {{ MATCH {pattern} }}"
        yield Invariant(f"check.{code}", _count(label, condition, label), {})
    for kind, earlier, later in _IN_ORDER:
        # The last day that may be meant lies before the first day that may be meant.
        condition = f"{_day_after('n', later)} <= n.{earlier}"
        yield Invariant("check.dates", _count(kind, condition, f"{kind} {earlier} → {later}"), {})
    declared = [
        [kind, start, end] for kind, link in RELATIONSHIPS.items() for start, end in link.ends
    ]
    yield Invariant("check.ends", _ENDS, {"declared": declared})
    for link in RELATIONSHIPS.values():
        if link.owner is not None:
            pattern = f"()-[:{link.type}]->(n)" if link.once == "end" else f"(n)-[:{link.type}]->()"
            several = _count(link.owner, f"COUNT {{ {pattern} }} > 1", link.type)
            yield Invariant("check.several", several, {})
    labels = "|".join(label for label in NODES if label not in _WITHOUT_LOAD)
    yield Invariant("check.no_load", _count_without_load(f"(n:{labels})", "labels(n)[0]"), {})
    kinds = "|".join(RELATIONSHIPS)
    yield Invariant("check.no_load", _count_without_load(f"()-[n:{kinds}]->()", "type(n)"), {})
    for kind in (*NODES, *RELATIONSHIPS):
        yield from _list_value_rules(kind)


def _list_value_rules(kind: str) -> Iterator[Invariant]:
    """Yield one statement about all properties of a label or type; none where it has none."""
    declared = NODES[kind].properties if kind in NODES else RELATIONSHIPS[kind].properties
    faults: list[str] = []
    parameters: dict[str, Any] = {}
    for one in declared:
        condition, given = _write_fault(one)
        faults.append(f"CASE WHEN {condition} THEN '{one.name}' END")
        parameters |= given
    if faults:
        cypher = (
            f"{_match(kind)} UNWIND [{', '.join(faults)}] AS property "
            f"WITH n, property WHERE property IS NOT NULL "
            f"RETURN '{kind} ' + property AS where, count(*) AS count, "
            f"{_examples(kind)} AS examples ORDER BY where"
        )
        yield Invariant("check.value", cypher, parameters)


def _write_fault(declared: Property) -> tuple[str, dict[str, Any]]:
    """Return the condition under which a value breaks its declaration, and its parameters."""
    value = f"n.{declared.name}"
    wrong = [f"NOT {value} IS :: {_CYPHER_TYPES[declared.type]}"]
    parameters: dict[str, Any] = {}
    words = None if declared.several else declared.vocabulary
    limits = (
        ("IN", words and list(words.codes), "codes"),
        ("=~", declared.pattern, "pattern"),
        (">=", declared.minimum, "minimum"),
        ("<=", declared.maximum, "maximum"),
    )
    for operator, limit, name in limits:
        if limit is not None:
            parameter = f"{declared.name}_{name}"
            wrong.append(f"NOT coalesce({value} {operator} ${parameter}, false)")
            parameters[parameter] = limit
    fault = f"{value} IS NOT NULL AND ({' OR '.join(wrong)})"
    return (f"{value} IS NULL OR {fault}" if declared.required else fault), parameters


def _count(kind: str, condition: str, where: str) -> str:
    return (
        f"{_match(kind)} WHERE {condition} RETURN '{where}' AS where, count(n) AS count, "
        f"{_examples(kind)} AS examples"
    )


def _count_without_load(pattern: str, where: str) -> str:
    return (
        f"MATCH {pattern} WITH {where} AS where, n.load_id AS load, count(*) AS count "
        "WHERE load IS NULL OR NOT EXISTS { MATCH (:Load {load_id: load}) } "
        "RETURN where, sum(count) AS count, [] AS examples ORDER BY where"
    )


def _match(kind: str) -> str:
    return f"MATCH (n:{kind})" if kind in NODES else f"MATCH (a)-[n:{kind}]->(b)"


def _examples(kind: str) -> str:
    if kind not in NODES:
        return f"collect(n.{RELATION_KEY})[..5]"
    key = next(one for one in NODES[kind].properties if one.name == NODES[kind].key)
    return "[]" if key.personal else f"collect(n.{NODES[kind].key})[..5]"


def _day_after(variable: str, name: str) -> str:
    """Return the day after the last one that a partial date may mean."""
    value = f"{variable}.{name}"
    return (
        f"({value} + CASE {value}_precision WHEN 'year' THEN duration({{years: 1}}) "
        "WHEN 'fiscal_year' THEN duration({years: 1}) "
        f"WHEN 'month' THEN duration({{months: 1}}) ELSE duration({{days: 1}}) END)"
    )
