"""The local sign-in in a real browser: what is served before it, in it and after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from access.register import Register
from graph.engine.server import Connection
from graph.store import Store
from tests.accounts import PASSWORD
from tests.browser.conftest import SERVE, list_settings


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("signed")
    register = Register(folder / "access.sqlite")
    register.add("hanako", PASSWORD, ["coordinator", "planner"])
    register.add("guest", PASSWORD, ["meeting"])
    return folder


@pytest.fixture(scope="module")
def address(start_app: Callable[..., str], database: Connection, folder: Path) -> str:
    return start_app(
        SERVE,
        TSUNAGI_DATA_DIR=str(folder),
        **list_settings(database),
    )


@pytest.fixture
def context(browser: Browser, sample_store: Store) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="ja-JP")
    context.set_default_timeout(60_000)
    yield context
    context.close()


def sign_in(context: BrowserContext, address: str, name: str) -> None:
    page = context.new_page()
    page.goto(f"{address}/gaps")
    expect(page).to_have_url(f"{address}/sign-in")
    page.get_by_label("名前").fill(name)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="サインイン").click()
    expect(page.locator("svg.ecomap .card").first).to_be_visible()


def test_a_coordinator_signs_in_sees_the_pages_and_signs_out(
    context: BrowserContext, address: str
) -> None:
    sign_in(context, address, "hanako")
    page = context.pages[0]
    for title in ("エコマップ", "紹介の道筋", "次に連絡する先", "記録"):
        expect(page.get_by_role("link", name=title)).to_be_visible()
    expect(page.get_by_role("link", name="hanako さん")).to_be_visible()
    other = context.new_page()
    other.goto(f"{address}/sign-out")
    other.get_by_role("button", name="サインアウト").click()
    expect(other).to_have_url(f"{address}/sign-in")
    page.reload()
    expect(page).to_have_url(f"{address}/sign-in")


def test_two_roles_at_once_are_offered_their_own_pages(
    context: BrowserContext, browser: Browser, address: str
) -> None:
    sign_in(context, address, "hanako")
    guests = browser.new_context(locale="ja-JP")
    guests.set_default_timeout(60_000)
    sign_in(guests, address, "guest")
    expect(context.pages[0].get_by_role("link", name="記録")).to_be_visible()
    guest = guests.pages[0]
    expect(guest.get_by_role("link", name="エコマップ")).to_be_visible()
    for title in ("記録", "取り込み", "次に連絡する先", "紹介の道筋", "指標"):
        expect(guest.get_by_role("link", name=title)).to_have_count(0)
    guest.goto(f"{address}/record")  # typed by hand
    expect(guest.get_by_test_id("stTextInput")).to_have_count(0)
    guests.close()


def test_a_disabled_account_loses_its_open_page(
    context: BrowserContext, address: str, folder: Path
) -> None:
    sign_in(context, address, "guest")
    page = context.pages[0]
    with page.expect_response(lambda answer: answer.status == 401):  # it comes back in vain
        Register(folder / "access.sqlite").disable("guest")
    page.reload()
    expect(page).to_have_url(f"{address}/sign-in")
    Register(folder / "access.sqlite").disable("guest", disabled=False)
