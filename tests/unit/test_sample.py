"""The sample workbooks: read without a problem, and true to the two source documents."""

from __future__ import annotations

import os
import re
import runpy
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from graph.dates import PartialDate
from graph.records import NodeRecord, Record, RelationshipRecord
from graph.vocabulary import FIELDS
from loaders.directory import Directory
from loaders.reading.sheets import Table, parse_tables
from loaders.workbook import Reading, read_records

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample"
SEEDS = Path(os.environ.get("TSUNAGI_SHARED") or ROOT.parent / "shared") / "seeds"
SAITAMA = "埼玉_更生保護施設.xlsx"
CHIBA = "千葉_中核地域生活支援センター.xlsx"
PREFECTURE = "千葉県健康福祉部健康福祉指導課"
HOTNET = "中核地域生活支援センターほっとねっと"
ECOMAP_DAY = date(2022, 10, 4)

# 番号, 通知日, 案件通報者, 前住地, 帰住希望, 帰住地, 出所日, 初回面談, 支援経過 → the chain behind
# the prefecture and the last status.
CASES_2020 = """
1,6月2日,横浜刑務所,松戸市,松戸市,松戸市,R2.12.●,6月11日,松戸センター 支援中,ほっとねっと,accepted
2,6月11日,府中刑務所,千葉市,千葉市,千葉市,R2.7.●,6月11日,本人辞退→個別SOS,,declined_by_client
3,7月17日,黒羽刑務所,柏市,柏市,柏市,R2.12.● (仮釈放),11月9日,柏センター 支援中,柏センター,accepted
4,7月16日,府中刑務所,千葉市,八千代市,千葉市,R2.8.●,7月21日,千葉市基幹相談 支援中,千葉市基幹相談,accepted
5,8月7日,川越少年刑務所,成田市,成田市,成田市,R2.9.●,8月28日,印旛センター 支援→失踪→逮捕拘留中,印旛センター,lost
6,8月18日,横浜刑務所,香取市,香取市,香取市,R2.10.●,9月14日,香取センター 支援中,香取センター,accepted
7,9月26日,川越少年刑務所,野田市,流山市ほか,野田市,R2.11.●,10月20日,松戸センター 支援中,ほっとねっと,accepted
8,10月9日,前橋刑務所,市川市,市川市,千葉市？,R2.12.●,10月29日,自立準備ホーム面談→本人辞退,自立準備ホーム（例）,declined_by_client
9,10月15日,府中刑務所,足立区,千葉県内,不明,R2.11.●,10月29日,不成立(本人辞退),,declined_by_client
10,11月12日,前橋刑務所,千葉市,千葉市,千葉市(予定),R3.1.●,12月7日,千葉市関係機関 調整中,千葉市関係機関,pending
"""  # noqa: E501


def read_tables(path: Path) -> tuple[Table, ...]:
    return tuple(parse_tables(path.name, path.read_bytes()))


@cache
def tables(file: str) -> tuple[Table, ...]:
    return read_tables(SAMPLE / file)


@cache
def reading(file: str) -> Reading:
    return read_records(tables(file), Directory())


def nodes(file: str, label: str) -> dict[str, Mapping[str, Any]]:
    return {
        record.key: record.properties
        for record in reading(file).records
        if isinstance(record, NodeRecord) and record.label == label
    }


def links(file: str, kind: str) -> list[RelationshipRecord]:
    return [
        record
        for record in reading(file).records
        if isinstance(record, RelationshipRecord) and record.type == kind
    ]


def organization_names(file: str) -> dict[str, str]:
    return {key: found["name"] for key, found in nodes(file, "Organization").items()}


