"""A new user's first hour: an empty app, an office's own workbook, and the ecomap."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from graph.store import Store
from loaders.headings import read_headings
from tests.browser.test_pages import READY
from tests.builders import workbook
from tests.conftest import Shelf
from tests.open_data_files import medical, office, offices, wamnet

ROOT = Path(__file__).parents[2]
MEANT = {
    "お相手の名まえ": "機関名",
    "ジャンル": "分野",
    "まち": "市区町村",
    "でんわ": "電話番号",
    "お願いしたいこと": "期待される支援",
    "おつきあい": "段階",
}
ROWS = [
    ["わかば荘がつながっている先", "", "", "", "", ""],
    list(MEANT),
    ["川越市役所", "行政", "川越市", "049-224-8811", "相談", "説明済"],
    ["あおぞら相談", "福祉", "川越市", "049-000-0001", "調整", "支援中"],
    *[[f"なかま{n}", "地域団体", "所沢市", f"04-2900-00{n:02d}", "居場所", ""] for n in range(15)],
]
HOSPITAL = {
    "ID": "0112000001", "正式名称": "まつど病院", "正式名称（フリガナ）": "マツドビョウイン",
    "機関区分": "1", "都道府県コード": "12", "市区町村コード": "207",
    "所在地": "千葉県松戸市根本387-5", "所在地座標（緯度）": "35.7876",
    "所在地座標（経度）": "139.9031",
}  # fmt: skip


@pytest.fixture
def page(
    browser: Browser, reference_store: Store, shelf: Shelf, start_app: Callable[..., str]
) -> Iterator[Page]:
    shelf.holds = "?"
    context = browser.new_context(viewport={"width": 1280, "height": 1200}, locale="ja-JP")
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(start_app(ROOT / "serve.py"))
    page.wait_for_function(READY)
    yield page
    context.close()


def choose(page: Page, label: str, option: str) -> None:
    page.wait_for_function(READY)  # a page that is still being drawn closes an open list
    page.get_by_label(label, exact=False).last.click()
    page.keyboard.insert_text(option)  # a long list draws only a part of itself
    page.get_by_role("option", name=option, exact=False).first.click()


def test_an_office_gets_from_its_own_workbook_to_the_ecomap(
    page: Page, reference_store: Store
) -> None:
    page.get_by_label("エコマップの真ん中になります").fill("わかば荘")
    page.get_by_label("エコマップの真ん中になります").press("Enter")
    page.locator("input[type=file]").set_input_files(
        {"name": "連携先.xlsx", "mimeType": "application/x", "buffer": workbook(うちの=ROWS)}
    )
    choose(page, "この表は何の表ですか", "連携リスト")
    for header, column in MEANT.items():
        choose(page, header, column)
    page.get_by_role("button", name="この見出しで確かめる").click()
    page.get_by_role("spinbutton", name="いつのリストですか、年").click()
    page.keyboard.type("20260401")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")  # closes the calendar
    page.get_by_role("button", name="取り込む", exact=True).click()
    expect(page.locator("svg.ecomap .card")).to_have_count(17)
    expect(page.locator("svg.ecomap")).to_contain_text("わかば荘")
    said = {(heading.words, heading.column) for heading in read_headings(reference_store)}
    assert {("お相手の名まえ", "organization"), ("うちの", None)} <= said


def test_an_office_without_a_list_begins_with_open_data_of_its_area(
    page: Page, reference_store: Store
) -> None:
    page.get_by_label("エコマップの真ん中になります").fill("わかば荘")
    page.get_by_label("エコマップの真ん中になります").press("Enter")
    far = office(number="1210000099", name="遠くの家", city="千葉県柏市", street="柏1")
    rows = [*offices(3), far]
    for file, data in (
        ("障害福祉_202503.csv", wamnet(rows)),
        ("病院_202503.csv", medical([HOSPITAL])),
    ):
        # While the page runs, the emptied uploader stands beside the one it takes the place of.
        expect(page.locator("input[type=file]")).to_have_count(1)
        page.locator("input[type=file]").set_input_files(
            {"name": file, "mimeType": "text/csv", "buffer": data}
        )
        page.get_by_role("button", name="取り込む", exact=True).click()
        expect(page.get_by_text(f"「{file}」を取り込みました")).to_be_visible()
    choose(page, "都道府県", "千葉県")
    choose(page, "市区町村", "松戸市")
    page.keyboard.press("Escape")
    fields = page.get_by_role("table", name="この地域の機関")
    expect(fields.get_by_role("row", name="福祉 3")).to_be_visible()
    expect(fields.get_by_role("row", name="医療 1")).to_be_visible()
    for name in ("事業所2", "まつど病院"):
        choose(page, "連携リストに入れる機関", name)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="この 2 機関で連携リストを作る").click()
    expect(page.locator("svg.ecomap .card")).to_have_count(2)
    for name in ("わかば荘", "事業所2", "まつど病院"):
        expect(page.locator("svg.ecomap")).to_contain_text(name)
    assert len(reference_store.list_nodes("PartnerList", ("list_id",))) == 1
