"""Rows to records, without a database: sheets in any order, identity, and whose facts they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from graph.records import NodeRecord, RelationshipRecord, encode
from loaders.directory import Directory, KnownOrganization
from loaders.problems import BadValue
from loaders.reading.sheets import parse_tables
from loaders.workbook import Reading, read_records
from tests.builders import workbook

MATSUDO = KnownOrganization("org-known", "松戸相談室", municipality="12207")


def read(
    known: Sequence[KnownOrganization] = (),
    facility: str | None = None,
    **sheets: Sequence[Sequence[object]],
) -> Reading:
    return read_records(parse_tables("表.xlsx", workbook(**sheets)), Directory(known), facility)


def nodes(reading: Reading, label: str) -> list[NodeRecord]:
    found = [r for r in reading.records if isinstance(r, NodeRecord)]
    return [record for record in found if record.label == label]


def links(reading: Reading, kind: str) -> list[RelationshipRecord]:
    found = [r for r in reading.records if isinstance(r, RelationshipRecord)]
    return [record for record in found if record.type == kind]


def test_a_row_becomes_an_agency_with_its_relationships() -> None:
    reading = read(
        機関=[
            ("事業所名", "TEL", "所在地", "市町村", "対象地域", "支援内容", "分野", "定員"),
            ("あおば", "０４７－３６５－１１１１", "", "松戸市", "松戸市、流山市", "食料支援",
             "福祉関係", "１０人"),
        ]
    )  # fmt: skip
    assert reading.problems == ()
    record = nodes(reading, "Organization")[0]
    assert encode(record).items() >= {
        "name": "あおば", "phone": "047-365-1111", "municipality": "12207", "field": "welfare",
        "capacity": 10,
    }.items()  # fmt: skip
    assert (record.source.file, record.source.sheet, record.source.row) == ("表.xlsx", "機関", 2)
    assert [link.end for link in links(reading, "SERVES")] == [
        ("Area", "12207"), ("Area", "12220"),
    ]  # fmt: skip
    assert [(link.end[1], link.properties) for link in links(reading, "OFFERS")] == [
        ("food", {"as_written": "食料支援"})
    ]


def test_sheets_may_name_what_a_later_sheet_brings() -> None:
    reading = read(
        関係=[("機関A", "機関B", "強さ"), ("あおば", "わかば", "強")],
        機関=[("名称", "分野"), ("あおば", "福祉"), ("わかば", "医療")],
    )
    assert reading.problems == ()
    tie = links(reading, "TIED_TO")[0]
    ids = {record.properties["name"]: record.key for record in nodes(reading, "Organization")}
    assert (tie.start[1], tie.end[1]) == (ids["あおば"], ids["わかば"])
    assert (tie.properties["strength"], tie.properties["quality"]) == ("strong", "good")


def test_the_same_row_has_the_same_id_wherever_it_stands() -> None:
    rows = [("名称", "市区町村"), ("あおば", "松戸市"), ("わかば", "松戸市")]
    first, second = (read(機関=table) for table in (rows, [rows[0], rows[2], rows[1]]))
    assert {r.key for r in nodes(first, "Organization")} == {
        r.key for r in nodes(second, "Organization")
    }


def test_agencies_of_one_name_in_two_towns_are_two() -> None:
    reading = read(機関=[("名称", "市区町村"), ("あおば", "松戸市"), ("あおば", "柏市")])
    assert reading.problems == ()
    assert len(nodes(reading, "Organization")) == 2


def test_a_name_alone_never_merges() -> None:
    reading = read([MATSUDO], 機関=[("名称", "電話"), ("松戸相談室", "047-365-1111")])
    assert [(p.code, p.row) for p in reading.problems] == [("rows.ambiguous_organization", 2)]
    same = read([MATSUDO], 機関=[("名称", "市区町村"), ("松戸相談室", "松戸市")])
    assert [record.key for record in nodes(same, "Organization")] == ["org-known"]


def test_an_office_number_decides_before_the_name() -> None:
    known = KnownOrganization("org-1", "旧名", municipality="12207", office_number="1234567890")
    table = [("名称", "事業所番号", "市区町村"), ("新名", "1234567890", "柏市")]
    assert [r.key for r in nodes(read([known], 機関=table), "Organization")] == ["org-1"]


def test_a_hidden_address_leaves_the_municipality_only() -> None:
    table = [
        ("名称", "住所", "住所非公開", "緯度", "経度"),
        ("シェルター", "千葉県松戸市新松戸1-1", "はい", 35.8, 139.9),
    ]
    properties = encode(nodes(read(機関=table), "Organization")[0])
    assert properties["municipality"] == "12207"
    assert {properties[name] for name in ("address", "location", "location_accuracy")} == {None}


@pytest.mark.parametrize(
    ("stage", "kinds"),
    [
        ("支援中", ["explained", "support_started"]),
        ("説明済み", ["explained"]),
        ("掲載のみ", []),
        ("辞退", ["declined"]),
        ("", []),
    ],
)
def test_a_stage_becomes_the_events_it_stands_for(stage: str, kinds: list[str]) -> None:
    table = [("機関名", "分野", "段階", "作成日"), ("あおば", "福祉", stage, "2022年3月")]
    reading = read(facility="わが施設", 連携リスト=table)
    assert reading.problems == ()
    events = nodes(reading, "Event")
    assert [event.properties["kind"] for event in events] == kinds
    assert {encode(event)["occurred_on"] for event in events} <= {date(2022, 3, 1)}


def test_dates_of_a_list_date_its_events() -> None:
    table = [
        ("機関名", "分野", "段階", "説明日", "支援開始日", "作成日"),
        ("あおば", "福祉", "支援中", "R4.4.1", "2022/5", "2022年3月"),
    ]
    events = nodes(read(facility="わが施設", 連携リスト=table), "Event")
    told = {e.properties["kind"]: encode(e)["occurred_on_text"] for e in events}
    assert told == {"explained": "R4.4.1", "support_started": "2022/5"}


def test_unknown_agencies_and_ties_to_oneself_are_told() -> None:
    reading = read(
        [MATSUDO],
        関係=[
            ("機関A", "機関B", "開始日", "終了日"),
            ("松戸相談室", "どこか", "", ""),
            ("松戸相談室", "松戸相談室", "2022-05-01", "2022-04-01"),
        ],
    )
    assert [(p.row, p.column, p.code) for p in reading.problems] == [
        (2, "機関B", "rows.unknown_organization"),
        (3, "機関B", "rows.tie_to_itself"),
        (3, "終了日", "rows.dates_reversed"),
    ]


def test_a_referral_without_a_pseudonym_is_called_by_year_and_number() -> None:
    table = [("年度", "番号", "紹介元", "通知日"), ("令和2年度", 7, "松戸相談室", "1月9日")]
    reading = read([MATSUDO], 紹介=table)
    assert reading.problems == ()
    assert [client.key for client in nodes(reading, "Client")] == ["2020-07"]
    assert encode(nodes(reading, "Referral")[0])["notified_on"] == date(2021, 1, 9)


def test_a_referral_of_nobody_is_told() -> None:
    reading = read([MATSUDO], 紹介=[("紹介元", "通知日"), ("松戸相談室", "2020-06-02")])
    assert [problem.code for problem in reading.problems] == ["rows.client_unknown"]


def test_an_event_concerns_each_agency_named_once() -> None:
    known = [MATSUDO, KnownOrganization("org-2", "松戸病院", municipality="12207")]
    table = [("日付", "種類", "機関"), ("2022-06-13", "会議", "松戸相談室、松戸病院、松戸相談室")]
    reading = read(known, facility="松戸相談室", できごと=table)
    assert reading.problems == ()
    assert sorted(link.end[1] for link in links(reading, "CONCERNS")) == ["org-2", "org-known"]
    assert [link.end[1] for link in links(reading, "RECORDED_BY")] == ["org-known"]


def test_a_person_is_one_of_their_name_at_their_agency() -> None:
    reading = read(
        [MATSUDO],
        担当者=[("氏名", "所属", "着任日"), ("担当者A", "松戸相談室", "2022年4月")],
        できごと=[
            ("日付", "種類", "機関", "担当者"),
            ("2022-04-01", "面談", "松戸相談室", "担当者A"),
        ],
    )
    assert reading.problems == ()
    assert len(nodes(reading, "Person")) == 1
    assert len(links(reading, "WORKS_FOR")) == 1


def test_unknown_sheets_and_headers_are_told_as_notices() -> None:
    reading = read(
        機関=[("名称", "分野", "好きな色"), ("あおば", "福祉", "青")],
        天気=[("晴れ", "雨"), ("1", "2")],
    )
    assert reading.problems == ()
    assert {(n.code, n.sheet) for n in reading.notices} == {
        ("loaders.header.unknown", "機関"), ("rows.sheet_unknown", "天気"),
    }  # fmt: skip
    assert reading.rows == 1


def test_a_facility_that_may_be_two_is_asked_about() -> None:
    twins = [KnownOrganization(f"org-{n}", "あおば", municipality=m) for n, m in enumerate("ab")]
    with pytest.raises(BadValue) as refused:
        read(twins, facility="あおば", できごと=[("日付", "種類"), ("2022-04-01", "研修")])
    assert refused.value.code == "rows.ambiguous_organization"


@pytest.mark.parametrize("level", [0, 6, 2.5, None, "とても"])
def test_a_level_outside_one_to_five_is_refused_with_its_place(level: object) -> None:
    reading = read(
        [MATSUDO],
        できごと=[
            ["日付", "種類", "機関", "値"],
            ["2022-05-01", "不安度", "松戸相談室", 3],
            ["2022-05-01", "納得度", "松戸相談室", level],
            ["2022-05-01", "会議の開催", None, 40],
        ],
    )
    assert [(p.sheet, p.row, p.column) for p in reading.problems] == [("できごと", 3, "値")]


def test_words_of_a_file_that_may_name_somebody_are_told_by_their_row_only() -> None:
    reading = read(
        機関=[("名称", "分野"), ("あおば", "福祉")],
        できごと=[
            ("日付", "種類", "機関", "内容"),
            ("2022-10-04", "訪問", "あおば", "説明をした"),
            ("2022-10-05", "電話", "あおば", "山田さんは窃盗で"),
        ],
    )
    assert reading.problems == ()
    (notice,) = reading.notices
    assert (notice.code, notice.sheet, notice.row) == ("rows.personal_words", "できごと", 3)
    assert "山田" not in f"{notice}"


def test_a_name_for_a_client_is_refused_with_its_row_and_not_repeated() -> None:
    reading = read(
        紹介=[
            ("紹介元", "紹介先", "仮名ID", "通知日"),
            ("あおば", "わかば", "A-1", "2022-10-04"),
            ("あおば", "わかば", "山田太郎", "2022-10-05"),
            ("あおば", "わかば", "S60.3.2", "2022-10-06"),
        ],
        機関=[("名称", "分野"), ("あおば", "福祉"), ("わかば", "医療")],
    )
    found = [(one.code, one.row) for one in reading.problems]
    assert found == [("rows.not_a_pseudonym", 3), ("rows.not_a_pseudonym", 4)]
    assert "山田" not in f"{reading.problems}"
    assert "S60" not in f"{reading.problems}"


def test_a_text_of_several_lines_keeps_them() -> None:
    reading = read(
        機関=[("名称", "分野", "備考"), ("あおば", "福祉", " 窓口は二階 \r\n\r\n　電話は午前\n")],
        できごと=[("日付", "種類", "機関", "内容"), ("2022-10-04", "訪問", "あおば", "一\n二")],
    )
    assert reading.problems == ()
    assert nodes(reading, "Organization")[0].properties["note"] == "窓口は二階\n\n電話は午前"
    assert nodes(reading, "Event")[0].properties["text"] == "一\n二"


def test_what_an_agency_calls_its_support_stands_in_brackets_behind_the_kind() -> None:
    offered = "住まい、就労（B型、移行）、相談支援"
    reading = read(機関=[("名称", "支援内容"), ("あおば", offered)])
    assert [(p.code, p.row) for p in reading.problems] == [("rows.not_in_vocabulary", 2)]
    assert [(link.end[1], link.properties["as_written"]) for link in links(reading, "OFFERS")] == [
        ("housing", "住まい"),
        ("work", "B型、移行"),
    ]


def test_an_agency_whose_own_name_lists_things_is_one() -> None:
    reading = read(
        機関=[("名称", "分野"), ("相談、支援の会", "福祉"), ("あおば", "福祉")],
        できごと=[
            ("日付", "種類", "機関"),
            ("2022-10-04", "会議", "相談、支援の会"),
            ("2022-10-05", "会議", "あおば"),
        ],
    )
    assert reading.problems == ()
    assert len(links(reading, "CONCERNS")) == 2


def test_a_point_says_how_exact_it_is_or_that_there_is_none() -> None:
    header = ("名称", "市区町村", "緯度", "経度", "位置の精度")
    reading = read(
        機関=[
            header,
            ("甲", "松戸市", 35.8, 139.9, "町丁目"),
            ("乙", "松戸市", 35.8, 139.9, ""),
            ("丙", "松戸市", "", "", "不明"),
            ("丁", "松戸市", "", "", ""),
        ]
    )
    assert reading.problems == ()
    found = [one.properties.get("location_accuracy") for one in nodes(reading, "Organization")]
    assert found == ["town", "exact", None, "municipality"]


def test_only_a_list_with_an_id_may_name_no_agency() -> None:
    header = ("リストID", "リスト名", "作成日", "リストを持つ機関", "機関名")
    rows = [("L1", "春", "2022-03", "わかば", ""), ("", "夏", "2022-06", "わかば", "")]
    reading = read(連携リスト=[header, *rows])
    assert [(p.code, p.row) for p in reading.problems] == [("rows.required", 3)]
    assert [one.key for one in nodes(reading, "PartnerList")] == ["L1"]
