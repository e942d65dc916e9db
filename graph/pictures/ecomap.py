"""The ecomap: a network around one or two centres, drawn as SVG by a pure function."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from graph.pictures.cards import DIM, draw_card, draw_ego, draw_empty_field, draw_outlines
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
    LEG,
    PAPER,
    STROKES,
    Stroke,
    choose_line_kind,
)
from graph.pictures.routes import Ellipse, Router
from graph.pictures.signs import draw_centre_sign, draw_step
from graph.pictures.strokes import Point, draw_line, find_point, measure_polyline
from graph.pictures.svg import FONTS, element, write_description, write_title

__all__ = [
    "DrawOptions",
    "DrawnTie",
    "Ecomap",
    "EcomapAgency",
    "EcomapGroup",
    "EcomapTie",
    "Leg",
    "Plan",
    "assign_slots",
    "draw_ecomap",
    "number_steps",
    "plan_ecomap",
]

_CHORD_COLOUR: Final = "#75869a"
_CHORD_SHARE: Final = 0.62
_SIGN_AT: Final = 58.0
_SIGN_SIZE: Final = 13.0


@dataclass(frozen=True, slots=True)
class Content:
    """What stands in a picture: who is shown, which changes each tells, which groups are drawn."""

    ecomap: Ecomap
    plan: Plan
    shown: Sequence[EcomapAgency]
    changes: Mapping[str, Sequence[str]]
    groups: Sequence[EcomapGroup]


@dataclass(frozen=True, slots=True)
class DrawnTie:
    """A tie with its line kind and way; `chord` tells agency–agency ties from the others."""

    tie: EcomapTie
    kind: str
    chord: bool
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg of a path, from an agency or centre to the next one."""

    source_id: str
    target_id: str
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
    legs: tuple[Leg, ...]


def draw_ecomap(ecomap: Ecomap, options: DrawOptions, say: Say) -> str:
    """Return the ecomap as one SVG text: the screen, the print and the export.

    An empty ecomap shows the centre and ten dotted boxes. Agencies beyond the canvas's slots
    are not drawn; their number is printed. `say(key, **values)` gives the words of the
    catalogue `ecomap`, whose entry `language` names the language they are in. What is drawn is
    told in words as well: cards by their labels, ties by the description of the whole. The answer
    depends on nothing but the arguments.

    Raises:
        KeyError: a field, stage or change that the notation does not know.
    """
    plan = plan_ecomap(ecomap, options)
    shown = [agency for agency in ecomap.agencies if agency.organization_id in plan.cards]
    changes = {agency.organization_id: _visible_changes(agency, ecomap.look) for agency in shown}
    groups = ecomap.groups if options.show_groups else ()
    content = Content(ecomap, plan, shown, changes, groups)
    title = say("ecomap.spoken_title", title=clean(ecomap.title), count=len(shown))
    return element(
        "svg",
        write_title(title),
        write_description(_describe_ties(content, say)),
        element("rect", width=CANVAS_WIDTH, height=CANVAS_HEIGHT, fill=PAPER, class_="paper"),
        draw_header(ecomap, say, hidden=len(plan.hidden)),
        _draw_ground(content, say),
        *_draw_agencies(content, say),
        draw_legend(_tally(content), say),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {CANVAS_WIDTH:.0f} {CANVAS_HEIGHT:.0f}",
        width=CANVAS_WIDTH,
        height=CANVAS_HEIGHT,
        class_="ecomap",
        role="group",
        aria_label=title,
        lang=say("ecomap.language"),
        xml__lang=say("ecomap.language"),
        font_family=FONTS,
        data_look=ecomap.look,
        data_hidden=len(plan.hidden),
    )


def _describe_ties(content: Content, say: Say) -> str:
    """Return every drawn tie in words: those with the centre first, as the cards stand."""
    names = _list_names(content.ecomap)
    order = {agency.organization_id: place for place, agency in enumerate(content.shown)}
    ties = sorted(
        content.plan.ties,
        key=lambda drawn: (
            drawn.chord,
            min(order.get(end, len(order)) for end in (drawn.tie.source_id, drawn.tie.target_id)),
        ),
    )
    return "\n".join(_tell_tie(drawn, names, say) for drawn in ties)


