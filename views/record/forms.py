"""Forms to record what happened with an agency; any page may open them for an agency or for two.

Each form writes by the one write path, as a load of its own. After a save the page runs again and
`show_saved` says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final

import pandas as pd
import streamlit as st

from graph.store import Row
from graph.vocabulary import (
    EVENT_KINDS,
    FLOWS,
    PRECISIONS,
    QUALITIES,
    STRENGTHS,
    TIE_KINDS,
    Vocabulary,
)
from loaders.events import LEVEL_KINDS, LEVELS
from loaders.forms import (
    read_corrections,
    read_event_form,
    read_person_form,
    read_tie_end,
    read_tie_form,
    stand_event,
    stand_tie,
    stand_work,
)
from views.frame import FIRST_DAY, LAST_DAY, Context
from views.record.saving import Opening, open_form, reopen_form, save, show_clash, show_saved

__all__ = [
    "EVENTS",
    "show_corrections",
    "show_event_form",
    "show_person_form",
    "show_saved",
    "show_tie_form",
]

EVENTS: Final = (
    "contacted",
    "explained",
    "remark",
    "agreement",
    "anxiety",
    "support_started",
    "support_ended",
    "declined",
)
"""The kinds of event that the form offers; a change of contact person has a form of its own."""

STRETCH: Final = timedelta(days=366)
_LONGEST_TEXT: Final = 2_000
_LENGTHS: Final = MappingProxyType({"day": 10, "month": 7, "year": 4, "unknown": 0})
_WIDTHS: Final = MappingProxyType(  # of the table's columns, in pixels
    {"date": 100, "kind": 130, "text": 290, "due_on": 140, "source": 180}
)
_NEW: Final = "new"
_NOBODY: Final = "_nobody"
_SOMEBODY: Final = "_somebody"


def show_event_form(context: Context, organization_id: str) -> None:
    """Draw the form of an event of the agency, recorded by the facility of the context."""
    opening = open_form(f"event {organization_id}", list)
    show_clash(context, opening)
    kind = st.pills(
        context.say("record.label.kind"),
        EVENTS,
        default=EVENTS[0],
        required=True,
        wrap=True,
        format_func=lambda code: context.label(EVENT_KINDS, code),
        key=opening.key("kind"),
    )
    with st.form(opening.key("form")):
        cells: dict[str, object] = {"kind": kind}
        cells["date"] = _ask_day(context, opening, "date", latest=date.today())
        if kind in LEVEL_KINDS:
            cells["value"] = _ask_level(context, opening, str(kind))
        if kind == "declined":
            cells["due_on"] = st.date_input(
                context.say("record.label.due_on"),
                value=None,
                min_value=FIRST_DAY,
                max_value=LAST_DAY,
                format="YYYY/MM/DD",
                help=context.say("record.due_on_help"),
                key=opening.key("due_on"),
            )
        cells["text"] = _ask_text(context, opening, "text")
        sent = _ask_to_save(context)
    if sent:
        labels = _label_columns(context, "kind", "date", "due_on", "text")
        labels["value"] = context.say("record.label.level")
        entry = read_event_form(cells, labels, organization_id, context.facility_id)
        save(context, opening, entry, apart=True)


def show_person_form(context: Context, organization_id: str) -> None:
    """Draw the form of a change of contact person of the agency, or of one who comes in addition.

    Who leaves ends on the day the successor begins; a change is told as an event as well.
    """
    opening = open_form(
        f"person {organization_id}",
        lambda: context.ask("record_people", organization_id=organization_id, as_of=date.today()),
    )
    show_clash(context, opening)
    people = {row["person_id"]: row for row in opening.rows}
    options = [*people, _SOMEBODY, _NOBODY]
    predecessor = st.selectbox(
        context.say("record.person.predecessor"),
        options,
        index=0 if people else len(options) - 1,
        format_func=lambda key: _name_person(context, people, key),
        key=opening.key("predecessor"),
    )
    with st.form(opening.key("form")):
        cells = _ask_person(context, opening, is_change=predecessor != _NOBODY)
        sent = _ask_to_save(context)
    if sent:
        # A telephone that is left empty here is not known to be none.
        asked = [name for name in ("phone", "email") if cells[name]]
        leaving = [stand_work(people[predecessor])] if predecessor in people else []
        entry = read_person_form(
            {name: cells[name] for name in ("name", "role", "since", *asked)},
            _label_columns(context, "name", "role", "since", *asked),
            organization_id,
            context.facility_id,
            next(iter(leaving), None),
            is_change=predecessor != _NOBODY,
        )
        save(context, opening, entry, leaving)


def show_tie_form(context: Context, source_id: str, target_id: str) -> None:
    """Draw the form of a tie between two agencies: a new one, or one that changed or ended."""
    opening = open_form(
        f"tie {source_id} {target_id}", lambda: _read_ties(context, source_id, target_id)
    )
    show_clash(context, opening)
    chosen = _choose_tie(context, opening)
    action = _choose_action(context, opening) if chosen else _NEW
    ends = (chosen["source_id"], chosen["target_id"]) if chosen else (source_id, target_id)
    names = tuple(_read_name(context, end) for end in ends)
    st.caption(context.mark("record.tie.sides", source=names[0], target=names[1]))
    standing = stand_tie(chosen) if chosen else None
    with st.form(opening.key(f"form_{action}")):
        cells = _ask_tie(context, opening, action, chosen or {})
        sent = _ask_to_save(context)
    if not sent:
        return
    labels = _label_columns(context, *cells)
    if action == "end" and standing:
        entry = read_tie_end(cells, labels, standing)
    else:
        entry = read_tie_form(cells, labels, ends[0], ends[1], standing)
    save(context, opening, entry, [standing] if standing else [])


def show_corrections(context: Context, organization_id: str) -> None:
    """Draw the agency's events of the year up to the day of the context, to be corrected."""
    name = f"corrections {organization_id}"
    fresh = context.ask(
        "record_events",
        **context.about(organization_id=organization_id, since=context.as_of - STRETCH),
    )
    opening = open_form(name, lambda: fresh)
    edited = _read_edits(opening)
    if tuple(fresh) != opening.rows and not edited:
        opening = reopen_form(name, fresh)
    show_clash(context, opening)
    if not opening.rows:
        st.info(context.say("record.corrections.empty"), icon=":material/event:")
        return
    st.caption(context.say("record.corrections.hint"))
    _draw_editor(context, opening)
    edited = _read_edits(opening)
    label = context.say("record.corrections.save", count=len(edited))
    if st.button(label, type="primary", disabled=not edited, key=opening.key("save")):
        standing = [stand_event(row) for row in opening.rows]
        changed = [(index + 1, standing[index], cells) for index, cells in sorted(edited.items())]
        labels = _label_columns(context, "date", "due_on", "value", "text")
        entry = read_corrections(changed, labels)
        save(context, opening, entry, [one for _, one, _ in changed], parts=True)


