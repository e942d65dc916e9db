"""The page 取り込み: check, difference, load, and what a file may not do."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from pathlib import Path

import neo4j
from streamlit.testing.v1 import AppTest

import queries
from graph.store import Store
from loaders.loading import load_file
from tests.app.page_text import find_table, read_html, read_tables, read_words
from tests.builders import count_nodes, delimited, hash_graph, workbook
from tests.open_data_files import office, offices, wamnet
from texts import say
from views.markdown import escape

SAMPLE = Path(__file__).parents[2] / "sample"
SAITAMA = "埼玉_更生保護施設.xlsx"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

AGENCIES = [
    ["名称", "分野", "市区町村", "電話番号"],
    ["東の家", "福祉", "松戸市", "047-123-4567"],
    ["西の家", "医療", "柏市", ""],
]
LISTED = [["機関名", "分野", "期待される支援", "作成日"], ["東の家", "福祉", "相談", "2022-03-01"]]


def draw() -> None:
    from views import frame, upload

    upload.show(frame.choose_context())


def open_page(**address: str) -> AppTest:
    page = AppTest.from_function(draw, default_timeout=120)
    for name, value in address.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def choose(page: AppTest, name: str, data: bytes) -> AppTest:
    page.file_uploader[0].set_value((name, data, EXCEL)).run()
    assert not page.exception
    return page


def press_load(page: AppTest) -> AppTest:
    page.button(key="upload_load").click().run()
    assert not page.exception
    return page


def read_counts(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def read_history(page: AppTest, *, with_head: bool = False) -> list[list[str]]:
    """The rows of what was loaded so far, the latest first."""
    rows = re.findall(r'<div class="loads (head|row)">(.*?)</div>', read_html(page))
    return [
        [unescape(cell) for cell in re.findall(r"<span[^>]*>(.*?)</span>", row)]
        for kind, row in rows
        if with_head or kind == "row"
    ]


def press(page: AppTest, label: str) -> AppTest:
    """Press the first button of this label."""
    next(one for one in page.button if one.label == label).click().run()
    assert not page.exception
    return page


def test_a_whole_file_is_checked_shown_and_loaded(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    page = open_page()
    assert "まだ何も取り込んでいません" in read_words(page)
    choose(page, SAITAMA, (SAMPLE / SAITAMA).read_bytes())
    assert count_nodes(raw, "Organization") == 0  # a check writes nothing
    counts = read_counts(page)
    assert int(counts["新しい"]) > 200
    assert (counts["変わる"], counts["変わらない"]) == ("0", "0")
    press_load(page)
    assert (
        f"「{escape(SAITAMA)}」を取り込みました：追加 {counts['新しい']}" in page.success[0].value
    )
    assert read_history(page)[0][1:4] == [SAITAMA, "この画面", counts["新しい"]]
    funnel = {r["step"]: r["count"] for r in queries.ask(reference_store, "partner_funnel")}
    assert (funnel["listed"], funnel["explained"], funnel["supporting"]) == (17, 8, 8)
    assert not page.metric  # the file and its bytes are let go of


def test_the_same_file_again_changes_nothing(reference_store: Store, raw: neo4j.Driver) -> None:
    data = workbook(機関=AGENCIES)
    press_load(choose(open_page(), "家.xlsx", data))
    before = hash_graph(raw)
    page = choose(open_page(), "家.xlsx", data)
    assert "取り込んでも何も変わりません" in read_words(page)
    press_load(page)
    assert "追加 0・変更 0" in page.success[0].value
    assert hash_graph(raw) == before


def test_a_table_is_pasted_as_a_spreadsheet_copies_it(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    page = open_page()
    rows = [
        ["名称", "分野", "備考"],
        ["東の家", "福祉", ""],
        ["西の家", "医療", '"二つの\n""入口"""'],
    ]
    page.text_area[0].set_value("\n".join("\t".join(row) for row in rows) + "\n").run()
    assert not page.exception
    assert count_nodes(raw, "Organization") == 0  # a check writes nothing
    press_load(page)
    names = {row["name"] for row in reference_store.list_nodes("Organization", ("name",))}
    assert names == {"東の家", "西の家"}
    notes = {row["note"] for row in reference_store.list_nodes("Organization", ("note",))}
    assert any(note and "入口" in note for note in notes)
    assert read_history(page)[0][1] == say("upload.paste.name")
    assert page.text_area[0].value == ""  # the pasted words are let go of


