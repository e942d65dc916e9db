"""Choices of coded values that the address keeps by code, whatever the language of the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, get_args

import streamlit as st

from graph.pictures.notation import Look
from views.frame import Context, read_choice, write_choice

LOOKS: Final[tuple[Look, ...]] = get_args(Look)


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


def choose_look(context: Context, label: str) -> Look:
    """Let somebody who may see more than a room choose between its look and the internal one.

    Without people and levels the internal look would differ by nothing but what is refused.
    """
    if not (context.may("see_people") or context.may("see_levels")):
        return "meeting"
    code = choose_one(label, LOOKS, LOOKS[0], lambda one: context.say(f"ecomap.look.{one}"), "look")
    return "internal" if code == "internal" else "meeting"
