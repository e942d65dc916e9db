"""Dates as people write them in Japan: eras, kanji numerals, masked days, Excel numbers.

The grammar, after widths, spaces and dashes are levelled::

    date    = body [note] [time]
    body    = [era] year ["年" month ["月" day ["日"]]]      "年" and "月" may be . / ・ or -
            | [era] year "年度"                              April to March
            | month "月" day "日" | month "/" day            needs the fiscal year
            | YYYYMMDD
    note    = "(…)" | 上旬 | 中旬 | 下旬 | 初旬 | 初め | 半ば | 末 | 末日 | 頃 | ころ
            | 予定 | 付 | 現在
    masked  = ● ○ ? * X …  for a day (or month and day) that the source withholds
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from math import isfinite
from typing import Final

from graph.dates import ERAS, FISCAL_MONTH, Era, PartialDate, Precision
from loaders.lettering import DASHES, read_text
from loaders.problems import BadValue

FIRST_YEAR: Final = 1873
"""Japan counts by the Gregorian calendar since 1 January 1873 (明治 6): no earlier dates."""
LAST_YEAR: Final = 2100


_ERAS: Final = {spelling: era for era in ERAS for spelling in (era.name[0], era.letter)}

_LONGEST: Final = 100
_EXCEL_EPOCH: Final = date(1899, 12, 30)
_EXCEL_SERIALS: Final = range(10_000, 73_416)
"""Day numbers from May 1927 to the end of 2100; smaller numbers are years, larger ones YYYYMMDD."""

_MASK: Final = r"[●○◯〇■□＊*?×✕xX_]{1,2}"
_NUMBER: Final = r"(?:[0-9]{1,2}|[〇一二三四五六七八九十]{1,4})"
_ERA_NAME: Final = r"(?:明治?|大正?|昭和?|平成?|令和?|[MTSHR]\.?)"
_REST: Final = (
    rf"(?:(?:年|[./・-])(?P<month>{_NUMBER}|{_MASK})"
    rf"(?:(?:月|[./・-])(?P<day>{_NUMBER}|{_MASK})日?|月)?|年)?"
)
_ERA_DATE: Final = re.compile(
    rf"(?P<era>{_ERA_NAME})(?P<year>元|[0-9]{{1,3}}|[一二三四五六七八九十]{{1,4}}){_REST}",
    re.IGNORECASE,
)
_WESTERN_DATE: Final = re.compile(rf"(?P<year>[0-9]{{4}}|[〇一二三四五六七八九]{{4}}){_REST}")
_COMPACT: Final = re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")
_MONTH_DAY: Final = re.compile(
    rf"(?P<month>{_NUMBER})(?:月(?:(?P<day>{_NUMBER}|{_MASK})日)?|/(?P<slash_day>{_NUMBER}))"
)
_SHORT_YEAR: Final = re.compile(r"[0-9]{1,2}[./年-][0-9]{1,2}[./月-][0-9]{1,2}日?")
_TIME: Final = re.compile(r"(?:[T ]|(?<=日))\s*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?$")
_NOTE: Final = re.compile(
    r"(?:\([^()]*\)|[上中下初]旬|初め|はじめ|半ば|末日?|中?頃|[ごこ]ろ|予定|付け?|現在)$"
)
_FISCAL_YEAR: Final = re.compile(
    rf"(?:(?P<era>{_ERA_NAME})(?P<number>元|[0-9]{{1,3}}|[一二三四五六七八九十]{{1,4}})"
    r"|(?P<year>[0-9]{4}))(?:年度?|年4月)?",
    re.IGNORECASE,
)
_KANJI_DIGITS: Final = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}
_TENS: Final = re.compile("([2-9]?)十([1-9]?)")
_SAME_DASH: Final = str.maketrans(dict.fromkeys(DASHES, "-"))


def parse_date(cell: object, *, fiscal_year: int | None = None) -> PartialDate:
    """Return the date of a cell in any of the usual spellings; `as_written` keeps its words.

    A masked or missing day gives a month, a masked or missing month a year; 令和4年度 is a fiscal
    year. `fiscal_year` (April to March, named by the year of its April) completes dates such as
    6月2日.

    Raises:
        BadValue: the cell is empty, is no date, or names a day that does not exist: an impossible
            month or day, a day outside its era, a year outside 1873–2100, or a date without
            its year when `fiscal_year` is not given.
    """
    if isinstance(cell, datetime):
        return _known_day(cell.date(), read_text(cell))
    if isinstance(cell, date):
        return _known_day(cell, cell.isoformat())
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise _not_a_date(cell)
    if not isinstance(cell, str):
        return _parse_number(cell)
    return _parse_text(cell.strip(), fiscal_year)


def parse_fiscal_year(cell: object) -> int:
    """Return the fiscal year (the year of its April) of 2020, 2020年度, 令和2年度, R2 or H31.

    Raises:
        BadValue: the cell names no year between 1873 and 2100, or a year its era does not have.
    """
    return _read_fiscal_year(read_text(cell))


def _read_fiscal_year(text: str) -> int:
    match = _FISCAL_YEAR.fullmatch(_drop_notes(text)) if len(text) <= _LONGEST else None
    if match is None:
        raise BadValue("loaders.date.not_a_year", value=text)
    if match["year"]:
        return _check_year(int(match["year"]), text)
    era = _find_era(match["era"])
    year = era.first.year + _read_number(match["number"]) - 1
    # Fiscal 平成31 ran until March 2020; 令和元 is another name for the same year.
    if not era.first.year <= year <= era.last.year:
        raise BadValue("loaders.date.outside_era", value=text, era=era.name, **_limits(era))
    return _check_year(year, text)


def _parse_number(cell: float) -> PartialDate:
    text = read_text(cell)
    if isinstance(cell, float) and not cell.is_integer():
        # Excel keeps the hour as the fraction of a day number; 2022.1 is no such number.
        if not (isfinite(cell) and int(cell) in _EXCEL_SERIALS):
            raise _not_a_date(text)
        return _known_day(_EXCEL_EPOCH + timedelta(days=int(cell)), text)
    if int(cell) in _EXCEL_SERIALS:
        return _known_day(_EXCEL_EPOCH + timedelta(days=int(cell)), text)
    return _parse_text(text, None)


def _parse_text(text: str, fiscal_year: int | None) -> PartialDate:
    if not text or len(text) > _LONGEST:
        raise _not_a_date(text)
    body = _drop_notes(_TIME.sub("", unicodedata.normalize("NFKC", text)))
    if body.endswith("年度"):
        first = date(_read_fiscal_year(text), FISCAL_MONTH, 1)
        return PartialDate(first, "fiscal_year", text)
    if match := _COMPACT.fullmatch(body) or _WESTERN_DATE.fullmatch(body):
        return _build(_read_number(match["year"]), match["month"], match["day"], text)
    if match := _ERA_DATE.fullmatch(body):
        return _parse_era_date(match, text)
    if match := _MONTH_DAY.fullmatch(body):
        return _parse_month_day(match, fiscal_year, text)
    if _SHORT_YEAR.fullmatch(body):
        raise BadValue("loaders.date.short_year", value=text)
    raise _not_a_date(text)


def _drop_notes(text: str) -> str:
    body = _level(text)
    while (shorter := _NOTE.sub("", body)) != body:
        body = shorter
    return body


def _level(text: str) -> str:
    # A space between two digits stays, and no spelling matches it: "H3 1" must not become H31.
    levelled = unicodedata.normalize("NFKC", text).translate(_SAME_DASH)
    return re.sub(r"(?<![0-9])\s+|\s+(?![0-9])", "", levelled)


def _parse_era_date(match: re.Match[str], text: str) -> PartialDate:
    era = _find_era(match["era"])
    year = era.first.year + _read_number(match["year"]) - 1
    if not era.first.year <= year <= era.last.year:
        raise BadValue("loaders.date.outside_era", value=text, era=era.name, **_limits(era))
    result = _build(year, match["month"], match["day"], text)
    if result.last < era.first or result.first > era.last:
        raise BadValue("loaders.date.outside_era", value=text, era=era.name, **_limits(era))
    return result


def _parse_month_day(match: re.Match[str], fiscal_year: int | None, text: str) -> PartialDate:
    if fiscal_year is None:
        raise BadValue("loaders.date.year_missing", value=text)
    month = _read_number(match["month"])
    year = fiscal_year + (month < FISCAL_MONTH)
    return _build(year, str(month), match["day"] or match["slash_day"], text)


def _build(year: int, month_text: str | None, day_text: str | None, text: str) -> PartialDate:
    _check_year(year, text)
    month = _read_part(month_text)
    day = _read_part(day_text)
    if month is None and day is not None:
        raise _not_a_date(text)
    if month is not None and not 1 <= month <= 12:
        raise BadValue("loaders.date.no_such_month", value=text, month=month)
    precision: Precision = "year" if month is None else "month" if day is None else "day"
    try:
        return PartialDate(date(year, month or 1, 1 if day is None else day), precision, text)
    except ValueError:
        raise BadValue("loaders.date.no_such_day", value=text) from None


def _known_day(day: date, text: str) -> PartialDate:
    _check_year(day.year, text)
    return PartialDate(day, "day", text)


def _check_year(year: int, text: str) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        limit = f"{FIRST_YEAR}–{LAST_YEAR}"
        raise BadValue("loaders.date.year_out_of_range", value=text, limit=limit)
    return year


def _read_part(text: str | None) -> int | None:
    return None if text is None or re.fullmatch(_MASK, text) else _read_number(text)


def _read_number(text: str) -> int:
    """Return the number of 12, 十二, 一二, 二十 or 元; 0 when kanji make no number below 100."""
    if text == "元":
        return 1
    digits = "".join(str(_KANJI_DIGITS.get(digit, digit)) for digit in text)
    if "十" not in digits:
        return int(digits)
    match = _TENS.fullmatch(digits)
    return 10 * int(match[1] or 1) + int(match[2] or 0) if match else 0


def _find_era(name: str) -> Era:
    return _ERAS[name[0].upper()]


def _limits(era: Era) -> dict[str, str]:
    first = era.first.isoformat()
    return {"limit": f"{first}–" if era.last == date.max else f"{first}–{era.last.isoformat()}"}


def _not_a_date(value: object) -> BadValue:
    return BadValue("loaders.date.not_a_date", value=value)
