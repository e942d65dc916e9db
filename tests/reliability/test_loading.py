"""A file to the graph: all or nothing, twice is once, and what was not understood is told."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import neo4j
import pytest

from graph.store import Load, Store, Unavailable
from loaders import loading
from loaders.loading import Outcome, check_file, load_file, read_path
from loaders.problems import BadFile, Problem
from loaders.reading.limits import DEFAULT_LIMITS
from tests.builders import count_nodes, delimited, hash_graph, workbook
from texts import LANGUAGES, say

SAMPLES = tuple(sorted((Path(__file__).parents[2] / "sample").glob("*_*.xlsx")))
FACILITY = "更生保護施設（例）"
MARKS = ("山田花子", "けいかのことば", "C-SECRET-77", "ささやき", "090-5555-1234", "前の町の名")

ORGANIZATIONS = [
    ("機関ID", "名称", "分野", "市区町村", "電話番号", "定員"),
    ("org-a", "松戸相談室", "福祉", "松戸市", "047-365-1111", 10),
    ("org-b", "松戸病院", "医療", "松戸市", "047-365-2222", 20),
    ("org-c", "松戸保護司会", "司法", "松戸市", "", ""),
]
PARTNERS = [
    ("機関名", "分野", "期待される支援", "段階", "説明日", "支援開始日", "作成日"),
    ("駅前クリニック", "医療", "受診", "支援中", "2022-04-01", "2022-05-01", "2022-03-01"),
    ("南ハローワーク", "行政", "求人", "掲載のみ", "", "", "2022-03-01"),
]

Table = Sequence[Sequence[object]]


def load(store: Store, data: bytes, file: str = "表.xlsx", facility: str | None = None) -> Outcome:
    return load_file(store, file, data, facility)


def places(problems: Sequence[Problem]) -> list[tuple[str | None, int, str]]:
    return [(problem.sheet, problem.row, problem.column) for problem in problems]


def replaced(table: Table, row: int, column: int, value: object) -> list[list[object]]:
    copy = [list(cells) for cells in table]
    copy[row][column] = value
    return copy


def make_large(path: Path) -> Path:
    """Make a file just beyond the limit; sparse, so that it takes no room on the disk."""
    with path.open("wb") as file:
        file.truncate(DEFAULT_LIMITS.file_bytes + 1)
    return path


@pytest.mark.parametrize("name", ["名簿.xlsx", "名簿.xls", "公開.json"])
def test_a_file_that_is_too_large_is_refused_before_it_is_in_memory(
    name: str, tmp_path: Path
) -> None:
    with pytest.raises(BadFile) as refused:
        read_path(make_large(tmp_path / name))
    assert refused.value.code == "loaders.file.too_large"
    assert refused.value.values == {"limit": "30 MB"}


def test_a_folder_with_more_than_a_package_may_hold_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "organizations.csv").open("wb") as file:
        file.truncate(DEFAULT_LIMITS.unpacked_bytes + 1)
    with pytest.raises(BadFile) as refused:
        read_path(tmp_path)
    assert refused.value.code == "open_data.package_too_large"


def test_a_table_that_is_too_large_or_gone_is_refused(
    reference_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = make_large(tmp_path / "名簿.csv")
    outcome = check_file(reference_store, large.name, read_path(large))
    assert [(one.code, dict(one.values)) for one in outcome.problems] == [
        ("loaders.file.too_large", {"limit": "30 MB"})
    ]
    large.unlink()
    for work in (check_file, load_file):
        outcome = work(reference_store, large.name, large)
        assert [one.code for one in outcome.problems] == ["loaders.file.unreadable"]
    gone = tmp_path / "いまだけ.csv"
    gone.write_bytes(delimited([["機関ID", "名称"], ["org-a", "松戸相談室"]]))
    read = loading.read_bounded

    def read_and_lose(path: Path) -> bytes:
        content = read(path)
        path.unlink()
        return content

    monkeypatch.setattr(loading, "read_bounded", read_and_lose)
    outcome = load_file(reference_store, gone.name, gone)
    assert ([one.code for one in outcome.problems], outcome.report) == (
        ["loaders.file.unreadable"],
        None,
    )


def test_the_sample_loaded_again_changes_nothing(reference_store: Store, raw: neo4j.Driver) -> None:
    for path in SAMPLES:  # not `sample_store`, which other tests read: this one writes
        assert not load_file(reference_store, path.name, path.read_bytes()).problems
    before, loads = hash_graph(raw), count_nodes(raw, "Load")
    for path in SAMPLES:
        outcome = load_file(reference_store, path.name, path.read_bytes())
        assert outcome.report is not None
        assert (outcome.report.created, outcome.report.changed) == (0, 0)
        assert outcome.report.unchanged > 200
        assert (outcome.missing, outcome.difference.new, outcome.difference.changed) == ((), (), ())
    assert hash_graph(raw) == before
    assert count_nodes(raw, "Load") == loads + len(SAMPLES)


def test_the_hash_of_these_tests_notices_a_change(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    load(reference_store, workbook(機関=ORGANIZATIONS))
    before = hash_graph(raw)
    raw.execute_query("MATCH (o:Organization {organization_id: 'org-a'}) SET o.note = '!'")
    assert hash_graph(raw) != before


def test_a_changed_row_changes_that_row_only(reference_store: Store, raw: neo4j.Driver) -> None:
    first = load(reference_store, workbook(機関=ORGANIZATIONS))
    changed = replaced(ORGANIZATIONS, 2, 4, "047-365-9999")
    outcome = load(reference_store, workbook(機関=changed))
    assert first.report is not None
    assert outcome.report is not None
    assert (outcome.report.created, outcome.report.changed) == (0, 1)
    assert outcome.difference.changed[0].changed_properties == ("phone",)
    rows = raw.execute_query(
        "MATCH (o:Organization) RETURN o.organization_id AS id, o.phone AS phone, "
        "o.load_id AS load ORDER BY id"
    ).records
    assert [(row["phone"], row["load"]) for row in rows] == [
        ("047-365-1111", first.report.load_id),
        ("047-365-9999", outcome.report.load_id),
        (None, first.report.load_id),
    ]


@pytest.mark.parametrize("file", ["表.xlsx", "機関.csv"])
def test_a_removed_row_is_told_and_not_deleted(
    reference_store: Store, raw: neo4j.Driver, file: str
) -> None:
    def as_file(table: Table) -> bytes:
        texts = [[str(cell) for cell in row] for row in table]
        return delimited(texts) if file.endswith("csv") else workbook(機関=table)

    load(reference_store, as_file(ORGANIZATIONS), file)
    before = hash_graph(raw)
    outcome = load(reference_store, as_file(ORGANIZATIONS[:-1]), file)
    assert ("Organization", 4) in outcome.missing
    assert {row for _, row in outcome.missing} == {4}
    assert hash_graph(raw) == before


def test_a_cell_that_was_emptied_is_emptied(reference_store: Store, raw: neo4j.Driver) -> None:
    load(reference_store, workbook(機関=ORGANIZATIONS))
    load(reference_store, workbook(機関=replaced(ORGANIZATIONS, 1, 4, "")))
    rows = raw.execute_query("MATCH (o {organization_id: 'org-a'}) RETURN o.phone AS p").records
    assert rows[0]["p"] is None


def test_a_column_that_is_not_there_is_left_alone(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    load(reference_store, workbook(機関=ORGANIZATIONS))
    load(reference_store, workbook(機関=[row[:4] for row in ORGANIZATIONS]))
    rows = raw.execute_query("MATCH (o {organization_id: 'org-a'}) RETURN o.phone AS p").records
    assert rows[0]["p"] == "047-365-1111"


def test_every_bad_cell_is_told_at_once_and_nothing_written(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    before = hash_graph(raw)
    bad = replaced(ORGANIZATIONS, 1, 2, "宇宙")
    bad[3][5] = "多数"
    ties = [("機関A", "機関B", "開始日"), ("松戸相談室", "松戸病院", "いつか")]
    titled = [("見出しの上の題名",), *bad]
    outcome = load(reference_store, workbook(機関=titled, 関係=ties))
    assert outcome.report is None
    assert places(outcome.problems) == [
        ("機関", 3, "分野"), ("機関", 5, "定員"), ("関係", 2, "開始日"),
    ]  # fmt: skip
    told = [say(problem.code, "ja", **dict(problem.values)) for problem in outcome.problems]
    assert ["宇宙" in told[0], "福祉" in told[0], "多数" in told[1], "いつか" in told[2]] == [
        True
    ] * 4
    assert hash_graph(raw) == before
    assert count_nodes(raw, "Load") == 1


def test_every_problem_has_a_sentence_in_both_languages(reference_store: Store) -> None:
    bad = replaced(ORGANIZATIONS, 1, 2, "宇宙")
    bad.append(["org-a", "別の名", "福祉", "", "", ""])
    outcome = load(reference_store, workbook(機関=bad))
    assert len(outcome.problems) >= 2
    for problem in outcome.problems:
        for language in LANGUAGES:
            assert say(problem.code, language, **dict(problem.values))


def test_a_check_writes_nothing_and_says_what_a_load_would_do(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    load(reference_store, workbook(機関=ORGANIZATIONS[:-1]))
    before, loads = hash_graph(raw), count_nodes(raw, "Load")
    changed = replaced(ORGANIZATIONS, 1, 1, "松戸相談室 本館")
    outcome = check_file(reference_store, "表.xlsx", workbook(機関=changed))
    assert outcome.report is None
    assert [change.record.kind for change in outcome.difference.new] == [
        "Organization", "LOCATED_IN",
    ]  # fmt: skip
    assert [change.changed_properties for change in outcome.difference.changed] == [("name",)]
    assert (hash_graph(raw), count_nodes(raw, "Load")) == (before, loads)


def test_two_sheets_that_tell_one_event_write_one(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    events = [
        ("日付", "種類", "機関"),
        ("2022-04-01", "説明した", "駅前クリニック"),
        ("R4.5.1", "支援開始", "駅前クリニック"),
    ]
    outcome = load(
        reference_store, workbook(連携リスト=PARTNERS, できごと=events), facility=FACILITY
    )
    assert outcome.problems == ()
    rows = raw.execute_query("MATCH (e:Event) RETURN e.kind AS kind ORDER BY kind").records
    assert [row["kind"] for row in rows] == ["explained", "support_started"]


def test_a_contradiction_of_two_rows_is_told(reference_store: Store, raw: neo4j.Driver) -> None:
    twice = [*ORGANIZATIONS, ("org-a", "松戸相談室", "医療", "松戸市", "", "")]
    outcome = load(reference_store, workbook(機関=twice))
    assert [(p.code, p.row) for p in outcome.problems] == [("rows.contradiction", 5)]
    assert dict(outcome.problems[0].values) == {"other": "2", "property": "分野"}
    assert count_nodes(raw, "Organization") == 0


REFERRALS = ("紹介ID", "年度", "番号", "仮名ID", "紹介元", "紹介先")


def test_two_rows_of_one_id_name_one_client(reference_store: Store, raw: neo4j.Driver) -> None:
    rows = [
        REFERRALS,
        ("r1", "2020", 1, "C-1", "松戸相談室", ""),
        ("r1", "2020", 1, "C-2", "松戸相談室", ""),
    ]
    outcome = load(reference_store, workbook(機関=ORGANIZATIONS, 紹介=rows))
    assert [(p.sheet, p.row, p.code) for p in outcome.problems] == [
        ("紹介", 3, "rows.contradiction")
    ]
    assert dict(outcome.problems[0].values) == {"other": "2", "property": "仮名ID"}
    assert count_nodes(raw, "Referral") == 0


def list_receivers(raw: neo4j.Driver) -> list[str]:
    found = raw.execute_query(
        "MATCH (:Referral {referral_id: 'r1'})-[:RECEIVED_BY]->(o) RETURN o.name AS name"
    )
    return [row["name"] for row in found.records]


def test_a_corrected_receiver_takes_the_place_of_the_wrong_one(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    here, there = (row[1] for row in ORGANIZATIONS[1:3])
    other = ORGANIZATIONS[3][1]
    wrong = [REFERRALS, ("r1", "2020", 1, "C-1", here, there)]
    right = [REFERRALS, ("r1", "2020", 1, "C-1", here, other)]
    assert load(reference_store, workbook(機関=ORGANIZATIONS, 紹介=wrong)).problems == ()
    before = hash_graph(raw)
    corrected = load(reference_store, workbook(紹介=right))
    assert corrected.problems == ()
    assert corrected.missing == ()  # what it replaces is not told as missing
    assert corrected.report is not None
    assert (corrected.report.created, corrected.report.deleted) == (1, 1)
    assert list_receivers(raw) == [other]
    reference_store.undo(corrected.report.load_id, Load("back"))
    assert list_receivers(raw) == [there]
    assert hash_graph(raw) == before


def test_a_very_large_file_corrects_too(
    reference_store: Store, raw: neo4j.Driver, small_parts: None
) -> None:
    here, there, other = (row[1] for row in ORGANIZATIONS[1:])
    for receiver in (there, other):
        rows = [REFERRALS, ("r1", "2020", 1, "C-1", here, receiver)]
        outcome = load(reference_store, workbook(機関=ORGANIZATIONS, 紹介=rows))
        assert outcome.problems == ()
    assert list_receivers(raw) == [other]


def test_an_id_in_use_for_another_client_is_refused(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    here = ORGANIZATIONS[1][1]
    first = [REFERRALS, ("r1", "2020", 1, "C-1", here, "")]
    second = [REFERRALS, ("r1", "2020", 1, "C-2", here, "")]
    assert load(reference_store, workbook(機関=ORGANIZATIONS, 紹介=first)).problems == ()
    before = hash_graph(raw)
    outcome = load(reference_store, workbook(紹介=second))
    assert [(p.sheet, p.row, p.code) for p in outcome.problems] == [("紹介", 2, "rows.id_in_use")]
    assert outcome.report is None
    assert hash_graph(raw) == before


def test_a_reference_to_nothing_leaves_nothing(reference_store: Store, raw: neo4j.Driver) -> None:
    before = hash_graph(raw)
    referrals = [
        ("紹介ID", "年度", "番号", "仮名ID", "紹介元", "前の紹介"),
        ("r1", "2020", 1, "C-1", "松戸相談室", ""),
        ("r2", "2020", 2, "C-2", "松戸相談室", "r-nowhere"),
    ]
    outcome = load(reference_store, workbook(機関=ORGANIZATIONS, 紹介=referrals))
    assert outcome.report is None
    assert [(p.sheet, p.row, p.code) for p in outcome.problems] == [("紹介", 3, "rows.missing_end")]
    assert hash_graph(raw) == before
    assert count_nodes(raw, "Load") == 1


def personal_sheets(*, broken: bool) -> bytes:
    name, course, client, remark, phone, area = MARKS
    people = [("氏名", "機関", "電話番号", "着任日"), (name, "松戸相談室", phone, "2022-04-01")]
    referrals = [
        ("年度", "番号", "仮名ID", "紹介元", "支援経過", "前住地", "通知日"),
        ("2020", 1, client, "松戸相談室", course, area, "6月2日"),
    ]
    events = [
        ("日付", "種類", "機関", "担当者", "仮名ID", "内容", "値"),
        ("2022-04-01", "発言・コメント", "松戸相談室", name, client, remark, ""),
    ]
    if broken:
        people += [(name, "松戸相談室", f"{phone}x{phone}", "2022-04-02"), (name, "", "", "")]
        referrals += [
            ("2020", 2, f"{client} {client}", "松戸相談室", course, area, "6月2日"),
            ("2020", 3, client, "どこにもない機関", course, area, "いつか"),
            ("2020", 1, client, "松戸相談室", f"{course}2", f"{area}2", "6月2日"),
        ]
        events += [
            ("2022-04-01", "発言・コメント", "松戸相談室", name, client, f"{remark}2", "多い"),
            ("いつか", "発言・コメント", "松戸相談室", name, client, remark, ""),
        ]
    return workbook(機関=ORGANIZATIONS, 担当者=people, 紹介=referrals, できごと=events)


@pytest.mark.parametrize("broken", [False, True])
def test_what_is_personal_is_in_no_message_and_no_log(
    reference_store: Store, data_folder: Path, caplog: pytest.LogCaptureFixture, broken: bool
) -> None:
    caplog.set_level(logging.INFO)
    outcome = load(reference_store, personal_sheets(broken=broken))
    assert (len(outcome.problems) > 5) == broken
    told = [
        say(problem.code, language, **dict(problem.values))
        for problem in (*outcome.problems, *outcome.notices)
        for language in LANGUAGES
    ]
    logs = [path.read_text(errors="replace") for path in _list_logs(data_folder)]
    everything = "\n".join([*told, repr(outcome.problems), caplog.text, *logs])
    assert [mark for mark in MARKS if mark in everything] == []
    assert len(logs) > 1


def _list_logs(folder: Path) -> list[Path]:
    return [path for path in (folder / "neo4j" / "logs").iterdir() if path.is_file()]


def test_personal_values_are_kept_for_those_who_may_ask(reference_store: Store) -> None:
    outcome = load(reference_store, personal_sheets(broken=False))
    assert outcome.problems == ()
    name, course, *_ = MARKS
    rows = reference_store.read("MATCH (p:Person), (r:Referral) RETURN p.name AS p, r.course AS c")
    assert rows == [{"p": name, "c": course}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp"])
def test_a_text_file_loads_the_same_in_every_encoding(
    reference_store: Store, raw: neo4j.Driver, encoding: str
) -> None:
    table = [[str(cell) for cell in row] for row in ORGANIZATIONS]
    outcome = load(reference_store, delimited(table, encoding), "機関.csv")
    assert outcome.problems == ()
    rows = raw.execute_query(
        "MATCH (o:Organization) RETURN o.name AS name, o.field AS field, o.phone AS phone, "
        "o.municipality AS place, o.capacity AS capacity, o.source_row AS row ORDER BY row"
    ).records
    assert [tuple(row.values()) for row in rows] == [
        ("松戸相談室", "welfare", "047-365-1111", "12207", 10, 2),
        ("松戸病院", "medical", "047-365-2222", "12207", 20, 3),
        ("松戸保護司会", "justice", None, "12207", None, 4),
    ]


def test_doubtful_words_survive(reference_store: Store) -> None:
    referrals = [
        ("年度", "番号", "紹介元", "前住地", "帰住希望", "帰住地", "出所日"),
        ("2020", 1, "松戸相談室", "足立区", "流山市ほか", "千葉市？", "R2.12.●"),
        ("2020", 2, "松戸相談室", "", "千葉県内", "不明", "R2.12.● (仮釈放)"),
    ]
    outcome = load(reference_store, workbook(機関=ORGANIZATIONS, 紹介=referrals))
    assert outcome.problems == ()
    rows = reference_store.read(
        "MATCH (r:Referral) RETURN r.desired_area_text AS wish, r.destination_text AS end, "
        "r.released_on_text AS released, r.released_on_precision AS precision, "
        "COLLECT { MATCH (r)-[p:DESIRES|SETTLES_IN]->(a:Area) "
        "RETURN a.name + ' ' + p.certainty ORDER BY type(p) } AS places ORDER BY r.number"
    )
    assert rows == [
        {"wish": "流山市ほか", "end": "千葉市？", "released": "R2.12.●", "precision": "month",
         "places": ["流山市 one_of_several", "千葉市 doubtful"]},
        {"wish": "千葉県内", "end": "不明", "released": "R2.12.● (仮釈放)", "precision": "month",
         "places": ["千葉県 within"]},
    ]  # fmt: skip


def test_a_workbook_with_nothing_but_the_list_works(reference_store: Store) -> None:
    outcome = load(reference_store, workbook(連携リスト=PARTNERS), facility=FACILITY)
    assert outcome.problems == ()
    rows = reference_store.read(
        "MATCH (f:Organization)-[:KEEPS]->(:PartnerList)-[:LISTS]->(a) "
        "OPTIONAL MATCH (f)-[p:PLACES]->(a) "
        "RETURN f.name AS home, a.name AS name, p.slot IS NOT NULL AS placed ORDER BY a.field"
    )
    assert [tuple(row.values()) for row in rows] == [
        (FACILITY, "南ハローワーク", True), (FACILITY, "駅前クリニック", True),
    ]  # fmt: skip


def test_a_list_without_a_facility_asks_whose_it_is(reference_store: Store) -> None:
    outcome = load(reference_store, workbook(連携リスト=PARTNERS))
    assert {problem.code for problem in outcome.problems} == {"rows.facility_unknown"}
    assert [problem.row for problem in outcome.problems] == [2, 3]


def test_nobody_who_has_a_place_gets_another(reference_store: Store) -> None:
    def slots() -> dict[str, int]:
        rows = reference_store.read("MATCH ()-[p:PLACES]->(a) RETURN a.name AS name, p.slot AS s")
        return {row["name"]: row["s"] for row in rows}

    load(reference_store, workbook(連携リスト=PARTNERS), facility=FACILITY)
    before = slots()
    newcomer = ("あさひ薬局", "医療", "服薬", "掲載のみ", "", "", "2022-03-01")
    more = [PARTNERS[0], newcomer, *PARTNERS[1:]]
    load(reference_store, workbook(連携リスト=more), facility=FACILITY)
    after = slots()
    assert {name: after[name] for name in before} == before
    assert len(set(after.values())) == len(after) == 3


def test_eight_threads_with_one_file_make_one_set(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    data = workbook(機関=ORGANIZATIONS, 連携リスト=PARTNERS)

    def load_it(_: int) -> Outcome:
        return load(reference_store, data, facility=FACILITY)

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(load_it, range(8)))
    assert all(outcome.report is not None for outcome in outcomes)
    created = [outcome.report.created for outcome in outcomes if outcome.report]
    assert count_nodes(raw, "Organization") == 6
    twins = raw.execute_query(
        "MATCH (a)-[r]->(b) WITH a, b, type(r) AS kind, count(*) AS n WHERE n > 1 RETURN kind"
    ).records
    assert twins == []
    assert len({frozenset([value]) for value in created if value}) >= 1
    again = load(reference_store, data, facility=FACILITY)
    assert again.report is not None
    assert (again.report.created, again.report.changed) == (0, 0)


def test_who_loaded_what_stays_readable(reference_store: Store) -> None:
    data = workbook(機関=ORGANIZATIONS)
    outcome = load_file(reference_store, "表.xlsx", data, actor="担当")
    rows = reference_store.read(
        "MATCH (o:Organization {organization_id: 'org-b'}) MATCH (l:Load {load_id: o.load_id}) "
        "RETURN l.file AS file, l.actor AS actor, l.state AS state, l.file_hash AS hash, "
        "o.source_sheet AS sheet, o.source_row AS row"
    )
    assert outcome.report is not None
    assert re.fullmatch(r"[0-9a-f]{64}", rows[0].pop("hash"))
    assert rows == [
        {"file": "表.xlsx", "actor": "担当", "state": "done", "sheet": "機関", "row": 3}
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "loaders.file.empty"),
        (b"\x00\x01\x02" * 50, "loaders.file.wrong_type"),
        ("これは表ではない\n".encode(), "loaders.file.no_header"),
    ],
)
def test_what_is_no_table_is_refused(
    reference_store: Store, raw: neo4j.Driver, data: bytes, code: str
) -> None:
    outcome = load(reference_store, data, "表.csv")
    assert [problem.code for problem in outcome.problems] == [code]
    assert count_nodes(raw, "Organization") == 0


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (5, 10**20),
        (5, "nan"),
        (5, "-3"),
        (1, "長" * 9_000),
    ],
)
def test_a_value_that_cannot_be_stored_is_a_problem_of_its_row(
    reference_store: Store, column: int, value: object
) -> None:
    outcome = load(reference_store, workbook(機関=replaced(ORGANIZATIONS, 2, column, value)))
    assert [problem.row for problem in outcome.problems] == [3]


def test_a_point_off_the_earth_is_a_problem_of_its_row(reference_store: Store) -> None:
    table = [("名称", "市区町村", "緯度", "経度"), ("松戸病院", "松戸市", 135.7, 139.9)]
    outcome = load(reference_store, workbook(機関=table))
    assert [problem.row for problem in outcome.problems] == [2]


def test_a_number_that_is_none_is_a_problem_of_its_row(reference_store: Store) -> None:
    events = [("日付", "種類", "値"), ("2022-04-01", "研修", "nan"), ("2022-04-02", "研修", "1_0")]
    outcome = load(reference_store, workbook(できごと=events), facility=FACILITY)
    assert [problem.row for problem in outcome.problems] == [2, 3]


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loaders.large_files.WHOLE_UP_TO", 8)
    monkeypatch.setattr("loaders.large_files.PART", 5)


LARGE: dict[str, Table] = {
    "機関": ORGANIZATIONS,
    "関係": [("機関A", "機関B"), ("org-a", "org-b"), ("org-a", "org-c"), ("org-b", "org-c")],
}


def test_a_very_large_workbook_is_loaded_in_parts_and_continues_after_an_interruption(
    reference_store: Store,
    raw: neo4j.Driver,
    small_parts: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = workbook(**LARGE)
    write_part = Store.write_part

    def break_off(*given: Any) -> Any:
        if given[3] == 1:
            raise Unavailable
        return write_part(*given)

    with monkeypatch.context() as broken:
        broken.setattr(Store, "write_part", break_off)
        with pytest.raises(Unavailable):
            load(reference_store, data)
    assert count_nodes(raw, "Organization") == 3
    told: list[float] = []
    outcome = load_file(reference_store, "表.xlsx", data, progress=told.append)
    assert outcome.report is not None
    assert told[-1] == 1.0
    assert len(reference_store.list_relationships("TIED_TO", ())) == 3
    loads = reference_store.list_nodes("Load", ("file", "state"))
    assert [one["state"] for one in loads if one["file"] == "表.xlsx"] == ["done"]
    again = load(reference_store, data)
    assert again.report is not None
    assert (again.report.created, again.report.changed) == (0, 0)


def test_a_very_large_workbook_that_refers_to_nothing_leaves_nothing(
    reference_store: Store, raw: neo4j.Driver, small_parts: None
) -> None:
    referral = [("紹介元", "紹介先", "仮名ID", "前の紹介"), ("org-a", "org-b", "C-1", "nowhere")]
    before = hash_graph(raw)
    outcome = load(reference_store, workbook(**LARGE, 紹介=referral))
    assert [(one.code, one.sheet, one.row) for one in outcome.problems] == [
        ("rows.missing_end", "紹介", 2)
    ]
    assert hash_graph(raw) == before
