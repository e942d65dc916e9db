"""What the page 取り込み says and asks of open data: which set, which edition, who vanished."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import streamlit as st

from graph.vocabulary import OPEN_DATA_SOURCES
from loaders.loading import OpenDataOutcome
from loaders.open_data.editions import find_edition
from loaders.open_data.loading import EditionChoice
from loaders.problems import Problem
from views.frame import Context

ASKED: Final = frozenset({"open_data.edition_missing"})
INSISTED: Final = frozenset(
    {"open_data.edition_older", "open_data.edition_short", "open_data.other_table"}
)
"""Problems that a person may overrule."""

SHOWN: Final = frozenset({"open_data.edition_small"})
"""Notices about the whole file, which must not wait in a folded list."""

_FIRST: Final = date(2018, 1, 1)  # before the first edition of any of these data sets


def read_edition(key: str) -> EditionChoice:
    """Return what has been chosen for the file `key`; nothing before anybody chose."""
    return EditionChoice(
        st.session_state.get(f"upload_edition_{key}"),
        bool(st.session_state.get(f"upload_accept_{key}")),
    )


def ask_edition(context: Context, key: str, problems: Sequence[Problem]) -> None:
    """Ask for the edition, or whether an odd one is meant, where the file's check asks for it."""
    choice = read_edition(key)
    codes = {problem.code for problem in problems}
    if codes & ASKED or choice.edition:
        if codes & ASKED:
            st.warning(context.say("upload.edition.needed"))
        st.date_input(
            context.say("upload.edition.title"),
            value=None,
            min_value=_FIRST,
            max_value=date.today(),
            format="YYYY/MM/DD",
            help=context.say("upload.edition.help"),
            key=f"upload_edition_{key}",
        )
    for problem in problems:
        if problem.code in INSISTED:
            st.error(_say(context, problem))
    if codes & INSISTED or choice.accept:
        st.checkbox(context.say("upload.edition.accept"), key=f"upload_accept_{key}")


def show_open_data(context: Context, found: OpenDataOutcome, rows: int) -> None:
    """Say which data set and edition the file is, and what becomes of its rows."""
    source = context.label(OPEN_DATA_SOURCES, found.survey.source)
    if found.survey.edition is None:
        words = context.say("upload.open_data.undated", source=source, rows=f"{rows:,}")
    else:
        edition = write_edition(context, found.survey.edition)
        words = context.say(
            "upload.open_data.title", source=source, edition=edition, rows=f"{rows:,}"
        )
    st.markdown(words)
    st.caption(context.say("upload.open_data.place"))
    if found.in_parts:
        key = "upload.open_data.resumed" if found.resumed else "upload.open_data.in_parts"
        st.info(context.say(key))
    for notice in found.survey.notices:
        if notice.code in SHOWN:
            st.warning(_say(context, notice))
    if found.vanished:
        st.warning(context.say("upload.open_data.vanished", count=found.vanished))
    if found.doubtful:
        st.info(context.say("upload.open_data.doubtful", count=found.doubtful))


def write_edition(context: Context, edition: date | None) -> str:
    """Return an edition as people say it: a month, with its day unless that is the first."""
    precision = "month" if edition is not None and edition.day == 1 else None
    return context.write_date(edition, precision)


def _say(context: Context, problem: Problem) -> str:
    """Return a problem in the page's language, its editions and data sets as people call them."""
    values = dict(problem.values)
    for name, value in problem.values:
        if name in ("edition", "loaded"):
            values[name] = write_edition(context, find_edition(value))
        elif name.endswith("_source"):
            values[name.replace("_source", "_set")] = context.label(OPEN_DATA_SOURCES, value)
    return context.mark(problem.code, **values)
