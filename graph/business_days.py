"""Business days of an office in Japan: not Saturdays, Sundays, holidays, nor the turn of the year.

Holidays are those of the law (国民の祝日, with the days in lieu), from jpholiday. Public offices
are also closed from 29 December to 3 January (行政機関の休日に関する法律, article 1).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Final

import jpholiday
import numpy as np

TURN_OF_YEAR: Final = frozenset({(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)})


def count_business_days(first: date, last: date) -> int:
    """Return the business days after `first` up to and with `last`; 0 when none lies between.

    A notice of Friday that is answered on Monday was answered after 1 business day.
    """
    if last <= first:
        return 0
    free = [day for year in range(first.year, last.year + 1) for day in _list_free_days(year)]
    day = timedelta(days=1)
    return int(np.busday_count(first + day, last + day, holidays=free))


@cache
def _list_free_days(year: int) -> tuple[date, ...]:
    """Return the weekday and weekend days of a year on which offices are closed by rule."""
    holidays = {holiday[0] for holiday in jpholiday.year_holidays(year)}
    turn = {date(year, month, day) for month, day in TURN_OF_YEAR}
    return tuple(sorted(holidays | turn))
