"""The folder of one bundled server: its files, who uses it, and which process it is.

Users hold *leases*: files locked by the operating system as long as the process that locked them
lives. However an app ends — regularly, killed, with its terminal — its lease is free from then
on; no process id or clock has to be trusted. The server itself carries a random mark on its
command line, which the state file repeats: a process id that was given to somebody else after a
crash is recognised whatever the clock did in between.
"""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from graph.engine.settings import MARK_PROPERTY
from graph.folders import make_private, write_private


@dataclass(frozen=True, slots=True)
class Place:
    """Paths of the server that belongs to one data folder."""

    home: Path

    @classmethod
    def within(cls, data_dir: Path) -> Place:
        """Return the place of the server of `data_dir`; makes nothing."""
        return cls(data_dir / "neo4j")

    @property
    def settings(self) -> Path:
        """neo4j.conf, written anew at each start."""
        return self.home / "conf" / "neo4j.conf"

    @property
    def hosts(self) -> Path:
        """The only names the server can resolve: a query cannot ask the name service anything."""
        return self.home / "conf" / "hosts"

    @property
    def password(self) -> Path:
        """The generated password, readable by its owner only; made at the first start."""
        return self.home / "password"

    @property
    def state(self) -> Path:
        """The running process; may outlive it."""
        return self.home / "state.json"

    @property
    def leases(self) -> Path:
        """Folder of one locked file per using process."""
        return self.home / "leases"

    @property
    def console(self) -> Path:
        """What the server's process printed since its last start."""
        return self.home / "logs" / "console.log"

    @property
    def temporary(self) -> Path:
        """The server's own temporary folder."""
        return self.home / "tmp"

    def start_lock(self) -> FileLock:
        """Return the lock to be held while starting, sharing or stopping."""
        return FileLock(self.home / "start.lock", thread_local=False, mode=0o600)

    def guard_lock(self) -> FileLock:
        """Return the lock that a living guard holds."""
        return FileLock(self.home / "guard.lock", thread_local=False, mode=0o600)

    def make_folders(self) -> None:
        """Make every folder, for its owner only.

        Raises:
            ServerError: one cannot be made or written to.
        """
        for folder in (self.home.parent, self.home, self.leases, self.temporary):
            make_private(folder)
        for name in ("conf", "data", "logs", "import", "plugins"):
            make_private(self.home / name)

    def measure_store(self) -> int:
        """Return the bytes of the stored data; 0 before the first start."""
        files = (self.home / "data" / "databases").rglob("*")
        total = 0
        for path in files:
            with suppress(OSError):
                total += path.stat().st_size
        return total


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server process: its id, the mark on its command line, its port, its start (Unix time)."""

    pid: int
    mark: str
    port: int
    started: float

    def is_alive(self) -> bool:
        """Tell whether this very process runs; one that ended but was not yet reaped does not."""
        try:
            return f"{MARK_PROPERTY}{self.mark}" in psutil.Process(self.pid).cmdline()
        except psutil.Error:
            return False


def write_state(place: Place, server: RunningServer) -> None:
    """Remember the running process.

    Raises:
        OSError: the folder is missing or full.
    """
    write_private(place.state, json.dumps(asdict(server)))


def read_running(place: Place) -> RunningServer | None:
    """Return the living server of `place`; None if there is none, however the last one ended."""
    try:
        server = RunningServer(**json.loads(place.state.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return server if server.is_alive() else None


def take_lease(place: Place) -> FileLock:
    """Say that this process uses the server, until the lease is released or the process ends.

    Raises:
        OSError: the folder is missing or full.
    """
    path = place.leases / f"{os.getpid()}-{secrets.token_hex(4)}.lock"
    lease = FileLock(path, thread_local=False, mode=0o600)
    lease.acquire(timeout=0)
    return lease


def drop_lease(lease: FileLock) -> None:
    """Give up a lease and remove its file."""
    lease.release()
    with suppress(OSError):
        Path(lease.lock_file).unlink(missing_ok=True)


def count_leases(place: Place) -> int:
    """Return how many processes use the server; removes the leases of those that ended.

    Call it while holding the start lock: a lease is taken under it.
    """
    return sum(_is_held(path) for path in place.leases.glob("*.lock"))


def _is_held(path: Path) -> bool:
    probe = FileLock(path, thread_local=False, mode=0o600)
    try:
        probe.acquire(timeout=0)
    except Timeout:
        return True
    drop_lease(probe)
    return False
