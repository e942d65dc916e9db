"""The jars of the bundled Neo4j: downloaded once by jgo, and verified by SHA-256 before use.

``neo4j.lock.toml`` names every jar with its SHA-256 and size. jgo's own `sync` resolves the whole
dependency tree again, only *warns* about a damaged download, writes straight to the final name and
never re-checks a cached file. So only its downloader is used here, one locked jar at a time into
a staging folder; a jar gets its final name once its hash is right. An interrupted download
therefore leaves whole, verified jars behind, and the next start continues from there.

A stamp (size and modification time of each verified jar) spares later starts the hashing; a jar
that differs from the stamp in either is hashed again. The stamp guards against damage, not
against somebody who can write to the folder: such a person could change this program as well.
"""

from __future__ import annotations

import errno
import json
import tempfile
import threading
import tomllib
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from filelock import FileLock

from graph.engine.locks import hold_lock
from graph.engine.report import (
    STAGE_DOWNLOADING,
    STAGE_VERIFYING,
    Notice,
    Progress,
    ServerError,
    ignore_progress,
)
from graph.folders import make_private, require_space, write_private

if TYPE_CHECKING:
    from jgo.maven import MavenContext

LOCK_FILE: Final = Path(__file__).with_name("neo4j.lock.toml")
STAMP_NAME: Final = "verified.json"
DOWNLOADS_AT_ONCE: Final = 6
ATTEMPTS: Final = 3
HTTP_TIMEOUT_S: Final = 60
SPARE_BYTES: Final = 50_000_000


@dataclass(frozen=True, slots=True)
class Jar:
    """One locked jar; `size` in bytes."""

    group: str
    artifact: str
    version: str
    classifier: str
    sha256: str
    size: int

    @property
    def name(self) -> str:
        """File name, unique within the lock."""
        suffix = f"-{self.classifier}" if self.classifier else ""
        return f"{self.artifact}-{self.version}{suffix}.jar"


