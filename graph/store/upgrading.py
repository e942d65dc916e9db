"""The version a graph carries, and the steps to this one. Functions of a session or transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import neo4j

from graph import migrations
from graph.migrations import Migration
from graph.store.errors import NewerGraph, NotUpgraded

_TIMEOUT_S: Final = 3_600.0
_READ: Final = "MATCH (v:SchemaVersion {version_id: 'graph'}) RETURN v.number AS number"
_IS_EMPTY: Final = (
    "RETURN NOT EXISTS { MATCH (n) WHERE NOT (n:SchemaVersion OR n:Hold) } AS is_empty"
)
_MARK: Final = "MERGE (v:SchemaVersion {version_id: 'graph'}) SET v.number = $number"


def read_version(session: neo4j.Session) -> int:
    """Return the number of the last step the graph has taken; of an empty one, the newest."""
    row = session.run(_READ).single()
    if row is not None:
        return int(row["number"])
    is_empty = session.run(_IS_EMPTY).single(strict=True)["is_empty"]
    return migrations.CURRENT if is_empty else 0


def require_known(version: int) -> None:
    """Let a graph pass that this version of the product may open.

    Raises:
        NewerGraph: a newer one wrote it.
    """
    if version > migrations.CURRENT:
        raise NewerGraph(f"{version} > {migrations.CURRENT}")


def list_missing(version: int) -> tuple[Migration, ...]:
    """Return the steps a graph of `version` has yet to take, in order."""
    return tuple(step for step in migrations.MIGRATIONS if step.number > version)


def settle_version(session: neo4j.Session) -> None:
    """Mark a graph that needs no change.

    Raises:
        NewerGraph: a newer version of the product wrote it; it is as it was.
        NotUpgraded: a step would change it; it is as it was.
    """
    version = read_version(session)
    require_known(version)
    if any(step.statements for step in list_missing(version)):
        raise NotUpgraded(f"{version} < {migrations.CURRENT}")
    if session.run(_READ).single() is None or version < migrations.CURRENT:
        mark_version(session, migrations.CURRENT)


def mark_version(session: neo4j.Session, number: int) -> None:
    """Write that the graph has taken all steps up to `number`."""
    session.run(_MARK, number=number).consume()


def take_steps(session: neo4j.Session, steps: Sequence[Migration]) -> None:
    """Take `steps` in order, each whole or not at all with its number.

    A step that fails leaves the graph as the step before it left it.
    """

    @neo4j.unit_of_work(timeout=_TIMEOUT_S)
    def take(tx: neo4j.ManagedTransaction, step: Migration) -> None:
        # The mark is taken first, so that two who upgrade at once take no step twice.
        tx.run(
            "MERGE (v:SchemaVersion {version_id: 'graph'}) "
            "ON CREATE SET v.number = 0 SET v._lock = 0 REMOVE v._lock"
        ).consume()
        row = tx.run(_READ).single(strict=True)
        if row["number"] >= step.number:
            return
        for statement in step.statements:
            tx.run(statement).consume()
        tx.run(_MARK, number=step.number).consume()

    for step in steps:
        session.execute_write(take, step)
