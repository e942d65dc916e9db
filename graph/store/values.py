"""What goes through the door: loads, changes, differences and reports, as plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from graph.records import Record, StoredValue

Progress = Callable[[float], None]
"""Called with the share done, 0 to 1."""
Row = dict[str, Any]
Expected = Mapping[tuple[str, str], str | None]
"""(kind, identity) → the content hash a record was read with, None for one that did not stand."""

COUNTED: Final = ("created", "changed", "unchanged", "deleted")
"""What the node of a load keeps of its report."""


@dataclass(frozen=True, slots=True)
class Load:
    """One import: an id made by the caller once, so that sending it again changes nothing."""

    load_id: str
    file: str | None = None
    file_hash: str | None = None
    actor: str | None = None
    source: str | None = None
    series: str | None = None
    edition: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One record against what stands: `before` is empty for a new one."""

    record: Record
    content_hash: str
    before: Mapping[str, object]
    after: Mapping[str, StoredValue]

    @property
    def changed_properties(self) -> tuple[str, ...]:
        """Names whose stored value differs, in order of the record."""
        return tuple(name for name, value in self.after.items() if self.before.get(name) != value)


@dataclass(frozen=True, slots=True)
class Difference:
    """What a write would do: new and changed records, and how many stand as they are."""

    new: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class WriteReport:
    """What a write did; `repeated` when this load id had been written before.

    `unchanged` of an undo are the facts it had to leave as they are.
    """

    load_id: str
    created: int
    changed: int
    unchanged: int
    repeated: bool = False
    deleted: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """What the node of the load keeps: `COUNTED` → number."""
        return {name: getattr(self, name) for name in COUNTED}


def read_report(load_id: str, stored: Mapping[str, Any], *, repeated: bool = False) -> WriteReport:
    """Return the report that the properties of a load's node tell; what is not there is 0."""
    counts = {name: stored.get(name) or 0 for name in COUNTED}
    return WriteReport(load_id, **counts, repeated=repeated)
