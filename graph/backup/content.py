"""What stands in a backup: a header, the graph line by line, the files beside it, a trailer.

Every line is a JSON object. The *content hash* is of the graph's lines alone, so that equal graphs
have equal ones wherever and whenever they are copied; the checksum is of every line before the
trailer.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from gzip import GzipFile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from graph.backup.errors import BackupError
from graph.backup.keys import Identity
from graph.backup.sealed import read_sealed
from graph.store.copying import Counts, Line

FORMAT: Final = "tsunagi-graph"
FORMAT_VERSION: Final = 1
_CHUNK: Final = 48_000

Attachments = Mapping[str, bytes]
"""Files beside the graph: name → content."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a backup says of itself; `schema` is the graph's version, `made_at` a UTC time."""

    made_at: datetime
    schema: int
    counts: Counts
    product: str = ""


def read_product() -> str:
    """Return the product's version; "" when it runs from a bare folder."""
    try:
        return version("tsunagi")
    except PackageNotFoundError:
        return ""


def write_line(line: Line) -> bytes:
    """Return a line as it stands in the file."""
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def hash_lines(lines: Iterable[Line]) -> str:
    """Return the content hash of a graph's lines."""
    content = hashlib.sha256()
    for line in lines:
        content.update(write_line(line))
    return content.hexdigest()


def write_content(
    sink: GzipFile, header: Header, lines: Iterable[Line], attachments: Attachments
) -> str:
    """Write all of a backup and return its content hash.

    Raises:
        BackupError: there were other lines than the header counts.
    """
    content, checksum = hashlib.sha256(), hashlib.sha256()
    seen: Counter[str] = Counter()

    def write(line: Line) -> bytes:
        data = write_line(line)
        checksum.update(data)
        sink.write(data)
        return data

    write(_describe(header))
    for line in lines:
        content.update(write(line))
        seen[_name(line)] += 1
    _require_counts(header, seen)
    for line in _list_attachments(attachments):
        write(line)
    trailer = {"end": sum(seen.values()), "content": content.hexdigest()}
    sink.write(write_line({**trailer, "checksum": checksum.hexdigest()}))
    return content.hexdigest()


class Reader:
    """A backup being read: its header at once, its content hash when all lines are through."""

    def __init__(self, source: GzipFile, name: str) -> None:
        self._lines = iter(source)
        self._name = name
        self._checksum = hashlib.sha256()
        self.content_hash = ""
        self.header = self._read_header()

    def read_lines(self) -> Iterator[Line]:
        """Yield the graph's lines and those of files (`f`, `d`); the end is checked.

        Raises:
            BackupError: counts or sums do not fit: the backup is damaged.
        """
        content = hashlib.sha256()
        seen: Counter[str] = Counter()
        for data in self._lines:
            line = self._parse(data)
            if "end" in line:
                self._check_end(line, content.hexdigest(), seen)
                return
            self._checksum.update(data)
            if "f" not in line:
                content.update(data)
                seen[_name(line)] += 1
            yield line
        raise self._damaged()

    def _read_header(self) -> Header:
        data = next(self._lines, b"")
        line = self._parse(data)
        if line.get("format") != FORMAT:
            raise BackupError("backup.not_a_backup", file=self._name)
        if line["version"] > FORMAT_VERSION:
            raise BackupError("backup.newer", file=self._name)
        self._checksum.update(data)
        return Header(
            datetime.fromisoformat(line["made_at"]),
            line["schema"],
            Counts(line["nodes"], line["relationships"]),
            line["product"],
        )

    def _check_end(self, trailer: Line, content: str, seen: Counter[str]) -> None:
        sums = (trailer["content"], trailer["checksum"], trailer["end"])
        if sums != (content, self._checksum.hexdigest(), sum(seen.values())):
            raise self._damaged()
        if next(self._lines, None) is not None:
            raise self._damaged()
        _require_counts(self.header, seen)
        self.content_hash = content

    def _parse(self, data: bytes) -> Line:
        try:
            line: Any = json.loads(data)
        except ValueError:
            line = None
        if not isinstance(line, dict):
            raise self._damaged()
        return line

    def _damaged(self) -> BackupError:
        return BackupError("backup.damaged", file=self._name)


@contextmanager
def open_backup(path: Path, identities: Sequence[Identity]) -> Iterator[Reader]:
    """Open a backup for reading.

    Raises:
        BackupError: no key fits, it is damaged, no backup, or of a newer version.
    """
    with read_sealed(path, identities) as source:
        yield Reader(source, path.name)


def make_header(schema: int, counts: Counts, now: datetime | None = None) -> Header:
    """Return the header of a backup made now."""
    return Header(now or datetime.now(UTC), schema, counts, read_product())


def read_attachment(line: Line) -> tuple[str, bytes]:
    """Return name and the next piece of a file beside the graph."""
    return line["f"], base64.b64decode(line["d"])


def _describe(header: Header) -> Line:
    return {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "schema": header.schema,
        "product": header.product,
        "made_at": header.made_at.isoformat(timespec="seconds"),
        "nodes": dict(header.counts.nodes),
        "relationships": dict(header.counts.relationships),
    }


def _list_attachments(attachments: Attachments) -> Iterator[Line]:
    for name, data in sorted(attachments.items()):
        for start in range(0, max(len(data), 1), _CHUNK):
            piece = base64.b64encode(data[start : start + _CHUNK])
            yield {"f": name, "d": piece.decode("ascii")}


def _name(line: Line) -> str:
    return f"n {line['n']}" if "n" in line else f"r {line['r']}"


def _require_counts(header: Header, seen: Counter[str]) -> None:
    counts = header.counts
    wanted = {f"n {label}": n for label, n in counts.nodes.items()}
    wanted |= {f"r {kind}": n for kind, n in counts.relationships.items()}
    if seen != Counter(wanted):
        raise BackupError("backup.incomplete")
