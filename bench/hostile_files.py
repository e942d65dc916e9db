"""What a hostile file costs before it is refused: seconds and memory, each in a process of its own.

    python -m bench.hostile_files

Seconds are those of the processor, so that a busy machine tells the same. Memory is the most the
process ever held, Python and the app's own modules included, and that of the process an .xls is
read by. Linux only: the system's own count is asked.
"""

from __future__ import annotations

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Final

from loaders.directory import Directory
from loaders.open_data.files import recognise_file
from loaders.problems import BadFile, BadValue
from loaders.reading.sheets import parse_tables
from loaders.workbook import read_records
from tests.hostile_files import FILES

ROOT: Final = Path(__file__).resolve().parents[1]
LONGEST_S: Final = 2.0
MOST_MB: Final = 300


def main() -> int:
    """Measure every file; 1 when one was too slow, too large or not caught."""
    if len(sys.argv) > 1:
        print(measure(int(sys.argv[1]), sys.stdin.buffer.read()))
        return 0
    worst_s, worst_mb, failed = 0.0, 0, 0
    for number, file in enumerate(FILES):
        done = subprocess.run(  # noqa: S603 - this module
            [sys.executable, "-m", "bench.hostile_files", str(number)],
            input=file.make(), cwd=ROOT, capture_output=True, check=False,
        )  # fmt: skip
        said = done.stdout.decode().strip() or "not caught 0 0"
        words, seconds, megabytes = said.rsplit(" ", 2)
        print(f"{file.title:34} {words:28} {seconds:>6} s {megabytes:>5} MB", flush=True)
        worst_s, worst_mb = max(worst_s, float(seconds)), max(worst_mb, int(megabytes))
        failed += done.returncode != 0
    print(f"{len(FILES)} files: at most {worst_s:.2f} s and {worst_mb} MB, {failed} not caught")
    return int(failed > 0 or worst_s > LONGEST_S or worst_mb > MOST_MB)


def measure(number: int, data: bytes) -> str:
    """Return what became of the bytes of a file, the seconds, and the most megabytes held."""
    begun = sum(os.times()[:4])
    words = read(FILES[number].name, data)
    seconds = sum(os.times()[:4]) - begun  # of this process and of one it waited for
    return f"{words} {seconds:.2f} {find_peak_mb()}"


def read(name: str, data: bytes) -> str:
    """Return what becomes of a file without a database: its rows and problems, or the refusal."""
    try:
        if recognise_file(name, lambda: BytesIO(data)) is not None:
            return "open data"
        reading = read_records(parse_tables(name, data), Directory())
    except (BadFile, BadValue) as error:
        return error.code.removeprefix("loaders.file.")
    return f"{reading.rows} rows, {len(reading.problems)} problems"


def find_peak_mb() -> int:
    """Return the most memory this process or one it started ever held."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    own = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    if os.name == "nt":
        return own // 1024
    import resource  # noqa: PLC0415 - not on Windows

    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) // 1024


if __name__ == "__main__":
    sys.exit(main())
