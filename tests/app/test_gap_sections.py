"""Demand and structure on the page 連携リストのすき間, of the sample."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

import queries
from graph.store import Store
from tests.app.page_text import find_table, read_words
from texts import say

CHIBA = "中核地域生活支援センターほっとねっと"


def draw() -> None:
    from views import frame, gaps

    gaps.show(frame.choose_context())


def open_page(**address: str) -> AppTest:
    page = AppTest.from_function(draw, default_timeout=120)
    for name, value in {"date": "2022-10-31", **address}.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def test_fields_with_one_supporter_in_the_sample(sample_store: Store) -> None:
    page = open_page()
    rows = find_table(page, say("structure.field.column2"))[1:]
    assert [field for field, _ in rows] == ["行政", "医療", "職場"]
    assert say("demand.empty") in read_words(page)


def test_few_clients_of_an_area_are_not_counted_out(sample_store: Store) -> None:
    facilities = queries.ask(sample_store, "ecomap_facilities")
    chiba = next(row["organization_id"] for row in facilities if row["name"] == CHIBA)
    rows = find_table(open_page(facility=chiba), say("demand.column.clients"))[1:]
    assert ["千葉市", say("demand.no_need"), say("demand.few", few=5), ""] in rows
    assert all("%" not in cell for row in rows for cell in row)
