"""A private file is written whole or not at all, however many write it and whatever goes wrong."""

from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from graph.folders import write_private
from loaders.places import sources


def fill_disk(_descriptor: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def interrupt(_descriptor: int) -> None:
    raise KeyboardInterrupt


def test_on_a_full_disk_nothing_of_the_content_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "export.xlsx"
    write_private(path, "before")
    for fail, error in ((fill_disk, OSError), (interrupt, KeyboardInterrupt)):
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", fail)
            with pytest.raises(error):
                write_private(path, "plain text of an export")
        assert list(tmp_path.iterdir()) == [path]
        assert path.read_text() == "before"


def test_a_draft_that_cannot_take_its_place_is_taken_away(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError):
        write_private(tmp_path / "taken", "content")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
    with pytest.raises(FileNotFoundError):
        write_private(tmp_path / "missing" / "file", "content")


def test_of_two_threads_each_writes_a_draft_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have written their draft before either puts it in its place."""
    both, flush = Barrier(2, timeout=30), os.fsync

    def meet(descriptor: int) -> None:
        flush(descriptor)
        both.wait()

    monkeypatch.setattr(os, "fsync", meet)
    path = tmp_path / "state"
    contents = ["first " * 1_000, "second " * 2_000]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda content: write_private(path, content), contents))
    assert path.read_text() in contents
    assert list(tmp_path.iterdir()) == [path]


def test_the_place_tables_leave_no_draft_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TSUNAGI_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(os, "fsync", fill_disk)
    assert sources.read_place_tables.__wrapped__().municipalities
    assert list((tmp_path / "cache").iterdir()) == []
