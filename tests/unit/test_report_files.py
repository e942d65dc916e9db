"""The files of the report, read again by the libraries that made them and as plain XML."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from graph.report_files import Report, Sheet, write_document, write_workbook

HEADERS = ("アウトプット", "指標", "目標値", "達成時期", "現在の指標の達成状況", "進捗状況＊")
ROW = ("協議会", "開催数", "3 回", "2023年1月", "1 回開催\n次は10月", "3")


def make_report(*rows: tuple[str, ...]) -> Report:
    evidence = Sheet("根拠", ("番号", "日付"), (("1", "2022年6月13日"),))
    return Report(
        "進捗報告", ("実行団体：清心寮",), Sheet("実績値", HEADERS, rows), "＊印", evidence
    )


def read_workbook(data: bytes) -> list[list[object]]:
    sheet = load_workbook(BytesIO(data))["実績値"]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def read_document(data: bytes) -> list[list[str]]:
    table = Document(BytesIO(data)).tables[0]
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_the_layout_of_the_form_in_a_workbook() -> None:
    rows = read_workbook(write_workbook(make_report(ROW)))
    assert rows[0][0] == "進捗報告"
    assert rows[1][0] == "実行団体：清心寮"
    assert rows[3] == list(HEADERS)
    assert rows[4] == list(ROW)
    assert rows[5][0] == "＊印"


def test_the_evidence_has_a_sheet_of_its_own() -> None:
    book = load_workbook(BytesIO(write_workbook(make_report(ROW))))
    assert book.sheetnames == ["実績値", "根拠"]
    assert [cell.value for cell in book["根拠"][2]] == ["1", "2022年6月13日"]


def test_the_layout_of_the_form_in_a_document() -> None:
    data = write_document(make_report(ROW))
    assert read_document(data) == [list(HEADERS), list(ROW)]
    words = [paragraph.text for paragraph in Document(BytesIO(data)).paragraphs]
    assert words == ["進捗報告", "実行団体：清心寮", "＊印"]
    page = Document(BytesIO(data)).sections[0]
    assert page.page_width
    assert page.page_height
    assert page.page_width > page.page_height


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@sum", '=HYPERLINK("x")', "3", "0101"])
def test_words_stay_words_in_a_workbook(words: str) -> None:
    data = write_workbook(make_report((words,) * 6))
    cells = list(load_workbook(BytesIO(data))["実績値"].iter_rows())[4]
    assert [(cell.value, cell.data_type) for cell in cells] == [(words, "s")] * 6
    assert all(cell.quotePrefix for cell in cells)
    with zipfile.ZipFile(BytesIO(data)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_signs_that_the_formats_cannot_hold_are_left_out() -> None:
    row = ("a\x00b\x0bc", *ROW[1:])
    assert read_workbook(write_workbook(make_report(row)))[4][0] == "abc"
    assert read_document(write_document(make_report(row)))[1][0] == "abc"


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=200))
def test_any_words_make_readable_files(words: str) -> None:
    report = make_report((words, *ROW[1:]))
    assert read_workbook(write_workbook(report))[4][1] == ROW[1]
    assert read_document(write_document(report))[1][1] == ROW[1]
