"""A power cut and a full disk: nothing acknowledged is lost, and the database comes back."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from filelock import Timeout
from typer.testing import CliRunner

import tsunagi
from graph.backup.keys import open_keyring
from graph.backup.making import make_backup
from graph.engine import server
from graph.engine.place import Place
from graph.engine.renewal import list_aside
from graph.folders import choose_data_dir
from graph.rights import OPERATOR
from graph.store import Load, Store, StoreError
from tests.builders import agencies, agency
from tests.reliability.conftest import await_true
from views.database import Database

pytestmark = pytest.mark.usefixtures("killed_servers")


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is what a power cut is like on POSIX only")
def test_after_a_power_cut_locks_and_process_files_are_no_hindrance(folder: Path) -> None:
    server.ensure_running(folder)
    place = Place.within(folder)
    await_true(lambda: _is_guarded(place))
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if str(folder) in " ".join(process.cmdline()) and process.pid != os.getpid():
                process.kill()
    assert place.state.exists()  # what a machine that loses its power leaves
    found = server.ensure_running(folder)
    with Store(found.uri, found.user, found.password, found.database) as store:
        store.beat()
    await_true(lambda: _is_guarded(place))


def _is_guarded(place: Place) -> bool:
    lock = place.guard_lock()
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False


def test_a_full_disk_loses_nothing_says_so_and_is_recovered_from(
    mount_disk: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    small_disk = mount_disk("size=400m")
    monkeypatch.setenv("TSUNAGI_START_CACHE", "use")
    monkeypatch.setenv("TSUNAGI_DATA_DIR", str(small_disk / "data"))
    monkeypatch.delenv("NEO4J_URI", raising=False)
    database = Database()
    written = database.use(OPERATOR, lambda store: store.write(agencies("a"), Load("load-before")))
    assert written.created == 1
    filling = small_disk / "filling"
    with filling.open("wb") as file, pytest.raises(OSError, match="space"):
        while True:
            file.write(bytes(100_000))
            file.flush()
    lost = _write_until_refused(database)
    await_true(lambda: database.trouble is not None)
    await_true(lambda: "disk_full" in (database.trouble.code if database.trouble else ""))
    assert database.trouble is not None
    assert int(str(database.trouble.values["free_mb"])) < 200
    filling.unlink()
    await_true(database.is_well)
    names = database.use(OPERATOR, lambda s: s.list_nodes("Organization", ("organization_id",)))
    assert {"a", *lost} <= {row["organization_id"] for row in names}
    server.stop(choose_data_dir(), force=True)


def _write_until_refused(database: Database) -> list[str]:
    """Write until the full disk is met; return what was acknowledged until then."""
    acknowledged: list[str] = []
    while True:
        name = f"n{len(acknowledged)}"
        record = agency(name, note="長" * 2_000)
        try:
            database.use(OPERATOR, lambda s, r=record, n=name: s.write([r], Load(f"load-{n}")))
        except StoreError:
            return acknowledged
        acknowledged.append(name)


def test_data_that_cannot_be_opened_is_told_and_a_backup_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    monkeypatch.setenv("TSUNAGI_START_CACHE", "use")
    monkeypatch.setenv("TSUNAGI_DATA_DIR", str(folder))
    monkeypatch.delenv("NEO4J_URI", raising=False)
    try:
        with Store.at(server.ensure_running()) as store:
            store.write(agencies("a"), Load("load-before"))
            made = make_backup(store, folder / "backups", open_keyring(folder))
        _damage(folder)
        restore = ["db", "restore", str(made.path)]
        refused = CliRunner().invoke(tsunagi.app, restore)
        assert refused.exit_code == 1
        assert "データベースの中身を開けません" in refused.output
        assert "--replace" in refused.output
        restored = CliRunner().invoke(tsunagi.app, [*restore, "--replace"])
        assert restored.exit_code == 0, restored.output
        (kept,) = list_aside(Place.within(folder))
        assert str(kept) in restored.output.replace("\n", "")
        with Store.at(server.ensure_running()) as store:
            assert store.list_nodes("Organization", ("organization_id",)) == [
                {"organization_id": "a"}
            ]
    finally:
        server.stop(folder, force=True)


def _damage(folder: Path) -> None:
    """Kill the database and spoil the file it reads first, which it then refuses at once.

    (With the last of the transaction log spoilt it refuses as well, after half a minute.)
    """
    psutil.Process(server.status(folder).pid).kill()
    first = Place.within(folder).home / "data/databases/neo4j/neostore"
    first.write_bytes(b"\xff" * first.stat().st_size)
