"""The tab 紹介してもらう: by whom one agency could be introduced to another."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from graph.store import Store
from tests.app.page_text import find_id, read_html, read_words
from tests.app.test_paths import CHIBA, open_page
from tests.builders import FACILITY, agencies, link, node, partner_list, tie, write

EMPLOYER = "流山市の雇用主（例）"


def open_chains(**address: str) -> AppTest:
    return open_page(tab="introductions", **address)


def test_who_could_introduce_the_employer(sample_store: Store) -> None:
    page = open_chains(facility=CHIBA, whom=find_id(EMPLOYER))
    words = read_words(page)
    assert "1. 松戸のハローワーク（例）に紹介を頼む" in words
    assert "2. 松戸市のジョブコーチ（例）に紹介を頼む" in words
    assert "連携・ふつう" in words
    english = open_chains(facility=CHIBA, whom=find_id(EMPLOYER), lang="en")
    assert "1. Ask 松戸のハローワーク（例）" in read_words(english)


def test_a_person_is_asked_by_name_and_stands_in_no_address(reference_store: Store) -> None:
    write(
        reference_store,
        agencies(FACILITY, "a", "b"),
        partner_list("l", "2022-01-01", "a"),
        tie(FACILITY, "a"),
        node("Person", "p1", name="<b>佐藤"),
        *(link("WORKS_FOR", "Person p1", f"Organization {place}") for place in ("a", "b")),
    )
    page = open_chains(facility=FACILITY, whom="b")
    assert "1. a、<b>佐藤に紹介を頼む" in read_words(page)
    assert "<b>佐藤" not in read_html(page)
    assert "佐藤" not in str(dict(page.query_params))


def test_what_cannot_be_answered_gets_one_clear_sentence(reference_store: Store) -> None:
    write(reference_store, agencies(FACILITY, "a"), partner_list("l", "2022-01-01", "a"))
    assert "知り合いたい機関を選ぶ" in open_chains(facility=FACILITY).info[0].value
    same = open_chains(facility=FACILITY, whom=FACILITY)
    assert same.warning[0].value == f"「{FACILITY}」どうしです。別の機関を選んでください。"
    nobody = open_chains(facility=FACILITY, whom="a")
    assert "たどっても行き着きません" in nobody.warning[0].value
    unknown = open_chains(facility=FACILITY, whom="no-such-agency")
    assert "選び直してください" in unknown.warning[0].value
