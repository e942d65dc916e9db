"""Time from the command to the first answered query, in a new process each, as a user has it.

    python -m bench.start [repetitions]

Three kinds of start, interleaved so that a busy spell of the machine hits all alike:
cold (an empty data folder, jars present), warm without and warm with the start cache. Read them
against each other. Jars are downloaded and the start cache is made first if they are missing.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from graph.engine.provision import provide_jars
from graph.engine.server import stop
from graph.engine.start_cache import find_start_cache, make_start_cache
from graph.folders import choose_cache_dir

ROOT: Final = Path(__file__).resolve().parents[1]
ASK: Final = """
import sys
from pathlib import Path
from neo4j import GraphDatabase
from graph.engine.server import ensure_running
found = ensure_running(Path(sys.argv[1]))
with GraphDatabase.driver(found.uri, auth=(found.user, found.password)) as driver:
    driver.execute_query("RETURN 1")
"""


def time_start(folder: Path) -> float:
    """Return the seconds from starting Python to the answer; the server is stopped afterwards."""
    begun = time.perf_counter()
    subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", ASK, str(folder)], cwd=ROOT, check=True
    )
    elapsed = time.perf_counter() - begun
    stop(folder, force=True)
    return elapsed


def measure_starts(repetitions: int) -> dict[str, list[float]]:
    """Return the seconds of every start, by kind."""
    found: dict[str, list[float]] = {"cold": [], "warm": [], "warm, start cache": []}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        for number in range(repetitions):
            folder = Path(scratch) / str(number)
            for kind, seconds in found.items():
                os.environ["TSUNAGI_START_CACHE"] = "on" if "cache" in kind else "off"
                seconds.append(time_start(folder))
    return found


def main() -> None:
    """Measure and print one line per kind of start."""
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    jars = provide_jars(choose_cache_dir())
    make_start_cache(choose_cache_dir(), jars)
    if find_start_cache(choose_cache_dir(), jars) is None:
        raise SystemExit("The start cache could not be made.")
    print(f"{'start':<20}{'median s':>10}{'min':>8}{'max':>8}{'runs':>6}")
    for kind, seconds in measure_starts(repetitions).items():
        middle = statistics.median(seconds)
        print(f"{kind:<20}{middle:>10.1f}{min(seconds):>8.1f}{max(seconds):>8.1f}{repetitions:>6}")


if __name__ == "__main__":
    main()
