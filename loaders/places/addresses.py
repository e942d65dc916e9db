"""Matching addresses as people write them to a point, offline.

An address is read from the left: postal code (skipped), prefecture and municipality (either may
be missing, repeated, former or without its county), town, numbered 丁目. The towns of a
municipality are read when an address first needs them. Sources and licences: see
``loaders/places/sources.py`` (Geolonia 住所データ, CC BY 4.0; postal data of 日本郵便).

Measured by ``bench/addresses.py`` on real office addresses with coordinates of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from graph.places import AddressMatch, Coordinates, Municipality, Town, find_middle
from loaders.places.gazetteer import municipalities, name_table
from loaders.places.names import AreaIds, Head, NameTable, match_head, prefecture_of
from loaders.places.sources import read_towns
from loaders.places.spellings import (
    KANJI_NUMBER,
    fold,
    normalize,
    read_kanji_number,
    take_tail,
    write_digits,
)

_POSTAL_CODE: Final = re.compile(r"〒?[0-9]{3}-?[0-9]{4}(?![0-9-])|〒")
_COUNTY: Final = re.compile(r"[^0-9]{1,5}?郡")
_TO_COUNTY: Final = re.compile(".*郡")
# The tables write 十二, never 一二: so 助七二丁目 is the second 丁目 of 助七.
_NUMBERED_TOWN: Final = re.compile(
    r"(.+?)([二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])丁目(.*)"
)
_NUMBER: Final = re.compile(
    r"(?:\([^)]*\))?"  # a reading or the old name: 西島町(西島)3丁目
    rf"(?P<number>[0-9]{{1,2}}(?![0-9])|{KANJI_NUMBER.pattern})"
    r"(?P<mark>丁目|丁|番地?|号|-|ノ(?=[0-9一二三四五六七八九十])|(?=[^0-9])|$)"
)
_SECTION_MARKS: Final = ("大字", "字")
_CLEAN_END: Final = re.compile(r"$|[0-9〇一二三四五六七八九十百\-字(甲乙丙無]|丁|番|地先|地内")
# 京都: the streets come first, then the town: 油小路通丸太町上る米屋町.
_KYOTO_TURN: Final = re.compile(r".*(?:上[ルる]|下[ルる]|[東西]入[ルる]?)")
_OLD_TOWN_PREFIX: Final = re.compile(r".+?[町村](.{2,})")
_DIRECTION: Final = re.compile(r"(?:東|西|南|北|中央|中)(?:町|台)?$")


@dataclass(frozen=True, slots=True)
class Spot:
    """One town under one name, and its numbered 丁目; `point` is None when nothing is known."""

    name: str
    point: Coordinates | None
    blocks: Mapping[int, Town]


@dataclass(frozen=True, slots=True)
class TownIndex:
    """The towns of one municipality by folded name; `longest` is the longest name's length."""

    spots: Mapping[str, Spot]
    longest: int


@dataclass(frozen=True, slots=True)
class AddressBook:
    """All that matching needs: names, municipalities by code, and the towns of a code."""

    names: NameTable
    places: Mapping[str, Municipality]
    towns: Callable[[str], TownIndex]


@dataclass(frozen=True, slots=True)
class _Found:
    """A town found at the head of a key, and what of the key is left behind it."""

    code: str
    spot: Spot
    rest: str
    clean: bool


def match_address(text: str, *, municipality_hint: str | None = None) -> AddressMatch:
    """Return where the address `text` lies and how near to the truth the point is.

    `municipality_hint` (a code) is used when the words name no municipality or leave a choice.
    A name that fits several municipalities (中央区本町) is answered only when a single one of them
    has the town; else there is no point and the candidates are listed. An empty text is unknown.
    """
    return match_words(text, address_book(), municipality_hint)


@cache
def address_book() -> AddressBook:
    """Return the book made of the gazetteer, built on first use; towns are read as needed."""
    return AddressBook(name_table(), {one.code: one for one in municipalities()}, _read_index)


@cache
def _read_index(code: str) -> TownIndex:
    return build_town_index(read_towns(code))


# --- matching (pure) ---------------------------------------------------------------------------


def match_words(text: str, book: AddressBook, hint: str | None = None) -> AddressMatch:
    """Return the match of `text` in `book` (the pure part of `match_address`)."""
    words = normalize(text)
    key = fold(words)
    if postal := _POSTAL_CODE.match(key):
        key = key[postal.end() :]
    hint = hint if hint in book.places else None
    if hint and (found := _match_inside_hint(key, hint, book)):
        return _describe(found, words, book)
    areas, tails = _read_head(key, book.names, hint)
    codes = _expand(areas, book)
    for tail in tails:
        founds = _match_towns(tail, codes, book)
        if len(tail) > len(tails[-1]):  # with a municipality's name: the town goes beyond that
            founds = [one for one in founds if len(one.rest) < len(tails[-1]) + one.clean]
        if len(founds) == 1:
            return _describe(founds[0], words, book)
        if founds:
            return AddressMatch(None, None, "unknown", candidates=tuple(one.code for one in founds))
    return _describe_area(areas, take_tail(words, len(tails[-1])), book)


