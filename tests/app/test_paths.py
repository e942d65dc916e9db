"""The page 紹介の道筋: the cases as their source has them, and chains that could be."""

# One line of the source's table is one line here.
# ruff: noqa: E501

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

import queries
from graph.rights import GRANTED, Actor
from graph.store import Store
from tests.app.page_text import find_id, find_table, read_html, read_tables, read_words
from tests.builders import (
    FACILITY,
    agencies,
    agency,
    located,
    partner_list,
    serves,
    tie,
    write,
)
from views.paths.possible import find_obstacle
from views.paths.recorded import choose_columns, choose_first_year, measure_waiting

CHIBA = "中核地域生活支援センターほっとねっと"
PREFECTURE = "千葉県健康福祉部健康福祉指導課"
MATSUDO = "12207"
POSSIBLE = "possible"

# FACTS B, the whole table of 2020.
# 番号 | 通知日 | 案件通報者 | 前住地 | 帰住希望 | 帰住地 | 出所日 | 初回面談 | 支援経過
TABLE_2020 = """
1 | 6月2日 | 横浜刑務所 | 松戸市 | 松戸市 | 松戸市 | R2.12.● | 6月11日 | 松戸センター 支援中
2 | 6月11日 | 府中刑務所 | 千葉市 | 千葉市 | 千葉市 | R2.7.● | 6月11日 | 本人辞退→個別SOS
3 | 7月17日 | 黒羽刑務所 | 柏市 | 柏市 | 柏市 | R2.12.● (仮釈放) | 11月9日 | 柏センター 支援中
4 | 7月16日 | 府中刑務所 | 千葉市 | 八千代市 | 千葉市 | R2.8.● | 7月21日 | 千葉市基幹相談 支援中
5 | 8月7日 | 川越少年刑務所 | 成田市 | 成田市 | 成田市 | R2.9.● | 8月28日 | 印旛センター 支援→失踪→逮捕拘留中
6 | 8月18日 | 横浜刑務所 | 香取市 | 香取市 | 香取市 | R2.10.● | 9月14日 | 香取センター 支援中
7 | 9月26日 | 川越少年刑務所 | 野田市 | 流山市ほか | 野田市 | R2.11.● | 10月20日 | 松戸センター 支援中
8 | 10月9日 | 前橋刑務所 | 市川市 | 市川市 | 千葉市？ | R2.12.● | 10月29日 | 自立準備ホーム面談→本人辞退
9 | 10月15日 | 府中刑務所 | 足立区 | 千葉県内 | 不明 | R2.11.● | 10月29日 | 不成立(本人辞退)
10 | 11月12日 | 前橋刑務所 | 千葉市 | 千葉市 | 千葉市(予定) | R3.1.● | 12月7日 | 千葉市関係機関 調整中
"""
WAITED = ["9日", "0日", "115日", "5日", "21日", "27日", "24日", "20日", "14日", "25日"]


def draw() -> None:
    from views import frame, paths

    paths.show(frame.choose_context())


def open_page(**address: str) -> AppTest:
    """The page at an address; `facility` and `from` are names here, ids in the address."""
    page = AppTest.from_function(draw, default_timeout=60)
    for name, value in address.items():
        page.query_params[name] = find_id(value) if name in ("facility", "from") else value
    page.run()
    assert not page.exception
    return page


def read_cases(page: AppTest) -> tuple[list[str], list[list[str]], list[str]]:
    """Header, the cases' rows, and the text of the chain under each."""
    header, *rows = find_table(page, "仮名ID")
    chains = [row[-1].removesuffix("エコマップで見る") for row in rows[1::2]]
    return header, rows[::2], chains


