"""The door itself: one `Store` per address of a database, one copy of it per actor."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Final, TypeVar

import neo4j
import neo4j.exceptions

from graph import statements
from graph.history import find_oldest, read_kept_days
from graph.migrations import Migration
from graph.records import InvalidRecords, Record, check, derive_id
from graph.rights import OPERATOR, Actor, Right, Unrecorded, list_rights_to_write
from graph.store import copying, erasing, history, holding, provisions, undoing, upgrading, writing
from graph.store.driver import to_rows, translated
from graph.store.errors import (
    NotPrepared,
    NotRecorded,
    Overtaken,
    Refused,
    Touched,
    WritesHeld,
)
from graph.store.values import (
    Difference,
    Expected,
    Load,
    Progress,
    Row,
    WriteReport,
    read_report,
)
from graph.undo import WHOLE_UP_TO, LoadRow, UndoPlan

if TYPE_CHECKING:
    from graph.engine.server import Connection

T = TypeVar("T")

_WRITE_TIMEOUT_S: Final = 600.0
_HOLD_WAIT_S: Final = 20.0
"""How long a write waits for a backup; a small office's takes a second or two."""
_HOLD_POLL_S: Final = 0.2
_INDEX_WAIT_S: Final = 300
_RACES: Final = 4  # of two writers one wins each time
_TRIED_AGAIN: Final = (
    neo4j.exceptions.ConstraintError,
    # An earlier answer of the transaction was lost with its connection, so all of it was.
    neo4j.exceptions.ResultFailedError,
    Overtaken,
)
_MADE_MEANWHILE: Final = "Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists"
_TAKEN_AWAY: Final = "Neo.ClientError.Statement.EntityNotFound"
"""Somebody deleted a node or relationship between finding and reading it."""


def _keep_nothing() -> None:
    """Be called in the place of what keeps a hold where there is none."""


