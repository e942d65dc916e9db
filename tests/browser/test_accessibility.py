"""WCAG 2.2 AA: every page as axe-core, a keyboard, a screen reader and a page at 200 % find it.

The browser's own zoom makes a window of 1920×1080 one of 960×540 CSS pixels at 200 %, and a tablet
of 1024×768 one of 512×384: that is what the small sizes stand for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from access.page import write_sign_in_page, write_sign_out_page
from graph.pictures.ecomap import DrawOptions, Ecomap, EcomapAgency, EcomapTie, draw_ecomap
from graph.pictures.exports import write_html
from graph.pictures.model import Say
from graph.pictures.network import Network, NetworkAgency, make_network_page
from graph.pictures.place_card import Card, CardAgency, write_card
from graph.store import Store
from tests.browser.conftest import SERVE
from tests.browser.test_pages import OVERLAPS, await_page
from texts import Language, Voice
from texts.dates import USUAL_FORMS
from views.pages import PAGES

STANDARD: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDE: Final = ((1920, 1080), (1024, 768))
ENLARGED: Final = ((960, 540), (512, 384))
AXE: Final = Axe()

OPEN_ALL: Final = """() => {
    for (const summary of document.querySelectorAll('details:not([open]) > summary'))
        summary.click();
}"""

# Texts that end where nobody can scroll to, and a page that scrolls sideways as a whole.
CUT_OFF: Final = """() => {
    const found = [];
    const above = node => node.parentElement ?? node.getRootNode().host ?? null;
    const scrolls = style => ['auto', 'scroll'].includes(style.overflowX);
    const look = (text, element, box) => {
        for (let at = element; at && at !== document.body; at = above(at)) {
            const style = getComputedStyle(at), frame = at.getBoundingClientRect();
            if (style.opacity === '0' || (scrolls(style) && at.dataset.testid !== 'stMain')) return;
            const ends = ['hidden', 'clip'].includes(style.overflowX);
            const html = at.namespaceURI.endsWith('xhtml');
            if (ends && html && (box.right > frame.right + 3 || box.left < frame.left - 3))
                return found.push(text);
        }
        if (box.right > innerWidth + 2) found.push(text);
    };
    const walk = root => {
        const both = NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT;
        const walker = document.createTreeWalker(root, both);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            if (node.shadowRoot) walk(node.shadowRoot);
            if (node.nodeType !== Node.TEXT_NODE || !node.data.trim()) continue;
            const parent = node.parentElement;
            if (!parent?.checkVisibility({checkOpacity: true, checkVisibilityCSS: true})) continue;
            if (['SCRIPT', 'STYLE', 'TITLE', 'title'].includes(parent.tagName)) continue;
            const range = document.createRange();
            range.selectNodeContents(node);
            const box = range.getBoundingClientRect();
            if (box.width > 2) look(node.data.trim(), parent, box);
        }
    };
    const main = document.querySelector('[data-testid=stMain]');
    walk(main);
    if (main.scrollWidth > main.clientWidth + 1) found.push('the page itself');
    return found;
}"""


# What is drawn anew fades in, and half faded has no contrast.
AT_REST = """() => !document.querySelector('[data-stale=true]') && document.getAnimations().every(
    one => one.playState !== 'running' || one.effect.getTiming().iterations === Infinity)"""


@pytest.fixture(scope="module")
def address(start_app: Callable[..., str]) -> str:
    return start_app(SERVE)


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Page]:
    """One page for all, so that the app's own script is loaded once."""
    context = browser.new_context(locale="ja-JP")
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def page(window: Page, sample_store: Store) -> Page:
    window.set_viewport_size({"width": 1920, "height": 1080})
    return window


def open_page(
    page: Page, address: str, name: str, language: Language = "ja", query: str = ""
) -> None:
    path = "" if name == "ecomap" else name
    served = page.goto(f"{address}/{path}?date=2022-10-04&lang={language}{query}")
    assert served is not None
    assert f'<html lang="{language}">' in served.text()  # before any script has run
    await_page(page, name)
    expect(page.locator(f"html[lang={language}]")).to_be_attached()
    expect(page.get_by_role("heading", level=1)).to_be_attached()
    settle(page)


def settle(page: Page) -> None:
    page.wait_for_timeout(300)
    page.wait_for_function("document.querySelector('[data-test-script-state=notRunning]') !== null")
    page.wait_for_timeout(500)  # a component draws after the script has ended
    page.wait_for_function(AT_REST)


def list_barriers(page: Page, *, colours: bool = True) -> list[str]:
    """Return what axe-core finds against the standard: rule, place and why."""
    options = {
        "runOnly": {"type": "tag", "values": STANDARD},
        "rules": {"target-size": {"enabled": True}, "color-contrast": {"enabled": colours}},
        "resultTypes": ["violations"],
    }
    found: list[dict[str, Any]] = AXE.run(page, options=options).response["violations"]
    return [
        f"{rule['id']}: {node['target']} {node.get('failureSummary', '')}"
        for rule in found
        for node in rule["nodes"]
    ]


def resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.wait_for_timeout(300)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_barrier_and_nothing_is_lost_when_it_is_enlarged(
    page: Page, address: str, name: str, language: Language
) -> None:
    open_page(page, address, name, language)
    page.evaluate(OPEN_ALL)
    settle(page)
    # English words are shorter or longer than ours at any size: the extremes tell.
    for size in (*WIDE, *ENLARGED) if language == "ja" else (WIDE[0], ENLARGED[-1]):
        resize(page, size)
        # The colours do not change with the size, and take longer to check than all the rest.
        assert list_barriers(page, colours=size == WIDE[0]) == [], size
        if size in ENLARGED:
            assert page.evaluate(OVERLAPS) == [], size
            assert page.evaluate(CUT_OFF) == [], size


def test_an_agency_its_forms_and_the_presentation_have_no_barrier(page: Page, address: str) -> None:
    open_page(page, address, "ecomap", query="&look=internal")
    page.locator(".card", has_text="ささぼし").click()
    expect(page.get_by_role("heading", name="障害者相談支援事業所「ささぼし」")).to_be_visible()
    page.evaluate(OPEN_ALL)
    settle(page)
    assert list_barriers(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    settle(page)
    assert list_barriers(page) == []


def test_the_forms_of_an_agency_and_of_consents_have_no_barrier(page: Page, address: str) -> None:
    open_page(page, address, "record")
    page.get_by_role("combobox", name="どの機関について").click()
    page.get_by_role("option").first.click()
    expect(page.get_by_role("button", name="保存").first).to_be_visible()
    page.evaluate(OPEN_ALL)
    settle(page)
    assert list_barriers(page) == []
    page.get_by_text("本人の同意", exact=True).first.click()
    settle(page)
    assert list_barriers(page) == []


def test_every_tab_of_the_paths_has_no_barrier(page: Page, address: str) -> None:
    open_page(page, address, "paths")
    tabs = page.get_by_role("tab").all()
    assert len(tabs) == 5
    for tab in tabs[1:]:
        tab.click()
        settle(page)
        assert list_barriers(page) == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_is_served_before_and_taken_along_after_has_no_barrier_and_a_language(
    browser: Browser, language: Language
) -> None:
    say = Voice(language, USUAL_FORMS[language]).say
    page = browser.new_page()
    for content in (
        write_sign_in_page(language, "access.refused", minutes=5),
        write_sign_out_page(language),
        make_card(language, say),
        write_html(draw(say), "清心寮", language),
        make_page(say),
    ):
        page.set_content(content)
        expect(page.locator(f"html[lang={language}]")).to_be_attached()
        assert page.title()
        assert list_barriers(page) == []
    page.close()


def make_card(language: Language, say: Say) -> str:
    agencies = [CardAgency(1, "ささぼし", "048-000-0000", ("相談",))]
    card = Card("松戸市", "2022-10-04", "清心寮", "住まい", agencies, "A4", language)
    return write_card(card, say)


def draw(say: Say) -> str:
    agencies = (
        EcomapAgency("o1", "ささぼし", None, "welfare", "supporting", None),
        EcomapAgency("o2", "若葉野病院", None, "medical", "listed", None),
    )
    ties = (EcomapTie("ego", "o1", "strong"), EcomapTie("o1", "o2", "weak"))
    ecomap = Ecomap("清心寮", date(2022, 10, 4), ("ego",), ("清心寮",), agencies, ties)
    return draw_ecomap(ecomap, DrawOptions(), say)


def make_page(say: Say) -> str:
    agencies = (
        NetworkAgency("o1", "ささぼし", None, "welfare", True),
        NetworkAgency("o2", "若葉野病院", None, "medical", False),
    )
    ties = (EcomapTie("o1", "o2", "strong"),)
    network = Network("つながり", date(2022, 10, 4), agencies, ties, "meeting")
    return make_network_page(network, say)


def test_a_switch_of_language_reaches_what_is_heard(page: Page, address: str) -> None:
    open_page(page, address, "nearby")
    expect(page).to_have_title("帰住先の近く · つなぎ")
    expect(page.get_by_role("heading", level=1)).to_have_text("帰住先の近く")
    expect(page.get_by_role("navigation", name="ページ")).to_be_visible()
    expect(page.get_by_role("button", name="日付を選ぶ")).to_be_visible()
    page.get_by_text("English", exact=True).click()
    expect(page.locator("html[lang=en]")).to_be_attached()
    expect(page).to_have_title("Nearby · つなぎ")
    expect(page.get_by_role("navigation", name="App pages")).to_be_visible()
    expect(page.get_by_role("button", name="Choose date")).to_be_visible()
    page.get_by_text("日本語", exact=True).click()
    expect(page.locator("html[lang=ja]")).to_be_attached()
    expect(page.get_by_role("button", name="日付を選ぶ")).to_be_visible()


def check_order(tree: str, order: list[str]) -> None:
    """Every entry is in the accessibility tree, each after the one before it."""
    places = [tree.find(words) for words in order]
    assert -1 not in places and places == sorted(places), list(zip(order, places, strict=True))


def list_agencies(page: Page) -> list[str]:
    """The names of the cards in their order, which is that of the tabulator key."""
    spoken = [card.get_attribute("aria-label") or "" for card in page.locator(".card").all()]
    return [words.split("、")[0] for words in spoken]


def test_a_screen_reader_gets_the_ecomap_in_order_and_as_a_table(page: Page, address: str) -> None:
    open_page(page, address, "ecomap")
    tree = page.get_by_role("main").aria_snapshot()
    order = [
        'combobox "どの機関のネットワーク"',
        'heading "エコマップ" [level=1]',
        'group "エコマップ 更生保護法人 清心寮 のエコマップ（17機関）"',
        'button "更生保護法人 清心寮"',
        'button "埼玉県保護司会連合会、司法、支援中、強い結びつき"',
        'button "障害者相談支援事業所「ささぼし」、福祉、支援中、強い結びつき"',
        'button "強い結びつき 3"',
        'button "全画面（F）"',
        'radiogroup "見せ方"',
    ]
    check_order(tree, order)
    page.locator("summary", has_text="図を表で読む").click()
    table = page.get_by_role("table", name="図を表で読む")
    rows = [row.split("\t") for row in table.locator("tbody tr").all_inner_texts()]
    assert [row[0] for row in rows] == list_agencies(page)
    told = {row[0]: row[1:] for row in rows}
    assert told["埼玉県保護司会連合会"][:3] == ["司法", "支援中", "強い結びつき・双方から働きかけ"]
    drawn = page.locator(".tie.chord").count()
    assert sum(row[4].count("）") - row[4].count("（例）") for row in rows) == 2 * drawn
    # Without the lines in the picture there is no word of them in the table.
    page.get_by_text("機関どうしの線", exact=True).click()
    expect(table.locator("tbody tr").first.locator("td").nth(4)).to_have_text("")


def test_a_screen_reader_gets_a_form_in_order(page: Page, address: str) -> None:
    open_page(page, address, "nearby")
    tree = page.get_by_role("main").aria_snapshot()
    order = [
        'heading "帰住先の近く" [level=1]',
        'radiogroup "行き先の決め方"',
        'textbox "帰住先（地名・住所・郵便番号）"',
        'slider "直線距離（km）',
        'combobox "必要な支援"',
        'combobox "分野"',
        'combobox "段階"',
        'heading "ここを対象地域とする機関',
        'table "ここを対象地域とする機関',
        'columnheader "機関"',
    ]
    check_order(tree, order)
    assert re.findall(r"(?:Open|Help|Choose|Clear|year|month)\b", tree) == []


def test_keys_alone_open_an_agency_and_close_it(page: Page, address: str) -> None:
    open_page(page, address, "ecomap")
    names = list_agencies(page)
    page.locator(".ego").focus()
    for name in names[:3]:
        page.keyboard.press("Tab")
        focused = page.locator(".card:focus-visible")
        assert (focused.get_attribute("aria-label") or "").split("、")[0] == name
        assert focused.evaluate("card => parseFloat(getComputedStyle(card).outlineWidth)") >= 2
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="選びました")).to_contain_text(names[2])
    panel = page.get_by_role("heading", name=names[2])
    expect(panel).to_be_visible()
    expect(page.locator(".card:focus-visible[aria-pressed=true]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)


@pytest.mark.parametrize("size", WIDE)
def test_what_is_pressed_in_the_picture_is_large_enough(
    page: Page, address: str, size: tuple[int, int]
) -> None:
    open_page(page, address, "ecomap")
    resize(page, size)
    shown = [*page.locator(".card, .tools button:visible").all(), *list_keys(page)]
    assert len(shown) > 30
    boxes = [one.bounding_box() for one in shown]
    small = [box for box in boxes if box is None or min(box["width"], box["height"]) < 24]
    assert small == []


def list_keys(page: Page) -> list[Locator]:
    """The legend's buttons that are seen: in the picture, or below a small one."""
    below = page.locator("button.entry:visible").all()
    return below or page.locator(".key[data-filter] .hit:visible").all()


def test_on_a_small_screen_the_legend_below_the_picture_does_what_it_does_in_it(
    page: Page, address: str
) -> None:
    open_page(page, address, "ecomap")
    resize(page, WIDE[1])
    page.get_by_role("button", name="福祉 3").press("Enter")
    expect(page.locator(".card:not(.dim)")).to_have_count(3)
    page.get_by_role("button", name="福祉 3").press("Space")
    expect(page.locator(".card:not(.dim)")).to_have_count(17)


def test_who_wants_no_motion_gets_none(page: Page, address: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_page(page, address, "ecomap")
    moving = """elements => elements
        .map(each => getComputedStyle(each))
        .filter(style => parseFloat(style.transitionDuration) > 0
            || parseFloat(style.animationDuration) > 0.05)
        .length"""
    assert page.locator("*").count() > 300
    assert page.locator("*").evaluate_all(moving) == 0
    page.emulate_media(reduced_motion="no-preference")
