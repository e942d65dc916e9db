"""The bundled Neo4j, really started: shared, hardened, recovered, and gone when nobody uses it.

The server is started as seldom as possible; each test asks for it by `connection` and may kill it.
"""

import os
import shutil
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from neo4j import Driver, GraphDatabase
from neo4j.exceptions import Neo4jError

from graph.engine.provision import provide_jars
from graph.engine.report import STAGE_READY, ServerError
from graph.engine.server import Connection, ensure_running, release, status, stop
from graph.folders import choose_cache_dir

ROOT = Path(__file__).resolve().parents[2]
APP = """
import sys
from pathlib import Path
from graph.engine.server import ensure_running, status
folder = Path(sys.argv[1])
connection = ensure_running(folder)
print(connection.uri, status(folder).pid, flush=True)
sys.stdin.read()
"""
PATIENCE_S = 60


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TSUNAGI_START_CACHE", "use")
        environment.delenv("NEO4J_URI", raising=False)
        folder = tmp_path_factory.mktemp("事業所") / "data"
        yield folder
        stop(folder, force=True)


@pytest.fixture
def connection(data_dir: Path) -> Connection:
    return ensure_running(data_dir)


@pytest.fixture
def driver(connection: Connection) -> Iterator[Driver]:
    auth = (connection.user, connection.password)
    with GraphDatabase.driver(connection.uri, auth=auth) as driver:
        yield driver


def start_app(data_dir: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", APP, str(data_dir)],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def await_true(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def list_processes(data_dir: Path) -> list[str]:
    """Return the command lines of all processes that name `data_dir`, the tests' own aside."""
    found = []
    for process in psutil.process_iter():
        try:
            line = " ".join(process.cmdline())
        except psutil.Error:
            continue
        if str(data_dir) in line and process.pid != os.getpid():
            found.append(line)
    return found


def test_two_starts_at_once_share_one_server_that_ends_after_the_last(data_dir: Path) -> None:
    stop(data_dir, force=True)
    with start_app(data_dir) as first, start_app(data_dir) as second:
        assert first.stdout is not None
        assert second.stdout is not None
        told = first.stdout.readline(), second.stdout.readline()
        assert told[0] == told[1] != ""
        assert status(data_dir).users == 2
        first.kill()
        first.wait()
        assert not stop(data_dir)
        assert status(data_dir).users == 1
        assert str(status(data_dir).pid) in told[0]
        second.kill()
    await_true(lambda: not list_processes(data_dir))
    assert not status(data_dir).running


def test_only_bolt_on_loopback_listens(connection: Connection, data_dir: Path) -> None:
    sockets = psutil.Process(status(data_dir).pid).net_connections()
    addresses = [each.laddr for each in sockets if not each.raddr]
    listening = [f"bolt://{each.ip.removeprefix('::ffff:')}:{each.port}" for each in addresses]
    assert listening == [connection.uri]


@pytest.mark.skipif(os.name != "posix", reason="modes are a POSIX matter")
def test_the_password_is_for_its_owner_only(connection: Connection, data_dir: Path) -> None:
    file = data_dir / "neo4j" / "password"
    assert file.read_text() == connection.password
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert list_processes(data_dir)
    everything = [" ".join(each.info["cmdline"] or []) for each in psutil.process_iter(["cmdline"])]
    assert not [line for line in everything if connection.password in line]
    logs = [path.read_text(errors="replace") for path in (data_dir / "neo4j" / "logs").iterdir()]
    assert not [log for log in logs if connection.password in log]


def test_nothing_the_server_writes_is_for_others(connection: Connection, data_dir: Path) -> None:
    files = [path for path in (data_dir / "neo4j" / "data").rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if stat.S_IMODE(path.stat().st_mode) & 0o077]


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("file", "allow_csv_import_from_file_urls"),
        ("import folder", "allow_csv_import_from_file_urls"),
        ("address", "cypher_ip_blocklist"),
        ("name", "cypher_ip_blocklist"),
        ("name of this machine", "cypher_ip_blocklist"),
        ("name elsewhere", "load the external resource"),
    ],
)
def test_load_csv_reaches_nothing(driver: Driver, data_dir: Path, place: str, reason: str) -> None:
    secret = data_dir / "secret.csv"
    secret.write_text("geheim")
    shutil.copy(secret, data_dir / "neo4j" / "import" / "secret.csv")
    port = driver.execute_query("RETURN 1").summary.server.address[1]
    source = {
        "file": secret.as_uri(),
        "import folder": "file:///secret.csv",
        "address": f"http://127.0.0.1:{port}/",
        "name": f"http://localhost:{port}/",
        "name of this machine": f"http://{socket.gethostname()}:{port}/",
        "name elsewhere": f"http://elsewhere.example:{port}/",
    }[place]
    with pytest.raises(Neo4jError) as refused:
        driver.execute_query("LOAD CSV FROM $source AS row RETURN row", source=source)
    assert reason in str(refused.value)


