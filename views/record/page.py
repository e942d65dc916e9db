"""The page 記録: choose an agency, see what is known of it, and record what happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import streamlit as st

from graph.collation import sort_by_reading
from graph.store import Row
from graph.vocabulary import EVENT_KINDS, FIELDS, STAGES
from views.agency_choice import (
    Offer,
    choose_agency,
    gather_names,
    name_agencies,
    offer_agencies,
)
from views.choices import choose_one
from views.frame import Context, show_empty
from views.gaps.coverage_table import SIGNS
from views.gaps.page import read_partners
from views.markdown import escape
from views.record.conditions import show_conditions_form
from views.record.consents import show_consents
from views.record.forms import (
    show_corrections,
    show_event_form,
    show_person_form,
    show_saved,
    show_tie_form,
)
from views.record.table import show_event_table

SUBJECTS: Final = ("agencies", "consents")
FORMS: Final = ("event", "person", "tie", "conditions", "corrections", "table")
_EVENTS_SHOWN: Final = 5


def show(context: Context) -> None:
    """Draw the page."""
    if context.facility_id is None:
        show_empty(context, "record.empty")
        return
    placed = {
        row["organization_id"]: row for row in context.ask("ecomap_agencies", **context.about())
    }
    own = name_agencies(sort_by_reading(placed.values()))
    offer = offer_agencies(context)
    if _choose_subject(context) == "consents":
        others = gather_names(context, offer, "consent", without=(context.facility_id,))
        show_consents(context, others)
        return
    facts, form = st.columns([1, 2], gap="large")
    with facts:
        organization_id = _choose_agency(context, offer)
    if organization_id is None:
        with form:
            st.info(context.say("record.choose"), icon=":material/search:")
            show_saved(context)
        st.subheader(context.say("record.form_table"))
        show_event_table(context, own)
        return
    with facts:
        _show_facts(context, organization_id, placed.get(organization_id))
    with form:
        show_saved(context)
        _show_form(context, organization_id, offer, own)


def _choose_subject(context: Context) -> str:
    """Draw the choice between agencies and consents; without the right to these there is none."""
    if not (context.may("record_clients") and context.may("see_clients")):
        return SUBJECTS[0]
    return choose_one(
        context.say("record.subject"),
        SUBJECTS,
        SUBJECTS[0],
        lambda code: context.say(f"record.subject_{code}"),
        "subject",
    )


def _choose_agency(context: Context, offer: Offer) -> str | None:
    chosen = choose_agency(
        context,
        offer,
        context.say("record.agency"),
        "agency",
        help=context.say("record.agency_help"),
        placeholder=context.say("record.agency_placeholder"),
        without=(context.facility_id,),
        own_first=True,
    )
    return chosen["organization_id"] if chosen else None


def _show_facts(context: Context, organization_id: str, placed: Row | None) -> None:
    details = context.ask("agency_details", organization_id=organization_id, as_of=context.as_of)[0]
    st.subheader(escape(details["name"]))
    kind = (context.label(FIELDS, details["field"]), details["agency_type"])
    st.caption(context.set_beside(kind))
    _show_fact(context, "stage", _write_stage(context, organization_id, placed))
    people = [" ".join(filter(None, (one["name"], one["role"]))) for one in details["contacts"]]
    _show_fact(context, "contacts", context.say("record.comma").join(people))
    _show_fact(context, "phone", details["phone"] or "")
    _show_events(context, organization_id)


def _write_stage(context: Context, organization_id: str, placed: Row | None) -> str:
    partners = {row["organization_id"]: row for row in read_partners(context)}
    row = partners.get(organization_id) or placed or {"stage": "known", "stage_since": None}
    words = f"{SIGNS[row['stage']]} {context.label(STAGES, row['stage'])}"
    since = context.write_date(row["stage_since"], row.get("stage_since_precision"))
    return context.say("record.since", words=words, since=since) if since else words


def _show_fact(context: Context, name: str, words: str) -> None:
    st.markdown(f"**{context.say(f'record.fact.{name}')}**")
    st.text(words or context.say(f"record.fact.no_{name}"))


def _show_events(context: Context, organization_id: str) -> None:
    history = context.ask("agency_history", **context.about(organization_id=organization_id))
    st.markdown(f"**{context.say('record.fact.events')}**")
    if not history:
        st.text(context.say("record.fact.no_events"))
    for event in history[:_EVENTS_SHOWN]:
        value = "" if event["value"] is None else f" {event['value']:g}"
        when = context.write_date(event["occurred_on"], event["precision"])
        st.text(f"{when}　{context.label(EVENT_KINDS, event['kind'])}{value}")
        if event["text"]:
            st.caption(event["text"].replace("\n", " "))


def _show_form(
    context: Context,
    organization_id: str,
    offer: Offer,
    own: Mapping[str, str],
) -> None:
    form = choose_one(
        context.say("record.form"),
        FORMS,
        FORMS[0],
        lambda code: context.say(f"record.form_{code}"),
        "form",
    )
    if form == "event":
        show_event_form(context, organization_id)
    elif form == "person":
        show_person_form(context, organization_id)
    elif form == "conditions":
        show_conditions_form(context, organization_id)
    elif form == "corrections":
        show_corrections(context, organization_id)
    elif form == "table":
        show_event_table(context, own)
    elif other := _choose_other(context, organization_id, offer):
        show_tie_form(context, organization_id, other)


def _choose_other(context: Context, organization_id: str, offer: Offer) -> str | None:
    """Return the agency at the other end of a tie, the facility to begin with."""
    chosen = choose_agency(
        context,
        offer,
        context.say("record.tie.other"),
        f"record_other_{organization_id}",
        first=context.facility_id,
        without=(organization_id,),
        own_first=True,
        in_address=False,
    )
    return chosen["organization_id"] if chosen else None
