"""Flows between kinds of agency as an SVG of ribbons, one layer for each step of the chains.

Pure: names come in, a picture comes out. A ribbon is as thick as the number of clients that went
that way; a kind that receives more than it passes on is where chains end.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Final

from graph.collation import order_name

WIDTH: Final = 1200.0
BAR: Final = 16.0
GAP: Final = 14.0
UNIT: Final = 12.0
"""Thickness of one client where the picture is not too high for it."""
HIGHEST: Final = 320.0
MARGIN: Final = 10.0
COLOURS: Final = (
    "#0b5cad", "#0a7d55", "#8a4a00", "#7a3e9d", "#9c1c2c", "#4f6272", "#5d7a00", "#007a87",
    "#b0527e", "#3d3d8f", "#9a7400",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flow:
    """How many went from a kind in `layer` to a kind in the next one."""

    layer: int
    source: str
    target: str
    count: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A kind of agency in a layer; `top` and `height` in picture units."""

    layer: int
    name: str
    count: int
    top: float
    height: float


def count_flows(chains: Iterable[Sequence[str]]) -> list[Flow]:
    """Return the flows of chains of kinds, by layer, then most first; [] of chains of one kind."""
    counts = Counter(
        (layer, source, target)
        for chain in chains
        for layer, (source, target) in enumerate(pairwise(chain))
    )
    flows = [Flow(*key, count) for key, count in counts.items()]
    return sorted(flows, key=lambda flow: (flow.layer, -flow.count, flow.source, flow.target))


def count_leaving(flows: Iterable[Flow]) -> dict[tuple[int, str], int]:
    """Return how many left each kind of a layer: the whole of which a flow is a share."""
    leaving: Counter[tuple[int, str]] = Counter()
    for flow in flows:
        leaving[flow.layer, flow.source] += flow.count
    return dict(leaving)


def place_bars(flows: Sequence[Flow]) -> dict[tuple[int, str], Bar]:
    """Return the bar of each kind by layer and name; as high as what comes in or goes out."""
    layers: dict[int, dict[str, int]] = defaultdict(dict)
    for (layer, name), count in _count_ends(flows).items():
        layers[layer][name] = count
    room = max((sum(names.values()) for names in layers.values()), default=0)
    unit = min(UNIT, HIGHEST / room) if room else UNIT
    bars: dict[tuple[int, str], Bar] = {}
    for layer, names in layers.items():
        top = MARGIN
        for name, count in sorted(names.items(), key=lambda item: (-item[1], order_name(item[0]))):
            bars[layer, name] = Bar(layer, name, count, top, count * unit)
            top += count * unit + GAP
    return bars


def draw_flows(flows: Sequence[Flow], *, title: str) -> str:
    """Return the SVG; "" for no flows. `title` is what a screen reader says of the whole."""
    bars = place_bars(flows)
    if not bars:
        return ""
    height = max(bar.top + max(bar.height, GAP) for bar in bars.values()) + MARGIN
    last = max(layer for layer, _ in bars)
    parts = [*_draw_ribbons(flows, bars, last), *(_draw_bar(b, last) for b in bars.values())]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:.1f}" '
        f'width="{WIDTH:g}" height="{height:.1f}" role="img" '
        'font-family="sans-serif" font-size="13">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def _count_ends(flows: Sequence[Flow]) -> dict[tuple[int, str], int]:
    leaving = Counter(count_leaving(flows))
    coming: Counter[tuple[int, str]] = Counter()
    for flow in flows:
        coming[flow.layer + 1, flow.target] += flow.count
    return {key: max(leaving[key], coming[key]) for key in sorted(leaving.keys() | coming.keys())}


def _draw_ribbons(flows: Sequence[Flow], bars: dict[tuple[int, str], Bar], last: int) -> list[str]:
    # Ribbons leave and arrive in the order of the bars at their other end, so that few cross.
    ends = [(bars[f.layer, f.source], bars[f.layer + 1, f.target], f) for f in flows]
    left: dict[Flow, float] = {}
    right: dict[Flow, float] = {}
    used: Counter[tuple[int, str, str]] = Counter()
    for source, _, flow in sorted(ends, key=lambda end: (end[1].top, end[0].top)):
        left[flow] = source.top + used[source.layer, source.name, "out"] * _unit(source)
        used[source.layer, source.name, "out"] += flow.count
    for _, target, flow in sorted(ends, key=lambda end: (end[0].top, end[1].top)):
        right[flow] = target.top + used[target.layer, target.name, "in"] * _unit(target)
        used[target.layer, target.name, "in"] += flow.count
    order = {name: rank for rank, name in enumerate(sorted({flow.source for flow in flows}))}
    return [
        _draw_ribbon(
            flow,
            (_left_of(source, last) + BAR, left[flow]),
            (_left_of(target, last), right[flow]),
            flow.count * _unit(source),
            COLOURS[order[flow.source] % len(COLOURS)],
        )
        for source, target, flow in ends
    ]


def _draw_ribbon(
    flow: Flow,
    start: tuple[float, float],
    end: tuple[float, float],
    thickness: float,
    colour: str,
) -> str:
    (x1, y1), (x2, y2) = start, end
    middle = (x1 + x2) / 2
    y1, y2 = y1 + thickness / 2, y2 + thickness / 2
    words = escape(f"{flow.source} → {flow.target}: {flow.count}")
    return (
        f'<path d="M{x1:.1f} {y1:.1f}C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} '
        f'{x2:.1f} {y2:.1f}" fill="none" stroke="{colour}" stroke-opacity="0.35" '
        f'stroke-width="{thickness:.1f}"><title>{words}</title></path>'
    )


def _draw_bar(bar: Bar, last: int) -> str:
    x, is_last = _left_of(bar, last), bar.layer == last
    at, anchor = (x - 6, "end") if is_last else (x + BAR + 6, "start")
    middle = bar.top + max(bar.height, 1) / 2 + 4.5
    words = escape(f"{bar.name} {bar.count}")
    return (
        f'<rect x="{x:.1f}" y="{bar.top:.1f}" width="{BAR:g}" height="{bar.height:.1f}" '
        f'fill="#16202c"/><text x="{at:.1f}" y="{middle:.1f}" text-anchor="{anchor}" '
        f'fill="#16202c" stroke="#fff" stroke-width="3" paint-order="stroke">{words}</text>'
    )


def _left_of(bar: Bar, last: int) -> float:
    return MARGIN + bar.layer * (WIDTH - 2 * MARGIN - BAR) / last


def _unit(bar: Bar) -> float:
    return bar.height / bar.count
