"""From a polyline to ink: plain, dashed, jagged, wavy and cut lines with arrow heads.

A polyline is a sequence of (x, y) in SVG user units. Its first and last points lie on the
edges it joins; arrow tips touch exactly there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, pi, sin
from typing import Final

from graph.pictures.notation import PAPER, Stroke
from graph.pictures.svg import element

Point = tuple[float, float]
Polyline = Sequence[Point]

JAG_HEIGHT: Final = 7.0
_JAG_STEP: Final = 12.0
_WAVE_HEIGHT: Final = 6.0
_WAVE_LENGTH: Final = 40.0
_CUT_GAP: Final = 20.0
_CUT_HEIGHT: Final = 12.5
_HALO: Final = 6.0
_STRAIGHT_SHARE: Final = 0.25


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow head of `length` and `width`; length 0 is none."""

    length: float
    width: float


def measure_polyline(points: Polyline) -> float:
    """Return the length of the polyline."""
    return sum(hypot(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(points))


def find_point(points: Polyline, along: float) -> tuple[float, float, float, float]:
    """Return (x, y, dx, dy): the point `along` from the start and the unit direction there."""
    left = along
    last = (*points[0], 1.0, 0.0)
    for (x1, y1), (x2, y2) in pairwise(points):
        length = hypot(x2 - x1, y2 - y1)
        if length == 0:
            continue
        dx, dy = (x2 - x1) / length, (y2 - y1) / length
        if left <= length:
            return x1 + dx * left, y1 + dy * left, dx, dy
        left -= length
        last = (x2, y2, dx, dy)
    return last


def trim(points: Polyline, start: float, end: float) -> list[Point]:
    """Return the part of the polyline between two lengths from its start."""
    kept: list[Point] = [find_point(points, start)[:2]]
    at = 0.0
    for first, second in pairwise(points):
        at += hypot(second[0] - first[0], second[1] - first[1])
        if start < at < end:
            kept.append(second)
    kept.append(find_point(points, end)[:2])
    return kept


def draw_line(
    points: Polyline, stroke: Stroke, *, start: bool, end: bool, halo: bool = True
) -> str:
    """Return the markup of a line; `start` and `end` say where an arrow head stands.

    `halo` puts a white band below it so that it reads where it crosses others.
    """
    total = measure_polyline(points)
    arrow = _size_arrow(stroke, total, heads=start + end)
    from_, to = arrow.length * 0.8 * start, total - arrow.length * 0.8 * end
    body = [_shape(part, stroke) for part in _split(points, stroke, from_, to)]
    ink = {"fill": "none", "stroke_linejoin": "round", "stroke_linecap": "butt"}
    parts: list[str] = []
    if halo:
        inner = trim(points, min(14, total / 3), max(total - 14, total * 2 / 3))
        parts.append(
            element(
                "path", d=_write_path(inner), stroke=PAPER, stroke_width=stroke.width + _HALO, **ink
            )
        )
    for part in body:
        parts.append(
            element(
                "path",
                class_="ink",
                d=_write_path(part),
                stroke=stroke.colour,
                stroke_width=stroke.width,
                stroke_dasharray=stroke.dash or None,
                **ink,
            )
        )
    if stroke.shape == "cut":
        parts += _draw_cuts(points, _find_calm(points), stroke)
    if start:
        parts.append(_draw_head(list(reversed(points)), arrow, stroke))
    if end:
        parts.append(_draw_head(points, arrow, stroke))
    return "".join(parts)


def _size_arrow(stroke: Stroke, total: float, heads: int) -> Arrow:
    if not heads:
        return Arrow(0, 0)
    length = min(13 + 1.9 * stroke.width, total * 0.7 / heads)
    return Arrow(length, 11 + 1.9 * stroke.width)


def _split(points: Polyline, stroke: Stroke, start: float, end: float) -> list[list[Point]]:
    if stroke.shape != "cut":
        return [trim(points, start, end)]
    middle = _find_calm(points)
    gap = min(_CUT_GAP, (end - start) / 3) / 2
    return [trim(points, start, middle - gap), trim(points, middle + gap, end)]


def _find_calm(points: Polyline) -> float:
    """Return the length from the start to the middle of the longest straight piece."""
    pieces = [hypot(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(points)]
    total = sum(pieces)
    longest = max(pieces)
    if longest < total * _STRAIGHT_SHARE:
        return total / 2
    return sum(pieces[: pieces.index(longest)]) + longest / 2


def _shape(points: list[Point], stroke: Stroke) -> list[Point]:
    if stroke.shape == "jagged":
        return _jag(points)
    if stroke.shape == "wavy":
        return _wave(points)
    return points


def _jag(points: list[Point]) -> list[Point]:
    total = measure_polyline(points)
    lead = min(14.0, total * 0.15)
    teeth = max(2, round((total - 2 * lead) / _JAG_STEP))
    shaped = [points[0]]
    for tooth in range(teeth + 1):
        x, y, dx, dy = find_point(points, lead + (total - 2 * lead) * tooth / teeth)
        aside = 0.0 if tooth in (0, teeth) else JAG_HEIGHT * (1 if tooth % 2 else -1)
        shaped.append((x - dy * aside, y + dx * aside))
    return [*shaped, points[-1]]


def _wave(points: list[Point]) -> list[Point]:
    total = measure_polyline(points)
    lead = min(12.0, total * 0.15)
    waves = max(1, round((total - 2 * lead) / _WAVE_LENGTH))
    steps = waves * 12
    shaped = [points[0]]
    for step in range(steps + 1):
        x, y, dx, dy = find_point(points, lead + (total - 2 * lead) * step / steps)
        aside = _WAVE_HEIGHT * sin(2 * pi * waves * step / steps)
        shaped.append((x - dy * aside, y + dx * aside))
    return [*shaped, points[-1]]


def _draw_cuts(points: Polyline, middle: float, stroke: Stroke) -> list[str]:
    marks: list[str] = []
    for along in (middle - _CUT_GAP / 2, middle + _CUT_GAP / 2):
        x, y, dx, dy = find_point(points, along)
        lean = pi / 9
        across = (-dy * cos(lean) + dx * sin(lean), dx * cos(lean) + dy * sin(lean))
        ends = [(x + across[0] * s, y + across[1] * s) for s in (-_CUT_HEIGHT, _CUT_HEIGHT)]
        width = stroke.width + 1.2
        marks.append(
            element(
                "path",
                class_="ink",
                d=_write_path(ends),
                stroke=stroke.colour,
                stroke_width=width,
                fill="none",
            )
        )
    return marks


def _draw_head(points: Polyline, arrow: Arrow, stroke: Stroke) -> str:
    tip_x, tip_y = points[-1]
    total = measure_polyline(points)
    back_x, back_y = find_point(points, max(0.0, total - arrow.length))[:2]
    reach = hypot(tip_x - back_x, tip_y - back_y) or 1.0
    dx, dy = (tip_x - back_x) / reach, (tip_y - back_y) / reach
    base_x, base_y = tip_x - dx * arrow.length, tip_y - dy * arrow.length
    half = arrow.width / 2
    corners = (
        (tip_x, tip_y),
        (base_x - dy * half, base_y + dx * half),
        (base_x + dy * half, base_y - dx * half),
    )
    written = " ".join(f"{_write(x)},{_write(y)}" for x, y in corners)
    return element("polygon", class_="head", points=written, fill=stroke.colour)


def _write_path(points: Polyline) -> str:
    return "M" + "L".join(f"{_write(x)} {_write(y)}" for x, y in points)


def _write(value: float) -> str:
    return f"{value:.1f}"
