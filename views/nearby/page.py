"""The page 帰住先の近く: which agencies serve a place or stand near it, whom to call first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from graph.store import Row
from loaders.places.gazetteer import care_areas
from views import tables
from views.frame import Context, show_empty
from views.nearby.answer import draw_placed, draw_unplaced
from views.nearby.card import offer_card
from views.nearby.destination import STYLE, Destination, ask_clients, choose_destination
from views.nearby.groups import Groups, group_rows
from views.nearby.map import show_map
from views.nearby.wish import Wish, choose_conditions, choose_distance, choose_wish

LIMIT: Final = 200

# Beside each other the table and the map need a wide screen; on others the map stands first: below
# hundreds of rows nobody would find it.
_STYLE: Final = """<style>@media(max-width:1500px){
.st-key-nearby_answer>[data-testid=stLayoutWrapper]>[data-testid=stHorizontalBlock],
.st-key-nearby_answer>[data-testid=stHorizontalBlock]{flex-direction:column-reverse}
.st-key-nearby_answer [data-testid=stColumn]{width:100%;flex:none}
.st-key-nearby_answer [data-testid=stImage]{max-width:560px}}
table.plain small{color:#56616c}
table.plain tr.below:has(td[colspan]:empty){display:none}
table.plain tr.above:has(+tr.below td[colspan]:empty) td{
border-bottom:1px solid #dbe2e8;padding-bottom:.35rem}</style>"""


def show(context: Context) -> None:
    """Draw the page."""
    if context.facility_id is None:
        show_empty(context, "nearby.empty")
        return
    for style in (tables.STYLE, _STYLE, STYLE):
        st.html(style)
    clients = ask_clients(context)
    where, how_far, for_whom = st.columns([5, 3, 2], vertical_alignment="bottom")
    with how_far:
        choose_distance(context)
    with for_whom:
        choose_conditions(context)
    destination = choose_destination(context, where, clients)
    wish = choose_wish(context, destination)
    if destination is None:
        return
    rows = _ask(context, destination, wish)
    if not rows:
        st.info(context.mark("nearby.none", area=destination.name, km=wish.km))
        return
    _show_answer(context, destination, wish, rows)


def _ask(context: Context, destination: Destination, wish: Wish) -> list[Row]:
    latitude, longitude = destination.place.point or (None, None)
    return context.ask(
        "nearby_organizations",
        **context.about(
            area_id=destination.area["area_id"],
            latitude=latitude,
            longitude=longitude,
            fields=list(wish.fields),
            stages=list(wish.stages),
            support_ids=list(wish.support_ids),
            radius_m=wish.km * 1_000.0,
            limit=LIMIT,
            **wish.conditions.parameters,
        ),
    )


def _show_answer(
    context: Context, destination: Destination, wish: Wish, rows: Sequence[Row]
) -> None:
    groups = group_rows(rows)
    _show_summary(context, destination, wish, groups)
    if len(rows) == LIMIT:
        st.caption(context.say("nearby.limited", limit=LIMIT))
    introducers = _ask_introducers(context, rows)
    with st.container(key="nearby_answer"):
        table, picture = st.columns([3, 2], gap="medium")
    with picture:
        show_map(context, destination, wish, groups)
        if context.may("export"):
            offer_card(context, destination, wish, groups)
    with table:
        _show_groups(context, destination, wish, groups, introducers)
    _show_sources(context, destination)


def _show_summary(context: Context, destination: Destination, wish: Wish, groups: Groups) -> None:
    key = "nearby.summary.area" if destination.place.point is None else "nearby.summary.point"
    st.markdown(
        context.say(
            key,
            area=destination.name,
            accuracy=context.say(f"places.accuracy.{destination.place.accuracy}"),
            count=len(groups.rows),
            serving=sum(row["serves"] for row in groups.rows),
            supporting=sum(row["stage"] == "supporting" for row in groups.rows),
        )
    )
    if wish.conditions.count:
        st.caption(context.say("nearby.conditions.asked", count=wish.conditions.count))


def _ask_introducers(context: Context, rows: Sequence[Row]) -> dict[str, list[str]]:
    strangers = [row["organization_id"] for row in rows if row["stage"] != "supporting"]
    answer = context.ask("near_introducers", **context.about(organization_ids=strangers))
    return {row["organization_id"]: row["introducers"] for row in answer}


def _show_groups(
    context: Context,
    destination: Destination,
    wish: Wish,
    groups: Groups,
    introducers: dict[str, list[str]],
) -> None:
    is_wide = destination.area["level"] != "municipality"
    for name, numbered in (("serving", groups.serving), ("near", groups.near)):
        key = "within" if name == "near" and is_wide else name
        title = context.say(f"nearby.group.{key}", count=len(numbered), km=wish.km)
        st.markdown(f"#### {title}")
        if numbered:
            st.html(draw_placed(context, wish.conditions, numbered, introducers, title))
        else:
            st.caption(context.say(f"nearby.group.no_{name}"))
    if groups.placed:
        st.caption(context.say("nearby.distance.note"))
    if groups.unplaced:
        title = context.say("nearby.unknown.title", count=len(groups.unplaced))
        st.markdown(f"#### {title}")
        st.caption(context.say("nearby.unknown.note"))
        st.html(draw_unplaced(context, wish.conditions, groups.unplaced, introducers, title))


def _show_sources(context: Context, destination: Destination) -> None:
    unchecked = {area.area_id for area in care_areas() if not area.checked}
    if destination.area["area_id"] in unchecked:
        st.warning(context.say("places.care_areas_unchecked"), icon=":material/fact_check:")
    st.caption(context.say("places.credit"))
