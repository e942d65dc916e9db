"""The card for the client's file on paper: one sheet, however much is known of an agency."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from graph.pictures.place_card import MOST_AGENCIES, Card, CardAgency, Paper, write_card
from texts import say


@pytest.mark.parametrize("paper", ["A4", "A5"])
def test_the_card_prints_on_one_sheet(browser: Browser, paper: Paper) -> None:
    agencies = [
        CardAgency(
            n, "社会福祉法人若葉野地域包括支援センター" * 3, "0120-000-000", ("長い説明" * 60,) * 3
        )
        for n in range(MOST_AGENCIES[paper])
    ]
    card = Card(
        "千葉県松戸市小金原六丁目" * 4,
        "2022年10月4日",
        "清心寮",
        "住まい・" * 40,
        agencies,
        paper,
        "ja",
    )
    page = browser.new_page()
    page.set_content(write_card(card, say))
    pdf = page.pdf(format=paper, prefer_css_page_size=True)
    last = page.locator("footer").inner_text()
    page.close()
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    assert "電話で確かめて" in last
