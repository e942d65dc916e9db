"""The recorded referrals: each case as the source writes it, with its chain of agencies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, pairwise
from statistics import median
from typing import Final

import streamlit as st

from graph.pictures.path_picture import Look, Step, Stop, draw_chain
from graph.store import Row
from graph.vocabulary import REFERRAL_STATUSES
from views.choices import choose_one
from views.consent import find_override, say_withheld, show_withheld
from views.frame import Context, show_empty
from views.paths.ecomap_link import draw_ecomap_link
from views.paths.path_graph import Join, choose_view, read_agencies, show_graph
from views.tables import Markup, draw_chip, draw_share, draw_table

ALL_YEARS: Final = "all"
_VIEW: Final = "paths"

# The words as written go before the days they were read as.
COLUMNS: Final = (
    "number",
    "case_id",
    "notified_text",
    "referrer",
    "former_area",
    "desired_area",
    "destination",
    "released_text",
    "first_interview_text",
    "waiting_days",
    "course",
)
_ALWAYS: Final = ("case_id", "referrer")
_NUMBERS: Final = ("number", "waiting_days")
_MAY_WRAP: Final = ("referrer", "course", "desired_area", "destination", "former_area")

LOOKS: Final[dict[str, Look]] = {
    "accepted": "done",
    "referred_on": "done",
    "got_help": "done",
    "closed": "done",
    "pending": "open",
    "not_updated": "open",
}
"""How the arrow of a referral looks; every other status stopped the chain."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Days from the notice to the first interview, of the cases where both are known."""

    cases: int
    middle: float
    shortest: int
    longest: int


def show(context: Context) -> None:
    """Draw the recorded paths; the counts are those of all, the cases as far as consent goes."""
    every = context.ask("referral_chains", as_of=context.as_of)
    if not every:
        show_empty(context, "paths.recorded.empty")
        return
    years, view = st.columns([3, 2], vertical_alignment="bottom")
    with years:
        year = _choose_year(context, every)
    with view:
        chosen = choose_view(context)
    _show_counts(context, select_year(every, year))
    override = find_override(_VIEW)
    asked = override.ask() if override else {}
    rows = select_year(context.ask("recorded_paths", **context.about(**asked)), year)
    withheld = [row["case_id"] for row in rows if row["withheld"]]
    show_withheld(context, _VIEW, withheld, override)
    if chosen == "graph":
        _show_graph(context, rows)
    else:
        _show_cases(context, rows)
    _explain_statuses(context, rows)


def select_year(rows: Sequence[Row], year: str) -> list[Row]:
    """Return the cases of a fiscal year, or all."""
    return [row for row in rows if year in (ALL_YEARS, str(row["fiscal_year"]))]


def list_years(rows: Iterable[Row]) -> list[str]:
    """Return the fiscal years of the cases, latest first, and behind them all years."""
    years = {row["fiscal_year"] for row in rows if row["fiscal_year"] is not None}
    return [*map(str, sorted(years, reverse=True)), ALL_YEARS]


def choose_first_year(rows: Sequence[Row]) -> str:
    """Return the year to begin with: the one whose cases are written down most fully."""
    dated = Counter(str(row["fiscal_year"]) for row in rows if row["dated"])
    fullest = max(dated.items(), key=lambda item: (item[1], item[0]), default=(ALL_YEARS, 0))
    return fullest[0] if fullest[0] in list_years(rows) else ALL_YEARS


def measure_waiting(rows: Iterable[Row]) -> Waiting | None:
    """Return how long clients waited; None when no case has both days."""
    days = [row["waiting_days"] for row in rows if row["waiting_days"] is not None]
    return Waiting(len(days), median(days), min(days), max(days)) if days else None


def split_chain(ids: Sequence[str]) -> list[list[str]]:
    """Return the parts of a chain between the places that are withheld; none is empty."""
    groups = groupby(ids, key=bool)
    return [list(part) for is_told, part in groups if is_told]


def choose_columns(rows: Sequence[Row]) -> list[str]:
    """Return the columns that some case fills, in order."""
    return [
        column
        for column in COLUMNS
        if column in _ALWAYS or any(row[column] is not None for row in rows)
    ]


def _choose_year(context: Context, rows: Sequence[Row]) -> str:
    return choose_one(
        context.say("paths.year"),
        list_years(rows),
        choose_first_year(rows),
        lambda year: _write_year(context, year),
        "year",
    )


def _write_year(context: Context, year: str) -> str:
    if year == ALL_YEARS:
        return context.say("paths.all_years")
    return context.say("paths.fiscal_year", year=year)


