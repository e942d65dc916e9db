"""The card for the client's file: which agencies stand on it, and the file to print."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from typing import Final, get_args

import streamlit as st

from graph.pictures.place_card import MOST_AGENCIES, Card, CardAgency, Paper, write_card
from graph.store import Row
from graph.vocabulary import SUPPORTS
from views.choices import choose_one
from views.downloads import offer_download
from views.frame import Context
from views.nearby.answer import list_conditions, write_distance
from views.nearby.destination import Destination
from views.nearby.groups import Groups
from views.nearby.wish import Wish

PAPERS: Final[tuple[Paper, ...]] = get_args(Paper)
_FIRST: Final = 4
_CHOSEN: Final = "card_agencies"


def offer_card(context: Context, destination: Destination, wish: Wish, groups: Groups) -> None:
    """Draw the choice of agencies and the download of the card."""
    by_id = {row["organization_id"]: row for row in groups.rows}
    numbers = {row["organization_id"]: number for number, row in groups.placed}
    with st.expander(context.say("nearby.card.title"), icon=":material/print:"):
        st.caption(context.say("nearby.card.note"))
        paper = _choose_paper(context)
        chosen = _choose_agencies(context, by_id, MOST_AGENCIES[paper])
        people = _ask_people(context, chosen)
        agencies = [
            _make_agency(context, by_id[one], numbers.get(one), people.get(one, []))
            for one in chosen
        ]
        card = Card(
            place=destination.name,
            date=context.write_date(context.as_of),
            facility=context.facility_name,
            needs=context.list_words(context.label(SUPPORTS, code) for code in wish.support_ids),
            agencies=agencies,
            paper=paper,
            language=context.language,
        )
        offer_download(
            context,
            context.say("nearby.card.download", paper=paper),
            partial(write_card, card, context.say),
            f"{context.say('nearby.card.file')}_{context.as_of.isoformat()}.html",
            "text/html",
            disabled=not chosen,
            key="card_download",
            icon=":material/download:",
        )


def _choose_paper(context: Context) -> Paper:
    code = choose_one(
        context.say("nearby.card.paper"), PAPERS, PAPERS[0], lambda paper: paper, "paper"
    )
    return next(paper for paper in PAPERS if paper == code)


def _choose_agencies(context: Context, by_id: Mapping[str, Row], most: int) -> list[str]:
    """Draw the choice; another answer or paper keeps what is still in it, else the first ones."""
    kept = [one for one in st.session_state.get(_CHOSEN, ()) if one in by_id]
    chosen: list[str] = st.multiselect(
        context.say("nearby.card.agencies", most=most),
        list(by_id),
        default=(kept or list(by_id)[:_FIRST])[:most],
        format_func=lambda organization_id: by_id[organization_id]["name"],
        max_selections=most,
        placeholder=context.say("nearby.card.choose"),
        key=f"{_CHOSEN}_{most}_{hash(tuple(by_id))}",
    )
    st.session_state[_CHOSEN] = chosen
    return chosen


def _ask_people(context: Context, chosen: list[str]) -> dict[str, list[str]]:
    """Return agency → whom to ask for; nobody unless who looks may see people and wants it."""
    people: dict[str, list[str]] = defaultdict(list)
    if not context.may("see_people") or not st.toggle(
        context.say("nearby.card.with_people"), value=True, key="card_people"
    ):
        return people
    for row in context.ask("near_people", organization_ids=chosen, as_of=context.as_of):
        role = context.say("nearby.card.role", role=row["role"]) if row["role"] else ""
        people[row["organization_id"]].append(row["name"] + role)
    return people


def _make_agency(context: Context, row: Row, number: int | None, people: list[str]) -> CardAgency:
    """Return an agency's lines: where, whom to ask for, and what is known of its conditions."""
    place = context.list_words((row["municipality"], write_distance(context, row)))
    offers = context.list_words(context.label(SUPPORTS, code) for code in row["offers"])
    where = "　".join(filter(None, [place, offers]))
    asking = context.say("nearby.card.ask_for", names="、".join(people)) if people else ""
    return CardAgency(
        number,
        row["name"],
        row["phone"] or "",
        (where, asking, "　".join(list_conditions(context, row))),
    )
