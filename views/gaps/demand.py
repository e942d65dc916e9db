"""The part 地域の必要 of the gaps page: requests by area and kind of help, and who found nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import streamlit as st

from graph.analysis.demand import FEW, Demand, count_demand
from graph.store import Row
from graph.vocabulary import SUPPORTS
from views import tables
from views.choices import choose_one
from views.frame import Context
from views.tables import draw_table

_SPANS: Final = ("1", "3", "all")
_PREFECTURE: Final = 2  # digits of a JIS code of an area that name its prefecture


def show_demand(context: Context, cells: Sequence[Row]) -> None:
    """Draw the requests to the prefectures of the matrix's `cells`, the largest demand first."""
    st.subheader(context.say("demand.title"))
    span = choose_one(
        context.say("demand.span"),
        _SPANS,
        "all",
        lambda code: context.say(f"demand.span_{code}"),
        "demand_span",
    )
    since = None if span == "all" else _go_back(context.as_of, int(span))
    requests = context.ask("area_requests", since=since, as_of=context.as_of)
    prefectures = {cell["area_id"][:_PREFECTURE] for cell in cells}
    found = count_demand(row for row in requests if row["area_id"][:_PREFECTURE] in prefectures)
    if not found:
        st.info(context.say("demand.empty"), icon=":material/info:")
        return
    st.caption(context.say("demand.about", few=FEW))
    st.html(tables.STYLE)
    headers = [
        context.say(f"demand.column.{name}") for name in ("area", "need", "clients", "unmet")
    ]
    st.html(draw_table(headers, [_write_row(context, each) for each in found], numbers=(2, 3)))


def _go_back(day: date, years: int) -> date:
    """Return the same day some years before; 28 February for 29 February."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year - years, day=last)


def _write_row(context: Context, demand: Demand) -> tuple[str, str, str, str]:
    need = context.label(SUPPORTS, demand.need) or context.say("demand.no_need")
    if demand.clients is None or demand.unmet is None:
        return demand.area_name, need, context.say("demand.few", few=FEW), ""
    share = f"{demand.unmet / demand.clients:.0%}"
    unmet = context.say("demand.unmet", count=demand.unmet, whole=demand.clients, share=share)
    return demand.area_name, need, str(demand.clients), unmet
