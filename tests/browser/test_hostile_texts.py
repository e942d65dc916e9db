"""Texts that would run, and marks of persons, in a real browser: nothing runs, nothing arrives.

One app with a local sign-in holds a graph full of both. A member of staff who may see everything
opens every page; a viewer and a member of a meeting do so at the same time, and what their browsers
are sent - pages, websocket frames, files - is searched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Response, WebSocket, expect

from access.register import Register
from graph.engine.server import Connection
from graph.store import Load, Store
from tests.accounts import PASSWORD
from tests.browser.conftest import SERVE, list_settings
from tests.builders import FACILITY, write
from tests.hostile_graph import MARKS, PAYLOADS, make_hostile_graph
from texts import say

PAGES = (
    "", "network", "gaps", "paths", "nearby", "contacts", "report", "record", "upload", "audit",
)  # fmt: skip
OF_VIEWERS = ("", "network", "gaps", "nearby")
BY_HAND = ("paths", "contacts", "record")
"""Pages that a meeting is not offered, typed into the address."""

READY = """() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState
    === 'notRunning' && !document.querySelector('[data-testid=stSpinner]')
    && document.querySelector('[data-testid=stMainBlockContainer]')?.innerText.length > 40"""

# Everything that may be open or be pointed at: details, tooltips, cards and points of pictures.
TOUCH = """() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
    const roots = [document];
    for (const root of roots)
        for (const element of root.querySelectorAll('*')) {
            if (element.shadowRoot) roots.push(element.shadowRoot);
            for (const kind of ['mouseover', 'mouseenter', 'mousemove', 'focus'])
                element.dispatchEvent(new MouseEvent(kind, {bubbles: false}));
        }
}"""

# Words of the data are no links out of the app; an agency's own site has a name of its own.
LINKS = """() => [...document.querySelectorAll('a[href*="192.0.2.1"]')].map(
    link => `link ${link.outerHTML}`)"""


@dataclass(slots=True)
class Watch:
    """What one browser was sent and what happened in it."""

    context: BrowserContext
    page: Page
    sent: list[bytes] = field(default_factory=list)
    happened: list[str] = field(default_factory=list)
    files: list[Response] = field(default_factory=list)

    def find(self, words: tuple[str, ...]) -> list[str]:
        data = b"\n".join([*self.sent, self.page.content().encode()])
        return [word for word in words if word.encode() in data]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    register = Register(folder / "access.sqlite")
    register.add("staff", PASSWORD, ["coordinator", "planner", "administrator"])
    register.add("viewer", PASSWORD, ["viewer"])
    register.add("meeting", PASSWORD, ["meeting"])
    return folder


@pytest.fixture(scope="module")
def address(start_app: Callable[..., str], database: Connection, folder: Path) -> str:
    return start_app(
        SERVE,
        TSUNAGI_DATA_DIR=str(folder),
        **list_settings(database),
    )


@pytest.fixture
def hostile_store(reference_store: Store) -> Store:
    write(reference_store, make_hostile_graph())
    reference_store.write([], Load("hostile", f"{PAYLOADS[2]}.xlsx", actor=PAYLOADS[3]))
    return reference_store


@pytest.fixture
def sign_in(browser: Browser, address: str) -> Iterator[Callable[[str], Watch]]:
    watches: list[Watch] = []

    def open_as(name: str) -> Watch:
        context = browser.new_context(
            viewport={"width": 1600, "height": 1000}, locale="ja-JP", accept_downloads=True
        )
        context.set_default_timeout(60_000)
        watch = Watch(context, context.new_page())
        watches.append(watch)
        observe(watch, address)
        watch.page.goto(f"{address}/sign-in")
        watch.page.get_by_label("名前").fill(name)
        watch.page.get_by_label("パスワード").fill(PASSWORD)
        watch.page.get_by_role("button", name="サインイン").click()
        watch.page.wait_for_function(READY)
        return watch

    yield open_as
    for watch in watches:
        watch.context.close()


def observe(watch: Watch, address: str) -> None:
    """Note scripts that ran, dialogs, requests to elsewhere, and all that arrives."""
    local = (address, address.replace("http", "ws"), "blob:", "data:")

    def note_request(url: str) -> None:
        if not url.startswith(local):
            watch.happened.append(f"request {url}")

    def note_socket(socket: WebSocket) -> None:
        socket.on(
            "framereceived",
            lambda frame: watch.sent.append(frame.encode() if isinstance(frame, str) else frame),
        )

    def note_response(response: Response) -> None:
        if "/media/" in response.url:
            watch.files.append(response)  # to be read later: not from within an event

    watch.context.expose_binding("ran", lambda *_: watch.happened.append("a script ran"))
    page = watch.page
    page.on("dialog", lambda dialog: (watch.happened.append("dialog"), dialog.dismiss()))
    page.on("request", lambda request: note_request(request.url))
    page.on("websocket", note_socket)
    page.on("response", note_response)
    page.on("console", lambda said: watch.happened.append(said.text)
            if "Content Security Policy" in said.text else None)  # fmt: skip


def visit(watch: Watch, address: str, name: str, query: str = "") -> None:
    watch.page.goto(f"{address}/{name}?date=2022-10-04{query}")
    watch.page.wait_for_function(READY)
    watch.page.wait_for_timeout(400)  # a component draws after the script has ended
    watch.page.evaluate(TOUCH)
    watch.happened += watch.page.evaluate(LINKS)
    while watch.files:
        with suppress(Error):  # of a page that was left meanwhile
            watch.sent.append(watch.files.pop().body())


def check_tables(page: Page) -> None:
    """No table offers itself as a file: that would be neither asked for a right nor on record."""
    for table in page.get_by_test_id("stDataFrame").all():
        table.hover(force=True)
        expect(page.get_by_label(say("spoken.search")).first).to_be_visible()
        expect(page.locator("[aria-label^=Download]").first).to_be_hidden()


def touch_pictures(page: Page) -> None:
    """Point at and click cards of the ecomap, or the middle of the network."""
    for card in page.locator(".card").all()[:6]:
        card.hover(force=True)
    if page.locator(".card").count():
        page.locator(".card").first.click(force=True)
        page.wait_for_function(READY)
    canvas = page.locator("canvas").first
    if page.locator(".network-frame").count():
        # The page may just be drawing it anew: every step finds the canvas of the moment.
        width, height = canvas.evaluate("canvas => [canvas.clientWidth, canvas.clientHeight]")
        for share in (0.3, 0.5, 0.7):
            canvas.hover(position={"x": width * share, "y": height / 2}, force=True)
            page.wait_for_timeout(150)
        canvas.click(position={"x": width / 2, "y": height / 2}, force=True)
        page.wait_for_function(READY)
    page.evaluate(TOUCH)


def test_no_text_of_the_data_runs_and_no_mark_of_a_person_reaches_who_may_not_see_it(
    hostile_store: Store,
    sign_in: Callable[[str], Watch],
    address: str,
    *,
    folder: Path,
    data_folder: Path,
    browser: Browser,
    tmp_path: Path,
) -> None:
    staff, viewer, meeting = (sign_in(name) for name in ("staff", "viewer", "meeting"))
    facility = f"&facility={FACILITY}"
    for name in PAGES:
        visit(staff, address, name, f"{facility}&look=internal")
        touch_pictures(staff.page)
        if name == "gaps":
            check_tables(staff.page)
        if name in OF_VIEWERS:
            # While the other session is on the same page: what was kept for it is not theirs.
            for watch in (viewer, meeting):
                visit(watch, address, name, facility)
                touch_pictures(watch.page)
        elif name in BY_HAND:
            visit(meeting, address, name, facility)
    for query in ("&tab=possible", "&tab=introductions", "&tab=loop", "&tab=flows"):
        visit(staff, address, "paths", facility + query)
    assert staff.happened == viewer.happened == meeting.happened == []
    # Staff see the marks, so they would be found; the others are sent none.
    assert len(staff.find(MARKS)) >= 20
    assert viewer.find(MARKS) == []
    assert meeting.find(MARKS) == []
    assert sum(map(len, viewer.sent)) > 50_000
    check_files(staff, address, browser, tmp_path)
    check_logs([folder, data_folder])


def check_files(staff: Watch, address: str, browser: Browser, tmp_path: Path) -> None:
    """Open what can be taken along as HTML: nothing runs in it, nothing is asked for."""
    visit(staff, address, "network", f"&facility={FACILITY}")
    with staff.page.expect_download() as caught:
        staff.page.get_by_test_id("stDownloadButton").first.get_by_role("button").click()
    files = [tmp_path / "network.html"]
    caught.value.save_as(files[0])
    visit(staff, address, "", f"&facility={FACILITY}")
    staff.page.get_by_role("button", name="書き出す").click()
    with staff.page.expect_download() as caught:
        staff.page.get_by_role("button", name="HTML").first.click()
    files.append(tmp_path / "ecomap.html")
    caught.value.save_as(files[1])
    for file in files:
        context = browser.new_context()
        watch = Watch(context, context.new_page())
        observe(watch, file.as_uri())
        watch.page.goto(file.as_uri())
        watch.page.wait_for_timeout(500)
        watch.page.evaluate(TOUCH)
        watch.page.pdf()  # print, too
        assert watch.happened == []
        context.close()


def check_logs(folders: list[Path]) -> None:
    """Search the logs of the app, of what it did, and of the database."""
    logs = [
        path
        for folder in folders
        for pattern in ("**/*.log", "**/*.jsonl", "**/logs/*")
        for path in folder.glob(pattern)
        if path.is_file()
    ]
    assert logs
    found = [
        (path.name, mark) for path in logs for mark in MARKS if mark.encode() in path.read_bytes()
    ]
    assert found == []
