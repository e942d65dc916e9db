"""Days as people read them, in the form they chose, never more exact than they are known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, Literal, get_args

from graph.dates import FISCAL_MONTH, Era, PartialDate, Precision, find_era, name_fiscal_year
from texts.catalogue import DEFAULT_LANGUAGE, Language, read_text

DateForm = Literal["iso", "long", "era"]
"""2022-10-04; 2022年10月4日 or 4 October 2022; 令和4年10月4日 or 4 October, Reiwa 4."""

DATE_FORMS: Final[tuple[DateForm, ...]] = get_args(DateForm)
USUAL_FORMS: Final[Mapping[Language, DateForm]] = {"ja": "long", "en": "iso"}

_PRECISIONS: Final[tuple[Precision, ...]] = get_args(Precision)


def write_date(
    day: date | None,
    form: DateForm,
    language: Language = DEFAULT_LANGUAGE,
    precision: str | None = None,
) -> str:
    """Return a day for a sentence, as exact as `precision` says (None = the day); "" for none.

    A month or year in which the era changed bears the new one's name. A day before 明治 has no
    era and is written by its year.
    """
    if day is None:
        return ""
    known = _whole(day, precision)
    if form == "iso" and known.precision != "fiscal_year":
        return known.isoformat()
    era = _find_era(known) if form == "era" else None
    year = str(known.first.year) if era is None else _count_year(known, era, language)
    written: DateForm = "long" if form == "era" and era is None else form
    return read_text(f"dates.{known.precision}.{written}", language).format(
        year=year,
        month=read_text(f"dates.month_name.{known.first.month:02d}", language),
        day=known.first.day,
        era=read_text(f"dates.era.{era.code}", language) if era else "",
    )


def write_short_date(
    day: date | None,
    form: DateForm,
    language: Language = DEFAULT_LANGUAGE,
    precision: str | None = None,
) -> str:
    """Return a day for a table: 2022-03-01, 2022/03/01 or R04.03.01, sorting as text within an era.

    A month is 2022/03 and a year 2022; a fiscal year is written as in a sentence. "" for none.
    """
    if day is None:
        return ""
    known = _whole(day, precision)
    if known.precision == "fiscal_year":
        return write_date(day, form, language, precision)
    iso = known.isoformat()
    era = _find_era(known) if form == "era" else None
    if era is not None:
        return f"{era.letter}{_count_years(known, era):02d}{iso[4:]}".replace("-", ".")
    return iso if form == "iso" else iso.replace("-", "/")


def write_days(
    values: Mapping[str, object], form: DateForm, language: Language
) -> dict[str, object]:
    """Return values for a text with the days among them written; moments stay as they are."""
    return {
        name: write_date(value, form, language)
        if isinstance(value, date) and not isinstance(value, datetime)
        else value
        for name, value in values.items()
    }


def write_time(moment: datetime, form: DateForm, *, seconds: bool = False) -> str:
    """Return a moment for a table: the day in its short form and the hour."""
    return f"{write_short_date(moment.date(), form)} {moment:{'%H:%M:%S' if seconds else '%H:%M'}}"


def _whole(day: date, precision: str | None) -> PartialDate:
    exact: Precision = next((known for known in _PRECISIONS if known == precision), "day")
    first = {
        "day": day,
        "month": day.replace(day=1),
        "year": day.replace(month=1, day=1),
        "fiscal_year": date(name_fiscal_year(day), FISCAL_MONTH, 1),
    }[exact]
    return PartialDate(first, exact, "")


def _find_era(known: PartialDate) -> Era | None:
    # 令和4年度 is named by its April, 令和元年 by what it became.
    return find_era(known.first if known.precision == "fiscal_year" else known.last)


def _count_years(known: PartialDate, era: Era) -> int:
    return known.first.year - era.first.year + 1


def _count_year(known: PartialDate, era: Era, language: Language) -> str:
    years = _count_years(known, era)
    return read_text("dates.first_year", language) if years == 1 else str(years)
