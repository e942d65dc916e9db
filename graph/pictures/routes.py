"""Ways for the ecomap's lines: from edge to edge, never behind a card they do not belong to.

A tie tries, in this order: a straight line, a gentle curve, a walk through the lanes that the
layout keeps free between the cards. The lanes are a fixed graph, clear even when every slot is
taken, so a way always exists.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from math import hypot
from typing import Final

import numpy as np
import numpy.typing as npt

from graph.pictures.layout import (
    CAPACITY,
    CARD_HEIGHT,
    CARD_WIDTH,
    CENTRE,
    INNER_ROWS,
    INNER_SIDE,
    INNER_TOP,
    RING_COLUMNS,
    RING_ROWS,
    Rect,
    place_slot,
)
from graph.pictures.strokes import Point

CLEARANCE: Final = 9.0
_EGO_ZONE: Final = Rect(CENTRE[0] - 175, CENTRE[1] - 150, CENTRE[0] + 175, CENTRE[1] + 150)
_FRACTIONS: Final = (0.5, 0.34, 0.66, 0.2, 0.8)
_BOWS: Final = (0.1, -0.1, 0.2, -0.2, 0.32, -0.32, 0.45, -0.45)
_CURVE_STEPS: Final = 14
_CORNER: Final = 13.0

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ellipse:
    """A centre's shape: middle point and half axes."""

    x: float
    y: float
    half_width: float
    half_height: float

    @property
    def box(self) -> Rect:
        """The rectangle around it."""
        return Rect(
            self.x - self.half_width,
            self.y - self.half_height,
            self.x + self.half_width,
            self.y + self.half_height,
        )

    def find_edge(self, towards: Point) -> Point:
        """Return the point of the edge that a line from inside towards `towards` leaves by.

        The line starts on the long axis, moved towards its aim, so that the ends of many lines
        spread along the edge.
        """
        shift = max(-0.5, min(0.5, 0.22 * (towards[0] - self.x) / self.half_width))
        start = self.x + shift * self.half_width
        dx = (towards[0] - start) / self.half_width
        dy = (towards[1] - self.y) / self.half_height
        a, b, c = dx * dx + dy * dy, 2 * shift * dx, shift * shift - 1
        t = (-b + (b * b - 4 * a * c) ** 0.5) / (2 * a) if a else 0.0
        return start + t * dx * self.half_width, self.y + t * dy * self.half_height


Shape = Rect | Ellipse


def find_blocked(starts: Floats, ends: Floats, rects: Floats) -> Bools:
    """Say for each segment whether it enters any rectangle.

    Args:
        starts: (S, 2) first points.
        ends: (S, 2) last points.
        rects: (K, 4) as left, top, right, bottom.

    Returns:
        (S,) truth values; all False when there are no rectangles. The slab method of ray
        tracing (Kay and Kajiya 1986).
    """
    if not len(rects):
        return np.zeros(len(starts), dtype=bool)
    step = ends - starts
    step = np.where(np.abs(step) < 1e-9, 1e-9, step)[:, None, :]
    near = (rects[None, :, :2] - starts[:, None, :]) / step
    far = (rects[None, :, 2:] - starts[:, None, :]) / step
    enter = np.minimum(near, far).max(axis=2)
    leave = np.maximum(near, far).min(axis=2)
    hit = (enter < leave) & (leave > 0) & (enter < 1)
    return np.asarray(hit.any(axis=1))


def _as_array(rects: Iterable[Rect]) -> Floats:
    return np.array([(r.left, r.top, r.right, r.bottom) for r in rects], float).reshape(-1, 4)


@dataclass(frozen=True, slots=True)
class _Lanes:
    points: tuple[Point, ...]
    tracks: tuple[tuple[int, int], ...]
    neighbours: tuple[tuple[tuple[int, float], ...], ...]


