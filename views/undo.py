"""Taking back what was loaded or recorded: what would be put back, what cannot, and the doing.

Every page that saves shows the same button and the same choices. What a save changed alone goes
back at once; where later changes are in the way a person decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import streamlit as st

from access.entry import ALONE, CONSOLE
from graph.schema import NODES, RELATIONSHIPS, ValueType
from graph.store import Load, StoreError, Unavailable
from graph.undo import Item, LoadRow, UndoPlan
from loaders.forms import FILE as FORM
from loaders.loading import make_load_id
from loaders.open_data.decisions import FILE as DECISION
from loaders.problems import HIDDEN
from views import tables
from views.frame import Context, show_database_state
from views.progress import show_progress
from views.tables import draw_table

ACTOR: Final = "page"
SHOWN: Final = 100
"""Facts of a list; the page says how many there are."""

_CHOSEN: Final = "_undo_chosen"
_SAID: Final = "_undo_said"
_DRAWN: Final = "_undo_drawn"
_WAYS_IN: Final = {
    "sample": "sample", CONSOLE: "command", ACTOR: "page", ALONE: "page", FORM: "page",
}  # fmt: skip
_PLACES: Final = {FORM: "form", DECISION: "review"}
_NAMING: Final = ("name", "title", "kind", "purpose", "text")
_DATED: Final = ("occurred_on", "made_on", "since", "notified_on")


@dataclass(slots=True)
class Chosen:
    """The load to be undone: an id for the undo made once, so that a second click is harmless.

    `at_once`: without asking, when nothing is in the way. `again`: it is an undo itself.
    """

    load_id: str
    at_once: bool = False
    again: bool = False
    undo_id: str = field(default_factory=make_load_id)
    plan: UndoPlan | None = None


def choose_undo(load_id: str, *, at_once: bool = False, again: bool = False) -> None:
    """Let the next run of the page undo a load, or show what that would do."""
    st.session_state[_CHOSEN] = Chosen(load_id, at_once, again)
    st.session_state.pop(_SAID, None)


def offer_undo(context: Context, load_id: str) -> None:
    """Draw the button that takes back a save."""
    st.button(
        context.say("undo.offer"),
        key=f"undo_{load_id}",
        icon=":material/undo:",
        on_click=partial(choose_undo, load_id, at_once=True),
    )


def show_undo(context: Context) -> None:
    """Draw what is being undone, or what was: once a run, wherever a page first asks for it."""
    if st.session_state.get(_DRAWN) is context:
        return
    st.session_state[_DRAWN] = context
    _show_said(context)
    chosen: Chosen | None = st.session_state.get(_CHOSEN)
    if chosen is None:
        return
    plan = chosen.plan or _find_plan(context, chosen)
    if plan is None:
        return
    if chosen.at_once and plan.is_clear:
        _undo(context, chosen)
    else:
        chosen.plan = plan
        _show_plan(context, chosen, plan)


def find_writer(context: Context, otherwise: str = ACTOR) -> str:
    """Return who writes: the name somebody signed in with, or what stands in its place."""
    name = context.actor.name
    return otherwise if name is None or name == ALONE else name


def name_load(context: Context, load: LoadRow) -> str:
    """Return what a load is called: its file, and when."""
    when = context.voice.write_time(load.loaded_at) if load.loaded_at else ""
    return context.say("undo.load", file=name_file(context, load.file), when=when)


def name_file(context: Context, file: str | None) -> str:
    """Return the name of a load's file, or what stands in its place in the page's language."""
    if file in _PLACES or file is None:
        return context.say(f"undo.file.{_PLACES.get(file or '', 'command')}")
    return file


def name_actor(context: Context, actor: str | None) -> str:
    """Return who did it; of the product's own ways in, what they are called."""
    if actor is None or actor in _WAYS_IN:
        return context.say(f"upload.actor.{_WAYS_IN.get(actor or '', 'command')}")
    return actor


def name_item(context: Context, item: Item) -> str:
    """Return a fact in words a person knows it by; one that only a person would tell is hidden."""
    if item.kind in NODES:
        words = [_name_node(context, item), _find_date(item)]
    else:
        words = [" → ".join(filter(None, item.names))]
    return "　".join(filter(None, words)) or HIDDEN


