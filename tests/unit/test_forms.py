"""What is typed into a form becomes a file's records, and knows what it was read as."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.dates import read_iso_date
from graph.records import NodeRecord, Record, RelationshipRecord, Source, encode
from graph.store import Change
from graph.vocabulary import EVENT_KINDS, FLOWS, QUALITIES, STRENGTHS, TIE_KINDS
from loaders.directory import Directory, KnownOrganization
from loaders.forms import (
    FILE,
    LEVEL_KINDS,
    Entry,
    Standing,
    close_entry,
    leave_out,
    make_load,
    open_row,
    read_corrections,
    read_event_form,
    read_person_form,
    read_tie_end,
    read_tie_form,
    set_apart,
    stand_event,
    stand_tie,
    stand_work,
    take_over,
)
from loaders.reading.grids import Row
from loaders.reading.sheets import Table
from loaders.workbook import read_records

HOME, AGENCY = "home", "org/松戸、1"
LABELS = {
    name: name.upper()
    for name in (
        "kind", "date", "due_on", "value", "text", "strength", "quality", "flow", "since",
        "until", "note", "name", "role", "phone", "email",
    )
}  # fmt: skip
KINDS = ("contacted", "explained", "support_started", "support_ended", "declined")
WORDS = st.text("あア亜Aa1、/ ", min_size=1, max_size=12).filter(str.strip)
DAYS = st.dates(date(2001, 1, 1), date(2090, 12, 31))


def event_row(**changed: Any) -> dict[str, Any]:
    return {
        "event_id": "e1",
        "kind": "remark",
        "occurred_on": date(2022, 3, 1),
        "occurred_on_precision": "month",
        "occurred_on_text": "R4.3",
        "until": None,
        "until_precision": None,
        "until_text": None,
        "value": None,
        "text": "まえのことば",
        "content_hash": "read",
    } | changed


def tie_row(**changed: Any) -> dict[str, Any]:
    return {
        "source_id": "a",
        "target_id": "b",
        "kind": "cooperation",
        "strength": "normal",
        "quality": "good",
        "flow": None,
        "note": None,
        "since": date(2022, 3, 1),
        "since_precision": "month",
        "since_text": "R4.3",
        "until": None,
        "until_precision": None,
        "until_text": None,
        "content_hash": "read",
    } | changed


def work_row(**changed: Any) -> dict[str, Any]:
    return {
        "organization_id": AGENCY,
        "person_id": "p1",
        "role": "相談員",
        "since": date(2020, 4, 1),
        "since_precision": "day",
        "since_text": "2020-04-01",
        "until": None,
        "until_precision": None,
        "until_text": None,
        "content_hash": "read",
    } | changed


def describe(records: tuple[Record, ...]) -> list[tuple[str, str, dict[str, Any]]]:
    return sorted((r.kind, r.identity, dict(encode(r))) for r in records)


def only(entry: Entry, kind: str) -> Record:
    (record,) = [record for record in entry.records if record.kind == kind]
    return record


def codes(entry: Entry) -> list[tuple[str, str]]:
    return [(problem.column, problem.code) for problem in entry.problems]


@given(st.sampled_from(KINDS), DAYS, st.none() | WORDS)
def test_an_event_is_what_a_file_with_the_same_row_says(
    kind: str, day: date, text: str | None
) -> None:
    form = read_event_form({"kind": kind, "date": day, "text": text}, LABELS, "a", HOME)
    known = [KnownOrganization("a", "あ"), KnownOrganization(HOME, "家")]
    header = ("種類", "日付", "内容", "機関", "施設")
    rows = (Row(2, (kind, day, text, "a", HOME)),)
    table = Table("表.xlsx", "できごと", header, 1, rows)
    reading = read_records([table], Directory(known))
    assert not reading.problems
    assert describe(form.records) == describe(reading.records)


@given(
    st.sampled_from(TIE_KINDS.codes),
    st.sampled_from(STRENGTHS.codes),
    st.sampled_from(QUALITIES.codes),
    st.sampled_from(FLOWS.codes),
    DAYS,
)
def test_a_tie_is_what_a_file_with_the_same_row_says(
    kind: str, strength: str, quality: str, flow: str, day: date
) -> None:
    cells = {"kind": kind, "strength": strength, "quality": quality, "flow": flow, "since": day}
    form = read_tie_form(cells, LABELS, "a", HOME)
    known = [KnownOrganization("a", "あ"), KnownOrganization(HOME, "家")]
    header = ("機関A", "機関B", "関係の種類", "強さ", "良し悪し", "向き", "開始日")
    table = Table("表.xlsx", "関係", header, 1, (Row(2, ("a", HOME, *cells.values())),))
    reading = read_records([table], Directory(known))
    assert not reading.problems
    assert describe(form.records) == describe(reading.records)


def test_an_event_names_its_agency_by_an_id_of_any_spelling_and_the_page_as_its_source() -> None:
    entry = read_event_form({"kind": "contacted", "date": "2022-10-04"}, LABELS, AGENCY, HOME)
    concerned, recorder = only(entry, "CONCERNS"), only(entry, "RECORDED_BY")
    assert isinstance(concerned, RelationshipRecord)
    assert isinstance(recorder, RelationshipRecord)
    assert concerned.end == ("Organization", AGENCY)
    assert recorder.end == ("Organization", HOME)
    assert {record.source.file for record in entry.records} == {FILE}
    assert entry.expected == {("Event", only(entry, "Event").identity): None}


@pytest.mark.parametrize("kind", sorted(LEVEL_KINDS))
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("3", []),
        (5, []),
        ("", [("VALUE", "rows.required")]),
        (0, [("VALUE", "rows.level")]),
        ("6", [("VALUE", "rows.level")]),
        (2.5, [("VALUE", "rows.level")]),
    ],
)
def test_a_level_is_one_to_five(kind: str, value: object, expected: list[Any]) -> None:
    cells = {"kind": kind, "date": "2022-10-04", "value": value}
    entry = read_event_form(cells, LABELS, "a", HOME)
    assert codes(entry) == expected
    assert bool(entry.records) == (not expected)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"kind": "contacted"}, [("DATE", "rows.required")]),
        ({"kind": "remark", "date": "2022-10-04"}, [("TEXT", "rows.required")]),
        ({"kind": "contacted", "date": "きのう"}, [("DATE", "loaders.date.not_a_date")]),
        (
            {"kind": "declined", "date": "2022-10-04", "due_on": "2022-09"},
            [("DUE_ON", "rows.dates_reversed")],
        ),
    ],
)
def test_what_is_wrong_is_told_at_the_label_of_the_form(
    cells: Mapping[str, object], expected: list[tuple[str, str]]
) -> None:
    entry = read_event_form(cells, LABELS, "a", HOME)
    assert codes(entry) == expected
    assert (entry.records, entry.expected) == ((), {})


def test_a_rest_lasts_until_its_day() -> None:
    cells = {"kind": "declined", "date": "2022-10-04", "due_on": "2023-03"}
    event = only(read_event_form(cells, LABELS, "a", HOME), "Event")
    assert event.properties["until"] == read_iso_date("2023-03")


def test_a_changed_tie_ends_when_the_new_one_begins() -> None:
    standing = stand_tie(tie_row())
    cells = {"kind": "cooperation", "strength": "strong", "quality": "good", "since": "2022-10-04"}
    entry = read_tie_form(cells, LABELS, "a", "b", standing)
    new, old = sorted(entry.records, key=lambda r: r.identity == standing.key[1])
    assert old.identity == standing.key[1]
    assert old.properties["until"] == new.properties["since"] == read_iso_date("2022-10-04")
    assert old.properties["since"] == standing.record.properties["since"]
    assert (old.properties["strength"], new.properties["strength"]) == ("normal", "strong")
    assert entry.expected == {standing.key: "read", ("TIED_TO", new.identity): None}


def test_a_tie_with_its_own_kind_and_beginning_is_corrected() -> None:
    standing = stand_tie(tie_row(note="むかし", until=date(2030, 1, 1), until_precision="day"))
    cells = {"kind": "cooperation", "strength": "weak", "quality": "good", "since": "2022-03"}
    labels = {name: label for name, label in LABELS.items() if name in (*cells, "flow")}
    entry = read_tie_form(cells, labels, "a", "b", standing)
    (record,) = entry.records
    assert entry.expected == {standing.key: "read"}
    assert record.properties["strength"] == "weak"
    assert record.properties["since"] == standing.record.properties["since"]
    assert not {"note", "until"} & set(record.properties)  # not asked for, so left as they are


@pytest.mark.parametrize("since", ["2021-01-01", "", "いつか"])
def test_a_tie_does_not_change_before_it_began_or_on_no_day(since: str) -> None:
    entry = read_tie_form({"since": since}, LABELS, "a", "b", stand_tie(tie_row()))
    assert [column for column, _ in codes(entry)] == ["SINCE"]
    assert entry.records == ()


def test_a_tie_ends_on_a_day_it_is_told() -> None:
    standing = stand_tie(tie_row())
    (record,) = read_tie_end({"until": "2022-05"}, LABELS, standing).records
    assert (record.kind, record.identity) == standing.key
    assert record.properties["until"] == read_iso_date("2022-05")
    assert codes(read_tie_end({}, LABELS, standing)) == [("UNTIL", "rows.required")]


def test_a_tie_does_not_join_an_agency_with_itself() -> None:
    entry = read_tie_form({"kind": "cooperation"}, LABELS, "a", "a")
    assert [code for _, code in codes(entry)] == ["rows.tie_to_itself"]


def test_a_successor_begins_when_the_predecessor_ends_and_the_change_is_told() -> None:
    leaving = stand_work(work_row())
    cells = {"name": "山田", "role": "所長", "since": "2022-10-04"}
    labels = {name: LABELS[name] for name in cells}
    entry = read_person_form(cells, labels, AGENCY, HOME, leaving)
    works = {r.identity: r for r in entry.records if r.kind == "WORKS_FOR"}
    old = works.pop(leaving.key[1])
    (new,) = works.values()
    assert old.properties["until"] == new.properties["since"] == read_iso_date("2022-10-04")
    event, person = only(entry, "Event"), only(entry, "Person")
    assert event.properties["kind"] == "contact_changed"
    assert person.properties == {"name": "山田"}  # a telephone not asked for is left as it is
    concerned = {r.end for r in entry.records if isinstance(r, RelationshipRecord)}
    assert {("Person", person.identity), ("Organization", AGENCY)} <= concerned
    assert entry.expected == {
        leaving.key: "read",
        ("WORKS_FOR", new.identity): None,
        ("Person", person.identity): None,
        ("Event", event.identity): None,
    }


def test_a_change_may_leave_the_successor_open_but_an_addition_needs_a_name() -> None:
    open_ended = read_person_form({"since": "2022-10-04"}, LABELS, AGENCY, HOME, None)
    assert {record.kind for record in open_ended.records} == {"Event", "CONCERNS", "RECORDED_BY"}
    added = read_person_form({"since": "2022-10-04"}, LABELS, AGENCY, HOME, is_change=False)
    assert codes(added) == [("NAME", "rows.required")]
    named = {"since": "2022-10-04", "name": "山田"}
    added = read_person_form(named, LABELS, AGENCY, HOME, is_change=False)
    assert {record.kind for record in added.records} == {"Person", "WORKS_FOR"}


def test_a_name_is_in_no_problem() -> None:
    cells = {"name": "山田花子", "phone": "でんわ山田", "since": "山田の日"}
    entry = read_person_form(cells, LABELS, AGENCY, HOME, stand_work(work_row()))
    assert {column for column, _ in codes(entry)} == {"PHONE", "SINCE"}
    phone = next(problem for problem in entry.problems if problem.column == "PHONE")
    assert "山田" not in repr(phone)


def test_a_correction_touches_only_the_cells_that_were_edited() -> None:
    standing = stand_event(event_row())
    entry = read_corrections([(3, standing, {"text": "あとのことば"})], LABELS)
    (record,) = entry.records
    assert (record.kind, record.identity) == standing.key
    assert record.properties == {
        "kind": "remark",
        "occurred_on": read_iso_date("2022-03", "R4.3"),
        "text": "あとのことば",
    }
    assert entry.expected == {standing.key: "read"}


def test_every_wrong_correction_is_told_with_its_row() -> None:
    level = stand_event(event_row(event_id="e2", kind="anxiety", value=2.0))
    changed: list[tuple[int, Standing, Mapping[str, object]]] = [
        (1, stand_event(event_row()), {"text": ""}),
        (2, level, {"value": 9}),
        (3, stand_event(event_row(event_id="e3")), {"date": "13月"}),
        (4, stand_event(event_row(event_id="e4")), {"date": "2022-10-04"}),
    ]
    entry = read_corrections(changed, LABELS)
    assert [(p.row, p.column) for p in entry.problems] == [(1, "TEXT"), (2, "VALUE"), (3, "DATE")]


def conflict_over(entry: Entry, **before: object) -> Change:
    record = only(entry, "Event")
    return Change(record, "mine", {"content_hash": "theirs", **before}, encode(record))


def test_after_a_conflict_one_takes_over_leaves_out_or_sets_apart() -> None:
    entry = read_event_form({"kind": "contacted", "date": "2022-10-04"}, LABELS, "a", HOME)
    change = conflict_over(entry)
    assert take_over(entry, [change]).expected == {("Event", change.record.identity): "theirs"}
    left = leave_out(entry, [change])
    assert [record.kind for record in left.records] == ["CONCERNS", "RECORDED_BY"]
    assert left.expected == {}
    apart = set_apart(entry, "opening", [change])
    own = only(apart, "Event").identity
    assert own != change.record.identity
    assert apart.expected == {("Event", own): None}
    links = [r for r in apart.records if isinstance(r, RelationshipRecord)]
    assert {link.start for link in links} == {("Event", own)}
    assert set_apart(entry, "opening", [change]) == apart
    assert only(set_apart(entry, "another", [change]), "Event").identity != own


def test_what_is_gone_is_taken_over_as_new() -> None:
    entry = read_corrections([(1, stand_event(event_row()), {"text": "x"})], LABELS)
    gone = Change(entry.records[0], "mine", {}, {})
    assert take_over(entry, [gone]).expected == {("Event", "e1"): None}


@given(WORDS, WORDS)
def test_the_same_words_of_one_opening_are_one_load(first: str, second: str) -> None:
    def read(text: str) -> Entry:
        cells = {"kind": "remark", "date": "2022-10-04", "text": text}
        return read_event_form(cells, LABELS, "a", HOME)

    load = make_load("opening", read(first))
    assert load == make_load("opening", read(first))
    assert load.load_id != make_load("other", read(first)).load_id
    same = only(read(first), "Event").properties == only(read(second), "Event").properties
    assert (load.load_id == make_load("opening", read(second)).load_id) == same
    assert (load.file, load.actor, load.file_hash) == (FILE, FILE, None)


def test_what_the_schema_refuses_is_told_and_is_no_record() -> None:
    event = NodeRecord("Event", "e1", {"kind": "party"}, Source(FILE))
    row = open_row({}, LABELS)
    entry = close_entry(row, [event], {("Event", "e1"): None}, LABELS)
    assert [(one.column, one.code) for one in entry.problems] == [
        ("KIND", "rows.rule.vocabulary"), ("occurred_on", "rows.rule.required"),
    ]  # fmt: skip
    assert (entry.records, entry.expected) == ((), {})


def test_every_kind_of_level_is_a_kind_of_event() -> None:
    assert set(EVENT_KINDS.codes) >= LEVEL_KINDS
