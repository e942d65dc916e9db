"""The possible paths: from where a client is to an agency that helps where the client goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any, Final

import streamlit as st

from graph.pictures.path_picture import Look, Step, Stop, draw_chain
from graph.store import Row
from graph.vocabulary import QUALITIES, REFERRAL_STATUSES, STAGES, STRENGTHS, SUPPORTS, TIE_KINDS
from views.areas import choose_area
from views.choices import choose_from_list, choose_one, choose_some
from views.frame import Context, show_empty, write_date
from views.paths.missing_ties import show_missing
from views.paths.recorded import LOOKS
from views.tables import Markup, draw_chip, draw_phone, draw_table

STEP_LIMITS: Final = (2, 3, 4)
USUAL_LIMIT: Final = 3
# Least stage → the stages that are enough; the order is that of the choice.
ENOUGH: Final[Mapping[str, tuple[str, ...]]] = {
    "known": ("supporting", "explained", "listed", "known"),
    "listed": ("supporting", "explained", "listed"),
    "explained": ("supporting", "explained"),
    "supporting": ("supporting",),
}


# The defaults of the question possible_paths.
USUAL_COSTS: Final[Mapping[str, float]] = {
    "cost_taken": 1.0,
    "cost_other": 1.5,
    "cost_strong": 1.5,
    "cost_normal": 2.0,
    "cost_weak": 3.0,
    "cost_stressful": 1.0,
    "cost_membership": 1.0,
}
LARGEST_COST: Final = 20.0
WAYS: Final = ("centre", "any")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked: the question's parameters with the words for them."""

    start: Row
    area: Row
    support_ids: tuple[str, ...]
    stage: str
    longest: int
    costs: Mapping[str, float]
    via_centre: bool

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of the question possible_paths, without facility and day."""
        return {
            "from_id": self.start["organization_id"],
            "area_id": self.area["area_id"],
            "support_ids": list(self.support_ids),
            "stages": list(ENOUGH[self.stage]),
            "longest": self.longest,
            "via_centre": self.via_centre,
            **self.costs,
        }


def show(context: Context) -> None:
    """Draw the possible paths."""
    starts = context.ask("path_starts", as_of=context.as_of)
    if not starts or context.facility_id is None:
        show_empty(context, "paths.possible.empty")
        return
    wish = _choose_wish(context, starts)
    if wish is None:
        st.info(context.say("paths.possible.choose"))
        return
    with st.spinner(context.say("paths.searching")):
        paths = context.ask("possible_paths", **context.about(**wish.parameters))
        if not paths and wish.via_centre:
            around = wish.parameters | {"via_centre": False}
            paths = context.ask("possible_paths", **context.about(**around))
            if paths:
                st.warning(context.say("paths.via.none", area=wish.area["full_name"]))
    if paths:
        st.caption(context.say("paths.possible.found", count=len(paths)))
        for rank, path in enumerate(paths, start=1):
            _show_path(context, rank, path)
        _explain_cost(context)
    else:
        _show_obstacle(context, wish)


def name_starts(starts: Sequence[Row]) -> dict[str, str]:
    """Return id → name; agencies of one name are told apart by their type, then by their id."""
    names = Counter(row["name"] for row in starts)
    typed = Counter((row["name"], row["agency_type"]) for row in starts)
    return {row["organization_id"]: _tell_apart(row, names, typed) for row in starts}


def _tell_apart(row: Row, names: Counter[str], typed: Counter[tuple[str, str | None]]) -> str:
    name: str = row["name"]
    if names[name] == 1:
        return name
    if row["agency_type"] and typed[name, row["agency_type"]] == 1:
        return f"{name}（{row['agency_type']}）"
    return f"{name}（{row['organization_id']}）"


def _choose_wish(context: Context, starts: Sequence[Row]) -> Wish | None:
    by_id = {row["organization_id"]: row for row in starts}
    names = name_starts(starts)
    places, terms = st.columns([1, 1]), st.columns([3, 3, 1])
    with places[0]:
        start = choose_from_list(
            context.say("paths.from.title"),
            list(by_id),
            next(iter(by_id)),
            lambda organization_id: names[organization_id],
            "from",
            help=context.say("paths.from.help"),
        )
    with places[1]:
        area = choose_area(context, context.say("paths.to"))
    with terms[0]:
        needs = choose_some(
            context.say("paths.needs.title"),
            SUPPORTS.codes,
            lambda code: context.label(SUPPORTS, code),
            "needs",
            context.say("paths.needs.any"),
        )
    with terms[1]:
        stage = _choose_stage(context)
    with terms[2]:
        longest = _choose_limit(context)
    costs, via = _choose_way(context)
    if start is None or area is None:
        return None
    return Wish(by_id[start], area, needs, stage, longest, costs, via)


def _choose_way(context: Context) -> tuple[dict[str, float], bool]:
    """Return the costs of the steps, and whether the settlement centre is to be passed."""
    with st.expander(context.say("paths.way.title")):
        via = choose_one(
            context.say("paths.via.title"),
            WAYS,
            WAYS[0],
            lambda code: context.say(f"paths.via.{code}"),
            "via",
            help=context.say("paths.via.help"),
        )
        st.caption(context.say("paths.cost.edit"))
        columns = st.columns(len(USUAL_COSTS))
        costs = {
            name: column.number_input(
                context.say(f"paths.cost.{name}"),
                0.0,
                LARGEST_COST,
                usual,
                0.5,
                key=name,
                bind="query-params",
            )
            for (name, usual), column in zip(USUAL_COSTS.items(), columns, strict=True)
        }
    return costs, via == WAYS[0]


def _choose_stage(context: Context) -> str:
    return choose_one(
        context.say("paths.stage.title"),
        list(ENOUGH),
        "known",
        lambda code: context.say(f"paths.stage.{code}"),
        "stage",
        help=context.say("paths.stage.help"),
    )


def _choose_limit(context: Context) -> int:
    chosen = st.segmented_control(
        context.say("paths.longest.title"),
        STEP_LIMITS,
        default=USUAL_LIMIT,
        key="longest",
        bind="query-params",
        required=True,
        help=context.say("paths.longest.help"),
    )
    return chosen or USUAL_LIMIT


def _show_path(context: Context, rank: int, path: Row) -> None:
    steps = draw_table(
        [context.say(f"paths.step.{name}") for name in ("number", "who", "basis", "cost")],
        [
            (str(number), f"{first} → {second}", write_basis(context, step), f"{cost:g}")
            for number, (first, second, step, cost) in enumerate(_list_steps(path), 1)
        ],
        numbers=[0, 3],
        narrow=True,
    )
    with st.container(border=True):
        st.html(_write_head(context, rank, path) + draw_path(context, path) + steps)


def _list_steps(path: Row) -> list[tuple[str, str, Row, float]]:
    names = path["agencies"]
    return [
        (first, second, step, step["cost"])
        for first, second, step in zip(names, names[1:], path["steps"], strict=False)
    ]


def _write_head(context: Context, rank: int, path: Row) -> str:
    own = path["organization_ids"][-1] == context.facility_id
    stage = context.say("paths.own") if own else context.label(STAGES, path["stage"])
    supports = [context.label(SUPPORTS, code) for code in path["supports"]]
    parts = [
        Markup(f"<strong>{rank}. {escape(path['agencies'][-1])}</strong>"),
        draw_chip(stage),
        Markup(escape(context.say("paths.cost.words", cost=f"{path['cost']:g}"))),
        Markup(escape("・".join(supports))),
        draw_phone(path["phone"]),
    ]
    return f"<div>{'　'.join(part for part in parts if part)}</div>"


def draw_path(context: Context, path: Row) -> str:
    """Return the chain of a path as HTML."""
    stops = [
        Stop(name, own=organization_id == context.facility_id)
        for name, organization_id in zip(path["agencies"], path["organization_ids"], strict=True)
    ]
    steps = [
        Step(
            context.say(f"paths.basis.{step['basis']}"),
            choose_look(step),
            write_basis(context, step),
        )
        for step in path["steps"]
    ]
    return draw_chain(stops, steps)


def choose_look(step: Row) -> Look:
    """Return how the arrow of a step looks."""
    if step["basis"] == "referral":
        return LOOKS.get(step["status"], "stopped")
    return "tense" if step["quality"] == "stressful" else "tie"


def write_basis(context: Context, step: Row) -> str:
    """Return what a step rests on: a past referral or a tie, how it stands, and since when."""
    if step["basis"] == "referral":
        return context.say(
            "paths.basis.referral_words",
            when=_write_when(context, step["since"], step["fiscal_year"]),
            status=context.label(REFERRAL_STATUSES, step["status"]),
        )
    return context.say(
        "paths.basis.tie_words",
        kind=context.label(TIE_KINDS, step["kind"]),
        strength=context.label(STRENGTHS, step["strength"]),
        quality=context.label(QUALITIES, step["quality"]),
        since=_write_since(context, step["since"]),
    )


def _write_when(context: Context, day: date | None, fiscal_year: int | None) -> str:
    if day is not None:
        return write_date(day, context.language)
    if fiscal_year is not None:
        return context.say("paths.fiscal_year", year=fiscal_year)
    return context.say("paths.undated")


def _write_since(context: Context, day: date | None) -> str:
    if day is None:
        return context.say("paths.since_unknown")
    return context.say("paths.since", day=write_date(day, context.language))


def _explain_cost(context: Context) -> None:
    with st.expander(context.say("paths.cost.title")):
        st.markdown(context.say("paths.cost.explained"))


def _show_obstacle(context: Context, wish: Wish) -> None:
    """Say where the chain stops, and what to do about it."""
    place = {"area_id": wish.area["area_id"]}
    serving = context.ask("area_helpers", **place)
    offering = context.ask("area_helpers", **place, support_ids=list(wish.support_ids))
    at_any_stage = wish.stage != "known" and context.ask(
        "possible_paths",
        **context.about(**wish.parameters | {"stages": list(ENOUGH["known"]), "via_centre": False}),
    )
    obstacle = find_obstacle(wish.start["links"], len(serving), len(offering), bool(at_any_stage))
    names = [row["name"] for row in (at_any_stage and offering) or offering or serving]
    st.warning(
        context.say(
            f"paths.obstacle.{obstacle}",
            start=wish.start["name"],
            area=wish.area["full_name"],
            needs="・".join(context.label(SUPPORTS, code) for code in wish.support_ids),
            longest=wish.longest,
            names=_shorten_names(context, names),
            stage=context.say(f"paths.stage.{wish.stage}"),
        )
    )
    if obstacle in ("origin", "chain"):
        show_missing(context, wish.start["organization_id"], offering, wish.longest)


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
