"""Ways for the ecomap's lines: from edge to edge, never behind a card they do not belong to.

A tie tries, in this order: a straight line, a gentle curve, a walk through the lanes that the
layout keeps free between the cards. The lanes are a fixed graph, clear even when every slot is
taken, so a way always exists.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from math import hypot
from typing import Final

import numpy as np
import numpy.typing as npt

from graph.pictures.layout import (
    CANVAS_HEIGHT,
    CANVAS_WIDTH,
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

CLEARANCE: Final = 8.0
_EGO_ZONE: Final = Rect(CENTRE[0] - 175, CENTRE[1] - 150, CENTRE[0] + 175, CENTRE[1] + 150)
_FRACTIONS: Final = (0.5, 0.34, 0.66, 0.2, 0.8)
_BOWS: Final = (0.1, -0.1, 0.2, -0.2, 0.32, -0.32, 0.45, -0.45, 0.7, -0.7)
_CURVE_STEPS: Final = 14
_ARC_STEPS: Final = 4
_CORNER: Final = 13.0
_CARD_REACH: Final = 400.0
_EGO_REACH: Final = 560.0
_LARGEST_RADIUS: Final = 180.0
_DIAGONAL: Final = 170.0
_CELL: Final = 10.0
_GRID: Final = (int(CANVAS_HEIGHT / _CELL), int(CANVAS_WIDTH / _CELL))
_FREE_ZONE: Final = 45.0
_INK_PRICE: Final = 11.0
_HOP_PRICE: Final = 26.0
_GOOD_ENOUGH: Final = 150.0
_SHORT: Final = 110.0
_SAME_SIDE: Final = 20.0
_LEAST_BOW: Final = 36.0

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Cells = npt.NDArray[np.intp]


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

    def find_edges(self, inside: Floats, towards: Floats) -> Floats:
        """Return (N, 2): where lines from (N, 2) points inside leave the ellipse."""
        axes = np.array((self.half_width, self.half_height))
        start = (inside - (self.x, self.y)) / axes
        step = (towards - inside) / axes
        a, b = (step * step).sum(axis=1), 2 * (start * step).sum(axis=1)
        c = (start * start).sum(axis=1) - 1
        share = (np.sqrt(b * b - 4 * a * c) - b) / (2 * a)
        return np.asarray(inside + share[:, None] * step * axes)

    def list_sources(self, towards: Point) -> list[Point]:
        """Return points inside that lines may come from, the likeliest first.

        Moved towards their aim, so that the ends of many lines spread along the edge.
        """
        across = _limit(0.45 * (towards[0] - self.x) / (CENTRE[0] - RING_COLUMNS[0]))
        down = _limit(0.45 * (towards[1] - self.y) / (CENTRE[1] - RING_ROWS[0]))
        return [
            (self.x + (across + step) * self.half_width, self.y + down * self.half_height)
            for step in (0.0, -0.14, 0.14, -0.28, 0.28)
        ]


def _limit(share: float) -> float:
    return max(-0.45, min(0.45, share))


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
    enter, leave = _cut(starts[:, 0], ends[:, 0], rects[:, 0], rects[:, 2])
    enter_down, leave_down = _cut(starts[:, 1], ends[:, 1], rects[:, 1], rects[:, 3])
    enter = np.maximum(enter, enter_down)
    leave = np.minimum(leave, leave_down)
    hit = (enter < leave) & (leave > 0) & (enter < 1)
    return np.asarray(hit.any(axis=1))


def _cut(starts: Floats, ends: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return (S, K) shares of each segment at which it enters and leaves each slab."""
    step = ends - starts
    step = np.where(np.abs(step) < 1e-9, 1e-9, step)[:, None]
    first, second = (low - starts[:, None]) / step, (high - starts[:, None]) / step
    return np.minimum(first, second), np.maximum(first, second)


