"""Facts → workbook → the loader's readers: the same facts, whatever people have typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any, cast

import openpyxl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from exporters.cells import write_area, write_value
from exporters.workbooks import Draft, draft_sheets
from graph.dates import PartialDate, Precision
from graph.records import NodeRecord, Record, RelationshipRecord, Source, encode
from graph.schema import NODES, RELATIONSHIPS
from graph.vocabulary import (
    ACCEPTANCES,
    ACCURACIES,
    CONSENT_MANNERS,
    COST_KINDS,
    EVENT_KINDS,
    FIELDS,
    FLOWS,
    OFFENCES,
    ORGANIZATION_STATUSES,
    PURPOSES,
    QUALITIES,
    REFERRAL_OUTCOMES,
    REFERRAL_STATUSES,
    SEXES_ACCEPTED,
    STRENGTHS,
    SUPPORTS,
    TIE_KINDS,
    Vocabulary,
)
from loaders.dates import parse_date
from loaders.directory import Directory
from loaders.places.gazetteer import municipalities
from loaders.reading.grids import Row
from loaders.reading.headers import ABOUT_SHEET, SheetKind, read_words
from loaders.reading.sheets import EXCEL_ERRORS, Table, parse_tables
from loaders.templates import ORDER, Cell, list_columns, write_sheets
from loaders.workbook import Reading, read_records
from tests.builders import agency, day, event, link, node, tie, workbook
from tests.conftest import SAMPLES

ABOUT: Sequence[Sequence[Cell]] = (["このファイル"], ["機関", 3, "名称 分野"])
SIGNS = "=+-@'#_x0041_（）()「、，,/・｜ー〜①㈱＝Ａａ７é\u200b\U00020b9f漢かカ%\"\\"
CODES = tuple(one.code for one in municipalities())

signs = st.sampled_from(SIGNS) | st.characters(exclude_categories=("Cs", "Cc", "Cn"))
lines = st.text(signs).filter(lambda text: text.strip() not in EXCEL_ERRORS)
names = st.sampled_from(
    ["あおば", "わかば", "若葉／青葉", "相談、支援", "=SUM(A1)", "（株）みどり", "123", "O1"]
) | lines.map(lambda text: f"あ{text}")
proses = st.none() | st.lists(lines, max_size=3).map("\n".join)
days: st.SearchStrategy[Any] = st.sampled_from(
    ["2022-10-04", "R4.3", "令和四年", "2022年3月上旬", "R2.12.● (仮釈放)", "平成31年4月30日",
     "1899-12-31", "2021/4", 44838, "20221004", "2022年10月4日（予定）", "1900-02-28", "令和4年度"]
) | st.dates(date(1900, 3, 1), date(2100, 12, 31))  # fmt: skip
whole = st.dates(date(1873, 1, 1), date(2100, 12, 31)).map(date.isoformat)
places = st.sampled_from(
    ["松戸市", "千葉市？", "流山市ほか", "不明", "千葉県内", "千葉市(予定)", "足立区\n", "どこか"]
)
ids = st.sampled_from(["O1", "O2", "a/1", "x、y", "1/2", "(", "ｘ", "org-3"])
counts = st.integers(0, 60) | st.sampled_from(["３人", "10名", 2**53 + 2])


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def one_of(words: Vocabulary) -> st.SearchStrategy[str]:
    return st.sampled_from([w for term in words.terms for w in (term.code, term.ja, term.en)])


def some_of(values: Sequence[str], most: int = 3) -> st.SearchStrategy[str]:
    several = (
        st.lists(st.sampled_from(values), max_size=most, unique=True) if values else st.just([])
    )
    return several.map("、".join)


PLACE = st.integers(0, 5)
"""Which of an office's agencies, people or referrals; counted round."""
LISTS = {
    "list_id": st.sampled_from(["L1", "L2"]), "list_name": st.just("名簿"),
    "list_date": st.just("R4.3"), "organization": st.just("名"), "organization_id": PLACE,
    "expected_support": proses, "note": proses,
}  # fmt: skip
TIES = {
    "source": PLACE, "target": PLACE, "kind": maybe(one_of(TIE_KINDS)),
    "strength": maybe(one_of(STRENGTHS)), "quality": maybe(one_of(QUALITIES)),
    "flow": maybe(one_of(FLOWS)), "since": maybe(days), "until": maybe(days), "note": proses,
}  # fmt: skip
PEOPLE = {
    "person_id": st.sampled_from(["P1", "P2", "p/3"]), "name": names, "kana": maybe(lines),
    "organization": maybe(PLACE), "role": maybe(lines),
    "phone": maybe(st.just("048-600-0001 内線3")), "email": maybe(st.just("a@example.jp")),
    "since": maybe(days), "until": maybe(days),
}  # fmt: skip
REFERRALS = {
    "number": maybe(st.integers(0, 99)),
    "fiscal_year": st.sampled_from(["R2", 2020, "令和2年度"]),
    "client_id": st.sampled_from(["C-1", "Ｃ－２", "7"]),
    "notified_on": maybe(st.just("4月1日")),
    "released_on": maybe(st.just("R2.12.●")),
    "first_interview_on": maybe(st.sampled_from(["6月2日", "10/4", "3月●日", "2020-07-01"])),
    "closed_on": maybe(st.just("2099")),
    "referrer": PLACE,
    "receiver": maybe(PLACE),
    "former_area": maybe(places),
    "desired_area": maybe(places | lines),
    "destination": maybe(places),
    "status": maybe(one_of(REFERRAL_STATUSES)),
    "outcome": maybe(one_of(REFERRAL_OUTCOMES)),
    "reason": proses,
    "course": proses,
    "needs": some_of([term.ja for term in SUPPORTS.terms]),
    "follows": maybe(PLACE),
}
CONSENTS = {
    "consent_id": maybe(st.sampled_from(["K1", "K2"])),
    "client_id": st.sampled_from(["C-1", "C-2"]), "organization": PLACE,
    "purpose": one_of(PURPOSES), "since": st.just("2020-01-01"), "until": maybe(whole),
    "withdrawn_on": maybe(whole), "manner": maybe(one_of(CONSENT_MANNERS)),
}  # fmt: skip
EVENTS = {
    "event_id": st.sampled_from(["E1", "E2", "E3"]), "date": days,
    "kind": one_of(EVENT_KINDS), "facility": maybe(PLACE), "organization": maybe(PLACE),
    "client_id": maybe(st.just("C-1")), "person_id": maybe(st.sampled_from(["P1", "P2"])),
    "area": some_of(["松戸市", "12207", "千葉県柏市"]), "field": maybe(one_of(FIELDS)),
    "value": st.sampled_from([1, 2, "５", 3.0]), "text": proses, "due_on": maybe(days),
}  # fmt: skip