def test_the_ten_cases_of_2020_stand_as_written(sample_store: Store) -> None:
    header, cases, _ = read_cases(open_page(facility=CHIBA, year="2020"))
    source = [[cell.strip() for cell in line.split("|")] for line in TABLE_2020.strip().split("\n")]
    for number in (3, 10):  # without the consent that the receiver is told
        source[number - 1][5] = source[number - 1][8] = ""
    own = [header.index("仮名ID"), header.index("待った日数")]
    assert [[c for i, c in enumerate(row) if i not in own] for row in cases] == source
    assert [row[header.index("待った日数")] for row in cases] == WAITED


def test_the_page_begins_with_the_year_that_is_written_down_most_fully(
    sample_store: Store,
) -> None:
    page = open_page(facility=CHIBA)
    assert page.segmented_control(key="year").value == "2020"
    assert [metric.value for metric in page.metric] == ["10 件", "20.5日"]
    assert "最短 0日・最長 115日（10件）" in read_words(page)


def test_each_chain_shows_every_step_and_where_it_stopped(sample_store: Store) -> None:
    _, _, chains = read_cases(open_page(facility=CHIBA))
    assert chains[0] == f"横浜刑務所次の機関へ{PREFECTURE}支援中{CHIBA}"
    assert chains[1] == (
        f"府中刑務所本人辞退{PREFECTURE}ここで止まった：本人辞退（本人が辞退し、個別SOSとなった）"
    )
    assert chains[4].startswith(
        f"川越少年刑務所次の機関へ{PREFECTURE}途絶（失踪・逮捕など）印旛センター"
    )
    for number in (3, 10):
        assert chains[number - 1].endswith(
            f"{PREFECTURE}伏せています伏せた機関同意のない機関 1件（伏せています）"
        )
    assert [number for number, chain in enumerate(chains, 1) if "止まった" in chain] == [2, 5, 8, 9]


def test_cases_are_counted_by_referrer_and_status(sample_store: Store) -> None:
    page = open_page(facility=CHIBA, year="2019")
    counts = [row[:2] for row in find_table(page, "紹介元（案件通報者）")[1:]]
    assert counts == [["千葉刑務所", "6"], ["千葉保護観察所", "4"], ["市原刑務所", "1"]]
    page.segmented_control(key="year").set_value("2020").run()
    statuses = {row[0]: row[1] for row in find_table(page, "状況")[1:]}
    assert statuses == {
        "支援中": "5", "本人辞退": "3", "途絶（失踪・逮捕など）": "1", "調整中": "1",
    }  # fmt: skip


def test_a_year_without_details_shows_no_empty_columns(sample_store: Store) -> None:
    header, cases, _ = read_cases(open_page(facility=CHIBA, year="2019"))
    assert header == ["仮名ID", "案件通報者"]
    assert len(cases) == 11


def test_a_path_leads_to_the_ecomap_that_shows_it(sample_store: Store) -> None:
    for tab in ("recorded", POSSIBLE):
        page = open_page(facility=CHIBA, tab=tab, year="2020", via="any", area=MATSUDO)
        links = re.findall(r'href="\./\?([^"]*)"[^>]*>エコマップで見る', read_html(page))
        assert len(links) == (10 if tab == "recorded" else 5)
        for link in links:
            address = parse_qs(unescape(link))
            assert address["facility"] == [find_id(CHIBA)]
            assert len(address["path"][0].split("|")) >= 2
            assert "2020-" not in link


