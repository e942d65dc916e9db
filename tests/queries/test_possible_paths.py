"""Possible paths against networkx: the same chains, the same costs, the same order."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Final

import networkx as nx
import pytest

import queries
from graph.records import Record
from graph.store import Row, Store
from tests.builders import (
    FACILITY,
    agencies,
    agency,
    area,
    day,
    event,
    located,
    offers,
    partner_list,
    referral,
    serves,
    support,
    tie,
    write,
)

TODAY: Final = "2022-10-04"
ALL: Final = 1_000
NAMES: Final = tuple("abcdefgh")
SERVING: Final = ("d", "e", "h")
OFFERING: Final = ("e",)
TAKEN: Final = ("accepted", "got_help", "referred_on", "closed")
STATUSES: Final = ("accepted", "got_help", "referred_on", "closed", "declined_by_client", "pending")
STRENGTH_COSTS: Final = {"strong": 1.5, "normal": 2.0, "weak": 3.0}

Chain = tuple[float, tuple[str, ...]]


def ask(store: Store, **values: object) -> list[Row]:
    given = {"from_id": "a", "area_id": "town", "as_of": TODAY, "facility_id": FACILITY}
    return queries.ask(store, "possible_paths", **(given | values))


def read_chains(rows: list[Row]) -> list[Chain]:
    return [(row["cost"], tuple(row["organization_ids"])) for row in rows]


def town(*helpers: str) -> list[Record]:
    return [*area("town"), *(serves(helper, "town") for helper in helpers)]


class Net:
    """A random network, as records and as the networkx graph of the documented step costs."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.records: list[Record] = []
        self.steps: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        self.steps.add_nodes_from(NAMES)
        self.senders: set[str] = set()
        for number in range(14):
            self._add_tie(number)
        for number in range(6):
            self._add_referral(number)

    def _add_tie(self, number: int) -> None:
        first, second = self.dice.choices(NAMES, k=2)  # now and then a tie with itself
        strength = self.dice.choice(tuple(STRENGTH_COSTS))
        quality = self.dice.choice(("good", "good", "stressful", "broken"))
        kind = self.dice.choice(("cooperation", "membership"))
        over, ahead = self.dice.random() < 0.1, self.dice.random() < 0.1
        self.records.append(
            tie(
                first, second, kind=kind, strength=strength, quality=quality,
                since=day(f"{2023 if ahead else 2010}-01-{number + 1:02d}"),
                until=day("2022-10-04") if over and not ahead else None,
            )
        )  # fmt: skip
        if quality == "broken" or over or ahead:
            return
        cost = STRENGTH_COSTS[strength] + (quality == "stressful") + (kind == "membership")
        self.steps.add_edge(first, second, cost=cost)
        self.steps.add_edge(second, first, cost=cost)

    def _add_referral(self, number: int) -> None:
        sender, receiver = self.dice.choices(NAMES, k=2)
        status = self.dice.choice(STATUSES)
        ahead = self.dice.random() < 0.1
        on = day("2022-10-05" if ahead else "2022-10-04")
        self.records += referral(f"r{number}", sender, receiver, status=status, notified_on=on)
        if not ahead:
            self.senders.add(sender)
            self.steps.add_edge(sender, receiver, cost=1.0 if status in TAKEN else 1.5)

    def list_chains(self, start: str, longest: int) -> list[Chain]:
        plain = nx.DiGraph(self.steps)
        # Who offers nothing and sent a client on by the day asked for only passes on.
        targets = {name for name in SERVING if name in OFFERING or name not in self.senders}
        chains = nx.all_simple_paths(plain, start, targets, cutoff=longest) if targets else ()
        costed = {(self._cost(chain), tuple(chain)) for chain in chains}
        return sorted(costed, key=lambda c: (c[0], len(c[1]), c[1]))

    def _cost(self, chain: list[str]) -> float:
        costs: list[float] = [
            min(step["cost"] for step in self.steps[first][second].values())
            for first, second in pairwise(chain)
        ]
        return sum(costs)


