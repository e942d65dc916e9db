"""Faults made on purpose: the database killed while writers write, and while people look.

    python -m bench.faults [rounds]

Each round four writers send loads of one agency and of fifty until the server's process gets
kill -9; it is started again and asked for every load. One that was acknowledged must be there
whole; one that was not, whole or not at all. Then three browsers look at the app while its database
is killed: the seconds until the bar is seen and until it has gone, without a reload.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil
from playwright.sync_api import Page, sync_playwright

from bench.apps import run_app
from bench.clicks import BROWSERS, FLAGS, wait_until_ready
from graph.engine import server
from graph.records import NodeRecord, Source
from graph.store import Load, Store

WRITERS: Final = 4
SIZES: Final = (1, 1, 1, 50)
PORT: Final = 8697
LONGEST_S: Final = 120.0
FOUND: Final = "MATCH (o:Organization) RETURN o.load_id AS load, count(*) AS count"
DONE: Final = "MATCH (l:Load {state: 'done'}) RETURN l.load_id AS load"
BAR: Final = "#tsunagi-away"
SIZES_OF_WINDOWS: Final = ((1920, 1080), (1024, 768), (1920, 1080))


@dataclass
class Ledger:
    """Load id → how many agencies it has; those that were acknowledged, and all that were sent."""

    sent: dict[str, int] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Losses:
    """What must be empty: acknowledged loads that are not there, and loads half there.

    `survivors` were not acknowledged and are there whole: why a load is sent again under its id.
    """

    lost: tuple[str, ...]
    torn: tuple[str, ...]
    survivors: int


def main() -> None:
    """Print what was acknowledged, lost and torn, then the seconds of an outage on screen."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    ledger = Ledger()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        try:
            dice = random.Random(9)  # noqa: S311 - when to kill, nothing secret
            for number in range(rounds):
                write_until_killed(folder, ledger, f"r{number}", dice.uniform(0.0, 2.0))
            losses = find_losses(folder, ledger)
        finally:
            server.stop(folder, force=True)
    print(f"kills  {rounds} rounds  {len(ledger.sent)} loads sent  "
          f"{len(ledger.acknowledged)} acknowledged  {len(losses.lost)} lost  "
          f"{len(losses.torn)} torn  {losses.survivors} there though not acknowledged")  # fmt: skip
    measure_outage()
    if losses.lost or losses.torn:
        raise SystemExit("acknowledged writes were lost or torn")


def write_until_killed(folder: Path, ledger: Ledger, name: str, seconds: float) -> None:
    """Let writers write, for `seconds` after the first few are done, then kill the database.

    The writers are left to their retries, which end by themselves: the next server has another
    port.
    """
    with open_store(folder) as store:
        store.prepare()
        for number in range(WRITERS):
            name_of_writer = f"{name}-{number}"
            writing = (store, ledger, name_of_writer)
            threading.Thread(target=_write, args=writing, daemon=True).start()
        first = len(ledger.acknowledged)
        until = time.monotonic() + LONGEST_S
        while len(ledger.acknowledged) < first + WRITERS and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(seconds)
        psutil.Process(server.status(folder).pid).kill()


def find_losses(folder: Path, ledger: Ledger) -> Losses:
    """Start the database again and hold what it has against the ledger."""
    with open_store(folder) as store:
        found = {row["load"]: row["count"] for row in store.read(FOUND)}
        done = {row["load"] for row in store.read(DONE)}
    whole = {load for load, size in ledger.sent.items() if found.get(load, 0) == size}
    whole &= done
    return Losses(
        lost=tuple(sorted(ledger.acknowledged - whole)),
        torn=tuple(sorted(set(found) - whole)),
        survivors=len(whole - ledger.acknowledged),
    )


@contextmanager
def open_store(folder: Path) -> Iterator[Store]:
    """Open the database of `folder`, starting it where it was killed."""
    found = server.ensure_running(folder)
    store = Store.at(found)
    try:
        yield store
    finally:
        with suppress(Exception):  # writers of a killed database may be using it
            store.close()


def _write(store: Store, ledger: Ledger, name: str) -> None:
    """Write until the database is gone."""
    number = 0
    while True:
        load_id, size = f"{name}-{number}", SIZES[number % len(SIZES)]
        agencies = [
            NodeRecord("Organization", f"{load_id}-{each}", {"name": "機関"}, Source("faults"))
            for each in range(size)
        ]
        ledger.sent[load_id] = size
        try:
            store.write(agencies, Load(load_id))
        except Exception:  # with its connection closed under it the driver raises all kinds
            return
        ledger.acknowledged.add(load_id)
        number += 1


def measure_outage() -> None:
    """Print the seconds until each of three browsers says so, and until it is over."""
    found = os.environ.get("TSUNAGI_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)))
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch,
        sync_playwright() as playwright,
    ):
        folder = Path(scratch)
        command = ("tsunagi", "run", "--port", str(PORT))
        try:
            with run_app(command, PORT, TSUNAGI_DATA_DIR=scratch) as address:
                browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
                pages = [
                    browser.new_page(viewport={"width": width, "height": height})
                    for width, height in SIZES_OF_WINDOWS
                ]
                for page in pages:
                    page.goto(f"{address}/?date=2022-10-04", timeout=120_000)
                    page.locator("svg.ecomap").wait_for(timeout=120_000)
                    wait_until_ready(page)
                _print_outage(folder, pages)
                browser.close()
        finally:
            server.stop(folder, force=True)


def _print_outage(folder: Path, pages: list[Page]) -> None:
    psutil.Process(server.status(folder).pid).kill()
    killed = time.perf_counter()
    seen = [_wait(page, "visible", killed) for page in pages]
    kept = all(page.locator(".card").count() == 17 for page in pages)
    over = [_wait(page, "detached", killed) for page in pages]
    words = ("stays" if kept else "IS GONE"), max(seen), max(over)
    print("outage 3 browsers  picture {}  bar after {:.1f} s  back after {:.1f} s, no reload  "
          "goals 3 s, 30 s".format(*words))  # fmt: skip


def _wait(page: Page, state: str, since: float) -> float:
    script = "([bar, gone]) => !document.querySelector(bar) === gone"
    page.wait_for_function(script, arg=[BAR, state == "detached"], timeout=180_000)
    return time.perf_counter() - since


if __name__ == "__main__":
    main()
