"""What undoing a load would meet: read from the history and from what stands now.

Functions of a transaction; nothing is written. A load's nodes `Former` are read one after the
other, so that memory holds no more than the exceptions, however large the load was.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graph import history_statements as statements
from graph.history import Entry, Fact, Kind
from graph.schema import NODES
from graph.store.driver import to_plain
from graph.store.history import (
    Transaction,
    find_removers,
    list_formers,
    read_backwards,
    read_former,
)
from graph.undo import KindCount, LoadRow, Reason, belongs

_NAMES: Final = {name for name in LoadRow.__dataclass_fields__ if name not in ("facts", "is_kept")}

Advance = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Trouble:
    """What keeps a fact: why, the load that did it, and the fact that load stamped last."""

    reason: Reason
    load_id: str | None
    stamped: Fact
    goal: frozenset[str | None]


@dataclass(slots=True)
class Survey:
    """What an undo can and cannot put back.

    `troubles` are the facts a later load touched, with the entry of each in `entries`; `held` stay
    because they belong to one of those. `kinds` are those of all entries.
    """

    load: LoadRow
    troubles: dict[Fact, Trouble] = field(default_factory=dict)
    entries: dict[Fact, Entry] = field(default_factory=dict)
    held: set[Fact] = field(default_factory=set)
    kinds: set[Kind] = field(default_factory=set)
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    @property
    def kept(self) -> set[Fact]:
        """Facts that an undo leaves as they are."""
        return self.held | self.troubles.keys()

    def list_counts(self) -> tuple[KindCount, ...]:
        """Return what would be done, by kind, without the kinds of which nothing would."""
        return tuple(
            KindCount(kind, *(count[name] for name in ("removed", "restored", "made_again")))
            for kind, count in sorted(self.counts.items())
            if count.total() > 0
        )


def read_loads(tx: Transaction, load_ids: Iterable[str]) -> dict[str, LoadRow]:
    """Return the loads that stand, by id."""
    rows = tx.run(statements.READ_LOADS, load_ids=sorted(set(load_ids)))
    found = (
        _read_load(to_plain(row["properties"]), int(row["kept"]), int(row["facts"])) for row in rows
    )
    return {load.load_id: load for load in found}


def list_undoing(tx: Transaction, load_id: str) -> list[tuple[str, str]]:
    """Return id and state of the loads that undid this one, wholly or in part, and still stand."""
    return [
        (row["load_id"], row["state"]) for row in tx.run(statements.READ_UNDOING, load_id=load_id)
    ]


def list_undone(tx: Transaction, load_id: str) -> set[Fact]:
    """Return the facts of a load that are put back already, and not put again since."""
    undone: set[Fact] = set()
    for undo_id, state in list_undoing(tx, load_id):
        if state == "running":
            continue  # it goes on where it stopped
        facts = {entry.fact for entries in read_backwards(tx, undo_id) for entry in entries}
        undone |= facts - list_undone(tx, undo_id)
    return undone


def find_running(tx: Transaction, load_id: str) -> str | None:
    """Return the undo of a load that was interrupted; None when there is none."""
    running = [one for one, state in list_undoing(tx, load_id) if state == "running"]
    return running[0] if running else None


def survey(
    tx: Transaction, load: LoadRow, *, skip: int = 0, advance: Advance | None = None
) -> Survey:
    """Say what undoing `load` would meet; `skip` of its nodes, the last ones, are put back."""
    return _Surveyor(tx, load).look(skip, advance)


class _Surveyor:
    """Goes through the history of one load."""

    def __init__(self, tx: Transaction, load: LoadRow) -> None:
        self._tx = tx
        self._load = load
        self._found = Survey(load)
        self._done = list_undone(tx, load.load_id)
        self._gone: dict[Fact, Entry] = {}
        self._made: set[Fact] = set()  # nodes the load made
        self._again: set[Fact] = set()  # nodes to be made again
        self._joined: dict[Fact, list[Entry]] = defaultdict(list)  # their ends
        self._leaving: set[Fact] = set()  # relationships an undo of an undo takes away

    def look(self, skip: int, advance: Advance | None) -> Survey:
        formers = list_formers(self._tx, self._load.load_id)[skip:]
        if self._load.undoes is not None:
            for entries in read_backwards(self._tx, self._load.load_id):
                self._leaving |= {one.fact for one in entries if one.before is None}
        for number, (former_id, _) in enumerate(formers, start=1):
            self._look_at(read_former(self._tx, former_id))
            if advance:
                advance(number / len(formers))
        self._find_missing_ends()
        self._name_removers()
        self._hold()
        return self._found

    def _look_at(self, entries: Sequence[Entry]) -> None:
        groups: dict[Kind, list[Entry]] = defaultdict(list)
        for entry in entries:
            self._found.kinds.add(entry.kind)
            if entry.fact not in self._done and not self._is_passing(entry):
                groups[entry.kind].append(entry)
        for kind, group in groups.items():
            self._compare(kind, group)

    def _is_passing(self, entry: Entry) -> bool:
        """Say whether the undo changed the fact once more: the load it undid had done so too."""
        return entry.after is not None and entry.after == self._load.undoes

    def _compare(self, kind: Kind, entries: Sequence[Entry]) -> None:
        rows = self._tx.run(statements.read_stamps(kind), keys=[one.identity for one in entries])
        stamps = {row["identity"]: row["load_id"] for row in rows}
        sound = []
        for entry in entries:
            stands = entry.identity in stamps
            if entry.after is None and stands:
                self._note(entry, "changed", stamps[entry.identity])
            elif entry.after is not None and not stands:
                self._gone[entry.fact] = entry
            elif entry.after != stamps.get(entry.identity):
                self._note(entry, "changed", stamps[entry.identity])
            else:
                sound.append(entry)
        self._count(sound)
        if kind.is_node:
            self._find_leaning(kind, [one for one in sound if one.before is None])

    def _note(self, entry: Entry, reason: Reason, load_id: str | None) -> None:
        goal = frozenset({entry.after})
        self._found.troubles[entry.fact] = Trouble(reason, load_id, entry.fact, goal)
        self._found.entries[entry.fact] = entry
        if entry.kind.is_node and entry.before is None:
            self._made.add(entry.fact)

    def _count(self, entries: Iterable[Entry], step: int = 1) -> None:
        for entry in entries:
            name = _name_action(entry)
            self._found.counts[entry.kind.name][name] += step
            if name == "made_again":
                self._await_ends(entry)

    def _await_ends(self, entry: Entry) -> None:
        if entry.kind.is_node:
            self._again.add(entry.fact)
        elif entry.ends is not None:
            for label, key in zip(entry.kind[1:], entry.ends, strict=True):
                self._joined[label, key].append(entry)

    def _find_leaning(self, kind: Kind, entries: Sequence[Entry]) -> None:
        self._made |= {one.fact for one in entries}
        own = [] if self._load.undoes else [self._load.load_id]
        nodes = {one.identity: one for one in entries}
        if not nodes:
            return
        for row in self._tx.run(statements.list_leaning(kind.name), keys=list(nodes), own=own):
            link = (row["type"], row["identity"])
            entry = nodes[row["node"]]
            if link in self._leaving or entry.fact in self._found.troubles:
                continue
            goal = frozenset({None, self._load.load_id})
            trouble = Trouble("leaned_on", row["load_id"], link, goal)
            self._found.troubles[entry.fact] = trouble
            self._found.entries[entry.fact] = entry
            self._count([entry], -1)

    def _find_missing_ends(self) -> None:
        standing = self._again - self._found.troubles.keys()
        groups: dict[str, list[str]] = defaultdict(list)
        for label, key in self._joined.keys() - standing:
            groups[label].append(key)
        for label, keys in groups.items():
            rows = self._tx.run(statements.read_stamps(Kind(label)), keys=keys)
            for key in set(keys) - {row["identity"] for row in rows}:
                self._note_missing_end((label, key))

    def _note_missing_end(self, end: Fact) -> None:
        for entry in self._joined[end]:
            if entry.fact not in self._found.troubles:
                trouble = Trouble("end_missing", None, end, frozenset())
                self._found.troubles[entry.fact] = trouble
                self._found.entries[entry.fact] = entry
                self._found.counts[entry.kind.name][_name_action(entry)] -= 1

    def _name_removers(self) -> None:
        for fact, entry in self._gone.items():
            self._note(entry, "removed", None)
            if entry.kind.is_node:
                self._made.discard(fact)  # it is not there to be kept
        unnamed = {
            trouble.stamped: fact
            for fact, trouble in self._found.troubles.items()
            if trouble.load_id is None
        }
        removers = find_removers(self._tx, unnamed, self._load.load_id)
        for fact, trouble in list(self._found.troubles.items()):
            if trouble.load_id is None and trouble.stamped in removers:
                self._found.troubles[fact] = Trouble(
                    trouble.reason, removers[trouble.stamped], trouble.stamped, trouble.goal
                )

    def _hold(self) -> None:
        """Find what belongs to nodes that have to stay: of what the load made, it stays too."""
        fresh = {
            fact
            for fact in self._found.troubles
            if fact in self._made and self._found.entries[fact].kind.is_node
        }
        while fresh:
            found = [
                row for label, keys in _by_label(fresh) for row in self._list_held(label, keys)
            ]
            fresh = set()
            for row in found:
                self._hold_one((row["type"], row["identity"]), "removed")
                for side in ("start", "end"):
                    node = (row[f"{side}_label"], row[f"{side}_key"])
                    if node in self._made and self._hold_one(node, "removed"):
                        fresh.add(node)

    def _list_held(self, label: str, keys: list[str]) -> Iterator[Any]:
        rows = self._tx.run(statements.list_held(label), keys=keys, load_id=self._load.load_id)
        return (row for row in list(rows) if belongs(label, row["type"]))

    def _hold_one(self, fact: Fact, action: str) -> bool:
        if fact in self._found.held or fact in self._found.troubles:
            return False
        self._found.held.add(fact)
        self._found.counts[fact[0]][action] -= 1
        return True


def _name_action(entry: Entry) -> str:
    if entry.before is None:
        return "removed"
    return "made_again" if entry.after is None else "restored"


def _by_label(facts: Iterable[Fact]) -> Iterator[tuple[str, list[str]]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for label, key in sorted(facts):
        if label in NODES:
            groups[label].append(key)
    yield from groups.items()


def _read_load(properties: dict[str, Any], kept: int, facts: int) -> LoadRow:
    given: dict[str, Any] = {name: properties.get(name) for name in _NAMES}
    given["state"] = given["state"] or ""
    formers = properties.get("formers")
    is_kept = formers is not None and formers == kept
    return LoadRow(**given, facts=facts, is_kept=is_kept)
