"""`tsunagi db key`, `dump` and `load-dump`: what cannot be put on record is not done."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

import tsunagi
from access.journal import Journal
from graph.backup.keys import RECOVERY_FILE
from graph.rights import Unrecorded


def refuse(*_: object) -> None:
    raise Unrecorded


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder."""
    monkeypatch.setenv("TSUNAGI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("TSUNAGI_BACKUP_KEY_FILE", raising=False)
    return tmp_path / "data"


def test_a_recovery_key_that_cannot_be_recorded_is_not_renewed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the key on paper would be replaced by one that nobody has seen."""
    tool = CliRunner()
    shown = tool.invoke(tsunagi.app, ["db", "key"])
    assert "AGE-SECRET-KEY-" in shown.output
    assert [entry.subject for entry in Journal(folder).read()] == ["recovery key"]
    kept = (folder / RECOVERY_FILE).read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(Journal, "record", refuse)
        refused = tool.invoke(tsunagi.app, ["db", "key", "--renew"])
    assert refused.exit_code == 1
    assert "AGE-SECRET-KEY-" not in refused.output
    assert "audit log cannot be written" in refused.output
    assert (folder / RECOVERY_FILE).read_bytes() == kept


def test_a_dump_that_cannot_be_recorded_is_neither_made_nor_put_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[object] = []
    monkeypatch.setattr(Journal, "record", refuse)
    monkeypatch.setattr("commands.backup.server.dump", done.append)
    monkeypatch.setattr("commands.backup.server.load", done.append)
    for words in (["dump", "a.dump"], ["load-dump", "a.dump", "--replace"]):
        refused = CliRunner().invoke(tsunagi.app, ["db", *words])
        assert (refused.exit_code, "audit log cannot be written" in refused.output) == (1, True)
    assert done == []
