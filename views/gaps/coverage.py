"""The part 分野と地域のすき間 of the gaps page: who serves which area, by field or kind of help."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Final

import streamlit as st

from graph.store import Row
from graph.vocabulary import AREA_LEVELS, FIELDS, STAGES, SUPPORTS, Vocabulary
from views.choices import choose_one, choose_some
from views.frame import Context, show_empty
from views.gaps.coverage_table import SIGNS, STATES, CoverageWords, name_cell, show_coverage

_LEVELS: Final = ("municipality", "care_area")
_MONTHS: Final = ("3", "6", "12")
_FIRST_MONTHS: Final = "6"
_MOST_AGENCIES: Final = 100

ROWS: Final[Mapping[str, Vocabulary]] = {"field": FIELDS, "support": SUPPORTS}
"""What the rows of the table may be, with their words."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was chosen to be shown, and the cells of the answer; [] for no areas."""

    by: str
    silent_months: int
    cells: list[Row]


def choose_coverage(context: Context) -> Coverage:
    """Draw the choice of rows, areas and months, and return the cells of the matrix for it."""
    st.subheader(context.say("gaps.coverage.title"))
    bar = st.columns([2, 2, 3, 3], vertical_alignment="bottom")
    with bar[0]:
        by = choose_one(
            context.say("gaps.coverage.by"),
            tuple(ROWS),
            "field",
            lambda code: context.say(f"gaps.coverage.by_{code}"),
            "gaps_by",
        )
    with bar[1]:
        level = choose_one(
            context.say("gaps.coverage.level"),
            _LEVELS,
            _LEVELS[0],
            partial(context.label, AREA_LEVELS),
            "gaps_level",
        )
    with bar[2]:
        months = choose_one(
            context.say("gaps.coverage.silent"),
            _MONTHS,
            _FIRST_MONTHS,
            lambda code: context.say("gaps.coverage.months", count=code),
            "gaps_silent",
            help=context.say("gaps.coverage.silent_help"),
        )
    with bar[3]:
        area_ids = _choose_areas(context, level)
    chosen = {"by": by, "area_ids": area_ids, "silent_months": int(months)}
    return Coverage(by, int(months), context.ask("coverage_matrix", **context.about(**chosen)))


@st.fragment
def show_cells(context: Context, coverage: Coverage) -> None:
    """Draw the table, its legend, and the agencies of the cell chosen in it."""
    if not coverage.cells:
        show_empty(context, "gaps.coverage.empty")
        return
    table, panel = st.columns([4, 1], gap="medium")
    with table:
        words = _word_coverage(context, coverage)
        chosen = show_coverage(coverage.cells, words, key="gaps_coverage")
        st.html(write_legend(context.say, coverage.cells, coverage.silent_months))
    with panel:
        cell = next((row for row in coverage.cells if name_cell(row) == chosen), None)
        if cell is None:
            st.info(context.say("gaps.coverage.hint"), icon=":material/touch_app:")
        else:
            st.html(_write_cell_details(context, coverage, cell))


def write_legend(say: Callable[..., str], cells: Sequence[Row], months: int) -> str:
    """Return the signs with their meaning and how many cells show each, as HTML."""
    items = "".join(
        f'<li><span class="{state}">{SIGNS[state]}</span>'
        f"{escape(say(f'gaps.state.{state}', months=months))}"
        f"<b>{sum(cell['state'] == state for cell in cells)}</b></li>"
        for state in STATES
    )
    return f'<ul class="gaps-legend">{items}</ul>'


def _choose_areas(context: Context, level: str) -> list[str]:
    """Return the areas chosen; [] for those that the question knows to be of interest."""
    areas = context.ask("coverage_areas", facility_id=context.facility_id, level=level)
    names = {row["area_id"]: row["name"] for row in areas}
    chosen = choose_some(
        context.say("gaps.coverage.areas"),
        list(names),
        lambda area_id: names.get(area_id, area_id),
        f"gaps_{level}",
        context.say(f"gaps.coverage.all_{level}"),
    )
    if level == "care_area":
        st.caption(context.say("gaps.coverage.care_area"))
        return list(chosen or names)
    return list(chosen)


def _word_coverage(context: Context, coverage: Coverage) -> CoverageWords:
    words = ROWS[coverage.by]
    months = coverage.silent_months
    return CoverageWords(
        title=context.say("gaps.coverage.title"),
        corner=context.say(f"gaps.coverage.by_{coverage.by}"),
        categories={code: context.label(words, code) for code in words.codes},
        states={state: context.say(f"gaps.state.{state}", months=months) for state in STATES},
        describe=lambda count: context.say("gaps.agencies", count=count) if count else "",
    )


def _write_cell_details(context: Context, coverage: Coverage, cell: Row) -> str:
    agencies = context.ask(
        "coverage_agencies",
        **context.about(
            by=coverage.by,
            category=cell["category"],
            area_id=cell["area_id"],
            limit=_MOST_AGENCIES,
        ),
    )
    items = "".join(_write_agency(context, row) for row in agencies)
    more = cell["count"] - sum(row["stage"] != "declined" for row in agencies)
    rest = f"<p>{escape(context.say('gaps.coverage.more', count=more))}</p>" if more > 0 else ""
    words = {"months": coverage.silent_months}
    state = context.say(f"gaps.state.{cell['state']}", **words)
    advice = context.say(f"gaps.coverage.advice.{cell['state']}", **words)
    category = context.label(ROWS[coverage.by], cell["category"])
    return (
        f'<div class="gaps-cell" role="status"><h4>{escape(category)} × '
        f"{escape(cell['area_name'])}</h4><p><b>{SIGNS[cell['state']]} {escape(state)}</b></p>"
        f"<p>{escape(advice)}</p><ul>{items}</ul>{rest}</div>"
    )


def _write_agency(context: Context, row: Row) -> str:
    told = (
        context.label(STAGES, row["stage"]),
        context.say("gaps.coverage.serves", area=row["serves"]),
        _write_contact(context, row),
    )
    small = escape(context.set_beside(told))
    return f"<li>{SIGNS[row['stage']]} {escape(row['name'])}<small>{small}</small></li>"


def _write_contact(context: Context, row: Row) -> str:
    if row["last_contact_on"] is None:
        return ""
    day = context.write_date(row["last_contact_on"], row["last_contact_precision"])
    return context.say("gaps.coverage.last_contact", day=day)
