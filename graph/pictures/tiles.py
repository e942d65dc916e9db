"""Map pictures of an operator's own tile server under a map: which, and where each belongs.

Tiles are the usual ones: 256 units wide, Web Mercator, address with {z}, {x} and {y}. Nothing is
fetched here; a browser that is shown the map asks the server, which so learns the place.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from html import escape
from math import asinh, atan, cos, degrees, log2, pi, radians, sinh, tan
from typing import Final

from graph.pictures.projection import HEIGHT, METRES_PER_DEGREE, WIDTH, Projection

_TILE: Final = 256.0
_FINEST: Final = 18


@dataclass(frozen=True, slots=True)
class Tiles:
    """The address of the tiles with {z}, {x} and {y}, and whose maps they are."""

    address: str
    credit: str = ""


def lay_over_tiles(svg: str, title: str, tiles: Tiles, view: Projection) -> str:
    """Return HTML with the tiles that the frame shows and the picture over them.

    A browser loads nothing from elsewhere inside a picture, so the tiles stand beneath it.
    """
    west, north = _find_tile(*view.locate(0, 0), zoom := _choose_zoom(view))
    east, south = _find_tile(*view.locate(WIDTH, HEIGHT), zoom)
    images = [
        _write_tile(tiles, view, zoom, column, row)
        for column in range(int(west), int(east) + 1)
        for row in range(int(north), int(south) + 1)
    ]
    picture = base64.b64encode(svg.encode()).decode()
    images.append(
        f'<img src="data:image/svg+xml;base64,{picture}" alt="{escape(title)}"'
        ' style="position:absolute;left:0;top:0;width:100%;height:100%">'
    )
    frame = f"position:relative;overflow:hidden;aspect-ratio:{WIDTH:g}/{HEIGHT:g}"
    return f'<div style="{frame}">{"".join(images)}</div>'


def _choose_zoom(view: Projection) -> int:
    """Return the zoom at which a tile is about as wide as it is meant to be."""
    around_m = 360 * METRES_PER_DEGREE * cos(radians(view.latitude))
    return max(0, min(_FINEST, round(log2(around_m * view.scale / _TILE))))


def _find_tile(latitude: float, longitude: float, zoom: int) -> tuple[float, float]:
    """Return column and row, with the part of a tile behind the point."""
    across = (longitude + 180) / 360
    down = (1 - asinh(tan(radians(latitude))) / pi) / 2
    return across * 2**zoom, down * 2**zoom


def _write_tile(tiles: Tiles, view: Projection, zoom: int, column: int, row: int) -> str:
    left, top = view.project(*_find_corner(column, row, zoom))
    right, bottom = view.project(*_find_corner(column + 1, row + 1, zoom))
    address = tiles.address
    for name, value in (("{z}", zoom), ("{x}", column), ("{y}", row)):
        address = address.replace(name, str(value))
    place = (left / WIDTH, top / HEIGHT, (right - left) / WIDTH, (bottom - top) / HEIGHT)
    style = "".join(
        f"{side}:{share:.4%};"
        for side, share in zip(("left", "top", "width", "height"), place, strict=True)
    )
    return (
        f'<img src="{escape(address)}" alt="" referrerpolicy="no-referrer"'
        f' style="position:absolute;max-width:none;{style}">'
    )


def _find_corner(column: int, row: int, zoom: int) -> tuple[float, float]:
    """Return latitude and longitude of a tile's corner to the north-west."""
    latitude = degrees(atan(sinh(pi * (1 - 2 * row / 2**zoom))))
    return latitude, column / 2**zoom * 360 - 180
