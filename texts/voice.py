"""A language and a way to write days: with these everything is said that one reader reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from texts.catalogue import Language, read_text
from texts.dates import DateForm, write_date, write_days, write_short_date, write_time


@dataclass(frozen=True, slots=True)
class Voice:
    """What a reader chose: the language and the form of days."""

    language: Language
    dates: DateForm

    def say(self, key: str, /, **values: object) -> str:
        """Return a text of the catalogue, the days among its values in the chosen form."""
        return read_text(key, self.language).format(**write_days(values, self.dates, self.language))

    def write_date(self, day: date | None, precision: str | None = None) -> str:
        """Return a day for a sentence, no more exact than it is known; "" for none."""
        return write_date(day, self.dates, self.language, precision)

    def write_short(self, day: date | None, precision: str | None = None) -> str:
        """Return a day for a table, no more exact than it is known; "" for none."""
        return write_short_date(day, self.dates, self.language, precision)

    def write_time(self, moment: datetime, *, seconds: bool = False) -> str:
        """Return a moment for a table, in this machine's time."""
        return write_time(moment.astimezone(), self.dates, seconds=seconds)
