"""The entry of the app: page settings, language, navigation."""

from functools import partial

import streamlit as st

from views import contacts, ecomap, frame, gaps, nearby, network, paths, record, report, upload

PAGES = {
    "ecomap": ecomap.show,
    "network": network.show,
    "gaps": gaps.show,
    "paths": paths.show,
    "nearby": nearby.show,
    "contacts": contacts.show,
    "report": report.show,
    "record": record.show,
    "upload": upload.show,
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
        for name, show in PAGES.items()
    ]
    frame.run_page(st.navigation(pages, position="top").run, context)


main()
