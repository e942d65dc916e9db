"""The rows of WAM NET, 介護サービス情報公表 and 医療情報ネット files; the columns are formats.toml.

A cell that cannot be read never refuses a file of a whole country: it is left out, and told as a
notice with its row.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from graph.places import distance_m
from graph.records import Point, Value
from loaders.lettering import matching_key, normalise_name
from loaders.open_data.offices import NoticeBook, Office, find_service
from loaders.phones import parse_phone
from loaders.places.addresses import match_address
from loaders.places.gazetteer import find_municipality, parse_area_code
from loaders.places.spellings import normalize
from loaders.problems import BadFile, BadValue

FORMATS_FILE: Final = Path(__file__).with_name("formats.toml")

FARTHEST_M: Final = 5_000.0
"""A coordinate farther than this from the town its address names is taken for wrong."""

_JAPAN: Final = ((20.0, 46.0), (122.0, 154.5))  # latitudes, longitudes
_PLAIN: Final = ("kana", "corporation")
_HOURS: Final = (
    ("hours_weekdays", "平日"), ("hours_saturday", "土曜"), ("hours_sunday", "日曜"),
    ("hours_holidays", "祝日"), ("closed_on", "定休日"), ("hours_note", ""),
)  # fmt: skip
_OFFICE_NUMBER: Final = re.compile(r"[0-9A-Z]{10}")
_CORPORATE_NUMBER: Final = re.compile(r"[0-9]{13}")
_DASHES: Final = re.compile("[‐‑‒–—―−－─━ｰー-]")
_REPLACED: Final = "\ufffd"

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TableFormat:
    """One kind of file: its data set and what its headers mean (see formats.toml)."""

    name: str
    source: str
    field: str
    service: str
    known_by: frozenset[str]
    number: str
    municipality: tuple[str, ...]
    address: tuple[str, ...]
    columns: Mapping[str, str]


def recognise_format(header: Sequence[object]) -> TableFormat | None:
    """Return the kind of open data with these headers, None for any other table."""
    keys = {matching_key(str(cell)) for cell in header}
    return next((one for one in read_formats() if one.known_by <= keys), None)


@cache
def read_formats() -> tuple[TableFormat, ...]:
    """Read formats.toml, in its order."""
    tree = tomllib.loads(FORMATS_FILE.read_text(encoding="utf-8"))
    return tuple(_read_format(name, entry) for name, entry in tree.items())


def _read_format(name: str, entry: Mapping[str, Any]) -> TableFormat:
    return TableFormat(
        name,
        entry["source"],
        entry["field"],
        entry.get("service", ""),
        frozenset(matching_key(header) for header in entry["known_by"]),
        entry["number"],
        tuple(entry["municipality"]),
        tuple(entry["address"]),
        entry["columns"],
    )


def read_offices(
    header: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    form: TableFormat,
    notices: NoticeBook,
) -> Iterator[Office]:
    """Yield an office for every row, one at a time; `rows` are row number and cells.

    A row without number or name is left out and told. Rows that repeat number and service count
    up in `order`.

    Raises:
        BadFile: a row has more or fewer cells than the header: the file was cut off or damaged.
    """
    keys = [matching_key(cell) for cell in header]
    seen: set[int] = set()  # hashes of number and service: some 60 bytes for each row
    repeats: Counter[int] = Counter()
    for number, cells in rows:
        if len(cells) != len(header):
            raise BadFile("open_data.cut_off", row=number, count=len(cells), expected=len(header))
        office = _RowOfOffice(form, dict(zip(keys, cells, strict=True)), number, notices).read()
        if office is None:
            continue
        key = hash((office.number, office.service))
        if key in seen:
            repeats[key] += 1
            notices.add("open_data.repeated", number, number=office.number)
            office = replace(office, order=repeats[key])
        seen.add(key)
        yield office


class _RowOfOffice:
    """One row being read: its cells by header key, and where to tell what is doubtful."""

    def __init__(self, form: TableFormat, cells: Cells, row: int, notices: NoticeBook) -> None:
        self._form = form
        self._cells = cells
        self._row = row
        self._notices = notices

    def read(self) -> Office | None:
        number = self._code(self._form.number)
        name = self._text("name")
        if not number or not name:
            self._notices.add("open_data.nameless", self._row)
            return None
        if any(_REPLACED in cell for cell in self._cells.values()):
            self._notices.add("open_data.replaced", self._row)
        service = find_service(self._text("service") or self._form.service)
        facts: dict[str, Value] = {"name": name}
        facts |= {column: text for column in _PLAIN if (text := self._text(column))}
        facts |= self._read_numbers() | self._read_contacts() | self._read_place()
        if hours := self._read_hours():
            facts["hours"] = hours
        if capacity := self._read_capacity():
            facts["capacity"] = capacity
        return Office(
            self._form.source, number, service.name, self._row, facts,
            service.field or self._form.field, service.supports,
        )  # fmt: skip

    def _cell(self, header: str) -> str:
        return self._cells.get(_key_of(header), "").strip()

    def _text(self, column: str) -> str:
        header = self._form.columns.get(column)
        return normalise_name(self._cell(header)) if header else ""

    def _code(self, header: str) -> str:
        return _DASHES.sub("", normalize(self._cell(header))).replace(" ", "").upper()

    def _read_numbers(self) -> dict[str, Value]:
        numbers: dict[str, Value] = {}
        for column, pattern in (
            ("office_number", _OFFICE_NUMBER),
            ("corporate_number", _CORPORATE_NUMBER),
        ):
            header = self._form.columns.get(column)
            code = self._code(header) if header else ""
            if pattern.fullmatch(code):
                numbers[column] = code
            elif code:
                self._doubt(column, "open_data.bad_number", code)
        return numbers

    def _read_contacts(self) -> dict[str, Value]:
        contacts: dict[str, Value] = {}
        for column in ("phone", "fax"):
            if words := self._text(column):
                try:
                    contacts[column] = parse_phone(words)
                except BadValue:
                    self._doubt(column, "open_data.bad_phone", words)
        if words := self._text("url"):
            is_mail = "@" in words and "/" not in words
            contacts["email" if is_mail else "url"] = words
        return contacts

    def _read_place(self) -> dict[str, Value]:
        address = _join_address([self._cell(header) for header in self._form.address])
        code = parse_area_code("".join(self._code(h) for h in self._form.municipality) or "")
        stated = code if code and len(code) == 5 else None
        place = match_address(address, municipality_hint=stated)
        municipality = stated or place.municipality_code or None
        found: dict[str, Value] = {"address": address} if address else {}
        if municipality:
            found["municipality"] = municipality
        else:
            self._notices.add("open_data.no_municipality", self._row)
        middle = (
            Point(place.latitude, place.longitude)
            if place.latitude is not None and place.longitude is not None
            else None
        )
        exact = self._read_point(middle if place.accuracy in ("town", "block") else None)
        if exact:
            return found | {"location": exact, "location_accuracy": "exact"}
        if middle is None and municipality and (standing := find_municipality(municipality)):
            middle = Point(standing.latitude, standing.longitude)
            return found | {"location": middle, "location_accuracy": "municipality"}
        if middle is None:
            return found
        return found | {"location": middle, "location_accuracy": place.accuracy}

    def _read_point(self, town: Point | None) -> Point | None:
        """Return the row's own coordinate; None when it is missing, 0 or surely wrong."""
        latitude, longitude = _number(self._text("latitude")), _number(self._text("longitude"))
        if not latitude or not longitude:
            return None
        inside = all(
            low <= value <= high
            for value, (low, high) in zip((latitude, longitude), _JAPAN, strict=True)
        )
        if not inside:
            self._notices.add("open_data.outside_japan", self._row)
            return None
        point = Point(latitude, longitude)
        if town is None:
            return point
        away = distance_m((latitude, longitude), (town.latitude, town.longitude))
        if away > FARTHEST_M:
            self._notices.add("open_data.far_off", self._row, distance_km=round(away / 1000))
            return None
        return point

    def _read_hours(self) -> str:
        parts = [(label, self._text(column)) for column, label in _HOURS]
        return "、".join(f"{label} {words}".strip() for label, words in parts if words)

    def _read_capacity(self) -> int | None:
        words = self._text("capacity")
        value = _number(re.sub(r"[人名床]$", "", words))
        if words and value is None:
            self._doubt("capacity", "open_data.bad_capacity", words)
        return int(value) if value and value > 0 else None

    def _doubt(self, column: str, code: str, value: str) -> None:
        self._notices.add(code, self._row, self._form.columns[column], value=value)


@cache
def _key_of(header: str) -> str:
    """Return the key of a header of formats.toml; each row asks for all of them."""
    return matching_key(header)


def _join_address(parts: Sequence[str]) -> str:
    """Join city and street; a street that says the end of the city again loses it.

    さいたま市見沼区 + さいたま市見沼区風渡野 and 見沼区風渡野 are both the one 風渡野.
    """
    head, *rest = [normalise_name(part) for part in parts]
    for part in rest:
        repeat = next((n for n in range(len(head), 2, -1) if part.startswith(head[-n:])), 0)
        head += part[repeat:] if repeat else part
    return head


def _number(words: str) -> float | None:
    try:
        return float(normalize(words)) if words else None
    except ValueError:
        return None
