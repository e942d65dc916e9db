"""What must hold in the graph, on the engine: the sample holds it, and every breach is found."""

from __future__ import annotations

import neo4j
import pytest

from graph import statements
from graph.diagnosis import Finding, examine_graph
from graph.rights import GRANTED, Actor
from graph.store import Refused, Store
from tests.builders import agencies, day, event, referral, tie, write
from texts import LANGUAGES, say


def list_problems(found: list[Finding]) -> list[tuple[str, object]]:
    """Code and place of whatever is not fine; each can be said in both languages."""
    problems = [finding for finding in found if finding.level != "fine"]
    for finding in problems:
        assert all(say(finding.code, language, **finding.values) for language in LANGUAGES)
    return [(finding.code.removeprefix("check."), _find_place(finding)) for finding in problems]


def _find_place(finding: Finding) -> object:
    return finding.values.get("where", finding.values.get("names"))


def test_the_sample_holds_every_rule(sample_store: Store) -> None:
    assert list_problems(examine_graph(sample_store)) == []


BREACHES = {
    "CREATE (:Event {event_id: 'e', kind: 'meeting', occurred_on: date('2022-06-01'), "
    "load_id: $l})":
        ("event_alone", "Event"),
    "CREATE (:Organization {organization_id: 'c', name: 'c', load_id: $l})-[:SENT {load_id: $l}]->"
    "(:Referral {referral_id: 'alone', status: 'accepted', load_id: $l})":
        ("referral_without_client", "Referral"),
    "CREATE (:Referral {referral_id: 'unsent', status: 'accepted', load_id: $l})"
    "-[:FOR {load_id: $l}]->"
    "(:Client {client_id: 'C-2', load_id: $l})":
        ("referral_without_sender", "Referral"),
    "CREATE (:Person {person_id: 'p', load_id: $l})": ("orphan", "Person"),
    "MATCH ()-[r:TIED_TO]->() SET r.since = date('2022-03-05'), r.since_precision = 'day', "
    "r.until = date('2022-02-01'), r.until_precision = 'month'":
        ("dates", "TIED_TO since → until"),
    "MATCH (e:Event {event_id: 'meeting'}), (o:Organization {organization_id: 'a'}) "
    "CREATE (o)-[:LOCATED_IN {load_id: $l}]->(e)": ("ends", "LOCATED_IN"),
    "MATCH (o:Organization {organization_id: 'b'}), (r:Referral {referral_id: 'r'}) "
    "CREATE (o)-[:SENT {load_id: $l}]->(r)": ("several", "SENT"),
    "CREATE (:Organization {organization_id: 'n', name: 'n', load_id: 'never'})":
        ("no_load", "Organization"),
    "CREATE (:Client {client_id: 'C-7'})": ("no_load", "Client"),
    "MATCH (o:Organization {organization_id: 'a'}) SET o.field = 'space'":
        ("value", "Organization field"),
    "MATCH (o:Organization {organization_id: 'a'}) SET o.municipality = '1220'":
        ("value", "Organization municipality"),
    "MATCH (o:Organization {organization_id: 'a'}) SET o.capacity = 'ten'":
        ("value", "Organization capacity"),
    "MATCH (o:Organization {organization_id: 'a'}) REMOVE o.name": ("value", "Organization name"),
    "MATCH ()-[r:TIED_TO]->() SET r.strength = 'iron'": ("value", "TIED_TO strength"),
    "CREATE (:Load {load_id: 'half', state: 'running', loaded_at: datetime('2022-01-01T00:00Z')})":
        ("load_unfinished", None),
    "MATCH (l:Load {load_id: $l}) SET l.loaded_at = datetime('2199-01-01T00:00Z')":
        ("clock_back", None),
}  # fmt: skip


def test_every_breach_is_found_and_nothing_else(store: Store, raw: neo4j.Driver) -> None:
    report = write(
        store, agencies("a", "b", "home"), event("meeting", "2022-06", "a", key="meeting"),
        tie("a", "b", since=day("2022-03-05"), until=day("2022-03")),  # may well be in order
        referral("r", "a", "b", client="C-1"),
    )  # fmt: skip
    assert list_problems(examine_graph(store)) == []
    for cypher in BREACHES:
        raw.execute_query(cypher, l=report.load_id)
    index = next(iter(statements.list_indexes()))
    raw.execute_query(f"DROP INDEX {index}")
    try:
        found = examine_graph(store)
    finally:
        raw.execute_query(statements.list_indexes()[index])
        raw.execute_query("CALL db.awaitIndexes(60)")
    expected = [*BREACHES.values(), ("index_missing", index)]
    assert sorted(list_problems(found), key=str) == sorted(expected, key=str)
    assert "C-7" not in repr(found)  # a pseudonym is personal
    assert "alone" in repr(found)  # an id of ours leads to the fact


def test_only_administrators_may_look(store: Store) -> None:
    with pytest.raises(Refused):
        examine_graph(store.acting_as(Actor("見る人", GRANTED["viewer"])))
