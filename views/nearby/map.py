"""The map beside the answer: drawn here, from what is on this machine."""

from __future__ import annotations

import os
from typing import Final

import streamlit as st

from graph.pictures.area_map import AreaMap, Mark, Place, draw_area_map, draw_tiled_map
from graph.pictures.ground import GroundTown, Shape, make_ground
from graph.pictures.tiles import Tiles
from graph.places import distance_m
from graph.store import Row
from loaders.places.gazetteer import list_members, list_parents, municipalities
from loaders.places.sources import read_towns
from views.areas import list_areas
from views.frame import Context
from views.nearby.destination import Destination
from views.nearby.groups import Groups
from views.nearby.wish import Wish

TILE_ADDRESS: Final = "TSUNAGI_TILE_URL"
TILE_CREDIT: Final = "TSUNAGI_TILE_CREDIT"
_REACH: Final = 1.5
"""Municipalities whose point is so many radii away can still reach into the frame …"""
_LARGE_M: Final = 15_000.0
"""… and a large one's point may lie that much farther."""


def show_map(context: Context, destination: Destination, wish: Wish, groups: Groups) -> None:
    """Draw the map; a sentence when the place has no point."""
    area_map = make_map(context, destination, wish, groups)
    if area_map is None:
        st.caption(context.say("nearby.map.nothing"))
        return
    if area_map.tiles is None:
        title = context.say("nearby.map.title", area=destination.name)
        st.image(draw_area_map(area_map), width="stretch", alt=title)
    else:
        st.html(draw_tiled_map(area_map, area_map.tiles))
        st.caption(area_map.tiles.credit)
    st.caption(context.mark("nearby.map.legend", area=destination.name))


def make_map(
    context: Context, destination: Destination, wish: Wish, groups: Groups
) -> AreaMap | None:
    """Return the map's values; None when the place has no point."""
    marks = [
        Mark(number, row["name"], row["latitude"], row["longitude"], row["serves"])
        for number, row in groups.placed
    ]
    middle = _find_middle(context, destination)
    if middle is None:
        return None
    radius_m = wish.km * 1_000.0
    return AreaMap(
        middle,
        radius_m,
        marks,
        [
            Place(row["name"], row["latitude"], row["longitude"])
            for row in list_areas(context).rows.values()
            if row["level"] == "municipality"
        ],
        ground=_make_ground(middle.latitude, middle.longitude, radius_m),
        home=frozenset(list_members(destination.area["area_id"])),
        tiles=_read_tiles(),
    )


def _read_tiles() -> Tiles | None:
    """Return where the operator's own map pictures come from; None unless the operator says so."""
    address = os.environ.get(TILE_ADDRESS, "")
    return Tiles(address, os.environ.get(TILE_CREDIT, "")) if address else None


def _find_middle(context: Context, destination: Destination) -> Place | None:
    """Return the point that distances are measured from: of an area without one, as the question.

    That is the middle of its parts.
    """
    area: Row = destination.area
    if destination.place.point is not None:
        return Place(destination.name, *destination.place.point)
    if area["latitude"] is not None:
        return Place(destination.name, area["latitude"], area["longitude"])
    parts = [
        row
        for area_id, row in list_areas(context).rows.items()
        if row["latitude"] is not None and list_parents(area_id)[:1] == (area["area_id"],)
    ]
    if not parts:
        return None
    return Place(
        destination.name,
        sum(row["latitude"] for row in parts) / len(parts),
        sum(row["longitude"] for row in parts) / len(parts),
    )


@st.cache_data(max_entries=100, show_spinner=False)
def _make_ground(latitude: float, longitude: float, radius_m: float) -> tuple[Shape, ...]:
    reach = radius_m * _REACH + _LARGE_M
    near = [
        one
        for one in municipalities()
        if distance_m((latitude, longitude), (one.latitude, one.longitude)) < reach
    ]
    towns = [
        GroundTown(town.latitude, town.longitude, one.code)
        for one in near
        for town in read_towns(one.code)
        if town.latitude is not None and town.longitude is not None
    ]
    return make_ground(towns, latitude, longitude, radius_m)
