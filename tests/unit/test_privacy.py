"""Pseudonyms are no names, days or numbers of people; free text is looked at for them."""

import pytest

from graph.records import NodeRecord, Source, check
from loaders.privacy import list_personal_kinds, parse_pseudonym
from loaders.problems import BadValue

NAMES_AND_NUMBERS = (
    "山田太郎", "やまだたろう", "ヤマダ", "山田さん", "A田", "1985-03-02", "1985.3.2",
    "19850302", "S60.3.2", "60-3-2", "090-1234-5678", "09012345678", "048-123-4567",
    "松戸市本町1-2", "", "a b", "x" * 41, "-1",
)  # fmt: skip


@pytest.mark.parametrize(
    "words", ["2020-01", "A-17", "k", "client-r1", "Ａ－１７", "2019-11", "C_3.b"]
)
def test_a_code_is_a_pseudonym(words: str) -> None:
    assert parse_pseudonym(words).isascii()


@pytest.mark.parametrize("words", NAMES_AND_NUMBERS)
def test_a_name_a_day_or_a_number_is_none_and_is_not_repeated(words: str) -> None:
    with pytest.raises(BadValue) as error:
        parse_pseudonym(words)
    assert error.value.code == "rows.not_a_pseudonym"
    assert words == "" or words not in f"{error.value} {error.value.values}"


@pytest.mark.parametrize("words", NAMES_AND_NUMBERS)
def test_no_other_way_of_writing_lets_one_through(words: str) -> None:
    assert check([NodeRecord("Client", words, {}, Source("form"))])


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("", ()),
        ("事業の説明をした。担当者は前向き。", ()),
        ("保護司さんと相談員さん、皆様に説明。大家さんは不在。お母さんも同席", ()),
        ("利用者さん3名、2022-10-04に会議", ()),
        ("2022年10月4日 10:00〜11:30、参加17機関", ()),
        ("山田さんに電話", ("name",)),
        ("山田 太郎様のこと", ("name",)),
        ("タナカさんが来所", ("name",)),
        ("佐藤氏より連絡", ("name",)),
        ("048-123-4567へ", ("phone",)),
        ("０９０ー１２３４ー５６７８", ("phone",)),
        ("昭和60年3月2日生まれ", ("birth_date",)),
        ("S60.3.2", ("birth_date",)),
        ("松戸市本町1-2のアパート", ("address",)),
        ("浦和区常盤六丁目は遠い。大宮区桜木町1丁目", ("address",)),
        ("窃盗で懲役2年", ("offence",)),
        ("鈴木さん（090-1111-2222）は前科あり", ("phone", "name", "offence")),
    ],
)
def test_what_may_point_to_a_person_is_named_by_its_kind(text: str, kinds: tuple[str, ...]) -> None:
    assert list_personal_kinds(text) == kinds