@pytest.mark.parametrize("longest", [1, 2, 3, 5])
@pytest.mark.parametrize("seed", range(6))
def test_paths_are_the_simple_paths_of_networkx(store: Store, seed: int, longest: int) -> None:
    net = Net(seed)
    helping: list[Record] = [support("work"), *(offers(name, "work") for name in OFFERING)]
    write(store, agencies(FACILITY, *NAMES), town(*SERVING), helping, net.records)
    expected = net.list_chains("a", longest)
    rows = ask(store, longest=longest, limit=ALL)
    assert read_chains(rows) == expected
    assert ask(store, longest=longest, limit=ALL) == rows
    assert read_chains(ask(store, longest=longest, limit=3)) == expected[:3]


def test_the_networks_of_that_test_have_paths_to_compare() -> None:
    found = [len(Net(seed).list_chains("a", 3)) for seed in range(6)]
    assert sum(found) > 10
    assert len([count for count in found if count]) > 3


def test_the_smallest_path_tells_its_steps(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a", "b"),
        agency("c", phone="043-000-0000"),
        town("c"),
        support("housing"),
        offers("c", "housing"),
        referral("r", "a", "b", status="accepted", notified_on=day("2022-01-05")),
        tie("c", "b", strength="strong", since=day("2021-04")),
        partner_list("l", "2022-03-01", "c"),
    )
    rows = ask(store, support_ids="housing")
    assert len(rows) == 1
    row = rows[0]
    assert (row["cost"], row["agencies"], row["stage"]) == (2.5, ["a", "b", "c"], "listed")
    assert (row["supports"], row["phone"]) == (["housing"], "043-000-0000")
    first, second = row["steps"]
    assert (first["basis"], first["status"], first["since"].isoformat()) == (
        "referral", "accepted", "2022-01-05",
    )  # fmt: skip
    assert (second["basis"], second["strength"], second["cost"]) == ("tie", "strong", 1.5)


def test_where_nobody_serves_the_place_there_is_no_path(store: Store) -> None:
    write(store, agencies(FACILITY, "a", "b"), town(), tie("a", "b"))
    assert ask(store) == []
    assert ask(store, area_id="nowhere") == []
    assert ask(store, from_id="nobody") == []


def test_whoever_serves_the_wider_area_helps_as_well(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a", "b"),
        area("county", level="prefecture"),
        area("town", "county"),
        serves("b", "county"),
        tie("a", "b"),
    )
    assert read_chains(ask(store)) == [(2.0, ("a", "b"))]


def test_a_referral_leads_one_way_only(store: Store) -> None:
    write(store, agencies(FACILITY, "a", "b"), town("b"), referral("r", "b", "a"))
    assert ask(store) == []


def test_closed_resting_and_other_helpers_are_left_out(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a", "rests", "other"),
        agency("gone", status="closed"),
        town("gone", "rests", "other"),
        support("food"),
        support("work"),
        *(offers(name, "food") for name in ("gone", "rests")),
        offers("other", "work"),
        *(tie("a", name) for name in ("gone", "rests", "other")),
        event("declined", "2022-01-01", "rests"),
    )
    assert ask(store, support_ids="food") == []
    assert read_chains(ask(store)) == [(2.0, ("a", "other"))]
    assert read_chains(ask(store, stages="declined")) == [(2.0, ("a", "rests"))]


def test_the_cheapest_of_parallel_ties_is_taken(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a", "b"),
        town("b"),
        tie("a", "b", strength="weak", since=day("2020-01-01")),
        tie("b", "a", strength="strong", since=day("2021-01-01")),
    )
    rows = ask(store)
    assert read_chains(rows) == [(1.5, ("a", "b"))]
    assert [step["strength"] for step in rows[0]["steps"]] == ["strong"]


def test_of_equal_parallel_ties_the_latest_is_told(store: Store) -> None:
    ties = [tie("a", "b", since=day(f"20{year}-01-01")) for year in (21, 15, 18)]
    for records in (ties, ties[::-1]):
        write(store, agencies(FACILITY, "a", "b"), town("b"), records)
        assert ask(store)[0]["steps"][0]["since"].isoformat() == "2021-01-01"