def test_who_may_see_no_client_sees_statistics_only(
    sample_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("views.frame.find_actor", lambda *_: Actor("計画", GRANTED["planner"]))
    page = open_page(facility=CHIBA, tab="recorded")
    assert [tab.label for tab in page.tabs] == ["考えられる道筋", "紹介してもらう", "種別の流れ"]
    flows = open_page(facility=CHIBA, tab="flows", flow_year="2020")
    assert find_table(flows, "何回目")
    assert "2020-" not in read_html(flows)
    assert "帰住地" not in [box.label for box in flows.selectbox]


def test_every_status_of_the_page_is_explained(sample_store: Store) -> None:
    page = open_page(facility=CHIBA)
    explained = {row[0]: row[1] for row in find_table(page, "意味")[1:]}
    assert set(explained) == {
        "次の機関へ", "支援中", "本人辞退", "途絶（失踪・逮捕など）",
    }  # fmt: skip
    assert 'title="紹介を受けた機関が、次の機関へ引き継ぎました。"' in read_html(page)


def test_the_english_page_has_english_words(sample_store: Store) -> None:
    page = open_page(facility=CHIBA, lang="en")
    header = find_table(page, "Pseudonym")[0]
    assert header[:4] == ["No.", "Pseudonym", "Notified", "Referrer"]
    assert "Stopped here: Declined by the client" in read_words(page)


def test_without_referrals_the_page_says_what_to_do(reference_store: Store) -> None:
    page = open_page()
    assert "取り込み" in page.info[0].value
    assert not page.metric


# --- possible paths ------------------------------------------------------------------------------


def read_paths(page: AppTest) -> list[list[list[str]]]:
    return [table for table in read_tables(page) if table[0][0] == "順"]


def test_paths_come_easiest_first_with_each_step_in_words(sample_store: Store) -> None:
    page = open_page(
        facility=CHIBA, tab=POSSIBLE, area=MATSUDO, via="any", **{"from": "横浜刑務所"}
    )
    paths = read_paths(page)
    assert len(paths) == 5
    assert paths[0] == [
        ["順", "だれから → だれへ", "よりどころ", "引き受けの見込み", "最初の返事まで", "つながり",
         "目安"],
        ["1", f"横浜刑務所 → {PREFECTURE}",
         "紹介 2 件（引き受け 2・止まった 0。2020年6月2日から、最後は2020年8月18日に次の機関へ）",
         "10回に8回 +0.29", "18日 +0.36", "記録なし +0.50", "1.15"],
        ["2", f"{PREFECTURE} → {CHIBA}",
         "紹介 5 件（引き受け 5・止まった 0。2020年6月2日から、最後は2020年9月26日に支援中）"
         "／つながり：委託・契約・ふつう・良好（いつからかは記録なし）",
         "10回に9回 +0.15", "16日 +0.33", "ふつう +0.30", "0.78"],
    ]  # fmt: skip
    costs = [sum(float(row[6]) for row in table[1:]) for table in paths]
    assert costs == sorted(costs)
    assert f"1. {CHIBA}この機関" in read_words(page).replace("　", "").replace("\n", "")


def test_paths_are_one_graph_as_well(sample_store: Store) -> None:
    address = {"facility": CHIBA, "area": MATSUDO, "view": "graph", "from": "横浜刑務所"}
    for tab in (POSSIBLE, "recorded"):
        page = open_page(tab=tab, **address)
        assert not read_paths(page)
        assert "仮名ID" not in read_html(page)
        (element,) = [each for each in page.get("bidi_component") if each.key == "path_graph"]
        picture = json.loads(element.proto.json)["picture"]  # type: ignore[attr-defined]
        places = {node["title"].split("\n")[0]: node["x"] for node in picture["nodes"]}
        names = {name: x for name, x in places.items() if name.startswith(("横浜", PREFECTURE))}
        assert len(names) == 2
        assert min(names, key=lambda name: names[name]).startswith("横浜刑務所")


def test_needs_and_stage_choose_the_last_agency(sample_store: Store) -> None:
    page = open_page(
        facility=CHIBA, tab=POSSIBLE, needs="housing", stage="supporting", **{"from": "横浜刑務所"}
    )
    assert "1. 松戸市の不動産会社（例）" in read_words(page)
    assert "2. " not in read_words(page)


def test_the_likely_starts_come_first(sample_store: Store) -> None:
    options = open_page(facility=CHIBA, tab=POSSIBLE).selectbox(key="from").options
    assert options[:3] == ["千葉刑務所", "千葉保護観察所", "府中刑務所"]
    assert options.index("八街少年院") < options.index("松戸市障害福祉課")


def test_a_place_nobody_serves_is_named_with_what_to_do(sample_store: Store) -> None:
    page = open_page(facility=CHIBA, tab=POSSIBLE, area="01100")
    assert page.warning[0].value.startswith("北海道札幌市で止まります")
    assert "帰住先の近く" in page.warning[0].value


def test_needs_nobody_offers_are_named(sample_store: Store) -> None:
    page = open_page(facility=CHIBA, tab=POSSIBLE, area=MATSUDO, needs="guarantor")
    assert "身元保証・後見を提供すると記録された機関がありません（" in page.warning[0].value


def test_a_start_without_ties_and_a_stage_out_of_reach_are_told_apart(
    reference_store: Store,
) -> None:
    write(
        reference_store,
        agencies(FACILITY, "prison", "helper", "alone"),
        partner_list("list", "2022-01-01", "alone"),
        tie("prison", "helper"),
        serves("helper", "12207"),
        serves("alone", "11"),
    )
    address = {"facility": FACILITY, "tab": POSSIBLE, "area": MATSUDO}
    origin = open_page(**address, **{"from": "alone"})
    assert origin.warning[0].value.startswith("「alone」で止まります")
    stage = open_page(**address, **{"from": "prison"}, stage="supporting")
    assert "「支援中だけ」に当てはまる機関までの道筋はありません" in stage.warning[0].value
    found = open_page(**address, **{"from": "prison"})
    assert not found.warning
    assert "1. helper" in read_words(found)


def test_from_another_prefecture_the_settlement_centre_is_passed(sample_store: Store) -> None:
    page = open_page(facility=CHIBA, tab=POSSIBLE, area=MATSUDO, **{"from": "横浜刑務所"})
    chains = read_paths(page)
    assert chains
    assert all("地域生活定着支援センター" in str(chain) for chain in chains)


def test_where_no_path_passes_the_centre_the_others_are_shown(reference_store: Store) -> None:
    write(
        reference_store,
        agencies(FACILITY, "prison", "helper"),
        agency("centre", agency_type="地域生活定着支援センター"),
        partner_list("list", "2022-01-01", "helper"),
        located("prison", "14"),
        serves("centre", "12"),
        serves("helper", MATSUDO),
        tie("prison", "helper"),
    )
    address = {"facility": FACILITY, "tab": POSSIBLE, "area": MATSUDO, "from": "prison"}
    page = open_page(**address)
    assert "地域生活定着支援センターを通る道筋はありません" in page.warning[0].value
    assert "1. helper" in read_words(page)
    assert not open_page(**address, via="any").warning


def test_the_order_follows_the_weights_of_the_address(reference_store: Store) -> None:
    write(
        reference_store,
        agencies(FACILITY, "prison", "near", "far"),
        partner_list("list", "2022-01-01", "near"),
        tie("prison", "near", strength="weak"),
        tie("prison", "far", strength="strong", quality="stressful"),
        serves("near", MATSUDO),
        serves("far", MATSUDO),
    )
    address = {"facility": FACILITY, "tab": POSSIBLE, "area": MATSUDO, "from": "prison"}
    assert "1. far" in read_words(open_page(**address))
    page = open_page(**address, weight_stressful="0.9")
    assert "1. near" in read_words(page)
    page.number_input(key="weight_weak").set_value(5.0).run()
    assert "1. far" in read_words(page)


def test_a_search_that_is_cut_short_says_so(
    reference_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(reference_store, agencies(FACILITY, "prison", "a", "b"),
          partner_list("list", "2022-01-01", "b"), tie("prison", "a"), tie("a", "b"),
          tie("prison", "b"), serves("b", MATSUDO))  # fmt: skip
    address = {"facility": FACILITY, "tab": POSSIBLE, "area": MATSUDO, "from": "prison"}
    assert not open_page(**address).warning
    monkeypatch.setattr("views.paths.search.MOST_STEPS", 1)
    assert "途中までで探すのをやめました" in open_page(**address).warning[0].value


def test_what_cannot_be_searched_gets_one_clear_sentence(reference_store: Store) -> None:
    write(reference_store, agencies(FACILITY, "prison", "helper"),
          partner_list("list", "2022-01-01", "helper"), tie("prison", "helper"),
          serves("helper", MATSUDO))  # fmt: skip
    address = {"facility": FACILITY, "tab": POSSIBLE}
    for wrong, told in (
        ({"from": "no-such-agency", "area": MATSUDO}, "「どこから」を選び直してください"),
        ({"from": "prison", "area": "99999"}, "「帰住先」を選び直してください"),
    ):
        page = AppTest.from_function(draw, default_timeout=60)
        for name, value in (address | wrong).items():
            page.query_params[name] = value
        page.run()
        assert [told in warning.value for warning in page.warning] == [True]
        assert not read_paths(page)
    unsaid = open_page(**address, **{"from": "prison"})
    assert "「帰住先」を選ぶ" in unsaid.info[0].value
    same = open_page(**address, area=MATSUDO, **{"from": "helper"})
    assert same.info[0].value.startswith("「helper」は、千葉県松戸市で支援する機関そのものです")


def test_what_blocks_a_path_and_which_tie_would_open_one(reference_store: Store) -> None:
    write(
        reference_store,
        agencies(FACILITY, "prison", "bridge", "helper"),
        partner_list("list", "2022-01-01", "helper"),
        tie("prison", FACILITY),
        tie("prison", "bridge"),
        tie("bridge", "helper", quality="broken"),
        serves("helper", MATSUDO),
    )
    page = open_page(facility=FACILITY, tab=POSSIBLE, area=MATSUDO, **{"from": "prison"})
    words = read_words(page)
    assert "「bridge」と「helper」の間を結び直せば通れます。" in words
    own = f"「{FACILITY}」と「helper」をつなぐ"
    assert words.index(own) < words.index("「prison」と「helper」")
    # One press makes it a contact to be made; the page then says so instead of asking again.
    next(b for b in page.button if b.label == "「helper」への連絡を予定にする").click().run()
    assert not page.exception
    assert "予定に入っています" in " ".join(each.value for each in page.success)
    rows = queries.ask(reference_store, "contact_tasks", facility_id=FACILITY)
    (task,) = next(row["tasks"] for row in rows if row["organization_id"] == "helper")
    assert task["text"] == own
    assert task["due_on"] > date.today()


# --- computing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("links", "serving", "offering", "at_any_stage", "where"),
    [
        (0, 5, 5, True, "origin"),
        (1, 0, 0, False, "place"),
        (1, 5, 0, False, "needs"),
        (1, 5, 2, True, "stage"),
        (1, 5, 2, False, "chain"),
    ],
)
def test_the_first_obstacle_on_the_way_is_named(
    links: int, serving: int, offering: int, at_any_stage: bool, where: str
) -> None:
    assert find_obstacle(links, serving, offering, at_any_stage) == where


def test_waiting_counts_only_cases_with_both_days() -> None:
    waiting = measure_waiting([{"waiting_days": days} for days in (None, 4, 10, 0)])
    assert waiting is not None
    assert (waiting.cases, waiting.middle, waiting.shortest, waiting.longest) == (3, 4, 0, 10)
    assert measure_waiting([{"waiting_days": None}]) is None


def test_without_dates_all_years_are_shown_first() -> None:
    assert choose_first_year([{"fiscal_year": 2019, "dated": False}]) == "all"


def test_a_number_of_nought_is_a_filled_cell() -> None:
    row = dict.fromkeys(
        ("number", "case_id", "notified_text", "referrer", "former_area", "desired_area",
         "destination", "released_text", "first_interview_text", "course")
    )  # fmt: skip
    assert choose_columns([row | {"waiting_days": 0}]) == ["case_id", "referrer", "waiting_days"]
