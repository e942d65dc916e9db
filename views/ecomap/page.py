"""The page エコマップ: one facility's network on a day, what changed, and who is who in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Any, Final, get_args

import streamlit as st

from graph.analysis.changes import Change, compare_ecomaps, join_codes
from graph.pictures.ecomap import (
    DrawOptions,
    Ecomap,
    EcomapAgency,
    EcomapGroup,
    EcomapTie,
    draw_ecomap,
)
from graph.pictures.notation import Look
from texts import Language, say
from views.ecomap.comparison import choose_comparison, choose_day, find_step
from views.ecomap.component import EcomapClick, show_ecomap
from views.ecomap.edit import offer_edits
from views.ecomap.export import offer_exports
from views.ecomap.panel import list_told, show_agency, show_changes, show_counts, write_change
from views.frame import Context, go_to_date, read_choice, show_empty, write_choice
from views.record.forms import show_saved

SELECTED: Final = "ecomap_selected"
PRESENTING: Final = "ecomap_presenting"
NEXT_LOOK: Final = "ecomap_next_look"
COMPARING: Final = "ecomap_comparing"

# While presenting, only the picture is on the wall.
_PRESENT_STYLE: Final = (
    "<style>.st-key-frame,.st-key-ecomap_panel,[data-testid=stHeader]"
    "{display:none!important}.stMainBlockContainer{padding:.4rem!important}</style>"
)

LOOKS: Final[tuple[Look, ...]] = get_args(Look)

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the panel's switches say."""

    look: Look
    options: DrawOptions
    groups: bool


def show(context: Context) -> None:
    """Draw the page."""
    if context.facility_id is None:
        show_empty(context, "ecomap_page.empty")
        return
    presenting = bool(st.session_state.get(PRESENTING))
    if presenting:
        st.html(_PRESENT_STYLE)
    wide, narrow = st.columns([1, 0.001] if presenting else [4, 1], gap="small")
    days = context.ask("ecomap_dates", facility_id=context.facility_id)
    panel = narrow.container(key="ecomap_panel")
    with panel:
        choose_day(context, days)
        choice = _choose_look(context)
        earlier = choose_comparison(context, days, COMPARING)
    agencies, ties = _ask(context, context.as_of, choice)
    changes: list[Change] = []
    before: Rows = []
    if earlier is not None:
        before, ties_before = _ask(context, earlier, choice)
        changes = compare_ecomaps(
            (before, ties_before), (agencies, ties), earlier, context.facility_id
        )
    ecomap = make_ecomap(context, [*agencies, *_list_gone(before, changes)], ties, choice, changes)
    selected = _read_selected(agencies)
    sentences = [write_change(context, c) for c in list_told(changes, choice.look)]
    svg = _draw(ecomap, choice.options, context.language)
    with wide:
        click = show_ecomap(
            svg,
            selected=selected,
            key="ecomap",
            language=context.language,
            file_name=context.say("ecomap_page.file_name", date=context.as_of.isoformat()),
        )
    with panel:
        if earlier is not None:
            show_changes(context, sentences, earlier)
        if selected:
            show_agency(context, selected, choice.look)
            if choice.look == "internal":
                show_saved(context)
                offer_edits(context, selected, agencies)
        elif earlier is None:
            show_counts(context, agencies)
        offer_exports(context, ecomap, svg, sentences)
    if click:
        _obey(click, selected, context.as_of, days)


def make_ecomap(
    context: Context, agencies: Rows, ties: Rows, choice: Choice, changes: list[Change]
) -> Ecomap:
    """Return the picture's values from the answers of the ecomap's questions."""
    codes = join_codes(changes)
    groups = context.ask("ecomap_groups", **context.about()) if choice.groups else []
    return Ecomap(
        title=context.say("ecomap_page.title", name=context.facility_name),
        as_of=context.as_of,
        ego_ids=(context.facility_id or "",),
        ego_names=(context.facility_name,),
        agencies=tuple(
            EcomapAgency(
                row["organization_id"], row["name"], row["short_name"], row["field"],
                row["stage"], row["slot"], codes.get(row["organization_id"]),
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
        look=choice.look,
        groups=tuple(EcomapGroup(row["name"], tuple(row["member_ids"])) for row in groups),
    )  # fmt: skip


def hide_stress(ties: Rows) -> Rows:
    """Return ties as the meeting look tells them: a stressful one is a normal one."""
    plain = {"quality": "good", "strength": "normal"}
    return [tie | plain if tie["quality"] == "stressful" else tie for tie in ties]


def _ask(context: Context, day: date, choice: Choice) -> tuple[Rows, Rows]:
    about = context.about(as_of=day)
    agencies, ties = context.ask("ecomap_agencies", **about), context.ask("ecomap_ties", **about)
    if choice.look == "meeting" and not choice.options.show_stress:
        ties = hide_stress(ties)
    return agencies, ties


def _list_gone(before: Rows, changes: list[Change]) -> Rows:
    gone = {change.organization_id for change in changes if change.code == "gone"}
    return [row for row in before if row["organization_id"] in gone]


def _choose_look(context: Context) -> Choice:
    if NEXT_LOOK in st.session_state:
        st.session_state["look"] = st.session_state.pop(NEXT_LOOK)
    look: Look = (
        st.segmented_control(
            context.say("ecomap_page.look"),
            LOOKS,
            default=read_choice("look", LOOKS, "meeting"),
            format_func=lambda code: context.say(f"ecomap.look.{code}"),
            key="look",
        )
        or "meeting"
    )
    write_choice("look", look, "meeting")
    chords = st.toggle(context.say("ecomap_page.chords"), True, key="chords", bind="query-params")
    groups = st.toggle(context.say("ecomap_page.groups"), key="groups", bind="query-params")
    stress = look == "meeting" and st.toggle(context.say("ecomap_page.stress"), key="stress")
    options = DrawOptions(
        chords="all" if chords else "none", show_groups=groups, show_stress=stress
    )
    return Choice(look, options, groups)


@lru_cache(maxsize=64)
def _draw(ecomap: Ecomap, options: DrawOptions, language: Language) -> str:
    # A click draws the page anew but not the picture.
    return draw_ecomap(ecomap, options, partial(_say, language))


def _say(language: Language, key: str, **values: object) -> str:
    return say(key, language, **values)


def _read_selected(agencies: Rows) -> str | None:
    selected = st.session_state.get(SELECTED)
    return selected if any(row["organization_id"] == selected for row in agencies) else None


def _obey(click: EcomapClick, selected: str | None, as_of: date, days: Rows) -> None:
    """Do what was clicked or typed on the picture."""
    if click.command in ("previous", "next"):
        day = find_step([row["day"] for row in days], as_of, click.command)
        if day is not None:
            go_to_date(day)
    elif click.command == "difference":
        st.session_state[COMPARING] = not st.session_state.get(COMPARING)
        st.rerun()
    elif click.command == "present":
        presenting = not st.session_state.get(PRESENTING)
        st.session_state[PRESENTING] = presenting
        if presenting:
            st.session_state[NEXT_LOOK] = "meeting"  # the room is not shown more by accident
        st.rerun()
    elif click.organization_id != selected:
        st.session_state[SELECTED] = click.organization_id
        st.rerun()
