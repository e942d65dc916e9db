"""The picture of flows: what is counted, how thick it is drawn, and that names are only text."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.pictures.flow_picture import (
    HIGHEST,
    UNIT,
    Flow,
    count_flows,
    draw_flows,
    place_bars,
)

KINDS = ["刑務所", "県", "センター", "病院"]
CHAINS = st.lists(st.lists(st.sampled_from(KINDS), min_size=1, max_size=5))
SVG = "{http://www.w3.org/2000/svg}"


def test_flows_are_counted_by_the_step_of_the_chain() -> None:
    chains = [("刑務所", "県", "センター"), ("刑務所", "県"), ("弁護士", "県"), ("本人",)]
    assert count_flows(chains) == [
        Flow(0, "刑務所", "県", 2),
        Flow(0, "弁護士", "県", 1),
        Flow(1, "県", "センター", 1),
    ]
    assert count_flows([]) == []


def test_a_bar_is_as_high_as_what_comes_in_or_goes_out() -> None:
    bars = place_bars(count_flows([("a", "b", "c"), ("a", "b")]))
    assert {key: bar.count for key, bar in bars.items()} == {(0, "a"): 2, (1, "b"): 2, (2, "c"): 1}
    assert bars[1, "b"].height == 2 * UNIT
    assert bars[2, "c"].height == UNIT


@settings(deadline=None)
@given(CHAINS)
def test_ribbons_are_as_thick_as_the_bars_they_join(chains: list[list[str]]) -> None:
    flows = count_flows(chains)
    if not flows:
        assert draw_flows(flows, title="t") == ""
        return
    bars = place_bars(flows)
    for key, bar in bars.items():
        coming = sum(f.count for f in flows if (f.layer + 1, f.target) == key)
        going = sum(f.count for f in flows if (f.layer, f.source) == key)
        assert bar.count == max(coming, going)
    for layer in {layer for layer, _ in bars}:
        stack = sorted((b for b in bars.values() if b.layer == layer), key=lambda bar: bar.top)
        assert sum(bar.height for bar in stack) <= HIGHEST + 0.01
        assert all(a.top + a.height < b.top for a, b in pairwise(stack))
    drawing = ET.fromstring(draw_flows(flows, title="t"))
    assert len(drawing.findall(f"{SVG}path")) == len(flows)
    assert len(drawing.findall(f"{SVG}rect")) == len(bars)
    _, _, width, height = map(float, drawing.attrib["viewBox"].split())
    for path in drawing.findall(f"{SVG}path"):
        numbers = [float(n) for n in re.findall(r"[0-9.]+", path.attrib["d"])]
        half = float(path.attrib["stroke-width"]) / 2
        assert all(0 <= x <= width for x in numbers[::2])
        assert all(y - half + 0.1 >= 0 and y + half <= height + 0.1 for y in numbers[1::2])


def test_the_same_flows_are_the_same_picture_in_any_order() -> None:
    chains = [("a", "b", "c"), ("a", "d"), ("e", "d", "c")]
    pictures = {draw_flows(count_flows(c), title="t") for c in (chains, chains[::-1])}
    assert len(pictures) == 1


def test_names_are_text() -> None:
    svg = draw_flows([Flow(0, '"><script>', "</svg>", 1)], title="<b>")
    drawing = ET.fromstring(svg)
    assert {element.tag for element in drawing.iter()} == {
        f"{SVG}{tag}" for tag in ("svg", "title", "path", "rect", "text")
    }
