"""The possible paths of a wish: who helps there, which steps there are, the best chains."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from graph.analysis.path_search import Path, explore, find_best_paths, list_arcs
from graph.analysis.path_weights import Cost, Step, Weights, read_step, weigh_step
from graph.store import Row
from views.frame import Context
from views.paths.wish import ENOUGH, Wish

MOST_PATHS: Final = 5
MOST_STEPS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Reached:
    """The best paths of a wish, with the steps they are made of.

    `helpers` are all who could help at the destination, of whatever stage, by id. `around` says
    that no path passes a settlement centre and these do not. Unless `complete` the search was cut
    short: better paths may be missing.
    """

    helpers: Mapping[str, Row]
    paths: tuple[Path, ...]
    steps: Mapping[tuple[str, str], Step]
    around: bool
    complete: bool


def search(context: Context, wish: Wish) -> Reached:
    """Search the best paths of a wish."""
    start, place = wish.start["organization_id"], {"area_id": wish.area["area_id"]}
    rows = context.ask("path_helpers", **context.about(**place, support_ids=list(wish.support_ids)))
    helpers = {row["organization_id"]: row for row in rows}
    targets = frozenset(pick_helpers(context, helpers.values(), wish.stage)) - {start}
    explored = explore(partial(read_steps, context), start, targets, wish.longest, MOST_STEPS)
    arcs = list_arcs(
        (step.first, step.second, weigh_step(step, wish.weights).total) for step in explored.steps
    )
    find = partial(find_best_paths, arcs, start, targets, longest=wish.longest, count=MOST_PATHS)
    centres = context.ask("path_centres", **place, from_id=start) if wish.via_centre else []
    found = find(through=frozenset(row["organization_id"] for row in centres))
    around = bool(centres) and not found.paths
    if around:
        found = find()
    return Reached(
        helpers,
        found.paths,
        {(step.first, step.second): step for step in explored.steps},
        around,
        explored.complete and found.complete,
    )


def pick_helpers(context: Context, helpers: Collection[Row], stage: str) -> list[str]:
    """Return those with whom the facility has come as far as `stage`; itself always."""
    return [
        row["organization_id"]
        for row in helpers
        if row["stage"] in ENOUGH[stage] or row["organization_id"] == context.facility_id
    ]


def read_steps(
    context: Context,
    ids: Sequence[str],
    *,
    backward: bool,
    others: Sequence[str],
    limit: int,
    with_blocked: bool = False,
) -> list[Step]:
    """Read steps as `explore` asks for them."""
    rows = context.ask(
        "path_steps",
        organization_ids=list(ids),
        others=list(others),
        backward=backward,
        as_of=context.as_of,
        with_blocked=with_blocked,
        limit=limit,
    )
    return [read_step(row) for row in rows]


def list_costs(
    path: Path, steps: Mapping[tuple[str, str], Step], weights: Weights
) -> list[tuple[Step, Cost]]:
    """Return the steps of a path with the parts of their costs."""
    pairs = zip(path.stops, path.stops[1:], strict=False)
    return [(steps[pair], weigh_step(steps[pair], weights)) for pair in pairs]