def test_what_is_wrong_in_a_pasted_table_is_told_with_its_row(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    page = open_page()
    page.text_area[0].set_value("名称\t分野\n東の家\t宇宙").run()
    (row,) = find_table(page, say("upload.column.problem"))[1:]
    assert row[0] == say("upload.paste.name") and "2" in row
    page.text_area[0].set_value('名称\t分野\n"東の家\t福祉').run()
    assert not page.exception and [b for b in page.button if b.key == "upload_load"] == []
    assert count_nodes(raw, "Organization") == 0


def test_a_change_is_shown_before_and_after(reference_store: Store) -> None:
    press_load(choose(open_page(), "家.xlsx", workbook(機関=AGENCIES)))
    changed = [AGENCIES[0], ["東の家", "福祉", "松戸市", "047-765-4321"]]
    page = choose(open_page(), "家.xlsx", workbook(機関=changed))
    assert find_table(page, "取り込み後")[1:] == [
        ["機関", "2", "機関・事業所", "東の家", "電話番号", "047-123-4567", "047-765-4321"]
    ]
    missing = next(
        row for row in find_table(page, "このファイルにない") if row[0] == "機関・事業所"
    )
    assert missing[-1] == "1"


def test_a_relation_that_another_takes_the_place_of_is_shown(reference_store: Store) -> None:
    headers = ["紹介ID", "年度", "番号", "仮名ID", "紹介元", "紹介先"]
    sent = [headers, ["r1", "2020", 1, "C-1", "東の家", "西の家"]]
    press_load(choose(open_page(), "家.xlsx", workbook(機関=AGENCIES, 紹介=sent)))
    corrected = [headers, ["r1", "2020", 1, "C-1", "東の家", "南の家"]]
    agencies = [AGENCIES[0], ["南の家", "福祉", "松戸市", ""]]
    page = choose(open_page(), "直し.xlsx", workbook(機関=agencies, 紹介=corrected))
    assert "はずれる関係（1 件）" in read_words(page)
    gone = next(table for table in read_tables(page) if "西の家" in table[-1][-1])
    assert gone[1:] == [["紹介", "2", "紹介先", "r1 → 西の家"]]
    press_load(page)
    again = choose(open_page(), "直し.xlsx", workbook(紹介=corrected))
    assert "はずれる関係" not in read_words(again)


def test_personal_values_stay_hidden(reference_store: Store) -> None:
    people = [["氏名", "機関", "電話番号"], ["担当者甲", "東の家", "047-111-2222"]]
    press_load(choose(open_page(), "人.xlsx", workbook(機関=AGENCIES, 担当者=people)))
    people[1][2] = "047-333-4444"
    page = choose(open_page(), "人.xlsx", workbook(機関=AGENCIES, 担当者=people))
    change = find_table(page, "取り込み後")[1]
    assert change[4:] == ["電話番号", "●●●", "●●●"]
    for personal in ("担当者甲", "047-111-2222", "047-333-4444"):
        assert personal not in read_html(page)


def test_every_problem_is_listed_and_nothing_is_loaded(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    rows = [["名称", "分野", "電話番号"], ["東の家", "宇宙", "12"], ["", "福祉", ""]]
    page = choose(open_page(), "家.xlsx", workbook(機関=rows))
    problems = find_table(page, "どこが違い、どう書けばよいか")
    assert [row[:4] for row in problems[1:]] == [
        ["家.xlsx", "機関", "2", "分野"],
        ["家.xlsx", "機関", "2", "電話番号"],
        ["家.xlsx", "機関", "3", "名称"],
    ]
    assert "宇宙" in problems[1][4]
    assert page.error[0].value.startswith("直すところが 3 か所")
    assert not page.button
    assert count_nodes(raw, "Organization") == 0


def test_what_is_no_table_is_refused_with_a_sentence(reference_store: Store) -> None:
    page = choose(open_page(), "家.xlsx", b"\x00\x01\x02 no workbook")
    assert len(find_table(page, "どこが違い、どう書けばよいか")) == 2
    assert not page.button


def test_a_list_without_its_keeper_asks_whose_it_is(reference_store: Store) -> None:
    press_load(choose(open_page(), "家.xlsx", workbook(機関=AGENCIES)))
    page = choose(open_page(), "リスト.xlsx", workbook(連携リスト=LISTED))
    assert "だれのリスト" in page.warning[0].value
    assert not page.error
    assert "upload_load" not in {button.key for button in page.button}
    owner = next(box for box in page.selectbox if box.label.startswith("どの機関の"))
    owner.set_value("西の家").run()
    assert not page.warning
    press_load(page)
    keepers = [row["name"] for row in queries.ask(reference_store, "ecomap_facilities")]
    assert keepers == ["西の家"]


def test_a_text_file_is_read_too(reference_store: Store, raw: neo4j.Driver) -> None:
    page = choose(open_page(), "機関.csv", delimited([list(row) for row in AGENCIES], "cp932"))
    press_load(page)
    assert count_nodes(raw, "Organization") == 2


def test_a_template_to_fill_in_is_offered(reference_store: Store) -> None:
    offered = open_page().get("download_button")
    assert [button.proto.label for button in offered] == ["ひな形（Excel）"]


def test_the_english_page_has_english_words(sample_store: Store) -> None:
    page = open_page(lang="en")
    header, *rows = read_history(page, with_head=True)
    assert header == [
        "When", "What", "By", "Added", "Changed", "Deleted", "Unchanged", "State",
    ]  # fmt: skip
    assert {row[2] for row in rows} == {"Sample"}
    assert {row[7] for row in rows} == {"Done"}


def offer_open_data(store: Store, edition: str = "") -> AppTest:
    """Own agencies, then a file of open data in the uploader."""
    own = [["機関ID", "名称", "市区町村"], ["our-1", "社会福祉法人 まつどの家", "松戸市"]]
    assert not load_file(store, "家.xlsx", workbook(機関=own)).problems
    rows = [office(), *offices(2)]
    return choose(open_page(), f"公開{edition}.csv", wamnet(rows))


def test_open_data_asks_for_its_edition_and_says_what_it_is(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    page = offer_open_data(reference_store)
    assert "版が、ファイル名からは分かりません" in page.warning[0].value
    assert not page.error
    assert "upload_load" not in {button.key for button in page.button}
    box = next(box for box in page.date_input if box.label == "いつの版ですか")
    box.set_value(date(2025, 3, 1)).run()
    assert not page.warning
    assert "2025年3月の版" in read_words(page)
    assert any("1 行は、すでにある機関と同じかもしれません" in one.value for one in page.info)
    press_load(page)
    assert "同じ機関か確認する" in page.info[0].value
    assert count_nodes(raw, "Organization") == 3


def test_an_older_edition_needs_a_tick(reference_store: Store) -> None:
    press_load(offer_open_data(reference_store, "_202509"))
    page = choose(open_page(), "公開_202503.csv", wamnet(offices(2)))
    assert "この版（2025年3月）は、すでに取り込んだ版（2025年9月）より古い" in page.error[0].value
    next(box for box in page.checkbox if box.label == "それでも取り込む").check().run()
    assert not page.error
    press_load(page)


def test_another_table_under_the_same_name_needs_a_tick(reference_store: Store) -> None:
    press_load(offer_open_data(reference_store, "_202503"))
    other = wamnet([office(service="就労移行支援", number="1210009999")])
    page = choose(open_page(lang="en"), "公開_202503.csv", other)
    (question,) = page.error
    source = escape("Disability welfare services (WAM NET)")
    assert f"“{source} 就労継続支援Ａ型”; this one is “{source} 就労移行支援”" in question.value
    assert "upload_load" not in {button.key for button in page.button}
    next(box for box in page.checkbox if box.label == "Load all the same").check().run()
    assert not page.error
    press_load(page)


def test_a_small_file_that_shrank_is_told_in_sight(reference_store: Store) -> None:
    assert not load_file(reference_store, "公開_202503.csv", wamnet(offices(9))).problems
    page = choose(open_page(), "公開_202509.csv", wamnet(offices(4)))
    assert "4 行しかありません。前の版は 9 行でした" in page.warning[0].value
    press_load(page)


def test_a_doubtful_office_is_decided_with_one_click_and_taken_back(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    press_load(offer_open_data(reference_store, "_202503"))
    page = open_page(upload_view="review")
    assert "まつどの家" in read_html(page)
    next(button for button in page.button if button.label == "同じ機関").click().run()
    assert "同じ機関としました" in page.success[0].value
    assert "確認を待っているものはありません" in page.info[0].value
    numbers = "MATCH (o {organization_id: 'our-1'}) RETURN o.office_number AS n"
    assert raw.execute_query(numbers).records[0]["n"] == "1210000001"
    next(button for button in page.button if button.label == "元に戻す").click().run()
    assert not page.exception
    assert raw.execute_query(numbers).records[0]["n"] is None
    assert "同じ機関" in {button.label for button in page.button}


def test_an_agency_of_ones_own_that_may_be_known_is_asked_about_before_the_load(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    press_load(choose(open_page(), "家.xlsx", workbook(機関=AGENCIES)))
    other = [AGENCIES[0], ["[東]の家", "福祉", "松戸市", "047-123-4567"]]
    page = choose(open_page(), "別の表.xlsx", workbook(機関=other))
    (question,) = [one for one in page.radio if one.label == "同じ機関ですか"]
    assert question.options == [f"「{escape('東の家')}」と同じ機関", "別の機関"]
    assert question.value == ""
    assert "このファイル 機関 2 行目" in read_html(page)
    assert "電話番号と市区町村が同じ" in read_html(page)
    assert read_counts(page)["新しい"] != "0"
    question.set_value(find_id(raw, "東の家")).run()
    assert not page.exception
    assert read_counts(page)["新しい"] == "0"
    assert ["名称", "東の家", "[東]の家"] in [row[-3:] for row in find_table(page, "項目")]
    press_load(page)
    assert count_nodes(raw, "Organization") == 2


def find_id(raw: neo4j.Driver, name: str) -> str:
    rows = raw.execute_query(
        "MATCH (o:Organization {name: $name}) RETURN o.organization_id AS id", name=name
    ).records
    return str(rows[0]["id"])


def test_a_load_is_undone_after_a_preview_and_loaded_again(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    before = hash_graph(raw)
    page = press_load(choose(open_page(), "家.xlsx", workbook(機関=AGENCIES)))
    page = press(open_page(), "元に戻す…")
    kinds = find_table(page, "消える")
    assert ["機関・事業所", "2", "", ""] in kinds
    assert "東の家" in read_html(page)
    assert count_nodes(raw, "Organization") == 2  # a preview changes nothing
    press(page, "元に戻す")
    assert "元に戻しました" in page.success[0].value
    assert hash_graph(raw) == before
    told = [(row[1], row[-1]) for row in read_history(page)]
    assert told == [("「家.xlsx」を元に戻した", "完了"), ("家.xlsx", "元に戻した")]
    press(page, "やり直す")
    assert "やり直しました" in page.success[0].value
    assert count_nodes(raw, "Organization") == 2
    press(press(page, "元に戻す…"), "元に戻す")
    assert hash_graph(raw) == before
    page = press_load(choose(open_page(), "家.xlsx", workbook(機関=AGENCIES)))
    assert count_nodes(raw, "Organization") == 2


def test_what_later_loads_changed_is_listed_and_a_person_chooses(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    before = hash_graph(raw)
    changed = [AGENCIES[0], ["東の家", "福祉", "松戸市", "047-765-4321"]]
    for name, rows in (("家.xlsx", AGENCIES), ("後.xlsx", changed)):
        assert not load_file(reference_store, name, workbook(機関=rows), actor="page").problems
    page = open_page()
    page.button(key=f"history_{_find_load(reference_store, '家.xlsx')}").click().run()
    assert "1 件あります" in page.warning[0].value
    touched = find_table(page, "あとから")[1]
    assert touched[:3] == ["機関・事業所", "東の家", "変わっています"]
    assert touched[3].startswith("「後.xlsx」")
    assert touched[5] == "後.xlsx 機関 2行"
    press(page, "やめる")
    assert not page.warning
    page.button(key=f"history_{_find_load(reference_store, '家.xlsx')}").click().run()
    press(page, "あとの分も含めて元に戻す（2 件）")
    assert hash_graph(raw) == before


def _find_load(store: Store, file: str) -> str:
    rows = queries.ask(store, "list_loads", acts=["load"])
    return str(next(row["load_id"] for row in rows if row["file"] == file))


def test_many_loads_are_shown_a_page_at_a_time(reference_store: Store, raw: neo4j.Driver) -> None:
    raw.execute_query(
        "UNWIND range(1, 45) AS n CREATE (:Load {load_id: 'many-' + n, state: 'done', "
        "file: n + '.xlsx', file_hash: 'h', created: 0, changed: 0, unchanged: 1, "
        "loaded_at: datetime('2026-01-01T00:00Z') + duration({minutes: n})})"
    )
    page = open_page()
    assert [row[1] for row in read_history(page)][::19] == ["45.xlsx", "26.xlsx"]
    press(press(page, "古いほうへ"), "古いほうへ")
    assert [row[1] for row in read_history(page)] == [f"{n}.xlsx" for n in range(5, 0, -1)]
    assert "45 件のうち 41〜45 件目" in read_words(page)
    assert "元に戻す…" not in {button.label for button in page.button}  # they changed nothing
    page = open_page(upload_history_kind="edits")
    assert "まだ何も取り込んでいません" in read_words(page)
