"""What brings a graph written by an older version to this one, step by step.

The graph carries the number of the last step it has taken (`SchemaVersion`). Each step is a module
of its own here, appended to `MIGRATIONS` and never changed afterwards; `graph.store.upgrading`
takes the missing ones in order, each in one transaction with its number. A graph with a higher
number than `CURRENT` was written by a newer version and is not opened.
"""

from __future__ import annotations

from typing import Final

from graph.migrations import m0001_version
from graph.migrations.step import Migration

MIGRATIONS: Final[tuple[Migration, ...]] = (m0001_version.MIGRATION,)
CURRENT: Final = MIGRATIONS[-1].number

__all__ = ["CURRENT", "MIGRATIONS", "Migration"]
