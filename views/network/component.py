"""The network on screen: shows the picture, sends the agency that was clicked back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from graph.pictures.network import NetworkPicture, read_library, read_script
from texts import DEFAULT_LANGUAGE, Language, say

_FOLDER: Final = Path(__file__).parent
_HTML: Final = (
    '<div class="network-frame"><div class="tools"></div><div class="stage"></div>'
    '<div class="legend"></div></div>'
)
_WORDS: Final = ("whole", "nearer", "farther", "full_screen")
_LIBRARY_MODULE: Final = """
document.dispatchEvent(new Event("tsunagi-vis-ready"));
export default function () {}
"""


def show_network(
    picture: NetworkPicture,
    *,
    centre: str | None = None,
    surroundings: bool = False,
    key: str,
    language: Language = DEFAULT_LANGUAGE,
    on_choose: Callable[[], None],
) -> None:
    """Show the picture; a click runs `on_choose`, which asks `read_click` who it was.

    The same picture is sent to a browser once, however many clicks it gets, and the library once
    a session: Streamlit sends a message that the browser has already by its hash alone.

    Args:
        picture: as made by `make_network_picture`; its legend is put in as it is.
        centre: organization id to bring to the middle, when it changes.
        surroundings: the picture is that of the surroundings of `centre`: nothing moves.
        key: the element's key, unique on the page.
        language: of the buttons.
        on_choose: called before the page runs again.
    """
    words = {word: say(f"network.tool.{word}", language) for word in _WORDS}
    _renderer()(
        key=key,
        data={
            "picture": picture.as_data(),
            "centre": centre,
            "surroundings": surroundings,
            "words": words,
        },
        on_agency_change=on_choose,
    )
    _library_renderer()(key=f"{key}_library")


def read_click(key: str) -> str | None:
    """Return the organization id clicked last; None for a click beside all, or none yet."""
    result = st.session_state.get(key)
    agency = result.get("agency") if isinstance(result, Mapping) else None
    return agency if isinstance(agency, str) and agency else None


@cache
def _renderer() -> ComponentRenderer:
    return st.components.v2.component(
        "tsunagi_network",
        html=_HTML,
        css=(_FOLDER / "component.css").read_text(encoding="utf-8"),
        js=read_script() + (_FOLDER / "component.js").read_text(encoding="utf-8"),
    )


@cache
def _library_renderer() -> ComponentRenderer:
    # Apart from the picture: another filter sends another picture, but not half a megabyte more.
    return st.components.v2.component("tsunagi_vis", js=read_library() + _LIBRARY_MODULE)
