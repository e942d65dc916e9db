"""One step from a version of the graph to the next."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Migration:
    """A step: its number, what it does in a sentence, and its statements in order.

    Statements change data only, and change nothing when they run again; constraints and indexes
    follow from the schema declaration. A step without statements only marks the graph and is
    taken without being asked.
    """

    number: int
    what: str
    statements: tuple[str, ...] = ()
