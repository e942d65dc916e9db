"""How long the ecomap's SVG takes for 17, 50 (some hidden) and 200 agencies.

    python -m bench.ecomap [runs]

Prints median and worst milliseconds of at least 30 runs, the first run apart: it builds the lanes
and breaks the names, which later ones find ready.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from datetime import date

from graph.pictures.ecomap import (
    DrawOptions,
    Ecomap,
    EcomapAgency,
    EcomapTie,
    assign_slots,
    draw_ecomap,
)
from graph.pictures.notation import FIELDS
from texts import say

_LEAST_RUNS = 30
_WORDS = ("若葉野", "地域生活", "支援センター", "相談", "福祉", "協議会", "みらい", "ステーション")


def make_ecomap(count: int) -> Ecomap:
    """Return an ecomap of `count` agencies, each tied to the centre, every third to another."""
    chance = random.Random(count)  # noqa: S311 - the same picture every time, no secret
    ids = [f"o{number:03}" for number in range(count)]
    fields = [chance.choice(sorted(FIELDS)) for _ in ids]
    slots = assign_slots({}, list(zip(ids, fields, strict=True)))
    agencies = tuple(
        EcomapAgency(
            organization_id,
            "".join(chance.choices(_WORDS, k=3)) + str(number),
            None,
            fields[number],
            chance.choice(("supporting", "explained", "listed")),
            slots.get(organization_id),
        )
        for number, organization_id in enumerate(ids)
    )
    pairs = [("ego", organization_id) for organization_id in ids]
    pairs += [(ids[number], ids[number - 3]) for number in range(3, count, 3)]
    ties = tuple(
        EcomapTie(
            source,
            target,
            chance.choice(("strong", "normal", "weak")),
            chance.choice(("good", "good", "stressful")),
            chance.choice(("out", "in", "both")),
        )
        for source, target in pairs
    )
    return Ecomap("速さ", date(2022, 10, 4), ("ego",), ("あけぼの寮",), agencies, ties, "internal")


def measure_runs(ecomap: Ecomap, runs: int) -> list[float]:
    """Return the milliseconds of each run."""
    taken: list[float] = []
    for _ in range(runs):
        start = time.perf_counter()
        draw_ecomap(ecomap, DrawOptions(), say)
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def main() -> None:
    """Print one line per size."""
    runs = max(_LEAST_RUNS, int(sys.argv[1]) if len(sys.argv) > 1 else _LEAST_RUNS)
    print(f"{'agencies':>8} {'first ms':>9} {'median ms':>10} {'worst ms':>9} {'KiB':>6}")
    for count in (17, 50, 200):
        ecomap = make_ecomap(count)
        first, *rest = measure_runs(ecomap, runs + 1)
        size = len(draw_ecomap(ecomap, DrawOptions(), say).encode()) / 1024
        print(
            f"{count:>8} {first:>9.1f} {statistics.median(rest):>10.1f}"
            f" {max(rest):>9.1f} {size:>6.0f}"
        )


if __name__ == "__main__":
    main()
