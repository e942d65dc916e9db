"""The database the app talks to: a bundled Neo4j it starts itself, or one named by NEO4J_URI.

One server per data folder, shared by every app that uses it: whoever comes first starts it, and
when the last one has gone, a small guard process (``graph.engine.guard``) stops it. Apps need not
say good-bye, so a killed app or a closed terminal leaves no server behind.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from graph.engine.dumping import dump_data, keep_before_upgrade, load_dump
from graph.engine.locks import hold_lock
from graph.engine.place import (
    Place,
    RunningServer,
    count_leases,
    drop_lease,
    read_running,
    take_lease,
)
from graph.engine.process import (
    MIN_FREE_BYTES,
    choose_port,
    end_server,
    explain_os_error,
    launch_server,
    load_password,
    read_password,
    reap_children,
    start_detached,
    wait_ready,
)
from graph.engine.provision import provide_jars
from graph.engine.renewal import exchange_data, set_aside, settle
from graph.engine.report import (
    STAGE_PREPARING,
    Notice,
    Progress,
    ServerError,
    ignore_progress,
)
from graph.engine.settings import DATABASE, HOST, USER
from graph.engine.start_cache import find_start_cache, list_cache_flags
from graph.folders import choose_cache_dir, choose_data_dir, open_private, require_space

GUARD_LOOK_S: Final = 0.5
"""The guard holds the start lock for an instant every second; that is not worth reporting."""

_leases: dict[Path, FileLock] = {}
_threads_turn: Final = threading.RLock()


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach the database; the password never shows in a repr."""

    uri: str
    user: str
    password: str = field(repr=False)
    database: str


