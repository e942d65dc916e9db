"""Holding writes while the graph is copied, so that a copy is of one moment.

The database has no snapshot that outlives a statement, and no backup of its own while it runs. So
who copies puts up a *hold*: one node with a random token and an end. Every write looks at it first
and waits. Writers that were at work before the hold are told by the mark every write transaction
carries (`SHOW TRANSACTIONS`); once those have ended, nothing changes any more. Reads go on.

Chosen over locks held for the length of the copy: a lock makes writers fail by a timeout that
looks like a fault, and one lock for all would make them wait for each other always. A copy that
dies leaves its hold; it ends by itself `LEASE_S` later, by the database's own clock. A copy whose
hold has ended — its process slept, the clock jumped — notices and is thrown away.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

import neo4j

from graph.store.driver import translated
from graph.store.errors import HoldLost, StoreError, WritesHeld

LEASE_S: Final = 60
RENEW_AFTER_S: Final = 10.0
WRITERS_WAIT_S: Final = 660.0
"""A little more than the longest write may take."""
POLL_S: Final = 0.1
MARK: Final = {"tsunagi": "write"}
"""On every write transaction."""

_STANDING: Final = (
    "MATCH (h:Hold {hold_id: 'writes'}) WHERE h.until > datetime.realtime() RETURN h.until"
)
_TAKE: Final = (
    "MERGE (h:Hold {hold_id: 'writes'}) SET h._lock = 0 REMOVE h._lock WITH h "
    "WHERE h.until IS NULL OR h.until <= datetime.realtime() "
    "SET h.token = $token, h.until = datetime.realtime() + duration({seconds: $seconds}) "
    "RETURN h.token"
)
_RENEW: Final = (
    "MATCH (h:Hold {hold_id: 'writes', token: $token}) WHERE h.until > datetime.realtime() "
    "SET h.until = datetime.realtime() + duration({seconds: $seconds}) RETURN h.token"
)
_RELEASE: Final = "MATCH (h:Hold {hold_id: 'writes', token: $token}) DELETE h"
_WRITERS: Final = (
    "SHOW TRANSACTIONS YIELD transactionId, metaData WHERE metaData.tsunagi = 'write' "
    "RETURN transactionId"
)


def require_free(tx: neo4j.ManagedTransaction) -> None:
    """Let a write go on when nobody holds writes.

    Raises:
        WritesHeld: somebody does; nothing was written.
    """
    if tx.run(_STANDING).single() is not None:
        raise WritesHeld


@dataclass(slots=True)
class Hold:
    """Writes are held until the block of `hold_writes` ends."""

    session: neo4j.Session
    token: str
    renewed: float

    def keep(self) -> None:
        """Prolong the hold when it is time; call this every few seconds, and at the end.

        Raises:
            HoldLost: it had ended, so somebody may have written meanwhile.
        """
        if time.monotonic() - self.renewed >= RENEW_AFTER_S:
            self.confirm()

    def confirm(self) -> None:
        """Prolong the hold now.

        Raises:
            HoldLost: it had ended.
        """
        values = {"token": self.token, "seconds": LEASE_S}
        with translated():
            if self.session.run(_RENEW, values).single() is None:
                raise HoldLost
        self.renewed = time.monotonic()


@contextmanager
def hold_writes(session: neo4j.Session) -> Iterator[Hold]:
    """Hold the writes of everybody for the block; they may go on when it ends, however it does.

    Raises:
        WritesHeld: another copy is under way, or a writer did not end.
    """
    token = secrets.token_hex(8)
    with translated():
        taken = session.run(_TAKE, token=token, seconds=LEASE_S).single()
    if taken is None:
        raise WritesHeld
    hold = Hold(session, token, time.monotonic())
    try:
        _await_writers(hold)
        yield hold
    finally:
        with suppress(StoreError), translated():  # away, it ends by itself
            session.run(_RELEASE, token=token).consume()


def _await_writers(hold: Hold) -> None:
    """Return when every write that was at work has ended; later ones see the hold."""
    earlier = _list_writers(hold.session)
    deadline = time.monotonic() + WRITERS_WAIT_S
    while earlier:
        if time.monotonic() > deadline:
            raise WritesHeld
        time.sleep(POLL_S)
        hold.keep()
        earlier &= _list_writers(hold.session)


def _list_writers(session: neo4j.Session) -> set[str]:
    with translated():
        return {str(row["transactionId"]) for row in session.run(_WRITERS)}
