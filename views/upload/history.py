"""What was loaded, recorded and undone so far, the latest first, each to be taken back."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from html import escape
from typing import Final

import streamlit as st

from graph.store import Row
from graph.vocabulary import LOAD_STATES, OPEN_DATA_SOURCES
from views.choices import choose_one
from views.frame import Context
from views.undo import choose_undo, name_actor, name_file, show_undo
from views.upload.editions import write_edition

PAGE: Final = 20
"""Rows of one page of the table."""

_ACTS: Final[dict[str, tuple[str, ...]]] = {
    "all": ("load", "edit", "undo", "redo"),
    "files": ("load",),
    "edits": ("edit",),
    "undone": ("undo", "redo"),
}
_COLUMNS: Final = ("when", "what", "actor", "created", "altered", "deleted", "unchanged", "state")
_NUMBERS: Final = frozenset({"created", "altered", "deleted", "unchanged"})
_TURN: Final = "_upload_history_page"
_WIDTHS: Final = (11, 1.6)  # the row, its button

_STYLE: Final = """<style>
.loads{display:grid;grid-template-columns:9rem minmax(0,3fr) minmax(0,1.3fr) repeat(3,4rem)
  5.6rem minmax(0,1.3fr);gap:0 .7rem;align-items:baseline;font-size:.92rem;line-height:1.4;
  padding:.15rem 0}
.loads.head{font-weight:700;background:#eef2f5;border-bottom:2px solid #9fb0bf;padding:.35rem .4rem}
.loads.row{border-bottom:1px solid #dbe2e8;padding:.35rem .4rem}
.loads .number{text-align:right}
.loads .when{white-space:nowrap}
.loads span{overflow-wrap:anywhere}
@media(max-width:1200px){.loads{grid-template-columns:8.2rem minmax(0,3fr) minmax(0,1.2fr)
  repeat(3,3.9rem) 4.9rem minmax(0,1.3fr);gap:0 .4rem;font-size:.85rem}}
@media(max-width:48rem){.loads.head{display:none}.loads.row{display:block}
  .loads.row span{display:block;text-align:left}.loads.row span:empty{display:none}
  .loads.row span::before{content:attr(data-name) " ";color:#5a6570}}
</style>"""


def show_history(context: Context) -> None:
    """Draw the table and, above it, what is being undone."""
    st.markdown(f"**{context.say('upload.history.title')}**")
    show_undo(context)
    kind = _choose_kind(context)
    page = st.session_state.get(_TURN, {}).get(kind, 0)
    rows = context.ask("list_loads", acts=list(_ACTS[kind]), limit=PAGE, skip=page * PAGE)
    if not rows:
        st.caption(context.say("upload.history.empty"))
        return
    st.html(_STYLE)
    with st.container(key="upload_history", gap=None):
        _draw_row(_write_head(context))
        for row in rows:
            _show_row(context, row)
    _turn_pages(context, kind, page, rows[0]["total"])


def _choose_kind(context: Context) -> str:
    return choose_one(
        context.say("upload.history.kind"),
        tuple(_ACTS),
        "all",
        lambda code: context.say(f"upload.history.{code}"),
        "upload_history_kind",
    )


def _show_row(context: Context, row: Row) -> None:
    cells = _write_row(context, row)
    again = row["act"] == "undo"
    with _draw_row(_write_cells(context, "row", cells)):
        if row["may_be_undone"]:
            st.button(
                context.say("upload.history.redo" if again else "upload.history.undo"),
                key=f"history_{row['load_id']}",
                on_click=partial(choose_undo, row["load_id"], again=again),
                width="stretch",
            )


def _draw_row(html: str) -> st.delta_generator.DeltaGenerator:
    """Draw one row and return the place beside it."""
    words, button = st.columns(_WIDTHS, vertical_alignment="center")
    words.html(html)
    return button


def _write_head(context: Context) -> str:
    names = {name: context.say(f"upload.column.{name}") for name in _COLUMNS}
    return _write_cells(context, "head", names)


def _write_cells(context: Context, kind: str, cells: dict[str, str]) -> str:
    """Return a line of cells; each knows its column's name, for where they stand one by one."""
    spans = "".join(
        f'<span class="{_find_class(name)}" data-name='
        f'"{escape(context.say(f"upload.column.{name}"))}">{escape(cells[name])}</span>'
        for name in _COLUMNS
    )
    return f'<div class="loads {kind}">{spans}</div>'


def _find_class(name: str) -> str:
    return "number" if name in _NUMBERS else name


def _write_row(context: Context, row: Row) -> dict[str, str]:
    counts = {"created": "created", "altered": "changed", "deleted": "deleted"}
    return {
        "when": context.voice.write_time(datetime.fromisoformat(row["loaded_at"])),
        "what": _name_what(context, row),
        "actor": name_actor(context, row["actor"]),
        **{name: f"{row[stored]:,}" if row[stored] else "" for name, stored in counts.items()},
        "unchanged": f"{row['unchanged']:,}" if row["unchanged"] else "",
        "state": context.label(LOAD_STATES, row["state"]),
    }


def _name_what(context: Context, row: Row) -> str:
    file = name_file(context, row["file"])
    if row["act"] == "load":
        return context.set_beside((file, _name_edition(context, row)))
    entry = context.say("upload.history.act_edit", file=file)
    if row["act"] == "edit":
        return entry
    what = file if row["is_file"] else entry
    return context.say(f"upload.history.act_{row['act']}", file=what)


def _name_edition(context: Context, row: Row) -> str:
    if row["source"] is None:
        return ""
    source = context.label(OPEN_DATA_SOURCES, row["source"])
    return f"{source} {write_edition(context, row['edition'])}".strip()


def _turn_pages(context: Context, kind: str, page: int, total: int) -> None:
    last = (total - 1) // PAGE
    if last == 0:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        for name, step, may in (("newer", -1, page > 0), ("older", 1, page < last)):
            st.button(
                context.say(f"upload.history.{name}"),
                key=f"upload_history_{name}",
                disabled=not may,
                on_click=partial(_turn, kind, page + step),
            )
        st.caption(
            context.say(
                "upload.history.page",
                first=f"{page * PAGE + 1:,}",
                last=f"{min((page + 1) * PAGE, total):,}",
                total=f"{total:,}",
            )
        )


def _turn(kind: str, page: int) -> None:
    st.session_state[_TURN] = {kind: page}
