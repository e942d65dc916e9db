"""Good files made bad at random, as a wrong hand, a broken disk or another program would.

`mutated_files` draws a name and bytes; `load_into_notebook` loads them into a stand-in for the
database that writes down what would be written, and `require_clean_outcome` says what must hold.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from hypothesis import strategies as st

from graph.records import InvalidRecords, Record, check
from graph.rights import Actor
from graph.store import Difference, Load, Store, WriteReport
from loaders.loading import Outcome, load_file
from loaders.open_data.loading import EditionChoice
from tests.builders import workbook
from tests.open_data_files import offices, wamnet
from texts import LANGUAGES, say

FACILITY = "更生保護法人 清心寮"
LARGEST_ROWS = 3_000

Table = list[list[object]]

SHEETS: Mapping[str, Table] = {
    "機関": [
        ["機関ID", "名称", "分野", "市区町村", "電話番号", "定員", "緯度", "経度", "法人番号"],
        ["org-a", "松戸相談室", "福祉", "松戸市", "047-365-1111", 10, 35.78, 139.9, ""],
        ["org-b", "松戸病院", "医療", "松戸市", "047-365-2222", 20, 35.79, 139.91, 1234567890123],
        ["org-c", "松戸保護司会", "司法", "松戸市", "", "", "", "", ""],
    ],
    "連携リスト": [
        ["機関名", "分野", "期待される支援", "段階", "説明日", "作成日"],
        ["松戸病院", "医療", "通院", "支援中", "2022-05-01", "2022-03-01"],
        ["駅前クリニック", "医療", "服薬", "説明済み", "R4.6", "2022-03-01"],
    ],
    "関係": [
        ["機関A", "機関B", "種類", "強さ", "良し悪し", "開始日", "終了日"],
        ["松戸相談室", "松戸病院", "連携", "強い", "良い", "2022-04-01", ""],
        ["松戸病院", "松戸保護司会", "連携", "弱い", "緊張", "R3.●", "2022-12"],
    ],
    "担当者": [
        ["担当者名", "機関名", "役職", "電話番号"],
        ["担当者A", "松戸病院", "相談員", "047-365-2223"],
    ],
    "紹介": [
        ["年度", "番号", "紹介元", "紹介先", "前住地", "帰住希望", "帰住地", "出所日", "支援経過"],
        [2020, 1, "松戸相談室", "松戸病院", "足立区", "流山市ほか", "千葉市？", "R2.12.●", "受理"],
        [2020, 2, "松戸相談室", "", "", "千葉県内", "不明", "R2.12.● (仮釈放)", ""],
    ],
    "できごと": [
        ["日付", "種類", "機関", "値", "内容"],
        ["2022-06-13", "会議", "松戸病院", "", "遠隔で開催"],
        ["2022-04-01", "研修", "", 12, ""],
    ],
}
ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "cp932",
    "euc_jp",
    "iso2022_jp",
    "utf-16",
    "utf-16-be",
    "latin-1",
)
NASTY: Sequence[object] = (
    None, "", " ", "　", 0, -1, 10**20, 1.5, float("nan"), float("inf"), True, "nan", "#N/A",
    "=1+1", "\t+cmd", "\x00", "\ufeff", "a\nb", '"', "'", ",", "𠮷", "👪", "é", "長" * 9_000,
    "2022-13-45", "R99.1.1", "99999-01-01", "H31.4.31", "宇宙", "あ" * 300, "\u202e反転", "\ud7ff",
    "松戸病院", "org-a", "1234567890123", "１２３", "1_000", "1e309", "-0", "00:00", "12:61",
)  # fmt: skip


@dataclass
class Notebook:
    """Stands in for a `Store` over a graph of areas and supports; keeps what is written."""

    writes: list[Sequence[Record]] = field(default_factory=list)

    def prepare(self) -> None: ...

    def acting_as(self, _actor: Actor) -> Notebook:
        return self

    def find_load(self, load_id: str) -> WriteReport:
        return WriteReport(load_id, 0, 0, 0, repeated=True)  # the reference stands

    def list_nodes(self, *_: object) -> list[dict[str, Any]]:
        return []

    def compare(self, records: Sequence[Record]) -> Difference:
        _require_valid(records)
        return Difference()

    def write(
        self, records: Sequence[Record], load: Load, *_: object, **_more: object
    ) -> WriteReport:
        _require_valid(records)
        self.writes.append(records)
        return WriteReport(load.load_id, len(records), 0, 0)

    def find_unfinished(self, *_: object) -> None:
        return None

    list_relationships = find_nodes = find_relationships = read = list_nodes
    list_missing = list_nodes


def _require_valid(records: Sequence[Record]) -> None:
    if faults := check(records):
        raise InvalidRecords(faults)


def load_into_notebook(file: str, data: bytes) -> tuple[Outcome, Notebook]:
    """Load the bytes; whatever is raised is a defect."""
    notebook = Notebook()
    choice = EditionChoice()
    return load_file(cast("Store", notebook), file, data, FACILITY, choice=choice), notebook


def require_clean_outcome(file: str, outcome: Outcome, notebook: Notebook) -> None:
    """Refused with every reason said and placed and nothing written, or written in one piece."""
    if outcome.problems:
        assert (outcome.report, notebook.writes) == (None, [])
    else:
        assert outcome.report is not None
        assert len(notebook.writes) == 1
    for problem in (*outcome.problems, *outcome.notices):
        assert problem.file == file
        assert problem.row >= 0
        for language in LANGUAGES:
            assert say(problem.code, language, **dict(problem.values))
    of_rows = [p for p in outcome.problems if p.sheet is not None]
    assert all(problem.row > 0 or not problem.column for problem in of_rows)


@st.composite
def mutated_files(draw: st.DrawFn) -> tuple[str, bytes]:
    """Draw a file that was good before some one to three things happened to it."""
    # Not hypothesis' own: a workbook's bytes carry the time and so are never twice the same.
    dice = random.Random(draw(st.integers(0, 2**32)))
    kind = draw(st.sampled_from(("workbook", "workbook", "csv", "csv", "open_data")))
    if kind == "open_data":
        return "csvdownload045.csv", _damage_bytes(dice, wamnet(offices(2)))
    sheets = {name: [list(row) for row in table] for name, table in SHEETS.items()}
    names = draw(st.lists(st.sampled_from(sorted(sheets)), min_size=1, max_size=3, unique=True))
    chosen = {name: sheets[name] for name in names}
    for _ in range(draw(st.integers(0, 3))):
        table = chosen[dice.choice(sorted(chosen))]
        mutation = draw(st.sampled_from(TABLE_MUTATIONS))
        mutation(dice, table)
        if draw(st.booleans()):
            _put(dice, table, draw(st.text(max_size=20)))
    if kind == "workbook":
        file, data = "表.xlsx", _write_workbook(dice, chosen)
    else:
        name = dice.choice(sorted(chosen))
        file, data = f"{name}.csv", _write_text(dice, chosen[name])
    return file, _damage_bytes(dice, data) if draw(st.integers(0, 2)) == 0 else data


def _swap_columns(dice: random.Random, table: Table) -> None:
    first, second = _pick(dice, table), _pick(dice, table)
    header_too = dice.random() < 0.5
    for row in table[0 if header_too else 1 :]:
        if max(first, second) < len(row):
            row[first], row[second] = row[second], row[first]


def _exchange_cells(dice: random.Random, table: Table) -> None:
    one, other = dice.choice(table), dice.choice(table)
    first, second = dice.randrange(len(one) or 1), dice.randrange(len(other) or 1)
    if one and other:
        one[first], other[second] = other[second], one[first]


def _spoil_cells(dice: random.Random, table: Table) -> None:
    for _ in range(dice.randint(1, 4)):
        _put(dice, table, dice.choice(NASTY))


def _drop_cells(dice: random.Random, table: Table) -> None:
    row = dice.choice(table)
    del row[dice.randrange(len(row) or 1) :]


def _add_cells(dice: random.Random, table: Table) -> None:
    dice.choice(table).extend([dice.choice(NASTY)] * dice.randint(1, 3))


def _repeat_rows(dice: random.Random, table: Table) -> None:
    row = dice.choice(table)
    table.extend([list(row) for _ in range(dice.choice((1, 1, 2, 50)))])


def _grow(dice: random.Random, table: Table) -> None:
    if dice.random() < 0.02:
        table.extend([list(table[-1]) for _ in range(LARGEST_ROWS)])


def _shuffle_rows(dice: random.Random, table: Table) -> None:
    dice.shuffle(table)


def _drop_header(dice: random.Random, table: Table) -> None:
    del table[0 if dice.random() < 0.5 else dice.randrange(len(table))]
    if not table:
        table.append([])


def _repeat_header(dice: random.Random, table: Table) -> None:
    table.insert(dice.randrange(len(table) + 1), list(table[0]))


def _empty(_dice: random.Random, table: Table) -> None:
    table[:] = [[]]


TABLE_MUTATIONS: Sequence[Callable[[random.Random, Table], None]] = (
    _swap_columns, _exchange_cells, _spoil_cells, _spoil_cells, _drop_cells, _add_cells,
    _repeat_rows, _grow, _shuffle_rows, _drop_header, _repeat_header, _empty,
)  # fmt: skip


def _pick(dice: random.Random, table: Table) -> int:
    return dice.randrange(max(map(len, table)) or 1)


def _put(dice: random.Random, table: Table, value: object) -> None:
    row = dice.choice(table)
    if row:
        row[dice.randrange(len(row))] = value


def _write_workbook(dice: random.Random, sheets: Mapping[str, Table]) -> bytes:
    named = {
        (name if dice.random() < 0.9 else f"シート{number}"): [
            [_fit_cell(cell) for cell in row] for row in table
        ]
        for number, (name, table) in enumerate(sheets.items())
    }
    return workbook(**named)


def _fit_cell(cell: object) -> object:
    """Return what a workbook can hold: no control characters, no endless number."""
    if isinstance(cell, float) and cell in {float("inf"), float("-inf")}:
        return "inf"
    if not isinstance(cell, str):
        return cell
    kept = "".join(c for c in cell if c in "\t\n" or 0x20 <= ord(c) < 0xD800 or ord(c) >= 0xE000)
    return kept[:32_000]


def _write_text(dice: random.Random, table: Table) -> bytes:
    separator = dice.choice((",", ",", "\t", ";"))
    end = dice.choice(("\r\n", "\n", "\r"))
    quote = dice.random() < 0.5
    lines = [separator.join(_write_cell(cell, quote=quote) for cell in row) for row in table]
    text = end.join(lines) + end
    return text.encode(dice.choice(ENCODINGS), "replace")


def _write_cell(cell: object, *, quote: bool) -> str:
    text = "" if cell is None else str(cell)
    return '"' + text.replace('"', '""') + '"' if quote else text


def _damage_bytes(dice: random.Random, data: bytes) -> bytes:
    """Cut, blank, flip or double some of the bytes."""
    if not data:
        return data
    place = dice.randrange(len(data))
    length = dice.choice((1, 4, 64, 1_000))
    before, after = data[:place], data[place + length :]
    return dice.choice((
        before,
        before + bytes(length) + after,
        before + dice.randbytes(length) + after,
        before + after,
        data[place:] + before,
        data + data,
    ))  # fmt: skip