def test_a_killed_server_comes_back_with_what_was_saved(driver: Driver, data_dir: Path) -> None:
    driver.execute_query("MERGE (n:Probe {id: 1}) SET n.text = '残る'")
    killed = psutil.Process(status(data_dir).pid)
    killed.kill()
    await_true(lambda: not status(data_dir).running)
    stages: list[tuple[str, float]] = []
    again = ensure_running(data_dir, lambda *stage: stages.append(stage))
    with GraphDatabase.driver(again.uri, auth=(again.user, again.password)) as fresh:
        records = fresh.execute_query("MATCH (n:Probe) RETURN n.text AS text").records
    assert [record["text"] for record in records] == ["残る"]
    assert stages[-1] == (STAGE_READY, 1.0)
    assert status(data_dir).pid != killed.pid


def test_a_changed_password_file_is_told(connection: Connection, data_dir: Path) -> None:
    file = data_dir / "neo4j" / "password"
    file.write_text("0" * 48)
    try:
        with pytest.raises(ServerError) as refused:
            ensure_running(data_dir)
    finally:
        file.write_text(connection.password)
    assert refused.value.code == "server.error.wrong_password"
    assert connection.password not in str(refused.value.values)


def test_a_wrong_byte_in_a_jar_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jars = provide_jars(choose_cache_dir())
    folder = tmp_path / "cache" / jars.folder.name
    folder.mkdir(parents=True)
    victim = jars.names[100]
    for name in jars.names:
        (folder / name).symlink_to(jars.folder / name)
    content = bytearray((jars.folder / victim).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / victim).unlink()
    (folder / victim).write_bytes(content)
    monkeypatch.setenv("TSUNAGI_CACHE_DIR", str(tmp_path / "cache"))
    with pytest.raises(ServerError) as refused:
        ensure_running(tmp_path / "data")
    assert refused.value.code == "server.error.jar_damaged"
    assert refused.value.values["jar"] == victim
    assert not list_processes(tmp_path)
    assert status(tmp_path / "data").users == 0


def test_stop_leaves_nothing_running(data_dir: Path) -> None:
    ensure_running(data_dir)
    release(data_dir)
    ensure_running(data_dir)
    assert status(data_dir).users == 1
    assert stop(data_dir)
    await_true(lambda: not list_processes(data_dir))
    assert (status(data_dir).running, status(data_dir).users) == (False, 0)
    assert stop(data_dir)


def test_the_server_starts_on_a_machine_without_any_network(tmp_path: Path) -> None:
    """A network namespace with nothing but loopback is a PC whose cable is out."""
    apart = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]
    if not shutil.which("ip") or subprocess.run([*apart, "true"], check=False).returncode:
        pytest.skip("this machine cannot take the network away from a process")
    program = (
        "import sys; from pathlib import Path\n"
        "from graph.engine.server import ensure_running, stop\n"
        "folder = Path(sys.argv[1]); print(ensure_running(folder).uri); stop(folder, force=True)"
    )
    start = f'ip link set lo up && exec "{sys.executable}" -c "$0" "$1"'
    command = [*apart, "sh", "-c", start, program, str(tmp_path / "data")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("bolt://127.0.0.1:"), done.stderr
