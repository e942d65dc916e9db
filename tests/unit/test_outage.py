"""The database goes away and comes back, as the pages' door to it meets that; without a server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from graph.engine.report import ServerError
from graph.engine.server import Connection
from graph.rights import GRANTED, OPERATOR, Actor
from graph.store import AccessDenied, NotPrepared, Refused, Row, StoreError, Unavailable
from views import database as database_module
from views.database import Database, concerns_clients

OF_AGENCIES = "ecomap_facilities"
OF_CLIENTS = "recorded_paths"
PATIENCE_S = 10.0
BEFORE: list[threading.Thread] = []


@dataclass
class Engine:
    """A database server that can be made to fail in every way a real one does."""

    failure: StoreError | ServerError | None = None
    rows: list[Row] = field(default_factory=lambda: [{"name": "清心寮"}])
    prepared: bool = True
    ours: bool = True
    silent: threading.Event | None = None
    opened: int = 0
    discarded: int = 0
    full: bool = False

    def ensure_running(self, _folder: object) -> Connection:
        if isinstance(self.failure, ServerError):
            raise self.failure
        return Connection("bolt://127.0.0.1:1", "neo4j", "secret", "neo4j")

    def is_user(self, _folder: object) -> bool:
        return self.ours

    def discard(self, _uri: str, _folder: object) -> None:
        if self.full:
            raise ServerError("server.error.disk_full", folder="x", free_mb=1, needed_mb=200)
        self.discarded += 1
        self.failure = None


class FakeStore:
    """The door to an `Engine`."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.closed = threading.Event()
        engine.opened += 1

    def acting_as(self, _actor: Actor) -> FakeStore:
        return self

    def answer(self) -> list[Row]:
        if self.engine.silent:
            self.closed.wait(PATIENCE_S)
            raise Unavailable
        if isinstance(self.engine.failure, StoreError):
            raise self.engine.failure
        return self.engine.rows

    def beat(self) -> None:
        self.answer()

    def prepare(self) -> None:
        if not self.engine.prepared:
            raise NotPrepared

    def close(self) -> None:
        self.closed.set()


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    BEFORE[:] = threading.enumerate()
    engine = Engine()
    monkeypatch.setattr(database_module, "server", engine)
    monkeypatch.setattr(database_module.Store, "at", lambda _: FakeStore(engine))
    monkeypatch.setattr(database_module, "BEAT_S", 0.01)
    monkeypatch.setattr(database_module, "SILENCE_S", 0.1)
    monkeypatch.setattr("queries.ask", lambda store, _name, **_values: store.answer())
    yield engine
    engine.failure, engine.silent, engine.ours = None, None, False
    await_true(lambda: not any(one.name == database_module.WATCHER for one in list_threads()))


def list_threads() -> list[threading.Thread]:
    """Those of this test: another one's real database may be watched by an older one."""
    return [one for one in threading.enumerate() if one not in BEFORE]


def await_true(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)


def lose(database: Database, engine: Engine, failure: StoreError | ServerError) -> None:
    engine.failure = failure
    await_true(lambda: database.trouble is not None and database.trouble.code == failure.code)


def test_it_is_known_to_be_away_before_anybody_asks_and_comes_back(engine: Engine) -> None:
    database = Database()
    assert database.ask(OPERATOR, OF_AGENCIES).rows == ({"name": "清心寮"},)
    lose(database, engine, Unavailable())
    assert not database.is_well()
    remembered = database.ask(OPERATOR, OF_AGENCIES)
    assert remembered.rows == ({"name": "清心寮"},)
    assert remembered.as_known_at is not None
    engine.failure, engine.rows = None, [{"name": "新しい名前"}]
    await_true(database.is_well)
    again = database.ask(OPERATOR, OF_AGENCIES)
    assert (again.rows, again.as_known_at) == (({"name": "新しい名前"},), None)


def test_watching_begins_without_a_page(engine: Engine) -> None:
    database = Database()
    await_true(database.is_well)
    assert engine.opened == 1


def test_what_others_may_see_is_not_remembered_for_those_who_may_not(engine: Engine) -> None:
    database = Database()
    database.ask(OPERATOR, OF_AGENCIES)
    lose(database, engine, Unavailable())
    viewer = Actor("見る人", GRANTED["viewer"])
    with pytest.raises(Unavailable):
        database.ask(viewer, OF_AGENCIES)


def test_another_question_is_not_answered_with_a_remembered_one(engine: Engine) -> None:
    database = Database()
    database.ask(OPERATOR, "agency_details", organization_id="a")
    lose(database, engine, Unavailable())
    with pytest.raises(Unavailable):
        database.ask(OPERATOR, "agency_details", organization_id="b")


