"""The areas of Japan to choose from: one searchable list of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import streamlit as st

from graph.store import Row
from views.choices import choose_from_list
from views.frame import Context


@dataclass(frozen=True)
class Areas:
    """Every area but the nation, by id, in order of the codes."""

    rows: Mapping[str, Row]

    @cached_property
    def by_full_name(self) -> dict[str, str]:
        """Full name → id."""
        return {row["full_name"]: area_id for area_id, row in self.rows.items()}


@st.cache_resource(show_spinner=False)
def _remember_areas() -> dict[str, Areas]:
    return {}


def list_areas(context: Context) -> Areas:
    """Return the areas; asked once per process, since only a new edition of them changes them."""
    remembered = _remember_areas()
    if "areas" not in remembered:
        areas = Areas({row["area_id"]: row for row in context.ask("list_areas")})
        if not areas.rows:
            return areas
        remembered["areas"] = areas
    return remembered["areas"]


def choose_area(context: Context, label: str) -> Row | None:
    """Draw the list of areas and return the chosen one, None before one is chosen.

    It begins with the municipality of the facility, or the first area that the facility serves.
    The choice stays when another page asks for an area.
    """
    areas = list_areas(context)
    chosen = choose_from_list(
        label,
        list(areas.rows),
        find_own_area(context, areas),
        lambda area_id: areas.rows[area_id]["full_name"],
        "area",
        help=context.say("nearby.list.help"),
        placeholder=context.say("nearby.list.placeholder"),
    )
    return areas.rows.get(chosen) if chosen else None


def find_own_area(context: Context, areas: Areas) -> str | None:
    """Return the municipality of the facility, or the first area that it serves; None for none."""
    if context.facility_id is None:
        return None
    details = context.ask(
        "agency_details", organization_id=context.facility_id, as_of=context.as_of
    )
    names = [name for row in details for name in (row["municipality"], *row["serves"]) if name]
    return next((areas.by_full_name[n] for n in names if n in areas.by_full_name), None)
