"""The part 一つに頼っているところ of the gaps page: what hangs on one agency or one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from graph.analysis.structure import find_cut_points, find_lone_supporters
from graph.vocabulary import FIELDS
from views import tables
from views.frame import Context
from views.tables import draw_table

Partner = Mapping[str, Any]


def show_structure(context: Context, partners: Sequence[Partner]) -> None:
    """Draw the three lists, of the agencies of the list that have not declined."""
    active = {row["organization_id"]: row for row in partners if row["stage"] != "declined"}
    names = {key: row["name"] for key, row in active.items()}
    st.subheader(context.say("structure.title"))
    st.html(tables.STYLE)
    cuts, people, fields = st.columns(3, gap="large")
    with cuts:
        _show_list(context, "cut", _list_cuts(context, names))
    with people:
        _show_list(context, "person", _list_lone_persons(context, names))
    with fields:
        supporters = {
            key: row["field"] for key, row in active.items() if row["stage"] == "supporting"
        }
        lone = find_lone_supporters(supporters)
        rows = [
            (context.label(FIELDS, code), names[lone[code]])
            for code in FIELDS.codes
            if code in lone
        ]
        _show_list(context, "field", rows)


def _list_cuts(context: Context, names: Mapping[str, str]) -> list[tuple[str, str]]:
    ties = context.ask("network_ties", as_of=context.as_of)
    pairs = [(row["source_id"], row["target_id"]) for row in ties if row["quality"] != "broken"]
    comma = context.say("structure.comma")
    return [
        (names[point.organization_id], comma.join(names[key] for key in point.cut_off))
        for point in find_cut_points(names, pairs)
    ]


def _list_lone_persons(context: Context, names: Mapping[str, str]) -> list[tuple[str, ...]]:
    rows = context.ask("contact_persons", **context.about())
    return [
        (row["name"],) for row in rows if row["people"] == 1 and row["organization_id"] in names
    ]


def _show_list(context: Context, kind: str, rows: Sequence[Sequence[str]]) -> None:
    title = context.say(f"structure.{kind}.title")
    st.markdown(f"**{title}**")
    st.caption(context.say(f"structure.{kind}.about"))
    if not rows:
        st.markdown(context.say("structure.nothing"))
        return
    headers = [context.say(f"structure.{kind}.column{n}") for n in range(1, len(rows[0]) + 1)]
    st.html(draw_table(headers, rows, caption=title))
