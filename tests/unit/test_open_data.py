"""Rows of open data: what each source means, and the traps seen in real files."""

from __future__ import annotations

import codecs
import os
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest

from graph.records import Point
from loaders.open_data import hsds, tables
from loaders.open_data.editions import (
    Standing,
    find_edition,
    is_cut_off,
    is_older,
    shrinks,
    spell_edition,
)
from loaders.open_data.files import recognise_file
from loaders.open_data.offices import SHOWN_OF_A_KIND, NoticeBook, Office, find_service
from loaders.problems import BadFile, Problem
from loaders.reading.limits import ReadLimits
from loaders.reading.sheets import parse_tables
from tests.open_data_files import (
    PHARMACY,
    care,
    hsds_nested_json,
    hsds_tables_json,
    hsds_zip,
    medical,
    office,
    offices,
    wamnet,
)
from texts import LANGUAGES, say

REAL = (
    Path(os.environ.get("TSUNAGI_SHARED", Path(__file__).resolve().parents[3] / "shared"))
    / "data"
    / "wamnet_202503_saitama"
)


def read(data: bytes, file: str = "公開.csv") -> tuple[list[Office], tuple[Problem, ...]]:
    known = recognise_file(file, lambda: BytesIO(data))
    assert known is not None
    notices = NoticeBook(file)
    return list(known.read(notices)), notices.list_notices()


def codes(notices: Sequence[Problem]) -> list[str]:
    return [notice.code for notice in notices]


def test_a_row_of_wam_net_is_an_office_with_its_service() -> None:
    (one,), notices = read(wamnet([office(hours="09:00-18:00")]))
    assert notices == ()
    assert (one.source, one.number, one.row) == ("wamnet", "1210000001", 2)
    assert (one.field, one.supports, one.serves) == ("welfare", ("work",), ())
    assert one.facts == {
        "name": "まつどの家", "kana": "まつどのいえ", "corporation": "社会福祉法人まつど",
        "office_number": "1210000001", "corporate_number": "1234567890123",
        "phone": "0473651111", "address": "千葉県松戸市根本３８７−５", "municipality": "12207",
        "location": Point(35.7876, 139.9031), "location_accuracy": "exact",
        "hours": "平日 09:00-18:00", "capacity": 20,
    }  # fmt: skip


def test_the_designating_body_is_not_where_the_office_stands() -> None:
    (one,), _ = read(wamnet([office(city="千葉県流山市", street="平和台1-1-1")]))
    assert one.facts["municipality"] == "12220"


def test_full_width_letters_of_a_service_are_the_same_service() -> None:
    found = {find_service(words).supports for words in ("就労継続支援Ａ型", "就労継続支援A型")}
    assert found == {("work",)}
    assert find_service("聞いたことのない支援").supports == ()


@pytest.mark.parametrize(
    ("city", "street", "whole"),
    [
        ("埼玉県さいたま市緑区", "さいたま市緑区大崎37-1", "埼玉県さいたま市緑区大崎37-1"),
        ("埼玉県さいたま市見沼区", "見沼区風渡野359", "埼玉県さいたま市見沼区風渡野359"),
        ("千葉県松戸市", "根本387-5ビル2階", "千葉県松戸市根本387-5ビル2階"),
    ],
)
def test_a_street_that_says_the_city_again_says_it_once(city: str, street: str, whole: str) -> None:
    (one,), _ = read(wamnet([office(city=city, street=street)]))
    assert one.facts["address"] == whole


def test_repeated_number_and_service_are_both_kept_and_told() -> None:
    found, notices = read(wamnet([office(), office(street="根本1-1"), office()]))
    assert [one.order for one in found] == [0, 1, 2]
    assert [(notice.code, notice.row) for notice in notices] == [
        ("open_data.repeated", 3), ("open_data.repeated", 4),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "code", "missing"),
    [
        ({"phone": "048-7779-9060"}, "open_data.bad_phone", "phone"),
        ({"corporate": "030005002371"}, "open_data.bad_number", "corporate_number"),
        ({"capacity": "多数"}, "open_data.bad_capacity", "capacity"),
    ],
)
def test_a_bad_cell_is_left_out_and_told(changes: dict[str, str], code: str, missing: str) -> None:
    (one,), notices = read(wamnet([office(**changes)]))
    assert codes(notices) == [code]
    assert missing not in one.facts