def _list_lane_points() -> list[Point]:
    x, y = CENTRE
    half_width, half_height = CARD_WIDTH / 2, CARD_HEIGHT / 2
    road = (RING_COLUMNS[0] + half_width + (x - INNER_SIDE) - half_width) / 2
    top_road = (RING_ROWS[0] + half_height + INNER_ROWS[0] - half_height) / 2
    gap = ((x - INNER_SIDE) + (x - INNER_TOP)) / 2
    between = [(a + b) / 2 + shift for a, b in pairwise(INNER_ROWS) for shift in (-7.0, 7.0)]
    top_tracks = [top_road - 10, top_road, top_road + 10]
    tracks_y = [*top_tracks, *(2 * y - track for track in top_tracks)]
    left = [road - 12, road, road + 12]
    columns = [gap - 24, gap, gap + 24]
    uprights = [*columns, x - 26, x, x + 26, *(2 * x - column for column in columns)]
    under = INNER_ROWS[0] + half_height + 16
    points = [(a, b) for a in _mirror(left, x) for b in (*tracks_y, *between)]
    points += [(a, b) for a in (*uprights, *RING_COLUMNS[1:-1]) for b in tracks_y]
    points += [(a, b) for a in uprights for b in (under, 2 * y - under)]
    points += [(a, b) for a in _mirror(columns, x) for b in between]
    return sorted(set(points))


def _mirror(values: Sequence[float], axis: float) -> list[float]:
    return [*values, *(2 * axis - value for value in values)]


@cache
def _lanes() -> _Lanes:
    """Build the lane graph once: which lane points see each other past all forty cards."""
    points = np.array(_list_lane_points())
    first, second = np.triu_indices(len(points), 1)
    walls = [place_slot(slot).grow(CLEARANCE) for slot in range(CAPACITY)]
    blocked = find_blocked(points[first], points[second], _as_array([*walls, _EGO_ZONE]))
    lengths = np.hypot(*(points[first] - points[second]).T)
    neighbours: list[list[tuple[int, float]]] = [[] for _ in points]
    for a, b, length in zip(
        first[~blocked].tolist(), second[~blocked].tolist(), lengths[~blocked], strict=True
    ):
        neighbours[a].append((b, float(length)))
        neighbours[b].append((a, float(length)))
    return _Lanes(
        tuple((float(x), float(y)) for x, y in points),
        tuple((round(x), round(y)) for x, y in points),
        tuple(tuple(near) for near in neighbours),
    )


