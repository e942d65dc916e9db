"""The pieces of an ecomap that stand still: agencies' cards, centres, boxes of empty fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from graph.pictures.layout import CENTRE, RING_ROWS, Rect
from graph.pictures.lettering import Lettering, clean, fit_text, measure
from graph.pictures.model import EcomapAgency, Say
from graph.pictures.notation import (
    CHANGE,
    EGO_FILL,
    FIELDS,
    GROUP_COLOURS,
    INK,
    PAPER,
    SOFT_INK,
)
from graph.pictures.routes import Ellipse
from graph.pictures.signs import draw_centre_sign
from graph.pictures.svg import element, write_text, write_title

STRIP_WIDTH: Final = 46.0
NAME_LARGEST: Final = 33.0
NAME_SMALLEST: Final = 19.0
_PAD: Final = 7.0
_BADGE_HEIGHT: Final = 29.0
_BADGE_SIZE: Final = 21.0
_MARK: Final = 13.0
DIM: Final = 0.16


def draw_card(
    agency: EcomapAgency,
    rect: Rect,
    say: Say,
    *,
    changes: Sequence[str] = (),
    lines: Sequence[str] = (),
    groups: Sequence[int] = (),
    dim: bool = False,
) -> str:
    """Return the card: field, stage, name, and a badge of changes or of its note."""
    name = clean(agency.name)
    spoken = [name, say(f"ecomap.field.{agency.field}")]
    spoken += [say(f"ecomap.stage.{agency.stage}")] if agency.stage else []
    spoken += [clean(agency.note)] if agency.note else []
    spoken += [say(f"ecomap.line.{kind}") for kind in lines]
    spoken += [say(f"ecomap.change.{code}") for code in changes]
    label = say("ecomap.separator").join(spoken)
    return element(
        "g",
        write_title(label),
        _draw_plate(agency, rect, changed=bool(changes)),
        _draw_strip(agency, rect),
        _draw_name(agency, rect, changed=bool(changes or agency.note)),
        *_draw_badges(agency, rect, changes, say),
        class_="card",
        tabindex=0,
        role="button",
        aria_label=label,
        data_agency=agency.organization_id,
        data_field=agency.field,
        data_stage=agency.stage,
        data_lines=" ".join(lines),
        data_change=" ".join(changes) or None,
        data_groups=" ".join(map(str, groups)) or None,
        data_centres=" ".join(map(str, agency.centres)) or None,
        data_slot_x=rect.left,
        data_slot_y=rect.top,
        opacity=DIM if dim else 0.55 if "gone" in changes else None,
    )


def draw_ego(
    ego_id: str,
    name: str,
    kind: str,
    shape: Ellipse,
    *,
    sign: int | None = None,
    dim: bool = False,
    opens: bool = True,
) -> str:
    """Return a centre: its ellipse, its kind in small type, its name, and one of two's sign.

    Only one that `opens` is a button: of a client the page has nothing more to show.
    """
    kind, name = clean(kind), clean(name)
    room = shape.half_width * 1.62
    height = shape.half_height * (1.02 if kind else 1.3)
    lettering = fit_text(name, room, height, 46.0, 20.0)
    middle = shape.y + (shape.half_height * 0.2 if kind else 0.0)
    parts = [
        write_title(name),
        element(
            "ellipse",
            class_="plate",
            cx=shape.x,
            cy=shape.y,
            rx=shape.half_width,
            ry=shape.half_height,
            fill=EGO_FILL,
            stroke=INK,
            stroke_width=5,
        ),
        _set_lines(lettering, shape.x, middle),
    ]
    if kind:
        small = fit_text(kind, shape.half_width * 1.15, 28, 24.0, 14.0)
        up = shape.half_height * 0.56
        parts.append(
            write_text(
                " ".join(small.lines),
                shape.x,
                shape.y - up,
                small.size,
                text_anchor="middle",
                fill=INK,
            )
        )
    if sign is not None:
        parts.append(draw_centre_sign(sign, shape.x - shape.half_width * 0.84, shape.y, 21.0))
    return element(
        "g",
        *parts,
        class_="ego",
        tabindex=0 if opens else None,
        role="button" if opens else "img",
        aria_label=name,
        data_agency=ego_id if opens else None,
        opacity=DIM if dim else None,
    )


def draw_empty_field(field: str, rect: Rect, say: Say) -> str:
    """Return the dotted box of a field that has nobody."""
    box = rect.grow(-8)
    x, y = box.centre
    words = say("ecomap.empty_field", field=say(f"ecomap.field.{field}"))
    lettering = fit_text(words, box.width - 24, box.height - 12, 25.0, 16.0)
    return element(
        "g",
        element(
            "rect",
            x=box.left,
            y=box.top,
            width=box.width,
            height=box.height,
            rx=12,
            fill="none",
            stroke="#7d8894",
            stroke_width=2.6,
            stroke_dasharray="3 8",
            stroke_linecap="round",
        ),
        _set_lines(lettering, x, y, fill=SOFT_INK, weight=500),
        class_="empty",
        data_empty_field=field,
    )


def draw_stage(stage: str, x: float, y: float, radius: float) -> str:
    """Return the stage's mark: ● supporting, ◐ explained, ○ listed, ⊗ declined, · known."""
    disc = {"cx": x, "cy": y, "r": radius, "stroke": INK, "stroke_width": 2.6}
    if stage == "known":
        return element("circle", cx=x, cy=y, r=radius * 0.34, fill=INK)
    if stage == "supporting":
        return element("circle", **disc, fill=INK)
    ring = element("circle", **disc, fill=PAPER)
    if stage == "explained":
        half = f"M{x:g} {y - radius:g}A{radius:g} {radius:g} 0 0 0 {x:g} {y + radius:g}Z"
        return ring + element("path", d=half, fill=INK)
    if stage == "declined":
        arm = radius * 0.6
        cross = (
            f"M{x - arm:g} {y - arm:g}L{x + arm:g} {y + arm:g}"
            f"M{x + arm:g} {y - arm:g}L{x - arm:g} {y + arm:g}"
        )
        return ring + element("path", d=cross, stroke=INK, stroke_width=3.2, fill="none")
    return ring


