"""Fresh data in the place of old: at once or not at all, and nothing of the old is left."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from graph.engine.place import Place
from graph.engine.renewal import exchange_data, list_before, scratch_folder, settle, wipe


def make_place(folder: Path, words: str) -> Place:
    place = Place.within(folder)
    place.make_folders()
    (place.home / "data" / "databases").mkdir()
    (place.home / "data" / "databases" / "store").write_text(words)
    (place.home / "logs" / "debug.log").write_text(words)
    place.password.write_text(words)
    return place


def read(place: Place) -> str:
    return (place.home / "data" / "databases" / "store").read_text()


def holds(folder: Path, words: str) -> list[str]:
    return [p.name for p in folder.rglob("*") if p.is_file() and words in p.read_text()]


def test_the_fresh_data_is_there_and_the_old_is_nowhere(tmp_path: Path) -> None:
    place = make_place(tmp_path / "own", "old")
    place.password.write_text("shared")
    exchange_data(place, make_place(tmp_path / "fresh", "new"))
    assert read(place) == "new"
    assert place.password.read_text() == "shared"
    assert holds(tmp_path / "own", "old") == []


def test_a_place_without_a_server_takes_the_password_over(tmp_path: Path) -> None:
    place = Place.within(tmp_path / "own")
    place.make_folders()
    exchange_data(place, make_place(tmp_path / "fresh", "new"))
    assert (read(place), place.password.read_text()) == ("new", "new")


def test_logs_that_are_missing_stop_no_exchange(tmp_path: Path) -> None:
    place = make_place(tmp_path / "own", "old")
    shutil.rmtree(place.home / "logs", ignore_errors=True)
    exchange_data(place, make_place(tmp_path / "fresh", "new"))
    assert (place.home / "logs").is_dir()


def test_an_exchange_that_fails_leaves_the_old_data(tmp_path: Path) -> None:
    place = make_place(tmp_path / "own", "old")
    fresh = Place.within(tmp_path / "fresh")  # nothing there
    with pytest.raises(OSError):
        exchange_data(place, fresh)
    assert read(place) == "old"


def test_killed_between_the_two_renames_the_old_data_is_taken_back(tmp_path: Path) -> None:
    place = make_place(tmp_path / "own", "old")
    (place.home / "data").rename(place.home / "data.before")
    place.make_folders()  # the next start makes an empty one first
    settle(place)
    assert read(place) == "old"
    assert not (place.home / "data.before").exists()


def test_killed_before_the_old_data_was_wiped_the_next_start_wipes_it(tmp_path: Path) -> None:
    place = make_place(tmp_path / "own", "new")
    (place.home / "data.before").mkdir()
    (place.home / "data.before" / "store").write_text("old")
    settle(place)
    assert read(place) == "new"
    assert not (place.home / "data.before").exists()


def test_a_start_without_an_exchange_changes_nothing(tmp_path: Path) -> None:
    place = make_place(tmp_path / "own", "old")
    settle(place)
    assert read(place) == "old"


def test_nothing_is_left_of_the_second_server_even_when_it_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), scratch_folder(tmp_path) as folder:
        make_place(folder, "half")
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_wiping_overwrites_before_it_removes(tmp_path: Path) -> None:
    file, name = tmp_path / "store", tmp_path / "kept-by-a-link"
    file.write_bytes(b"marker" * 500_000)
    name.hardlink_to(file)
    wipe(file)
    assert not file.exists()
    assert name.read_bytes() == bytes(3_000_000)


def refuse(*_: object, **__: object) -> None:
    raise OSError


def test_what_cannot_be_overwritten_is_removed_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("marker")
    monkeypatch.setattr("graph.engine.renewal._overwrite", refuse)
    assert wipe(tmp_path / "file") == []
    assert list(tmp_path.iterdir()) == []


def test_wiping_tells_what_still_exists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("marker")
    monkeypatch.setattr(Path, "unlink", refuse)
    assert wipe(tmp_path / "file") == [tmp_path / "file"]
    monkeypatch.setattr("graph.engine.renewal.shutil.rmtree", refuse_nothing)
    assert wipe(tmp_path) == [tmp_path / "file", tmp_path]
    assert wipe(tmp_path / "nothing") == []


def refuse_nothing(*_: object, **__: object) -> None:
    """As `shutil.rmtree` that ignores its errors."""


def test_an_exchange_that_cannot_wipe_the_old_leaves_it_where_it_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = make_place(tmp_path / "own", "old")
    fresh = make_place(tmp_path / "fresh", "new")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        patch.setattr("graph.engine.renewal.shutil.rmtree", refuse_nothing)
        exchange_data(place, fresh)
    assert read(place) == "new"
    assert list_before(place) == [place.home / "data.before", place.home / "logs.before"]
    settle(place)
    assert list_before(place) == []
    assert list((place.home / "logs").iterdir()) == []
