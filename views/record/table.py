"""A table to record events of several agencies at once, by the rules of the form of events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final

import pandas as pd
import streamlit as st

from graph.records import RelationshipRecord
from graph.vocabulary import EVENT_KINDS
from loaders.forms import Cells, read_event_table
from views.frame import Context
from views.record.forms import EVENTS
from views.record.saving import Opening, open_form, save, show_clash

_ROWS: Final = 5  # empty ones to begin with; more can be added
_SAID: Final = ("organization", "kind", "value", "text", "due_on")
_WIDTHS: Final = MappingProxyType(  # in pixels
    {"organization": 210, "kind": 130, "date": 110, "value": 90, "text": 240, "due_on": 140}
)

Line = tuple[int, str | None, Cells]


def show_event_table(context: Context, names: Mapping[str, str]) -> None:
    """Draw the table; `names` are the agencies to choose from, by id."""
    opening = open_form("events of several", list)
    show_clash(context, opening)
    st.caption(context.say("record.table.about"))
    ids = {name: key for key, name in names.items()}
    rows = _edit_rows(context, opening, list(ids))
    lines = read_lines(rows, ids, _list_codes(context))
    label = context.say("record.table.save", count=len(lines))
    if not st.button(label, type="primary", disabled=not lines, key=opening.key("save")):
        return
    labels = {name: context.say(f"record.table.{name}") for name in _WIDTHS}
    entry = read_event_table(lines, labels, context.facility_id)
    titles = {
        record.start[1]: names.get(record.end[1], "")
        for record in entry.records
        if isinstance(record, RelationshipRecord) and record.kind == "CONCERNS"
    }
    save(context, opening, entry, parts=True, apart=True, titles=titles)


def read_lines(
    rows: Sequence[Mapping[Any, Any]], ids: Mapping[str, str], codes: Mapping[str, str]
) -> list[Line]:
    """Return the rows that say anything, each with its number, agency and cells.

    `ids` is name → agency, `codes` label → kind of event. A day alone says nothing, as every row
    begins with one.
    """
    lines: list[Line] = []
    for number, row in enumerate(rows, 1):
        cells = {name: "" if pd.isna(row[name]) else row[name] for name in _WIDTHS}
        if not any(str(cells[name]).strip() for name in _SAID):
            continue
        organization = ids.get(str(cells.pop("organization")))
        cells["kind"] = codes.get(str(cells["kind"]), "")
        lines.append((number, organization, cells))
    return lines


def _list_codes(context: Context) -> dict[str, str]:
    return {context.label(EVENT_KINDS, code): code for code in EVENTS}


def _edit_rows(context: Context, opening: Opening, names: Sequence[str]) -> list[dict[Any, Any]]:
    today = min(context.as_of, date.today()).isoformat()
    empty = dict.fromkeys(_WIDTHS) | {"date": today, "text": "", "due_on": ""}
    frame = pd.DataFrame([empty] * _ROWS).astype({"value": "float64"})
    config: dict[str, Any] = {
        name: st.column_config.TextColumn(context.say(f"record.table.{name}"), width=width)
        for name, width in _WIDTHS.items()
    }
    for name, options in (("organization", names), ("kind", list(_list_codes(context)))):
        config[name] = st.column_config.SelectboxColumn(
            context.say(f"record.table.{name}"), options=options, width=_WIDTHS[name]
        )
    config["value"] = st.column_config.NumberColumn(
        context.say("record.table.value"), width=_WIDTHS["value"], min_value=1, max_value=5, step=1
    )
    edited = st.data_editor(
        frame,
        column_config=config,
        hide_index=True,
        num_rows="dynamic",
        placeholder="",
        key=opening.key("table"),
    )
    return edited.to_dict("records")
