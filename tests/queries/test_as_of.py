"""A past day looks the same whatever has happened since.

The same question at day D is asked twice: of the whole graph, and of a graph that was loaded with
nothing but the facts dated D or earlier.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

import queries
from graph.dates import PartialDate
from graph.records import Record
from graph.store import Row, Store
from tests.builders import (
    FACILITY,
    agency,
    area,
    event,
    link,
    node,
    offers,
    partner_list,
    place,
    referral,
    serves,
    support,
    tie,
    write,
)

FIRST = date(2022, 1, 1)
SPAN = 300
NAMES = tuple("abcdefg")
HELPS = ("work", "food")
KINDS = ("explained", "support_started", "support_ended", "declined", "contacted", "anxiety",
         "agreement", "contact_changed", "meeting", "surveyed")  # fmt: skip
ABOUT: dict[str, dict[str, object]] = {
    "partner_stages": {}, "partner_funnel": {}, "partner_unknowns": {}, "partner_evidence": {},
    "ecomap_agencies": {}, "ecomap_ties": {}, "next_contacts": {}, "contact_reach": {},
    "contact_persons": {}, "indicator_clients": {}, "indicator_events": {}, "indicator_lists": {},
    "report_entries": {}, "agency_history": {"organization_id": "a"},
    "record_events": {"organization_id": "a", "since": date(2022, 1, 1)},
    "coverage_matrix": {"area_ids": ["town", "pref"]},
    "coverage_agencies": {"area_id": "town"},
}  # fmt: skip
"""What is asked of the facility as of a day, with its other parameters."""

Fact = tuple[date, list[Record]]


def on(day: date) -> PartialDate:
    return PartialDate(day, "day", day.isoformat())


def draw_facts(dice: random.Random) -> list[Fact]:
    """Dated facts of all kinds, each with the day from which it is known."""
    facts: list[Fact] = []
    for number in range(2):
        day = _draw_day(dice)
        listed = dice.sample(NAMES, 4)
        facts.append((day, partner_list(f"list-{number}", day.isoformat(), *listed)))
    for number in range(30):
        day, kind = _draw_day(dice), dice.choice(KINDS)
        level = float(dice.randint(1, 5)) if kind in ("anxiety", "agreement") else None
        rest = on(day + timedelta(dice.randint(0, 90))) if kind == "declined" else None
        about = dice.sample(NAMES, dice.randint(1, 2))
        if kind == "surveyed":
            about = ["Area town"]
        records = event(kind, day.isoformat(), *about, key=f"e{number}", value=level, until=rest)
        facts.append((day, records))
    for number in range(12):
        day = _draw_day(dice)
        sent = referral(f"r{number}", dice.choice(NAMES), notified_on=on(day))
        asked = link("NEEDS", f"Referral r{number}", f"Support {dice.choice(HELPS)}")
        facts.append((day, [*sent, place("DESIRES", f"r{number}", "town"), asked]))
    facts += _draw_entries(dice)
    return facts


def _draw_entries(dice: random.Random) -> list[Fact]:
    """Targets and assessments, and who came to work where."""
    facts: list[Fact] = []
    home = f"Organization {FACILITY}"
    for number in range(3):
        day = _draw_day(dice)
        target = node(
            "Target", f"t{number}", measure="meetings", set_on=on(day), due_on=on(day),
            goal=float(number),
        )  # fmt: skip
        said = node("Assessment", f"w{number}", indicator="1", since=on(FIRST), until=on(day))
        ends = [link("OF", f"{each.label} {each.key}", home) for each in (target, said)]
        came = link(
            "WORKS_FOR", f"Person p{number}", f"Organization {NAMES[number]}", since=on(day)
        )
        person = node("Person", f"p{number}", name="p")
        facts.append((day, [target, said, *ends, person, came]))
    return facts


def draw_ties(dice: random.Random) -> list[tuple[str, str, date, date, str]]:
    ends = [dice.sample((FACILITY, *NAMES), 2) for _ in range(14)]
    days = [_draw_day(dice) for _ in ends]
    lasting = [timedelta(dice.randint(0, 150)) for _ in ends]
    qualities = [dice.choice(("good", "stressful", "broken")) for _ in ends]
    return [
        (a, b, day, day + length, quality)
        for (a, b), day, length, quality in zip(ends, days, lasting, qualities, strict=True)
    ]


def _draw_day(dice: random.Random) -> date:
    return FIRST + timedelta(dice.randrange(SPAN))


def base() -> list[Record]:
    fields = ("welfare", "medical", "justice")
    return [
        agency(FACILITY),
        *(agency(name, field=fields[place % 3]) for place, name in enumerate(NAMES)),
        *area("pref", level="prefecture"),
        *area("town", within="pref"),
        *(support(code) for code in HELPS),
        *(offers(name, HELPS[place % 2]) for place, name in enumerate(NAMES)),
        serves("b", "pref"),
        *(serves(name, "town") for name in NAMES[::2]),
    ]


def ties_known_at(ties: list[tuple[str, str, date, date, str]], day: date) -> list[Record]:
    """Ties that have begun; an end that lies ahead is not known yet."""
    return [
        tie(a, b, quality=quality, since=on(since), until=on(until) if until <= day else None)
        for a, b, since, until, quality in ties
        if since <= day
    ]


def ask_all(store: Store, day: date) -> dict[str, list[Row]]:
    answers = {
        name: queries.ask(store, name, facility_id=FACILITY, as_of=day, **more)
        for name, more in ABOUT.items()
    }
    helps = {"by": "support", "area_ids": ["town"], "silent_months": 1}
    answers["by_support"] = queries.ask(
        store, "coverage_matrix", facility_id=FACILITY, as_of=day, **helps
    )
    answers["area_requests"] = queries.ask(store, "area_requests", as_of=day)
    return answers


@pytest.mark.parametrize("seed", range(6))
def test_a_past_day_is_what_was_known_on_it(store: Store, seed: int) -> None:
    dice = random.Random(seed)
    facts, ties = draw_facts(dice), draw_ties(dice)
    day = FIRST + timedelta(dice.randrange(SPAN // 4, SPAN))
    write(store, base(), *(r for d, r in facts if d <= day), ties_known_at(ties, day))
    then = ask_all(store, day)
    write(store, *(r for d, r in facts if d > day), ties_known_at(ties, date.max))
    assert ask_all(store, day) == then
    assert any(then.values())


def test_a_later_step_of_a_chain_is_not_known_yet(store: Store) -> None:
    first = referral("r1", "prison", "office", client="c", status="referred_on",
                     notified_on=on(FIRST))  # fmt: skip
    write(store, agency("prison"), agency("office"), agency("home"), first)
    then = queries.ask(store, "recorded_paths", as_of=FIRST)
    assert [row["agencies"] for row in then] == [["prison", "office"]]
    later = on(FIRST + timedelta(1))
    write(store, referral("r2", "office", "home", client="c", follows="r1", notified_on=later))
    assert queries.ask(store, "recorded_paths", as_of=FIRST) == then
    now = queries.ask(store, "recorded_paths", as_of=later.first)
    assert [row["agencies"] for row in now] == [["prison", "office", "home"]]
