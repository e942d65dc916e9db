"""The log for operators: JSON lines in the data folder, without a person's words in them.

A line is a time, a program, a level, what happened and plain values::

    {"at": "2026-11-22T12:00:00.000+00:00", "program": "app", "process": 4711, "level": "ERROR",
     "event": "database.lost", "code": "store.unavailable"}

Only numbers and words of code (`WORD`) get in: any other text, a name in Japanese for instance, is
written as "…". So a careless caller cannot write down a person. Files turn over at `LARGEST_BYTES`,
and `KEPT` older ones stay. Several processes may write at once; a log that cannot be written
disturbs nobody.
"""

from __future__ import annotations

import json
import logging
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import filelock

from graph.engine.report import ServerError
from graph.folders import make_private, open_private

LARGEST_BYTES: Final = 5_000_000
KEPT: Final = 4
WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.:/-]{0,79}")
HIDDEN: Final = "…"

_WAIT_S: Final = 2.0
_LOGGER: Final = logging.getLogger("tsunagi")


def write_event(event: str, level: int = logging.INFO, **values: object) -> None:
    """Write what happened, with numbers and words of code; nothing before `open_log`."""
    _LOGGER.log(level, event, extra={"values": values})


def open_log(program: str, folder: Path) -> None:
    """Write the events of this process to `folder`/logs/`program`.jsonl from now on.

    Warnings and errors go to the error stream as well, for whoever keeps that of a service.
    """
    for handler in list(_LOGGER.handlers):
        _LOGGER.removeHandler(handler)
    stream = logging.StreamHandler()
    stream.setLevel(logging.WARNING)
    for handler in (LogFile(folder / "logs", f"{program}.jsonl"), stream):
        handler.setFormatter(Line(program))
        _LOGGER.addHandler(handler)
    _LOGGER.setLevel(logging.INFO)
    _LOGGER.propagate = False


class Line(logging.Formatter):
    """Writes a record as a line of JSON; of one not made by `write_event` its logger's name."""

    def __init__(self, program: str) -> None:
        super().__init__()
        self._program = program

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        values: dict[str, object] | None = getattr(record, "values", None)
        event = record.msg
        if values is None:
            arguments = record.args if isinstance(record.args, tuple) else ()
            event, values = record.name, {f"value{n}": one for n, one in enumerate(arguments, 1)}
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fixed = {"at": at, "program": self._program, "process": record.process}
        told = {"level": record.levelname, "event": hide_words(event)}
        shown = {name: hide_words(value) for name, value in values.items()}
        return json.dumps(fixed | told | shown, ensure_ascii=False)


class LogFile(logging.Handler):
    """Appends lines to a file that turns over."""

    def __init__(self, folder: Path, name: str) -> None:
        super().__init__()
        self._folder = folder
        self._file = folder / name

    def emit(self, record: logging.LogRecord) -> None:
        """Append one line; a full disk or a folder that cannot be written is passed over."""
        line = self.format(record) + "\n"
        try:
            make_private(self._folder)
            lock = filelock.FileLock(self._file.with_suffix(".lock"), timeout=_WAIT_S, mode=0o600)
            with lock:
                if self._file.exists() and self._file.stat().st_size > LARGEST_BYTES:
                    self._turn_over()
                with open_private(self._file, os.O_APPEND) as file:
                    file.write(line.encode())
        except (OSError, filelock.Timeout, ServerError):
            return

    def _turn_over(self) -> None:
        for number in range(KEPT, 0, -1):
            older = self._file.with_suffix(f".{number}.jsonl")
            newer = self._file if number == 1 else self._file.with_suffix(f".{number - 1}.jsonl")
            if newer.exists():
                newer.replace(older)


def hide_words(value: object) -> object:
    """Return a number, a truth value or a word of code as it is, and HIDDEN for all else."""
    if value is None or isinstance(value, bool | int | float):
        return value
    return value if isinstance(value, str) and WORD.fullmatch(value) else HIDDEN
