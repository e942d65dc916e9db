"""Agencies of open data that could fill an empty cell: below the ranking of those listed."""

from __future__ import annotations

from typing import Final

import streamlit as st

from graph.analysis.candidates import Filling, Row, fill_cells, list_empty_cells
from graph.vocabulary import OPEN_DATA_SOURCES, SUPPORTS, Vocabulary
from views import tables
from views.choices import choose_one
from views.frame import Context
from views.gaps.coverage import ROWS
from views.tables import draw_phone, draw_table
from views.upload.editions import write_edition

CELLS_SHOWN: Final = 12
AGENCIES_SHOWN: Final = 3


def show_candidates(context: Context) -> None:
    """Draw the empty cells of the prefecture and who could fill them; nothing without any.

    Whoever may not plan contacts is shown nothing either.
    """
    found = _find_all(context) if context.may("plan") else {}
    if not any(found.values()):
        return
    st.subheader(context.say("open_data.candidates.title"))
    st.caption(context.say("open_data.candidates.about"))
    by = choose_one(
        context.say("open_data.candidates.by"),
        tuple(ROWS),
        "field",
        lambda code: context.say(f"open_data.candidates.{code}"),
        "candidates_by",
    )
    fillings = found[by]
    if not fillings:
        st.info(context.say("open_data.candidates.nobody"))
        return
    st.html(tables.STYLE)
    columns = ("area", by, "agency", "offers", "phone", "source")
    st.html(
        draw_table(
            [context.say(f"open_data.candidates.{column}") for column in columns],
            [
                row
                for filling in fillings[:CELLS_SHOWN]
                for row in _write_filling(context, filling, ROWS[by])
            ],
            caption=context.say("open_data.candidates.title"),
            whole=[0, 1, 4],
        )
    )
    if len(fillings) > CELLS_SHOWN:
        st.caption(context.say("open_data.candidates.more", count=len(fillings) - CELLS_SHOWN))


def _find_all(context: Context) -> dict[str, list[Filling]]:
    return {by: find_fillings(context, by) for by in ROWS}


def find_fillings(context: Context, by: str) -> list[Filling]:
    """Ask for the empty cells of the facility's prefecture and for who could fill them."""
    cells = context.ask("coverage_matrix", **context.about(by=by))
    empty = list_empty_cells(cells)
    if not empty:
        return []
    candidates = context.ask(
        "open_data_candidates",
        **context.about(
            by=by,
            area_ids=sorted({cell["area_id"] for cell in empty}),
            categories=sorted({cell["category"] for cell in empty}),
            limit=AGENCIES_SHOWN,
        ),
    )
    return fill_cells(cells, candidates)


def _write_filling(context: Context, filling: Filling, words: Vocabulary) -> list[tuple[str, ...]]:
    state = context.say(f"open_data.candidates.{filling.state}")
    category = f"{context.label(words, filling.category)}（{state}）"
    rows = [
        ("", "", *_write_agency(context, agency)) for agency in filling.agencies[:AGENCIES_SHOWN]
    ]
    rows[0] = (filling.area_name, category, *rows[0][2:])
    rest = filling.found - len(rows)
    if rest > 0:
        others = context.say("open_data.candidates.others", count=f"{rest:,}")
        rows.append(("", "", others, "", "", ""))
    return rows


def _write_agency(context: Context, agency: Row) -> tuple[str, ...]:
    kind = f"（{agency['agency_type']}）" if agency["agency_type"] else ""
    place = context.say("open_data.candidates." + ("serves" if agency["serves"] else "stands"))
    offers = context.list_words(context.label(SUPPORTS, code) for code in agency["offers"])
    edition = write_edition(context, agency["edition"])
    source = f"{context.label(OPEN_DATA_SOURCES, agency['source'])} {edition}"
    return f"{agency['name']}{kind} {place}", offers, draw_phone(agency["phone"]), source
