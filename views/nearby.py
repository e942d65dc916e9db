"""The page 帰住先の近く: which agencies are near a destination, whom to call first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from graph.pictures.area_map import AreaMap, Mark, Place, draw_area_map
from graph.store import Row
from graph.vocabulary import FIELDS, REFERRAL_STATUSES, STAGES, SUPPORTS
from loaders.places.sources import read_towns
from views import tables
from views.areas import choose_area, list_areas
from views.choices import choose_some
from views.frame import Context, show_empty, write_date
from views.tables import draw_chip, draw_phone, draw_table

DISTANCES_KM: Final = (5, 10, 20, 30, 50, 100)
USUAL_KM: Final = 20
LIMIT: Final = 200
_ROUGH: Final = ("municipality", "town")
_COLUMNS: Final = (
    "number", "name", "field", "stage", "distance", "municipality", "phone", "serves", "offers",
    "last_referral",
)  # fmt: skip
_WITHOUT_PLACE: Final = ("name", "field", "stage", "municipality", "phone", "serves", "offers",
                         "last_referral")  # fmt: skip
_ONE_LINE: Final = ("field", "stage", "distance", "phone", "serves")

# Beside each other the table and the map need a wide screen; on others the map goes below.
_STYLE: Final = """<style>@media(max-width:1500px){
.st-key-nearby_answer>[data-testid=stLayoutWrapper]>[data-testid=stHorizontalBlock],
.st-key-nearby_answer>[data-testid=stHorizontalBlock]{flex-direction:column}
.st-key-nearby_answer [data-testid=stColumn]{width:100%;flex:none}
.st-key-nearby_answer [data-testid=stImage]{max-width:720px}}</style>"""


@dataclass(frozen=True, slots=True)
class Numbered:
    """Agencies with a place, numbered from 1 in order of distance, and those without."""

    located: tuple[tuple[int, Row], ...]
    unknown: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked."""

    area: Row
    fields: tuple[str, ...]
    support_ids: tuple[str, ...]
    km: int
    serves_only: bool


def show(context: Context) -> None:
    """Draw the page."""
    if context.facility_id is None:
        show_empty(context, "nearby.empty")
        return
    st.html(tables.STYLE)
    st.html(_STYLE)
    wish = _choose_wish(context)
    if wish is None:
        st.info(context.say("nearby.choose"))
        return
    rows = context.ask(
        "nearby_organizations",
        **context.about(
            area_id=wish.area["area_id"],
            fields=list(wish.fields),
            support_ids=list(wish.support_ids),
            radius_m=wish.km * 1_000.0,
            limit=LIMIT,
        ),
    )
    shown = [row for row in rows if row["serves"] or not wish.serves_only]
    if not shown:
        st.info(context.say("nearby.none", area=wish.area["full_name"], km=wish.km))
        return
    _show_answer(context, wish, shown, limited=len(rows) == LIMIT)


def number_rows(rows: Sequence[Row]) -> Numbered:
    """Number the agencies that have a distance, nearest first; the others stand apart.

    Of agencies at one distance those come first that serve the place, then the most advanced.
    """
    ordered = sorted(rows, key=_rank)
    located = [row for row in ordered if row["distance_m"] is not None]
    unknown = tuple(row for row in ordered if row["distance_m"] is None)
    return Numbered(tuple(enumerate(located, start=1)), unknown)


def _rank(row: Row) -> tuple[float, bool, int, str]:
    distance = 0.0 if row["distance_m"] is None else row["distance_m"]
    return distance, not row["serves"], STAGES.codes.index(row["stage"]), row["name"]


def write_distance(context: Context, row: Row) -> str:
    """Return the distance in words, no more exact than the agency's place is known."""
    if row["distance_m"] is None:
        return ""
    if row["location_accuracy"] not in _ROUGH:
        return context.say("nearby.distance.exact", km=f"{row['distance_m'] / 1000:.1f}")
    if row["location_accuracy"] == "municipality" and row["distance_m"] < 1:
        return context.say("nearby.distance.same")
    return context.say("nearby.distance.about", km=f"{row['distance_m'] / 1000:.0f}")


def _choose_wish(context: Context) -> Wish | None:
    first = st.columns([3, 3, 2], vertical_alignment="bottom")
    second = st.columns([3, 3, 2], vertical_alignment="bottom")
    with first[0]:
        area = choose_area(context, context.say("nearby.area.title"))
    with first[1]:
        km = st.select_slider(
            context.say("nearby.distance.title"),
            DISTANCES_KM,
            value=USUAL_KM,
            key="km",
            bind="query-params",
        )
    with first[2]:
        serves_only = st.toggle(
            context.say("nearby.serves_only"), key="serves", bind="query-params"
        )
    with second[0]:
        fields = choose_some(
            context.say("nearby.fields.title"),
            FIELDS.codes,
            lambda code: context.label(FIELDS, code),
            "fields",
            context.say("nearby.fields.any"),
        )
    with second[1]:
        needs = choose_some(
            context.say("nearby.needs.title"),
            SUPPORTS.codes,
            lambda code: context.label(SUPPORTS, code),
            "needs",
            context.say("nearby.needs.any"),
        )
    return Wish(area, fields, needs, km, serves_only) if area else None


