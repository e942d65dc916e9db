"""The page 記録: what is typed is saved once, told apart, and never overwrites unseen."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import queries
from graph.store import Store
from loaders.forms import FILE
from tests.app.page_text import find_table, read_words
from tests.builders import (
    FACILITY,
    agencies,
    agency,
    day,
    event,
    link,
    node,
    partner_list,
    tie,
    write,
)
from texts import say
from views.record import forms as record_forms
from views.record import table as record_table

TODAY = "2022-10-04"
MARK = "ささやき花子"


def draw() -> None:
    from views import frame, record

    record.show(frame.choose_context())


def open_page(**address: str) -> AppTest:
    page = AppTest.from_function(draw, default_timeout=60)
    for name, value in {"date": TODAY, "agency": "a", **address}.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def find(elements: Any, label: str) -> Any:
    """The one widget with this label."""
    (element,) = [one for one in elements if one.label == say(f"record.{label}")]
    return element


def press(page: AppTest, label: str = "save") -> AppTest:
    find(page.button, label).click().run()
    assert not page.exception
    return page


def choose_kind(page: AppTest, kind: str) -> None:
    find(page.get("button_group"), "label.kind").set_value(kind).run()


def record_event(page: AppTest, kind: str, text: str) -> AppTest:
    choose_kind(page, kind)
    find(page.text_area, "label.text").input(text)
    return press(page)


def read_history(store: Store) -> list[tuple[str, str, str | None]]:
    rows = queries.ask(
        store, "agency_history",
        facility_id=FACILITY, organization_id="a", as_of=date(2022, 10, 31),
    )  # fmt: skip
    return [(row["occurred_on"].isoformat(), row["kind"], row["text"]) for row in rows]


def read_ties(store: Store) -> list[tuple[str, str | None, str | None]]:
    rows = store.read(
        "MATCH ()-[t:TIED_TO]->() RETURN t.strength AS strength, t.since_text AS since, "
        "t.until_text AS until, t.note AS note ORDER BY since"
    )
    return [(row["strength"], row["since"], row["until"]) for row in rows]


@pytest.fixture
def network(store: Store) -> Store:
    """A facility that lists two agencies."""
    write(store, agencies(FACILITY, "a", "b"), partner_list("list", "2022-03-01", "a", "b"))
    return store


def test_an_empty_graph_says_what_to_do(store: Store) -> None:
    assert say("record.empty") in read_words(open_page())


def test_without_an_agency_one_is_asked_for(network: Store) -> None:
    page = open_page(agency="")
    assert say("record.choose") in read_words(page)
    chosen = find(page.selectbox, "agency")
    assert chosen.value is None
    assert chosen.options == ["a", "b"]  # not the facility itself


def test_what_is_typed_is_recorded_with_the_page_as_its_source(network: Store) -> None:
    page = record_event(open_page(), "explained", "あいさつに行った")
    assert say("record.saved") in read_words(page)
    assert read_history(network) == [(TODAY, "explained", "あいさつに行った")]
    (load,) = network.read(
        "MATCH (e:Event) MATCH (l:Load {load_id: e.load_id}) "
        "RETURN l.actor AS actor, l.file AS file, e.source_file AS source"
    )
    assert load == {"actor": FILE, "file": FILE, "source": FILE}
    facts = [text.value for text in page.text]
    assert any("説明済み" in fact for fact in facts)
    assert find(page.text_area, "label.text").value == ""  # ready for the next one


def test_a_level_that_is_not_chosen_is_asked_for_and_nothing_is_written(network: Store) -> None:
    page = open_page()
    choose_kind(page, "anxiety")
    press(page)
    assert say("record.problems") in read_words(page)
    assert any(say("rows.required") in text.value for text in page.text)
    assert read_history(network) == []
    find(page.get("button_group"), "label.level").set_value(4)
    press(page)
    rows = network.read("MATCH (e:Event) RETURN e.kind AS kind, e.value AS value")
    assert rows == [{"kind": "anxiety", "value": 4.0}]


def test_a_day_is_recorded_no_more_exact_than_it_is_known(network: Store) -> None:
    page = open_page()
    choose_kind(page, "declined")
    find(page.selectbox, "precision").set_value("month")
    find(page.date_input, "label.due_on").set_value(date(2023, 3, 31))
    press(page)
    rows = network.read(
        "MATCH (e:Event) RETURN e.occurred_on_precision AS precision, e.until AS until"
    )
    assert rows == [{"precision": "month", "until": date(2023, 3, 31)}]


def test_a_second_remark_of_a_day_overwrites_nothing_and_both_may_stand(network: Store) -> None:
    record_event(open_page(), "remark", "はじめの発言")
    page = record_event(open_page(), "remark", "あとの発言")
    table = find_table(page, say("record.clash.column.now"))
    assert ["内容", "（記録なし）", "はじめの発言", "あとの発言"] in table
    assert read_history(network) == [(TODAY, "remark", "はじめの発言")]
    press(page, "clash.apart")
    assert sorted(text or "" for _, _, text in read_history(network)) == [
        "あとの発言",
        "はじめの発言",
    ]
    assert find_clash(page) is None


def find_clash(page: AppTest) -> Any:
    return next((one for one in page.warning if one.value == say("record.clash.title")), None)


def test_the_same_said_twice_is_said_once(network: Store) -> None:
    record_event(open_page(), "remark", "おなじ発言")
    page = record_event(open_page(), "remark", "おなじ発言")
    assert say("record.saved_before") in read_words(page)
    assert read_history(network) == [(TODAY, "remark", "おなじ発言")]


def test_a_change_of_contact_person_ends_one_and_begins_another(network: Store) -> None:
    write(
        network,
        node("Person", "p", name="前任"),
        link("WORKS_FOR", "Person p", "Organization a", since=day("2020-04-01")),
    )
    page = open_page(form="person")
    assert "前任" in "".join(text.value for text in page.text)
    find(page.text_input, "label.name").input("後任")
    find(page.text_input, "label.role").input("所長")
    press(page)
    rows = network.read(
        "MATCH (p:Person)-[w:WORKS_FOR]->() RETURN p.name AS name, w.since_text AS since, "
        "w.until_text AS until ORDER BY since"
    )
    assert rows == [
        {"name": "前任", "since": "2020-04-01", "until": TODAY},
        {"name": "後任", "since": TODAY, "until": None},
    ]
    assert read_history(network) == [(TODAY, "contact_changed", None)]
    facts = [text.value for text in page.text]
    assert "後任 所長" in facts


def test_an_additional_person_is_no_change(network: Store) -> None:
    page = open_page(form="person")
    find(page.text_input, "label.name").input("はじめの人")
    press(page)
    assert read_history(network) == []
    assert network.read("MATCH (p:Person) RETURN p.name AS name") == [{"name": "はじめの人"}]


def test_a_new_tie_gives_the_agency_its_place(network: Store) -> None:
    page = open_page(form="tie")
    assert say("record.tie.none") in read_words(page)
    find(page.selectbox, "label.strength").set_value("strong")
    press(page)
    assert read_ties(network) == [("strong", TODAY, None)]
    places = network.read("MATCH (:Organization)-[p:PLACES]->(a) RETURN a.organization_id AS id")
    assert places == [{"id": "a"}]


def test_a_tie_that_changed_keeps_its_past(network: Store) -> None:
    write(network, tie("a", FACILITY, since=day("2022-03"), note="むかしから"))
    page = open_page(form="tie")
    find(page.selectbox, "label.strength").set_value("strong")
    press(page)
    assert read_ties(network) == [("normal", "2022-03", TODAY), ("strong", TODAY, None)]


def test_a_tie_recorded_wrongly_is_corrected_in_place(network: Store) -> None:
    write(network, tie("a", FACILITY, since=day("2022-03"), note="むかしから"))
    page = open_page(form="tie")
    find(page.get("button_group"), "tie.action").set_value("correct").run()
    find(page.selectbox, "label.strength").set_value("weak")
    press(page)
    assert read_ties(network) == [("weak", "2022-03", None)]


def test_a_tie_ends(network: Store) -> None:
    write(network, tie("a", FACILITY, since=day("2022-03")))
    page = open_page(form="tie")
    find(page.get("button_group"), "tie.action").set_value("end").run()
    press(page)
    assert read_ties(network) == [("normal", "2022-03", TODAY)]


@pytest.mark.parametrize(
    ("choice", "expected"), [("mine", "weak"), ("theirs", "strong")], ids=["mine", "theirs"]
)
def test_the_second_of_two_sees_both_versions_and_chooses(
    network: Store, choice: str, expected: str
) -> None:
    write(network, tie("a", FACILITY, since=day("2022-03")))
    first, second = open_page(form="tie"), open_page(form="tie")
    for page, strength in ((first, "strong"), (second, "weak")):
        find(page.get("button_group"), "tie.action").set_value("correct").run()
        find(page.selectbox, "label.strength").set_value(strength)
    press(first)
    press(second)
    table = find_table(second, say("record.clash.column.now"))
    assert ["強さ", "ふつう", "強い", "弱い・これから"] in table
    assert read_ties(network) == [("strong", "2022-03", None)]
    press(second, f"clash.{choice}")
    assert read_ties(network) == [(expected, "2022-03", None)]
    assert find_clash(second) is None


def edit(monkeypatch: pytest.MonkeyPatch, edits: dict[int, dict[str, Any]]) -> None:
    """Fill cells of the table, which the testing tool of Streamlit cannot."""
    monkeypatch.setattr(record_forms, "_read_edits", lambda _: edits)


def press_corrections(page: AppTest, count: int) -> AppTest:
    label = say("record.corrections.save", count=count)
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception
    return page


def test_corrections_touch_what_was_edited_and_keep_what_another_changed(
    network: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(network, event("remark", "2022-05-01", "a", key="e1", text="一", until=day("2023")))
    write(network, event("contacted", "2022-04-01", "a", key="e2", text="二"))
    page = open_page(form="corrections")
    edit(monkeypatch, {0: {"text": "わたしの一"}, 1: {"date": "2022-04"}})
    page.run()
    theirs = node("Event", "e1", kind="remark", occurred_on=day("2022-05-01"), text="ほかの一")
    write(network, theirs)
    press_corrections(page, 2)
    table = find_table(page, say("record.clash.column.now"))
    assert ["内容", "一", "ほかの一", "わたしの一"] in table
    press(page, "clash.theirs")
    rows = network.read(
        "MATCH (e:Event) RETURN e.text AS text, e.occurred_on_text AS day, e.until_text AS until "
        "ORDER BY e.event_id"
    )
    assert rows == [
        {"text": "ほかの一", "day": "2022-05-01", "until": "2023"},
        {"text": "二", "day": "2022-04", "until": None},
    ]


def test_a_wrong_correction_is_told_with_its_row(
    network: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(network, event("anxiety", "2022-05-01", "a", key="e1", value=2.0))
    page = open_page(form="corrections")
    edit(monkeypatch, {0: {"value": 7}})
    page.run()
    press_corrections(page, 1)
    told = [text.value for text in page.text if "1 行目の値" in text.value]
    assert told == ["1 行目の値：1〜5 の度合いを書いてください。"]


def test_there_may_be_nothing_to_correct(network: Store) -> None:
    assert say("record.corrections.empty") in read_words(open_page(form="corrections"))


def fill(monkeypatch: pytest.MonkeyPatch, *lines: dict[str, Any]) -> None:
    """Fill the table of several agencies."""
    empty = dict.fromkeys(("organization", "kind", "date", "value", "text", "due_on"), None)
    rows = [empty | {"date": TODAY} | line for line in (*lines, {})]
    monkeypatch.setattr(record_table, "_edit_rows", lambda *_: rows)


def press_table(page: AppTest, count: int) -> AppTest:
    label = say("record.table.save", count=count)
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception
    return page


def test_several_agencies_are_recorded_at_once(
    network: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(
        monkeypatch,
        {"organization": "a", "kind": "不安度", "value": 4.0},
        {"organization": "b", "kind": "説明した", "date": "2022-09", "text": "よい返事"},
    )
    page = press_table(open_page(agency=""), 2)
    assert say("record.saved") in read_words(page)
    rows = network.read(
        "MATCH (e:Event)-[:CONCERNS]->(a) RETURN a.name AS name, e.kind AS kind, "
        "e.value AS value, e.occurred_on_text AS day ORDER BY name"
    )
    assert rows == [
        {"name": "a", "kind": "anxiety", "value": 4.0, "day": TODAY},
        {"name": "b", "kind": "explained", "value": None, "day": "2022-09"},
    ]


def test_a_wrong_line_is_told_and_no_line_is_written(
    network: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(
        monkeypatch,
        {"organization": "a", "kind": "連絡・訪問"},
        {"kind": "連絡・訪問"},
        {"organization": "b", "kind": "納得度", "value": 6.0},
    )
    page = press_table(open_page(form="table"), 3)
    told = [text.value for text in page.text if "行目の" in text.value]
    assert [text.split("：")[0] for text in told] == ["2 行目の機関", "3 行目の度合い"]
    assert read_history(network) == []


@pytest.mark.parametrize(
    ("choice", "texts"),
    [("mine", ["わたし"]), ("theirs", ["ほかの人"]), ("apart", ["ほかの人", "わたし"])],
)
def test_the_second_table_sees_the_first_and_loses_nothing(
    network: Store, monkeypatch: pytest.MonkeyPatch, choice: str, texts: list[str]
) -> None:
    fill(monkeypatch, {"organization": "a", "kind": "連絡・訪問", "text": "ほかの人"})
    first, second = open_page(form="table"), open_page(form="table")
    press_table(first, 1)
    fill(
        monkeypatch,
        {"organization": "a", "kind": "連絡・訪問", "text": "わたし"},
        {"organization": "b", "kind": "連絡・訪問", "text": "もう一つ"},
    )
    press_table(second.run(), 2)
    assert ["内容", say("record.clash.absent"), "ほかの人", "わたし"] in find_table(
        second, say("record.clash.column.now")
    )
    assert "**できごと ・ a**" in [text.value for text in second.markdown]
    press(second, f"clash.{choice}")
    rows = network.read(
        "MATCH (e:Event)-[:CONCERNS]->(a) RETURN a.name AS name, e.text AS text ORDER BY name, text"
    )
    assert [row["text"] for row in rows if row["name"] == "a"] == texts
    assert [row["text"] for row in rows if row["name"] == "b"] == ["もう一つ"]


def test_a_form_that_was_left_is_opened_anew(network: Store) -> None:
    page = open_page(form="tie")
    find(page.get("button_group"), "form").set_value("event").run()
    write(network, tie("a", FACILITY, since=day("2022-03")))
    find(page.get("button_group"), "form").set_value("tie").run()
    assert say("record.tie.none") not in read_words(page)
    assert find(page.selectbox, "tie.which").value == 0


def test_conditions_are_entered_and_a_change_by_somebody_else_is_asked_about(
    network: Store,
) -> None:
    page = open_page(form="conditions")
    page.selectbox(key=find_key(page.selectbox, "accepts_sex")).set_value("women")
    page.number_input(key=find_key(page.number_input, "age_from")).set_value(18)
    kinds = page.button_group
    kinds(key=find_key(kinds, "offences_refused")).set_value(["arson", "sexual"])
    press(page)
    assert say("record.saved") in read_words(page)
    read = (
        "MATCH (a:Organization {organization_id: 'a'}) "
        "RETURN a.accepts_sex AS sex, a.cost AS cost, a.offences_refused AS refused"
    )
    assert network.read(read) == [{"sex": "women", "cost": None, "refused": "sexual arson"}]
    write(network, agency("a", accepts_sex="any"))  # by somebody else meanwhile
    page.text_input(key=find_key(page.text_input, "cost")).set_value("実費")
    press(page)
    assert find_clash(page) is not None
    press(page, "clash.mine")
    assert network.read(read) == [{"sex": "any", "cost": "実費", "refused": "sexual arson"}]


def find_key(widgets: Any, name: str) -> str:
    return next(one.key for one in widgets if one.key and one.key.endswith(f"_{name}"))


def test_personal_values_are_in_no_address_and_no_log(
    network: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    record_event(open_page(), "remark", MARK)
    page = record_event(open_page(), "remark", f"{MARK}2")
    assert find_clash(page) is not None
    page = open_page(form="person")
    find(page.text_input, "label.name").input(MARK)
    find(page.text_input, "label.phone").input(MARK)
    press(page)
    assert any(say("record.label.phone") in text.value for text in page.text)
    assert MARK not in str(dict(page.query_params))
    assert MARK not in "\n".join(
        line.getMessage() for line in caplog.records if line.name.startswith(("tsunagi", "root"))
    )


def test_the_english_page_is_english(network: Store) -> None:
    page = open_page(lang="en", form="tie")
    labels = [one.label for one in (*page.selectbox, *page.date_input, *page.text_area)]
    assert say("record.label.strength", "en") in labels
    assert all(label.isascii() for label in labels)


def test_words_that_may_name_somebody_wait_until_they_are_confirmed(network: Store) -> None:
    choose = open_page()
    page = record_event(choose, "visited", "山田さんの前科の話が出た")
    words = "、".join(say(f"record.doubt.{kind}") for kind in ("name", "offence"))
    assert say("record.doubt.title", kinds=words) in [one.value for one in page.warning]
    assert read_history(network) == []
    press(page, "doubt.mend")
    assert read_history(network) == []
    page = record_event(page, "visited", "鈴木さんが窓口")
    press(page, "doubt.keep")
    assert [text for _, _, text in read_history(network)] == ["鈴木さんが窓口"]


def test_a_save_is_taken_back_and_put_again(network: Store) -> None:
    page = record_event(open_page(), "explained", "あいさつに行った")
    undo = next(one for one in page.button if one.label == say("undo.offer"))
    undo.click().run()
    assert not page.exception
    assert read_history(network) == []
    assert "元に戻しました" in read_words(page)
    next(one for one in page.button if one.label == say("undo.redo")).click().run()
    assert not page.exception
    assert read_history(network) == [(TODAY, "explained", "あいさつに行った")]


def test_a_save_that_somebody_built_on_is_not_taken_back_unasked(network: Store) -> None:
    page = record_event(open_page(), "remark", "言葉")
    (row,) = network.read("MATCH (e:Event) RETURN e.event_id AS key")
    write(network, node("Event", row["key"], kind="remark", occurred_on=day(TODAY), text="別"))
    next(one for one in page.button if one.label == say("undo.offer")).click().run()
    assert not page.exception
    assert say("undo.touched", count=1) in [one.value for one in page.warning]
    told = find_table(page, say("undo.column.why"))[1]
    assert "別" not in "".join(told)  # the words of a remark are personal
    assert [text for _, _, text in read_history(network)] == ["別"]
