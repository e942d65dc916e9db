"""The page 連携リストのすき間: how far the listed agencies have come, and where nobody is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import streamlit as st

from graph.analysis.referral_rates import LEAST_FOR_SHARE
from graph.store import Row
from graph.vocabulary import FIELDS, STAGES
from views.frame import Context, show_empty
from views.gaps.agencies import show_agencies
from views.gaps.coverage import choose_coverage, show_cells
from views.gaps.coverage_table import SIGNS
from views.gaps.demand import show_demand
from views.gaps.lists import choose_list, show_growth
from views.gaps.structure import show_structure

_STYLE: Final = Path(__file__).parent / "page.css"
_OPEN_UP_TO: Final = 12  # names shown without being asked for
_NARROW: Final = 0.12  # of the bar: a smaller part has room for its number only
_ROUGH: Final = ("month", "year", "fiscal_year")

Partner = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the funnel: how many reached it, and who is there and has not gone on."""

    stage: str
    count: int
    waiting: tuple[str, ...]
    resting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that is not known: the key of its words, how often of how many, and of whom."""

    code: str
    count: int
    total: int
    names: tuple[str, ...] = ()


def show(context: Context) -> None:
    """Draw the page."""
    if context.facility_id is None:
        show_empty(context, "gaps.empty")
        return
    lists = context.ask("indicator_lists", **context.about())
    if not lists:
        _show_too_early(context)
        return
    st.html(_STYLE)
    list_id = choose_list(context, lists)
    partners = read_partners(context, list_id)
    if not partners:
        st.info(context.say("gaps.empty_list"), icon=":material/list:")
        return
    above, below = st.container(), st.container()
    with below:  # first, as what is not known depends on the areas chosen there
        coverage = choose_coverage(context)
    with above:
        left, right = st.columns([3, 2], gap="large")
    with left:
        _show_funnel(context, partners)
    with right:
        _show_shares(context, partners)
        _show_unknowns(context, find_unknowns(partners, coverage.cells))
    with below:
        show_cells(context, coverage)
    if context.may("see_statistics"):
        show_demand(context, coverage)
    show_agencies(context, partners, list_id)
    show_growth(context, lists, list_id)
    show_structure(context, partners)


def read_partners(context: Context, list_id: str | None = None) -> list[Partner]:
    """Ask for the agencies of a list, each with its stage and with what is not known.

    Without a `list_id` it is the latest list of the day.
    """
    about = context.about(list_id=list_id)
    unknowns = {row["organization_id"]: row for row in context.ask("partner_unknowns", **about)}
    return [
        row | unknowns.get(row["organization_id"], {})
        for row in context.ask("partner_stages", **about)
    ]


def build_funnel(partners: Sequence[Partner]) -> tuple[Step, ...]:
    """Return the steps listed, explained, supporting; each holds the next, resting ones apart."""
    names = {
        stage: tuple(row["name"] for row in partners if row["stage"] == stage)
        for stage in STAGES.codes
    }
    supporting, explained = len(names["supporting"]), len(names["explained"])
    return (
        Step("listed", len(partners), names["listed"], names["declined"]),
        Step("explained", supporting + explained, names["explained"]),
        Step("supporting", supporting, names["supporting"]),
    )


def find_unknowns(partners: Sequence[Partner], cells: Sequence[Row]) -> list[Unknown]:
    """Return what is not known of the agencies and of the areas; [] for nothing."""
    found = [
        Unknown(code, len(names), len(partners), names)
        for code, lacks in _LACKS.items()
        if (names := tuple(row["name"] for row in partners if lacks(row)))
    ]
    unsurveyed = sum(cell["state"] == "unknown" for cell in cells)
    return [Unknown("unsurveyed", unsurveyed, len(cells)), *found] if unsurveyed else found


def find_bare_fields(partners: Sequence[Partner]) -> list[str]:
    """Return the fields in which no agency of the list supports, in the vocabulary's order."""
    helped = {row["field"] for row in partners if row["stage"] == "supporting"}
    return [code for code in FIELDS.codes if code not in helped]


def _lacks(name: str) -> Callable[[Partner], bool]:
    return lambda row: not row[name]


def _lacks_feeling(row: Partner) -> bool:
    asked = row["stage"] in ("supporting", "explained")
    return asked and row["agreement"] is None and row["anxiety"] is None


def _has_rough_date(row: Partner) -> bool:
    return any(
        row[f"{name}_precision"] in _ROUGH
        for name in ("stage_since", "last_contact", "contact_changed")
    )


_LACKS: Final[Mapping[str, Callable[[Partner], bool]]] = MappingProxyType(
    {
        "field": _lacks("field"),
        "serves": _lacks("serves"),
        "municipality": _lacks("municipality"),
        "expected_support": _lacks("expected_support"),
        "phone": _lacks("phone"),
        "contact": _lacks("last_contact_on"),
        "feeling": _lacks_feeling,
        "rough_date": _has_rough_date,
    }
)


