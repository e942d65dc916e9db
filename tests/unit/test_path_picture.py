"""A chain of agencies as HTML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.pictures.path_picture import Step, Stop, draw_chain, place_chains


def test_stops_and_steps_alternate_in_order() -> None:
    html = draw_chain([Stop("甲"), Stop("乙", own=True)], [Step("支援中", "done")])
    assert html.index("甲") < html.index("支援中") < html.index("乙")
    assert '<span class="stop own">乙</span>' in html
    assert 'class="end"' not in html


def test_where_a_chain_stopped_stands_at_its_end() -> None:
    html = draw_chain([Stop("甲")], [], "ここで止まった")
    assert html.endswith('<span class="end">ここで止まった</span></div>')


def test_no_stops_are_an_empty_chain() -> None:
    assert draw_chain([], []) == '<div class="chain"></div>'


@pytest.mark.parametrize(("stops", "steps"), [(0, 1), (1, 1), (2, 0), (3, 1)])
def test_steps_that_join_nothing_are_refused(stops: int, steps: int) -> None:
    with pytest.raises(ValueError, match="cannot join"):
        draw_chain([Stop("甲")] * stops, [Step("紹介")] * steps)


@given(name=st.text(), words=st.text(), hint=st.text(), ending=st.text(min_size=1))
def test_no_text_becomes_markup(name: str, words: str, hint: str, ending: str) -> None:
    html = draw_chain([Stop(name), Stop("乙")], [Step(words, "tie", hint)], ending)
    assert html.count("<") == html.count("</") * 2
    assert html.count("<span") == 5
    assert html.count('"') == (12 if hint else 10)


CHAINS = st.lists(st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=5), max_size=5)


@given(CHAINS)
def test_every_agency_of_the_chains_has_a_place_of_its_own(chains: list[list[str]]) -> None:
    places = place_chains(chains)
    assert places.keys() == {name for chain in chains for name in chain}
    assert len(set(places.values())) == len(places)


def test_chains_lead_from_left_to_right() -> None:
    places = place_chains([["a", "b", "c"], ["a", "c"], ["a", "d", "c"]])
    assert places["a"][0] < places["b"][0] == places["d"][0] < places["c"][0]
    assert places["b"][1] < places["d"][1]
    # The straight line from a to c runs behind neither name.
    assert places["a"][1] == places["c"][1]
    assert places["a"][1] not in (places["b"][1], places["d"][1])
    assert place_chains([]) == {}