def _show_answer(context: Context, wish: Wish, rows: Sequence[Row], *, limited: bool) -> None:
    numbered = number_rows(rows)
    st.markdown(
        context.say(
            "nearby.summary",
            area=wish.area["full_name"],
            count=len(rows),
            serving=sum(row["serves"] for row in rows),
            supporting=sum(row["stage"] == "supporting" for row in rows),
        )
    )
    if limited:
        st.caption(context.say("nearby.limited", limit=LIMIT))
    with st.container(key="nearby_answer"):
        table, picture = st.columns([3, 2], gap="medium")
    with picture:
        _show_map(context, wish, numbered)
    with table:
        if numbered.located:
            st.html(_draw_rows(context, _COLUMNS, numbered.located))
            st.caption(context.say("nearby.distance.note"))
        _show_unknown(context, numbered.unknown)


def _show_unknown(context: Context, rows: Sequence[Row]) -> None:
    if rows:
        st.markdown(f"**{context.say('nearby.unknown.title', count=len(rows))}**")
        st.caption(context.say("nearby.unknown.note"))
        st.html(_draw_rows(context, _WITHOUT_PLACE, [(0, row) for row in rows]))


def _draw_rows(context: Context, columns: Sequence[str], rows: Sequence[tuple[int, Row]]) -> str:
    filled = [column for column in columns if column != "phone" or any(r["phone"] for _, r in rows)]
    return draw_table(
        [context.say(f"nearby.column.{column}") for column in filled],
        [[_write_cell(context, column, number, row) for column in filled] for number, row in rows],
        numbers=[i for i, column in enumerate(filled) if column == "number"],
        whole=[i for i, column in enumerate(filled) if column in _ONE_LINE],
    )


def _write_cell(context: Context, column: str, number: int, row: Row) -> str:
    writers: dict[str, Callable[[], str]] = {
        "number": lambda: str(number),
        "field": lambda: context.label(FIELDS, row["field"]),
        "stage": lambda: draw_chip(context.label(STAGES, row["stage"])),
        "distance": lambda: write_distance(context, row),
        "phone": lambda: draw_phone(row["phone"]),
        "serves": lambda: context.say(f"nearby.serves.{'yes' if row['serves'] else 'unknown'}"),
        "offers": lambda: "・".join(context.label(SUPPORTS, code) for code in row["offers"]),
        "last_referral": lambda: _write_referral(context, row),
    }
    return writers[column]() if column in writers else row[column] or ""


def _write_referral(context: Context, row: Row) -> str:
    day = write_date(row["last_referral_on"], context.language)
    status = context.label(REFERRAL_STATUSES, row["last_referral_status"])
    return " ".join(filter(None, [day, status]))


def _show_map(context: Context, wish: Wish, numbered: Numbered) -> None:
    area_map = make_map(context, wish, numbered)
    if area_map is None:
        st.caption(context.say("nearby.map.nothing"))
        return
    name = wish.area["full_name"]
    st.image(
        draw_area_map(area_map), width="stretch", alt=context.say("nearby.map.title", area=name)
    )
    st.caption(context.say("nearby.map.legend", area=name))


def make_map(context: Context, wish: Wish, numbered: Numbered) -> AreaMap | None:
    """Return the map's values; None when neither the area nor an agency has a point."""
    marks = [
        Mark(number, row["name"], row["latitude"], row["longitude"], row["serves"])
        for number, row in numbered.located
    ]
    middle = _find_middle(wish.area, marks)
    if middle is None:
        return None
    towns = read_towns(wish.area["area_id"]) if wish.area["level"] == "municipality" else ()
    return AreaMap(
        middle,
        wish.km * 1_000.0,
        marks,
        [
            Place(row["name"], row["latitude"], row["longitude"])
            for row in list_areas(context).rows.values()
            if row["level"] == "municipality"
        ],
        [
            (town.latitude, town.longitude)
            for town in towns
            if town.latitude is not None and town.longitude is not None
        ],
    )


def _find_middle(area: Row, marks: Sequence[Mark]) -> Place | None:
    """Return the area's point; of an area without one the middle of the agencies there."""
    if area["latitude"] is not None:
        return Place(area["full_name"], area["latitude"], area["longitude"])
    if not marks:
        return None
    return Place(
        area["full_name"],
        sum(mark.latitude for mark in marks) / len(marks),
        sum(mark.longitude for mark in marks) / len(marks),
    )
