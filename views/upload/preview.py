"""What loading a file would do, as a page may keep it: personal values are hidden in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from graph.records import NodeRecord, Point, Record
from graph.schema import NODES, RELATIONSHIPS, Property, ValueType
from graph.store import Change
from loaders.likenesses import Likeness
from loaders.loading import OpenDataOutcome, Outcome
from loaders.problems import HIDDEN, Problem
from loaders.workbook import SheetHeader

_NAMING: Final = ("name", "text", "kind", "purpose")


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """One value before and after; None is empty. A personal value is `HIDDEN`."""

    property: Property
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Item:
    """A fact that is new, changes or goes: its label or type, its name, and where it was read.

    `names` are a node's own name, or those of a relationship's two ends.
    """

    kind: str
    names: tuple[str, ...]
    sheet: str
    row: int | None
    values: tuple[ChangedValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """The outcome of a check without the records themselves."""

    file: str
    rows: int
    new: tuple[Item, ...]
    changed: tuple[Item, ...]
    unchanged: int
    missing: tuple[tuple[str, int], ...]
    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...]
    open_data: OpenDataOutcome | None = None
    sheets: tuple[SheetHeader, ...] = ()
    withdrawn: tuple[Item, ...] = ()
    alike: tuple[Likeness, ...] = ()

    @property
    def kinds(self) -> list[tuple[str, int, int, int]]:
        """Kind, new, changed and missing, in order of the schema; kinds without any left out."""
        counts = [
            Counter(item.kind for item in self.new),
            Counter(item.kind for item in self.changed),
            Counter(kind for kind, _ in self.missing),
        ]
        return [
            (kind, counts[0][kind], counts[1][kind], counts[2][kind])
            for kind in (*NODES, *RELATIONSHIPS)
            if any(count[kind] for count in counts)
        ]


def make_preview(outcome: Outcome, names: Mapping[str, str]) -> Preview:
    """Return what may be shown of a check; `names` gives the name of a node of the graph by id."""
    difference = outcome.difference
    known = {**names, **_name_nodes(change.record for change in difference.new)}
    return Preview(
        outcome.file,
        outcome.rows,
        tuple(_describe(change, known) for change in difference.new),
        tuple(_describe(change, known) for change in difference.changed),
        difference.unchanged,
        outcome.missing,
        outcome.problems,
        outcome.notices,
        outcome.open_data,
        outcome.sheets,
        tuple(_name_item(record, {}, known) for record in outcome.withdrawn),
        outcome.alike,
    )


def list_changed_values(kind: str, change: Change) -> tuple[ChangedValue, ...]:
    """Return what differs, a partial date once (as written), personal values hidden."""
    declared = (NODES.get(kind) or RELATIONSHIPS[kind]).properties
    different = set(change.changed_properties)
    return tuple(
        _compare(one, change) for one in declared if different.intersection(one.stored_names)
    )


def write_value(declared: Property, value: object, language: str) -> str | None:
    """Return a value of a change as text; None when it is empty."""
    if value is None or value == "":
        return None
    if isinstance(value, Point):
        return f"{value.latitude:.5f}, {value.longitude:.5f}"
    return str(value) if declared.personal else declared.label(str(value), language)


def _describe(change: Change, known: Mapping[str, str]) -> Item:
    item = _name_item(change.record, change.before, known)
    return replace(item, values=list_changed_values(item.kind, change)) if change.before else item


def _name_item(record: Record, before: Mapping[str, object], known: Mapping[str, str]) -> Item:
    source = record.source
    if isinstance(record, NodeRecord):
        own = known.get(record.key) or _name_standing(record, before)
        names: tuple[str, ...] = (own,)
    else:
        names = tuple(_name_end(end, known) for end in (record.start, record.end))
    return Item(record.kind, names, source.sheet or "", source.row)


def _compare(declared: Property, change: Change) -> ChangedValue:
    # Of a partial date people know the words they wrote, not the day those were read as.
    stored = declared.name
    if declared.type is ValueType.PARTIAL_DATE:
        stored = f"{declared.name}_text"
        if change.before.get(stored) == change.after.get(stored):
            stored = declared.name
    before, after = change.before.get(stored), change.after.get(stored)
    if declared.personal:
        before, after = _hide(before), _hide(after)
    return ChangedValue(declared, before, after)


def _hide(value: object) -> str | None:
    return None if value is None else HIDDEN


def _name_nodes(records: Iterable[Record]) -> dict[str, str]:
    return {
        record.key: _name_standing(record, {})
        for record in records
        if isinstance(record, NodeRecord)
    }


def _name_standing(record: NodeRecord, before: Mapping[str, object]) -> str:
    declared = {one.name: one for one in NODES[record.label].properties}
    for name in _NAMING:
        value = record.properties.get(name) or before.get(name)
        if value and name in declared:
            return HIDDEN if declared[name].personal else declared[name].label(str(value), "ja")
    return record.key


def _name_end(end: tuple[str, str], known: Mapping[str, str]) -> str:
    label, key = end
    return known.get(key) or (HIDDEN if label == "Person" else key)


def limit_items(items: Sequence[Item], limit: int) -> Sequence[Item]:
    """Return at most `limit` items, nodes before relationships."""
    return sorted(items, key=lambda item: item.kind not in NODES)[:limit]
