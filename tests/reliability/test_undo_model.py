"""Loads, edits, withdrawals, undoes and redoes against a model of the graph in plain Python.

The model is a dictionary of facts with all their properties, those of their provenance too. After
every step the whole graph must be equal to it. `TSUNAGI_UNDO_EXAMPLES` asks for more examples.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, ClassVar

import neo4j
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from graph.records import NodeRecord, Record, RelationshipRecord, encode, hash_content
from graph.schema import NODES
from graph.store import Load, Store, Touched
from graph.store.driver import to_plain
from tests.builders import agency, day, link, node, tie

EXAMPLES = int(os.environ.get("TSUNAGI_UNDO_EXAMPLES", "10"))

Fact = tuple[str, str]
AGENCIES = [
    agency(key, phone=phone, location=None) for key in "abc" for phone in ("047-1", "047-2", None)
]
EVENTS = [
    node("Event", key, kind="remark", occurred_on=day(when), text=text)
    for key in "xy"
    for when, text in (("2022-04", "言"), ("2022-10-04", "葉"))
]
TIES = [
    tie(source, target, since=day("2022-04"), note=note)
    for source, target in (("a", "b"), ("b", "c"))
    for note in (None, "近い")
]
ABOUT = [
    link(kind, f"Event {key}", f"Organization {end}")
    for kind in ("CONCERNS", "RECORDED_BY")
    for key in "xy"
    for end in "ab"
]
POOL: list[Record] = [*AGENCIES, *EVENTS, *TIES, *ABOUT]


def tell(agency: NodeRecord, event: NodeRecord) -> list[Record]:
    """An agency, an event about it, and what joins them."""
    ends = {("Event", event.key), ("Organization", agency.key)}
    return [agency, event, *(one for one in ABOUT if {one.start, one.end} == ends)]


BUNDLES: list[Sequence[Record]] = [
    *([one] for one in AGENCIES),
    *([one] for one in TIES),
    *((AGENCIES[0], AGENCIES[3], one) for one in TIES[:2]),
    *(tell(agency, event) for agency in (AGENCIES[0], AGENCIES[4]) for event in EVENTS),
]
"""What a file says together: an agency, a tie with its agencies, an event with its agency."""


@dataclass
class Stood:
    """A fact of the model: its properties and, of a relationship, its ends."""

    properties: dict[str, Any]
    ends: tuple[Fact, Fact] | None = None


@dataclass
class Written:
    """What a load did to each fact: as it stood before, and its stamp after."""

    load_id: str
    undoes: str | None = None
    state: str = "done"
    log: dict[Fact, tuple[Stood | None, str | None]] = field(default_factory=dict)


class Model:
    """The graph as it should be."""

    def __init__(self) -> None:
        self.facts: dict[Fact, Stood] = {}
        self.loads: dict[str, Written] = {}

    def put(self, load: Written, fact: Fact, stood: Stood | None) -> None:
        before = self.facts.pop(fact, None)
        if stood is not None:
            self.facts[fact] = stood
        stamp = stood.properties["load_id"] if stood else None
        first = load.log[fact][0] if fact in load.log else before
        load.log[fact] = (first, stamp)

    def write(self, load_id: str, records: list[Record]) -> None:
        load = self.loads.setdefault(load_id, Written(load_id))
        for record in records:
            fact = (record.kind, record.identity)
            after = encode(record)
            stood = self.facts.get(fact)
            standing = stood.properties if stood else {}
            if stood and all(standing.get(name) == value for name, value in after.items()):
                continue
            book = {
                "content_hash": hash_content(after), "load_id": load_id,
                "source_file": record.source.file, "source_sheet": record.source.sheet,
                "source_row": record.source.row,
            }  # fmt: skip
            key = (
                "relation_id" if isinstance(record, RelationshipRecord) else NODES[record.kind].key
            )
            merged = {**standing, **after, **book, key: record.identity}
            kept = {name: value for name, value in merged.items() if value is not None}
            ends = (record.start, record.end) if isinstance(record, RelationshipRecord) else None
            self.put(load, fact, Stood(kept, ends))

    def withdraw(self, load_id: str, facts: list[Fact]) -> None:
        load = self.loads.setdefault(load_id, Written(load_id))
        for fact in sorted(facts, key=lambda one: one[0] in NODES):
            if fact in self.facts and not (fact[0] in NODES and self.joined(fact)):
                self.put(load, fact, None)

    def joined(self, node: Fact) -> set[Fact]:
        return {f for f, stood in self.facts.items() if stood.ends and node in stood.ends}

    def open_log(self, load_id: str) -> dict[Fact, tuple[Stood | None, str | None]]:
        """What of a load is not undone."""
        undone: set[Fact] = set()
        for one in self.loads.values():
            if one.undoes == load_id and one.state != "undone":
                undone |= self.open_log(one.load_id).keys()
        log = self.loads[load_id].log
        return {fact: both for fact, both in log.items() if fact not in undone}

    def find_troubles(self, load_id: str) -> set[Fact]:
        log = self.open_log(load_id)
        troubles = {
            fact
            for fact, (_, stamp) in log.items()
            if (self.facts[fact].properties["load_id"] if fact in self.facts else None) != stamp
        }
        going = {fact for fact, (before, _) in log.items() if before is None} - troubles
        leaving = {fact for fact in going if fact[0] not in NODES}
        troubles |= {f for f in going if f[0] in NODES and self.joined(f) - leaving}
        again = {f for f, (before, stamp) in log.items() if before and stamp is None} - troubles
        for fact in [one for one in again if one[0] not in NODES]:
            before = log[fact][0]
            assert before
            assert before.ends
            if any(end not in self.facts and end not in again for end in before.ends):
                troubles.add(fact)
        return troubles

    def find_held(self, load_id: str, troubles: set[Fact]) -> set[Fact]:
        """What an event that stays keeps with it, of what the load made."""
        log = self.open_log(load_id)
        kept = {f for f in troubles if f in self.facts and f in log and log[f][0] is None}
        held: set[Fact] = set()
        while True:
            more = {
                link
                for f in kept | held
                if f[0] == "Event"
                for link in self.joined(f)
                if self.facts[link].properties["load_id"] == load_id
            }
            ends = {end for link in more for end in self.facts[link].ends or ()}
            more |= {end for end in ends if end in log and log[end][0] is None}
            if more <= kept | held:
                return held - troubles
            held |= more

    def undo(self, load_id: str, undo_id: str, kept: set[Fact]) -> None:
        load, undo = self.loads[load_id], Written(undo_id, load_id)
        for fact, (before, _) in self.open_log(load_id).items():
            if fact not in kept:
                self.put(undo, fact, before)
        self.loads[undo_id] = undo
        load.state = "partly_undone" if kept else "undone"
        if load.undoes:
            root = self.loads[load.undoes]
            standing = [o for o in self.loads.values() if o.undoes == root.load_id]
            root.state = "partly_undone" if any(o.state != "undone" for o in standing) else "done"

    def list_open(self) -> list[str]:
        """Loads that can be undone."""
        return [
            one.load_id
            for one in self.loads.values()
            if one.state in ("done", "partly_undone")
            and one.log
            and not (one.undoes and self.loads[one.undoes].undoes)
        ]


class Machine(RuleBasedStateMachine):
    """The steps, over one graph that is emptied first."""

    store: ClassVar[Store]
    raw: ClassVar[neo4j.Driver]

    def __init__(self) -> None:
        super().__init__()
        self.raw.execute_query("MATCH (n) WHERE NOT n:SchemaVersion DETACH DELETE n")
        self.model = Model()
        self.numbers = count(1)

    def name(self) -> str:
        return f"load-{next(self.numbers)}"

    def choose(self, wanted: list[Record]) -> list[Record]:
        """One record of each fact, without relationships whose end would be missing."""
        one_each = {(r.kind, r.identity): r for r in wanted}
        nodes = self.model.facts.keys() | one_each.keys()
        return [
            record
            for record in one_each.values()
            if not isinstance(record, RelationshipRecord) or {record.start, record.end} <= nodes
        ]

    @rule(bundles=st.lists(st.sampled_from(BUNDLES), min_size=1, max_size=3))
    def load(self, bundles: list[Sequence[Record]]) -> None:
        records, name = self.choose([one for bundle in bundles for one in bundle]), self.name()
        report = self.store.write(records, Load(name, "表.xlsx", "hash"))
        self.model.write(name, records)
        assert report.created + report.changed == len(self.model.loads[name].log)

    @rule(record=st.sampled_from([*AGENCIES, *EVENTS, *TIES]))
    def edit(self, record: Record) -> None:
        records, name = self.choose([record]), self.name()
        stood = self.model.facts.get((record.kind, record.identity))
        read = stood.properties["content_hash"] if stood else None
        expected = {(record.kind, record.identity): read} if records else {}
        self.store.write(records, Load(name, "画面"), expected=expected)
        self.model.write(name, records)

    @precondition(lambda self: self.model.facts)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        by_fact = {(r.kind, r.identity): r for r in POOL}
        chosen = data.draw(
            st.lists(st.sampled_from(sorted(self.model.facts)), min_size=1, unique=True)
        )
        name = self.name()
        self.store.write([], Load(name, "画面"), withdrawn=[by_fact[fact] for fact in chosen])
        self.model.withdraw(name, chosen)

    @precondition(lambda self: self.model.list_open())
    @rule(data=st.data(), way=st.sampled_from(["keep", "including", "redo"]))
    def undo(self, data: st.DataObject, way: str) -> None:
        choices = self.model.list_open()
        if way == "redo":
            choices = [o for o in choices if self.model.loads[o].undoes] or choices
        load_id = data.draw(st.sampled_from(choices))
        if not self.model.open_log(load_id):
            return
        troubles = self.model.find_troubles(load_id)
        plan = self.store.find_undo(load_id)
        assert {(o.kind, o.identity) for o in plan.obstacles} == troubles
        name = self.name()
        if troubles and way == "keep":
            held = self.model.find_held(load_id, troubles)
            assert plan.held == len(held)
            self.undo_rest(load_id, name, troubles | held)
        elif troubles and plan.later:
            self.undo_all(load_id, [one.load_id for one in plan.later], name)
        elif not troubles:
            self.store.undo(load_id, Load(name))
            self.model.undo(load_id, name, set())

    def undo_rest(self, load_id: str, name: str, kept: set[Fact]) -> None:
        if self.model.open_log(load_id).keys() <= kept:
            with pytest.raises(Touched):  # nothing would be put back
                self.store.undo(load_id, Load(name), keep_touched=True)
            return
        self.store.undo(load_id, Load(name), keep_touched=True)
        self.model.undo(load_id, name, kept)

    def undo_all(self, load_id: str, later: list[str], name: str) -> None:
        self.store.undo(load_id, Load(name), including=later)
        rows = self.store.read(
            "MATCH (l:Load) WHERE l.undoes IN $ids AND NOT l.load_id IN $known "
            "RETURN l.undoes AS undone, l.load_id AS name",
            {"ids": [*later, load_id], "known": list(self.model.loads)},
        )
        names = {row["undone"]: row["name"] for row in rows}
        assert names[load_id] == name
        for one in (*later, load_id):
            assert self.model.find_troubles(one) == set()
            self.model.undo(one, names[one], set())

    @invariant()
    def the_whole_graph_is_as_the_model_says(self) -> None:
        assert read_graph(self.raw) == self.model.facts
        rows = self.store.read("MATCH (l:Load) RETURN l.load_id AS id, l.state AS state")
        states = {one.load_id: one.state for one in self.model.loads.values()}
        assert {row["id"]: row["state"] for row in rows} == states


def read_graph(raw: neo4j.Driver) -> dict[Fact, Stood]:
    """Every node and relationship with all its properties."""
    nodes = raw.execute_query(
        "MATCH (n) WHERE NOT (n:Load OR n:Former OR n:SchemaVersion) "
        "RETURN elementId(n) AS id, labels(n)[0] AS kind, properties(n) AS p"
    ).records
    names = {row["id"]: (row["kind"], row["p"][NODES[row["kind"]].key]) for row in nodes}
    facts = {names[row["id"]]: Stood(to_plain(row["p"])) for row in nodes}
    links = raw.execute_query(
        "MATCH (a)-[r]->(b) RETURN type(r) AS kind, properties(r) AS p, "
        "elementId(a) AS start, elementId(b) AS end"
    ).records
    for row in links:
        ends = (names[row["start"]], names[row["end"]])
        facts[row["kind"], row["p"]["relation_id"]] = Stood(to_plain(row["p"]), ends)
    return facts


def test_the_graph_is_what_a_plain_model_says(store: Store, raw: neo4j.Driver) -> None:
    Machine.store, Machine.raw = store, raw
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=14,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink takes ten minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
