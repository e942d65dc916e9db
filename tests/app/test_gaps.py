"""The page 連携リストのすき間: the steps of the list, the matrix, and what is not known."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

import queries
from graph.store import Store
from graph.vocabulary import FIELDS, STAGES
from tests.app.page_text import find_table, read_html, read_words
from tests.builders import (
    FACILITY,
    Records,
    agency,
    area,
    day,
    event,
    link,
    located,
    node,
    partner_list,
    serves,
    write,
)
from texts import say
from views.gaps.coverage_table import STATES, CoverageWords, write_table
from views.gaps.page import build_funnel, find_bare_fields, write_funnel

REPORT_DAY = "2022-10-31"
CHIBA = "中核地域生活支援センターほっとねっと"
SUPPORTING = [
    "浦和区の地域包括支援センター（例）", "大宮区の訪問看護ステーション（例）",
    "大宮サポートセンター", "越谷サポートセンター", "越谷市の社会福祉協議会（例）",
    "埼玉県就労支援事業者機構", "埼玉県保護司会連合会",
    "障害者相談支援事業所「ささぼし」",
]  # fmt: skip
NOT_TOLD = [
    "大宮区の不動産会社（例）", "大宮のハローワーク（例）", "川口市の基幹相談支援センター（例）",
    "川口市の協力雇用主（例）", "川越市の精神科病院（例）", "越谷市の民生児童委員（例）",
    "埼玉の依存症当事者団体（例）", "埼玉の弁護士・法テラス（例）",
]  # fmt: skip


def draw() -> None:
    from views import frame, gaps

    gaps.show(frame.choose_context())


def open_page(chosen: Mapping[str, object] | None = None, **address: str) -> AppTest:
    page = AppTest.from_function(draw, default_timeout=60)
    for name, value in {"date": REPORT_DAY, **address}.items():
        page.query_params[name] = value
    for name, held in (chosen or {}).items():
        page.session_state[name] = held
    page.run()
    assert not page.exception
    return page


def find_facility(store: Store, name: str) -> str:
    rows = queries.ask(store, "ecomap_facilities")
    found: str = next(row["organization_id"] for row in rows if row["name"] == name)
    return found


def read_list(page: AppTest, summary: str) -> list[str]:
    """The names under an opened line of the page."""
    inside = read_html(page).split(f"<summary>{summary}</summary>")[1].split("</details>")[0]
    return [item.split("</li>")[0] for item in inside.split("<li>")[1:]]


def read_unknown(page: AppTest) -> dict[str, str]:
    """What is not known → how often of how many."""
    lines = read_html(page).split('class="gaps-unknown">')[1].split("<summary>")[1:]
    found = {}
    for line in lines:
        number, rest = line.removeprefix("<b>").split("</b><small>")
        whole, what = rest.split("</small><span>")
        found[what.split("</span>")[0]] = number + whole
    return found


def read_legend(page: AppTest) -> dict[str, str]:
    items = read_html(page).split('class="gaps-legend">')[1].split("<li>")[1:]
    pairs = (item.split("</span>")[1].split("</li>")[0].split("<b>") for item in items)
    return {state: count.removesuffix("</b>") for state, count in (pair for pair in pairs)}


def test_the_list_of_17_with_the_names_at_each_step(sample_store: Store) -> None:
    page = open_page()
    assert "連携すべき機関・団体のリスト（2022年3月）" in [
        caption.value for caption in page.caption
    ]
    html = read_html(page)
    for step in ("リストに掲載<b>17 機関", "説明済み<b>8 機関", "支援中<b>8 機関"):
        assert step in html
    assert read_list(page, "まだ説明していない 8 機関") == NOT_TOLD
    assert read_list(page, "支援中の 8 機関") == SUPPORTING
    assert read_list(page, "辞退・休止 1 機関") == ["埼玉県BBS連盟"]


def test_shares_of_the_indicators(sample_store: Store) -> None:
    page = open_page()
    assert {m.label: (m.value, m.delta) for m in page.metric} == {
        "説明の割合": ("8 / 17", "47%"),
        "支援の割合": ("8 / 17", "47%"),
        "支援の分野": ("5 / 10", "50%"),
    }
    bare = "支援中の機関がない分野：**教育、地域団体、地域関係者、業者、親族・知人**"
    assert bare in [text.value for text in page.markdown]


def test_before_the_decline_nobody_rests(sample_store: Store) -> None:
    page = open_page(date="2022-04-30")
    assert len(read_list(page, "まだ説明していない 9 機関")) == 9
    assert "辞退・休止 1" not in read_html(page)


def test_the_table_tells_stage_support_and_dates_no_finer_than_known(sample_store: Store) -> None:
    table = open_page().dataframe[0].value
    assert list(table.columns) == [
        "機関", "分野", "期待される支援", "段階", "段階になった日", "最後の連絡",
        "担当者の変更", "対象地域",
    ]  # fmt: skip
    row = table[table["機関"] == "埼玉県就労支援事業者機構"].iloc[0]
    assert list(row)[1:] == [
        "職場", "訪問支援への同行、生活相談、就労相談", "● 支援中", "2021/10", "2022/10/14",
        "2022/04 後退なし", "埼玉県",
    ]  # fmt: skip
    assert len(table) == 16


def test_the_table_filtered_by_the_address(sample_store: Store) -> None:
    page = open_page(gaps_stage="listed", gaps_field="justice")
    assert list(page.dataframe[0].value["機関"]) == ["埼玉の弁護士・法テラス（例）"]
    assert "16 機関のうち 1 機関" in read_words(page)


def test_a_filter_that_fits_nobody_says_so(sample_store: Store) -> None:
    page = open_page(gaps_stage="supporting", gaps_field="community_group")
    assert not page.dataframe
    assert say("gaps.table.nobody") in [info.value for info in page.info]


def test_the_matrix_of_municipalities_counts_what_was_never_surveyed(sample_store: Store) -> None:
    page = open_page()
    assert read_legend(page) == {
        "支援あり（二つ以上）": "3", "支援は一機関だけ": "18", "支援中・6 か月連絡なし": "0",
        "説明済み": "0", "掲載のみ": "16", "リスト外": "0", "空白": "0", "未調査": "23",
    }  # fmt: skip
    assert read_unknown(page)["未調査の 分野 × 地域"] == "23 / 60"


def test_the_matrix_of_care_areas_and_of_chosen_areas(sample_store: Store) -> None:
    wide = open_page(gaps_level="care_area")
    assert read_unknown(wide)["未調査の 分野 × 地域"].endswith(" / 100")  # ten areas of Saitama
    assert say("gaps.coverage.care_area") in [caption.value for caption in wide.caption]
    chosen = open_page(gaps_municipality="11222")
    assert read_unknown(chosen)["未調査の 分野 × 地域"] == "3 / 10"


def test_a_chosen_cell_shows_its_agencies_with_their_stages(sample_store: Store) -> None:
    page = open_page({"gaps_coverage": {"cell": "medical|11103"}})
    details = read_html(page).split('class="gaps-cell"')[1]
    assert "医療 × さいたま市大宮区" in details
    assert "● 大宮区の訪問看護ステーション（例）<small>支援中 ・ 対象 さいたま市大宮区" in details
    assert "○ 川越市の精神科病院（例）<small>掲載のみ ・ 対象 埼玉県</small>" in details


def test_a_cell_of_another_network_is_no_longer_chosen(sample_store: Store) -> None:
    page = open_page(
        {"gaps_coverage": {"cell": "medical|11103"}}, facility=find_facility(sample_store, CHIBA)
    )
    assert say("gaps.coverage.hint") in [info.value for info in page.info]


def test_what_is_not_known_of_the_sample(sample_store: Store) -> None:
    unknown = read_unknown(open_page())
    assert unknown["所在地が分からない機関"] == "4 / 17"
    assert unknown["連絡の記録がない機関"] == "8 / 17"
    assert unknown["月や年までしか分からない日付がある機関"] == "17 / 17"
    assert "分野が決まっていない機関" not in unknown


def test_the_other_network_has_agencies_told_but_not_supporting(sample_store: Store) -> None:
    page = open_page(facility=find_facility(sample_store, CHIBA))
    waiting = read_list(page, "説明したが、支援がまだ始まっていない 5 機関")
    assert "松戸のハローワーク（例）" in waiting
    assert read_unknown(page)["対象地域が分からない機関"] == "2 / 23"


def test_in_english_only_names_stay_japanese(sample_store: Store) -> None:
    page = open_page(lang="en")
    assert [heading.value for heading in page.subheader] == [
        "From the list to support", "What is not known yet", "Gaps by field and area",
        "Demand by area", "Agencies of the list", "The list over time", "What hangs on one alone",
    ]  # fmt: skip
    assert "Explained to<b>8 agencies" in read_html(page)
    table = page.dataframe[0].value
    assert list(table["Stage"].unique()) == ["● Supporting", "○ Listed only"]


def test_before_the_first_list_the_page_says_when_it_begins(sample_store: Store) -> None:
    page = open_page(date="2021-01-01")
    assert "はじめのリストは 2022年3月 です" in page.info[0].value
    assert not page.metric


def test_without_any_list_the_page_says_what_to_load(store: Store) -> None:
    page = open_page()
    assert [info.value for info in page.info] == [say("gaps.empty")]


def write_town(store: Store, *more: Records) -> None:
    write(
        store,
        area("P", level="prefecture"),
        area("T", within="P"),
        [agency(FACILITY, field="justice"), located(FACILITY, "T")],
        partner_list("l", "2022-03-01", "a"),
        [serves("a", "T")],
        *more,
    )


def test_surveyed_and_empty_is_a_gap_and_never_surveyed_is_not(reference_store: Store) -> None:
    write_town(
        reference_store,
        [agency("a", field="medical")],
        event("surveyed", "2022-05-01", "Area T", field="business"),
    )
    legend = read_legend(open_page())
    assert (legend["空白"], legend["掲載のみ"], legend["未調査"]) == ("1", "1", "8")
    assert read_legend(open_page(date="2022-04-30"))["空白"] == "0"


def test_missing_field_and_expected_support_are_told_by_name(reference_store: Store) -> None:
    write_town(reference_store, [agency("a", field=None)])
    page = open_page()
    unknown = read_unknown(page)
    for code in ("field", "expected_support", "phone", "contact", "municipality"):
        assert unknown[say(f"gaps.unknown.{code}.what")] == "1 / 1"
    assert say("gaps.unknown.rough_date.what") not in unknown
    assert say("gaps.unknown.feeling.what") not in unknown  # nobody was told yet
    assert "None" not in read_words(page)


def test_an_older_list_is_chosen_by_the_address_and_growth_is_told(reference_store: Store) -> None:
    write(
        reference_store,
        [agency(FACILITY), agency("a"), agency("b", field="medical"), agency("c", field="justice")],
        partner_list("old", "2022-03-01", "a", "b"),
        partner_list("new", "2022-06-01", "b", "c"),
    )
    latest, older = open_page(), open_page(list="old")
    assert list(latest.dataframe[0].value["機関"]) == ["b", "c"]
    assert list(older.dataframe[0].value["機関"]) == ["a", "b"]
    assert "list" not in latest.query_params
    rows = find_table(latest, say("lists.column.newcomers"))
    assert [row[:5] for row in rows if row[0]][2] == ["new（2022年6月1日）", "2", "+1", "−1", "2"]
    assert "当初のリストになかった 1 機関" in read_html(latest)
    assert not [box for box in open_page(date="2022-05-31").selectbox if box.key == "list"]


def test_one_agency_with_its_levels_handover_and_records(reference_store: Store) -> None:
    write_town(
        reference_store,
        [agency("a"), node("Person", "p", name="担当太郎")],
        [link("WORKS_FOR", "Person p", "Organization a")],
        event("support_started", "2022-04-01", "a"),
        event("anxiety", "2022-04-02", "a", value=2.0),
        event("anxiety", "2022-05-02", "a", value=4.0),
        event("contact_changed", "2022-06", "a"),
        event("support_ended", "2022-07-01", "a"),
    )
    page = open_page(gaps_agency="a")
    words = read_words(page)
    assert "4 ↗（2022/05/02）" in list(page.dataframe[0].value["不安度"])
    assert say("progress.trend_up") in words
    assert "2022年6月 の変更のあと、支援が後退しました（2022年7月1日 支援終了）。" in words
    assert ["2022/05/02", "不安度", "4", "test.xlsx 2 行目"] in find_table(
        page, say("progress.fact_source")
    )
    assert not page.text  # a name is shown to who asks for it
    next(each for each in page.toggle if each.key == "gaps_names").set_value(True).run()
    assert [text.value for text in page.text] == ["担当太郎"]


def test_who_rests_stands_apart_with_its_day(reference_store: Store) -> None:
    write_town(
        reference_store,
        [agency("a"), agency("b")],
        partner_list("l2", "2022-04-01", "a", "b"),
        event("declined", "2022-05-01", "a", until=day("2022-12")),
    )
    page = open_page()
    assert list(page.dataframe[0].value["機関"]) == ["b"]
    rows = find_table(page, say("progress.resting_until"))
    assert rows[1:] == [["a", "2022年5月1日", "2022年12月"]]


def test_rows_of_the_matrix_may_be_kinds_of_help(sample_store: Store) -> None:
    page = open_page(gaps_by="support", gaps_silent="12")
    legend = read_legend(page)
    assert sum(int(count) for count in legend.values()) == 12 * 6
    assert "支援中・12 か月連絡なし" in legend


def test_levels_that_were_asked_for_stand_in_the_table(reference_store: Store) -> None:
    write_town(
        reference_store,
        [agency("a")],
        event("explained", "2022-04-01", "a"),
        event("agreement", "2022-04-02", "a", value=4.0),
    )
    page = open_page()
    table = page.dataframe[0].value
    assert list(table["納得度"]) == ["4（2022/04/02）"]
    assert "不安度" not in table.columns
    assert say("gaps.unknown.feeling.what") not in read_unknown(page)


def test_a_facility_without_a_place_has_no_matrix(reference_store: Store) -> None:
    home = [agency(FACILITY), agency("a"), node("Area", "T", name="T", level="municipality")]
    write(reference_store, home, partner_list("l", "2022-03-01", "a"))
    page = open_page()
    assert say("gaps.coverage.empty") in [info.value for info in page.info]
    assert say("gaps.unknown.unsurveyed.what") not in read_unknown(page)


PARTNERS = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.text(max_size=5),
            "stage": st.sampled_from([code for code in STAGES.codes if code != "known"]),
            "field": st.sampled_from([None, *FIELDS.codes]),
        }
    ),
    min_size=1,
)


@given(PARTNERS)
def test_each_step_holds_the_next_and_nobody_is_lost(partners: list[dict[str, str]]) -> None:
    listed, explained, supporting = build_funnel(partners)
    assert listed.count == len(partners)
    assert listed.count == explained.count + len(listed.waiting) + len(listed.resting)
    assert explained.count == supporting.count + len(explained.waiting)
    assert supporting.count == len(supporting.waiting)


@given(PARTNERS)
def test_a_field_is_bare_exactly_without_a_supporting_agency(
    partners: list[dict[str, str]],
) -> None:
    helped = {row["field"] for row in partners if row["stage"] == "supporting"}
    assert set(find_bare_fields(partners)) == set(FIELDS.codes) - helped


def test_names_cannot_become_markup() -> None:
    wicked = '<script>&"'
    partners = [{"name": wicked, "stage": "listed", "field": None}]
    assert "&lt;script&gt;&amp;&quot;" in write_funnel(build_funnel(partners), say)
    cell = {
        "category": "welfare",
        "area_id": wicked,
        "area_name": wicked,
        "state": "none",
        "count": 0,
    }
    html = write_table([cell], make_words())
    assert "<script" not in html
    assert '&"' not in html


def make_words() -> CoverageWords:
    states = {state: state.upper() for state in STATES}
    return CoverageWords("title", "corner", {"welfare": "福祉"}, states, "{} agencies".format)


def test_a_cell_speaks_its_field_area_state_and_number() -> None:
    cell = {
        "category": "welfare", "area_id": "11103", "area_name": "さいたま市大宮区",
        "state": "covered", "count": 2,
    }  # fmt: skip
    html = write_table([cell], make_words())
    assert 'aria-label="さいたま市大宮区 福祉 COVERED 2 agencies"' in html
    assert "さいたま市<wbr>大宮区" in html
    assert "●" in html


def test_no_areas_make_no_table() -> None:
    assert write_table([], make_words()) == ""
