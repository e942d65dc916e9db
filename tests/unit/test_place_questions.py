"""The one box for a place: what is meant, what has to be chosen, what nobody knows."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.places import distance_m
from loaders.places.addresses import match_address
from loaders.places.gazetteer import care_areas, municipalities, prefectures
from loaders.places.questions import (
    MOST_CHOICES,
    Choices,
    Place,
    Unknown,
    make_place,
    read_place_words,
)
from loaders.places.sources import find_towns, read_towns
from loaders.reference import read_reference

OFFICES = (
    Path(os.environ.get("TSUNAGI_SHARED", Path(__file__).resolve().parents[3] / "shared"))
    / "data"
    / "wamnet_202503_saitama"
)
AREAS = {
    **{one.code: one.name for one in prefectures()},
    **{one.area_id: "" for one in care_areas()},
    **{one.code: one.full_name for one in municipalities()},
}


@pytest.mark.parametrize(
    ("words", "area_id"),
    [
        ("柏", "12217"),
        ("松戸市", "12207"),
        ("千葉県松戸市", "12207"),
        (" 松戸市　", "12207"),
        ("松戸市役所", "12207"),
        ("千葉市？", "12100"),
        ("大宮区", "11103"),
        ("さいたま市大宮区", "11103"),
        ("千葉県内", "12"),
        ("千葉県", "12"),
        ("東京", "13"),
        ("23区", "13"),
        ("北海道", "01"),
        ("印旛圏域", "care:12-印旛"),
        ("松戸圏域", "care:12-松戸"),
        ("千葉県 印旛圏域", "care:12-印旛"),
        ("12207", "12207"),
        ("122076", "12207"),
        ("かしわ", "12217"),
        ("マツドシ", "12207"),
        ("おおみやく", "11103"),
    ],
)
def test_an_area_is_understood_however_it_is_written(words: str, area_id: str) -> None:
    answer = read_place_words(words)
    assert isinstance(answer, Place)
    assert (answer.area_id, answer.point, answer.former) == (area_id, None, False)


@pytest.mark.parametrize(
    ("words", "area_id", "today"),
    [("大宮市", "11100", "埼玉県さいたま市"), ("旧浦和市", "11100", "埼玉県さいたま市"),
     ("沼南町", "12217", "千葉県柏市"), ("北葛飾郡栗橋町", "11232", "埼玉県久喜市"),
     ("埼玉県北葛飾郡栗橋町", "11232", "埼玉県久喜市"),
     ("旧東葛飾郡関宿町", "12208", "千葉県野田市")],
)  # fmt: skip
def test_an_old_name_gives_todays_area_and_says_so(words: str, area_id: str, today: str) -> None:
    assert read_place_words(words) == Place(area_id, today, former=True)


@pytest.mark.parametrize(
    ("words", "area_id", "name", "accuracy"),
    [
        ("松戸市小金原6-1", "12207", "千葉県松戸市小金原六丁目", "block"),
        ("千葉県松戸市小金原６丁目１番３号", "12207", "千葉県松戸市小金原六丁目", "block"),
        ("松戸市根本387-5", "12207", "千葉県松戸市根本", "town"),
        ("中央区銀座4", "13102", "東京都中央区銀座四丁目", "block"),
        ("小金原", "12207", "千葉県松戸市小金原", "town"),
        ("小金原6-1-3 みどり荘203", "12207", "千葉県松戸市小金原六丁目", "block"),
        ("271-0064", "12207", "千葉県松戸市上本郷", "town"),
        ("〒２７１−００６４", "12207", "千葉県松戸市上本郷", "town"),
        ("2710064", "12207", "千葉県松戸市上本郷", "town"),
        ("271-0064 松戸市小金原6-1", "12207", "千葉県松戸市小金原六丁目", "block"),
    ],
)
def test_an_address_or_postal_code_has_a_point_and_says_how_exact(
    words: str, area_id: str, name: str, accuracy: str
) -> None:
    answer = read_place_words(words)
    assert isinstance(answer, Place)
    assert (answer.area_id, answer.name, answer.accuracy) == (area_id, name, accuracy)
    middle = next(one for one in municipalities() if one.code == area_id)
    assert answer.point is not None
    assert distance_m(answer.point, (middle.latitude, middle.longitude)) < 10_000


@pytest.mark.parametrize(
    ("words", "some"),
    [
        ("府中市", {"東京都府中市", "広島県府中市"}),
        ("中央区", {"千葉県千葉市中央区", "東京都中央区", "埼玉県さいたま市中央区"}),
        ("千葉", {"千葉県", "千葉県千葉市"}),
        ("大宮", {"埼玉県さいたま市大宮区", "埼玉県さいたま市"}),
        ("印旛", {"千葉県 印旛圏域", "千葉県印西市"}),
        ("秩父", {"埼玉県秩父市", "埼玉県 秩父圏域"}),
        ("千葉県松戸", {"千葉県松戸市", "千葉県 松戸圏域"}),
        ("ちちぶ", {"埼玉県秩父市", "埼玉県 秩父圏域"}),
        ("市川", {"千葉県市川市", "千葉県 市川圏域", "兵庫県神崎郡市川町"}),
        ("ふちゅう", {"東京都府中市", "広島県府中市"}),
        ("千葉県本町", {"千葉県船橋市本町", "千葉県松戸市本町"}),
        ("本町", {"北海道函館市本町"}),
    ],
)
def test_what_fits_several_places_is_asked_and_never_guessed(words: str, some: set[str]) -> None:
    answer = read_place_words(words)
    assert isinstance(answer, Choices)
    assert answer.reason == "several"
    assert some <= {place.name for place in answer.places}
    assert len(answer.places) == min(answer.total, MOST_CHOICES)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("大宮区か浦和区", ["埼玉県さいたま市大宮区", "埼玉県さいたま市浦和区"]),
        ("大宮区・浦和区", ["埼玉県さいたま市大宮区", "埼玉県さいたま市浦和区"]),
        ("さいたま市大宮区か浦和区", ["埼玉県さいたま市大宮区", "埼玉県さいたま市浦和区"]),
        ("松戸市または柏市", ["千葉県松戸市", "千葉県柏市"]),
        ("松戸市、柏市", ["千葉県松戸市", "千葉県柏市"]),
        ("松戸市と柏市や流山市", ["千葉県松戸市", "千葉県柏市", "千葉県流山市"]),
        ("柏市か松戸市のどちらか", ["千葉県柏市", "千葉県松戸市"]),
        ("松戸、柏", ["千葉県松戸市", "千葉県 松戸圏域", "千葉県柏市"]),
        ("かすかべか柏", ["埼玉県春日部市", "千葉県柏市"]),
        ("東京都府中市、中央区", ["東京都府中市", "東京都中央区"]),
        ("松戸市小金原6-1、柏市柏5", ["千葉県松戸市小金原六丁目", "千葉県柏市柏五丁目"]),
        ("松戸市小金原か根本", ["千葉県松戸市小金原", "千葉県松戸市根本"]),
        ("四国か千葉県", ["徳島県", "香川県", "愛媛県", "高知県", "千葉県"]),
    ],
)
def test_every_place_of_a_list_is_offered(words: str, names: list[str]) -> None:
    answer = read_place_words(words)
    assert isinstance(answer, Choices)
    assert [place.name for place in answer.places] == names
    assert (answer.reason, answer.total) == ("several", len(names))
    assert not any(place.town_missing for place in answer.places)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("かすかべ", "埼玉県春日部市"),
        ("茨城県かすみがうら市", "茨城県かすみがうら市"),
        ("松戸市小金原6丁目1番3号、コーポ・みどり", "千葉県松戸市小金原六丁目"),
        ("松戸市小金原6-1 コーポ・柏", "千葉県松戸市小金原六丁目"),
        ("松戸市小金原6-1 松戸市営かやの木", "千葉県松戸市小金原六丁目"),
        ("千葉県、松戸市、小金原6-1", "千葉県松戸市小金原六丁目"),
        ("千葉県 松戸市 小金原 6-1", "千葉県松戸市小金原六丁目"),
        ("松戸市・小金原", "千葉県松戸市小金原"),
        ("松戸市か", "千葉県松戸市"),
    ],
)
def test_what_only_looks_like_a_list_is_one_place(words: str, name: str) -> None:
    answer = read_place_words(words)
    assert isinstance(answer, Place)
    assert answer.name == name


@pytest.mark.skipif(not OFFICES.is_dir(), reason="the open data is not beside the repository")
def test_no_real_address_is_taken_for_a_list() -> None:
    addresses = set()
    for path in sorted(OFFICES.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                for whose in ("法人", "事業所"):
                    city, rest = row[f"{whose}住所（市区町村）"], row[f"{whose}住所（番地以降）"]
                    addresses |= {city + rest, f"{city}　{rest}"} if city else set()
    known = {text: match for text in addresses if (match := match_address(text)).town}
    assert len(known) > 1500
    for text, match in known.items():
        answer = read_place_words(text)
        assert isinstance(answer, Place), text
        assert answer.name.endswith(match.town), text
        assert (answer.area_id, answer.town_missing) == (match.municipality_code, False)


def test_no_town_with_the_letters_of_a_joint_is_taken_for_a_list() -> None:
    around = [one for one in municipalities() if one.prefecture_code in ("11", "12", "13", "14")]
    towns = [(one, town.name) for one in around for town in read_towns(one.code)
             if set(town.name) & set("かとや")]  # fmt: skip
    assert len(towns) > 50
    for one, town in towns:
        answer = read_place_words(f"{one.full_name}{town}1-2 コーポ・やまと")
        assert isinstance(answer, Place)
        assert answer.name.startswith(one.full_name + town)


@pytest.mark.parametrize(
    ("words", "some", "count"),
    [
        ("関東", {"埼玉県", "千葉県", "茨城県"}, 7),
        ("関東地方", {"埼玉県", "千葉県", "茨城県"}, 7),
        ("首都圏", {"埼玉県", "山梨県"}, 8),
        ("首都圏内", {"埼玉県", "山梨県"}, 8),
        ("南関東", {"埼玉県", "千葉県"}, 4),
        ("東北", {"青森県", "福島県"}, 6),
        ("中部", {"新潟県", "愛知県"}, 9),
        ("北陸", {"新潟県", "福井県"}, 4),
        ("東海", {"愛知県", "三重県"}, 4),
        ("近畿", {"大阪府", "京都府"}, 7),
        ("関西", {"大阪府", "京都府"}, 7),
        ("中国", {"広島県", "鳥取県"}, 5),
        ("四国", {"愛媛県", "高知県"}, 4),
        ("九州", {"福岡県", "沖縄県"}, 8),
    ],
)
def test_a_region_is_asked_about_by_its_prefectures_only(
    words: str, some: set[str], count: int
) -> None:
    answer = read_place_words(words, near="11201")
    assert isinstance(answer, Choices)
    assert (answer.reason, answer.total) == ("region", count)
    assert some <= {place.name for place in answer.places}
    assert {len(place.area_id) for place in answer.places} == {2}
    if "埼玉県" in some:
        assert answer.places[0].name == "埼玉県"


@pytest.mark.parametrize(
    ("words", "name"),
    [("北海道地方", "北海道"), ("東北町", "青森県上北郡東北町"), ("東海市", "愛知県東海市"),
     ("四国中央市", "愛媛県四国中央市"), ("南関町関東", "熊本県玉名郡南関町大字関東")],
)  # fmt: skip
def test_a_place_named_like_a_region_is_found_by_its_whole_name(words: str, name: str) -> None:
    answer = read_place_words(words)
    assert isinstance(answer, Place)
    assert answer.name == name


@pytest.mark.parametrize(
    ("words", "area_id", "accuracy"),
    [
        ("松戸市ほげほげ町", "12207", "municipality"),
        ("松戸市ほげほげ町1-2", "12207", "municipality"),
        ("さいたま市大宮区あいうえお", "11103", "municipality"),
        ("松戸市、ほげほげ", "12207", "municipality"),
        ("千葉県ほげほげ町", "12", "unknown"),
    ],
)
def test_a_town_that_is_not_known_means_the_whole_municipality_and_says_so(
    words: str, area_id: str, accuracy: str
) -> None:
    answer = read_place_words(words)
    assert isinstance(answer, Place)
    assert (answer.area_id, answer.point) == (area_id, None)
    assert (answer.accuracy, answer.town_missing) == (accuracy, True)
    assert "ほげ" not in answer.name


def test_a_town_that_is_not_known_is_said_of_every_municipality_in_question() -> None:
    answer = read_place_words("府中市ほげほげ町")
    assert isinstance(answer, Choices)
    assert answer.total == 2
    assert all(place.town_missing for place in answer.places)


@pytest.mark.parametrize(
    "words",
    [
        "松戸市",
        "松戸市内",
        "松戸市周辺",
        "松戸市（予定）",
        "12207",
        "県内",
        "松戸圏域",
        "印旛",
        "まつどし",
    ],
)
def test_an_area_named_alone_misses_no_town(words: str) -> None:
    answer = read_place_words(words, near="12207")
    places = answer.places if isinstance(answer, Choices) else (answer,)
    assert not any(place.town_missing for place in places)  # type: ignore[union-attr]


def test_a_former_municipality_is_found_with_its_county_and_an_address_behind_it() -> None:
    for words in ("北葛飾郡栗橋町佐間123", "埼玉県北葛飾郡栗橋町大字佐間123"):
        answer = read_place_words(words)
        assert isinstance(answer, Place)
        assert (answer.name, answer.accuracy) == ("埼玉県久喜市佐間", "town")
    assert read_place_words("ほげ郡栗橋町") == Unknown("words")


def test_an_area_of_the_same_extent_as_its_city_is_no_other_place() -> None:
    for words in ("船橋", "柏", "さいたま"):
        assert isinstance(read_place_words(words), Place)


def test_long_lists_are_answered() -> None:
    both = read_place_words("松戸市か" * 30 + "柏市")
    assert isinstance(both, Choices)
    assert [place.area_id for place in both.places] == ["12207", "12217"]
    assert read_place_words("か" * 5000) == read_place_words("、" * 5000) == Unknown("words")
    unfinished = read_place_words("松戸市か" * 40 + "ほげ")
    assert isinstance(unfinished, Place)
    assert unfinished.town_missing


def test_the_own_prefecture_comes_first_and_chooses_nothing() -> None:
    answer = read_place_words("中央区", near="11103")
    assert isinstance(answer, Choices)
    assert answer.places[0].name == "埼玉県さいたま市中央区"
    assert answer.total == read_place_words("中央区").total  # type: ignore[union-attr]
    many = read_place_words("本町", near="12207")
    assert isinstance(many, Choices)
    assert many.places[0].name.startswith("千葉県")
    assert many.total > MOST_CHOICES


@pytest.mark.parametrize(
    ("words", "own", "there"),
    [
        ("大井町", "埼玉県ふじみ野市", "神奈川県足柄上郡大井町"),
        ("玉川村", "埼玉県比企郡ときがわ町", "福島県石川郡玉川村"),
        ("利根", "埼玉県 利根圏域", "茨城県北相馬郡利根町"),
    ],
)
def test_what_the_own_prefecture_once_called_so_is_asked_about(
    words: str, own: str, there: str
) -> None:
    answer = read_place_words(words, near="11201")
    assert isinstance(answer, Choices)
    assert [place.name for place in answer.places] == [own, there]
    elsewhere = read_place_words(words, near="27100")
    assert isinstance(elsewhere, Place)
    assert elsewhere.name == there


def test_inside_the_prefecture_is_the_own_one_or_not_known() -> None:
    assert read_place_words("県内", near="12207") == Place("12", "千葉県")
    assert read_place_words("県内") == Unknown("words")


def test_a_station_is_not_known_but_what_is_named_like_it_is_offered() -> None:
    omiya = read_place_words("大宮駅")
    assert isinstance(omiya, Choices)
    assert omiya.reason == "station"
    assert {place.area_id for place in omiya.places} == {"11103", "11100"}
    west = read_place_words("JR西船橋駅", near="12207")
    assert isinstance(west, Choices)
    assert west.places[0].name == "千葉県船橋市"
    assert west.reason == "station"
    one = read_place_words("松戸駅前")
    assert one == Choices((Place("12207", "千葉県松戸市"),), "station", 1)
    assert read_place_words("ほげ駅") == Unknown("station")


@pytest.mark.parametrize(
    ("words", "some"),
    [("船", "千葉県船橋市"), ("松戸保健所", "千葉県松戸市"), ("印旛郡", "千葉県印旛郡栄町")],
)
def test_part_of_a_name_is_offered_as_similar(words: str, some: str) -> None:
    answer = read_place_words(words)
    assert isinstance(answer, Choices)
    assert answer.reason == "similar"
    assert some in {place.name for place in answer.places}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("", "empty"), ("　", "empty"), ("〒", "empty"), ("全国", "nation"),
        ("999-9999", "postal_code"), ("ほげ", "words"), ("60歳", "words"),
        ("東葛北部圏域", "words"),
    ],
)  # fmt: skip
def test_what_nobody_knows_is_said(words: str, reason: str) -> None:
    assert read_place_words(words) == Unknown(reason)  # type: ignore[arg-type]


def test_every_area_is_found_by_the_name_it_is_shown_with() -> None:
    shown = {area_id: place for area_id in AREAS if (place := make_place(area_id))}
    assert shown.keys() == AREAS.keys()
    wrong = {
        place.name: answer
        for place in shown.values()
        if (answer := read_place_words(place.name)) != place
    }
    assert wrong == {}


def test_places_are_areas_of_the_graph_and_no_other_id_is_one() -> None:
    written = {record.key for record in read_reference() if record.kind == "Area"}  # type: ignore[union-attr]
    assert AREAS.keys() == written - {"JP"}
    assert make_place("JP") is make_place("99999") is make_place("") is None


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("松戸市大宮駅区本町千葉県中央6-〒2710064？、 荘あア"), max_size=12))
def test_any_words_get_an_answer_that_repeats_no_number_of_a_house(words: str) -> None:
    answer = read_place_words(words, near="12207")
    places = (
        answer.places if isinstance(answer, Choices)
        else (answer,) if isinstance(answer, Place) else ()
    )  # fmt: skip
    for place in places:
        assert place.area_id in AREAS
        assert not any(sign.isdigit() for sign in place.name.replace("十", ""))


def test_towns_are_found_by_their_whole_name_only() -> None:
    assert find_towns("小金原") == ("12207",)
    assert find_towns("小金") == ("12207",)
    assert "13102" in find_towns("銀座")
    assert find_towns("金原六") == find_towns("") == ()