def draw_field_sign(field: str, x: float, y: float, size: float) -> str:
    """Return the field's kanji on its colour, a square of `size` around (x, y)."""
    sign = FIELDS[field]
    half = size / 2
    return element(
        "rect",
        x=x - half,
        y=y - half,
        width=size,
        height=size,
        rx=size * 0.16,
        fill=sign.colour,
        stroke=INK,
        stroke_width=1.2,
    ) + write_text(
        sign.kanji, x, y, size * 0.76, text_anchor="middle", font_weight=700, fill=sign.text_colour
    )


def _draw_plate(agency: EcomapAgency, rect: Rect, *, changed: bool) -> str:
    faint = agency.stage in ("listed", "known", "declined")
    frame = CHANGE if changed else INK
    width = 5.5 if changed else (4.2 if agency.stage == "supporting" else 2.6)
    return element(
        "rect",
        class_="plate",
        x=rect.left,
        y=rect.top,
        width=rect.width,
        height=rect.height,
        rx=11,
        fill="#eef0f2" if agency.stage == "declined" else PAPER,
        stroke=frame,
        stroke_width=width,
        stroke_dasharray="9 6" if faint and not changed else None,
    )


def _draw_strip(agency: EcomapAgency, rect: Rect) -> str:
    sign = FIELDS[agency.field]
    left, top, bottom = rect.left + 2, rect.top + 2, rect.bottom - 2
    right, radius = left + STRIP_WIDTH, 9.0
    shape = (
        f"M{right:g} {top:g}H{left + radius:g}A{radius:g} {radius:g} 0 0 0 {left:g} "
        f"{top + radius:g}V{bottom - radius:g}A{radius:g} {radius:g} 0 0 0 {left + radius:g} "
        f"{bottom:g}H{right:g}Z"
    )
    x, y = (left + right) / 2, rect.centre[1]
    return (
        element("path", class_="strip", d=shape, fill=sign.colour)
        + element("path", d=f"M{right:g} {top:g}V{bottom:g}", stroke=INK, stroke_width=1.6)
        + write_text(
            sign.kanji,
            x,
            y - 20,
            33.0,
            text_anchor="middle",
            font_weight=700,
            fill=sign.text_colour,
            class_="sign",
        )
        + (_draw_mark(agency.stage, x, y + 23) if agency.stage else "")
    )


