"""The entry of the app: page settings, language, navigation."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from graph.rights import Right
from views import (
    audit,
    contacts,
    ecomap,
    frame,
    gaps,
    nearby,
    network,
    paths,
    record,
    report,
    upload,
)
from views.frame import Context

# Page → what shows it, and the right without which it is not offered.
PAGES: dict[str, tuple[Callable[[Context], None], Right]] = {
    "ecomap": (ecomap.show, "see_network"),
    "network": (network.show, "see_network"),
    "gaps": (gaps.show, "see_network"),
    "paths": (paths.show, "see_statistics"),
    "nearby": (nearby.show, "see_network"),
    "contacts": (contacts.show, "plan"),
    "report": (report.show, "see_statistics"),
    "record": (record.show, "record"),
    "upload": (upload.show, "load"),
    "audit": (audit.show, "administer"),
}


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
