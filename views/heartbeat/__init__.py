"""The browser's own look at the app: says within seconds that something is away, without a click.

A script in the page asks the gate's `/healthz`. It is cheap where a rerun of every open page would
not be, it speaks although the app itself may be gone, and it leaves the page as it stands. What the
app draws while the database is away (`views.frame.show_database_state`) says the rest.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from texts import Language, say

_SCRIPT: Final = Path(__file__).parent / "component.js"
_STYLE: Final = (
    "<style>[data-testid=stLayoutWrapper]:has(>.st-key-heartbeat)"
    "{position:absolute;width:0;height:0;overflow:hidden}</style>"
)


SAID: Final = "database_away"
"""Key of the container in which the app says it; the browser then need not."""


def watch_from_browser(language: Language) -> None:
    """Let the browser watch from this run on."""
    time = f"{datetime.now().astimezone():%H:%M}"
    words = {state: say(f"app.browser.{state}", language, time=time) for state in ("away", "gone")}
    with st.container(key="heartbeat"):
        st.html(_STYLE)
        _renderer()(key="heartbeat_script", data={"words": words, "said": f"st-key-{SAID}"})


@cache
def _renderer() -> ComponentRenderer:
    return st.components.v2.component(
        "tsunagi_heartbeat",
        html='<span class="heartbeat"></span>',
        js=_SCRIPT.read_text(encoding="utf-8"),
    )
