"""The ground of a map: each spot belongs to the municipality of the nearest town."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.pictures.ground import XY, GroundTown, Shape, make_ground
from graph.pictures.projection import choose_projection

MIDDLE = (35.8, 139.9)
RADIUS = 20_000.0
VIEW = choose_projection(*MIDDLE, RADIUS)


def draw(*towns: tuple[float, float, str]) -> tuple[Shape, ...]:
    return make_ground([GroundTown(*town) for town in towns], *MIDDLE, RADIUS)


def find_owners(shapes: tuple[Shape, ...], x: float, y: float) -> list[str]:
    """The shapes that a point is in, by the even-odd rule."""
    return [s.code for s in shapes if sum(_crosses(r, x, y) for r in s.rings) % 2]


def _crosses(ring: tuple[XY, ...], x: float, y: float) -> int:
    edges = zip(ring, (*ring[1:], ring[0]), strict=True)
    return sum(
        (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax)
        for (ax, ay), (bx, by) in edges
    )


def test_no_towns_no_ground() -> None:
    assert draw() == ()
    assert draw((10.0, 100.0, "far")) == ()


def test_between_two_towns_runs_the_border_and_beyond_them_is_water() -> None:
    shapes = draw((35.8, 139.89, "west"), (35.8, 139.92, "east"))
    assert [shape.code for shape in shapes] == ["east", "west"]
    y = VIEW.project(35.8, 139.9)[1]
    for longitude, owners in ((139.892, ["west"]), (139.917, ["east"]), (139.8, [])):
        assert find_owners(shapes, VIEW.project(35.8, longitude)[0], y) == owners


def test_a_municipality_in_two_parts_has_two_rings() -> None:
    [shape] = draw((35.8, 139.8, "a"), (35.8, 140.0, "a"))
    assert len(shape.rings) == 2


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(-0.1, 0.1), st.floats(-0.1, 0.1), st.sampled_from("abc")),
        min_size=1,
        max_size=12,
    )
)
def test_no_spot_has_two_owners_and_a_lone_town_its_own(
    offsets: list[tuple[float, float, str]],
) -> None:
    towns = [(MIDDLE[0] + north, MIDDLE[1] + east, code) for north, east, code in offsets]
    shapes = draw(*towns)
    placed = [(*VIEW.project(north, east), code) for north, east, code in towns]
    for x, y, code in placed:
        rivals = [((x - a) ** 2 + (y - b) ** 2) ** 0.5 for a, b, other in placed if other != code]
        if min(rivals, default=99.0) > 30:  # farther than smoothing moves a border
            assert find_owners(shapes, x, y) == [code]


def test_the_same_towns_give_the_same_ground_in_any_order() -> None:
    towns = [(35.8, 139.89, "a"), (35.83, 139.92, "b"), (35.75, 139.9, "c")]
    assert draw(*towns) == draw(*reversed(towns))


@pytest.mark.parametrize("radius_m", [5_000.0, 100_000.0])
def test_the_ground_stays_around_the_frame(radius_m: float) -> None:
    shapes = make_ground([GroundTown(*MIDDLE, "a")], *MIDDLE, radius_m)
    xs = [x for shape in shapes for ring in shape.rings for x, _ in ring]
    assert xs
    assert min(xs) > -20
    assert max(xs) < 740
