"""What places are called, which areas hold which, and what a place as written means."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.places import Municipality, distance_m, find_middle
from loaders.places import sources as place_sources
from loaders.places.gazetteer import (
    care_areas,
    find_municipality,
    list_members,
    list_parents,
    locate_place,
    locate_postal_code,
    municipalities,
    name_table,
    parse_area_code,
    prefectures,
    regions,
)
from loaders.places.names import NameTable
from loaders.places.sources import PlaceDataError, PlaceTables, read_place_tables, read_towns
from loaders.places.spellings import fold, normalize, read_kanji_number, take_tail, write_digits
from texts import read_catalogue

# Read when first drawn, not when this file is imported: the fixture below names the cache folder.
places = st.deferred(lambda: st.sampled_from(municipalities()))
points = st.tuples(st.floats(24, 46), st.floats(122, 154))


@pytest.fixture(scope="module", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TSUNAGI_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        municipalities()
        yield


# --- tables ------------------------------------------------------------------------------------


def test_every_municipality_of_japan_is_there_once() -> None:
    codes = [one.code for one in municipalities()]
    wards = [one for one in municipalities() if one.parent]
    assert len(prefectures()) == 47
    assert len(set(codes)) == len(codes)
    assert codes == sorted(codes)
    assert len(codes) - len(wards) == 1741
    assert len({one.parent for one in wards}) == 20


@pytest.mark.parametrize(
    ("code", "name", "kana", "county", "parent"),
    [
        ("12207", "松戸市", "マツドシ", "", None),
        ("11103", "さいたま市大宮区", "サイタマシオオミヤク", "", "11100"),
        ("11100", "さいたま市", "サイタマシ", "", None),
        ("09345", "芳賀町", "ハガマチ", "芳賀郡", None),
        ("13381", "三宅村", "ミヤケムラ", "三宅島", None),
        ("13121", "足立区", "アダチク", "", None),
        ("22138", "浜松市中央区", "ハママツシチュウオウク", "", "22130"),
    ],
)
def test_names_kana_counties_and_wards(
    code: str, name: str, kana: str, county: str, parent: str | None
) -> None:
    one = find_municipality(code)
    assert one is not None
    assert (one.name, one.kana, one.county, one.parent) == (name, kana, county, parent)


def test_every_municipality_has_a_point_in_its_own_part_of_japan() -> None:
    halls = {one.code: (one.latitude, one.longitude) for one in prefectures()}
    far = {"13", "46", "47"}  # islands reach more than 400 km from the middle
    for one in municipalities():
        assert 20 < one.latitude < 46
        assert 122 < one.longitude < 154
        limit_m = 2_000_000 if one.prefecture_code in far else 400_000
        point = (one.latitude, one.longitude)
        assert distance_m(point, halls[one.prefecture_code]) < limit_m, one


def test_wards_drawn_anew_take_each_town_of_the_old_ward() -> None:
    central = {town.name for town in read_towns("22138")}
    northern = {town.name for town in read_towns("22139")}
    assert "三方原町" in central
    assert "細江町気賀" in northern
    assert "三方原町" not in northern


def test_areas_hold_each_other() -> None:
    assert list_parents("11103") == ("11100", "care:11-さいたま", "11")
    assert list_parents("12207") == ("care:12-松戸", "12")
    assert list_parents("13121") == ("13",)
    assert list_parents("care:12-松戸") == ("12",)
    assert list_parents("12") == ()
    assert list_parents("99999") == ()
    assert list_members("care:12-松戸") == ("12207", "12220", "12222")
    assert "11103" in list_members("11100")
    assert "11103" in list_members("care:11-さいたま")
    assert list_members("12207") == ("12207",)
    assert list_members("care:12-火星") == ()


def test_care_areas_hold_every_municipality_of_their_prefectures_once_and_say_unchecked() -> None:
    held = [code for area in care_areas() for code in area.municipalities]
    whole = [
        one.code
        for one in municipalities()
        if one.prefecture_code in ("11", "12") and not one.parent
    ]
    assert sorted(held) == sorted(whole)
    assert not any(area.checked for area in care_areas())


def test_former_names_point_to_areas_of_the_same_prefecture() -> None:
    known = {one.code: one.prefecture for one in municipalities()}
    names: NameTable = name_table()
    for name, codes in names.former.items():
        for code in codes:
            assert code in known
        if name[2:3] in ("県", "都"):
            assert all(name.startswith(fold(known[code])) for code in codes), name


def test_regions_hold_prefectures_of_the_nation_each_once() -> None:
    known = {one.code for one in prefectures()}
    for codes in regions().values():
        assert known.issuperset(codes)
        assert len(set(codes)) == len(codes)
    eight = ("北海道", "東北", "関東", "中部", "近畿", "中国", "四国", "九州")
    assert sorted(code for name in eight for code in regions()[name]) == sorted(known)


def test_postal_codes_give_towns_and_offices() -> None:
    [town] = locate_postal_code("〒２７１－００７７")
    assert (town.municipality_code, town.town) == ("12207", "根本")
    [office] = locate_postal_code("271-8588")  # the city hall's own code
    assert office.municipality_code == "12207"
    assert locate_postal_code("000-0000") == ()
    assert locate_postal_code("") == ()


# --- codes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("12207", "12207"),
        ("122076", "12207"),
        ("１２２０７６", "12207"),
        ("011002", "01100"),
        ("11000", "11"),
        ("110001", "11"),
        ("22131", "22138"),
        ("122075", None),
        ("99999", None),
        ("1220", None),
        ("1220760", None),
        ("松戸", None),
        ("", None),
    ],
)
def test_codes_of_five_and_six_digits(text: str, area: str | None) -> None:
    assert parse_area_code(text) == area


@settings(deadline=None)
@given(places.map(lambda one: one.code), st.integers(0, 9))
def test_exactly_one_check_digit_is_right(code: str, wrong: int) -> None:
    right = [digit for digit in "0123456789" if parse_area_code(code + digit) == code]
    assert len(right) == 1
    assert (parse_area_code(f"{code}{wrong}") == code) == (str(wrong) == right[0])


# --- places as written -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "areas", "certainty"),
    [
        ("松戸市", ("12207",), "certain"),
        ("松戸", ("12207",), "certain"),
        ("松戸市内", ("12207",), "certain"),
        (" 千葉県　松戸市 ", ("12207",), "certain"),
        ("大宮区", ("11103",), "certain"),
        ("さいたま市大宮区", ("11103",), "certain"),
        ("足立区", ("13121",), "certain"),
        ("千葉市（中央区）", ("12101",), "certain"),
        ("三宅村", ("13381",), "certain"),
        ("鎌ヶ谷市", ("12224",), "certain"),
        ("鎌が谷市", ("12224",), "certain"),
        ("竜ケ崎市", ("08208",), "certain"),
        ("松戸市根本387-5", ("12207",), "certain"),
        ("122076", ("12207",), "certain"),
        ("千葉市？", ("12100",), "doubtful"),
        ("松戸周辺", ("12207",), "doubtful"),
        ("流山市または柏市？", ("12220", "12217"), "doubtful"),
        ("松戸市・火星", ("12207",), "doubtful"),
        ("千葉市(予定)", ("12100",), "planned"),
        ("野田市 （予定）", ("12208",), "planned"),
        ("流山市ほか", ("12220",), "one_of_several"),
        ("流山市など", ("12220",), "one_of_several"),
        ("松戸、流山、我孫子", ("12207", "12220", "12222"), "one_of_several"),
        ("松戸 流山", ("12207", "12220"), "one_of_several"),
        ("松戸又は柏", ("12207", "12217"), "one_of_several"),
        ("大宮区か浦和区", ("11103", "11107"), "one_of_several"),
        ("かすみがうら市か土浦市", ("08230", "08203"), "one_of_several"),
        ("松戸市かもしれない", ("12207",), "doubtful"),
        ("北葛飾郡栗橋町", ("11232",), "certain"),
        ("東京都府中市、調布市", ("13206", "13208"), "one_of_several"),
        ("千葉県内", ("12",), "within"),
        ("千葉県", ("12",), "within"),
        ("都内", ("13",), "within"),
        ("２３区内", ("13",), "within"),
        ("松戸圏域", ("care:12-松戸",), "within"),
        ("care:12-松戸", ("care:12-松戸",), "within"),
        ("大宮市", ("11100",), "certain"),
        ("浦和市", ("11100",), "certain"),
        ("旧浦和市", ("11100",), "certain"),
        ("与野", ("11105",), "certain"),
        ("沼南町", ("12217",), "certain"),
        ("関宿町", ("12208",), "certain"),
        ("浜松市中区", ("22138",), "certain"),
        ("不明", (), "unknown"),
        ("未定（調整中）", (), "unknown"),
        ("特になし。", (), "unknown"),
        ("ー" * 5000 + "x", (), "unknown"),
        ("？", (), "unknown"),
        ("－", (), "unknown"),
        ("", (), "unknown"),
        ("火星", (), "unknown"),
        ("栄町3-4", (), "unknown"),
    ],
)
def test_places_as_people_write_them(text: str, areas: tuple[str, ...], certainty: str) -> None:
    mention = locate_place(text)
    assert (mention.areas, mention.certainty) == (areas, certainty)
    assert mention.as_written == text
    assert mention.candidates == ()


@pytest.mark.parametrize(
    ("text", "some"),
    [
        ("中央区", {"12101", "13102", "11105"}),
        ("府中市", {"13206", "34208"}),
        ("千葉", {"12", "12100"}),
        ("浦和", {"11107", "11100"}),
        ("緑区", {"12105", "11109"}),
    ],
)
def test_a_name_of_several_places_is_asked_never_guessed(text: str, some: set[str]) -> None:
    mention = locate_place(text)
    assert mention.areas == ()
    assert mention.certainty == "unknown"
    assert some <= set(mention.candidates)


@pytest.mark.parametrize(
    ("text", "hint", "area"),
    [
        ("中央区", "12", "12101"),
        ("中央区", "11", "11105"),
        ("府中市", "34", "34208"),
        ("千葉", "12", "12100"),
        ("大井町", "11", "11245"),
        ("大井町", "14", "14362"),
        ("県内", "12", "12"),
        ("足立区", "12", "13121"),
    ],
)
def test_the_prefecture_chooses_among_several_only(text: str, hint: str, area: str) -> None:
    mention = locate_place(text, prefecture_hint=hint)
    assert mention.areas == (area,)
    assert mention.candidates == ()


def test_one_unclear_place_in_a_list_leaves_the_rest_and_its_candidates() -> None:
    mention = locate_place("松戸市、府中市")
    assert mention.areas == ("12207",)
    assert mention.certainty == "doubtful"
    assert mention.candidates == ("13206", "34208")


def test_every_municipality_with_its_prefecture_is_itself() -> None:
    for one in municipalities():
        for text in (one.full_name, one.prefecture + one.name):
            mention = locate_place(text)
            assert (mention.areas, mention.certainty) == ((one.code,), "certain"), text


def _widen(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


@settings(deadline=None)
@given(
    one=places,
    joint=st.sampled_from("ケヶが"),
    gaps=st.sets(st.integers(0, 12)),
    mark=st.sampled_from(["", "?", "？", "(予定)", "（予定）"]),
)
def test_spelling_does_not_change_the_place(
    one: Municipality, joint: str, gaps: set[int], mark: str
) -> None:
    written = "".join(
        (" " if place in gaps else "") + (joint if sign in "ケヶ" else sign)
        for place, sign in enumerate(one.full_name)
    )
    assert locate_place(_widen(written) + mark).areas == (one.code,)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_answered_with_known_areas_and_kept_as_written(text: str) -> None:
    mention = locate_place(text)
    known = {one.code for one in municipalities()} | {one.code for one in prefectures()}
    known |= {area.area_id for area in care_areas()}
    assert known.issuperset((*mention.areas, *mention.candidates))
    assert mention.as_written == text
    assert (mention.certainty == "unknown") == (mention.areas == ())


# --- distance and spelling ---------------------------------------------------------------------


def test_distance_of_known_points() -> None:
    tokyo, osaka = (35.681236, 139.767125), (34.702485, 135.495951)  # the two main stations
    assert distance_m(tokyo, osaka) == pytest.approx(403_000, rel=0.005)
    assert distance_m((0.0, 0.0), (0.0, 1.0)) == pytest.approx(111_195, rel=0.0001)
    assert distance_m((0.0, 0.0), (0.0, 180.0)) == pytest.approx(20_015_114, rel=0.0001)


@settings(deadline=None)
@given(points, points, points)
def test_distance_is_a_metric(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]
) -> None:
    assert distance_m(a, a) == 0
    assert distance_m(a, b) == pytest.approx(distance_m(b, a))
    assert distance_m(a, c) <= distance_m(a, b) + distance_m(b, c) + 1e-3


@settings(deadline=None)
@given(st.lists(points, min_size=1))
def test_the_middle_is_one_of_the_points(places: list[tuple[float, float]]) -> None:
    assert find_middle(places) in places


def test_a_wrong_point_does_not_move_the_middle() -> None:
    assert find_middle([(35.0, 139.0), (35.1, 139.1), (35.2, 139.2), (0.0, 0.0)])[0] > 34


@settings(deadline=None)
@given(st.text(max_size=40), st.integers(-3, 50))
def test_the_tail_ends_the_text_and_holds_so_many_signs(text: str, count: int) -> None:
    tail = take_tail(text, count)
    signs = "".join(text.split())
    assert text.endswith(tail)
    assert "".join(tail.split()) == (signs[-count:] if count > 0 else "")


@settings(deadline=None)
@given(st.text(max_size=40))
def test_folding_keeps_one_sign_for_each_and_is_stable(text: str) -> None:
    key = fold(normalize(text))
    assert len(key) == len("".join(normalize(text).split()))
    assert fold(key) == key


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一", 1),
        ("十", 10),
        ("十四", 14),
        ("一四", 14),
        ("二十五", 25),
        ("一〇", 10),
        ("百二十", 120),
    ],
)
def test_kanji_numbers(text: str, value: int) -> None:
    assert read_kanji_number(text) == value
    assert write_digits(f"北{text}条") == f"北{value}条"


def test_a_long_vowel_mark_is_a_dash_only_between_numbers() -> None:
    assert fold("1ー2") == "1-2"
    assert fold("センター") == "センター"
    assert fold("センター1") == "センター1"


# --- the cache ---------------------------------------------------------------------------------


def test_the_cache_is_used_made_again_when_damaged_and_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = read_place_tables()
    builds: list[Path] = []

    def build(towns: Path, postal: Path) -> PlaceTables:
        builds.append(towns)
        return whole

    def read_again() -> tuple[PlaceTables, int]:
        builds.clear()
        return read_place_tables.__wrapped__(), len(builds)

    monkeypatch.setattr(place_sources, "_build_tables", build)
    folder = tmp_path / "not there yet"
    monkeypatch.setenv("TSUNAGI_CACHE_DIR", str(folder))
    assert read_again() == (whole, 1)
    assert read_again() == (whole, 0)
    kept = folder / "places.json"
    good = kept.read_text(encoding="utf-8")

    outdated = json.loads(good)
    outdated["stamp"][1] += 1  # as after an update of the data
    for damage in (json.dumps(outdated), good[:1000], "[]", '{"stamp": 1}', ""):
        kept.write_text(damage, encoding="utf-8")
        assert read_again() == (whole, 1)
        assert read_again() == (whole, 0)
    assert list(folder.iterdir()) == [kept]

    monkeypatch.setenv("TSUNAGI_CACHE_DIR", str(kept))  # a file: no folder can be made there
    assert read_again() == (whole, 1)


def test_missing_data_is_told_by_a_code_with_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place_sources, "find_spec", lambda name: None)
    with pytest.raises(PlaceDataError) as caught:
        read_place_tables.__wrapped__()
    assert caught.value.code == "places.data_missing"
    for text in read_catalogue()[caught.value.code].values():
        assert "jp-prefecture" in text.format(**caught.value.values)


def test_damaged_data_is_told_by_a_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged = tmp_path / "postaldata.db"
    damaged.write_bytes(b"not a database" * 100)
    (tmp_path / "towns.csv").write_text("no lines", encoding="utf-8")
    monkeypatch.setenv("TSUNAGI_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(
        place_sources, "_find_file", lambda package, name: tmp_path / Path(name).name
    )
    with pytest.raises(PlaceDataError) as caught:
        read_place_tables.__wrapped__()
    assert caught.value.code == "places.data_unreadable"
    assert caught.value.code in read_catalogue()
