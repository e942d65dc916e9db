"""The card for the client's file: what stands on it, and what never does."""

from __future__ import annotations

from graph.pictures.place_card import MOST_AGENCIES, Card, CardAgency, Paper, write_card
from texts import say


def make(*agencies: CardAgency, paper: Paper = "A4", needs: str = "住まい・就労") -> str:
    card = Card("千葉県松戸市", "2022年10月4日", "清心寮", needs, agencies, paper, "ja")
    return write_card(card, say)


def test_place_day_needs_and_agencies_stand_on_it_with_a_line_for_the_name() -> None:
    html = make(CardAgency(3, "松戸相談室", "047-111-1111", ("約 3 km", "尋ねる人：山田")))
    for words in (
        "千葉県松戸市の連絡先", "2022年10月4日", "清心寮", "必要な支援：住まい・就労",
        "3. 松戸相談室", "047-111-1111", "尋ねる人：山田", "お名前（手書き）",
    ):  # fmt: skip
        assert words in html


def test_nothing_is_loaded_and_words_are_no_markup() -> None:
    html = make(CardAgency(None, "<b>甲</b>", "", ('"><img src=x>',)), needs="")
    assert "<b>" not in html
    assert "<img" not in html
    assert "http" not in html
    assert "必要な支援" not in html


def test_no_more_agencies_than_find_room() -> None:
    for paper, most in MOST_AGENCIES.items():
        html = make(*(CardAgency(n, f"機関{n}", "") for n in range(1, 20)), paper=paper)
        assert html.count("<li>") == most
        assert f"size:{paper} portrait" in html
    assert make().count("<li>") == 0