class Store:
    """The door. Opening it does not connect; the first call does.

    Use as a context manager, or call `close`. `actor` is for whom it is open: the operator, who
    holds the machine, unless `acting_as` names somebody.
    """

    def __init__(self, uri: str, user: str, password: str, database: str = "neo4j") -> None:
        self.actor = OPERATOR
        self._database = database
        self._prepared = False
        self._bookmarks = neo4j.GraphDatabase.bookmark_manager()
        self._driver = neo4j.GraphDatabase.driver(
            uri,
            auth=(user, password),
            connection_acquisition_timeout=10.0,
            connection_timeout=5.0,
            max_transaction_retry_time=15.0,
            notifications_min_severity="OFF",
            telemetry_disabled=True,
        )

    @classmethod
    def at(cls, address: Connection) -> Store:
        """Return the door to the database at an address, such as a running server's."""
        return cls(address.uri, address.user, address.password, address.database)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections, those of every `acting_as` too."""
        self._driver.close()

    def acting_as(self, actor: Actor) -> Store:
        """Return the same door, with the same connections, for `actor` only."""
        door = copy.copy(self)
        door.actor = actor
        return door

    def demand(self, *rights: Right) -> None:
        """Let the actor pass who has all `rights`.

        Raises:
            Refused: one of them is missing.
        """
        for right in rights:
            if not self.actor.may(right):
                raise Refused(right)

    def note(self, action: str, subject: str, client: str | None = None) -> None:
        """Put on record what the actor is about to do; `client` is the pseudonym it is about.

        Raises:
            NotRecorded: it cannot be, so it must not be done.
        """
        try:
            self.actor.note(action, subject, client)
        except Unrecorded:
            raise NotRecorded from None

    def read(self, cypher: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
        """Run a read and return its rows, column → plain value; [] when nothing matches.

        Dates are `datetime.date`, points are `graph.records.Point`.

        Raises:
            Unavailable, AccessDenied: see the module; a write inside `cypher` is a StoreError.
        """
        with translated():
            return self._driver.execute_query(
                cypher,
                dict(parameters or {}),
                routing_=neo4j.RoutingControl.READ,
                database_=self._database,
                bookmark_manager_=self._bookmarks,
                result_transformer_=to_rows,
            )

    def beat(self) -> None:
        """Ask the least question, once: a failure is told at once, not tried again.

        Raises:
            Unavailable, AccessDenied: see the module.
            StoreError: the database answers but cannot work, for example on a full disk.
        """
        with translated(), self._session(neo4j.READ_ACCESS) as session:
            session.run("RETURN 1 AS one").consume()

    def list_nodes(self, label: str, columns: Sequence[str]) -> list[Row]:
        """Return `columns` of every node of `label`, ordered by them; [] when there are none."""
        return self.read(statements.list_nodes(label, columns))

    def list_relationships(
        self, kind: str, columns: Sequence[str], ends: tuple[str, str] | None = None
    ) -> list[Row]:
        """Return start key, end key and `columns` of every relationship of type `kind`.

        `ends` are the labels that it joins where it may join several; the first declared otherwise.
        """
        return self.read(statements.list_relationships(kind, columns, ends))

    def prepare(self, keep: Callable[[], None] = _keep_nothing) -> None:
        """Create the constraints and indexes of the schema where they are missing; wait for them.

        `keep` is called before each of them: on a slow machine they take a minute.

        Raises:
            NotPrepared: one of them could not be created, or something else has its name.
            NewerGraph, NotUpgraded: another version of the product wrote the graph.
        """
        if self._prepared:
            return
        wanted = statements.list_constraints() | statements.list_indexes()
        with translated(), self._session() as session:
            standing = _read_names(session)
            for name in wanted.keys() - standing:
                keep()
                _create(session, name, wanted[name])
            if wanted.keys() - standing:
                session.run("CALL db.awaitIndexes($wait)", wait=_INDEX_WAIT_S).consume()
                standing = _read_names(session)
        if missing := wanted.keys() - standing:
            raise NotPrepared(", ".join(sorted(missing)))
        with translated(), self._session() as session:
            upgrading.settle_version(session)
        self._prepared = True

    def find_load(self, load_id: str) -> WriteReport | None:
        """Return the report of a load that was written, None when there is no such load."""
        rows = self.read(
            "MATCH (l:Load {load_id: $id}) "
            "WHERE l.state IN ['done', 'undone', 'partly_undone'] AND l.unchanged IS NOT NULL "
            "RETURN properties(l) AS properties",
            {"id": load_id},
        )
        return read_report(load_id, rows[0]["properties"], repeated=True) if rows else None

    def compare(self, records: Sequence[Record]) -> Difference:
        """Say what writing `records` would do, without writing.

        Raises:
            InvalidRecords: a record breaks a rule of the schema.
        """
        _require_valid(records)
        with translated(), self._session(neo4j.READ_ACCESS) as session:
            return session.execute_read(writing.compare, records)

    def list_missing(self, records: Sequence[Record]) -> tuple[tuple[str, int], ...]:
        """Return (kind, row) of what an earlier edition of the same sheets held and `records` lack.

        Only sheets that `records` come from are looked at. Nothing is deleted by a load.
        """
        sheets = {(r.source.file, r.source.sheet) for r in records}
        present = {(r.kind, r.identity) for r in records}
        reads = (statements.match_nodes_from_file(), statements.match_relationships_from_file())
        missing = [
            (row["kind"], row["row"])
            for file, read in product(sorted({file for file, _ in sheets}), reads)
            for row in self.read(read, {"file": file})
            if (file, row["sheet"]) in sheets and (row["kind"], row["identity"]) not in present
        ]
        return tuple(sorted(missing, key=str))

    def write(
        self,
        records: Sequence[Record],
        load: Load,
        progress: Progress | None = None,
        expected: Expected | None = None,
        withdrawn: Sequence[Record] = (),
    ) -> WriteReport:
        """Write `records` in one transaction, stamped with `load`; what was before is kept.

        Records that stand as they are cost a read and change nothing. Writing the same load id
        again changes nothing and returns the first report. A record named in `expected` is
        written only when it still stands as it was read, or already says the same. `withdrawn` are
        taken away: relationships, then nodes that nothing refers to; what does not stand, and a
        node that something joins, is passed over.

        Raises:
            Refused, NotRecorded, InvalidRecords, MissingEnds, NotPrepared, Conflict, NoConsent,
            Occupied: nothing was written.
            Unavailable: unknown whether it was written; call again with the same load.
        """
        from_file = load.file_hash is not None
        written = [*records, *withdrawn]
        self.demand(*sorted(list_rights_to_write(written, from_file=from_file)))
        _require_valid(records)
        self.note("write", load.load_id)
        load = self._sign(load)
        provisions.note_clients(records, load, self.note)
        self.prepare()

        def work(tx: neo4j.ManagedTransaction) -> WriteReport:
            provisions.require_grounds(tx, records, load, self.actor)
            return writing.write(tx, records, load, progress, expected or {}, withdrawn=withdrawn)

        return self._change(work, _WRITE_TIMEOUT_S)

    def find_nodes(
        self, label: str, name: str, values: Iterable[object], columns: Sequence[str]
    ) -> list[Row]:
        """Return key and `columns` of the nodes whose property `name` is one of `values`."""
        wanted = sorted({value for value in values if value is not None}, key=str)
        if not wanted:
            return []
        return self.read(statements.find_nodes(label, name, columns), {"values": wanted})

    def find_relationships(
        self, kind: str, side: str, keys: Iterable[str], columns: Sequence[str] = ()
    ) -> list[Row]:
        """Return start, end and `columns` of relationships whose `side` is one of `keys`."""
        wanted = sorted(set(keys))
        if not wanted:
            return []
        return self.read(statements.find_relationships(kind, side, columns), {"keys": wanted})

    def find_unfinished(self, file_hash: str) -> str | None:
        """Return the id of a load in parts of these bytes that was interrupted; None when none."""
        rows = self.read(
            "MATCH (l:Load {file_hash: $hash, state: 'running'}) "
            "RETURN l.load_id AS load_id ORDER BY l.loaded_at DESC LIMIT 1",
            {"hash": file_hash},
        )
        return str(rows[0]["load_id"]) if rows else None

    def begin_parts(self, load: Load) -> int:
        """Begin a load written in parts, or take it up again; return how many parts are written.

        Until `finish_parts` the load is "running". Each part is a transaction of its own, so that
        memory stays the same however large the file is; what is written of an interrupted load
        stays, and the same load id continues after it.

        Raises:
            Refused, NotRecorded, NotPrepared, Unavailable: nothing was written.
        """
        self.demand("load")
        self.note("write", load.load_id)
        self.prepare()
        return self._change(lambda tx: writing.begin_parts(tx, self._sign(load)))

    def write_part(
        self,
        records: Sequence[Record],
        load: Load,
        number: int,
        withdrawn: Sequence[Record] = (),
    ) -> WriteReport:
        """Write part `number` (from 0) of a load that was begun, in one transaction.

        A part that is written already is not written again: `repeated`, with counts of 0. For
        `withdrawn` see `write`.

        Raises:
            Refused, InvalidRecords, MissingEnds: nothing of this part was written.
            Unavailable: unknown whether it was written; call again.
        """
        self.demand(*sorted(list_rights_to_write([*records, *withdrawn], from_file=True)))
        _require_valid(records)

        return self._change(
            lambda tx: writing.write_part(tx, records, load, number, withdrawn), _WRITE_TIMEOUT_S
        )

    def finish_parts(self, load: Load) -> WriteReport:
        """Mark a load in parts as done and return what all its parts did."""
        return self._change(lambda tx: writing.finish_parts(tx, load))

    def find_undo(self, load_id: str, progress: Progress | None = None) -> UndoPlan:
        """Say what undoing a load would put back, and what a later one keeps from it.

        Raises:
            Refused: who may not write these facts may not undo them either.
            NotUndoable: it is undone already, changed nothing, or is not kept any more.
        """

        @neo4j.unit_of_work(timeout=_WRITE_TIMEOUT_S)
        def work(tx: neo4j.ManagedTransaction) -> tuple[UndoPlan, frozenset[Right]]:
            return undoing.find_plan(tx, load_id, progress)

        with translated(), self._session(neo4j.READ_ACCESS) as session:
            plan, rights = session.execute_read(work)
        self.demand(*sorted(rights))
        return plan

    def undo(
        self,
        load_id: str,
        load: Load,
        progress: Progress | None = None,
        *,
        keep_touched: bool = False,
        including: Sequence[str] = (),
    ) -> WriteReport:
        """Put back what a load changed, under the id of `load`; undoing the undo puts it again.

        What later loads touched is a person's decision: `including` names those to be undone
        first, `keep_touched` leaves what they touched; with neither, nothing is undone. Up to
        `graph.undo.WHOLE_UP_TO` facts it is one transaction. A larger load is put back in parts,
        the last one first; interrupted, the same call goes on where it stopped. The same undo
        written again changes nothing and returns the first report.

        Raises:
            Refused, NotRecorded, NotUndoable, Touched: nothing was undone.
            Unavailable: unknown whether it was undone; call again with the same load.
        """
        if (report := self.find_load(load.load_id)) is not None:
            return report
        plan = self.find_undo(load_id)
        if not (plan.is_clear or keep_touched or including):
            raise Touched
        self.note("write", f"undo {load_id}")
        self.prepare()
        load = self._sign(load)
        order = [*plan.later, plan.load] if including else [plan.load]
        if sum(one.facts for one in order) > WHOLE_UP_TO or plan.resumes:
            return self._undo_parts(order, load, progress, including, keep_touched=keep_touched)
        return self._change(
            lambda tx: undoing.undo(
                tx, load_id, load, self.demand, keep_touched=keep_touched, including=including
            ),
            _WRITE_TIMEOUT_S,
        )

    def _undo_parts(
        self,
        order: Sequence[LoadRow],
        load: Load,
        progress: Progress | None,
        including: Sequence[str],
        *,
        keep_touched: bool,
    ) -> WriteReport:
        """Undo one load after the other, each in parts; what is put back stays put back."""
        if not {one.load_id for one in order[:-1]} <= set(including):
            raise Touched
        report = WriteReport(load.load_id, 0, 0, 0)
        for number, one in enumerate(order):
            own = replace(load, load_id=derive_id("load", load.load_id, one.load_id))
            if one is order[-1]:
                own = load
            work = partial(
                undoing.begin_parts, load_id=one.load_id, load=own, demand=self.demand,
                keep_touched=keep_touched,
            )  # fmt: skip
            parts = self._change(work, _WRITE_TIMEOUT_S)
            for part in range(parts.done, parts.total):
                step = partial(undoing.undo_part, load_id=one.load_id, parts=parts, number=part)
                parts.kept |= self._change(step, _WRITE_TIMEOUT_S)
                if progress:
                    progress((number + (part + 1) / parts.total) / len(order))
            finish = partial(undoing.finish_parts, load_id=one.load_id, name=parts.load_id)
            report = self._change(finish)
        return report

    def age_history(self, now: datetime, days: int | None = None) -> int:
        """Forget what was before changes longer ago than `days`; return how many nodes went.

        Loads whose history is forgotten cannot be undone any more. It is the product's own, asked
        for at its start: no right is demanded.
        """
        oldest = find_oldest(now, read_kept_days() if days is None else days)
        total = 0
        while count := self._change(lambda tx: history.age_out(tx, oldest)):
            total += count
        return total

    def _sign(self, load: Load) -> Load:
        """Return the load with the name of who is at the door, unless it names somebody."""
        return load if load.actor is not None else replace(load, actor=self.actor.name)

    @contextmanager
    def hold_writes(self) -> Iterator[holding.Hold]:
        """Hold the writes of everybody for the block; see `graph.store.holding`.

        Raises:
            Refused: only who may administer.
            WritesHeld: somebody else holds them.
        """
        self.demand("administer")
        with self._session() as session, holding.hold_writes(session) as hold:
            yield hold

    def count_all(self) -> copying.Counts:
        """Return how many nodes and relationships of each kind there are.

        Raises:
            ForeignData: there are some that the schema does not know.
        """
        with translated(), self._session() as session:
            return copying.count_graph(session)

    def read_all(self, hold: holding.Hold | None = None) -> Iterator[copying.Line]:
        """Yield the whole graph as lines, for who may administer; see `graph.store.copying`."""
        self.demand("administer")
        with self._session() as session:
            yield from copying.read_graph(session, hold)

    def write_all(
        self, lines: Iterable[copying.Line], version: int, progress: Callable[[int], None]
    ) -> copying.Counts:
        """Write the lines of a graph of `version` into this one, which is emptied first.

        The caller holds writes. `progress` gets how many lines are written; until the first are
        it is called with 0 all the while, so that a hold can be kept. What it raises ends the
        writing. What was written before a failure stands: write again.

        Raises:
            Refused, NewerGraph, ForeignData: see the module.
        """
        self.demand("administer")
        upgrading.require_known(version)
        keep = partial(progress, 0)
        with self._session() as session:
            copying.empty_graph(session, keep)
            self._prepared = False
            self.prepare(keep)
            counts = copying.write_lines(session, lines, progress)
            with translated():
                upgrading.mark_version(session, version)
            return counts

    def read_version(self) -> int:
        """Return the number of the last migration the graph has taken.

        Raises:
            NewerGraph: a newer version of the product wrote it.
        """
        with translated(), self._session() as session:
            version = upgrading.read_version(session)
        upgrading.require_known(version)
        return version

    def upgrade(self) -> tuple[Migration, ...]:
        """Take the migrations that are missing, each whole or not at all; return them.

        Raises:
            Refused, NewerGraph: nothing was changed.
        """
        self.demand("administer")
        missing = upgrading.list_missing(self.read_version())
        with translated(), self._session() as session:
            upgrading.take_steps(session, missing)
        return missing

    def survey_erasure(self, client_id: str) -> erasing.Erasure:
        """Return what erasing a client would take, in numbers; nothing is changed.

        Raises:
            Refused, NotRecorded: see the module.
        """
        self.demand("administer")
        self.note("erase", "preview", client_id)
        with translated(), self._session(neo4j.READ_ACCESS) as session:
            return session.execute_read(erasing.survey, client_id)

    def erase_client(self, client_id: str) -> erasing.Erasure:
        """Erase a client and everything that is about nobody else; return what went, in numbers.

        Raises:
            Refused, NotRecorded, WritesHeld: nothing was erased.
        """
        self.demand("administer")
        self.note("erase", "client", client_id)
        self.prepare()
        return self._change(
            lambda tx: erasing.erase(tx, client_id, self.actor.name), _WRITE_TIMEOUT_S
        )

    def complete_erasures(self) -> int:
        """Note that no file of the database holds what was erased; return of how many."""
        self.demand("administer")
        return self._change(erasing.mark_complete)

    def _change(
        self, work: Callable[[neo4j.ManagedTransaction], T], timeout_s: float | None = None
    ) -> T:
        """Do `work` as one write transaction; while a backup holds writes it waits a little.

        Raises:
            WritesHeld: the backup takes longer; nothing was written.
        """

        @neo4j.unit_of_work(metadata=holding.MARK, timeout=timeout_s)
        def change(tx: neo4j.ManagedTransaction) -> T:
            holding.require_free(tx)
            return work(tx)

        deadline = time.monotonic() + _HOLD_WAIT_S
        while True:
            try:
                with translated(), self._session() as session:
                    return _execute(session, change)
            except WritesHeld:
                if time.monotonic() > deadline:
                    raise
            time.sleep(_HOLD_POLL_S)

    def _session(self, access: str = neo4j.WRITE_ACCESS) -> neo4j.Session:
        return self._driver.session(
            database=self._database,
            default_access_mode=access,
            bookmark_manager=self._bookmarks,
        )


def _execute(session: neo4j.Session, change: Callable[[neo4j.ManagedTransaction], T]) -> T:
    """Do `change`; again when somebody made, changed or took away the same fact meanwhile.

    By then it stands, or does not, so that the comparison finds it.
    """
    for _ in range(_RACES):
        try:
            return session.execute_write(change)
        except _TRIED_AGAIN:
            continue
        except neo4j.exceptions.ClientError as error:
            if error.code != _TAKEN_AWAY:
                raise
    return session.execute_write(change)


def _require_valid(records: Sequence[Record]) -> None:
    if faults := check(records):
        raise InvalidRecords(faults)


def _create(session: neo4j.Session, name: str, statement: str) -> None:
    """Create a constraint or an index; another process may be doing the same at this moment."""
    try:
        session.execute_write(lambda tx: tx.run(statement).consume())
    except neo4j.exceptions.Neo4jError as error:
        if error.code == _MADE_MEANWHILE:
            return
        if ".Schema." not in (error.code or ""):
            raise
        raise NotPrepared(name) from None


def _read_names(session: neo4j.Session) -> set[str]:
    """Return the names of the constraints and of the indexes that are online."""
    constraints = session.run("SHOW CONSTRAINTS YIELD name")
    names = {row["name"] for row in constraints}
    indexes = session.run("SHOW INDEXES YIELD name, state WHERE state = 'ONLINE' RETURN name")
    # An index of a constraint's name is not that constraint.
    return names | ({row["name"] for row in indexes} - statements.list_constraints().keys())
