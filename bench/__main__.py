"""The benchmarks that are run together, each in a process of its own: `make bench`.

These are start, pages, ecomap, clicks, network, addresses and national (a tenth of the country).

The others are run one by one, as `python -m bench.NAME`, by who has changed what they measure:

- large_graph, and paths and backup, which are asked of its graph: they want a folder that keeps it,
  and the time and memory of a million referrals;
- undo and takeout: load thousands of agencies again and again;
- mutations: loads ten thousand files, for hours;
- faults: kills the database round after round;
- meeting: takes the whole machine for as long as a meeting of thirty lasts;
- hostile_files: asks Linux for the memory of each process, and fails elsewhere.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

MODULES: Final = ("start", "pages", "ecomap", "clicks", "network", "addresses", "national")


def main() -> int:
    """Run them; the exit code of the first that failed."""
    for name in MODULES:
        print(f"--- {name}", flush=True)
        command = [sys.executable, "-m", f"bench.{name}"]
        code = subprocess.run(  # noqa: S603
            command, cwd=Path(__file__).resolve().parents[1], check=False
        ).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
