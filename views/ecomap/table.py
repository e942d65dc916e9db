"""The picture read as a table: agency by agency, with every relation that is drawn, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import streamlit as st

from graph.pictures.ecomap import DrawOptions, Ecomap, EcomapTie
from graph.pictures.notation import choose_line_kind
from graph.vocabulary import FIELDS, STAGES
from views import tables
from views.frame import Context

_COLUMNS = ("agency", "field", "stage", "relation", "others")


def show_table(context: Context, ecomap: Ecomap, options: DrawOptions) -> None:
    """Offer the table below the picture; nothing where nobody is in it."""
    if not ecomap.agencies:
        return
    title = context.say("ecomap_page.table.title")
    with st.expander(title, icon=":material/table_rows:"):
        st.html(tables.STYLE)
        headers = [context.say(f"ecomap_page.table.{name}") for name in _COLUMNS]
        st.html(tables.draw_table(headers, list_rows(context, ecomap, options), caption=title))


def list_rows(context: Context, ecomap: Ecomap, options: DrawOptions) -> list[tuple[str, ...]]:
    """Return a row for each agency, in the order of the cards: five texts, "" for nothing.

    Relations are told as the look draws them: what it does not show is not told either.
    """
    names = {agency.organization_id: agency.name for agency in ecomap.agencies}
    names |= dict(zip(ecomap.ego_ids, ecomap.ego_names, strict=False))
    return [
        (
            agency.name,
            context.label(FIELDS, agency.field),
            context.label(STAGES, agency.stage),
            _join(context, _tell_centres(context, ecomap, options, agency.organization_id)),
            _join(context, _tell_others(context, ecomap, options, agency.organization_id, names)),
        )
        for agency in ecomap.agencies
        if agency.organization_id not in ecomap.ego_ids
    ]


def _tell_centres(
    context: Context, ecomap: Ecomap, options: DrawOptions, agency: str
) -> Iterator[str]:
    """Yield what ties the agency to each centre; the centre's name only where there are two."""
    for tie in ecomap.ties:
        for ego_id, ego_name in zip(ecomap.ego_ids, ecomap.ego_names, strict=False):
            if {tie.source_id, tie.target_id} == {ego_id, agency}:
                words = _tell_line(context, ecomap, options, tie)
                flow = tie.flow if tie.source_id == ego_id else _turn(tie.flow)
                if flow:
                    acting = context.say(f"ecomap_page.table.flow.{flow}")
                    words = context.say("ecomap_page.table.acting", line=words, flow=acting)
                yield _tell(context, ego_name, words) if len(ecomap.ego_ids) > 1 else words


def _tell_others(
    context: Context,
    ecomap: Ecomap,
    options: DrawOptions,
    agency: str,
    names: Mapping[str, str],
) -> Iterator[str]:
    """Yield what ties the agency to others than the centres, as far as it is drawn."""
    for tie in ecomap.ties if options.chords == "all" else ():
        ends = [tie.source_id, tie.target_id]
        if agency not in ends or not set(ends).isdisjoint(ecomap.ego_ids):
            continue
        ends.remove(agency)
        if ends[0] in names and ends[0] != agency:
            yield _tell(context, names[ends[0]], _tell_line(context, ecomap, options, tie))


def _tell_line(context: Context, ecomap: Ecomap, options: DrawOptions, tie: EcomapTie) -> str:
    kind = choose_line_kind(tie.strength, tie.quality, ecomap.look, show_stress=options.show_stress)
    return context.say(f"ecomap.line.{kind}")


def _tell(context: Context, name: str, words: str) -> str:
    return context.say("ecomap_page.table.tie", name=name, line=words)


def _turn(flow: str | None) -> str | None:
    """Return who acts, seen from the other end."""
    return {"in": "out", "out": "in"}.get(flow or "", flow)


def _join(context: Context, parts: Iterator[str] | Sequence[str]) -> str:
    return context.say("ecomap.separator").join(parts)
