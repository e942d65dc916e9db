"""Beside the ecomap: counts, the details of an agency, and the changes to read aloud."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import streamlit as st

from graph.analysis.changes import Change
from graph.pictures.notation import INTERNAL_CHANGES, Look
from graph.vocabulary import EVENT_KINDS, FIELDS, FLOWS, QUALITIES, STAGES, STRENGTHS
from views.frame import Context
from views.markdown import escape

INTERNAL_EVENTS: Final = frozenset({"agreement", "anxiety", "contact_changed"})
"""Kinds of event whose level or person the meeting look does not tell."""

_TIE_WORDS: Final = {
    code: vocabulary for vocabulary in (STRENGTHS, QUALITIES, FLOWS) for code in vocabulary.codes
}


def show_counts(context: Context, agencies: list[dict[str, Any]]) -> None:
    """Show how many agencies are at each stage, and who is not in the picture."""
    st.info(context.say("ecomap_page.hint"))
    for stage in STAGES.codes:
        count = sum(row["stage"] == stage for row in agencies)
        if count:
            st.metric(context.label(STAGES, stage), f"{count} / {len(agencies)}")
    without = [row["name"] for row in agencies if not row["field"]]
    if without:
        st.warning(context.mark("ecomap_page.without_field", names="、".join(without)))


def show_agency(context: Context, organization_id: str, look: Look) -> None:
    """Show what is known of an agency and what happened with it."""
    answer = context.ask("agency_details", organization_id=organization_id, as_of=context.as_of)
    details = answer[0]
    st.subheader(escape(details["name"]), anchor=False)
    kind = (context.label(FIELDS, details["field"]), details["agency_type"])
    st.caption(context.set_beside(kind))
    for name in ("phone", "municipality", "address", "hours", "conditions", "url"):
        if details[name]:
            _show_fact(context, name, details[name])
    for name in ("serves", "offers"):
        if details[name]:
            _show_fact(context, name, "、".join(details[name]))
    if look == "internal" and details["contacts"]:
        people = (" ".join(filter(None, (c["name"], c["role"]))) for c in details["contacts"])
        _show_fact(context, "contacts", "\n".join(people))
    _show_history(context, organization_id, look)


def show_changes(context: Context, sentences: list[str], earlier: date) -> None:
    """Show the changes as sentences that can be read aloud."""
    st.markdown(f"**{context.say('ecomap_page.changes')}**")
    days = [context.write_date(day) for day in (earlier, context.as_of)]
    st.caption(context.say("ecomap_page.between", before=days[0], after=days[1]))
    for sentence in sentences or [context.say("ecomap_page.no_changes")]:
        st.text(sentence)


def list_told(changes: list[Change], look: Look) -> list[Change]:
    """Return the changes a look tells: the meeting look tells no anxiety."""
    return [c for c in changes if look == "internal" or c.code not in INTERNAL_CHANGES]


def write_change(context: Context, change: Change) -> str:
    """Return a change as a sentence."""
    words = {
        "name": change.name,
        "before": _describe(context, change.before),
        "after": _describe(context, change.after),
    }
    return context.say(f"ecomap_page.change.{change.code}", **words)


def _describe(context: Context, code: str | None) -> str:
    if code is None:
        return context.say("ecomap_page.no_tie")
    if code in STAGES.codes:
        return context.label(STAGES, code)
    return context.label(_TIE_WORDS[code], code) if code in _TIE_WORDS else code


def _show_fact(context: Context, name: str, text: str) -> None:
    st.caption(context.say(f"ecomap_page.detail.{name}"))
    st.text(text)


def _show_history(context: Context, organization_id: str, look: Look) -> None:
    history = context.ask("agency_history", **context.about(organization_id=organization_id))
    told = [e for e in history if look == "internal" or e["kind"] not in INTERNAL_EVENTS]
    st.markdown(f"**{context.say('ecomap_page.history')}**")
    if not told:
        st.caption(context.say("ecomap_page.no_history"))
    for event in told:
        when = context.write_date(event["occurred_on"], event["precision"])
        value = "" if event["value"] is None else f" {event['value']:g}"
        st.text(f"{when}　{context.label(EVENT_KINDS, event['kind'])}{value}")
        if look == "internal" and event["text"]:
            st.caption(event["text"])
        elif look == "internal" and event["withheld"]:
            st.caption(context.say("consent.words_withheld"))
