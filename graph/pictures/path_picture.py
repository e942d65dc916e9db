"""A chain of agencies as chips and arrows, a piece of HTML; and the places of chains in a graph.

The chips wrap where their place is narrow. The words are the caller's; this module only lays them
out and escapes them. `STYLE` goes once into the page that shows chains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final, Literal

Look = Literal["done", "open", "stopped", "tie", "tense"]

STYLE: Final = """<style>
.chain{display:flex;flex-wrap:wrap;align-items:center;gap:.35rem 0;line-height:1.35;
  margin:.15rem 0;padding:0!important}
.chain .stop{border:1.5px solid #51606f;border-radius:.5rem;padding:.15rem .6rem;
  background:#fff;color:#16202c}
.chain .own{background:#fff6dc;border-color:#16202c;font-weight:700}
.chain .step{display:inline-flex;align-items:center;font-size:.82rem;padding:0 .15rem;
  white-space:nowrap}
.chain .step::before{content:"";width:.9rem;border-top:2.5px solid currentColor}
.chain .step::after{content:"▶";margin-left:.1rem}
.chain .step span{padding:0 .3rem}
.chain .done{color:#0a5c36}.chain .open{color:#51606f}.chain .stopped{color:#9c1c2c}
.chain .tie{color:#16202c}.chain .tense{color:#8a4a00}
.chain .open::before,.chain .tense::before{border-top-style:dashed}
.chain .end{margin-left:.6rem;padding:.1rem .55rem;border-radius:.3rem;color:#9c1c2c;
  border:1.5px solid #9c1c2c;font-size:.85rem}
.chain .end::before{content:"■ "}
.line{display:flex;flex-wrap:wrap;align-items:center;gap:.2rem 1rem}
</style>"""

_COLUMN_WIDTH: Final = 300.0
_ROW_HEIGHT: Final = 130.0


@dataclass(frozen=True, slots=True)
class Stop:
    """An agency of a chain; `own` when it is the one whose network is looked at."""

    name: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What joins two agencies: words on the arrow, how it looks, and more words for a pointer."""

    words: str
    look: Look = "done"
    hint: str = ""


def draw_chain(stops: Sequence[Stop], steps: Sequence[Step], ending: str = "") -> str:
    """Return the chain as HTML; `ending` says where it stopped and why, "" when it goes on.

    No stops give an empty chain.

    Raises:
        ValueError: there is not exactly one step between each two stops.
    """
    if len(steps) != max(len(stops) - 1, 0):
        raise ValueError(f"{len(steps)} steps cannot join {len(stops)} stops")
    parts = [_draw_stop(stop) for stop in stops[:1]]
    for step, stop in zip(steps, stops[1:], strict=True):
        parts += [_draw_step(step), _draw_stop(stop)]
    if ending:
        parts.append(f'<span class="end">{escape(ending)}</span>')
    return f'<div class="chain">{"".join(parts)}</div>'


def place_chains(chains: Sequence[Sequence[str]]) -> dict[str, tuple[float, float]]:
    """Return agency → place for a picture of several chains: left to right by its latest step.

    In a column those of the first chains stand above; columns are centred on each other, every
    second one a little lower, so that no line runs behind a name. {} for no chains.
    """
    layers: dict[str, int] = {}
    for chain in chains:
        for layer, name in enumerate(chain):
            layers[name] = max(layer, layers.get(name, 0))
    columns: dict[int, list[str]] = {}
    for name, layer in layers.items():
        columns.setdefault(layer, []).append(name)
    return {
        name: (
            layer * _COLUMN_WIDTH,
            (row - (len(names) - 1) / 2) * _ROW_HEIGHT + (layer % 2) * _ROW_HEIGHT / 3,
        )
        for layer, names in columns.items()
        for row, name in enumerate(names)
    }


def _draw_stop(stop: Stop) -> str:
    classes = "stop own" if stop.own else "stop"
    return f'<span class="{classes}">{escape(stop.name)}</span>'


def _draw_step(step: Step) -> str:
    hint = f' title="{escape(step.hint)}"' if step.hint else ""
    return f'<span class="step {step.look}"{hint}><span>{escape(step.words)}</span></span>'
