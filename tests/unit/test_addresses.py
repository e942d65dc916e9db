"""Where addresses lie, however they are written."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.places import AddressMatch, Coordinates, Municipality, Town, distance_m
from loaders.places.addresses import address_book, build_town_index, match_address, match_words
from loaders.places.gazetteer import find_municipality, municipalities
from loaders.places.sources import read_towns
from loaders.places.spellings import normalize

OFFICES = (
    Path(os.environ.get("TSUNAGI_SHARED", Path(__file__).resolve().parents[3] / "shared"))
    / "data"
    / "wamnet_202503_saitama"
)
# A few towns whose spelling is hard: joints, directions, numbers inside, sections, no 丁目.
HARD_TOWNS = (
    ("千葉県松戸市", "八ケ崎", 2),
    ("埼玉県久喜市", "栗橋中央", 1),
    ("埼玉県さいたま市大宮区", "桜木町", 1),
    ("埼玉県吉川市", "美南", 3),
    ("東京都千代田区", "霞が関", 1),
    ("北海道札幌市中央区", "北二条西", 14),
    ("広島県安芸郡府中町", "大通", 3),
)


@pytest.fixture(scope="module", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TSUNAGI_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        municipalities()
        yield


def point_of(match: AddressMatch) -> Coordinates:
    assert match.latitude is not None
    assert match.longitude is not None
    return match.latitude, match.longitude


# --- as people write them ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "accuracy", "code", "town", "rest"),
    [
        ("千葉県松戸市根本387-5", "town", "12207", "根本", "387-5"),
        ("松戸市根本３８７－５", "town", "12207", "根本", "387-5"),
        ("〒271-0077　千葉県松戸市根本387-5", "town", "12207", "根本", "387-5"),
        ("松戸市大字根本387番地の5", "town", "12207", "根本", "387番地の5"),
        ("松戸市八ヶ崎２丁目８−１", "block", "12207", "八ケ崎二丁目", "8−1"),
        ("松戸市 八が崎 2-8-1 ○○ビル 201", "block", "12207", "八ケ崎二丁目", "8-1 ○○ビル 201"),
        ("松戸市八ケ崎二丁目八番地の一", "block", "12207", "八ケ崎二丁目", "八番地の一"),
        ("松戸市八ケ崎二の八の一", "block", "12207", "八ケ崎二丁目", "八の一"),
        ("埼玉県栗橋中央1-14-12", "block", "11232", "栗橋中央一丁目", "14-12"),
        ("埼玉県久喜市埼玉県久喜市栗橋中央1-14-12", "block", "11232", "栗橋中央一丁目", "14-12"),
        (
            "大宮区桜木町1-7-5ソニックシティビル",
            "block",
            "11103",
            "桜木町一丁目",
            "7-5ソニックシティビル",
        ),
        ("さいたま市桜木町1-7-5", "block", "11103", "桜木町一丁目", "7-5"),
        ("さいたま市さいたま市大宮区桜木町1-7-5", "block", "11103", "桜木町一丁目", "7-5"),
        ("大宮市桜木町1-7-5", "block", "11103", "桜木町一丁目", "7-5"),
        ("岩槻市本町3-2-5", "block", "11110", "本町三丁目", "2-5"),
        ("埼玉県南埼玉郡菖蒲町新堀38", "town", "11232", "菖蒲町新堀", "38"),
        ("千葉県東葛飾郡沼南町大井100", "town", "12217", "大井", "100"),
        ("北葛飾郡栗橋町佐間123", "town", "11232", "佐間", "123"),
        ("南埼玉郡菖蒲町新堀38", "town", "11232", "菖蒲町新堀", "38"),
        ("秩父郡吉田町下影森12", "town", "11207", "下影森", "12"),
        ("野田市関宿町100", "town", "12208", "関宿町", "100"),
        ("千葉市千葉市中央区市場町1-1", "town", "12101", "市場町", "1-1"),
        ("府中市宮町1-41", "block", "13206", "宮町一丁目", "41"),
        ("府中市府川町315", "town", "34208", "府川町", "315"),
        ("札幌市中央区北2条西14丁目", "block", "01101", "北二条西十四丁目", ""),
        ("京都市上京区油小路通丸太町上る米屋町281", "town", "26102", "米屋町", "281"),
        ("埼玉県比企郡小川町靱負681-1", "town", "11343", "大字靭負", "681-1"),
        ("千代田区6番町5", "town", "13101", "六番町", "5"),
        ("浜松市北区細江町気賀305", "town", "22139", "細江町気賀", "305"),
        ("長野市大字南長野字幅下692-2", "town", "20201", "大字南長野", "字幅下692-2"),
        ("松山市一番町4-4-2", "block", "38201", "一番町四丁目", "4-2"),
        ("養父市養父市場100", "town", "28222", "養父市場", "100"),
        ("深谷市西島町（西島）3丁目3-8", "block", "11218", "西島町三丁目", "3-8"),
        ("松戸市", "municipality", "12207", "", ""),
        ("松戸市ありえない町1-2", "municipality", "12207", "", "ありえない町1-2"),
    ],
)
def test_addresses_as_people_write_them(
    text: str, accuracy: str, code: str, town: str, rest: str
) -> None:
    match = match_address(text)
    assert (match.accuracy, match.municipality_code) == (accuracy, code)
    assert (match.town, match.rest) == (town, rest)
    assert match.candidates == ()
    place = find_municipality(code)
    assert place is not None
    assert distance_m(point_of(match), (place.latitude, place.longitude)) < 60_000


@pytest.mark.parametrize("text", ["", "不明", "埼玉県", "火星市1-1", "根本387-5", "栄町3-4"])
def test_words_that_name_no_municipality_have_no_point(text: str) -> None:
    match = match_address(text)
    assert match.accuracy == "unknown"
    assert (match.latitude, match.longitude, match.municipality_code) == (None, None, "")


@pytest.mark.parametrize(
    ("text", "some"),
    [
        ("中央区本町1-2-3", {"12101"}),
        ("府中市", {"13206", "34208"}),
        ("府中市ありえない町1", {"13206", "34208"}),
    ],
)
def test_an_address_that_fits_several_municipalities_is_asked(text: str, some: set[str]) -> None:
    match = match_address(text)
    assert match.accuracy == "unknown"
    assert match.latitude is None
    assert len(match.candidates) > 1
    assert some <= set(match.candidates)


@pytest.mark.parametrize(
    ("text", "hint", "code", "town"),
    [
        ("根本387-5", "12207", "12207", "根本"),
        ("中央区市場町1-1", "12100", "12101", "市場町"),
        ("栄町1-2", "12101", "12101", "栄町"),
        ("栄町安食台1-2", "12101", "12329", "安食台一丁目"),
        ("流山市南1", "12207", "12220", "大字南"),
        ("ありえない町1", "12207", "12207", ""),
        ("根本387-5", "99999", "", ""),
    ],
)
def test_the_hint_helps_only_where_the_words_do_not_say(
    text: str, hint: str, code: str, town: str
) -> None:
    match = match_address(text, municipality_hint=hint)
    assert (match.municipality_code, match.town) == (code, town)


def test_a_lot_number_is_no_numbered_block() -> None:
    assert match_address("さいたま市大宮区桜木町1丁目7番地").accuracy == "block"
    assert match_address("さいたま市大宮区桜木町1番地").accuracy == "town"


def test_the_town_point_is_used_for_every_town_of_two_prefectures() -> None:
    spelled_twice = 0
    for place in municipalities():
        if place.prefecture_code not in ("11", "12"):
            continue
        for town in read_towns(place.code):
            match = match_address(f"{place.full_name}{town.name}100番地")
            assert match.municipality_code == place.code
            if town.latitude is not None and point_of(match) != (town.latitude, town.longitude):
                spelled_twice += 1
    assert spelled_twice == 0


# --- spelling does not matter ------------------------------------------------------------------


def _kanji(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("十" if tens else "") + "〇一二三四五六七八九"[ones].strip("〇")


def _widen(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, str]:
    """Return one address in plain spelling, and as somebody else could write it."""
    city, town, number = draw(st.sampled_from(HARD_TOWNS))
    lots = draw(st.lists(st.integers(1, 99).map(str), min_size=1, max_size=2))
    head = city + town
    if draw(st.booleans()):
        head = re.sub("^.+?[都道府県]", "", head, count=1)
    joint, gaps = draw(st.sampled_from("ケヶがガ")), draw(st.sets(st.integers(0, 20)))
    head = "".join(
        (" " if place in gaps else "") + (joint if sign in "ケヶが" else sign)
        for place, sign in enumerate(head)
    )
    dash = draw(st.sampled_from("-−‐ー—ｰ–―－"))
    marks = [f"{number}{dash}", f"{number}丁目", f"{_kanji(number)}丁目 ", f"{number}の"]
    other = head + draw(st.sampled_from(marks)) + dash.join(lots)
    return (
        f"{city}{town}{number}丁目{'-'.join(lots)}",
        _widen(other) if draw(st.booleans()) else other,
    )


@settings(deadline=None)
@given(spellings())
def test_spelling_does_not_change_the_match(pair: tuple[str, str]) -> None:
    plain, other = map(match_address, pair)
    assert plain.accuracy == "block"
    assert point_of(other) == point_of(plain)
    assert (other.municipality_code, other.town) == (plain.municipality_code, plain.town)
    assert re.findall("[0-9]+", other.rest) == re.findall("[0-9]+", plain.rest)


@settings(deadline=None)
@given(
    place=st.deferred(lambda: st.sampled_from(municipalities())),
    building=st.sampled_from(["", "　コーポ松戸 201", "ケアハウス", "(2F)"]),
)
def test_every_municipality_is_found_from_its_own_name(place: Municipality, building: str) -> None:
    match = match_address(place.full_name + building)
    assert (match.municipality_code, match.accuracy) == (place.code, "municipality")
    assert match.rest == normalize(building)


@settings(deadline=None)
@given(st.text(max_size=80), st.sampled_from([None, "12207", "11100", "99999", ""]))
def test_any_text_is_answered_and_a_point_lies_in_japan(text: str, hint: str | None) -> None:
    match = match_address(text, municipality_hint=hint)
    assert (match.latitude is None) == (match.accuracy == "unknown")
    if match.latitude is not None and match.longitude is not None:
        assert 20 < match.latitude < 46
        assert 122 < match.longitude < 154


# --- the index ---------------------------------------------------------------------------------


def test_an_index_of_no_towns_finds_nothing() -> None:
    assert build_town_index([]).spots == {}


def test_a_town_without_a_point_of_its_own_takes_the_middle_of_its_blocks() -> None:
    blocks = [Town(f"本町{sign}丁目", 35 + n / 100, 139.0) for n, sign in enumerate("一二三")]
    spot = build_town_index(blocks).spots["本町"]
    assert spot.name == "本町"
    assert spot.point == (35.01, 139.0)
    assert sorted(spot.blocks) == [1, 2, 3]


def test_a_number_at_the_end_of_a_name_is_not_part_of_the_block() -> None:
    index = build_town_index([Town("助七二丁目", 35.0, 136.0), Town("本町十二丁目", 35.0, 136.0)])
    assert list(index.spots["助七"].blocks) == [2]
    assert list(index.spots["本町"].blocks) == [12]


def test_a_new_town_without_a_point_lies_at_the_old_one_it_was_cut_from() -> None:
    towns = [Town("伊坂", 36.1, 139.7), Town("伊坂北", None, None), Town("新", None, None)]
    spots = build_town_index(towns).spots
    assert spots["伊坂北"].point == (36.1, 139.7)
    assert spots["新"].point is None


def test_a_spelling_two_towns_share_belongs_to_neither() -> None:
    towns = [Town("東町新田", 35.0, 139.0), Town("西町新田", 35.1, 139.1)]
    spots = build_town_index(towns).spots
    assert "新田" not in spots
    assert build_town_index(towns[:1]).spots["新田"].name == "東町新田"


@pytest.mark.parametrize(
    ("words", "town", "rest"),
    [
        ("東100", "東", "100"),
        ("東", "東", ""),
        ("東ありえない町100", "", "東ありえない町100"),  # one sign in common is no evidence
        ("寅沢100", "寅沢", "100"),
        ("寅沢1番地", "寅沢１", "番地"),
        ("寅沢小字100", "寅沢", "小字100"),
    ],
)
def test_a_town_is_not_cut_out_of_a_longer_word_or_number(words: str, town: str, rest: str) -> None:
    towns = [Town(name, 35.8, 139.9) for name in ("東", "寅沢", "寅沢１")]
    book = replace(address_book(), towns=lambda code: build_town_index(towns))
    match = match_words("松戸市" + words, book)
    assert (match.municipality_code, match.town, match.rest) == ("12207", town, rest)


# --- real offices ------------------------------------------------------------------------------


@pytest.mark.skipif(not OFFICES.is_dir(), reason="the open data is not beside the repository")
def test_real_offices_are_placed_near_their_own_coordinates() -> None:
    offices = set()
    for path in sorted(OFFICES.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                address = row["事業所住所（市区町村）"] + row["事業所住所（番地以降）"]
                if row["事業所緯度"] and row["事業所経度"]:
                    offices.add((address, float(row["事業所緯度"]), float(row["事業所経度"])))
    matches = [(match_address(address), (lat, lon)) for address, lat, lon in offices]
    distances = [distance_m(point_of(match), point) for match, point in matches]
    in_towns = [distance_m(point_of(match), point) for match, point in matches if match.town]
    assert len(distances) > 900
    assert len(in_towns) > 0.97 * len(distances)
    assert median(in_towns) <= 250
    assert median(distances) <= 260
    assert sum(distance <= 3000 for distance in distances) >= 0.98 * len(distances)
