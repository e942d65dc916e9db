"""Which areas a name can mean: pure look-up in a table of folded names, built once.

Four kinds of names are kept apart, because they are not equally strong:

- formal: today's names with their suffix, with or without prefecture and county (松戸市, 大宮区);
- bare: today's names without it (松戸, 千葉: the city or the prefecture);
- former and former bare: names that went in a merger (大宮市, 浦和), pointing to today's area.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from graph.places import CareArea, Municipality, Prefecture
from loaders.places.spellings import fold, normalize

AreaIds = tuple[str, ...]
_Names = dict[str, AreaIds]

_SUFFIXES: Final = "市区町村"
_CARE_SUFFIXES: Final = ("圏域", "保健医療圏", "健康福祉圏域", "障害保健福祉圏域", "保健福祉圏域")
_PREFECTURE_BYWORDS: Final = {
    "都内": "13",
    "都下": "13",
    "23区": "13",
    "東京23区": "13",
    "道内": "01",
}


@dataclass(frozen=True, slots=True)
class FormerName:
    """A municipality's name that is no longer in use, and the area its land belongs to now.

    `county` is the 郡 it lay in, empty for a city.
    """

    prefecture: str
    county: str
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class NameTable:
    """Folded names → area ids; `wards` maps a designated city's code to those of its wards.

    `heads` are all names an address can begin with, `starts` their first two characters and
    `longest` the length of the longest: they only spare look-ups.
    """

    formal: _Names
    bare: _Names
    former: _Names
    former_bare: _Names
    prefectures: dict[str, str]
    wards: dict[str, AreaIds]
    heads: frozenset[str]
    starts: frozenset[str]
    longest: int


@dataclass(frozen=True, slots=True)
class Head:
    """The municipality at the head of an address: which it may be, and how long its name is.

    `name` is the name found, folded. `weak` marks a 町 or 村 named alone, which is as often a
    town inside some other municipality (栄町3-4).
    """

    areas: AreaIds
    name: str
    weak: bool = False
    former: bool = False


def build_names(
    prefectures: Iterable[Prefecture],
    municipalities: Iterable[Municipality],
    care_areas: Iterable[CareArea],
    former_names: Iterable[FormerName],
) -> NameTable:
    """Return the table of every name; an area of the same name twice is kept once."""
    prefectures, municipalities = tuple(prefectures), tuple(municipalities)
    formal, bare = _gather_today(prefectures, municipalities)
    for area in care_areas:
        formal.add(area.area_id, *_list_care(area, prefectures))
    former, former_bare = _Collector(), _Collector()
    for gone in former_names:
        former.add(gone.code, *_list_former(gone))
        former_bare.add(gone.code, gone.name[:-1], gone.prefecture + gone.name[:-1])
    heads = frozenset((*formal.ids, *former.ids))
    return NameTable(
        formal=formal.freeze(),
        bare=bare.freeze(),
        former=former.freeze(),
        former_bare=former_bare.freeze(),
        prefectures={fold(one.name): one.code for one in prefectures},
        wards=_group_wards(municipalities),
        heads=heads,
        starts=frozenset(name[:2] for name in heads),
        longest=max(map(len, heads), default=0),
    )


def look_up(key: str, names: NameTable, prefecture: str | None = None) -> AreaIds:
    """Return every area the folded name `key` can mean, empty for none.

    `prefecture` (two digits) chooses among several, and never makes one into none. Today's name
    wins over a former one, unless it is a ward that took the former city's name (浦和).
    """
    for current, former in ((names.formal, names.former), (names.bare, names.former_bare)):
        today, gone = current.get(key, ()), former.get(key, ())
        if not today and not gone:
            continue
        narrowed = narrow((*today, *gone), prefecture)
        if len(narrowed) < len({*today, *gone}):
            return narrowed
        only_wards = all(is_ward(area, names) for area in today)
        return narrowed if only_wards else today
    return ()


def match_head(key: str, names: NameTable, prefecture: str | None = None) -> Head | None:
    """Return the longest municipality or prefecture name `key` begins with, None for none."""
    if key[:2] not in names.starts:
        return None
    for length in range(min(names.longest, len(key)), 1, -1):
        if (name := key[:length]) in names.heads:
            return _make_head(name, names, prefecture)
    return None


def _make_head(name: str, names: NameTable, prefecture: str | None) -> Head:
    """Return the head of today's name, or of a former one when `prefecture` speaks for it."""
    today, gone = names.formal.get(name, ()), names.former.get(name, ())
    areas = narrow((*today, *gone), prefecture)
    former = not today or (len(areas) == 1 and areas[0] not in today)
    if not former:
        areas = narrow(today, prefecture)
    return Head(areas, name, _is_weak(name, names), former)