def _tell_tie(drawn: DrawnTie, names: Mapping[str, str], say: Say) -> str:
    words = say(f"ecomap.line.{drawn.kind}")
    return f"{names[drawn.tie.source_id]} — {names[drawn.tie.target_id]}: {words}"


def _draw_ground(content: Content, say: Say) -> str:
    """Return what lies below the cards: boxes, ties and outlines; a path dims it all."""
    ecomap, plan, groups = content.ecomap, content.plan, content.groups
    names = _list_names(ecomap)
    ties = sorted(plan.ties, key=lambda tie: not tie.chord)
    parts = [
        *(draw_empty_field(field, rect, say) for field, rect in plan.boxes.items()),
        *(_draw_tie(tie, names, say, ecomap.ego_ids) for tie in ties),
        *(
            draw_outlines(a.organization_id, plan.cards[a.organization_id], _groups_of(a, groups))
            for a in content.shown
        ),
    ]
    return element("g", *parts, class_="ground", opacity=DIM if ecomap.path else None)


def _draw_agencies(content: Content, say: Say) -> Iterator[str]:
    """Yield the legs of a path, the centres, the cards and the numbers of the path."""
    ecomap, plan = content.ecomap, content.plan
    names = _list_names(ecomap)
    steps = number_steps(ecomap.path)
    yield from (_draw_leg(leg, names) for leg in plan.legs)
    yield from _draw_egos(ecomap, plan, steps)
    for agency in content.shown:
        organization_id = agency.organization_id
        yield draw_card(
            agency,
            plan.cards[organization_id],
            say,
            changes=content.changes[organization_id],
            lines=_lines_of(agency, plan),
            groups=_groups_of(agency, content.groups),
            dim=bool(steps) and organization_id not in steps,
        )
    yield from _draw_steps(steps, plan)


def plan_ecomap(ecomap: Ecomap, options: DrawOptions) -> Plan:
    """Return where everything of the picture stands and which way its lines go.

    Raises:
        KeyError: an agency's field is not one of the ten.
    """
    centres = set(ecomap.ego_ids)
    agencies = [a for a in ecomap.agencies if a.organization_id not in centres]
    seating = seat([(a.organization_id, a.field, a.slot) for a in agencies], frozenset(ecomap.path))
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
    legs = tuple(_route_legs(ecomap.path, Router(cards, egos, tuple(boxes.values()))))
    return Plan(cards, egos, boxes, ties, seating.hidden, crowded_out, legs)


