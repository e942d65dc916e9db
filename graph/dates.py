"""Dates that say how exactly they are known, and the eras that Japan counts years by.

A date is known to the day, the month, the year or the fiscal year, which runs from April to March.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import total_ordering
from typing import Any, Final, Literal

Precision = Literal["day", "month", "year", "fiscal_year"]

FISCAL_MONTH: Final = 4
"""The fiscal year begins in April."""

_ISO: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_ISO_FISCAL_YEAR: Final = re.compile(r"([0-9]{4})-04-01/([0-9]{4})-03-31")


@dataclass(frozen=True, slots=True)
class Era:
    """An era (元号): its code, its letter and its name as written, and its days."""

    code: str
    letter: str
    name: str
    first: date
    last: date


# 明治 and 大正 ended on the day their successor began; that day may be written either way.
ERAS: Final = (
    Era("meiji", "M", "明治", date(1868, 10, 23), date(1912, 7, 30)),
    Era("taisho", "T", "大正", date(1912, 7, 30), date(1926, 12, 25)),
    Era("showa", "S", "昭和", date(1926, 12, 25), date(1989, 1, 7)),
    Era("heisei", "H", "平成", date(1989, 1, 8), date(2019, 4, 30)),
    Era("reiwa", "R", "令和", date(2019, 5, 1), date.max),
)


def find_era(day: date) -> Era | None:
    """Return the era of a day, the new one on the day it began; None before 明治."""
    return next((era for era in reversed(ERAS) if era.first <= day), None)


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, a whole month, year or fiscal year, with the words it was written in.

    `first` is the first possible day, so the 1st for a month, 1 January for a year and 1 April
    for a fiscal year. Sorting goes by `first`, then the more exact date comes first; `as_written`
    takes part in equality but never in the order of different dates.

    Raises:
        ValueError: `first` is not the first day of what it stands for.
    """

    first: date
    precision: Precision
    as_written: str

    def __post_init__(self) -> None:
        if self.first != _first_day(self.first, self.precision):
            raise ValueError(f"{self.precision}: first must be the first possible day")

    @property
    def last(self) -> date:
        """The last possible day; equal to `first` when the day is known."""
        if self.precision == "day":
            return self.first
        if self.precision == "fiscal_year":
            return self.first.replace(year=self.first.year + 1) - timedelta(days=1)
        month = self.first.month if self.precision == "month" else 12
        return self.first.replace(month=month, day=monthrange(self.first.year, month)[1])

    def isoformat(self) -> str:
        """Return ISO 8601 with the precision known: 2020-12-01, 2020-12 or 2020.

        A fiscal year is the interval 2020-04-01/2021-03-31.
        """
        if self.precision == "fiscal_year":
            return f"{self.first.isoformat()}/{self.last.isoformat()}"
        length = {"day": 10, "month": 7, "year": 4}[self.precision]
        return self.first.isoformat()[:length]

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, PartialDate):
            return NotImplemented
        return self._order() < other._order()

    def _order(self) -> tuple[date, date, str]:
        return self.first, self.last, self.as_written


def read_iso_date(text: str, as_written: str | None = None) -> PartialDate:
    """Return the date of a text made by `PartialDate.isoformat`.

    `as_written` defaults to `text`.

    Raises:
        ValueError: `text` is not YYYY, YYYY-MM, YYYY-MM-DD or a fiscal year, or no such day
            exists.
    """
    written = text if as_written is None else as_written
    if fiscal := _ISO_FISCAL_YEAR.fullmatch(text):
        year, following = map(int, fiscal.groups())
        if following == year + 1:
            return PartialDate(date(year, FISCAL_MONTH, 1), "fiscal_year", written)
    match = _ISO.fullmatch(text)
    if match is None:
        raise ValueError("expected YYYY, YYYY-MM or YYYY-MM-DD")
    year_text, month, day = match.groups()
    precision: Precision = "day" if day else "month" if month else "year"
    first = date(int(year_text), int(month or 1), int(day or 1))
    return PartialDate(first, precision, written)


def read_stored_date(row: Mapping[str, Any], name: str) -> PartialDate | None:
    """Return the date of a row's columns `name`, `name`_precision and `name`_text; None for none.

    Raises:
        KeyError: the row has no such columns.
    """
    day = row[name]
    return None if day is None else PartialDate(day, row[f"{name}_precision"], row[f"{name}_text"])


def name_fiscal_year(day: date) -> int:
    """Return the fiscal year of a day, April to March: 2022 for 2023-03-31."""
    return day.year - (day.month < FISCAL_MONTH)


def _first_day(day: date, precision: Precision) -> date:
    if precision == "day":
        return day
    if precision == "fiscal_year":
        return day.replace(month=FISCAL_MONTH, day=1)
    return day.replace(day=1) if precision == "month" else day.replace(month=1, day=1)
