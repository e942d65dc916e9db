"""The picture in a browser: text in its card, clicks, keys, legend, nothing fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

APP = """
from datetime import date

import streamlit as st

from graph.pictures.ecomap import DrawOptions, Ecomap, EcomapAgency, EcomapTie, draw_ecomap
from texts import say
from views.ecomap.component import show_ecomap

NAMES = [
    ("若葉野保護観察所", "justice", "supporting"),
    ("地域生活定着支援センターみらい", "welfare", "explained"),
    ("障害者相談支援事業所「ささぼし」", "welfare", "listed"),
    ("訪問看護ステーションひなた", "medical", "declined"),
    ('"><script>document.title=1</script>', "kin", "supporting"),
    ("NPO法人 WWW Support & Care Mission iii", "community_group", "supporting"),
    ("特定非営利活動法人千葉県就労支援事業者機構東葛飾地域連携推進室", "workplace", "supporting"),
    ("〇" * 90, "business", "supporting"),
]
agencies = tuple(
    EcomapAgency(f"o{n}", name, None, field, stage, None, "contact_changed" if n % 2 else None)
    for n, (name, field, stage) in enumerate(NAMES)
)
ties = tuple(
    EcomapTie("ego", a.organization_id, ("strong", "weak")[n % 2], "good", "both")
    for n, a in enumerate(agencies)
)
ecomap = Ecomap("若葉野", date(2022, 10, 4), ("ego",), ("あけぼの寮",), agencies, ties)
st.set_page_config(layout="wide")
st.session_state.setdefault("selected", None)
click = show_ecomap(
    draw_ecomap(ecomap, DrawOptions(), say), selected=st.session_state.selected, key="map",
    file=st.session_state.get("file"),
)
if click and click.command in ("select", "clear"):
    st.session_state.selected = click.organization_id
if click and click.command.startswith("save_"):
    st.session_state.number = st.session_state.get("number", 0) + 1
    kind = click.command.removeprefix("save_")
    st.session_state.file = {"number": st.session_state.number, "kind": kind} | (
        {} if kind in ("svg", "png")
        else {"name": "ecomap.gexf", "mime": "application/xml", "content": "44GC"}
    )
    st.rerun()
