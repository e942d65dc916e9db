"""The ecomap on screen: shows the SVG, sends clicks and keys back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, cast, get_args

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from texts import DEFAULT_LANGUAGE, Language, say

Command = Literal[
    "select", "clear", "previous", "next", "difference", "present", "next_view", "previous_view",
    "save_svg", "save_png", "print", "save_xlsx", "save_html", "save_graphml", "save_gexf",
    "save_kumu",
]  # fmt: skip

_COMMANDS: Final[tuple[Command, ...]] = get_args(Command)
_FOLDER: Final = Path(__file__).parent
_HTML: Final = (
    '<div class="ecomap-frame"><div class="stage"></div><div class="slide" hidden></div>'
    '<div class="keys" role="group"></div><div class="tools"></div>'
    '<div class="said" role="status"></div></div>'
)
_WORDS: Final = (
    "full_screen", "leave_full_screen", "save_svg", "save_png", "print",
    "save_xlsx", "save_html", "save_graphml", "save_gexf", "save_kumu", "legend", "selected",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EcomapClick:
    """What the person just did on the picture; only "select" names an organization."""

    command: Command
    organization_id: str | None = None


def show_ecomap(
    svg: str,
    *,
    selected: str | None = None,
    key: str,
    language: Language = DEFAULT_LANGUAGE,
    file_name: str = "ecomap",
    presenting: bool = False,
    slide: str | None = None,
    on_path: bool = False,
    saving: bool = True,
    letters: bool = True,
    file: Mapping[str, object] | None = None,
    on_done: Callable[[], None] | None = None,
) -> EcomapClick | None:
    """Show the picture and return what was just done on it, None when nothing was.

    A click or Enter on an agency or a centre gives "select", Esc "clear", ← "previous",
    → "next", D "difference", P "present". While presenting, PageDown and N give "next_view",
    PageUp and B "previous_view", and Esc with nothing to clear "present". S gives "save_svg" and I
    "save_png"; the picture leaves when the next run hands it out as `file`. F (full screen) and the
    legend's dimming happen in the browser alone.

    Args:
        svg: the text of `draw_ecomap`; put into the page as it is, so nothing else may come here.
        selected: organization id drawn as selected.
        key: the element's key, unique on the page.
        language: of the buttons.
        file_name: of the downloads, without its ending.
        presenting: only the picture is on the wall.
        saving: files may be taken out. The buttons of the files that are made here stand in
            full screen only and give "save_xlsx" and the like.
        letters: keys that are letters count; without, only the others do (WCAG 2.1.4).
        file: what leaves now: number (another one for each) and kind ("svg", "png", "print" of
            the picture), or of a file number, name, mime and content in base64.
        on_path: a path is drawn; Esc with nothing else to clear gives "clear".
        slide: title and number of the saved view shown, over the picture while presenting.
        on_done: called before the page runs again; `find_click` tells it what was done.
    """
    words = {word: say(f"ecomap.tool.{word}", language, name="{name}") for word in _WORDS}
    result = _renderer()(
        key=key,
        data={
            "svg": svg,
            "selected": selected,
            "words": words,
            "file_name": file_name,
            "presenting": presenting,
            "slide": slide,
            "on_path": on_path,
            "saving": saving,
            "letters": letters,
            "file": file,
        },
        on_done_change=on_done or _ignore,
    )
    return read_click(cast("object", result.get("done")))


def find_click(key: str) -> EcomapClick | None:
    """Return what was just done on the picture of this key, before the page runs again."""
    result = st.session_state.get(key)
    return read_click(result.get("done")) if isinstance(result, Mapping) else None


def read_click(done: object) -> EcomapClick | None:
    """Read what the browser sent; None for nothing and for what is not ours."""
    if not isinstance(done, Mapping):
        return None
    agency = done.get("agency")
    command = next((known for known in _COMMANDS if known == done.get("command")), None)
    if command is None:
        return None
    if command != "select":
        return EcomapClick(command)
    return EcomapClick(command, agency) if isinstance(agency, str) and agency else None


@cache
def _renderer() -> ComponentRenderer:
    return st.components.v2.component(
        "tsunagi_ecomap",
        html=_HTML,
        css=(_FOLDER / "component.css").read_text(encoding="utf-8"),
        js=(_FOLDER / "component.js").read_text(encoding="utf-8"),
    )


def _ignore() -> None:
    """Stand in for a callback: a named trigger makes the result carry it."""
