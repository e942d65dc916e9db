"""What a person says of headers nobody knows: which table a sheet is, what its columns are."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Final

import streamlit as st

from loaders.lettering import matching_key
from loaders.reading.headers import SHEET_KINDS, Heading, SheetKind, read_words
from loaders.workbook import SheetHeader
from views.frame import Context
from views.markdown import escape

_ASKED: Final = "_upload_asked"
_LIKE: Final = 0.5
"""Two words that share half of their letters may mean the same; it is only offered."""


def read_headings(key: str) -> tuple[Heading, ...]:
    """Return what has been said of the file `key`; () before anybody said anything."""
    said: dict[str, tuple[Heading, ...]] = st.session_state.get(f"upload_headings_{key}", {})
    return tuple(heading for headings in said.values() for heading in headings)


def ask_headings(context: Context, key: str, sheets: Sequence[SheetHeader]) -> None:
    """Ask for every sheet of the file whose kind or headers are not known.

    What was asked first stays on the page, so that an answer can be changed.
    """
    asked: dict[str, Sequence[SheetHeader]] = st.session_state.setdefault(_ASKED, {})
    if not read_headings(key):
        asked.clear()  # of a file that is gone
        asked[key] = [sheet for sheet in sheets if _is_asked(sheet)]
    for number, sheet in enumerate(asked.get(key, ())):
        _ask_sheet(context, f"{key}_{number}", key, sheet)


def name_column(context: Context, kind: SheetKind, column: str) -> str:
    """Return what people call a column in the language of the page."""
    labels = read_words()[kind].labels[column]
    if context.language == "ja":
        return labels[0]
    return next((label for label in labels if label.isascii()), column)


def suggest_column(kind: SheetKind, header: str, free: Sequence[str]) -> str | None:
    """Return the one of the columns `free` whose words are most like a header's; None when none is.

    By the share of letters in common (Ratcliff and Obershelp).
    """
    words = {
        matching_key(label): column
        for column in free
        for label in read_words()[kind].labels[column]
    }
    found = difflib.get_close_matches(matching_key(header), words, n=1, cutoff=_LIKE)
    return words[found[0]] if found else None


def _is_asked(sheet: SheetHeader) -> bool:
    return sheet.kind is None or bool(_list_unknown(sheet))


def _list_unknown(sheet: SheetHeader) -> list[int]:
    """Return the places of headers that were not understood and have something below them."""
    return [
        place
        for place, (header, column) in enumerate(zip(sheet.header, sheet.columns, strict=True))
        if header and column is None and sheet.samples[place]
    ]


def _ask_sheet(context: Context, widget: str, key: str, sheet: SheetHeader) -> None:
    title = context.say("headings.title", sheet=sheet.name, count=len(_list_unknown(sheet)))
    with st.expander(title, expanded=sheet.kind is None, icon="✏️"):
        st.caption(context.say("headings.about"))
        kind = sheet.kind or st.selectbox(
            context.say("headings.kind"),
            SHEET_KINDS,
            index=None,
            format_func=lambda kind: context.say(f"headings.sheet.{kind}"),
            placeholder=context.say("headings.kind_none"),
            key=f"upload_kind_{widget}",
        )
        if kind is not None:
            _ask_columns(context, widget, key, sheet, kind)


def _ask_columns(
    context: Context, widget: str, key: str, sheet: SheetHeader, kind: SheetKind
) -> None:
    taken = {column for column in sheet.columns if column}
    free = [column for column in read_words()[kind].columns if column not in taken]
    with st.form(f"upload_columns_{widget}", border=False):
        chosen: dict[str, str | None] = {}
        for place in _list_unknown(sheet):
            header = sheet.header[place]
            suggested = suggest_column(kind, header, free)
            words, choice = st.columns([2, 3], vertical_alignment="center")
            words.markdown(f"**{escape(header)}**")
            words.caption(escape(" / ".join(sheet.samples[place])))
            chosen[header] = choice.selectbox(
                header,
                free,
                index=free.index(suggested) if suggested else None,
                format_func=lambda column: name_column(context, kind, column),
                placeholder=context.say("headings.unread"),
                key=f"upload_column_{widget}_{kind}_{place}",
                label_visibility="collapsed",
            )
        if st.form_submit_button(context.say("headings.apply"), type="primary"):
            _say(key, widget, sheet, kind, chosen)
            st.rerun()


def _say(
    key: str, widget: str, sheet: SheetHeader, kind: SheetKind, chosen: dict[str, str | None]
) -> None:
    headings = [Heading(kind, header, column) for header, column in chosen.items() if column]
    if sheet.kind is None:
        headings.append(Heading(kind, sheet.name))
    said = st.session_state.setdefault(f"upload_headings_{key}", {})
    said[widget] = tuple(headings)
