"""Renew graph/engine/neo4j.lock.toml: every jar of the bundled Neo4j with its SHA-256 and size.

Run by a maintainer at each Neo4j upgrade, never by a user::

    python tools/relock_neo4j.py 2026.08.1

jgo resolves the dependencies and downloads every jar into an empty folder. jgo compares each
download with the SHA-1 its repository publishes and only warns when they differ: here a warning
ends the run. The file is in jgo's lock format, with ``size`` (bytes) added to each entry and
without the address of any repository.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from hashlib import file_digest
from pathlib import Path

from jgo.maven import Artifact, MavenContext, PythonResolver

LOCK = Path(__file__).resolve().parents[1] / "graph" / "engine" / "neo4j.lock.toml"
PROJECTS = ("org.neo4j:neo4j", "org.neo4j.app:neo4j-server")
LAYOUT = """\
# Every jar of the bundled Neo4j Community. Written by tools/relock_neo4j.py; do not edit.

dependencies = [
{entries}]

[environment]
name = "neo4j-{version}"
"""


class _WarningFound(logging.Handler):
    """Remember jgo's warnings: a damaged download is nothing more to jgo."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the text of one warning."""
        self.texts.append(record.getMessage())


def resolve_artifacts(version: str, folder: Path) -> list[Artifact]:
    """Return every artifact Neo4j `version` needs at run time, in a stable order."""
    context = MavenContext(resolver=PythonResolver(), repo_cache=folder, timeout=60)
    wanted = [context.create_dependency(f"{project}:{version}") for project in PROJECTS]
    direct, transitive = context.resolver.resolve(wanted)
    kept = [*direct, *(d for d in transitive if d.scope in {"compile", "runtime"})]
    artifacts = {d.artifact.key: d.artifact for d in kept}
    return [artifacts[key] for key in sorted(artifacts)]


def format_entry(artifact: Artifact, path: Path) -> str:
    """Write one jar as a line of the lock file."""
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    fields = {
        "groupId": artifact.groupId,
        "artifactId": artifact.artifactId,
        "version": artifact.version,
        "packaging": artifact.packaging,
        "classifier": artifact.classifier,
        "sha256": digest,
    }
    texts = ", ".join(f'{name} = "{value}"' for name, value in fields.items() if value)
    return f"  {{ {texts}, size = {path.stat().st_size} }},\n"


def format_lock(version: str, entries: Iterable[str]) -> str:
    """Put the lines of `entries` together into a lock file."""
    return LAYOUT.format(version=version, entries="".join(entries))


def main() -> None:
    """Resolve, download, hash and write the lock file, or leave the old one untouched."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("version", help="Neo4j version, for example 2026.08.1")
    version: str = parser.parse_args().version
    found = _WarningFound()
    logging.getLogger("jgo").addHandler(found)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(8) as pool:
        artifacts = resolve_artifacts(version, Path(folder))
        paths = list(pool.map(lambda artifact: artifact.resolve(), artifacts))
        text = format_lock(version, map(format_entry, artifacts, paths))
    if found.texts:
        raise SystemExit("\n".join(["Nothing written. jgo warned:", *found.texts]))
    LOCK.write_text(text, encoding="utf-8")
    print(f"{len(artifacts)} jars → {LOCK.name}")


if __name__ == "__main__":
    main()
