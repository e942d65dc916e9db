"""Every benchmark, one after the other, each in a process of its own: `make bench`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

MODULES: Final = ("start", "pages", "ecomap", "clicks", "network", "addresses", "national")


def main() -> int:
    """Run every benchmark; the exit code of the first that failed."""
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
