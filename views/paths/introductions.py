"""Introductions: by whom one agency could be introduced to another."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from graph.pictures.path_picture import Step, Stop, draw_chain
from graph.store import Row
from graph.vocabulary import QUALITIES, REFERRAL_STATUSES, STRENGTHS, TIE_KINDS
from views.agency_choice import Offer, choose_agency, is_stranger, offer_agencies
from views.frame import Context, show_empty


def show(context: Context) -> None:
    """Draw the choice of two agencies and the chains between them."""
    offer = offer_agencies(context)
    if not offer.rows:
        show_empty(context, "paths.possible.empty")
        return
    unknown = any(is_stranger(context, key) for key in ("by", "whom"))
    first, last = _choose_ends(context, offer)
    if unknown:
        st.warning(context.say("introductions.unknown"))
    elif first is None or last is None:
        st.info(context.say("introductions.choose"))
    elif first["organization_id"] == last["organization_id"]:
        st.warning(context.mark("introductions.same", name=first["name"]))
    else:
        _show_chains(context, first, last)


def _choose_ends(context: Context, offer: Offer) -> tuple[Row | None, Row | None]:
    left, right = st.columns(2)
    with left:
        first = choose_agency(
            context,
            offer,
            context.say("introductions.from"),
            "by",
            first=context.facility_id,
            help=context.say("introductions.from_help"),
            placeholder=context.say("loop.form.choose_agency"),
        )
    with right:
        last = choose_agency(
            context,
            offer,
            context.say("introductions.to"),
            "whom",
            help=context.say("introductions.to_help"),
            placeholder=context.say("loop.form.choose_agency"),
        )
    return first, last


def _show_chains(context: Context, first: Row, last: Row) -> None:
    ends = {"from_id": first["organization_id"], "to_id": last["organization_id"]}
    with st.spinner(context.say("paths.searching")):
        chains = context.ask("introductions", **ends, as_of=context.as_of)
    if not chains:
        st.warning(context.mark("introductions.nobody", first=first["name"], last=last["name"]))
        return
    st.caption(context.say("introductions.found", count=len(chains)))
    for rank, chain in enumerate(chains, start=1):
        with st.container(border=True):
            st.html(_draw_head(context, rank, chain) + draw_introduction(context, chain))
    with st.expander(context.say("introductions.rules.title")):
        st.markdown(context.say("introductions.rules.words"))


def _draw_head(context: Context, rank: int, chain: Row) -> str:
    between: Sequence[str] = chain["agencies"][1:-1]
    people = [step["name"] for step in chain["steps"] if step["basis"] == "person" and step["name"]]
    asked = [*between, *people]
    words = (
        context.say("introductions.ask", names=context.say("paths.and").join(asked))
        if asked
        else context.say("introductions.known")
    )
    return f"<div><strong>{rank}. {escape(words)}</strong></div>"


def draw_introduction(context: Context, chain: Row) -> str:
    """Return a chain as HTML: what each two know each other by stands on the arrow."""
    stops = [
        Stop(name, own=organization_id == context.facility_id)
        for name, organization_id in zip(chain["agencies"], chain["organization_ids"], strict=True)
    ]
    steps = [
        Step(
            write_acquaintance(context, step),
            "tense" if step.get("quality") == "stressful" else "tie",
            context.write_date(step.get("since")),
        )
        for step in chain["steps"]
    ]
    return draw_chain(stops, steps)


def write_acquaintance(context: Context, step: Row) -> str:
    """Return by what two agencies know each other."""
    if step["basis"] == "person":
        name = step["name"] or context.say("introductions.person_unnamed")
        return context.say("introductions.person", name=name)
    if step["basis"] == "referral":
        status = context.label(REFERRAL_STATUSES, step["status"])
        return context.say("introductions.referral", status=status)
    words = [context.label(TIE_KINDS, step["kind"]), context.label(STRENGTHS, step["strength"])]
    if step["quality"] != "good":
        words.append(context.label(QUALITIES, step["quality"]))
    return context.list_words(words)
