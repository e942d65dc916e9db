"""Problems name a place and a reason, and never a person."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.dates import parse_date
from loaders.phones import parse_phone
from loaders.problems import HIDDEN, BadFile, BadValue, Problem, report_value, shorten
from texts import LANGUAGES, read_catalogue, say

ROOT = Path(__file__).parents[2]


def report(error: BadValue, *, is_personal: bool) -> Problem:
    return report_value(
        error, file="f.xlsx", sheet="担当者", row=5, column="電話", is_personal=is_personal
    )


def test_a_problem_says_file_sheet_row_column_value_and_expectation() -> None:
    with pytest.raises(BadValue) as caught:
        parse_date("平成40年")
    problem = report(caught.value, is_personal=False)
    assert (problem.file, problem.sheet, problem.row, problem.column) == (
        "f.xlsx",
        "担当者",
        5,
        "電話",
    )
    for language in LANGUAGES:
        text = say(problem.code, language, **dict(problem.values))
        assert "平成40年" in text
        assert "1989-01-08–2019-04-30" in text


@given(
    st.text(alphabet="山田花子0123456789-年月日/R令和.", min_size=3).map(lambda text: text + "☎")
)
def test_nothing_of_a_personal_cell_reaches_a_problem_or_an_exception(cell: str) -> None:
    for parse in (parse_date, parse_phone):
        with pytest.raises(BadValue) as caught:
            parse(cell)
        problem = report(caught.value, is_personal=True)
        assert {text for name, text in problem.values if name != "limit"} <= {HIDDEN}
        assert cell.strip() not in f"{caught.value} {caught.value!r} {problem!r}"


def test_a_shown_value_is_one_line_of_forty_characters() -> None:
    assert shorten("あ" * 41) == "あ" * 39 + "…"
    assert shorten("あ" * 40) == "あ" * 40
    assert shorten("a\n  b") == "a b"
    assert BadValue("x", value="あ" * 1000).values == {"value": "あ" * 39 + "…"}


def test_problems_sort_by_place() -> None:
    def at(sheet: str | None, row: int, column: str) -> Problem:
        return Problem("f", sheet, row, column, "code")

    in_order = [at(None, 9, "z"), at("a", 2, "y"), at("a", 10, "x"), at("a", 10, "y")]
    assert sorted([in_order[3], in_order[1], in_order[2], in_order[0]]) == in_order
    assert len({*in_order, at("a", 2, "y")}) == len(in_order)


LOADERS = ROOT / "loaders"
PARSING_MODULES = [LOADERS / "dates.py", LOADERS / "phones.py", *(LOADERS / "reading").glob("*.py")]


def read_codes() -> set[str]:
    sources = [path.read_text("utf-8") for path in PARSING_MODULES]
    return set(re.findall(r'"(loaders\.[a-z_]+\.[a-z_]+)"', "".join(sources)))


def test_every_code_has_its_words_and_no_words_are_left_over() -> None:
    groups = ("date", "phone", "header", "row", "cell", "file")
    written = {
        key
        for key in read_catalogue()
        if key.split(".")[0] == "loaders" and key.split(".")[1] in groups
    }
    assert read_codes() <= written
    all_sources = "".join(path.read_text("utf-8") for path in LOADERS.rglob("*.py"))
    assert {key for key in written if f'"{key}"' not in all_sources} == set()


@pytest.mark.parametrize("code", sorted(read_codes()))
def test_both_languages_name_the_same_values(code: str) -> None:
    fields = {
        language: {name for _, name, _, _ in string.Formatter().parse(text) if name}
        for language, text in read_catalogue()[code].items()
    }
    assert fields["ja"] == fields["en"]


def test_bad_file_keeps_its_values_out_of_its_own_text() -> None:
    error = BadFile("loaders.file.too_many_rows", count=10, limit=5)
    assert str(error) == "loaders.file.too_many_rows"
    assert say(error.code, "en", **error.values).startswith("The table has 10 rows; at most 5")