def test_who_only_passes_clients_on_is_no_helper(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a", "b", "c"),
        town("b"),
        tie("a", "b"),
        referral("r", "b", "c", notified_on=day("2022-06-01")),
    )
    assert ask(store, as_of="2022-06-01") == []
    assert read_chains(ask(store, as_of="2022-05-31")) == [(2.0, ("a", "b"))]
    write(store, support("work"), offers("b", "work"))
    assert read_chains(ask(store, as_of="2022-06-01")) == [(2.0, ("a", "b"))]


def test_the_costs_of_the_steps_can_be_set(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a", "b", "c"),
        town("b", "c"),
        tie("a", "b", strength="strong", kind="membership"),
        tie("a", "c", strength="weak", quality="stressful"),
    )
    assert read_chains(ask(store)) == [(2.5, ("a", "b")), (4.0, ("a", "c"))]
    own = {"cost_strong": 5.0, "cost_membership": 0.5, "cost_weak": 1.0, "cost_stressful": 0.25}
    assert read_chains(ask(store, **own)) == [(1.25, ("a", "c")), (5.5, ("a", "b"))]
    write(store, referral("r", "a", "b"), referral("s", "a", "c", status="no_capacity"))
    costs = {"cost_taken": 0.75, "cost_other": 0.5}
    assert read_chains(ask(store, **costs)) == [(0.5, ("a", "c")), (0.75, ("a", "b"))]


def test_from_another_prefecture_the_way_is_through_the_settlement_centre(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a", "near", "b"),
        agency("centre", agency_type="地域生活定着支援センター"),
        area("east", level="prefecture"),
        area("west", level="prefecture"),
        area("town", "east"),
        area("city", "west"),
        serves("b", "town"),
        serves("centre", "east"),
        located("a", "city"),
        located("near", "town"),
        *(tie(start, "b") for start in ("a", "near", "centre")),
        tie("a", "centre"),
    )
    via = [(2.0, ("a", "centre")), (4.0, ("a", "b", "centre")), (4.0, ("a", "centre", "b"))]
    assert read_chains(ask(store, via_centre=True)) == via
    assert (2.0, ("a", "b")) in read_chains(ask(store))
    # From the same prefecture, or from who knows where, nobody needs to pass it.
    assert (2.0, ("near", "b")) in read_chains(ask(store, from_id="near", via_centre=True))
    assert (2.0, ("centre", "b")) in read_chains(ask(store, from_id="centre", via_centre=True))


def test_where_no_settlement_centre_is_known_any_way_will_do(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a", "b"),
        area("east", level="prefecture"),
        area("west", level="prefecture"),
        area("town", "east"),
        serves("b", "town"),
        located("a", "west"),
        tie("a", "b"),
    )
    assert read_chains(ask(store, via_centre=True)) == [(2.0, ("a", "b"))]


def test_the_steps_of_an_area_are_told_with_what_blocks_them(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a", "b", "c", "d"),
        tie("a", "b"),
        tie("b", "c", quality="broken"),
        tie("c", "d", until=day(TODAY)),
        tie("b", "d", since=day("2022-10-05")),
        referral("r", "a", "d"),
    )
    rows = queries.ask(store, "path_steps", as_of=TODAY)
    steps = [(r["first_id"], r["second_id"], r["both_ways"], r["blocked"]) for r in rows]
    assert steps == [
        ("a", "b", True, ""),
        ("a", "d", False, ""),
        ("b", "c", True, "broken"),
        ("c", "d", True, "ended"),
    ]
    assert len(queries.ask(store, "path_steps", as_of=TODAY, limit=1)) == 1


def test_a_tie_that_holds_outweighs_one_that_is_broken(store: Store) -> None:
    write(store, agencies(FACILITY, "a", "b"), tie("a", "b", quality="broken"),
          tie("a", "b", since=day("2022-01-01")))  # fmt: skip
    (row,) = queries.ask(store, "path_steps", as_of=TODAY)
    assert row["blocked"] == ""
