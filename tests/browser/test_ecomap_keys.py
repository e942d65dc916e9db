"""The keys of the ecomap on the page itself, and what they leave in the address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from graph.store import Store
from views.ecomap.path import link_to_path

ROOT = Path(__file__).parents[2]


@pytest.fixture
def page(browser: Browser, sample_store: Store, start_app: Callable[..., str]) -> Iterator[Page]:
    names = ("更生保護法人 清心寮", "大宮サポートセンター")
    rows = sample_store.list_nodes("Organization", ("organization_id", "name"))
    ids = {row["name"]: row["organization_id"] for row in rows}
    path = link_to_path([ids[name] for name in names])["path"]
    page = browser.new_page(viewport={"width": 1920, "height": 1080}, locale="ja-JP")
    page.set_default_timeout(60_000)
    page.goto(f"{start_app(ROOT / 'app.py')}/?date=2022-10-04&path={path}")
    page.locator("svg.ecomap").wait_for()
    yield page
    page.close()


def test_escape_ends_the_path_and_d_compares_and_arrows_step(page: Page) -> None:
    expect(page.locator(".step")).to_have_count(2)
    expect(page).to_have_url(re.compile("path="))
    page.keyboard.press("Escape")
    expect(page.locator(".step")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("path="))
    page.keyboard.press("d")
    expect(page.get_by_text("変わったこと", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("compare=2022-"))
    page.keyboard.press("ArrowLeft")
    expect(page).not_to_have_url(re.compile("date=2022-10-04"))
    page.keyboard.press("d")
    expect(page.get_by_text("変わったこと", exact=True)).to_have_count(0)
    expect(page).not_to_have_url(re.compile("compare="))
