"""The page 探索: the whole network, an agency's surroundings, and the figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Final

import streamlit as st

from graph.analysis.measures import find_neighbourhood
from graph.collation import sort_by_reading
from graph.pictures.model import EcomapTie
from graph.pictures.network import (
    Network,
    NetworkAgency,
    NetworkPicture,
    make_network_page,
    make_network_picture,
)
from graph.pictures.network_layout import Place
from graph.pictures.notation import Look
from graph.store import Row
from graph.vocabulary import FIELDS, STAGES
from texts import Voice
from views.agency_choice import narrow_names
from views.areas import list_areas
from views.choices import choose_from_list, choose_look, choose_one, choose_some
from views.downloads import offer_download
from views.ecomap.panel import show_agency
from views.frame import Context, read_choice, show_empty, write_choice
from views.network.component import read_click, show_network
from views.network.measures import show_measures
from views.network.places import find_places, give_places, keep_most_tied

OUTSIDE: Final = "outside"
STEPS: Final = ("0", "1", "2")

AGENCY: Final = "agency"
PICTURE: Final = "network_picture"
_CLICKED: Final = "network_clicked"

Pairs = tuple[tuple[str, str], ...]
Places = tuple[tuple[str, Place], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the bar above the picture says; empty means all."""

    fields: tuple[str, ...]
    stages: tuple[str, ...]
    steps: int
    look: Look


def show(context: Context) -> None:
    """Draw the page."""
    bar = st.container()
    with bar:
        places = st.columns([3, 2], vertical_alignment="bottom")
        with places[1]:
            area_id = _choose_area(context)
    asked = {"as_of": context.as_of, "area_id": area_id}
    ties = context.ask("network_ties", **asked)
    agencies, hidden = keep_most_tied(context.ask("network_agencies", **asked), ties)
    if not agencies:
        show_empty(context, "network.nobody" if area_id else "network.empty")
        return
    with places[0]:
        selected = _choose_agency(context, agencies)
    with bar:
        choice = _choose_view(context, selected)
    if hidden:
        st.warning(context.say("network.hidden", count=f"{hidden:,}"))
    stages = _read_stages(context)
    shown = select_agencies(agencies, stages, choice)
    if choice.steps and selected:
        reached = find_neighbourhood(_list_pairs(shown, ties), selected, choice.steps)
        # The agency itself stays, even when a filter would hide it.
        shown = [row for row in agencies if row["organization_id"] in reached]
    _show_network(context, (agencies, shown, ties), selected, choice)


def select_agencies(
    agencies: Iterable[Row], stages: Mapping[str, str], choice: Choice
) -> list[Row]:
    """Return the agencies of the chosen fields and stages; a facility is always shown."""
    return [
        row
        for row in agencies
        if row["keeps_list"]
        or (
            (not choice.fields or row["field"] in choice.fields)
            and (not choice.stages or stages.get(row["organization_id"], OUTSIDE) in choice.stages)
        )
    ]


def label_agencies(agencies: Iterable[Row]) -> dict[str, str]:
    """Return id → a label to search in, unlike every other: name, kana, and place if need be."""
    agencies = list(agencies)
    names = Counter(row["name"] for row in agencies)
    labels: dict[str, str] = {}
    taken: Counter[str] = Counter()
    for row in agencies:
        parts = [row["name"], row["kana"]]
        if names[row["name"]] > 1:
            parts.append(row["municipality"])
        label = "　".join(filter(None, parts))
        taken[label] += 1
        labels[row["organization_id"]] = label if taken[label] == 1 else f"{label} ({taken[label]})"
    return labels


def _choose_area(context: Context) -> str | None:
    areas = list_areas(context)
    return choose_from_list(
        context.say("network.area"),
        list(areas.rows),
        None,
        lambda area_id: areas.rows[area_id]["full_name"],
        "where",
        help=context.say("network.area_help"),
        placeholder=context.say("network.everywhere"),
    )


def _choose_agency(context: Context, agencies: Sequence[Row]) -> str | None:
    labels = label_agencies(agencies)
    if st.session_state.get(AGENCY) not in labels:
        # Set here and not as the list's default: a click on the picture sets it as well.
        st.session_state[AGENCY] = read_choice(AGENCY, labels, "") or None
    in_order = [row["organization_id"] for row in sort_by_reading(agencies)]
    ids = narrow_names(context, {one: labels[one] for one in in_order}, AGENCY)
    chosen: str | None = st.selectbox(
        context.say("network.search"),
        ids,
        index=None,
        format_func=lambda organization_id: labels[organization_id],
        placeholder=context.say("network.search_placeholder"),
        key=AGENCY,
        on_change=_forget_click,
    )
    write_choice(AGENCY, chosen or "", "")
    return chosen


