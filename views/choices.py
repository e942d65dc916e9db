"""Choices of coded values that the address keeps by code, whatever the language of the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from views.frame import read_choice, write_choice


def choose_one(
    label: str,
    codes: Sequence[str],
    first: str,
    write: Callable[[str], str],
    key: str,
    *,
    help: str | None = None,
) -> str:
    """Draw a row of buttons, one pressed; `first` before anything is chosen."""
    chosen = st.segmented_control(
        label,
        codes,
        default=read_choice(key, codes, first),
        format_func=write,
        key=key,
        required=True,
        help=help,
    )
    code = chosen or first
    write_choice(key, code, first)
    return code


def choose_some(
    label: str, codes: Sequence[str], write: Callable[[str], str], key: str, placeholder: str
) -> tuple[str, ...]:
    """Draw a list to choose any number from; () before anything is chosen."""
    wanted = st.query_params.get(key, "").split(",")
    chosen = st.multiselect(
        label,
        codes,
        default=[code for code in codes if code in wanted],
        format_func=write,
        placeholder=placeholder,
        key=key,
    )
    write_choice(key, ",".join(chosen), "")
    return tuple(chosen)


def choose_from_list(
    label: str,
    codes: Sequence[str],
    first: str | None,
    write: Callable[[str], str],
    key: str,
    *,
    help: str | None = None,
    placeholder: str | None = None,
) -> str | None:
    """Draw a long list to search in; None before anything is chosen when there is no `first`."""
    wanted = read_choice(key, codes, first or "")
    chosen: str | None = st.selectbox(
        label,
        codes,
        index=codes.index(wanted) if wanted else None,
        format_func=write,
        placeholder=placeholder,
        key=key,
        help=help,
    )
    write_choice(key, chosen or "", first or "")
    return chosen
