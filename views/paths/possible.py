"""The possible paths: from where a client is to an agency that helps where the client goes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from html import escape
from itertools import chain
from math import prod

import streamlit as st

from graph.analysis.path_search import Path
from graph.analysis.path_weights import UNIT, Cost, Step, Tie, Weights, expect_taking
from graph.pictures import path_picture
from graph.pictures.path_picture import Look, Stop, draw_chain
from graph.store import Row
from graph.vocabulary import QUALITIES, REFERRAL_STATUSES, STAGES, STRENGTHS, SUPPORTS, TIE_KINDS
from views.agency_choice import offer_agencies
from views.frame import Context, show_empty
from views.paths.ecomap_link import draw_ecomap_link
from views.paths.missing_ties import show_missing
from views.paths.path_graph import Agencies, Join, choose_view, read_agencies, show_graph
from views.paths.recorded import LOOKS
from views.paths.search import Reached, list_costs, pick_helpers, search
from views.paths.wish import Wish, choose_wish
from views.tables import Markup, draw_chip, draw_phone, draw_table

_COLUMNS = ("number", "who", "basis", "chance", "wait", "tie", "cost")


def show(context: Context) -> None:
    """Draw the possible paths."""
    offer = offer_agencies(context)
    if not offer.rows or context.facility_id is None:
        show_empty(context, "paths.possible.empty")
        return
    wish = choose_wish(context, offer)
    if wish is None:
        return
    with st.spinner(context.say("paths.searching")):
        reached = search(context, wish)
    _show_words(context, wish, reached)
    if reached.paths:
        _show_paths(context, wish, reached)
    else:
        _show_obstacle(context, wish, reached)


def _show_words(context: Context, wish: Wish, reached: Reached) -> None:
    """Say what is special about this search."""
    if wish.start["organization_id"] in reached.helpers:
        st.info(context.mark("paths.same", start=wish.start["name"], area=wish.area["full_name"]))
    if not reached.complete:
        st.warning(context.say("paths.limit"), icon=":material/hourglass_disabled:")
    if reached.around and reached.paths:
        st.warning(context.mark("paths.via.none", area=wish.area["full_name"]))


def _show_paths(context: Context, wish: Wish, reached: Reached) -> None:
    agencies = read_agencies(context, chain.from_iterable(path.stops for path in reached.paths))
    words, view = st.columns([3, 2], vertical_alignment="center")
    words.caption(context.say("paths.possible.found", count=len(reached.paths)))
    with view:
        chosen = choose_view(context)
    if chosen == "graph":
        steps = {
            pair: reached.steps[pair]
            for path in reached.paths
            for pair in zip(path.stops, path.stops[1:], strict=False)
        }
        joins = [_join(context, step) for step in steps.values()]
        show_graph(context, agencies, [path.stops for path in reached.paths], joins)
        return
    for rank, path in enumerate(reached.paths, start=1):
        helper = reached.helpers[path.stops[-1]]
        costs = list_costs(path, reached.steps, wish.weights)
        chance = prod(expect_taking(step, wish.weights) for step, _ in costs)
        with st.container(border=True):
            st.html(
                _write_head(context, rank, path, helper, chance)
                + draw_path(context, path, costs, agencies)
                + _draw_steps(context, costs, wish.weights, agencies)
            )


def _join(context: Context, step: Step) -> Join:
    if step.ties:
        return Join(step.first, step.second, step.ties[0].strength, step.ties[0].quality)
    return Join(step.first, step.second)


def _draw_steps(
    context: Context,
    costs: Sequence[tuple[Step, Cost]],
    weights: Weights,
    agencies: Agencies,
) -> str:
    rows = [
        (
            str(number),
            f"{agencies[step.first]['name']} → {agencies[step.second]['name']}",
            write_basis(context, step),
            _write_chance(context, step, cost, weights),
            _write_wait(context, step, cost, weights),
            _write_closeness(context, cost),
            _write_cost(cost.total),
        )
        for number, (step, cost) in enumerate(costs, 1)
    ]
    headers = [context.say(f"paths.step.{name}") for name in _COLUMNS]
    caption = " → ".join([rows[0][1].partition(" → ")[0], rows[-1][1].rpartition(" → ")[2]])
    return draw_table(headers, rows, caption=caption, numbers=[0, 6], whole=[4, 5])


def _write_head(context: Context, rank: int, path: Path, helper: Row, chance: float) -> str:
    own = helper["organization_id"] == context.facility_id
    stage = context.say("paths.own") if own else context.label(STAGES, helper["stage"])
    supports = [context.label(SUPPORTS, code) for code in helper["supports"]]
    cost = context.say(
        "paths.cost.words", cost=_write_cost(path.cost), chance=write_tenths(context, chance)
    )
    parts = [
        Markup(f"<strong>{rank}. {escape(helper['name'])}</strong>"),
        draw_chip(stage),
        Markup(escape(cost)),
        Markup(escape(context.list_words(supports))),
        draw_phone(helper["phone"]),
        draw_ecomap_link(context, path.stops),
    ]
    head = f"<div>{'　'.join(part for part in parts if part)}</div>"
    if not helper["conditions"]:
        return head
    words = context.say("paths.conditions", conditions=helper["conditions"])
    return f"{head}<div>{escape(words)}</div>"


def draw_path(
    context: Context, path: Path, costs: Sequence[tuple[Step, Cost]], agencies: Agencies
) -> str:
    """Return the chain of a path as HTML."""
    stops = [Stop(agencies[stop]["name"], own=stop == context.facility_id) for stop in path.stops]
    steps = [
        path_picture.Step(
            _name_basis(context, step), choose_look(step, cost.tie), write_basis(context, step)
        )
        for step, cost in costs
    ]
    return draw_chain(stops, steps)


def choose_look(step: Step, tie: Tie | None) -> Look:
    """Return how the arrow of a step looks: by what was taken, else by its tie."""
    if step.taken:
        return "done"
    if tie is not None:
        return "tense" if tie.quality == "stressful" else "tie"
    return LOOKS.get(step.latest_status or "", "stopped")


def _name_basis(context: Context, step: Step) -> str:
    names = [name for name, stands in (("referral", step.sent), ("tie", step.ties)) if stands]
    return context.list_words(context.say(f"paths.basis.{name}") for name in names)


def write_basis(context: Context, step: Step) -> str:
    """Return what a step rests on: past referrals and ties, how they went, and since when."""
    parts = [_write_tie(context, tie) for tie in step.ties]
    if step.sent:
        parts.insert(0, _write_referrals(context, step))
    return context.say("paths.basis.and").join(parts)


def _write_referrals(context: Context, step: Step) -> str:
    return context.say(
        "paths.basis.referral_words",
        sent=step.sent,
        taken=step.taken,
        stopped=step.stopped,
        since=_write_when(context, step.first_on, step.latest_year),
        latest=_write_when(context, step.latest_on, step.latest_year),
        status=context.label(REFERRAL_STATUSES, step.latest_status),
    )


def _write_tie(context: Context, tie: Tie) -> str:
    return context.say(
        "paths.basis.tie_words",
        kind=context.label(TIE_KINDS, tie.kind),
        strength=context.label(STRENGTHS, tie.strength),
        quality=context.label(QUALITIES, tie.quality),
        since=_write_since(context, tie.since),
    )


def _write_when(context: Context, day: date | None, fiscal_year: int | None) -> str:
    if day is not None:
        return context.write_date(day)
    if fiscal_year is not None:
        return context.say("paths.fiscal_year", year=fiscal_year)
    return context.say("paths.undated")


def _write_since(context: Context, day: date | None) -> str:
    if day is None:
        return context.say("paths.since_unknown")
    return context.say("paths.since", day=context.write_date(day))


def write_tenths(context: Context, chance: float) -> str:
    """Return a chance in tenths: an estimate from few cases is no percentage."""
    tenths = round(chance * 10)
    if tenths in (0, 10):
        return context.say("paths.tenths.all" if tenths else "paths.tenths.none")
    return context.say("paths.tenths.words", tenths=tenths)


def _write_chance(context: Context, step: Step, cost: Cost, weights: Weights) -> str:
    words = write_tenths(context, expect_taking(step, weights))
    if not step.taken + step.stopped:
        words = context.say("paths.step.untried", words=words)
    return context.say("paths.step.part", words=words, cost=_write_cost(cost.chance))


def _write_wait(context: Context, step: Step, cost: Cost, weights: Weights) -> str:
    if step.waiting_days is None:
        words = context.say("paths.step.usual_wait", days=f"{weights.usual_days:g}")
    else:
        words = context.say("paths.days", days=f"{step.waiting_days:.0f}")
    return context.say("paths.step.part", words=words, cost=_write_cost(cost.wait))


def _write_closeness(context: Context, cost: Cost) -> str:
    if cost.tie is None:
        words = context.say("paths.step.no_tie")
    else:
        words = context.label(STRENGTHS, cost.tie.strength)
    return context.say("paths.step.part", words=words, cost=_write_cost(cost.closeness))


def _write_cost(cost: int) -> str:
    return f"{cost / UNIT:.2f}"


def _show_obstacle(context: Context, wish: Wish, reached: Reached) -> None:
    """Say where the chain stops, and what to do about it."""
    start = wish.start["organization_id"]
    serving = context.ask("area_helpers", area_id=wish.area["area_id"])
    helpers: Mapping[str, Row] = {key: row for key, row in reached.helpers.items() if key != start}
    at_any_stage = wish.stage != "known" and _reaches_any(context, wish)
    obstacle = find_obstacle(wish.start["links"], len(serving), len(helpers), at_any_stage)
    names = [row["name"] for row in (helpers.values() or serving)]
    st.warning(
        context.say(
            f"paths.obstacle.{obstacle}",
            start=wish.start["name"],
            area=wish.area["full_name"],
            needs=context.list_words(context.label(SUPPORTS, code) for code in wish.support_ids)
            or context.say("paths.needs.some"),
            longest=wish.longest,
            names=_shorten_names(context, names),
            stage=context.say(f"paths.stage.{wish.stage}"),
        )
    )
    if obstacle in ("origin", "chain"):
        targets = pick_helpers(context, _prefer(helpers.values()), wish.stage)
        show_missing(context, start, targets, wish.longest)


def _reaches_any(context: Context, wish: Wish) -> bool:
    return bool(search(context, wish.at_any_stage()).paths)


def _prefer(helpers: Collection[Row]) -> list[Row]:
    """Return the helpers, those the facility has come farthest with first."""
    ranks = {stage: rank for rank, stage in enumerate(STAGES.codes)}
    return sorted(helpers, key=lambda row: ranks[row["stage"]])


def find_obstacle(links: int, serving: int, offering: int, at_any_stage: bool) -> str:
    """Return where a chain stops: origin, place, needs, stage or chain."""
    if links == 0:
        return "origin"
    if serving == 0:
        return "place"
    if offering == 0:
        return "needs"
    return "stage" if at_any_stage else "chain"


def _shorten_names(context: Context, names: Sequence[str]) -> str:
    shown = context.say("paths.and").join(names[:5])
    return shown if len(names) <= 5 else context.say("paths.and_more", names=shown)
