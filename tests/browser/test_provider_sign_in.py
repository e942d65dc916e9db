"""The sign-in by an organisation's provider, from the button to the page, with a real provider."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from access.journal import Journal
from access.register import Register
from graph.engine.server import Connection
from graph.store import Store
from tests.browser.conftest import SERVE, list_settings
from tests.browser.identity_provider import CLIENT_ID, CLIENT_SECRET, Provider, run_provider
from texts import say

HANAKO = "hanako@example.jp"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with run_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("provided")
    Register(folder / "access.sqlite").add(HANAKO, None, ["meeting"])
    return folder


@pytest.fixture(scope="module")
def address(
    start_app: Callable[..., str], database: Connection, folder: Path, provider: Provider
) -> str:
    return start_app(
        SERVE,
        TSUNAGI_DATA_DIR=str(folder),
        **list_settings(database),
        TSUNAGI_URL="http://127.0.0.1:{port}",
        TSUNAGI_OIDC_URL=provider.metadata,
        TSUNAGI_OIDC_CLIENT_ID=CLIENT_ID,
        TSUNAGI_OIDC_CLIENT_SECRET=CLIENT_SECRET,
        TSUNAGI_COOKIE_SECRET="0123456789abcdefghijklmnopqrstuvwxyz",
    )


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="ja-JP")
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def sign_in(page: Page, address: str, provider: Provider, email: str) -> None:
    provider.email = email
    page.goto(address)
    expect(page.locator("svg.ecomap")).to_have_count(0)  # nothing is shown before
    page.get_by_role("button", name=say("access.sign_in")).click()


def come_in(page: Page, address: str, provider: Provider, folder: Path) -> int:
    """Sign in as Hanako, who is on the list; return how many lines the log had before."""
    before = len(read_log(folder))
    sign_in(page, address, provider, HANAKO)
    expect(page.locator("svg.ecomap .card").first).to_be_visible()
    return before


def read_log(folder: Path) -> list[tuple[str, str]]:
    """Return who did what, oldest first; [] before the first."""
    return [(entry.actor, entry.action) for entry in Journal(folder).read()]


def list_comings(entries: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return who came, was refused and went."""
    return [entry for entry in entries if entry[1].startswith("sign_")]


def test_who_is_on_the_list_comes_in_and_is_thrown_out_when_disabled(
    page: Page, address: str, provider: Provider, folder: Path, sample_store: Store
) -> None:
    before = come_in(page, address, provider, folder)
    expect(page.get_by_role("link", name="記録")).to_have_count(0)  # the role of the list
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert all(cookie["httpOnly"] for name, cookie in cookies.items() if "user" in name)
    register = Register(folder / "access.sqlite")
    register.disable(HANAKO)
    page.get_by_role("link", name=say("app.page.gaps")).click()  # the next run
    refusal = say("access.not_allowed", name=HANAKO)
    expect(page.get_by_text(refusal)).to_be_visible()
    expect(page.locator("svg.ecomap")).to_have_count(0)
    register.disable(HANAKO, disabled=False)
    entries = read_log(folder)[before:]
    assert entries[:2] == [(HANAKO, "sign_in"), (HANAKO, "view")]
    assert list_comings(entries) == [(HANAKO, "sign_in"), ("?", "sign_in_refused")]


def test_who_goes_is_on_record_and_outside(
    page: Page, address: str, provider: Provider, folder: Path, sample_store: Store
) -> None:
    before = come_in(page, address, provider, folder)
    page.get_by_role("link", name=say("app.page.gaps")).click()  # one session, one entry
    expect(page.get_by_role("heading", name=say("app.page.gaps")).first).to_be_attached()
    page.get_by_role("button", name=say("access.sign_out")).click()
    expect(page.get_by_role("button", name=say("access.sign_in"))).to_be_visible()
    entries = [(HANAKO, "sign_in"), (HANAKO, "sign_out")]
    assert list_comings(read_log(folder)[before:]) == entries


@pytest.mark.parametrize("email", [HANAKO, "taro@example.jp"])
def test_nobody_comes_in_who_cannot_be_recorded(
    page: Page, address: str, provider: Provider, folder: Path, sample_store: Store, *, email: str
) -> None:
    file, aside = folder / "audit.jsonl", folder / "aside.jsonl"
    file.touch()
    file.rename(aside)
    file.mkdir()  # nothing can be written under this name
    try:
        sign_in(page, address, provider, email)
        expect(page.get_by_text(say("store.not_recorded"))).to_be_visible()
        expect(page.locator("svg.ecomap")).to_have_count(0)
        expect(page.get_by_test_id("stTopNavLink")).to_have_count(0)
    finally:
        file.rmdir()
        aside.rename(file)


@pytest.mark.parametrize(
    ("email", "verified", "written"),
    [("taro@example.jp", True, "?"), (HANAKO, False, HANAKO)],
)
def test_who_is_unknown_or_not_vouched_for_stays_outside(
    page: Page, address: str, provider: Provider, folder: Path, sample_store: Store, *, email: str,
    verified: bool, written: str,
) -> None:  # fmt: skip
    provider.is_verified = verified
    sign_in(page, address, provider, email)
    expect(page.get_by_text(say("access.not_allowed", name=email))).to_be_visible()
    expect(page.locator("svg.ecomap")).to_have_count(0)
    expect(page.get_by_test_id("stTopNavLink")).to_have_count(0)
    provider.is_verified = True
    assert read_log(folder)[-1] == (written, "sign_in_refused")
    assert "taro" not in (folder / "audit.jsonl").read_text("utf-8")