def _show_said(context: Context) -> None:
    said: tuple[str, str, bool] | None = st.session_state.pop(_SAID, None)
    if said is None:
        return
    words, undo_id, again = said
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(words, icon=":material/undo:")
        if not again:
            st.button(
                context.say("undo.redo"),
                key=f"redo_{undo_id}",
                icon=":material/redo:",
                on_click=partial(choose_undo, undo_id, at_once=True, again=True),
            )


def _find_plan(context: Context, chosen: Chosen) -> UndoPlan | None:
    try:
        with show_progress(context.say("undo.looking")) as advance:
            return context.use(lambda store: store.find_undo(chosen.load_id, advance))
    except StoreError as error:
        _give_up(context, error)
        return None


def _show_plan(context: Context, chosen: Chosen, plan: UndoPlan) -> None:
    with st.container(border=True, key="undo_plan"):
        st.html(tables.STYLE)
        verb = "again" if chosen.again else "back"
        st.markdown(f"**{context.mark(f'undo.title_{verb}', load=name_load(context, plan.load))}**")
        if plan.resumes:
            st.info(context.say("undo.resumes"))
        elif plan.in_parts:
            st.info(context.say("undo.in_parts"))
        if plan.kinds:
            total = plan.total
            st.markdown(_sum_up(context, total.removed, total.restored, total.made_again))
            title = context.say("undo.examples", count=f"{plan.facts:,}")
            with st.expander(title):
                st.html(_draw_kinds(context, plan))
                st.html(_draw_examples(context, plan.examples, plan.facts))
        if not plan.is_clear:
            _show_obstacles(context, plan)
        _offer_ways(context, chosen, plan, verb)


def _show_obstacles(context: Context, plan: UndoPlan) -> None:
    st.warning(context.say("undo.touched", count=f"{plan.touched:,}"), icon=":material/group:")
    st.html(_draw_obstacles(context, plan.obstacles, plan.touched))
    if plan.held:
        st.caption(context.say("undo.held", count=f"{plan.held:,}"))
    if plan.later:
        st.markdown(context.say("undo.later", count=len(plan.later)))
        st.html(_draw_loads(context, plan.later))
    else:
        st.caption(context.say("undo.no_later"))


def _offer_ways(context: Context, chosen: Chosen, plan: UndoPlan, verb: str) -> None:
    ways: list[tuple[str, str, Callable[[], None]]] = []
    if plan.is_clear:
        ways.append(("all", context.say(f"undo.do_{verb}"), partial(_undo, context, chosen)))
    if plan.later:
        words = context.say("undo.do_later", count=len(plan.later) + 1)
        including = [load.load_id for load in plan.later]
        ways.append(("later", words, partial(_undo, context, chosen, including=including)))
    if not plan.is_clear and plan.facts:
        words = context.say("undo.do_untouched", count=f"{plan.facts:,}")
        ways.append(("kept", words, partial(_undo, context, chosen, keep_touched=True)))
    ways.append(("leave", context.say("undo.leave"), partial(_leave)))
    with st.container(horizontal=True):
        pressed = [act for key, words, act in ways if _draw_way(key, words)]
    for act in pressed:
        act()


def _draw_way(key: str, words: str) -> bool:
    return st.button(words, key=f"undo_way_{key}", type="primary" if key == "all" else "secondary")


def _leave() -> None:
    st.session_state.pop(_CHOSEN, None)
    st.rerun()


def _undo(
    context: Context, chosen: Chosen, *, keep_touched: bool = False, including: Sequence[str] = ()
) -> None:
    """Undo the chosen load and run the page again; say what stands in the way otherwise."""
    load = Load(chosen.undo_id, actor=find_writer(context))
    try:
        with show_progress(context.say("undo.doing")) as advance:
            report = context.use(
                lambda store: store.undo(
                    chosen.load_id, load, advance, keep_touched=keep_touched, including=including
                )
            )
    except StoreError as error:
        _give_up(context, error, chosen)
        return
    st.session_state.pop(_CHOSEN, None)
    key = "undo.said_again" if chosen.again else "undo.said_back"
    counts = _sum_up(context, report.deleted, report.changed, report.created)
    st.session_state[_SAID] = (context.say(key, counts=counts), report.load_id, chosen.again)
    st.rerun()


