"""`tsunagi run`: the app, with the bundled database where none is named."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer

import queries
from access.entry import ADDRESS, open_register
from access.keepsakes import collect_keepsakes
from access.settings import is_loopback, read_access
from commands.backup import bring_up_to_date
from commands.console import OUT, clear_errors, fail, help_text, open_store
from commands.load import report_outcome
from graph.backup.daily import start_daily
from graph.engine.process import choose_port
from graph.engine.report import ServerError
from graph.folders import choose_data_dir
from graph.store import Store, StoreError
from loaders.reference import load_reference
from loaders.sample import load_sample
from texts import say_both

ROOT: Final = Path(__file__).resolve().parents[1]
DEFAULT_PORT: Final = 8501


def run(
    port: Annotated[int, typer.Option(help=help_text("option.port"))] = DEFAULT_PORT,
    address: Annotated[str, typer.Option(help=help_text("option.address"))] = "127.0.0.1",
    sample: Annotated[bool, typer.Option(help=help_text("option.sample"))] = True,
) -> None:
    with clear_errors():
        read_access(os.environ, open_register(), address)
    _require_port(address, port)
    with open_store() as store:
        bring_up_to_date(store)
        store.prepare()
        load_reference(store)
        if sample and not queries.ask(store, "directory_size"):
            for outcome in load_sample(store):
                report_outcome(outcome)
        # While the app starts, so that nobody waits for it.
        threading.Thread(target=_tidy_up, args=(store,), daemon=True).start()
        OUT.print(say_both("cli.address", url=f"http://{address}:{port}"), soft_wrap=True)
        data_dir = choose_data_dir()
        end_daily = start_daily(data_dir, partial(collect_keepsakes, data_dir))
        code = _run_app(address, port)
        end_daily()
    raise typer.Exit(code)


def _require_port(address: str, port: int) -> None:
    """Say that the port is taken, by this app perhaps, before anything is started."""
    try:
        choose_port(port)
    except ServerError:
        fail("cli.port_taken", port=port, url=f"http://{address}:{port}")


def _tidy_up(store: Store) -> None:
    """Ask every question once, and forget what was before changes of long ago."""
    with suppress(StoreError):  # the app will say it better
        queries.rehearse(store)
        store.age_history(datetime.now(UTC))


def _run_app(address: str, port: int) -> int:
    """Run the app until it ends or is stopped (Ctrl+C, or a plain kill of this process)."""
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "serve.py")]
    command += ["--server.address", address, "--server.port", str(port)]
    if not is_loopback(address):
        command += ["--server.allowedHosts", "*"]  # the gate knows the names
    environment = {**os.environ, ADDRESS: address}
    process = subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603 - our own files
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        return 0
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(_signal: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt
