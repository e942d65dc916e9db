"""Demand and structure on the page 連携リストのすき間, of the sample."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

import queries
from graph.store import Store
from tests.app.page_text import find_table, read_words
from tests.builders import (
    FACILITY,
    agency,
    area,
    day,
    link,
    located,
    partner_list,
    place,
    referral,
    serves,
    support,
    write,
)
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
    rows = find_table(open_page(facility=chiba, gaps_by="support"), say("demand.column.clients"))[
        1:
    ]
    assert ["千葉市", say("demand.not_recorded"), "", "1〜4", ""] in rows
    assert all("%" not in cell for row in rows for cell in row)


def test_gaps_by_demand_with_their_state_and_the_time_before(store: Store) -> None:
    clients = [f"c{number}" for number in range(6)]
    asked = [
        referral(
            f"r-{name}", "prison", "clinic", client=name, notified_on=day("2022-09-01"),
            status="no_capacity" if number < 5 else "accepted",
        )
        for number, name in enumerate(clients)
    ]  # fmt: skip
    write(
        store,
        area("11", level="prefecture"),
        area("11001", within="11"),
        [support("work"), agency(FACILITY), located(FACILITY, "11001")],
        [agency("prison", field="justice"), agency("clinic", field="medical")],
        [serves("clinic", "11001")],
        partner_list("l", "2022-03-01", "clinic"),
        *asked,
        [place("DESIRES", f"r-{name}", "11001") for name in clients],
        [link("NEEDS", f"Referral r-{name}", "Support work") for name in clients],
        referral("r-old", "prison", "clinic", client="old", notified_on=day("2021-09-01")),
        [place("DESIRES", "r-old", "11001")],
    )
    page = open_page(demand_span="1", demand_which="gaps")
    assert find_table(page, say("demand.column.clients"))[1:] == [
        ["11001", "医療", "○ 掲載のみ", "6", "5 / 6（83%）", "1〜4 → 6"]
    ]
    helps = open_page(demand_span="1", gaps_by="support")
    assert find_table(helps, say("demand.column.clients"))[1:] == [
        ["11001", "就労", "？ 未調査", "6", "5 / 6（83%）", "0 → 6"]
    ]
