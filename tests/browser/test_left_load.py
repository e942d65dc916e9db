"""A browser closed in the middle of a load: the file is there whole or not at all."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from graph.store import Store
from tests.browser.conftest import SERVE
from tests.browser.test_pages import READY
from tests.builders import workbook
from tests.conftest import Shelf

ROWS = 4_000
NAME = "途中で閉じる.xlsx"
QUIET_S = 5.0
FOUND = "MATCH (o:Organization) WHERE o.source_file = $file RETURN count(o) AS n"
DONE = "MATCH (l:Load {file: $file}) RETURN l.state AS state"


def open_upload(browser: Browser, address: str) -> Page:
    page = browser.new_context(locale="ja-JP").new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{address}/upload")
    page.wait_for_function(READY)
    rows = [["機関名", "分野", "市区町村"], *([f"機関{n}", "福祉", "川越市"] for n in range(ROWS))]
    page.locator("input[type=file]").set_input_files(
        {"name": NAME, "mimeType": "application/x", "buffer": workbook(機関=rows)}
    )
    page.get_by_role("button", name="取り込む", exact=True).click()
    return page


def wait_until_still(store: Store) -> int:
    """Return how many agencies of the file there are once their number has stopped changing."""
    seen, since = -1, time.monotonic()
    while time.monotonic() - since < QUIET_S:
        found = store.read(FOUND, {"file": NAME})[0]["n"]
        if found != seen:
            seen, since = found, time.monotonic()
        time.sleep(0.2)
    return seen


def test_a_file_is_there_whole_or_not_at_all(
    browser: Browser, sample_store: Store, shelf: Shelf, start_app: Callable[..., str]
) -> None:
    shelf.holds = "?"
    address = start_app(SERVE)
    page = open_upload(browser, address)
    expect(page.get_by_test_id("stProgress")).to_be_visible()
    page.context.close()
    found = wait_until_still(sample_store)
    done = [row["state"] for row in sample_store.read(DONE, {"file": NAME})]
    assert (found, done) in ((0, []), (ROWS, ["done"]))
    page = open_upload(browser, address)
    expect(page.get_by_text(f"{NAME}").first).to_be_visible()
    expect(page.get_by_test_id("stAlertContentSuccess")).to_be_visible()
    page.context.close()
    assert sample_store.read(FOUND, {"file": NAME}) == [{"n": ROWS}]
