"""The page 取り込み: choose a file, see what it would change, load all of it or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import streamlit as st

from graph.store import Store, StoreError, Unavailable
from loaders.loading import check_file, load_file
from loaders.problems import Problem
from loaders.templates import make_template
from views import tables
from views.frame import Context, read_choice, show_database_state, write_choice
from views.progress import show_progress
from views.tables import draw_table
from views.undo import find_writer, name_kind, offer_undo
from views.upload.alike import ask_same
from views.upload.editions import ASKED, INSISTED, ask_edition, show_open_data
from views.upload.editions import SHOWN as SHOWN_OF_EDITION
from views.upload.headings import ask_headings
from views.upload.history import show_history
from views.upload.pasted import ask_pasted
from views.upload.preview import (
    ChangedValue,
    Item,
    Preview,
    limit_items,
    make_preview,
    write_value,
)
from views.upload.review import count_waiting, show_review
from views.upload.said import ASKED_FOR, Said, ask_owner_and_day, read_said

TYPES: Final = ("xlsx", "xls", "csv", "zip", "json")
_VIEWS: Final = ("load", "review")

# How much a file may hold stands in the label; its kinds, in the caption above.
_UPLOADER: Final = "<style>[data-testid=stFileUploaderDropzoneInstructions]{display:none}</style>"
SHOWN: Final = 300
_SHOWN_APART: Final = SHOWN_OF_EDITION | {"rows.alike"}

_TURN: Final = "_upload_turn"  # a new uploader, which has let go of the bytes, has a new number
_CHECKED: Final = "_upload_checked"
_LOADED: Final = "_upload_loaded"


class File(Protocol):
    """What is to be loaded: a file of the uploader, or what was pasted."""

    @property
    def name(self) -> str:
        """The file's name with its ending."""

    def getvalue(self) -> bytes:
        """Return its bytes."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A check that is not made again while the file and what is said of it stay the same."""

    file_hash: str
    said: Said
    preview: Preview


def show(context: Context) -> None:
    """Draw the page: a file to load, or the doubtful offices of open data."""
    st.html(tables.STYLE)
    if context.may("record") and _choose_view(context) == "review":
        show_review(context)
    else:
        _show_load(context)


def _choose_view(context: Context) -> str:
    waiting = count_waiting(context)
    labels = {
        "load": context.say("upload.view.load"),
        "review": context.say("upload.view.review", count=waiting),
    }
    first = read_choice("upload_view", _VIEWS, "load")
    chosen = st.segmented_control(
        context.say("upload.view.title"),
        _VIEWS,
        default=first,
        format_func=labels.__getitem__,
        key="upload_view",
        label_visibility="collapsed",
    )
    write_choice("upload_view", chosen or first, "load")
    return chosen or first


def _show_load(context: Context) -> None:
    st.markdown(context.say("upload.intro"))
    show_loading(context)
    show_history(context)


def show_loading(context: Context) -> None:
    """Draw what a file is chosen, checked and loaded with."""
    st.html(_UPLOADER)
    about, template = st.columns([4, 1], vertical_alignment="center")
    about.caption(context.say("upload.sheets"))
    with template:
        _offer_template(context)
    _show_report(context)
    turn = st.session_state.get(_TURN, 0)
    file = st.file_uploader(context.say("upload.file"), type=list(TYPES), key=f"upload_{turn}")
    pasted = ask_pasted(context, turn)
    uploaded = file or pasted
    if uploaded is None:
        st.session_state.pop(_CHECKED, None)
    else:
        _show_file(context, uploaded)


def _offer_template(context: Context) -> None:
    st.download_button(
        context.say("upload.template.button"),
        make_template,
        file_name=context.say("upload.template.file"),
        key="upload_template",
        on_click="ignore",
        width="stretch",
    )


