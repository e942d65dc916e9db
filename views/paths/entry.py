"""Forms of referrals: a new one, and what a telephone call or a fax said of an open one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from graph.analysis.referral_rates import OPEN, REFUSALS
from graph.consent import SHOWN_FOR
from graph.store import Row
from graph.vocabulary import REFERRAL_OUTCOMES, REFERRAL_STATUSES, SUPPORTS
from loaders.referral_forms import (
    HANDED_OVER,
    HEARD,
    read_answer_form,
    read_referral_form,
    stand_referral,
)
from views.agency_choice import choose_agency, offer_agencies
from views.frame import FIRST_DAY, Context
from views.grounds import ask_ground, is_incoming, show_consent
from views.record.saving import Opening, open_form, save, show_clash, show_saved


def show_answer_form(context: Context, rows: Sequence[Row]) -> None:
    """Draw the form of what was heard of one of the open referrals among `rows`."""
    opening = open_form("referral_answer", lambda: [row for row in rows if row["status"] in OPEN])
    show_saved(context)
    show_clash(context, opening)
    by_id = _list_told(opening, rows)
    if not by_id:
        st.caption(context.say("loop.form.nothing_open"))
        return
    chosen = _choose_referral(context, opening, by_id)
    heard = st.selectbox(
        context.say("loop.label.heard"),
        HEARD,
        index=HEARD.index("accepted"),
        format_func=lambda code: _name_heard(context, code),
        key=opening.key("heard"),
    )
    if heard in REFUSALS:
        st.info(f"{context.say('loop.next.title')}：{context.say(f'loop.next.{heard}')}")
    with st.form(opening.key("form")):
        cells = _ask_answer(context, opening, heard)
        sent = st.form_submit_button(context.say("loop.form.save"), type="primary")
    if sent and chosen is not None:
        standing = stand_referral(by_id[chosen])
        entry = read_answer_form(cells, _label(context, *cells), standing)
        save(context, opening, entry, [standing])


def show_new_referral_form(context: Context, rows: Sequence[Row]) -> None:
    """Draw the form of a referral that is sent; it may continue an open one among `rows`."""
    opening = open_form("referral_new", lambda: [row for row in rows if row["status"] in OPEN])
    show_clash(context, opening)
    by_id = _list_told(opening, rows)
    follows = _choose_referral(context, opening, by_id, is_optional=True)
    earlier = by_id[follows] if follows else None
    # Who is told of whom decides what the form asks: it stands before it.
    sender, receiver = _ask_agencies(context, opening, earlier)
    client_id = _ask_client(context, opening, earlier)
    incoming = is_incoming(context, sender, receiver)
    consent = None if incoming else show_consent(context, client_id, receiver, SHOWN_FOR)
    is_missing = bool(client_id and receiver) and consent is None
    with st.form(opening.key(f"form_{follows}")):
        cells = _ask_referral(context, opening) | {"client_id": client_id}
        ground = None
        if not incoming:
            ground = ask_ground(context, opening.key, consent, is_missing=is_missing)
        sent = st.form_submit_button(context.say("loop.form.save"), type="primary")
    if sent:
        standing = stand_referral(earlier) if earlier else None
        entry = read_referral_form(
            cells,
            _label(context, "referrer", "receiver", *cells),
            opening=opening.token,
            sender_id=sender,
            receiver_id=receiver,
            earlier=standing,
            ground=ground,
            is_incoming=incoming,
        )
        save(context, opening, entry, [standing] if standing else [])


def _list_told(opening: Opening, rows: Sequence[Row]) -> dict[str, Row]:
    """Return what the form was opened on, without what is withheld since."""
    told = {row["referral_id"] for row in rows}
    return {row["referral_id"]: row for row in opening.rows if row["referral_id"] in told}


def _choose_referral(
    context: Context, opening: Opening, by_id: Mapping[str, Row], *, is_optional: bool = False
) -> str | None:
    chosen: str | None = st.selectbox(
        context.say("loop.label.follows" if is_optional else "loop.label.which"),
        list(by_id),
        index=None if is_optional else 0,
        format_func=lambda key: _name_referral(context, by_id[key]),
        placeholder=context.say("loop.form.none_before"),
        key=opening.key("referral"),
    )
    return chosen


def _name_referral(context: Context, row: Row) -> str:
    return context.say(
        "loop.form.referral",
        case=row["case_id"],
        sender=row["sender"],
        receiver=row["receiver"] or context.say("loop.no_receiver"),
        notified=context.write_date(row["notified_on"], row["notified_on_precision"])
        or context.say("paths.undated"),
    )


def _name_heard(context: Context, code: str) -> str:
    if code == HANDED_OVER:
        return context.say("loop.heard.handed_over")
    return context.label(REFERRAL_STATUSES, code)


def _ask_answer(context: Context, opening: Opening, heard: str) -> dict[str, object]:
    cells: dict[str, object] = {"heard": heard, "day": _ask_day(context, opening, "day")}
    if heard == "closed":
        cells["outcome"] = st.selectbox(
            context.say("loop.label.outcome"),
            REFERRAL_OUTCOMES.codes,
            index=None,
            format_func=lambda code: context.label(REFERRAL_OUTCOMES, code),
            placeholder=context.say("loop.form.choose_outcome"),
            key=opening.key("outcome"),
        )
    cells["reason"] = st.text_input(
        context.say("loop.label.reason"),
        help=context.say("loop.form.reason_help"),
        autocomplete="off",
        key=opening.key("reason"),
    )
    return cells


def _ask_day(context: Context, opening: Opening, column: str) -> str:
    day = st.date_input(
        context.say(f"loop.label.{column}"),
        value=date.today(),
        min_value=FIRST_DAY,
        max_value=date.today(),
        format="YYYY/MM/DD",
        key=opening.key(column),
    )
    return day.isoformat() if day else ""


def _ask_agencies(
    context: Context, opening: Opening, earlier: Row | None
) -> tuple[str | None, str | None]:
    """Return the ids of who sends and who is asked; a referral goes on from where it came to."""
    offer = offer_agencies(context)
    known = (earlier["receiver_id"] if earlier else context.facility_id, None)
    chosen: list[str | None] = []
    for name, first, column in zip(("referrer", "receiver"), known, st.columns(2), strict=True):
        with column:
            one = choose_agency(
                context,
                offer,
                context.say(f"loop.label.{name}"),
                opening.key(f"{name}_{earlier['referral_id'] if earlier else ''}"),
                first=first,
                placeholder=context.say("loop.form.choose_agency"),
                in_address=False,
            )
        chosen.append(one["organization_id"] if one else None)
    return chosen[0], chosen[1]


def _ask_client(context: Context, opening: Opening, earlier: Row | None) -> str:
    return st.text_input(
        context.say("loop.label.client_id"),
        earlier["case_id"] if earlier else "",
        help=context.say("loop.form.client_help"),
        autocomplete="off",
        key=opening.key(f"client_{earlier['referral_id'] if earlier else ''}"),
    )


def _ask_referral(context: Context, opening: Opening) -> dict[str, object]:
    left, right = st.columns(2)
    cells: dict[str, object] = {}
    with left:
        cells["notified_on"] = _ask_day(context, opening, "notified_on")
    with right:
        cells["destination"] = st.text_input(
            context.say("loop.label.destination"), autocomplete="off", key=opening.key("place")
        )
    needs = st.multiselect(
        context.say("loop.label.needs"),
        SUPPORTS.codes,
        format_func=lambda code: context.label(SUPPORTS, code),
        placeholder=context.say("loop.form.choose_needs"),
        key=opening.key("needs"),
    )
    return {**cells, "needs": "、".join(needs), "status": "pending"}


def _label(context: Context, *columns: str) -> dict[str, str]:
    return {name: context.say(f"loop.label.{name}") for name in columns if name != "status"} | {
        "status": context.say("loop.column.status"),
        "items": context.say("consent.label.items"),
    }
