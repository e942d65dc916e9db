"""The rules of `tsunagi check`: what is fine, what needs attention, what must be mended."""

from __future__ import annotations

import os
import socket
import string
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from graph.diagnosis import Finding, examine_machine, find_worst, rules
from graph.diagnosis.rules import MB
from texts import LANGUAGES, read_catalogue, say

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def told(finding: Finding) -> tuple[str, str]:
    """Level and code, once the sentence could be said in both languages."""
    if finding.code:
        for language in LANGUAGES:
            assert say(finding.code, language, **finding.values)
    assert say(f"check.subject.{finding.subject}")
    return finding.level, finding.code.removeprefix("check.")


@pytest.mark.parametrize(
    ("free_mb", "store_mb", "expected"),
    [
        (199, 0, ("error", "disk_full")),
        (999, 1, ("warning", "disk_low")),
        (1000, 333, ("fine", "")),
        (1000, 334, ("warning", "disk_low")),
        (50_000, 10_000, ("fine", "")),
    ],
)
def test_room_is_needed_for_the_data_and_its_backup(
    free_mb: int, store_mb: int, expected: tuple[str, str]
) -> None:
    assert told(rules.judge_space(free_mb * MB, store_mb * MB)) == expected


@pytest.mark.parametrize(
    ("version", "bundled", "expected"),
    [
        ("2026.08.1", True, ("fine", "")),
        ("2026.09.0", True, ("warning", "version_other")),
        ("2026.09.0", False, ("fine", "")),
        ("5.26.4", False, ("fine", "")),
        ("5.22.0", False, ("error", "version_old")),
        ("4.4.40-aura", False, ("error", "version_old")),
    ],
)
def test_the_questions_need_a_database_of_some_age(
    version: str, bundled: bool, expected: tuple[str, str]
) -> None:
    assert told(rules.judge_version(version, bundled=bundled)) == expected


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ({"a": "ONLINE", "b": "ONLINE", "lookup": "ONLINE"}, ("fine", "")),
        ({"a": "ONLINE"}, ("error", "index_missing")),
        ({"a": "ONLINE", "b": "FAILED"}, ("error", "index_failed")),
        ({"a": "ONLINE", "b": "POPULATING"}, ("warning", "index_filling")),
    ],
)
def test_every_constraint_and_index_must_stand(
    states: dict[str, str], expected: tuple[str, str]
) -> None:
    assert told(rules.judge_indexes(("a", "b"), states)) == expected


@pytest.mark.parametrize(
    ("hours", "code", "expected"),
    [
        (None, "", ("warning", "backup_none")),
        (1, "", ("fine", "")),
        (47, "backup.disk", ("warning", "backup_failed")),
        (49, "", ("error", "backup_old")),
    ],
)
def test_a_backup_must_be_good_and_young(
    hours: int | None, code: str, expected: tuple[str, str]
) -> None:
    good_at = None if hours is None else (NOW - timedelta(hours=hours)).isoformat()
    assert told(rules.judge_backup(good_at, code, NOW, expected=True)) == expected
    assert told(rules.judge_backup(None, code, NOW, expected=False)) == ("fine", "")


def test_a_write_in_the_future_means_a_clock_that_went_back() -> None:
    assert told(rules.judge_clock(None, NOW)) == ("fine", "")
    assert told(rules.judge_clock(NOW + timedelta(minutes=5), NOW)) == ("fine", "")
    late = rules.judge_clock(NOW + timedelta(days=1), NOW)
    assert told(late) == ("warning", "clock_back")
    assert late.values["newest"] == "2026-11-23 12:00"


def test_other_small_rules() -> None:
    assert told(rules.judge_memory(1_900 * MB)) == ("warning", "memory_low")
    assert told(rules.judge_memory(4_000 * MB)) == ("fine", "")
    assert told(rules.judge_fonts(0)) == ("warning", "fonts_none")
    assert told(rules.judge_fonts(None)) == ("fine", "")
    assert told(rules.judge_port(8501, is_free=False, is_ours=False)) == ("warning", "port_taken")
    assert told(rules.judge_port(8501, is_free=False, is_ours=True)) == ("fine", "")
    assert told(rules.judge_unfinished(0, None)) == ("fine", "")
    assert told(rules.judge_unfinished(2, date(2026, 11, 1))) == ("warning", "load_unfinished")
    assert told(rules.judge_facts("check.orphan", 0, "Person", ())) == ("fine", "")
    assert told(rules.judge_facts("check.orphan", 1, "Client", ())) == ("error", "orphan")


def test_the_worst_finding_counts() -> None:
    assert find_worst([]) == "fine"
    assert find_worst([Finding("disk"), Finding("disk", "warning")]) == "warning"
    found = [Finding("a", "error"), Finding("b"), Finding("c", "warning")]
    assert find_worst(found) == "error"


def test_every_sentence_of_the_check_says_what_to_do() -> None:
    """Each problem ends in a sentence of its own about what to do, with the same values."""
    sentences = {
        key: texts
        for key, texts in read_catalogue().items()
        if key.startswith("check.") and key.count(".") == 1
    }
    problems = {key: t for key, t in sentences.items() if key not in {"check.title", "check.run"}}
    problems.pop("check.running")
    assert len(problems) >= 20
    for texts in problems.values():
        assert texts["ja"].endswith("。")
        fields = [{f for _, f, _, _ in string.Formatter().parse(t) if f} for t in texts.values()]
        assert fields[0] == fields[1]


@pytest.mark.skipif(os.name != "posix", reason="modes are a POSIX matter")
def test_a_file_others_can_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TSUNAGI_BACKUP", "off")
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    (folder / "private").touch(mode=0o600)
    (finding,) = [f for f in examine_machine(folder) if f.subject == "files"]
    assert told(finding) == ("fine", "")
    (folder / "open.jsonl").touch()
    (folder / "open.jsonl").chmod(0o644)
    (finding,) = [f for f in examine_machine(folder) if f.subject == "files"]
    assert told(finding) == ("error", "files_open")
    assert finding.values["names"] == "open.jsonl"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (None, ("fine", "")),
        (b"HTTP/1.1 200 OK\r\n\r\nok", ("fine", "")),
        (b"HTTP/1.1 503 Service Unavailable\r\n\r\naway", ("fine", "")),
        (b"HTTP/1.1 200 OK\r\n\r\nanother program", ("warning", "port_taken")),
        (b"", ("warning", "port_taken")),
    ],
    ids=["nobody", "the app", "the app without its database", "another", "one that says nothing"],
)
def test_who_listens_at_the_apps_port_is_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: bytes | None,
    expected: tuple[str, str],
) -> None:
    monkeypatch.setenv("TSUNAGI_BACKUP", "off")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        if answer is None:
            listener.close()
        else:
            threading.Thread(target=answer_one, args=(listener, answer), daemon=True).start()
        (finding,) = [f for f in examine_machine(tmp_path, port) if f.subject == "port"]
    assert told(finding) == expected


def answer_one(listener: socket.socket, answer: bytes) -> None:
    """Answer whoever comes first, once the question has come."""
    connection, _ = listener.accept()
    with connection:
        connection.recv(10_000)
        connection.sendall(answer)
