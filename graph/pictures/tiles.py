"""Map pictures of an operator's own tile server under a map: which, and where each belongs.

Tiles are the usual ones: 256 units wide, Web Mercator, address with {z}, {x} and {y}. Nothing is
fetched here; a browser that is shown the map asks the server, which so learns the place.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asinh, atan, cos, degrees, log2, pi, radians, sinh, tan
from typing import Final

from graph.pictures.projection import HEIGHT, METRES_PER_DEGREE, WIDTH, Projection
from graph.pictures.svg import element

_TILE: Final = 256.0
_FINEST: Final = 18


@dataclass(frozen=True, slots=True)
class Tiles:
    """The address of the tiles with {z}, {x} and {y}, and whose maps they are."""

    address: str
    credit: str = ""


def draw_tiles(tiles: Tiles, view: Projection) -> list[str]:
    """Return an image for each tile that the frame shows, at most a few dozen."""
    zoom = _choose_zoom(view)
    west, north = _find_tile(*view.locate(0, 0), zoom)
    east, south = _find_tile(*view.locate(WIDTH, HEIGHT), zoom)
    return [
        _draw_tile(tiles, view, zoom, column, row)
        for column in range(int(west), int(east) + 1)
        for row in range(int(north), int(south) + 1)
    ]


def _choose_zoom(view: Projection) -> int:
    """Return the zoom at which a tile is about as wide as it is meant to be."""
    around_m = 360 * METRES_PER_DEGREE * cos(radians(view.latitude))
    return max(0, min(_FINEST, round(log2(around_m * view.scale / _TILE))))


def _find_tile(latitude: float, longitude: float, zoom: int) -> tuple[float, float]:
    """Return column and row, with the part of a tile behind the point."""
    across = (longitude + 180) / 360
    down = (1 - asinh(tan(radians(latitude))) / pi) / 2
    return across * 2**zoom, down * 2**zoom


def _draw_tile(tiles: Tiles, view: Projection, zoom: int, column: int, row: int) -> str:
    left, top = view.project(*_find_corner(column, row, zoom))
    right, bottom = view.project(*_find_corner(column + 1, row + 1, zoom))
    address = tiles.address
    for name, value in (("{z}", zoom), ("{x}", column), ("{y}", row)):
        address = address.replace(name, str(value))
    return element(
        "image", href=address, x=left, y=top, width=right - left, height=bottom - top,
        preserveAspectRatio="none",
    )  # fmt: skip


def _find_corner(column: int, row: int, zoom: int) -> tuple[float, float]:
    """Return latitude and longitude of a tile's corner to the north-west."""
    latitude = degrees(atan(sinh(pi * (1 - 2 * row / 2**zoom))))
    return latitude, column / 2**zoom * 360 - 180
