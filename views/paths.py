"""The page 紹介の道筋: how clients came until now, and by which chains they could come."""

from __future__ import annotations

import streamlit as st

from graph.pictures import path_picture
from views import possible_paths, recorded_paths, tables
from views.frame import Context


def show(context: Context) -> None:
    """Draw the page; only the tab that is open asks the database."""
    st.html(path_picture.STYLE)
    st.html(tables.STYLE)
    recorded, possible = st.tabs(
        [context.say("paths.tab.recorded"), context.say("paths.tab.possible")],
        key="tab",
        bind="query-params",
        on_change="rerun",
    )
    with recorded:
        if recorded.open:
            recorded_paths.show(context)
    with possible:
        if possible.open:
            possible_paths.show(context)
