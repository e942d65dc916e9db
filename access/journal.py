"""The log of who saw, changed and took out what: append-only, chained by hash.

One JSON object a line; each carries the SHA-256 of the line before it and of itself, and the file
`audit.head` the number and hash of the last, so that a changed, removed or added line is found,
the last one too. Whoever can write both files can write a new chain: the head is shown to the
administrator to be kept elsewhere. A client is named by a keyed hash only: the log answers "who saw
this client" to whoever knows the pseudonym, and tells nothing else of anybody.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import filelock

from graph.engine.report import ServerError
from graph.folders import make_private, write_private
from graph.rights import Unrecorded

Action = Literal[
    "sign_in",
    "sign_in_refused",
    "sign_out",
    "account",
    "view",
    "ask",
    "write",
    "export",
    "consent",
    "override",
    "backup",
    "restore",
    "erase",
]

_START: Final = "0" * 64
_WAIT_S: Final = 5.0
_FIELDS: Final = ("number", "at", "actor", "action", "subject", "before")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: `at` is a UTC time in ISO form, `subject` what was seen or done, never a value."""

    number: int
    at: str
    actor: str
    action: str
    subject: str
    hash: str


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the first `size` bytes of the file hold: lines, and the first that does not follow."""

    size: int = 0
    digest: bytes = hashlib.sha256().digest()
    entries: tuple[Entry, ...] = ()
    number: int = 0
    before: str = _START
    broken: int | None = None


class Journal:
    """The log of one data folder; any number of processes may write to it."""

    def __init__(
        self, folder: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._file = folder / "audit.jsonl"
        self._head = folder / "audit.head"
        self._key = folder / "audit.key"
        self._lock = filelock.FileLock(folder / "audit.lock", timeout=_WAIT_S, mode=0o600)
        self._clock = clock
        self._known = _Reading()

    def record(self, actor: str, action: Action, subject: str) -> None:
        """Append a line, on the disk when this returns.

        Raises:
            Unrecorded: it cannot be written; what was to be recorded must not be done.
        """
        try:
            make_private(self._file.parent)
            with self._lock:
                number, before = self._find_last()
                at = self._clock().isoformat(timespec="milliseconds")
                values = (number + 1, at, actor, action, subject, before)
                line = dict(zip(_FIELDS, values, strict=True))
                line["hash"] = _hash(line)
                _append(self._file, json.dumps(line, ensure_ascii=False))
                write_private(self._head, f"{number + 1} {line['hash']}\n")
        except (OSError, filelock.Timeout, ServerError, ValueError) as error:
            raise Unrecorded from error

    def disguise(self, client_id: str) -> str:
        """Return the name by which the log knows a client: the same each time, not to be undone.

        Raises:
            Unrecorded: the key cannot be read or made.
        """
        try:
            make_private(self._key.parent)
            with self._lock:
                if not self._key.exists():
                    write_private(self._key, secrets.token_hex(32))
                key = bytes.fromhex(self._key.read_text("ascii"))
        except (OSError, filelock.Timeout, ServerError, ValueError) as error:
            raise Unrecorded from error
        return hmac.new(key, client_id.encode(), hashlib.sha256).hexdigest()[:16]

    def read(self) -> list[Entry]:
        """Return every line that can be read, oldest first; [] before the first.

        Raises:
            OSError: the files cannot be read, or a writer holds them too long.
        """
        return self.look()[0]

    def find_break(self) -> int | None:
        """Return the number of the first line that is not as it was written; None when all are.

        A missing last line is reported by the number it had.

        Raises:
            OSError: the files cannot be read, or a writer holds them too long.
        """
        return self.look()[1]

    def look(self) -> tuple[list[Entry], int | None]:
        """Return what `read` and `find_break` do, the files read once.

        Raises:
            OSError: the files cannot be read, or a writer holds them too long.
        """
        reading, head, is_torn = self._read_files()
        return list(reading.entries), _find_break(reading, head, is_torn=is_torn)

    def read_seal(self) -> str:
        """Return number and hash of the last line, to be kept elsewhere; "" before the first."""
        head = self._read_head()
        return "" if head is None else f"{head[0]} {head[1]}"

    def copy_files(self) -> dict[str, bytes]:
        """Return name → content of the log's files, of one moment; {} before the first line.

        Raises:
            OSError, filelock.Timeout: they cannot be read.
        """
        if not self._file.exists():
            return {}
        with self._lock:
            files = [path for path in (self._file, self._head, self._key) if path.exists()]
            return {path.name: path.read_bytes() for path in files}

    def _read_files(self) -> tuple[_Reading, tuple[int, str] | None, bool]:
        """Return what the file holds, what the head says, and whether the last line is torn.

        The log never shrinks and grows with every page that anybody opens, so only the lines that
        are new are parsed and hashed one by one. That those before are the same still is told by
        their bytes, all of them, each time: size and time of a file can be set back by whoever
        alters it.
        """
        if not (self._file.exists() or self._head.exists()):
            return _Reading(), None, False
        with self._lock:  # a writer is for a moment between the two files
            data = self._file.read_bytes() if self._file.exists() else b""
            head = self._read_head()
        known = self._known
        if hashlib.sha256(memoryview(data)[: known.size]).digest() != known.digest:
            known = _Reading()
        self._known = known = _read_on(known, data)
        return known, head, known.size < len(data)

    def _read_head(self) -> tuple[int, str] | None:
        if not self._head.exists():
            return None
        number, _, value = self._head.read_text("ascii", "replace").strip().partition(" ")
        return (int(number), value) if number.isdecimal() else (0, value)

    def _find_last(self) -> tuple[int, str]:
        """Return number and hash that the next line follows.

        A line may have been written whole before its process died and the head was not: it counts.
        """
        head = self._read_head() or (0, _START)
        line = _parse(_read_tail(self._file))
        if line is not None and _follows(line, head[0] + 1, head[1]):
            return line["number"], line["hash"]
        return head


def _find_break(reading: _Reading, head: tuple[int, str] | None, *, is_torn: bool) -> int | None:
    if reading.broken is not None:
        return reading.broken
    if is_torn:
        return reading.number + 1
    if head is None:
        return reading.number or None
    if head == (reading.number, reading.before):
        return None
    return min(head[0], reading.number + 1)


def _read_on(known: _Reading, data: bytes) -> _Reading:
    """Return what the whole lines of `data` hold, whose beginning is known; a torn one waits."""
    size = data.rfind(b"\n") + 1
    if size == known.size:
        return known
    entries, number, before, broken = (
        list(known.entries), known.number, known.before, known.broken,
    )  # fmt: skip
    for text in data[known.size : size].split(b"\n")[:-1]:
        number += 1
        line = _parse(text.decode("utf-8", "replace"))
        if line is None or not _follows(line, number, before):
            broken = broken or number
        if line is not None:
            entries.append(Entry(*(line[name] for name in (*_FIELDS[:5], "hash"))))
            before = line["hash"]
    digest = hashlib.sha256(memoryview(data)[:size]).digest()
    return _Reading(size, digest, tuple(entries), number, before, broken)


def _follows(line: dict[str, Any], number: int, before: str) -> bool:
    return (line["number"], line["before"]) == (number, before) and line["hash"] == _hash(line)


def _hash(line: dict[str, Any]) -> str:
    content = json.dumps([line[name] for name in _FIELDS], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def _parse(text: str) -> dict[str, Any] | None:
    """Return a line's values; None for what is no line of ours, to the last byte."""
    try:
        line = json.loads(text)
    except ValueError:
        return None
    if not isinstance(line, dict) or set(line) != {*_FIELDS, "hash"}:
        return None
    return line if json.dumps(line, ensure_ascii=False) == text else None


def _append(path: Path, line: str) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        torn = file.seek(0, os.SEEK_END) and (file.seek(-1, os.SEEK_END), file.read(1))[1] != b"\n"
        file.write((b"\n" if torn else b"") + line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _read_tail(path: Path) -> str:
    """Return the last whole line; "" when there is none."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 10_000))
        lines = file.read().split(b"\n")
    return lines[-2].decode("utf-8", "replace") if len(lines) > 1 else ""
