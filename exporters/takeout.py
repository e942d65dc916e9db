"""What may be taken out as a whole, by kind: asked of the graph and written as one file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import queries
from exporters.facts import list_sheets
from exporters.hsds import make_tables, nest_organizations, write_package
from exporters.networks import Graph, make_graph, write_gexf, write_graphml, write_kumu
from exporters.workbooks import Say, make_workbook
from graph.rights import Actor
from graph.spreadsheets import MEDIA_TYPE
from graph.store import Progress, Row, Store

_PAGE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Order:
    """What a file is made for: a day, somebody's language, and how far it is told to."""

    as_of: date
    say: Say
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class Takeout:
    """A kind of file: how its name ends, its media type, and how it is made.

    `is_of_day`: it says how things stood on a day. `describe` says, for the record, what of it the
    actor gets.
    """

    ending: str
    mime: str
    make: Callable[[Store, Order], bytes]
    is_of_day: bool = False
    describe: Callable[[Actor], str] | None = None


def take_out(
    store: Store, kind: str, as_of: date, say: Say, progress: Progress | None = None
) -> bytes:
    """Return the file of `kind` (a key of `TAKEOUTS`) as of a day; that it was made is on record.

    `say` gives the words of the sheet that a workbook says about itself in.

    Raises:
        KeyError: there is no such kind.
        graph.store.Refused: the store's actor may not take files out.
        graph.store.NotRecorded: it cannot be put on record, so it is not made.
    """
    takeout = TAKEOUTS[kind]
    store.demand("export")
    parts = takeout.describe(store.actor) if takeout.describe else ""
    store.note("export", f"{kind} {as_of.isoformat()} {parts}".strip())
    return takeout.make(store, Order(as_of, say, progress))


def list_directory(store: Store) -> Iterator[Row]:
    """Yield every agency of the question `directory`, asked a page at a time."""
    skip = 0
    while rows := queries.ask(store, "directory", skip=skip, limit=_PAGE):
        yield from rows
        skip += len(rows)


def _write_workbook(store: Store, order: Order) -> bytes:
    return make_workbook(store, order.as_of, order.say, order.progress)


def _write_hsds(store: Store, _order: Order) -> bytes:
    return write_package(make_tables(list_directory(store)))


def _write_hsds_json(store: Store, _order: Order) -> bytes:
    trees = list(nest_organizations(make_tables(list_directory(store))))
    return json.dumps(trees, ensure_ascii=False, indent=1).encode()


def _of_network(write: Callable[[Graph[str]], bytes]) -> Callable[[Store, Order], bytes]:
    def make(store: Store, order: Order) -> bytes:
        day = order.as_of
        agencies = queries.ask(store, "network_agencies", as_of=day)
        ties = queries.ask(store, "network_ties", as_of=day)
        return write(make_graph(agencies, ties, f"Tsunagi {day.isoformat()}"))

    return make


def _list_parts(actor: Actor) -> str:
    return ",".join(list_sheets(actor))


TAKEOUTS: Final[Mapping[str, Takeout]] = {
    "workbook": Takeout("xlsx", MEDIA_TYPE, _write_workbook, describe=_list_parts),
    "hsds": Takeout("hsds.zip", "application/zip", _write_hsds),
    "hsds_json": Takeout("hsds.json", "application/json", _write_hsds_json),
    "graphml": Takeout("graphml", "application/xml", _of_network(write_graphml), is_of_day=True),
    "gexf": Takeout("gexf", "application/xml", _of_network(write_gexf), is_of_day=True),
    "kumu": Takeout("kumu.json", "application/json", _of_network(write_kumu), is_of_day=True),
}
