"""What somebody means who types a place into a box: one place, a choice, or not known.

Nothing is guessed: words that fit several places give the choice, and the places offered for words
that fit none (a station, part of a name) are offers. What was typed is not kept in the answer,
because it may be a client's address.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Literal

from graph.places import Accuracy, AddressMatch, Coordinates, Municipality
from loaders.places.addresses import match_address
from loaders.places.gazetteer import (
    care_areas,
    find_municipality,
    locate_place,
    locate_postal_code,
    municipalities,
    name_table,
    names_areas_only,
    prefectures,
    regions,
    split_list,
)
from loaders.places.names import match_head, prefecture_of
from loaders.places.sources import find_towns
from loaders.places.spellings import fold, normalize

MOST_CHOICES: Final = 30

_POSTAL: Final = re.compile(r"〒?\s*([0-9]{3})-?([0-9]{4})(?![0-9-])\s*")
_NATION: Final = frozenset({"全国", "日本", "日本全国", "どこでも"})
_INSIDE_OWN: Final = frozenset({"県内", "府内", "都内", "道内"})
_STATION: Final = re.compile(r"(?:jr|JR)?(.+?)駅(?:前|周辺|付近|近く|の近く|そば|[東西南北]口)?")
_DIRECTIONS: Final = "東西南北新中"
_NUMBERS: Final = re.compile(r"[0-9].*")
_HOUSE_NUMBER: Final = re.compile(r"[0-9\-番地号ノ丁目]*")
_COMMAS: Final = re.compile(r"[、,・]")
_REGION: Final = "(%s)(?:地方|地域|圏|エリア)?(?:内|全域|一円)?"
_KANA: Final = re.compile(r"[ぁ-ゖァ-ヺー]+")
_TO_KATAKANA: Final = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}
_KANA_SUFFIXES: Final = ("シ", "ク", "マチ", "チョウ", "ムラ", "ソン", "ケン", "フ", "ト")


Reason = Literal["several", "region", "station", "similar"]


@dataclass(frozen=True, slots=True)
class Place:
    """A place that is meant: its area, and the town's own point where the words name one.

    `name` is the area's full name and the town. `accuracy` says how exact `point` is; without a
    point of its own the area's is meant. `former` says the words are an old name, `town_missing`
    that they name something smaller no table has ("municipality", of a prefecture "unknown").
    """

    area_id: str
    name: str
    point: Coordinates | None = None
    accuracy: Accuracy = "unknown"
    former: bool = False
    town_missing: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """Places of which one has to be chosen; `total` counts also those beyond the list.

    `reason`: ``several`` the words fit or list each of them, ``region`` they lie in the region
    named, ``station`` stations are not known and these are named like it, ``similar`` their names
    only resemble the words.
    """

    places: tuple[Place, ...]
    reason: Reason
    total: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """No place: nothing written, no such postal code, a station, the whole nation, or words."""

    reason: Literal["empty", "postal_code", "station", "nation", "words"]


def read_place_words(text: str, *, near: str | None = None) -> Place | Choices | Unknown:
    """Return the place that `text` means.

    Understood are municipalities and wards (also without suffix, in kana, or by a former name),
    圏域, prefectures, regions, postal codes, addresses, names of towns, area codes; a list of
    them is asked about. `near` (an area id) chooses nothing: it is the prefecture "県内" means,
    and the places that come first in a choice.
    """
    words = normalize(text)
    home = prefecture_of(near) if near else None
    key = fold(words)
    if not key.strip("〒-()?"):
        return Unknown("empty")
    if key in _NATION:
        return Unknown("nation")
    if postal := _POSTAL.match(key):
        rest = key[postal.end() :]
        return _read_postal(postal[1] + postal[2]) if not rest else _read_words(rest, home)
    return _read_words(words, home)


def make_place(area_id: str) -> Place | None:
    """Return the area of an id as a place; None for an id of no area."""
    name = _area_names().get(area_id)
    return Place(area_id, name) if name else None


# --- postal codes ------------------------------------------------------------------------------


def _read_postal(code: str) -> Place | Choices | Unknown:
    towns = locate_postal_code(code)
    codes = dict.fromkeys(one.municipality_code for one in towns)
    if not codes:
        return Unknown("postal_code")
    if len(towns) == 1 and towns[0].town:
        return _find_town(towns[0].municipality_code, towns[0].town)
    places = [place for one in codes if (place := make_place(one))]
    return _offer(places, "several", None) or Unknown("postal_code")


def _find_town(code: str, town: str) -> Place:
    match = match_address(town, municipality_hint=code)
    if match.municipality_code == code and match.town:
        return _place_match(match)
    return Place(code, _area_names()[code])


# --- words -------------------------------------------------------------------------------------


def _read_words(words: str, home: str | None) -> Place | Choices | Unknown:
    """Try the readings one after the other, the surest first."""
    key = fold(words)
    answer = _take_first(
        lambda: _read_name(words, home),
        lambda: _read_list(words, home),
        lambda: _read_address(words, home),
        lambda: _read_address(_COMMAS.sub("", words), home),
        lambda: _read_mention(words, key, home),
        lambda: _read_station(key, home),
        lambda: _read_town(words, home),
        lambda: _read_part(key, home),
    )
    return answer or Unknown("station" if _STATION.fullmatch(key) else "words")


def _take_first(*readings: Callable[[], Place | Choices | None]) -> Place | Choices | None:
    return next((answer for read in readings if (answer := read())), None)


def _read_name(words: str, home: str | None) -> Place | Choices | None:
    """Return what is called so and not otherwise, None for all other words."""
    key = fold(words)
    return _take_first(
        lambda: _read_care_name(key, home),
        lambda: _read_region(key, home),
        lambda: _read_mention(words, key, home) if _is_name(key) else None,
        lambda: _read_kana(key, home),
    )


def _is_name(key: str) -> bool:
    names = name_table()
    return any(key in each for each in (names.formal, names.bare, names.former, names.former_bare))


def _read_care_name(key: str, home: str | None) -> Place | Choices | None:
    """Return 圏域 called by their bare name (印旛), unless a municipality of today has it too."""
    if _list_today(key):
        return None
    cares = [Place(one.area_id, _area_names()[one.area_id]) for one in care_areas()
             if fold(one.name) == key]  # fmt: skip
    if not cares:
        return None
    former = [Place(area, _area_names()[area], former=True)
              for area in name_table().former_bare.get(key, ())]  # fmt: skip
    return _offer([*cares, *former], "several", home)


def _read_region(key: str, home: str | None) -> Place | Choices | None:
    """Return the prefectures of a region; what only shares its name (東海市) needs its suffix."""
    region = re.fullmatch(_REGION % "|".join(regions()), key)
    if region is None:
        return None
    return _offer(map(_make_area, regions()[region[1]]), "region", home)


def _read_list(words: str, home: str | None) -> Choices | None:
    """Return the places of a list (大宮区か浦和区), None unless each of its parts is a place.

    A building may bear the name of a place (コーポ・松戸): behind an address that goes on after
    its number only an address or a name with its suffix is another place.
    """
    whole = match_address(words)
    hint = whole.municipality_code if whole.town else None
    pieces = split_list(words, lambda piece: _read_item(piece, home, hint) is not None)
    if len(pieces) < 2 or (whole.town and match_address(pieces[0]).town != whole.town):
        return None
    if any(map(_goes_on, pieces)) and not all(map(_begins_surely, pieces)):
        return None
    answers = _read_items(pieces, home, hint)
    places = [place for answer in answers if answer for place in _list_places(answer)]
    offered = _offer(places, "several", home) if all(answers) else None
    return offered if isinstance(offered, Choices) else None


def _read_items(
    pieces: Iterable[str], home: str | None, hint: str | None
) -> list[Place | Choices | None]:
    """Return what each part means; a prefecture once written holds for the rest."""
    answers, prefecture = [], ""
    for piece in pieces:
        key = fold(piece)
        prefecture = next(filter(key.startswith, name_table().prefectures), prefecture)
        inside = prefecture + key
        answers.append(_read_item(inside if _is_name(inside) else piece, home, hint))
    return answers


def _read_item(piece: str, home: str | None, hint: str | None) -> Place | Choices | None:
    """Return one part of a list; `hint` is the municipality whose towns need no municipality."""
    if answer := _read_name(piece, home) or _read_address(piece, home):
        return answer
    match = match_address(piece, municipality_hint=hint)
    return _place_match(match) if match.town and not match.rest else None


def _goes_on(piece: str) -> bool:
    match = match_address(piece)
    return bool(match.town) and not _HOUSE_NUMBER.fullmatch(fold(match.rest))


def _begins_surely(piece: str) -> bool:
    head = match_head(fold(piece), name_table())
    return head is not None and not head.weak


def _read_address(words: str, home: str | None) -> Place | Choices | None:
    match = match_address(words)
    if match.town and match.municipality_code:
        return _place_match(match)
    return _offer_towns(words, match.candidates, home)


def _offer_towns(words: str, codes: Iterable[str], home: str | None) -> Place | Choices | None:
    """Return the towns that `words` name in each of the municipalities, the own prefecture first.

    Of many (本町 is in hundreds) only as many as can be offered are looked up.
    """
    ordered = sorted(codes, key=lambda code: (prefecture_of(code) != home, code))
    matches = (match_address(words, municipality_hint=code) for code in ordered[:MOST_CHOICES])
    answer = _offer([_place_match(match) for match in matches if match.town], "several", home)
    if isinstance(answer, Choices):
        return replace(answer, total=max(answer.total, len(ordered)))
    return answer


def _read_mention(words: str, key: str, home: str | None) -> Place | Choices | None:
    mention = locate_place(words, prefecture_hint=home if key in _INSIDE_OWN else None)
    names = _area_names()
    former = any(
        key.removeprefix("旧") in gone for gone in (name_table().former, name_table().former_bare)
    )
    today = _list_today(key)
    areas = [area for area in (*mention.areas, *mention.candidates) if area in names]
    if areas and home and not any(prefecture_of(area) == home for area in areas):
        areas += _list_own_namesakes(key, home)
    places = [Place(area, names[area], former=former and area not in today) for area in areas]
    for area in name_table().bare.get(key, ()):
        places += map(_make_area, _list_namesakes(area) if area in areas else ())
    missing = key not in _INSIDE_OWN and not names_areas_only(words)
    return _offer(map(_miss_town, places) if missing else places, "several", home)


def _miss_town(place: Place) -> Place:
    accuracy: Accuracy = "municipality" if find_municipality(place.area_id) else "unknown"
    return replace(place, accuracy=accuracy, town_missing=True)


def _list_namesakes(area: str) -> Iterator[str]:
    """Yield the 圏域 called after a municipality (秩父), unless it holds nothing else."""
    place = find_municipality(area)
    for one in care_areas():
        if place and place.name[:-1] == one.name and {area} < set(one.municipalities):
            yield one.area_id


def _list_today(key: str) -> tuple[str, ...]:
    return name_table().formal.get(key, ()) + name_table().bare.get(key, ())


def _list_own_namesakes(key: str, home: str) -> Iterator[str]:
    """Yield what in the own prefecture was once called so (大井町), or is such a 圏域 (利根)."""
    for gone in (name_table().former, name_table().former_bare):
        yield from (area for area in gone.get(key, ()) if prefecture_of(area) == home)
    for one in care_areas():
        if fold(one.name) == key and prefecture_of(one.area_id) == home:
            yield one.area_id


def _read_kana(key: str, home: str | None) -> Place | Choices | None:
    if not _KANA.fullmatch(key):
        return None
    spoken = key.translate(_TO_KATAKANA)
    places = [Place(area, _area_names()[area]) for area in _by_kana().get(spoken, ())]
    return _offer(places, "several", home)


def _read_station(key: str, home: str | None) -> Choices | None:
    """Offer what is named like a station: no table here knows where stations are."""
    station = _STATION.fullmatch(key)
    if station is None:
        return None
    places = list(_list_places(_read_words(station[1], home)))
    if station[1][0] in _DIRECTIONS:  # 西船橋 is named after 船橋
        places += _list_places(_read_words(station[1][1:], home))
    towns = [place for place in places if not place.area_id.startswith("care:")]
    offered = _offer(towns, "several", home)
    if isinstance(offered, Choices):
        return replace(offered, reason="station")
    return Choices((offered,), "station", 1) if offered else None


def _list_places(answer: Place | Choices | Unknown) -> tuple[Place, ...]:
    if isinstance(answer, Choices):
        return answer.places
    return (answer,) if isinstance(answer, Place) else ()


def _read_town(words: str, home: str | None) -> Place | Choices | None:
    """Return the towns of all Japan that bear the name, whatever number follows it."""
    town = _NUMBERS.sub("", words).strip("- ")
    if len(town) < 2:
        return None
    spelled = {town, fold(town), town.replace("ケ", "ヶ"), town.replace("ヶ", "ケ")}
    return _offer_towns(words, sorted({c for name in spelled for c in find_towns(name)}), home)


def _read_part(key: str, home: str | None) -> Choices | None:
    """Offer the areas whose names hold the words, or that the words begin with."""
    holding = [area for area, name in _area_names().items() if key in fold(name)]
    if not holding:
        bare = name_table().bare
        longest = next((key[:n] for n in range(len(key), 1, -1) if key[:n] in bare), "")
        holding = list(bare.get(longest, ()))
    places = [Place(area, _area_names()[area]) for area in holding]
    if not places:
        return None
    offered = _offer(places, "similar", home)
    return offered if isinstance(offered, Choices) else Choices(tuple(places), "similar", 1)


# --- places ------------------------------------------------------------------------------------


def _offer(places: Iterable[Place], reason: Reason, home: str | None) -> Place | Choices | None:
    """Return the only place, the choice with those of the own prefecture first, None for none."""
    unique = list(dict.fromkeys(places))
    if len(unique) < 2:
        return unique[0] if unique else None
    unique.sort(key=lambda place: prefecture_of(place.area_id) != home)
    return Choices(tuple(unique[:MOST_CHOICES]), reason, len(unique))


def _make_area(area_id: str) -> Place:
    return Place(area_id, _area_names()[area_id])


def _place_match(match: AddressMatch) -> Place:
    """Return the place of an address as far as the town; numbers and building are dropped."""
    name = _area_names()[match.municipality_code] + match.town
    exact = match.accuracy in ("block", "town") and match.latitude is not None
    if not exact or match.latitude is None or match.longitude is None:
        return Place(match.municipality_code, name)
    return Place(match.municipality_code, name, (match.latitude, match.longitude), match.accuracy)


@cache
def _area_names() -> dict[str, str]:
    """Return area id → full name, prefectures first."""
    names = {one.code: one.name for one in prefectures()}
    names |= {one.area_id: f"{names[one.prefecture_code]} {one.name}圏域" for one in care_areas()}
    return names | {one.code: one.full_name for one in municipalities()}


@cache
def _by_kana() -> dict[str, tuple[str, ...]]:
    """Return katakana, with and without what stands for 市 or 県 → area ids."""
    spoken: dict[str, dict[str, None]] = {}
    named = [(one.code, one.kana) for one in prefectures()]
    named += [(one.code, kana) for one in municipalities() for kana in _list_kana(one)]
    for area, kana in named:
        for suffix in ("", *_KANA_SUFFIXES):
            if kana.endswith(suffix) and len(kana) > len(suffix):
                named_so = spoken.setdefault(kana.removesuffix(suffix), {})
                named_so[area] = None
                named_so |= dict.fromkeys(_list_namesakes(area) if suffix else ())
    return {kana: tuple(areas) for kana, areas in spoken.items()}


def _list_kana(one: Municipality) -> Iterator[str]:
    """Yield the kana of the name; of a ward also without its city's."""
    yield one.kana
    city = find_municipality(one.parent) if one.parent else None
    if city and one.kana.startswith(city.kana):
        yield one.kana.removeprefix(city.kana)
