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
    partner_list,
    place,
    referral,
    serves,
    tie,
    write,
)

FIRST = date(2022, 1, 1)
SPAN = 300
NAMES = tuple("abcdefg")
KINDS = ("explained", "support_started", "support_ended", "declined", "contacted", "anxiety",
         "contact_changed", "meeting")  # fmt: skip
ASKED = ("partner_stages", "partner_funnel", "ecomap_agencies", "ecomap_ties", "next_contacts",
         "coverage_matrix")  # fmt: skip

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
        level = float(dice.randint(1, 5)) if kind == "anxiety" else None
        rest = on(day + timedelta(dice.randint(0, 90))) if kind == "declined" else None
        about = dice.sample(NAMES, dice.randint(1, 2))
        records = event(kind, day.isoformat(), *about, key=f"e{number}", value=level, until=rest)
        facts.append((day, records))
    for number in range(12):
        day = _draw_day(dice)
        sent = referral(f"r{number}", dice.choice(NAMES), notified_on=on(day))
        facts.append((day, [*sent, place("DESIRES", f"r{number}", "town")]))
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
        *area("town"),
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
    more = {"coverage_matrix": {"area_ids": ["town"]}}
    return {
        name: queries.ask(store, name, facility_id=FACILITY, as_of=day, **more.get(name, {}))
        for name in ASKED
    }


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
