"""The page 監査: who saw, changed and took out what, and whether the log is whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, get_args

import streamlit as st

from access.entry import open_journal
from access.journal import Action, Entry, Journal
from graph.rights import Unrecorded
from texts import read_catalogue
from views import tables
from views.frame import Context
from views.health import show_health
from views.undo import name_actor
from views.upkeep import show_upkeep

SHOWN: Final = 200
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)


def show(context: Context) -> None:
    """Show the newest lines of the log, narrowed by who, what and which client."""
    journal = open_journal()
    entries, broken = journal.look()
    st.html(tables.STYLE)
    _show_state(context, journal, len(entries), broken)
    show_health(context)
    show_upkeep(context)
    found = _narrow(context, journal, entries)
    st.caption(context.say("audit.count", shown=min(len(found), SHOWN), found=len(found)))
    names = {row["organization_id"]: row["name"] for row in context.ask("ecomap_facilities")}
    rows = [_write_row(context, entry, names) for entry in found[::-1][:SHOWN]]
    caption = context.say("app.page.audit")
    st.html(
        tables.draw_table(
            _name_columns(context), rows, caption=caption, numbers=[0], whole=[1, 2, 3]
        )
    )


def narrow_entries(
    entries: Sequence[Entry], actor: str | None, action: str | None, words: str
) -> list[Entry]:
    """Return the entries of `actor`, of the kind `action`, whose subject holds `words`.

    None and "" narrow nothing.
    """
    return [
        entry
        for entry in entries
        if actor in {None, entry.actor}
        and action in {None, entry.action}
        and words in entry.subject
    ]


def _show_state(context: Context, journal: Journal, count: int, broken: int | None) -> None:
    if broken is not None:
        st.error(context.say("audit.broken", number=broken), icon="⚠️")
    elif count:
        st.success(context.say("audit.whole", count=count))
    if seal := journal.read_seal():
        st.caption(context.say("audit.seal", seal=seal))


def _narrow(context: Context, journal: Journal, entries: Sequence[Entry]) -> list[Entry]:
    columns = st.columns(3)
    actors = sorted({entry.actor for entry in entries})
    with columns[0]:
        actor = st.selectbox(
            context.say("audit.actor"),
            [None, *actors],
            format_func=lambda name: (
                name_actor(context, name) if name else context.say("audit.all")
            ),
        )
    with columns[1]:
        action = st.selectbox(
            context.say("audit.action"),
            [None, *ACTIONS],
            format_func=lambda code: context.say(f"audit.kind.{code}" if code else "audit.all"),
        )
    with columns[2]:
        client = st.text_input(
            context.say("audit.client"), help=context.say("audit.client_help"), type="password"
        )
    words = _disguise(context, journal, client) if client else ""
    return narrow_entries(entries, actor, action, words)


def _disguise(context: Context, journal: Journal, client: str) -> str:
    try:
        return journal.disguise(client)
    except Unrecorded:
        st.error(context.say("store.not_recorded"), icon="🔒")
        st.stop()


def _name_columns(context: Context) -> list[str]:
    return [
        context.say(f"audit.column.{name}") for name in ("number", "at", "actor", "action", "what")
    ]


def _write_row(context: Context, entry: Entry, names: Mapping[str, str]) -> list[str]:
    at = context.voice.write_time(datetime.fromisoformat(entry.at), seconds=True)
    action = context.say(f"audit.kind.{entry.action}")
    what = _name_seen(context, entry, names) if entry.action == "view" else entry.subject
    return [f"{entry.number}", at, name_actor(context, entry.actor), action, what]


def _name_seen(context: Context, entry: Entry, names: Mapping[str, str]) -> str:
    """Return in words what was looked at: a page and whose, or what was asked of the API.

    A page that this version does not have stands as it was written.
    """
    page, _, about = entry.subject.partition(" ")
    if page == "api":
        return context.say("audit.api", path=about)
    if f"app.page.{page}" not in read_catalogue():
        return entry.subject
    return context.set_beside((context.say(f"app.page.{page}"), names.get(about, about)))
