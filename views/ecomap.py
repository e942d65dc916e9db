"""The page エコマップ: the network of one facility on a day, with the details of an agency."""

from __future__ import annotations

from datetime import date
from functools import lru_cache, partial
from typing import Any

import streamlit as st

from graph.pictures.ecomap import DrawOptions, Ecomap, EcomapAgency, EcomapTie, draw_ecomap
from graph.pictures.notation import Look
from graph.vocabulary import EVENT_KINDS, FIELDS, STAGES
from texts import Language, say
from views.ecomap_component import show_ecomap
from views.frame import Context, show_empty, write_date

SELECTED = "ecomap_selected"


def show(context: Context) -> None:
    """Draw the page."""
    if context.facility_id is None:
        show_empty(context, "ecomap_page.empty")
        return
    agencies = context.ask("ecomap_agencies", **context.about())
    ties = context.ask("ecomap_ties", **context.about())
    picture, panel = st.columns([4, 1], gap="small")
    with panel:
        look, options = _choose_look(context)
    selected = _read_selected(agencies)
    with picture:
        click = show_ecomap(
            _draw(make_ecomap(context, agencies, ties, look), options, context.language),
            selected=selected,
            key="ecomap",
            language=context.language,
            file_name=context.say("ecomap_page.file_name", date=context.as_of.isoformat()),
        )
    if click and click.command in ("select", "clear") and click.organization_id != selected:
        st.session_state[SELECTED] = click.organization_id
        st.rerun()
    with panel:
        if selected:
            _show_agency(context, selected, look)
        else:
            _show_counts(context, agencies)


@lru_cache(maxsize=64)
def _draw(ecomap: Ecomap, options: DrawOptions, language: Language) -> str:
    # A click draws the page anew but not the picture.
    return draw_ecomap(ecomap, options, partial(_say, language))


def _say(language: Language, key: str, **values: object) -> str:
    return say(key, language, **values)


def make_ecomap(
    context: Context, agencies: list[dict[str, Any]], ties: list[dict[str, Any]], look: Look
) -> Ecomap:
    """Return the picture's values from the answers of ecomap_agencies and ecomap_ties."""
    return Ecomap(
        title=context.say("ecomap_page.title", name=context.facility_name),
        as_of=context.as_of,
        ego_ids=(context.facility_id or "",),
        ego_names=(context.facility_name,),
        agencies=tuple(
            EcomapAgency(
                row["organization_id"], row["name"], row["short_name"], row["field"],
                row["stage"], row["slot"],
            )
            for row in agencies
            if row["field"]
        ),
        ties=tuple(
            EcomapTie(
                row["source_id"], row["target_id"], row["strength"], row["quality"], row["flow"]
            )
            for row in ties
        ),
        look=look,
    )  # fmt: skip


def _choose_look(context: Context) -> tuple[Look, DrawOptions]:
    look: Look = (
        st.segmented_control(
            context.say("ecomap_page.look"),
            ["meeting", "internal"],
            default="meeting",
            format_func=lambda code: context.say(f"ecomap.look.{code}"),
            key="look",
            bind="query-params",
        )
        or "meeting"
    )
    chords = st.toggle(context.say("ecomap_page.chords"), value=True, key="chords")
    return look, DrawOptions(chords="all" if chords else "none")


def _read_selected(agencies: list[dict[str, Any]]) -> str | None:
    selected = st.session_state.get(SELECTED)
    return selected if any(row["organization_id"] == selected for row in agencies) else None


def _show_counts(context: Context, agencies: list[dict[str, Any]]) -> None:
    st.info(context.say("ecomap_page.hint"), icon="👆")
    for stage in STAGES.codes:
        count = sum(row["stage"] == stage for row in agencies)
        if count:
            st.metric(context.label(STAGES, stage), f"{count} / {len(agencies)}")
    without = [row["name"] for row in agencies if not row["field"]]
    if without:
        st.warning(context.say("ecomap_page.without_field", names="、".join(without)))


def _show_agency(context: Context, organization_id: str, look: Look) -> None:
    details = context.ask("agency_details", organization_id=organization_id, as_of=context.as_of)[0]
    st.subheader(details["name"])
    kind = (context.label(FIELDS, details["field"]), details["agency_type"])
    st.caption(" ・ ".join(filter(None, kind)))
    for name in ("phone", "municipality", "address", "hours", "conditions", "url"):
        if details[name]:
            st.markdown(f"**{context.say(f'ecomap_page.detail.{name}')}**")
            st.text(details[name])
    if look == "internal" and details["contacts"]:
        st.markdown(f"**{context.say('ecomap_page.detail.contacts')}**")
        for contact in details["contacts"]:
            st.text(" ".join(filter(None, [contact["name"], contact["role"]])))
    _show_history(context, organization_id, look)


def _show_history(context: Context, organization_id: str, look: Look) -> None:
    history = context.ask("agency_history", **context.about(organization_id=organization_id))
    st.markdown(f"**{context.say('ecomap_page.history')}**")
    if not history:
        st.caption(context.say("ecomap_page.no_history"))
    for event in history:
        if look == "meeting" and event["kind"] in ("agreement", "anxiety"):
            continue
        when = _write_when(event["occurred_on"], event["precision"], context)
        value = "" if event["value"] is None else f" {event['value']:g}"
        st.markdown(f"{when}　{context.label(EVENT_KINDS, event['kind'])}{value}")
        if look == "internal" and event["text"]:
            st.caption(event["text"])


def _write_when(day: date, precision: str, context: Context) -> str:
    if precision == "day":
        return write_date(day, context.language)
    return context.say(f"app.date.{precision}", year=day.year, month=day.month)
