"""The page 帰住先の近く: agencies nearest first, and those nobody can place."""

from __future__ import annotations

from collections import abc
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from graph.records import Point
from graph.store import Store
from tests.app.page_text import find_id, find_table, read_html, read_tables, read_words
from tests.builders import FACILITY, agency, day, located, partner_list, serves, write
from views.nearby.groups import group_rows
from views.nearby.wish import Conditions

CHIBA = "中核地域生活支援センターほっとねっと"
MATSUDO = "12207"


def draw() -> None:
    from views import frame, nearby

    nearby.show(frame.choose_context())


def draw_and_keep_card() -> None:
    from collections.abc import Callable

    import streamlit

    from views import frame, nearby
    from views.nearby import card

    def keep(_context: object, _label: str, make: Callable[[], str], *_: str, **__: object) -> None:
        streamlit.session_state["card"] = make()

    card.offer_download = keep
    nearby.show(frame.choose_context())


def open_page(script: abc.Callable[[], None] = draw, **address: str) -> AppTest:
    """The page at an address; `facility` is a name here, an id in the address."""
    page = AppTest.from_function(script, default_timeout=60)
    for name, value in address.items():
        page.query_params[name] = find_id(value) if name == "facility" else value
    page.run()
    assert not page.exception
    return page


def read_located(page: AppTest) -> list[dict[str, str]]:
    """The agencies with a number, in order of the tables; a line below one is left out."""
    found = []
    for header, *rows in (table for table in read_tables(page) if table[0][0] == "番号"):
        found += [dict(zip(header, row, strict=True)) for row in rows if row[0]]
    return found


def read_unknown(page: AppTest) -> list[str]:
    tables = [table for table in read_tables(page) if table[0][0] == "機関"]
    return [row[0] for table in tables for row in table[1:] if row[0]]


def type_words(page: AppTest, words: str) -> AppTest:
    page.text_input(key="place_words").set_value(words).run()
    assert not page.exception
    return page


def read_area(page: AppTest) -> list[str]:
    said = page.query_params.get("area", [])
    return [said] if isinstance(said, str) else list(said)


def test_the_page_begins_where_the_facility_stands(sample_store: Store) -> None:
    page = open_page(facility=CHIBA)
    assert page.text_input(key="place_words").value == "千葉県松戸市"
    assert "千葉県松戸市の代表点から直線で近い順に 49 機関" in read_words(page)
    assert read_area(page) == []