def _match_inside_hint(key: str, hint: str, book: AddressBook) -> _Found | None:
    """Return the town when the words begin with one and name no municipality for certain."""
    head = match_head(key, book.names)
    if head and not head.weak:
        return None
    founds = _match_towns(key, _expand((hint,), book), book)
    return founds[0] if len(founds) == 1 and founds[0].clean else None


def _read_head(key: str, names: NameTable, hint: str | None) -> tuple[AreaIds, list[str]]:
    """Return the areas the head can mean, and the tails in which to look for a town."""
    head = match_head(key, names, prefecture_of(hint) if hint else None)
    if head is None:
        return ((hint,) if hint else ()), [key]
    areas, rest = head.areas, key[len(head.name) :]
    rest = _skip_county(rest, areas, names)
    # Towns still begin with a former name (菖蒲町新堀), never with its county.
    tails = [_TO_COUNTY.sub("", head.name) + rest] if head.former else []
    whole = rest
    while again := match_head(rest, names):
        common = _agree(areas, again, names)
        if not common:
            break
        areas, rest = common, rest[len(again.name) :]
    if rest != whole:  # repeated, or a town that begins like its city: 養父市養父市場
        tails = [*tails, whole]
    if hint and (inside := _agree((hint,), Head(areas, ""), names)):
        areas = inside
    if head.weak and areas == head.areas and rest and hint not in areas:
        return _doubt_weak(areas, rest, tails, hint)
    return areas, [*tails, rest]


def _skip_county(rest: str, areas: AreaIds, names: NameTable) -> str:
    """Return `rest` without a county before a municipality (南埼玉郡菖蒲町), else as it is."""
    if county := _COUNTY.match(rest):
        head = match_head(rest[county.end() :], names)
        if head and _agree(areas, head, names):
            return rest[county.end() :]
    return rest


def _doubt_weak(
    areas: AreaIds, rest: str, tails: list[str], hint: str | None
) -> tuple[AreaIds, list[str]]:
    """Return a 町 named alone as it is, but as no answer before a number (栄町3-4)."""
    if _CLEAN_END.match(rest):
        return ((hint,) if hint else ()), [rest]
    return areas, [*tails, rest]


def _agree(areas: AreaIds, again: Head, names: NameTable) -> AreaIds:
    """Return what both heads can mean, the smaller area of two that lie in each other."""
    smaller = [
        inner
        for outer in areas
        for inner in again.areas
        if inner == outer or inner in names.wards.get(outer, ()) or prefecture_of(inner) == outer
    ]
    larger = [
        outer
        for outer in areas
        for inner in again.areas
        if outer in names.wards.get(inner, ()) or prefecture_of(outer) == inner
    ]
    return tuple(dict.fromkeys((*smaller, *larger)))


def _expand(areas: AreaIds, book: AddressBook) -> AreaIds:
    """Return the codes that have towns of their own: wards for a city, all for a prefecture."""
    codes: list[str] = []
    for area in areas:
        if len(area) == 2:
            codes += [code for code in book.places if code.startswith(area)]
        else:
            codes += book.names.wards.get(area, (area,))
    return tuple(code for code in dict.fromkeys(codes) if code in book.places)


def _match_towns(key: str, codes: AreaIds, book: AddressBook) -> list[_Found]:
    """Return the longest town names `key` begins with, one for each municipality that has it.

    Among several municipalities only a name that ends cleanly (before a number) counts.
    """
    founds = [
        found
        for code in codes
        if (found := _find_town(key, code, book.towns(code))) and (found.clean or len(codes) == 1)
    ]
    shortest = min((len(found.rest) for found in founds), default=0)
    return [found for found in founds if len(found.rest) == shortest]


def _find_town(key: str, code: str, index: TownIndex) -> _Found | None:
    for mark in _SECTION_MARKS:
        key = key.removeprefix(mark)
    found = _find_prefix(key, code, index)
    if found is None and (turn := _KYOTO_TURN.match(key)):
        found = _find_prefix(key[turn.end() :], code, index)
    return found


def _find_prefix(key: str, code: str, index: TownIndex) -> _Found | None:
    """Return the longest town; a name of one character only when it ends cleanly.

    A number is never cut in two: 寅沢100 is not 寅沢1.
    """
    for length in range(min(index.longest, len(key)), 0, -1):
        spot = index.spots.get(key[:length])
        if spot and not (key[length - 1].isdecimal() and key[length : length + 1].isdecimal()):
            clean = _CLEAN_END.match(key, length) is not None
            if clean or length > 1:
                rest = key[length:].removeprefix(key[:length]) if length > 1 else key[length:]
                return _Found(code, spot, rest, clean)
    return None


