"""The workbook to fill in is one the loader reads, sheet by sheet and column by column."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from graph.vocabulary import EVENT_KINDS, FIELDS
from loaders.directory import Directory
from loaders.reading.headers import SHEET_KINDS, SheetKind, recognise_columns, recognise_kind
from loaders.reading.sheets import parse_tables
from loaders.templates import list_columns, make_template
from loaders.workbook import read_records

FILE = Path(__file__).parents[2] / "docs" / "記入用テンプレート.xlsx"


def test_every_kind_of_sheet_is_there() -> None:
    tables = parse_tables("t.xlsx", make_template())
    assert {recognise_kind(table.sheet, table.header) for table in tables} == set(SHEET_KINDS)


@pytest.mark.parametrize("kind", SHEET_KINDS)
def test_every_header_means_its_column(kind: SheetKind) -> None:
    tables = parse_tables("t.xlsx", make_template())
    table = next(t for t in tables if recognise_kind(t.sheet, t.header) == kind)
    found = recognise_columns(kind, table.header)
    assert (found.unknown, found.duplicates) == ((), ())
    assert found.columns == list_columns(kind)


def test_an_empty_template_is_an_empty_file_without_problems() -> None:
    reading = read_records(parse_tables("t.xlsx", make_template()), Directory())
    assert (reading.records, reading.problems, reading.notices, reading.rows) == ((), (), (), 0)


def test_a_filled_template_is_read() -> None:
    book = load_workbook(BytesIO(make_template()))
    sheet = book["機関"]
    headers = [cell.value for cell in sheet[1]]
    for header, value in (("名称", "松戸相談室"), ("分野", "福祉"), ("市区町村", "松戸市")):
        sheet.cell(2, headers.index(header) + 1, value)
    buffer = BytesIO()
    book.save(buffer)
    reading = read_records(parse_tables("t.xlsx", buffer.getvalue()), Directory())
    assert reading.problems == ()
    assert [record.kind for record in reading.records] == ["Organization", "LOCATED_IN"]


@pytest.mark.parametrize(
    ("sheet", "header", "labels"),
    [
        ("機関", "分野", [term.ja for term in FIELDS.terms]),
        ("できごと", "種類", [term.ja for term in EVENT_KINDS.terms]),
    ],
)
def test_coded_columns_offer_their_values(sheet: str, header: str, labels: list[str]) -> None:
    worksheet = load_workbook(BytesIO(make_template()))[sheet]
    letter = next(cell.column_letter for cell in worksheet[1] if cell.value == header)
    lists = [
        validation.formula1
        for validation in worksheet.data_validations.dataValidation
        if str(validation.sqref).startswith(f"{letter}2")
    ]
    assert lists == [f'"{",".join(labels)}"']


def test_no_list_is_longer_than_excel_allows() -> None:
    for worksheet in load_workbook(BytesIO(make_template())):
        for validation in worksheet.data_validations.dataValidation:
            assert len(validation.formula1 or "") <= 255
            assert len(validation.prompt or "") <= 255
            assert len(validation.promptTitle or "") <= 32


def test_the_file_of_the_repository_is_current() -> None:
    assert FILE.read_bytes() == make_template()
