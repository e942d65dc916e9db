"""Business days against the calendar of real years."""

from __future__ import annotations

from datetime import date, timedelta

import jpholiday
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.business_days import count_business_days

DAYS = st.dates(date(2000, 1, 1), date(2050, 12, 31))


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ((2022, 10, 3), (2022, 10, 3), 0),  # the same day
        ((2022, 10, 3), (2022, 10, 5), 2),  # Monday to Wednesday
        ((2022, 10, 7), (2022, 10, 10), 0),  # Friday to スポーツの日, a Monday
        ((2022, 10, 7), (2022, 10, 11), 1),
        ((2022, 4, 28), (2022, 5, 6), 2),  # 昭和の日 and three holidays; Monday and Friday are open
        ((2022, 12, 28), (2023, 1, 4), 1),  # the offices reopen on the 4th
        ((2020, 7, 22), (2020, 7, 27), 1),  # four days off for the games, moved by law
        ((2019, 4, 26), (2019, 5, 7), 1),  # ten days off at the change of the era
        ((2021, 8, 6), (2021, 8, 10), 1),  # Monday in lieu of 山の日
        ((2022, 10, 5), (2022, 10, 3), 0),  # the wrong way round
    ],
)
def test_days_of_the_calendar(
    first: tuple[int, int, int], last: tuple[int, int, int], days: int
) -> None:
    assert count_business_days(date(*first), date(*last)) == days


def is_open(day: date) -> bool:
    """The rules once more, asked of one day."""
    is_turn = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() < 5 and not jpholiday.is_holiday(day) and not is_turn


@settings(deadline=None, max_examples=50)
@given(DAYS, st.integers(0, 400))
def test_it_is_the_count_of_open_days(first: date, length: int) -> None:
    days = [first + timedelta(days=i) for i in range(1, length + 1)]
    assert count_business_days(first, first + timedelta(days=length)) == sum(map(is_open, days))
