"""Where the client goes: one box that understands any words, or a client's referral.

The address of the page holds the area only. What is typed, the town it names, the client and the
referral stay in the session.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from graph.store import Row
from loaders.places.questions import Choices, Place, Unknown, make_place, read_place_words
from views.areas import find_own_area, list_areas
from views.consent import say_withheld
from views.frame import Context, write_choice

AREA: Final = "area"
WORDS: Final = "place_words"
MODE: Final = "place_mode"
REFERRAL: Final = "place_referral"
CLIENT_NEEDS: Final = "place_needs"
_ASKED: Final = "place_asked"
_CHOICE: Final = "place_choice"
_MODES: Final = ("words", "client")

# Streamlit says in English only that Enter applies the words.
STYLE: Final = "<style>[data-testid=InputInstructions]{display:none}</style>"


@dataclass(frozen=True, slots=True)
class Destination:
    """A place to ask about: the area as the graph knows it, and the place as it was understood.

    `support_ids` is the help a client's referral asks for; `of_client` says it comes from one.
    """

    area: Row
    place: Place
    support_ids: tuple[str, ...] = ()
    of_client: bool = False

    @property
    def name(self) -> str:
        """Return the place's name with its town."""
        return self.place.name


def ask_clients(context: Context) -> list[Row]:
    """Return the referrals to start from when who looks may see clients and wants to; else []."""
    if not context.may("see_clients"):
        return []
    clients = context.ask("client_destinations", **context.about())
    if not clients or _choose_mode(context) != "client":
        return []
    around = context.ask("ecomap_clients", **context.about())
    if withheld := sum(row["withheld"] for row in around):
        st.caption(f"{say_withheld(context, withheld)} {context.say('consent.rule')}")
    return clients


def choose_destination(
    context: Context, box: DeltaGenerator, clients: Sequence[Row]
) -> Destination | None:
    """Draw the box, and below what has to be chosen; None, with the reason, before it is known."""
    if clients:
        st.query_params.pop(AREA, None)
        return _choose_client(context, box, clients)
    place = _choose_place(context, box)
    destination = _find_area(context, place) if place else None
    if destination is None:
        st.query_params.pop(AREA, None)
    else:
        own = find_own_area(context, list_areas(context)) or ""
        write_choice(AREA, destination.area["area_id"], own)
    return destination


def _choose_mode(context: Context) -> str:
    chosen = st.segmented_control(
        context.say("nearby.mode.title"),
        _MODES,
        default=_MODES[0],
        format_func=lambda mode: context.say(f"nearby.mode.{mode}"),
        key=MODE,
        required=True,
        label_visibility="collapsed",
    )
    return chosen or _MODES[0]


def _find_area(
    context: Context, place: Place, support_ids: Sequence[str] = (), *, of_client: bool = False
) -> Destination | None:
    area = list_areas(context).rows.get(place.area_id)
    if area is None:
        return None
    return Destination(area, place, tuple(support_ids), of_client)


# --- words -------------------------------------------------------------------------------------


def _choose_place(context: Context, box: DeltaGenerator) -> Place | None:
    """Draw the box; it begins with the area of the address, else of the facility."""
    areas = list_areas(context)
    own = find_own_area(context, areas)
    first = st.query_params.get(AREA) or st.session_state.get(AREA) or own or ""
    begun = make_place(first)
    words = box.text_input(
        context.say("nearby.area.title"),
        value=begun.name if begun else "",
        key=WORDS,
        help=context.say("nearby.area.help"),
        placeholder=context.say("nearby.area.placeholder"),
        autocomplete="off",
    )
    _forget_choice(words)
    answer = read_place_words(words, near=own)
    if isinstance(answer, Unknown):
        st.info(context.say(f"nearby.place.unknown.{answer.reason}"), icon=":material/help:")
        return None
    place = _offer(context, answer) if isinstance(answer, Choices) else answer
    if place:
        _say_reading(context, place)
    return place


def _say_reading(context: Context, place: Place) -> None:
    """Say where the place is not what the words say: by an old name, or without their town."""
    if place.former:
        st.caption(context.mark("nearby.place.former", area=place.name))
    if place.town_missing:
        said = context.mark("nearby.place.town_missing", area=place.name)
        st.info(said, icon=":material/info:")


def _forget_choice(asked: str | None) -> None:
    """Drop what was chosen for other words, or for another client."""
    if st.session_state.get(_ASKED) != asked:
        st.session_state[_ASKED] = asked
        st.session_state.pop(_CHOICE, None)
        st.session_state.pop(CLIENT_NEEDS, None)


def _offer(context: Context, choices: Choices) -> Place | None:
    by_name = {place.name: place for place in choices.places}
    key = f"nearby.place.choices.{choices.reason}"
    if choices.total > len(choices.places):
        key = "nearby.place.choices.many"
    words = context.say(key, count=choices.total, shown=len(choices.places))
    return by_name.get(_draw_choice(words, list(by_name)) or "")


def _draw_choice(words: str, names: Sequence[str]) -> str | None:
    chosen: str | None = st.pills(words, names, key=_CHOICE)
    return chosen


# --- a client ----------------------------------------------------------------------------------


def _choose_client(
    context: Context, box: DeltaGenerator, rows: Sequence[Row]
) -> Destination | None:
    by_id = {row["referral_id"]: row for row in rows}
    chosen = box.selectbox(
        context.say("nearby.client.title"),
        list(by_id),
        index=None,
        format_func=lambda referral_id: _name_referral(context, by_id[referral_id]),
        key=REFERRAL,
        placeholder=context.say("nearby.client.placeholder"),
        help=context.say("nearby.client.help"),
    )
    _forget_choice(chosen)
    if chosen is None:
        st.info(context.say("nearby.client.choose"), icon=":material/person_search:")
        return None
    row = by_id[chosen]
    place = _choose_area_of(context, row)
    return _find_area(context, place, row["support_ids"], of_client=True) if place else None


def _name_referral(context: Context, row: Row) -> str:
    if row["notified_on"]:
        day = context.write_date(row["notified_on"])
    elif row["fiscal_year"]:
        day = context.say("nearby.client.year", year=row["fiscal_year"])
    else:
        day = context.say("nearby.client.undated")
    parts = (row["case_id"], day, row["sender"])
    return context.list_words(parts)


def _choose_area_of(context: Context, row: Row) -> Place | None:
    """Return the referral's area; of several one is chosen, and what is not sure is said."""
    sure = dict(zip(row["area_ids"], row["certainties"], strict=True))
    places = [place for area_id in row["area_ids"] if (place := make_place(area_id))]
    kind = "settles" if row["basis"] == "settles" else "desires"
    basis = context.say(f"nearby.client.{kind}")
    if len(places) > 1:
        words = context.say("nearby.client.several", basis=basis, count=len(places))
        chosen = _draw_choice(words, [place.name for place in places])
        return next((place for place in places if place.name == chosen), None)
    for place in places:
        st.caption(
            context.say(
                "nearby.client.found",
                basis=basis,
                area=place.name,
                certainty=context.say(f"places.certainty.{sure[place.area_id]}"),
            )
        )
        return place
    return None
