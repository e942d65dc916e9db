"""Contacts planned: made with one press, overdue first, done with a result that is recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import streamlit as st

from graph.store import Row
from graph.vocabulary import EVENT_KINDS
from loaders.tasks import close_task, mend_task, open_task, stand_task
from views.frame import FIRST_DAY, LAST_DAY, Context
from views.record.saving import Opening, open_form, save, show_clash, show_saved

RESULTS: Final = ("contacted", "explained", "support_started", "remark", "declined")
"""The kinds of event that the result of a contact may be."""

FIRST_TERM: Final = timedelta(days=14)
_LONGEST: Final = 2_000

Task = Mapping[str, Any]


def show_tasks(context: Context, ranked: Sequence[Row]) -> None:
    """Draw the tasks, and the choice of one more among the `ranked` agencies."""
    st.subheader(context.say("tasks.title"))
    show_saved(context)
    tasks = list_tasks(context.ask("contact_tasks", facility_id=context.facility_id))
    waiting = [task for task in tasks if task["done_on"] is None]
    if not waiting:
        st.caption(context.say("tasks.empty"))
    for task in waiting:
        _show_task(context, task, date.today())
    _show_done(context, [task for task in tasks if task["done_on"] is not None])
    if ranked:
        _show_addition(context, {row["organization_id"]: row["name"] for row in ranked})


def list_tasks(rows: Sequence[Row]) -> list[Task]:
    """Return the tasks of all agencies by due day, so that overdue ones come first.

    Each also tells its agency's `organization_id` and `name`.
    """
    tasks = [
        {**task, "organization_id": row["organization_id"], "name": row["name"]}
        for row in rows
        for task in row["tasks"]
    ]
    return sorted(tasks, key=lambda task: (task["due_on"] or date.max, task["task_id"]))


def write_due(context: Context, due_on: date | None, today: date) -> str:
    """Return until when, or by how much that is over; "" when no day is set."""
    if due_on is None:
        return ""
    day = context.write_date(due_on)
    if due_on < today:
        return context.say("tasks.overdue", day=day, days=(today - due_on).days)
    return context.say("tasks.due", day=day)


def _show_task(context: Context, task: Task, today: date) -> None:
    is_overdue = task["due_on"] is not None and task["due_on"] < today
    with st.container(border=True):
        words, mend, close = st.columns([3, 1, 1], vertical_alignment="center")
        with words:
            st.text(context.set_beside((task["name"], task["text"])))
            owner = task["owner"] or context.say("tasks.nobody")
            due = write_due(context, task["due_on"], today)
            line = context.set_beside((due, owner))
            if is_overdue:
                st.error(line, icon=":material/schedule:")
            else:
                st.caption(line)
        with mend.popover(context.say("tasks.mend"), width="stretch"):
            _show_mending(context, task)
        with close.popover(context.say("tasks.close"), width="stretch"):
            _show_closing(context, task, today)


def _show_mending(context: Context, task: Task) -> None:
    opening = open_form(f"task {task['task_id']}", lambda: [dict(task)])
    show_clash(context, opening)
    read = opening.rows[0]
    with st.form(opening.key("mend"), border=False):
        cells = {
            "text": _ask(context, opening, "text", read["text"]),
            "owner": _ask(context, opening, "owner", read["owner"]),
            "due_on": _ask_day(context, opening, "due_on", read["due_on"]),
        }
        sent = st.form_submit_button(context.say("tasks.save"), type="primary")
    if sent:
        standing = stand_task(read)
        save(context, opening, mend_task(cells, _label(context, *cells), standing), [standing])


def _show_closing(context: Context, task: Task, today: date) -> None:
    opening = open_form(f"result {task['task_id']}", lambda: [dict(task)])
    show_clash(context, opening)
    st.caption(context.say("tasks.close_about"))
    kind = st.selectbox(
        context.say("tasks.label.kind"),
        RESULTS,
        format_func=lambda code: context.label(EVENT_KINDS, code),
        key=opening.key("kind"),
    )
    with st.form(opening.key("close"), border=False):
        cells: dict[str, object] = {"kind": kind}
        cells["date"] = _ask_day(context, opening, "date", today)
        if kind == "declined":
            cells["due_on"] = _ask_day(context, opening, "until", None)
        cells["text"] = _ask(context, opening, "result", "")
        sent = st.form_submit_button(context.say("tasks.save"), type="primary")
    if sent:
        standing = stand_task(opening.rows[0])
        labels = _label(context, "kind", "date", "due_on", "text")
        labels |= {name: context.say(f"tasks.label.{word}") for name, word in _OTHER_WORDS.items()}
        entry = close_task(cells, labels, standing, task["organization_id"], context.facility_id)
        save(context, opening, entry, [standing], apart=True)


_OTHER_WORDS: Final = {"text": "result", "due_on": "until"}


def _show_done(context: Context, done: Sequence[Task]) -> None:
    if not done:
        return
    with st.expander(context.say("tasks.done", count=len(done))):
        for task in reversed(done):
            st.text(context.set_beside((context.write_date(task["done_on"]), task["name"])))


def _show_addition(context: Context, names: Mapping[str, str]) -> None:
    opening = open_form("task", list)
    show_clash(context, opening)
    choice, press = st.columns([3, 1], vertical_alignment="bottom")
    organization_id = choice.selectbox(
        context.say("tasks.agency"),
        list(names),
        format_func=lambda key: names.get(key, ""),
        key=opening.key("agency"),
    )
    if not press.button(context.say("tasks.add"), key=opening.key("add"), width="stretch"):
        return
    cells = {
        "text": context.say("tasks.first_text"),
        "created_on": date.today(),
        "due_on": date.today() + FIRST_TERM,
    }
    labels = _label(context, "text", "due_on")
    save(context, opening, open_task(cells, labels, organization_id, context.facility_id))


def _ask(context: Context, opening: Opening, name: str, value: str | None) -> str:
    return st.text_input(
        context.say(f"tasks.label.{name}"),
        value=value or "",
        max_chars=_LONGEST,
        key=opening.key(name),
    )


def _ask_day(context: Context, opening: Opening, name: str, value: date | None) -> date | None:
    return st.date_input(
        context.say(f"tasks.label.{name}"),
        value=value,
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
        format="YYYY/MM/DD",
        key=opening.key(name),
    )


def _label(context: Context, *columns: str) -> dict[str, str]:
    return {name: context.say(f"tasks.label.{name}") for name in columns} | {"created_on": ""}
