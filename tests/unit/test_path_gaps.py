"""What blocks a chain, and the single tie that would open one, against trying every tie."""

from __future__ import annotations

from itertools import pairwise, permutations

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.analysis.path_gaps import (
    Steps,
    find_blocked_chain,
    find_chains,
    find_openings,
    list_steps,
)
from graph.analysis.path_weights import Step

NAMES = "abcdef"
PAIRS = st.sets(st.sampled_from(list(permutations(NAMES, 2))))


def step(first: str, second: str, blocked: str = "") -> Step:
    return Step(first, second, 0, 0, 0, None, None, None, None, None, (), blocked)


def make_steps(pairs: set[tuple[str, str]]) -> Steps:
    return list_steps(step(*pair) for pair in pairs)


def reach(pairs: set[tuple[str, str]], longest: int) -> dict[str, int]:
    graph = nx.DiGraph(sorted(pairs))
    graph.add_nodes_from(NAMES)
    return dict(nx.single_source_shortest_path_length(graph, "a", cutoff=longest))


def test_steps_lead_the_way_they_are_told() -> None:
    rows = [step("a", "b"), step("b", "a"), step("b", "c"), step("c", "d", "broken")]
    assert list_steps(rows) == {"a": {"b"}, "b": {"a", "c"}}
    assert list_steps(rows, ("", "broken"))["c"] == {"d"}


@given(PAIRS, st.integers(1, 4))
def test_chains_are_the_shortest_of_networkx(pairs: set[tuple[str, str]], longest: int) -> None:
    chains = find_chains(make_steps(pairs), "a", longest)
    assert {name: len(chain) - 1 for name, chain in chains.items()} == reach(pairs, longest)
    for chain in chains.values():
        assert all(step in pairs for step in pairwise(chain))


@settings(deadline=None)
@given(PAIRS, st.integers(1, 4))
def test_an_opening_is_one_tie_that_opens_a_chain(
    pairs: set[tuple[str, str]], longest: int
) -> None:
    targets = {"e", "f"}
    openings = find_openings(make_steps(pairs), "a", sorted(targets), longest, limit=100)
    closed = not targets & reach(pairs, longest).keys()
    opening = {
        first
        for first, second in permutations(NAMES, 2)
        if closed and targets & reach(pairs | {(first, second)}, longest).keys()
    }
    assert {one.first for one in openings} == opening
    for one in openings:
        added = pairs | {(one.first, one.second)}
        assert all(step in added for step in zip(one.chain, one.chain[1:], strict=False))
        assert (one.chain[0], one.chain[-1] in targets) == ("a", True)
        assert len(one.chain) - 1 <= longest
        assert len(set(one.chain)) == len(one.chain)


@settings(deadline=None)
@given(PAIRS, PAIRS, st.integers(1, 4))
def test_the_blocked_chain_has_the_fewest_blocked_steps(
    free: set[tuple[str, str]], barred: set[tuple[str, str]], longest: int
) -> None:
    everything = free | barred
    chain = find_blocked_chain(make_steps(free), make_steps(everything), "a", "f", longest)
    ways = [
        (sum(step not in free for step in pairwise(way)), len(way))
        for length in range(longest)
        for middle in permutations("bcde", length)
        for way in [("a", *middle, "f")]
        if all(step in everything for step in pairwise(way))
    ]
    if chain is None:
        assert ways == []
    else:
        blocked = sum(step not in free for step in pairwise(chain))
        assert (blocked, len(chain)) == min(ways)


def test_the_facilitys_own_tie_comes_first() -> None:
    steps = make_steps({("prison", "home"), ("home", "prison"), ("far", "helper")})
    openings = find_openings(steps, "prison", ["helper"], 3, own="home")
    assert [(one.first, one.second) for one in openings] == [
        ("home", "helper"),
        ("prison", "helper"),
    ]
    assert openings[0].chain == ("prison", "home", "helper")
    assert find_openings(steps, "prison", ["home"], 3) == []
    assert find_openings(steps, "prison", [], 3) == []


def test_a_tie_to_the_facility_that_reaches_a_helper_opens_a_chain() -> None:
    steps = make_steps({("home", "helper")})
    openings = find_openings(steps, "prison", ["best", "helper"], 3, own="home")
    assert [one.chain for one in openings] == [("prison", "home", "helper")]
    assert [one.chain for one in find_openings(steps, "prison", ["best", "helper"], 1)] == [
        ("prison", "best")
    ]
