"""Values as the cells of a workbook that the loader's own readers read back as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final

from graph.dates import PartialDate
from graph.records import NodeRecord, Value
from graph.schema import Property
from graph.vocabulary import SUPPORTS
from loaders.dates import parse_date
from loaders.directory import Directory
from loaders.lettering import split_values
from loaders.organizations import SUPPORT_WORDS, parse_offer
from loaders.problems import BadValue
from loaders.reading.sheets import EXCEL_ERRORS
from loaders.reference import read_reference
from loaders.references import resolve_area
from loaders.templates import LONGEST_TEXT, Cell

BETWEEN: Final = "、"
YES: Final = "はい"
NO: Final = "いいえ"

_EXCEL_COUNTS_FROM: Final = date(1900, 3, 1)
"""Excel believes in a 29 February 1900: earlier days are written as text."""
_LARGEST_WHOLE: Final = 2**53
_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def write_value(value: Value, declared: Property | None = None, year: int | None = None) -> Cell:
    """Return the cell of a property: codes by their labels, dates as written, はい and いいえ.

    `year` is the fiscal year of a date such as 6月2日. None for nothing.
    """
    if value is None or value == "":
        return None
    if declared is not None and declared.vocabulary is not None:
        return declared.label(str(value), "ja")
    if isinstance(value, PartialDate | date):
        return write_date(value, year)
    if isinstance(value, bool):
        return YES if value else NO
    return write_number(value) if isinstance(value, int | float) else write_text(str(value))


def write_text(text: str) -> Cell:
    """Return a text as a cell can hold it; None for what a cell takes for an error of Excel."""
    plain = _UNWRITABLE.sub(" ", text)[:LONGEST_TEXT]
    return None if plain.strip() in EXCEL_ERRORS else plain


def write_number(value: float) -> Cell:
    """Return a number, as text where Excel would not keep all its digits."""
    if isinstance(value, int) or value.is_integer():
        return int(value) if abs(value) < _LARGEST_WHOLE else str(int(value))
    if float(f"{value:.16g}") == value and "e" not in repr(value):
        return value
    return format(Decimal(repr(value)), "f")


def write_date(day: PartialDate | date, year: int | None = None) -> Cell:
    """Return a date in the words it was written in, or else in plain ones as exact as it is."""
    if isinstance(day, date):
        return _write_day(day)
    if day.precision == "day" and day.as_written == day.isoformat():
        return _write_day(day.first)
    candidates: list[str | int] = [day.as_written]
    if day.as_written.isdecimal():
        candidates.append(int(day.as_written))
    faithful = (cell for cell in candidates if _is_read(cell, day, year))
    exact = f"{day.first.year}年度" if day.precision == "fiscal_year" else day.isoformat()
    return next(faithful, exact)


def _write_day(day: date) -> Cell:
    return day if day >= _EXCEL_COUNTS_FROM else day.isoformat()


def _is_read(cell: str | int, day: PartialDate, year: int | None) -> bool:
    try:
        return parse_date(cell, fiscal_year=year) == day
    except BadValue:
        return False


@cache
def write_area(area_id: str) -> str | None:
    """Return the name of an area that means it and no other, else its code; None for neither."""
    for words in (*_name_areas().get(area_id, ()), area_id):
        try:
            if resolve_area(words) == area_id and split_values(words) == (words,):
                return words
        except BadValue:
            continue
    return None


def write_areas(area_ids: Sequence[str]) -> Cell:
    """Return several areas in one cell; None for none."""
    return BETWEEN.join(filter(None, map(write_area, area_ids))) or None


@cache
def _name_areas() -> Mapping[str, tuple[str, ...]]:
    names = {
        record.key: str(record.properties["full_name"]).replace(" ", "")
        for record in read_reference()
        if isinstance(record, NodeRecord) and record.label == "Area"
    }
    return {key: (name, f"{name}圏域") for key, name in names.items()}


def write_supports(support_ids: Sequence[str]) -> Cell:
    """Return kinds of support by their labels in one cell; None for none."""
    return BETWEEN.join(SUPPORTS.label(one, "ja") for one in support_ids) or None


@cache
def write_offer(support_id: str, own_words: str | None) -> str:
    """Return a kind of support in an agency's own words, with the kind before where they hide it.

    Words that no cell can say are left out.
    """
    label = SUPPORTS.label(support_id, "ja")
    for cell in (own_words or "", f"{label}（{own_words or ''}）"):
        if _is_offer(cell, (support_id, own_words or None)):
            return cell
    return label


def _is_offer(cell: str, offer: tuple[str, str | None]) -> bool:
    try:
        is_whole = split_values(f"{cell}{BETWEEN}{cell}", SUPPORT_WORDS) == (cell,)
        return is_whole and parse_offer(cell) == offer
    except BadValue:
        return False


class Names:
    """What agencies are called in cells: by name where it means no other, else by id."""

    def __init__(self, directory: Directory, names: Mapping[str, str]) -> None:
        self._directory = directory
        self._words = {key: self._choose(key, name) for key, name in names.items()}

    def __getitem__(self, organization_id: str) -> str:
        return self._words[organization_id]

    def group(self, organization_ids: Sequence[str]) -> list[str]:
        """Return cells that together name the agencies: one, or one for each; [] for none."""
        words = [self[key] for key in organization_ids]
        together = BETWEEN.join(words)
        if len(words) < 2:
            return words
        is_read = split_values(together) == tuple(words) and not self._directory.knows(together)
        return [together] if is_read else words

    def _choose(self, key: str, name: str) -> str:
        try:
            return name if self._directory.resolve(name) == key else key
        except BadValue:
            return key
