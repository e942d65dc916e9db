"""The operators' log: lines a program can read, turned over, with no person in them."""

from __future__ import annotations

import json
import logging
import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import logs
from graph.logs import HIDDEN, hide_words, open_log, write_event


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    open_log("app", tmp_path)
    yield tmp_path / "logs"
    close_log()


def close_log() -> None:
    for handler in list(logs._LOGGER.handlers):
        logs._LOGGER.removeHandler(handler)
    logs._LOGGER.propagate = True


def read_lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_an_event_is_a_line_of_json_for_its_owner_only(folder: Path) -> None:
    write_event("database.lost", logging.ERROR, code="store.unavailable", seconds=3)
    (line,) = read_lines(folder / "app.jsonl")
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "program": "app", "process": os.getpid(), "level": "ERROR", "event": "database.lost",
        "code": "store.unavailable", "seconds": 3,
    }  # fmt: skip
    if os.name == "posix":
        assert [stat.S_IMODE(p.stat().st_mode) & 0o077 for p in folder.iterdir()] == [0, 0]


@pytest.mark.parametrize(
    "words",
    ["山田花子", "Hanako Yamada", "2020-01", "C 1", "090-1234-5678", "a@example.jp", "x" * 99],
)
def test_what_may_name_somebody_is_not_written(folder: Path, words: str) -> None:
    write_event("page.failed", logging.ERROR, error=words)
    write_event(words)
    assert words not in (folder / "app.jsonl").read_text("utf-8")
    assert [line.get("error", line["event"]) for line in read_lines(folder / "app.jsonl")] == [
        HIDDEN, HIDDEN,
    ]  # fmt: skip


@given(st.text())
def test_only_words_of_code_get_in(text: str) -> None:
    told = hide_words(text)
    assert told == HIDDEN or (text.isascii() and " " not in text and text[0].isalpha())


def test_what_other_modules_log_is_written_without_its_words(folder: Path) -> None:
    logging.getLogger("tsunagi.backup").error("backup of %s failed %s", "山田花子", "backup.full")
    (line,) = read_lines(folder / "app.jsonl")
    told = line["event"], line["value1"], line["value2"]
    assert told == ("tsunagi.backup", HIDDEN, "backup.full")


def test_a_log_turns_over_and_keeps_a_few(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LARGEST_BYTES", 300)
    for number in range(60):
        write_event("question.slow", number=number)
    files = sorted(path.name for path in folder.glob("*.jsonl"))
    assert files == ["app.1.jsonl", "app.2.jsonl", "app.3.jsonl", "app.4.jsonl", "app.jsonl"]
    assert read_lines(folder / "app.jsonl")[-1]["number"] == 59
    kept = [line["number"] for path in folder.glob("*.jsonl") for line in read_lines(path)]
    assert sorted(kept) == list(range(min(kept), 60))


def test_several_writers_lose_no_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LARGEST_BYTES", 2_000)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: write_event("question.slow", number=number), range(60)))
    lines = [line["number"] for path in folder.glob("*.jsonl") for line in read_lines(path)]
    assert sorted(lines) == list(range(60))


def test_a_log_that_cannot_be_written_disturbs_nobody(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("in the way")
    open_log("app", tmp_path)
    write_event("app.started")
    assert (tmp_path / "logs").read_text() == "in the way"
    close_log()
