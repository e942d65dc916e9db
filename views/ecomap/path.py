"""A path over the ecomap: which agencies, in which order, from the address and back to it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

import streamlit as st

from views.frame import Context, write_choice

PATH: Final = "path"
"""Key of the address parameter: organization ids in order, never a client's or a referral's."""

MOST_STEPS: Final = 20
_GIVEN: Final = "ecomap_path_given"
_SEPARATOR: Final = "|"  # no id holds it (graph.schema.ID_PATTERN)

Rows = list[dict[str, Any]]


def link_to_path(organization_ids: Sequence[str]) -> dict[str, str]:
    """Return the address parameters of the ecomap that show a path; {} for no agency."""
    return {PATH: _SEPARATOR.join(organization_ids)} if organization_ids else {}


def read_path(context: Context) -> Rows:
    """Return the agencies of the address's path in order, as rows of an ecomap.

    What is no organization is left out, and so is what comes after `MOST_STEPS`.
    """
    wanted = _take_address().split(_SEPARATOR)[:MOST_STEPS]
    found: dict[str, dict[str, Any]] = {}
    for organization_id in dict.fromkeys(filter(None, wanted)):
        asked = {"organization_id": organization_id, "as_of": context.as_of}
        for row in context.ask("agency_details", **asked):
            found[organization_id] = _make_row(organization_id, row)
    return [found[organization_id] for organization_id in wanted if organization_id in found]


def add_path(agencies: Rows, path: Rows, centres: Collection[str]) -> Rows:
    """Return the agencies of an ecomap with those of the path that do not stand in it."""
    there = {*centres, *(row["organization_id"] for row in agencies)}
    guests = {row["organization_id"]: row for row in path if row["organization_id"] not in there}
    return [*agencies, *guests.values()]


def show_path(context: Context, path: Rows, drawn: Collection[str]) -> None:
    """Say the path in one sentence, and offer its end."""
    names = " → ".join(f"{number} {row['name']}" for number, row in enumerate(path, 1))
    st.info(context.mark("ecomap_whose.path", names=names))
    missing = [row["name"] for row in path if row["organization_id"] not in drawn]
    if missing:
        st.caption(
            context.mark("ecomap_whose.path_missing", names="、".join(dict.fromkeys(missing)))
        )
    st.button(context.say("ecomap_whose.path_end"), on_click=end_path, key="end_path")


def end_path() -> None:
    """Take the path off the picture and out of the address."""
    st.session_state[PATH] = ""


def _take_address() -> str:
    """Return the path as the session has it, or as an address says that has come since."""
    given: str = st.query_params.get(PATH, "")
    if PATH not in st.session_state or given != st.session_state.get(_GIVEN, ""):
        st.session_state[PATH] = given
    chosen: str = st.session_state[PATH]
    st.session_state[_GIVEN] = chosen
    write_choice(PATH, chosen, "")
    return chosen


def _make_row(organization_id: str, details: dict[str, Any]) -> dict[str, Any]:
    return {
        "organization_id": organization_id, "name": details["name"], "short_name": None,
        "field": details["field"], "stage": "known", "stage_since": None,
        "contact_changed_on": None, "anxiety": None, "slot": None,
    }  # fmt: skip
