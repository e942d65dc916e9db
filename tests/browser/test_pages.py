"""Every page of the app on the sample data, in a browser of a projector's and a tablet's size."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from graph.store import Store
from loaders.loading import check_file

ROOT = Path(__file__).parents[2]
SIZES = [(1920, 1080), (1024, 768)]
PAGES = {
    "ecomap": "エコマップ",
    "network": "探索",
    "gaps": "連携リストのすき間",
    "paths": "紹介の道筋",
    "nearby": "帰住先の近く",
    "contacts": "次に連絡する先",
    "report": "指標",
    "record": "記録",
    "upload": "取り込み",
    "takeout": "持ち出し",
}
RAW_CODES = ("None", "nan", "NaT", "support_started", "got_help", "stressful", "Traceback")

# The script has run to its end and the page holds more than its frame.
READY = """() => {
    const app = document.querySelector('[data-testid=stApp]');
    const main = document.querySelector('[data-testid=stMainBlockContainer]');
    return app?.dataset.testScriptState === 'notRunning' && main?.innerText.length > 80
        && !document.querySelector('[data-testid=stSpinner]');
}"""

# Two texts of the page that cover each other: boxes of text nodes, both on screen, neither inside a
# closed list, and not the ground under a picture's own label.
OVERLAPS = """() => {
    const shown = element => {
        const style = getComputedStyle(element);
        return style.visibility !== 'hidden' && style.opacity !== '0'
            && element.checkVisibility({checkOpacity: true});
    };
    const boxes = [];
    const collect = root => {
        const both = NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT;
        const walker = document.createTreeWalker(root, both);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            if (node.shadowRoot) collect(node.shadowRoot);
            if (node.nodeType !== Node.TEXT_NODE || !node.data.trim()) continue;
            const parent = node.parentElement;
            if (!parent || !shown(parent)) continue;
            if (['SCRIPT', 'STYLE', 'TITLE', 'title'].includes(parent.tagName)) continue;
            const range = document.createRange();
            range.selectNodeContents(node);
            for (const box of range.getClientRects())
                if (box.width > 2 && box.height > 2) boxes.push([node.data.trim(), box, node]);
        }
    };
    const main = document.querySelector('[data-testid=stMainBlockContainer]');
    collect(main);
    const wrong = [];
    for (const [i, [a, p, first]] of boxes.entries())
        for (const [b, q, second] of boxes.slice(i + 1)) {
            if (first === second) continue;  // the lines of one text
            const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left);
            const high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
            if (wide > 3 && high > 0.4 * Math.min(p.height, q.height)) wrong.push(`${a} / ${b}`);
        }
    return wrong;
}"""


@pytest.fixture(scope="module")
def address(start_app: Callable[..., str]) -> str:
    return start_app(ROOT / "serve.py")


@pytest.fixture
def requests() -> list[str]:
    return []


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One browser for all pages, so that the app's own script is loaded once."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="ja-JP")
    context.set_default_timeout(60_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, sample_store: Store, requests: list[str]) -> Iterator[Page]:
    page = context.new_page()
    page.on("request", lambda request: requests.append(request.url))
    yield page
    page.close()


def await_page(page: Page, name: str) -> None:
    """Wait until the page `name` is drawn, the ecomap's picture with it.

    On a busy machine the picture comes long after the script has ended.
    """
    page.wait_for_function(READY)
    if name == "ecomap":
        page.locator("svg.ecomap .card").first.wait_for()


def open_page(page: Page, address: str, name: str, query: str = "") -> None:
    path = "" if name == "ecomap" else name  # the first page has the bare address
    page.goto(f"{address}/{path}?date=2022-10-04{query}")
    await_page(page, name)
    page.wait_for_timeout(500)  # a component draws after the script has ended


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_readable_and_asks_nothing_of_the_outside(
    page: Page, address: str, requests: list[str], name: str, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    open_page(page, address, name)
    text = page.get_by_test_id("stMainBlockContainer").inner_text()
    assert len(text) > 80  # the frame alone has fewer
    assert [code for code in RAW_CODES if code in text] == []
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert page.evaluate(OVERLAPS) == []
    local = (address, address.replace("http", "ws"), "blob:", "data:")
    assert [url for url in requests if not url.startswith(local)] == []
    if (folder := os.environ.get("TSUNAGI_PICTURES")) and size == SIZES[0]:
        take_picture(page, Path(folder) / f"{name}.png")


def take_picture(page: Page, path: Path) -> None:
    """Take the page as the guides show it."""
    page.set_viewport_size({"width": 1280, "height": 860})
    page.wait_for_timeout(1_500)
    page.screenshot(path=path)


@pytest.mark.parametrize("name", PAGES)
def test_the_english_page_has_no_japanese_of_ours(page: Page, address: str, name: str) -> None:
    open_page(page, address, name, "&lang=en")
    labels = page.locator("[data-testid=stWidgetLabel], h1, h2, h3").all_inner_texts()
    japanese = [text for text in labels if any("ぁ" <= c <= "ヿ" for c in text)]
    # A heading may be the name of an agency; words of the app are never in kana.
    assert [text for text in japanese if "清心寮" not in text and "（例）" not in text] == []
    if folder := os.environ.get("TSUNAGI_PICTURES"):
        take_picture(page, Path(folder) / "en" / f"{name}.png")


@pytest.mark.parametrize("size", SIZES)
def test_the_navigation_names_every_page(page: Page, address: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    open_page(page, address, "ecomap")
    for title in PAGES.values():
        expect(page.get_by_role("link", name=title)).to_be_visible()


def test_a_click_on_an_agency_shows_its_details_and_history(page: Page, address: str) -> None:
    open_page(page, address, "ecomap")
    page.locator(".card", has_text="ささぼし").first.click()
    expect(page.get_by_role("heading", name="障害者相談支援事業所「ささぼし」")).to_be_visible()
    expect(page.get_by_text("支援開始").first).to_be_visible()


def test_the_meeting_look_names_no_contact_person_and_the_internal_look_does(
    page: Page, address: str
) -> None:
    for look, count in (("meeting", 0), ("internal", 1)):
        open_page(page, address, "ecomap", f"&look={look}")
        page.locator(".card", has_text="就労支援").first.click()
        expect(page.get_by_text("これまでの経過")).to_be_visible()
        expect(page.get_by_text("担当者B").first).to_be_visible() if count else expect(
            page.get_by_text("担当者B")
        ).to_have_count(0)


def test_the_date_in_the_address_decides_what_is_shown(page: Page, address: str) -> None:
    page.goto(f"{address}/?date=2022-02-28")
    expect(page.locator("svg.ecomap").get_by_text("2022年2月28日")).to_be_visible()
    before = page.locator(".card").count()
    open_page(page, address, "ecomap")
    expect(page.locator("svg.ecomap").get_by_text("2022年10月4日")).to_be_visible()
    assert before < page.locator(".card").count() == 17


def test_everything_goes_out_as_one_file_that_says_the_same(
    page: Page, address: str, sample_store: Store
) -> None:
    open_page(page, address, "takeout")
    page.locator(".st-key-takeout_workbook").get_by_role("button").click()
    with page.expect_download() as taken:
        page.locator(".st-key-takeout_file_workbook").get_by_role("button").click()
    data = Path(taken.value.path()).read_bytes()
    book = openpyxl.load_workbook(BytesIO(data))
    assert book.sheetnames[:2] == ["このファイルについて", "機関"]
    assert book["機関"].max_row == 1 + len(sample_store.list_nodes("Organization", ("name",)))
    assert {len(row) for row in book["紹介"].values} == {book["紹介"].max_column}
    outcome = check_file(sample_store, taken.value.suggested_filename, data)
    assert (outcome.problems, outcome.difference.new, outcome.difference.changed) == ((), (), ())
    assert outcome.difference.unchanged > 800