# --- answers -----------------------------------------------------------------------------------


def _describe(found: _Found, words: str, book: AddressBook) -> AddressMatch:
    """Return the match of a found town: its 丁目 when named, else itself, else its municipality."""
    block, rest = _find_block(found)
    if block and block.latitude is not None:
        tail = take_tail(words, len(rest)).lstrip()
        return AddressMatch(block.latitude, block.longitude, "block", found.code, block.name, tail)
    tail = take_tail(words, len(found.rest)).lstrip()
    if found.spot.point:
        return AddressMatch(*found.spot.point, "town", found.code, found.spot.name, tail)
    place = book.places[found.code]
    return AddressMatch(
        place.latitude, place.longitude, "municipality", found.code, found.spot.name, tail
    )


def _find_block(found: _Found) -> tuple[Town | None, str]:
    """Return the numbered 丁目 at the head of the rest; 3番地 and 3号 are no 丁目."""
    number = _NUMBER.match(found.rest)
    if number is None or number["mark"].startswith(("番", "号")):
        return None, found.rest
    digits = number["number"]
    value = int(digits) if digits.isdecimal() else read_kanji_number(digits)
    return found.spot.blocks.get(value), found.rest[number.end() :]


def _describe_area(areas: AreaIds, rest: str, book: AddressBook) -> AddressMatch:
    """Return the municipality's own point, or no point: for a prefecture and for a choice."""
    if len(areas) != 1:
        return AddressMatch(None, None, "unknown", rest=rest, candidates=areas)
    place = book.places.get(areas[0])
    if place is None:
        return AddressMatch(None, None, "unknown", rest=rest)
    return AddressMatch(
        place.latitude, place.longitude, "municipality", place.code, "", rest.lstrip()
    )


# --- the index (pure) --------------------------------------------------------------------------


def build_town_index(towns: Iterable[Town]) -> TownIndex:
    """Return the towns by every spelling of their folded name; no towns give an empty index.

    The town's own name wins over another town's other spelling (with or without 町, 字 or the
    name of the former town it belonged to); another spelling that two towns share is left out.
    """
    plain: dict[str, Town] = {}
    blocks: dict[str, dict[int, Town]] = {}
    for town in towns:
        key = _strip_marks(fold(normalize(town.name)))
        if numbered := _NUMBERED_TOWN.fullmatch(key):
            blocks.setdefault(numbered[1], {}).setdefault(read_kanji_number(numbered[2]), town)
        if not numbered or numbered[3]:
            plain.setdefault(key, town)
    spots = {
        key: _make_spot(key, plain, blocks.get(key, {})) for key in dict.fromkeys((*plain, *blocks))
    }
    _add_spellings(spots)
    return TownIndex(spots, max(map(len, spots), default=0))


def _make_spot(key: str, plain: Mapping[str, Town], blocks: Mapping[int, Town]) -> Spot:
    own = plain.get(key)
    name = own.name if own else _base_name(next(iter(blocks.values())).name)
    point = _point(own) if own else None
    placed = [place for block in blocks.values() if (place := _point(block))]
    if point is None and placed:
        point = find_middle(placed)
    if point is None and _DIRECTION.search(key):  # a new town cut out of an old one: 伊坂北 of 伊坂
        point = _point(plain.get(_DIRECTION.sub("", key)))
    return Spot(name, point, blocks)


def _add_spellings(spots: dict[str, Spot]) -> None:
    """Add each town's other spellings that are no town's own name."""
    for respell in (write_digits, _without_inner_mark, _with_or_without_town, _without_old_town):
        others: dict[str, Spot | None] = {}
        for key, spot in spots.items():
            if (other := respell(key)) not in spots and len(other) > 1:
                others[other] = None if other in others else spot
        spots.update({key: spot for key, spot in others.items() if spot})


def _without_inner_mark(key: str) -> str:
    return key.replace("字", "")


def _with_or_without_town(key: str) -> str:
    return key.removesuffix("町") if key.endswith("町") else key + "町"


def _without_old_town(key: str) -> str:
    return prefixed[1] if (prefixed := _OLD_TOWN_PREFIX.fullmatch(key)) else key


def _strip_marks(key: str) -> str:
    for mark in _SECTION_MARKS:
        key = key.removeprefix(mark)
    return key


def _base_name(name: str) -> str:
    numbered = _NUMBERED_TOWN.fullmatch(name)
    return numbered[1] if numbered else name


def _point(town: Town | None) -> Coordinates | None:
    if town is None or town.latitude is None or town.longitude is None:
        return None
    return town.latitude, town.longitude
