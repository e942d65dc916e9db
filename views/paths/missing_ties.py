"""Where no path leads: the one that is blocked, and the ties of which one would be enough.

Such a tie becomes a contact to be made with one press.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from html import escape
from itertools import chain, pairwise
from typing import Final

import streamlit as st

from graph.analysis.path_gaps import Opening, find_blocked_chain, find_openings, list_steps
from graph.analysis.path_search import explore, explore_around
from graph.analysis.path_weights import Step as PathStep
from graph.pictures.path_picture import Step, Stop, draw_chain
from loaders.tasks import open_task
from views.frame import Context
from views.paths.path_graph import Agencies, read_agencies
from views.paths.search import MOST_STEPS, read_steps
from views.record.saving import open_form, save, show_clash, show_saved

BLOCKED: Final = ("broken", "ended")
TERM: Final = timedelta(days=14)
"""How long there is for a contact until somebody sets another day."""

Words = Mapping[frozenset[str], str]


def show_missing(context: Context, start: str, targets: Sequence[str], longest: int) -> None:
    """Draw what blocks the way from `start` to a target, and what would open one.

    `targets` come in order of preference.
    """
    targets = [target for target in targets if target != start]
    _show_blocked(context, start, targets, longest)
    _show_openings(context, start, targets, longest)


def _show_blocked(context: Context, start: str, targets: Sequence[str], longest: int) -> None:
    read = partial(read_steps, context, with_blocked=True)
    explored = explore(read, start, targets, longest, MOST_STEPS)
    _say_limit(context, explored.complete)
    open_steps, every = list_steps(explored.steps), list_steps(explored.steps, ("", *BLOCKED))
    stops = find_blocked_chain(open_steps, every, start, targets, longest)
    if stops is None:
        return
    kinds = {(step.first, step.second): step.blocked for step in explored.steps}
    blocked = [pair for pair in pairwise(stops) if kinds[pair]]
    words = {frozenset(pair): context.say(f"paths.blocked.{kinds[pair]}") for pair in blocked}
    agencies = read_agencies(context, stops)
    st.markdown(f"**{context.say('paths.blocked.title')}**")
    with st.container(border=True):
        st.html(_draw(context, stops, agencies, words))
        for first, second in blocked:
            names = {"first": agencies[first]["name"], "second": agencies[second]["name"]}
            st.caption(context.mark("paths.blocked.advice", **names))


def _show_openings(context: Context, start: str, targets: Sequence[str], longest: int) -> None:
    steps, complete = _read_around(context, start, targets, longest)
    _say_limit(context, complete)
    openings = find_openings(list_steps(steps), start, targets, longest, own=context.facility_id)
    if not openings:
        st.caption(context.say("paths.opening.none", longest=longest))
        return
    agencies = read_agencies(context, chain.from_iterable(one.chain for one in openings))
    st.markdown(f"**{context.say('paths.opening.title')}**")
    show_saved(context)
    for one in openings:
        with st.container(border=True):
            _show_opening(context, one, agencies)


def _read_around(
    context: Context, start: str, targets: Sequence[str], longest: int
) -> tuple[list[PathStep], bool]:
    """Return the steps on from the start, and from the facility to the targets."""
    read = partial(read_steps, context)
    parts = [explore_around(read, start, longest - 1, most=MOST_STEPS)]
    if context.facility_id is not None:
        parts.append(explore(read, context.facility_id, targets, longest - 1, MOST_STEPS))
    return [step for part in parts for step in part.steps], all(part.complete for part in parts)


def _say_limit(context: Context, complete: bool) -> None:
    if not complete:
        st.warning(context.say("paths.limit"), icon=":material/hourglass_disabled:")


def _show_opening(context: Context, one: Opening, agencies: Agencies) -> None:
    names = {"first": agencies[one.first]["name"], "second": agencies[one.second]["name"]}
    new = {frozenset((one.first, one.second)): context.say("paths.opening.new")}
    whom = choose_contact(one, context.facility_id)
    text = context.say("paths.opening.advice", **names)
    picture, press = st.columns([5, 2], vertical_alignment="center")
    with picture:
        st.html(f"<div>{escape(text)}</div>" + _draw(context, one.chain, agencies, new))
    with press:
        planned = {task["text"]: task["due_on"] for task in agencies[whom]["tasks"]}
        if text in planned:
            due = context.write_date(planned[text])
            st.success(context.say("paths.opening.planned", due=due), icon=":material/check:")
        elif context.may("hold_meeting"):
            _offer_task(context, whom, agencies[whom]["name"], text)


def choose_contact(one: Opening, own: str | None) -> str:
    """Return who is to be contacted for a new tie: who is not the facility, else the far end."""
    return one.first if one.second == own else one.second


def _offer_task(context: Context, whom: str, name: str, text: str) -> None:
    opening = open_form(f"opening {whom} {text}", list)
    show_clash(context, opening)
    label = context.mark("paths.opening.plan", name=name)
    if not st.button(label, key=opening.key("plan"), width="stretch"):
        return
    today = date.today()
    cells = {"text": text, "created_on": today, "due_on": today + TERM}
    labels = {name: context.say(f"tasks.label.{name}") for name in ("text", "due_on")}
    task = open_task(cells, labels | {"created_on": ""}, whom, context.facility_id)
    save(context, opening, task)


def _draw(context: Context, stops: Iterable[str], agencies: Agencies, words: Words) -> str:
    """Return a chain in which the steps with words of their own are told apart from open ones."""
    chain = list(stops)
    cards = [Stop(agencies[key]["name"], own=key == context.facility_id) for key in chain]
    steps = [
        Step(words[pair], "stopped") if pair in words else Step(context.say("paths.blocked.open"))
        for pair in map(frozenset, pairwise(chain))
    ]
    return draw_chain(cards, steps)
