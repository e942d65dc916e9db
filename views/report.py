"""The page 報告の指標: the indicators of the progress report, their evidence, and its files."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Any, Final

import pandas as pd
import streamlit as st

from graph.analysis.indicators import (
    MARKS,
    SHARES,
    Facts,
    Figure,
    Goal,
    Indicator,
    Mark,
    Occurrence,
    Period,
    collect_facts,
    find_first_day,
    measure_indicators,
    read_goals,
    set_goals,
)
from graph.analysis.referral_rates import LEAST_FOR_SHARE
from graph.analysis.suppression import LEAST_OUTSIDE, tell_count
from graph.dates import PartialDate, read_iso_date
from graph.report_files import Report, Sheet, write_document, write_workbook
from graph.spreadsheets import MEDIA_TYPE
from graph.vocabulary import EVENT_KINDS
from loaders.report_entries import Assessment
from views.choices import choose_one
from views.downloads import offer_download
from views.frame import FIRST_DAY, LAST_DAY, Context, show_empty
from views.record.saving import show_saved
from views.report_entries import Kept, offer_to_keep, offer_to_set, open_kept, show_earlier
from views.tables import STYLE, draw_table

_CIRCLED: Final = "①②③④"
_LONGEST: Final = 4_000  # characters of a writer's words
_AS_PROPOSED: Final = 0
OF_PEOPLE: Final = frozenset(
    {"plans", "accepted", "own_role", "employment", "attendance", "outreach", "volunteers"}
)
"""Measures that count people: told outside the facility only as `tell_count` has it."""
READERS: Final = ("outside", "inside")
_TYPES: Final = MappingProxyType(
    {
        "workbook": MEDIA_TYPE,
        "document": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    }
)


def show(context: Context) -> None:
    """Draw the page."""
    if context.facility_id is None:
        show_empty(context, "report.empty")
        return
    facts = read_facts(context)
    if not facts.occurrences and not facts.listings:
        st.info(context.say("report.too_early"), icon=":material/event:")
        return
    st.html(STYLE)
    period = _choose_period(context, facts)
    if period is None:
        return
    show_saved(context)
    files = st.container(horizontal=True)
    kept = open_kept(context, period)
    goals = _edit_goals(context, kept)
    indicators = measure_indicators(facts, period, goals)
    told, written = [], {}
    for each in indicators:
        written[each.number] = _show_indicator(context, each, goals, facts, kept=kept)
        told.append(written[each.number])
    offer_to_keep(context, kept, written)
    with st.expander(context.say("report.rules.title")):
        st.markdown(context.say("report.rules.text"))
    with files:
        inside = _choose_reader(context) == "inside"
        report = build_report(context, period, indicators, goals, (told, facts), inside=inside)
        _show_files(context, report, inside=inside)


def read_facts(context: Context) -> Facts:
    """Ask for all that the indicators are counted from."""
    about = context.about()
    return collect_facts(
        context.ask("indicator_events", **about),
        context.ask("indicator_lists", **about),
        context.ask("partner_stages", **about),
        context.ask("indicator_clients", **about),
    )


def write_state(
    context: Context, code: str, figure: Figure, facts: Facts, *, inside: bool = True
) -> str:
    """Return a figure as a sentence; a share of fewer than five without a percentage.

    Unless it stays `inside` the facility, people are told in tens and fewer than ten not at all.
    """
    if figure.value is None:
        return context.say("report.state.none")
    tell = partial(_tell, context, exact=inside or code not in OF_PEOPLE)
    years = context.say("report.comma").join(
        context.say(f"report.year.{code}", year=year, value=tell(value))
        for year, value in figure.years
    )
    exact = tell(1) == "1"
    return context.say(
        f"report.state.{code}",
        value=tell(figure.value),
        whole=tell(figure.whole or 0),
        fields=figure.fields,
        percent=_write_percent(context, code, figure) if exact else "",
        years=years,
        days=_write_days(context, figure) if exact else "",
        first=_write_last_list(context, facts),
    )


def _tell(context: Context, count: float, *, exact: bool) -> str:
    if exact:
        return f"{count:g}"
    told = tell_count(count)
    if told is None:
        return context.say("report.few", most=LEAST_OUTSIDE - 1)
    return context.say("report.tens", least=told, most=told + LEAST_OUTSIDE - 1)


def _write_days(context: Context, figure: Figure) -> str:
    days = [context.write_date(each.on, each.precision) for each in figure.evidence]
    return context.say("report.aside", words=context.say("report.comma").join(days)) if days else ""


def _write_percent(context: Context, code: str, figure: Figure) -> str:
    if figure.value is None or not figure.whole or figure.whole < LEAST_FOR_SHARE:
        return ""
    if code not in SHARES and code != "supporting":
        return ""
    return context.say("report.aside", words=f"{figure.value / figure.whole:.0%}")


def _write_last_list(context: Context, facts: Facts) -> str:
    if not facts.listings:
        return ""
    return context.write_date(facts.listings[-1].on, facts.listings[-1].precision)


def read_edited_goals(
    goals: Mapping[str, Goal], rows: Mapping[Any, Mapping[Any, Any]], language: str
) -> tuple[dict[str, Goal], list[str]]:
    """Return the goals as edited and the due days that cannot be read, which change nothing.

    `rows` is measure → words, goal, baseline and due as the table holds them.
    """
    edited: dict[str, Goal] = {}
    unread: list[str] = []
    for code, goal in goals.items():
        row = rows[code]
        due = _read_due(row["due"])
        if due is None:
            unread.append(str(row["due"] or ""))
        edited[code] = replace(
            goal,
            goal=_read_number(row["goal"]),
            baseline=_read_number(row["baseline"]),
            due=due or goal.due,
            words={**goal.words, language: str(row["words"] or "")},
        )
    return edited, unread


def _read_due(text: object) -> PartialDate | None:
    try:
        return read_iso_date(str(text or "").strip())
    except ValueError:
        return None


def _read_number(value: object) -> float | None:
    if not isinstance(value, int | float) or math.isnan(value):
        return None
    return float(value)


def build_report(
    context: Context,
    period: Period,
    indicators: Sequence[Indicator],
    goals: Mapping[str, Goal],
    told: tuple[Sequence[Assessment], Facts],
    *,
    inside: bool,
) -> Report:
    """Return the report in the layout of the form.

    `told` has what the writer says of each indicator, and what the figures were counted from. A
    file for `inside` the facility says so on it; any other tells no small number of people.
    """
    headers = ("output", "measure", "target", "due", "state", "mark")
    assessments, facts = told
    rows = tuple(
        _build_row(
            context,
            indicator,
            goals,
            _write_states(context, indicator, facts, one, inside=inside),
            one.mark or indicator.mark,
        )
        for indicator, one in zip(indicators, assessments, strict=True)
    )
    return Report(
        context.say("report.file.title"),
        (
            context.say(f"report.file.for_{'inside' if inside else 'outside'}"),
            context.say("report.file.facility", name=context.facility_name),
            context.say("report.file.period", period=_write_period(context, period)),
        ),
        Sheet(
            context.say("report.file.sheet"),
            tuple(context.say(f"report.column.{name}") for name in headers),
            rows,
        ),
        context.say("report.mark.note"),
        _build_evidence(context, indicators, inside=inside),
    )


def _write_states(
    context: Context, indicator: Indicator, facts: Facts, one: Assessment, *, inside: bool
) -> str:
    states = [
        write_state(context, code, figure, facts, inside=inside)
        for code, figure in indicator.figures.items()
    ]
    return "\n".join(filter(None, (_number(context, states), one.text)))


def _build_row(
    context: Context, indicator: Indicator, goals: Mapping[str, Goal], state: str, mark: int | None
) -> tuple[str, ...]:
    codes = list(indicator.figures)
    dues = dict.fromkeys(_write_due(context, goals[code]) for code in codes)
    return (
        _write_output(context, indicator),
        _number(context, [context.say(f"report.measure.{code}") for code in codes]),
        _number(context, [_write_target(context, goals[code]) for code in codes]),
        "\n".join(dues),
        state,
        "" if mark is None else str(mark),
    )


def _build_evidence(context: Context, indicators: Sequence[Indicator], *, inside: bool) -> Sheet:
    """Return the events behind the figures, without their texts, which may be personal.

    Those of people stay `inside`: the lines could be counted.
    """
    names = ("number", "date", "kind", "agencies", "value")
    rows = tuple(
        (indicator.number, *_write_occurrence(context, each)[:4])
        for indicator in indicators
        for each in _list_evidence(indicator, inside=inside)
    )
    headers = tuple(context.say(f"report.evidence.{name}") for name in names)
    return Sheet(context.say("report.evidence.sheet"), headers, rows)


def _choose_period(context: Context, facts: Facts) -> Period | None:
    bar = st.columns([4, 1], vertical_alignment="bottom")
    with bar[1]:
        since = st.date_input(
            context.say("report.since"),
            value=find_first_day(facts, context.as_of),
            min_value=FIRST_DAY,
            max_value=LAST_DAY,
            key="report_since",
            bind="query-params",
            format="YYYY/MM/DD",
        )
    with bar[0]:
        st.subheader(context.say("report.title"))
        st.caption(context.say("report.about"))
    if since > context.as_of:
        st.warning(context.say("report.reversed"))
        return None
    return Period(since, context.as_of)


def _edit_goals(context: Context, kept: Kept) -> dict[str, Goal]:
    goals = set_goals(read_goals(), kept.targets.values())
    with st.expander(context.say("report.goals.title")):
        st.caption(context.say("report.goals.about"))
        table = st.data_editor(
            _draw_goals(context, goals),
            column_config={
                "code": None,
                "measure": st.column_config.TextColumn(
                    context.say("report.goals.measure"), width="large", disabled=True
                ),
                "words": st.column_config.TextColumn(
                    context.say("report.goals.words"), width="large"
                ),
                "goal": st.column_config.NumberColumn(
                    context.say("report.goals.goal"), min_value=0
                ),
                "baseline": st.column_config.NumberColumn(
                    context.say("report.goals.baseline"), min_value=0
                ),
                "due": st.column_config.TextColumn(context.say("report.goals.due")),
            },
            hide_index=True,
            num_rows="fixed",
            key=kept.opening.key(f"goals_{context.language}"),
        )
        return _read_goals(context, kept, goals, table)


def _read_goals(
    context: Context, kept: Kept, goals: Mapping[str, Goal], table: pd.DataFrame
) -> dict[str, Goal]:
    rows = table.set_index("code").to_dict("index")
    edited, unread = read_edited_goals(goals, rows, context.language)
    for due in unread:
        st.warning(context.say("report.goals.bad_due", due=due))
    if not unread:
        offer_to_set(context, kept, goals, edited)
    return edited


def _draw_goals(context: Context, goals: Mapping[str, Goal]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "code": code,
                "measure": context.say(f"report.measure.{code}"),
                "words": goal.words[context.language],
                "goal": goal.goal,
                "baseline": math.nan if goal.baseline is None else goal.baseline,
                "due": goal.due.isoformat(),
            }
            for code, goal in goals.items()
        ]
    )


def _show_indicator(
    context: Context,
    indicator: Indicator,
    goals: Mapping[str, Goal],
    facts: Facts,
    *,
    kept: Kept,
) -> Assessment:
    """Draw one indicator; return what is written of it."""
    with st.container(border=True):
        st.markdown(f"**{_write_output(context, indicator)}**")
        left, right = st.columns([3, 2], gap="large")
        with left:
            st.html(_draw_figures(context, indicator, goals, facts))
            _show_evidence(context, indicator)
        with right:
            return _ask_assessment(context, indicator, kept)


def _draw_figures(
    context: Context, indicator: Indicator, goals: Mapping[str, Goal], facts: Facts
) -> str:
    names = ("measure", "target", "due", "state")
    rows = [
        (
            context.say(f"report.measure.{code}"),
            _write_target(context, goals[code]),
            _write_due(context, goals[code]),
            write_state(context, code, figure, facts),
        )
        for code, figure in indicator.figures.items()
    ]
    return draw_table(
        [context.say(f"report.column.{name}") for name in names],
        rows,
        caption=_write_output(context, indicator),
        whole=(2,),
    )


def _show_evidence(context: Context, indicator: Indicator) -> None:
    evidence = _list_evidence(indicator)
    if not evidence:
        return
    names = ("date", "kind", "agencies", "value", "text")
    title = context.say("report.evidence.title", count=len(evidence))
    with st.expander(title):
        st.html(
            draw_table(
                [context.say(f"report.evidence.{name}") for name in names],
                [_write_occurrence(context, each) for each in evidence],
                caption=title,
                numbers=(3,),
                whole=(0, 1),
            )
        )


def _ask_assessment(context: Context, indicator: Indicator, kept: Kept) -> Assessment:
    """Ask for the mark and the writer's words; what is not kept stays for the session."""
    number = indicator.number
    begun = kept.begin(number)
    mark = _choose_mark(context, indicator, begun.mark, kept.opening.key(f"mark_{number}"))
    words = st.text_area(
        context.say("report.words"),
        value=begun.text,
        key=kept.opening.key(f"words_{number}"),
        height=100,
        max_chars=_LONGEST,
        placeholder=context.say("report.words_hint"),
    )
    show_earlier(context, kept, number)
    written = Assessment(mark, words.strip())
    kept.draw_up(number, written)
    return written


