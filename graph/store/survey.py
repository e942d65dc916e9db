"""What undoing a load would meet: read from the history and from what stands now.

Functions of a transaction; nothing is written. A load's nodes `Former` are read one after the
other, so that memory holds no more than the exceptions, however large the load was.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from graph import history_statements as statements
from graph.history import Entry, Fact, Kind, join, list_ends
from graph.schema import NODES, RELATIONSHIPS
from graph.store.driver import to_plain
from graph.store.history import (
    Transaction,
    find_touchers,
    list_formers,
    read_backwards,
    read_former,
)
from graph.store.values import Progress
from graph.undo import LISTED, Action, KindCount, LoadRow, Reason, belongs

_NAMES: Final = {name for name in LoadRow.__dataclass_fields__ if name not in ("facts", "is_kept")}

_ACTIONS: Final[tuple[Action, ...]] = ("remove", "restore", "make_again")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What keeps a fact: why, the fact a later load touched, and that load (None when unknown)."""

    reason: Reason
    touched: Fact
    load_id: str | None = None


@dataclass(slots=True)
class Pretence:
    """Loads that count as undone while it is found out what else would have to be.

    `stamps` are those facts would then have, None of one that would not stand; `joined` the
    relationships that would stand again, by each end.
    """

    load_ids: set[str] = field(default_factory=set)
    stamps: dict[Fact, str | None] = field(default_factory=dict)
    joined: dict[Fact, set[Fact]] = field(default_factory=lambda: defaultdict(set))

    def undo(self, load_id: str, entries: Iterable[Entry]) -> None:
        """Let a load count as undone; `entries` are what of it is not undone yet."""
        self.load_ids.add(load_id)
        for entry in entries:
            self.stamps[entry.fact] = entry.earlier_load
            for end in list_ends(entry):
                self.joined[end].add(entry.fact)


@dataclass(slots=True)
class Survey:
    """What an undo can and cannot put back.

    `troubles` are the facts a later load touched, with the entry of each in `entries`; `held` stay
    because they belong to one of those. `examples` are the first others, `kinds` those of all.
    """

    load: LoadRow
    troubles: dict[Fact, Trouble] = field(default_factory=dict)
    entries: dict[Fact, Entry] = field(default_factory=dict)
    held: set[Fact] = field(default_factory=set)
    examples: dict[Fact, Entry] = field(default_factory=dict)
    kinds: set[Kind] = field(default_factory=set)
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    @property
    def kept(self) -> set[Fact]:
        """Facts that an undo leaves as they are."""
        return self.held | self.troubles.keys()

    def list_counts(self) -> tuple[KindCount, ...]:
        """Return what would be done, by kind, without the kinds of which nothing would."""
        return tuple(
            KindCount(kind, *(count[name] for name in _ACTIONS))
            for kind in (*NODES, *RELATIONSHIPS)
            if (count := self.counts.get(kind)) is not None and count.total() > 0
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
    tx: Transaction,
    load: LoadRow,
    *,
    skip: int = 0,
    advance: Progress | None = None,
    pretence: Pretence | None = None,
) -> Survey:
    """Say what undoing `load` would meet; `skip` of its nodes, the last ones, are put back.

    With a `pretence` it is what it would meet then; what would be held is not looked for.
    """
    return _Surveyor(tx, load, pretence).look(skip, advance)


def list_open_entries(tx: Transaction, load_id: str) -> list[Entry]:
    """Return what of a load is not undone yet, one entry per fact."""
    done = list_undone(tx, load_id)
    formers = reversed(list(read_backwards(tx, load_id)))
    return join(entry for former in formers for entry in former if entry.fact not in done)