def _give_up(context: Context, error: StoreError, chosen: Chosen | None = None) -> None:
    """Say what went wrong; what may be tried again stays chosen, and is looked at anew."""
    if isinstance(error, Unavailable):
        st.warning(context.say("undo.unfinished"))
    else:
        st.error(context.say(error.code))
    if chosen is None or not isinstance(error, Unavailable):
        st.session_state.pop(_CHOSEN, None)
    show_database_state(context.database, context.language)


# --- in words ----------------------------------------------------------------------------------


def _sum_up(context: Context, removed: int, restored: int, made_again: int) -> str:
    """Return what happens to how many facts, without what happens to none."""
    counts = {"remove": removed, "restore": restored, "make_again": made_again}
    return context.say("undo.and").join(
        context.say("undo.count", action=context.say(f"undo.what.{name}"), count=f"{count:,}")
        for name, count in counts.items()
        if count
    )


def _draw_kinds(context: Context, plan: UndoPlan) -> str:
    columns = ("kind", "remove", "restore", "make_again")
    return draw_table(
        [context.say(f"undo.column.{column}") for column in columns],
        [
            (
                name_kind(context, one.kind),
                *(f"{n:,}" if n else "" for n in (one.removed, one.restored, one.made_again)),
            )
            for one in plan.kinds
        ],
        caption=context.say("undo.caption.kinds"),
        numbers=[1, 2, 3],
        narrow=True,
    )


def _draw_examples(context: Context, items: Sequence[Item], count: int) -> str:
    columns = ("action", "kind", "what")
    rows = [
        (
            context.say(f"undo.what.{item.what}"),
            name_kind(context, item.kind),
            name_item(context, item),
        )
        for item in items[:SHOWN]
    ]
    return _draw(context, "examples", columns, rows) + _write_limit(context, count)


def _draw_obstacles(context: Context, items: Sequence[Item], count: int) -> str:
    columns = ("kind", "what", "why", "later", "actor", "place")
    rows = [
        (
            name_kind(context, item.kind),
            name_item(context, item),
            context.say(f"undo.what.{item.what}"),
            name_load(context, item.load) if item.load else context.say("undo.unknown"),
            name_actor(context, item.load.actor) if item.load else "",
            _name_place(context, item.properties),
        )
        for item in items[:SHOWN]
    ]
    return _draw(context, "obstacles", columns, rows) + _write_limit(context, count)


def _draw(
    context: Context, caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]]
) -> str:
    headers = [context.say(f"undo.column.{column}") for column in columns]
    return draw_table(headers, rows, caption=context.say(f"undo.caption.{caption}"))


def _draw_loads(context: Context, loads: Sequence[LoadRow]) -> str:
    columns = ("load", "actor", "facts")
    rows = [
        (name_load(context, load), name_actor(context, load.actor), f"{load.facts:,}")
        for load in loads[:SHOWN]
    ]
    headers = [context.say(f"undo.column.{column}") for column in columns]
    caption = context.say("undo.caption.loads")
    return draw_table(headers, rows, caption=caption, numbers=[2], narrow=True)


def _name_place(context: Context, properties: Mapping[str, Any]) -> str:
    row = properties.get("source_row")
    if row is None:
        return ""
    place = (properties.get("source_file"), properties.get("source_sheet"))
    return context.say("undo.place", place=" ".join(filter(None, place)), row=row)


def _write_limit(context: Context, count: int) -> str:
    return "" if count <= SHOWN else f"<p>{context.say('undo.shown', limit=SHOWN)}</p>"


def name_kind(context: Context, kind: str) -> str:
    """Return the schema's words for a label or a relationship type."""
    declared = NODES.get(kind) or RELATIONSHIPS[kind]
    return declared.ja if context.language == "ja" else declared.en


def _name_node(context: Context, item: Item) -> str:
    declared = {one.name: one for one in NODES[item.kind].properties}
    for name in _NAMING:
        if name in declared and (value := item.properties.get(name)) is not None:
            return declared[name].label(str(value), context.language)
    return ""


def _find_date(item: Item) -> str:
    declared = {one.name: one for one in NODES[item.kind].properties}
    for name in _DATED:
        if name in declared and declared[name].type is ValueType.PARTIAL_DATE:
            return str(item.properties.get(f"{name}_text") or "")
    return ""