@dataclass(frozen=True, slots=True)
class Status:
    """The bundled server of a data folder. `started` in Unix time; `users` counts processes.

    While somebody starts or stops it, `users` is 1: that one at least. When it does not run, `uri`
    is empty and `pid`, `users` and `started` are 0. With NEO4J_URI set, `external` is true and
    nothing but `uri` says anything.
    """

    running: bool
    uri: str
    pid: int
    started: float
    users: int
    home: Path
    external: bool


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a start is asked for; a server that runs already stays as it is."""

    port: int | None
    password: str | None = field(repr=False)
    expected_bytes: int


def ensure_running(
    data_dir: Path | None = None,
    progress: Progress | None = None,
    *,
    notice: Notice | None = None,
    port: int | None = None,
    expected_bytes: int = 0,
) -> Connection:
    """Return a connection to a database that answers; start the bundled server if needed.

    With NEO4J_URI set, that is it (NEO4J_USER, default neo4j; NEO4J_PASSWORD; NEO4J_DATABASE,
    default neo4j), unasked, and nothing is started. Otherwise the server of `data_dir` (default:
    TSUNAGI_DATA_DIR or the user's data folder) is shared or started; this process counts as its
    user until `release`, `stop` or its end. `notice` gets the licence notice before a first
    download. `port` asks for a fixed port. A start takes the memory for the data it finds and for
    `expected_bytes` that are about to be written; a server that already runs keeps its port and
    memory. May be called as often as wanted, from any thread.

    Raises:
        ServerError: it could not be provided; no process and no lease of this call is left.
    """
    external = read_external()
    if external is not None:
        return external
    return ensure_bundled(
        data_dir, progress, notice=notice, port=port, expected_bytes=expected_bytes
    )


def ensure_bundled(
    data_dir: Path | None = None,
    progress: Progress | None = None,
    *,
    notice: Notice | None = None,
    port: int | None = None,
    password: str | None = None,
    expected_bytes: int = 0,
) -> Connection:
    """Do as `ensure_running` does, whatever NEO4J_URI says; the first start sets `password`.

    Raises:
        ServerError: it could not be provided; no process and no lease of this call is left.
    """
    report = progress or ignore_progress
    place = Place.within(choose_data_dir(data_dir))
    place.make_folders()
    with _hold_start_lock(place, report):
        is_new = _hold_lease(place)
        try:
            return _share_or_start(place, report, notice, _Wish(port, password, expected_bytes))
        except BaseException as error:
            if is_new:
                _drop_lease(place)
            if isinstance(error, OSError):
                raise explain_os_error(place, error) from error
            raise


def read_external() -> Connection | None:
    """Return the connection that NEO4J_URI names, or None when it is not set."""
    uri = os.environ.get("NEO4J_URI", "").strip()
    if not uri:
        return None
    return Connection(
        uri=uri,
        user=os.environ.get("NEO4J_USER") or USER,
        password=os.environ.get("NEO4J_PASSWORD", ""),
        database=os.environ.get("NEO4J_DATABASE") or DATABASE,
    )


def release(data_dir: Path | None = None) -> None:
    """Say that this process no longer uses the server; the guard stops it after the last user.

    Does nothing when it does not use it.
    """
    _drop_lease(Place.within(choose_data_dir(data_dir)))


def stop(data_dir: Path | None = None, *, force: bool = False) -> bool:
    """Stop the bundled server unless others use it (`force`: even then); tell if it is stopped.

    This process's own use ends in any case. True as well when none was running, and always true,
    touching nothing, with NEO4J_URI set.

    Raises:
        ServerError: somebody is starting it for more than half an hour.
    """
    if read_external() is not None:
        return True
    return stop_bundled(data_dir, force=force)


def stop_bundled(data_dir: Path | None = None, *, force: bool = False) -> bool:
    """Do as `stop` does, whatever NEO4J_URI says.

    Raises:
        ServerError: somebody is starting it for more than half an hour.
    """
    place = Place.within(choose_data_dir(data_dir))
    if not place.home.exists():
        return True
    with _hold_start_lock(place, ignore_progress):
        _drop_lease(place)
        server = read_running(place)
        if server is None:
            return True
        if count_leases(place) and not force:
            return False
        end_server(server)
        place.state.unlink(missing_ok=True)
    return True


def is_user(data_dir: Path | None = None) -> bool:
    """Say whether this process uses the server of `data_dir`; always with NEO4J_URI set."""
    if read_external() is not None:
        return True
    return Place.within(choose_data_dir(data_dir)).home in _leases


def discard(uri: str, data_dir: Path | None = None) -> None:
    """Stop the bundled server at `uri`, which answers but cannot work, so that a new one can start.

    Neo4j does not come back by itself from a full disk. Does nothing when another server runs
    already, or with NEO4J_URI set.

    Raises:
        ServerError: the disk is still full; the server is left as it is.
    """
    if read_external() is not None:
        return
    place = Place.within(choose_data_dir(data_dir))
    with _hold_start_lock(place, ignore_progress):
        server = read_running(place)
        if server is None or _name_uri(server.port) != uri:
            return
        require_space(place.home, MIN_FREE_BYTES)
        end_server(server)
        place.state.unlink(missing_ok=True)


def replace_data(fresh_dir: Path, data_dir: Path | None = None) -> None:
    """Stop the server of `data_dir` and give it the data of that of `fresh_dir`, stopped as well.

    Whoever uses it starts it again. Its old data and logs are wiped.

    Raises:
        ServerError: the folder cannot be written to; the old data is in its place.
    """
    place, fresh = Place.within(choose_data_dir(data_dir)), Place.within(fresh_dir)
    place.make_folders()
    stop_bundled(fresh_dir, force=True)
    with _hold_start_lock(place, ignore_progress):
        server = read_running(place)
        if server is not None:
            end_server(server)
            place.state.unlink(missing_ok=True)
        try:
            exchange_data(place, fresh)
        except OSError as error:
            raise explain_os_error(place, error) from error


@contextmanager
def damaged_aside(data_dir: Path | None = None) -> Generator[Path]:
    """Keep data that cannot be opened beside its place while the block puts other data there.

    Gives the folder where it stays. When the block fails the data is where it was.

    Raises:
        ServerError: the folder cannot be written to.
    """
    place = Place.within(choose_data_dir(data_dir))
    data = place.home / "data"
    try:
        with _hold_start_lock(place, ignore_progress):
            aside = set_aside(place)
    except OSError as error:
        raise explain_os_error(place, error) from error
    try:
        yield aside
    finally:
        with _hold_start_lock(place, ignore_progress):
            if not data.exists():
                aside.rename(data)


def dump(target: Path, data_dir: Path | None = None) -> Path:
    """Stop the bundled server and copy its database by Neo4j's own tool into the file `target`.

    Raises:
        ServerError: others use the server, or the tool failed.
    """
    with _stopped(data_dir) as place:
        return dump_data(place, provide_jars(choose_cache_dir()), target.absolute())


def load(source: Path, data_dir: Path | None = None) -> None:
    """Stop the bundled server and put the database of a dump in the place of its own.

    Raises:
        ServerError: others use the server, there is no such file, or the tool failed.
    """
    with _stopped(data_dir) as place:
        load_dump(place, provide_jars(choose_cache_dir()), source.absolute())


@contextmanager
def _stopped(data_dir: Path | None) -> Generator[Place]:
    place = Place.within(choose_data_dir(data_dir))
    if not stop_bundled(data_dir):
        raise ServerError("server.error.in_use", folder=str(place.home))
    place.make_folders()
    with _hold_start_lock(place, ignore_progress):
        yield place


def status(data_dir: Path | None = None) -> Status:
    """Tell how the server of `data_dir` is; starts, waits for and changes nothing."""
    external = read_external()
    place = Place.within(choose_data_dir(data_dir))
    if external is not None:
        return Status(True, external.uri, 0, 0.0, 0, place.home, external=True)
    reap_children()
    server = read_running(place)
    if server is None:
        return Status(False, "", 0, 0.0, 0, place.home, external=False)
    users = _count_users(place)
    uri = _name_uri(server.port)
    return Status(True, uri, server.pid, server.started, users, place.home, external=False)


def _share_or_start(
    place: Place,
    progress: Progress,
    notice: Notice | None,
    wish: _Wish,
) -> Connection:
    reap_children()
    server = read_running(place)
    password = _share(place, server, progress) if server is not None else None
    if server is None or password is None:
        server, password = _start(place, progress, notice, wish)
    return Connection(_name_uri(server.port), USER, password, DATABASE)


def _share(place: Place, server: RunningServer, progress: Progress) -> str | None:
    """Return the password of a server that answers; None when it ended: it was just killed."""
    _ensure_guard(place)
    password = load_password(place)
    try:
        wait_ready(place, server, password, progress)
    except ServerError:
        if server.is_alive():
            raise
        return None
    return password


def _start(
    place: Place,
    progress: Progress,
    notice: Notice | None,
    wish: _Wish,
) -> tuple[RunningServer, str]:
    settle(place)
    free_port = choose_port(wish.port)
    jars = provide_jars(choose_cache_dir(), progress, notice)
    progress(STAGE_PREPARING, 0.0)
    keep_before_upgrade(place, jars)
    password = read_password(place, jars, wish.password)
    flags = list_cache_flags(find_start_cache(choose_cache_dir(), jars))
    server = launch_server(place, jars, free_port, flags, wish.expected_bytes)
    try:
        _ensure_guard(place)  # before it is ready: this process may be killed while it waits
        wait_ready(place, server, password, progress)
    except BaseException:
        end_server(server)
        place.state.unlink(missing_ok=True)
        raise
    return server, password


def _ensure_guard(place: Place) -> None:
    lock = place.guard_lock()
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return
    lock.release()
    package_root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", "graph.engine.guard", str(place.home.parent)]
    with open_private(place.home / "logs" / "guard.log", os.O_APPEND) as log:
        start_detached(command, package_root, log.fileno())


def _count_users(place: Place) -> int:
    # Looking at a lease locks it for a moment, which must not meet somebody just taking one.
    lock = place.start_lock()
    try:
        lock.acquire(timeout=GUARD_LOOK_S)
    except Timeout:
        return 1
    try:
        return count_leases(place)
    finally:
        lock.release()


def _name_uri(port: int) -> str:
    return f"bolt://{HOST}:{port}"


def _hold_lease(place: Place) -> bool:
    if place.home in _leases:
        return False
    _leases[place.home] = take_lease(place)
    return True


def _drop_lease(place: Place) -> None:
    with _threads_turn:
        lease = _leases.pop(place.home, None)
    if lease is not None:
        drop_lease(lease)


@contextmanager
def _hold_start_lock(place: Place, progress: Progress) -> Generator[None]:
    with (
        _threads_turn,
        hold_lock(place.start_lock(), place.home, progress, quiet_s=GUARD_LOOK_S),
    ):
        yield
