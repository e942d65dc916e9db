"""The one door to Neo4j: reads, checked writes, and what was written before.

Nothing else in the project imports the driver. Reads run in READ transactions (a cluster routes
them to its readers) and can change nothing. Writes take records, never Cypher; one call of `write`
is one transaction, so a file is loaded whole or not at all, and the load's id makes a retry
harmless. A file too large for one transaction is written in parts (`begin_parts`, `write_part`,
`finish_parts`); an interrupted one continues where it stopped.

Errors a caller may meet::

    StoreError
    ├── Unavailable      the database does not answer (it may come back)
    ├── AccessDenied     the password is refused
    ├── NotPrepared      a constraint of the schema does not stand, so nothing may be written
    ├── Refused          the actor has not the right
    ├── NotRecorded      the log of what is done cannot be written
    ├── Occupied         another write keeps the same facts for long (try again)
    ├── WritesHeld       a backup is being made; writes wait
    ├── HoldLost         a copy of the graph took too long to be of one moment
    ├── NewerGraph       a newer version of the product wrote the graph
    ├── NotUpgraded      an older version wrote it; it is to be upgraded first
    ├── ForeignData      there are nodes or relationships that are not the product's
    ├── NoConsent        an agency would be told of a client without a ground
    ├── NotUndoable      a load is undone already, changed nothing, or is not kept any more
    ├── Touched          later loads changed what an undo would put back
    ├── LoadEnded        a load in parts was undone while it was written
    ├── Overtaken        somebody changed a fact between reading and writing it (try again)
    ├── MissingEnds      a relationship names a node that is not in the graph
    └── Conflict         somebody else has changed a record since it was read
    graph.records.InvalidRecords   the records break the rules of the schema
"""

from __future__ import annotations

from graph.store.door import Store
from graph.store.errors import (
    AccessDenied,
    Conflict,
    ForeignData,
    HoldLost,
    LoadEnded,
    MissingEnds,
    NewerGraph,
    NoConsent,
    NotPrepared,
    NotRecorded,
    NotUndoable,
    NotUpgraded,
    Occupied,
    Overtaken,
    Refused,
    StoreError,
    Touched,
    Unavailable,
    WritesHeld,
)
from graph.store.values import Change, Difference, Expected, Load, Progress, Row, WriteReport

__all__ = [
    "AccessDenied",
    "Change",
    "Conflict",
    "Difference",
    "Expected",
    "ForeignData",
    "HoldLost",
    "Load",
    "LoadEnded",
    "MissingEnds",
    "NewerGraph",
    "NoConsent",
    "NotPrepared",
    "NotRecorded",
    "NotUndoable",
    "NotUpgraded",
    "Occupied",
    "Overtaken",
    "Progress",
    "Refused",
    "Row",
    "Store",
    "StoreError",
    "Touched",
    "Unavailable",
    "WriteReport",
    "WritesHeld",
]
