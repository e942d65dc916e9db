"""A map of agencies around a place that needs no internet: points, rings, borders, names as SVG.

Agencies are marked by their numbers in the table beside; those that stand too close together
share a mark ("3–7, 12"; of many "3–7, 12 +20"). Distances on the map are true to a few tenths of a
percent within 100 km: an equirectangular projection about the middle.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Final

from graph.pictures.ground import Shape
from graph.pictures.lettering import measure
from graph.pictures.notation import INK, PAPER, SOFT_INK
from graph.pictures.projection import HEIGHT, WIDTH, Projection, choose_projection
from graph.pictures.svg import FONTS, element, write_text, write_title
from graph.pictures.tiles import Tiles, lay_over_tiles

_WATER: Final = "#e3ebf2"
_GROUND: Final = "#f6f5f1"
_HOME: Final = "#fdf0cf"
_BORDER: Final = "#b9c2ca"
_RING: Final = "#9fb0bf"
_NEAR: Final = "#0b5cad"
_ELSEWHERE: Final = "#6b7681"
_MARK_SIZE: Final = 15.0
_NAME_SIZE: Final = 13.0
_LONGEST_LABEL: Final = 12
"""Characters: a longer mark would hide the ground and swallow its neighbours."""
_RINGS_KM: Final = (1, 2, 5, 10, 20, 30, 50, 100)


@dataclass(frozen=True, slots=True)
class Mark:
    """An agency on the map: its number in the table, name and point; `serves` the place or not."""

    number: int
    name: str
    latitude: float
    longitude: float
    serves: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A place name on the ground."""

    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class AreaMap:
    """What is drawn: the middle, the radius shown, agencies, place names, the ground.

    `home` holds the codes of the municipalities asked about: their ground is tinted. With `tiles`
    the operator's own map pictures lie under the agencies in place of the ground.
    """

    middle: Place
    radius_m: float
    marks: Sequence[Mark] = ()
    places: Sequence[Place] = ()
    ground: Sequence[Shape] = ()
    home: frozenset[str] = frozenset()
    tiles: Tiles | None = None


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    width: float
    height: float

    def meets(self, other: _Box) -> bool:
        return (
            abs(self.x - other.x) * 2 < self.width + other.width
            and abs(self.y - other.y) * 2 < self.height + other.height
        )


def draw_area_map(area_map: AreaMap) -> str:
    """Return the map as an SVG document; what lies outside its frame is left out."""
    view = _project(area_map)
    groups = group_marks(area_map.marks, view)
    taken = [box for _, box in groups]
    parts = [
        *_draw_ground(area_map),
        *_draw_rings(area_map.radius_m, view.scale, taken),
        *_draw_places(area_map, view, taken),
        *(_draw_group(marks, box) for marks, box in groups),
    ]
    return element(
        "svg",
        write_title(area_map.middle.name),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        width=WIDTH,
        height=HEIGHT,
        font_family=FONTS,
        role="img",
    )


def draw_tiled_map(area_map: AreaMap, tiles: Tiles) -> str:
    """Return the map as HTML, the operator's map pictures beneath it."""
    title = area_map.middle.name
    return lay_over_tiles(draw_area_map(area_map), title, tiles, _project(area_map))


def _project(area_map: AreaMap) -> Projection:
    middle = area_map.middle
    return choose_projection(middle.latitude, middle.longitude, area_map.radius_m)


def group_marks(marks: Sequence[Mark], view: Projection) -> list[tuple[list[Mark], _Box]]:
    """Return the marks inside the frame, those that would cover each other joined."""
    groups = [
        ([mark], _measure_mark([mark], *view.project(mark.latitude, mark.longitude)))
        for mark in marks
        if _inside(*view.project(mark.latitude, mark.longitude))
    ]
    while (pair := _find_meeting(groups)) is not None:
        first, second = (groups[index] for index in pair)
        joined = sorted([*first[0], *second[0]], key=lambda mark: mark.number)
        # The place of the larger group: where most agencies are is where the mark belongs.
        larger = max((first, second), key=lambda group: len(group[0]))[1]
        groups = [group for index, group in enumerate(groups) if index not in pair]
        groups.append((joined, _measure_mark(joined, larger.x, larger.y)))
    return sorted(groups, key=lambda group: group[0][0].number)


def write_numbers(numbers: Iterable[int]) -> str:
    """Return numbers as a list of ranges: 1, 2, 3, 7 → "1–3, 7"."""
    return _write_runs(_find_runs(numbers))


