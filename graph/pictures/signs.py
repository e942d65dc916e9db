"""Small signs that stand on cards and lines: which of two centres, which step of a path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from graph.pictures.lettering import measure
from graph.pictures.notation import CENTRE_SIGNS, INK, PAPER, PATH, SECOND_CENTRE
from graph.pictures.svg import element, write_text

_STEP: Final = 20.0
_STEP_SIZE: Final = 26.0


def draw_centre_sign(centre: int, x: float, y: float, radius: float) -> str:
    """Return the sign of the first (A in a disc) or the second (B in a square) of two centres."""
    if centre == 0:
        shape = element("circle", cx=x, cy=y, r=radius, fill=PAPER, stroke=INK, stroke_width=2.6)
    else:
        left, top, side = x - radius * 0.92, y - radius * 0.92, radius * 1.84
        shape = element("rect", x=left, y=top, width=side, height=side, fill=SECOND_CENTRE)
    letter = write_text(
        CENTRE_SIGNS[centre],
        x,
        y,
        radius * 1.3,
        text_anchor="middle",
        font_weight=700,
        fill=INK if centre == 0 else PAPER,
    )
    return element("g", shape, letter, class_="centre-sign", data_centre=centre)


def draw_step(numbers: Sequence[int], x: float, y: float) -> str:
    """Return the mark of an agency's places on a path: 1, or 1・3 where it is passed twice."""
    words = "・".join(map(str, numbers))
    width = max(2 * _STEP, measure(words) * _STEP_SIZE + 20)
    return element(
        "g",
        element(
            "rect",
            x=x - width / 2,
            y=y - _STEP,
            width=width,
            height=2 * _STEP,
            rx=_STEP,
            fill=PATH,
            stroke=PAPER,
            stroke_width=3,
        ),
        write_text(words, x, y, _STEP_SIZE, text_anchor="middle", font_weight=700, fill=PAPER),
        class_="step",
        data_step=" ".join(map(str, numbers)),
    )
