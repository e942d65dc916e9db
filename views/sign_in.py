"""Who looks at the page: found anew at every run, so that a change of an account counts at once."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Final, NoReturn

import streamlit as st

from access.entry import ALONE, open_access, put_on_record
from access.gate import COOKIE, SIGN_IN, SIGN_OUT
from access.register import Account, Register
from graph.rights import RIGHTS, Actor, Right, Unrecorded, add_up
from texts import Language, say

ANEW_AFTER_S: Final = 60.0
_NOTED: Final = "_noted"
_ENTERED: Final = "_entered"


def find_actor(language: Language) -> Actor:
    """Return who looks; a page of somebody without an account ends here with a sentence."""
    access, register = open_access()
    if access.mode == "open":
        return _make_actor(ALONE, RIGHTS)
    if access.mode == "local":
        account = _find_local(register, language)
    else:
        account = _find_by_provider(register, language)
    return _make_actor(account.name, add_up(account.roles))


def _make_actor(name: str, rights: frozenset[Right]) -> Actor:
    """Return who looks; that a page is drawn again within a minute is not seen anew."""
    recording = put_on_record(name, rights)

    def note(action: str, subject: str, client: str | None) -> None:
        noted: dict[tuple[str, str, str | None], float] = st.session_state.setdefault(_NOTED, {})
        key, now = (action, subject, client), time.monotonic()
        if action in {"view", "ask"} and now - noted.get(key, -ANEW_AFTER_S) < ANEW_AFTER_S:
            return
        recording.note(action, subject, client)
        noted[key] = now

    return Actor(name, rights, note)


def show_who(actor: Actor, language: Language) -> None:
    """Say in a line who looks and, where there is a sign-in, offer the way out."""
    access, _ = open_access()
    if access.mode == "open":
        st.caption(say("access.open", language), help=say("access.open_help", language))
    elif access.mode == "local":
        who, way_out = (
            say("access.signed_in", language, name=actor.name),
            say("access.sign_out", language),
        )
        st.link_button(f"{who} · {way_out}", SIGN_OUT, type="tertiary")
    else:
        st.caption(say("access.signed_in", language, name=actor.name))
        st.button(say("access.sign_out", language), on_click=_leave, args=(actor.name,))


def _find_local(register: Register, language: Language) -> Account:
    account = register.find_session(st.context.cookies.get(COOKIE, ""))
    if account is None:
        st.warning(say("access.ended", language), icon="🔒")
        st.link_button(say("access.sign_in", language), SIGN_IN)
        st.stop()
    return account


def _find_by_provider(register: Register, language: Language) -> Account:
    if not st.user.is_logged_in:
        st.button(say("access.sign_in", language), on_click=st.login, type="primary")
        st.stop()
    name = str(st.user.get("email") or "")
    account = register.find_account(name)
    # A provider that lets people write any address says so; then the address proves nothing.
    if account is None or not st.user.get("email_verified", True):
        _refuse(name, account, language)
    _record_entry("sign_in", account.name, language)
    return account


def _refuse(name: str, account: Account | None, language: Language) -> NoReturn:
    # As at the gate: of a name that is none it is not known what it is.
    _record_entry("sign_in_refused", account.name if account else "?", language)
    st.error(say("access.not_allowed", language, name=name), icon="🔒")
    st.button(say("access.sign_out", language), on_click=st.logout)
    st.stop()


def _record_entry(action: str, name: str, language: Language) -> None:
    """Put on record, once a session, that somebody came in by the provider or was refused.

    The provider sends people to no page of ours but this one, so that the first run of a session
    is what the gate's form is to a local sign-in. Who cannot be recorded sees nothing.
    """
    if st.session_state.get(_ENTERED) == (action, name):
        return
    try:
        put_on_record(name, frozenset()).note(action, "", None)
    except Unrecorded:
        st.error(say("store.not_recorded", language), icon="🔒")
        st.stop()
    st.session_state[_ENTERED] = (action, name)


def _leave(name: str) -> None:
    st.session_state.pop(_ENTERED, None)
    with suppress(Unrecorded):  # who wants out is let out
        put_on_record(name, frozenset()).note("sign_out", "", None)
    st.logout()
