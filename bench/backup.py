"""How long a backup takes, and that a graph comes back from it with the same hash.

    python -m bench.backup folder [agencies] [referrals]

The graph is that of `bench.large_graph`, an eighth of it agencies: 300, 10,000 and 200,000 nodes
when no numbers are given. It is copied into an encrypted file, the file is read through, a second
server is filled from it and copied again. The memory is this process's largest.
"""

from __future__ import annotations

import os
import resource
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from bench.large_graph import Size, build
from graph.backup.keys import open_keyring
from graph.backup.making import Backup, check_backup, make_backup
from graph.backup.restoring import rehearse_restore
from graph.engine import server
from graph.store import Store

T = TypeVar("T")

SIZES: Final = (Size(35, 260), Size(1_240, 8_700), Size(24_700, 175_000))


def measure(folder: Path, size: Size) -> None:
    """Build one graph, back it up, restore it into another server; print the figures."""
    shutil.rmtree(folder, ignore_errors=True)
    at = server.ensure_bundled(folder)
    try:
        build(at, size)
        keys = open_keyring(folder)
        with Store.at(at) as store:
            made, making = _time(lambda: make_backup(store, folder / "backups", keys))
        _, checking = _time(lambda: check_backup(made.path, keys.identities))
        _, restoring = _time(
            lambda: rehearse_restore(made.path, keys.identities, folder, lambda _share: None)
        )
        _tell(made, making - checking, checking, restoring)
    finally:
        server.stop_bundled(folder, force=True)


def _time(work: Callable[[], T]) -> tuple[T, float]:
    begun = time.perf_counter()
    return work(), time.perf_counter() - begun


def _tell(made: Backup, copying: float, checking: float, restoring: float) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    print(
        f"backup {made.nodes:>9,} nodes {made.relationships:>9,} relationships "
        f"{made.size / 1e6:7.1f} MB  copy {copying:6.1f} s  check {checking:5.1f} s  "
        f"restore, copy again, equal hash {restoring:6.1f} s  memory {memory:5.0f} MB",
        flush=True,
    )


def main() -> None:
    """Measure the sizes asked for, in the folder named."""
    os.environ["TSUNAGI_START_CACHE"] = "off"
    words = [int(word) for word in sys.argv[2:]]
    for size in [Size(*words)] if words else SIZES:
        measure(Path(sys.argv[1]).absolute(), size)


if __name__ == "__main__":
    main()
