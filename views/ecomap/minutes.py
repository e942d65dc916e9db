"""Minutes over the ecomap: a note and decisions for its day, and what became of earlier ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import streamlit as st

from graph.collation import sort_by_reading
from graph.pictures.notation import Look
from graph.store import Row
from loaders.meetings import add_decision, read_minutes, stand_minutes
from views.contacts.tasks import FIRST_TERM, write_due
from views.frame import FIRST_DAY, LAST_DAY, Context, go_to_date
from views.record.saving import Opening, open_form, reopen_form, save, show_clash, show_saved

SECTION: Final = "minutes"
_NOTE_LINES: Final = 190
_LONGEST_LINE: Final = 300
_LONGEST_NOTE: Final = 20_000

Names = Mapping[str, str]
Owners = Mapping[str, str]


def show_minutes(context: Context, look: Look, agencies: Sequence[Row]) -> None:
    """Draw the section of minutes, closed at first; nothing for who may not hold a meeting."""
    if context.facility_id is None or not context.may("hold_meeting"):
        return
    section = st.expander(
        context.say("minutes.title"), icon=":material/edit_note:", key=SECTION, on_change="rerun"
    )
    if not section.open:
        return
    answer = context.ask("facility_minutes", facility_id=context.facility_id)[0]
    shows_owners = look == "internal"
    owners = {each["task_id"]: each["owner"] for each in answer["owners"] if shows_owners}
    today = [each for each in answer["minutes"] if each["held_on"] == context.as_of]
    names = {row["organization_id"]: row["name"] for row in sort_by_reading(agencies)}
    with section:
        note, earlier = st.columns([3, 2], gap="medium")
        with note:
            _show_entry(context, look, today, names, owners)
        with earlier:
            _show_earlier(
                context, look, [each for each in answer["minutes"] if each not in today], owners
            )


def _show_entry(
    context: Context, look: Look, today: Sequence[Row], names: Names, owners: Owners
) -> None:
    """Draw the minutes of the day shown: title, note, decisions, and one more decision."""
    day = context.write_date(context.as_of)
    st.markdown(f"**{context.say('minutes.of_day', day=day)}**")
    show_saved(context)
    opening = _open(context, today)
    show_clash(context, opening)
    cells = _ask_note(context, look, opening)
    if st.button(context.say("minutes.save"), key=opening.key("save"), type="primary"):
        _save(context, opening, cells)
    st.markdown(f"**{context.say('minutes.decisions')}**")
    for decision in today[0]["decisions"] if today else ():
        _show_decision(context, decision, owners)
    if names:
        _ask_decision(context, opening, cells, names)


def _open(context: Context, today: Sequence[Row]) -> Opening:
    """Return the form of the day, with what stands now unless somebody has typed into it."""
    name = f"minutes {context.facility_id} {context.as_of.isoformat()}"
    opening = open_form(name, lambda: today)
    read = opening.rows[0]["note"] if opening.rows else None
    typed = st.session_state.get(opening.key("note"))
    if list(opening.rows) != list(today) and typed in (None, read or ""):
        return reopen_form(name, today)
    return opening


def _ask_note(context: Context, look: Look, opening: Opening) -> dict[str, object]:
    """Return title and note as typed; a note that stands already may have to be opened first."""
    read = opening.rows[0] if opening.rows else {}
    title = st.text_input(
        context.say("minutes.label.title"),
        value=read.get("title") or context.say("minutes.first_title"),
        max_chars=_LONGEST_LINE,
        key=opening.key("title"),
    )
    cells: dict[str, object] = {"held_on": context.as_of, "title": title, "note": read.get("note")}
    if read.get("note") and not _is_open(context, look, read):
        return cells
    # It runs nothing and outlives the page: who writes a note steps through days meanwhile.
    cells["note"] = st.text_area(
        context.say("minutes.label.note"),
        value=read.get("note") or "",
        height=_NOTE_LINES,
        max_chars=_LONGEST_NOTE,
        placeholder=context.say("minutes.placeholder"),
        help=context.say("minutes.note_help"),
        on_change="ignore",
        persist_state="session",
        key=opening.key("note"),
    )
    return cells


def _is_open(context: Context, look: Look, minutes: Row) -> bool:
    """Say whether a note may be read: a room sees an earlier one only when somebody opens it."""
    if look == "internal" or minutes["held_on"] == date.today():
        return True
    return st.toggle(context.say("minutes.open"), key=_name_toggle(minutes["minutes_id"]))


def _name_toggle(minutes_id: str) -> str:
    return f"minutes_open_{minutes_id}"


def _ask_decision(
    context: Context, opening: Opening, note: Mapping[str, object], names: Names
) -> None:
    with st.container(border=True):
        whom, until = st.columns([3, 2])
        organization_id = whom.selectbox(
            context.say("minutes.label.agency"),
            list(names),
            format_func=lambda key: names.get(key, ""),
            key=opening.key("agency"),
        )
        what, who = st.columns([3, 2])
        with until:
            due_on = _ask_due_day(context, opening)
        cells: dict[str, object] = {"created_on": context.as_of, "due_on": due_on}
        for column, name in ((what, "text"), (who, "owner")):
            cells[name] = column.text_input(
                context.say(f"minutes.label.{name}"),
                max_chars=_LONGEST_LINE,
                on_change="ignore",
                key=opening.key(name),
            )
        if st.button(
            context.say("minutes.decide"), key=opening.key("decide"), icon=":material/add_task:"
        ):
            _save(context, opening, note, (cells, organization_id))


def _ask_due_day(context: Context, opening: Opening) -> date | None:
    return st.date_input(
        context.say("minutes.label.due_on"),
        value=max(context.as_of, date.today()) + FIRST_TERM,
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
        format="YYYY/MM/DD",
        key=opening.key("due_on"),
    )


def _save(
    context: Context,
    opening: Opening,
    cells: Mapping[str, object],
    decision: tuple[Mapping[str, object], str] | None = None,
) -> None:
    standing = [stand_minutes(row) for row in opening.rows]
    labels = {
        name: context.say(f"minutes.label.{name}") for name in ("title", "note", *_DECISION_LABELS)
    }
    entry = read_minutes(
        cells, labels, context.facility_id or "", standing[0] if standing else None
    )
    if decision is not None:
        entry = add_decision(entry, decision[0], labels, decision[1])
    for record in entry.records:
        if record.kind == "Minutes":  # who has just written it goes on seeing it
            st.session_state.setdefault(_name_toggle(record.identity), True)
    save(context, opening, entry, standing, parts=True)


_DECISION_LABELS: Final = ("text", "owner", "due_on")


def _show_earlier(context: Context, look: Look, earlier: Sequence[Row], owners: Owners) -> None:
    st.markdown(f"**{context.say('minutes.earlier')}**")
    if not earlier:
        st.caption(context.say("minutes.no_earlier"))
    for minutes in earlier:
        with st.container(border=True):
            words, leave = st.columns([4, 1], vertical_alignment="center")
            day = context.write_date(minutes["held_on"])
            words.text(f"{day}　{minutes['title']}")
            key = f"minutes_day_{minutes['minutes_id']}"
            if leave.button(context.say("minutes.show_day"), key=key, type="tertiary"):
                go_to_date(minutes["held_on"])
            if minutes["note"] and _is_open(context, look, minutes):
                st.text(minutes["note"])
            for decision in minutes["decisions"]:
                _show_decision(context, decision, owners)


def _show_decision(context: Context, decision: Mapping[str, Any], owners: Owners) -> None:
    """Draw a decision with the state of its task; who does it only where `owners` tells."""
    sign, state = _describe_state(context, decision)
    owner = owners.get(decision["task_id"])
    with st.container(gap=None):
        st.text(f"{sign} {context.set_beside((decision['name'], decision['text']))}")
        st.caption(context.set_beside((state, owner)))


def _describe_state(context: Context, decision: Mapping[str, Any]) -> tuple[str, str]:
    """Return the sign and the words of a task that is done, open or overdue."""
    if decision["done_on"] is not None:
        day = context.write_date(decision["done_on"])
        return "✔", context.say("minutes.done", day=day)
    today, due_on = date.today(), decision["due_on"]
    sign = "⚠" if due_on is not None and due_on < today else "○"
    return sign, write_due(context, due_on, today)
