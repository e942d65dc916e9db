"""A form from its opening to its save: what it was read as, what is wrong, who came first."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import streamlit as st

from graph.records import Source, encode
from graph.schema import NODES, RELATIONSHIPS, Property, ValueType
from graph.store import Change, Conflict, Row, Store, StoreError, Unavailable, WriteReport
from loaders.forms import (
    FILE,
    Entry,
    Standing,
    leave_out,
    make_load,
    set_apart,
    take_over,
)
from loaders.placement import place_in_graph
from loaders.privacy import PERSONAL_KINDS, PersonalKind, screen_record
from views import tables
from views.frame import Context, show_database_state
from views.tables import draw_table
from views.undo import find_writer, offer_undo, show_undo

_SAVED: Final = "_record_saved"


@dataclass(frozen=True, slots=True)
class Opening:
    """A form since it was opened: its name, a token of its own, and the rows it was opened on.

    The rows stay as they were read until the form is saved, left or closed, so that a change by
    somebody else is found, not taken in silently by the next run of the page.
    """

    name: str
    token: str
    rows: tuple[Row, ...]

    def key(self, widget: str) -> str:
        """Return the key of one of the form's widgets."""
        return f"record_{self.token}_{widget}"


@dataclass(frozen=True, slots=True)
class Clash:
    """A save that came second: what was to be written, and against what.

    `parts` says that the rest of the entry stands for itself, `apart` that it may also be kept
    beside what stands. `titles` tells by key what a record is about, where the form may write
    several of a kind.
    """

    entry: Entry
    changes: tuple[Change, ...]
    stood: Mapping[tuple[str, str], Mapping[str, object]]
    parts: bool
    apart: bool
    titles: Mapping[str, str] = field(default_factory=dict)


def open_form(name: str, read: Callable[[], Sequence[Row]]) -> Opening:
    """Return the form's opening; opened anew on what `read` answers once its widgets are gone.

    Streamlit forgets the widgets of a page that is left: what was typed is gone, and so must be
    what it was read as.
    """
    standing: Opening | None = st.session_state.get(_name(name))
    if standing and any(str(key).startswith(standing.key("")) for key in st.session_state):
        return standing
    return reopen_form(name, read())


def reopen_form(name: str, rows: Sequence[Row]) -> Opening:
    """Return a new opening of the form on `rows`, its widgets empty."""
    close_form(name)
    opening = Opening(name, secrets.token_hex(8), tuple(rows))
    st.session_state[_name(name)] = opening
    return opening