def _ask_day(
    context: Context,
    opening: Opening,
    column: str,
    *,
    latest: date = LAST_DAY,
    unknown: bool = False,
) -> str:
    """Return a day as text, no more exact than it is known: 2022-10-04, 2022-10, 2022 or ""."""
    left, right = st.columns([2, 1])
    day = left.date_input(
        context.say(f"record.label.{column}"),
        value=min(context.as_of, date.today()),
        min_value=FIRST_DAY,
        max_value=latest,
        format="YYYY/MM/DD",
        key=opening.key(column),
    )
    codes = ["day", "month", "year"] + (["unknown"] if unknown else [])
    exact = right.selectbox(
        context.say("record.precision"),
        codes,
        format_func=lambda code: _label_precision(context, code),
        key=opening.key(f"{column}_precision"),
    )
    return day.isoformat()[: _LENGTHS[exact]] if day else ""


def _label_precision(context: Context, code: str) -> str:
    if code == "unknown":
        return context.say("record.precision_unknown")
    return context.label(PRECISIONS, code)


def _ask_level(context: Context, opening: Opening, kind: str) -> int | None:
    level: int | None = st.segmented_control(
        context.say("record.label.level"),
        LEVELS,
        help=context.say(f"record.level_{kind}"),
        key=opening.key("value"),
    )
    return level


def _ask_text(context: Context, opening: Opening, column: str, value: str = "") -> str:
    return st.text_area(
        context.say(f"record.label.{column}"),
        value,
        max_chars=_LONGEST_TEXT,
        help=context.say("record.text_help"),
        key=opening.key(column),
    )


def _ask_to_save(context: Context) -> bool:
    return st.form_submit_button(context.say("record.save"), type="primary")


def _ask_person(context: Context, opening: Opening, *, is_change: bool) -> dict[str, str]:
    cells = {"since": _ask_day(context, opening, "since", latest=LAST_DAY)}
    help_name = context.say("record.person.name_help") if is_change else None
    left, right = st.columns(2)
    for name, column in zip(("name", "role", "phone", "email"), (left, right) * 2, strict=True):
        cells[name] = column.text_input(
            context.say(f"record.label.{name}"),
            autocomplete="off",
            help=help_name if name == "name" else None,
            key=opening.key(name),
        )
    return cells


def _name_person(context: Context, people: dict[str, Row], key: str) -> str:
    if key not in people:
        return context.say(f"record.person.{key.removeprefix('_')}")
    row = people[key]
    return " ".join(filter(None, (row["name"], row["role"])))


