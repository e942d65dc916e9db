"""The tables of the answer: each agency with its distance, its conditions and its experience."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Final

from graph.store import Row
from graph.vocabulary import (
    ACCEPTANCES,
    COST_KINDS,
    FIELDS,
    OFFENCES,
    REFERRAL_OUTCOMES,
    REFERRAL_STATUSES,
    SEXES_ACCEPTED,
    STAGES,
    SUPPORTS,
)
from loaders.acceptance import OFFENCES_BY_ANSWER
from views.frame import Context
from views.nearby.wish import Conditions
from views.tables import Markup, draw_chip, draw_phone, draw_table

Introducers = Mapping[str, Sequence[str]]

_PLACED: Final = (
    "number", "name", "field", "stage", "distance", "municipality", "phone", "offers", "referrals",
)  # fmt: skip
_UNPLACED: Final = (
    "name", "field", "stage", "why", "municipality", "serves", "phone", "offers", "referrals",
)  # fmt: skip
_ONE_LINE: Final = ("field", "stage", "distance", "phone", "serves")
_MAY_BE_EMPTY: Final = ("municipality", "phone", "referrals")
_ROUGH: Final = ("municipality", "town")
# Which of an agency's own words answer a condition that was asked for.
_ANSWERS: Final = {
    "disability": "accepts_disability", "released": "accepts_released", "vacant": "vacancies",
    "open_weekend": "open_weekend", "open_night": "open_night",
}  # fmt: skip


def draw_placed(
    context: Context,
    asked: Conditions,
    numbered: Sequence[tuple[int, Row]],
    introducers: Introducers,
    caption: str,
) -> str:
    """Return the table of agencies whose place is known, in order of their numbers."""
    return _draw(context, _PLACED, asked, numbered, introducers, caption=caption)


def draw_unplaced(
    context: Context,
    asked: Conditions,
    rows: Sequence[Row],
    introducers: Introducers,
    caption: str,
) -> str:
    """Return the table of agencies that are not on the map, with the reason."""
    return _draw(
        context, _UNPLACED, asked, [(0, row) for row in rows], introducers, caption=caption
    )


def _draw(
    context: Context,
    columns: Sequence[str],
    asked: Conditions,
    rows: Sequence[tuple[int, Row]],
    introducers: Introducers,
    *,
    caption: str,
) -> str:
    cells = [{c: _write_cell(context, c, number, row) for c in columns} for number, row in rows]
    shown = [c for c in columns if c not in _MAY_BE_EMPTY or any(row[c] for row in cells)]
    return draw_table(
        [context.say(f"nearby.column.{column}") for column in shown],
        [[row[column] for column in shown] for row in cells],
        caption=caption,
        numbers=[i for i, column in enumerate(shown) if column == "number"],
        whole=[i for i, column in enumerate(shown) if column in _ONE_LINE],
        below=[
            _draw_below(context, asked, row, introducers.get(row["organization_id"], ()))
            for _, row in rows
        ],
    )


def _write_cell(context: Context, column: str, number: int, row: Row) -> str:
    writers: dict[str, Callable[[], str]] = {
        "number": lambda: str(number),
        "field": lambda: context.label(FIELDS, row["field"]),
        "stage": lambda: draw_chip(context.label(STAGES, row["stage"])),
        "distance": lambda: _draw_distance(context, row),
        "why": lambda: context.say(f"nearby.why.{'hidden' if row['hidden'] else 'unknown'}"),
        "phone": lambda: draw_phone(row["phone"]),
        "serves": lambda: context.say(f"nearby.serves.{'yes' if row['serves'] else 'unknown'}"),
        "offers": lambda: context.list_words(
            context.label(SUPPORTS, code) for code in row["offers"]
        ),
        "referrals": lambda: _draw_referrals(context, row),
    }
    return writers[column]() if column in writers else row[column] or ""


def _draw_distance(context: Context, row: Row) -> Markup:
    accuracy = context.say(f"places.accuracy.{row['location_accuracy'] or 'unknown'}")
    return Markup(f"{escape(write_distance(context, row))}<br><small>{escape(accuracy)}</small>")


def write_distance(context: Context, row: Row) -> str:
    """Return the distance in words, no more exact than the agency's place is known."""
    if row["distance_m"] is None:
        return ""
    km = row["distance_m"] / 1000
    if row["location_accuracy"] == "municipality" and km < 1:
        return context.say("nearby.distance.same")
    if row["location_accuracy"] in _ROUGH:
        return context.say("nearby.distance.about", km=f"{km:.0f}" if km >= 1 else "1")
    if row["location_accuracy"] == "exact":
        return context.say("nearby.distance.exact", km=f"{km:.1f}")
    return context.say("nearby.distance.about", km=f"{max(km, 0.1):.1f}")


