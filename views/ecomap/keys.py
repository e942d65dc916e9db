"""The keys of the picture: which there are, and that letters may be left out."""

from __future__ import annotations

from typing import Final

import streamlit as st

from views.frame import Context
from views.tables import draw_table

LETTERS: Final = "letter_keys"

_KEYS: Final = (
    ("← →", "day"), ("D", "difference"), ("P", "present"), ("F", "full_screen"),
    ("Enter", "select"), ("Esc", "clear"),
    ("PageUp B", "view_before"), ("PageDown N", "view_after"),
)  # fmt: skip
_SAVING: Final = (("S", "save_svg"), ("I", "save_png"))


def show_keys(context: Context, *, is_exporting: bool) -> None:
    """Draw the list of keys and the switch for letters.

    Who speaks to the machine, or rests a hand on the keys, sends letters without meaning to
    (WCAG 2.1.4).
    """
    with st.popover(context.say("ecomap_page.keys.title"), icon=":material/keyboard:"):
        keys = (*_KEYS, *(_SAVING if is_exporting else ()))
        header = [context.say(f"ecomap_page.keys.{name}") for name in ("key", "what")]
        rows = [(key, context.say(f"ecomap_page.keys.{what}")) for key, what in keys]
        st.html(draw_table(header, rows, caption=context.say("ecomap_page.keys.title"), whole=(0,)))
        st.toggle(
            context.say("ecomap_page.keys.letters"),
            True,
            key=LETTERS,
            help=context.say("ecomap_page.keys.letters_help"),
            bind="query-params",
        )


def read_letters() -> bool:
    """Say whether keys that are letters count, before the switch is drawn."""
    return bool(st.session_state.get(LETTERS, st.query_params.get(LETTERS) != "false"))