def _read_ties(context: Context, source_id: str, target_id: str) -> list[Row]:
    rows = context.ask("record_ties", organization_id=source_id, as_of=date.today())
    return [row for row in rows if row["other_id"] == target_id]


def _read_name(context: Context, organization_id: str) -> str:
    rows = context.ask("agency_details", organization_id=organization_id, as_of=context.as_of)
    return rows[0]["name"] if rows else organization_id


def _choose_tie(context: Context, opening: Opening) -> Row | None:
    """Return the standing tie that is to change; None for a new one."""
    if not opening.rows:
        st.caption(context.say("record.tie.none"))
        return None
    chosen = st.selectbox(
        context.say("record.tie.which"),
        [*range(len(opening.rows)), None],
        format_func=lambda index: _describe_tie(context, opening.rows, index),
        key=opening.key("which"),
    )
    return None if chosen is None else opening.rows[chosen]


def _describe_tie(context: Context, rows: Sequence[Row], index: int | None) -> str:
    if index is None:
        return context.say("record.tie.new")
    row = rows[index]
    since = context.write_date(row["since"], row["since_precision"])
    words = (
        context.label(TIE_KINDS, row["kind"]),
        context.label(STRENGTHS, row["strength"]),
        context.label(QUALITIES, row["quality"]),
        context.say("record.tie.since", since=since) if since else "",
    )
    return context.set_beside(words)


def _choose_action(context: Context, opening: Opening) -> str:
    action: str = st.segmented_control(
        context.say("record.tie.action"),
        ("change", "correct", "end"),
        default="change",
        required=True,
        format_func=lambda code: context.say(f"record.tie.{code}"),
        key=opening.key("action"),
    )
    st.caption(context.say(f"record.tie.{action}_hint"))
    return action


def _ask_tie(context: Context, opening: Opening, action: str, row: Row) -> dict[str, object]:
    if action == "end":
        return {"until": _ask_day(context, opening, "until")}
    # A tie that changes begins on a day of its own; one that is corrected keeps its beginning.
    since = (
        context.write_short(row["since"], row["since_precision"])
        if action == "correct"
        else _ask_day(context, opening, "since", unknown=action == _NEW)
    )
    cells: dict[str, object] = {"since": since}
    columns = st.columns(4)
    fields = (("kind", TIE_KINDS), ("strength", STRENGTHS), ("quality", QUALITIES), ("flow", FLOWS))
    for column, (name, words) in zip(columns, fields, strict=True):
        with column:
            default = row.get(name) or ("normal" if name == "strength" else None)
            fixed = action == "correct" and name == "kind"
            cells[name] = _ask_code(context, opening, name, words, default, fixed=fixed)
    cells["note"] = _ask_text(context, opening, "note", row.get("note") or "")
    return cells


def _ask_code(
    context: Context,
    opening: Opening,
    name: str,
    words: Vocabulary,
    default: str | None,
    *,
    fixed: bool = False,
) -> str | None:
    options: list[str | None] = [*words.codes, None] if name == "flow" else [*words.codes]
    index = options.index(default) if default or name == "flow" else 0
    code: str | None = st.selectbox(
        context.say(f"record.label.{name}"),
        options,
        index=index,
        format_func=lambda code: context.label(words, code) or context.say("record.flow_unknown"),
        disabled=fixed,
        key=opening.key(name),
    )
    return code


def _read_edits(opening: Opening) -> dict[int, dict[str, Any]]:
    """Return the cells changed so far: place of the row → column → value."""
    state = st.session_state.get(opening.key("table"))
    return dict(state["edited_rows"]) if state else {}


def _draw_editor(context: Context, opening: Opening) -> None:
    frame = pd.DataFrame(
        [
            {
                "date": context.write_short(row["occurred_on"], row["occurred_on_precision"]),
                "kind": context.label(EVENT_KINDS, row["kind"]),
                "value": row["value"],
                "text": row["text"] or "",
                "due_on": context.write_short(row["until"], row["until_precision"]),
                "source": _name_source(row),
            }
            for row in opening.rows
        ]
    ).astype({"value": "float64"})
    config = {
        name: st.column_config.TextColumn(context.say(f"record.label.{name}"), width=width)
        for name, width in _WIDTHS.items()
    }
    config["value"] = st.column_config.NumberColumn(context.say("record.label.value"), width=60)
    st.data_editor(
        frame,
        column_config=config,
        disabled=["kind", "source"],
        hide_index=True,
        num_rows="fixed",
        placeholder="–",
        key=opening.key("table"),
    )


def _name_source(row: Row) -> str:
    return " ".join(str(part) for part in (row["source_file"], row["source_row"]) if part)


def _label_columns(context: Context, *columns: str) -> dict[str, str]:
    return {name: context.say(f"record.label.{name}") for name in columns}
