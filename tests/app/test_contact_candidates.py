"""次に連絡する先: agencies of open data for the gaps."""

from __future__ import annotations

from datetime import date

from streamlit.testing.v1 import AppTest

from graph.store import Store
from loaders.loading import load_file
from loaders.open_data.loading import EditionChoice
from tests.app.page_text import find_table, read_words
from tests.builders import workbook
from tests.open_data_files import office, wamnet


def draw() -> None:
    from views import frame
    from views.contacts.candidates import show_candidates

    show_candidates(frame.choose_context())


def open_page() -> AppTest:
    page = AppTest.from_function(draw, default_timeout=120).run()
    assert not page.exception
    return page


def test_an_office_of_open_data_is_a_candidate_for_an_empty_cell(reference_store: Store) -> None:
    own = [["名称", "分野", "市区町村"], ["わが施設", "司法", "松戸市"]]
    listed = [["機関名", "分野", "作成日"], ["松戸の病院", "医療", "2022-03-01"]]
    outcome = load_file(
        reference_store, "家.xlsx", workbook(機関=own, 連携リスト=listed), "わが施設"
    )
    assert not outcome.problems
    assert "すき間を埋められそうな機関" not in read_words(open_page())
    choice = EditionChoice(date(2025, 3, 1))
    load_file(reference_store, "a.csv", wamnet([office()]), choice=choice)
    header, row = find_table(open_page(), "公開データの版")
    assert header[:3] == ["地域", "分野", "機関"]
    assert row[:2] == ["松戸市", "福祉（未調査）"]
    assert "まつどの家（就労継続支援Ａ型）" in row[2]
    assert row[4] == "0473651111"
    assert "2025年3月" in row[5]
    page = open_page()
    page.get("button_group")[-1].set_value("support").run()
    header, row = find_table(page, "公開データの版")
    assert header[:2] == ["地域", "支援の種類"]
    assert row[:2] == ["松戸市", "就労（未調査）"]
