"""Header and legend of the ecomap: what is on screen, how often, as of when, in which look."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graph.pictures.cards import draw_field_sign, draw_stage
from graph.pictures.layout import CANVAS_HEIGHT, CANVAS_WIDTH
from graph.pictures.lettering import clean, measure, shorten
from graph.pictures.model import Ecomap, Say
from graph.pictures.notation import (
    CHANGE,
    FIELDS,
    GROUP_COLOURS,
    INK,
    LEG,
    PAPER,
    SOFT_INK,
    STAGES,
    STROKES,
)
from graph.pictures.signs import draw_centre_sign
from graph.pictures.strokes import draw_line
from graph.pictures.svg import element, write_text, write_title

_MARGIN: Final = 25.0
_TOP: Final = 986.0
_SIZE: Final = 25.0
_TWO_ROWS_FROM: Final = 22.0
_HEADER_Y: Final = 33.0
_TITLE_LARGEST: Final = 38.0
_TITLE_SMALLEST: Final = 22.0
_MORE: Final = 0.76
_LOOK_COLOURS: Final = {"meeting": "#0a5c36", "internal": "#9c1c2c"}


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each sign of the notation stands in the picture."""

    lines: Mapping[str, int]
    chords: int
    flows: int
    stages: Mapping[str, int]
    fields: Mapping[str, int]
    empty_fields: Sequence[str]
    changed: int
    groups: Sequence[tuple[str, int]]
    centres: Sequence[tuple[str, int]] = ()
    shared: int = 0
    legs: int = 0


@dataclass(frozen=True, slots=True)
class _Entry:
    """A legend entry: its sign of `sign_width` em, drawn by `draw(x, y, size)`, and words."""

    words: str
    sign_width: float
    draw: Callable[[float, float, float], str]
    filter: str | None = None
    count: int | None = None
    colour: str = INK

    @property
    def text(self) -> str:
        return self.words if self.count is None else f"{self.words} {self.count}"

    @property
    def width(self) -> float:
        return self.sign_width + 0.35 + measure(self.text) + 0.6


def draw_header(ecomap: Ecomap, say: Say, *, hidden: int = 0) -> str:
    """Return title, date (or two compared dates) and look; `hidden` agencies are told of."""
    look = say(f"ecomap.look.{ecomap.look}")
    when = say("ecomap.as_of", date=ecomap.as_of)
    if ecomap.compared_with:
        when = say(
            "ecomap.compared",
            before=ecomap.compared_with,
            after=ecomap.as_of,
        )
    chip = measure(look) * 27 + 40
    right = CANVAS_WIDTH - _MARGIN
    left = right - chip - 30 - measure(when) * 29 - 40
    notice = _write_notice(hidden, ecomap.left_out, say)
    notice_width = measure(notice) * 24 + 30 if notice else 0.0
    return element(
        "g",
        *_draw_title(ecomap, left - notice_width - _MARGIN),
        write_text(
            when,
            right - chip - 26,
            _HEADER_Y,
            29.0,
            text_anchor="end",
            fill=INK,
            font_weight=500,
            class_="as-of",
        ),
        element(
            "rect",
            x=right - chip,
            y=_HEADER_Y - 22,
            width=chip,
            height=44,
            rx=22,
            fill=_LOOK_COLOURS[ecomap.look],
        ),
        write_text(
            look,
            right - chip / 2,
            _HEADER_Y,
            27.0,
            text_anchor="middle",
            font_weight=700,
            fill=PAPER,
            class_="look",
        ),
        _draw_notice(notice, left - notice_width, notice_width) if notice else "",
        class_="header",
    )


def _draw_title(ecomap: Ecomap, room: float) -> Iterator[str]:
    """Yield the title, in smaller type before it is cut, and behind it what it is narrowed to."""
    title, more = clean(ecomap.title), clean(ecomap.list_name or "")
    yield write_title(" ／ ".join(filter(None, (title, more))))
    wanted = measure(title) + (_MORE * measure(more) + 1 if more else 0)
    size = max(_TITLE_SMALLEST, min(_TITLE_LARGEST, room / max(wanted, 1.0)))
    words = shorten(title, room / size)
    yield write_text(words, _MARGIN, _HEADER_Y, size, font_weight=700, fill=INK, class_="title")
    used = (measure(words) + 1) * size
    if more and room - used > 4 * _MORE * size:
        rest = shorten(more, (room - used) / (_MORE * size))
        yield write_text(
            rest, _MARGIN + used, _HEADER_Y, _MORE * size, fill=SOFT_INK, class_="narrowed"
        )


