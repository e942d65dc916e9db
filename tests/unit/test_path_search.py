"""The best chains against networkx, and that no more is read than they can use."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.analysis.path_search import (
    Path,
    explore,
    explore_around,
    find_best_paths,
    list_arcs,
)

SINK = "~"


@dataclass(frozen=True)
class Arc:
    first: str
    second: str
    cost: int


class Shelf:
    """Steps in memory that count how often and what was read."""

    def __init__(self, arcs: Sequence[tuple[str, str, int]]) -> None:
        self.arcs = [Arc(*arc) for arc in sorted(arcs)]
        self.reads = 0

    def __call__(
        self, ids: Sequence[str], *, backward: bool, others: Sequence[str], limit: int
    ) -> list[Arc]:
        self.reads += 1
        ends = [(arc.second, arc.first) if backward else (arc.first, arc.second)
                for arc in self.arcs]  # fmt: skip
        return [
            arc
            for (near, far), arc in zip(ends, self.arcs, strict=True)
            if near in ids and (not others or far in others)
        ][:limit]


def make_arcs(seed: int, size: int, degree: int, largest: int) -> list[tuple[str, str, int]]:
    """A random graph; few different costs make many ties."""
    dice = random.Random(seed)
    names = [f"n{number:03}" for number in range(size)]
    return [
        (*dice.choices(names, k=2), dice.randint(0, largest))  # parallel ones and to itself too
        for _ in range(size * degree)
    ]


def make_networkx(arcs: Sequence[tuple[str, str, int]], targets: set[str]) -> nx.DiGraph[str]:
    graph: nx.DiGraph[str] = nx.DiGraph()
    for first, second, cost in arcs:
        known = graph.get_edge_data(first, second, {"cost": cost})["cost"]
        graph.add_edge(first, second, cost=min(cost, known))
    graph.add_edges_from(((target, SINK) for target in targets), cost=0)
    return graph


def cost_of(graph: nx.DiGraph[str], stops: Sequence[str]) -> int:
    return sum(graph[first][second]["cost"] for first, second in pairwise(stops))


def list_all(
    arcs: Sequence[tuple[str, str, int]], start: str, targets: set[str], longest: int
) -> list[Path]:
    """Every chain, in the order promised, by trying all."""
    graph = make_networkx(arcs, targets)
    if start not in graph or SINK not in graph:
        return []
    chains = (chain[:-1] for chain in nx.all_simple_paths(graph, start, SINK, cutoff=longest + 1))
    paths = {Path(cost_of(graph, chain), tuple(chain)) for chain in chains}
    return sorted(paths, key=lambda path: (path.cost, len(path.stops), path.stops))


@pytest.mark.parametrize("largest", [0, 3, 1_000])
@pytest.mark.parametrize(("size", "degree"), [(6, 2), (20, 3), (80, 3), (300, 4)])
@pytest.mark.parametrize("seed", range(3))
def test_the_costs_are_those_of_networkx(seed: int, size: int, degree: int, largest: int) -> None:
    arcs = make_arcs(seed, size, degree, largest)
    targets = {f"n{number:03}" for number in (1, 2, 5)}
    graph = make_networkx(arcs, targets)
    graph.add_node("n000")
    found = find_best_paths(list_arcs(arcs), "n000", targets, longest=size, count=12)
    expected = list(islice(nx.shortest_simple_paths(graph, "n000", SINK, "cost"), 12)) if (
        nx.has_path(graph, "n000", SINK)
    ) else []  # fmt: skip
    assert found.complete
    assert [path.cost for path in found.paths] == [cost_of(graph, chain) for chain in expected]
    for path in found.paths:
        assert path.cost == cost_of(graph, path.stops)
        assert path.stops[-1] in targets
        assert len(set(path.stops)) == len(path.stops)


GRAPHS = st.lists(
    st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg"), st.integers(0, 4)),
    max_size=25,
)


@settings(deadline=None)
@given(GRAPHS, st.sets(st.sampled_from("bcdefg"), max_size=3), st.integers(1, 6),
       st.integers(1, 8))  # fmt: skip
def test_every_chain_comes_in_its_order(
    arcs: list[tuple[str, str, int]], targets: set[str], longest: int, count: int
) -> None:
    expected = list_all(arcs, "a", targets, longest)
    found = find_best_paths(list_arcs(arcs), "a", targets, longest=longest, count=count)
    assert list(found.paths) == expected[:count]
    again = find_best_paths(list_arcs(arcs[::-1]), "a", targets, longest=longest, count=count)
    assert again == found


@settings(deadline=None)
@given(GRAPHS, st.sets(st.sampled_from("bcdefg"), max_size=3),
       st.sets(st.sampled_from("abcdefg"), min_size=1, max_size=2), st.integers(1, 6))  # fmt: skip
def test_a_chain_passes_one_of_the_stops(
    arcs: list[tuple[str, str, int]], targets: set[str], through: set[str], longest: int
) -> None:
    every = list_all(arcs, "a", targets, longest)
    expected = [path for path in every if through & set(path.stops)]
    found = find_best_paths(
        list_arcs(arcs), "a", targets, longest=longest, count=1_000, through=through
    )
    assert list(found.paths) == expected


@settings(deadline=None)
@given(GRAPHS, st.sets(st.sampled_from("bcdefg"), max_size=3), st.integers(1, 6))
def test_what_is_explored_holds_every_chain(
    arcs: list[tuple[str, str, int]], targets: set[str], longest: int
) -> None:
    shelf = Shelf(list({arc[:2]: arc for arc in arcs}.values()))
    whole = [(arc.first, arc.second, arc.cost) for arc in shelf.arcs]
    explored = explore(shelf, "a", targets, longest)
    assert explored.complete
    read = [(arc.first, arc.second, arc.cost) for arc in explored.steps]
    assert len(set(read)) == len(read)
    assert shelf.reads <= longest
    assert list_all(read, "a", targets, longest) == list_all(whole, "a", targets, longest)


def test_a_large_graph_is_read_around_its_ends_only() -> None:
    size = 20_000
    dice = random.Random(7)
    onward = {number: dice.choices(range(size), k=5) for number in range(size)}
    backward: dict[int, list[int]] = {}
    for first, seconds in onward.items():
        for second in seconds:
            backward.setdefault(second, []).append(first)

    def read(ids: Sequence[str], *, backward_: bool, others: Sequence[str]) -> list[Arc]:
        table = backward if backward_ else onward
        pairs = [(int(one), far) for one in ids for far in table.get(int(one), ())]
        kept = [(near, far) for near, far in pairs if not others or str(far) in others]
        return [Arc(str(far), str(near), 1) if backward_ else Arc(str(near), str(far), 1)
                for near, far in kept]  # fmt: skip

    explored = explore(
        lambda ids, *, backward, others, limit: read(ids, backward_=backward, others=others)[
            :limit
        ],
        "0",
        {str(number) for number in range(100, 140)},
        4,
    )
    assert explored.complete
    assert len(explored.steps) < 2_000  # of 100,000


def test_a_limit_that_is_hit_is_told() -> None:
    arcs = make_arcs(1, 40, 4, 9)
    explored = explore(Shelf(arcs), "n000", {"n001"}, 4, most=10)
    assert (len(explored.steps), explored.complete) == (10, False)
    assert explored == explore(Shelf(arcs[::-1]), "n000", {"n001"}, 4, most=10)
    found = find_best_paths(list_arcs(arcs), "n000", {"n001"}, longest=40, count=50, most=5)
    assert not found.complete
    assert len(found.paths) <= 5


def test_around_an_agency_the_steps_of_so_many_rings_are_read() -> None:
    chain = [("a", "b", 1), ("b", "c", 1), ("c", "d", 1)]
    ahead = explore_around(Shelf(chain), "a", 2)
    assert [(step.first, step.second) for step in ahead.steps] == [("a", "b"), ("b", "c")]
    behind = explore_around(Shelf(chain), "d", 1, backward=True)
    assert [(step.first, step.second) for step in behind.steps] == [("c", "d")]
    assert not explore_around(Shelf(chain), "a", 3, most=2).complete


def test_nothing_is_found_where_nothing_is() -> None:
    assert find_best_paths({}, "a", {"b"}, longest=3, count=5).paths == ()
    assert find_best_paths({"a": {"b": 1}}, "a", {"a"}, longest=3, count=5).paths == ()
    assert explore(Shelf([("a", "b", 1)]), "a", (), 3).steps == ()
    with pytest.raises(ValueError, match="less than nothing"):
        list_arcs([("a", "b", -1)])
