"""Data that another version of Neo4j wrote is copied before this one opens it, once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from graph.engine.dumping import find_version, keep_before_upgrade, load_dump
from graph.engine.place import Place
from graph.engine.provision import JarSet
from graph.engine.report import ServerError

JARS = JarSet(Path("jars"), ("bolt-1.jar", "neo4j-2026.08.1.jar", "neo4j-io-2026.08.1.jar"), "key")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place.within(tmp_path)
    place.make_folders()
    return place


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What Neo4j's tool was asked; its dump is a line of text."""
    asked: list[tuple[str, ...]] = []

    def run(_place: Place, _jars: JarSet, arguments: Sequence[str], _timeout: float) -> None:
        asked.append(tuple(arguments))
        if "dump" in arguments:
            folder = arguments[-1].partition("=")[2]
            (Path(folder) / "neo4j.dump").write_text("dump")

    monkeypatch.setattr("graph.engine.dumping.run_admin", run)
    return asked


def test_the_version_is_that_of_the_jar() -> None:
    assert find_version(JARS) == "2026.08.1"
    assert find_version(JarSet(Path("jars"), ("bolt-1.jar",), "key")) == ""


def test_a_first_start_and_the_same_version_copy_nothing(
    place: Place, tool: list[tuple[str, ...]]
) -> None:
    assert keep_before_upgrade(place, JARS) is None
    (place.home / "data" / "databases").mkdir()
    assert keep_before_upgrade(place, JARS) is None
    assert tool == []


def test_another_version_is_copied_once_and_only_the_last_copy_stays(
    place: Place, tool: list[tuple[str, ...]]
) -> None:
    (place.home / "data" / "databases").mkdir()
    for version in ("2025.01.0", "2025.12.0"):
        (place.home / "neo4j.version").write_text(version)
        assert keep_before_upgrade(place, JARS) == place.home / "dumps" / f"neo4j-{version}.dump"
        assert keep_before_upgrade(place, JARS) is None
    assert [path.name for path in (place.home / "dumps").iterdir()] == ["neo4j-2025.12.0.dump"]
    assert (place.home / "dumps" / "neo4j-2025.12.0.dump").stat().st_mode & 0o077 == 0
    assert len(tool) == 2


def test_a_copy_that_fails_stops_the_start_and_is_tried_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place.home / "data" / "databases").mkdir()
    (place.home / "neo4j.version").write_text("2025.01.0")

    def fail(*_: object) -> None:
        raise ServerError("server.error.start_failed", exit_code=1, log="")

    monkeypatch.setattr("graph.engine.dumping.run_admin", fail)
    for _ in range(2):
        with pytest.raises(ServerError):
            keep_before_upgrade(place, JARS)
    assert list((place.home / "dumps").iterdir()) == []


def test_a_dump_that_is_not_there_is_said(place: Place, tool: list[tuple[str, ...]]) -> None:
    with pytest.raises(ServerError) as error:
        load_dump(place, JARS, place.home / "nothing.dump")
    assert error.value.code == "server.error.no_dump"
    (place.home / "x.dump").write_text("dump")
    load_dump(place, JARS, place.home / "x.dump")
    assert "--overwrite-destination=true" in tool[-1]
