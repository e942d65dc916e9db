"""The table field or help × area: who is where, as buttons for a click and the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import Final

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from graph.store import Row

# A sign beside every colour: the table must read in black and white, and to every eye.
SIGNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "covered": "●",
        "supporting": "●",
        "single": "①",
        "silent": "◇",
        "explained": "◐",
        "listed": "○",
        "known": "△",
        "none": "—",
        "unknown": "？",
        "declined": "×",
    }
)
STATES: Final = ("covered", "single", "silent", "explained", "listed", "known", "none", "unknown")

_FOLDER: Final = Path(__file__).parent
_FIELD_REM: Final = 10.0  # widths of the first and of the other columns, below which it scrolls
_AREA_REM: Final = 5.2
_BREAKS_AFTER: Final = "市郡"


@dataclass(frozen=True, slots=True)
class CoverageWords:
    """The words of the table: its name, and the labels of rows and states by code."""

    title: str
    corner: str
    categories: Mapping[str, str]
    states: Mapping[str, str]
    describe: Callable[[int], str]


def show_coverage(rows: Sequence[Row], words: CoverageWords, *, key: str) -> str:
    """Show the table and return the cell chosen last as "category|area_id"; "" until a click."""
    chosen = _read_cell(st.session_state.get(key))
    html = write_table(rows, words)
    _renderer()(key=key, data={"html": html, "selected": chosen}, on_cell_change=_ignore)
    return chosen


def name_cell(row: Row) -> str:
    """Return the name of a cell: "category|area_id"."""
    return f"{row['category']}|{row['area_id']}"


def write_table(rows: Sequence[Row], words: CoverageWords) -> str:
    """Return the HTML of the answer of coverage_matrix: fields or kinds of help down, areas across.

    Every text of the data is escaped. "" for no rows.
    """
    areas = {row["area_id"]: row["area_name"] for row in rows}
    cells = {(row["category"], row["area_id"]): row for row in rows}
    head = "".join(f'<th scope="col">{_break_name(name)}</th>' for name in areas.values())
    body = "".join(
        f'<tr><th scope="row">{escape(label)}</th>'
        + "".join(_write_cell(cells[category, area], label, words) for area in areas)
        + "</tr>"
        for category, label in words.categories.items()
    )
    if not areas:
        return ""
    width = f"min-width:{_FIELD_REM + _AREA_REM * len(areas)}rem"
    return (
        f'<table style="{width}" aria-label="{escape(words.title)}">'
        f'<thead><tr><th scope="col">{escape(words.corner)}</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def _write_cell(row: Row, category: str, words: CoverageWords) -> str:
    state = row["state"]
    told = (row["area_name"], category, words.states[state], words.describe(row["count"]))
    spoken = " ".join(filter(None, told))
    number = f'<span class="number">{row["count"]}</span>' if row["count"] else ""
    return (
        f'<td><button type="button" class="{escape(state)}" data-cell="{escape(name_cell(row))}" '
        f'title="{escape(spoken)}" aria-label="{escape(spoken)}">'
        f'<span class="sign">{SIGNS[state]}</span>{number}</button></td>'
    )


def _break_name(name: str) -> str:
    """Allow a line to break after the city: さいたま市｜大宮区."""
    for letter in _BREAKS_AFTER:
        city, found, ward = name.partition(letter)
        if found and ward:
            return f"{escape(city + found)}<wbr>{escape(ward)}"
    return escape(name)


def _read_cell(result: object) -> str:
    cell = result.get("cell") if isinstance(result, Mapping) else None
    return cell if isinstance(cell, str) else ""


@cache
def _renderer() -> ComponentRenderer:
    return st.components.v2.component(
        "tsunagi_coverage",
        html='<div class="coverage"></div>',
        css=(_FOLDER / "coverage_table.css").read_text(encoding="utf-8"),
        js=(_FOLDER / "coverage_table.js").read_text(encoding="utf-8"),
    )


def _ignore() -> None:
    """Stand in for a callback: a named state makes the result carry it."""
