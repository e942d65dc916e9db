"""The guard: stops the bundled server when nobody uses it any more.

Started by ``graph.engine.server`` as ``python -m graph.engine.guard FOLDER``; one per data folder.
It looks at the leases, which the operating system frees when an app ends in whatever way. A server
that `stop` has stopped ends the guard; after one it stopped itself it makes the start cache.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Final

import psutil
from filelock import Timeout

from graph.engine.place import Place, count_leases, read_running
from graph.engine.process import end_server
from graph.engine.provision import provide_jars
from graph.engine.start_cache import make_start_cache
from graph.folders import choose_cache_dir

LOOK_EVERY_S: Final = 1.0
LINGER_S: Final = 4.0
"""How long an unused server stays, so that two commands in a row share it."""


def guard_server(place: Place) -> bool:
    """Wait until the server has gone or is unused, and stop it then; tell if it was unused.

    False at once when another guard is at work.
    """
    lock = place.guard_lock()
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    try:
        return _watch(place)
    finally:
        lock.release()


def _watch(place: Place) -> bool:
    unused_since: float | None = None
    while True:
        with place.start_lock():
            server = read_running(place)
            if server is None:
                return False
            if count_leases(place):
                unused_since = None
            elif unused_since is None:
                unused_since = time.monotonic()
            elif time.monotonic() - unused_since >= LINGER_S:
                end_server(server)
                place.state.unlink(missing_ok=True)
                return True
        time.sleep(LOOK_EVERY_S)


def make_start_faster(place: Place) -> None:
    """Make the start cache unless somebody uses the server again meanwhile."""
    lower_priority()
    cache_dir = choose_cache_dir()
    jars = provide_jars(cache_dir)
    make_start_cache(cache_dir, jars, lambda: any(place.leases.glob("*.lock")))


def lower_priority() -> None:
    """Let every other program go first; the processes started from here inherit it."""
    if sys.platform == "win32":
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(10)


def main() -> None:
    """Guard the server of the data folder named on the command line."""
    place = Place.within(Path(sys.argv[1]))
    if guard_server(place):
        make_start_faster(place)


if __name__ == "__main__":
    main()