def _show_too_early(context: Context) -> None:
    facilities = context.ask("ecomap_facilities")
    first = next(
        row["first_list_on"] for row in facilities if row["organization_id"] == context.facility_id
    )
    st.info(
        context.say("gaps.too_early", month=context.write_date(first, "month")),
        icon=":material/event:",
    )


def _show_funnel(context: Context, partners: Sequence[Partner]) -> None:
    first = partners[0]
    st.subheader(context.say("gaps.funnel.title"))
    made_on = context.write_date(first["list_made_on"], first["list_made_on_precision"])
    st.caption(context.mark("gaps.funnel.list", name=first["list_name"], made_on=made_on))
    st.html(write_funnel(build_funnel(partners), context.say))


def _show_shares(context: Context, partners: Sequence[Partner]) -> None:
    listed, explained, supporting = (step.count for step in build_funnel(partners))
    bare = find_bare_fields(partners)
    shares = (
        ("explained", explained, listed),
        ("supporting", supporting, listed),
        ("fields", len(FIELDS.codes) - len(bare), len(FIELDS.codes)),
    )
    for column, (name, part, whole) in zip(st.columns(len(shares)), shares, strict=True):
        column.metric(
            context.say(f"gaps.share.{name}"),
            f"{part} / {whole}",
            f"{part / whole:.0%}" if whole >= LEAST_FOR_SHARE else None,
            delta_color="off",
            delta_arrow="off",
            help=context.say(f"gaps.share.{name}_help"),
        )
    if bare:
        names = context.say("gaps.comma").join(context.label(FIELDS, code) for code in bare)
        st.markdown(context.mark("gaps.share.bare", names=names))


def write_funnel(steps: Sequence[Step], say: Callable[..., str]) -> str:
    """Return the funnel as HTML: bars on one scale, and the names of those who do not go on."""
    whole = steps[0].count
    bars = "".join(
        _write_step(step, following, whole, say)
        for step, following in zip(steps, (*steps[1:], None), strict=True)
    )
    names = "".join(
        _write_names(step.stage, step.waiting, say) + _write_names("resting", step.resting, say)
        for step in steps
    )
    return f'<div class="gaps-funnel">{bars}{names}</div>'


def _write_step(step: Step, following: Step | None, whole: int, say: Callable[..., str]) -> str:
    segments = (
        ("onward", following.count if following else 0),
        (step.stage, len(step.waiting)),
        ("resting", len(step.resting)),
    )
    bar = "".join(_write_segment(kind, count, whole, say) for kind, count in segments if count)
    return (
        f'<div class="step"><div class="label"><span aria-hidden="true">{SIGNS[step.stage]}</span> '
        f"{escape(say(f'gaps.step.{step.stage}'))}<b>{say('gaps.agencies', count=step.count)}</b>"
        f'</div><div class="bar">{bar}</div></div>'
    )


def _write_segment(kind: str, count: int, whole: int, say: Callable[..., str]) -> str:
    text = escape(say(f"gaps.segment.{kind}", count=count))
    shown = text if count / whole >= _NARROW else str(count)
    width = 100 * count / whole
    return f'<span class="{kind}" style="width:{width:.2f}%" title="{text}">{shown}</span>'


def _write_names(kind: str, names: Sequence[str], say: Callable[..., str]) -> str:
    if not names:
        return ""
    state = " open" if kind != "supporting" and len(names) <= _OPEN_UP_TO else ""
    items = "".join(f"<li>{escape(name)}</li>" for name in names)
    title = escape(say(f"gaps.names.{kind}", count=len(names)))
    return f"<details{state}><summary>{title}</summary><ul>{items}</ul></details>"


def _show_unknowns(context: Context, unknowns: Sequence[Unknown]) -> None:
    st.subheader(context.say("gaps.unknown.title"))
    st.caption(context.say("gaps.unknown.about"))
    if not unknowns:
        st.success(context.say("gaps.unknown.nothing"))
        return
    lines = "".join(_write_unknown(unknown, context.say) for unknown in unknowns)
    st.html(f'<div class="gaps-unknown">{lines}</div>')


def _write_unknown(unknown: Unknown, say: Callable[..., str]) -> str:
    what = escape(say(f"gaps.unknown.{unknown.code}.what"))
    do = escape(say(f"gaps.unknown.{unknown.code}.do"))
    head = f"<b>{unknown.count}</b><small> / {unknown.total}</small><span>{what}</span>"
    names = escape(say("gaps.comma").join(unknown.names))
    named = f'<p class="names">{names}</p>' if names else ""
    return f"<details><summary>{head}</summary><p>{do}</p>{named}</details>"
