"""An .xls is read by a process of its own, bounded in memory and time, that knows no secret.

Its size shows only once the reader has laid it out: 5,632 bytes were seen to take 21 GB and 150
seconds. What the process answers is JSON of plain cells, so that a reader that was taken over can
hand nothing else back. Where the system cannot bound memory (Windows), the time alone is bounded.

`python -m loaders.reading.apart` reads the file from the standard input.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from loaders.problems import BadFile
from loaders.reading.books import read_book
from loaders.reading.grids import Grid, Row
from loaders.reading.limits import ReadLimits

MEMORY_BYTES: Final = 250_000_000
LONGEST_S: Final = 20
_ROOT: Final = Path(__file__).resolve().parents[2]
_KEPT: Final = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH")
_MOMENTS: Final[Mapping[str, Callable[[str], object]]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda seconds: timedelta(seconds=float(seconds)),
}


def read_apart(data: bytes, limits: ReadLimits) -> list[Grid]:
    """Return every worksheet of an .xls that holds anything.

    Raises:
        BadFile: it is damaged, protected or beyond `limits`, or takes too much memory or time.
    """
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    command = [sys.executable, "-m", __name__, json.dumps(asdict(limits))]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command,
            input=data,
            cwd=_ROOT,
            env=environment | {"PYTHONUTF8": "1"},
            capture_output=True,
            timeout=LONGEST_S,
            check=True,
        )
        answer = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        limit = f"{MEMORY_BYTES // 1_000_000} MB"
        raise BadFile("loaders.file.too_large_unpacked", limit=limit) from None
    if "code" in answer:
        raise BadFile(answer["code"], **answer["values"])
    return [_read_grid(grid) for grid in answer["grids"]]


def main() -> None:
    """Read the file of the standard input within the limits of the first argument; answer JSON."""
    _bound()
    limits = ReadLimits(**json.loads(sys.argv[1]))
    answer: dict[str, Any]
    try:
        grids = read_book(BytesIO(sys.stdin.buffer.read(limits.file_bytes + 1)), limits)
        _refuse_repeated_texts(grids, limits)
        answer = {"grids": [_write_grid(grid) for grid in grids]}
    except BadFile as error:
        answer = {"code": error.code, "values": error.values}
    json.dump(answer, sys.stdout, ensure_ascii=False)


def _bound() -> None:
    with suppress(ImportError):
        import resource  # noqa: PLC0415 - not on Windows

        for kind, most in (
            (resource.RLIMIT_AS, MEMORY_BYTES),
            (resource.RLIMIT_CPU, LONGEST_S),
            (resource.RLIMIT_CORE, 0),
        ):
            with suppress(ValueError, OSError):  # the system may know no such bound
                resource.setrlimit(kind, (most, most))


def _refuse_repeated_texts(grids: list[Grid], limits: ReadLimits) -> None:
    letters = 0
    for grid in grids:
        for row in grid.rows:
            letters += sum(len(cell) for cell in row.cells if isinstance(cell, str))
            if letters > limits.unpacked_bytes:
                limit = f"{limits.unpacked_bytes // 1_000_000} MB"
                raise BadFile("loaders.file.too_large_unpacked", limit=limit)


def _write_grid(grid: Grid) -> list[object]:
    rows = [[row.number, [_write_cell(cell) for cell in row.cells]] for row in grid.rows]
    return [grid.sheet, grid.is_hidden, rows]


def _write_cell(cell: object) -> object:
    if isinstance(cell, timedelta):
        return {"timedelta": str(cell.total_seconds())}
    if isinstance(cell, datetime | date | time):
        return {type(cell).__name__: cell.isoformat()}
    return cell


def _read_grid(grid: list[Any]) -> Grid:
    sheet, is_hidden, rows = grid
    cells = (Row(int(number), tuple(map(_read_cell, row))) for number, row in rows)
    return Grid(str(sheet), tuple(cells), is_hidden=bool(is_hidden))


def _read_cell(cell: Any) -> object:
    if isinstance(cell, dict):
        ((kind, words),) = cell.items()
        return _MOMENTS[kind](words)
    return cell


if __name__ == "__main__":
    main()
