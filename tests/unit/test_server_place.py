"""Who uses the server and which process it is, whatever happened to either."""

import errno
import json
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from graph.engine.place import (
    Place,
    RunningServer,
    count_leases,
    drop_lease,
    read_running,
    take_lease,
    write_state,
)
from graph.engine.process import choose_port, explain_os_error, read_password
from graph.engine.provision import JarSet
from graph.engine.report import ServerError
from graph.folders import choose_cache_dir, choose_data_dir, write_private

HOLD_LEASE = """
import sys
from pathlib import Path
from graph.engine.place import Place, take_lease
lease = take_lease(Place(Path(sys.argv[1])))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place.within(tmp_path / "data")
    place.make_folders()
    return place


def test_a_lease_counts_until_it_is_dropped(place: Place) -> None:
    assert count_leases(place) == 0
    first, second = take_lease(place), take_lease(place)
    assert count_leases(place) == 2
    drop_lease(first)
    assert count_leases(place) == 1
    drop_lease(second)
    assert count_leases(place) == 0
    assert not list(place.leases.iterdir())


def test_the_lease_of_a_killed_process_does_not_count(place: Place) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_LEASE, str(place.home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as user:
        assert user.stdout is not None
        assert user.stdout.readline().strip() == b"held"
        assert count_leases(place) == 1
        user.kill()
        user.wait()
    assert count_leases(place) == 0


def test_a_process_with_our_mark_is_found(place: Place) -> None:
    command = [sys.executable, "-c", "import sys; sys.stdin.read()", "-Dtsunagi.start=abc"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        server = RunningServer(process.pid, "abc", 7000, 0.0)
        write_state(place, server)
        assert read_running(place) == server
        process.kill()
        # Ended but not yet waited for: the entry in the process table must not deceive.
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert read_running(place) is None


def test_a_process_id_that_now_belongs_to_another_is_not_trusted(place: Place) -> None:
    write_state(place, RunningServer(os.getpid(), "abc", 7000, 0.0))
    assert read_running(place) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"pid": 1}', json.dumps({"pid": "x"})])
def test_an_unreadable_state_means_no_server(place: Place, text: str) -> None:
    place.state.write_text(text)
    assert read_running(place) is None


@pytest.mark.skipif(os.name != "posix", reason="modes are a POSIX matter")
def test_folders_and_secrets_belong_to_their_owner_only(place: Place) -> None:
    write_private(place.password, "secret")
    assert stat.S_IMODE(place.password.stat().st_mode) == 0o600
    for folder in (place.home.parent, place.home, place.leases, place.settings.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_private_file_is_replaced_whole_and_leaves_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "state"
    write_private(path, "old")
    write_private(path, "新しい")
    assert path.read_text(encoding="utf-8") == "新しい"
    assert list(tmp_path.iterdir()) == [path]


def test_a_data_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(ServerError) as refused:
        Place.within(tmp_path / "data").make_folders()
    assert refused.value.code == "server.error.folder_unwritable"


def test_a_taken_port_is_told_before_anything_starts() -> None:
    port = choose_port()
    assert choose_port(port) == port
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        with pytest.raises(ServerError) as refused:
            choose_port(number)
    assert refused.value.code == "server.error.port_taken"
    assert refused.value.values == {"port": number}


def test_the_environment_chooses_the_folders(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TSUNAGI_DATA_DIR", str(tmp_path / "d"))
    monkeypatch.setenv("TSUNAGI_CACHE_DIR", str(tmp_path / "c"))
    assert choose_data_dir() == tmp_path / "d"
    assert choose_data_dir(tmp_path / "x") == tmp_path / "x"
    assert choose_cache_dir() == tmp_path / "c"
    monkeypatch.delenv("TSUNAGI_DATA_DIR")
    assert "tsunagi" in str(choose_data_dir())


@pytest.mark.parametrize(
    ("number", "file", "code"),
    [
        (errno.ENOSPC, None, "disk_full_start"),
        (errno.EACCES, "/data/neo4j/state.json", "folder_unwritable"),
        (errno.EROFS, "/data/neo4j/state.json", "folder_unwritable"),
        (errno.EIO, None, "start_failed"),
    ],
)
def test_what_the_system_refuses_gets_a_text(
    place: Place, number: int, file: str | None, code: str
) -> None:
    error = explain_os_error(place, OSError(number, os.strerror(number), file))
    assert error.code == f"server.error.{code}"
    if file is not None:
        assert error.values == {"folder": str(Path(file).parent)}


def test_data_without_its_password_is_never_given_a_new_one(place: Place) -> None:
    (place.home / "data" / "databases").mkdir()
    with pytest.raises(ServerError) as refused:
        read_password(place, JarSet(place.home, (), ""))
    assert refused.value.code == "server.error.password_lost"
    assert not list(place.home.glob("password*"))
