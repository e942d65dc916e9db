"""The page 連携リストのすき間: how far the listed agencies have come, and where nobody is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pandas as pd
import streamlit as st

from graph.store import Row
from graph.vocabulary import AREA_LEVELS, FIELDS, STAGES
from views.frame import Context, read_choice, show_empty, write_choice
from views.gaps.coverage_table import SIGNS, STATES, CoverageWords, name_cell, show_coverage
from views.gaps.demand import show_demand
from views.gaps.structure import show_structure
from views.moments import write_moment, write_short

_STYLE: Final = Path(__file__).parent / "page.css"
_LEVELS: Final = ("municipality", "care_area")
_OPEN_UP_TO: Final = 12  # names shown without being asked for
_WIDTHS: Final = MappingProxyType(  # of the table's columns, in pixels
    {"name": 290, "field": 110, "expected_support": 380, "stage": 120}
)
_NARROW: Final = 0.12  # of the bar: a smaller part has room for its number only
_ROUGH: Final = ("month", "year")

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
    partners = read_partners(context)
    if not partners:
        _show_too_early(context)
        return
    st.html(_STYLE)
    above, below = st.container(), st.container()
    with below:  # first, as what is not known depends on the areas chosen there
        cells = _choose_coverage(context)
    with above:
        left, right = st.columns([3, 2], gap="large")
    with left:
        _show_funnel(context, partners)
    with right:
        _show_shares(context, partners)
        _show_unknowns(context, find_unknowns(partners, cells))
    with below:
        _show_cells(context, partners, cells)
    _show_table(context, partners)
    show_demand(context, cells)
    show_structure(context, partners)


def read_partners(context: Context) -> list[Partner]:
    """Ask for the agencies of the latest list, each with its stage and with what is not known."""
    unknowns = {
        row["organization_id"]: row for row in context.ask("partner_unknowns", **context.about())
    }
    return [
        row | unknowns.get(row["organization_id"], {})
        for row in context.ask("partner_stages", **context.about())
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
        context.say("gaps.too_early", month=write_moment(context, first, "month")),
        icon=":material/event:",
    )


def _show_funnel(context: Context, partners: Sequence[Partner]) -> None:
    first = partners[0]
    st.subheader(context.say("gaps.funnel.title"))
    made_on = write_moment(context, first["list_made_on"], first["list_made_on_precision"])
    st.caption(context.say("gaps.funnel.list", name=first["list_name"], made_on=made_on))
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
            f"{part / whole:.0%}",
            delta_color="off",
            delta_arrow="off",
            help=context.say(f"gaps.share.{name}_help"),
        )
    if bare:
        names = context.say("gaps.comma").join(context.label(FIELDS, code) for code in bare)
        st.markdown(context.say("gaps.share.bare", names=names))


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


def _choose_coverage(context: Context) -> list[Row]:
    """Draw the choice of areas and return the cells of the matrix for it, [] for no areas."""
    bar = st.columns([3, 3, 5], vertical_alignment="bottom")
    bar[0].subheader(context.say("gaps.coverage.title"))
    with bar[1]:
        level = _choose_level(context)
    areas = context.ask("coverage_areas", facility_id=context.facility_id, level=level)
    with bar[2]:
        area_ids = _choose_areas(context, level, {row["area_id"]: row["name"] for row in areas})
    if level == "care_area":
        st.caption(context.say("gaps.coverage.care_area"))
        area_ids = area_ids or [row["area_id"] for row in areas]
    return context.ask("coverage_matrix", **context.about(area_ids=area_ids))


def _choose_level(context: Context) -> str:
    chosen = st.segmented_control(
        context.say("gaps.coverage.level"),
        _LEVELS,
        default=read_choice("gaps_level", _LEVELS, _LEVELS[0]),
        format_func=partial(context.label, AREA_LEVELS),
        key="gaps_level",
        wrap=True,
    )
    level = chosen or _LEVELS[0]
    write_choice("gaps_level", level, _LEVELS[0])
    return level


def _choose_areas(context: Context, level: str, names: Mapping[str, str]) -> list[str]:
    key = f"gaps_{level}"
    chosen = st.multiselect(
        context.say("gaps.coverage.areas"),
        list(names),
        default=_read_choices(key, list(names)),
        format_func=lambda area_id: names.get(area_id, area_id),
        key=key,
        placeholder=context.say(f"gaps.coverage.all_{level}"),
    )
    write_choice(key, ",".join(chosen), "")
    return chosen


def _read_choices(key: str, allowed: Sequence[str]) -> list[str]:
    """Return the choices the address holds under `key`, without those not `allowed`."""
    held = st.query_params.get(key, "").split(",")
    return [choice for choice in allowed if choice in held]


@st.fragment
def _show_cells(context: Context, partners: Sequence[Partner], cells: Sequence[Row]) -> None:
    if not cells:
        show_empty(context, "gaps.coverage.empty")
        return
    table, panel = st.columns([4, 1], gap="medium")
    with table:
        chosen = show_coverage(cells, _word_coverage(context), key="gaps_coverage")
        st.html(write_legend(context.say, cells))
    with panel:
        cell = next((row for row in cells if name_cell(row) == chosen), None)
        if cell is None:
            st.info(context.say("gaps.coverage.hint"), icon=":material/touch_app:")
        else:
            st.html(_write_cell_details(context, cell, partners))


def _word_coverage(context: Context) -> CoverageWords:
    return CoverageWords(
        title=context.say("gaps.coverage.title"),
        corner=context.say("gaps.coverage.corner"),
        fields={code: context.label(FIELDS, code) for code in FIELDS.codes},
        states={state: context.say(f"gaps.state.{state}") for state in STATES},
        describe=lambda count: context.say("gaps.agencies", count=count) if count else "",
    )


def write_legend(say: Callable[..., str], cells: Sequence[Row]) -> str:
    """Return the signs with their meaning and how many cells show each, as HTML."""
    items = "".join(
        f'<li><span class="{state}">{SIGNS[state]}</span>{escape(say(f"gaps.state.{state}"))}'
        f"<b>{sum(cell['state'] == state for cell in cells)}</b></li>"
        for state in STATES
    )
    return f'<ul class="gaps-legend">{items}</ul>'


def _write_cell_details(context: Context, cell: Row, partners: Sequence[Partner]) -> str:
    stages = {row["organization_id"]: row["stage"] for row in partners}
    field = context.label(FIELDS, cell["field"])
    items = "".join(
        _write_agency(context, name, stages.get(organization_id, "known"))
        for name, organization_id in zip(cell["names"], cell["organization_ids"], strict=True)
    )
    state = context.say(f"gaps.state.{cell['state']}")
    advice = context.say(f"gaps.coverage.advice.{cell['state']}")
    return (
        f'<div class="gaps-cell" role="status"><h4>{escape(field)} × {escape(cell["area_name"])}'
        f"</h4><p><b>{SIGNS[cell['state']]} {escape(state)}</b></p>"
        f"<p>{escape(advice)}</p><ul>{items}</ul></div>"
    )


def _write_agency(context: Context, name: str, stage: str) -> str:
    label = context.label(STAGES, stage)
    return f"<li>{SIGNS[stage]} {escape(name)}<small>{escape(label)}</small></li>"


def _show_table(context: Context, partners: Sequence[Partner]) -> None:
    st.subheader(context.say("gaps.table.title"))
    shown = _filter(context, partners)
    if not shown:
        st.info(context.say("gaps.table.nobody"))
        return
    st.caption(context.say("gaps.table.count", count=len(shown), total=len(partners)))
    widths = {context.say(f"gaps.column.{name}"): width for name, width in _WIDTHS.items()}
    st.dataframe(
        build_frame(context, shown),
        hide_index=True,
        width="stretch",
        height="content",
        column_config={
            label: st.column_config.Column(width=width, pinned=width == _WIDTHS["name"])
            for label, width in widths.items()
        },
        key="gaps_table",
    )


def _filter(context: Context, partners: Sequence[Partner]) -> list[Partner]:
    stages = [code for code in STAGES.codes if any(row["stage"] == code for row in partners)]
    fields = [code for code in FIELDS.codes if any(row["field"] == code for row in partners)]
    bar = st.columns([2, 3], vertical_alignment="bottom")
    wanted_stages = bar[0].pills(
        context.say("gaps.table.stage"),
        stages,
        selection_mode="multi",
        default=_read_choices("gaps_stage", stages),
        format_func=lambda code: f"{SIGNS[code]} {context.label(STAGES, code)}",
        key="gaps_stage",
    )
    wanted_fields = bar[1].multiselect(
        context.say("gaps.table.field"),
        fields,
        default=_read_choices("gaps_field", fields),
        format_func=partial(context.label, FIELDS),
        key="gaps_field",
        placeholder=context.say("gaps.table.all_fields"),
    )
    write_choice("gaps_stage", ",".join(wanted_stages), "")
    write_choice("gaps_field", ",".join(wanted_fields), "")
    return [
        row
        for row in partners
        if row["stage"] in (wanted_stages or stages)
        and (not wanted_fields or row["field"] in wanted_fields)
    ]


def build_frame(context: Context, partners: Sequence[Partner]) -> pd.DataFrame:
    """Return the table of agencies in the page's language; columns without values left out."""
    rows = [_write_row(context, row) for row in partners]
    frame = pd.DataFrame(rows).rename(columns=lambda name: context.say(f"gaps.column.{name}"))
    filled = [
        name for name in frame.columns if frame[name].notna().any() and (frame[name] != "").any()
    ]
    return frame[filled]


def _write_row(context: Context, row: Partner) -> dict[str, object]:
    contact_changed = write_short(row["contact_changed_on"], row["contact_changed_precision"])
    return {
        "name": row["name"],
        "field": context.label(FIELDS, row["field"]),
        "expected_support": row["expected_support"] or "",
        "stage": f"{SIGNS[row['stage']]} {context.label(STAGES, row['stage'])}",
        "stage_since": write_short(row["stage_since"], row["stage_since_precision"]),
        "last_contact": write_short(row["last_contact_on"], row["last_contact_precision"]),
        "agreement": row["agreement"],
        "anxiety": row["anxiety"],
        "contact_changed": contact_changed,
        "serves": context.say("gaps.comma").join(row["serves"]),
        "phone": row["phone"] or "",
    }
