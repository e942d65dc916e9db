"""Who was told what of a client, and when: listed, taken out, and recorded by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from graph.consent import read_today
from graph.spreadsheets import MEDIA_TYPE, write_workbook
from graph.store import Row
from graph.vocabulary import PROVISION_BASES, PROVISION_ITEMS, PURPOSES
from loaders.consent_forms import read_provision_form
from views.downloads import offer_download
from views.frame import FIRST_DAY, Context
from views.grounds import ask_ground, show_consent
from views.record.saving import Opening, open_form, save, show_clash
from views.tables import draw_table

_CELLS = ("client_id", "purpose", "receiver", "items")
_COLUMNS = ("provided_on", "organization", "purpose", "items", "basis", "why", "recorded_by")


def show_provisions(context: Context, client_id: str, names: Mapping[str, str]) -> None:
    """Draw what agencies were told of the client, and the form to record more."""
    rows = context.ask("client_provisions", client_id=client_id)
    st.subheader(context.say("consent.told.title"))
    if rows:
        st.html(
            draw_table(
                _list_headers(context),
                _list_rows(context, rows),
                caption=context.say("consent.told.title"),
                whole=[0, 2, 4],
            )
        )
        offer_download(
            context,
            context.say("consent.told.download"),
            lambda: _make_workbook(context, client_id, rows),
            context.say("consent.told.file_name"),
            MEDIA_TYPE,
            key="provisions_file",
        )
    else:
        st.info(context.say("consent.told.none"), icon=":material/info:")
    with st.expander(context.say("consent.told.record")):
        _show_form(context, client_id, names)


def _list_headers(context: Context) -> list[str]:
    return [context.say(f"consent.label.{name}") for name in _COLUMNS]


def _list_rows(context: Context, rows: Sequence[Row]) -> list[list[str]]:
    comma = context.say("record.comma")
    return [
        [
            context.write_date(row["provided_on"]),
            row["agency"],
            context.label(PURPOSES, row["purpose"]),
            comma.join(context.label(PROVISION_ITEMS, code) for code in row["items"]),
            context.label(PROVISION_BASES, row["basis"]),
            row["reason"] or "",
            row["recorded_by"] or "",
        ]
        for row in rows
    ]


def _make_workbook(context: Context, client_id: str, rows: Sequence[Row]) -> bytes:
    headers = [context.say("consent.label.client_id"), *_list_headers(context)]
    cells = [[client_id, *row] for row in _list_rows(context, rows)]
    return write_workbook({context.say("consent.told.sheet"): [headers, *cells]})


def _show_form(context: Context, client_id: str, names: Mapping[str, str]) -> None:
    opening = open_form(f"provision {client_id}", list)
    show_clash(context, opening)
    st.caption(context.say("consent.told.about"))
    organization, purpose = _ask_whom(context, opening, names)
    consent = show_consent(context, client_id, organization, purpose)
    with st.form(opening.key("form")):
        day = st.date_input(
            context.say("consent.label.provided_on"),
            value=read_today(),
            min_value=FIRST_DAY,
            max_value=read_today(),
            format="YYYY/MM/DD",
            key=opening.key("day"),
        )
        is_missing = organization is not None and consent is None
        ground = ask_ground(context, opening.key, consent, is_missing=is_missing)
        sent = st.form_submit_button(context.say("record.save"), type="primary")
    if sent:
        told_on = day.isoformat() if day else ""
        cells = {"client_id": client_id, "purpose": purpose, "notified_on": told_on}
        labels = {name: context.say(f"consent.label.{name}") for name in _CELLS}
        labels["notified_on"] = context.say("consent.label.provided_on")
        entry = read_provision_form(
            cells, labels, opening=opening.token, organization_id=organization, ground=ground
        )
        save(context, opening, entry)


def _ask_whom(
    context: Context, opening: Opening, names: Mapping[str, str]
) -> tuple[str | None, str]:
    left, right = st.columns(2)
    organization = left.selectbox(
        context.say("consent.label.receiver"),
        list(names),
        index=None,
        format_func=lambda key: names[key],
        placeholder=context.say("consent.choose_agency"),
        key=opening.key("receiver"),
    )
    purpose = right.selectbox(
        context.say("consent.label.purpose"),
        PURPOSES.codes,
        index=PURPOSES.codes.index("meeting"),
        format_func=lambda code: context.label(PURPOSES, code),
        key=opening.key("purpose"),
    )
    return organization, purpose
