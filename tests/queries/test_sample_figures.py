"""The figures of the two source documents, asked of the loaded sample by the query files."""

from __future__ import annotations

from datetime import date

import pytest

import queries
from graph.store import Row, Store
from graph.vocabulary import FIELDS

ECOMAP_DAY = date(2022, 10, 4)
REPORT_DAY = date(2022, 10, 14)
BEFORE_LIST = date(2022, 2, 28)

REFERRALS_2020 = [
    # number, notified, referrer, former area, desired, destination, release, interview, course
    (1, "6月2日", "横浜刑務所", "松戸市", "松戸市", "松戸市", "R2.12.●", "6月11日",
     "松戸センター 支援中"),
    (2, "6月11日", "府中刑務所", "千葉市", "千葉市", "千葉市", "R2.7.●", "6月11日",
     "本人辞退→個別SOS"),
    (3, "7月17日", "黒羽刑務所", "柏市", "柏市", "柏市", "R2.12.● (仮釈放)", "11月9日",
     "柏センター 支援中"),
    (4, "7月16日", "府中刑務所", "千葉市", "八千代市", "千葉市", "R2.8.●", "7月21日",
     "千葉市基幹相談 支援中"),
    (5, "8月7日", "川越少年刑務所", "成田市", "成田市", "成田市", "R2.9.●", "8月28日",
     "印旛センター 支援→失踪→逮捕拘留中"),
    (6, "8月18日", "横浜刑務所", "香取市", "香取市", "香取市", "R2.10.●", "9月14日",
     "香取センター 支援中"),
    (7, "9月26日", "川越少年刑務所", "野田市", "流山市ほか", "野田市", "R2.11.●", "10月20日",
     "松戸センター 支援中"),
    (8, "10月9日", "前橋刑務所", "市川市", "市川市", "千葉市？", "R2.12.●", "10月29日",
     "自立準備ホーム面談→本人辞退"),
    (9, "10月15日", "府中刑務所", "足立区", "千葉県内", "不明", "R2.11.●", "10月29日",
     "不成立(本人辞退)"),
    (10, "11月12日", "前橋刑務所", "千葉市", "千葉市", "千葉市(予定)", "R3.1.●", "12月7日",
     "千葉市関係機関 調整中"),
]  # fmt: skip


def find_organization(store: Store, name: str) -> str:
    rows = store.list_nodes("Organization", ("organization_id", "name"))
    return next(str(row["organization_id"]) for row in rows if row["name"] == name)


@pytest.fixture
def seishinryo(sample_store: Store) -> str:
    return find_organization(sample_store, "更生保護法人 清心寮")


@pytest.fixture
def hotnet(sample_store: Store) -> str:
    return find_organization(sample_store, "中核地域生活支援センターほっとねっと")


def count_steps(store: Store, as_of: date) -> dict[str, int]:
    return {row["step"]: row["count"] for row in queries.ask(store, "partner_funnel", as_of=as_of)}


@pytest.mark.parametrize("as_of", [ECOMAP_DAY, REPORT_DAY])
def test_17_listed_8_explained_8_supporting(sample_store: Store, as_of: date) -> None:
    steps = count_steps(sample_store, as_of)
    assert (steps["listed"], steps["explained"], steps["supporting"]) == (17, 8, 8)


def test_nobody_is_listed_before_the_list_is_drawn_up(sample_store: Store) -> None:
    assert queries.ask(sample_store, "partner_funnel", as_of=BEFORE_LIST) == []
    assert queries.ask(sample_store, "partner_stages", as_of=BEFORE_LIST) == []
    assert count_steps(sample_store, date(2022, 3, 1))["listed"] == 17


def test_the_oldest_list_names_the_facility(sample_store: Store, seishinryo: str) -> None:
    facilities = queries.ask(sample_store, "ecomap_facilities")
    assert facilities[0]["organization_id"] == seishinryo
    assert facilities[0]["first_list_on"] == date(2022, 3, 1)


def test_the_volunteer_league_ended_in_may_2022(sample_store: Store) -> None:
    def stage_at(day: date) -> str:
        rows = queries.ask(sample_store, "partner_stages", as_of=day)
        return next(row["stage"] for row in rows if row["name"] == "埼玉県BBS連盟")

    assert stage_at(date(2022, 4, 30)) == "listed"
    assert stage_at(ECOMAP_DAY) == "declined"


def test_every_listed_agency_says_what_is_expected_of_it(sample_store: Store) -> None:
    rows = queries.ask(sample_store, "partner_stages", as_of=ECOMAP_DAY)
    assert len(rows) == 17
    assert all(row["expected_support"] for row in rows)


def test_the_ecomap_shows_the_listed_with_a_place_each(sample_store: Store) -> None:
    rows = queries.ask(sample_store, "ecomap_agencies", as_of=ECOMAP_DAY)
    stages = [row["stage"] for row in rows]
    slots = [row["slot"] for row in rows]
    assert len(rows) == 17
    assert stages.count("supporting") == 8
    assert None not in slots
    assert len(set(slots)) == 17