def _show_file(context: Context, uploaded: File) -> None:
    key = _hash(uploaded)
    said = read_said(key)
    preview = _check(context, uploaded, key, said)
    if preview is None:
        return
    ask_headings(context, key, preview.sheets)
    if preview.open_data:
        show_open_data(context, preview.open_data, preview.rows)
    ask_edition(context, key, preview.problems)
    ask_owner_and_day(context, key, preview, said)
    asked = ASKED_FOR | ASKED | INSISTED
    if preview.sheets:
        asked |= {"loaders.file.no_header"}  # asked above instead
    others = [one for one in preview.problems if one.code not in asked]
    if others:
        st.error(context.say("upload.problems.title", count=len(others)))
        st.html(_draw_problems(context, others))
        st.caption(context.say("upload.problems.next"))
    ask_same(context, key, preview.alike)
    _show_notices(context, [one for one in preview.notices if one.code not in _SHOWN_APART])
    if not preview.problems:
        if preview.open_data is None or not preview.open_data.in_parts:
            _show_difference(context, preview)
        if st.button(context.say("upload.load"), type="primary", key="upload_load"):
            _load(context, uploaded, said)


def _check(context: Context, uploaded: File, key: str, said: Said) -> Preview | None:
    """Return what the file would do, checked once for what is said; None when it cannot be."""
    checked: Checked | None = st.session_state.get(_CHECKED)
    if checked and (checked.file_hash, checked.said) == (key, said):
        return checked.preview

    def work(store: Store) -> Preview:
        data = uploaded.getvalue()
        outcome = check_file(store, uploaded.name, data, said.owner, **said.more)
        return make_preview(outcome, _read_names(store))

    with st.spinner(context.say("upload.checking")):
        try:
            preview = context.use(work)
        except StoreError as error:
            _show_store_error(context, error)
            return None
    st.session_state[_CHECKED] = Checked(key, said, preview)
    return preview


def _read_names(store: Store) -> dict[str, str]:
    return {
        row[key]: row["name"]
        for label, key in (
            ("Organization", "organization_id"),
            ("Area", "area_id"),
            ("Support", "support_id"),
            ("PartnerList", "list_id"),
        )
        for row in store.list_nodes(label, (key, "name"))
    }


def _load(context: Context, uploaded: File, said: Said) -> None:
    """Load the file, then let go of its bytes and show the report above a fresh uploader."""
    actor = find_writer(context)
    try:
        with show_progress(context.say("upload.loading")) as advance:
            outcome = context.use(
                lambda store: load_file(
                    store, uploaded.name, uploaded.getvalue(), said.owner,
                    actor=actor, progress=advance, **said.more,
                )
            )  # fmt: skip
    except Unavailable:
        st.warning(context.say("upload.unfinished"))
        show_database_state(context.database, context.language)
        return
    except StoreError as error:
        _show_store_error(context, error)
        return
    st.session_state.pop(_CHECKED, None)
    if outcome.report:  # otherwise the graph has changed since the check: it is made anew
        doubtful = outcome.open_data.doubtful if outcome.open_data else 0
        st.session_state[_LOADED] = (outcome.file, outcome.report, doubtful)
        st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    st.rerun()


def _show_report(context: Context) -> None:
    loaded = st.session_state.pop(_LOADED, None)
    if loaded is not None:
        file, report, doubtful = loaded
        st.success(
            context.mark(
                "upload.loaded",
                file=file,
                created=report.created,
                changed=report.changed,
                unchanged=report.unchanged,
            )
        )
        if report.created or report.changed:
            offer_undo(context, report.load_id)
        if doubtful:
            st.info(context.say("upload.review.hint", count=doubtful))


def _show_store_error(context: Context, error: StoreError) -> None:
    st.error(context.say(error.code))
    show_database_state(context.database, context.language)


def _hash(uploaded: File) -> str:
    content = uploaded.name.encode() + uploaded.getvalue()
    return hashlib.blake2b(content, digest_size=12).hexdigest()


