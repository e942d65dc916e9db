"""A real browser, and apps started on free ports for it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from graph.engine.server import Connection

ROOT = Path(__file__).parents[2]
SERVE = ROOT / "serve.py"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=60_000)  # a busy machine starts a JVM, an app and a browser at once

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The distribution's browser with an empty profile."""
    named = os.environ.get("TSUNAGI_BROWSER")
    found = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    assert found, "no browser: run `make test`, which installs one"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def start_app() -> Iterator[Callable[..., str]]:
    """Start an app, with environment variables of its own, and return its address.

    `{port}` in a variable stands for the app's own port. All are stopped at the end of the run.
    """
    servers: list[subprocess.Popen[bytes]] = []

    def start(script: Path, **environment: str) -> str:
        port = _find_port()
        own = {name: value.replace("{port}", str(port)) for name, value in environment.items()}
        command = [sys.executable, "-m", "streamlit", "run", str(script)]
        options = {
            "server.port": port,
            "server.address": "127.0.0.1",
            "server.headless": "true",
            "server.fileWatcherType": "none",
            "browser.gatherUsageStats": "false",
        }
        command += [f"--{name}={value}" for name, value in options.items()]
        servers.append(
            subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT), **own},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
        _wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health", servers[-1])
        return f"http://127.0.0.1:{port}"

    yield start
    for server in servers:
        server.terminate()
        server.wait()


def list_settings(database: Connection) -> dict[str, str]:
    """Return the environment that lets an app use a database that runs already."""
    return {
        "NEO4J_URI": database.uri,
        "NEO4J_USER": database.user,
        "NEO4J_PASSWORD": database.password,
        "NEO4J_DATABASE": database.database,
    }


def _find_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(url: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the app did not start")
