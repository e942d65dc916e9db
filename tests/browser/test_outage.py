"""The database dies while three people look: the pictures stay, and all comes back by itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from graph.engine import server
from graph.store import Store
from loaders.loading import load_file

ROOT = Path(__file__).parents[2]
BAR = "#tsunagi-away"
AWAY = "データベースにつながりません"
SIZES = ((1920, 1080), (1024, 768), (1920, 1080))


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A database of its own with the Saitama sample: this test kills it."""
    folder = tmp_path / "data"
    connection = server.ensure_running(folder)
    sample = next((ROOT / "sample").glob("埼玉*.xlsx"))
    with Store.at(connection) as store:
        assert not load_file(store, sample.name, sample.read_bytes()).problems
    yield folder
    server.stop(folder, force=True)


@pytest.fixture
def pages(browser: Browser, folder: Path, start_app: Callable[..., str]) -> Iterator[list[Page]]:
    address = start_app(ROOT / "serve.py", TSUNAGI_DATA_DIR=str(folder))
    pages = [browser.new_page(viewport={"width": w, "height": h}) for w, h in SIZES]
    for page in pages:
        page.set_default_timeout(60_000)
        page.goto(f"{address}/?date=2022-10-04")
        expect(page.locator(".card")).to_have_count(17)
        page.evaluate("() => { window.never_reloaded = true; }")
    yield pages
    for page in pages:
        page.close()


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is what a power cut is like on POSIX only")
def test_the_picture_stays_and_the_page_comes_back_without_a_reload(
    pages: list[Page], folder: Path
) -> None:
    psutil.Process(server.status(folder).pid).kill()
    for page in pages:  # nobody clicks
        expect(page.locator(BAR)).to_contain_text(AWAY)
        expect(page.locator(".card")).to_have_count(17)
    asking = pages[0]
    asking.get_by_text("内部用").first.click()  # a click asks the database again
    expect(asking.locator(".card")).to_have_count(17)
    for page in pages:
        expect(page.locator(BAR)).to_have_count(0, timeout=120_000)
        expect(page.get_by_text(AWAY)).to_have_count(0, timeout=120_000)
        expect(page.locator(".card")).to_have_count(17)
        assert page.evaluate("window.never_reloaded")
    asking.locator(".card", has_text="ささぼし").first.click()
    expect(asking.get_by_text("これまでの経過")).to_be_visible()
