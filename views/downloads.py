"""Files taken out of the app: offered to who may, made and put on record when they are pressed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st

from views.frame import Context


def offer_download(
    context: Context,
    label: str,
    make: Callable[[], str | bytes],
    file_name: str,
    mime: str,
    *,
    key: str | None = None,
    disabled: bool = False,
    caption: str | None = None,
    icon: str | None = None,
    width: Literal["content", "stretch"] = "content",
) -> None:
    """Draw the button that downloads what `make` returns; nothing for who may not export.

    What cannot be put on record is not made: the browser then says that the download failed.
    `caption` is the words that explain the file when the pointer rests on the button.
    """
    if not context.may("export"):
        return

    def hand_out() -> str | bytes:
        context.actor.note("export", file_name, None)
        return make()

    st.download_button(
        label,
        hand_out,
        file_name,
        mime,
        key=key,
        help=caption,
        icon=icon,
        on_click="ignore",
        disabled=disabled,
        width=width,
    )
