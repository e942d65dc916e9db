"""The network in a browser: clicks, search, full screen, hostile names, nothing fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from graph.pictures.model import EcomapTie
from graph.pictures.network import Network, NetworkAgency, make_network_page
from texts import say

HOSTILE = [
    '"><script>document.title=1</script>',
    '<a href="https://example.org" onmouseover="document.title=1">href</a>',
    "</script><script>document.title=1</script>",
    "<img src=x onerror=document.title=1>",
]
APP = f"""
from datetime import date

import streamlit as st

from graph.pictures.model import EcomapTie
from graph.pictures.network import Network, NetworkAgency, make_network_picture
from texts import say
from views.network.component import read_click, show_network

NAMES = ["あけぼの寮", "若葉野保護観察所", *{HOSTILE!r}]
agencies = tuple(
    NetworkAgency(f"o{{n}}", name, None, "justice" if n < 2 else "kin", n == 0)
    for n, name in enumerate(NAMES)
)
ties = tuple(
    EcomapTie("o0", f"o{{n}}", "strong", "stressful" if n == 2 else "good", "both")
    for n in range(1, len(NAMES))
)
network = Network("つながり", date(2022, 10, 4), agencies, ties, "internal")


def choose():
    st.session_state.chosen = read_click("map")


st.set_page_config(page_title="net", layout="wide")
search = st.selectbox("search", [a.organization_id for a in agencies], index=None)
show_network(make_network_picture(network, say), centre=search, key="map", on_choose=choose)
st.text(f"chose: {{st.session_state.get('chosen')}}")
"""

STAGE = ".network-frame .stage"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, start_app: Callable[..., str]) -> str:
    script = tmp_path_factory.mktemp("app") / "app.py"
    script.write_text(APP, encoding="utf-8")
    return start_app(script)


@pytest.fixture
def requests() -> list[str]:
    return []


@pytest.fixture
def page(browser: Browser, address: str, requests: list[str]) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(60_000)
    page.on("request", lambda request: requests.append(request.url))
    page.goto(address)
    page.locator(f"{STAGE}[data-painted]").wait_for()
    yield page
    page.close()


def find_sign(page: Page, agency: str) -> tuple[float, float]:
    """The middle of an agency's sign on the screen."""
    x, y = page.locator(STAGE).evaluate(
        """(stage, agency) => {
            const { network } = stage.closest('.network-frame').tsunagi.view;
            const at = network.canvasToDOM(network.getPosition(agency));
            const box = stage.getBoundingClientRect();
            return [box.x + at.x, box.y + at.y];
        }""",
        agency,
    )
    return float(x), float(y)


def read_selected(page: Page) -> list[str]:
    selected: list[str] = page.locator(STAGE).evaluate(
        "stage => stage.closest('.network-frame').tsunagi.view.network.getSelectedNodes()"
    )
    return selected


def test_a_click_reaches_python_and_one_beside_all_clears(page: Page) -> None:
    for agency in ("o1", "o2", "o1"):
        page.mouse.click(*find_sign(page, agency))
        expect(page.get_by_text(f"chose: {agency}", exact=True)).to_be_visible()
        assert read_selected(page) == [agency]
    box = page.locator(STAGE).bounding_box()
    assert box
    page.mouse.click(box["x"] + 5, box["y"] + 5)
    expect(page.get_by_text("chose: None", exact=True)).to_be_visible()


def test_an_agency_found_by_search_comes_to_the_middle(page: Page) -> None:
    page.get_by_role("combobox").fill("o3")
    page.keyboard.press("Enter")
    box = page.locator(STAGE).bounding_box()
    assert box
    page.wait_for_function(
        "() => { const stage = [...document.querySelectorAll('*')].map(e => e.shadowRoot)"
        ".find(r => r?.querySelector('.stage'))?.querySelector('.stage');"
        " return stage.closest('.network-frame').tsunagi.view.network"
        ".getSelectedNodes()[0] === 'o3'; }"
    )
    x, y = find_sign(page, "o3")
    assert abs(x - box["x"] - box["width"] / 2) < 3
    assert abs(y - box["y"] - box["height"] / 2) < 3


def test_a_click_does_not_send_the_picture_again(page: Page) -> None:
    drawn = page.locator(STAGE).evaluate(
        "stage => (globalThis.drawnFirst = stage.closest('.network-frame').tsunagi.view, true)"
    )
    assert drawn
    page.mouse.click(*find_sign(page, "o1"))
    expect(page.get_by_text("chose: o1", exact=True)).to_be_visible()
    assert page.locator(STAGE).evaluate(
        "stage => globalThis.drawnFirst === stage.closest('.network-frame').tsunagi.view"
    )


def test_signs_do_not_move_when_they_are_dragged(page: Page) -> None:
    before = page.locator(STAGE).evaluate(
        "s => s.closest('.network-frame').tsunagi.view.network.getPosition('o1')"
    )
    x, y = find_sign(page, "o1")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 80, y + 60, steps=5)
    page.mouse.up()
    after = page.locator(STAGE).evaluate(
        "s => s.closest('.network-frame').tsunagi.view.network.getPosition('o1')"
    )
    assert before == after


