"""Kinds of sheets and meanings of headers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.reading.headers import (
    SHEET_KINDS,
    SheetKind,
    is_header_row,
    read_words,
    recognise_columns,
    recognise_kind,
)
from texts import say


def test_there_are_seven_kinds_of_sheet() -> None:
    assert set(read_words()) == set(SHEET_KINDS)
    assert len(SHEET_KINDS) == 7


@pytest.mark.parametrize(
    "header",
    [
        "名称",
        "機関名",
        "事業所名",
        "事業所の名称",
        "正式名称",
        "団体名",
        "施設名",
        "name",
        "Name",
        "ＮＡＭＥ",
        "名称（正式）",
        "名称*",
        "【必須】名称",
        " 名 称 ",
        "名\n称",
    ],
)
def test_an_organizations_name_has_many_headers(header: str) -> None:
    assert recognise_columns("organizations", (header,)).columns == ("name",)


@pytest.mark.parametrize(
    ("kind", "header", "columns"),
    [
        (
            "referrals",
            "No. 通知日 案件通報者 前住地 帰住希望 帰住地 出所日 初回面談 支援経過",
            "number notified_on referrer former_area desired_area destination released_on"
            " first_interview_on course",
        ),
        (
            "partner_list",
            "リスト名 作成日 機関名 分野 期待される支援 説明日 支援開始日 備考",
            "list_name list_date organization field expected_support explained_on"
            " supporting_since note",
        ),
        ("ties", "機関A 機関B 種類 強さ 質 向き", "source target kind strength quality flow"),
        ("ties", "から へ いつから いつまで", "source target since until"),
        ("people", "氏名 所属機関 役職 電話番号 メール", "name organization role phone email"),
        (
            "events",
            "日付 種類 機関 記録した機関 値 内容",
            "date kind organization facility value text",
        ),
        ("organizations", "名称 定員（人） 所在地座標（緯度）", "name capacity latitude"),
    ],
)
def test_headers_of_each_kind(kind: SheetKind, header: str, columns: str) -> None:
    cells = tuple(header.split())
    assert recognise_columns(kind, cells).columns == tuple(columns.split())
    assert recognise_kind(None, cells) == kind
    assert is_header_row(cells)


@given(st.sampled_from(SHEET_KINDS), st.data())
def test_canonical_names_are_recognised_in_any_order(kind: SheetKind, data: st.DataObject) -> None:
    header = tuple(data.draw(st.permutations(read_words()[kind].columns)))
    found = recognise_columns(kind, header)
    assert found.columns == header
    assert found.report(file="f", sheet=None, row=1) == ()
    assert recognise_kind(None, header) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("機関", "organizations"),
        ("連携リスト", "partner_list"),
        ("関係", "ties"),
        ("担当者", "people"),
        ("紹介", "referrals"),
        ("できごと", "events"),
        ("Events", "events"),
        ("機関 (2)", "organizations"),
        ("紹介_2020", "referrals"),
        ("紹介 令和2年度", "referrals"),
        ("説明", None),
        ("Sheet1", None),
        ("", None),
        (None, None),
    ],
)
def test_a_sheets_name_tells_its_kind(name: str | None, kind: str | None) -> None:
    assert recognise_kind(name, ()) == kind


def test_the_name_of_a_sheet_counts_more_than_its_headers() -> None:
    assert recognise_kind("関係", ("氏名", "機関名", "電話")) == "ties"


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (("機関名", "電話"), "organizations"),
        (("氏名", "機関名", "電話"), "people"),
        (("機関名", "分野", "期待される支援"), "partner_list"),
        (("機関名",), None),
        (("色", "形"), None),
        ((), None),
    ],
)
def test_headers_tell_the_kind_of_an_unnamed_sheet(
    header: tuple[str, ...], kind: str | None
) -> None:
    assert recognise_kind("Sheet1", header) == kind


def test_an_exact_header_wins_over_one_with_a_note() -> None:
    found = recognise_columns("organizations", ("住所（建物名）", "住所"))
    assert found.columns == (None, "address")
    assert found.unknown == ("住所（建物名）",)
    assert found.duplicates == ()


def test_two_headers_for_one_column_are_a_problem_and_neither_is_read() -> None:
    found = recognise_columns("organizations", ("電話", "名称", "TEL"))
    assert found.columns == (None, "name", None)
    problems = found.report(file="f.xlsx", sheet="機関", row=3)
    assert [(problem.row, problem.column, problem.notice) for problem in problems] == [
        (3, "電話", False),
        (3, "TEL", False),
    ]
    assert "TEL" in say(problems[1].code, "ja", **dict(problems[1].values))


def test_an_unknown_header_is_a_notice_and_an_empty_one_is_nothing() -> None:
    found = recognise_columns("organizations", ("名称", "色", ""))
    (notice,) = found.report(file="f.csv", sheet=None, row=1)
    assert (notice.column, notice.notice) == ("色", True)
    assert "色" in say(notice.code, "en", **dict(notice.values))
    assert found.position("name") == 0
    assert found.position("phone") is None


@given(
    st.lists(st.one_of(st.none(), st.text(), st.integers(), st.floats(), st.dates()), max_size=8)
)
def test_any_cells_can_be_asked(cells: list[object]) -> None:
    for kind in SHEET_KINDS:
        assert len(recognise_columns(kind, cells).columns) == len(cells)
    assert is_header_row(cells) or recognise_kind("", cells) is None


def test_a_title_is_no_header() -> None:
    assert not is_header_row(("関係機関一覧", "", "", "2022年10月4日現在"))
    assert not is_header_row(("名称", "機関名"))