def _describe_agency() -> st.SearchStrategy[dict[str, Any]]:
    in_japan = st.floats(24, 45, exclude_min=True), st.floats(123, 146)
    coded = {
        "field": FIELDS, "accepts_sex": SEXES_ACCEPTED, "accepts_disability": ACCEPTANCES,
        "accepts_released": ACCEPTANCES, "cost_kind": COST_KINDS,
        "status": ORGANIZATION_STATUSES, "location_accuracy": ACCURACIES,
    }  # fmt: skip
    offers = [w for term in SUPPORTS.terms for w in (term.ja, *term.spellings)]
    return st.fixed_dictionaries(
        {
            "name": names,
            "kana": maybe(lines),
            "short_name": maybe(names),
            "agency_type": maybe(lines),
            "corporation": maybe(lines),
            "corporate_number": maybe(st.just("1030005000001")),
            "office_number": maybe(st.from_regex(r"[0-9A-Z]{10}", fullmatch=True)),
            "postal_code": maybe(st.just("330-0854")),
            "address": maybe(st.just("埼玉県さいたま市大宮区桜木町1-7-5") | lines),
            "municipality": maybe(st.sampled_from(CODES)),
            "latitude": maybe(in_japan[0]),
            "longitude": in_japan[1],
            "phone": maybe(st.sampled_from(["０４８－６００－０００１", 486000001])),
            "serves": maybe(some_of(CODES) | some_of(["千葉県", "松戸圏域", "柏市"])),
            "offers": some_of([*offers, "就労（B型、移行）", "福祉サービス（）", "お金（福祉）"]),
            **dict.fromkeys(("hours", "conditions", "cost", "note"), proses),
            **{name: maybe(one_of(words)) for name, words in coded.items()},
            **{name: maybe(counts) for name in ("age_from", "capacity", "vacancies")},
            **{name: maybe(st.booleans()) for name in ("open_weekend", "open_night")},
            "capacity_on": maybe(days),
            **_tell_offences(),
        }
    )  # fmt: skip