def test_a_character_broken_in_the_source_is_told() -> None:
    (one,), notices = read(wamnet([office(name="さ\ufffdの家")]))
    assert one.facts["name"] == "さ\ufffdの家"
    assert codes(notices) == ["open_data.replaced"]


@pytest.mark.parametrize(
    ("latitude", "longitude", "code"),
    [
        ("139.9031", "35.7876", "open_data.outside_japan"),
        ("35.9", "139.9031", "open_data.far_off"),
        ("0.0", "0.0", None),
        ("", "", None),
    ],
)
def test_a_wrong_coordinate_gives_way_to_the_address(
    latitude: str, longitude: str, code: str | None
) -> None:
    (one,), notices = read(wamnet([office(latitude=latitude, longitude=longitude)]))
    assert codes(notices) == ([code] if code else [])
    assert one.facts["location_accuracy"] == "town"
    place = one.facts["location"]
    assert isinstance(place, Point)
    assert abs(place.latitude - 35.7876) < 0.02


def test_many_notices_of_a_kind_are_counted() -> None:
    _, notices = read(wamnet(offices(SHOWN_OF_A_KIND + 5, corporate="1")))
    assert len(notices) == SHOWN_OF_A_KIND + 1
    said = say(notices[-1].code, "en", **dict(notices[-1].values))
    assert said.startswith("5 more numbers have not the digits")


def test_every_kind_of_notice_has_words_for_how_many_more_there_are() -> None:
    source = "".join(Path(str(module.__file__)).read_text("utf-8") for module in (tables, hsds))
    refusals = set(re.findall(r'BadFile\(\s*"(open_data\.\w+)"', source))
    kinds = set(re.findall(r'"(open_data\.\w+)"', source)) - refusals
    assert "open_data.far_off" in kinds
    for kind in kinds:
        for language in LANGUAGES:
            assert say(f"open_data.more.{kind}", language, count=3).count("3") == 1


def test_care_services_say_their_municipality_in_six_digits() -> None:
    row = {
        "都道府県コード又は市町村コード": "122076", "事業所名": "まつどケア",
        "サービスの種類": "訪問看護", "住所": "千葉県松戸市根本387-5",
        "方書（ビル名等）": "ビル2階", "緯度": "35.7876",
        "経度": "139.9031", "電話番号": "047-365-1111", "事業所番号": "1270000001", "定員": "0",
        "URL": "info@example.org",
    }  # fmt: skip
    (one,), notices = read(care([row]))
    assert notices == ()
    assert (one.source, one.field, one.supports) == ("care", "medical", ("medical",))
    assert (one.facts["municipality"], one.facts["address"]) == (
        "12207", "千葉県松戸市根本387-5ビル2階",
    )  # fmt: skip
    assert (one.facts.get("capacity"), one.facts.get("url")) == (None, None)
    assert one.facts["email"] == "info@example.org"


def test_medical_facilities_join_their_codes_and_have_no_coordinate_of_zero() -> None:
    row = {
        "ID": "0121110100001", "正式名称": "松戸クリニック", "機関区分": "2",
        "都道府県コード": "12", "市区町村コード": "207", "所在地": "千葉県松戸市根本387-5",
        "所在地座標（緯度）": "0.0",
        "所在地座標（経度）": "0.0",
    }  # fmt: skip
    (one,), notices = read(medical([row]))
    assert notices == ()
    assert (one.number, one.service, one.field) == ("0121110100001", "診療所", "medical")
    assert (one.facts["municipality"], one.facts["location_accuracy"]) == ("12207", "town")


def test_pharmacies_have_headers_of_their_own() -> None:
    row = {
        "ID": "0525110100001", "名称": "松戸薬局", "都道府県コード": "12", "市区町村コード": "207",
        "所在地": "千葉県松戸市根本387-5",
    }  # fmt: skip
    (one,), _ = read(medical([row], PHARMACY))
    assert (one.service, one.facts["name"], one.supports) == ("薬局", "松戸薬局", ("medical",))


