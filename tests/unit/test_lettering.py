"""Names as shown and as compared, and cells that list several values."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.lettering import matching_key, normalise_name, read_text, split_values


def test_radical_characters_of_pdf_files_become_ideographs() -> None:
    assert normalise_name("地域の⼒をつないだ⽀援を⾏う 埼⽟ ⻑⾕ ⺠⽣委員") == (
        "地域の力をつないだ支援を行う 埼玉 長谷 民生委員"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  更生保護法人　清心寮 \n大宮 ", "更生保護法人 清心寮 大宮"),
        ("清心\u200b寮\u202e", "清心寮"),
        ("髙島屋㈱ Ａ型ー﨑", "髙島屋㈱ Ａ型ー﨑"),
        ("", ""),
    ],
)
def test_a_shown_name_keeps_everything_else(text: str, expected: str) -> None:
    assert normalise_name(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("就労継続支援Ａ型", "就労継続支援A型"),
        ("ささぼし　センター", "ささぼしセンタ－"),
        ("BBS連盟", "bbs 連盟"),
        ("(株)清心", "㈱清心"),
        ("ｾﾝﾀｰ", "センター"),
        ("⽀援", "支援"),
        ("A−1", "Ａ－１"),
    ],
)
def test_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert matching_key(one) == matching_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("社会福祉法人あおぞら", "あおぞら"),
        ("特定非営利活動法人あおぞら", "一般社団法人あおぞら"),
        ("中野市社協", "大野市社協"),
    ],
)
def test_different_names_keep_different_keys(one: str, other: str) -> None:
    assert matching_key(one) != matching_key(other)


@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise_name(normalise_name(text)) == normalise_name(text)
    assert matching_key(matching_key(text)) == matching_key(text)
    assert matching_key(normalise_name(text)) == matching_key(text)


@given(st.text(alphabet=st.characters(min_codepoint=0x3041, max_codepoint=0x9FFF)))
def test_full_width_and_half_width_kana_and_kanji_compare_equal(text: str) -> None:
    assert matching_key(unicodedata.normalize("NFKC", text)) == matching_key(text)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("松戸市、流山市，我孫子市", ("松戸市", "流山市", "我孫子市")),
        ("住まい; 仕事；医療", ("住まい", "仕事", "医療")),
        ("住まい／仕事/医療\n食", ("住まい", "仕事", "医療", "食")),
        ("松戸市（小金、新松戸）、流山市", ("松戸市（小金、新松戸）", "流山市")),
        ("松戸市（小金、流山市", ("松戸市（小金", "流山市")),
        ("住まい、、住まい、", ("住まい",)),
        ("24/7", ("24/7",)),
        ("1,200", ("1,200",)),
        ("医療・福祉", ("医療・福祉",)),
        (12.0, ("12",)),
        ("", ()),
        (None, ()),
    ],
)
def test_a_cell_splits_where_a_list_does(cell: object, expected: tuple[str, ...]) -> None:
    assert split_values(cell) == expected


def test_the_middle_dot_splits_only_what_is_known() -> None:
    known = ("住まい", "仕事", "医療・福祉")
    assert split_values("住まい・仕事", known) == ("住まい", "仕事")
    assert split_values("医療・福祉、仕事", known) == ("医療・福祉", "仕事")
    assert split_values("住まい・ピア", known) == ("住まい・ピア",)


@given(st.text(max_size=50))
def test_splitting_again_changes_nothing(text: str) -> None:
    for value in split_values(text):
        assert value == normalise_name(value) != ""


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, ""),
        (" a ", "a"),
        (12.0, "12"),
        (12.5, "12.5"),
        (True, "TRUE"),
        (date(2022, 10, 4), "2022-10-04"),
        (datetime(2022, 10, 4), "2022-10-04"),
        (datetime(2022, 10, 4, 9, 30), "2022-10-04 09:30:00"),
    ],
)
def test_a_cell_reads_as_it_shows(cell: object, expected: str) -> None:
    assert read_text(cell) == expected