def _show_counts(context: Context, rows: Sequence[Row]) -> None:
    referrers, statuses, waiting = st.columns([2, 2, 1], gap="medium")
    with referrers:
        counts = Counter(row["referrer"] for row in rows)
        st.html(_count(context, "paths.by_referrer", counts.most_common()))
    with statuses:
        counts = Counter(row["status"] for row in rows)
        labelled = [
            (context.label(REFERRAL_STATUSES, code), counts[code])
            for code in REFERRAL_STATUSES.codes
            if counts[code]
        ]
        st.html(_count(context, "paths.by_status", labelled))
    with waiting:
        st.metric(context.say("paths.cases"), context.say("paths.count", count=len(rows)))
        _show_waiting(context, measure_waiting(rows))


def _show_waiting(context: Context, waiting: Waiting | None) -> None:
    if waiting is None:
        st.caption(context.say("paths.waiting.unknown"))
        return
    st.metric(
        context.say("paths.waiting.title"),
        context.say("paths.days", days=f"{waiting.middle:g}"),
        help=context.say("paths.waiting.help"),
    )
    st.caption(
        context.say(
            "paths.waiting.range",
            shortest=waiting.shortest,
            longest=waiting.longest,
            cases=waiting.cases,
        )
    )


def _count(context: Context, header: str, counts: Sequence[tuple[str, int]]) -> str:
    largest = max((count for _, count in counts), default=0)
    return draw_table(
        [context.say(header), context.say("paths.cases"), ""],
        [(name, str(count), draw_share(count, largest)) for name, count in counts],
        caption=context.say(header),
        numbers=[1],
    )


def _show_cases(context: Context, rows: Sequence[Row]) -> None:
    columns = choose_columns(rows)
    st.html(
        draw_table(
            [context.say(f"paths.column.{column}") for column in columns],
            [[_write(context, column, row[column]) for column in columns] for row in rows],
            caption=context.say("paths.recorded.caption"),
            numbers=[i for i, column in enumerate(columns) if column in _NUMBERS],
            whole=[i for i, column in enumerate(columns) if column not in _NUMBERS + _MAY_WRAP],
            below=[Markup(_draw_case_line(context, row)) for row in rows],
        )
    )
    st.caption(context.say("paths.recorded.note"))


def _show_graph(context: Context, rows: Sequence[Row]) -> None:
    """Draw the chains of all cases as one graph: agencies and steps, no client."""
    chains = [part for row in rows for part in split_chain(row["organization_ids"])]
    steps = dict.fromkeys(step for ids in chains for step in pairwise(ids))
    agencies = read_agencies(context, chain.from_iterable(chains))
    show_graph(context, agencies, chains, [Join(*step) for step in steps if len(set(step)) > 1])


def _write(context: Context, column: str, value: object) -> str:
    if value is None:
        return ""
    return context.say("paths.days", days=value) if column == "waiting_days" else str(value)


def _draw_case_line(context: Context, row: Row) -> str:
    link = draw_ecomap_link(context, [key for key in row["organization_ids"] if key])
    withheld = say_withheld(context, row["withheld"])
    chip = draw_chip(withheld) if withheld else ""
    return f'<div class="line">{draw_case(context, row)}{chip}{link}</div>'


def draw_case(context: Context, row: Row) -> str:
    """Return the chain of one case as HTML, with where it stopped and why."""
    stops = [
        Stop(name or context.say("consent.hidden_stop"), own=organization_id == context.facility_id)
        for name, organization_id in zip(row["agencies"], row["organization_ids"], strict=True)
    ]
    steps = [_make_step(context, status) for status in row["statuses"][: len(stops) - 1]]
    return draw_chain(stops, steps, _write_ending(context, row))


def _make_step(context: Context, status: str) -> Step:
    if not status:
        return Step(context.say("consent.hidden_step"), "open")
    return Step(
        context.label(REFERRAL_STATUSES, status),
        LOOKS.get(status, "stopped"),
        context.say(f"paths.status.{status}"),
    )


def _write_ending(context: Context, row: Row) -> str:
    if row["status"] in LOOKS or not row["status"]:
        return ""
    status = context.label(REFERRAL_STATUSES, row["status"])
    if not row["reason"]:
        return context.say("paths.stopped", status=status)
    return context.say("paths.stopped_because", status=status, reason=row["reason"])


def _explain_statuses(context: Context, rows: Iterable[Row]) -> None:
    used = {status for row in rows for status in row["statuses"]}
    with st.expander(context.say("paths.statuses")):
        st.html(
            draw_table(
                [context.say("paths.by_status"), context.say("paths.meaning")],
                [
                    (context.label(REFERRAL_STATUSES, code), context.say(f"paths.status.{code}"))
                    for code in REFERRAL_STATUSES.codes
                    if code in used
                ],
                caption=context.say("paths.statuses"),
                whole=[0],
            )
        )
