"""The state of the system for administrators: what `tsunagi check` says, on the page 監査."""

from __future__ import annotations

from typing import Final

import streamlit as st

from graph.diagnosis import Finding, Level, examine, find_worst
from graph.store import StoreError
from views.frame import Context

_FOUND: Final = "_health_found"
_ICONS: Final[dict[Level, str]] = {
    "fine": ":material/check_circle:", "warning": ":material/warning:", "error": ":material/error:",
}  # fmt: skip


def show_health(context: Context) -> None:
    """Offer the check, which takes seconds, and show what it found; nothing is changed."""
    with st.expander(context.say("check.title"), icon=":material/monitor_heart:"):
        if st.button(context.say("check.run"), key="check_run"):
            _check(context)
        for finding in st.session_state.get(_FOUND, ()):
            _show(context, finding)


def _check(context: Context) -> None:
    with st.spinner(context.say("check.running")):
        try:
            found = context.use(examine)
        except StoreError as error:
            found = [Finding("database", "error", error.code)]
    st.session_state[_FOUND] = found
    worst = find_worst(found)
    tell = {"fine": st.success, "warning": st.warning, "error": st.error}[worst]
    tell(context.say(f"check.summary.{worst}"), icon=_ICONS[worst])


def _show(context: Context, finding: Finding) -> None:
    name = context.say(f"check.subject.{finding.subject}")
    st.markdown(f"{_ICONS[finding.level]} **{name}**")
    if finding.code:
        st.text(context.say(finding.code, **finding.values))
