"""What a client consents to: recorded for several agencies at once, listed, taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Final

import streamlit as st

from graph.consent import ConsentState, find_state, is_standing, read_today
from graph.store import Row
from graph.vocabulary import CONSENT_MANNERS, PURPOSES
from loaders.consent_forms import read_consent_form, withdraw_consents
from views import tables
from views.frame import FIRST_DAY, LAST_DAY, Context
from views.record.provisions import show_provisions
from views.record.saving import Opening, open_form, save, show_clash, show_saved
from views.tables import draw_table

CLIENT: Final = "consent_client"
"""Key of the chosen client; in the session only, never in the address."""

_PASSING: Final[tuple[ConsentState, ...]] = ("ending", "ended", "withdrawn")


def show_consents(context: Context, names: Mapping[str, str]) -> None:
    """Draw the consents of a chosen client, or those of all that end soon or no longer stand.

    `names` are the agencies to choose from, by id.
    """
    st.html(tables.STYLE)
    choice, form = st.columns([1, 2], gap="large")
    with choice:
        client_id = _choose_client(context)
        st.caption(context.say("consent.rule"))
    with form:
        show_saved(context)
        if client_id:
            with st.container(border=True):
                st.markdown(f"**{context.say('consent.form.title')}**")
                _show_form(context, client_id, names)
        else:
            st.info(context.say("consent.choose_first"), icon=":material/person_search:")
    if not client_id:
        _show_passing(context)
        return
    _show_list(context, client_id)
    show_provisions(context, client_id, names)


def _choose_client(context: Context) -> str:
    known = {row["case_id"] for row in context.ask("ecomap_clients", **context.about())}
    known |= {row["case_id"] for row in context.ask("consents")}
    chosen: str | None = st.selectbox(
        context.say("consent.label.client_id"),
        sorted(known),
        index=None,
        placeholder=context.say("consent.choose_client"),
        help=context.say("consent.client_help"),
        accept_new_options=True,
        key=CLIENT,
    )
    return (chosen or "").strip()


def _show_form(context: Context, client_id: str, names: Mapping[str, str]) -> None:
    opening = open_form(f"consent {client_id}", list)
    show_clash(context, opening)
    told = context.ask("client_agencies", client_id=client_id, facility_id=context.facility_id)
    missing = [row["organization_id"] for row in told if row["withheld"]]
    with st.form(opening.key("form"), border=False):
        chosen = st.multiselect(
            context.say("consent.label.organization"),
            list(names),
            format_func=lambda key: names[key],
            placeholder=context.say("consent.choose_agencies"),
            key=opening.key("agencies"),
        )
        every = st.checkbox(
            context.say("consent.every", count=len(missing)),
            disabled=not missing,
            help=context.say("consent.every_help"),
            key=opening.key("every"),
        )
        cells = _ask_consent(context, opening)
        sent = st.form_submit_button(context.say("record.save"), type="primary")
    if sent:
        agencies = list(dict.fromkeys([*chosen, *(missing if every else ())]))
        labels = {name: context.say(f"consent.label.{name}") for name in ("organization", *cells)}
        entry = read_consent_form(
            {**cells, "client_id": client_id},
            {**labels, "client_id": context.say("consent.label.client_id")},
            opening=opening.token,
            organization_ids=agencies,
        )
        save(context, opening, entry)


def _ask_consent(context: Context, opening: Opening) -> dict[str, object]:
    cells: dict[str, object] = {}
    # A day needs more room than a word.
    first, second, third, fourth = st.columns([4, 4, 5, 5])
    for column, name, words in (
        (first, "purpose", PURPOSES),
        (second, "manner", CONSENT_MANNERS),
    ):
        cells[name] = column.selectbox(
            context.say(f"consent.label.{name}"),
            words.codes,
            format_func=partial(context.label, words),
            key=opening.key(name),
        )
    for column, name, day in ((third, "since", read_today()), (fourth, "until", None)):
        chosen = column.date_input(
            context.say(f"consent.label.{name}"),
            value=day,
            min_value=FIRST_DAY,
            max_value=LAST_DAY,
            format="YYYY/MM/DD",
            help=context.say("consent.until_help") if name == "until" else None,
            key=opening.key(name),
        )
        cells[name] = chosen.isoformat() if chosen else ""
    return cells


def _show_list(context: Context, client_id: str) -> None:
    rows = context.ask("consents", client_id=client_id)
    st.subheader(context.say("consent.list.title"))
    if not rows:
        st.info(context.say("consent.list.none"), icon=":material/info:")
        return
    st.html(_draw_list(context, rows))
    _offer_withdrawal(context, client_id, rows)


def _show_passing(context: Context) -> None:
    """List the consents of all clients that end soon or no longer stand."""
    rows = [row for row in context.ask("consents") if _find_state(row) in _PASSING]
    rows.sort(key=lambda row: (_PASSING.index(_find_state(row)), row["until"] or date.max))
    st.subheader(context.say("consent.passing.title"))
    if not rows:
        st.info(context.say("consent.passing.none"), icon=":material/check:")
        return
    st.html(_draw_list(context, rows, is_of_all=True))


def _find_state(row: Row) -> ConsentState:
    return find_state(row["since"], row["until"], row["withdrawn_on"], read_today())


def _draw_list(context: Context, rows: Sequence[Row], *, is_of_all: bool = False) -> str:
    columns = ["organization", "purpose", "state", "since", "until", "withdrawn_on", "manner"]
    if is_of_all:
        columns.insert(0, "client_id")
    return draw_table(
        [context.say(f"consent.label.{name}") for name in columns],
        [[_write(context, row, name) for name in columns] for row in rows],
        caption=context.say(f"consent.{'passing' if is_of_all else 'list'}.title"),
        whole=[i for i, name in enumerate(columns) if name != "organization"],
    )


def _write(context: Context, row: Row, column: str) -> str:
    if column == "organization":
        return str(row["agency"])
    if column == "client_id":
        return str(row["case_id"])
    if column == "state":
        return context.say(f"consent.state.{_find_state(row)}")
    if column == "purpose":
        return context.label(PURPOSES, row["purpose"])
    if column == "manner":
        return context.label(CONSENT_MANNERS, row["manner"])
    return context.write_date(row[column])


def _offer_withdrawal(context: Context, client_id: str, rows: Sequence[Row]) -> None:
    """Offer to take back what stands or is to come, all at once of an agency and a purpose."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        state = _find_state(row)
        if state == "coming" or is_standing(state):
            groups.setdefault((row["organization_id"], row["purpose"]), []).append(row)
    if not groups:
        return
    opening = open_form(f"withdrawal {client_id}", list)
    show_clash(context, opening)
    which, press = st.columns([3, 1], vertical_alignment="bottom")
    chosen = which.selectbox(
        context.say("consent.withdraw.which"),
        list(groups),
        format_func=lambda key: context.set_beside(
            (groups[key][0]["agency"], context.label(PURPOSES, key[1]))
        ),
        key=opening.key("which"),
    )
    with press.popover(context.say("consent.withdraw.press"), width="stretch"):
        _confirm_withdrawal(context, opening, client_id, groups[chosen])


def _confirm_withdrawal(
    context: Context, opening: Opening, client_id: str, rows: Sequence[Row]
) -> None:
    purpose = context.label(PURPOSES, rows[0]["purpose"])
    words = {"client": client_id, "agency": rows[0]["agency"], "purpose": purpose}
    st.text(context.say("consent.withdraw.about", **words))
    label = context.say("consent.withdraw.confirm")
    if st.button(label, type="primary", key=opening.key("withdraw")):
        entry, standing = withdraw_consents(rows, read_today())
        save(context, opening, entry, standing)
