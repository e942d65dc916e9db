"""Whose ecomap: the facility's, a chosen agency's, two facilities' together, or a client's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import streamlit as st

from graph.pictures.notation import Look
from graph.store import Row
from views.agency_choice import choose_agency, offer_agencies
from views.choices import choose_from_list, choose_one
from views.consent import Override, find_override, say_withheld, show_withheld
from views.frame import Context

Kind = Literal["facility", "agency", "two", "client"]

WHOSE: Final = "whose"
CENTRE: Final = "centre"
SECOND: Final = "second"
CLIENT: Final = "ecomap_client"
"""Keys of the choices; all but the client's are in the address too."""

_VIEW: Final = "ecomap"
_KEYS: Final = {"agency": CENTRE, "two": SECOND}


@dataclass(frozen=True, slots=True)
class Whose:
    """One or two centres: their ids, an organization's or a client's, and their names.

    Of a client also how many agencies are withheld, and what was said to see them all the same.
    """

    kind: Kind
    ids: tuple[str, ...]
    names: tuple[str, ...]
    withheld: int = 0
    override: Override | None = None


def choose_whose(context: Context, look: Look) -> Whose:
    """Draw the control and return the choice; the facility's until a whole choice is made.

    Clients are offered in the internal look only, to who may see them; the choice of a client
    stays in the session.
    """
    facilities = context.ask("ecomap_facilities")
    kinds = list_kinds(facilities, clients=look == "internal" and context.may("see_clients"))
    if WHOSE in st.session_state and st.session_state[WHOSE] not in kinds:
        st.session_state[WHOSE] = kinds[0]
    kind = choose_one(
        context.say("ecomap_whose.label"),
        kinds,
        kinds[0],
        lambda code: context.say(f"ecomap_whose.kind.{code}"),
        WHOSE,
    )
    chosen = _choose_centre(context, kind, facilities)
    for key in {CENTRE, SECOND} - {_KEYS.get(kind)}:
        st.query_params.pop(key, None)  # a choice that does not count is not passed on
    if kind != kinds[0]:
        name = context.facility_name
        st.button(
            context.mark("ecomap_whose.back", name=name),
            on_click=centre_on,
            args=("", ""),
            key="back_home",
        )
    return chosen or _find_home(context)


def list_kinds(facilities: Sequence[Row], *, clients: bool) -> tuple[Kind, ...]:
    """Return what can be chosen: two centres where two facilities keep lists."""
    two: tuple[Kind, ...] = ("two",) if len(facilities) > 1 else ()
    return ("facility", "agency", *two, *(("client",) if clients else ()))


def centre_on(organization_id: str, facility_id: str) -> None:
    """Choose an agency as the centre from the next run on; "" or the facility chooses this."""
    agency = organization_id not in ("", facility_id)
    st.session_state[WHOSE] = "agency" if agency else "facility"
    if agency:
        st.session_state[CENTRE] = organization_id


def say_title(context: Context, whose: Whose) -> str:
    """Return the picture's title; one with a client in it says so."""
    if whose.kind == "two":
        return context.say("ecomap_whose.title.two", first=whose.names[0], second=whose.names[1])
    return context.say(f"ecomap_whose.title.{whose.kind}", name=whose.names[0])


def list_centres(whose: Whose) -> list[Row]:
    """Return the centres that are organizations, as rows of id and name."""
    if whose.kind == "client":
        return []
    ends = zip(whose.ids, whose.names, strict=True)
    return [{"organization_id": centre, "name": name} for centre, name in ends]


def show_withheld_agencies(context: Context, whose: Whose) -> None:
    """Say how many agencies of a client are withheld; offer who may to see them all the same."""
    if whose.kind != "client" or not whose.withheld:
        return
    if whose.override is None:
        st.markdown(say_withheld(context, whose.withheld))
    show_withheld(context, _VIEW, whose.ids, whose.override)


def show_shared(context: Context, whose: Whose, agencies: Sequence[Row]) -> None:
    """Say in a sentence how many agencies stand around both centres, and around one only."""
    around = Counter(row["centres"] for row in agencies if "centres" in row)
    names = {"first": whose.names[0], "second": whose.names[1]}
    counts = {"shared": around[0, 1], "only_first": around[0,], "only_second": around[1,]}
    st.markdown(context.mark("ecomap_whose.shared", **names, **counts))


def _find_home(context: Context) -> Whose:
    return Whose("facility", (context.facility_id or "",), (context.facility_name,))


def _choose_centre(context: Context, kind: str, facilities: Sequence[Row]) -> Whose | None:
    if kind == "agency":
        return _choose_agency(context)
    if kind == "two":
        return _choose_second(context, facilities)
    return _choose_client(context) if kind == "client" else None


def _choose_agency(context: Context) -> Whose | None:
    # One tied to nobody on this day can be chosen too: that is an answer as well.
    chosen = choose_agency(
        context,
        offer_agencies(context),
        context.say(f"ecomap_whose.{CENTRE}"),
        CENTRE,
        help=context.say(f"ecomap_whose.{CENTRE}_help", name=context.facility_name),
        placeholder=context.say("ecomap_whose.choose"),
        without=(context.facility_id,),
        own_first=True,
    )
    return Whose("agency", (chosen["organization_id"],), (chosen["name"],)) if chosen else None


def _choose_second(context: Context, facilities: Sequence[Row]) -> Whose | None:
    names = {row["organization_id"]: row["name"] for row in facilities}
    names.pop(context.facility_id or "", None)
    chosen = _choose(context, list(names), names, SECOND)
    if not chosen:
        return None
    ids = (context.facility_id or "", chosen)
    return Whose("two", ids, (context.facility_name, names[chosen]))


def _choose(context: Context, ids: list[str], labels: dict[str, str], key: str) -> str | None:
    if key in st.session_state and st.session_state[key] not in labels:
        st.session_state[key] = None
    return choose_from_list(
        context.say(f"ecomap_whose.{key}"),
        ids,
        None,
        lambda chosen: labels[chosen],
        key,
        help=context.say(f"ecomap_whose.{key}_help", name=context.facility_name),
        placeholder=context.say("ecomap_whose.choose"),
    )


def _choose_client(context: Context) -> Whose | None:
    rows = context.ask("ecomap_clients", **context.about())
    cases = {row["case_id"]: row["withheld"] for row in rows}
    if st.session_state.get(CLIENT) not in cases:
        st.session_state.pop(CLIENT, None)
    # Never in the address, which ends up in histories and on projectors.
    chosen: str | None = st.selectbox(
        context.say("ecomap_whose.client"),
        list(cases),
        index=None,
        placeholder=context.say("ecomap_whose.choose"),
        key=CLIENT,
        help=context.say("ecomap_whose.client_help"),
    )
    if not chosen:
        return None
    override = find_override(_VIEW)
    if override is not None and override.client_id != chosen:
        override = None  # it was for another client
    return Whose("client", (chosen,), (chosen,), cases[chosen], override)
