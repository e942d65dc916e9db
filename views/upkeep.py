"""Looking after the data, for administrators, on the page 監査: backups, what is kept, erasing."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Final

import streamlit as st

from access.keepsakes import collect_keepsakes
from graph.backup.daily import State, back_up, read_state, take_turn
from graph.backup.erasure import complete_erasure
from graph.backup.errors import BackupError
from graph.backup.keys import open_keyring
from graph.backup.making import choose_backup_dir, list_backups
from graph.engine import server
from graph.engine.report import ServerError
from graph.folders import choose_data_dir
from graph.retention import BACKUPS_KEPT, RULES, Rule, read_days
from graph.rights import Unrecorded
from graph.store import Store, StoreError
from graph.store.erasing import Erasure
from views.frame import Context
from views.progress import show_progress
from views.tables import draw_table

_SAID: Final = "_upkeep_said"
_FOUND: Final = "_upkeep_found"
_MADE: Final = "_upkeep_made"
_ROUND: Final = "_upkeep_round"
"""Counts erasures: the field for the next one is a new, empty one."""

_ASKED: Final = "_upkeep_asked"
"""Counts previews: who was sure of one is not yet sure of the next."""


def show_upkeep(context: Context) -> None:
    """Show how old the last backup is, what is kept how long, and how a client is erased."""
    with st.expander(context.say("upkeep.backups"), icon=":material/backup:"):
        _show_backups(context)
    with st.expander(context.say("upkeep.erasing"), icon=":material/delete_forever:"):
        _show_rules(context)
        _show_erasing(context)
        _show_completing(context)


def _show_backups(context: Context) -> None:
    data_dir = choose_data_dir()
    _show_state(context, read_state(data_dir))
    folder = choose_backup_dir(data_dir)
    found = list_backups(folder)
    if found:
        checks = {one.check for one in found[:7]}
        words = context.say(f"backup.check.{'restored' if 'restored' in checks else 'read'}")
        st.caption(context.say("upkeep.folder", count=len(found), folder=folder, check=words))
    if not open_keyring(data_dir).has_recovery:
        st.warning(context.say("backup.no_recovery"), icon=":material/key:")
    if st.button(context.say("upkeep.back_up"), key="upkeep_back_up"):
        _back_up(context)
    if said := st.session_state.pop(_MADE, None):
        st.success(said, icon=":material/check:")


def _show_state(context: Context, state: State | None) -> None:
    if state is None or not state.good_at:
        st.warning(context.say("backup.none"), icon=":material/warning:")
    else:
        made = datetime.fromisoformat(state.good_at).astimezone()
        days = (datetime.now().astimezone() - made).days
        words = context.say("upkeep.last", at=context.voice.write_time(made), days=days)
        st.text(words)
    if state is not None and state.code:
        said = context.say(state.code, folder=state.folder, file=state.file)
        st.error(f"{context.say('upkeep.last_failed')} {said}", icon=":material/error:")


def _back_up(context: Context) -> None:
    data_dir = choose_data_dir()
    try:
        context.actor.note("backup", "graph", None)
        with show_progress(context.say("backup.making")) as advance, take_turn(data_dir):
            made = context.use(
                lambda store: back_up(
                    store, data_dir, partial(collect_keepsakes, data_dir), advance
                )
            )
    except (BackupError, StoreError, ServerError, Unrecorded) as error:
        _say_error(context, error)
    else:
        st.session_state[_MADE] = context.say("upkeep.backed_up", nodes=made.nodes)
        st.rerun()


def _show_rules(context: Context) -> None:
    header = [context.say(f"upkeep.column.{name}") for name in ("what", "kept", "setting")]
    rows = [
        [context.say(f"upkeep.keep.{rule.kind}"), _write_rule(context, rule), rule.setting or ""]
        for rule in RULES
    ]
    caption = context.say("upkeep.erasing")
    st.html(draw_table(header, rows, caption=caption, whole=[0, 2]))


def _write_rule(context: Context, rule: Rule) -> str:
    if rule.kind == "backups":
        daily, weekly, monthly = BACKUPS_KEPT
        return context.say("upkeep.rotation", daily=daily, weekly=weekly, monthly=monthly)
    return context.say(f"upkeep.how.{rule.how}", days=read_days(rule))


def _show_erasing(context: Context) -> None:
    if said := st.session_state.pop(_SAID, None):
        st.success(said, icon=":material/check:")
    key = f"upkeep_client_{st.session_state.get(_ROUND, 0)}"
    with st.form("upkeep_erase", border=False, width=480):
        client = st.text_input(context.say("erase.client"), type="password", key=key)
        asked = st.form_submit_button(context.say("upkeep.preview"))
    if asked and client.strip():
        _survey(context, client.strip())
    found: tuple[str, Erasure] | None = st.session_state.get(_FOUND)
    if found is not None and found[0] == client.strip():
        _confirm(context, *found)


def _survey(context: Context, client: str) -> None:
    st.session_state.pop(_FOUND, None)
    st.session_state[_ASKED] = st.session_state.get(_ASKED, 0) + 1
    try:
        found = context.use(lambda store: store.survey_erasure(client))
    except StoreError as error:
        st.error(context.say(error.code), icon=":material/error:")
        return
    if found.is_nothing:
        st.info(context.say("erase.nobody"))
    else:
        st.session_state[_FOUND] = (client, found)


def _confirm(context: Context, client: str, found: Erasure) -> None:
    st.warning(_write_counts(context, "erase.preview", found), icon=":material/warning:")
    sure = st.checkbox(context.say("upkeep.sure"), key=f"upkeep_sure_{st.session_state[_ASKED]}")
    if st.button(context.say("upkeep.erase"), disabled=not sure, key="upkeep_erase_now"):
        try:
            erased = context.use(lambda store: store.erase_client(client))
        except StoreError as error:
            st.error(context.say(error.code), icon=":material/error:")
            return
        st.session_state.pop(_FOUND, None)
        st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
        st.session_state[_SAID] = _write_counts(context, "erase.done", erased)
        st.rerun()


def _write_counts(context: Context, key: str, counts: Erasure) -> str:
    return context.say(key, **asdict(counts))


def _show_completing(context: Context) -> None:
    """Offer the complete erasure while there is something erased that files still hold."""
    columns = ("erasure_id", "completed_at")
    try:
        rows = context.use(lambda store: store.list_nodes("Erasure", columns))
    except StoreError:  # the frame says that the database is away
        return
    waiting = sum(1 for row in rows if row["completed_at"] is None)
    if not waiting:
        return
    st.markdown(f"**{context.say('upkeep.waiting', count=waiting)}**")
    if server.read_external() is not None:
        st.info(context.say("erase.not_bundled"))
        return
    st.caption(context.say("erase.complete_about"))
    if st.button(context.say("upkeep.complete"), key="upkeep_complete"):
        _complete(context)


def _complete(context: Context) -> None:
    data_dir = choose_data_dir()
    try:
        context.use(_require_administrator)
        context.actor.note("erase", "complete", None)
        with show_progress(context.say("erase.completing")) as advance, take_turn(data_dir):
            done = complete_erasure(data_dir, partial(collect_keepsakes, data_dir), advance)
    except (BackupError, StoreError, ServerError, Unrecorded) as error:
        _say_error(context, error)
    else:
        st.success(
            context.say("erase.completed", wiped=done.wiped, file=done.backup.path.name),
            icon=":material/check:",
        )


def _require_administrator(store: Store) -> None:
    store.demand("administer")


def _say_error(
    context: Context, error: BackupError | StoreError | ServerError | Unrecorded
) -> None:
    if isinstance(error, Unrecorded):
        st.error(context.say("store.not_recorded"), icon="🔒")
        return
    values = error.values if isinstance(error, BackupError | ServerError) else {}
    st.error(context.say(error.code, **values), icon=":material/error:")
