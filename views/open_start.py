"""The third way to begin: a partner list chosen among the agencies of open data of one's area."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from graph.store import Row, StoreError
from graph.vocabulary import FIELDS
from loaders.chosen_partners import load_chosen
from views import tables
from views.agency_choice import name_agencies
from views.areas import list_areas
from views.frame import Context
from views.tables import draw_share, draw_table
from views.undo import find_writer
from views.upload.said import FACILITY

_PREFECTURE: Final = "start_prefecture"
_CITIES: Final = "start_cities"
_CHOSEN: Final = "start_chosen"
_PREFECTURE_DIGITS: Final = 2


def offer_open_start(context: Context) -> None:
    """Draw the way from files of open data to a list: area, who is there by field, who is chosen.

    Before a file of open data is loaded only what to bring is said.
    """
    st.markdown(f"#### {context.say('first_steps.open.title')}")
    st.markdown(context.say("first_steps.open.bring"))
    areas = list_areas(context).rows
    if not areas:
        st.caption(context.say("first_steps.open.first_load"))
        return
    area_ids = _choose_areas(context, areas)
    if not area_ids:
        return
    rows = context.ask("open_data_of_areas", area_ids=area_ids)
    if not rows:
        st.info(context.say("first_steps.open.nobody"))
        return
    st.html(tables.STYLE + _draw_fields(context, rows))
    _offer_list(context, rows)


def _choose_areas(context: Context, areas: Mapping[str, Row]) -> list[str]:
    """Return the municipalities chosen, or the whole prefecture; [] before one is chosen."""
    left, right = st.columns([1, 2])
    prefecture: str | None = left.selectbox(
        context.say("first_steps.open.prefecture"),
        [one for one, row in areas.items() if row["level"] == "prefecture"],
        index=None,
        format_func=lambda one: areas[one]["name"],
        placeholder=context.say("first_steps.open.choose"),
        key=_PREFECTURE,
    )
    within = [
        one
        for one, row in areas.items()
        if row["level"] == "municipality" and one[:_PREFECTURE_DIGITS] == prefecture
    ]
    cities: list[str] = right.multiselect(
        context.say("first_steps.open.cities"),
        within,
        format_func=lambda one: areas[one]["name"],
        placeholder=context.say("first_steps.open.whole"),
        disabled=prefecture is None,
        key=_CITIES,
    )
    if prefecture is None:
        return []
    return [one for one in cities if one in within] or [prefecture]


def _draw_fields(context: Context, rows: Sequence[Row]) -> str:
    found = {row["field"]: row["found"] for row in rows}
    serving = Counter(row["field"] for row in rows if row["serves"])
    largest = max(found.values())
    columns = ("field", "found", "share", "serving")
    return draw_table(
        [context.say(f"first_steps.open.column.{name}") for name in columns],
        [
            (
                _label_field(context, field),
                f"{found[field]:,}",
                draw_share(found[field], largest),
                f"{serving[field]:,}" if serving[field] else "",
            )
            for field in (*FIELDS.codes, None)
            if field in found
        ],
        caption=context.say("first_steps.open.by_field"),
        numbers=[1, 3],
    )


def _label_field(context: Context, field: str | None) -> str:
    return context.label(FIELDS, field) or context.say("first_steps.open.no_field")


def _offer_list(context: Context, rows: Sequence[Row]) -> None:
    by_id = {row["organization_id"]: row for row in rows}
    names = name_agencies(rows)
    kept = [one for one in st.session_state.get(_CHOSEN, ()) if one in by_id]
    if kept != st.session_state.get(_CHOSEN, []):
        st.session_state[_CHOSEN] = kept
    chosen: list[str] = st.multiselect(
        context.say("first_steps.open.agencies"),
        list(names),
        format_func=lambda one: context.set_beside(
            (names[one], _label_field(context, by_id[one]["field"]), by_id[one]["municipality"])
        ),
        placeholder=context.say("first_steps.open.choose_agencies"),
        key=_CHOSEN,
    )
    facility = st.session_state.get(FACILITY, "").strip()
    if chosen and not facility:
        st.warning(context.say("first_steps.open.no_name"))
    press = st.button(
        context.say("first_steps.open.make", count=len(chosen)),
        type="primary",
        disabled=not (chosen and facility),
        key="start_make",
    )
    if press:
        _make_list(context, [(one, by_id[one]["name"]) for one in chosen], facility)


def _make_list(context: Context, chosen: Sequence[tuple[str, str]], facility: str) -> None:
    title = context.say("first_steps.open.list_name")
    actor = find_writer(context)
    with st.spinner(context.say("first_steps.open.making")):
        try:
            outcome = context.use(
                lambda store: load_chosen(store, chosen, facility, title, actor=actor)
            )
        except StoreError as error:
            st.error(context.say(error.code))
            return
    if outcome.problems:
        for problem in outcome.problems[:3]:
            st.error(context.say(problem.code, **dict(problem.values)))
        return
    st.session_state.pop(_CHOSEN, None)
    st.rerun()
