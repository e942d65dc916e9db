"""Measures of a network, against their definitions and against cases solved by hand."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections import deque
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.measures import (
    EXACT_UP_TO,
    NO_AGENCY_TIES,
    PIVOTS,
    find_neighbourhood,
    measure_network,
)

ROOT = Path(__file__).parents[2]
Pair = tuple[str, str]

IDS = "abcdefgh"
networks = st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)), max_size=20)


def neighbours(ties: list[Pair], without: str = "") -> dict[str, set[str]]:
    ends: dict[str, set[str]] = {name: set() for name in IDS if name != without}
    for one, other in ties:
        if one != other and without not in (one, other):
            ends[one].add(other)
            ends[other].add(one)
    return ends


def count_paths(ends: dict[str, set[str]], start: str) -> dict[str, tuple[int, int]]:
    """Whom `start` reaches: in how many steps, by how many shortest paths."""
    found = {start: (0, 1)}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        for end in sorted(ends[node]):
            if end not in found:
                found[end] = (found[node][0] + 1, 0)
                waiting.append(end)
            if found[end][0] == found[node][0] + 1:
                found[end] = (found[end][0], found[end][1] + found[node][1])
    return found


def share_between(ties: list[Pair], middle: str) -> float:
    """Betweenness by its definition: over all pairs, the share of paths through `middle`."""
    paths = {start: count_paths(neighbours(ties), start) for start in IDS}
    total = 0.0
    for one, other in itertools.combinations([name for name in IDS if name != middle], 2):
        if other not in paths[one] or middle not in paths[one]:
            continue
        first, second, whole = paths[one][middle], paths[middle].get(other), paths[one][other]
        if second and first[0] + second[0] == whole[0]:
            total += first[1] * second[1] / whole[1]
    return total / ((len(IDS) - 1) * (len(IDS) - 2) / 2)


def count_parts(ends: dict[str, set[str]]) -> int:
    return len({frozenset(count_paths(ends, start)) for start in ends})


@given(networks)
def test_every_figure_is_what_its_formula_says(ties: list[Pair]) -> None:
    measured = measure_network(IDS, ties)
    ends = neighbours(ties)
    assert measured.n == len(IDS)
    assert measured.ties == sum(map(len, ends.values())) / 2
    for agency in measured.agencies:
        name = agency.organization_id
        assert agency.degree == len(ends[name])
        assert agency.betweenness == pytest.approx(share_between(ties, name))
        parts = count_parts(neighbours(ties, without=name))
        assert agency.broker == (parts > count_parts(ends) - (not ends[name]))
        assert (agency.community is None) == (not ends[name])


@given(networks, st.permutations(range(20)))
def test_the_order_of_the_input_makes_no_difference(ties: list[Pair], order: list[int]) -> None:
    shuffled = [ties[at][::-1] for at in order if at < len(ties)]
    assert measure_network(reversed(IDS), shuffled) == measure_network(IDS, ties)


def test_communities_are_the_same_in_every_process() -> None:
    # Python orders sets of texts anew in every process.
    code = (
        "from graph.analysis.measures import measure_network\n"
        "ids = [f'o{n}' for n in range(40)]\n"
        "ties = [(ids[n], ids[(n * 7 + 3) % 40]) for n in range(40)]"
        " + [(ids[n], ids[(n * 3 + 1) % 40]) for n in range(40)]\n"
        "print([a.community for a in measure_network(ids, ties).agencies])"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            cwd=ROOT, check=True, capture_output=True, text=True,
        ).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(answers) == 1
    assert max(int(word) for word in answers.pop().strip("[]\n").split(",")) > 1


def test_a_pure_star_says_that_there_are_no_ties_between_agencies() -> None:
    star = [("home", name) for name in IDS]
    cohesion = measure_network(["home", *IDS], star, ["home"]).cohesion
    assert (cohesion.n, cohesion.ties, cohesion.code) == (8, 0, NO_AGENCY_TIES)
    assert cohesion.density is cohesion.centralization is None


def test_cohesion_leaves_out_the_facility_and_its_ties() -> None:
    # Without home: a–b, a–c, a–d. A star of four: centralization 1, density 3 of 6.
    ties = [("home", name) for name in "abcd"] + [("a", "b"), ("c", "a"), ("a", "d"), ("d", "a")]
    cohesion = measure_network(["home", *"abcd"], ties, ["home", "elsewhere"]).cohesion
    assert (cohesion.n, cohesion.ties, cohesion.code) == (4, 3, None)
    assert (cohesion.density, cohesion.centralization) == (0.5, 1.0)


def test_two_agencies_have_a_density_but_no_centralization() -> None:
    cohesion = measure_network("ab", [("a", "b")]).cohesion
    assert (cohesion.density, cohesion.centralization) == (1.0, None)


def test_a_bridge_between_two_triangles_parts_two_groups() -> None:
    ties = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "e"), ("e", "f"), ("f", "d"), ("c", "d")]
    measured = measure_network("abcdef", ties)
    assert [agency.community for agency in measured.agencies] == [1, 1, 1, 2, 2, 2]
    assert [a.organization_id for a in measured.agencies if a.broker] == ["c", "d"]
    assert measured.communities == 2
    # Newman: Σ over groups of (ties inside ÷ m − (sum of degrees ÷ 2m)²), m = 7.
    assert measured.modularity == pytest.approx(2 * (3 / 7 - (7 / 14) ** 2))


def test_nobody_and_nothing() -> None:
    nobody = measure_network([], [])
    assert (nobody.n, nobody.ties, nobody.agencies, nobody.modularity) == (0, 0, (), None)
    assert nobody.cohesion.code == NO_AGENCY_TIES


def test_a_large_network_says_that_betweenness_is_estimated() -> None:
    ids = [f"o{number:04}" for number in range(EXACT_UP_TO + 1)]
    chain = list(itertools.pairwise(ids))
    assert measure_network(ids[:-1], chain).pivots is None
    estimated = measure_network(ids, chain)
    assert estimated.pivots == PIVOTS
    middle, end = estimated.agencies[EXACT_UP_TO // 2], estimated.agencies[0]
    assert middle.betweenness == pytest.approx(0.5, abs=0.1)
    assert end.betweenness == 0


@given(networks, st.integers(0, 3))
def test_the_neighbourhood_is_whom_so_many_steps_reach(ties: list[Pair], steps: int) -> None:
    within = {end for end, (far, _) in count_paths(neighbours(ties), "a").items() if far <= steps}
    assert find_neighbourhood(ties, "a", steps) == within
