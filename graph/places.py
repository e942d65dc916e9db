"""Places as plain values: areas, places as people mention them, addresses as matched.

Area ids, the same everywhere in the graph:

====================  ==================  ====================================================
area                  id                  note
====================  ==================  ====================================================
prefecture            ``12``              JIS X 0401, two digits as text
municipality          ``12207``           JIS X 0402, five digits as text, no check digit
ward of a city        ``11103``           a ward of a designated city; its parent is ``11100``
圏域 (care area)       ``care:12-松戸``     prefecture, then the area's own name
====================  ==================  ====================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from statistics import median
from typing import Final, Literal

Coordinates = tuple[float, float]
"""Latitude and longitude in degrees (JGD2011, the same as WGS 84 for our purpose)."""

Certainty = Literal["certain", "planned", "doubtful", "one_of_several", "within", "unknown"]
Accuracy = Literal["exact", "block", "town", "municipality", "unknown"]

_EARTH_RADIUS_M: Final = 6_371_008.8  # mean radius R1 of the IUGG


@dataclass(frozen=True, slots=True)
class Prefecture:
    """One of the 47 prefectures; `code` is its area id."""

    code: str
    name: str
    kana: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Municipality:
    """A city, town, village, special ward, or ward of a designated city; `code` is its area id.

    `name` is the full name without county or island (さいたま市大宮区, 湯前町), `county` is what
    stands between prefecture and name in an address (球磨郡) or empty. `parent` is the code of
    the designated city of a ward, else None. The point is the town nearest the middle (median)
    of the municipality's towns, so that it is never in the sea.
    """

    code: str
    name: str
    kana: str
    prefecture: str
    prefecture_code: str
    latitude: float
    longitude: float
    county: str = ""
    parent: str | None = None

    @property
    def full_name(self) -> str:
        """Prefecture, county and name, as at the head of an address."""
        return f"{self.prefecture}{self.county}{self.name}"

    @property
    def short_name(self) -> str:
        """The ward's own name (大宮区) of a ward of a designated city, else `name`."""
        return self.name.partition("市")[2] if self.parent else self.name


@dataclass(frozen=True, slots=True)
class CareArea:
    """A 圏域: municipalities that plan care together; `municipalities` are codes.

    `checked` is False until a person has compared the members with the prefecture's own list.
    """

    area_id: str
    name: str
    prefecture_code: str
    municipalities: tuple[str, ...]
    checked: bool


@dataclass(frozen=True, slots=True)
class Town:
    """A town (町・大字) or one numbered 丁目 of it, as the source writes it.

    A town without a known point (newer than the coordinates) has None for both coordinates.
    """

    name: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class PostalTown:
    """What a postal code stands for: a municipality's code and a town name (maybe empty)."""

    postal_code: str
    municipality_code: str
    town: str


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place as somebody wrote it, and which areas it can be said to mean.

    `areas` are area ids; empty when the words name no place, or could mean several that have
    nothing to do with each other: then `candidates` holds these and a person has to choose.
    `as_written` is never altered. `certainty` says how the areas are to be read:

    - ``certain``: this area;
    - ``planned``: this area, not settled yet (予定);
    - ``doubtful``: the writer was not sure (？);
    - ``one_of_several``: one of the areas, or another one too when the words say ほか;
    - ``within``: somewhere inside the area (千葉県内);
    - ``unknown``: no area.
    """

    areas: tuple[str, ...]
    certainty: Certainty
    as_written: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AddressMatch:
    """Where an address lies, and how near to the truth the point can be.

    `accuracy`: ``exact`` is a point that came with the record (never from matching), ``block`` a
    numbered 丁目, ``town`` a 町 or 大字, ``municipality`` the municipality's own point,
    ``unknown`` no point (coordinates None). `municipality_code` and `town` are empty when not
    found. `rest` is what follows the town: numbers and building. `candidates` are the codes a
    person has to choose from when the words fit several municipalities.
    """

    latitude: float | None
    longitude: float | None
    accuracy: Accuracy
    municipality_code: str = ""
    town: str = ""
    rest: str = ""
    candidates: tuple[str, ...] = ()


def distance_m(a: Coordinates, b: Coordinates) -> float:
    """Return the straight-line distance over ground in metres (haversine, sphere of 6,371 km).

    At most 0.6 % off the ellipsoid. The same point gives 0.0; the order does not matter.
    """
    (lat_a, lon_a), (lat_b, lon_b) = a, b
    half_lat = sin(radians(lat_b - lat_a) / 2)
    half_lon = sin(radians(lon_b - lon_a) / 2)
    chord = half_lat**2 + cos(radians(lat_a)) * cos(radians(lat_b)) * half_lon**2
    return 2 * _EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


def find_middle(points: Sequence[Coordinates]) -> Coordinates:
    """Return that one of `points` which is nearest their median latitude and longitude.

    So it is a place where something is, and a few wrong points do not move it.

    Raises:
        ValueError: there are no points (``statistics.StatisticsError``).
    """
    latitude, longitude = median(p[0] for p in points), median(p[1] for p in points)
    shrink = cos(radians(latitude))  # a degree of longitude against one of latitude
    return min(points, key=lambda p: (p[0] - latitude) ** 2 + ((p[1] - longitude) * shrink) ** 2)
