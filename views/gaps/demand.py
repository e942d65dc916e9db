"""The part 地域の必要 of the gaps page: requests by area and category, and who found nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import streamlit as st

from graph.analysis.demand import LEAST_SHOWN, By, Demand, count_demand
from graph.store import Row
from views import tables
from views.choices import choose_one
from views.frame import Context
from views.gaps.coverage import ROWS, Coverage
from views.gaps.coverage_table import SIGNS, name_cell
from views.tables import draw_table

GAPS: Final = frozenset({"unknown", "none", "known", "listed", "explained", "silent"})
"""States of a cell in which nobody who supports is in touch."""

_SPANS: Final = ("1", "3", "all")
_PREFECTURE: Final = 2  # digits of a JIS code of an area that name its prefecture


def show_demand(context: Context, coverage: Coverage) -> None:
    """Draw the requests to the prefectures of the matrix, the largest demand first."""
    st.subheader(context.say("demand.title"))
    left, right = st.columns(2)
    with left:
        span = _choose(context, "span", _SPANS, "all")
    with right:
        which = _choose(context, "which", ("every", "gaps"), "every")
    found = _count(context, coverage, span)
    states = _find_states(context, coverage, found)
    if which == "gaps":
        found = [each for each in found if states.get(_name(each), "unknown") in GAPS]
    if not found:
        st.info(context.say("demand.empty"), icon=":material/info:")
        return
    st.caption(context.say("demand.about", few=LEAST_SHOWN, most=LEAST_SHOWN - 1))
    st.html(tables.STYLE)
    names = [
        "area",
        "category",
        "state",
        "clients",
        "unmet",
        *(["before"] if span != "all" else []),
    ]
    rows = [_write_row(context, coverage, each, states)[: len(names)] for each in found]
    headers = [context.say(f"demand.column.{name}") for name in names]
    caption = context.say("demand.title")
    st.html(draw_table(headers, rows, caption=caption, numbers=(3, 4, 5)))


def _choose(context: Context, name: str, codes: Sequence[str], first: str) -> str:
    return choose_one(
        context.say(f"demand.{name}"),
        codes,
        first,
        lambda code: context.say(f"demand.{name}_{code}"),
        f"demand_{name}",
    )


def _count(context: Context, coverage: Coverage, span: str) -> list[Demand]:
    """Return the demand of the window and, unless it is all of time, that of the one before."""
    prefectures = {cell["area_id"][:_PREFECTURE] for cell in coverage.cells}

    def ask(since: date | None, until: date) -> list[Row]:
        rows = context.ask("area_requests", since=since, as_of=until)
        return [row for row in rows if row["area_id"][:_PREFECTURE] in prefectures]

    by: By = "support" if coverage.by == "support" else "field"
    if span == "all":
        return count_demand(ask(None, context.as_of), by)
    years = int(span)
    start, earlier = go_back(context.as_of, years), go_back(context.as_of, 2 * years)
    day = timedelta(days=1)
    return count_demand(ask(start + day, context.as_of), by, ask(earlier + day, start))


def go_back(day: date, years: int) -> date:
    """Return the same day some years before; 28 February for 29 February."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year - years, day=last)


def _find_states(context: Context, coverage: Coverage, found: Sequence[Demand]) -> dict[str, str]:
    """Return the state of every cell that somebody asked for, also outside the table."""
    area_ids = sorted({each.area_id for each in found})
    if not area_ids:
        return {}
    chosen = {"by": coverage.by, "silent_months": coverage.silent_months, "area_ids": area_ids}
    cells = context.ask("coverage_matrix", **context.about(**chosen))
    return {name_cell(cell): cell["state"] for cell in cells}


def _name(demand: Demand) -> str:
    return f"{demand.category}|{demand.area_id}"


def _write_row(
    context: Context, coverage: Coverage, demand: Demand, states: Mapping[str, str]
) -> tuple[str, ...]:
    category = context.label(ROWS[coverage.by], demand.category)
    return (
        demand.area_name,
        category or context.say("demand.not_recorded"),
        _write_state(context, coverage, states.get(_name(demand))),
        write_count(context, demand.clients),
        write_unmet(context, demand),
        context.say(
            "demand.growth",
            before=write_count(context, demand.before),
            now=write_count(context, demand.clients),
        ),
    )


def _write_state(context: Context, coverage: Coverage, state: str | None) -> str:
    if state is None:
        return ""
    words = context.say(f"gaps.state.{state}", months=coverage.silent_months)
    return f"{SIGNS[state]} {words}"


def write_count(context: Context, count: int | None) -> str:
    """Return a number of clients; few of them as a range."""
    return context.say("demand.few", most=LEAST_SHOWN - 1) if count is None else str(count)


def write_unmet(context: Context, demand: Demand) -> str:
    """Return how many of how many found nobody, as a share too unless they are few; "" for few."""
    if demand.clients is None or demand.unmet is None:
        return ""
    if demand.unmet < LEAST_SHOWN:
        return context.say("demand.unmet", count=demand.unmet, whole=demand.clients)
    share = f"{demand.unmet / demand.clients:.0%}"
    return context.say("demand.unmet_share", count=demand.unmet, whole=demand.clients, share=share)
