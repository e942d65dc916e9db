"""The page つながりを探索: what is shown for a choice, and what the figures say."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from graph.store import Store
from tests.app import page_text
from tests.builders import FACILITY, agencies, agency, day, partner_list, tie, write
from views.network.page import label_agencies
from views.network.places import MOST_SHOWN, keep_most_tied

HOTNET = "中核地域生活支援センターほっとねっと"


def draw() -> None:
    from views import frame, network

    network.show(frame.choose_context())


def open_page(**address: str) -> AppTest:
    page = AppTest.from_function(draw, default_timeout=120)
    for name, value in {"date": "2022-10-04", **address}.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def read_words(page: AppTest) -> str:
    headings = [heading.value for heading in page.subheader]
    return "\n".join([page_text.read_words(page), *headings])


def find_agency(page: AppTest, name: str) -> str:
    """The id of an agency whose label begins with `name`."""
    for node in read_picture(page)["nodes"]:
        if node["title"].startswith(name):
            return str(node["id"])
    raise AssertionError(name)


def read_picture(page: AppTest) -> dict[str, Any]:
    """What the browser is told to draw."""
    for element in page.get("bidi_component"):
        if element.proto.component_name == "tsunagi_network":
            picture: dict[str, Any] = json.loads(element.proto.json)["picture"]
            return picture
    raise AssertionError("no picture")


def count(page: AppTest) -> tuple[int, int]:
    picture = read_picture(page)
    return len(picture["nodes"]), len(picture["edges"])


def test_the_sample_is_shown_whole_with_its_figures(sample_store: Store) -> None:
    page = open_page()
    assert count(page) == (67, 86)
    words = read_words(page)
    assert "いま表示している 67 機関と 86 組のつながり" in words
    assert "橋渡し役 6 機関" in words
    assert "施設を除いた 65 機関でつくれる 2,080 組のうち、実際につながっているのは 37 組" in words
    table = page.dataframe[0].value
    assert table.iloc[0]["name"] == HOTNET
    assert table.iloc[0]["degree"] == 32


def test_an_agency_shows_its_details_and_its_surroundings(sample_store: Store) -> None:
    hotnet = find_agency(open_page(), HOTNET)
    page = open_page(agency=hotnet)
    assert count(page) == (67, 86)
    assert page.selectbox(key="agency").value == hotnet
    assert HOTNET in [heading.value for heading in page.subheader]
    page = open_page(agency=hotnet, steps="1")
    nodes, _ = count(page)
    assert nodes == 1 + 32
    assert f"いま表示している {nodes} 機関" in read_words(page)


def test_nobody_moves_when_a_filter_changes(sample_store: Store) -> None:
    places = {node["id"]: (node["x"], node["y"]) for node in read_picture(open_page())["nodes"]}
    part = read_picture(open_page(fields="welfare,medical"))["nodes"]
    assert len(part) < 67
    assert {node["group"] for node in part} == {"welfare", "medical", "justice"}  # two facilities
    assert all(places[node["id"]] == (node["x"], node["y"]) for node in part)


def test_a_newcomer_and_another_day_move_nobody_until_all_get_a_new_place(store: Store) -> None:
    write(store, agencies("a", "b", "c", "new"), tie("a", "b"), tie("b", "c", since=day("2022-06")))

    def read_places(page: AppTest) -> dict[str, tuple[float, float]]:
        return {node["id"]: (node["x"], node["y"]) for node in read_picture(page)["nodes"]}

    first = read_places(open_page(date="2022-03-01"))
    assert set(first) == {"a", "b"}
    later = read_places(open_page())
    write(store, tie("new", "a"), tie("new", "b"), tie("new", "c"))
    page = open_page()
    with_newcomer = read_places(page)
    assert first.items() <= later.items() <= with_newcomer.items()
    assert set(with_newcomer) == {"a", "b", "c", "new"}
    page.button(key="places_anew").click().run()
    assert not page.exception
    assert set(read_places(page)) == set(with_newcomer)
    assert read_places(page) != with_newcomer


def test_a_stage_is_that_of_the_facility_in_the_bar(sample_store: Store) -> None:
    nodes = read_picture(open_page(stages="supporting"))["nodes"]
    # FACTS: eight agencies support the hostel; the two facilities stay.
    assert len(nodes) == 8 + 2


def test_the_meeting_look_draws_no_stress_and_the_internal_look_does(sample_store: Store) -> None:
    assert {kind for _, _, kind, _ in read_picture(open_page())["marks"]} == {"broken"}
    internal = read_picture(open_page(look="internal"))
    assert {kind for _, _, kind, _ in internal["marks"]} == {"broken", "stressful"}


def test_the_english_page_has_no_japanese_words_of_ours(sample_store: Store) -> None:
    words = read_words(open_page(lang="en"))
    assert "the 67 agencies and 86 tied pairs shown now" in words
    assert not [word for word in ("橋渡し役", "密度", "集中度", "機関をさがす") if word in words]


def test_a_pure_star_says_that_there_are_no_data_between_agencies(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a", "b"),
        partner_list("l", "2022-03-01", "a", "b"),
        tie(FACILITY, "a"),
        tie(FACILITY, "b"),
    )
    words = read_words(open_page())
    assert "機関どうしの関係のデータがありません" in words
    assert "密度 0" not in words


def test_an_empty_graph_says_what_to_do(store: Store) -> None:
    page = open_page()
    assert "「取り込み」で" in page.info[0].value
    names = {element.proto.component_name for element in page.get("bidi_component")}
    assert "tsunagi_network" not in names


def test_a_name_is_text_in_the_sentences(store: Store) -> None:
    name = "**太字** [x](https://example.org) <b>"
    write(
        store,
        agencies(FACILITY, "a"),
        agency("m", name=name),
        partner_list("l", "2022-03-01", "m"),
        tie(FACILITY, "m"),
        tie("m", "a"),
    )
    sentence = next(m.value for m in open_page().markdown if "橋渡し役 1" in m.value)
    assert r"\*\*太字\*\* \[x\]\(https\:" in sentence
    assert r"\<b\>" in sentence


def test_too_many_agencies_leave_the_least_tied_out() -> None:
    rows = [{"organization_id": f"o{number}"} for number in range(MOST_SHOWN + 2)]
    ties = [{"source_id": "o0", "target_id": f"o{number}"} for number in range(3, MOST_SHOWN + 2)]
    kept, hidden = keep_most_tied(rows, ties)
    assert hidden == 2
    assert {"o1", "o2"}.isdisjoint(row["organization_id"] for row in kept)


@pytest.mark.parametrize(
    ("places", "labels"),
    [(("松戸市", "柏市"), ["窓口　松戸市", "窓口　柏市"]), ((None, None), ["窓口", "窓口 (2)"])],
)
def test_agencies_of_one_name_have_labels_of_their_own(
    places: tuple[str | None, ...], labels: list[str]
) -> None:
    rows = [
        {"organization_id": f"o{at}", "name": "窓口", "kana": None, "municipality": place}
        for at, place in enumerate(places)
    ]
    assert list(label_agencies(rows).values()) == labels