def events(file: str, kind: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Return (event id, properties) of a kind."""
    return [item for item in nodes(file, "Event").items() if item[1]["kind"] == kind]


def concerned(file: str, event_id: str) -> set[str]:
    known = organization_names(file)
    return {
        known[link.end[1]]
        for link in links(file, "CONCERNS")
        if link.start[1] == event_id and link.end[1] in known
    }


def ties_on(day: date, file: str, agency: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the ties of an agency that hold on a day, by the other's name; one for each."""
    known = organization_names(file)
    found: dict[str, Mapping[str, Any]] = {}
    for tie in links(file, "TIED_TO"):
        pair = [known[tie.start[1]], known[tie.end[1]]]
        properties: Mapping[str, Any] = tie.properties
        since, until = properties["since"], properties["until"]
        holds = (since is None or since.first <= day) and (until is None or until.first > day)
        if agency in pair and holds:
            pair.remove(agency)
            assert pair[0] not in found, f"two ties with {pair[0]}"
            found[pair[0]] = properties
    return found


@pytest.fixture(params=[SAITAMA, CHIBA])
def file(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_workbook_reads_without_a_problem_or_notice(file: str) -> None:
    assert reading(file).problems == ()
    assert reading(file).notices == ()


@pytest.mark.parametrize("order", [(SAITAMA, CHIBA), (CHIBA, SAITAMA)])
def test_both_workbooks_share_a_graph_in_either_order(order: tuple[str, str]) -> None:
    directory = Directory()
    for file in order:
        assert read_records(tables(file), directory).problems == ()


def test_the_two_workbooks_have_no_agency_in_common() -> None:
    assert not set(organization_names(SAITAMA)) & set(organization_names(CHIBA))


def test_the_script_makes_the_workbooks_that_are_kept(file: str, tmp_path: Path) -> None:
    make: Callable[[Path], object] = runpy.run_path(str(SAMPLE / "make_workbooks.py"))[
        "make_workbooks"
    ]
    make(tmp_path)
    assert read_tables(tmp_path / file) == tables(file)
    first = (tmp_path / file).read_bytes()
    make(tmp_path)
    assert (tmp_path / file).read_bytes() == first


def test_a_title_may_stand_above_the_header() -> None:
    header_rows = {table.sheet: table.header_row for table in tables(CHIBA)}
    assert header_rows["紹介"] == 2


# --- nothing invented ----------------------------------------------------------------------------


def test_nobody_is_named_and_nobody_can_be_called(file: str) -> None:
    for person in nodes(file, "Person").values():
        assert re.fullmatch("担当者[A-Z]", person["name"])
        assert not person.get("phone")
        assert not person.get("email")
    for agency in nodes(file, "Organization").values():
        assert not any(agency.get(name) for name in ("phone", "fax", "email", "url"))


def test_only_the_address_in_the_documents_is_given() -> None:
    found = {
        (agency["name"], agency["address"])
        for file in (SAITAMA, CHIBA)
        for agency in nodes(file, "Organization").values()
        if agency.get("address")
    }
    assert found == {(HOTNET, "千葉県松戸市新松戸")}


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the source documents are not here")
def test_an_agency_stands_in_a_document_or_is_marked_as_an_example(file: str) -> None:
    def level(text: str) -> str:
        return "".join(unicodedata.normalize("NFKC", text).split())

    documents = level("".join(path.read_text("utf-8") for path in sorted(SEEDS.glob("*.txt"))))
    # Names put together from words that stand apart, and the one that says nothing is known.
    composed = {
        "大宮サポートセンター": "大宮と越谷のサポートセンター",
        "越谷サポートセンター": "大宮と越谷のサポートセンター",
        "千葉県のケース会議": "県によるケース会議",
        "千葉県雇用労働課": "雇用労働課",
        "千葉県住宅課": "住宅課",
        "千葉県の関係課(拡大協議会)": "県機関(知事部局関係課",
        "千葉県教育庁": "教育庁",
        "経路の記載なし": "相談の経路",
    }
    unmarked = [
        level(name) for name in organization_names(file).values() if not name.endswith("（例）")
    ]
    missing = [name for name in unmarked if composed.get(name, name) not in documents]
    assert missing == []


# --- Saitama -------------------------------------------------------------------------------------


def test_the_list_of_march_2022_names_17_agencies_with_expected_support() -> None:
    [made] = nodes(SAITAMA, "PartnerList").values()
    assert made["made_on"] == PartialDate(date(2022, 3, 1), "month", "2022年3月")
    listed = links(SAITAMA, "LISTS")
    assert len(listed) == 17
    assert all(link.properties["expected_support"] for link in listed)


def test_eight_are_told_and_the_same_eight_support_since_october_2021() -> None:
    known = organization_names(SAITAMA)
    listed = {known[link.end[1]] for link in links(SAITAMA, "LISTS")}
    steps = {}
    for kind in ("explained", "support_started"):
        found = events(SAITAMA, kind)
        assert {event["occurred_on"].as_written for _, event in found} == {"2021年10月"}
        steps[kind] = {name for key, _ in found for name in concerned(SAITAMA, key)}
        assert len(found) == len(steps[kind]) == 8
    assert steps["explained"] == steps["support_started"] <= listed
    assert "障害者相談支援事業所「ささぼし」" in steps["explained"]


def test_the_bbs_federation_ends_in_may_2022_and_is_none_of_the_eight() -> None:
    [(key, event)] = events(SAITAMA, "declined")
    assert concerned(SAITAMA, key) == {"埼玉県BBS連盟"}
    assert event["occurred_on"].as_written == "2022年5月"
    started = [
        name for key, _ in events(SAITAMA, "support_started") for name in concerned(SAITAMA, key)
    ]
    assert "埼玉県BBS連盟" not in started


def test_at_least_one_field_stays_empty_and_most_are_filled() -> None:
    agencies = nodes(SAITAMA, "Organization")
    used = {agencies[link.end[1]]["field"] for link in links(SAITAMA, "LISTS")}
    assert set(FIELDS.codes) - used == {"education", "kin"}


def test_the_ecomap_of_october_2022_shows_every_kind_of_line_once_for_each_of_the_17() -> None:
    known = organization_names(SAITAMA)
    ties = ties_on(ECOMAP_DAY, SAITAMA, "更生保護法人 清心寮")
    assert set(ties) == {known[link.end[1]] for link in links(SAITAMA, "LISTS")}
    assert {tie["strength"] for tie in ties.values()} == {"strong", "normal", "weak"}
    assert {tie["quality"] for tie in ties.values()} == {"good", "stressful", "broken"}
    assert ties["埼玉県BBS連盟"]["quality"] == "broken"


def test_ties_change_over_time_and_agencies_are_tied_among_themselves() -> None:
    facility = "更生保護法人 清心寮"
    before = ties_on(date(2022, 3, 31), SAITAMA, facility)
    after = ties_on(ECOMAP_DAY, SAITAMA, facility)
    assert before["埼玉県BBS連盟"]["quality"] == "good"
    assert before["障害者相談支援事業所「ささぼし」"]["quality"] == "stressful"
    assert after["障害者相談支援事業所「ささぼし」"]["quality"] == "good"
    known = organization_names(SAITAMA)
    ends = [{known[tie.start[1]], known[tie.end[1]]} for tie in links(SAITAMA, "TIED_TO")]
    assert sum(facility not in pair for pair in ends) >= 8


@pytest.mark.parametrize(
    ("kind", "days", "values"),
    [
        ("volunteering", ["2021-07-01"], [1]),
        ("meeting", ["2022-06-13"], [None]),
        ("training", ["2022-04-27"], [None]),
        ("ecomap_drawn", ["2022-10-04"], [None]),
        ("project_started", ["2021-10-01", "2022-10-01"], [None, None]),
        ("contact_changed", ["2022-04-01"], [None]),
        ("equipment", ["2022-01-01", "2022-01-01"], [None, None]),
        ("employment_followup", ["2022-09-30"], [20]),
        ("recovery_outreach", ["2021-03-01", "2022-03-01", "2022-09-30"], [8, 8, 8]),
    ],
)
def test_the_dated_events_of_the_report(
    kind: str, days: list[str], values: list[int | None]
) -> None:
    found = sorted(
        (e["occurred_on"].first.isoformat(), e["value"]) for _, e in events(SAITAMA, kind)
    )
    assert found == list(zip(days, values, strict=True))


def test_a_recovery_meeting_had_three_at_most() -> None:
    assert max(event["value"] for _, event in events(SAITAMA, "recovery_meeting")) == 3


def test_nothing_is_dated_after_the_report() -> None:
    last = max(event["occurred_on"].first for event in nodes(SAITAMA, "Event").values())
    assert last == date(2022, 10, 14)


# --- Chiba ---------------------------------------------------------------------------------------


def referrals(year: int) -> Mapping[str, Mapping[str, Any]]:
    """Return the referrals of a fiscal year with the names of their ends, by id."""
    known = organization_names(CHIBA)
    found: dict[str, dict[str, Any]] = {
        key: dict(properties)
        for key, properties in nodes(CHIBA, "Referral").items()
        if properties["fiscal_year"] == year
    }
    for kind, name in (("SENT", "sender"), ("RECEIVED_BY", "receiver"), ("FOLLOWS", "follows")):
        for link in links(CHIBA, kind):
            here, there = (link.end, link.start) if kind == "SENT" else (link.start, link.end)
            if here[1] in found:
                found[here[1]][name] = known.get(there[1], there[1])
    return found


def written(found: Mapping[str, Any]) -> list[str]:
    """Return what a referral keeps of its line in the table, in the table's order."""
    return [
        str(found["number"]),
        found["notified_on"].as_written,
        found["former_area_text"],
        found["desired_area_text"],
        found["destination_text"],
        found["released_on"].as_written,
        found["first_interview_on"].as_written,
        found["course"],
    ]


@pytest.mark.parametrize("line", CASES_2020.strip().splitlines())
def test_a_case_of_2020_is_as_written_on_every_step(line: str) -> None:
    *table, receiver, status = line.split(",")
    number, sender = int(table[0]), table.pop(2)
    rows = {k: r for k, r in referrals(2020).items() if r["number"] == number}
    assert [written(row) for row in rows.values()] == [table] * len(rows)
    first = rows.pop(f"2020-{number:02d}a")
    assert (first["sender"], first["receiver"]) == (sender, PREFECTURE)
    if not receiver:
        assert (rows, first["status"]) == ({}, status)
        return
    assert first["status"] == "referred_on"
    [(key, last)] = rows.items()
    assert key == f"2020-{number:02d}b"
    assert last["follows"] == f"2020-{number:02d}a"
    assert (last["sender"], last["status"]) == (PREFECTURE, status)
    assert last["receiver"] == (HOTNET if receiver == "ほっとねっと" else receiver)


def test_a_case_of_2020_that_stopped_says_why() -> None:
    stopped = [r for r in referrals(2020).values() if r["status"] in {"declined_by_client", "lost"}]
    assert len(stopped) == 4
    assert all(found["reason"] for found in stopped)


def test_a_masked_day_is_a_month_and_a_doubtful_place_stays_doubtful() -> None:
    assert referrals(2020)["2020-10a"]["released_on"].first == date(2021, 1, 1)
    assert referrals(2020)["2020-10a"]["released_on"].precision == "month"
    certainty = {
        (link.start[1], link.type): (link.properties["certainty"], link.end[1])
        for link in reading(CHIBA).records
        if isinstance(link, RelationshipRecord) and link.type in {"DESIRES", "SETTLES_IN"}
    }
    assert certainty["2020-08b", "SETTLES_IN"] == ("doubtful", "12100")
    assert certainty["2020-07b", "DESIRES"] == ("one_of_several", "12220")
    assert certainty["2020-10b", "SETTLES_IN"] == ("planned", "12100")
    assert certainty["2020-09a", "DESIRES"] == ("within", "12")
    assert ("2020-09a", "SETTLES_IN") not in certainty


def test_the_eleven_cases_of_2019_by_referrer() -> None:
    found = referrals(2019).values()
    assert Counter(row["sender"] for row in found) == {
        "千葉保護観察所": 4,
        "千葉刑務所": 6,
        "市原刑務所": 1,
    }
    assert {row["status"] for row in found} == {"not_updated"}


def test_in_2022_three_come_by_the_scheme_and_seven_by_other_routes() -> None:
    found = referrals(2022).values()
    senders = Counter(row["sender"] for row in found)
    assert senders.pop(PREFECTURE) == 3
    assert senders.total() == 7
    assert "母親" in senders
    assert {(row["receiver"], row["status"]) for row in found} == {(HOTNET, "accepted")}


def test_the_chiba_list_has_all_ten_fields() -> None:
    agencies = nodes(CHIBA, "Organization")
    used = {agencies[link.end[1]]["field"] for link in links(CHIBA, "LISTS")}
    assert used == set(FIELDS.codes)
    assert len(links(CHIBA, "LISTS")) <= 30


def members(body: str) -> set[str]:
    known = organization_names(CHIBA)
    return {
        known[tie.start[1]]
        for tie in links(CHIBA, "TIED_TO")
        if known[tie.end[1]] == body and tie.properties["kind"] == "membership"
    }


def test_council_case_conference_and_networks_have_their_members() -> None:
    council = members("千葉県再犯防止に向けた更生支援推進協議会")
    assert len(council) == 24
    assert {"八街少年院", "千葉県警察本部", "千葉労働局"} <= council
    assert len(members("千葉県のケース会議")) == 8
    for network in ("ひまわりネットワーク", "ひきこもり応援ネット", "自殺対策協議会"):
        assert HOTNET in members(network)


def test_the_centre_serves_its_three_cities() -> None:
    known = organization_names(CHIBA)
    served = {link.end[1] for link in links(CHIBA, "SERVES") if known[link.start[1]] == HOTNET}
    assert served == {"12207", "12220", "12222"}


def test_every_record_knows_its_row(file: str) -> None:
    records: tuple[Record, ...] = reading(file).records
    assert all(record.source.file == file and record.source.row for record in records)
