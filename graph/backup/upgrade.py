"""Bringing a graph of an older version to this one: a backup first, then step by step."""

from __future__ import annotations

from pathlib import Path

from graph.backup.daily import Collect, back_up, take_turn
from graph.migrations import MIGRATIONS, Migration
from graph.store import Progress, Store


def list_changes(store: Store) -> tuple[Migration, ...]:
    """Return the migrations that would change the connected graph; () when it is up to date.

    Raises:
        NewerGraph: a newer version of the product wrote it.
    """
    version = store.read_version()
    return tuple(step for step in MIGRATIONS if step.number > version and step.statements)


def upgrade_graph(
    store: Store, data_dir: Path, collect: Collect, advance: Progress
) -> tuple[Migration, ...]:
    """Back the graph up and take the migrations it lacks, each whole or not at all; return them.

    Nothing is backed up and nothing done for a graph that is up to date.

    Raises:
        BackupError, StoreError: the graph is as the last whole step left it.
    """
    if not list_changes(store):
        return ()
    with take_turn(data_dir):
        back_up(store, data_dir, collect, advance)
        return store.upgrade()
