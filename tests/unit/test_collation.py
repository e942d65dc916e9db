"""The order of names: examples of a Japanese index, and that it is an order at all."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.collation import order_name, sort_by_reading

INDEX = (
    "①番館",
    "2丁目会",
    "10番館",
    "ABCセンター",
    "abd",
    "Ébène",
    "ｱｲｳ",
    "NPO法人アイエ",
    "(福)あおい",
    "シャカイフクシホウジン　アオバカイ",
    "サーカス",
    "さあかす",
    "サーカスト",
    "だい一",
    "㈱たかの",
    "ハート",
    "はあと",
    "ハード",
    "ハロ",
    "バロ",
    "パロ",
    "ハローワーク大宮",
    "びょういん",
    "浦和会",
    "社会福祉法人 浦和会の家",
    "医療法人社団浦和会病院",
    "佐々木",
    "佐佐木医院",
    "第2作業所",
    "第三作業所",
    "第十作業所",
    "第12作業所",
    "第二十作業所",
    "病院",
)
"""Names in the order of an index. Kanji stand as in JIS X 0208: 浦 (うら), 佐 (さ), 第 (だい)."""


@given(st.randoms(use_true_random=False))
def test_names_come_in_the_order_of_a_japanese_index(random: Random) -> None:
    shuffled = [*INDEX]
    random.shuffle(shuffled)
    assert sorted(shuffled, key=order_name) == [*INDEX]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("第2作業所", "第10作業所"),
        ("第二作業所", "第10作業所"),
        ("第９作業所", "第十作業所"),
        ("第三作業所", "第十二作業所"),
        ("9", "10"),
        ("12", "あ"),
        ("z", "あ"),
        ("ん", "亜"),
        ("カキ", "かぎ"),  # voicing decides only between names that are otherwise alike
        ("かぎ", "かきく"),
        ("は", "ば"),
        ("ば", "ぱ"),
        ("きつて", "きつと"),
        ("きって", "きつて"),
        ("かー", "かあ"),  # a long mark is its vowel, and first among those alike
        ("カード", "かい"),
        ("ハート", "はい"),
        ("あ", "ア"),
        ("社会福祉法人　いろは会", "株式会社うえの"),
        ("カブシキガイシャ　アオ", "いろは"),
        ("しゃかいふくしほうじん あお", "いろは"),
        ("医療法人社団 あおば", "いろは"),
        ("（福）あおば", "いろは"),
        ("㈲あおば", "いろは"),
        ("認定NPO法人あおば", "いろは"),
        ("ＮＰＯ法人あおば", "いろは"),
        ("「あおば」の家", "いろは"),
        ("亜", "唖"),
        ("浦和", "千葉"),  # う before せ: common kanji stand by their usual reading
        ("", "0"),
    ],
)
def test_one_name_stands_before_another(first: str, second: str) -> None:
    assert order_name(first) < order_name(second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ｱｵﾊﾞ", "アオバ"),
        ("あおば", "アオバ"),
        ("あお・ば", "あお　ば"),
        ("社会福祉法人あおば", "あおば"),
        ("ＡＢＣ", "abc"),
        ("佐々木", "佐佐木"),
        ("第二", "第2"),
        ("こゝろ", "こころ"),
    ],
)
def test_spellings_of_one_sound_stand_together(one: str, other: str) -> None:
    assert order_name(one)[0] == order_name(other)[0]


@pytest.mark.parametrize("name", ["社会福祉法人", "株式会社", "しゃかいふくしほうじん", "(福)"])
def test_a_legal_form_alone_is_a_name(name: str) -> None:
    assert order_name(name)[0] != ()


NAMES = st.one_of(
    st.text(), st.text(alphabet="あアァーかがカゞゝ々第一二十0123ab(福)社会法人 ・浦和")
)


@given(NAMES, NAMES)
def test_every_two_names_have_one_order(one: str, other: str) -> None:
    assert (order_name(one) < order_name(other)) + (order_name(other) < order_name(one)) == (
        one != other
    )


@given(st.lists(st.fixed_dictionaries({"name": NAMES, "kana": st.none() | NAMES})))
def test_rows_are_sorted_by_reading_and_equal_ones_keep_their_places(
    rows: list[dict[str, Any]],
) -> None:
    numbered = [row | {"number": number} for number, row in enumerate(rows)]
    found = sort_by_reading(numbered)
    keys = [(order_name(row["kana"] or row["name"]), row["number"]) for row in found]
    assert keys == sorted(keys)
    assert len(found) == len(rows)