def test_serving_agencies_come_before_near_ones_and_each_nearest_first(
    sample_store: Store,
) -> None:
    rows = read_located(open_page(facility=CHIBA, area=MATSUDO))
    assert [row["番号"] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    here = "同じ市区町村市区町村まで"
    assert [row["直線距離"] for row in rows[:12]] == [here] * 12
    assert [row["段階"] for row in rows[:6]] == ["支援中"] * 6
    kashiwa = next(row for row in rows if row["機関"] == "柏センター")
    assert kashiwa["直線距離"] == "約 7 km市区町村まで"
    assert kashiwa["受けた紹介"].startswith("2020年7月17日 支援中")
    assert kashiwa["受けた紹介"].endswith("件")


def test_what_is_near_and_not_known_to_serve_stands_in_a_table_of_its_own(
    sample_store: Store,
) -> None:
    page = open_page(facility=CHIBA, area=MATSUDO)
    serving, near = (table for table in read_tables(page) if table[0][0] == "番号")
    assert "柏センター" in [row[1] for row in near[1:]]
    assert "松戸のハローワーク（例）" in [row[1] for row in serving[1:]]
    assert int(near[1][0]) == max(int(row[0]) for row in serving[1:] if row[0]) + 1


def test_agencies_without_a_place_stand_apart(sample_store: Store) -> None:
    page = open_page(facility=CHIBA, area=MATSUDO)
    unknown = read_unknown(page)
    assert "千葉県帰性会" in unknown
    assert not set(unknown) & {row["機関"] for row in read_located(page)}
    assert f"住所を伏せている機関（{len(unknown)}）" in read_words(page)


def test_any_words_for_a_place_do_and_only_the_area_stays_in_the_address(
    sample_store: Store,
) -> None:
    page = type_words(open_page(facility=CHIBA), "柏市柏5-10-1 みどり荘")
    assert "千葉県柏市柏五丁目（丁目まで）から直線で近い順に" in read_words(page)
    assert read_area(page) == ["12217"]
    assert page.query_params.keys() <= {"area", "facility"}
    assert "みどり荘" not in read_words(page)
    type_words(page, "大宮市")
    assert "合併前の名前" in read_words(page)
    assert read_area(page) == ["11100"]


def test_what_fits_several_places_is_asked(sample_store: Store) -> None:
    page = type_words(open_page(facility=CHIBA), "中央区")
    assert not read_tables(page)
    assert read_area(page) == []
    choice = page.button_group(key="place_choice")
    assert "11 か所が当てはまります" in choice.label
    assert choice.options[0] == "千葉県千葉市中央区"
    choice.set_value("東京都中央区").run()
    assert read_area(page) == ["13102"]
    type_words(page, "府中市")  # another question: the choice for the first one is forgotten
    assert read_area(page) == []
    assert not read_tables(page)


def test_a_list_and_a_region_are_asked_about(sample_store: Store) -> None:
    page = type_words(open_page(facility=CHIBA), "大宮区か浦和区")
    choice = page.button_group(key="place_choice")
    assert choice.options == ["埼玉県さいたま市大宮区", "埼玉県さいたま市浦和区"]
    assert not read_tables(page)
    choice.set_value("埼玉県さいたま市浦和区").run()
    assert read_area(page) == ["11107"]
    type_words(page, "関東")
    choice = page.button_group(key="place_choice")
    assert "7 都道府県にわたる地方の名前です" in choice.label
    assert choice.options[0] == "千葉県"
    assert read_area(page) == []


def test_a_town_that_is_not_known_is_said_and_the_municipality_searched(
    sample_store: Store,
) -> None:
    page = type_words(open_page(facility=CHIBA), "柏市ほげほげ町")
    assert "千葉県柏市より細かい町名や場所は見つかりません" in page.info[0].value
    assert "千葉県柏市の代表点から直線で近い順に" in read_words(page)
    assert "ほげほげ" not in read_words(page)
    assert read_area(page) == ["12217"]
    type_words(page, "柏市")
    assert "見つかりません" not in read_words(page)


@pytest.mark.parametrize(
    ("words", "said"),
    [("ほげ", "見つかりません"), ("ほげ駅", "駅の位置は収録していません"),
     ("999-9999", "郵便番号"), ("", "帰住先を入力すると"), ("全国", "広すぎます")],
)  # fmt: skip
def test_what_is_not_known_is_said(sample_store: Store, words: str, said: str) -> None:
    page = type_words(open_page(facility=CHIBA), words)
    assert said in page.info[0].value
    assert not read_tables(page)


def test_a_clients_referral_gives_place_and_needs_and_leaves_no_trace_in_the_address(
    sample_store: Store,
) -> None:
    page = open_page(facility=CHIBA, area=MATSUDO)
    page.button_group(key="place_mode").set_value("client").run()
    assert "紹介を選ぶと" in page.info[0].value
    box = page.selectbox(key="place_referral")
    box.set_value(next(one for one in box.options if one.startswith("2020-01"))).run()
    assert not page.exception
    assert "帰住地：千葉県松戸市（確か）" in read_words(page)
    assert page.query_params.keys() <= {"facility"}


def test_fields_needs_and_distance_narrow_the_list(sample_store: Store) -> None:
    page = open_page(facility=CHIBA, area=MATSUDO, needs="housing", km="5")
    serving = [row["機関"] for row in read_located(page)] + read_unknown(page)
    assert set(serving) == {
        "松戸市の不動産会社（例）", "千葉県帰性会", "住宅支援機関（例）", "自立準備ホーム（例）",
    }  # fmt: skip
    page.multiselect(key="fields").set_value(["justice"]).run()
    assert read_unknown(page) == ["千葉県帰性会"]
    page = open_page(facility=CHIBA, area=MATSUDO, stages="supporting")
    assert {row["段階"] for row in read_located(page)} == {"支援中"}


def test_nothing_near_says_what_to_do(sample_store: Store) -> None:
    page = open_page(facility=CHIBA, area="01100", km="5")
    assert "距離を広げるか" in page.info[0].value
    assert not read_tables(page)


def test_a_health_area_has_a_middle_and_is_marked_as_not_checked(sample_store: Store) -> None:
    page = open_page(facility=CHIBA, area="care:12-印旛")
    assert "八街少年院" in [row["機関"] for row in read_located(page)]
    assert "印旛センター" in read_unknown(page)
    assert "まだ突き合わせていません" in page.warning[0].value


def test_the_licences_of_the_place_data_are_on_the_page(sample_store: Store) -> None:
    words = read_words(open_page(facility=CHIBA))
    assert "Geolonia" in words
    assert "CC BY 4.0" in words
    assert "日本郵便" in words


def test_the_english_page_has_english_words(sample_store: Store) -> None:
    page = open_page(facility=CHIBA, area=MATSUDO, lang="en")
    assert find_table(page, "No.")[0] == [
        "No.", "Agency", "Field", "Stage", "Distance", "Place", "Help",
    ]  # fmt: skip
    assert "Referrals received" in read_words(page)
    assert "Same municipality" in read_words(page)


def test_an_empty_graph_says_what_to_load(reference_store: Store) -> None:
    assert "取り込み" in open_page().info[0].value


def test_a_hidden_address_shows_its_area_and_no_place(reference_store: Store) -> None:
    here = Point(35.79, 139.91)
    write(
        reference_store,
        agency(FACILITY),
        agency("shelter", location=here, location_accuracy="exact", hidden_address=True,
               address="千葉県松戸市一丁目1", phone="047-000-0000"),
        agency("office", location=here, location_accuracy="exact", phone="047-111-1111"),
        located("shelter", "12207"),
        located("office", "12207"),
        serves(FACILITY, "12207"),
        partner_list("list", "2022-01-01", "shelter", "office"),
    )  # fmt: skip
    page = open_page(facility=FACILITY, area=MATSUDO)
    assert read_unknown(page) == ["shelter"]
    assert "住所は伏せています" in read_words(page)
    assert [row["機関"] for row in read_located(page)] == ["office"]
    assert read_located(page)[0]["直線距離"].endswith(" km出典の座標")
    assert "約" not in read_located(page)[0]["直線距離"]
    assert 'href="tel:0471111111"' in read_html(page)
    # Nothing that is sent to the browser holds the address or the point, the map's picture neither.
    sent = repr(page._tree)
    assert "shelter" in sent
    assert not [word for word in ("一丁目", "35.79", "139.91") if word in sent]


def test_conditions_keep_who_says_nothing_and_say_that_it_is_not_known(
    reference_store: Store,
) -> None:
    here = Point(35.79, 139.91)
    write(
        reference_store,
        agency(FACILITY),
        agency("men", location=here, accepts_sex="men"),
        agency("women", location=here, accepts_sex="women", age_from=18, cost_kind="free",
               cost="食費 月1万円", capacity=10, vacancies=2, capacity_on=day("2022-10"),
               hours="9時から17時", open_weekend=True, conditions="アルコールの人は要相談"),
        agency("silent", location=here),
        serves(FACILITY, "12207"),
        partner_list("list", "2022-01-01", "silent"),
    )  # fmt: skip
    page = open_page(facility=FACILITY, area=MATSUDO)
    page.button_group(key="near_sex").set_value("women").run()
    page.number_input(key="near_age").set_value(40).run()
    assert {row["機関"] for row in read_located(page)} == {"women", "silent"}
    words = read_words(page)
    for said in (
        "性別：女性のみ", "18歳から", "費用：無料 食費 月1万円", "時間：9時から17時・土日祝も",
        "定員 10・空き 2（2022年10月現在）", "条件：アルコールの人は要相談",
        "分からない：性別・年齢",
    ):  # fmt: skip
        assert said in words
    assert words.count("分からない：") == 1
    assert page.query_params.keys() <= {"facility", "area"}


def test_kinds_of_offence_leave_out_who_refuses_and_stay_off_the_card_and_the_address(
    reference_store: Store,
) -> None:
    here = Point(35.79, 139.91)
    write(
        reference_store, agency(FACILITY),
        agency("refuses", location=here, offences_refused="sexual arson"),
        agency("takes", location=here, offences_accepted="theft drugs", offences_discussed="arson"),
        agency("partly", location=here, offences_accepted="theft"),
        agency("silent", location=here),
        serves(FACILITY, "12207"), partner_list("list", "2022-01-01", "takes"),
    )  # fmt: skip
    page = open_page(draw_and_keep_card, facility=FACILITY, area=MATSUDO)
    assert "受け入れない罪種：性犯罪・放火" in read_words(page)
    page.button_group(key="near_offences").set_value(["theft", "arson"]).run()
    assert {row["機関"] for row in read_located(page)} == {"takes", "partly", "silent"}
    words = read_words(page)
    assert "受け入れる罪種：窃盗・薬物" in words
    assert "相談による罪種：放火" in words
    assert words.count("分からない：ほかの罪種") == 1
    assert words.count("分からない：罪種") == 1
    page.button_group(key="near_offences").set_value(["theft"]).run()
    assert "refuses" in {row["機関"] for row in read_located(page)}
    assert page.query_params.keys() <= {"facility", "area"}
    card = page.session_state["card"]
    assert "takes" in card
    assert not [word for word in ("罪", "放火", "窃盗", "薬物") if word in card]


def test_an_agency_to_be_checked_says_so_and_the_card_keeps_what_was_chosen(
    reference_store: Store,
) -> None:
    here = Point(35.79, 139.91)
    write(
        reference_store, agency(FACILITY), agency("gone", location=here, status="to_be_checked"),
        [agency(f"a{n}", location=here) for n in range(6)],
        agency("women", location=here, accepts_sex="women"),
        serves(FACILITY, "12207"), partner_list("list", "2022-01-01", "a0"),
    )  # fmt: skip
    page = open_page(draw_and_keep_card, facility=FACILITY, area=MATSUDO)
    assert read_words(page).count("要確認：") == 1
    find_card(page).set_value(["a5", "gone"]).run()
    page.button_group(key="near_sex").set_value("men").run()
    assert "women" not in page.session_state["card"]
    assert find_card(page).value == ["a5", "gone"]
    page.button_group(key="paper").set_value("A5").run()
    assert find_card(page).value == ["a5", "gone"]
    type_words(page, "柏市")  # none of those is served there: the first ones of the new answer
    assert find_card(page).value


def find_card(page: AppTest) -> Any:
    return next(one for one in page.multiselect if (one.key or "").startswith("card_agencies"))


@pytest.mark.parametrize("distances", [[], [None], [3.0, None, 0.0]])
def test_every_agency_is_either_numbered_or_of_unknown_place(distances: list[float | None]) -> None:
    rows = [
        {"name": str(i), "distance_m": distance, "serves": bool(i % 2), "stage": "known"}
        for i, distance in enumerate(distances)
    ]
    groups = group_rows(rows)
    assert [number for number, _ in groups.placed] == list(range(1, len(groups.placed) + 1))
    for group in (groups.serving, groups.near):
        measured = [row["distance_m"] for _, row in group]
        assert measured == sorted(measured)
    assert all(row["serves"] for _, row in groups.serving)
    assert len(groups.unplaced) == distances.count(None)
    assert len(groups.rows) == len(rows)


def test_no_condition_asks_nothing() -> None:
    assert Conditions().count == 0
    assert not any(Conditions().parameters.values())
    some = Conditions("men", 0, "reduced", frozenset({"vacant"}))
    assert some.count == 4
    assert some.parameters["cost_kinds"] == ["free", "reduced"]
    assert some.parameters["age"] == 0