def close_form(name: str) -> None:
    """Let the form be opened anew by the next run."""
    opening = st.session_state.pop(_name(name), None)
    if opening is not None:
        st.session_state.pop(_name_clash(opening), None)
        st.session_state.pop(_name_doubt(opening), None)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A save whose words may point to a person; it waits for its writer to look at them again."""

    clash: Clash
    kinds: tuple[PersonalKind, ...]


def save(
    context: Context,
    opening: Opening,
    entry: Entry,
    standing: Sequence[Standing] = (),
    *,
    parts: bool = False,
    apart: bool = False,
    titles: Mapping[str, str] | None = None,
) -> None:
    """Write an entry and run the page again; or say what is wrong, or keep it for a choice.

    Words that may point to a person wait until they are confirmed. `standing` is what the form
    was opened on. For `parts`, `apart` and `titles` see `Clash`.
    """
    if entry.problems:
        _show_problems(context, entry)
    elif not entry.records:
        st.info(context.say("record.nothing"))
    else:
        stood = {one.key: encode(one.record) for one in standing}
        clash = Clash(entry, (), stood, parts, apart, titles or {})
        found = {kind for record in entry.records for kind in screen_record(record)}
        if found:
            kinds = tuple(kind for kind in PERSONAL_KINDS if kind in found)
            st.session_state[_name_doubt(opening)] = Doubt(clash, kinds)
            st.rerun()
        _write(context, opening, clash)


def show_saved(context: Context) -> None:
    """Say once what the last save did, and let it be taken back."""
    show_undo(context)
    report: WriteReport | None = st.session_state.pop(_SAVED, None)
    if report is None:
        return
    if report.created or report.changed:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.success(context.say("record.saved"), icon=":material/check:")
            offer_undo(context, report.load_id)
    else:
        st.info(context.say("record.saved_before"), icon=":material/check:")


def show_clash(context: Context, opening: Opening) -> None:
    """Let the writer decide what a save waits for: doubtful words, or a save that came second."""
    _show_doubt(context, opening)
    clash: Clash | None = st.session_state.get(_name_clash(opening))
    if clash is None:
        return
    with st.container(border=True, key=opening.key("clash")):
        st.html(tables.STYLE)
        st.warning(context.say("record.clash.title"), icon=":material/group:")
        for change in clash.changes:
            title = clash.titles.get(change.record.identity)
            words = context.set_beside((_name_kind(context, change), title))
            st.markdown(f"**{words}**")
            st.html(_draw_versions(context, change, clash, words))
        _choose_version(context, opening, clash)


def _show_doubt(context: Context, opening: Opening) -> None:
    doubt: Doubt | None = st.session_state.get(_name_doubt(opening))
    if doubt is None:
        return
    with st.container(border=True, key=opening.key("doubt")):
        kinds = "、".join(context.say(f"record.doubt.{kind}") for kind in doubt.kinds)
        st.warning(context.say("record.doubt.title", kinds=kinds), icon=":material/visibility:")
        keep, mend = st.columns(2)
        if keep.button(context.say("record.doubt.keep"), key=opening.key("keep"), width="stretch"):
            del st.session_state[_name_doubt(opening)]
            _write(context, opening, doubt.clash)
        if mend.button(context.say("record.doubt.mend"), key=opening.key("mend"), width="stretch"):
            del st.session_state[_name_doubt(opening)]
            st.rerun()


def _choose_version(context: Context, opening: Opening, clash: Clash) -> None:
    options = ("mine", "theirs", "apart") if clash.apart else ("mine", "theirs")
    for option, column in zip(options, st.columns(3), strict=False):
        label = context.say(f"record.clash.{option}")
        if not column.button(label, key=opening.key(option), width="stretch"):
            continue
        if option == "theirs":
            _keep_theirs(context, opening, clash)
        else:
            entry = (
                take_over(clash.entry, clash.changes)
                if option == "mine"
                else set_apart(clash.entry, opening.token, clash.changes)
            )
            _write(context, opening, replace(clash, entry=entry, changes=()))


def take_left(name: str) -> frozenset[str]:
    """Return, once, the keys of the records of a form whose other version its writer let stand."""
    left: frozenset[str] = st.session_state.pop(_name_left(name), frozenset())
    return left


def _keep_theirs(context: Context, opening: Opening, clash: Clash) -> None:
    left = frozenset(change.record.identity for change in clash.changes)
    st.session_state[_name_left(opening.name)] = left
    rest = leave_out(clash.entry, clash.changes) if clash.parts else Entry()
    if rest.records:
        _write(context, opening, replace(clash, entry=rest, changes=()))
        return
    close_form(opening.name)
    st.rerun()


def _write(context: Context, opening: Opening, clash: Clash) -> None:
    entry = clash.entry
    try:
        report = context.use(lambda store: _write_entry(context, store, opening, entry))
    except Conflict as conflict:
        st.session_state[_name_clash(opening)] = replace(clash, changes=conflict.changes)
    except Unavailable:
        st.warning(context.say("record.unfinished"))
        show_database_state(context.database, context.language)
        return
    except StoreError as error:
        st.error(context.say(error.code))
        return
    else:
        st.session_state[_SAVED] = report
        close_form(opening.name)
    st.rerun()


def _write_entry(context: Context, store: Store, opening: Opening, entry: Entry) -> WriteReport:
    placed = place_in_graph(store, entry.records, Source(FILE))
    load = replace(make_load(opening.token, entry), actor=find_writer(context, FILE))
    return store.write((*entry.records, *placed), load, expected=entry.expected)


def _show_problems(context: Context, entry: Entry) -> None:
    lines = []
    for problem in entry.problems:
        row = context.say("record.row", row=problem.row) if problem.row else ""
        words = context.say(problem.code, **dict(problem.values))
        lines.append(context.say("record.problem", row=row, column=problem.column, words=words))
    st.error(context.say("record.problems"), icon=":material/edit:")
    for line in lines:
        st.text(line)


def _draw_versions(context: Context, change: Change, clash: Clash, caption: str) -> str:
    """Return a table of what differs: as it was read, as it stands, as it was typed."""
    key = (change.record.kind, change.record.identity)
    read = clash.stood.get(key)
    declared = (NODES.get(key[0]) or RELATIONSHIPS[key[0]]).properties
    asked = [one for one in declared if one.stored_names[0] in change.after]
    columns = ("property", "read", "now", "mine")
    rows = [
        (
            one.ja if context.language == "ja" else one.en,
            _write_value(context, one, read),
            _write_value(context, one, change.before or None),
            _write_value(context, one, change.after),
        )
        for one in asked
    ]
    headers = [context.say(f"record.clash.column.{name}") for name in columns]
    return draw_table(headers, rows, caption=caption)


def _write_value(context: Context, declared: Property, stored: Mapping[str, Any] | None) -> str:
    if stored is None:
        return context.say("record.clash.absent")
    is_date = declared.type is ValueType.PARTIAL_DATE
    value = stored.get(f"{declared.name}_text" if is_date else declared.name)
    if value is None or value == "":
        return context.say("record.clash.empty")
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return declared.label(text, context.language)


def _name_kind(context: Context, change: Change) -> str:
    declared = NODES.get(change.record.kind) or RELATIONSHIPS[change.record.kind]
    return declared.ja if context.language == "ja" else declared.en


def _name(name: str) -> str:
    return f"_record_{name}"


def _name_left(name: str) -> str:
    return f"_record_left_{name}"


def _name_doubt(opening: Opening) -> str:
    return f"_record_doubt_{opening.token}"


def _name_clash(opening: Opening) -> str:
    return f"_record_clash_{opening.token}"
