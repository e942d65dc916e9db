"""Each page's data, asked the way the page asks, beside the same Cypher through the bare driver.

    python -m bench.pages [pairs]

Both are asked in turn, so that a busy spell of the machine hits both alike; the ratio is taken pair
by pair. Goal: at most 1.3 at the median.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

import neo4j

import queries
from graph.engine import server
from graph.rights import OPERATOR
from graph.store import Store
from loaders.loading import load_file
from loaders.reference import load_reference
from views.database import Database

ROOT: Final = Path(__file__).resolve().parents[1]
FEWEST_PAIRS: Final = 30
GOAL: Final = 1.3
DAY: Final = date(2022, 10, 4)


def main() -> None:
    """Load the sample into a new database and print the load times and the table of ratios."""
    pairs = max(FEWEST_PAIRS, int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ["TSUNAGI_DATA_DIR"] = folder
        connection = server.ensure_running()
        try:
            with Store.at(connection) as store:
                load_sample(store)
                questions = list_questions(store)
            measure_pages(connection, questions, pairs)
        finally:
            server.stop(force=True)


def load_sample(store: Store) -> None:
    """Load what a first start loads, timed."""
    timed("constraints and indexes", store.prepare)
    timed("areas and supports (once)", lambda: load_reference(store))
    for _ in range(2):
        for path in sorted((ROOT / "sample").glob("*.xlsx")):
            timed(path.name, partial(load_file, store, path.name, path.read_bytes()))


def timed(name: str, work: Callable[[], Any]) -> None:
    """Do `work` and print how long it took."""
    begun = time.perf_counter()
    work()
    print(f"load   {time.perf_counter() - begun:6.2f} s  {name}")


def list_questions(store: Store) -> list[tuple[str, str, dict[str, Any]]]:
    """Return page, query and parameters as the pages ask them for the sample's facilities."""
    saitama, chiba = (row["organization_id"] for row in queries.ask(store, "ecomap_facilities"))
    prison = next(
        row["organization_id"]
        for row in store.list_nodes("Organization", ("organization_id", "name"))
        if row["name"] == "横浜刑務所"
    )
    mine = {"facility_id": saitama, "as_of": DAY}
    theirs = {"facility_id": chiba, "as_of": DAY}
    agency = queries.ask(store, "ecomap_agencies", **mine)[0]["organization_id"]
    return [
        ("ecomap", "ecomap_agencies", mine),
        ("ecomap", "ecomap_ties", mine),
        ("ecomap", "agency_history", mine | {"organization_id": agency}),
        ("gaps", "partner_funnel", mine),
        ("gaps", "partner_stages", mine),
        ("gaps", "coverage_matrix", mine),
        ("paths", "recorded_paths", {"fiscal_year": 2020, "as_of": DAY}),
        ("paths", "path_helpers", theirs | {"area_id": "12207"}),
        ("paths", "path_steps", {"organization_ids": [prison], "as_of": DAY}),
        ("nearby", "nearby_organizations", theirs | {"area_id": "12207"}),
        ("contacts", "next_contacts", mine),
    ]


def measure_pages(
    connection: server.Connection, questions: list[tuple[str, str, dict[str, Any]]], pairs: int
) -> None:
    """Print per question the median milliseconds of both ways and of their ratio."""
    auth = (connection.user, connection.password)
    database = Database()
    with neo4j.GraphDatabase.driver(
        connection.uri, auth=auth, notifications_min_severity="OFF"
    ) as driver:
        print(f"pages  {pairs} pairs; goal: ratio ≤ {GOAL}")
        for page, name, values in questions:
            query = queries.list_queries()[name]
            bound = queries.bind(query, values)

            def ask_bare(cypher: str = query.cypher, bound: dict[str, Any] = bound) -> object:
                return driver.execute_query(
                    cypher,
                    bound,
                    routing_=neo4j.RoutingControl.READ,
                    database_=connection.database,
                )

            def ask_page(name: str = name, values: dict[str, Any] = values) -> object:
                return database.ask(OPERATOR, name, **values)

            found = measure_pairs(ask_page, ask_bare, pairs)
            print("pages  {:9} {:21} {:7.1f} ms  bare {:7.1f} ms  ratio {:.2f}".format(
                page, name, *found))  # fmt: skip


def measure_pairs(
    first: Callable[[], object], second: Callable[[], object], pairs: int
) -> tuple[float, float, float]:
    """Return the medians of both in milliseconds and of first ÷ second, after five warm-ups."""
    times: list[tuple[float, float]] = []
    for number in range(pairs + 5):
        order = (first, second) if number % 2 else (second, first)
        spent = {work: _measure(work) for work in order}
        if number >= 5:
            times.append((spent[first], spent[second]))
    return (
        statistics.median(one for one, _ in times),
        statistics.median(two for _, two in times),
        statistics.median(one / two for one, two in times),
    )


def _measure(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