@dataclass(frozen=True, slots=True)
class JarSet:
    """Verified jars: where they are, their file names in class-path order, a key of them all."""

    folder: Path
    names: tuple[str, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Download:
    """What is still to be fetched: number of jars and bytes. Both 0 when nothing is."""

    jars: int
    size: int


def read_lock(path: Path = LOCK_FILE) -> tuple[Jar, ...]:
    """Read the jars of a lock file in jgo's format, in the order written.

    Raises:
        OSError, tomllib.TOMLDecodeError, KeyError: not a lock file of ours.
    """
    tables = tomllib.loads(path.read_text(encoding="utf-8"))["dependencies"]
    return tuple(
        Jar(
            group=table["groupId"],
            artifact=table["artifactId"],
            version=table["version"],
            classifier=table.get("classifier", ""),
            sha256=table["sha256"],
            size=table["size"],
        )
        for table in tables
    )


def make_key(jars: Sequence[Jar]) -> str:
    """Return 16 hex digits that change when any jar, its hash or the order changes."""
    lines = "\n".join(f"{jar.sha256} {jar.name}" for jar in jars)
    return sha256(lines.encode()).hexdigest()[:16]


@cache
def _locked_jars() -> tuple[Jar, ...]:
    return read_lock()


def provide_jars(
    cache_dir: Path,
    progress: Progress = ignore_progress,
    notice: Notice | None = None,
    jars: Sequence[Jar] | None = None,
) -> JarSet:
    """Return the jars (default: of the lock file) with right hashes; download missing ones.

    `notice` is called before the first byte is fetched; what it raises stops the download.
    Needs no network when every jar is there.

    Raises:
        ServerError: no network, no space, folder not writable, or a jar with a wrong byte. Jars
            already verified stay; a damaged one stays under its name until it is removed.
    """
    jars = jars or _locked_jars()
    folder = _jar_folder(cache_dir, jars)
    if _list_missing(folder, jars):
        make_private(cache_dir)
        make_private(folder)
        with hold_lock(FileLock(folder.with_suffix(".lock")), folder.parent, progress):
            _fetch_missing(folder, _list_missing(folder, jars), progress, notice)
    verify_jars(folder, jars, progress)
    return JarSet(folder, tuple(jar.name for jar in jars), make_key(jars))


def verify_jars(folder: Path, jars: Sequence[Jar], progress: Progress = ignore_progress) -> None:
    """Hash every jar that differs from the stamp of the last verification; renew the stamp.

    Raises:
        ServerError: a jar is missing or has a wrong byte (`jar`, `folder`).
    """
    known, found = _read_stamp(folder), _stat_jars(folder, jars)
    changed = [jar for jar in jars if known.get(jar.name) != [jar.sha256, *found[jar.name]]]
    for done, jar in enumerate(changed):
        progress(STAGE_VERIFYING, done / len(changed))
        if found[jar.name][0] != jar.size or hash_file(folder / jar.name) != jar.sha256:
            raise ServerError("server.error.jar_damaged", jar=jar.name, folder=str(folder))
    if changed:
        stamp = {jar.name: [jar.sha256, *found[jar.name]] for jar in jars}
        # A cache filled by somebody else may be read-only: then each start hashes again.
        with suppress(OSError):
            write_private(folder / STAMP_NAME, json.dumps(stamp))


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hex digits.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _jar_folder(cache_dir: Path, jars: Sequence[Jar]) -> Path:
    return cache_dir / f"neo4j-{make_key(jars)}"


def _list_missing(folder: Path, jars: Sequence[Jar]) -> list[Jar]:
    return [jar for jar in jars if not (folder / jar.name).exists()]


def _measure(jars: Sequence[Jar]) -> Download:
    return Download(len(jars), sum(jar.size for jar in jars))


def _stat_jars(folder: Path, jars: Sequence[Jar]) -> dict[str, tuple[int, int]]:
    try:
        stats = {jar.name: (folder / jar.name).stat() for jar in jars}
    except FileNotFoundError as error:
        name = Path(error.filename).name
        raise ServerError("server.error.jar_damaged", jar=name, folder=str(folder)) from error
    return {name: (stat.st_size, stat.st_mtime_ns) for name, stat in stats.items()}


def _read_stamp(folder: Path) -> dict[str, list[object]]:
    try:
        stamp = json.loads((folder / STAMP_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _fetch_missing(
    folder: Path, missing: Sequence[Jar], progress: Progress, notice: Notice | None
) -> None:
    if not missing:
        return
    total = _measure(missing)
    require_space(folder, total.size + SPARE_BYTES)
    if notice is not None:
        notice("server.notice.download", {"jars": total.jars, "mb": -(-total.size // 1_000_000)})
    with tempfile.TemporaryDirectory(dir=folder, prefix="part-") as staging:
        fetcher = _Fetcher(Path(staging), folder)
        with ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
            futures = [pool.submit(fetcher.fetch, jar) for jar in missing]
            try:
                _await_all(
                    futures, lambda: progress(STAGE_DOWNLOADING, fetcher.share_of(total.size))
                )
            finally:
                pool.shutdown(wait=True, cancel_futures=True)
    progress(STAGE_DOWNLOADING, 1.0)


def _await_all(futures: Sequence[Future[None]], report: Callable[[], None]) -> None:
    # Progress is reported from the caller's own thread: Streamlit, for one, needs that.
    pending: set[Future[None]] = set(futures)
    while pending:
        finished, pending = wait(pending, timeout=0.2, return_when=FIRST_EXCEPTION)
        for future in finished:
            future.result()
        report()


_Count = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]


class _Fetcher:
    """Fetch single jars through jgo's downloader and count the bytes that arrive."""

    def __init__(self, staging: Path, folder: Path) -> None:
        self._staging = staging
        self._folder = folder
        self._counting = threading.Lock()
        self._context = _make_context(staging, self._count)
        self._done = 0

    def share_of(self, total: int) -> float:
        """Return how much of `total` bytes has arrived, 0 to 1; repeated attempts count twice."""
        return min(1.0, self._done / total)

    def fetch(self, jar: Jar) -> None:
        """Put `jar` with the right hash under its final name.

        Raises:
            ServerError: not after several attempts, or no space.
        """
        for _ in range(ATTEMPTS):
            try:
                path = self._download(jar)
            except (OSError, RuntimeError) as error:
                failure: tuple[str, Exception | None] = ("server.error.download_failed", error)
                if isinstance(error, OSError) and error.errno == errno.ENOSPC:
                    require_space(self._folder, jar.size + SPARE_BYTES)
                continue
            if hash_file(path) == jar.sha256:
                path.replace(self._folder / jar.name)
                return
            failure = ("server.error.download_damaged", None)
        raise ServerError(failure[0], jar=jar.name) from failure[1]

    def _download(self, jar: Jar) -> Path:
        project = self._context.project(jar.group, jar.artifact)
        artifact = project.at_version(jar.version).artifact(jar.classifier, "jar")
        # jgo takes a file that is there as it is, and a broken attempt leaves one.
        (self._staging / artifact.component.path_prefix / artifact.filename).unlink(missing_ok=True)
        return Path(artifact.resolve())

    @contextmanager
    def _count(self, _name: str, _size: int) -> Generator[Callable[[int], None]]:
        def add(count: int) -> None:
            with self._counting:
                self._done += count

        yield add


def _make_context(staging: Path, count: _Count) -> MavenContext:
    # Imported here: a start that downloads nothing saves 0.4 s.
    from jgo.config import GlobalSettings  # noqa: PLC0415
    from jgo.maven import MavenContext, PythonResolver  # noqa: PLC0415

    context = MavenContext(
        resolver=PythonResolver(progress_callback=count),
        repo_cache=staging,
        timeout=HTTP_TIMEOUT_S,
    )
    # An organisation's own mirror, named in jgo's settings file, is asked first.
    context.remote_repos = {**GlobalSettings.load().repositories, **context.remote_repos}
    return context
