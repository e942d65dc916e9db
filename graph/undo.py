"""What undoing a load means: which facts it can put back, which it cannot, and why.

A fact can be put back when it still is what the load made of it. Otherwise a later load has changed
it, taken it away, or leans on it; a person then decides. Plain values; `graph.store.survey` finds
them in the graph.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from graph.history import PRODUCT

LISTED: Final = 300
"""Facts that are told one by one; the number of all is always told."""

WHOLE_UP_TO: Final = 50_000
"""Facts that are put back in one transaction; more are put back in parts, the last ones first."""

Reason = Literal["changed", "removed", "leaned_on", "end_missing"]
"""Why a fact cannot be put back:

changed      a later load has changed it, or made it anew
removed      a later load has taken it away
leaned_on    a later load has joined something to this node, which would have to go
end_missing  a node that this relationship joined does not stand any more
"""

Action = Literal["remove", "restore", "make_again"]
"""What is done with a fact that can be put back: the load made it, changed it, or took it away."""

# What belongs to a node, so that it stays when the node has to stay: a relationship not named here
# stands for itself. Of a label not named here every relationship belongs to it: an event without
# whom it concerns, a referral without its sender says nothing.
_BELONGING: Final[dict[str, frozenset[str]]] = {
    "Organization": frozenset({"LOCATED_IN", "SERVES", "OFFERS"}),
    "Area": frozenset({"PART_OF"}),
    "Support": frozenset(),
    "Client": frozenset(),
    "PartnerList": frozenset({"KEEPS"}),
}


@dataclass(frozen=True, slots=True)
class LoadRow:
    """A load as the history of loads tells it.

    `facts` are those it has entries of. `is_kept` says that what was before is there in full; it
    is not after its time, nor of a load from before there was a history.
    """

    load_id: str
    file: str | None
    actor: str | None
    loaded_at: datetime | None
    state: str
    source: str | None = None
    edition: date | None = None
    undoes: str | None = None
    file_hash: str | None = None
    facts: int = 0
    is_kept: bool = False

    @property
    def may_be_undone(self) -> bool:
        """Whether its state and its history allow to undo it."""
        is_open = self.state in ("done", "partly_undone") or (
            self.state == "running" and self.undoes is None
        )
        return is_open and self.is_kept and self.facts > 0 and not self.load_id.startswith(PRODUCT)


@dataclass(frozen=True, slots=True)
class Item:
    """A fact of an undo: what is done with it, or why nothing can be.

    `load` is the later one in the way, None of a fact that can be put back and of an unknown one.
    `properties` are those stored now, or before the load where the fact does not stand, `names`
    those of a relationship's ends; personal ones are left out. The identity of a client is one.
    """

    kind: str
    identity: str
    what: Action | Reason
    load: LoadRow | None
    properties: Mapping[str, Any]
    names: tuple[str | None, str | None] = (None, None)


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many facts of a kind an undo takes away, puts back, and makes again."""

    kind: str
    removed: int
    restored: int
    made_again: int


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """What undoing a load would do.

    `examples` are the first facts that can be put back, `obstacles` at most `LISTED` of the
    `touched` ones; `held` more facts stay because they belong to those. `later` are the loads to be
    undone first, in their order, so that nothing is in the way; () when nothing is, or when that
    cannot be. `in_parts`: not in one transaction. `resumes`: an undo that was interrupted goes on.
    """

    load: LoadRow
    kinds: tuple[KindCount, ...]
    touched: int = 0
    held: int = 0
    examples: tuple[Item, ...] = ()
    obstacles: tuple[Item, ...] = ()
    later: tuple[LoadRow, ...] = ()
    in_parts: bool = False
    resumes: bool = False

    @property
    def is_clear(self) -> bool:
        """Whether every fact can be put back."""
        return self.touched == 0

    @property
    def total(self) -> KindCount:
        """How many facts of all kinds it takes away, puts back, and makes again."""
        return KindCount(
            "",
            sum(one.removed for one in self.kinds),
            sum(one.restored for one in self.kinds),
            sum(one.made_again for one in self.kinds),
        )

    @property
    def facts(self) -> int:
        """Facts that would be put back."""
        return self.total.removed + self.total.restored + self.total.made_again


def belongs(label: str, relationship: str) -> bool:
    """Say whether a relationship at a node of `label` stays when the node has to stay."""
    types = _BELONGING.get(label)
    return types is None or relationship in types


def find_state(*, is_undone: bool, others: int) -> str:
    """Return the state of a load after it was undone, or that was put again.

    `others` counts what else of it is, or stays, undone: facts left, or undoes that still stand.
    """
    if is_undone:
        return "partly_undone" if others else "undone"
    return "partly_undone" if others else "done"