st.text(f"did: {click.command if click else None} {st.session_state.selected}")
"""


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
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    page.set_default_timeout(60_000)  # a busy machine is slow to draw the first page
    page.on("request", lambda request: requests.append(request.url))
    page.goto(address)
    page.locator("svg.ecomap").wait_for()
    yield page
    page.close()


def says(page: Page, words: str) -> None:
    expect(page.get_by_text(words, exact=True)).to_be_visible()


def test_no_text_leaves_its_card_or_overlaps_another(page: Page) -> None:
    outside = page.locator("svg.ecomap").evaluate(
        """svg => [...svg.querySelectorAll('.card')].flatMap(card => {
            const plate = card.querySelector('.plate').getBBox();
            return [...card.querySelectorAll('text.name')].map(text => [text, text.getBBox()])
                .filter(([, box]) => box.x < plate.x + 48
                    || box.x + box.width > plate.x + plate.width
                    || box.y < plate.y - 6
                    || box.y + box.height > plate.y + plate.height + 6)
                .map(([text]) => text.textContent);
        })"""
    )
    assert outside == []


def test_the_legend_and_the_header_stay_on_the_canvas_without_overlap(page: Page) -> None:
    overlaps = page.locator("svg.ecomap").evaluate(
        """svg => {
            const boxes = [...svg.querySelectorAll('.key text:last-child, .header text')]
                .map(text => [text.textContent, text.getBBox()]);
            const wrong = boxes.filter(([, b]) => b.x < 0 || b.x + b.width > 1920
                || b.y < -4 || b.y + b.height > 1084).map(([t]) => t);
            for (const [i, [a, p]] of boxes.entries())
                for (const [b, q] of boxes.slice(i + 1))
                    if (p.x < q.x + q.width && q.x < p.x + p.width
                        && p.y + 6 < q.y + q.height && q.y + 6 < p.y + p.height)
                        wrong.push(`${a} / ${b}`);
            return wrong;
        }"""
    )
    assert overlaps == []


def test_a_click_on_an_agency_reaches_python_and_marks_it(page: Page) -> None:
    page.locator('.card[data-agency="o1"]').click()
    says(page, "did: select o1")
    expect(page.locator(".card.selected")).to_have_attribute("data-agency", "o1")
    expect(page.locator('.tie[data-target="o2"]')).to_have_class("tie soft")
    expect(page.locator('.tie[data-target="o1"]')).to_have_class("tie")


def test_the_keyboard_alone_selects_steps_and_clears(page: Page) -> None:
    page.locator('.card[data-agency="o2"]').focus()
    page.keyboard.press("Enter")
    says(page, "did: select o2")
    page.keyboard.press("ArrowRight")
    says(page, "did: next o2")
    page.keyboard.press("d")
    says(page, "did: difference o2")
    page.keyboard.press("Escape")
    says(page, "did: clear None")
    page.keyboard.press("ArrowLeft")
    says(page, "did: previous None")
    expect(page.locator(".card.selected")).to_have_count(0)
    expect(page.locator(".tie.soft")).to_have_count(0)


def test_a_selection_stands_until_another_even_if_the_page_passes_it_late(page: Page) -> None:
    for agency in ("o1", "o2"):
        page.locator(f'.card[data-agency="{agency}"]').click()
        says(page, f"did: select {agency}")
        page.keyboard.press("ArrowLeft")
        says(page, f"did: previous {agency}")
        expect(page.locator(".card.selected")).to_have_attribute("data-agency", agency)


def test_tab_goes_from_card_to_card(page: Page) -> None:
    page.locator('.card[data-agency="o0"]').focus()
    page.keyboard.press("Tab")
    focused = page.locator("svg.ecomap").evaluate(
        "svg => svg.getRootNode().activeElement.dataset.agency"
    )
    assert focused == "o1"


def test_a_click_on_the_legend_dims_the_rest_and_a_second_one_lights_it(page: Page) -> None:
    page.locator('.key[data-filter="field:welfare"]').click()
    lit = page.locator(".card:not(.dim)")
    expect(lit).to_have_count(2)
    expect(page.locator(".tie:not(.dim)")).to_have_count(2)
    page.locator('.key[data-filter="field:welfare"]').click()
    expect(lit).to_have_count(8)


def test_full_screen_shows_the_whole_picture_and_a_click_still_works(page: Page) -> None:
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement !== null")
    box = page.locator("svg.ecomap").bounding_box()
    assert box is not None
    assert box["width"] == 1920
    assert box["height"] == 1080
    page.locator('.card[data-agency="o3"]').click()
    expect(page.locator(".card.selected")).to_have_attribute("data-agency", "o3")
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement === null")


def test_pictures_are_saved_from_full_screen_by_button_and_by_key(page: Page) -> None:
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement !== null")
    tools = page.locator(".tools")
    page.mouse.move(400, 400)
    page.mouse.move(420, 400)
    expect(tools).to_have_css("opacity", "1")
    with page.expect_download() as by_button:
        page.get_by_role("button", name="PNG保存").click()
    assert by_button.value.suggested_filename == "ecomap.png"
    with page.expect_download() as by_key:
        page.keyboard.press("s")
    assert by_key.value.suggested_filename == "ecomap.svg"
    assert page.evaluate("document.fullscreenElement !== null")
    for _ in range(2):
        with page.expect_download() as made_by_the_page:
            page.get_by_role("button", name="GEXF").click()
        assert made_by_the_page.value.path().read_bytes() == "あ".encode()
    page.mouse.move(100, 100)
    page.locator('.card[data-agency="o1"]').focus()
    expect(tools).to_have_css("opacity", "0")  # a while after the pointer has come to rest
    page.keyboard.press("f")


def test_the_png_is_twice_the_canvas(page: Page, tmp_path: Path) -> None:
    with page.expect_download() as waiting:
        page.get_by_role("button", name="PNG保存").click()
    path = tmp_path / "ecomap.png"
    waiting.value.save_as(path)
    header = path.read_bytes()[:24]
    assert header[:4] == b"\x89PNG"
    size = [int.from_bytes(header[at : at + 4], "big") for at in (16, 20)]
    assert size == [3840, 2160]


def test_the_saved_svg_is_the_picture(page: Page, tmp_path: Path) -> None:
    with page.expect_download() as waiting:
        page.get_by_role("button", name="SVG保存").click()
    path = tmp_path / "ecomap.svg"
    waiting.value.save_as(path)
    text = path.read_text(encoding="utf-8")
    assert text.startswith("<svg") and "地域生活定着" in text and "会議用" in text


def test_a_hostile_name_does_nothing_and_no_request_leaves_the_machine(
    page: Page, requests: list[str], address: str
) -> None:
    page.locator('.card[data-agency="o4"]').click()
    says(page, "did: select o4")
    assert page.title() != "1"
    local = (address, address.replace("http", "ws"), "blob:", "data:")
    assert [url for url in requests if not url.startswith(local)] == []


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720), (1024, 768)])
def test_the_picture_fits_the_width_of_the_screen(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    expect(page.locator("svg.ecomap")).to_be_visible()
    box = page.locator("svg.ecomap").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size[0]
    assert box["width"] > size[0] * 0.8
