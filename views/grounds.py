"""On which ground an agency is told of a client: whether consent stands, what is told, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from graph.consent import find_consent, read_today
from graph.vocabulary import PROVISION_ITEMS
from loaders.consent_forms import Ground
from views.consent import LONGEST_REASON
from views.frame import Context

USUAL_ITEMS = ("identity", "needs", "destination")


def is_incoming(context: Context, sender_id: str | None, receiver_id: str | None) -> bool:
    """Say whether a client comes in to a facility from an agency that is none: nobody is told."""
    facilities = {row["organization_id"] for row in context.ask("ecomap_facilities")}
    return receiver_id in facilities and sender_id not in facilities


def show_consent(
    context: Context, client_id: str, organization_id: str | None, purpose: str
) -> Mapping[str, Any] | None:
    """Say in a line whether the client's consent stands today, and return it."""
    if not client_id.strip() or organization_id is None:
        st.caption(context.say("consent.form.choose_both"))
        return None
    rows = context.ask("consents", client_id=client_id.strip())
    consent = find_consent(rows, organization_id, purpose, read_today())
    if consent is None:
        may = "may_override" if context.may("override_consent") else "missing"
        st.warning(context.say(f"consent.form.{may}"), icon=":material/block:")
    elif consent["until"]:
        until = context.write_date(consent["until"])
        st.success(context.say("consent.form.stands_until", day=until), icon=":material/check:")
    else:
        st.success(context.say("consent.form.stands"), icon=":material/check:")
    return consent


def ask_ground(
    context: Context,
    name_key: Callable[[str], str],
    consent: Mapping[str, Any] | None,
    *,
    is_missing: bool,
) -> Ground:
    """Draw what is told, and the reason where consent `is_missing`; return the ground.

    `name_key` makes the key of a widget of the form.
    """
    items = st.multiselect(
        context.say("consent.label.items"),
        PROVISION_ITEMS.codes,
        default=USUAL_ITEMS,
        format_func=lambda code: context.label(PROVISION_ITEMS, code),
        placeholder=context.say("consent.form.choose_items"),
        help=context.say("consent.form.items_help"),
        key=name_key("items"),
    )
    who = context.actor.name
    if consent is not None:
        return Ground(tuple(items), consent["consent_id"], consent["since"], recorded_by=who)
    if not (is_missing and context.may("override_consent")):
        return Ground(tuple(items), recorded_by=who)
    reason = st.text_input(
        context.say("consent.label.why"),
        max_chars=LONGEST_REASON,
        help=context.say("consent.reason_help"),
        autocomplete="off",
        key=name_key("why"),
    )
    return Ground(tuple(items), reason=reason.strip() or None, recorded_by=who)
