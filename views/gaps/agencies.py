"""The part リストの機関 of the gaps page: how each agency is getting on, and what tells so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from types import MappingProxyType
from typing import Any, Final

import pandas as pd
import streamlit as st

from graph.analysis.progress import Fact, Handover, Progress, find_trend, read_progress
from graph.store import Row
from graph.vocabulary import EVENT_KINDS, FIELDS, STAGES
from views import tables
from views.choices import choose_from_list, choose_some
from views.frame import Context, write_choice
from views.gaps.coverage_table import SIGNS
from views.tables import Markup, draw_table

ARROWS: Final[Mapping[str | None, str]] = MappingProxyType(
    {"up": " ↗", "down": " ↘", "same": " →", None: ""}
)
_WIDTHS: Final = MappingProxyType(  # of the table's columns, in pixels
    {"name": 290, "field": 110, "expected_support": 340, "stage": 120}
)
_HIGHEST: Final = 5  # of the levels of agreement and anxiety
_LEVELS_SHOWN: Final = 12

Partner = Mapping[str, Any]


def show_agencies(context: Context, partners: Sequence[Partner], list_id: str | None) -> None:
    """Draw the table of the agencies that have not declined, those that have, and the evidence."""
    st.subheader(context.say("gaps.table.title"))
    st.html(tables.STYLE)
    evidence = context.ask("partner_evidence", **context.about(list_id=list_id))
    known = {row["organization_id"]: row for row in evidence}
    progress = {key: read_progress(row["events"]) for key, row in known.items()}
    active = [row for row in partners if row["stage"] != "declined"]
    _show_table(context, active, progress)
    _show_resting(context, [row for row in partners if row["stage"] == "declined"])
    _show_evidence(context, partners, known, progress)


def _show_table(
    context: Context, active: Sequence[Partner], progress: Mapping[str, Progress]
) -> None:
    shown = _filter(context, active)
    if not shown:
        st.info(context.say("gaps.table.nobody"))
        return
    st.caption(context.say("gaps.table.count", count=len(shown), total=len(active)))
    widths = {context.say(f"gaps.column.{name}"): width for name, width in _WIDTHS.items()}
    st.dataframe(
        build_frame(context, shown, progress),
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
    held = st.query_params.get("gaps_stage", "").split(",")
    wanted_stages = bar[0].pills(
        context.say("gaps.table.stage"),
        stages,
        selection_mode="multi",
        default=[code for code in stages if code in held],
        format_func=lambda code: f"{SIGNS[code]} {context.label(STAGES, code)}",
        key="gaps_stage",
    )
    write_choice("gaps_stage", ",".join(wanted_stages), "")
    with bar[1]:
        wanted_fields = choose_some(
            context.say("gaps.table.field"),
            fields,
            partial(context.label, FIELDS),
            "gaps_field",
            context.say("gaps.table.all_fields"),
        )
    return [
        row
        for row in partners
        if row["stage"] in (wanted_stages or stages)
        and (not wanted_fields or row["field"] in wanted_fields)
    ]


def build_frame(
    context: Context, partners: Sequence[Partner], progress: Mapping[str, Progress]
) -> pd.DataFrame:
    """Return the table of agencies in the page's language; columns without values left out."""
    rows = [
        _write_row(context, row, progress.get(row["organization_id"], Progress()))
        for row in partners
    ]
    frame = pd.DataFrame(rows).rename(columns=lambda name: context.say(f"gaps.column.{name}"))
    return frame[[name for name in frame.columns if (frame[name] != "").any()]]


def _write_row(context: Context, row: Partner, progress: Progress) -> dict[str, object]:
    return {
        "name": row["name"],
        "field": context.label(FIELDS, row["field"]),
        "expected_support": row["expected_support"] or "",
        "stage": f"{SIGNS[row['stage']]} {context.label(STAGES, row['stage'])}",
        "stage_since": context.write_short(row["stage_since"], row["stage_since_precision"]),
        "last_contact": context.write_short(row["last_contact_on"], row["last_contact_precision"]),
        "agreement": write_level(context, progress.agreement),
        "anxiety": write_level(context, progress.anxiety),
        "contact_changed": _write_handover(context, progress.handovers),
        "serves": context.say("gaps.comma").join(row["serves"]),
        "phone": row["phone"] or "",
    }


def write_level(context: Context, levels: Sequence[Fact]) -> str:
    """Return the last level, where it went from the one before, and its day; "" for none."""
    if not levels:
        return ""
    last = levels[-1]
    day = context.write_short(last.on, last.precision)
    level = f"{last.value:g}{ARROWS[find_trend(levels)]}"
    return context.say("progress.level", level=level, day=day)


