"""A graph as large as the nation's: 200,000 agencies in 2,000 towns and 1,000,000 referrals.

    python -m bench.large_graph folder [agencies] [referrals]

It is always the same one. A few agencies send and receive very much, most little, and two of three
referrals stay in the region, as in real directories. The graph stays in the folder for the
benchmarks that ask it. It is written by batches of CREATE through the bare driver: the store's own
write, which compares every row with what stands, would take ten times as long and is measured
elsewhere.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any, Final

import neo4j

from graph.dates import name_fiscal_year
from graph.engine import server
from graph.store import Store
from graph.vocabulary import FIELDS, SUPPORTS

BATCH: Final = 10_000
TOWNS_OF_A_REGION: Final = 43
FIRST_DAY: Final = date(2015, 4, 1)
DAYS: Final = 2_700
STATUSES: Final = (
    *("accepted",) * 5, *("referred_on",) * 3, *("got_help",) * 3, "no_capacity", "not_eligible",
    "declined_by_client", "lost", "pending", "not_updated",
)  # fmt: skip

_TOWNS: Final = """
UNWIND $rows AS row
CREATE (:Area {area_id: row.town, name: row.town, full_name: row.town, level: 'municipality'})
"""
_HELPS: Final = "UNWIND $rows AS row CREATE (:Support {support_id: row.help})"
_AGENCIES: Final = """
UNWIND $rows AS row
MATCH (town:Area {area_id: row.town})
MATCH (help:Support {support_id: row.help})
CREATE (a:Organization {organization_id: row.id, name: row.name, field: row.field})
CREATE (a)-[:SERVES {relation_id: 's' + row.id}]->(town)
CREATE (a)-[:LOCATED_IN {relation_id: 'l' + row.id}]->(town)
CREATE (a)-[:OFFERS {relation_id: 'o' + row.id}]->(help)
"""
_REFERRALS: Final = """
UNWIND $rows AS row
MATCH (a:Organization {organization_id: row.sender})
MATCH (b:Organization {organization_id: row.receiver})
CREATE (r:Referral {referral_id: row.id, status: row.status, fiscal_year: row.year,
  notified_on: row.notified, notified_on_precision: 'day',
  notified_on_text: toString(row.notified),
  answered_on: row.answered, answered_on_precision: 'day',
  answered_on_text: toString(row.answered)
})
CREATE (a)-[:SENT {relation_id: 'a' + row.id}]->(r)
CREATE (r)-[:RECEIVED_BY {relation_id: 'b' + row.id}]->(b)
"""

Rows = Iterator[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Size:
    """How many agencies and referrals; the towns follow."""

    agencies: int = 200_000
    referrals: int = 1_000_000

    @property
    def towns(self) -> int:
        """One town for a hundred agencies."""
        return max(1, self.agencies // 100)


def name_agency(number: int) -> str:
    """Return the id of an agency."""
    return f"o{number:06}"


def name_town(number: int) -> str:
    """Return the id of a town."""
    return f"t{number:04}"


def list_agencies(size: Size) -> Rows:
    """Yield the agencies, a hundred a town."""
    dice = random.Random(1)  # noqa: S311 - the same graph every time, no secret
    fields, helps = FIELDS.codes, SUPPORTS.codes
    for number in range(size.agencies):
        yield {
            "id": name_agency(number), "name": f"機関{number}", "field": dice.choice(fields),
            "help": dice.choice(helps), "town": name_town(number % size.towns),
        }  # fmt: skip


def list_referrals(size: Size) -> Rows:
    """Yield the referrals; the low numbers of a region are its hubs."""
    dice = random.Random(2)  # noqa: S311 - the same graph every time, no secret
    for number in range(size.referrals):
        sender = _draw(dice, size.agencies)
        region = sender % size.towns // TOWNS_OF_A_REGION
        receiver = _draw(dice, size.agencies)
        if dice.random() < 2 / 3:
            town = region * TOWNS_OF_A_REGION + receiver % TOWNS_OF_A_REGION
            receiver = receiver // size.towns * size.towns + town % size.towns
        day = FIRST_DAY + timedelta(days=dice.randrange(DAYS))
        yield {
            "id": f"r{number:07}", "sender": name_agency(sender),
            "receiver": name_agency(receiver % size.agencies), "status": dice.choice(STATUSES),
            "year": name_fiscal_year(day), "notified": day,
            "answered": day + timedelta(days=dice.randrange(30)),
        }  # fmt: skip


def _draw(dice: random.Random, many: int) -> int:
    """Return a number below `many`, low ones much more often."""
    return int(many * dice.random() ** 2.2)


def open_driver(connection: server.Connection) -> neo4j.Driver:
    """Return the bare driver, which says nothing about what it thinks of a query."""
    auth = (connection.user, connection.password)
    return neo4j.GraphDatabase.driver(connection.uri, auth=auth, notifications_min_severity="OFF")


def build(connection: server.Connection, size: Size) -> None:
    """Write the graph unless it stands already; print how long each part takes.

    A folder with another graph is refused by its constraints.
    """
    with open_driver(connection) as driver:
        count = "MATCH (r:Referral) RETURN count(r) AS n"
        if driver.execute_query(count).records[0]["n"] == size.referrals:
            return
        with Store.at(connection) as store:
            store.prepare()
        helps = ({"help": code} for code in SUPPORTS.codes)
        towns = ({"town": name_town(number)} for number in range(size.towns))
        for name, cypher, rows in (
            ("kinds of help", _HELPS, helps),
            ("towns", _TOWNS, towns),
            ("agencies", _AGENCIES, list_agencies(size)),
            ("referrals", _REFERRALS, list_referrals(size)),
        ):
            begun = time.perf_counter()
            written = _write(driver, cypher, rows)
            seconds = time.perf_counter() - begun
            print(f"large  {written:>9,} {name:<14} {seconds:6.1f} s", flush=True)


def _write(driver: neo4j.Driver, cypher: str, rows: Iterable[dict[str, Any]]) -> int:
    written, rows = 0, iter(rows)
    while batch := list(islice(rows, BATCH)):
        driver.execute_query(cypher, rows=batch)
        written += len(batch)
    return written


def read_size(words: Sequence[str]) -> Size:
    """Return the size of the command's words; the nation's without any."""
    return Size(*(int(word) for word in words)) if words else Size()


def main() -> None:
    """Build the graph in a folder and stop its server."""
    os.environ["TSUNAGI_DATA_DIR"] = sys.argv[1]
    connection = server.ensure_running()
    try:
        build(connection, read_size(sys.argv[2:]))
    finally:
        server.stop(force=True)


if __name__ == "__main__":
    main()
