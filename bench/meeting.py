"""A meeting of thirty: so many sessions of the app at once, beside a single one in the same run.

    python -m bench.meeting [sessions] [minutes]

Each session is a websocket as a browser opens it, speaking Streamlit's own messages: it opens a
page, looks for a few seconds, and asks for the next. The clock runs from the request until the
script has ended. First one session goes through its pages alone, then all at once, then the one
again. With minutes, all go on for so long, one round of sessions after another, and after every
round the memory of app and database is printed, with the open connections and threads. A Java
process takes what it may before it tidies up: whether the database's data grow tells what its last
full collection left of the heap.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.apps import run_app
from graph.engine import server
from graph.store import Store

PORT: Final = 8696
SESSIONS: Final = 30
ROUNDS: Final = 8
PAGES: Final = ("", "gaps", "network", "contacts", "nearby", "")
THINKING_S: Final = (5.0, 15.0)
LONGEST_RUN_S: Final = 120.0
ASKED: Final = "date=2022-10-04"
COLLECTED: Final = (
    "CALL dbms.queryJmx('java.lang:type=MemoryPool,name=Tenured Gen') YIELD attributes "
    "RETURN attributes.CollectionUsage.value.properties.used AS bytes"
)


@dataclass
class Figures:
    """Seconds of every page, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        if not self.seconds:
            return f"no page was answered  {len(self.errors)} errors"
        ordered = sorted(self.seconds)
        late = ordered[max(0, round(len(ordered) * 0.95) - 1)]
        middle = statistics.median(ordered)
        return (
            f"{len(ordered)} pages  median {middle:.2f} s  p95 {late:.2f} s  "
            f"worst {ordered[-1]:.2f} s  {len(self.errors)} errors"
        )


def main() -> None:
    """Print what one session waits, what each of many waits, and what they leave behind."""
    sessions = int(sys.argv[1]) if len(sys.argv) > 1 else SESSIONS
    minutes = float(sys.argv[2]) if len(sys.argv) > 2 else 0.0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        command = ("tsunagi", "run", "--port", str(PORT))
        try:
            with run_app(command, PORT, TSUNAGI_DATA_DIR=scratch) as address:
                asyncio.run(hold_meeting(address, folder, sessions, minutes))
        finally:
            server.stop(folder, force=True)


async def hold_meeting(address: str, folder: Path, sessions: int, minutes: float) -> None:
    """Measure one, then many, then one; print each, and the memory before and after."""
    await look_around(address, 1, Figures())  # everything has been read once
    found = Figures()
    await look_around(address, ROUNDS, found, thinking=(0.5, 1.0))
    print(f"meeting  1 session     {found}", flush=True)
    print(f"meeting  before {measure_memory(folder)}", flush=True)
    together = Figures()
    begun = time.monotonic()
    while True:
        everybody = [look_around(address, ROUNDS, together, seed=n) for n in range(sessions)]
        await asyncio.gather(*everybody)
        gone = (time.monotonic() - begun) / 60
        print(f"meeting  {gone:5.1f} min {measure_memory(folder)}", flush=True)
        if gone >= minutes:
            break
    print(f"meeting  {sessions} sessions   {together}", flush=True)
    for error in sorted(set(together.errors))[:5]:
        print(f"meeting  error: {error}")
    await asyncio.sleep(5)
    print(f"meeting  after  {measure_memory(folder)}")
    found = Figures()
    await look_around(address, ROUNDS, found, thinking=(0.5, 1.0))
    print(f"meeting  1 session     {found}", flush=True)


async def look_around(
    address: str,
    rounds: int,
    figures: Figures,
    *,
    thinking: tuple[float, float] = THINKING_S,
    seed: int = 0,
) -> None:
    """Open a session and look at `rounds` pages in it."""
    dice = random.Random(seed)  # noqa: S311 - how long somebody looks
    await asyncio.sleep(dice.uniform(0, thinking[1] / 2))
    uri = address.replace("http://", "ws://") + "/_stcore/stream"
    try:
        async with websockets.connect(uri, origin=None, max_size=None) as socket:
            for number in range(rounds):
                page = PAGES[(number + seed) % len(PAGES)]
                begun = time.perf_counter()
                await asyncio.wait_for(_ask(socket, page, figures), LONGEST_RUN_S)
                figures.seconds.append(time.perf_counter() - begun)
                await asyncio.sleep(dice.uniform(*thinking))
    except (OSError, TimeoutError, websockets.WebSocketException) as error:
        figures.errors.append(type(error).__name__)


async def _ask(socket: websockets.ClientConnection, page: str, figures: Figures) -> None:
    """Ask for a page and read until its script has ended; note what it says went wrong."""
    request = BackMsg()
    request.rerun_script.query_string = ASKED
    request.rerun_script.page_name = page
    await socket.send(request.SerializeToString())
    started = False
    while True:
        message = ForwardMsg()
        message.ParseFromString(await socket.recv())
        kind = message.WhichOneof("type")
        started = started or kind == "new_session"
        if kind == "delta" and message.delta.new_element.WhichOneof("type") == "exception":
            figures.errors.append(message.delta.new_element.exception.type)
        if kind == "delta" and message.delta.new_element.alert.icon == "⚠️":
            figures.errors.append("a page could not be shown")
        if kind == "script_finished" and started:
            return


def measure_memory(folder: Path) -> str:
    """Return resident megabytes of app and database, and the app's connections and threads.

    Of the database also what its last full collection left of the heap.
    """
    state = json.loads((folder / "neo4j" / "state.json").read_text())
    database = psutil.Process(state["pid"])
    app = _find_app(folder)
    peers = [each for each in app.net_connections("tcp") if each.raddr]
    to_database = [each for each in peers if each.raddr.port == state["port"]]
    browsers = [each for each in peers if each.laddr.port == PORT]
    with Store.at(server.ensure_running(folder)) as store:
        (collected,) = store.read(COLLECTED)
    return (
        f"app {app.memory_info().rss // 1_000_000} MB  {app.num_threads()} threads  "
        f"{len(browsers)} browsers  {len(to_database)} connections to the database  "
        f"database {database.memory_info().rss // 1_000_000} MB, "
        f"{collected['bytes'] // 1_000_000} MB of its heap after a collection"
    )


def _find_app(folder: Path) -> psutil.Process:
    for process in psutil.Process(os.getpid()).children(recursive=True):
        if "streamlit" in process.cmdline() and process.environ().get("TSUNAGI_DATA_DIR") == str(
            folder
        ):
            return process
    raise SystemExit("the app is not running")


if __name__ == "__main__":
    main()
