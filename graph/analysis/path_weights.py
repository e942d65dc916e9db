"""What a step from one agency to the next weighs: how likely it is taken, how long, how close.

Pure. The parts add up along a chain because the chance of a chain is the product of the chances of
its steps, and the logarithm of a product is a sum. All costs are whole thousandths.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import log
from typing import Any, Final

UNIT: Final = 1_000
"""Costs are counted in thousandths."""

LEAST_CHANCE: Final = 0.001
_LATEST: Final = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Weights:
    """How the parts are weighed; every one can be changed on the page.

    `chance` is what is expected of an agency nobody has tried, counted like `cases` cases of
    experience (a Beta prior of mean `chance`). `ten_days` of waiting cost what it says;
    `usual_days` are expected where no wait is known. Then what a step costs by the tie it rests
    on, `untied` for none but referrals, and what a stressful tie or one by membership adds.
    """

    chance: float = 0.5
    cases: float = 2.0
    ten_days: float = 0.2
    usual_days: float = 7.0
    strong: float = 0.0
    normal: float = 0.3
    weak: float = 0.8
    untied: float = 0.5
    stressful: float = 0.5
    membership: float = 0.3


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie that holds and is not broken."""

    kind: str
    strength: str
    quality: str
    since: date | None


@dataclass(frozen=True, slots=True)
class Step:
    """One agency to the next, with everything it rests on.

    Of `sent` referrals `taken` were taken on, `stopped` ended there, the rest is open.
    `waiting_days` is the mean to the first response, None where none is known. `blocked` is ""
    for a step that can be used, else why none of its ties can be.
    """

    first: str
    second: str
    sent: int
    taken: int
    stopped: int
    waiting_days: float | None
    first_on: date | None
    latest_on: date | None
    latest_year: int | None
    latest_status: str | None
    ties: tuple[Tie, ...]
    blocked: str


@dataclass(frozen=True, slots=True)
class Cost:
    """The parts of a step's cost in thousandths, and the tie that was weighed."""

    chance: int
    wait: int
    closeness: int
    tie: Tie | None

    @property
    def total(self) -> int:
        """The sum."""
        return self.chance + self.wait + self.closeness


def read_step(row: Mapping[str, Any]) -> Step:
    """Return the step of a row of the question path_steps."""
    ties = tuple(
        Tie(tie["kind"], tie["strength"], tie["quality"], tie["since"]) for tie in row["ties"]
    )
    return Step(
        row["first_id"], row["second_id"], row["sent"], row["taken"], row["stopped"],
        row["waiting_days"], row["first_on"], row["latest_on"], row["latest_year"],
        row["latest_status"], ties, row["blocked"],
    )  # fmt: skip


def expect_taking(step: Step, weights: Weights) -> float:
    """Return how likely a client is taken on: the mean of the Beta distribution after experience.

    (taken + chance · cases) ÷ (taken + stopped + cases); open referrals say nothing yet. Without
    experience and without cases to count the chance for as many it is `chance`. Never under
    `LEAST_CHANCE`: no cost is without end.
    """
    known = step.taken + step.stopped + weights.cases
    expected = (step.taken + weights.chance * weights.cases) / known if known else weights.chance
    return min(max(expected, LEAST_CHANCE), 1.0)


def weigh_step(step: Step, weights: Weights) -> Cost:
    """Return the parts of a step's cost; of several ties the one that costs least is weighed."""
    days = weights.usual_days if step.waiting_days is None else step.waiting_days
    closeness, tie = _weigh_ties(step, weights)
    return Cost(
        chance=round(-log(expect_taking(step, weights)) * UNIT),
        wait=round(max(days, 0.0) / 10 * weights.ten_days * UNIT),
        closeness=round(closeness * UNIT),
        tie=tie,
    )


def _weigh_ties(step: Step, weights: Weights) -> tuple[float, Tie | None]:
    if not step.ties:
        return weights.untied, None
    costs = {tie: _weigh_tie(tie, weights) for tie in step.ties}
    # Of two that cost the same the latest is told.
    best = min(costs, key=lambda tie: (costs[tie], _LATEST - _count_day(tie.since), tie.kind))
    return costs[best], best


def _count_day(day: date | None) -> int:
    return day.toordinal() if day else 0


def _weigh_tie(tie: Tie, weights: Weights) -> float:
    strengths = {"strong": weights.strong, "normal": weights.normal}
    return (
        strengths.get(tie.strength, weights.weak)
        + (weights.stressful if tie.quality == "stressful" else 0.0)
        + (weights.membership if tie.kind == "membership" else 0.0)
    )