def test_the_ecomap_of_the_centre_has_all_ten_fields(sample_store: Store, hotnet: str) -> None:
    rows = queries.ask(sample_store, "ecomap_agencies", facility_id=hotnet, as_of=date(2022, 7, 23))
    assert {row["field"] for row in rows} >= set(FIELDS.codes)


def test_the_matrix_has_a_row_for_each_of_the_ten_fields(sample_store: Store, hotnet: str) -> None:
    rows = queries.ask(
        sample_store, "coverage_matrix", facility_id=hotnet,
        area_ids=["12207", "12220", "12222"], as_of=date(2022, 7, 23),
    )  # fmt: skip
    assert len(rows) == 30
    assert {row["area_name"] for row in rows} == {"松戸市", "流山市", "我孫子市"}
    assert {row["category"] for row in rows} == set(FIELDS.codes)


@pytest.mark.parametrize(
    ("kind", "since", "until", "count", "values"),
    [
        ("meeting", date(2022, 6, 13), date(2022, 6, 13), 1, [None]),
        ("volunteering", date(2021, 7, 1), date(2021, 7, 1), 1, [1]),
        ("employment_followup", date(2022, 1, 1), date(2022, 9, 30), 1, [20]),
        ("recovery_outreach", date(2020, 4, 1), date(2022, 9, 30), 3, [8, 8, 8]),
        ("ecomap_drawn", ECOMAP_DAY, ECOMAP_DAY, 1, [None]),
        ("training", date(2022, 4, 27), date(2022, 4, 27), 1, [None]),
    ],
)
def test_dated_events_of_the_report(  # noqa: PLR0917
    sample_store: Store,
    seishinryo: str,
    kind: str,
    since: date,
    until: date,
    count: int,
    values: list[float | None],
) -> None:
    rows = sample_store.read(
        "MATCH (e:Event {kind: $kind})-[:RECORDED_BY]->({organization_id: $facility}) "
        "RETURN e.occurred_on AS day, e.value AS value ORDER BY day",
        {"kind": kind, "facility": seishinryo},
    )
    assert len(rows) == count
    assert (rows[0]["day"] >= since, rows[-1]["day"] <= until) == (True, True)
    assert [row["value"] for row in rows] == values


def test_at_most_three_came_to_a_recovery_meeting(sample_store: Store) -> None:
    rows = sample_store.read("MATCH (e:Event {kind: 'recovery_meeting'}) RETURN max(e.value) AS n")
    assert rows == [{"n": 3}]


def test_days_of_the_ecomap_hold_the_meeting_and_the_drawing(sample_store: Store) -> None:
    days = {row["day"]: row["meeting"] for row in queries.ask(sample_store, "ecomap_dates")}
    assert days[date(2022, 6, 13)]
    assert days[ECOMAP_DAY]
    assert not days[date(2022, 3, 1)]


def ask_whole_paths(store: Store, year: int) -> list[Row]:
    """The cases of a year, with what is withheld for want of consent."""
    rows = queries.ask(store, "recorded_paths", fiscal_year=year)
    whole = {row["case_id"]: row for row in rows if not row["withheld"]}
    for case in {row["case_id"] for row in rows} - whole.keys():
        asked = {"override": case, "reason": "a test of the figures"}
        again = queries.ask(store, "recorded_paths", fiscal_year=year, **asked)
        whole |= {row["case_id"]: row for row in again if row["case_id"] == case}
    return [whole[row["case_id"]] for row in rows]


def test_two_of_the_ten_cases_of_2020_show_what_is_withheld(sample_store: Store) -> None:
    rows = queries.ask(sample_store, "recorded_paths", fiscal_year=2020)
    assert {row["number"]: row["withheld"] for row in rows if row["withheld"]} == {3: 1, 10: 1}
    for year in (2019, 2022):
        rows = queries.ask(sample_store, "recorded_paths", fiscal_year=year)
        assert not any(row["withheld"] for row in rows)


def test_the_ten_referrals_of_2020_read_as_written(sample_store: Store) -> None:
    rows = ask_whole_paths(sample_store, 2020)
    told = [
        (row["number"], row["notified_text"], row["referrer"], row["former_area"],
         row["desired_area"], row["destination"], row["released_text"],
         row["first_interview_text"], row["course"])
        for row in rows
    ]  # fmt: skip
    assert told == REFERRALS_2020


def test_the_referrals_of_2020_carry_dates_to_count_with(sample_store: Store) -> None:
    rows = {row["number"]: row for row in ask_whole_paths(sample_store, 2020)}
    assert rows[1]["notified_on"] == date(2020, 6, 2)
    assert rows[10]["first_interview_on"] == date(2020, 12, 7)
    assert [rows[number]["waiting_days"] for number in (1, 2, 3)] == [9, 0, 115]


def test_where_the_referrals_of_2020_ended(sample_store: Store) -> None:
    rows = {row["number"]: row for row in ask_whole_paths(sample_store, 2020)}
    ends = {number: (row["agencies"][-1], row["status"]) for number, row in rows.items()}
    prefecture, hotnet = "千葉県健康福祉部健康福祉指導課", "中核地域生活支援センターほっとねっと"
    assert ends == {
        1: (hotnet, "accepted"),
        2: (prefecture, "declined_by_client"),
        3: ("柏センター", "accepted"),
        4: ("千葉市基幹相談", "accepted"),
        5: ("印旛センター", "lost"),
        6: ("香取センター", "accepted"),
        7: (hotnet, "accepted"),
        8: ("自立準備ホーム（例）", "declined_by_client"),
        9: (prefecture, "declined_by_client"),
        10: ("千葉市関係機関", "pending"),
    }


def test_the_eleven_cases_of_2019_by_referrer(sample_store: Store) -> None:
    rows = queries.ask(sample_store, "recorded_paths", fiscal_year=2019)
    referrers = [row["referrer"] for row in rows]
    assert {name: referrers.count(name) for name in set(referrers)} == {
        "千葉保護観察所": 4,
        "千葉刑務所": 6,
        "市原刑務所": 1,
    }


def test_three_of_the_scheme_and_seven_outside_it_in_2022(sample_store: Store) -> None:
    rows = queries.ask(sample_store, "recorded_paths", fiscal_year=2022)
    referrers = [row["referrer"] for row in rows]
    assert len(rows) == 10
    assert referrers.count("千葉県健康福祉部健康福祉指導課") == 3


@pytest.mark.parametrize(
    ("number", "kind", "places", "certainty"),
    [
        (7, "DESIRES", ["流山市"], "one_of_several"),
        (8, "SETTLES_IN", ["千葉市"], "doubtful"),
        (9, "SETTLES_IN", [], None),
        (9, "DESIRES", ["千葉県"], "within"),
        (10, "SETTLES_IN", ["千葉市"], "planned"),
        (1, "SETTLES_IN", ["松戸市"], "certain"),
    ],
)
def test_doubtful_places_stay_doubtful(
    sample_store: Store, number: int, kind: str, places: list[str], certainty: str | None
) -> None:
    rows = sample_store.read(
        "MATCH (r:Referral {fiscal_year: 2020, number: $number})-[p]->(a:Area) "
        "WHERE type(p) = $kind AND NOT EXISTS { (r)-[:FOLLOWS]->() } "
        "RETURN a.name AS name, p.certainty AS certainty",
        {"number": number, "kind": kind},
    )
    assert [row["name"] for row in rows] == places
    assert {row["certainty"] for row in rows} == ({certainty} if certainty else set())


def test_a_masked_day_of_release_is_known_to_the_month(sample_store: Store) -> None:
    rows = sample_store.read(
        "MATCH (r:Referral {fiscal_year: 2020, number: 1}) WHERE NOT EXISTS { (r)-[:FOLLOWS]->() } "
        "RETURN r.released_on AS day, r.released_on_precision AS precision"
    )
    assert rows == [{"day": date(2020, 12, 1), "precision": "month"}]


def test_no_node_holds_the_name_of_a_client(sample_store: Store) -> None:
    rows = sample_store.read("MATCH (c:Client) UNWIND keys(c) AS key RETURN DISTINCT key")
    kept = {row["key"] for row in rows}
    assert kept <= {
        "client_id", "content_hash", "load_id", "source_file", "source_sheet", "source_row",
    }  # fmt: skip


def test_help_in_matsudo_is_reached_from_a_prison_through_the_centre(sample_store: Store) -> None:
    prison = find_organization(sample_store, "横浜刑務所")
    here = {"area_id": "12207", "as_of": REPORT_DAY}
    helpers = [row["name"] for row in queries.ask(sample_store, "path_helpers", **here)]
    assert "中核地域生活支援センターほっとねっと" in helpers
    (centre,) = queries.ask(sample_store, "path_centres", from_id=prison, area_id="12207")
    assert centre["name"] == "地域生活定着支援センター"
    (step,) = queries.ask(sample_store, "path_steps", organization_ids=[prison], as_of=REPORT_DAY)
    assert (step["sent"], step["taken"], step["waiting_days"]) == (2, 2, 18.0)


def test_who_to_contact_next_has_reasons(sample_store: Store) -> None:
    rows = queries.ask(sample_store, "next_contacts", as_of=ECOMAP_DAY)
    parts = ("not_told", "fills_gap", "demand", "anxious", "contact_changed", "silent")
    assert len(rows) == 10
    assert all(row["score"] == sum(row[part] for part in parts) for row in rows)
    assert all(row["stage"] != "declined" for row in rows)
    assert all(any(row[part] > 0 for part in parts) for row in rows)
