"""What hangs on one agency: cut points and fields with one supporter."""

from __future__ import annotations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.structure import CutPoint, find_cut_points, find_lone_supporters


def test_the_middle_of_a_chain_cuts_off_the_smaller_side() -> None:
    ties = [("a", "b"), ("b", "c"), ("d", "c"), ("d", "e")]
    assert find_cut_points("abcde", ties) == [
        CutPoint("c", ("d", "e")),
        CutPoint("b", ("a",)),
        CutPoint("d", ("e",)),
    ]


def test_a_ring_hangs_on_nobody() -> None:
    assert find_cut_points("abc", [("a", "b"), ("b", "c"), ("c", "a"), ("c", "c")]) == []
    assert find_cut_points([], []) == []


def test_ties_to_others_do_not_count() -> None:
    assert find_cut_points("abc", [("a", "b"), ("b", "c"), ("a", "x"), ("x", "c")]) == [
        CutPoint("b", ("c",))
    ]


def test_fields_with_exactly_one_supporter() -> None:
    fields = {"a": "welfare", "b": "welfare", "c": "medical", "d": None}
    assert find_lone_supporters(fields) == {"medical": "c"}
    assert find_lone_supporters({}) == {}


PAIRS = st.lists(st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg")), max_size=12)


@given(PAIRS)
def test_without_a_cut_point_those_cut_off_reach_the_rest_no_more(
    ties: list[tuple[str, str]],
) -> None:
    network = nx.Graph()
    network.add_nodes_from("abcdefg")
    network.add_edges_from(ties)
    for point in find_cut_points("abcdefg", ties):
        before = nx.node_connected_component(network, point.organization_id)
        left = network.subgraph(set(network) - {point.organization_id})
        others = before - set(point.cut_off) - {point.organization_id}
        assert point.cut_off
        assert others
        assert not any(nx.has_path(left, one, two) for one in point.cut_off for two in others)
