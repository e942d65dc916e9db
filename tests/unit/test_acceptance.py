"""Whom an agency takes: an empty cell is not known, never a refusal."""

from __future__ import annotations

from datetime import date

import pytest

from graph.records import NodeRecord
from loaders.directory import Directory
from loaders.reading.sheets import parse_tables
from loaders.workbook import Reading, read_records
from tests.builders import workbook

HEADERS = [
    "名称", "受け入れる性別", "対象年齢から", "対象年齢まで", "障害者の受け入れ",
    "出所者の受け入れ", "費用区分", "費用", "定員", "空き", "空きの確認日", "土日対応",
]  # fmt: skip


def read(*cells: object) -> Reading:
    tables = parse_tables("t.xlsx", workbook(機関=[HEADERS, ["甲", *cells]]))
    return read_records(tables, Directory())


def properties(reading: Reading) -> dict[str, object]:
    assert reading.problems == ()
    [record] = reading.records
    assert isinstance(record, NodeRecord)
    return dict(record.properties)


def test_conditions_are_read_in_the_words_people_write() -> None:
    said = properties(
        read("女性", "18歳", 64, "要相談", "可", "無料", "食費 月1万円", 20, 3, "R4.10.4", "はい")
    )
    assert said.pop("capacity_on").first == date(2022, 10, 4)  # type: ignore[attr-defined]
    assert said == {
        "name": "甲", "accepts_sex": "women", "age_from": 18, "age_to": 64,
        "accepts_disability": "consult", "accepts_released": "yes", "cost_kind": "free",
        "cost": "食費 月1万円", "capacity": 20, "vacancies": 3, "open_weekend": True,
    }  # fmt: skip


def test_an_empty_cell_is_not_known_and_not_no() -> None:
    said = properties(read(*[None] * 11))
    assert {value for name, value in said.items() if name != "name"} == {None}


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        (0, "大人", "rows.not_in_vocabulary"),
        (1, "若者", "rows.not_a_number"),
        (3, "時々", "rows.not_in_vocabulary"),
    ],
)
def test_what_cannot_be_read_is_reported_at_its_column(column: int, cell: str, code: str) -> None:
    cells: list[object] = [None] * 11
    cells[column] = cell
    [problem] = read(*cells).problems
    assert (problem.code, problem.column) == (code, HEADERS[column + 1])


def test_ages_that_end_before_they_begin_are_reported() -> None:
    cells: list[object] = [None, 40, 30, *[None] * 8]
    assert [problem.code for problem in read(*cells).problems] == ["rows.age_range"]