def _tell_offences() -> dict[str, st.SearchStrategy[Any]]:
    """Each kind in one column at most; すべて in one of them."""
    kinds = [term.ja for term in OFFENCES.terms]
    return {
        "offences_accepted": some_of([*kinds[:3], "すべて"]),
        "offences_discussed": some_of(kinds[3:6]),
        "offences_refused": some_of(kinds[6:]),
    }


def _list_rows(most: int, columns: Mapping[str, Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.fixed_dictionaries(dict(columns)), max_size=most)


OFFICES = st.fixed_dictionaries(
    {
        "organizations": st.lists(_describe_agency(), min_size=1, max_size=3),
        "partner_list": _list_rows(3, LISTS),
        "ties": _list_rows(3, TIES),
        "people": _list_rows(2, PEOPLE),
        "referrals": _list_rows(3, REFERRALS),
        "consents": _list_rows(2, CONSENTS),
        "events": _list_rows(3, EVENTS),
    }
)
KEYS = st.lists(ids, min_size=3, max_size=3, unique=True)
REFERENCES = ("organization_id", "organization", "source", "target", "referrer", "receiver",
              "facility")  # fmt: skip


def name_ends(office: Mapping[str, Any], keys: Sequence[str]) -> dict[SheetKind, list[Any]]:
    """Return the rows of a workbook that an office may have filled in."""
    agencies = keys[: len(office["organizations"])]
    for number, row in enumerate(office["organizations"]):
        row["organization_id"] = agencies[number]
    for number, row in enumerate(office["referrals"]):
        row["referral_id"] = f"R{number}"
        row["follows"] = f"R{row['follows'] % number}" if number and row["follows"] else None
    for rows in office.values():
        for row in rows:
            for name in REFERENCES:
                if isinstance(row.get(name), int):
                    row[name] = agencies[row[name] % len(agencies)]
    for row in office["partner_list"]:
        row["facility"] = agencies[0]
    return cast("dict[SheetKind, list[Any]]", office)


def read(data: bytes) -> Reading:
    return read_records(parse_tables("表.xlsx", data), Directory())


def list_facts(records: Iterable[Record]) -> dict[tuple[str, str], dict[str, Any]]:
    """What would be stored of each fact but where it was read, and what it joins."""
    return {
        (one.kind, one.identity): {
            **{name: value for name, value in encode(one).items() if value is not None},
            "ends": (one.start, one.end) if isinstance(one, RelationshipRecord) else None,
        }
        for one in records
    }


def write(draft: Draft) -> bytes:
    return write_sheets(draft.sheets, ABOUT)


def load(office: Mapping[SheetKind, list[dict[str, Any]]]) -> Reading:
    """Read an office's rows, without those that the loader refuses."""
    words = read_words()
    rows = {words[kind].names[0]: list(enumerate(cells, 2)) for kind, cells in office.items()}
    while True:
        tables = [
            Table(
                "表.xlsx", words[kind].names[0], list_columns(kind), 1,
                tuple(
                    Row(number, tuple("" if cells.get(name) is None else cells[name]
                                      for name in list_columns(kind)))
                    for number, cells in rows[words[kind].names[0]]
                ),
            )
            for kind in office
        ]  # fmt: skip
        reading = read_records(tables, Directory())
        wrong = {(problem.sheet, problem.row) for problem in reading.problems}
        if not wrong:
            return reading
        rows = {
            sheet: [row for row in found if (sheet, row[0]) not in wrong]
            for sheet, found in rows.items()
        }


def is_whole(records: Iterable[Record]) -> bool:
    """Say whether every relationship joins what is there, as in the graph."""
    standing = {(one.kind, one.identity) for one in records}
    ends = {
        end
        for one in records
        if isinstance(one, RelationshipRecord)
        for end in (one.start, one.end)
    }
    return all(end in standing for end in ends if end[0] not in ("Area", "Support"))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(OFFICES, KEYS)
def test_a_workbook_says_the_facts_it_was_made_of(office: Any, keys: list[str]) -> None:
    first = load(name_ends(office, keys))
    assume(is_whole(first.records))
    draft = draft_sheets(first.records, ORDER)
    assert draft.uncarried == {}
    second = read(write(draft))
    assert second.problems == ()
    assert list_facts(second.records) == list_facts(first.records)
    assert draft_sheets(second.records, ORDER).sheets == draft.sheets


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_samples_come_back_as_they_are(path: Any) -> None:
    first = read(path.read_bytes())
    draft = draft_sheets(first.records, ORDER)
    data = write(draft)
    second = read(data)
    assert (draft.uncarried, second.problems) == ({}, ())
    assert len(first.records) > 200
    assert list_facts(second.records) == list_facts(first.records)
    assert write(draft_sheets(second.records, ORDER)) == data


def test_every_property_of_the_sheets_kinds_is_written() -> None:
    """A property that is declared later is not forgotten: some column holds it."""
    renamed = {
        "organizations": {"location": "latitude"},
        "partner_list": {"name": "list_name", "made_on": "list_date"},
        "events": {"occurred_on": "date", "until": "due_on"},
        "referrals": {f"{n}_text": n for n in ("former_area", "desired_area", "destination")},
    }
    kinds: dict[SheetKind, tuple[str, ...]] = {
        "organizations": ("Organization",), "partner_list": ("PartnerList", "LISTS"),
        "ties": ("TIED_TO",), "people": ("Person", "WORKS_FOR"), "referrals": ("Referral",),
        "consents": ("Consent",), "events": ("Event",),
    }  # fmt: skip
    for kind, declared in kinds.items():
        for name in declared:
            properties = (NODES.get(name) or RELATIONSHIPS[name]).properties
            columns = {renamed.get(kind, {}).get(one.name, one.name) for one in properties}
            assert columns <= set(list_columns(kind)), kind


def test_cells_are_for_people_to_read() -> None:
    records: list[Record] = [
        agency("o1", name="松戸相談室", kana="まつど", municipality="12207", phone="047-365-1111"),
        agency("o2", name="柏の家", kana="カシワ", hidden_address=True, field="medical"),
        link("TIED_TO", "Organization o1", "Organization o2",
             kind="cooperation", strength="strong", quality="good", since=day("2022-04")),
    ]  # fmt: skip
    book = openpyxl.load_workbook(BytesIO(write(draft_sheets(records, ORDER))))
    assert book.sheetnames == [
        ABOUT_SHEET, "機関", "連携リスト", "関係", "担当者", "紹介", "同意", "できごと",
    ]  # fmt: skip
    rows = list(book["機関"].values)
    home, office = (dict(zip(rows[0], row, strict=True)) for row in rows[1:])
    assert (home["名称"], home["分野"], home["住所非公開"]) == ("柏の家", "医療", "はい")
    assert (office["市区町村"], office["電話番号"]) == ("千葉県松戸市", "047-365-1111")
    assert list(book["関係"].values)[1][:7] == (
        "松戸相談室", "柏の家", "連携", "強い", "良好", None, "2022-04",
    )  # fmt: skip


def test_agencies_of_one_name_are_named_by_id() -> None:
    same: list[Record] = [
        agency("o1", name="あおば"),
        agency("o2", name="あおば", municipality="12207"),
        agency("o3", name="わかば", short_name="みどり"),
        agency("o4", name="みどり"),
        *event("meeting", "2022-10-04", "o1", "o4", by="o1", key="e1"),
    ]
    draft = draft_sheets(same, ORDER)
    assert draft.sheets["events"][0]["organization"] == "o1、o4"
    assert list_facts(read(write(draft)).records).keys() >= list_facts(same).keys()


def test_an_event_about_several_clients_takes_several_rows() -> None:
    facts: list[Record] = [
        agency("o1"),
        node("Client", "C-1"),
        node("Client", "C-2"),
        *event("meeting", "2022-10-04", "o1", "Client C-1", "Client C-2", by="o1", key="e1"),
    ]
    draft = draft_sheets(facts, ORDER)
    assert [row["client_id"] for row in draft.sheets["events"]] == ["C-1", "C-2"]
    assert draft.uncarried == {}
    assert list_facts(read(write(draft)).records) == list_facts(facts)


def test_a_list_without_an_agency_and_a_person_without_one_come_back() -> None:
    facts: list[Record] = [
        agency("o1"),
        node("PartnerList", "l1", name="春の名簿", made_on=day("2022-03")),
        link("KEEPS", "Organization o1", "PartnerList l1"),
        node("Person", "p1", name="山田"),
    ]
    assert list_facts(read(write(draft_sheets(facts, ORDER))).records) == list_facts(facts)


def test_what_a_reader_would_refuse_keeps_nobody_from_loading_the_rest() -> None:
    late, early = day("2022-05-01"), day("2021-01-01")
    facts: list[Record] = [
        agency("o1"),
        agency("o2"),
        node("Event", "e1", kind="anxiety", occurred_on=late, value=9.0),
        link("TIED_TO", "Organization o1", "Organization o2", kind="cooperation",
             strength="weak", quality="good", since=late, until=early),
        node("Person", "p1", name="#REF!"),
        node("Event", "e2", kind="meeting", occurred_on=late, text="あ" * 40_000),
    ]  # fmt: skip
    draft = draft_sheets(facts, ORDER)
    assert draft.uncarried == {"Event": 2, "TIED_TO": 1, "Person": 1}
    second = read(write(draft))
    assert second.problems == ()
    kinds = [record.kind for record in second.records]
    assert kinds.count("Organization") == 2
    assert kinds.count("TIED_TO") == 1  # without the end that lies before its beginning


def test_thousands_of_cells_that_a_reader_would_refuse_take_nothing_else_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("loaders.workbook.MOST_PROBLEMS", 3)
    facts: list[Record] = [agency(f"o{n}", phone="no number") for n in range(8)]
    facts += [tie("o0", "o7"), tie("o6", "o7")]
    draft = draft_sheets(facts, ORDER)
    assert draft.uncarried == {"Organization": 8}
    assert [len(draft.sheets[kind]) for kind in ("organizations", "ties")] == [8, 2]


def test_a_place_that_no_reader_would_guess_stays_unknown() -> None:
    known = NodeRecord("Organization", "o1", {"name": "甲", "municipality": "12207"}, Source(""))
    facts: list[Record] = [known, link("LOCATED_IN", "Organization o1", "Area 12207")]
    assert list_facts(read(write(draft_sheets(facts, ORDER))).records) == list_facts(facts)


def test_every_area_has_words_that_mean_it_alone() -> None:
    words = {write_area(code) for code in CODES}
    assert len(words) == len(CODES)
    assert None not in words
    assert write_area("12") == "千葉県"
    assert write_area("care:12-松戸") == "千葉県松戸圏域"
    assert write_area("JP") is None


@pytest.mark.parametrize(
    ("precision", "words", "expected"),
    [
        ("month", "R2.4.●", "R2.4.●"),
        ("month", "the first", "2020-04"),
        ("fiscal_year", "令和2年度", "令和2年度"),
        ("fiscal_year", "the first", "2020年度"),
    ],
)
def test_a_date_keeps_its_words_or_at_least_its_day(
    precision: Precision, words: str, expected: str
) -> None:
    day = PartialDate(date(2020, 4, 1), precision, words)
    assert write_value(day) == expected
    again = parse_date(expected)
    assert (again.first, again.precision) == (day.first, day.precision)


def test_the_sheet_about_the_file_is_passed_over() -> None:
    data = workbook(**{ABOUT_SHEET: [("名称", "分野"), ("あおば", "福祉")],
                       "機関": [("名称", "分野"), ("わかば", "医療")]})  # fmt: skip
    reading = read(data)
    assert [one.properties["name"] for one in reading.records if one.kind == "Organization"] == [
        "わかば"
    ]
    assert reading.notices == ()