def _find_runs(numbers: Iterable[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _write_runs(runs: Iterable[Sequence[int]]) -> str:
    return ", ".join(map(_write_run, runs))


def _write_run(run: Sequence[int]) -> str:
    if len(run) == 1:
        return str(run[0])
    return f"{run[0]}–{run[-1]}" if len(run) > 2 else f"{run[0]}, {run[1]}"


def _inside(x: float, y: float) -> bool:
    return 0 <= x <= WIDTH and 0 <= y <= HEIGHT


def _find_meeting(groups: Sequence[tuple[list[Mark], _Box]]) -> tuple[int, int] | None:
    for index, (_, box) in enumerate(groups):
        for other in range(index + 1, len(groups)):
            if box.meets(groups[other][1]):
                return index, other
    return None


def _measure_mark(marks: Sequence[Mark], x: float, y: float) -> _Box:
    width = measure(_label(marks)) * _MARK_SIZE + 14
    height = _MARK_SIZE + 10
    width = max(width, height)
    return _Box(
        min(max(x, width / 2 + 2), WIDTH - width / 2 - 2),
        min(max(y, height / 2 + 2), HEIGHT - height / 2 - 2),
        width,
        height,
    )


def _label(marks: Sequence[Mark]) -> str:
    """Return the numbers of a mark, of many the first ones and how many more there are."""
    runs = _find_runs(mark.number for mark in marks)
    words = _write_runs(runs)
    if len(words) <= _LONGEST_LABEL:
        return words
    first = next(n for n in (2, 1) if n == 1 or len(_write_runs(runs[:n])) < _LONGEST_LABEL)
    return f"{_write_runs(runs[:first])} +{sum(map(len, runs[first:]))}"


def _draw_group(marks: Sequence[Mark], box: _Box) -> str:
    fill = _NEAR if any(mark.serves for mark in marks) else _ELSEWHERE
    return element(
        "g",
        write_title("、".join(f"{mark.number} {mark.name}" for mark in marks)),
        element(
            "rect", x=box.x - box.width / 2, y=box.y - box.height / 2, width=box.width,
            height=box.height, rx=box.height / 2, fill=fill, stroke=PAPER, stroke_width=2,
        ),
        write_text(
            _label(marks), box.x, box.y, _MARK_SIZE, fill=PAPER, text_anchor="middle",
            font_weight=700,
        ),
    )  # fmt: skip


def _draw_ground(area_map: AreaMap) -> list[str]:
    """Draw the municipalities, those asked about last so that their border is whole."""
    if area_map.tiles is not None:
        return []
    water = element("rect", x=0, y=0, width=WIDTH, height=HEIGHT, fill=_WATER)
    shapes = sorted(area_map.ground, key=lambda shape: shape.code in area_map.home)
    return [
        water,
        *(_draw_shape(shape, tinted=shape.code in area_map.home) for shape in shapes),
    ]


def _draw_shape(shape: Shape, *, tinted: bool) -> str:
    path = "".join(f"M{'L'.join(f'{x:.1f} {y:.1f}' for x, y in ring)}Z" for ring in shape.rings)
    fill = _HOME if tinted else _GROUND
    return element("path", d=path, fill=fill, stroke=_BORDER, stroke_width=1, fill_rule="evenodd")


def _draw_rings(radius_m: float, scale: float, taken: list[_Box]) -> list[str]:
    """Draw up to three rings, and a cross in the middle."""
    rings = [km for km in _RINGS_KM if radius_m / 6 <= km * 1_000 <= radius_m][-3:]
    x, y = WIDTH / 2, HEIGHT / 2
    parts = [
        element("path", d=f"M{x - 8:g} {y:g}h16M{x:g} {y - 8:g}v16", stroke=INK, stroke_width=2)
    ]
    for km in rings:
        radius = km * 1_000 * scale
        words = f"{km} km"
        label = _Box(x, y - radius, measure(words) * _NAME_SIZE + 8, _NAME_SIZE + 4)
        taken.append(label)
        parts.append(
            element("circle", cx=x, cy=y, r=radius, fill="none", stroke=_RING, stroke_width=1.2)
        )
        parts.append(_draw_words(words, label, SOFT_INK))
    return parts


def _draw_places(area_map: AreaMap, view: Projection, taken: list[_Box]) -> list[str]:
    """Write the names that find room, those nearest the middle first."""
    parts = []
    for place in sorted(area_map.places, key=lambda place: _distance(place, area_map.middle)):
        x, y = view.project(place.latitude, place.longitude)
        box = _find_room(place.name, x, y, taken)
        if box is not None:
            taken.append(box)
            parts.append(_draw_words(place.name, box, INK))
    return parts


def _find_room(name: str, x: float, y: float, taken: Sequence[_Box]) -> _Box | None:
    width = measure(name) * _NAME_SIZE + 6
    for shift in (0.0, 24.0, -24.0):
        box = _Box(x, y + shift, width, _NAME_SIZE + 4)
        framed = width / 2 <= x <= WIDTH - width / 2 and 10 <= box.y <= HEIGHT - 10
        if framed and not any(box.meets(other) for other in taken):
            return box
    return None


def _draw_words(words: str, box: _Box, colour: str) -> str:
    return write_text(
        words, box.x, box.y, _NAME_SIZE, fill=colour, text_anchor="middle", stroke=_GROUND,
        stroke_width=3, paint_order="stroke",
    )  # fmt: skip


def _distance(place: Place, middle: Place) -> float:
    east = (place.longitude - middle.longitude) * cos(radians(middle.latitude))
    return east**2 + (place.latitude - middle.latitude) ** 2
