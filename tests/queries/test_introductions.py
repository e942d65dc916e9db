"""Introductions against networkx: all shortest chains of who knows whom, the warmest first."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Final

import networkx as nx
import pytest

import queries
from graph.records import Record
from graph.store import Row, Store
from tests.builders import agencies, agency, day, link, node, referral, tie, write

TODAY: Final = "2022-10-04"
TAKEN: Final = ("accepted", "got_help", "referred_on", "closed")
COOL: Final = {"strong": 0, "normal": 1, "weak": 2}

Chain = tuple[int, int, tuple[str, ...]]


def ask(store: Store, first: str, last: str, **values: object) -> list[Row]:
    given = {"from_id": first, "to_id": last, "as_of": TODAY}
    return queries.ask(store, "introductions", **(given | values))


def read_chains(rows: list[Row]) -> list[Chain]:
    return [(row["length"], row["coolness"], tuple(row["organization_ids"])) for row in rows]


def works(person: str, *places: str, since: str | None = None) -> list[Record]:
    days = {"since": day(since)} if since else {}
    return [
        node("Person", person, name=person),
        *(
            link("WORKS_FOR", f"Person {person}", f"Organization {place}", **days)
            for place in places
        ),
    ]


class Net:
    """A random network as records, and as networkx sees it: agencies, people, referrals."""

    def __init__(self, seed: int, size: int) -> None:
        self.dice = random.Random(seed)
        self.names = [f"a{number:02d}" for number in range(size)]
        self.records: list[Record] = []
        self.knows: nx.Graph[str] = nx.Graph()
        self.cool: dict[frozenset[str], int] = {}
        self.knows.add_nodes_from(self.names)
        for number in range(size * 3 // 2):
            self._add_tie(number)
        for number in range(size // 4):
            self._add_person(f"p{number}")
            self._add_referral(f"r{number}")

    def _add_tie(self, number: int) -> None:
        first, second = self.dice.choices(self.names, k=2)  # now and then with itself
        strength = self.dice.choice(tuple(COOL))
        quality = self.dice.choice(("good", "good", "stressful", "broken"))
        over, ahead = self.dice.random() < 0.1, self.dice.random() < 0.1
        self.records.append(
            tie(
                first, second, strength=strength, quality=quality,
                since=day(f"{2023 if ahead else 2010}-01-{number % 28 + 1:02d}"),
                until=day(TODAY) if over and not ahead else None,
            )
        )  # fmt: skip
        if quality != "broken" and not over and not ahead and first != second:
            self._know(first, second, COOL[strength] + (quality == "stressful"))

    def _add_person(self, person: str) -> None:
        places = self.dice.sample(self.names, k=2)
        ahead = self.dice.random() < 0.2
        self.records += works(person, *places, since="2022-10-05" if ahead else "2022-10-04")
        if not ahead:
            for place in places:
                self._know(place, person, 0)

    def _add_referral(self, key: str) -> None:
        sender, receiver = self.dice.choices(self.names, k=2)
        status = self.dice.choice((*TAKEN, "no_capacity", "pending"))
        self.records += referral(key, sender, receiver, status=status)
        if status in TAKEN:
            self._know(sender, key, 1)
            self._know(key, receiver, 0)  # a step through a referral costs 1 in all
            if sender == receiver:
                self.knows.remove_node(key)

    def _know(self, first: str, second: str, coolness: int) -> None:
        pair = frozenset((first, second))
        self.cool[pair] = min(coolness, self.cool.get(pair, 9))
        self.knows.add_edge(first, second)

    def list_chains(self, first: str, last: str) -> list[Chain]:
        if first == last or not nx.has_path(self.knows, first, last):
            return []
        found: dict[tuple[str, ...], Chain] = {}
        for path in nx.all_shortest_paths(self.knows, first, last):
            if len(path) - 1 > 8:
                return []
            chain = tuple(name for name in path if name in self.names)
            coolness = sum(self._cool(pair) for pair in pairwise(path))
            known = (len(path) - 1, coolness, chain)
            found[chain] = min(found.get(chain, known), known)
        return sorted(found.values())

    def _cool(self, pair: tuple[str, str]) -> int:
        if pair[0].startswith("r") or pair[1].startswith("r"):
            # In whichever direction it is passed: 1 when it is entered, 0 when it is left.
            return int(pair[1].startswith("r"))
        return self.cool[frozenset(pair)]


@pytest.mark.parametrize(("seed", "size"), [(1, 8), (2, 8), (3, 20), (4, 20), (5, 40)])
def test_chains_are_the_shortest_paths_of_networkx(store: Store, seed: int, size: int) -> None:
    net = Net(seed, size)
    write(store, agencies(*net.names), net.records)
    for last in net.names:
        expected = net.list_chains(net.names[0], last)
        rows = ask(store, net.names[0], last, limit=1_000)
        assert read_chains(rows) == expected
        assert ask(store, net.names[0], last, limit=1_000) == rows
        assert read_chains(ask(store, net.names[0], last, limit=2)) == expected[:2]


def test_the_networks_of_that_test_have_chains_to_compare() -> None:
    net = Net(5, 40)
    chains = [chain for last in net.names for chain in net.list_chains(net.names[0], last)]
    assert len(chains) > 20
    assert max(length for length, _, _ in chains) > 3


def test_a_person_who_worked_for_both_introduces(store: Store) -> None:
    write(store, agencies("a", "b"), works("Sato", "a", "b", since="2020-04-01"))
    (row,) = ask(store, "a", "b")
    assert (row["length"], row["coolness"], row["agencies"]) == (2, 0, ["a", "b"])
    (step,) = row["steps"]
    assert (step["basis"], step["name"]) == ("person", "Sato")
    assert ask(store, "a", "b", as_of="2020-03-31") == []


def test_the_warmest_of_parallel_ties_is_told(store: Store) -> None:
    write(
        store,
        agencies("a", "b"),
        tie("a", "b", strength="weak", since=day("2020-01-01")),
        tie("b", "a", strength="strong", quality="stressful", since=day("2021-01-01")),
    )
    (row,) = ask(store, "a", "b")
    assert (row["coolness"], row["steps"][0]["strength"]) == (1, "strong")


def test_a_closed_agency_introduces_nobody(store: Store) -> None:
    write(store, agencies("a", "c"), agency("b", status="closed"), tie("a", "b"), tie("b", "c"))
    assert ask(store, "a", "c") == []
    write(store, agencies("d", "e"), tie("a", "d"), tie("d", "e"), tie("e", "c"))
    assert read_chains(ask(store, "a", "c")) == [(3, 3, ("a", "d", "e", "c"))]


def test_nobody_is_introduced_to_itself_or_to_the_unknown(store: Store) -> None:
    write(store, agencies("a", "b"), tie("a", "a"))
    assert ask(store, "a", "a") == []
    assert ask(store, "a", "b") == []
    assert ask(store, "a", "nobody") == []
