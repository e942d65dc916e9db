"""Whom an agency takes: an empty cell is not known, never a refusal."""

from __future__ import annotations

from datetime import date

import pytest

from graph.records import NodeRecord
from graph.vocabulary import OFFENCES as OFFENCE_KINDS
from loaders.directory import Directory
from loaders.reading.sheets import parse_tables
from loaders.workbook import Reading, read_records
from tests.builders import workbook

HEADERS = [
    "名称", "受け入れる性別", "対象年齢から", "対象年齢まで", "障害者の受け入れ",
    "出所者の受け入れ", "費用区分", "費用", "定員", "空き", "空きの確認日", "土日対応",
]  # fmt: skip


OFFENCES = ["名称", "受け入れる罪種", "相談による罪種", "受け入れない罪種"]


def read(*cells: object) -> Reading:
    return read_sheet(HEADERS, *cells)


def read_sheet(headers: list[str], *cells: object) -> Reading:
    tables = parse_tables("t.xlsx", workbook(機関=[headers, ["甲", *cells]]))
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


@pytest.mark.parametrize(
    ("cells", "accepted", "discussed", "refused"),
    [
        (("万引き、覚せい剤", "", "放火"), "theft drugs", None, "arson"),
        (("覚醒剤・窃盗", None, None), "theft drugs", None, None),  # in the order of the words
        (("殺人・傷害致死", "暴行・傷害/強盗", None), "homicide", "violence robbery", None),
        (
            ("すべて", "性犯罪", "放火"),
            "theft fraud drugs violence robbery homicide traffic", "sexual", "arson",
        ),
        ((None, "窃盗", "それ以外"), None, "theft",
         "fraud drugs violence robbery sexual arson homicide traffic"),
        (("不問", None, None), " ".join(OFFENCE_KINDS.codes), None, None),
    ],
)  # fmt: skip
def test_kinds_of_offence_are_read_and_all_means_those_not_named_elsewhere(
    cells: tuple[object, ...], accepted: object, discussed: object, refused: object
) -> None:
    said = properties(read_sheet(OFFENCES, *cells))
    assert said == {
        "name": "甲", "offences_accepted": accepted, "offences_discussed": discussed,
        "offences_refused": refused,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        (("窃盗", None, "放火、万引き"), "rows.offence_twice", 3),
        (("すべて", "ほかすべて", None), "rows.offence_twice", 2),
        (("悪いこと", None, None), "rows.not_in_vocabulary", 1),
    ],
)
def test_a_kind_of_offence_has_one_answer(
    cells: tuple[object, ...], code: str, column: int
) -> None:
    [problem] = read_sheet(OFFENCES, *cells).problems
    assert (problem.code, problem.column) == (code, OFFENCES[column])


def test_a_sheet_without_the_columns_says_nothing_of_offences() -> None:
    assert properties(read_sheet(["名称", "受け入れない罪種"], "放火")) == {
        "name": "甲", "offences_refused": "arson",
    }  # fmt: skip
