"""Rows of the sheet 紹介 that cannot be: days in the wrong order, a referral to oneself."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from loaders.directory import Directory
from loaders.problems import Problem
from loaders.reading.sheets import parse_tables
from loaders.workbook import read_records
from tests.builders import workbook

PLACES = [("機関名", "分野"), ("東刑務所", "司法"), ("西センター", "福祉")]


def list_problems(rows: Sequence[Sequence[object]]) -> tuple[Problem, ...]:
    tables = parse_tables("表.xlsx", workbook(紹介=rows, 機関=PLACES))
    return read_records(tables, Directory(()), None).problems


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (("2022-06-02", "2022-06-01", "", ""), [("first_interview_on", "rows.before_notice")]),
        (("2022-06-02", "", "2022-06-01", ""), [("answered_on", "rows.before_notice")]),
        (("2022-06-02", "", "2022-06-09", "2022-06-08"), [("closed_on", "rows.dates_reversed")]),
        (("2022-06-02", "2022-06-02", "2022-06-02", "2022-06-02"), []),
        (("2022-06-02", "", "2022-06", "2022"), []),  # a month may hold a later day
        (("", "2022-06-01", "", "2022-06-01"), []),
    ],
)
def test_days_of_a_referral_come_in_order(
    days: tuple[str, ...], told: list[tuple[str, str]]
) -> None:
    header = (
        "案件通報者", "紹介先", "仮名ID", "通知日", "初回面談", "返事の日", "終わった日",
    )  # fmt: skip
    problems = list_problems([header, ("東刑務所", "西センター", "c1", *days)])
    wanted = {"first_interview_on": "初回面談", "answered_on": "返事の日",
              "closed_on": "終わった日"}  # fmt: skip
    found = [(problem.column, problem.code) for problem in problems]
    assert found == [(wanted[column], code) for column, code in told]


def test_a_referral_from_an_agency_to_itself_is_told() -> None:
    header = ("案件通報者", "紹介先", "仮名ID")
    problems = list_problems([header, ("東刑務所", "東刑務所", "c1")])
    (problem,) = problems
    assert (problem.column, problem.code) == ("紹介先", "rows.referral_to_itself")
