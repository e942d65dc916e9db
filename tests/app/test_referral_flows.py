"""The tab 種別の流れ: the figures of the sources as ribbons between kinds of agency."""

from __future__ import annotations

from graph.store import Store
from tests.app.page_text import find_table
from tests.app.test_paths import open_page

TAB = {"tab": "flows"}


def test_the_eleven_of_2019_go_from_prisons_and_probation_to_the_prefecture(
    sample_store: Store,
) -> None:
    page = open_page(**TAB, flow_year="2019")
    rows = find_table(page, "何回目")[1:]
    assert [(row[0], row[1], row[3]) for row in rows] == [
        ("1", "刑務所", "7"),
        ("1", "保護観察所", "4"),
    ]
    assert len(page.get("image")) == 1


def test_the_ten_of_2020_begin_in_prisons(sample_store: Store) -> None:
    page = open_page(**TAB, flow_year="2020")
    first = [row for row in find_table(page, "何回目")[1:] if row[0] == "1"]
    assert sum(int(row[3]) for row in first) == 10
    box = next(box for box in page.selectbox if box.label == "案件通報者")
    box.set_value("府中刑務所").run()
    first = [row for row in find_table(page, "何回目")[1:] if row[0] == "1"]
    assert sum(int(row[3]) for row in first) == 3


def test_a_share_of_few_is_no_percentage(sample_store: Store) -> None:
    page = open_page(**TAB, flow_year="2019")
    shares = {row[1]: row[4] for row in find_table(page, "何回目")[1:]}
    assert shares == {"刑務所": "100%", "保護観察所": "4／4 件"}


def test_where_a_client_settles_stays_out_of_the_address(sample_store: Store) -> None:
    page = open_page(**TAB)
    box = next(box for box in page.selectbox if box.label == "帰住地")
    box.set_value("松戸市").run()
    assert "松戸市" not in str(dict(page.query_params))
    assert find_table(page, "何回目")
    assert page.selectbox(key="flow_destination").value == "松戸市"


def test_without_referrals_the_page_says_what_to_do(reference_store: Store) -> None:
    assert "取り込み" in open_page(**TAB).info[0].value
