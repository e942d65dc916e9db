"""What a page says to who does not see it: its language, its name, and its controls' names.

Streamlit serves every page as English, names its own controls in English and gives a page neither
a title of its own nor a first heading. A script in the page puts the language right and says in it
what Streamlit says; nothing of it is seen but the words of the file uploader and of the menu.
"""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from texts import Language, say

_SCRIPT: Final = Path(__file__).parent / "component.js"

# Out of sight but not `display: none`, which would hide it from a screen reader as well; and out of
# the page's column, which leaves a gap after each of its parts.
_STYLE: Final = (
    "<style>[data-testid=stLayoutWrapper]:has(>:is(.st-key-spoken,.st-key-page_name))"
    "{position:absolute;width:1px;height:1px;overflow:hidden;opacity:0;pointer-events:none}</style>"
)
_SAID: Final = (
    "skip", "pages", "menu", "print", "record_screen", "sidebar", "close_sidebar", "running",
    "stop", "open", "dismiss", "help", "help_for", "heading", "choose_date", "choose_date_in",
    "year", "month", "day", "selected_date", "previous_month", "next_month", "calendar",
    "choose_one", "choose_some", "chosen", "select_all", "remove", "clear", "clear_all",
    "nothing_found", "nothing_to_choose", "options", "show_password", "hide_password",
    "upload", "file_upload", "drop", "drop_some", "size", "columns", "search", "add_row",
    "delete_rows", "clear_selection", "full_screen", "full_screen_of", "leave_full_screen",
)  # fmt: skip


def speak_language(language: Language) -> None:
    """Give the page its language, and Streamlit's own controls their names in it."""
    with st.container(key="spoken"):
        st.html(_STYLE)
        words = [] if language == "en" else list_words(language)
        _renderer()(key="spoken_script", data={"language": language, "words": words})


def list_words(language: Language) -> list[tuple[str, str]]:
    """Return pairs: what Streamlit says, and what is said in `language` in its place.

    "{name}" stands in both for the same text.
    """
    return [
        (say(f"spoken.{key}", "en", name="{name}"), say(f"spoken.{key}", language, name="{name}"))
        for key in _SAID
    ]


def name_page(name: str) -> None:
    """Give the page its title in the browser and its first heading, which is heard, not seen."""
    st.set_page_config(page_title=f"{name} · つなぎ")
    with st.container(key="page_name"):
        st.html(f"<h1>{escape(name)}</h1>")


@cache
def _renderer() -> ComponentRenderer:
    return st.components.v2.component(
        "tsunagi_spoken",
        html='<span class="spoken"></span>',
        js=_SCRIPT.read_text(encoding="utf-8"),
    )
