"""The page エコマップ: one facility's network on a day, what changed, and who is who in it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import streamlit as st

from graph.pictures.ecomap import DrawOptions, Ecomap, draw_ecomap
from graph.pictures.notation import Look
from texts import Voice
from views.choices import choose_look
from views.ecomap.comparison import choose_comparison, choose_day, find_step
from views.ecomap.component import EcomapClick, find_click, show_ecomap
from views.ecomap.edit import offer_edits
from views.ecomap.export import list_downloads, offer_exports, take_file, want_file
from views.ecomap.keys import read_letters, show_keys
from views.ecomap.members import ask_days
from views.ecomap.minutes import show_minutes
from views.ecomap.narrowing import show_hidden
from views.ecomap.panel import list_told, show_agency, show_changes, show_counts, write_change
from views.ecomap.path import end_path, show_path
from views.ecomap.saved_views import name_slide, show_saved_views, step_view, take_view
from views.ecomap.scene import Choice, Scene, ask_scene, make_ecomap
from views.ecomap.table import show_table
from views.ecomap.whose import (
    centre_on,
    choose_whose,
    list_centres,
    show_shared,
    show_withheld_agencies,
)
from views.first_steps import show_first_steps
from views.frame import Context, go_to_date
from views.record.forms import show_saved

PICTURE: Final = "ecomap"
SELECTED: Final = "ecomap_selected"
PRESENTING: Final = "ecomap_presenting"
NEXT_LOOK: Final = "ecomap_next_look"
COMPARING: Final = "ecomap_comparing"
NEXT_COMPARING: Final = "ecomap_next_comparing"

# While presenting, only the picture is on the wall.
_PRESENT_STYLE: Final = (
    "<style>.st-key-frame,.st-key-ecomap_panel,[data-testid=stHeader]"
    "{display:none!important}.stMainBlockContainer{padding:.4rem!important}</style>"
)

Rows = list[dict[str, Any]]


def show(context: Context) -> None:
    """Draw the page."""
    if context.facility_id is None:
        show_first_steps(context)
        return
    take_view()
    presenting = bool(st.session_state.get(PRESENTING))
    if presenting:
        st.html(_PRESENT_STYLE)
    wide, narrow = st.columns([1, 0.001] if presenting else [4, 1], gap="small")
    panel = narrow.container(key="ecomap_panel")
    with panel:
        above = st.container()
        choice = _choose_look(context)
        whose = choose_whose(context, choice.look)
        days = ask_days(context, whose)
        with above:
            choose_day(context, days)
        if NEXT_COMPARING in st.session_state:  # the switch cannot be set once it is drawn
            st.session_state[COMPARING] = st.session_state.pop(NEXT_COMPARING)
        earlier = choose_comparison(context, days, COMPARING)
        scene = ask_scene(context, whose, choice, earlier)
    ecomap = make_ecomap(context, scene, choice)
    selected = _read_selected([*scene.agencies, *scene.guests, *list_centres(whose)])
    sentences = [write_change(context, c) for c in list_told(scene.changes, choice.look)]
    svg = _draw(ecomap, choice.options, context.voice)
    downloads = list_downloads(context, ecomap, svg, sentences)
    with wide:
        click = show_ecomap(
            svg,
            selected=selected,
            key=PICTURE,
            language=context.language,
            file_name=context.say("ecomap_page.file_name", date=context.as_of.isoformat()),
            presenting=presenting,
            on_path=bool(scene.path),
            saving=bool(downloads),
            letters=read_letters(),
            file=take_file(context, downloads),
            slide=name_slide(context) if presenting else None,
            on_done=_take_selection,
        )
        if not presenting:
            show_minutes(context, choice.look, scene.agencies)
            show_saved_views(context)
            show_table(context, ecomap, choice.options)
    with panel:
        _show_about(context, scene)
        if earlier is not None:
            show_changes(context, sentences, earlier)
        if selected:
            _show_selected(context, scene, selected, choice.look)
        elif earlier is None:
            show_counts(context, scene.agencies)
        offer_exports(context, downloads)
        show_keys(context, is_exporting=bool(downloads))
    if click:
        _obey(context, click, selected, days)


def _show_about(context: Context, scene: Scene) -> None:
    """Say who is not in the picture, how two facilities share it, and the path."""
    show_hidden(context, scene.crowded_out, scene.left_out)
    if not scene.agencies and scene.whose.kind in ("agency", "client"):
        st.info(context.mark("ecomap_whose.nobody", name=scene.whose.names[0]))
    show_withheld_agencies(context, scene.whose)
    if scene.whose.kind == "two":
        show_shared(context, scene.whose, scene.agencies)
    if scene.path:
        drawn = {row["organization_id"] for row in (*scene.agencies, *scene.guests) if row["field"]}
        show_path(context, scene.path, drawn | set(scene.whose.ids))


def _show_selected(context: Context, scene: Scene, selected: str, look: Look) -> None:
    show_agency(context, selected, look)
    st.button(
        context.say("ecomap_whose.centre_on"),
        on_click=centre_on,
        args=(selected, context.facility_id or ""),
        key="centre_on",
        width="stretch",
    )
    if look == "internal" and context.may("record"):
        show_saved(context)
        offer_edits(context, selected, [*scene.agencies, *scene.guests, *list_centres(scene.whose)])


def _choose_look(context: Context) -> Choice:
    if NEXT_LOOK in st.session_state:
        st.session_state["look"] = st.session_state.pop(NEXT_LOOK)
    look = choose_look(context, context.say("ecomap_page.look"))
    chords = st.toggle(context.say("ecomap_page.chords"), True, key="chords", bind="query-params")
    groups = st.toggle(context.say("ecomap_page.groups"), key="groups", bind="query-params")
    asks_stress = look == "meeting" and context.may("see_levels")
    stress = asks_stress and st.toggle(
        context.say("ecomap_page.stress"), key="stress", bind="query-params"
    )
    options = DrawOptions(
        chords="all" if chords else "none", show_groups=groups, show_stress=stress
    )
    return Choice(look, options, groups)


@lru_cache(maxsize=64)
def _draw(ecomap: Ecomap, options: DrawOptions, voice: Voice) -> str:
    # A click draws the page anew but not the picture.
    return draw_ecomap(ecomap, options, voice.say)


def _read_selected(agencies: Rows) -> str | None:
    selected = st.session_state.get(SELECTED)
    return selected if any(row["organization_id"] == selected for row in agencies) else None


def _take_selection() -> None:
    """Select the agency that was clicked before the page is drawn: one run, not two."""
    click = find_click(PICTURE)
    if click and click.command == "select":
        st.session_state[SELECTED] = click.organization_id


def _obey(context: Context, click: EcomapClick, selected: str | None, days: Rows) -> None:
    """Do what was clicked or typed on the picture."""
    if click.command in ("next_view", "previous_view"):
        step_view(context, click.command)
    elif click.command in ("previous", "next"):
        day = find_step([row["day"] for row in days], context.as_of, click.command)
        if day is not None:
            go_to_date(day)
    elif click.command == "difference":
        st.session_state[NEXT_COMPARING] = not st.session_state.get(COMPARING)
        st.rerun()
    elif click.command == "present":
        presenting = not st.session_state.get(PRESENTING)
        st.session_state[PRESENTING] = presenting
        if presenting:
            st.session_state[NEXT_LOOK] = "meeting"  # the room is not shown more by accident
        st.rerun()
    elif click.command == "print" or click.command.startswith("save_"):
        want_file(click.command.removeprefix("save_"))
        st.rerun()
    elif click.command == "clear" and selected is None:
        end_path()
        st.rerun()
    elif click.organization_id != selected:
        st.session_state[SELECTED] = click.organization_id
        st.rerun()
