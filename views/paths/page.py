"""The page 紹介の道筋: how clients came until now, and by which chains they could come."""

from __future__ import annotations

from typing import Final

import streamlit as st

from graph.pictures import path_picture
from views import tables
from views.frame import Context, read_choice, write_choice
from views.paths import flows, introductions, loop, possible, recorded

_DRAW: Final = {
    "recorded": recorded.show,
    "possible": possible.show,
    "introductions": introductions.show,
    "loop": loop.show,
    "flows": flows.show,
}
TABS: Final = tuple(_DRAW)


def show(context: Context) -> None:
    """Draw the page; only the tab that is open asks the database."""
    st.html(path_picture.STYLE)
    st.html(tables.STYLE)
    names = {name: context.say(f"paths.tab.{name}") for name in TABS}
    opened = read_choice("tab", TABS, TABS[0])
    tabs = st.tabs(list(names.values()), default=names[opened], key="tab", on_change="rerun")
    for (name, draw), tab in zip(_DRAW.items(), tabs, strict=True):
        if tab.open:
            write_choice("tab", name, TABS[0])
            with tab:
                draw(context)
