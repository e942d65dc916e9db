"""The indicators of a facility's progress report, measured from dated facts.

Indicators 1, 0101 to 0106, 2, 3 and 4 of FACTS A. An indicator has one or two measures; a measure
gives a `Figure`, with the events it was counted from, and is held against a `Goal`. All functions
are pure; a figure that nothing is recorded for has no value, which is not zero.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

from graph.analysis.progress import SETBACKS
from graph.dates import FISCAL_MONTH, PartialDate, name_fiscal_year, read_iso_date

Pace = Literal["total", "year", "level"]
Mark = Literal[1, 2, 3, 4]
Row = Mapping[str, Any]

AHEAD: Final[Mark] = 1
ON_PLAN: Final[Mark] = 2
BEHIND: Final[Mark] = 3
OTHER: Final[Mark] = 4
MARKS: Final[tuple[Mark, ...]] = (AHEAD, ON_PLAN, BEHIND, OTHER)

MARGIN: Final = 0.1
"""A figure this much over or under its pace is ahead or behind; a tenth of the goal."""
AGREES_FROM: Final = 4.0
"""Level of agreement, 1 to 5, from which an agency counts as agreeing."""
CALM_UP_TO: Final = 2.0
"""Level of anxiety, 1 to 5, up to which an agency counts as not anxious."""

SHARES: Final = frozenset(
    {"explained", "agreement", "anxiety", "kept", "plans", "accepted", "own_role"}
)
"""Measures whose goal is a share of a whole, 1 = all of it."""

_GOALS: Final = Path(__file__).parent / "indicators.toml"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An event; `value` is a level or a number of people, `on` its first possible day."""

    event_id: str
    kind: str
    on: date
    precision: str
    value: float | None = None
    text: str | None = None
    organizations: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    clients: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Listing:
    """One edition of the partner list."""

    on: date
    precision: str
    organizations: frozenset[str]
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known up to the last day of a period.

    Occurrences and listings come in order of their days. `stages` has the stage of each agency of
    the latest listing; `clients` the day each client was last dealt with, None when not known.
    """

    occurrences: tuple[Occurrence, ...] = ()
    listings: tuple[Listing, ...] = ()
    stages: Mapping[str, str] = field(default_factory=dict)
    clients: Mapping[str, date | None] = field(default_factory=dict)

    def select(self, *kinds: str) -> tuple[Occurrence, ...]:
        """Return the occurrences of these kinds, in order."""
        return tuple(each for each in self.occurrences if each.kind in kinds)


@dataclass(frozen=True, slots=True)
class Period:
    """The days a report is about, both counted."""

    since: date
    until: date

    def holds(self, day: date) -> bool:
        """Say whether the day belongs to it."""
        return self.since <= day <= self.until


@dataclass(frozen=True, slots=True)
class Figure:
    """What a measure found: `value`, of `whole` when it is a part; None = nothing is recorded.

    `years` has the value of each fiscal year when the goal is a yearly one; `value` is then that of
    the last. `fields` is how many fields were gained, of the measure that compares lists. `ended`
    says that all agencies the activity was held with have declined since.
    """

    value: float | None
    whole: int | None = None
    years: tuple[tuple[int, float], ...] = ()
    fields: int | None = None
    ended: bool = False
    evidence: tuple[Occurrence, ...] = ()


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure is held against, until when, and in which words (language → text)."""

    goal: float | None
    pace: Pace
    due: PartialDate
    words: Mapping[str, str] = field(default_factory=dict)
    baseline: float | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of the report: its number, its figures by measure, and the mark proposed."""

    number: str
    figures: Mapping[str, Figure]
    mark: Mark | None


@cache
def read_goals() -> Mapping[str, Goal]:
    """Return the goals a report begins with, by measure."""
    entries = tomllib.loads(_GOALS.read_text(encoding="utf-8"))
    return MappingProxyType({code: _read_goal(entry) for code, entry in entries.items()})


def _read_goal(entry: Mapping[str, Any]) -> Goal:
    words = {language: entry[language] for language in ("ja", "en")}
    due = read_iso_date(entry["due"])
    return Goal(entry["goal"], entry["pace"], due, words, entry.get("baseline"))


def set_goals(goals: Mapping[str, Goal], targets: Iterable[Row]) -> dict[str, Goal]:
    """Return the goals with those that a facility has set itself, the targets of report_entries.

    A target of a measure that is not known is left out.
    """
    own = {row["measure"]: row for row in targets}
    return {
        code: _set_goal(goal, own[code]) if code in own else goal for code, goal in goals.items()
    }


def _set_goal(goal: Goal, row: Row) -> Goal:
    due = PartialDate(row["due_on"], row["due_on_precision"], row["due_on_text"])
    words = {"ja": row["words"] or "", "en": row["words_en"] or ""}
    return Goal(row["goal"], goal.pace, due, words, row["baseline"])


def collect_facts(
    events: Iterable[Row], lists: Iterable[Row], partners: Iterable[Row], clients: Iterable[Row]
) -> Facts:
    """Return the facts of the rows of indicator_events, _lists, partner_stages and _clients."""
    return Facts(
        tuple(_read_occurrence(row) for row in events),
        tuple(
            Listing(
                row["made_on"],
                row["made_on_precision"],
                frozenset(row["organization_ids"]),
                frozenset(row["fields"]),
            )
            for row in lists
        ),
        {row["organization_id"]: row["stage"] for row in partners},
        {each["client_id"]: each["last_on"] for row in clients for each in row["clients"]},
    )


def _read_occurrence(row: Row) -> Occurrence:
    return Occurrence(
        row["event_id"],
        row["kind"],
        row["occurred_on"],
        row["occurred_on_precision"],
        row["value"],
        row["text"],
        tuple(row["organization_ids"]),
        tuple(row["names"]),
        frozenset(row["client_ids"]),
    )


def measure_indicators(
    facts: Facts, period: Period, goals: Mapping[str, Goal]
) -> tuple[Indicator, ...]:
    """Return every indicator of the report, in its order; facts of nothing give no values."""
    return tuple(
        _measure_indicator(number, codes, facts, period, goals)
        for number, codes in INDICATORS.items()
    )


def _measure_indicator(
    number: str, codes: Sequence[str], facts: Facts, period: Period, goals: Mapping[str, Goal]
) -> Indicator:
    figures = {code: _MEASURES[code](facts, period) for code in codes}
    return Indicator(number, figures, propose_mark(figures, goals, period))


def propose_mark(
    figures: Mapping[str, Figure], goals: Mapping[str, Goal], period: Period
) -> Mark | None:
    """Return the mark of an indicator: the worst of its figures; None when none has a value.

    Ahead (1), on plan (2) or behind (3) is value ÷ goal against the share of the time gone by,
    with a `MARGIN`. Other (4) when those with whom the activity was held have all declined.
    """
    if any(figure.ended for figure in figures.values()):
        return OTHER
    marks = (_mark(_reach(code, figure), goals[code], period) for code, figure in figures.items())
    return max((mark for mark in marks if mark is not None), default=None)


def _reach(code: str, figure: Figure) -> float | None:
    """Return what is held against the goal: a share of a whole, or the value itself."""
    if figure.value is None or code not in SHARES:
        return figure.value
    return figure.value / figure.whole if figure.whole else None


def _mark(reached: float | None, goal: Goal, period: Period) -> Mark | None:
    if reached is None or not goal.goal:
        return None
    lead = reached / goal.goal - _expect(goal, period)
    if lead < -MARGIN:
        return BEHIND
    return AHEAD if lead > MARGIN and goal.pace != "level" else ON_PLAN


def _expect(goal: Goal, period: Period) -> float:
    """Return the share of the goal that the pace asks for on the last day of the period."""
    if goal.pace == "level":
        return 1.0
    first, last = period.since, goal.due.last
    if goal.pace == "year":
        first, last = find_fiscal_year(name_fiscal_year(period.until))
    days = (last - first).days + 1
    return min(1.0, ((period.until - first).days + 1) / days) if days > 0 else 1.0


def find_fiscal_year(year: int) -> tuple[date, date]:
    """Return the first and the last day of a fiscal year."""
    following = date(year + 1, FISCAL_MONTH, 1)
    return date(year, FISCAL_MONTH, 1), following - timedelta(days=1)


def find_first_day(facts: Facts, last: date) -> date:
    """Return where a report may begin: the fiscal year of the first fact; of `last` without any."""
    days = [each.on for each in facts.occurrences] + [each.on for each in facts.listings]
    return find_fiscal_year(name_fiscal_year(min(days, default=last)))[0]


def _count_meetings(facts: Facts, period: Period) -> Figure:
    return _sum(facts, period, "meeting", lambda _: 1.0)


def _count_volunteers(facts: Facts, period: Period) -> Figure:
    return _sum(facts, period, "volunteering", lambda each: each.value or len(each.clients))


def _count_volunteering(facts: Facts, period: Period) -> Figure:
    return _sum_years(facts, period, "volunteering", len)


def _count_employment(facts: Facts, period: Period) -> Figure:
    return _sum_years(facts, period, "employment_followup", _count_people)


def _count_outreach(facts: Facts, period: Period) -> Figure:
    return _sum_years(facts, period, "recovery_outreach", _count_people)


def _find_attendance(facts: Facts, period: Period) -> Figure:
    """Return the most people at one recovery meeting of the period."""
    held = [each for each in facts.select("recovery_meeting") if period.holds(each.on)]
    known = [each for each in held if each.value is not None or each.clients]
    most = max((each.value or len(each.clients) for each in known), default=None)
    return Figure(most, evidence=tuple(held))


def _count_people(occurrences: Sequence[Occurrence]) -> float:
    """Return how many people: each named client once, and the numbers told without names."""
    named = {client for each in occurrences for client in each.clients}
    return len(named) + sum(each.value or 0 for each in occurrences if not each.clients)


def _sum(facts: Facts, period: Period, kind: str, weigh: Callable[[Occurrence], float]) -> Figure:
    known = facts.select(kind)
    counted = tuple(each for each in known if period.holds(each.on))
    value = float(sum(weigh(each) for each in counted)) if known else None
    return Figure(value, ended=_has_ended(known, facts.stages), evidence=counted)


def _sum_years(
    facts: Facts, period: Period, kind: str, count: Callable[[Sequence[Occurrence]], float]
) -> Figure:
    known = facts.select(kind)
    counted = tuple(each for each in known if period.holds(each.on))
    if not known:
        return Figure(None)
    # Years before the first that anything is known of are not years of nothing.
    first = name_fiscal_year(max(period.since, known[0].on))
    last = name_fiscal_year(period.until)
    years = tuple(
        (year, float(count([each for each in counted if name_fiscal_year(each.on) == year])))
        for year in range(first, last + 1)
    )
    value = years[-1][1] if years else 0.0
    return Figure(value, None, years, ended=_has_ended(known, facts.stages), evidence=counted)


def _has_ended(occurrences: Iterable[Occurrence], stages: Mapping[str, str]) -> bool:
    partners = {partner for each in occurrences for partner in each.organizations}
    return bool(partners) and all(stages.get(partner) == "declined" for partner in partners)


def _find_listed(facts: Facts, _: Period) -> Figure:
    """Return how many agencies the latest list names."""
    return Figure(float(len(facts.listings[-1].organizations)) if facts.listings else None)


def _count_explained(facts: Facts, _: Period) -> Figure:
    return _count_stages(facts, {"explained", "supporting"}, "explained")


def _count_supporting(facts: Facts, _: Period) -> Figure:
    return _count_stages(facts, {"supporting"}, "support_started", "remark")


def _count_stages(facts: Facts, stages: set[str], *kinds: str) -> Figure:
    reached = {key for key, stage in facts.stages.items() if stage in stages}
    evidence = tuple(each for each in facts.select(*kinds) if reached & set(each.organizations))
    whole = len(facts.stages)
    return Figure(float(len(reached)) if whole else None, whole, evidence=evidence)


def _find_growth(facts: Facts, _: Period) -> Figure:
    """Return how many agencies the latest list names that the first did not; and fields gained.

    What a later list leaves out is not taken off: the measure is what came to be known.
    """
    if not facts.listings:
        return Figure(None)
    first, latest = facts.listings[0], facts.listings[-1]
    gained = len(latest.organizations - first.organizations)
    return Figure(float(gained), len(first.organizations), fields=len(latest.fields - first.fields))


def _count_agreement(facts: Facts, _: Period) -> Figure:
    return _count_levels(facts, "agreement", lambda level: level >= AGREES_FROM)


def _count_calm(facts: Facts, _: Period) -> Figure:
    return _count_levels(facts, "anxiety", lambda level: level <= CALM_UP_TO)


def _count_levels(facts: Facts, kind: str, holds: Callable[[float], bool]) -> Figure:
    """Return of how many listed agencies the latest level holds, of those that told one."""
    latest: dict[str, Occurrence] = {}
    for each in facts.select(kind):
        if each.value is not None:
            latest |= dict.fromkeys(facts.stages.keys() & set(each.organizations), each)
    if not latest:
        return Figure(None)
    value = sum(holds(each.value) for each in latest.values() if each.value is not None)
    evidence = tuple(each for each in facts.select(kind) if each in latest.values())
    return Figure(float(value), len(latest), evidence=evidence)


def _count_kept(facts: Facts, period: Period) -> Figure:
    """Return after how many changes of a contact person in the period support did not fall back.

    It fell back when the agency ended its support or declined on or after the day of the change.
    """
    changes = [each for each in facts.select("contact_changed") if period.holds(each.on)]
    if not changes:
        return Figure(None)
    setbacks = [_find_setbacks(facts, change) for change in changes]
    kept = sum(not found for found in setbacks)
    return Figure(
        float(kept), len(changes), evidence=(*changes, *(e for found in setbacks for e in found))
    )


def _find_setbacks(facts: Facts, change: Occurrence) -> tuple[Occurrence, ...]:
    return tuple(
        each
        for each in facts.select(*SETBACKS)
        if each.on >= change.on and set(each.organizations) & set(change.organizations)
    )


def _count_plans(facts: Facts, period: Period) -> Figure:
    planned = _name_clients(facts, "plan_made", Period(date.min, period.until))
    present = {
        client for client, last in facts.clients.items() if last is None or last >= period.since
    }
    if not present:
        return Figure(None)
    return Figure(
        float(len(present & planned.keys())),
        len(present),
        evidence=_list_evidence(planned, present),
    )


def _count_accepted(facts: Facts, period: Period) -> Figure:
    return _count_clients(facts, period, "followup_offered", "followup_accepted")


def _count_own_role(facts: Facts, period: Period) -> Figure:
    return _count_clients(facts, period, "plan_made", "own_role_stated")


def _count_clients(facts: Facts, period: Period, whole: str, part: str) -> Figure:
    """Return how many clients of the events `whole` have an event `part` too, in the period."""
    asked = _name_clients(facts, whole, period)
    if not asked:
        return Figure(None)
    met = _name_clients(facts, part, period)
    both = asked.keys() & met.keys()
    return Figure(float(len(both)), len(asked), evidence=_list_evidence(asked | met, asked))


def _name_clients(facts: Facts, kind: str, period: Period) -> dict[str, Occurrence]:
    """Return each client with an event of `kind` in the period, with the latest one."""
    return {
        client: each
        for each in facts.select(kind)
        if period.holds(each.on)
        for client in each.clients
    }


def _list_evidence(
    found: Mapping[str, Occurrence], clients: Iterable[str]
) -> tuple[Occurrence, ...]:
    chosen = {found[client].event_id: found[client] for client in clients if client in found}
    return tuple(sorted(chosen.values(), key=lambda each: (each.on, each.event_id)))


_MEASURES: Final[Mapping[str, Callable[[Facts, Period], Figure]]] = MappingProxyType(
    {
        "meetings": _count_meetings,
        "listed": _find_listed,
        "explained": _count_explained,
        "supporting": _count_supporting,
        "growth": _find_growth,
        "agreement": _count_agreement,
        "anxiety": _count_calm,
        "kept": _count_kept,
        "plans": _count_plans,
        "accepted": _count_accepted,
        "own_role": _count_own_role,
        "employment": _count_employment,
        "attendance": _find_attendance,
        "outreach": _count_outreach,
        "volunteering": _count_volunteering,
        "volunteers": _count_volunteers,
    }
)

INDICATORS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "1": ("meetings",),
        "0101": ("listed", "explained"),
        "0102": ("supporting", "growth"),
        "0103": ("agreement", "anxiety"),
        "0104": ("kept",),
        "0105": ("plans",),
        "0106": ("accepted", "own_role"),
        "2": ("employment",),
        "3": ("attendance", "outreach"),
        "4": ("volunteering", "volunteers"),
    }
)
"""The measures of each indicator, in the report's order."""
