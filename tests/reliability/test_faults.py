"""What can befall a machine, made to happen: each leaves nothing half, and a person told."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from bench.faults import Ledger, find_losses, write_until_killed
from graph.engine import server
from graph.engine.place import Place, read_running
from graph.engine.report import ServerError
from graph.engine.server import Connection
from graph.rights import OPERATOR
from graph.store import Load, Store
from tests.builders import agencies, agency, count_nodes, hash_graph, tie, write
from tests.reliability.conftest import await_true
from views.database import Database

pytestmark = pytest.mark.usefixtures("killed_servers")

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = int(os.environ.get("TSUNAGI_KILL_ROUNDS", "3"))

STARTING = """
import sys
from pathlib import Path
from graph.engine.server import ensure_running
ensure_running(Path(sys.argv[1]), lambda stage, share: print(stage, flush=True))
"""
LOADING = """
import sys, time
from graph.records import NodeRecord, Source
from graph.store import Load, Store
def stall(share):
    print("half", flush=True)
    time.sleep(600)
agencies = [NodeRecord("Organization", f"k{n}", {"name": "k"}, Source("f")) for n in range(6_000)]
with Store(*sys.argv[1:5]) as store:
    store.write(agencies, Load("load-killed"), stall)
"""


def run_program(program: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, text=True, stdout=subprocess.PIPE
    )


def read_until(process: subprocess.Popen[str], words: str) -> None:
    assert process.stdout is not None
    assert any(words in line for line in process.stdout)


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is what a power cut is like on POSIX only")
def test_nothing_acknowledged_is_lost_and_nothing_is_half_there(folder: Path) -> None:
    ledger = Ledger()
    for number in range(ROUNDS):
        write_until_killed(folder, ledger, f"r{number}", 0.3 * number)
    losses = find_losses(folder, ledger)
    assert len(ledger.acknowledged) >= ROUNDS
    assert (losses.lost, losses.torn) == ((), ())


@pytest.mark.skipif(os.name == "nt", reason="a process cannot be frozen on Windows")
def test_a_frozen_database_is_known_and_comes_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TSUNAGI_DATA_DIR", str(folder))
    monkeypatch.setattr("views.database.SILENCE_S", 1.0)
    database = Database()
    assert database.ask(OPERATOR, "ecomap_facilities").as_known_at is None
    frozen = psutil.Process(server.status(folder).pid)
    frozen.suspend()
    try:
        await_true(lambda: database.trouble is not None)
        assert database.ask(OPERATOR, "ecomap_facilities").as_known_at is not None
    finally:
        frozen.resume()
    await_true(database.is_well)
    assert server.status(folder).pid == frozen.pid
    server.stop(folder, force=True)


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is what a power cut is like on POSIX only")
def test_an_app_killed_while_it_starts_the_database_leaves_no_process(folder: Path) -> None:
    with run_program(STARTING, str(folder)) as app:
        read_until(app, "server.stage.starting")
        app.kill()
    await_true(lambda: read_running(Place.within(folder)) is None)


def test_an_app_killed_in_the_middle_of_a_load_leaves_nothing_of_it(
    store: Store, database: Connection, raw: object
) -> None:
    write(store, agencies("a", "b"), tie("a", "b"))
    before = hash_graph(raw)  # type: ignore[arg-type]
    where = (database.uri, database.user, database.password, database.database)
    with run_program(LOADING, *where) as app:
        read_until(app, "half")
        app.kill()
    again = [agency("a", phone="1")]
    write(store, again)  # the dead one's locks are gone
    write(store, agencies("a"))
    assert store.find_load("load-killed") is None
    assert count_nodes(raw, "Organization") == 2  # type: ignore[arg-type]
    assert hash_graph(raw) != before  # type: ignore[arg-type]


def test_a_folder_that_cannot_be_written_is_told(mount_disk: Callable[[str], Path]) -> None:
    disk = mount_disk("ro")
    with pytest.raises(ServerError) as refused:
        server.ensure_running(disk / "data")
    assert refused.value.code == "server.error.folder_unwritable"
    assert refused.value.values["folder"] == str(disk / "data")


def test_the_routing_address_reads_and_writes(store: Store, database: Connection) -> None:
    """`neo4j://`, as a cluster is reached: the driver asks who leads and who only reads."""
    uri = database.uri.replace("bolt://", "neo4j://")
    with Store(uri, database.user, database.password, database.database) as routed:
        routed.beat()
        assert routed.write(agencies("a", "b"), Load("load-routed")).created == 2
        ids = routed.list_nodes("Organization", ("organization_id",))
    assert [row["organization_id"] for row in ids] == ["a", "b"]