@dataclass(slots=True)
class Router:
    """Finds ways one after another, each keeping off the ends and tracks of the earlier ones.

    `cards` and `egos` are by organization id; `boxes` are what lines must not cross either.
    """

    cards: Mapping[str, Rect]
    egos: Mapping[str, Ellipse]
    boxes: Sequence[Rect] = ()
    _ends: dict[str, list[Point]] = field(default_factory=dict)
    _visits: Counter[int] = field(default_factory=Counter)
    _tracks: Counter[tuple[str, int]] = field(default_factory=Counter)

    def find_way(self, source: str, target: str) -> tuple[Point, ...] | None:
        """Return the points from the edge of `source` to the edge of `target`.

        None when no way exists, which full lanes cannot cause. Remembers the way.
        """
        walls = self._list_walls(source, target)
        from_centre = source in self.egos or target in self.egos
        way = self._find_direct(source, target, walls, (0.0,))
        if way is None:
            way = self._find_direct(source, target, walls, _BOWS[:4] if from_centre else _BOWS)
        if way is None:
            way = self._walk_lanes(source, target, walls)
        if way is not None:
            self._ends.setdefault(source, []).append(way[0])
            self._ends.setdefault(target, []).append(way[-1])
        return way

    def _shape(self, name: str) -> Shape:
        return self.cards[name] if name in self.cards else self.egos[name]

    def _list_walls(self, source: str, target: str) -> Floats:
        ends = (source, target)
        own = [self.cards[name].grow(-1) for name in ends if name in self.cards]
        others = [rect.grow(CLEARANCE) for name, rect in self.cards.items() if name not in ends]
        egos = [ego.box.grow(-4) for name, ego in self.egos.items() if name not in ends]
        return _as_array([*own, *others, *egos, *self.boxes])

    def _find_direct(
        self, source: str, target: str, walls: Floats, bows: Sequence[float]
    ) -> tuple[Point, ...] | None:
        first, second = self._shape(source), self._shape(target)
        candidates = [
            _bend(first, start, second, end, bow)
            for start in _list_anchors(first, second)
            for end in _list_anchors(second, first)
            for bow in bows
        ]
        size = len(candidates[0])
        grid = np.array(candidates)
        starts, ends = grid[:, :-1].reshape(-1, 2), grid[:, 1:].reshape(-1, 2)
        blocked = find_blocked(starts, ends, walls).reshape(-1, size - 1).any(axis=1)
        clear = [
            tuple(way) for way, bad in zip(candidates, blocked.tolist(), strict=True) if not bad
        ]
        return min(clear, key=lambda way: self._rate(source, target, way), default=None)

    def _rate(self, source: str, target: str, way: Sequence[Point]) -> tuple[float, Point]:
        length = sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(way))
        off = sum(
            _off_middle(self._shape(name), point)
            for name, point in ((source, way[0]), (target, way[-1]))
        )
        crowd = sum(
            self._crowd(name, point) for name, point in ((source, way[0]), (target, way[-1]))
        )
        return length + 1.2 * off + crowd, way[0]

    def _crowd(self, name: str, point: Point) -> float:
        near = (hypot(point[0] - x, point[1] - y) < 18 for x, y in self._ends.get(name, ()))
        return 180.0 * sum(near)

    def _walk_lanes(self, source: str, target: str, walls: Floats) -> tuple[Point, ...] | None:
        lanes = _lanes()
        starts = self._find_doors(source, target, walls)
        ends = self._find_doors(target, source, walls)
        path = self._search(lanes, starts, ends)
        if not path:
            return None
        self._visits.update(path)
        for a, b in pairwise(path):
            self._tracks.update(_shared_tracks(lanes, a, b))
        middle = [lanes.points[node] for node in path]
        return _round_corners([starts[path[0]][1], *middle, ends[path[-1]][1]])

    def _find_doors(self, name: str, other: str, walls: Floats) -> dict[int, tuple[float, Point]]:
        """Return each lane point seen from `name`: what going there costs, and the edge point."""
        points = _lanes().points
        shape = self._shape(name)
        pairs = [
            (node, shape.find_edge(point) if isinstance(shape, Ellipse) else anchor)
            for node, point in enumerate(points)
            for anchor in _list_anchors(shape, self._shape(other))
        ]
        starts = np.array([edge for _, edge in pairs])
        ends = np.array([points[node] for node, _ in pairs])
        doors: dict[int, tuple[float, Point]] = {}
        blocked = find_blocked(starts, ends, walls).tolist()
        for (node, edge), bad in zip(pairs, blocked, strict=True):
            if bad:
                continue
            x, y = points[node]
            cost = hypot(x - edge[0], y - edge[1]) + self._crowd(name, edge)
            cost += 0.8 * _off_middle(shape, edge)
            if node not in doors or cost < doors[node][0]:
                doors[node] = cost, edge
        return doors

    def _search(
        self,
        lanes: _Lanes,
        starts: Mapping[int, tuple[float, Point]],
        ends: Mapping[int, tuple[float, Point]],
    ) -> list[int]:
        """Return the cheapest lane points from a start to an end (Dijkstra 1959); [] if none."""
        before: dict[int, int] = {}
        best = {node: cost for node, (cost, _) in starts.items()}
        queue = [(cost, node) for node, cost in best.items()]
        heapq.heapify(queue)
        done: set[int] = set()
        goal, goal_cost = -1, float("inf")
        while queue and queue[0][0] < goal_cost:
            cost, node = heapq.heappop(queue)
            if node in done:
                continue
            done.add(node)
            if node in ends and cost + ends[node][0] < goal_cost:
                goal, goal_cost = node, cost + ends[node][0]
            for near, length in lanes.neighbours[node]:
                onward = cost + self._price(lanes, node, near, length)
                if onward < best.get(near, float("inf")):
                    best[near], before[near] = onward, node
                    heapq.heappush(queue, (onward, near))
        return _trace(before, goal)

    def _price(self, lanes: _Lanes, node: int, near: int, length: float) -> float:
        used = sum(self._tracks[track] for track in _shared_tracks(lanes, node, near))
        return length + 22.0 + 70.0 * self._visits[near] + 55.0 * used


