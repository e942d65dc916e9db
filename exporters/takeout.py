"""What may be taken out as a whole, by kind: asked of the graph and written as one file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import queries
from exporters.hsds import make_tables, nest_organizations, write_package
from exporters.networks import Graph, make_graph, write_gexf, write_graphml, write_kumu
from graph.store import Row, Store

_PAGE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Takeout:
    """A kind of file: how its name ends, its media type, and how it is made for a day."""

    ending: str
    mime: str
    make: Callable[[Store, date], bytes]


def take_out(store: Store, kind: str, as_of: date) -> bytes:
    """Return the file of `kind` (a key of `TAKEOUTS`) as of a day; that it was made is on record.

    Raises:
        KeyError: there is no such kind.
        graph.store.Refused: the store's actor may not take files out.
        graph.store.NotRecorded: it cannot be put on record, so it is not made.
    """
    takeout = TAKEOUTS[kind]
    store.demand("export")
    store.note("export", f"{kind} {as_of.isoformat()}")
    return takeout.make(store, as_of)


def list_directory(store: Store) -> Iterator[Row]:
    """Yield every agency of the question `directory`, asked a page at a time."""
    skip = 0
    while rows := queries.ask(store, "directory", skip=skip, limit=_PAGE):
        yield from rows
        skip += len(rows)


def _write_hsds(store: Store, _as_of: date) -> bytes:
    return write_package(make_tables(list_directory(store)))


def _write_hsds_json(store: Store, _as_of: date) -> bytes:
    trees = list(nest_organizations(make_tables(list_directory(store))))
    return json.dumps(trees, ensure_ascii=False, indent=1).encode()


def _of_network(write: Callable[[Graph[str]], bytes]) -> Callable[[Store, date], bytes]:
    def make(store: Store, as_of: date) -> bytes:
        agencies = queries.ask(store, "network_agencies", as_of=as_of)
        ties = queries.ask(store, "network_ties", as_of=as_of)
        return write(make_graph(agencies, ties, f"Tsunagi {as_of.isoformat()}"))

    return make


TAKEOUTS: Final[Mapping[str, Takeout]] = {
    "hsds": Takeout("hsds.zip", "application/zip", _write_hsds),
    "hsds_json": Takeout("hsds.json", "application/json", _write_hsds_json),
    "graphml": Takeout("graphml", "application/xml", _of_network(write_graphml)),
    "gexf": Takeout("gexf", "application/xml", _of_network(write_gexf)),
    "kumu": Takeout("kumu.json", "application/json", _of_network(write_kumu)),
}
