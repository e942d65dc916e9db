"""The plan of contacts: its order, its parts, and how close it comes to the best one."""

from __future__ import annotations

from itertools import combinations
from math import inf, isclose
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.analysis.plan import (
    EXACT_UP_TO,
    GAP,
    GUARANTEE,
    Best,
    Candidate,
    choose_exactly,
    measure_score,
    plan_contacts,
)

GAPS = {"food": 3.0, "work": 2.0, "housing": 2.0, "legal": 1.0}


def offer(key: str, *gaps: str, **reasons: float) -> Candidate:
    return Candidate(key, frozenset(gaps), reasons)


def test_gaps_that_are_closed_already_give_no_points() -> None:
    steps = plan_contacts(
        [offer("a", "food", "work"), offer("b", "work"), offer("c", "legal")], GAPS, 3
    )
    assert [(step.key, step.score, step.closes) for step in steps] == [
        ("a", 5, ("food", "work")),
        ("c", 1, ("legal",)),
    ]


def test_other_reasons_count_with_the_gaps() -> None:
    steps = plan_contacts([offer("a", "legal", silent=1.5), offer("b", "work", reach=1.0)], GAPS, 2)
    assert [(step.key, dict(step.parts)) for step in steps] == [
        ("b", {GAP: 2, "reach": 1}),
        ("a", {GAP: 1, "silent": 1.5}),
    ]


def test_no_more_than_asked_for_and_equal_scores_by_key() -> None:
    everybody = [offer(key, "food") for key in "cab"]
    assert [step.key for step in plan_contacts(everybody, GAPS, 1)] == ["a"]
    assert plan_contacts(everybody, GAPS, 0) == []
    assert plan_contacts([], GAPS, 3) == []
    assert plan_contacts([offer("a", "unheard of")], GAPS, 3) == []


def test_where_greed_is_not_the_best() -> None:
    """The known small case: the largest takes a part of both that together would close all."""
    gaps = dict.fromkeys("123456", 1.0)
    candidates = [offer("a", *"1245"), offer("b", *"123"), offer("c", *"456")]
    steps = plan_contacts(candidates, gaps, 2)
    assert [step.key for step in steps] == ["a", "b"]
    assert sum(step.score for step in steps) == 5
    best = choose_exactly(candidates, gaps, 2)
    assert best is not None
    assert isclose(best.score, 6)
    assert best.keys == ("b", "c")


def test_the_best_is_not_looked_for_in_large_cases() -> None:
    many = [offer(f"{number:03}", "food") for number in range(EXACT_UP_TO + 1)]
    assert choose_exactly(many, GAPS, 3) is None
    assert choose_exactly([], GAPS, 3) == Best(0.0, ())
    assert choose_exactly(many[:2], GAPS, 0) == Best(0.0, ())
    assert choose_exactly([offer("a", "food"), offer("b", "food")], GAPS, 2) in (
        Best(3.0, ("a",)), Best(3.0, ("b",)),
    )  # fmt: skip


NAMES = st.sampled_from("abcdefgh")
POINTS = st.integers(0, 8).map(lambda number: number / 4)
GAP_POINTS = st.dictionaries(st.sampled_from("123456789"), POINTS, max_size=9)
CANDIDATES = st.dictionaries(
    NAMES,
    st.tuples(
        st.frozensets(st.sampled_from("123456789")),
        st.dictionaries(st.sampled_from(["reach", "silent"]), POINTS),
    ),
    max_size=8,
).map(lambda found: [Candidate(key, gaps, why) for key, (gaps, why) in found.items()])


@settings(deadline=None)
@given(CANDIDATES, GAP_POINTS, st.integers(0, 5))
def test_greed_reaches_what_it_promises(
    candidates: list[Candidate], gaps: dict[str, float], k: int
) -> None:
    steps = plan_contacts(candidates, gaps, k)
    reached = sum(step.score for step in steps)
    best = choose_exactly(candidates, gaps, k)
    by_hand = max(
        measure_score(group, gaps)
        for size in range(min(k, len(candidates)) + 1)
        for group in combinations(candidates, size)
    )
    assert best is not None
    assert isclose(best.score, by_hand, abs_tol=1e-6)
    assert GUARANTEE * best.score - 1e-9 <= reached <= best.score + 1e-6
    members = [each for each in candidates if each.key in best.keys]
    assert len(members) <= k
    assert isclose(measure_score(members, gaps), best.score, abs_tol=1e-6)


@given(CANDIDATES, GAP_POINTS, st.integers(0, 5))
def test_parts_sum_to_scores_and_scores_to_that_of_the_set(
    candidates: list[Candidate], gaps: dict[str, float], k: int
) -> None:
    steps = plan_contacts(candidates, gaps, k)
    last = inf
    for step in steps:
        assert isclose(sum(step.parts.values()), step.score)
        assert step.score <= last + 1e-9
        last = step.score
    chosen = {step.key for step in steps}
    assert len(chosen) == len(steps)
    members = [each for each in candidates if each.key in chosen]
    assert isclose(sum(step.score for step in steps), measure_score(members, gaps), abs_tol=1e-9)


@given(CANDIDATES, GAP_POINTS, st.integers(0, 5), st.randoms())
def test_the_order_of_the_facts_does_not_matter(
    candidates: list[Candidate], gaps: dict[str, float], k: int, shuffler: Random
) -> None:
    shuffled = list(candidates)
    shuffler.shuffle(shuffled)
    turned = dict(reversed(gaps.items()))
    assert plan_contacts(shuffled, turned, k) == plan_contacts(candidates, gaps, k)
