"""Who stands in an ecomap on a day, whichever its centre, where, and which ties hold.

Places are stable in this sense. An agency that the facility's ecomap has given a place stands there
around every other centre too. Another one gets a free place by its field, after everybody who came
before it; since all who ever stood around the centre are counted, whichever day is shown, the date
moves nobody. Only a tie recorded later with an earlier date can.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from graph.pictures.layout import settle
from graph.vocabulary import REFERRAL_STATUSES
from views.ecomap.whose import Whose
from views.frame import LAST_DAY, Context

Rows = list[dict[str, Any]]

# What a row of `ecomap_agencies` says of somebody the facility knows nothing of.
_UNKNOWN: Final = {
    "stage": "known", "stage_since": None, "contact_changed_on": None, "anxiety": None,
    "slot": None,
}  # fmt: skip

_ENDED: Final = frozenset(
    {"could_not_contact", "not_eligible", "no_capacity", "declined_by_client", "lost"}
)
_SERVING: Final = frozenset({"accepted", "got_help"})


def ask_members(context: Context, whose: Whose, day: date) -> tuple[Rows, Rows]:
    """Return the agencies and the ties of the ecomap on `day`; [] when nobody is there.

    They are rows of `ecomap_agencies` and of `ties_among`. Of two facilities each shared agency
    is one row, at the first one's stage, and `centres` says around which it stands. Of a client
    `note` says how its referral to the agency stands.
    """
    if whose.kind == "agency":
        return _ask_around_agency(context, whose, day)
    if whose.kind == "two":
        return _ask_around_two(context, whose, day)
    if whose.kind == "client":
        return _ask_around_client(context, whose, day)
    about = context.about(as_of=day)
    return context.ask("ecomap_agencies", **about), context.ask("ecomap_ties", **about)


def ask_days(context: Context, whose: Whose) -> Rows:
    """Return the days on which the facility's ecomap or a chosen agency's changed, in order."""
    centres = whose.ids if whose.kind in ("agency", "two") else ()
    rows = [
        row
        for centre in dict.fromkeys((context.facility_id, *centres))
        for row in context.ask("ecomap_dates", facility_id=centre)
    ]
    meetings = {row["day"] for row in rows if row["meeting"]}
    return [
        {"day": day, "meeting": day in meetings} for day in sorted({row["day"] for row in rows})
    ]


def ask_groups(context: Context, whose: Whose) -> Rows:
    """Return the councils with members in the ecomap, each once."""
    centres = whose.ids if whose.kind in ("agency", "two") else (context.facility_id,)
    groups: dict[str, dict[str, Any]] = {}
    for centre in centres:
        for row in context.ask("ecomap_groups", facility_id=centre, as_of=context.as_of):
            known = groups.setdefault(row["group_id"], row | {"member_ids": []})
            known["member_ids"] = sorted({*known["member_ids"], *row["member_ids"]})
    return list(groups.values())


def merge_facilities(first: Rows, second: Rows, centres: Sequence[str]) -> Rows:
    """Return the agencies around two facilities, each once, without the facilities themselves."""
    merged: dict[str, dict[str, Any]] = {}
    for centre, rows in enumerate((first, second)):
        for row in rows:
            if row["organization_id"] not in centres:
                known = merged.setdefault(row["organization_id"], row | {"centres": ()})
                known["centres"] = (*known["centres"], centre)
    return list(merged.values())


def tie_client(client_id: str, agencies: Iterable[Mapping[str, Any]]) -> Rows:
    """Return a tie from the client to each agency.

    Plain while the agency serves, dashed before and after, broken when it came to nothing.
    """
    return [
        {
            "source_id": client_id,
            "target_id": row["organization_id"],
            "strength": "normal" if row["status"] in _SERVING else "weak",
            "quality": "broken" if row["status"] in _ENDED else "good",
            "flow": None,
        }
        for row in agencies
    ]


def _ask_around_agency(context: Context, whose: Whose, day: date) -> tuple[Rows, Rows]:
    centre = whose.ids[0]
    agencies = context.ask("ecomap_of_agency", **context.about(organization_id=centre, as_of=day))
    roster = _ask_roster(context, centre)
    places = _settle((row, row["slot"]) for row in roster)
    return _place(agencies, places), _ask_ties(context, [centre], agencies, day)


def _ask_around_two(context: Context, whose: Whose, day: date) -> tuple[Rows, Rows]:
    first, second = (
        context.ask("ecomap_agencies", facility_id=centre, as_of=day) for centre in whose.ids
    )
    agencies = merge_facilities(first, second, whose.ids)
    comers = [(row, row["slot"]) for row in _ask_roster(context, whose.ids[0])]
    for row in _ask_roster(context, whose.ids[1]):
        comers.append((row, row["own_slot"] if row["slot"] is None else row["slot"]))
    places = _settle(comer for comer in comers if comer[0]["organization_id"] not in whose.ids)
    return _place(agencies, places), _ask_ties(context, whose.ids, agencies, day)


def _ask_around_client(context: Context, whose: Whose, day: date) -> tuple[Rows, Rows]:
    client_id = whose.ids[0]
    about = context.about(client_id=client_id) | (whose.override.ask() if whose.override else {})
    serving = context.ask("ecomap_of_client", **about | {"as_of": day})
    ever = context.ask("ecomap_of_client", **about | {"as_of": LAST_DAY})
    known = {row["organization_id"]: row for row in _ask_facility(context, day)}
    slots = {row["organization_id"]: row["slot"] for row in _ask_facility(context, LAST_DAY)}
    places = _settle((row, slots.get(row["organization_id"])) for row in ever)
    agencies = [
        _UNKNOWN | row | known.get(row["organization_id"], {}) | {"note": _say_status(context, row)}
        for row in serving
    ]
    for row in agencies:
        if row["organization_id"] == context.facility_id:
            row["stage"] = None
    ties = tie_client(client_id, serving) + _ask_ties(context, [], agencies, day)
    return _place(agencies, places), ties


def _ask_facility(context: Context, day: date) -> Rows:
    return context.ask("ecomap_agencies", **context.about(as_of=day))


def _ask_roster(context: Context, centre: str) -> Rows:
    return context.ask("ecomap_roster", organization_id=centre, places_of=context.facility_id)


def _ask_ties(context: Context, centres: Iterable[str], agencies: Rows, day: date) -> Rows:
    ids = [*centres, *(row["organization_id"] for row in agencies)]
    return context.ask("ties_among", organization_ids=ids, as_of=day)


def _settle(comers: Iterable[tuple[Mapping[str, Any], int | None]]) -> Mapping[str, int]:
    """Return places that hold on every day, since everybody who ever came is counted."""
    return settle(
        [(row["organization_id"], row["field"], slot) for row, slot in comers if row["field"]]
    )


def _place(agencies: Rows, places: Mapping[str, int]) -> Rows:
    return [row | {"slot": places.get(row["organization_id"])} for row in agencies]


def _say_status(context: Context, row: Mapping[str, Any]) -> str:
    if row["status"]:
        return context.label(REFERRAL_STATUSES, row["status"])
    return context.say(f"ecomap_whose.{'sent' if row['sent'] else 'met'}")
