"""Files made to break a reader: each is refused with its reason, or read with every row named.

What they cost in seconds and memory: `python -m bench.hostile_files`.
"""

from __future__ import annotations

import random
import sys
from datetime import date, datetime, time, timedelta
from io import BytesIO

import pytest

from loaders.directory import Directory
from loaders.open_data.files import recognise_file
from loaders.problems import BadFile, BadValue
from loaders.reading import apart
from loaders.reading.grids import Grid, Row
from loaders.reading.limits import ReadLimits
from loaders.reading.sheets import parse_tables
from loaders.workbook import MOST_PROBLEMS, Reading, read_records
from tests.hostile_files import (
    FILES,
    LOADED,
    HostileFile,
    change_part,
    make_book,
    make_old_book,
    show_text,
)
from texts import LANGUAGES, say

SHEET = "xl/worksheets/sheet1.xml"


def read(name: str, data: bytes) -> Reading | str:
    """What the file says, or the last part of the reason why it is refused."""
    try:
        assert recognise_file(name, lambda: BytesIO(data)) is None
        return read_records(parse_tables(name, data), Directory(), "home")
    except (BadFile, BadValue) as error:
        for language in LANGUAGES:
            assert say(error.code, language, **error.values)
        return error.code.rpartition(".")[2]


def test_there_are_enough_of_them_of_every_kind() -> None:
    assert len({file.title for file in FILES}) == len(FILES) >= 40


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.title)
def test_a_hostile_file_is_refused_or_its_rows_are_named(file: HostileFile) -> None:
    found = read(file.name, file.make())
    if file.code != LOADED:
        assert found == file.code
        return
    assert isinstance(found, Reading)
    named = {problem.row for problem in found.problems}
    rows = {record.source.row for record in found.records if record.source.row}
    assert rows or named
    for problem in (*found.problems, *found.notices):
        assert say(problem.code, "ja", **dict(problem.values))


def test_every_row_of_a_ragged_file_is_a_record_or_named() -> None:
    found = read("a.csv", "名称,電話番号\n甲所\n乙所,048-123-4567\n丙所,1,2,3\n".encode())
    assert isinstance(found, Reading)
    loaded = {record.source.row for record in found.records if record.source.row}
    assert (loaded, {problem.row for problem in found.problems}) == ({3}, {2, 4})


def test_a_file_whose_every_row_is_wrong_is_given_up_with_the_row() -> None:
    rows = "".join(f"相談所{number},x,\n" for number in range(MOST_PROBLEMS + 900))
    found = read("a.csv", f"名称,電話番号,備考\n{rows}".encode())
    assert isinstance(found, Reading)
    given_up = [one.row for one in found.problems if one.code == "rows.given_up"]
    assert given_up == [MOST_PROBLEMS + 2]
    assert len(found.problems) == MOST_PROBLEMS + 1


def test_two_thousand_mutations_are_read_or_refused() -> None:
    chance = random.Random(2022)
    book, old = make_book(), make_old_book(("名称", "備考"), show_text(0, 0, 0))
    text = "名称,電話番号,備考\n甲相談所,048-123-4567,見本\n".encode()
    outcomes = set()
    for number in range(2_000):
        if number % 100 == 0:  # each costs a process
            outcomes.add(str(read("a.xls", mutate(old, chance)))[:9])
        elif number % 2:
            part = change_part(book, SHEET, lambda data: mutate(data, chance))
            outcomes.add(str(read("a.xlsx", part))[:9])
        else:
            outcomes.add(str(read("a.csv", mutate(text, chance)))[:9])
    assert {"damaged", "Reading(r"} <= outcomes


def mutate(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(changed))
        changed[place : place + chance.randrange(4)] = chance.randbytes(chance.randrange(4))
    return bytes(changed)


def test_what_an_old_workbook_shows_comes_back_from_the_other_process() -> None:
    cells = b"".join(show_text(*cell) for cell in ((0, 0, 0), (0, 1, 1), (2, 0, 2)))
    data = make_old_book(("名称", "備考", "清心寮"), cells)
    (grid,) = apart.read_apart(data, ReadLimits())
    assert grid == Grid("s0", (Row(1, ("名称", "備考")), Row(3, ("清心寮", ""))))


def test_every_kind_of_cell_crosses_to_this_process() -> None:
    moment = datetime(2022, 10, 4, 9, 30)
    cells = (1, 1.5, "文", True, moment, date(2022, 10, 4), time(9, 30), timedelta(hours=2))
    grid = Grid("s", (Row(7, cells),), is_hidden=True)
    assert apart._read_grid(apart._write_grid(grid)) == grid


def test_the_other_process_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, str] = {}

    def run(*_: object, env: dict[str, str], **__: object) -> None:
        given.update(env)
        raise apart.subprocess.TimeoutExpired("", 1)

    monkeypatch.setenv("NEO4J_PASSWORD", "geheim")
    monkeypatch.setattr(apart.subprocess, "run", run)
    with pytest.raises(BadFile, match="too_large_unpacked"):
        apart.read_apart(b"", ReadLimits())
    assert "PATH" in given
    assert "geheim" not in given.values()


@pytest.mark.skipif(sys.platform == "win32", reason="no bound on memory there")
def test_the_limits_of_a_sheet_hold_in_the_other_process_too() -> None:
    cells = b"".join(show_text(row, 0, 0) for row in range(20))
    with pytest.raises(BadFile, match="too_many_rows"):
        apart.read_apart(make_old_book(("名称",), cells), ReadLimits(rows=10))
