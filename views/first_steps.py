"""The first page while there is nothing to show: name the facility, bring a list, see it drawn."""

from __future__ import annotations

import streamlit as st

from graph.store import StoreError
from loaders.sample import load_sample
from views.frame import Context, show_empty
from views.open_start import offer_open_start
from views.upload.page import show_loading
from views.upload.said import FACILITY


def show_first_steps(context: Context) -> None:
    """Lead through the first load; who may not load is told who has to."""
    if not context.may("load"):
        show_empty(context, "first_steps.not_yours")
        return
    st.title(context.say("first_steps.title"))
    st.markdown(f"#### 1. {context.say('first_steps.name')}")
    st.text_input(
        context.say("first_steps.name_label"),
        key=FACILITY,
        placeholder=context.say("first_steps.name_example"),
        max_chars=100,
    )
    st.markdown(f"#### 2. {context.say('first_steps.list')}")
    st.caption(context.say("first_steps.list_about"))
    show_loading(context)
    offer_open_start(context)
    st.markdown(f"#### {context.say('first_steps.other')}")
    words, button = st.columns([4, 1], vertical_alignment="center")
    words.caption(context.say("first_steps.sample_about"))
    if button.button(context.say("first_steps.sample"), key="first_sample", width="stretch"):
        _load_sample(context)


def _load_sample(context: Context) -> None:
    with st.spinner(context.say("first_steps.loading")):
        try:
            context.use(lambda store: list(load_sample(store)))
        except StoreError as error:
            st.error(context.say(error.code))
            return
    st.rerun()
