"""A fresh data folder of the bundled server in place of the one it has, at once or not at all.

Neo4j keeps deleted text in its transaction log and in index files, and a restore must not leave a
half-filled graph. So a restore and a complete erasure fill a second server in a folder beside the
first (`scratch`), and its data then takes the place of the old by two renames. The old data and
logs stand aside as `data.before` and `logs.before` for a moment; whatever interrupts this, `settle`
at the next start makes one of the two whole again, and wipes what is left of the other.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from graph.engine.place import Place

SCRATCH: Final = "renewal"
"""Name of the folder, in the data folder, of the server that is filled."""

_BLOCK: Final = 1 << 20
_DAMAGED: Final = "data.damaged-"


def settle(place: Place) -> None:
    """Finish or take back an exchange that was interrupted; call it before a server starts.

    Raises:
        OSError: the folder cannot be written to.
    """
    wipe(_before(place, "logs"))
    before = _before(place)
    if not before.exists():
        return
    if not (place.home / "data" / "databases").exists():
        shutil.rmtree(place.home / "data", ignore_errors=True)
        before.rename(place.home / "data")
        return
    wipe(before)


def exchange_data(place: Place, fresh: Place) -> None:
    """Put the data of `fresh`, of the same password, in the place of that of `place`.

    Both servers are stopped, and the caller holds the start lock. Old data and logs are wiped; what
    could not be stands aside (`list_before`). A place that had no server yet takes the password
    over.

    Raises:
        OSError: the old data is in its place again, or is put there by `settle`.
    """
    data, before = place.home / "data", _before(place)
    for old in list_before(place):
        wipe(old)
    if not place.password.exists():
        fresh.password.replace(place.password)
    _put_logs_aside(place)
    if data.exists():
        data.rename(before)
    try:
        (fresh.home / "data").rename(data)
    except OSError:
        if before.exists():
            before.rename(data)
        raise
    for old in list_before(place):
        wipe(old)


def list_before(place: Place) -> list[Path]:
    """Return what an exchange put aside and could not wipe; [] when nothing of the old is left."""
    return [old for old in (_before(place), _before(place, "logs")) if old.exists()]


def set_aside(place: Place) -> Path:
    """Move the data of a stopped server that cannot be opened out of the way; return where it is.

    Raises:
        OSError: it cannot be moved and is where it was.
    """
    aside = place.home / f"{_DAMAGED}{datetime.now():%Y%m%d-%H%M%S}"
    (place.home / "data").rename(aside)
    return aside


def list_aside(place: Place) -> list[Path]:
    """Return the folders of data that was set aside; [] when none ever was."""
    return sorted(place.home.glob(f"{_DAMAGED}*"))


@contextmanager
def scratch_folder(data_dir: Path) -> Iterator[Path]:
    """Give the data folder of a second server beside the first; nothing is left of it after."""
    folder = data_dir / SCRATCH
    wipe(folder)
    try:
        yield folder
    finally:
        wipe(folder)


def wipe(path: Path) -> list[Path]:
    """Overwrite the files of a folder, or a file, and remove them; nothing when there are none.

    A file that cannot be overwritten is removed all the same. Returns what still exists, its files
    first, [] when all is gone.

    On a disk that writes elsewhere each time (an SSD, a journalling or copying file system)
    overwriting is no guarantee; there the disk's own encryption is what protects.
    """
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    for file in files:
        with suppress(OSError):
            _overwrite(file)
        with suppress(OSError):
            file.unlink()
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    return [each for each in dict.fromkeys((*files, path)) if os.path.lexists(each)]


def _put_logs_aside(place: Place) -> None:
    """Begin new logs; old ones that somebody holds open are wiped where they stand, if they can be.

    Logs stop no restore.
    """
    logs = place.home / "logs"
    try:
        logs.rename(_before(place, "logs"))
    except OSError:
        wipe(logs)
    logs.mkdir(mode=0o700, exist_ok=True)


def _overwrite(file: Path) -> None:
    if file.is_symlink():
        return
    with file.open("r+b") as stream:
        left = stream.seek(0, os.SEEK_END)
        stream.seek(0)
        while left > 0:
            left -= stream.write(bytes(min(left, _BLOCK)))
        stream.flush()
        os.fsync(stream.fileno())


def _before(place: Place, name: str = "data") -> Path:
    return place.home / f"{name}.before"
