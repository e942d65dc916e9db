"""Narrowing an ecomap to fields, an area or a partner list; needed where it has more than forty."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from graph.pictures.layout import CAPACITY
from graph.store import Row
from graph.vocabulary import FIELDS
from views.choices import choose_from_list, choose_some
from views.frame import Context

ONLY_FIELDS: Final = "in_fields"
ONLY_AREA: Final = "in_area"
ONLY_LIST: Final = "in_list"
KEYS: Final = (ONLY_FIELDS, ONLY_AREA, ONLY_LIST)
"""Keys of the choices, in the session and in the address."""

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What is chosen: fields (() for all), the ids of area and list (None for all), in words."""

    fields: tuple[str, ...] = ()
    members: tuple[frozenset[str], ...] = ()
    words: tuple[str, ...] = ()


def choose_narrowing(context: Context, agencies: Sequence[Row]) -> Narrowing:
    """Draw the choices, open where they are needed; closed and unused they cost no question."""
    ids = sorted({row["organization_id"] for row in agencies})
    active = any(key in st.query_params for key in KEYS)
    box = st.expander(
        context.say("ecomap_narrow.label"),
        expanded=active or count_crowded_out(agencies) > 0,
        key="narrowing",
        on_change="rerun",
    )
    if not active and not box.open:
        return Narrowing()
    with box:
        fields = _choose_fields(context, agencies)
        area = _choose_area(context, ids)
        partner_list = _choose_list(context)
    chosen = [row for row in (area, partner_list) if row]
    words = [context.label(FIELDS, code) for code in fields]
    return Narrowing(
        fields,
        tuple(frozenset(row["member_ids"]) for row in chosen),
        ((context.list_words(words),) if words else ()) + _list_labels(chosen),
    )


def narrow(agencies: Rows, narrowing: Narrowing, keep: Collection[str] = ()) -> Rows:
    """Return the agencies of the chosen fields, area and list, and those of `keep` anyway."""
    return [
        row
        for row in agencies
        if row["organization_id"] in keep
        or (
            (not narrowing.fields or row["field"] in narrowing.fields)
            and all(row["organization_id"] in members for members in narrowing.members)
        )
    ]


def count_crowded_out(agencies: Sequence[Row]) -> int:
    """Return how many find no place in one picture; who has no field is not in it anyway."""
    return max(0, sum(bool(row["field"]) for row in agencies) - CAPACITY)


def show_hidden(context: Context, crowded_out: int, left_out: int) -> None:
    """Say how many are not in the picture, by the choice and for want of room."""
    if left_out:
        st.caption(context.say("ecomap_narrow.left_out", count=left_out))
    if crowded_out:
        st.warning(context.say("ecomap_narrow.crowded_out", count=crowded_out))


def _list_labels(chosen: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(row["label"] for row in chosen)


def _choose_fields(context: Context, agencies: Sequence[Row]) -> tuple[str, ...]:
    counts = {code: sum(row["field"] == code for row in agencies) for code in FIELDS.codes}
    return choose_some(
        context.say("ecomap_narrow.fields"),
        FIELDS.codes,
        lambda code: f"{context.label(FIELDS, code)} {counts[code]}",
        ONLY_FIELDS,
        context.say("ecomap_narrow.all"),
    )


def _choose_area(context: Context, ids: Sequence[str]) -> dict[str, Any] | None:
    rows = context.ask("agency_areas", organization_ids=list(ids))
    areas = {row["area_id"]: row | {"label": row["full_name"]} for row in rows}
    return _choose(context, areas, ONLY_AREA, "area")


def _choose_list(context: Context) -> dict[str, Any] | None:
    rows = context.ask("ecomap_lists", **context.about())
    lists = {
        row["list_id"]: row | {"label": row["name"] or context.write_date(row["made_on"])}
        for row in rows
    }
    return _choose(context, lists, ONLY_LIST, "list")


def _choose(
    context: Context, rows: Mapping[str, dict[str, Any]], key: str, name: str
) -> dict[str, Any] | None:
    if key in st.session_state and st.session_state[key] not in rows:
        st.session_state[key] = None
    chosen = choose_from_list(
        context.say(f"ecomap_narrow.{name}"),
        list(rows),
        None,
        lambda code: f"{rows[code]['label']} {len(rows[code]['member_ids'])}",
        key,
        help=context.say(f"ecomap_narrow.{name}_help"),
        placeholder=context.say("ecomap_narrow.all"),
    )
    return rows[chosen] if chosen else None
