"""Texts that a spreadsheet would calculate stay texts in every file that is taken out."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import openpyxl
import pytest

from commands.console import print_csv
from graph.report_files import Report, Sheet, write_workbook
from graph.spreadsheets import write_plain
from graph.spreadsheets import write_workbook as write_tables

PREFIXES = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", "\x00=1+1", "\t+1+1",
    " =1+1", "\u200b=1+1", "\ufeff=1+1", "＝1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x")',
)  # fmt: skip


def write_report(texts: tuple[str, ...]) -> bytes:
    rows = tuple((text, "", "", "", text, "") for text in texts)
    table = Sheet("実績値", ("a", "b", "c", "d", "e", "f"), rows)
    return write_workbook(Report(texts[0], texts, table, texts[1], Sheet("根拠", ("a",), ())))


def test_there_are_fifteen_prefixes() -> None:
    assert len(set(PREFIXES)) == 15


@pytest.mark.parametrize("data", [
    write_tables({"表": [[text] for text in PREFIXES]}), write_report(PREFIXES),
])  # fmt: skip
def test_no_cell_of_a_workbook_is_a_formula(data: bytes) -> None:
    book = openpyxl.load_workbook(BytesIO(data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert len(cells) >= len(PREFIXES)
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)


@pytest.mark.parametrize("text", PREFIXES)
def test_no_cell_of_a_text_file_is_a_formula(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_csv(["a", "b"], [{"a": text, "b": -1}])
    ((_, cell, number),) = [("", *row) for row in list(csv.reader(StringIO(_read(capsys))))[1:]]
    assert cell.startswith("'")
    assert number == "-1"  # a number is no text


def _read(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out.replace("\x00", " ")


@pytest.mark.parametrize("text", ["甲相談所", "048-123-4567", "a=b", "", "1-2"])
def test_other_texts_are_as_they_were(text: str) -> None:
    assert write_plain(text) == text
