"""The ground of a map without map pictures: the shapes of municipalities, from points of towns.

Every spot belongs to the municipality of the town nearest to it (the Voronoi cells of the towns,
merged by municipality), as far as a town is near at all: beyond lies water or mountain. The cells
are found on a raster, traced and smoothed, so a border is right to about a town's width.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from graph.pictures.projection import HEIGHT, WIDTH, choose_projection

CELL: Final = 5.0
"""Width of the raster, in user units."""

LAND_M: Final = 2_500.0
"""Farther from every town than this is no ground …"""

LAND_UNITS: Final = 9.0
"""… nor farther than this in the picture, where that is more."""

_MARGIN_CELLS: Final = 2
_MOST_TOWNS: Final = 6_000
_ROUNDS: Final = 3
_STRAIGHT: Final = 1e-6

XY = tuple[float, float]
_Corner = tuple[int, int]


@dataclass(frozen=True, slots=True)
class GroundTown:
    """A point that is known to lie in a municipality (its code)."""

    latitude: float
    longitude: float
    code: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A municipality as far as it lies in the frame: closed rings of points in user units."""

    code: str
    rings: tuple[tuple[XY, ...], ...]


def make_ground(
    towns: Iterable[GroundTown], latitude: float, longitude: float, radius_m: float
) -> tuple[Shape, ...]:
    """Return the shapes for the map of this middle and radius, in order of the codes.

    No towns give no shapes.
    """
    view = choose_projection(latitude, longitude, radius_m)
    placed = [(*view.project(town.latitude, town.longitude), town.code) for town in towns]
    reach = max(LAND_M * view.scale, LAND_UNITS)
    inside = [
        (x, y, code)
        for x, y, code in placed
        if -reach <= x <= WIDTH + reach and -reach <= y <= HEIGHT + reach
    ]
    codes = sorted({code for _, _, code in inside})
    if not codes:
        return ()
    cells = _fill_cells(_thin(inside), codes, reach)
    return tuple(
        Shape(code, rings)
        for index, code in enumerate(codes)
        if (rings := tuple(_smooth(ring) for ring in _trace(cells == index)))
    )


def _thin(points: Sequence[tuple[float, float, str]]) -> list[tuple[float, float, str]]:
    """Return one point for each municipality and cell, and of very many every n-th."""
    cells = {(int(x // CELL), int(y // CELL), code): (x, y, code) for x, y, code in points}
    thinned = list(cells.values())
    return thinned[:: len(thinned) // _MOST_TOWNS + 1]


def _fill_cells(
    points: Sequence[tuple[float, float, str]], codes: Sequence[str], reach: float
) -> npt.NDArray[np.int32]:
    """Return for each cell the place in `codes` of its municipality, -1 for no ground."""
    order = {code: index for index, code in enumerate(codes)}
    owners = np.array([order[code] for _, _, code in points], dtype=np.int32)
    xs, ys = (np.array([point[axis] for point in points]) for axis in (0, 1))
    across = (np.arange(-_MARGIN_CELLS, WIDTH / CELL + _MARGIN_CELLS) + 0.5) * CELL
    down = (np.arange(-_MARGIN_CELLS, HEIGHT / CELL + _MARGIN_CELLS) + 0.5) * CELL
    cells = np.full((len(down), len(across)), -1, dtype=np.int32)
    for line, y in enumerate(down):
        close = np.abs(ys - y) <= reach
        if not close.any():
            continue
        squared = (across[:, None] - xs[close]) ** 2 + (y - ys[close]) ** 2
        nearest = squared.argmin(axis=1)
        near = squared[np.arange(len(across)), nearest] <= reach**2
        cells[line, near] = owners[close][nearest][near]
    return cells


def _trace(mask: npt.NDArray[np.bool_]) -> list[tuple[XY, ...]]:
    """Return the borders of the true cells as closed rings, in user units."""
    onward: dict[_Corner, list[_Corner]] = defaultdict(list)
    padded = np.pad(mask, 1)
    for row, column in np.argwhere(padded):
        y, x = int(row), int(column)
        if not padded[y - 1, x]:
            onward[x, y].append((x + 1, y))
        if not padded[y, x + 1]:
            onward[x + 1, y].append((x + 1, y + 1))
        if not padded[y + 1, x]:
            onward[x + 1, y + 1].append((x, y + 1))
        if not padded[y, x - 1]:
            onward[x, y + 1].append((x, y))
    rings = []
    while onward:
        rings.append(_follow(onward))
    shift = _MARGIN_CELLS + 1
    return [tuple(((x - shift) * CELL, (y - shift) * CELL) for x, y in ring) for ring in rings]


def _follow(onward: dict[_Corner, list[_Corner]]) -> list[_Corner]:
    """Take one ring out of the edges that are left."""
    start = next(iter(onward))
    ring, here = [start], start
    while True:
        ahead = onward[here].pop()
        if not onward[here]:
            del onward[here]
        if ahead == start:
            return ring
        ring.append(ahead)
        here = ahead


def _smooth(ring: tuple[XY, ...]) -> tuple[XY, ...]:
    """Return the ring through the middles of its edges, again and again, so that stairs are lines.

    Two shapes that share a border go through the same middles and stay beside each other.
    """
    for _ in range(_ROUNDS):
        ring = tuple(
            ((ax + bx) / 2, (ay + by) / 2)
            for (ax, ay), (bx, by) in zip(ring, (*ring[1:], ring[0]), strict=True)
        )
    return _drop_straight(ring)


def _drop_straight(ring: tuple[XY, ...]) -> tuple[XY, ...]:
    """Return the ring without the points that lie on a line between their neighbours."""
    around = zip((ring[-1], *ring[:-1]), ring, (*ring[1:], ring[0]), strict=True)
    bent = tuple(
        b
        for a, b, c in around
        if abs((b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])) > _STRAIGHT
    )
    return bent or ring
