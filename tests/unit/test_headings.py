"""Headers in people's own words: what they say of one is known in the next file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.directory import Directory
from loaders.headings import parse_sheets
from loaders.problems import BadFile
from loaders.reading.headers import (
    Heading,
    is_header_row,
    learn,
    may_be_header_row,
    read_words,
    recognise_columns,
    recognise_kind,
)
from loaders.workbook import describe_header, read_records
from tests.builders import workbook

OWN = ("相手さん", "ジャンル", "おつきあい")
SAID = (
    Heading("partner_list", "うちの表"),
    Heading("partner_list", "相手さん", "organization"),
    Heading("partner_list", "ジャンル", "field"),
    Heading("partner_list", "おつきあい", "stage"),
    Heading("partner_list", "つくった日", "list_date"),
)


def test_nobody_knows_these_headers_until_somebody_says_them() -> None:
    words = learn(SAID)
    assert not is_header_row(OWN)
    assert is_header_row(OWN, words)
    assert recognise_kind("うちの表", OWN) is None
    assert recognise_kind("うちの表", OWN, words) == "partner_list"
    found = recognise_columns("partner_list", OWN, words)
    assert (found.columns, found.unknown) == (("organization", "field", "stage"), ())


def test_what_was_said_holds_in_any_width_and_case_and_in_its_kind_of_sheet_only() -> None:
    words = learn([Heading("ties", "ＡＧＥＮＣＹ x", "source")])
    assert recognise_columns("ties", ("agency X",), words).columns == ("source",)
    assert recognise_columns("people", ("agency X",), words).columns == (None,)
    assert recognise_columns("ties", ("agency X",)).columns == (None,)


def test_what_somebody_says_counts_more_than_the_words_that_came_along() -> None:
    words = learn([Heading("organizations", "電話", "fax")])
    assert recognise_columns("organizations", ("名称", "電話"), words).columns == ("name", "fax")


@given(st.sampled_from(sorted(read_words())), st.text(max_size=8))
def test_learning_forgets_nothing(kind: str, header: str) -> None:
    known = learn([Heading(kind, f"@{header}", "note")])  # type: ignore[arg-type]
    for each, words in read_words().items():
        assert words.column_of.items() <= known[each].column_of.items()
        assert words.sheet_keys <= known[each].sheet_keys


@pytest.mark.parametrize(
    ("cells", "answer"),
    [
        (OWN, True),
        (("題", "", ""), False),
        (("甲", "甲"), False),
        (("甲", "2022-10-04"), False),
        (("甲", 5, "乙"), False),
        (("", None), False),
    ],
)
def test_a_row_may_be_a_header_when_it_is_several_different_words(cells, answer) -> None:
    assert may_be_header_row(cells) is answer


def test_an_unknown_sheet_is_put_to_a_person_and_then_read() -> None:
    data = workbook(
        うちの表=[["一覧"], [*OWN, "つくった日"], ["甲の家", "福祉", "説明済", "2022-03-01"]]
    )
    tables, guessed = parse_sheets("表.xlsx", data, read_words())
    assert tables == []
    asked = describe_header(guessed[0], read_words())
    assert (asked.name, asked.kind, asked.header) == ("うちの表", None, (*OWN, "つくった日"))
    assert asked.samples == (("甲の家",), ("福祉",), ("説明済",), ("2022-03-01",))

    words = learn(SAID)
    tables, guessed = parse_sheets("表.xlsx", data, words)
    assert guessed == []
    reading = read_records(tables, Directory(), "施設", words)
    assert reading.problems == ()
    assert {"LISTS", "PartnerList", "Event"} <= {record.kind for record in reading.records}


def test_a_sheet_beside_a_known_one_is_put_to_a_person_too() -> None:
    data = workbook(機関=[["名称", "電話"], ["甲", "048-600-0000"]], 覚え=[OWN])
    tables, guessed = parse_sheets("表.xlsx", data, read_words())
    assert [table.sheet for table in tables if table.header] == ["機関"]
    assert [table.sheet for table in guessed] == ["覚え"]


def test_a_file_that_cannot_be_read_asks_nothing() -> None:
    with pytest.raises(BadFile):
        parse_sheets("表.xlsx", b"", read_words())