def test_what_concerns_clients_is_never_remembered(engine: Engine) -> None:
    """A consent withdrawn a moment ago must not be outlived by an answer given before."""
    assert concerns_clients(OF_CLIENTS)
    database = Database()
    assert database.ask(OPERATOR, OF_CLIENTS).rows
    lose(database, engine, Unavailable())
    with pytest.raises(Unavailable):
        database.ask(OPERATOR, OF_CLIENTS)


@pytest.mark.parametrize(
    "failure",
    [AccessDenied(), ServerError("server.error.disk_full", folder="x", free_mb=1, needed_mb=200)],
)
def test_what_a_person_must_mend_is_told_with_its_values(
    engine: Engine, failure: StoreError | ServerError
) -> None:
    engine.failure = failure
    database = Database()
    await_true(lambda: (database.is_well(), database.trouble)[1] is not None)
    assert database.trouble is not None
    assert database.trouble.code == failure.code
    assert database.trouble.values == getattr(failure, "values", {})


def test_since_when_it_is_away_stays_while_the_reason_changes(engine: Engine) -> None:
    database = Database()
    database.ask(OPERATOR, OF_AGENCIES)
    lose(database, engine, Unavailable())
    since = database.trouble.since if database.trouble else None
    lose(database, engine, ServerError("server.error.timeout", seconds=1, log=""))
    assert database.trouble is not None
    assert database.trouble.since == since


def test_a_graph_that_is_not_prepared_says_so(engine: Engine) -> None:
    engine.prepared = False
    with pytest.raises(NotPrepared):
        Database().ask(OPERATOR, OF_AGENCIES)


def test_a_silent_database_is_hung_up_on(engine: Engine) -> None:
    """Frozen, it takes connections and never answers; the last good answer is shown instead."""
    database = Database()
    database.ask(OPERATOR, OF_AGENCIES)
    engine.silent = threading.Event()
    assert database.ask(OPERATOR, OF_AGENCIES).as_known_at is not None
    engine.silent = None
    await_true(database.is_well)


def test_whatever_a_closed_connection_raises_is_an_outage(engine: Engine) -> None:
    database = Database()

    def be_cut_off(_store: Any) -> None:
        engine.failure = Unavailable()
        await_true(lambda: database.trouble is not None)
        raise BufferError("the driver's own")

    with pytest.raises(Unavailable):
        database.use(OPERATOR, be_cut_off)


def test_one_that_answers_but_cannot_work_is_replaced(engine: Engine) -> None:
    """Neo4j does not come back by itself from a disk that was full."""
    database = Database()
    database.ask(OPERATOR, OF_AGENCIES)
    engine.failure = StoreError("Neo.DatabaseError.Transaction.TransactionStartFailed")
    assert database.ask(OPERATOR, OF_AGENCIES).as_known_at is not None
    await_true(database.is_well)
    assert engine.discarded == 1


def test_it_is_not_replaced_before_the_disk_has_room(engine: Engine) -> None:
    database = Database()
    database.ask(OPERATOR, OF_AGENCIES)
    engine.full, engine.failure = True, StoreError("Neo.DatabaseError.General.UnknownError")
    told = "server.error.disk_full"
    await_true(lambda: database.trouble is not None and database.trouble.code == told)
    assert (engine.opened, engine.discarded) == (1, 0)
    engine.full = False
    await_true(database.is_well)
    assert engine.discarded == 1


def test_an_error_of_one_question_is_no_outage(engine: Engine) -> None:
    database = Database()

    def fail(_store: Any) -> None:
        raise StoreError("Neo.ClientError.Statement.ArgumentError")

    def refuse(_store: Any) -> None:
        raise Refused("see_clients")

    with pytest.raises(StoreError):
        database.use(OPERATOR, fail)
    with pytest.raises(Refused):
        database.use(OPERATOR, refuse)
    assert database.trouble is None


def test_a_failure_of_a_lost_connection_does_not_lose_the_new_one(engine: Engine) -> None:
    database = Database()

    def outlive(_store: Any) -> None:
        engine.failure = Unavailable()
        await_true(lambda: database.trouble is not None)
        engine.failure = None
        await_true(database.is_well)
        raise Unavailable

    with pytest.raises(Unavailable):
        database.use(OPERATOR, outlive)
    assert database.trouble is None


def test_a_process_that_gave_the_server_up_does_not_bring_it_back(engine: Engine) -> None:
    database = Database()
    database.ask(OPERATOR, OF_AGENCIES)
    engine.ours, engine.failure = False, Unavailable()
    await_true(lambda: not database.is_well())
    time.sleep(0.1)
    assert (engine.opened, database.is_well()) == (1, False)
