"""The database as pages see it: questions with the last good answer behind them.

One per process, shared by all sessions. When the database goes away, a page shows what it answered
last, with the time, while a background thread brings the database back; nobody has to reload.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

import streamlit as st

import queries
from graph.engine import server
from graph.engine.report import ServerError
from graph.rights import Actor
from graph.store import AccessDenied, Row, Store, Unavailable

T = TypeVar("T")

REMEMBERED_ANSWERS: Final = 500
RETRY_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of a question; `as_known_at` is set when they are remembered, not fresh."""

    rows: tuple[Row, ...]
    as_known_at: datetime | None = None


class Database:
    """The door to the database that survives its restarts.

    `error` is the catalogue key of what is wrong, None while the database answers.
    """

    def __init__(self) -> None:
        self.error: str | None = None
        self._store: Store | None = None
        self._turn = threading.Lock()
        self._returning: threading.Thread | None = None
        self._remembered: OrderedDict[tuple[object, ...], tuple[tuple[Row, ...], datetime]] = (
            OrderedDict()
        )

    def ask(self, actor: Actor, name: str, **values: object) -> Answer:
        """Ask a named question for `actor`; with the database away, the last good answer to it.

        Raises:
            Unavailable: the database is away and the question was never answered.
            Refused, queries.BadParameter: see `queries.ask`.
        """
        # Another actor may be shown less of the same answer.
        key = (actor.rights, name, *sorted((item, repr(value)) for item, value in values.items()))
        try:
            rows = tuple(self.use(actor, lambda store: queries.ask(store, name, **values)))
        except Unavailable:
            with self._turn:
                remembered = self._remembered.get(key)
            if remembered is None:
                raise
            return Answer(*remembered)
        with self._turn:
            self._remembered[key] = (rows, datetime.now().astimezone())
            self._remembered.move_to_end(key)
            while len(self._remembered) > REMEMBERED_ANSWERS:
                self._remembered.popitem(last=False)
        return Answer(rows)

    def use(self, actor: Actor, work: Callable[[Store], T]) -> T:
        """Do `work` with the store (a load, a check) as `actor`; note when the database is away.

        Raises:
            Unavailable: it is away; it is being brought back.
        """
        if self.error is not None:
            raise Unavailable
        try:
            return work(self._open().acting_as(actor))
        except (Unavailable, AccessDenied) as error:
            self._lose(error.code)
            raise Unavailable from error
        except ServerError as error:
            self._lose(error.code)
            raise Unavailable from error

    def _open(self) -> Store:
        with self._turn:
            if self._store is None:
                connection = server.ensure_running()
                self._store = Store(
                    connection.uri, connection.user, connection.password, connection.database
                )
                self._store.prepare()
            return self._store

    def _lose(self, code: str) -> None:
        with self._turn:
            self.error = code
            if self._store is not None:
                self._store.close()
                self._store = None
            if self._returning is None:
                self._returning = threading.Thread(target=self._return, daemon=True)
                self._returning.start()

    def _return(self) -> None:
        """Try until the database answers again."""
        while True:
            try:
                self._open().read("RETURN 1 AS one")
            except (Unavailable, AccessDenied, ServerError) as error:
                with self._turn:
                    self.error = error.code
                    self._store = None
                threading.Event().wait(RETRY_S)
            else:
                with self._turn:
                    self.error = None
                    self._returning = None
                return


@st.cache_resource(show_spinner=False)
def open_database() -> Database:
    """Return the process's database; made once."""
    return Database()
