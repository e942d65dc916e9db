"""The log of what was done: nothing goes missing unseen, and nothing is done unrecorded."""

import json
import os
import random
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from access import journal as journal_module
from access.journal import Journal
from graph.rights import Unrecorded

ACTIONS = ("view", "ask", "write", "export", "sign_in")


def fill(folder: Path, lines: int = 12) -> Journal:
    journal = Journal(folder)
    for number in range(lines):
        journal.record("花子", ACTIONS[number % len(ACTIONS)], f"事項 {number}")  # type: ignore[arg-type]
    return journal


def test_an_empty_log_is_whole(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "none")
    assert (journal.read(), journal.find_break(), journal.read_seal()) == ([], None, "")


def test_lines_come_back_in_order_with_who_what_and_when(tmp_path: Path) -> None:
    journal = fill(tmp_path, 200)
    entries = journal.read()
    assert [entry.number for entry in entries] == list(range(1, 201))
    assert {entry.actor for entry in entries} == {"花子"}
    assert entries[3].subject == "事項 3"
    assert entries[0].at <= entries[-1].at
    assert entries[0].at.endswith("+00:00")
    assert journal.find_break() is None
    assert journal.read_seal() == f"200 {entries[-1].hash}"


def test_a_second_look_reads_only_what_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = fill(tmp_path, 50)
    assert (len(journal.read()), journal.find_break()) == (50, None)
    journal.record("太郎", "view", "新しい")
    read: list[str] = []
    parse = journal_module._parse
    monkeypatch.setattr(journal_module, "_parse", lambda text: (read.append(text), parse(text))[1])
    assert [entry.subject for entry in journal.read()][-2:] == ["事項 49", "新しい"]
    assert journal.find_break() is None
    assert len(read) == 1


def test_what_was_read_before_is_not_taken_for_unaltered(tmp_path: Path) -> None:
    journal = fill(tmp_path, 5)
    assert journal.find_break() is None
    file = tmp_path / "audit.jsonl"
    before = file.stat()
    file.write_bytes(file.read_bytes().replace("事項 1".encode(), "事項 7".encode()))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size
    assert journal.find_break() == 2
    assert journal.read()[1].subject == "事項 7"


def test_another_process_goes_on_where_this_one_stopped(tmp_path: Path) -> None:
    fill(tmp_path, 3)
    fill(tmp_path, 3)
    assert [entry.number for entry in Journal(tmp_path).read()] == [1, 2, 3, 4, 5, 6]
    assert Journal(tmp_path).find_break() is None


def test_processes_at_once_write_one_chain(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from access.journal import Journal\n"
        "for n in range(25): Journal(Path(sys.argv[1])).record(sys.argv[2], 'view', str(n))"
    )
    root = Path(__file__).parents[2]
    writers = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path), name], cwd=root)
        for name in ("a", "b", "c")
    ]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0, 0]
    journal = Journal(tmp_path)
    assert [entry.number for entry in journal.read()] == list(range(1, 76))
    assert journal.find_break() is None


def test_a_log_that_is_being_written_is_not_taken_for_an_altered_one(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from access.journal import Journal\n"
        "journal = Journal(Path(sys.argv[1]))\n"
        "for n in range(150): journal.record('a', 'view', str(n))"
    )
    journal = fill(tmp_path, 1)
    command = [sys.executable, "-c", program, str(tmp_path)]
    writer = subprocess.Popen(command, cwd=Path(__file__).parents[2])
    while writer.poll() is None:
        assert journal.find_break() is None
    assert writer.returncode == 0
    assert len(journal.read()) == 151


def test_any_byte_changed_is_found(tmp_path: Path) -> None:
    journal = fill(tmp_path)
    file = tmp_path / "audit.jsonl"
    whole = file.read_bytes()
    chance = random.Random(7)
    for _ in range(700):
        data = bytearray(whole)
        place = chance.randrange(len(data))
        data[place] ^= chance.randrange(1, 256)
        file.write_bytes(bytes(data))
        assert journal.find_break() is not None
    file.write_bytes(whole)
    assert journal.find_break() is None


def test_any_line_removed_moved_or_repeated_is_found(tmp_path: Path) -> None:
    journal = fill(tmp_path)
    file = tmp_path / "audit.jsonl"
    whole = file.read_bytes()
    lines = whole.splitlines(keepends=True)
    chance = random.Random(8)
    for _ in range(300):
        changed = list(lines)
        first, last = sorted(chance.sample(range(len(lines) + 1), 2))
        match chance.randrange(3):
            case 0:
                del changed[first:last]  # the last lines too
            case 1:
                changed.insert(first, lines[chance.randrange(len(lines))])
            case _:
                changed[first:last] = changed[first:last][::-1]
        if changed == lines:
            continue
        file.write_bytes(b"".join(changed))
        assert journal.find_break() is not None


def test_a_forged_line_with_its_own_right_hash_is_found(tmp_path: Path) -> None:
    journal = fill(tmp_path)
    file = tmp_path / "audit.jsonl"
    lines = file.read_text("utf-8").splitlines()
    other = fill(tmp_path / "other").read()[5]
    forged = json.loads(lines[5]) | {"actor": "太郎", "hash": other.hash}
    file.write_text("\n".join([*lines[:5], json.dumps(forged, ensure_ascii=False), *lines[6:], ""]))
    assert journal.find_break() == 6


@pytest.mark.parametrize("lost", ["audit.head", "audit.jsonl"])
def test_a_lost_file_is_found(tmp_path: Path, lost: str) -> None:
    journal = fill(tmp_path)
    (tmp_path / lost).unlink()
    assert journal.find_break() is not None


def test_a_process_that_died_before_the_head_was_written_loses_nothing(tmp_path: Path) -> None:
    journal = fill(tmp_path, 4)
    head = (tmp_path / "audit.head").read_bytes()
    journal.record("花子", "view", "五")
    (tmp_path / "audit.head").write_bytes(head)
    journal.record("花子", "view", "六")
    assert [entry.subject for entry in journal.read()][-2:] == ["五", "六"]
    assert journal.find_break() is None


def test_a_torn_line_is_reported_and_does_not_swallow_the_next(tmp_path: Path) -> None:
    journal = fill(tmp_path, 4)
    with (tmp_path / "audit.jsonl").open("ab") as file:
        file.write(b'{"number": 5, "at"')
    journal.record("花子", "view", "後")
    assert journal.read()[-1].subject == "後"
    assert journal.find_break() == 5


def test_what_cannot_be_recorded_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file where the folder should be")
    with pytest.raises(Unrecorded):
        Journal(tmp_path / "file").record("花子", "view", "gaps")


def test_a_client_is_known_by_a_mark_that_gives_nothing_away(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    mark = journal.disguise("C-001")
    assert mark == Journal(tmp_path).disguise("C-001") != journal.disguise("C-002")
    assert "C-001" not in mark
    assert mark != Journal(tmp_path / "elsewhere").disguise("C-001")


def test_the_files_are_their_owners_only(tmp_path: Path) -> None:
    journal = fill(tmp_path / "data", 1)
    journal.disguise("C-001")
    files = [path for path in (tmp_path / "data").iterdir() if path.suffix != ".lock"]
    assert len(files) == 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
