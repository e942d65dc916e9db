"""Looks at the machine, the data folder and the graph, and judges what it sees by the rules."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import psutil

from graph import statements as schema_statements
from graph.backup.daily import SWITCH, read_state
from graph.diagnosis import rules, statements
from graph.diagnosis.findings import Finding
from graph.engine import server
from graph.engine.place import Place
from graph.folders import choose_data_dir
from graph.store import Store, StoreError

USUAL_PORT: Final = 8501
UNFINISHED_AFTER: Final = timedelta(days=1)
_OURS: Final = frozenset({b"ok", b"away"})
_FONTS_TIMEOUT_S: Final = 20


def examine(store: Store, data_dir: Path | None = None) -> list[Finding]:
    """Look at everything; the database must have been reached.

    Raises:
        graph.store.Refused: the actor may not administer.
        graph.store.StoreError: the database went away meanwhile.
    """
    return [*examine_machine(data_dir), *examine_graph(store)]


def examine_machine(data_dir: Path | None = None, port: int = USUAL_PORT) -> list[Finding]:
    """Look at what needs no database: disk, memory, files, backup, fonts, port."""
    folder = choose_data_dir(data_dir)
    now = datetime.now().astimezone()
    state = read_state(folder)
    bundled = server.read_external() is None
    expected = bundled and os.environ.get(SWITCH) != "off"
    return [
        rules.judge_space(_measure_free(folder), Place.within(folder).measure_store()),
        rules.judge_memory(psutil.virtual_memory().total),
        rules.judge_modes(dict(_list_modes(folder))),
        rules.judge_backup(
            state.good_at if state else None,
            state.code if state else "",
            now,
            expected=expected,
        ),
        rules.judge_fonts(_count_fonts()),
        rules.judge_port(port, is_free=_is_free(port), is_ours=_is_ours(port)),
    ]


def examine_graph(store: Store) -> list[Finding]:
    """Look at the database and at what must hold in the graph.

    Raises:
        graph.store.Refused: the actor may not administer.
        graph.store.StoreError: the database went away meanwhile.
    """
    store.demand("administer")
    version = str(store.read(statements.VERSION)[0]["version"])
    wanted = schema_statements.list_constraints() | schema_statements.list_indexes()
    shown = store.read(statements.INDEX_STATES) + store.read(statements.CONSTRAINT_STATES)
    now = datetime.now(UTC)
    newest = store.read(statements.NEWEST_LOAD)[0]["newest"]
    loads = store.read(statements.UNFINISHED_LOADS, {"before": now - UNFINISHED_AFTER})[0]
    return [
        rules.judge_version(version, bundled=server.read_external() is None),
        rules.judge_indexes(wanted.keys(), {row["name"]: row["state"] for row in shown}),
        rules.judge_clock(newest, now),
        rules.judge_unfinished(loads["count"], loads["oldest"]),
        *(list(_find_broken(store)) or [Finding("facts")]),
    ]


def _find_broken(store: Store) -> Iterator[Finding]:
    for invariant in statements.list_invariants():
        try:
            rows = store.read(invariant.cypher, invariant.parameters)
        except StoreError as error:
            if type(error) is not StoreError:
                raise
            yield Finding("facts", "warning", "check.not_asked", {"rule": invariant.code})
            continue
        for row in rows:
            if row["count"]:
                yield rules.judge_facts(invariant.code, row["count"], row["where"], row["examples"])


def _measure_free(folder: Path) -> int:
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _list_modes(folder: Path) -> Iterator[tuple[str, int]]:
    """Yield path and permission bits of every file; none on Windows, which has no such bits."""
    if os.name != "posix" or not folder.exists():
        return
    yield ".", stat.S_IMODE(folder.stat().st_mode)
    for path in folder.rglob("*"):
        try:
            found = path.lstat()
        except OSError:  # the server renames its files
            continue
        if stat.S_ISREG(found.st_mode):
            yield str(path.relative_to(folder)), stat.S_IMODE(found.st_mode)


def _count_fonts() -> int | None:
    """Return how many fonts of this machine have Japanese letters; None where nobody can tell.

    Windows and macOS bring theirs.
    """
    command = shutil.which("fc-list")
    if not sys.platform.startswith("linux") or command is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - the system's own program, nothing of a user's
            [command, ":lang=ja", "family"],
            capture_output=True,
            timeout=_FONTS_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return len(done.stdout.splitlines()) if done.returncode == 0 else None


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _is_ours(port: int) -> bool:
    """Say whether an app of ours answers at `port`."""
    request = f"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n"
    try:
        with socket.create_connection(("127.0.0.1", port), 2) as connection:
            connection.sendall(request.encode())
            answer = connection.makefile("rb").read(10_000)
    except OSError:
        return False
    return answer.rpartition(b"\r\n\r\n")[2] in _OURS