def _choose_mark(context: Context, indicator: Indicator, begun: int | None, key: str) -> int | None:
    proposal = _write_proposal(context, indicator.mark)
    labels = {_AS_PROPOSED: proposal} | {n: context.say(f"report.mark.{n}") for n in MARKS}
    options = list(labels)
    chosen: int = st.selectbox(
        context.say("report.mark.title"),
        options,
        index=options.index(begun or _AS_PROPOSED),
        format_func=lambda number: labels[number],
        key=key,
    )
    return chosen or None


def _write_proposal(context: Context, mark: Mark | None) -> str:
    if mark is None:
        return context.say("report.mark.no_proposal")
    return context.say("report.mark.proposed", mark=context.say(f"report.mark.{mark}"))


def _choose_reader(context: Context) -> str:
    if not context.may("export"):
        return READERS[0]
    return choose_one(
        context.say("report.reader.title"),
        READERS,
        READERS[0],
        lambda code: context.say(f"report.reader.{code}"),
        "report_reader",
    )


def _show_files(context: Context, report: Report, *, inside: bool) -> None:
    writers = {"workbook": (write_workbook, "xlsx"), "document": (write_document, "docx")}
    name = context.say("report.file.name", day=f"{context.as_of:%Y%m%d}")
    name += context.say("report.file.inside_name") if inside else ""
    for kind, (write, ending) in writers.items():
        offer_download(
            context,
            context.say(f"report.file.{kind}"),
            partial(write, report),
            f"{name}.{ending}",
            _TYPES[kind],
            icon=":material/download:",
            key=f"report_{kind}",
        )


