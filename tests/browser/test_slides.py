"""Saved views in a browser: stepped through by keys, also in full screen, and opened elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from graph.store import Store
from tests.builders import FACILITY, agencies, event, link, node, partner_list, tie, write

ROOT = Path(__file__).parents[2]
VIEWS = {
    "6月のあと": "date=2022-06-13&look=internal&groups=true",
    "10月 <b>": "date=2022-10-04&chords=false",
}


@pytest.fixture
def address(store: Store, start_app: Callable[..., str]) -> str:
    write(
        store,
        agencies(FACILITY, "a", "b"),
        partner_list("l", "2022-03-01", "a", "b"),
        tie("a", "b"),
        event("meeting", "2022-06-13", "a"),
    )
    for position, (title, parameters) in enumerate(VIEWS.items()):
        key = f"v{position}"
        write(
            store,
            node("SavedView", key, title=title, address=parameters, position=position),
            link("OF", f"SavedView {key}", f"Organization {FACILITY}"),
        )
    return start_app(ROOT / "serve.py")


def open_page(browser: Browser, address: str) -> Page:
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    page.goto(address)
    page.locator("svg.ecomap").wait_for()
    expect(page.locator("[data-testid=stApp]")).to_have_attribute(
        "data-test-script-state", "notRunning"
    )
    return page


def read_picture(page: Page) -> tuple[str, int]:
    """The words over the picture, and how many ties between agencies it draws."""
    words = page.locator("svg.ecomap .header").text_content() or ""
    return words, page.locator(".tie.chord").count()


def test_keys_step_through_views_in_full_screen_and_esc_ends(
    browser: Browser, address: str
) -> None:
    page = open_page(browser, address)
    slide, minutes = page.locator(".slide"), page.get_by_text("議事メモ", exact=True)
    expect(slide).to_be_hidden()
    page.keyboard.press("p")
    expect(minutes).to_have_count(0)
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement !== null")
    for key, words, day in (
        ("n", "6月のあと　1 / 2", "2022年6月13日"),
        ("PageDown", "10月 <b>　2 / 2", "2022年10月4日"),
        ("b", "6月のあと　1 / 2", "2022年6月13日"),
    ):
        page.keyboard.press(key)
        expect(slide).to_have_text(words)
        expect(slide).to_be_visible()
        expect(page.locator("svg.ecomap")).to_contain_text(day)
    # The one saved in the internal look is on the wall in that of a meeting.
    expect(page.locator("svg.ecomap")).to_contain_text("会議用")
    page.keyboard.press("ArrowLeft")
    expect(slide).to_be_hidden()  # another day is no saved view any more
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement === null")
    page.keyboard.press("Escape")
    expect(minutes).to_be_visible()
    page.close()


def test_an_opened_view_is_the_same_from_its_address_in_another_session(
    browser: Browser, address: str
) -> None:
    page = open_page(browser, address)
    page.get_by_text("保存した見せ方", exact=True).click()
    seen = []
    for number, title in enumerate(VIEWS, 1):
        page.get_by_role("button", name=f"{number}. {title}").click()
        day = re.search(r"date=([0-9-]+)", VIEWS[title])
        assert day
        page.wait_for_function("day => location.search.includes(day)", arg=day[1])
        year, month, date = map(int, day[1].split("-"))
        expect(page.locator("svg.ecomap")).to_contain_text(f"{year}年{month}月{date}日")
        other = open_page(browser, page.url)
        assert read_picture(other) == read_picture(page)
        seen.append(read_picture(other))
        other.close()
    assert [chords for _, chords in seen] == [1, 0]
    assert "内部用" in seen[0][0] and "会議用" in seen[1][0]
    page.close()
