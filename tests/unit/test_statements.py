"""Cypher made from the declaration: one constraint per kind, and names from nowhere else."""

from __future__ import annotations

import re

import pytest

from graph import statements
from graph.schema import NODES, RELATIONSHIPS


def test_every_label_and_type_has_its_constraint() -> None:
    constraints = statements.list_constraints()
    assert len(constraints) == len(NODES) + len(RELATIONSHIPS) + len(statements.OWN_KEYS)
    for node in NODES.values():
        wanted = f"FOR (n:{node.label}) REQUIRE n.{node.key} IS UNIQUE"
        assert wanted in constraints[f"{node.label.lower()}_key"]
    for kind in RELATIONSHIPS:
        wanted = f"FOR ()-[r:{kind}]-() REQUIRE r.relation_id IS UNIQUE"
        assert wanted in constraints[f"{kind.lower()}_key"]


def test_every_declared_index_is_made_once() -> None:
    indexes = statements.list_indexes()
    wanted = {
        f"{node.label.lower()}_{name}_{kind}"
        for node in NODES.values()
        for kind, names in (
            ("range", node.range_indexes),
            ("text", node.text_indexes),
            ("point", node.point_indexes),
        )
        for name in names
    } | {f"{node.label.lower()}_words" for node in NODES.values() if node.fulltext}
    assert indexes.keys() == wanted
    assert all("IF NOT EXISTS" in text for text in indexes.values())
    assert "'cjk'" in indexes["organization_words"]


@pytest.mark.parametrize("write", ["MERGE", "CREATE"])
@pytest.mark.parametrize("label", NODES)
def test_what_is_written_is_a_parameter(label: str, write: str) -> None:
    made = {"MERGE": statements.merge_nodes, "CREATE": statements.create_nodes}
    text = made[write](label)
    assert f"{write} (n:{label} {{{NODES[label].key}: row.key}})" in text
    assert "$rows" in text
    assert not re.search(r"['\"]", text)


def test_a_relationship_is_found_by_its_key_between_its_ends() -> None:
    text = statements.merge_relationships("TIED_TO", "Organization", "Organization")
    assert text == (
        "UNWIND $rows AS row "
        "MATCH (a:Organization {organization_id: row.start}) "
        "MATCH (b:Organization {organization_id: row.end}) "
        "MERGE (a)-[r:TIED_TO {relation_id: row.key}]->(b) "
        "SET r += row.properties RETURN count(r) AS written"
    )


def test_only_declared_columns_can_be_listed() -> None:
    assert statements.list_nodes("Area", ("area_id", "name")) == (
        "MATCH (n:Area) RETURN n.area_id AS area_id, n.name AS name ORDER BY area_id, name"
    )
    with pytest.raises(ValueError, match="evil"):
        statements.list_nodes("Area", ("area_id", "evil RETURN 1"))
    with pytest.raises(ValueError, match="evil"):
        statements.list_relationships("TIED_TO", ("evil",))
    with pytest.raises(KeyError):
        statements.list_nodes("Area) DETACH DELETE (n", ("area_id",))


def test_a_partial_date_can_be_listed_by_each_of_its_names() -> None:
    text = statements.list_relationships("TIED_TO", ("since", "since_text"))
    assert "r.since AS since, r.since_text AS since_text" in text