def narrow(areas: AreaIds, prefecture: str | None) -> AreaIds:
    """Return those of `areas` that lie in `prefecture`, or all of them when none does.

    The prefecture itself gives way to an area inside it: 千葉 within 千葉県 is the city.
    """
    areas = tuple(dict.fromkeys(areas))
    if prefecture is None or len(areas) < 2:
        return areas
    inside = tuple(area for area in areas if prefecture_of(area) == prefecture)
    smaller = tuple(area for area in inside if area != prefecture)
    return smaller or inside or areas


def prefecture_of(area_id: str) -> str:
    """Return the two-digit prefecture code in an area id of any kind."""
    return area_id.removeprefix("care:")[:2]


def is_ward(area_id: str, names: NameTable) -> bool:
    """Return whether the area is a ward of a designated city."""
    return any(area_id in wards for wards in names.wards.values())


class _Collector:
    """Names being gathered, each with the areas it can mean, in the order they came."""

    def __init__(self) -> None:
        self.ids: dict[str, dict[str, None]] = defaultdict(dict)

    def add(self, area_id: str, *names: str) -> None:
        for name in names:
            self.ids[fold(normalize(name))][area_id] = None

    def freeze(self) -> _Names:
        return {key: tuple(ids) for key, ids in self.ids.items() if key}


def _gather_today(
    prefectures: Iterable[Prefecture], municipalities: Iterable[Municipality]
) -> tuple[_Collector, _Collector]:
    """Return today's formal and bare names of prefectures and municipalities."""
    formal, bare = _Collector(), _Collector()
    for prefecture in prefectures:
        formal.add(prefecture.code, prefecture.name)
        bare.add(prefecture.code, _drop_suffix(prefecture.name))
    for word, code in _PREFECTURE_BYWORDS.items():
        formal.add(code, word)
    for one in municipalities:
        formal.add(one.code, *_list_formal(one))
        bare.add(one.code, *_list_bare(one))
    return formal, bare


def _group_wards(municipalities: Iterable[Municipality]) -> dict[str, AreaIds]:
    wards: dict[str, list[str]] = defaultdict(list)
    for one in municipalities:
        if one.parent:
            wards[one.parent].append(one.code)
    return {city: tuple(codes) for city, codes in wards.items()}


def _list_formal(one: Municipality) -> Iterator[str]:
    short_prefecture = _drop_suffix(one.prefecture)
    for name in {one.name, one.short_name}:
        yield name
        yield one.prefecture + name
        yield short_prefecture + name
    if one.county:
        yield one.county + one.name
        yield one.full_name


def _list_bare(one: Municipality) -> Iterator[str]:
    for name in {one.name, one.short_name}:
        yield _drop_suffix(name)
        yield one.prefecture + _drop_suffix(name)


def _list_former(gone: FormerName) -> Iterator[str]:
    for name in {gone.name, gone.county + gone.name}:
        yield name
        yield gone.prefecture + name


def _list_care(area: CareArea, prefectures: tuple[Prefecture, ...]) -> Iterator[str]:
    yield area.area_id
    [prefecture] = [one.name for one in prefectures if one.code == area.prefecture_code]
    for suffix in _CARE_SUFFIXES:
        yield area.name + suffix
        yield prefecture + area.name + suffix


def _drop_suffix(name: str) -> str:
    """Return 松戸 for 松戸市, 千葉 for 千葉県, 北海道 as it is."""
    return name[:-1] if name[-1] in _SUFFIXES + "都府県" else name


def _is_weak(name: str, names: NameTable) -> bool:
    if name[-1] not in "町村" or "郡" in name:
        return False
    return not name.startswith(tuple(names.prefectures))
