"""The guard: stops the bundled server when nobody uses it any more.

Started by ``graph.server`` as ``python -m graph.server_guard <data folder>``; one per data folder.
It looks at the leases, which the operating system frees when an app ends in whatever way.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Final

from filelock import Timeout

from graph.server_place import Place, count_leases, read_running
from graph.server_process import end_server

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


def main() -> None:
    """Guard the server of the data folder named on the command line."""
    place = Place.within(Path(sys.argv[1]))
    guard_server(place)


if __name__ == "__main__":
    main()
