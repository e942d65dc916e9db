"""One bundled Neo4j for the whole run, holding what the next test asks for.

`store` is an empty graph, `reference_store` one with the areas of Japan and the kinds of support,
`sample_store` one with both sample workbooks, which tests only read. Tests are put in that order,
so that each kind of graph is made as seldom as possible.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import neo4j
import pytest

from graph.engine.server import Connection, ensure_running, stop
from graph.store import Store
from loaders.loading import load_file
from loaders.reference import EDITION, load_reference

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = tuple(sorted((ROOT / "sample").glob("*_*.xlsx")))
GRAPHS = ("store", "reference_store", "sample_store")

sys.path.insert(0, str(ROOT))  # `tests.builders`, also when pytest is started as a command


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put tests without a graph first, then those of each kind of graph together."""
    items.sort(key=_rank_graph)


def _rank_graph(item: pytest.Item) -> int:
    names = set(getattr(item, "fixturenames", ()))
    return max((rank for rank, name in enumerate(GRAPHS, 1) if name in names), default=0)


@dataclass(slots=True)
class Shelf:
    """The one graph of the run and what it holds: "", "reference", "sample" or "?"."""

    store: Store
    raw: neo4j.Driver
    holds: str = field(default="?")

    def clear(self) -> None:
        """Delete everything."""
        self._delete("MATCH (n)")
        self.holds = ""

    def hold_reference(self) -> None:
        """Delete everything but areas and kinds of support, loading these where they lack."""
        self._delete("MATCH (n) WHERE NOT (n:Area OR n:Support OR n.load_id = $edition)")
        self._delete("MATCH (n:Area) WHERE n.load_id <> $edition")
        self.store.prepare()
        load_reference(self.store)
        areas = self.raw.execute_query("MATCH (a:Area) RETURN count(a) AS n").records[0]["n"]
        if areas < 1_000:  # a test of its own making had used the edition's name
            self.clear()
            load_reference(self.store)
        self.holds = "reference"

    def hold_sample(self) -> None:
        """Load the sample workbooks into a graph that holds nothing else."""
        if self.holds == "sample":
            return
        self.hold_reference()
        for path in SAMPLES:
            outcome = load_file(self.store, path.name, path.read_bytes(), actor="sample")
            assert not outcome.problems
        self.holds = "sample"

    def _delete(self, match: str) -> None:
        self.raw.execute_query(f"{match} DETACH DELETE n", edition=EDITION)


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """The server of this run; code that opens the default database finds it as well."""
    folder = tmp_path_factory.mktemp("database") / "data"
    with pytest.MonkeyPatch.context() as environment:
        for name in [name for name in os.environ if name.startswith("NEO4J_")]:
            environment.delenv(name)  # never the database of whoever runs the tests
        environment.setenv("TSUNAGI_START_CACHE", "use")
        environment.setenv("TSUNAGI_DATA_DIR", str(folder))
        try:
            yield ensure_running(folder)
        finally:
            stop(folder, force=True)


@pytest.fixture(scope="session")
def data_folder(database: Connection) -> Path:
    """The data folder of this run's server."""
    return Path(os.environ["TSUNAGI_DATA_DIR"])


@pytest.fixture(scope="session")
def raw(database: Connection) -> Iterator[neo4j.Driver]:
    """The bare driver, for what the store refuses to do."""
    auth = (database.user, database.password)
    with neo4j.GraphDatabase.driver(database.uri, auth=auth) as driver:
        yield driver


@pytest.fixture(scope="session")
def shelf(database: Connection, raw: neo4j.Driver) -> Iterator[Shelf]:
    """What the graph of this run holds."""
    with Store.at(database) as store:
        yield Shelf(store, raw)


@pytest.fixture
def store(shelf: Shelf) -> Store:
    """The store over an empty graph."""
    if shelf.holds:
        shelf.clear()
        shelf.store.prepare()
    shelf.holds = "?"
    return shelf.store


@pytest.fixture
def reference_store(shelf: Shelf) -> Store:
    """The store over areas and kinds of support only."""
    if shelf.holds != "reference":
        shelf.hold_reference()
    shelf.holds = "?"
    return shelf.store


@pytest.fixture
def sample_store(shelf: Shelf) -> Store:
    """The store over the sample; read only."""
    shelf.hold_sample()
    return shelf.store
