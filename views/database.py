"""The database as pages see it: questions with the last good answer behind them.

One per process, shared by all sessions. A watcher asks it the least question every second, so that
its going is known before anybody clicks. While it is away a page shows what it answered last, with
the time, and the watcher brings it back; nobody has to reload. What concerns clients is never
remembered: without the database nobody can tell whether the consent still stands.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Final, TypeVar

import queries
from graph.engine import server
from graph.engine.report import ServerError
from graph.folders import choose_data_dir
from graph.logs import write_event
from graph.rights import Actor
from graph.store import AccessDenied, Row, Store, StoreError, Unavailable

T = TypeVar("T")

REMEMBERED_ANSWERS: Final = 500
WATCHER: Final = "database-watcher"
BEAT_S: Final = 1.0
SILENCE_S: Final = 15.0
"""A database that takes so long for the least question is taken to be away."""

SLOW_S: Final = 2.0
"""A question that takes longer is told to the operators' log."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of a question; `as_known_at` is set when they are remembered, not fresh."""

    rows: tuple[Row, ...]
    as_known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the database is away: the key and values of a sentence, and since when."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)
    since: datetime = field(default_factory=lambda: datetime.now().astimezone())


class Database:
    """The door to the database that survives its restarts; `trouble` is None while it answers."""

    def __init__(self) -> None:
        self.trouble: Trouble | None = None
        self._store: Store | None = None
        self._uri = ""
        self._is_spoilt = False
        """Lost while it answered: it must be replaced, when it can be."""
        self._folder = choose_data_dir()
        self._turn = threading.Lock()
        self._opening = threading.Lock()
        self._watcher: threading.Thread | None = None
        self._pause = threading.Event()
        self._remembered: OrderedDict[tuple[object, ...], tuple[tuple[Row, ...], datetime]] = (
            OrderedDict()
        )

    def is_well(self) -> bool:
        """Say at once whether the database answers; the first call begins to find out."""
        if self._watcher is None:
            self._begin_watch()
        return self._store is not None and self.trouble is None

    def ask(self, actor: Actor, name: str, **values: object) -> Answer:
        """Ask a named question for `actor`; with the database away, the last good answer to it.

        Raises:
            Unavailable: the database is away and the question was never answered, or concerns
                clients.
            Refused, queries.BadParameter: see `queries.ask`.
        """
        # Another actor may be shown less of the same answer.
        key = (actor.rights, name, *sorted((item, repr(value)) for item, value in values.items()))
        begun = time.monotonic()
        try:
            rows = tuple(self.use(actor, lambda store: queries.ask(store, name, **values)))
        except Unavailable:
            with self._turn:
                remembered = self._remembered.get(key)
            if remembered is None:
                raise
            return Answer(*remembered)
        if (taken := time.monotonic() - begun) > SLOW_S:
            write_event("question.slow", logging.WARNING, name=name, milliseconds=int(taken * 1000))
        if not concerns_clients(name):
            self._remember(key, rows)
        return Answer(rows)

    def use(self, actor: Actor, work: Callable[[Store], T]) -> T:
        """Do `work` with the store (a load, a check) as `actor`; note when the database is away.

        Raises:
            Unavailable: it is away; it is being brought back.
        """
        if self.trouble is not None:
            raise Unavailable
        store: Store | None = None
        try:
            store = self._open()
            return work(store.acting_as(actor))
        except (Unavailable, AccessDenied, ServerError) as error:
            self._lose(store, error)
            raise Unavailable from error
        except StoreError as error:
            if type(error) is StoreError and store is not None and not self._answers(store):
                raise Unavailable from error
            raise
        except Exception:
            # With its connection closed under it by the watcher the driver raises all kinds.
            if store is not None and store is not self._store:
                raise Unavailable from None
            raise

    def _remember(self, key: tuple[object, ...], rows: tuple[Row, ...]) -> None:
        with self._turn:
            self._remembered[key] = (rows, datetime.now().astimezone())
            self._remembered.move_to_end(key)
            while len(self._remembered) > REMEMBERED_ANSWERS:
                self._remembered.popitem(last=False)

    def _open(self) -> Store:
        with self._opening:
            if self._store is None:
                connection = server.ensure_running(self._folder)
                self._uri = connection.uri
                store = Store.at(connection)
                try:
                    _listen(store)
                    store.prepare()
                except StoreError:
                    _hang_up(store)
                    raise
                self._store = store
            store = self._store
        self._begin_watch()
        return store

    def _answers(self, store: Store) -> bool:
        """Say whether the database answers the least question; lose it when it does not."""
        try:
            _listen(store)
        except StoreError as error:
            self._lose(store, error)
            return False
        return True

    def _lose(self, store: Store | None, error: StoreError | ServerError) -> None:
        """Note what is wrong, unless it is about a store that was lost and opened anew."""
        values = error.values if isinstance(error, ServerError) else {}
        with self._turn:
            lost = self._store
            if store is not None and store is not lost:
                return
            self._store = None
            self._is_spoilt = self._is_spoilt or type(error) is StoreError
            if self.trouble is None:
                self.trouble = Trouble(error.code, values)
                write_event("database.lost", logging.ERROR, code=error.code)
            else:
                self.trouble = replace(self.trouble, code=error.code, values=values)
        if lost is not None:
            _hang_up(lost)
        self._begin_watch()

    def _begin_watch(self) -> None:
        with self._turn:
            if self._watcher is None or not self._watcher.is_alive():
                self._watcher = threading.Thread(target=self._watch, name=WATCHER, daemon=True)
                self._watcher.start()

    def _watch(self) -> None:
        """Look after the database until this process has given it up (`server.stop`)."""
        while not self._uri or server.is_user(self._folder):
            self._look()
            self._pause.wait(BEAT_S)
        with self._turn:
            given_up, self._store, self.trouble = self._store, None, None
        if given_up is not None:
            _hang_up(given_up)

    def _look(self) -> None:
        store = self._store
        if store is not None:
            self._answers(store)
            return
        try:
            if self._is_spoilt:
                server.discard(self._uri, self._folder)
                self._is_spoilt = False
            self._open()
        except (StoreError, ServerError) as error:
            self._lose(None, error)
        else:
            self._find_again()

    def _find_again(self) -> None:
        with self._turn:
            trouble, self.trouble = self.trouble, None
        if trouble is not None:
            away = datetime.now().astimezone() - trouble.since
            write_event("database.returned", logging.WARNING, seconds=int(away.total_seconds()))


def concerns_clients(name: str) -> bool:
    """Say whether the answer to `name` is about clients or hangs on their consent of the day."""
    query = queries.list_queries()[name]
    rights = {query.right, *(column.right for column in query.columns)}
    on_consent = any(parameter.name == "today" for parameter in query.parameters)
    return on_consent or not rights.isdisjoint({"see_clients", "record_clients"})


def _listen(store: Store) -> None:
    """Ask the least question; a database that keeps silent is hung up on.

    Raises:
        StoreError: it does not answer.
    """
    hang_up = threading.Timer(SILENCE_S, _hang_up, [store])
    hang_up.daemon = True
    hang_up.start()
    try:
        store.beat()
    except StoreError:
        raise
    except Exception:  # hung up on in the middle
        raise Unavailable from None
    finally:
        hang_up.cancel()


def _hang_up(store: Store) -> None:
    """Close all connections, those in use by another thread too: who waits in one is let go."""
    with suppress(Exception):  # what the other thread is just doing with it
        store.close()


@cache
def open_database() -> Database:
    """Return the process's database; made once."""
    return Database()
