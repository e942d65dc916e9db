"""The next contacts as a set: which ones together close the most gaps, with every part shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import streamlit as st

from graph.analysis.plan import (
    GAP,
    GUARANTEE,
    Candidate,
    Step,
    choose_exactly,
    measure_score,
    plan_contacts,
)
from graph.store import Row
from graph.vocabulary import FIELDS
from views import tables
from views.choices import choose_one
from views.frame import Context
from views.gaps.coverage_table import name_cell
from views.tables import draw_table

PARTS: Final = (GAP, "not_told", "reach", "anxious", "contact_changed", "silent")
POINTS_EACH: Final = 0.5
"""Points of a gap, and of each client who was to go to its area."""

REACH: Final = 1.0
"""Points of an agency that the facility knows warmly; half of it over one agency in between."""

_OPEN: Final = ("silent", "explained", "listed", "known")
_SIZES: Final = ("3", "5", "10")
_FIRST_SIZE: Final = "3"
_MOST_WEIGHT: Final = 3.0


def show_plan(context: Context, rows: Sequence[Row]) -> None:
    """Draw the plan made from the `rows` of next_contacts, which names nobody who rests."""
    st.subheader(context.say("plan.title"))
    cells = context.ask("coverage_matrix", **context.about())
    requests = context.ask("area_requests", as_of=context.as_of)
    gaps = weigh_gaps(cells, requests)
    reaches = {
        row["organization_id"]: row for row in context.ask("contact_reach", **context.about())
    }
    candidates = list_candidates(rows, cells, reaches)
    if not any(each.gaps & gaps.keys() for each in candidates):
        st.info(context.say("plan.too_little"), icon=":material/info:")
        return
    st.caption(context.say("plan.about"))
    if not requests:
        st.caption(context.say("plan.no_demand"))
    size, weights = _choose_size(context)
    gaps = {gap: weights[GAP] * points for gap, points in gaps.items()}
    candidates = [apply_weights(each, weights) for each in candidates]
    steps = plan_contacts(candidates, gaps, size)
    if not steps:
        st.info(context.say("plan.nothing"), icon=":material/info:")
        return
    st.html(tables.STYLE)
    st.html(_draw_steps(context, steps, rows, cells, reaches))
    names = {row["organization_id"]: row["name"] for row in rows}
    _show_closeness(context, candidates, gaps, steps, names=names, k=size)


def weigh_gaps(cells: Sequence[Row], requests: Sequence[Row]) -> dict[str, float]:
    """Return the points of each field and area where a known agency could support and none does."""
    asked = Counter(area_id for _, area_id in {(row["person"], row["area_id"]) for row in requests})
    return {
        name_cell(cell): POINTS_EACH * (1 + asked[cell["area_id"]])
        for cell in cells
        if cell["state"] in _OPEN
    }


def list_candidates(
    rows: Sequence[Row], cells: Sequence[Row], reaches: Mapping[str, Row]
) -> list[Candidate]:
    """Return each agency of `rows` with the open cells it serves and its other reasons.

    `reaches` is agency → its row of contact_reach.
    """
    serving: dict[str, set[str]] = {}
    for cell in cells:
        if cell["state"] in _OPEN:
            for organization_id in cell["organization_ids"]:
                serving.setdefault(organization_id, set()).add(name_cell(cell))
    return [
        Candidate(
            row["organization_id"],
            frozenset(serving.get(row["organization_id"], ())),
            MappingProxyType(
                {
                    "not_told": row["not_told"],
                    "reach": weigh_reach(reaches.get(row["organization_id"])),
                    "anxious": row["anxious"],
                    "contact_changed": row["contact_changed"],
                    "silent": row["silent"],
                }
            ),
        )
        for row in rows
    ]


def weigh_reach(reach: Row | None) -> float:
    """Return the points of a chain: fewer the longer it is; 0 for none."""
    return REACH / reach["length"] if reach and reach["length"] else 0.0


def apply_weights(candidate: Candidate, weights: Mapping[str, float]) -> Candidate:
    """Return the candidate with each of its reasons times its weight."""
    reasons = {name: weights[name] * points for name, points in candidate.reasons.items()}
    return Candidate(candidate.key, candidate.gaps, reasons)


def _choose_size(context: Context) -> tuple[int, dict[str, float]]:
    """Draw the choices of the plan: how many contacts, and the weight of each part."""
    bar = st.columns([3, 1], vertical_alignment="bottom")
    with bar[0]:
        size = choose_one(
            context.say("plan.size"),
            _SIZES,
            _FIRST_SIZE,
            lambda code: context.say("plan.contacts", count=code),
            "plan_size",
        )
    with bar[1].popover(context.say("plan.weights"), width="stretch"):
        return int(size), _choose_weights(context)


def _choose_weights(context: Context) -> dict[str, float]:
    st.caption(context.say("plan.weights_about"))
    return {
        part: st.slider(
            context.say(f"plan.part.{part}"),
            0.0,
            _MOST_WEIGHT,
            1.0,
            0.5,
            key=f"plan_weight_{part}",
            bind="query-params",
        )
        for part in PARTS
    }


def _draw_steps(
    context: Context,
    steps: Sequence[Step],
    rows: Sequence[Row],
    cells: Sequence[Row],
    reaches: Mapping[str, Row],
) -> str:
    names = {row["organization_id"]: row["name"] for row in rows}
    fields = {name_cell(cell): cell["category"] for cell in cells}
    headers = [context.say(f"plan.column.{name}") for name in ("place", "name", "score")]
    headers += [context.say(f"plan.part.{part}") for part in PARTS]
    body = [
        (
            str(place),
            names[step.key],
            f"{step.score:.4g}",
            *(f"{step.parts[part]:.3g}" for part in PARTS),
        )
        for place, step in enumerate(steps, 1)
    ]
    below = [_write_reasons(context, step, reaches.get(step.key), fields) for step in steps]
    numbers = (0, *range(2, 3 + len(PARTS)))
    caption = context.say("plan.title")
    return draw_table(headers, body, caption=caption, numbers=numbers, below=below)


def _write_reasons(
    context: Context, step: Step, reach: Row | None, fields: Mapping[str, str]
) -> str:
    """Return which gaps the contact closes and by which chain it is within reach."""
    closed = Counter(fields[gap] for gap in step.closes)
    gaps = context.say("contacts.comma").join(
        context.say("plan.closes", field=context.label(FIELDS, field), count=count)
        for field, count in closed.items()
    )
    closing = context.say("plan.closing", gaps=gaps) if gaps else ""
    return " ".join(filter(None, (closing, write_reach(context, reach))))


def write_reach(context: Context, reach: Row | None) -> str:
    """Return the shortest warm chain in words: how long, and through whom or what."""
    if reach is None or reach["length"] is None:
        return context.say("plan.no_chain")
    if not reach["through"]:
        return context.say(f"plan.direct_{reach['bases'][0]}")
    names = context.say("plan.arrow").join(reach["through"])
    return context.say("plan.through", names=names, steps=len(reach["bases"]))


def _show_closeness(
    context: Context,
    candidates: Sequence[Candidate],
    gaps: Mapping[str, float],
    steps: Sequence[Step],
    *,
    names: Mapping[str, str],
    k: int,
) -> None:
    reached = sum(step.score for step in steps)
    words = {"score": f"{reached:.4g}", "all": f"{measure_score(candidates, gaps):.4g}"}
    best = choose_exactly(candidates, gaps, k)
    if best is None or best.score <= 0:
        st.caption(context.say("plan.guaranteed", share=f"{GUARANTEE:.0%}", **words))
        return
    share = f"{min(1.0, reached / best.score):.1%}"
    words |= {"share": share, "least": f"{GUARANTEE:.0%}", "best": f"{best.score:.4g}"}
    st.caption(context.say("plan.close", **words))
    if set(best.keys) == {step.key for step in steps}:
        st.caption(context.say("plan.same_members"))
    else:
        members = context.say("contacts.comma").join(names[key] for key in best.keys)
        st.caption(context.mark("plan.best_members", names=members, score=f"{best.score:.4g}"))
