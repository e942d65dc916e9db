"""SQLite files of the access package: private to their owner, whole or not at all.

SQLite and not the graph: signing in must not depend on the database, an export or a backup of the
graph must not carry passwords, and several app processes of one machine share the file.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from graph.folders import make_private

_WAIT_S: Final = 5.0


def make_database(path: Path, schema: str) -> None:
    """Make the file, readable by its owner only, with the tables of `schema` where it has none.

    Raises:
        graph.engine.report.ServerError: the folder cannot be written to.
        OSError, sqlite3.Error: the file cannot be.
    """
    make_private(path.parent)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    with open_database(path) as database:
        database.executescript(schema)


@contextmanager
def open_database(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the file for one piece of work; statements commit one by one unless in `writing`."""
    with closing(sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)) as database:
        yield database


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the file for one change: nobody else writes meanwhile, and an error leaves it as was."""
    with open_database(path) as database:
        database.execute("BEGIN IMMEDIATE")
        try:
            yield database
        except BaseException:
            database.execute("ROLLBACK")
            raise
        database.execute("COMMIT")
