"""The page 報告の指標: the report's figures, the marks, the writer's words and the files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from graph.analysis.indicators import read_goals
from graph.store import Store
from loaders.forms import make_load
from loaders.report_entries import keep_targets
from tests.app.page_text import find_table, read_tables, read_words
from tests.builders import FACILITY, agencies, event, node, partner_list, write
from texts import say
from views.report import read_edited_goals

REPORT_DAY = "2022-10-14"


def draw() -> None:
    from collections.abc import Callable

    import streamlit

    from views import frame, report

    # Keeps what a press on the button would save.
    def keep(
        _context: object, _label: str, make: Callable[[], bytes], name: str, *_: str, **__: str
    ) -> None:
        if name.endswith(".xlsx"):
            streamlit.session_state["saved"] = make()

    report.offer_download = keep
    context = frame.choose_context()
    if not streamlit.session_state.get("left"):
        report.show(context)


def open_page(**address: str) -> AppTest:
    page = AppTest.from_function(draw, default_timeout=60)
    for name, value in {"date": REPORT_DAY, **address}.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def read_states(page: AppTest) -> dict[str, str]:
    """Measure → its state, as the tables of the page say."""
    header = say("report.column.state")
    rows = [row for table in read_tables(page) if header in table[0] for row in table[1:]]
    return {row[0]: row[-1] for row in rows}


def read_form(page: AppTest) -> list[list[str]]:
    sheet = load_workbook(BytesIO(page.session_state["saved"])).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    start = next(i for i, row in enumerate(rows) if row[0] == say("report.column.output"))
    return rows[start:-1]


def test_the_figures_of_the_report_stand_on_the_page(sample_store: Store) -> None:
    states = read_states(open_page())
    assert states[say("report.measure.meetings")] == "1 回開催（2022年6月13日）"
    assert states[say("report.measure.listed")] == "17 機関を掲載（リスト作成 2022年3月）"
    assert states[say("report.measure.explained")] == "17 機関のうち 8 機関に説明（47%）"
    assert states[say("report.measure.supporting")] == "17 機関のうち 8 機関が支援（47%）"
    assert states[say("report.measure.employment")] == "2022年度 20 人"
    assert states[say("report.measure.attendance")] == "1 回の参加者は最高 3 人"
    assert states[say("report.measure.outreach")] == ("2020年度 8 人、2021年度 8 人、2022年度 8 人")
    assert states[say("report.measure.volunteering")] == "2021年度 1 回、2022年度 0 回"
    assert states[say("report.measure.volunteers")] == "参加者 1 人"
    assert states[say("report.measure.agreement")] == say("report.state.none")


def test_the_records_behind_a_figure_are_shown(sample_store: Store) -> None:
    words = read_words(open_page())
    assert "2022年6月13日" in words
    assert "2022年度9月末現在8名（内2名登録）" in words


def test_the_file_has_the_layout_of_the_form(sample_store: Store) -> None:
    header, *rows = read_form(open_page())
    names = ("output", "measure", "target", "due", "state", "mark")
    assert header == [say(f"report.column.{name}") for name in names]
    assert [row[0].split("）")[0] for row in rows] == [
        "（1", "（0101", "（0102", "（0103", "（0104", "（0105", "（0106", "（2", "（3", "（4",
    ]  # fmt: skip
    assert rows[0][2:] == ["初期値に加えて 3 回", "2023年1月", "1 回開催（2022年6月13日）", "3"]
    assert rows[1][4].splitlines()[1] == "② 17 機関のうち 8 機関に説明（47%）"
    assert rows[9][5] == "4"


def test_a_file_for_outside_tells_no_small_number_of_people(sample_store: Store) -> None:
    outside, inside = open_page(), open_page(report_reader="inside")
    told, exact = ([row[4] for row in read_form(page)[1:]] for page in (outside, inside))
    assert told[7:9] == [
        "2022年度 20〜29 人",
        "① 1 回の参加者は最高 9 以下 人\n"
        "② 2020年度 9 以下 人、2021年度 9 以下 人、2022年度 9 以下 人",
    ]
    assert exact[7] == "2022年度 20 人"
    assert "2020年度 8 人" in exact[8]
    assert told[1] == exact[1]  # agencies are no clients
    books = [load_workbook(BytesIO(page.session_state["saved"])) for page in (outside, inside)]
    assert [book.worksheets[0].cell(2, 1).value for book in books] == [
        say("report.file.for_outside"),
        say("report.file.for_inside"),
    ]
    evidence = [[row[0].value for row in book.worksheets[1].iter_rows()] for book in books]
    assert "3" in evidence[1]
    assert "3" not in evidence[0]  # lines about people could be counted
    assert "1" in evidence[0]


def test_the_writer_s_words_and_mark_go_into_the_file(sample_store: Store) -> None:
    page = open_page()
    area = next(each for each in page.text_area if each.key.endswith("_words_1"))
    area.set_value("=次回は拠点事業")
    mark = next(each for each in page.selectbox if str(each.key).endswith("_mark_1"))
    mark.set_value(2)
    page.run()
    row = read_form(page)[1]
    assert row[4] == "1 回開催（2022年6月13日）\n=次回は拠点事業"
    assert row[5] == "2"


def test_a_proposal_follows_the_figures_until_the_writer_chooses(sample_store: Store) -> None:
    page = open_page(report_since="2022-07-01")
    mark = next(each for each in page.selectbox if str(each.key).endswith("_mark_1"))
    assert mark.options[0] == say("report.mark.proposed", mark=say("report.mark.3"))
    assert read_states(page)[say("report.measure.meetings")] == "0 回開催"


def test_shares_of_fewer_than_five_are_not_percentages(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a"),
        partner_list("l", "2022-03-01", "a"),
        [node("Client", name) for name in "xy"],
        event("followup_offered", "2022-05-01", "Client x", "Client y"),
        event("followup_accepted", "2022-05-02", "Client x"),
    )
    page = open_page()
    states = read_states(page)
    assert states[say("report.measure.accepted")] == "案内した 2 人のうち 1 人が受け入れ"
    assert "Client" not in read_words(page)


def test_a_first_day_after_the_last_is_said(sample_store: Store) -> None:
    page = open_page(report_since="2022-11-01")
    assert [each.value for each in page.warning] == [say("report.reversed")]


def test_before_the_first_record_and_without_any(store: Store) -> None:
    assert [each.value for each in open_page().info] == [say("report.empty")]
    write(store, agencies(FACILITY, "a"), partner_list("l", "2022-03-01", "a"))
    page = open_page(date="2022-02-01")
    assert [each.value for each in page.info] == [say("report.too_early")]


def test_in_english(sample_store: Store) -> None:
    words = read_words(open_page(lang="en"))
    assert "8 of 17 agencies explained to (47%)" in words
    assert "3 more than at the start" in words


def test_goals_are_edited_and_a_bad_due_day_changes_nothing() -> None:
    goals = read_goals()
    row = {"words": "w", "goal": 5.0, "baseline": float("nan"), "due": "2024-02-10"}
    rows = dict.fromkeys(goals, row) | {"meetings": {**row, "due": "soon", "baseline": 1.0}}
    edited, unread = read_edited_goals(goals, rows, "ja")
    assert unread == ["soon"]
    assert edited["meetings"] == replace(
        goals["meetings"], goal=5.0, baseline=1.0, words={**goals["meetings"].words, "ja": "w"}
    )
    assert edited["outreach"].due.isoformat() == "2024-02-10"
    assert edited["outreach"].baseline is None


def press(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception
    return page


def write_words(page: AppTest, words: str, mark: int) -> AppTest:
    next(a for a in page.text_area if a.key.endswith("_words_1")).set_value(words)
    next(s for s in page.selectbox if str(s.key).endswith("_mark_1")).set_value(mark)
    return press(page.run(), say("report.kept.save", count=1))


def read_words_and_mark(page: AppTest) -> tuple[str, int]:
    area = next(each for each in page.text_area if each.key.endswith("_words_1"))
    mark = next(each for each in page.selectbox if str(each.key).endswith("_mark_1"))
    return area.value, mark.value


def write_facility(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a"),
        partner_list("l", "2022-03-01", "a"),
        event("meeting", "2022-06-13", "a"),
    )


def test_marks_and_words_are_kept_for_the_period_and_everybody(store: Store) -> None:
    write_facility(store)
    write_words(open_page(), "次回は拠点事業", 2)
    again = open_page()
    assert read_words_and_mark(again) == ("次回は拠点事業", 2)
    assert read_form(again)[1][5] == "2"
    later = open_page(date="2022-10-20")
    assert read_words_and_mark(later) == ("次回は拠点事業", 2)
    assert say("report.kept.earlier", until="2022年10月14日") in read_words(later)
    before = open_page(date="2022-10-01")
    assert read_words_and_mark(before) == ("", 0)
    press(later, say("report.kept.save", count=1))
    assert [row["since"] for row in store.list_nodes("Assessment", ("since", "until"))] == [
        date(2021, 4, 1), date(2021, 4, 1),
    ]  # fmt: skip


def test_the_second_writer_sees_the_words_of_the_first(store: Store) -> None:
    write_facility(store)
    first, second = open_page(), open_page()
    write_words(first, "ひとりめ", 2)
    write_words(second, "ふたりめ", 3)
    rows = find_table(second, say("record.clash.column.now"))
    assert ["書く人の言葉", say("record.clash.absent"), "ひとりめ", "ふたりめ"] in rows
    press(second, say("record.clash.mine"))
    assert read_words_and_mark(open_page()) == ("ふたりめ", 3)


def leave_and_return(page: AppTest) -> AppTest:
    """Go to another page and come back: Streamlit has forgotten what was typed by then."""
    page.session_state["left"] = True
    page.run()
    page.session_state["left"] = False
    return page.run()


def test_who_only_looked_sees_what_a_colleague_kept_meanwhile(store: Store) -> None:
    write_facility(store)
    looking = open_page()
    write_words(open_page(), "同僚のことば", 2)
    leave_and_return(looking)
    assert read_words_and_mark(looking) == ("同僚のことば", 2)
    assert next(b for b in looking.button if b.label == say("report.kept.save", count=0)).disabled


def test_a_draft_outlives_the_page_and_meets_what_a_colleague_kept(store: Store) -> None:
    write_facility(store)
    page = open_page()
    next(a for a in page.text_area if a.key.endswith("_words_1")).set_value("わたしの下書き").run()
    write_words(open_page(), "同僚のことば", 2)
    leave_and_return(page)
    assert read_words_and_mark(page) == ("わたしの下書き", 0)
    press(page, say("report.kept.save", count=1))
    rows = find_table(page, say("record.clash.column.now"))
    assert any(row[2:] == ["同僚のことば", "わたしの下書き"] for row in rows)
    press(page, say("record.clash.theirs"))
    assert read_words_and_mark(page) == ("同僚のことば", 2)
    assert read_words_and_mark(open_page()) == ("同僚のことば", 2)


def test_a_target_that_is_kept_counts_from_its_day(store: Store) -> None:
    write_facility(store)
    goals = {"meetings": replace(read_goals()["meetings"], goal=1.0, words={"ja": "一回"})}
    entry = keep_targets(FACILITY, date(2022, 10, 1), goals, {})
    store.write(entry.records, make_load("opening", entry), expected=entry.expected)
    target = say("report.column.target")

    def read_target(day: str) -> str:
        rows = find_table(open_page(date=day), target)
        return next(row[1] for row in rows if row[0] == say("report.measure.meetings"))

    assert read_target("2022-10-14") == "一回"
    assert read_target("2022-09-30") == "初期値に加えて 3 回"
    mark = next(s for s in open_page().selectbox if str(s.key).endswith("_mark_1"))
    assert mark.options[0] != say("report.mark.proposed", mark=say("report.mark.3"))
