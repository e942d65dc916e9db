"""The exported page on paper: one sheet, with its kanji, whatever the paper."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import Browser

from graph.pictures.ecomap import DrawOptions, Ecomap, EcomapAgency, draw_ecomap
from graph.pictures.exports import write_html
from texts import say


@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_the_page_prints_on_one_sheet(browser: Browser, paper: str) -> None:
    agencies = tuple(
        EcomapAgency(f"o{n}", f"若葉野地域包括支援センター{n}", None, "welfare", "listed", n)
        for n in range(40)
    )
    ecomap = Ecomap("清心寮", date(2022, 10, 4), ("f",), ("清心寮",), agencies, ())
    page = browser.new_page()
    page.set_content(write_html(draw_ecomap(ecomap, DrawOptions(), say), "清心寮", "ja"))
    pdf = page.pdf(format=paper, landscape=True)
    page.close()
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
