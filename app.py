"""The entry of the app: page settings, who looks, language, navigation."""

from functools import partial

import streamlit as st

from views import frame
from views.pages import PAGES


def main() -> None:
    """Draw the frame and the chosen page."""
    st.set_page_config(page_title="つなぎ", page_icon="🕸️", layout="wide")
    context = frame.choose_context()
    pages = [
        st.Page(
            partial(show, context),
            title=context.say(f"app.page.{name}"),
            url_path=name,
            default=name == "ecomap",
        )
        for name, (show, right) in PAGES.items()
        if context.may(right)
    ]
    page = st.navigation(pages, position="top")
    frame.run_page(page.run, context, page.url_path or "ecomap")


main()