def _draw_problems(context: Context, problems: Sequence[Problem]) -> str:
    columns = ("file", "sheet", "row", "column", "problem")
    return draw_table(
        [context.say(f"upload.column.{column}") for column in columns],
        [
            (
                one.file,
                one.sheet or "",
                str(one.row or ""),
                one.column,
                context.say(one.code, **dict(one.values)),
            )
            for one in problems[:SHOWN]
        ],
        caption=context.say("upload.caption.problems"),
        numbers=[2],
    ) + _write_limit(context, len(problems))


def _show_notices(context: Context, notices: Sequence[Problem]) -> None:
    if notices:
        with st.expander(context.say("upload.notices.title", count=len(notices))):
            st.html(_draw_problems(context, notices))


def _show_difference(context: Context, preview: Preview) -> None:
    counts = {
        "rows": preview.rows,
        "new": len(preview.new),
        "changed": len(preview.changed),
        "unchanged": preview.unchanged,
        "missing": len(preview.missing),
    }
    for column, (name, count) in zip(st.columns(len(counts)), counts.items(), strict=True):
        column.metric(context.say(f"upload.difference.{name}"), f"{count:,}")
    st.caption(context.say("upload.difference.facts"))
    if not (preview.new or preview.changed or preview.withdrawn):
        st.info(context.say("upload.difference.nothing"))
    if preview.changed:
        st.markdown(f"**{context.say('upload.difference.changes')}**")
        st.html(_draw_changes(context, preview.changed))
    if preview.withdrawn:
        title = context.say("upload.difference.withdrawn", count=len(preview.withdrawn))
        st.markdown(f"**{title}**")
        st.html(_draw_facts(context, preview.withdrawn, title))
    if preview.kinds:
        with st.expander(context.say("upload.difference.kinds")):
            st.html(_draw_kinds(context, preview))
            if preview.missing:
                st.caption(context.say("upload.difference.missing_note"))
    if preview.new:
        title = context.say("upload.difference.additions", count=len(preview.new))
        with st.expander(title):
            st.html(_draw_facts(context, preview.new, title))


def _draw_kinds(context: Context, preview: Preview) -> str:
    columns = ("kind", "new", "changed", "missing")
    return draw_table(
        [context.say(f"upload.column.{column}") for column in columns],
        [
            (name_kind(context, kind), *(f"{count:,}" if count else "" for count in counts))
            for kind, *counts in preview.kinds
        ],
        caption=context.say("upload.difference.kinds"),
        numbers=[1, 2, 3],
    )


def _draw_changes(context: Context, items: Sequence[Item]) -> str:
    columns = ("sheet", "row", "kind", "what", "property", "before", "after")
    rows = [
        (
            *_write_item(context, item),
            value.property.ja if context.language == "ja" else value.property.en,
            _write_side(context, value, value.before),
            _write_side(context, value, value.after),
        )
        for item in limit_items(items, SHOWN)
        for value in item.values
    ]
    return draw_table(
        [context.say(f"upload.column.{column}") for column in columns],
        rows,
        caption=context.say("upload.difference.changes"),
        numbers=[1],
    ) + _write_limit(context, len(items))


def _draw_facts(context: Context, items: Sequence[Item], caption: str) -> str:
    columns = ("sheet", "row", "kind", "what")
    return draw_table(
        [context.say(f"upload.column.{column}") for column in columns],
        [_write_item(context, item) for item in limit_items(items, SHOWN)],
        caption=caption,
        numbers=[1],
    ) + _write_limit(context, len(items))


def _write_item(context: Context, item: Item) -> tuple[str, ...]:
    row = "" if item.row is None else str(item.row)
    return item.sheet, row, name_kind(context, item.kind), " → ".join(item.names)


def _write_side(context: Context, changed: ChangedValue, value: object) -> str:
    written = write_value(changed.property, value, context.language)
    return written or context.say("upload.empty_value")


def _write_limit(context: Context, count: int) -> str:
    if count <= SHOWN:
        return ""
    return f"<p>{context.say('upload.difference.shown', limit=SHOWN)}</p>"
