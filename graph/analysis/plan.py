"""Whom to contact next, as a set: which k contacts together promise the most.

The score of a set is the weight of the gaps it closes, each counted once, plus the other reasons of
its members. It grows with every member and grows less the larger the set already is (monotone and
submodular), so taking the best next one again and again reaches at least 1 − 1/e, about 63 %, of
the best possible score of k contacts (Nemhauser, Wolsey and Fisher 1978). `choose_exactly` finds
the best score itself by integer programming, for small cases, to show how close that came.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy.optimize import (  # type: ignore[import-untyped, unused-ignore]
    Bounds,
    LinearConstraint,
    milp,
)
from scipy.sparse import lil_array  # type: ignore[import-untyped, unused-ignore]

GUARANTEE: Final = 1 - 1 / math.e
"""The share of the best score that a greedy choice never falls short of."""

GAP: Final = "gap"
"""Name of the part that gaps give; the others are named by the candidates."""

EXACT_UP_TO: Final = 60
"""Candidates up to which the best set is looked for; it answers in well under a second."""

_TIME_LIMIT_S: Final = 1.0
_CHOSEN: Final = 0.5  # the solver's ones and zeros are not exact
_DIGITS: Final = 9  # below them, sums that differ by their order only are the same


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agency that may be contacted: the gaps it would close, and its other reasons in points."""

    key: str
    gaps: frozenset[str] = frozenset()
    reasons: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """A contact of the plan: its points by part, which sum to `score`, and the gaps it closes.

    Gaps that an earlier step closes give a later one nothing.
    """

    key: str
    score: float
    parts: Mapping[str, float]
    closes: tuple[str, ...]


def plan_contacts(candidates: Iterable[Candidate], gaps: Mapping[str, float], k: int) -> list[Step]:
    """Return up to `k` contacts, best first; [] when no candidate has any reason.

    `gaps` is gap → points, not negative. Equal scores go by key, so the same facts give the same
    plan. Candidates without points are not named.
    """
    waiting = {each.key: each for each in candidates}
    open_gaps = dict(gaps)
    steps: list[Step] = []
    while waiting and len(steps) < k:
        best = min(
            (_weigh(each, open_gaps) for each in waiting.values()),
            key=lambda step: (-round(step.score, _DIGITS), step.key),
        )
        if best.score <= 0:
            break
        steps.append(best)
        del waiting[best.key]
        for gap in best.closes:
            del open_gaps[gap]
    return steps


def measure_score(candidates: Iterable[Candidate], gaps: Mapping[str, float]) -> float:
    """Return the score of a set of candidates; 0 for none."""
    chosen = list(candidates)
    closed = {gap for each in chosen for gap in each.gaps}
    reasons = (points for each in chosen for points in each.reasons.values())
    return sum(gaps.get(gap, 0.0) for gap in sorted(closed)) + sum(reasons)


@dataclass(frozen=True, slots=True)
class Best:
    """The best set there is: its score and its members, by key."""

    score: float
    keys: tuple[str, ...]


def choose_exactly(
    candidates: Sequence[Candidate], gaps: Mapping[str, float], k: int
) -> Best | None:
    """Return the best score that `k` of the candidates can have, and a set that has it.

    None when it is not looked for, with more than `EXACT_UP_TO` candidates, or not found in time.
    Members that add nothing are left out.
    One variable says of each candidate that it is chosen and one of each gap that it is closed; a
    gap is closed only by a chosen candidate.
    """
    if len(candidates) > EXACT_UP_TO:
        return None
    if not candidates or k <= 0:
        return Best(0.0, ())
    names = [name for name in gaps if any(name in each.gaps for each in candidates)]
    gains = [sum(each.reasons.values()) for each in candidates] + [gaps[name] for name in names]
    result = milp(
        -np.array(gains),
        constraints=_constrain(candidates, names, k),
        integrality=np.ones(len(gains)),
        bounds=Bounds(0, 1),
        options={"time_limit": _TIME_LIMIT_S, "mip_rel_gap": 0.0},
    )
    if not result.success:
        return None
    chosen = [each for each, one in zip(candidates, result.x, strict=False) if one > _CHOSEN]
    return Best(-float(result.fun), tuple(sorted(_drop_idle(chosen, gaps))))


def _drop_idle(chosen: Sequence[Candidate], gaps: Mapping[str, float]) -> Iterator[str]:
    """Yield the keys of those that give the set any points; the solver may fill it up."""
    return (step.key for step in plan_contacts(chosen, gaps, len(chosen)))


def _weigh(candidate: Candidate, open_gaps: Mapping[str, float]) -> Step:
    closes = tuple(sorted(candidate.gaps & open_gaps.keys()))
    parts = {GAP: sum(open_gaps[gap] for gap in closes), **candidate.reasons}
    return Step(candidate.key, sum(parts.values()), parts, closes)


def _constrain(candidates: Sequence[Candidate], names: Sequence[str], k: int) -> LinearConstraint:
    count = len(candidates)
    matrix = lil_array((1 + len(names), count + len(names)))
    matrix[0, :count] = 1.0
    for row, name in enumerate(names, 1):
        for column, candidate in enumerate(candidates):
            if name in candidate.gaps:
                matrix[row, column] = -1.0
        matrix[row, count + row - 1] = 1.0
    upper = np.zeros(1 + len(names))
    upper[0] = k
    return LinearConstraint(matrix.tocsr(), -np.inf, upper)