def _trace(before: Mapping[int, int], goal: int) -> list[int]:
    if goal < 0:
        return []
    path = [goal]
    while path[-1] in before:
        path.append(before[path[-1]])
    return path[::-1]


def _shared_tracks(lanes: _Lanes, first: int, second: int) -> list[tuple[str, int]]:
    (x1, y1), (x2, y2) = lanes.tracks[first], lanes.tracks[second]
    return [(axis, a) for axis, a, b in (("x", x1, x2), ("y", y1, y2)) if a == b]


def _list_anchors(shape: Shape, other: Shape) -> list[Point]:
    """Return the points of a card's edge a line may end at; a centre has its middle only."""
    if isinstance(shape, Ellipse):
        return [(shape.x, shape.y)]
    x, y = shape.centre
    goal = (other.x, other.y) if isinstance(other, Ellipse) else other.centre
    sides = _face(shape, (goal[0] - x, goal[1] - y))
    across = [shape.left + shape.width * f for f in _FRACTIONS]
    down = [shape.top + shape.height * f for f in _FRACTIONS]
    places = {
        "left": [(shape.left, a) for a in down],
        "right": [(shape.right, a) for a in down],
        "top": [(a, shape.top) for a in across],
        "bottom": [(a, shape.bottom) for a in across],
    }
    return [point for side in sides for point in places[side]]


def _face(shape: Rect, to: tuple[float, float]) -> tuple[str, ...]:
    """Return the card's sides that look at the goal and into the picture."""
    x, y = shape.centre
    sides: list[str] = []
    if y == RING_ROWS[0]:
        sides.append("bottom")
    elif y == RING_ROWS[-1]:
        sides.append("top")
    elif abs(to[1]) > CARD_HEIGHT / 2 and abs(x - CENTRE[0]) <= INNER_SIDE:
        sides.append("top" if to[1] < 0 else "bottom")
    if x == RING_COLUMNS[0]:
        sides.append("right")
    elif x == RING_COLUMNS[-1]:
        sides.append("left")
    elif abs(to[0]) > CARD_WIDTH / 2 and y not in (RING_ROWS[0], RING_ROWS[-1]):
        sides.append("left" if to[0] < 0 else "right")
    return tuple(sides) or ("top", "bottom")


def _off_middle(shape: Shape, point: Point) -> float:
    if isinstance(shape, Ellipse):
        return 0.0
    x, y = shape.centre
    on_side = point[0] in (shape.left, shape.right)
    return abs(point[1] - y) if on_side else abs(point[0] - x) * 0.6


def _bend(first: Shape, start: Point, second: Shape, end: Point, bow: float) -> list[Point]:
    """Return a curve between two shapes; `bow` is its height over its length, 0 is straight."""
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    control = (
        middle[0] - (end[1] - start[1]) * 2 * bow,
        middle[1] + (end[0] - start[0]) * 2 * bow,
    )
    if isinstance(first, Ellipse):
        start = first.find_edge(control if bow else end)
    if isinstance(second, Ellipse):
        end = second.find_edge(control if bow else start)
    if not bow:
        return [start, end]
    return _curve(start, control, end, _CURVE_STEPS)


def _curve(start: Point, control: Point, end: Point, steps: int) -> list[Point]:
    points: list[Point] = []
    for step in range(steps + 1):
        t = step / steps
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
        points.append(
            (
                a * start[0] + b * control[0] + c * end[0],
                a * start[1] + b * control[1] + c * end[1],
            )
        )
    return points


def _round_corners(points: Sequence[Point]) -> tuple[Point, ...]:
    rounded = [points[0]]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        start = _step_towards(corner, before)
        end = _step_towards(corner, after)
        rounded += _curve(start, corner, end, 4)
    return (*rounded, points[-1])


def _step_towards(point: Point, goal: Point) -> Point:
    length = hypot(goal[0] - point[0], goal[1] - point[1])
    share = min(_CORNER, length / 2) / length if length else 0.0
    return point[0] + (goal[0] - point[0]) * share, point[1] + (goal[1] - point[1]) * share