def _choose_view(context: Context, selected: str | None) -> Choice:
    say = context.say
    with st.container(horizontal=True, vertical_alignment="bottom"):
        fields = choose_some(
            say("network.fields"), FIELDS.codes, partial(context.label, FIELDS), "fields",
            say("network.all"),
        )  # fmt: skip
        stages = choose_some(
            _name_stages(context), (*STAGES.codes, OUTSIDE), partial(_name_stage, context),
            "stages", say("network.all"),
        )  # fmt: skip
        steps = choose_one(
            say("network.steps"), STEPS, STEPS[0], lambda count: say(f"network.step.{count}"),
            "steps", help=say("network.steps_help"),
        )  # fmt: skip
        look = choose_look(context, say("network.look"))
    if steps != STEPS[0] and not selected:
        st.info(say("network.choose_first"))
    return Choice(fields, stages, int(steps), look)


def _name_stage(context: Context, code: str) -> str:
    return context.say("network.outside") if code == OUTSIDE else context.label(STAGES, code)


def _name_stages(context: Context) -> str:
    if context.facility_id is None:
        return context.say("network.stages_no_facility")
    return context.say("network.stages", name=context.facility_name)


def _read_stages(context: Context) -> dict[str, str]:
    if context.facility_id is None:
        return {}
    rows = context.ask("ecomap_agencies", **context.about())
    return {row["organization_id"]: row["stage"] for row in rows}


def _show_network(
    context: Context,
    rows: tuple[Sequence[Row], Sequence[Row], Sequence[Row]],
    selected: str | None,
    choice: Choice,
) -> None:
    agencies, shown, ties = rows
    if not shown:
        show_empty(context, "network.nobody")
        return
    network = make_network(context, shown, ties, choice.look)
    places = tuple(find_places(context, agencies, _list_pairs(agencies, ties)).items())
    wide, narrow = st.columns([4, 1], gap="small")
    with wide:
        show_network(
            _draw(network, places, context.voice),
            centre=None if selected == st.session_state.get(_CLICKED) else selected,
            surroundings=choice.steps > 0,
            key=PICTURE,
            language=context.language,
            on_choose=_take_click,
        )
    with narrow:
        _show_panel(context, network, places, selected)
        if context.may("record"):
            _offer_new_places(context, agencies, _list_pairs(agencies, ties))
    show_measures(context, shown, _list_pairs(shown, ties), on_choose=_choose_row)


def list_ids(rows: Iterable[Row]) -> list[str]:
    """Return the ids of agencies."""
    return [row["organization_id"] for row in rows]


def make_network(
    context: Context, agencies: Sequence[Row], ties: Iterable[Row], look: Look
) -> Network:
    """Return the picture's values from the answers of network_agencies and network_ties."""
    ids = set(list_ids(agencies))
    return Network(
        title=context.say("network.title"),
        as_of=context.as_of,
        agencies=tuple(
            NetworkAgency(
                row["organization_id"], row["name"], row["short_name"], row["field"],
                row["keeps_list"],
            )
            for row in agencies
        ),
        ties=tuple(
            EcomapTie(
                row["source_id"], row["target_id"], row["strength"], row["quality"], row["flow"]
            )
            for row in ties
            if row["source_id"] in ids and row["target_id"] in ids
        ),
        look=look,
    )  # fmt: skip


def _list_pairs(agencies: Iterable[Row], ties: Iterable[Row]) -> Pairs:
    ids = set(list_ids(agencies))
    pairs = ((row["source_id"], row["target_id"]) for row in ties)
    return tuple(pair for pair in pairs if pair[0] in ids and pair[1] in ids)


@lru_cache(maxsize=16)
def _draw(network: Network, places: Places, voice: Voice) -> NetworkPicture:
    """Draw a part of the network, everybody at its place in the whole."""
    return make_network_picture(replace(network, places=dict(places)), voice.say)


def _write_page(network: Network, places: Places, voice: Voice) -> str:
    return make_network_page(replace(network, places=dict(places)), voice.say)


def _take_click() -> None:
    clicked = read_click(PICTURE)
    st.session_state[_CLICKED] = clicked  # the browser shows it already: no need to move
    st.session_state[AGENCY] = clicked


def _choose_row(organization_id: str | None) -> None:
    _forget_click()
    st.session_state[AGENCY] = organization_id


def _forget_click() -> None:
    st.session_state.pop(_CLICKED, None)


def _show_panel(context: Context, network: Network, places: Places, selected: str | None) -> None:
    offer_download(
        context,
        context.say("network.save"),
        partial(_write_page, network, places, context.voice),
        context.say("network.file_name", date=context.as_of.isoformat()),
        "text/html",
        caption=context.say("network.save_help"),
        width="stretch",
    )
    if selected:
        show_agency(context, selected, network.look)
        return
    st.info(context.say("network.hint"))
    st.metric(context.say("network.agencies"), f"{len(network.agencies):,}")
    st.metric(context.say("network.ties"), f"{len(network.ties):,}")


def _offer_new_places(context: Context, agencies: Sequence[Row], pairs: Pairs) -> None:
    with st.popover(context.say("network.places.menu"), width="stretch"):
        st.caption(context.say("network.places.about"))
        if st.button(context.say("network.places.anew"), key="places_anew", width="stretch"):
            give_places(context, agencies, pairs, anew=True)
            st.rerun()
