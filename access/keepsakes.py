"""The files of the data folder that belong in a backup beside the graph: accounts and the log.

Open sessions are left out: whoever restores a backup signs in anew.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from access.entry import open_journal
from access.files import open_database
from graph.folders import make_private, write_private

REGISTER: Final = "access.sqlite"


def collect_keepsakes(data_dir: Path) -> dict[str, bytes]:
    """Return name → content of the files that exist, each as of one moment; {} before the first.

    Raises:
        OSError, sqlite3.Error: one cannot be read.
    """
    found = open_journal().copy_files()
    register = data_dir / REGISTER
    if register.exists():
        found[REGISTER] = _copy_register(register)
    return found


def restore_keepsakes(data_dir: Path, files: dict[str, bytes]) -> tuple[list[str], list[str]]:
    """Write those files that the data folder lacks; return the names written and those left.

    A file that exists is left as it is: a log is never written over, and accounts are those of
    now. The files of the log come together or not at all.
    """
    make_private(data_dir)
    known = [name for name in sorted(files) if name == REGISTER or name.startswith("audit.")]
    has_log = any((data_dir / name).exists() for name in known if name.startswith("audit."))
    written = [
        name
        for name in known
        if not (has_log if name.startswith("audit.") else (data_dir / name).exists())
    ]
    for name in written:
        write_private(data_dir / name, files[name])
    return written, [name for name in known if name not in written]


def _copy_register(path: Path) -> bytes:
    with open_database(path) as source, closing(sqlite3.connect(":memory:")) as copy:
        source.backup(copy)
        copy.execute("DELETE FROM session")
        copy.execute("DELETE FROM failure")
        copy.commit()
        copy.execute("VACUUM")
        return copy.serialize()
