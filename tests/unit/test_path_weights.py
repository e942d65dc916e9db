"""What a step weighs: its parts by the formula, and which tie of several is weighed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import exp, log

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graph.analysis.path_weights import (
    LEAST_CHANCE,
    UNIT,
    Step,
    Tie,
    Weights,
    expect_taking,
    weigh_step,
)

USUAL = Weights()
BARE = Step("a", "b", 0, 0, 0, None, None, None, None, None, (), "")
COUNTS = st.integers(0, 50)


def tried(taken: int, stopped: int) -> Step:
    return replace(BARE, sent=taken + stopped, taken=taken, stopped=stopped)


@given(COUNTS, COUNTS, st.floats(0.05, 0.95), st.floats(0.5, 10))
@example(0, 27, 0.0546875, 0.5)
def test_the_chance_is_the_mean_of_the_beta_distribution(
    taken: int, stopped: int, chance: float, cases: float
) -> None:
    alpha, beta = chance * cases + taken, (1 - chance) * cases + stopped
    found = expect_taking(tried(taken, stopped), replace(USUAL, chance=chance, cases=cases))
    assert found == pytest.approx(max(alpha / (alpha + beta), LEAST_CHANCE))


def test_nobody_tried_gets_what_is_expected_and_open_ones_say_nothing() -> None:
    assert expect_taking(BARE, USUAL) == 0.5
    assert expect_taking(replace(BARE, sent=9), USUAL) == 0.5
    assert expect_taking(tried(3, 1), USUAL) == pytest.approx(4 / 6)
    assert expect_taking(BARE, replace(USUAL, cases=0.0)) == 0.5
    assert expect_taking(tried(0, 5), replace(USUAL, cases=0.0)) > 0


@given(COUNTS, COUNTS, st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=4))
def test_costs_of_a_chain_add_up_to_its_chance(
    taken: int, stopped: int, others: list[tuple[int, int]]
) -> None:
    steps = [tried(taken, stopped), *(tried(*other) for other in others)]
    product = 1.0
    for step in steps:
        product *= expect_taking(step, USUAL)
    total = sum(weigh_step(step, USUAL).chance for step in steps)
    assert exp(-total / UNIT) == pytest.approx(product, rel=0.01)


@given(COUNTS, COUNTS)
def test_who_took_more_or_stopped_fewer_costs_no_more(taken: int, stopped: int) -> None:
    here = weigh_step(tried(taken, stopped), USUAL).total
    assert weigh_step(tried(taken + 1, stopped), USUAL).total <= here
    assert weigh_step(tried(taken, stopped + 1), USUAL).total >= here
    assert here >= 0


def test_waiting_costs_by_the_day_and_the_usual_wait_where_none_is_known() -> None:
    assert weigh_step(replace(BARE, waiting_days=30.0), USUAL).wait == 600
    assert weigh_step(replace(BARE, waiting_days=0.0), USUAL).wait == 0
    assert weigh_step(BARE, USUAL).wait == 140
    assert weigh_step(BARE, replace(USUAL, usual_days=20.0, ten_days=1.0)).wait == 2_000


@pytest.mark.parametrize(
    ("tie", "cost"),
    [
        (("cooperation", "strong", "good"), 0),
        (("cooperation", "normal", "good"), 300),
        (("membership", "normal", "good"), 600),
        (("cooperation", "weak", "stressful"), 1_300),
    ],
)
def test_a_tie_costs_by_its_strength(tie: tuple[str, str, str], cost: int) -> None:
    known = Tie(*tie, None)
    weighed = weigh_step(replace(BARE, ties=(known,)), USUAL)
    assert (weighed.closeness, weighed.tie) == (cost, known)


def test_the_cheapest_tie_is_weighed_and_of_equal_ones_the_latest() -> None:
    old = Tie("cooperation", "strong", "good", date(2015, 1, 1))
    new = Tie("cooperation", "strong", "good", date(2021, 1, 1))
    undated = Tie("cooperation", "strong", "good", None)
    weak = Tie("cooperation", "weak", "good", date(2022, 1, 1))
    for ties in ((old, weak, new, undated), (undated, new, weak, old)):
        assert weigh_step(replace(BARE, ties=ties), USUAL).tie == new


def test_a_step_by_referrals_alone_has_no_tie() -> None:
    weighed = weigh_step(tried(2, 0), USUAL)
    assert (weighed.tie, weighed.closeness) == (None, 500)
    assert weighed.chance == round(-log(3 / 4) * 1000)
    assert weighed.total == weighed.chance + weighed.wait + weighed.closeness
