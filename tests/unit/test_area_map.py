"""The map of agencies: true distances, every agency marked once, nothing outside the frame."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.pictures.area_map import (
    AreaMap,
    Mark,
    Place,
    draw_area_map,
    draw_tiled_map,
    group_marks,
    write_numbers,
)
from graph.pictures.ground import Shape
from graph.pictures.projection import HEIGHT, WIDTH, Projection
from graph.pictures.tiles import Tiles
from graph.places import distance_m

MATSUDO = Place("千葉県松戸市", 35.803914, 139.925173)
VIEW = Projection(MATSUDO.latitude, MATSUDO.longitude, 280 / 20_000)


def mark(number: int, north: float = 0, east: float = 0, *, serves: bool = True) -> Mark:
    """A mark so many degrees from the middle."""
    return Mark(number, f"機関{number}", MATSUDO.latitude + north, MATSUDO.longitude + east, serves)


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([], ""),
        ([3], "3"),
        ([1, 2], "1, 2"),
        ([3, 1, 2], "1–3"),
        ([1, 2, 3, 7, 9, 10], "1–3, 7, 9, 10"),
    ],
)
def test_numbers_are_written_as_ranges(numbers: list[int], words: str) -> None:
    assert write_numbers(numbers) == words


@given(st.sets(st.integers(1, 60)))
def test_ranges_say_the_same_numbers(numbers: set[int]) -> None:
    said: set[int] = set()
    for part in filter(None, write_numbers(numbers).split(", ")):
        first, _, last = part.partition("–")
        said |= set(range(int(first), int(last or first) + 1))
    assert said == numbers


@given(north=st.floats(-0.8, 0.8), east=st.floats(-0.8, 0.8))
def test_distances_on_the_map_are_those_on_the_ground(north: float, east: float) -> None:
    point = (MATSUDO.latitude + north, MATSUDO.longitude + east)
    x, y = VIEW.project(*point)
    drawn = ((x - WIDTH / 2) ** 2 + (y - HEIGHT / 2) ** 2) ** 0.5 / VIEW.scale
    real = distance_m((MATSUDO.latitude, MATSUDO.longitude), point)
    assert drawn == pytest.approx(real, rel=0.01, abs=1)


degrees = st.floats(-0.15, 0.15)


@settings(max_examples=40)
@given(st.lists(st.tuples(degrees, degrees), max_size=25))
def test_every_agency_in_the_frame_is_marked_once_and_no_marks_meet(
    offsets: list[tuple[float, float]],
) -> None:
    marks = [mark(number, *offset) for number, offset in enumerate(offsets, 1)]
    groups = group_marks(marks, VIEW)
    shown = sorted(one.number for group, _ in groups for one in group)
    assert shown == [one.number for one in marks]
    boxes = [box for _, box in groups]
    assert not any(
        first.meets(second) for i, first in enumerate(boxes) for second in boxes[i + 1 :]
    )


def test_agencies_at_one_point_share_a_mark() -> None:
    svg = draw_area_map(AreaMap(MATSUDO, 20_000, [mark(n) for n in range(1, 13)]))
    assert "1–12" in "".join(ElementTree.fromstring(svg).itertext())


def test_a_mark_of_many_stays_short_and_names_all_to_the_pointer() -> None:
    marks = [mark(n, serves=n < 3) for n in range(1, 80, 2)]
    words = "".join(
        ElementTree.fromstring(draw_area_map(AreaMap(MATSUDO, 20_000, marks))).itertext()
    )
    assert "1, 3 +38" in words
    assert "79 機関79" in words


def test_what_lies_outside_is_left_out() -> None:
    svg = draw_area_map(
        AreaMap(MATSUDO, 5_000, [mark(1), mark(2, 1.0)], [Place("遠い市", 36.9, 139.9)])
    )
    assert "機関1" in svg
    assert "機関2" not in svg
    assert "遠い市" not in svg


def test_place_names_do_not_cover_marks_or_each_other() -> None:
    near = [Place(f"市{n}", MATSUDO.latitude, MATSUDO.longitude + n / 1000) for n in range(9)]
    svg = draw_area_map(AreaMap(MATSUDO, 20_000, [mark(1)], near))
    assert 1 <= len(re.findall(r">市\d<", svg)) <= 2


def test_the_ground_asked_about_is_tinted_and_drawn_last() -> None:
    ring = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0))
    ground = [Shape("12207", (ring,)), Shape("12217", (ring, ring))]
    svg = draw_area_map(AreaMap(MATSUDO, 20_000, ground=ground, home=frozenset({"12207"})))
    fills = re.findall(r'<path d="(M[^"]+)" fill="([^"]+)"', svg)
    assert [path.count("Z") for path, _ in fills] == [2, 1]
    assert len({fill for _, fill in fills}) == 2


def test_an_operators_tiles_cover_the_frame_and_take_the_place_of_the_ground() -> None:
    tiles = Tiles("https://maps.example/{z}/{x}/{y}.png?a&b", "例")
    ground = [Shape("12207", (((0.0, 0.0), (9.0, 0.0), (9.0, 9.0)),))]
    area_map = AreaMap(MATSUDO, 20_000, [mark(1)], ground=ground, tiles=tiles)
    assert '<path d="M0' not in draw_area_map(area_map)
    html = draw_tiled_map(area_map, tiles)
    sides = re.findall(r"left:([-.\d]+)%;top:([-.\d]+)%;width:([.\d]+)%;height:([.\d]+)%", html)
    boxes = [tuple(map(float, each)) for each in sides]
    addresses = re.findall(r"https://maps\.example/(\d+)/(\d+)/(\d+)\.png\?a&amp;b", html)
    assert 4 <= len(boxes) == len(set(addresses)) <= 40
    assert min(left for left, *_ in boxes) <= 0
    assert max(left + width for left, _, width, _ in boxes) >= 100
    assert min(top for _, top, _, _ in boxes) <= 0
    assert max(top + height for _, top, _, height in boxes) >= 100
    zoom = int(addresses[0][0])
    latitude = math.radians(MATSUDO.latitude)
    down = 1 - math.log(math.tan(latitude) + 1 / math.cos(latitude)) / math.pi
    column = int((MATSUDO.longitude + 180) / 360 * 2**zoom)
    middle = (str(zoom), str(column), str(int(down / 2 * 2**zoom)))
    left, top, width, height = boxes[addresses.index(middle)]
    assert left <= 50 <= left + width
    assert top <= 50 <= top + height


def test_a_point_of_the_picture_is_the_point_on_the_ground() -> None:
    assert VIEW.locate(*VIEW.project(35.9, 140.1)) == pytest.approx((35.9, 140.1))


def test_the_map_is_one_document_without_addresses() -> None:
    svg = draw_area_map(AreaMap(MATSUDO, 20_000, [mark(1, serves=False)]))
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert re.findall(r"https?://[^\"]+", svg) == ["http://www.w3.org/2000/svg"]
    assert "5 km" in svg
    assert "20 km" in svg
