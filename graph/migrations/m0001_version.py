"""Graphs carry their version from here on; those written before have none and count as 0."""

from __future__ import annotations

from typing import Final

from graph.migrations.step import Migration

MIGRATION: Final = Migration(1, "The graph carries its version")
