"""How days are written is chosen once and holds on every page; the address keeps it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from graph.store import Store
from tests.app.page_text import read_words


def draw() -> None:
    from views import frame, gaps

    gaps.show(frame.choose_context())


def open_page(**address: str) -> AppTest:
    page = AppTest.from_function(draw, default_timeout=60)
    for name, value in {"date": "2022-10-31", **address}.items():
        page.query_params[name] = value
    return page.run()


@pytest.mark.parametrize(
    ("address", "listed", "label"),
    [
        ({}, "2022年3月", "いつの時点"),
        ({"dates": "iso"}, "2022-03", "いつの時点"),
        ({"dates": "era"}, "令和4年3月", "いつの時点（令和4年10月31日）"),
        ({"lang": "en"}, "2022-03", "As of"),
        ({"lang": "en", "dates": "long"}, "March 2022", "As of"),
        ({"dates": "nonsense"}, "2022年3月", "いつの時点"),
    ],
)
def test_a_page_writes_days_as_its_address_says(
    sample_store: Store, address: dict[str, str], listed: str, label: str
) -> None:
    page = open_page(**address)
    assert f"({listed})" in read_words(page) or f"（{listed}）" in read_words(page)
    assert page.date_input(key="date").label == label


def test_a_form_of_days_that_is_chosen_goes_to_the_address_and_the_usual_one_leaves_it(
    sample_store: Store,
) -> None:
    page = open_page()
    box = page.radio(key="dates_ja")
    assert len(box.options) == 3
    box.set_value("era").run()
    assert "era" in page.query_params["dates"]
    assert "令和4年3月" in read_words(page)
    page.radio(key="dates_ja").set_value("long").run()
    assert "dates" not in page.query_params
