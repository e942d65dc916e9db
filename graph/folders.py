"""Where a user's data and the rebuildable downloads live."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import IO, Final

import platformdirs

from graph.engine.report import ServerError

APPLICATION: Final = "tsunagi"


def choose_data_dir(data_dir: Path | None = None) -> Path:
    """Return `data_dir`, else ``TSUNAGI_DATA_DIR``, else the user's own data folder."""
    chosen = data_dir or os.environ.get("TSUNAGI_DATA_DIR")
    return Path(chosen or platformdirs.user_data_dir(APPLICATION, appauthor=False)).absolute()


def choose_cache_dir() -> Path:
    """Return ``TSUNAGI_CACHE_DIR``, else the user's own cache folder."""
    chosen = os.environ.get("TSUNAGI_CACHE_DIR")
    return Path(chosen or platformdirs.user_cache_dir(APPLICATION, appauthor=False)).absolute()


def make_private(folder: Path) -> Path:
    """Make `folder` with its parents, for its owner only, and return it.

    Parents that exist keep their rights. Windows has no such mode: there the user's profile,
    where the folder is by default, keeps other users out.

    Raises:
        ServerError: the folder cannot be made or written to.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "posix":
            folder.chmod(0o700)
    except OSError as error:
        raise ServerError("server.error.folder_unwritable", folder=str(folder)) from error
    if not os.access(folder, os.W_OK):
        raise ServerError("server.error.folder_unwritable", folder=str(folder))
    return folder


def require_space(folder: Path, needed_bytes: int) -> None:
    """Pass when the disk of `folder` (which exists) has `needed_bytes` free.

    Raises:
        ServerError: it has less.
    """
    free = shutil.disk_usage(folder).free
    if free < needed_bytes:
        raise ServerError(
            "server.error.disk_full",
            folder=str(folder),
            free_mb=free // 1_000_000,
            needed_mb=-(-needed_bytes // 1_000_000),
        )


def open_private(path: Path, flags: int) -> IO[bytes]:
    """Open `path` to be written, readable by its owner only where it is made; `flags` as os.open's.

    Raises:
        OSError: the folder is missing or full.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | flags, 0o600)
    return os.fdopen(descriptor, "wb")


def write_private(path: Path, content: str | bytes) -> None:
    """Write `content` to `path` whole or not at all, readable by its owner only.

    It is a draft of a name of its own first, so that two writers never share one and no reader sees
    half a file. The draft may hold what must not lie about: whatever interrupts the writing, short
    of a kill, takes it away.

    Raises:
        OSError: the folder is missing or full; `path` is as it was, and no draft is left.
    """
    descriptor, name = tempfile.mkstemp(".part", f"{path.name}.", path.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