def _write_handover(context: Context, handovers: Sequence[Handover]) -> str:
    if not handovers:
        return ""
    last = handovers[-1]
    key = "progress.short_kept" if last.setback is None else "progress.short_fell_back"
    return context.say(key, day=context.write_short(last.change.on, last.change.precision))


def _show_resting(context: Context, resting: Sequence[Partner]) -> None:
    if not resting:
        return
    title = context.say("progress.resting", count=len(resting))
    st.markdown(f"**{title}**")
    headers = [context.say(f"progress.resting_{name}") for name in ("name", "since", "until")]
    rows = [
        (
            row["name"],
            context.write_date(row["stage_since"], row["stage_since_precision"]),
            context.write_date(row["rests_until"], row["rests_until_precision"])
            or context.say("progress.open_end"),
        )
        for row in resting
    ]
    st.html(draw_table(headers, rows, caption=title, narrow=True))


def _show_evidence(
    context: Context,
    partners: Sequence[Partner],
    known: Mapping[str, Row],
    progress: Mapping[str, Progress],
) -> None:
    names = {row["organization_id"]: row["name"] for row in partners}
    chosen = choose_from_list(
        context.say("progress.choose"),
        list(names),
        None,
        lambda key: names[key],
        "gaps_agency",
        help=context.say("progress.choose_help"),
        placeholder=context.say("progress.placeholder"),
    )
    if chosen is None or chosen not in progress:
        return
    found = progress[chosen]
    left, right = st.columns([2, 3], gap="large")
    with left:
        for kind in ("agreement", "anxiety"):
            _show_levels(context, kind, found.agreement if kind == "agreement" else found.anxiety)
        _show_people(context, known[chosen]["people"])
        _show_handovers(context, found.handovers)
    with right:
        _show_facts(context, found.facts)


def _show_levels(context: Context, kind: str, levels: Sequence[Fact]) -> None:
    st.markdown(f"**{context.label(EVENT_KINDS, kind)}**")
    if not levels:
        st.caption(context.say("progress.no_level"))
        return
    st.html(_draw_levels(context, levels[-_LEVELS_SHOWN:]))


def _draw_levels(context: Context, levels: Sequence[Fact]) -> str:
    """Return a bar for each level with its day, oldest first, and the trend."""
    bars = "".join(
        f'<li><i style="height:{2.4 * (each.value or 0) / _HIGHEST:.2f}rem"></i>'
        f"<b>{each.value:g}</b>"
        f"<small>{escape(context.write_short(each.on, each.precision))}</small></li>"
        for each in levels
    )
    trend = find_trend(levels)
    told = escape(context.say(f"progress.trend_{trend}")) if trend else ""
    return f'<ul class="gaps-levels">{bars}</ul><p class="gaps-trend">{told}</p>'


def _show_people(context: Context, people: Sequence[Row]) -> None:
    st.markdown(f"**{context.say('progress.people')}**")
    if not people:
        st.caption(context.say("progress.nobody"))
    elif not st.toggle(context.say("progress.show_names"), key="gaps_names"):
        st.caption(context.say("progress.people_count", count=len(people)))
    else:
        for person in people:
            since = context.write_date(person["since"], person["since_precision"])
            told = context.say("progress.since", since=since) if since else ""
            st.text(context.set_beside((person["name"], person["role"], told)))


def _show_handovers(context: Context, handovers: Sequence[Handover]) -> None:
    st.markdown(f"**{context.say('progress.handovers')}**")
    if not handovers:
        st.caption(context.say("progress.no_handover"))
    for each in handovers:
        day = context.write_date(each.change.on, each.change.precision)
        if each.setback is None:
            st.markdown(context.say("progress.kept", day=day))
            continue
        st.markdown(
            context.say(
                "progress.fell_back",
                day=day,
                when=context.write_date(each.setback.on, each.setback.precision),
                kind=context.label(EVENT_KINDS, each.setback.kind),
            )
        )


def _show_facts(context: Context, facts: Sequence[Fact]) -> None:
    title = context.say("progress.facts", count=len(facts))
    st.markdown(f"**{title}**")
    if not facts:
        st.caption(context.say("progress.no_facts"))
        return
    headers = [context.say(f"progress.fact_{name}") for name in ("day", "kind", "value", "source")]
    rows = [
        (
            context.write_short(each.on, each.precision),
            context.label(EVENT_KINDS, each.kind),
            "" if each.value is None else f"{each.value:g}",
            _write_source(context, each),
        )
        for each in reversed(facts)
    ]
    st.html(draw_table(headers, rows, caption=title, numbers=(2,), whole=(0, 1)))


def _write_source(context: Context, fact: Fact) -> str | Markup:
    if not fact.source_row:
        return fact.source_file or ""
    return context.say("progress.source", file=fact.source_file, row=fact.source_row)
