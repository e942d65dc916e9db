"""The indicators of the report, each from a handful of facts counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.indicators import (
    INDICATORS,
    Facts,
    Figure,
    Listing,
    Mark,
    Occurrence,
    Period,
    find_first_day,
    find_fiscal_year,
    measure_indicators,
    propose_mark,
    read_goals,
)
from graph.dates import name_fiscal_year

PERIOD = Period(date(2021, 4, 1), date(2022, 9, 30))
GOALS = read_goals()


def happen(
    kind: str, on: str, *partners: str, value: float | None = None, clients: str = ""
) -> Occurrence:
    """An event about partners; each letter of `clients` is a client."""
    return Occurrence(
        f"{kind}/{on}/{clients}",
        kind,
        date.fromisoformat(on),
        "day",
        value,
        None,
        partners,
        partners,
        frozenset(clients),
    )


def know(*occurrences: Occurrence, stages: dict[str, str] | None = None) -> Facts:
    ordered = tuple(sorted(occurrences, key=lambda each: (each.on, each.event_id)))
    return Facts(ordered, stages=stages or {})


def measure(facts: Facts, code: str, period: Period = PERIOD) -> Figure:
    found = measure_indicators(facts, period, GOALS)
    return next(each.figures[code] for each in found if code in each.figures)


def find_mark(facts: Facts, number: str, period: Period = PERIOD) -> Mark | None:
    found = measure_indicators(facts, period, GOALS)
    return next(each.mark for each in found if each.number == number)


def test_every_measure_has_a_goal_and_no_goal_is_without_one() -> None:
    assert {code for codes in INDICATORS.values() for code in codes} == set(GOALS)


def test_of_nothing_nothing_is_known() -> None:
    found = measure_indicators(Facts(), PERIOD, GOALS)
    assert [each.number for each in found] == [
        "1", "0101", "0102", "0103", "0104", "0105", "0106", "2", "3", "4",
    ]  # fmt: skip
    assert {figure.value for each in found for figure in each.figures.values()} == {None}
    assert {each.mark for each in found} == {None}


def test_meetings_are_those_of_the_period() -> None:
    facts = know(*(happen("meeting", on) for on in ("2021-03-31", "2021-04-01", "2022-09-30")))
    figure = measure(facts, "meetings")
    assert figure.value == 2
    assert [each.on for each in figure.evidence] == [date(2021, 4, 1), date(2022, 9, 30)]


def test_no_meeting_in_the_period_is_zero_when_one_was_recorded_before() -> None:
    assert measure(know(happen("meeting", "2020-01-01")), "meetings").value == 0


def test_listed_explained_supporting() -> None:
    stages = {"a": "supporting", "b": "explained", "c": "listed", "d": "declined"}
    listing = Listing(date(2022, 3, 1), "month", frozenset(stages), frozenset({"welfare"}))
    facts = replace(
        know(
            happen("explained", "2022-01-01", "a", "b"),
            happen("explained", "2022-01-02", "d"),
            stages=stages,
        ),
        listings=(listing,),
    )
    explained = measure(facts, "explained")
    assert measure(facts, "listed").value == 4
    assert (explained.value, explained.whole) == (2, 4)
    assert [each.organizations for each in explained.evidence] == [("a", "b")]
    assert (measure(facts, "supporting").value, measure(facts, "supporting").whole) == (1, 4)


def test_growth_against_the_first_list_in_number_and_in_fields() -> None:
    first = Listing(date(2022, 3, 1), "day", frozenset("abc"), frozenset({"welfare", "justice"}))
    second = Listing(date(2022, 9, 1), "day", frozenset("bcde"), frozenset({"welfare", "medical"}))
    grown = measure(Facts(listings=(first, second)), "growth")
    assert (grown.value, grown.fields, grown.whole) == (2, 1, 3)
    assert measure(Facts(listings=(first,)), "growth").value == 0


def test_levels_count_the_latest_of_each_listed_agency() -> None:
    facts = know(
        happen("agreement", "2022-01-01", "a", value=2),
        happen("agreement", "2022-02-01", "a", value=4),
        happen("agreement", "2022-02-01", "b", value=3),
        happen("agreement", "2022-02-01", "elsewhere", value=5),
        happen("anxiety", "2022-02-01", "a", value=2),
        happen("anxiety", "2022-02-01", "b", value=2.5),
        stages={"a": "supporting", "b": "explained", "c": "listed"},
    )
    assert (measure(facts, "agreement").value, measure(facts, "agreement").whole) == (1, 2)
    assert (measure(facts, "anxiety").value, measure(facts, "anxiety").whole) == (1, 2)


@pytest.mark.parametrize(
    ("after", "kept"),
    [
        ([], 2),
        ([("support_ended", "2022-05-01", "a")], 1),
        ([("declined", "2022-04-01", "a")], 1),
        ([("support_ended", "2022-03-31", "a")], 2),
        ([("support_ended", "2022-05-01", "other")], 2),
    ],
)
def test_support_that_falls_back_after_a_change(
    after: list[tuple[str, str, str]], kept: int
) -> None:
    changes = [
        happen("contact_changed", "2021-03-01", "a"),  # before the period
        happen("contact_changed", "2022-04-01", "a"),
        happen("contact_changed", "2022-04-02", "b"),
    ]
    figure = measure(know(*changes, *(happen(*each) for each in after)), "kept")
    assert (figure.value, figure.whole) == (kept, 2)


def test_plans_of_the_clients_of_the_period() -> None:
    clients = {
        "x": date(2022, 1, 1),
        "y": None,  # no date is known: counted
        "z": date(2021, 3, 31),  # gone before the period
    }
    facts = replace(
        know(
            happen("plan_made", "2020-01-01", clients="x"),
            happen("plan_made", "2021-01-01", clients="z"),
        ),
        clients=clients,
    )
    assert (measure(facts, "plans").value, measure(facts, "plans").whole) == (1, 2)


def test_accepted_of_offered_and_own_role_of_planned() -> None:
    facts = know(
        happen("followup_offered", "2022-01-01", clients="xyz"),
        happen("followup_offered", "2022-01-02", clients="x"),
        happen("followup_accepted", "2022-01-03", clients="xw"),
        happen("plan_made", "2022-01-01", clients="xy"),
        happen("own_role_stated", "2022-01-01", clients="xyz"),
    )
    assert (measure(facts, "accepted").value, measure(facts, "accepted").whole) == (1, 3)
    assert (measure(facts, "own_role").value, measure(facts, "own_role").whole) == (2, 2)


def test_people_by_fiscal_year_each_named_client_once() -> None:
    facts = know(
        happen("employment_followup", "2021-05-01", value=7),
        happen("employment_followup", "2022-04-01", value=3),
        happen("employment_followup", "2022-05-01", clients="xy"),
        happen("employment_followup", "2022-06-01", clients="yz"),
        happen("employment_followup", "2021-03-31", value=99),
    )
    figure = measure(facts, "employment")
    assert figure.years == ((2021, 7), (2022, 6))
    assert figure.value == 6


def test_years_before_the_first_record_are_not_years_of_nothing() -> None:
    facts = know(happen("recovery_outreach", "2022-05-01", value=8))
    assert measure(facts, "outreach").years == ((2022, 8),)


def test_the_most_at_one_recovery_meeting() -> None:
    facts = know(
        happen("recovery_meeting", "2021-02-01", value=9),
        happen("recovery_meeting", "2022-03-01", value=3),
        happen("recovery_meeting", "2022-05-01", clients="xy"),
        happen("recovery_meeting", "2022-06-01"),
    )
    assert measure(facts, "attendance").value == 3


def test_volunteering_is_other_when_all_its_partners_have_declined() -> None:
    held = [happen("volunteering", "2021-07-01", "a", value=1)]
    ended = know(*held, stages={"a": "declined"})
    assert measure(ended, "volunteering").years == ((2021, 1), (2022, 0))
    assert measure(ended, "volunteers").value == 1
    assert find_mark(ended, "4") == 4
    assert find_mark(know(*held, stages={"a": "supporting"}), "4") == 3


@pytest.mark.parametrize(
    ("value", "mark"),
    # Half of a fiscal year has gone on 30 September: 75 of 150 are on plan.
    [(59, 3), (61, 2), (75, 2), (89, 2), (91, 1), (150, 1)],
)
def test_a_yearly_goal_is_held_against_the_fiscal_year(value: float, mark: Mark) -> None:
    facts = know(happen("employment_followup", "2022-05-01", value=value))
    assert find_mark(facts, "2") == mark


def test_the_worse_of_two_figures_is_the_mark() -> None:
    figures = {"attendance": Figure(10), "outreach": Figure(0)}
    assert propose_mark(figures, GOALS, PERIOD) == 3
    assert propose_mark({"attendance": Figure(10)}, GOALS, PERIOD) == 2
    assert propose_mark({"attendance": Figure(None)}, GOALS, PERIOD) is None


def test_a_goal_without_a_number_proposes_nothing() -> None:
    goals = {**GOALS, "attendance": replace(GOALS["attendance"], goal=None)}
    assert propose_mark({"attendance": Figure(1)}, goals, PERIOD) is None


@given(st.integers(0, 40), st.integers(0, 40), st.dates(PERIOD.since, PERIOD.until))
def test_more_never_makes_the_mark_worse(less: int, more: int, until: date) -> None:
    low, high = sorted((less, more))
    period = Period(PERIOD.since, until)
    marks = [propose_mark({"outreach": Figure(n)}, GOALS, period) for n in (low, high)]
    assert marks[0] is not None
    assert marks[1] is not None
    assert marks[1] <= marks[0]


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)))
def test_a_day_is_within_its_fiscal_year(day: date) -> None:
    first, last = find_fiscal_year(name_fiscal_year(day))
    assert first <= day <= last
    assert last.replace(year=last.year - 1) < first


def test_a_report_may_begin_with_the_fiscal_year_of_the_first_fact() -> None:
    facts = know(happen("meeting", "2021-03-31"), happen("meeting", "2021-04-01"))
    assert find_first_day(facts, date(2022, 1, 1)) == date(2020, 4, 1)
    assert find_first_day(Facts(), date(2022, 1, 1)) == date(2021, 4, 1)
