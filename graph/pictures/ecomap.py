"""The ecomap: a network around one or two centres, drawn as SVG by a pure function."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graph.pictures.cards import draw_card, draw_ego, draw_empty_field, draw_outlines
from graph.pictures.layout import (
    CANVAS_HEIGHT,
    CANVAS_WIDTH,
    CENTRE,
    Rect,
    assign_slots,
    find_home,
    place_slot,
    seat,
)
from graph.pictures.legend import Tally, draw_header, draw_legend
from graph.pictures.lettering import clean
from graph.pictures.model import (
    DrawOptions,
    Ecomap,
    EcomapAgency,
    EcomapGroup,
    EcomapTie,
    Say,
)
from graph.pictures.notation import (
    FIELDS,
    INTERNAL_CHANGES,
    PAPER,
    STROKES,
    Stroke,
    choose_line_kind,
)
from graph.pictures.routes import Ellipse, Router
from graph.pictures.strokes import Point, draw_line
from graph.pictures.svg import FONTS, element, write_title

__all__ = [
    "DrawOptions",
    "DrawnTie",
    "Ecomap",
    "EcomapAgency",
    "EcomapGroup",
    "EcomapTie",
    "Plan",
    "assign_slots",
    "draw_ecomap",
    "plan_ecomap",
]

_CHORD_COLOUR: Final = "#75869a"
_CHORD_SHARE: Final = 0.62


@dataclass(frozen=True, slots=True)
class DrawnTie:
    """A tie with its line kind and way; `chord` tells agency–agency ties from the others."""

    tie: EcomapTie
    kind: str
    chord: bool
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The geometry of a picture, before any ink: what the tests measure.

    `cards` and `egos` are by organization id, `boxes` (of empty fields) by field code.
    """

    cards: Mapping[str, Rect]
    egos: Mapping[str, Ellipse]
    boxes: Mapping[str, Rect]
    ties: tuple[DrawnTie, ...]
    hidden: tuple[str, ...]
    crowded_out: tuple[str, ...]


def draw_ecomap(ecomap: Ecomap, options: DrawOptions, say: Say) -> str:
    """Return the ecomap as one SVG text: the screen, the print and the export.

    An empty ecomap shows the centre and ten dotted boxes. Agencies beyond the canvas's slots
    are not drawn; their number is printed. `say(key, **values)` gives the words of the
    catalogue `ecomap`. The answer depends on nothing but the arguments.

    Raises:
        KeyError: a field, stage or change that the notation does not know.
    """
    plan = plan_ecomap(ecomap, options)
    shown = [agency for agency in ecomap.agencies if agency.organization_id in plan.cards]
    names = _list_names(ecomap)
    changes = {agency.organization_id: _visible_changes(agency, ecomap.look) for agency in shown}
    lines = {agency.organization_id: _lines_of(agency, plan) for agency in shown}
    groups = ecomap.groups if options.show_groups else ()
    body = [
        element("rect", width=CANVAS_WIDTH, height=CANVAS_HEIGHT, fill=PAPER, class_="paper"),
        draw_header(ecomap, say, hidden=len(plan.hidden)),
        *(draw_empty_field(field, rect, say) for field, rect in plan.boxes.items()),
        *(_draw_tie(tie, names, say) for tie in plan.ties if tie.chord),
        *(_draw_tie(tie, names, say) for tie in plan.ties if not tie.chord),
        *_draw_egos(ecomap, plan),
        *(
            draw_outlines(
                agency.organization_id,
                plan.cards[agency.organization_id],
                _groups_of(agency, groups),
            )
            for agency in shown
        ),
        *(
            draw_card(
                agency,
                plan.cards[agency.organization_id],
                say,
                changes=changes[agency.organization_id],
                lines=lines[agency.organization_id],
                groups=_groups_of(agency, groups),
            )
            for agency in shown
        ),
        draw_legend(_tally(plan, shown, changes, groups), say),
    ]
    title = say("ecomap.spoken_title", title=clean(ecomap.title), count=len(shown))
    return element(
        "svg",
        write_title(title),
        *body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {CANVAS_WIDTH:.0f} {CANVAS_HEIGHT:.0f}",
        width=CANVAS_WIDTH,
        height=CANVAS_HEIGHT,
        class_="ecomap",
        role="group",
        aria_label=title,
        font_family=FONTS,
        data_look=ecomap.look,
        data_hidden=len(plan.hidden),
    )


def plan_ecomap(ecomap: Ecomap, options: DrawOptions) -> Plan:
    """Return where everything of the picture stands and which way its lines go.

    Raises:
        KeyError: an agency's field is not one of the ten.
    """
    centres = set(ecomap.ego_ids)
    agencies = [a for a in ecomap.agencies if a.organization_id not in centres]
    seating = seat([(a.organization_id, a.field, a.slot) for a in agencies])
    cards = {
        a.organization_id: place_slot(seating.slots[a.organization_id])
        for a in agencies
        if a.organization_id in seating.slots
    }
    egos = _place_egos(ecomap.ego_ids)
    present = {a.field for a in agencies if a.organization_id in cards}
    empty = [f for f in FIELDS if f not in present] if options.show_empty_fields else []
    taken = set(seating.slots.values())
    boxes = {f: place_slot(find_home(f)) for f in empty if find_home(f) not in taken}
    ties = tuple(_route_ties(ecomap, options, Router(cards, egos, tuple(boxes.values()))))
    crowded_out = tuple(f for f in empty if f not in boxes)
    return Plan(cards, egos, boxes, ties, seating.hidden, crowded_out)


