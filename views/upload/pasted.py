"""A table pasted from a spreadsheet instead of a file: read, asked about and loaded as one."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from views.frame import Context


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was pasted, under a name and with the bytes that a file would have."""

    name: str
    text: str

    def getvalue(self) -> bytes:
        """Return it as a file of cells with tabs between them, as spreadsheets copy them."""
        return self.text.encode()


def ask_pasted(context: Context, turn: int) -> Pasted | None:
    """Draw the field to paste into; None while it is empty. Another `turn` is an empty field."""
    with st.expander(context.say("upload.paste.title"), icon=":material/content_paste:"):
        text = st.text_area(
            context.say("upload.paste.label"),
            key=f"upload_pasted_{turn}",
            height=160,
            placeholder=context.say("upload.paste.example"),
            help=context.say("upload.paste.help"),
        )
    return Pasted(context.say("upload.paste.name"), text) if text and text.strip() else None