def _write_notice(hidden: int, left_out: int, say: Say) -> str:
    """Return who is not in the picture: for want of room, by the choice, or both; "" for none."""
    if hidden and left_out:
        return say("ecomap.hidden_both", count=hidden, left_out=left_out)
    if left_out:
        return say("ecomap.left_out", count=left_out)
    return say("ecomap.hidden", count=hidden) if hidden else ""


def _draw_notice(words: str, x: float, width: float) -> str:
    return element(
        "g",
        element("rect", x=x, y=_HEADER_Y - 21, width=width, height=42, rx=8, fill=CHANGE),
        write_text(
            words, x + width / 2, _HEADER_Y, 24.0, text_anchor="middle", font_weight=700, fill=PAPER
        ),
        class_="hidden-notice",
    )


def draw_legend(tally: Tally, say: Say) -> str:
    """Return the legend along the lower edge, as large as its entries allow."""
    entries = [*_list_lines(tally, say), *_list_stages(tally, say)], [*_list_fields(tally, say)]
    size, rows = _set_rows(*entries)
    step = (CANVAS_HEIGHT - _TOP) / max(1, len(rows))
    parts: list[str] = []
    for index, row in enumerate(rows):
        x, y = _MARGIN, _TOP + step * (index + 0.5)
        spare = CANVAS_WIDTH - 2 * _MARGIN - size * sum(entry.width for entry in row)
        gap = min(spare / max(1, len(row)), size * 0.9)
        for entry in row:
            parts.append(_draw_entry(entry, x, y, size))
            x += entry.width * size + gap
    return element("g", *parts, class_="legend")


def _set_rows(
    signs: Sequence[_Entry], fields: Sequence[_Entry]
) -> tuple[float, list[list[_Entry]]]:
    """Give signs and fields a row each when the type stays large, else let them flow."""
    widest = max(sum(entry.width for entry in row) for row in (signs, fields))
    size = min(_SIZE, (CANVAS_WIDTH - 2 * _MARGIN) / max(widest, 1.0))
    if size >= _TWO_ROWS_FROM:
        return size, [list(row) for row in (signs, fields) if row]
    return _flow([*signs, *fields])


def _flow(entries: Sequence[_Entry]) -> tuple[float, list[list[_Entry]]]:
    """Break the entries into rows; shrink the type until they fit the legend's height."""
    size = _SIZE
    while True:
        rows: list[list[_Entry]] = [[]]
        used = 0.0
        for entry in entries:
            if used + entry.width * size > CANVAS_WIDTH - 2 * _MARGIN and rows[-1]:
                rows.append([])
                used = 0.0
            rows[-1].append(entry)
            used += entry.width * size
        if len(rows) * size * 1.5 <= CANVAS_HEIGHT - _TOP or size <= 12:
            return size, rows
        size -= 0.5


def _draw_entry(entry: _Entry, x: float, y: float, size: float) -> str:
    text_x = x + (entry.sign_width + 0.35) * size
    width = (entry.width - 0.35) * size
    button = {"tabindex": 0, "role": "button", "aria_pressed": "false"}
    return element(
        "g",
        element(
            "rect",
            class_="hit",
            x=x - size * 0.2,
            y=y - size * 0.72,
            width=width,
            height=size * 1.44,
            rx=6,
            fill=PAPER,
        ),
        entry.draw(x, y, size),
        write_text(entry.text, text_x, y, size, fill=entry.colour, font_weight=500),
        class_="key",
        aria_label=entry.text,
        data_filter=entry.filter,
        **(button if entry.filter else {"role": "img"}),
    )