def _place_egos(ego_ids: Sequence[str]) -> dict[str, Ellipse]:
    x, y = CENTRE
    if len(ego_ids) == 1:
        return {ego_ids[0]: Ellipse(x, y, 178, 98)}
    return {
        ego_id: Ellipse(x, y + (index - (len(ego_ids) - 1) / 2) * 156, 178, 66)
        for index, ego_id in enumerate(ego_ids[:2])
    }


def _route_ties(ecomap: Ecomap, options: DrawOptions, router: Router) -> Iterator[DrawnTie]:
    spokes: list[EcomapTie] = []
    chords: list[EcomapTie] = []
    for tie in ecomap.ties:
        ends = {tie.source_id, tie.target_id}
        if len(ends) < 2 or not ends <= router.cards.keys() | router.egos.keys():
            continue
        if ends & router.egos.keys():
            spokes.append(tie)
        elif options.chords == "all" or (options.chords == "selected" and options.selected in ends):
            chords.append(tie)
    ties = [*sorted(spokes, key=_order), *sorted(chords, key=_order)]
    ways = router.find_ways([(tie.source_id, tie.target_id) for tie in ties])
    for tie, way in zip(ties, ways, strict=True):
        if way is not None:
            kind = choose_line_kind(
                tie.strength, tie.quality, ecomap.look, show_stress=options.show_stress
            )
            chord = not {tie.source_id, tie.target_id} & router.egos.keys()
            yield DrawnTie(tie, kind, chord, way)


def _order(tie: EcomapTie) -> tuple[str, str, str, str]:
    return tie.source_id, tie.target_id, tie.strength, tie.quality


def _draw_tie(drawn: DrawnTie, names: Mapping[str, str], say: Say) -> str:
    tie, stroke = drawn.tie, STROKES[drawn.kind]
    if drawn.chord:
        plain = stroke.shape in ("plain", "cut")
        colour = _CHORD_COLOUR if plain else stroke.colour
        stroke = Stroke(stroke.width * _CHORD_SHARE, colour, stroke.dash, stroke.shape)
    words = say(f"ecomap.line.{drawn.kind}")
    title = f"{names[tie.source_id]} — {names[tie.target_id]}: {words}"
    return element(
        "g",
        write_title(title),
        draw_line(
            drawn.points,
            stroke,
            start=tie.flow in ("in", "both"),
            end=tie.flow in ("out", "both"),
        ),
        class_="tie chord" if drawn.chord else "tie",
        data_source=tie.source_id,
        data_target=tie.target_id,
        data_line=drawn.kind,
        data_flow=tie.flow,
        opacity=0.85 if drawn.chord else None,
    )


def _draw_egos(ecomap: Ecomap, plan: Plan) -> list[str]:
    kinds = (*ecomap.ego_kinds, *("",) * len(ecomap.ego_ids))
    return [
        draw_ego(ego_id, name, kind, plan.egos[ego_id])
        for ego_id, name, kind in zip(ecomap.ego_ids, ecomap.ego_names, kinds, strict=False)
        if ego_id in plan.egos
    ]


def _list_names(ecomap: Ecomap) -> dict[str, str]:
    names = {agency.organization_id: clean(agency.name) for agency in ecomap.agencies}
    return names | dict(zip(ecomap.ego_ids, map(clean, ecomap.ego_names), strict=False))


def _visible_changes(agency: EcomapAgency, look: str) -> tuple[str, ...]:
    codes = (agency.change or "").split("+") if agency.change else []
    return tuple(c for c in codes if look == "internal" or c not in INTERNAL_CHANGES)


def _lines_of(agency: EcomapAgency, plan: Plan) -> tuple[str, ...]:
    kinds = {
        drawn.kind
        for drawn in plan.ties
        if not drawn.chord and agency.organization_id in (drawn.tie.source_id, drawn.tie.target_id)
    }
    return tuple(kind for kind in STROKES if kind in kinds)


def _groups_of(agency: EcomapAgency, groups: Sequence[EcomapGroup]) -> tuple[int, ...]:
    return tuple(i for i, group in enumerate(groups) if agency.organization_id in group.member_ids)


def _tally(
    plan: Plan,
    shown: Sequence[EcomapAgency],
    changes: Mapping[str, Sequence[str]],
    groups: Sequence[EcomapGroup],
) -> Tally:
    return Tally(
        lines=Counter(drawn.kind for drawn in plan.ties if not drawn.chord),
        chords=sum(drawn.chord for drawn in plan.ties),
        flows=sum(drawn.tie.flow is not None for drawn in plan.ties),
        stages=Counter(agency.stage for agency in shown),
        fields=Counter(agency.field for agency in shown),
        empty_fields=plan.crowded_out,
        changed=sum(bool(codes) for codes in changes.values()),
        groups=tuple(
            (clean(group.name), len(plan.cards.keys() & set(group.member_ids))) for group in groups
        ),
    )