def _as_array(rects: Iterable[Rect]) -> Floats:
    return np.array([(r.left, r.top, r.right, r.bottom) for r in rects], float).reshape(-1, 4)


@dataclass(frozen=True, slots=True)
class _Lanes:
    """The lane graph: edge e joins two points and lies on the grid cells `cells[e]`."""

    points: tuple[Point, ...]
    neighbours: tuple[tuple[tuple[int, int], ...], ...]
    lengths: Floats
    cells: Cells


def _list_lane_points() -> list[Point]:
    x, y = CENTRE
    half_width, half_height = CARD_WIDTH / 2, CARD_HEIGHT / 2
    road = (RING_COLUMNS[0] + x - INNER_SIDE) / 2
    top_road = (RING_ROWS[0] + INNER_ROWS[0]) / 2
    gap = ((x - INNER_SIDE) + (x - INNER_TOP)) / 2
    between = [(a + b) / 2 + shift for a, b in pairwise(INNER_ROWS) for shift in (-8.0, 8.0)]
    tracks_y = _mirror([top_road - 9, top_road + 9], y)
    beside = [row + shift for row in RING_ROWS[1:-1] for shift in (-15.0, 15.0)]
    columns = [gap - 26, gap, gap + 26]
    uprights = [*_mirror(columns, x), x - 26, x, x + 26]
    feet = [column + shift for column in RING_COLUMNS[1:-1] for shift in (-40.0, 0.0, 40.0)]
    under = INNER_ROWS[0] + half_height + 18
    points = _cross(_mirror([road - 10, road + 10], x), [*tracks_y, *between, *beside])
    points += _cross([*uprights, *feet], tracks_y)
    points += _cross(uprights, _mirror([under], y))
    points += _cross(_mirror([x - INNER_SIDE + half_width + 18, *columns], x), between)
    return sorted(set(points))


def _mirror(values: Sequence[float], axis: float) -> list[float]:
    return [*values, *(2 * axis - value for value in values)]


def _cross(across: Sequence[float], down: Sequence[float]) -> list[Point]:
    return [(x, y) for x in across for y in down]


@cache
def _lanes() -> _Lanes:
    """Build the lane graph once: which lane points see each other past all forty cards."""
    points = np.array(_list_lane_points())
    first, second = np.triu_indices(len(points), 1)
    along = np.abs(points[first] - points[second])
    wanted = (along.min(axis=1) < 1) | (along.sum(axis=1) < _DIAGONAL)
    first, second = first[wanted], second[wanted]
    walls = [place_slot(slot).grow(CLEARANCE) for slot in range(CAPACITY)]
    clear = ~find_blocked(points[first], points[second], _as_array([*walls, _EGO_ZONE]))
    first, second = first[clear], second[clear]
    neighbours: list[list[tuple[int, int]]] = [[] for _ in points]
    for edge, (a, b) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        neighbours[a].append((b, edge))
        neighbours[b].append((a, edge))
    return _Lanes(
        tuple((float(x), float(y)) for x, y in points),
        tuple(tuple(near) for near in neighbours),
        np.hypot(*(points[first] - points[second]).T),
        _find_cells(points[first], points[second]),
    )


def _find_cells(starts: Floats, ends: Floats) -> Cells:
    """Return (S, K) flat indexes of the grid cells at K even steps along each segment."""
    reach = float(np.abs(ends - starts).max(initial=1.0))
    shares = np.linspace(0.0, 1.0, max(2, int(reach / _CELL * 1.3)))[None, :, None]
    points = starts[:, None, :] + (ends - starts)[:, None, :] * shares
    columns = np.clip((points[..., 0] / _CELL).astype(np.intp), 0, _GRID[1] - 1)
    rows = np.clip((points[..., 1] / _CELL).astype(np.intp), 0, _GRID[0] - 1)
    return np.asarray(rows * _GRID[1] + columns)


