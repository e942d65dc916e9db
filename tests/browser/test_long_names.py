"""Names of 60 to 200 letters without a space, on every page of a small screen: all is readable."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from graph.store import Store
from tests.browser.test_pages import OVERLAPS, PAGES, READY, ROOT
from tests.builders import write
from tests.long_names_graph import make_long_names_graph

# Texts that stick out of the page to the right, where no box around them can be moved along.
STICKING_OUT = """() => {
    const main = document.querySelector('[data-testid=stMainBlockContainer]');
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    const wrong = [];
    const held = element => {
        for (let each = element; each && each !== main; each = each.parentElement)
            if (getComputedStyle(each).overflowX !== 'visible') return true;
        return false;
    };
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (!node.data.trim() || !node.parentElement.checkVisibility()) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const right = range.getBoundingClientRect().right;
        if (right > innerWidth + 1 && !held(node.parentElement)) wrong.push(node.data.trim());
    }
    return wrong;
}"""


@pytest.fixture
def long_names_store(reference_store: Store) -> Store:
    write(reference_store, make_long_names_graph())
    return reference_store


def test_long_names_stand_within_the_page_and_not_on_each_other(
    long_names_store: Store, browser: Browser, start_app: Callable[..., str]
) -> None:
    address = start_app(ROOT / "serve.py")
    context = browser.new_context(viewport={"width": 1024, "height": 768}, locale="ja-JP")
    context.set_default_timeout(60_000)
    page = context.new_page()
    wrong: dict[str, list[str]] = {}
    for name in PAGES:
        page.goto(f"{address}/{'' if name == 'ecomap' else name}?date=2022-10-04&look=internal")
        page.wait_for_function(READY)
        page.wait_for_timeout(500)
        found = [*page.evaluate(OVERLAPS), *page.evaluate(STICKING_OUT)]
        if page.evaluate("document.scrollingElement.scrollWidth > innerWidth"):
            found.append("the page is wider than the window")
        if found:
            wrong[name] = found
    context.close()
    assert wrong == {}
