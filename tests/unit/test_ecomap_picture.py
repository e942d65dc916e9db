"""The picture: who stands where, which way the lines go, what it tells and what it keeps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.pictures.ecomap import (
    DrawOptions,
    Ecomap,
    EcomapAgency,
    EcomapGroup,
    EcomapTie,
    Plan,
    assign_slots,
    draw_ecomap,
    plan_ecomap,
)
from graph.pictures.layout import CAPACITY, Rect
from graph.pictures.notation import FIELDS, STAGES, STROKES
from graph.pictures.routes import Ellipse
from texts import read_catalogue, say

SVG = "{http://www.w3.org/2000/svg}"
FIELD_CODES = sorted(FIELDS)
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def make_agency(number: int, field: str = "welfare", **values: object) -> EcomapAgency:
    known: dict[str, object] = {
        "organization_id": f"o{number}",
        "name": f"若葉野相談支援センター{number}",
        "short_name": None,
        "field": field,
        "stage": "supporting",
        "slot": None,
        "change": None,
    }
    return EcomapAgency(**(known | values))  # type: ignore[arg-type]


def make_ecomap(
    agencies: Sequence[EcomapAgency] = (), ties: Sequence[EcomapTie] = (), **values: object
) -> Ecomap:
    known: dict[str, object] = {
        "title": "若葉野の支援ネットワーク",
        "as_of": date(2022, 10, 4),
        "ego_ids": ("ego",),
        "ego_names": ("あけぼの寮",),
        "agencies": tuple(agencies),
        "ties": tuple(ties),
        "look": "internal",
    }
    return Ecomap(**(known | values))  # type: ignore[arg-type]


def draw(ecomap: Ecomap, **options: object) -> ET.Element:
    return ET.fromstring(draw_ecomap(ecomap, DrawOptions(**options), say))  # type: ignore[arg-type]


def find(picture: ET.Element, class_name: str) -> list[ET.Element]:
    return [e for e in picture.iter() if class_name in e.get("class", "").split()]


def read(element: ET.Element) -> str:
    return "".join("".join(text.itertext()) for text in element.iter(f"{SVG}text"))


@st.composite
def ecomaps(draw_: st.DrawFn, most: int = 40) -> Ecomap:
    fields = draw_(st.lists(st.sampled_from(FIELD_CODES), min_size=1, max_size=most))
    egos = draw_(st.sampled_from([("ego",), ("ego", "second")]))
    ids = [f"o{number}" for number in range(len(fields))]
    slots = assign_slots({}, list(zip(ids, fields, strict=True)))
    agencies = [
        make_agency(number, field, slot=slots[f"o{number}"]) for number, field in enumerate(fields)
    ]
    ends = st.sampled_from([*egos, *ids])
    more = draw_(st.lists(st.tuples(ends, ends), max_size=14))
    pairs = [(egos[number % len(egos)], id_) for number, id_ in enumerate(ids)]
    qualities = st.sampled_from(["good", "stressful", "broken"])
    ties = [
        EcomapTie(source, target, "normal", draw_(qualities), "both")
        for source, target in [*pairs, *more]
        if source != target
    ]
    names = ("あけぼの寮", "ほっとねっと")[: len(egos)]
    return make_ecomap(agencies, ties, ego_ids=egos, ego_names=names)


def passes_behind(points: Sequence[tuple[float, float]], rect: Rect) -> bool:
    """Clip each segment to the rectangle (Liang and Barsky 1984)."""
    return any(_cuts(start, end, rect) for start, end in pairwise(points))


def _cuts(start: tuple[float, float], end: tuple[float, float], rect: Rect) -> bool:
    dx, dy = end[0] - start[0], end[1] - start[1]
    enter, leave = 0.0, 1.0
    for step, room in (
        (-dx, start[0] - rect.left),
        (dx, rect.right - start[0]),
        (-dy, start[1] - rect.top),
        (dy, rect.bottom - start[1]),
    ):
        if step == 0:
            if room <= 0:
                return False
        elif step < 0:
            enter = max(enter, room / step)
        else:
            leave = min(leave, room / step)
    return enter < leave


def meets_edge(plan: Plan, name: str, point: tuple[float, float]) -> bool:
    x, y = point
    if name in plan.egos:
        ego: Ellipse = plan.egos[name]
        across, down = (x - ego.x) / ego.half_width, (y - ego.y) / ego.half_height
        return abs(across**2 + down**2 - 1) < 1e-6
    card = plan.cards[name]
    on_side = x in (card.left, card.right) and card.top <= y <= card.bottom
    on_level = y in (card.top, card.bottom) and card.left <= x <= card.right
    return on_side or on_level


@given(ecomaps())
@SLOW
def test_every_tie_is_drawn_and_no_line_passes_behind_another_card(ecomap: Ecomap) -> None:
    plan = plan_ecomap(ecomap, DrawOptions())
    assert len(plan.ties) == len(ecomap.ties)
    for drawn in plan.ties:
        ends = {drawn.tie.source_id, drawn.tie.target_id}
        for name, rect in plan.cards.items():
            room = rect.grow(-2) if name in ends else rect.grow(4)
            assert not passes_behind(drawn.points, room), (drawn.tie, name)
        for name, ego in plan.egos.items():
            if name not in ends:
                assert not passes_behind(drawn.points, ego.box.grow(-20)), (drawn.tie, name)
        for box in plan.boxes.values():
            assert not passes_behind(drawn.points, box)


@given(ecomaps())
@SLOW
def test_lines_meet_the_edges_they_join(ecomap: Ecomap) -> None:
    plan = plan_ecomap(ecomap, DrawOptions())
    for drawn in plan.ties:
        assert meets_edge(plan, drawn.tie.source_id, drawn.points[0])
        assert meets_edge(plan, drawn.tie.target_id, drawn.points[-1])


@given(ecomaps(most=30), st.data())
@SLOW
def test_whoever_comes_goes_or_changes_no_card_moves(ecomap: Ecomap, data: st.DataObject) -> None:
    stay = data.draw(st.permutations(ecomap.agencies))[: data.draw(st.integers(0, 30))]
    changed = [
        make_agency(
            int(a.organization_id[1:]),
            a.field,
            slot=a.slot,
            stage="declined",
            change="stage_down",
            name="改称",
        )
        for a in stay
    ]
    before = _list_places(draw(ecomap))
    after = _list_places(draw(make_ecomap(changed)))
    assert after.keys() <= before.keys()
    assert all(before[name] == place for name, place in after.items())


def _list_places(picture: ET.Element) -> dict[str | None, tuple[str | None, ...]]:
    places: dict[str | None, tuple[str | None, ...]] = {}
    for card in find(picture, "card"):
        (plate,) = find(card, "plate")
        places[card.get("data-agency")] = tuple(plate.get(k) for k in ("x", "y", "width", "height"))
    return places


def test_the_same_arguments_give_the_same_text() -> None:
    agencies = [make_agency(n, FIELD_CODES[n % 10]) for n in range(20)]
    ties = [EcomapTie("ego", f"o{n}", "strong") for n in range(20)]
    ecomap, again = make_ecomap(agencies, ties), make_ecomap(agencies[::-1], ties[::-1])
    assert draw_ecomap(ecomap, DrawOptions(), say) == draw_ecomap(ecomap, DrawOptions(), say)
    assert _list_places(draw(ecomap)) == _list_places(draw(again))


def test_an_empty_ecomap_shows_the_centre_and_ten_dotted_boxes() -> None:
    picture = draw(make_ecomap())
    assert len(find(picture, "ego")) == 1
    assert {e.get("data-empty-field") for e in find(picture, "empty")} == set(FIELDS)
    assert not find(picture, "key")


def test_a_field_with_somebody_has_no_dotted_box() -> None:
    picture = draw(make_ecomap([make_agency(1, "kin")]))
    boxes = {e.get("data-empty-field") for e in find(picture, "empty")}
    assert boxes == set(FIELDS) - {"kin"}
    assert not find(draw(make_ecomap(), show_empty_fields=False), "empty")


def test_an_empty_field_whose_home_is_taken_is_named_in_the_legend() -> None:
    picture = draw(make_ecomap([make_agency(n, "welfare") for n in range(40)]))
    assert not find(picture, "empty")
    assert "医療：空き" in read(find(picture, "legend")[0])


def test_title_date_and_look_stand_in_the_picture() -> None:
    header = read(find(draw(make_ecomap(look="meeting")), "header")[0])
    assert "若葉野の支援ネットワーク" in header
    assert "2022年10月4日 現在" in header
    assert "会議用" in header
    compared = read(find(draw(make_ecomap(compared_with=date(2022, 3, 1))), "header")[0])
    assert "2022年3月1日 → 2022年10月4日" in compared
    assert "内部用" in compared


def test_the_meeting_look_keeps_stress_and_anxiety_to_itself() -> None:
    agencies = [
        make_agency(1, change="anxiety_up"),
        make_agency(2, "kin", change="contact_changed+anxiety_down"),
    ]
    ties = [
        EcomapTie("ego", "o1", "strong", "stressful", "out"),
        EcomapTie("o1", "o2", "strong", "stressful", "out"),
    ]
    kept = draw_ecomap(make_ecomap(agencies, ties, look="meeting"), DrawOptions(), say)
    calm = [EcomapTie(t.source_id, t.target_id, "normal", "good", "out") for t in ties]
    unmoved = [make_agency(1), make_agency(2, "kin", change="contact_changed")]
    assert kept == draw_ecomap(make_ecomap(unmoved, calm, look="meeting"), DrawOptions(), say)
    told = draw_ecomap(make_ecomap(agencies, ties), DrawOptions(), say)
    assert "緊張" in told and "不安↑" in told


def test_the_meeting_look_may_show_what_to_talk_about() -> None:
    ecomap = make_ecomap(
        [make_agency(1)], [EcomapTie("ego", "o1", "strong", "stressful")], look="meeting"
    )
    picture = draw(ecomap, show_stress=True)
    assert [e.get("data-line") for e in find(picture, "tie")] == ["talk"]
    assert "話し合いたい関係 1" in read(find(picture, "legend")[0])
    assert "stressful" not in ET.tostring(picture, "unicode")


@pytest.mark.parametrize(
    ("flow", "source_id", "heads_at"),
    [
        ("out", "ego", "card"),
        ("in", "ego", "ego"),
        ("both", "ego", "both"),
        (None, "ego", "none"),
        ("out", "o1", "ego"),
        ("in", "o1", "card"),
    ],
)
def test_an_arrow_points_at_whom_the_other_acts_on(
    flow: str | None, source_id: str, heads_at: str
) -> None:
    target_id = "o1" if source_id == "ego" else "ego"
    ecomap = make_ecomap(
        [make_agency(1)], [EcomapTie(source_id, target_id, "normal", "good", flow)]
    )
    (drawn,) = plan_ecomap(ecomap, DrawOptions()).ties
    tips = {
        tuple(map(float, head.get("points", "").split()[0].split(",")))
        for tie in find(draw(ecomap), "tie")
        for head in find(tie, "head")
    }
    by_name = {drawn.tie.source_id: drawn.points[0], drawn.tie.target_id: drawn.points[-1]}
    ends = {
        "card": {by_name["o1"]},
        "ego": {by_name["ego"]},
        "both": set(by_name.values()),
        "none": set(),
    }[heads_at]
    assert tips == {tuple(round(value, 1) for value in end) for end in ends}


def test_each_kind_of_line_looks_different() -> None:
    kinds = [
        ("strong", "good"),
        ("normal", "good"),
        ("weak", "good"),
        ("normal", "stressful"),
        ("normal", "broken"),
    ]
    agencies = [make_agency(n, "welfare") for n in range(5)]
    ties = [EcomapTie("ego", f"o{n}", *kind) for n, kind in enumerate(kinds)]
    ink = {
        tie.get("data-line"): find(tie, "ink")
        for tie in find(draw(make_ecomap(agencies, ties)), "tie")
    }
    widths = {kind: float(parts[0].get("stroke-width", "0")) for kind, parts in ink.items()}
    assert widths["strong"] > 2 * widths["normal"]
    assert ink["weak"][0].get("stroke-dasharray")
    assert not ink["normal"][0].get("stroke-dasharray")
    assert ink["stressful"][0].get("d", "").count("L") > 10
    assert len(ink["broken"]) == 4


def test_ties_between_agencies_are_lighter_and_can_be_chosen() -> None:
    agencies = [make_agency(n, FIELD_CODES[n]) for n in range(4)]
    ties = [
        EcomapTie("ego", "o0", "normal"),
        EcomapTie("o0", "o1", "normal"),
        EcomapTie("o2", "o3", "normal"),
    ]
    ecomap = make_ecomap(agencies, ties)
    chords = find(draw(ecomap), "chord")
    (spoke,) = [
        e for e in find(draw(ecomap), "tie") if e not in chords and e.get("data-source") == "ego"
    ]
    width = float(find(spoke, "ink")[0].get("stroke-width", "0"))
    assert len(chords) == 2
    assert all(float(find(e, "ink")[0].get("stroke-width", "9")) < width for e in chords)
    chosen = find(draw(ecomap, chords="selected", selected="o3"), "chord")
    assert [e.get("data-source") for e in chosen] == ["o2"]
    assert not find(draw(ecomap, chords="none"), "chord")


def test_a_tie_to_somebody_outside_the_picture_is_left_out() -> None:
    ties = [EcomapTie("ego", "elsewhere", "strong"), EcomapTie("o1", "o1", "strong")]
    assert not find(draw(make_ecomap([make_agency(1)], ties)), "tie")


def test_the_legend_holds_what_is_on_screen_with_counts() -> None:
    agencies = [make_agency(1, stage="explained"), make_agency(2, "kin", change="added")]
    ties = [EcomapTie("ego", "o1", "weak"), EcomapTie("ego", "o2", "weak")]
    found = find(draw(make_ecomap(agencies, ties)), "key")
    keys = {key.get("data-filter"): key.get("aria-label") for key in found}
    assert keys == {
        "line:weak": "弱い・これから 2",
        "stage:supporting": "支援中 1",
        "stage:explained": "説明済み 1",
        "changed": "変化あり 1",
        "field:kin": "親族・知人 1",
        "field:welfare": "福祉 1",
    }


def test_a_legend_entry_is_printed_as_it_is_spoken() -> None:
    (stage, field) = find(draw(make_ecomap([make_agency(1, "medical")])), "key")
    assert (read(stage), read(field)) == ("支援中 1", "医医療 1")


def test_cards_can_be_reached_by_keyboard_and_say_what_they_are() -> None:
    agency = make_agency(1, stage="explained", change="contact_changed")
    (card,) = find(draw(make_ecomap([agency], [EcomapTie("ego", "o1", "weak")])), "card")
    assert card.get("tabindex") == "0"
    assert card.get("role") == "button"
    assert card.get("aria-label") == (
        "若葉野相談支援センター1、福祉、説明済み、弱い・これから、担当変更"
    )


def test_the_short_name_is_shown_and_the_whole_name_can_be_seen() -> None:
    agency = make_agency(1, name="社会福祉法人若葉野会" * 9, short_name="若葉野会")
    (card,) = find(draw(make_ecomap([agency])), "card")
    assert "若葉野会" in [text.text for text in find(card, "name")]
    assert agency.name in (card.findtext(f"{SVG}title") or "")


@pytest.mark.parametrize(
    "name", ['"><script>alert(1)</script>', "=cmd|' /C calc'!A0", "a&b<c>'d'", "\x00\x1b\ud800]]>"]
)
def test_a_hostile_name_is_text(name: str) -> None:
    agency = make_agency(1, name=name, organization_id=name)
    group = EcomapGroup(name, (name,))
    picture = draw(
        make_ecomap(
            [agency],
            [EcomapTie("ego", name, "strong")],
            title=name,
            list_name=name,
            ego_names=(name,),
            ego_kinds=(name,),
            groups=(group,),
        ),
        show_groups=True,
    )
    assert not list(picture.iter(f"{SVG}script"))
    assert {e.tag for e in picture.iter()} <= {
        SVG + tag
        for tag in (
            "svg",
            "g",
            "rect",
            "text",
            "title",
            "desc",
            "path",
            "circle",
            "ellipse",
            "polygon",
        )
    }
    assert not [key for e in picture.iter() for key in e.attrib if key.startswith("on")]


def test_nothing_is_fetched_from_outside() -> None:
    text = draw_ecomap(make_ecomap([make_agency(1)]), DrawOptions(), say)
    assert text.replace("http://www.w3.org/2000/svg", "").count("://") == 0
    assert "url(" not in text and "href" not in text


def test_agencies_that_do_not_fit_are_counted_aloud() -> None:
    picture = draw(make_ecomap([make_agency(n) for n in range(CAPACITY + 7)]))
    assert len(find(picture, "card")) == CAPACITY
    assert picture.get("data-hidden") == "7"
    assert "あと 7 機関" in read(find(picture, "header")[0])
    assert not find(draw(make_ecomap([make_agency(1)])), "hidden-notice")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_picture_names_its_language_and_tells_every_drawn_tie(language: str) -> None:
    agencies = [make_agency(1), make_agency(2)]
    ids = [agency.organization_id for agency in agencies]
    ties = [EcomapTie(ids[0], ids[1], "weak"), EcomapTie("ego", ids[1], "strong")]
    words = _say_english if language == "en" else say
    picture = ET.fromstring(draw_ecomap(make_ecomap(agencies, ties), DrawOptions(), words))
    assert picture.get("lang") == language
    assert picture.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    told = (picture.findtext(f"{SVG}desc") or "").splitlines()
    titles = [tie.findtext(f"{SVG}title") for tie in find(picture, "tie")]
    assert sorted(told) == sorted(map(str, titles))
    assert len(told) == 2 and agencies[0].name not in told[0]  # those of the centre first


def test_two_centres_stand_apart_and_share_an_agency_drawn_once() -> None:
    ties = [
        EcomapTie("a", "o1", "strong"),
        EcomapTie("b", "o1", "weak"),
        EcomapTie("a", "b", "weak"),
    ]
    ecomap = make_ecomap([make_agency(1)], ties, ego_ids=("a", "b"), ego_names=("甲", "乙"))
    plan = plan_ecomap(ecomap, DrawOptions())
    assert plan.egos["a"].box.bottom < plan.egos["b"].box.top
    assert len(find(draw(ecomap), "card")) == 1
    assert len(find(draw(ecomap), "tie")) == 3


def test_the_ties_of_two_centres_carry_a_sign_each_and_the_legend_counts_them() -> None:
    agencies = [make_agency(1, centres=(0, 1)), make_agency(2, "kin", centres=(1,))]
    ties = [
        EcomapTie("a", "o1", "strong", flow="both"),
        EcomapTie("o1", "b", "weak"),
        EcomapTie("b", "o2", "normal"),
        EcomapTie("a", "b", "normal"),
        EcomapTie("o1", "o2", "normal"),
    ]
    picture = draw(make_ecomap(agencies, ties, ego_ids=("a", "b"), ego_names=("甲", "乙")))
    signs = {
        (tie.get("data-source"), tie.get("data-target")): [
            read(s) for s in find(tie, "centre-sign")
        ]
        for tie in find(picture, "tie")
    }
    assert signs == {
        ("a", "o1"): ["A"], ("o1", "b"): ["B"], ("b", "o2"): ["B"], ("a", "b"): [],
        ("o1", "o2"): [],
    }  # fmt: skip
    assert [[read(s) for s in find(ego, "centre-sign")] for ego in find(picture, "ego")] == [
        ["A"], ["B"],
    ]  # fmt: skip
    keys = {key.get("data-filter"): key.get("aria-label") for key in find(picture, "key")}
    assert (keys["centre:0"], keys["centre:1"], keys["shared"]) == ("甲 1", "乙 2", "両方の機関 1")


def test_the_two_signs_differ_in_shape_and_not_in_colour_alone() -> None:
    ecomap = make_ecomap([], [], ego_ids=("a", "b"), ego_names=("甲", "乙"))
    shapes = [[e.tag.removeprefix(SVG) for e in sign] for sign in find(draw(ecomap), "centre-sign")]
    assert shapes[:2] == [["circle", "text"], ["rect", "text"]]


def test_a_single_centre_has_no_sign() -> None:
    ecomap = make_ecomap([make_agency(1)], [EcomapTie("ego", "o1", "weak")])
    assert not find(draw(ecomap), "centre-sign")


def test_a_path_numbers_its_agencies_in_order_and_dims_the_rest() -> None:
    agencies = [make_agency(n, FIELD_CODES[n]) for n in range(4)]
    ties = [EcomapTie("ego", f"o{n}", "normal") for n in range(4)]
    picture = draw(make_ecomap(agencies, ties, path=("o2", "ego", "o0", "o2")))
    assert [e.get("data-step") for e in find(picture, "step")] == ["1 4", "2", "3"]
    assert [(e.get("data-source"), e.get("data-target")) for e in find(picture, "leg")] == [
        ("o2", "ego"), ("ego", "o0"), ("o0", "o2"),
    ]  # fmt: skip
    dimmed = {e.get("data-agency") for e in find(picture, "card") if e.get("opacity")}
    assert dimmed == {"o1", "o3"}
    assert find(picture, "ground")[0].get("opacity")
    assert "道筋 3" in read(find(picture, "legend")[0])


def test_without_a_path_nothing_is_dimmed_and_nobody_moves_for_one() -> None:
    agencies = [make_agency(n, FIELD_CODES[n]) for n in range(4)]
    ecomap = make_ecomap(agencies, [EcomapTie("ego", "o1", "normal")])
    picture = draw(ecomap)
    assert not find(picture, "leg") and not find(picture, "step")
    assert not find(picture, "ground")[0].get("opacity")
    lit = plan_ecomap(make_ecomap(agencies, path=("o1", "o3")), DrawOptions())
    assert lit.cards == plan_ecomap(ecomap, DrawOptions()).cards


def test_a_leg_to_somebody_outside_the_picture_is_not_drawn() -> None:
    picture = draw(make_ecomap([make_agency(1)], path=("o1", "elsewhere", "ego", "ego")))
    assert not find(picture, "leg")
    assert [e.get("data-step") for e in find(picture, "step")] == ["1", "3 4"]


def test_an_agency_of_the_path_is_seated_even_where_the_picture_is_full() -> None:
    agencies = [make_agency(n, slot=n) for n in range(CAPACITY)]
    late = make_agency(99, "kin")
    seated = plan_ecomap(make_ecomap([*agencies, late], path=("o99", "o3")), DrawOptions())
    assert {"o99", "o3"} <= seated.cards.keys()
    assert len(seated.hidden) == 1
    before = plan_ecomap(make_ecomap(agencies), DrawOptions()).cards
    assert all(seated.cards[key] == before[key] for key in seated.cards.keys() - {"o99"})


def test_a_note_stands_on_the_card_and_is_spoken() -> None:
    (card,) = find(draw(make_ecomap([make_agency(1, note="支援中")])), "card")
    assert "支援中" in read(card)
    assert "、支援中" in (card.get("aria-label") or "")
    (card,) = find(draw(make_ecomap([make_agency(1, stage=None)])), "card")
    assert card.get("aria-label") == "若葉野相談支援センター1、福祉"
    assert card.get("data-stage") is None


def test_the_header_tells_who_is_left_out_by_choice_and_for_want_of_room() -> None:
    chosen = draw(make_ecomap([make_agency(1)], left_out=12, list_name="福祉・医療"))
    assert "絞り込みの外 12 機関" in read(find(chosen, "header")[0])
    assert "福祉・医療" in read(find(chosen, "header")[0])
    many = make_ecomap([make_agency(n) for n in range(CAPACITY + 7)], left_out=12)
    assert "絞り込みの外 12・入りきらない 7 機関" in read(find(draw(many), "header")[0])


def test_groups_are_outlined_when_switched_on() -> None:
    agencies = [make_agency(1), make_agency(2)]
    ecomap = make_ecomap(agencies, groups=(EcomapGroup("地域支援協議会", ("o1", "gone")),))
    picture = draw(ecomap, show_groups=True)
    outlined = {e.get("data-outline"): len(find(e, "group")) for e in find(picture, "outline")}
    assert outlined == {"o1": 1}
    assert "地域支援協議会 1" in read(find(picture, "legend")[0])
    assert not find(draw(ecomap), "group")


def test_change_badges_name_every_change() -> None:
    (card,) = find(draw(make_ecomap([make_agency(1, change="stage_up+tie_changed")])), "card")
    assert "段階↑・関係が変化" in read(card)
    assert card.get("data-change") == "stage_up tie_changed"


def test_each_stage_has_a_mark_of_its_own() -> None:
    marks = set()
    for stage in STAGES:
        (card,) = find(draw(make_ecomap([make_agency(1, stage=stage)])), "card")
        marks.add(
            tuple(
                (e.tag, e.get("fill"), e.get("r"), e.get("d"))
                for e in card.iter()
                if e.tag in (f"{SVG}circle", f"{SVG}path")
            )
        )
    assert len(marks) == len(STAGES)


def test_every_code_has_words_in_both_languages() -> None:
    codes = {
        "field": FIELDS,
        "stage": STAGES,
        "line": STROKES,
        "change": (
            "added", "gone", "stage_up", "stage_down", "tie_changed", "contact_changed",
            "anxiety_up", "anxiety_down",
        ),
        "look": ("meeting", "internal"),
    }  # fmt: skip
    for subject, names in codes.items():
        for name in names:
            assert f"ecomap.{subject}.{name}" in read_catalogue()


def test_the_picture_can_be_drawn_in_english() -> None:
    ecomap = make_ecomap([make_agency(1)], [EcomapTie("ego", "o1", "weak", flow="out")])
    picture = ET.fromstring(draw_ecomap(ecomap, DrawOptions(), _say_english))
    assert "As of 2022-10-04" in read(picture)
    assert "Weak or not yet 1" in read(picture)


def _say_english(key: str, **values: object) -> str:
    return say(key, "en", **values)