def _list_evidence(indicator: Indicator, *, inside: bool = True) -> list[Occurrence]:
    found = {
        each.event_id: each
        for code, figure in indicator.figures.items()
        for each in figure.evidence
        if inside or (code not in OF_PEOPLE and not each.clients)
    }
    return sorted(found.values(), key=lambda each: (each.on, each.event_id))


def _write_occurrence(context: Context, each: Occurrence) -> tuple[str, str, str, str, str]:
    return (
        context.write_date(each.on, each.precision),
        context.label(EVENT_KINDS, each.kind),
        context.say("report.comma").join(each.names),
        "" if each.value is None else f"{each.value:g}",
        each.text or "",
    )


def _write_output(context: Context, indicator: Indicator) -> str:
    output = context.say(f"report.output.{indicator.number}")
    return context.say("report.numbered", number=indicator.number, output=output)


def _write_target(context: Context, goal: Goal) -> str:
    target = goal.words[context.language]
    if goal.baseline is None:
        return target
    return context.say("report.goals.with_baseline", target=target, baseline=f"{goal.baseline:g}")


def _write_due(context: Context, goal: Goal) -> str:
    return context.write_date(goal.due.first, goal.due.precision)


def _write_period(context: Context, period: Period) -> str:
    return context.say(
        "report.period",
        since=_write_day(context, period.since),
        until=_write_day(context, period.until),
    )


def _write_day(context: Context, day: date) -> str:
    return context.write_date(day, "day")


def _number(context: Context, texts: Sequence[str]) -> str:
    if len(texts) == 1:
        return texts[0]
    return "\n".join(
        context.say("report.line", number=number, text=text)
        for number, text in zip(_CIRCLED, texts, strict=False)
    )
