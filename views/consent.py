"""What pages say of agencies without consent, and the way to look at one client all the same.

Overriding holds for one client in one view while it stays on the screen. It is kept in the session,
never in the address, and every question that is asked with it goes on record with its reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from loaders.privacy import list_personal_kinds
from views.frame import Context

LONGEST_REASON: Final = 200
_KEY: Final = "_consent_override"


@dataclass(frozen=True, slots=True)
class Override:
    """Whose agencies are shown without consent, in which view, and why."""

    view: str
    client_id: str
    reason: str

    def ask(self) -> dict[str, str]:
        """Return the parameters of a question that shows them."""
        return {"override": self.client_id, "reason": self.reason}


def find_override(view: str) -> Override | None:
    """Return what is overridden in the view; call it once a run, before `show_override`.

    The button that ends it is drawn by every run of the view; once it is gone from the session the
    view was left, and what was overridden ends.
    """
    kept: tuple[Override, bool] | None = st.session_state.get(_KEY)
    if kept is None or kept[0].view != view:
        return None
    override, is_new = kept
    if not is_new and _name_end(view) not in st.session_state:
        del st.session_state[_KEY]
        return None
    st.session_state[_KEY] = (override, False)
    return override


def show_withheld(
    context: Context, view: str, clients: Sequence[str], override: Override | None
) -> None:
    """Say what is withheld and why; offer who may to look at one of `clients` all the same."""
    if override is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning(context.mark("consent.overridden", client=override.client_id), icon="⚠️")
            if st.button(context.say("consent.end_override"), key=_name_end(view)):
                del st.session_state[_KEY]
                st.rerun()
    if not clients:
        return
    st.caption(context.say("consent.rule"))
    if context.may("override_consent") and override is None:
        with st.popover(context.say("consent.override"), icon=":material/visibility:"):
            _ask_reason(context, view, clients)


def say_withheld(context: Context, count: int) -> str:
    """Return how many agencies are withheld; "" for none."""
    return context.say("consent.withheld", count=count) if count else ""


def _ask_reason(context: Context, view: str, clients: Sequence[str]) -> None:
    st.write(context.say("consent.override_about"))
    client = st.selectbox(
        context.say("consent.label.client_id"), list(dict.fromkeys(clients)), key=f"{_KEY}_who"
    )
    reason = st.text_area(
        context.say("consent.label.reason"),
        max_chars=LONGEST_REASON,
        help=context.say("consent.reason_help"),
        key=f"{_KEY}_why",
    )
    if not st.button(context.say("consent.override_now"), type="primary", key=f"{_KEY}_now"):
        return
    if trouble := find_trouble(context, reason):
        st.error(trouble)
        return
    st.session_state[_KEY] = (Override(view, client, reason), True)
    st.rerun()


def find_trouble(context: Context, reason: str) -> str:
    """Return what is wrong with a reason: there is none, or it may point to a person; else ""."""
    if not reason.strip():
        return context.say("queries.no_reason")
    if kinds := list_personal_kinds(reason):
        words = "、".join(context.say(f"record.doubt.{kind}") for kind in kinds)
        return context.say("consent.reason_personal", kinds=words)
    return ""


def _name_end(view: str) -> str:
    return f"consent_end_{view}"
