"""The form of whom an agency takes, when, at what cost, and how many places it has free."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from graph.store import Row
from graph.vocabulary import ACCEPTANCES, COST_KINDS, OFFENCES, SEXES_ACCEPTED, Vocabulary
from loaders.condition_forms import (
    CHECKED_ON,
    CODED,
    COUNTS,
    FLAGS,
    OFFENCES_BY_ANSWER,
    WORDS,
    read_conditions_form,
    stand_conditions,
)
from views.frame import Context, describe
from views.record.saving import Opening, open_form, save, show_clash

_VOCABULARIES: Final[Mapping[str, Vocabulary]] = {
    "accepts_sex": SEXES_ACCEPTED,
    "accepts_disability": ACCEPTANCES,
    "accepts_released": ACCEPTANCES,
    "cost_kind": COST_KINDS,
}
_LINES: Final = (
    ("accepts_sex", "age_from", "age_to"),
    ("accepts_disability", "accepts_released", "cost_kind"),
    *((name,) for name in OFFENCES_BY_ANSWER),
    ("cost", "open_weekend", "open_night"),
    ("capacity", "vacancies", CHECKED_ON),
    ("hours",),
)
"""The cells of the form, line by line; the long words and the hidden address follow."""

_LONGEST_WORDS: Final = 2_000
_LARGEST: Final = 100_000

Ask = Callable[[Context, Opening, str, Row], object]


def show_conditions_form(context: Context, organization_id: str) -> None:
    """Draw the conditions of the agency as they stand, to be entered and corrected."""
    opening = open_form(
        f"conditions {organization_id}",
        lambda: context.ask("record_conditions", organization_id=organization_id),
    )
    show_clash(context, opening)
    if not opening.rows:
        return
    st.caption(context.say("record.conditions.hint"))
    with st.form(opening.key("form")):
        cells = _ask_cells(context, opening, opening.rows[0])
        sent = st.form_submit_button(context.say("record.save"), type="primary")
    if sent:
        labels = {name: describe("Organization", name, context.language) for name in cells}
        standing = stand_conditions(opening.rows[0])
        save(context, opening, read_conditions_form(cells, labels, standing), [standing])


def _ask_cells(context: Context, opening: Opening, row: Row) -> dict[str, object]:
    cells: dict[str, object] = {}
    for line in _LINES:
        columns = st.columns(len(line), vertical_alignment="bottom")
        for name, column in zip(line, columns, strict=True):
            with column:
                cells[name] = _choose_way(name)(context, opening, name, row)
    cells["conditions"] = st.text_area(
        _label(context, "conditions"),
        row["conditions"] or "",
        max_chars=_LONGEST_WORDS,
        key=opening.key("conditions"),
    )
    cells["hidden_address"] = st.checkbox(
        _label(context, "hidden_address"),
        bool(row["hidden_address"]),
        help=context.say("record.conditions.hidden_help"),
        key=opening.key("hidden_address"),
    )
    return cells


def _choose_way(name: str) -> Ask:
    if name in CODED:
        return _ask_code
    if name in OFFENCES_BY_ANSWER:
        return _ask_offences
    if name in COUNTS:
        return _ask_count
    if name in FLAGS:
        return _ask_flag
    return _ask_words if name in WORDS else _ask_day


def _ask_code(context: Context, opening: Opening, name: str, row: Row) -> str | None:
    words = _VOCABULARIES[name]
    options: list[str | None] = [None, *words.codes]
    code: str | None = st.selectbox(
        _label(context, name),
        options,
        index=options.index(row[name]),
        format_func=lambda one: context.label(words, one) or _unknown(context),
        key=opening.key(name),
    )
    return code


def _ask_offences(context: Context, opening: Opening, name: str, row: Row) -> str:
    chosen = st.pills(
        _label(context, name),
        OFFENCES.codes,
        selection_mode="multi",
        default=(row[name] or "").split(),
        format_func=lambda code: context.label(OFFENCES, code),
        key=opening.key(name),
    )
    return "、".join(chosen)


def _ask_flag(context: Context, opening: Opening, name: str, row: Row) -> bool | None:
    options = [None, True, False]
    words = {True: context.say("record.conditions.yes"), False: context.say("record.conditions.no")}
    answer: bool | None = st.selectbox(
        _label(context, name),
        options,
        index=options.index(row[name]),
        format_func=lambda one: _unknown(context) if one is None else words[one],
        key=opening.key(name),
    )
    return answer


def _ask_count(context: Context, opening: Opening, name: str, row: Row) -> int | None:
    number: int | None = st.number_input(
        _label(context, name),
        min_value=0,
        max_value=_LARGEST,
        value=row[name],
        step=1,
        placeholder=_unknown(context),
        key=opening.key(name),
    )
    return number


def _ask_words(context: Context, opening: Opening, name: str, row: Row) -> str:
    return st.text_input(
        _label(context, name), row[name] or "", autocomplete="off", key=opening.key(name)
    )


def _ask_day(context: Context, opening: Opening, name: str, row: Row) -> str:
    return st.text_input(
        _label(context, name),
        context.write_short(row[name], row[f"{name}_precision"]),
        help=context.say("record.conditions.day_help"),
        autocomplete="off",
        key=opening.key(name),
    )


def _label(context: Context, name: str) -> str:
    return describe("Organization", name, context.language)


def _unknown(context: Context) -> str:
    return context.say("record.conditions.unknown")