def _draw_mark(stage: str, x: float, y: float) -> str:
    return element("circle", cx=x, cy=y, r=_MARK + 3.6, fill=PAPER) + draw_stage(stage, x, y, _MARK)


def place_name(rect: Rect, *, changed: bool) -> Rect:
    """Return the part of a card its name may fill; a change badge takes some of its edge."""
    down, up = (0.0, 0.0) if not changed else (-7.0, 0.0) if badge_below(rect) else (0.0, 7.0)
    return Rect(
        rect.left + STRIP_WIDTH + _PAD,
        rect.top + 4 + up,
        rect.right - _PAD,
        rect.bottom - 4 + down,
    )


def badge_below(rect: Rect) -> bool:
    """Say whether the badge stands on the lower edge: the side away from the centre."""
    return rect.centre[1] > CENTRE[1] + 1 and rect.centre[1] != RING_ROWS[0]


def _draw_name(agency: EcomapAgency, rect: Rect, *, changed: bool) -> str:
    room = place_name(rect, changed=changed)
    words = clean(agency.short_name or "") or clean(agency.name)
    lettering = fit_text(words, room.width, room.height, NAME_LARGEST, NAME_SMALLEST)
    colour = SOFT_INK if agency.stage == "declined" else INK
    return _set_lines(lettering, *room.centre, fill=colour)


def _set_lines(
    lettering: Lettering, x: float, y: float, *, fill: str = INK, weight: int = 700
) -> str:
    step = lettering.size * 1.14
    first = y - step * (len(lettering.lines) - 1) / 2
    return "".join(
        write_text(
            line,
            x,
            first + step * row,
            lettering.size,
            text_anchor="middle",
            font_weight=weight,
            fill=fill,
            class_="name",
            data_whole=None if lettering.whole else "no",
        )
        for row, line in enumerate(lettering.lines)
    )


def _draw_badges(agency: EcomapAgency, rect: Rect, changes: Sequence[str], say: Say) -> list[str]:
    if changes:
        return _draw_badge(
            rect,
            say("ecomap.list_mark").join(say(f"ecomap.change.{code}") for code in changes),
            CHANGE,
        )
    return _draw_badge(rect, clean(agency.note), INK) if agency.note else []


def _draw_badge(rect: Rect, words: str, colour: str) -> list[str]:
    size = min(_BADGE_SIZE, (rect.width - 34) / max(1.0, measure(words)))
    width = measure(words) * size + 26
    x = rect.right - width / 2 - 6
    y = rect.bottom + 4 if badge_below(rect) else rect.top - 4
    return [
        element(
            "rect",
            class_="badge",
            x=x - width / 2,
            y=y - _BADGE_HEIGHT / 2,
            width=width,
            height=_BADGE_HEIGHT,
            rx=_BADGE_HEIGHT / 2,
            fill=colour,
            stroke=PAPER,
            stroke_width=2,
        ),
        write_text(words, x, y, size, text_anchor="middle", font_weight=700, fill=PAPER),
    ]


def draw_outlines(organization_id: str, rect: Rect, groups: Sequence[int]) -> str:
    """Return the outlines of the first two groups a card belongs to; they go below all cards."""
    parts: list[str] = []
    for step, group in enumerate(groups[:2]):
        frame = rect.grow(4.5 + 4.5 * step)
        parts.append(
            element(
                "rect",
                class_="group",
                x=frame.left,
                y=frame.top,
                width=frame.width,
                height=frame.height,
                rx=14,
                fill="none",
                stroke_width=3.4,
                stroke=GROUP_COLOURS[group % len(GROUP_COLOURS)],
                data_group=group,
            )
        )
    return element("g", *parts, class_="outline", data_outline=organization_id) if parts else ""