@pytest.mark.parametrize(
    ("file", "data"),
    [("h.zip", hsds_zip()), ("h.json", hsds_tables_json()), ("h.json", hsds_nested_json())],
)
def test_hsds_is_read_as_tables_and_nested(file: str, data: bytes) -> None:
    found, notices = read(data, file)
    first, second = found[:2]
    assert [(one.number, one.service) for one in (first, second)] == [
        ("o-1", "住まい"), ("o-1", "Community Counselling"),
    ]  # fmt: skip
    assert (first.supports, first.serves) == (("housing",), ("12220",))
    assert first.facts["municipality"] == "12207"
    assert first.facts["location_accuracy"] == "town"  # 100° north is nowhere
    assert (first.facts["phone"], first.facts["corporate_number"]) == (
        "047-365-2222", "9876543210123",
    )  # fmt: skip
    assert first.facts["conditions"] == "18歳以上"
    assert {"open_data.outside_japan", "open_data.unknown_area"} <= set(codes(notices))


def test_an_organization_without_services_is_an_office_too() -> None:
    found, _ = read(hsds_zip(), "h.zip")
    assert [one.number for one in found] == ["o-1", "o-1", "o-2"]


def test_a_workbook_or_a_list_of_ones_own_is_no_open_data() -> None:
    for data in (b"a,b\n1,2\n", "名称,住所\n家,松戸市\n".encode(), b"PK\x03\x04 no archive"):
        try:
            assert recognise_file("x.csv", partial(BytesIO, data)) is None
        except BadFile as error:
            assert error.code == "loaders.file.damaged"


@pytest.mark.parametrize("first", ["[千葉県]", "{名称}", "[1] 機関"])
def test_a_table_whose_first_cell_begins_with_a_bracket_is_read_as_a_table(first: str) -> None:
    data = f"{first}\n名称,電話番号\n家,047-365-1111\n".encode()
    assert recognise_file("名簿.csv", lambda: BytesIO(data)) is None
    (table,) = parse_tables("名簿.csv", data)
    assert table.header == ("名称", "電話番号")


@pytest.mark.parametrize("file", ["h.json", "H.JSON"])
def test_a_file_named_as_json_that_is_none_is_refused_as_json(file: str) -> None:
    with pytest.raises(BadFile) as refused:
        recognise_file(file, lambda: BytesIO(b'{"organizations": [{'))
    assert refused.value.code == "open_data.bad_json"


@pytest.mark.parametrize(("file", "code"), [("h.csv", None), ("h.json", "package_too_large")])
def test_a_large_file_that_begins_as_json_is_read_no_further(file: str, code: str | None) -> None:
    limits = ReadLimits(file_bytes=10)
    try:
        assert recognise_file(file, lambda: BytesIO(b"[" + b"a" * 20), limits) is None
        assert code is None
    except BadFile as error:
        assert error.code == f"open_data.{code}"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp932"])
def test_a_file_saved_anew_in_another_encoding_is_read(encoding: str) -> None:
    row = office(street="根本387-5", name="まつどの家")
    (one,), _ = read(wamnet([row], encoding))
    assert one.facts["name"] == "まつどの家"


@pytest.mark.parametrize(
    ("keep", "code"), [(-40, "open_data.broken_quotes"), (-1, "open_data.cut_off")]
)
def test_a_file_cut_off_in_its_last_row_is_refused(keep: int, code: str) -> None:
    data = wamnet(offices(3))
    data = data[:keep] if keep < -1 else data.rstrip(b"\n").rpartition(b",")[0]
    with pytest.raises(BadFile) as refused:
        read(data)
    assert refused.value.code == code


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp932", "euc_jp", "utf-16"])
def test_a_file_that_ends_inside_a_character_is_told_as_cut_off(encoding: str) -> None:
    text = wamnet(offices(3), "utf-8").decode("utf-8").replace("−", "-")
    data = text[: text.rindex("松") + 1].encode(encoding)[:-1]
    with pytest.raises(BadFile) as refused:
        read(data)
    assert (refused.value.code, refused.value.values) == (
        "open_data.cut_in_character",
        {"row": "4"},
    )
    assert "cut off" in say(refused.value.code, "en", **refused.value.values)


