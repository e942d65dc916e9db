"""Where a chain of agencies cannot be: what blocks it, and which single new tie would open it.

Pure, over the steps of the question path_steps: plain dictionaries of agencies to agencies.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

Steps = dict[str, set[str]]


@dataclass(frozen=True, slots=True)
class Opening:
    """A tie that is missing: between whom, and the chain it would open, ends included."""

    first: str
    second: str
    chain: tuple[str, ...]


def list_steps(rows: Iterable[Mapping[str, Any]], blocked: Collection[str] = ("",)) -> Steps:
    """Return agency → agencies one step on; only steps whose `blocked` is one of those given."""
    steps: Steps = {}
    for row in rows:
        if row["blocked"] in blocked:
            steps.setdefault(row["first_id"], set()).add(row["second_id"])
            if row["both_ways"]:
                steps.setdefault(row["second_id"], set()).add(row["first_id"])
    return steps


def find_chains(steps: Steps, start: str, longest: int) -> dict[str, tuple[str, ...]]:
    """Return agency → shortest chain from `start` in at most `longest` steps, first by ids."""
    chains: dict[str, tuple[str, ...]] = {start: (start,)}
    edge = [start]
    for _ in range(longest):
        found: dict[str, tuple[str, ...]] = {}
        for name in edge:
            for other in sorted(steps.get(name, ())):
                if other not in chains:
                    found.setdefault(other, (*chains[name], other))
        chains |= found
        edge = sorted(found, key=lambda name: chains[name])
    return chains


def find_blocked_chain(
    open_steps: Steps, all_steps: Steps, start: str, targets: Collection[str], longest: int
) -> tuple[str, ...] | None:
    """Return the chain to a target with the fewest blocked steps, then the shortest, then by ids.

    None when no chain of at most `longest` steps leads to a target even with them.
    """
    best: dict[tuple[str, int], tuple[str, ...]] = {(start, 0): (start,)}
    edge = dict(best)
    for _ in range(longest):
        found: dict[tuple[str, int], tuple[str, ...]] = {}
        for (name, blocked), chain in sorted(edge.items(), key=lambda item: item[1]):
            for other in sorted(all_steps.get(name, set()) - set(chain)):
                state = (other, blocked + (other not in open_steps.get(name, ())))
                if state not in best:
                    found.setdefault(state, (*chain, other))
        best |= found
        edge = found
    ends = [(key[1], len(chain), chain) for key, chain in best.items() if key[0] in targets]
    return min(ends)[2] if ends else None


def find_openings(
    steps: Steps,
    start: str,
    targets: Collection[str],
    longest: int,
    *,
    own: str | None = None,
    limit: int = 3,
) -> list[Opening]:
    """Return the single new ties that would open a chain of at most `longest` steps to a target.

    Those of the facility `own` come first, since it can make them itself; then the shortest
    chains, then by ids. One tie for each agency it begins at. A tie leads both ways, so it may be
    passed in the direction needed. [] when a chain is open already, or nothing can be reached.
    """
    ahead = find_chains(steps, start, longest)
    if any(target in ahead for target in targets):
        return []
    behind = _find_ways_in(steps, targets, longest)
    found = [
        Opening(first, second, (*ahead[first], *behind[second]))
        for first, second in product(ahead, behind)
        if len(ahead[first]) + len(behind[second]) - 1 <= longest
    ]
    found.sort(key=lambda one: (own not in (one.first, one.second), len(one.chain), one.chain))
    first_of = {one.first: one for one in reversed(found)}
    return [one for one in found if first_of[one.first] is one][:limit]


def _find_ways_in(
    steps: Steps, targets: Collection[str], longest: int
) -> dict[str, tuple[str, ...]]:
    """Return agency → shortest chain from it to a target."""
    reverse: Steps = {}
    for name, others in steps.items():
        for other in others:
            reverse.setdefault(other, set()).add(name)
    ways: dict[str, tuple[str, ...]] = {}
    for target in sorted(targets):
        for name, chain in find_chains(reverse, target, longest - 1).items():
            way = chain[::-1]
            known = ways.setdefault(name, way)
            ways[name] = min(known, way, key=lambda each: (len(each), each))
    return ways
