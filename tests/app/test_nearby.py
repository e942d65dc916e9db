"""The page 帰住先の近く: agencies nearest first, and those nobody can place."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from graph.records import Point
from graph.store import Store
from tests.app.page_text import find_id, find_table, read_html, read_tables, read_words
from tests.builders import FACILITY, agency, located, partner_list, serves, write
from views.nearby import number_rows

CHIBA = "中核地域生活支援センターほっとねっと"
MATSUDO = "12207"


def draw() -> None:
    from views import frame, nearby

    nearby.show(frame.choose_context())


def open_page(**address: str) -> AppTest:
    """The page at an address; `facility` is a name here, an id in the address."""
    page = AppTest.from_function(draw, default_timeout=60)
    for name, value in address.items():
        page.query_params[name] = find_id(value) if name == "facility" else value
    page.run()
    assert not page.exception
    return page


def read_located(page: AppTest) -> list[dict[str, str]]:
    header, *rows = find_table(page, "番号")
    return [dict(zip(header, row, strict=True)) for row in rows]


def read_unknown(page: AppTest) -> list[str]:
    tables = [table for table in read_tables(page) if table[0][0] == "機関"]
    return [row[0] for table in tables for row in table[1:]]


def test_the_page_begins_where_the_facility_stands(sample_store: Store) -> None:
    page = open_page(facility=CHIBA)
    assert page.selectbox(key="area").value == "12207"
    assert "千葉県松戸市の代表点から近い順に 49 機関" in read_words(page)


def test_agencies_come_nearest_first_and_supporting_ones_before_others(
    sample_store: Store,
) -> None:
    rows = read_located(open_page(facility=CHIBA, area=MATSUDO))
    assert [row["番号"] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    assert [row["直線距離"] for row in rows[:12]] == ["同じ市区町村"] * 12
    assert [row["段階"] for row in rows[:6]] == ["支援中"] * 6
    assert rows[12]["直線距離"] == rows[13]["直線距離"] == "約 7 km"
    kashiwa = next(row for row in rows if row["機関"] == "柏センター")
    assert kashiwa["最後に受けた紹介"] == "2020年7月17日 支援中"
    assert kashiwa["対象地域"] == "記録なし"


def test_agencies_without_a_known_place_stand_apart(sample_store: Store) -> None:
    page = open_page(facility=CHIBA, area=MATSUDO)
    unknown = read_unknown(page)
    assert "千葉県帰性会" in unknown
    assert not set(unknown) & {row["機関"] for row in read_located(page)}
    assert f"位置不明（{len(unknown)} 機関）" in read_words(page)


def test_fields_needs_and_distance_narrow_the_list(sample_store: Store) -> None:
    page = open_page(facility=CHIBA, area=MATSUDO, needs="housing", serves="true")
    names = [row["機関"] for row in read_located(page)] + read_unknown(page)
    assert set(names) == {
        "松戸市の不動産会社（例）", "千葉県帰性会", "住宅支援機関（例）", "自立準備ホーム（例）",
    }  # fmt: skip
    page.multiselect(key="fields").set_value(["justice"]).run()
    assert read_unknown(page) == ["千葉県帰性会"]
    page = open_page(facility=CHIBA, area=MATSUDO, km="5")
    far = [row for row in read_located(page) if row["直線距離"] != "同じ市区町村"]
    assert {row["対象地域"] for row in far} == {"○ 対象"}  # far, but it says it serves the place


def test_nothing_near_says_what_to_do(sample_store: Store) -> None:
    page = open_page(facility=CHIBA, area="01100", km="5")
    assert "距離を広げるか" in page.info[0].value
    assert not read_tables(page)


def test_a_health_area_has_a_middle_too(sample_store: Store) -> None:
    page = open_page(facility=CHIBA, area="care:12-印旛")
    assert "八街少年院" in [row["機関"] for row in read_located(page)]
    assert "印旛センター" in read_unknown(page)


def test_the_english_page_has_english_words(sample_store: Store) -> None:
    page = open_page(facility=CHIBA, area=MATSUDO, lang="en")
    assert find_table(page, "No.")[0] == [
        "No.", "Agency", "Field", "Stage", "Distance", "Place", "Serves it", "Help",
        "Last referral received",
    ]  # fmt: skip
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
    assert [row["機関"] for row in read_located(page)] == ["office"]
    assert read_located(page)[0]["直線距離"].endswith(" km")
    assert "約" not in read_located(page)[0]["直線距離"]
    assert 'href="tel:0471111111"' in read_html(page)
    assert "一丁目" not in read_html(page)


@pytest.mark.parametrize("distances", [[], [None], [3.0, None, 0.0]])
def test_every_agency_is_either_numbered_or_of_unknown_place(distances: list[float | None]) -> None:
    rows = [
        {"name": str(i), "distance_m": distance, "serves": False, "stage": "known"}
        for i, distance in enumerate(distances)
    ]
    numbered = number_rows(rows)
    placed = [row["distance_m"] for _, row in numbered.located]
    assert placed == sorted(distance for distance in distances if distance is not None)
    assert [number for number, _ in numbered.located] == list(range(1, len(placed) + 1))
    assert len(numbered.unknown) == distances.count(None)
