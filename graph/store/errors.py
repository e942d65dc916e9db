"""What can go wrong at the door; the tree is drawn in the package's docstring."""

from __future__ import annotations

from collections.abc import Sequence

from graph.rights import Right
from graph.store.values import Change


class StoreError(Exception):
    """Base of what can go wrong at the door; `code` is the key of the sentence for the user."""

    code = "store.failed"


class Unavailable(StoreError):
    """The database does not answer; nothing is known about an unfinished write (retry it)."""

    code = "store.unavailable"


class AccessDenied(StoreError):
    """The database refuses the user name or password."""

    code = "store.access_denied"


class NotPrepared(StoreError):
    """A constraint of the schema does not stand; nothing was written."""

    code = "store.not_prepared"


class Refused(StoreError):
    """The actor has not the right; nothing was read or written."""

    code = "store.refused"

    def __init__(self, right: Right) -> None:
        super().__init__(right)
        self.right: Right = right


class NotRecorded(StoreError):
    """What is to be done cannot be put on record, so nothing was done."""

    code = "store.not_recorded"


class NoConsent(StoreError):
    """An agency would be told of a client without a consent or a reason; nothing was written."""

    code = "store.no_consent"


class MissingEnds(StoreError):
    """Relationships name nodes that are not in the graph; nothing was written."""

    code = "store.missing_ends"

    def __init__(self, kind: str, ends: Sequence[tuple[str, str]]) -> None:
        super().__init__(f"{kind}: {len(ends)} ends")
        self.kind = kind
        self.ends = tuple(ends)


class Conflict(StoreError):
    """Somebody else changed records since they were read; nothing was written.

    Of each such record `changes` has `before`, as it stands now (empty when it is gone), and
    `after`, what was to be written; both may be personal and are not in the exception's text.
    """

    code = "store.conflict"

    def __init__(self, changes: Sequence[Change]) -> None:
        super().__init__(f"{len(changes)} records")
        self.changes = tuple(changes)


class Occupied(StoreError):
    """Another write, such as a large load, keeps the same facts for long; nothing was written."""

    code = "store.occupied"


class WritesHeld(StoreError):
    """A backup is being made, so nothing is written at the moment; nothing was written."""

    code = "store.writes_held"


class HoldLost(StoreError):
    """Writes were no longer held while the graph was copied, so the copy is of no moment."""

    code = "store.hold_lost"


class NewerGraph(StoreError):
    """The graph was written by a newer version of the product; nothing was read or written."""

    code = "store.newer_graph"


class NotUpgraded(StoreError):
    """The graph was written by an older version and is not upgraded yet; nothing was written."""

    code = "store.older_graph"


class ForeignData(StoreError):
    """The database, or a backup, holds what the schema does not know; its text names the kinds."""

    code = "store.foreign_data"


class NotUndoable(StoreError):
    """A load is undone already, changed nothing, or what was before is not kept any more."""

    code = "store.not_undoable"


class Touched(StoreError):
    """Later loads changed what an undo would put back; nothing was undone."""

    code = "store.touched"


class LoadEnded(StoreError):
    """A load in parts was undone, or ended otherwise, while it was written; this part was not."""

    code = "store.load_ended"


class Overtaken(StoreError):
    """Somebody changed a fact between reading and writing it; nothing was written (try again)."""

    code = "store.overtaken"
