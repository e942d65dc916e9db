"""What a person says of a file beside its cells: whose it is, of which day, what headers mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, TypedDict

import streamlit as st

from loaders.open_data.loading import EditionChoice
from loaders.reading.headers import Heading
from views.frame import Context
from views.upload.alike import read_same
from views.upload.editions import read_edition
from views.upload.headings import read_headings
from views.upload.preview import Preview

FACILITY: Final = "first_facility"
"""Where the session keeps the name a new user has given the facility, to be offered as owner."""

ASKED_FOR: Final = frozenset({"rows.facility_unknown", "rows.list_date_unknown"})
"""Problems that are asked about here instead of being listed."""


class Additions(TypedDict):
    """Arguments by name."""

    choice: EditionChoice
    headings: tuple[Heading, ...]
    made_on: date | None
    same: dict[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """Everything said of one file; a check holds as long as it stays the same."""

    owner: str | None
    made_on: date | None
    choice: EditionChoice
    headings: tuple[Heading, ...]
    same: tuple[tuple[str, str], ...]

    @property
    def more(self) -> Additions:
        """What `check_file` and `load_file` are given beside the owner."""
        return {
            "choice": self.choice,
            "headings": self.headings,
            "made_on": self.made_on,
            "same": dict(self.same),
        }


def read_said(key: str) -> Said:
    """Return what has been said of the file `key`; nothing before anybody said anything."""
    if named := st.session_state.get(FACILITY, "").strip():
        st.session_state.setdefault(f"upload_owner_{key}", named)
    return Said(
        st.session_state.get(f"upload_owner_{key}"),
        st.session_state.get(f"upload_day_{key}"),
        read_edition(key),
        read_headings(key),
        read_same(key),
    )


def ask_owner_and_day(context: Context, key: str, preview: Preview, said: Said) -> None:
    """Ask whose the lists and events of a file are, and of which day, where it does not say so."""
    codes = {problem.code for problem in preview.problems}
    if "rows.facility_unknown" in codes or said.owner:
        _ask_owner(context, key, needed="rows.facility_unknown" in codes)
    if "rows.list_date_unknown" in codes or said.made_on:
        _ask_day(context, key, needed="rows.list_date_unknown" in codes)


def _ask_owner(context: Context, key: str, *, needed: bool) -> None:
    if needed:
        st.warning(context.say("upload.owner.needed"))
    facilities = context.ask("ecomap_facilities")
    agencies = context.ask("path_starts", as_of=context.as_of)
    names = dict.fromkeys(row["name"] for row in (*facilities, *agencies))
    st.selectbox(
        context.say("upload.owner.title"),
        list(names),
        index=None,
        accept_new_options=True,
        placeholder=context.say("upload.owner.placeholder"),
        help=context.say("upload.owner.help"),
        key=f"upload_owner_{key}",
    )


def _ask_day(context: Context, key: str, *, needed: bool) -> None:
    if needed:
        st.warning(context.say("headings.day.needed"))
    st.date_input(
        context.say("headings.day.title"),
        value=None,
        max_value=date.today(),
        format="YYYY/MM/DD",
        key=f"upload_day_{key}",
    )
