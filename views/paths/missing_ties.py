"""Where no path leads: the one that is blocked, and the ties of which one would be enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise

import streamlit as st

from graph.analysis.path_gaps import find_blocked_chain, find_openings, list_steps
from graph.pictures.path_picture import Step, Stop, draw_chain
from graph.store import Row
from views.frame import Context

Words = Mapping[frozenset[str], str]


def show_missing(context: Context, start: str, helpers: Sequence[Row], longest: int) -> None:
    """Draw what blocks the way from `start` to the helpers, and what would open one."""
    rows = context.ask("path_steps", as_of=context.as_of)
    names = read_names(context, rows, start, helpers)
    targets = {row["organization_id"] for row in helpers} - {start}
    steps = list_steps(rows)
    every = list_steps(rows, ("", "broken", "ended"))
    if chain := find_blocked_chain(steps, every, start, targets, longest):
        _show_blocked(context, rows, names, chain)
    openings = find_openings(steps, start, targets, longest, own=context.facility_id)
    if not openings:
        st.caption(context.say("paths.opening.none", longest=longest))
        return
    st.markdown(f"**{context.say('paths.opening.title')}**")
    for one in openings:
        advice = context.say(
            "paths.opening.advice", first=names[one.first], second=names[one.second]
        )
        new = frozenset((one.first, one.second))
        words = {new: context.say("paths.opening.new")}
        with st.container(border=True):
            st.html(f"<div>{escape(advice)}</div>" + _draw(context, one.chain, names, words))


def read_names(
    context: Context, rows: Sequence[Row], start: str, helpers: Sequence[Row]
) -> dict[str, str]:
    """Return id → name of every agency a chain can pass."""
    names = {row["first_id"]: row["first"] for row in rows}
    names |= {row["second_id"]: row["second"] for row in rows}
    names |= {row["organization_id"]: row["name"] for row in helpers}
    if start not in names:
        starts = context.ask("path_starts", as_of=context.as_of)
        names |= {row["organization_id"]: row["name"] for row in starts}
    return names


def _show_blocked(
    context: Context, rows: Sequence[Row], names: Mapping[str, str], chain: Sequence[str]
) -> None:
    steps = list_steps(rows)
    kinds = {
        frozenset((row["first_id"], row["second_id"])): row["blocked"]
        for row in rows
        if row["blocked"]
    }
    blocked = [pair for pair in pairwise(chain) if pair[1] not in steps.get(pair[0], ())]
    if not blocked:
        return
    words = {pair: context.say(f"paths.blocked.{kinds[pair]}") for pair in map(frozenset, blocked)}
    st.markdown(f"**{context.say('paths.blocked.title')}**")
    with st.container(border=True):
        st.html(_draw(context, chain, names, words))
        for first, second in blocked:
            st.caption(
                context.say("paths.blocked.advice", first=names[first], second=names[second])
            )


def _draw(context: Context, chain: Sequence[str], names: Mapping[str, str], words: Words) -> str:
    """Return a chain in which the steps with words of their own are told apart from open ones."""
    stops = [Stop(names[key], own=key == context.facility_id) for key in chain]
    steps = [
        Step(words[pair], "stopped") if pair in words else Step(context.say("paths.blocked.open"))
        for pair in map(frozenset, pairwise(chain))
    ]
    return draw_chain(stops, steps)
