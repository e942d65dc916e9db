"""Agencies of one's own file that may be known already: side by side, said before the load."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

import streamlit as st

from loaders.likenesses import SHOWN as COMPARED
from loaders.likenesses import Likeness
from views.frame import Context
from views.upload import pairs

MOST: Final = 30
"""Agencies asked about on one page; the others are told by number."""

_ASKED: Final = "_upload_alike"
_OTHER: Final = ""


def read_same(key: str) -> tuple[tuple[str, str], ...]:
    """Return what was said of the file `key`: (id it would bring, known id); () for nothing."""
    said: dict[str, str] = st.session_state.get(_name_answers(key), {})
    return tuple(sorted((brought, known) for brought, known in said.items() if known))


def ask_same(context: Context, key: str, alike: Sequence[Likeness]) -> None:
    """Ask of each agency that the file would bring whether it is a known one; unasked it is not.

    What was asked first stays on the page, so that an answer can be changed.
    """
    asked: dict[str, Sequence[Likeness]] = st.session_state.setdefault(_ASKED, {})
    if not read_same(key):
        asked.clear()  # of a file that is gone
        asked[key] = alike
    groups = [list(group) for _, group in groupby(asked.get(key, ()), lambda one: one.brought_id)]
    if not groups:
        return
    st.html(pairs.STYLE)
    title = context.say("upload.alike.title", count=len(groups))
    with st.expander(title, expanded=True, icon="❓"):
        st.caption(context.say("upload.alike.about"))
        for group in groups[:MOST]:
            _ask_one(context, key, group)
        if len(groups) > MOST:
            st.caption(context.say("upload.alike.more", count=len(groups) - MOST))


def _ask_one(context: Context, key: str, group: Sequence[Likeness]) -> None:
    brought = group[0].brought_id
    with st.container(border=True):
        for one in group:
            st.html(_draw(context, one))
        names = {one.known_id: str(one.known["name"]) for one in group}
        answers = {
            known: context.mark("upload.alike.same", name=name) for known, name in names.items()
        }
        answers[_OTHER] = context.say("upload.alike.different")
        widget = f"upload_same_{key}_{brought}"
        st.radio(
            context.say("upload.alike.question"),
            list(answers),
            index=len(answers) - 1,
            format_func=answers.__getitem__,
            key=widget,
            horizontal=True,
            label_visibility="collapsed",
            on_change=_keep,
            args=(key, brought, widget),
        )


def _draw(context: Context, one: Likeness) -> str:
    source = one.source
    left = context.say("upload.alike.brought", sheet=source.sheet or "", row=source.row or "")
    titles = left.strip(), context.say("upload.review.agency")
    return pairs.draw_pair(
        context, titles, (one.brought, one.known), COMPARED, (one.reason, one.similarity)
    )


def _keep(key: str, brought: str, widget: str) -> None:
    said = st.session_state.setdefault(_name_answers(key), {})
    said[brought] = st.session_state[widget]


def _name_answers(key: str) -> str:
    return f"_upload_same_{key}"
