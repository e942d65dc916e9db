"""The network's places, nodes, lines and page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.pictures.lettering import clean
from graph.pictures.model import EcomapTie
from graph.pictures.network import (
    Network,
    NetworkAgency,
    make_network_page,
    make_network_picture,
    read_library,
)
from graph.pictures.network_layout import (
    CELL_HEIGHT,
    CELL_WIDTH,
    assign_cells,
    measure_cell,
    place_agencies,
)
from graph.pictures.notation import FIELDS, STROKES
from texts import say

HOSTILE = [
    '"><script>document.title=1</script>',
    "</script><script>document.title=1</script>",
    '<a href="https://example.org" onmouseover=alert(1)>',
    "<!--",
    "=cmd|' /C calc'!A0",
    "\u2028\u2029&amp;",
]
Pair = tuple[str, str]
graphs = st.integers(0, 40).flatmap(
    lambda n: st.tuples(
        st.just([f"o{number}" for number in range(n)]),
        st.lists(st.tuples(st.integers(0, 45), st.integers(0, 45)), max_size=80),
    )
)


def name_pairs(pairs: Iterable[tuple[int, int]]) -> list[Pair]:
    return [(f"o{one}", f"o{other}") for one, other in pairs]


def draw(names: Iterable[str], ties: Iterable[EcomapTie] = (), **more: object) -> Network:
    agencies = tuple(
        NetworkAgency(f"o{number}", name, field="welfare") for number, name in enumerate(names)
    )
    return Network("図", date(2022, 10, 4), agencies, tuple(ties), **more)  # type: ignore[arg-type]


def tie(one: str, other: str, quality: str = "good", flow: str | None = None) -> EcomapTie:
    return EcomapTie(one, other, "normal", quality, flow)


@settings(deadline=None)
@given(graphs)
def test_everybody_has_a_place_where_nobody_else_is(
    graph: tuple[list[str], list[tuple[int, int]]],
) -> None:
    ids, pairs = graph
    places = place_agencies(ids, name_pairs(pairs))
    assert set(places) == set(ids)
    taken = sorted(places.values())
    for at, (x, y) in enumerate(taken):
        for other_x, other_y in taken[at + 1 :]:
            assert abs(x - other_x) >= CELL_WIDTH - 0.1 or abs(y - other_y) >= CELL_HEIGHT - 0.1


@settings(deadline=None)
@given(graphs, st.randoms())
def test_places_do_not_depend_on_the_order_of_the_input(
    graph: tuple[list[str], list[tuple[int, int]]], chance: object
) -> None:
    ids, pairs = graph
    shuffled = [pair[::-1] for pair in name_pairs(pairs)]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert place_agencies(ids[::-1], shuffled) == place_agencies(ids, name_pairs(pairs))


@settings(deadline=None)
@given(graphs, st.integers(0, 40), st.randoms())
def test_newcomers_get_cells_of_their_own_and_move_nobody(
    graph: tuple[list[str], list[tuple[int, int]]], count: int, chance: object
) -> None:
    ids, pairs = graph
    ties = name_pairs(pairs)
    first = assign_cells({}, ids[:count], ties)
    second = assign_cells(first, ids, ties)
    assert set(first) | set(second) == set(ids)
    assert not set(first) & set(second)  # 0 px: who has a place gets no other
    cells = [*first.values(), *second.values()]
    assert len(set(cells)) == len({measure_cell(cell) for cell in cells}) == len(ids)
    chance.shuffle(ties)  # type: ignore[attr-defined]
    assert assign_cells(first, ids[::-1], ties) == second


def test_a_newcomer_stands_beside_those_it_is_tied_to_and_a_stranger_below_all() -> None:
    ids = [f"o{number}" for number in range(20)]
    standing = assign_cells({}, ids, [(f"o{n}", f"o{n + 1}") for n in range(19)])
    cells = assign_cells(standing, ["friend", "its-friend", "stranger"],
                         [("friend", "o19"), ("its-friend", "friend")])  # fmt: skip

    def measure(one: str, other: str) -> int:
        (column, row), (c, r) = (standing | cells)[one], (standing | cells)[other]
        return max(abs(column - c), abs(row - r))

    assert measure("friend", "o19") <= 2
    assert measure("its-friend", "friend") <= 2
    assert cells["stranger"][1] > max(row for _, row in standing.values())


def test_tied_agencies_stand_nearer_than_others() -> None:
    # Two groups of twelve, tied to each other by one tie only.
    ties = [(f"o{n}", f"o{m}") for g in (0, 12) for n in range(g, g + 12) for m in range(g, n)]
    places = place_agencies([f"o{n}" for n in range(24)], [*ties, ("o0", "o12")])

    def measure(one: int, other: int) -> float:
        (x, y), (a, b) = places[f"o{one}"], places[f"o{other}"]
        return float(((x - a) ** 2 + (y - b) ** 2) ** 0.5)

    inside = [measure(n, m) for g in (0, 12) for n in range(g, g + 12) for m in range(g, n)]
    across = [measure(n, m) for n in range(12) for m in range(12, 24)]
    assert sum(inside) / len(inside) < 0.6 * sum(across) / len(across)


def test_a_part_keeps_the_places_of_the_whole() -> None:
    places = place_agencies(["o0", "o1", "o2"], [("o0", "o1"), ("o1", "o2")])
    picture = make_network_picture(draw(["a", "b"], places=places), say)
    assert [(node["x"], node["y"]) for node in picture.nodes] == [places["o0"], places["o1"]]


def test_fields_are_colours_and_kanji_and_the_most_tied_is_the_largest() -> None:
    picture = make_network_picture(draw("abc", [tie("o0", "o1"), tie("o0", "o2")]), say)
    assert {node["group"] for node in picture.nodes} == {"welfare"}
    assert picture.options["groups"]["welfare"]["color"]["background"] == FIELDS["welfare"].colour
    assert picture.signs["welfare"][0] == "福"
    sizes = [node["size"] for node in picture.nodes]
    assert sizes[0] > sizes[1] == sizes[2]


def test_physics_is_off_and_nobody_can_be_dragged_away() -> None:
    options = make_network_picture(draw("ab"), say).options
    assert options["physics"]["enabled"] is False
    assert options["interaction"]["dragNodes"] is False


def test_lines_follow_the_notation_and_arrows_who_acts() -> None:
    ties = [
        EcomapTie("o0", "o1", "strong", "good", "out"),
        EcomapTie("o0", "o2", "weak", "good", "in"),
        EcomapTie("o0", "o3", "normal", "stressful", "both"),
        EcomapTie("o0", "o4", "weak", "broken", None),
        EcomapTie("o0", "gone", "normal", "good", None),
    ]
    picture = make_network_picture(draw("abcde", ties, look="internal"), say)
    lines = {edge["to"]: edge for edge in picture.edges}
    assert lines["o1"]["width"] > picture.options["edges"]["width"]
    assert lines["o2"]["dashes"]
    assert {edge: lines[edge]["arrows"] for edge in lines} == {
        "o1": "to", "o2": "from", "o3": "to, from", "o4": "",
    }  # fmt: skip
    assert picture.marks == [
        ["o0", "o3", "stressful", STROKES["stressful"].colour],
        ["o0", "o4", "broken", STROKES["broken"].colour],
    ]


@pytest.mark.parametrize(
    ("look", "show_stress", "marks"),
    [("meeting", False, []), ("meeting", True, ["talk"]), ("internal", False, ["stressful"])],
)
def test_the_meeting_look_tells_no_stress_unless_asked(
    look: str, show_stress: bool, marks: list[str]
) -> None:
    network = draw("ab", [tie("o0", "o1", "stressful")], look=look, show_stress=show_stress)
    assert [mark[2] for mark in make_network_picture(network, say).marks] == marks
    assert ("緊張" in make_network_page(network, say)) == (look == "internal")


def test_two_ties_of_a_pair_are_two_lines_that_do_not_cover_each_other() -> None:
    network = draw("ab", [tie("o0", "o1"), tie("o1", "o0", "broken")])
    first, second = make_network_picture(network, say).edges
    assert first["dashes"]  # the one that is drawn over is straight
    assert "smooth" not in first
    assert second["smooth"]["roundness"] != 0


def test_the_legend_names_only_what_is_on_screen_with_counts() -> None:
    legend = make_network_picture(draw("abc", [tie("o0", "o1")]), say).legend
    words = re.findall(r"<span>([^<]+)</span>", legend)
    assert words == ["ふつう 1", "福祉 3"]


def test_an_empty_network_is_an_empty_picture() -> None:
    picture = make_network_picture(draw([]), say)
    assert (picture.nodes, picture.edges, picture.legend) == ([], [], "")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_text_in_the_page(name: str) -> None:
    network = draw([name, "b"], [tie("o0", "o1")])
    network = Network(name, network.as_of, network.agencies, network.ties)
    page = make_network_page(network, say)
    ours = page.replace(read_library(), "")
    assert re.findall(r"<(/?script[^>]*|a |!--)", ours) == [
        'script type="application/json" id="data"', "/script", "script", "/script", "script",
        "/script",
    ]  # fmt: skip
    found = re.search(r'id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    node = json.loads(found[1])["picture"]["nodes"][0]
    assert node["title"].split("\n")[0] == clean(name)


def test_the_page_allows_its_own_scripts_and_loads_nothing() -> None:
    page = make_network_page(draw("ab"), say)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy[1]
    outside = re.findall(r"""(?:src|href|url\()\s*=?\s*["'(]?\s*(?:https?:)?//""", page)
    assert outside == []
    assert "sourceMappingURL" not in page


def test_a_long_name_has_two_lines_and_its_whole_in_the_tooltip() -> None:
    name = "障害者虐待防止（差別解消支援）ネットワーク会議事務局分室"
    node = make_network_picture(draw([name]), say).nodes[0]
    first, second = node["name"].split("\n")
    assert name.startswith(first)
    assert second.endswith("…")
    assert name in node["title"]