def _list_lines(tally: Tally, say: Say) -> Iterator[_Entry]:
    for index, (name, count) in enumerate(tally.centres):
        yield _Entry(shorten(name, 9), 1.3, _centre_sign(index), f"centre:{index}", count)
    if tally.shared:
        yield _Entry(say("ecomap.shared"), 2.4, _draw_both_signs, "shared", tally.shared)
    if tally.legs:
        yield _Entry(say("ecomap.path"), 2.4, _draw_leg, count=tally.legs)
    for kind in STROKES:
        if tally.lines.get(kind):
            yield _Entry(
                say(f"ecomap.line.{kind}"), 2.9, _line_sign(kind), f"line:{kind}", tally.lines[kind]
            )
    if tally.chords:
        yield _Entry(say("ecomap.chords"), 2.4, _draw_chord, "chord", tally.chords)
    if tally.flows:
        yield _Entry(say("ecomap.flow"), 2.0, _draw_arrow)


def _list_stages(tally: Tally, say: Say) -> Iterator[_Entry]:
    for stage in STAGES:
        if tally.stages.get(stage):
            yield _Entry(
                say(f"ecomap.stage.{stage}"),
                1.0,
                _stage_sign(stage),
                f"stage:{stage}",
                tally.stages[stage],
            )
    if tally.changed:
        yield _Entry(say("ecomap.changed"), 1.4, _draw_changed, "changed", tally.changed)


def _list_fields(tally: Tally, say: Say) -> Iterator[_Entry]:
    for field in FIELDS:
        if tally.fields.get(field):
            yield _Entry(
                say(f"ecomap.field.{field}"),
                1.3,
                _field_sign(field),
                f"field:{field}",
                tally.fields[field],
            )
    for field in tally.empty_fields:
        words = say("ecomap.empty_field", field=say(f"ecomap.field.{field}"))
        yield _Entry(words, 1.2, _draw_empty, colour=SOFT_INK)
    for index, (name, count) in enumerate(tally.groups):
        yield _Entry(shorten(name, 14), 1.3, _group_sign(index), f"group:{index}", count)


def _line_sign(kind: str) -> Callable[[float, float, float], str]:
    def draw(x: float, y: float, size: float) -> str:
        return draw_line(
            ((x, y), (x + 2.9 * size, y)), STROKES[kind], start=False, end=False, halo=False
        )

    return draw


def _stage_sign(stage: str) -> Callable[[float, float, float], str]:
    return lambda x, y, size: draw_stage(stage, x + size / 2, y, size * 0.42)


def _field_sign(field: str) -> Callable[[float, float, float], str]:
    return lambda x, y, size: draw_field_sign(field, x + size * 0.65, y, size * 1.3)


def _group_sign(index: int) -> Callable[[float, float, float], str]:
    colour = GROUP_COLOURS[index % len(GROUP_COLOURS)]
    return lambda x, y, size: element(
        "rect",
        x=x,
        y=y - size * 0.4,
        width=size * 1.3,
        height=size * 0.8,
        rx=4,
        fill="none",
        stroke=colour,
        stroke_width=3.4,
    )


def _centre_sign(centre: int) -> Callable[[float, float, float], str]:
    return lambda x, y, size: draw_centre_sign(centre, x + size * 0.65, y, size * 0.55)


def _draw_both_signs(x: float, y: float, size: float) -> str:
    return _centre_sign(0)(x, y, size) + _centre_sign(1)(x + size * 1.15, y, size)


def _draw_leg(x: float, y: float, size: float) -> str:
    return draw_line(((x, y), (x + 2.4 * size, y)), LEG, start=False, end=True, halo=False)


def _draw_chord(x: float, y: float, size: float) -> str:
    return element("path", d=f"M{x:g} {y:g}h{2.4 * size:g}", stroke="#75869a", stroke_width=2.4)


def _draw_arrow(x: float, y: float, size: float) -> str:
    return draw_line(
        ((x, y), (x + 2 * size, y)), STROKES["normal"], start=False, end=True, halo=False
    )


def _draw_changed(x: float, y: float, size: float) -> str:
    return element(
        "rect",
        x=x,
        y=y - size * 0.42,
        width=size * 1.4,
        height=size * 0.84,
        rx=5,
        fill=PAPER,
        stroke=CHANGE,
        stroke_width=5,
    )


def _draw_empty(x: float, y: float, size: float) -> str:
    return element(
        "rect",
        x=x,
        y=y - size * 0.42,
        width=size * 1.2,
        height=size * 0.84,
        rx=5,
        fill="none",
        stroke=SOFT_INK,
        stroke_width=2.4,
        stroke_dasharray="3 5",
    )
