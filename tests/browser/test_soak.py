"""Sessions come and go: nothing of them stays in the app, neither connections nor threads."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from bench.meeting import Figures, look_around
from graph.engine.server import Connection
from graph.store import Store
from tests.browser.conftest import SERVE, list_settings
from tests.loops import run_alone

SESSIONS = 6
PATIENCE_S = 30


def find_app(port: int) -> psutil.Process:
    for process in psutil.Process().children(recursive=True):
        if any(c.laddr.port == port for c in process.net_connections("tcp") if not c.raddr):
            return process
    raise AssertionError("no process listens")


def visit(address: str, rounds: int) -> Figures:
    """Let sessions look at pages and leave."""
    figures = Figures()

    async def go() -> None:
        sessions = [
            look_around(address, rounds, figures, thinking=(0.0, 0.1), seed=number)
            for number in range(SESSIONS)
        ]
        await asyncio.gather(*sessions)

    run_alone(go())
    return figures


def count_what_stays(app: psutil.Process, port: int, database_port: int) -> tuple[int, int, int]:
    """Browsers, connections to the database and threads, once the sessions have ended."""
    until = time.monotonic() + PATIENCE_S
    while True:
        peers = [c for c in app.net_connections("tcp") if c.raddr and c.status == "ESTABLISHED"]
        browsers = sum(c.laddr.port == port for c in peers)
        to_database = sum(c.raddr.port == database_port for c in peers)
        if not browsers or time.monotonic() > until:
            return browsers, to_database, app.num_threads()
        time.sleep(0.2)


def test_sessions_that_left_leave_nothing_behind(
    sample_store: Store, database: Connection, data_folder: Path, start_app: Callable[..., str]
) -> None:
    address = start_app(
        SERVE,
        TSUNAGI_DATA_DIR=str(data_folder / "soak"),
        **list_settings(database),
    )
    ports = urlsplit(address).port or 0, urlsplit(database.uri).port or 0
    app = find_app(ports[0])
    first = visit(address, 2)
    assert (first.errors, len(first.seconds)) == ([], SESSIONS * 2)
    _, to_database, threads = count_what_stays(app, *ports)
    again = visit(address, 2)
    assert again.errors == []
    browsers, to_database_again, threads_again = count_what_stays(app, *ports)
    assert browsers == 0
    # The pool keeps a few for whoever asks next; a session that leaked would add one each.
    assert to_database_again <= max(to_database, SESSIONS) + SESSIONS // 2
    assert threads_again <= threads + SESSIONS // 2
