"""The page 紹介の道筋: how clients came until now, and by which chains they could come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from graph.pictures import path_picture
from graph.rights import Right
from views import tables
from views.frame import Context, read_choice, write_choice
from views.paths import flows, introductions, loop, possible, recorded

# What each tab shows demands a right; who has it not is not offered the tab.
_DRAW: Final[Mapping[str, tuple[Callable[[Context], None], Right]]] = {
    "recorded": (recorded.show, "see_clients"),
    "possible": (possible.show, "see_statistics"),
    "introductions": (introductions.show, "see_people"),
    "loop": (loop.show, "see_clients"),
    "flows": (flows.show, "see_statistics"),
}


def show(context: Context) -> None:
    """Draw the page; only the tab that is open asks the database."""
    st.html(path_picture.STYLE)
    st.html(tables.STYLE)
    offered = {name: draw for name, (draw, right) in _DRAW.items() if context.may(right)}
    if not offered:
        st.info(context.say("paths.nothing_allowed"))
        return
    names = {name: context.say(f"paths.tab.{name}") for name in offered}
    first = next(iter(names))
    opened = read_choice("tab", names, first)
    tabs = st.tabs(list(names.values()), default=names[opened], key="tab", on_change="rerun")
    for (name, draw), tab in zip(offered.items(), tabs, strict=True):
        if tab.open:
            write_choice("tab", name, first)
            with tab:
                draw(context)