def test_full_screen_shows_the_picture_over_the_whole_screen(page: Page) -> None:
    page.get_by_role("button", name="全画面").click()
    page.wait_for_function("document.fullscreenElement !== null")
    box = page.locator(".network-frame").bounding_box()
    assert box
    assert (box["width"], box["height"]) == (1280, 900)


@pytest.mark.parametrize("agency", ["o2", "o3", "o4", "o5"])
def test_a_hostile_name_is_text_and_no_request_leaves_the_machine(
    page: Page, requests: list[str], address: str, agency: str
) -> None:
    page.mouse.move(*find_sign(page, agency))
    tooltip = page.locator(".vis-tooltip")
    expect(tooltip).to_be_visible()
    assert HOSTILE[int(agency[1]) - 2] in tooltip.inner_text()
    assert tooltip.locator("*:not(br)").count() == 0
    page.mouse.click(*find_sign(page, agency))
    expect(page.get_by_text(f"chose: {agency}", exact=True)).to_be_visible()
    assert page.title() == "net"
    local = (address, address.replace("http", "ws"), "blob:", "data:")
    assert [url for url in requests if not url.startswith(local)] == []


def test_the_saved_page_works_alone_and_its_policy_stops_nothing_of_its_own(
    browser: Browser, tmp_path: Path
) -> None:
    agencies = tuple(
        NetworkAgency(f"o{number}", name, None, "kin", number == 0)
        for number, name in enumerate(["あけぼの寮", *HOSTILE])
    )
    ties = tuple(EcomapTie("o0", f"o{n}", "weak", "broken", "out") for n in range(1, 5))
    network = Network(HOSTILE[0], date(2022, 10, 4), agencies, ties, "internal")
    path = tmp_path / "network.html"
    path.write_text(make_network_page(network, say), encoding="utf-8")
    page = browser.new_page()
    said: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(path.as_uri())
    page.locator(".network[data-painted]").wait_for()
    assert page.title() == HOSTILE[0]
    expect(page.get_by_role("heading")).to_have_text(HOSTILE[0])
    expect(page.get_by_text("2022年10月4日 現在")).to_be_visible()
    expect(page.get_by_text("内部用")).to_be_visible()
    expect(page.get_by_text("途切れた 4")).to_be_visible()
    page.get_by_role("combobox").fill("だれもいない")
    page.keyboard.press("Enter")
    expect(page.get_by_text("見つかりません")).to_be_visible()
    page.get_by_role("combobox").fill(HOSTILE[1])
    page.keyboard.press("Enter")
    expect(page.get_by_text("見つかりません")).to_have_count(0)
    page.get_by_role("button", name="全体を表示").click()
    assert said == []
    assert requests == [path.as_uri()]
    page.close()


def draw_many(count: int) -> Network:
    """A network in which everybody hangs on one of the earlier ones, the first most of all."""
    agencies = tuple(
        NetworkAgency(f"o{n}", f"地域生活定着支援センター第{n}", None, "welfare", n == 0)
        for n in range(count)
    )
    ties = tuple(EcomapTie(f"o{n // 7}", f"o{n}", "normal", "good", "out") for n in range(1, count))
    return Network("大きなつながり", date(2022, 10, 4), agencies, ties, "meeting")


@pytest.mark.parametrize("count", [70, 600])
def test_names_can_be_read_at_any_distance_and_do_not_touch(
    browser: Browser, tmp_path: Path, count: int
) -> None:
    path = tmp_path / "network.html"
    path.write_text(make_network_page(draw_many(count), say), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1024, "height": 768})
    page.goto(path.as_uri())
    page.locator(".network[data-painted]").wait_for()
    far = read_names(page)
    page.locator("canvas").hover()
    for _ in range(8):
        page.mouse.wheel(0, -240)
    page.wait_for_function(
        "scale => document.querySelector('.network').drawnNames[0]?.scale > 2 * scale",
        arg=far[0]["scale"],
    )
    near = read_names(page)
    page.close()
    assert "o0" in {name["id"] for name in far}
    assert len(far) >= 10
    assert max(name["size"] for name in near) < max(name["size"] for name in far)
    for names in (far, near):
        assert all(name["size"] * name["scale"] >= 12 - 1e-6 for name in names)
        touching = [
            (one["id"], other["id"])
            for one, other in combinations(names, 2)
            if one["left"] < other["right"] and other["left"] < one["right"]
            and one["top"] < other["bottom"] and other["top"] < one["bottom"]
        ]  # fmt: skip
        assert touching == []


def read_names(page: Page) -> list[dict[str, Any]]:
    """The names drawn: id, box and size in the units of the picture, and how large those are."""
    names: list[dict[str, Any]] = page.locator(".network").evaluate("box => box.drawnNames")
    return names