@pytest.mark.parametrize("wrong", [b"\xff\xfe\xfa\n", b"\xff", b"\xe3\n", b"\xe3\x81\n"])
def test_bytes_that_are_no_text_are_refused(wrong: bytes) -> None:
    with pytest.raises(BadFile) as refused:
        read(wamnet(offices(3)) + wrong)
    assert refused.value.code == "open_data.other_encoding"


def test_a_whole_last_row_needs_no_line_end() -> None:
    found, notices = read(wamnet(offices(3)).rstrip(b"\n"))
    assert [one.row for one in found] == [2, 3, 4]
    assert notices == ()


@pytest.mark.parametrize("delimiter", [",", "\t"])
@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_unicode_text_as_excel_saves_it_is_read(mark: bytes, delimiter: str) -> None:
    text = wamnet(offices(3), "utf-8").decode("utf-8").replace('"', "")
    text = text.replace(",", delimiter).replace("\n", "\r\n")
    wide = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
    found, notices = read(mark + text.encode(wide))
    assert [(one.row, one.facts["name"]) for one in found] == [
        (2, "事業所1"), (3, "事業所2"), (4, "事業所3"),
    ]  # fmt: skip
    assert notices == ()


@pytest.mark.parametrize(
    ("file", "edition"),
    [
        ("sfkopendata_202503_11.csv", date(2025, 3, 1)),
        ("2025-09-30 病院.csv", date(2025, 9, 30)),
        ("01-1_hospital_facility_info_20251201.csv", date(2025, 12, 1)),
        ("公開データ 令和7年3月.csv", date(2025, 3, 1)),
        ("R7.12_11.csv", date(2025, 12, 1)),
        ("jigyosho_2025年3月.csv", date(2025, 3, 1)),
        ("csvdownload061.csv", None),
        ("jigyosho_110.csv", None),
    ],
)
def test_the_edition_is_read_from_the_name_of_the_file(file: str, edition: date | None) -> None:
    assert find_edition(file) == edition


@pytest.mark.parametrize(
    ("edition", "words"),
    [(date(2024, 9, 1), "2024-09"), (date(2025, 12, 31), "2025-12-31")],
)
def test_an_edition_is_spelled_as_it_is_read(edition: date, words: str) -> None:
    assert spell_edition(edition) == words
    assert find_edition(words) == edition


def test_an_edition_is_judged_by_the_one_before() -> None:
    before = Standing("wamnet:x", 100, date(2025, 3, 1))
    assert is_older(date(2025, 2, 1), before)
    assert not is_older(date(2025, 3, 1), before)
    assert is_cut_off(date(2025, 9, 1), 49, before)
    assert not is_cut_off(date(2025, 9, 1), 50, before)
    assert not is_cut_off(date(2025, 3, 1), 49, before)
    small = Standing("wamnet:x", 19, date(2025, 3, 1))
    assert not is_cut_off(date(2025, 9, 1), 1, small)
    assert shrinks(date(2025, 9, 1), 9, small)
    assert not shrinks(date(2025, 9, 1), 10, small)
    assert not shrinks(date(2025, 3, 1), 9, small)


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not here")
def test_real_files_are_read_whole() -> None:
    found: list[Office] = []
    told: Counter[str] = Counter()
    for path in sorted(REAL.glob("*.csv")):
        known = recognise_file(path.name, partial(BytesIO, path.read_bytes()))
        assert known is not None
        notices = NoticeBook(path.name)
        found += known.read(notices)
        told += notices.counts
    assert len(found) == 1216
    assert len({one.number for one in found}) == 991
    assert all(one.supports and one.facts.get("municipality") for one in found)
    assert (told["open_data.repeated"], told["open_data.replaced"]) == (5, 2)