def number_steps(path: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Return organization id → its places on the path, counted from 1; {} without a path."""
    steps: dict[str, tuple[int, ...]] = {}
    for number, organization_id in enumerate(path, 1):
        steps[organization_id] = (*steps.get(organization_id, ()), number)
    return steps


def _route_legs(path: Sequence[str], router: Router) -> Iterator[Leg]:
    """Yield the legs whose two ends are in the picture; ties, being dimmed, may be crossed."""
    there = router.cards.keys() | router.egos.keys()
    pairs = [pair for pair in pairwise(path) if pair[0] != pair[1] and there.issuperset(pair)]
    for (source, target), way in zip(pairs, router.find_ways(pairs), strict=True):
        if way is not None:
            yield Leg(source, target, way)


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


def _draw_leg(leg: Leg, names: Mapping[str, str]) -> str:
    return element(
        "g",
        write_title(f"{names[leg.source_id]} → {names[leg.target_id]}"),
        draw_line(leg.points, LEG, start=False, end=True),
        class_="leg",
        data_source=leg.source_id,
        data_target=leg.target_id,
    )


def _draw_steps(steps: Mapping[str, tuple[int, ...]], plan: Plan) -> Iterator[str]:
    for organization_id, numbers in steps.items():
        if rect := plan.cards.get(organization_id):
            yield draw_step(numbers, rect.left - 2, rect.top - 2)
        elif ego := plan.egos.get(organization_id):
            yield draw_step(numbers, ego.x - ego.half_width * 0.68, ego.y - ego.half_height * 0.76)


def _draw_tie(
    drawn: DrawnTie, names: Mapping[str, str], say: Say, ego_ids: Sequence[str] = ()
) -> str:
    tie, stroke = drawn.tie, STROKES[drawn.kind]
    if drawn.chord:
        plain = stroke.shape in ("plain", "cut")
        colour = _CHORD_COLOUR if plain else stroke.colour
        stroke = Stroke(stroke.width * _CHORD_SHARE, colour, stroke.dash, stroke.shape)
    centre = _find_centre(tie, ego_ids)
    return element(
        "g",
        write_title(_tell_tie(drawn, names, say)),
        draw_line(
            drawn.points,
            stroke,
            start=tie.flow in ("in", "both"),
            end=tie.flow in ("out", "both"),
        ),
        "" if centre is None else _draw_sign(drawn, centre, ego_ids),
        class_="tie chord" if drawn.chord else "tie",
        data_source=tie.source_id,
        data_target=tie.target_id,
        data_line=drawn.kind,
        data_flow=tie.flow,
        data_centre=centre,
        opacity=0.85 if drawn.chord else None,
    )


def _find_centre(tie: EcomapTie, ego_ids: Sequence[str]) -> int | None:
    """Return which of two centres a tie belongs to; None for a single centre and for chords."""
    ends = [index for index, ego in enumerate(ego_ids) if ego in (tie.source_id, tie.target_id)]
    return ends[0] if len(ego_ids) > 1 and len(ends) == 1 else None


def _draw_sign(drawn: DrawnTie, centre: int, ego_ids: Sequence[str]) -> str:
    """Return the centre's sign on its tie, near the agency, behind any arrow head there."""
    points = drawn.points[::-1] if drawn.tie.target_id in ego_ids else drawn.points
    total = measure_polyline(points)
    x, y, *_ = find_point(points, total - min(_SIGN_AT, total * 0.45))
    return draw_centre_sign(centre, x, y, _SIGN_SIZE)


def _draw_egos(ecomap: Ecomap, plan: Plan, steps: Mapping[str, object]) -> list[str]:
    kinds = (*ecomap.ego_kinds, *("",) * len(ecomap.ego_ids))
    centres = zip(ecomap.ego_ids, ecomap.ego_names, kinds, strict=False)
    return [
        draw_ego(
            ego_id,
            name,
            kind,
            plan.egos[ego_id],
            sign=index if len(ecomap.ego_ids) > 1 else None,
            dim=bool(steps) and ego_id not in steps,
            opens=ecomap.egos_open,
        )
        for index, (ego_id, name, kind) in enumerate(centres)
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


def _tally(content: Content) -> Tally:
    plan, shown = content.plan, content.shown
    return Tally(
        lines=Counter(drawn.kind for drawn in plan.ties if not drawn.chord),
        chords=sum(drawn.chord for drawn in plan.ties),
        flows=sum(drawn.tie.flow is not None for drawn in plan.ties),
        stages=Counter(agency.stage for agency in shown if agency.stage),
        fields=Counter(agency.field for agency in shown),
        empty_fields=plan.crowded_out,
        changed=sum(bool(codes) for codes in content.changes.values()),
        groups=tuple(
            (clean(group.name), len(plan.cards.keys() & set(group.member_ids)))
            for group in content.groups
        ),
        centres=_count_centres(content.ecomap, shown),
        shared=sum(len(agency.centres) > 1 for agency in shown),
        legs=len(plan.legs),
    )


def _count_centres(ecomap: Ecomap, shown: Sequence[EcomapAgency]) -> tuple[tuple[str, int], ...]:
    if len(ecomap.ego_ids) < 2:
        return ()
    return tuple(
        (clean(name), sum(index in agency.centres for agency in shown))
        for index, name in enumerate(ecomap.ego_names[:2])
    )
