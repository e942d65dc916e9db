"""Neo4j's own offline copy of the bundled server, made before another version of it opens the data.

A dump holds the database as the version that wrote it left it: the way back when a new version of
Neo4j has changed the files. It is not encrypted and keeps what was deleted; backups
(`graph.backup`) are what is kept. Dumps lie in the server's folder, for its owner only, the last
one alone.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import Final

from graph.engine.place import Place
from graph.engine.process import run_admin
from graph.engine.provision import JarSet
from graph.engine.report import ServerError
from graph.engine.settings import DATABASE
from graph.folders import make_private, write_private

TIMEOUT_S: Final = 1_800.0
SUFFIX: Final = ".dump"
DUMPS: Final = "dumps"
"""Folder of the dumps, in the server's."""

_JAR: Final = re.compile(r"neo4j-(\d[\d.]*)\.jar")


def find_version(jars: JarSet) -> str:
    """Return the version of Neo4j that the jars are of; "" when none of them says."""
    found = (_JAR.fullmatch(name) for name in jars.names)
    return next((match[1] for match in found if match), "")


def keep_before_upgrade(place: Place, jars: JarSet) -> Path | None:
    """Dump data that another version of Neo4j wrote last; None when there is none.

    Notes the version that is about to open it. The caller holds the start lock; nothing runs.

    Raises:
        ServerError: the dump failed; the data is as it was and the version is not noted.
    """
    version, stamp = find_version(jars), place.home / "neo4j.version"
    before = stamp.read_text("ascii", "replace").strip() if stamp.exists() else ""
    dump = None
    if before not in {"", version} and (place.home / "data" / "databases").exists():
        folder = make_private(place.home / DUMPS)
        dump = dump_data(place, jars, folder / f"neo4j-{before}{SUFFIX}")
        for older in folder.glob(f"*{SUFFIX}"):
            if older != dump:
                older.unlink()
    if before != version:
        write_private(stamp, version)
    return dump


def dump_data(place: Place, jars: JarSet, target: Path) -> Path:
    """Dump the stopped server's database into `target`, whole or not at all, and return it.

    Raises:
        ServerError: Neo4j's tool failed; see the console's file.
    """
    make_private(place.home / "conf")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".dump-") as scratch:
        run_admin(place, jars, ("database", "dump", DATABASE, f"--to-path={scratch}"), TIMEOUT_S)
        made = Path(scratch) / f"{DATABASE}{SUFFIX}"
        made.chmod(0o600)
        made.replace(target)
    return target


def load_dump(place: Place, jars: JarSet, source: Path) -> None:
    """Put the database of a dump in the place of the stopped server's.

    Raises:
        ServerError: there is no such file, or Neo4j's tool failed; see the console's file.
    """
    if not source.is_file():
        raise ServerError("server.error.no_dump", file=str(source))
    with tempfile.TemporaryDirectory(dir=place.home, prefix="load-") as scratch:
        shutil.copyfile(source, Path(scratch) / f"{DATABASE}{SUFFIX}")
        words = ("database", "load", DATABASE, f"--from-path={scratch}")
        run_admin(place, jars, (*words, "--overwrite-destination=true"), TIMEOUT_S)
