"""Where a chain of agencies cannot be: what blocks it, and which single new tie would open it.

Pure, over the steps of the question path_steps: plain dictionaries of agencies to agencies.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from graph.analysis.path_weights import Step

Steps = dict[str, set[str]]


@dataclass(frozen=True, slots=True)
class Opening:
    """A tie that is missing: between whom, and the chain it would open, ends included."""

    first: str
    second: str
    chain: tuple[str, ...]


def list_steps(steps: Iterable[Step], blocked: Collection[str] = ("",)) -> Steps:
    """Return agency → agencies one step on; only steps whose `blocked` is one of those given."""
    onward: Steps = {}
    for step in steps:
        if step.blocked in blocked:
            onward.setdefault(step.first, set()).add(step.second)
    return onward


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
    targets: Sequence[str],
    longest: int,
    *,
    own: str | None = None,
    limit: int = 3,
) -> list[Opening]:
    """Return the single new ties that would open a chain of at most `longest` steps to a target.

    A tie leads straight to the first of the `targets`, which come in order of preference, or to
    the facility `own` where that reaches one. Those of `own` come first, since it can make them
    itself; then the shortest chains, then by ids. One tie for each agency it begins at. [] when a
    chain is open already, or nothing can be reached.
    """
    ahead = find_chains(steps, start, longest)
    if not targets or any(target in ahead for target in targets):
        return []
    ends: list[tuple[str, ...]] = [(targets[0],)]
    if own is not None and (way := _find_way(steps, own, targets, longest - 1)):
        ends.append(way)
    best = [
        min(found, key=lambda one: _rank(one, own))
        for first, chain in ahead.items()
        if (found := _list_openings(first, chain, ends, longest))
    ]
    return sorted(best, key=lambda one: _rank(one, own))[:limit]


def _list_openings(
    first: str, chain: tuple[str, ...], ends: Iterable[tuple[str, ...]], longest: int
) -> list[Opening]:
    return [
        Opening(first, end[0], (*chain, *end))
        for end in ends
        if end[0] != first and len(chain) + len(end) - 1 <= longest
    ]


def _rank(one: Opening, own: str | None) -> tuple[bool, int, tuple[str, ...]]:
    return own not in (one.first, one.second), len(one.chain), one.chain


def _find_way(
    steps: Steps, start: str, targets: Sequence[str], longest: int
) -> tuple[str, ...] | None:
    """Return the shortest chain to a target, None when there is none."""
    chains = find_chains(steps, start, longest)
    ways = [chains[target] for target in targets if target in chains]
    return min(ways, key=lambda way: (len(way), way)) if ways else None
