"""Ten thousand files that were good before something happened to them, each loaded once.

    python -m bench.mutations [files]

Truncated, re-encoded, columns swapped, cells exchanged, spoilt, repeated, emptied, grown. Each must
be refused with its reasons and their places and nothing written, or be loaded in one piece; an
exception is a traceback somebody would have seen, and ends the run.
"""

from __future__ import annotations

import sys
import time
from collections import Counter

from hypothesis import HealthCheck, Phase, given, settings

from tests.mutated_files import load_into_notebook, mutated_files, require_clean_outcome

FILES = 10_000


def main() -> None:
    """Load the files and print what came of them."""
    files = int(sys.argv[1]) if len(sys.argv) > 1 else FILES
    found: Counter[str] = Counter()
    codes: set[str] = set()
    slowest = 0.0

    @settings(
        max_examples=files, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(mutated_files())
    def load_one(made: tuple[str, bytes]) -> None:
        nonlocal slowest
        file, data = made
        begun = time.perf_counter()
        outcome, notebook = load_into_notebook(file, data)
        slowest = max(slowest, time.perf_counter() - begun)
        require_clean_outcome(file, outcome, notebook)
        found["refused" if outcome.problems else "loaded"] += 1
        found["reasons"] += len(outcome.problems)
        codes.update(problem.code for problem in outcome.problems)

    load_one()
    total = found["refused"] + found["loaded"]
    print(f"mutations  {total} files  {found['refused']} refused ({found['reasons']} reasons of "
          f"{len(codes)} kinds)  {found['loaded']} loaded in one piece  0 tracebacks  "
          f"0 partial writes  slowest {slowest:.1f} s")  # fmt: skip


if __name__ == "__main__":
    main()
