"""One agency to choose: from a plain list while they are few, else also by part of its name.

Of very many agencies the list holds the facility's partners and those with referrals; any other one
is found by the words typed beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from graph.collation import sort_by_reading
from graph.store import Row
from views.choices import choose_from_list
from views.frame import Context

MOST_LISTED: Final = 300
"""Agencies a list holds without a search."""

FOUND_AT_ONCE: Final = 50

_APART: Final = ("", "agency_type", "municipality", "organization_id")
"""What is put behind a name to tell it apart, the least that does."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Agencies offered without a search, the likely ones first, and how many there are in all."""

    rows: Sequence[Row]
    total: int

    @property
    def is_whole(self) -> bool:
        """Say whether nobody is left to search for."""
        return self.total <= MOST_LISTED


def offer_agencies(context: Context) -> Offer:
    """Return whom the boxes of a page offer; nobody in an empty graph."""
    rows = context.ask(
        "path_starts", own_id=context.facility_id, as_of=context.as_of, limit=MOST_LISTED
    )
    return Offer(rows, rows[0]["total"] if rows else 0)


def choose_agency(
    context: Context,
    offer: Offer,
    label: str,
    key: str,
    *,
    help: str | None = None,
    placeholder: str | None = None,
    first: str | None = None,
    without: Collection[str | None] = (),
    own_first: bool = False,
    in_address: bool = True,
) -> Row | None:
    """Draw the box and return the agency's row, None before one is chosen.

    The row has organization_id, name, field and agency_type. `first` is chosen to begin with,
    those of `without` are not offered. The likely starting points of a path come first or, with
    `own_first`, the facility's partners and then the rest, each in the order of an index.
    The address keeps the choice under `key` if it is `in_address`.
    """
    rows = _search(context, key, offer) or _sort(offer, own_first=own_first)
    by_id = {row["organization_id"]: row for row in rows}
    named = st.query_params.get(key) if in_address else None
    for kept in (st.session_state.get(key), named, first):
        if kept and kept not in by_id and (found := find_agency(context, kept)):
            by_id[kept] = found
    for left_out in without:
        by_id.pop(left_out or "", None)
    if st.session_state.get(key) not in by_id:
        st.session_state.pop(key, None)
    names = name_agencies(by_id.values())
    if in_address:
        chosen = choose_from_list(
            label,
            list(names),
            first,
            lambda one: names[one],
            key,
            help=help,
            placeholder=placeholder,
        )
    else:
        chosen = _draw_box(label, names, key, first, help=help, placeholder=placeholder)
    return by_id[chosen] if chosen else None


def gather_names(
    context: Context, offer: Offer, key: str, *, without: Collection[str | None] = ()
) -> dict[str, str]:
    """Return id → name for a list of which several are chosen, partners first.

    Of very many agencies the words are asked for here; what was found stays in the list.
    """
    found = st.session_state.setdefault(f"{key}_found", {})
    found |= {row["organization_id"]: row for row in _search(context, key, offer)}
    listed = {row["organization_id"]: row for row in _sort(offer, own_first=True)}
    names = name_agencies((found | listed).values())
    return {one: name for one, name in names.items() if one not in without}


def narrow_names(context: Context, names: Mapping[str, str], key: str) -> list[str]:
    """Return which of `names` a box offers: of very many those with the words typed beside it."""
    if len(names) <= MOST_LISTED:
        return list(names)
    words = _ask_words(context, key, len(names))
    fitting = [one for one, name in names.items() if words.casefold() in name.casefold()]
    shown = fitting[: FOUND_AT_ONCE if words else MOST_LISTED]
    if words:
        _say_found(context, words, len(fitting), len(shown))
    chosen = st.session_state.get(key)
    return shown if chosen is None or chosen in shown else [*shown, chosen]


def _sort(offer: Offer, *, own_first: bool) -> list[Row]:
    if not own_first:
        return list(offer.rows)
    return sorted(sort_by_reading(offer.rows), key=lambda row: not row["partner"])


def _search(context: Context, key: str, offer: Offer) -> list[Row]:
    """Return what the words typed find; [] without words, or where all agencies are listed."""
    if offer.is_whole:
        return []
    words = _ask_words(context, key, offer.total)
    if not words:
        return []
    found = context.ask("search_organizations", words=words, limit=FOUND_AT_ONCE)
    _say_found(context, words, found[0]["found"] if found else 0, len(found))
    return found


def _ask_words(context: Context, key: str, total: int) -> str:
    return st.text_input(
        context.say("agency_choice.words"),
        placeholder=context.say("agency_choice.placeholder", total=f"{total:,}"),
        autocomplete="off",
        key=f"{key}_words",
    ).strip()


def _say_found(context: Context, words: str, count: int, shown: int) -> None:
    state = "none" if not count else "found" if count <= shown else "more"
    st.caption(context.say(f"agency_choice.{state}", words=words, count=f"{count:,}", shown=shown))


def _draw_box(
    label: str,
    names: Mapping[str, str],
    key: str,
    first: str | None,
    *,
    help: str | None,
    placeholder: str | None,
) -> str | None:
    ids = list(names)
    chosen: str | None = st.selectbox(
        label,
        ids,
        index=ids.index(first) if first is not None and first in names else None,
        format_func=lambda one: names[one],
        placeholder=placeholder,
        key=key,
        help=help,
    )
    return chosen


def find_agency(context: Context, organization_id: str) -> Row | None:
    """Return an agency by its id; None when it is not recorded."""
    rows = context.ask("agency_details", organization_id=organization_id, as_of=context.as_of)
    return rows[0] | {"organization_id": organization_id} if rows else None


def is_stranger(context: Context, key: str) -> bool:
    """Say whether the address names under `key` an agency that is not recorded.

    Ask before the box is drawn: it leaves an unknown one out of the address.
    """
    named = st.query_params.get(key, "")
    return bool(named) and find_agency(context, named) is None


def name_agencies(rows: Iterable[Row]) -> dict[str, str]:
    """Return id → name; agencies of one name are told apart by type, by place, then by id."""
    rows = list(rows)
    ways = [[_write_name(row, column) for row in rows] for column in _APART]
    used = [Counter(names) for names in ways]
    return {
        row["organization_id"]: next(
            name for name, taken in zip(names, used, strict=True) if taken[name] == 1
        )
        for row, names in zip(rows, zip(*ways, strict=True), strict=True)
    }


def _write_name(row: Row, column: str) -> str:
    more = row.get(column)
    return f"{row['name']}（{more}）" if more else str(row["name"])
