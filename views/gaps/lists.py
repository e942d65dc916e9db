"""The part リストの移り変わり of the gaps page: any dated list, and what grew since the first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Final

import streamlit as st

from graph.analysis.list_growth import Growth, measure_growth
from graph.store import Row
from graph.vocabulary import FIELDS
from views import tables
from views.choices import choose_from_list
from views.frame import Context
from views.tables import Markup, draw_table

_NAMES_UP_TO: Final = 12  # names shown without being asked for


def choose_list(context: Context, lists: Sequence[Row]) -> str:
    """Draw the choice of a list made by the day, the latest to begin with; return its id."""
    names: dict[str, str] = {row["list_id"]: _name_list(context, row) for row in reversed(lists)}
    first = next(iter(names))
    if len(names) == 1:
        return first
    chosen = choose_from_list(
        context.say("lists.choose"),
        list(names),
        first,
        lambda key: names[key],
        "list",
        help=context.say("lists.choose_help"),
    )
    return chosen or first


def show_growth(context: Context, lists: Sequence[Row], list_id: str) -> None:
    """Draw every list against the first: agencies and fields, and who came and left."""
    st.subheader(context.say("lists.title"))
    if len(lists) == 1:
        st.caption(context.say("lists.one"))
        return
    st.html(tables.STYLE)
    st.caption(context.say("lists.about"))
    names = {row["list_id"]: _name_list(context, row) for row in lists}
    headers = [
        context.say(f"lists.column.{name}")
        for name in ("list", "agencies", "newcomers", "leavers", "fields", "gained", "lost")
    ]
    growth = measure_growth(lists)
    rows = [_write_growth(context, each, names[each.list_id]) for each in growth]
    below = [_write_names(context, each, is_open=each.list_id == list_id) for each in growth]
    caption = context.say("lists.title")
    st.html(draw_table(headers, rows, caption=caption, numbers=(1, 2, 3, 4), below=below))


def _write_growth(context: Context, growth: Growth, name: str) -> tuple[str, ...]:
    return (
        name,
        str(growth.agencies),
        _sign("+", len(growth.newcomers)),
        _sign("−", len(growth.leavers)),
        str(growth.fields),
        _name_fields(context, growth.gained),
        _name_fields(context, growth.lost),
    )


def _sign(sign: str, count: int) -> str:
    return f"{sign}{count}" if count else "0"


def _name_fields(context: Context, codes: Sequence[str]) -> str:
    return context.say("gaps.comma").join(context.label(FIELDS, code) for code in codes) or "–"


def _write_names(context: Context, growth: Growth, *, is_open: bool) -> Markup:
    """Return the names of newcomers and leavers, opened for the list that is shown."""
    parts = (("newcomers", growth.newcomers), ("leavers", growth.leavers))
    return Markup(
        "".join(
            _fold(context.say, kind, names, is_open=is_open and len(names) <= _NAMES_UP_TO)
            for kind, names in parts
            if names
        )
    )


def _fold(say: Callable[..., str], kind: str, names: Sequence[str], *, is_open: bool) -> str:
    title = escape(say(f"lists.{kind}", count=len(names)))
    words = escape(say("gaps.comma").join(names))
    state = " open" if is_open else ""
    return f"<details{state}><summary>{title}</summary><p>{words}</p></details>"


def _name_list(context: Context, row: Row) -> str:
    made_on = context.write_date(row["made_on"], row["made_on_precision"])
    return context.say("gaps.funnel.list", name=row["name"], made_on=made_on)