@dataclass(slots=True)
class Router:
    """Finds ways one after another, each keeping off the ink of the earlier ones.

    `cards` and `egos` are by organization id; `boxes` are what lines must not cross either.
    """

    cards: Mapping[str, Rect]
    egos: Mapping[str, Ellipse]
    boxes: Sequence[Rect] = ()
    _ends: dict[str, list[Point]] = field(default_factory=dict)
    _ink: npt.NDArray[np.int16] = field(
        default_factory=lambda: np.zeros(_GRID[0] * _GRID[1], np.int16)
    )

    def find_ways(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[Point, ...] | None]:
        """Return for each pair of ids the points from the first's edge to the second's.

        Ties to a centre go first, those with a straight way before those that must walk. None
        where no way exists, which full lanes cannot cause.
        """
        ways: dict[int, tuple[Point, ...]] = {}
        for index in sorted(range(len(pairs)), key=lambda i: self._rank(pairs[i])):
            if self._is_spoke(pairs[index]):
                way = self._find_direct(*pairs[index], (0.0,))
                if way is not None and way[0] <= _GOOD_ENOUGH:
                    ways[index] = self._remember(pairs[index], way[1])
        order = sorted(range(len(pairs)), key=lambda i: self._rank(pairs[i], far_first=True))
        for index in order:
            if index not in ways and (found := self._find_any(*pairs[index])):
                ways[index] = self._remember(pairs[index], found)
        return [ways.get(index) for index in range(len(pairs))]

    def _rank(
        self, pair: tuple[str, str], *, far_first: bool = False
    ) -> tuple[bool, float, tuple[str, str]]:
        (x1, y1), (x2, y2) = (_find_centre(self._shape(name)) for name in pair)
        apart = hypot(x2 - x1, (y2 - y1) * 1.6)
        return not self._is_spoke(pair), -apart if far_first else apart, pair

    def _is_spoke(self, pair: tuple[str, str]) -> bool:
        return pair[0] in self.egos or pair[1] in self.egos

    def _find_any(self, source: str, target: str) -> tuple[Point, ...] | None:
        spoke = self._is_spoke((source, target))
        found = [
            self._find_direct(source, target, (0.0,)),
            self._find_direct(source, target, _BOWS[:4] if spoke else _BOWS),
        ]
        enough = _GOOD_ENOUGH if spoke else float("inf")
        if not any(way is not None and way[0] <= enough for way in found):
            found.append(self._walk_lanes(source, target))
        return min((way for way in found if way is not None), default=(0.0, None))[1]

    def _remember(self, pair: tuple[str, str], way: tuple[Point, ...]) -> tuple[Point, ...]:
        for name, point in zip(pair, (way[0], way[-1]), strict=True):
            self._ends.setdefault(name, []).append(point)
        line = np.array(way)
        self._ink[np.unique(_find_cells(line[:-1], line[1:]))] += 1
        for ego in self.egos.values():
            zone = ego.box.grow(_FREE_ZONE)
            grid = self._ink.reshape(_GRID)
            grid[
                int(zone.top / _CELL) : int(zone.bottom / _CELL) + 1,
                int(zone.left / _CELL) : int(zone.right / _CELL) + 1,
            ] = 0
        return way

    def _shape(self, name: str) -> Shape:
        return self.cards[name] if name in self.cards else self.egos[name]

    def _list_walls(self, source: str, target: str) -> Floats:
        ends = (source, target)
        own = [self.cards[name].grow(-1) for name in ends if name in self.cards]
        others = [rect.grow(CLEARANCE) for name, rect in self.cards.items() if name not in ends]
        egos = [ego.box.grow(2) for name, ego in self.egos.items() if name not in ends]
        return _as_array([*own, *others, *egos, *self.boxes])

    def _find_direct(
        self, source: str, target: str, bows: Sequence[float]
    ) -> tuple[float, tuple[Point, ...]] | None:
        first, second = self._shape(source), self._shape(target)
        ways = _bend(first, second, bows)
        starts, ends = ways[:, :-1].reshape(-1, 2), ways[:, 1:].reshape(-1, 2)
        hit = find_blocked(starts, ends, self._list_walls(source, target))
        clear = np.flatnonzero(~np.any(hit.reshape(len(ways), -1), axis=1))
        if not len(clear):
            return None
        ways = ways[clear]
        starts, ends = ways[:, :-1].reshape(-1, 2), ways[:, 1:].reshape(-1, 2)
        inked = self._measure_ink(starts, ends).reshape(len(ways), -1).sum(axis=1)
        prices = self._rate(source, target, ways) + _INK_PRICE * inked + 0.4 * clear
        best = int(prices.argmin())
        return float(prices[best]), tuple((float(x), float(y)) for x, y in ways[best])

    def _measure_ink(self, starts: Floats, ends: Floats) -> Floats:
        """Return for each segment how many cells' lengths of it lie on ink."""
        share = self._ink[_find_cells(starts, ends)].mean(axis=1)
        return np.asarray(share * np.hypot(*(ends - starts).T) / _CELL)

    def _rate(self, source: str, target: str, ways: Floats) -> Floats:
        """Return (N,) prices of (N, points, 2) ways, lower is better."""
        bend = 1.0 if ways.shape[1] == 2 else 1.25
        length = _measure(ways[:, 1:] - ways[:, :-1]).sum(axis=1)
        straight = _measure(ways[:, -1] - ways[:, 0])
        short = 2 * np.maximum(0.0, _SHORT - straight)
        middle, chord = ways[:, ways.shape[1] // 2], (ways[:, 0] + ways[:, -1]) / 2
        side = np.abs(ways[:, -1] - ways[:, 0]).min(axis=1) < _SAME_SIDE
        short += np.where(side, 4 * np.maximum(0.0, _LEAST_BOW - _measure(middle - chord)), 0.0)
        manners = self._rate_ends(source, ways[:, 0], ways[:, 1])
        manners += self._rate_ends(target, ways[:, -1], ways[:, -2])
        return np.asarray(length * bend - straight + short + manners)

    def _rate_ends(self, name: str, edges: Floats, onward: Floats) -> Floats:
        """Rate where and how lines meet an edge: in its middle, upright, away from others.

        Args:
            name: whose edge.
            edges: (N, 2) points of the edge.
            onward: (N, 2) the next points of the lines.
        """
        shape = self._shape(name)
        others = np.array(self._ends.get(name, ()), float).reshape(-1, 2)
        near = (_measure(edges[:, None, :] - others[None, :, :]) < 22).sum(axis=1)
        if isinstance(shape, Ellipse):
            return np.asarray(26.0 * near)
        steps = np.abs(onward - edges)
        level = (edges[:, 1] == shape.top) | (edges[:, 1] == shape.bottom)
        away = np.where(level, steps[:, 1], steps[:, 0])
        along = np.where(level, steps[:, 0], steps[:, 1])
        slant = np.clip(along / np.maximum(away, 1.0), 1.6, 12.0) - 1.6
        return np.asarray(180.0 * near + 0.8 * _measure_off(shape, edges, level) + 30.0 * slant)

    def _walk_lanes(self, source: str, target: str) -> tuple[float, tuple[Point, ...]] | None:
        lanes = _lanes()
        walls = self._list_walls(source, target)
        starts = self._find_doors(source, target, walls)
        ends = self._find_doors(target, source, walls)
        inked = self._ink[lanes.cells].mean(axis=1) * lanes.lengths / _CELL
        prices: list[float] = (lanes.lengths + _HOP_PRICE + _INK_PRICE * inked).tolist()
        path, price = _search(lanes, prices, starts, ends, _find_centre(self._shape(target)))
        if not path:
            return None
        middle = [lanes.points[node] for node in path]
        way = _round_corners([starts[path[0]][1], *middle, ends[path[-1]][1]])
        (x1, y1), (x2, y2) = way[0], way[-1]
        return price - hypot(x2 - x1, y2 - y1), way

    def _find_doors(self, name: str, other: str, walls: Floats) -> dict[int, tuple[float, Point]]:
        """Return each lane point seen from `name`: what going there costs, and the edge point."""
        points = np.array(_lanes().points)
        shape = self._shape(name)
        reach = _measure(points - np.array(_find_centre(shape)))
        seen = np.flatnonzero(reach < (_EGO_REACH if isinstance(shape, Ellipse) else _CARD_REACH))
        anchors = np.array(_list_anchors(shape, self._shape(other)))
        nodes = np.repeat(seen, len(anchors))
        ends, edges = points[nodes], np.tile(anchors, (len(seen), 1))
        if isinstance(shape, Ellipse):
            edges = shape.find_edges(edges, ends)
        clear = ~find_blocked(edges, ends, walls)
        nodes, edges, ends = nodes[clear], edges[clear], ends[clear]
        prices = _measure(ends - edges) + self._rate_ends(name, edges, ends)
        prices += _INK_PRICE * self._measure_ink(edges, ends)
        doors: dict[int, tuple[float, Point]] = {}
        for at in np.argsort(prices, kind="stable").tolist():
            edge = (float(edges[at, 0]), float(edges[at, 1]))
            doors.setdefault(int(nodes[at]), (float(prices[at]), edge))
        return doors


def _search(
    lanes: _Lanes,
    prices: Sequence[float],
    starts: Mapping[int, tuple[float, Point]],
    ends: Mapping[int, tuple[float, Point]],
    goal: Point,
) -> tuple[list[int], float]:
    """Return the cheapest lane points from a start to an end near `goal`, and the price.

    [] and infinity when nothing leads there. A* (Hart, Nilsson and Raphael 1968): no way is
    cheaper than the distance to the goal's farthest edge point.
    """
    left = [max(0.0, hypot(x - goal[0], y - goal[1]) - _LARGEST_RADIUS) for x, y in lanes.points]
    before: dict[int, int] = {}
    best = {node: price for node, (price, _) in starts.items()}
    queue = [(price + left[node], node) for node, price in best.items()]
    heapq.heapify(queue)
    done: set[int] = set()
    last, last_price = -1, float("inf")
    while queue and queue[0][0] < last_price:
        node = heapq.heappop(queue)[1]
        if node in done:
            continue
        done.add(node)
        price = best[node]
        if node in ends and price + ends[node][0] < last_price:
            last, last_price = node, price + ends[node][0]
        for near, edge in lanes.neighbours[node]:
            onward = price + prices[edge]
            if onward < best.get(near, float("inf")):
                best[near], before[near] = onward, node
                heapq.heappush(queue, (onward + left[near], near))
    return _trace(before, last), last_price


def _find_centre(shape: Shape) -> Point:
    return (shape.x, shape.y) if isinstance(shape, Ellipse) else shape.centre


def _trace(before: Mapping[int, int], goal: int) -> list[int]:
    if goal < 0:
        return []
    path = [goal]
    while path[-1] in before:
        path.append(before[path[-1]])
    return path[::-1]


def _list_anchors(shape: Shape, other: Shape) -> list[Point]:
    """Return the points of a card's edge a line may end at, or a centre's sources of lines."""
    goal = _find_centre(other)
    if isinstance(shape, Ellipse):
        return shape.list_sources(goal)
    x, y = shape.centre
    sides = _face(shape, (goal[0] - x, goal[1] - y))
    across = [shape.left + shape.width * f for f in _FRACTIONS]
    down = [shape.top + shape.height * f for f in _FRACTIONS]
    places = {
        "left": [(shape.left, a) for a in down],
        "right": [(shape.right, a) for a in down],
        "top": [(a, shape.top) for a in across],
        "bottom": [(a, shape.bottom) for a in across],
    }
    corner = [_find_inner_corner(shape)] if len(sides) == 2 and _is_corner(shape) else []
    return [*corner, *(point for side in sides for point in places[side])]


def _is_corner(card: Rect) -> bool:
    x, y = card.centre
    return x in (RING_COLUMNS[0], RING_COLUMNS[-1]) and y in (RING_ROWS[0], RING_ROWS[-1])


def _find_inner_corner(card: Rect) -> Point:
    """Return the edge point of a corner card nearest to the centre, where its rounding begins."""
    x, y = card.centre
    return (
        card.right - 12.5 if x < CENTRE[0] else card.left + 12.5,
        card.bottom if y < CENTRE[1] else card.top,
    )


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


def _measure_off(card: Rect, edges: Floats, level: Bools) -> Floats:
    """Return how far edge points are from the middle of their side; `level` sides are long."""
    x, y = card.centre
    off = np.where(level, np.abs(edges[:, 0] - x) * 0.6, np.abs(edges[:, 1] - y))
    if not _is_corner(card):
        return np.asarray(off)
    at_corner = (edges == np.array(_find_inner_corner(card))).all(axis=1)
    return np.asarray(np.where(at_corner, 0.0, off))


def _bend(first: Shape, second: Shape, bows: Sequence[float]) -> Floats:
    """Return (N, points, 2): a curve for each pair of anchors of two shapes and each bow.

    A bow is the curve's height over its length; (0,) alone gives straight lines of two points.
    """
    starts, ends = (
        np.array(_list_anchors(one, other)) for one, other in ((first, second), (second, first))
    )
    bow = np.tile(np.array(bows), len(starts) * len(ends))[:, None]
    start = np.repeat(starts, len(ends) * len(bows), axis=0)
    end = np.tile(np.repeat(ends, len(bows), axis=0), (len(starts), 1))
    across = np.stack([start[:, 1] - end[:, 1], end[:, 0] - start[:, 0]], axis=1)
    control = (start + end) / 2 + across * 2 * bow
    if isinstance(first, Ellipse):
        start = first.find_edges(start, end if not any(bows) else control)
    if isinstance(second, Ellipse):
        end = second.find_edges(end, start if not any(bows) else control)
    if not any(bows):
        return np.stack([start, end], axis=1)
    return _curve(start, control, end, _CURVE_STEPS)


def _curve(start: Floats, control: Floats, end: Floats, steps: int) -> Floats:
    """Return (N, steps + 1, 2) points of N quadratic Bézier curves."""
    t = np.linspace(0.0, 1.0, steps + 1)[None, :, None]
    a, b, c = (one[:, None, :] for one in (start, control, end))
    curve = np.asarray((1 - t) ** 2 * a + 2 * t * (1 - t) * b + t * t * c)
    curve[:, 0], curve[:, -1] = start, end
    return curve


def _measure(steps: Floats) -> Floats:
    """Return the lengths of (…, 2) steps."""
    return np.asarray(np.hypot(steps[..., 0], steps[..., 1]))


def _round_corners(points: Sequence[Point]) -> tuple[Point, ...]:
    corners = np.array(points[1:-1], float).reshape(-1, 2)
    steps = list(pairwise(points))
    starts = [_step_towards(corner, before) for before, corner in steps[:-1]]
    ends = [_step_towards(corner, after) for corner, after in steps[1:]]
    arcs = _curve(np.array(starts), corners, np.array(ends), _ARC_STEPS).reshape(-1, 2)
    return (points[0], *((float(x), float(y)) for x, y in arcs), points[-1])


def _step_towards(point: Point, goal: Point) -> Point:
    length = hypot(goal[0] - point[0], goal[1] - point[1])
    share = min(_CORNER, length / 2) / length if length else 0.0
    return point[0] + (goal[0] - point[0]) * share, point[1] + (goal[1] - point[1]) * share
