"""Dates that say how exactly they are known: to the day, the month or the year."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import total_ordering
from typing import Final, Literal

Precision = Literal["day", "month", "year"]

_ISO: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, a whole month or a whole year, with the words it was written in.

    `first` is the first possible day, so the 1st for a month and 1 January for a year. Sorting
    goes by `first`, then the more exact date comes first; `as_written` takes part in equality
    but never in the order of different dates.

    Raises:
        ValueError: `first` is not the first day of the month or year it stands for.
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
        month = self.first.month if self.precision == "month" else 12
        return self.first.replace(month=month, day=monthrange(self.first.year, month)[1])

    def isoformat(self) -> str:
        """Return ISO 8601 with the precision known: 2020-12-01, 2020-12 or 2020."""
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
        ValueError: `text` is not YYYY, YYYY-MM or YYYY-MM-DD, or no such day exists.
    """
    match = _ISO.fullmatch(text)
    if match is None:
        raise ValueError("expected YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = match.groups()
    precision: Precision = "day" if day else "month" if month else "year"
    first = date(int(year), int(month or 1), int(day or 1))
    return PartialDate(first, precision, text if as_written is None else as_written)


def _first_day(day: date, precision: Precision) -> date:
    if precision == "day":
        return day
    return day.replace(day=1) if precision == "month" else day.replace(month=1, day=1)