class _Surveyor:
    """Goes through the history of one load."""

    def __init__(self, tx: Transaction, load: LoadRow, pretence: Pretence | None) -> None:
        self._tx = tx
        self._load = load
        self._pretence = pretence or Pretence()
        self._is_pretended = pretence is not None
        self._found = Survey(load)
        self._done = list_undone(tx, load.load_id)
        self._changed_before: set[Fact] = set()
        self._gone: dict[Fact, Entry] = {}
        self._made: set[Fact] = set()  # nodes the load made
        self._again: set[Fact] = set()  # nodes to be made again
        self._joined: dict[Fact, list[Entry]] = defaultdict(list)  # their ends
        self._leaving: set[Fact] = set()  # relationships an undo of an undo takes away

    def look(self, skip: int, advance: Progress | None) -> Survey:
        formers = list_formers(self._tx, self._load.load_id)[skip:]
        if self._load.undoes is not None:
            for entries in read_backwards(self._tx, self._load.load_id):
                self._leaving |= {one.fact for one in entries if one.before is None}
        for number, (former_id, _) in enumerate(formers, start=1):
            self._look_at(read_former(self._tx, former_id))
            if advance:
                advance(number / len(formers))
        self._find_missing_ends()
        self._note_gone()
        self._name_touchers()
        if not self._is_pretended:
            self._hold()
        return self._found

    def _look_at(self, entries: Sequence[Entry]) -> None:
        groups: dict[Kind, list[Entry]] = defaultdict(list)
        for entry in entries:
            self._found.kinds.add(entry.kind)
            if entry.fact not in self._done and not self._is_passing(entry):
                groups[entry.kind].append(entry)
            if entry.earlier_load == self._load.load_id:
                self._changed_before.add(entry.fact)
        for kind, group in groups.items():
            self._compare(kind, group)

    def _is_passing(self, entry: Entry) -> bool:
        """Say whether the load, or the undo, touched the fact once more later on."""
        if entry.fact in self._changed_before:
            return True
        return entry.after is not None and entry.after == self._load.undoes

    def _compare(self, kind: Kind, entries: Sequence[Entry]) -> None:
        stamps = self._read_stamps(kind, [one.identity for one in entries])
        sound = []
        for entry in entries:
            stamp = stamps.get(entry.identity)
            if stamp == entry.after:
                sound.append(entry)
            elif stamp is None:
                self._gone[entry.fact] = entry
            else:
                self._note(entry, "changed")
        self._count(sound)
        if kind.is_node:
            self._find_leaning(kind, [one for one in sound if one.before is None])

    def _read_stamps(self, kind: Kind, keys: Sequence[str]) -> dict[str, str | None]:
        """Return the stamp of each of `keys` that stands, or would; "" of one without any."""
        rows = self._tx.run(statements.read_stamps(kind), keys=keys)
        stamps = {row["identity"]: row["load_id"] or "" for row in rows}
        pretended = self._pretence.stamps
        changed = {k: pretended[kind.name, k] for k in keys if (kind.name, k) in pretended}
        return {key: stamp for key, stamp in (stamps | changed).items() if stamp is not None}

    def _note(self, entry: Entry, reason: Reason, touched: Fact | None = None) -> None:
        self._found.troubles[entry.fact] = Trouble(reason, touched or entry.fact)
        self._found.entries[entry.fact] = entry
        if entry.kind.is_node and entry.before is None:
            self._made.add(entry.fact)

    def _count(self, entries: Iterable[Entry], step: int = 1) -> None:
        for entry in entries:
            name = name_action(entry)
            self._found.counts[entry.kind.name][name] += step
            if step > 0 and len(self._found.examples) < LISTED:
                self._found.examples[entry.fact] = entry
            if name == "make_again":
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
            if link not in self._pretence.stamps:
                self._note_leaning(nodes[row["node"]], link, row["load_id"])
        for entry in entries:
            for link in self._pretence.joined.get(entry.fact, ()):
                self._note_leaning(entry, link, self._pretence.stamps[link])

    def _note_leaning(self, entry: Entry, link: Fact, stamp: str | None) -> None:
        is_own = stamp == self._load.load_id or link in self._leaving
        if stamp is not None and not is_own and entry.fact not in self._found.troubles:
            self._note(entry, "leaned_on", link)
            self._count([entry], -1)

    def _find_missing_ends(self) -> None:
        standing = self._again - self._found.troubles.keys()
        groups: dict[str, list[str]] = defaultdict(list)
        for label, key in self._joined.keys() - standing:
            groups[label].append(key)
        for label, keys in groups.items():
            stamps = self._read_stamps(Kind(label), keys)
            for key in set(keys) - stamps.keys():
                for entry in self._joined[label, key]:
                    self._note_missing_end(entry, (label, key))

    def _note_missing_end(self, entry: Entry, end: Fact) -> None:
        if entry.fact not in self._found.troubles:
            self._note(entry, "end_missing", end)
            self._found.counts[entry.kind.name][name_action(entry)] -= 1

    def _note_gone(self) -> None:
        for fact, entry in self._gone.items():
            self._note(entry, "removed")
            self._made.discard(fact)  # it is not there to be kept

    def _name_touchers(self) -> None:
        troubles = self._found.troubles
        facts = {trouble.touched for trouble in troubles.values()}
        names = find_touchers(self._tx, facts, self._load.load_id, self._pretence.load_ids)
        for fact, trouble in troubles.items():
            troubles[fact] = replace(trouble, load_id=names.get(trouble.touched))

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
                self._hold_one((row["type"], row["identity"]), "remove")
                for side in ("start", "end"):
                    node = (row[f"{side}_label"], row[f"{side}_key"])
                    if node in self._made and self._hold_one(node, "remove"):
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


def name_action(entry: Entry) -> Action:
    """Return what undoing does with the fact of an entry."""
    if entry.before is None:
        return "remove"
    return "make_again" if entry.after is None else "restore"


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