def _draw_referrals(context: Context, row: Row) -> Markup:
    """Return the latest referral and the counts, as far as who looks may see them.

    Counts are said as "1 of 3": a share of so few would say more than is known.
    """
    lines = []
    if row["last_referral_status"]:
        ending = row["last_referral_outcome"] or row["last_referral_status"]
        words = REFERRAL_OUTCOMES if row["last_referral_outcome"] else REFERRAL_STATUSES
        day = context.write_date(row["last_referral_on"])
        lines.append(" ".join(filter(None, [day, context.label(words, ending)])))
    if row["received"]:
        lines.append(context.say("nearby.referrals", taken=row["taken"], received=row["received"]))
    return Markup("<br>".join(map(escape, lines)))


# --- below an agency ---------------------------------------------------------------------------


def _draw_below(context: Context, asked: Conditions, row: Row, introducers: Sequence[str]) -> str:
    said = [*list_conditions(context, row), *_write_offences(context, row)]
    parts = [escape(part) for part in said]
    if row["status"] == "to_be_checked":
        parts.insert(0, f"<strong>{escape(context.say('nearby.checking'))}</strong>")
    unknown = [context.say(f"nearby.asked.{name}") for name in list_unknown(asked, row)]
    if unknown:
        words = context.say("nearby.asked.unknown", conditions=context.list_words(unknown))
        parts.append(f"<strong>{escape(words)}</strong>")
    if introducers:
        names = context.say("nearby.introducers", names="、".join(introducers))
        parts.append(escape(names))
    return Markup("　".join(parts))


def list_unknown(asked: Conditions, row: Row) -> list[str]:
    """Return the conditions asked for of which the agency's record says nothing."""
    unknown = [flag for flag, name in _ANSWERS.items() if flag in asked.flags and row[name] is None]
    if asked.sex and row["accepts_sex"] is None:
        unknown.append("sex")
    if asked.age is not None and row["age_from"] is None and row["age_to"] is None:
        unknown.append("age")
    told = {code for name in OFFENCES_BY_ANSWER for code in row[name]}
    if not told.issuperset(asked.offences):
        # Which kinds were asked for is not said: the answer may be looked at by many.
        unknown.append("other_offences" if told else "offences")
    if asked.paying and row["cost_kind"] is None:
        unknown.append("cost")
    return unknown


def list_conditions(context: Context, row: Row) -> list[str]:
    """Return what is known of whom it takes, cost, hours and places, each as one phrase.

    Kinds of offence are not among it: these phrases stand on the card for a client's file.
    """
    coded = (
        ("accepts_sex", SEXES_ACCEPTED), ("accepts_disability", ACCEPTANCES),
        ("accepts_released", ACCEPTANCES),
    )  # fmt: skip
    said = [
        context.say(f"nearby.said.{name}", value=context.label(words, row[name]))
        for name, words in coded
        if row[name]
    ]
    said += [_write_ages(context, row), _write_cost(context, row), _write_hours(context, row)]
    said += [_write_places(context, row)]
    if row["conditions"]:
        said.append(context.say("nearby.said.conditions", value=row["conditions"]))
    return [phrase for phrase in said if phrase]


def _write_offences(context: Context, row: Row) -> list[str]:
    return [
        context.say(
            f"nearby.said.{name}",
            value=context.list_words(context.label(OFFENCES, code) for code in row[name]),
        )
        for name in OFFENCES_BY_ANSWER
        if row[name]
    ]


def _write_ages(context: Context, row: Row) -> str:
    youngest, oldest = row["age_from"], row["age_to"]
    if youngest is None and oldest is None:
        return ""
    kind = "from" if oldest is None else "to" if youngest is None else "between"
    return context.say(f"nearby.age.{kind}", youngest=youngest, oldest=oldest)


def _write_cost(context: Context, row: Row) -> str:
    kind = context.label(COST_KINDS, row["cost_kind"])
    words = " ".join(filter(None, [kind, row["cost"]]))
    return context.say("nearby.said.cost", value=words) if words else ""


def _write_hours(context: Context, row: Row) -> str:
    words = [row["hours"]]
    words += [context.say(f"nearby.open.{name}") for name in ("weekend", "night")
              if row[f"open_{name}"]]  # fmt: skip
    hours = context.list_words(words)
    return context.say("nearby.said.hours", value=hours) if hours else ""


def _write_places(context: Context, row: Row) -> str:
    """Return places and places free, with the day they were asked about or that none is known."""
    counts = [
        context.say(f"nearby.places.{name}", count=row[name])
        for name in ("capacity", "vacancies")
        if row[name] is not None
    ]
    if not counts:
        return ""
    day = _write_day(context, row)
    key = "nearby.places.dated" if day else "nearby.places.undated"
    return context.say(key, places=context.list_words(counts), date=day)


def _write_day(context: Context, row: Row) -> str:
    day = row["capacity_on"]
    return context.write_date(day, row["capacity_on_precision"])
