"""Everything the loader's sheets can say of the graph as one workbook, which the loader reads back.

Before it is handed out the workbook is read by the loader's own readers: a cell that they would
refuse is left empty, so that one fact from former times keeps nobody from loading the rest, and
how many facts the file does not carry stands in its first sheet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from exporters.arrangement import arrange
from exporters.facts import DEMANDED, list_sheets, read_facts
from graph.records import Record, RelationshipRecord, encode
from graph.rights import Actor
from graph.store import Progress, Store
from loaders.directory import Directory
from loaders.lettering import matching_key
from loaders.problems import Problem
from loaders.reading.grids import Row
from loaders.reading.headers import SheetKind, read_words
from loaders.reading.limits import DEFAULT_LIMITS
from loaders.reading.sheets import Table
from loaders.templates import Cell, Cells, list_columns, write_sheets
from loaders.workbook import Reading, read_records

_GIVEN_UP: Final = "rows.given_up"
_FILE: Final = "export"
_OPTIONAL_ENDS: Final[Mapping[str, str]] = {"FOLLOWS": "follows", "CONCERNS": "person_id"}
"""Relationships that a row may go without, and the cell that says them."""
_REFERENCE: Final = frozenset({"Area", "Support"})
_LEFT_OUT: Final = ("hidden", "work", "layout", "provisions", "open_data", "history")
"""What no sheet says; the words are in the catalogue."""

Sheets = Mapping[SheetKind, list[Cells]]
Key = tuple[str, str]


class Say(Protocol):
    """What says a text of the catalogue in somebody's language."""

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the text of `key` with its placeholders filled."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The rows of a workbook and, by kind, how many facts would not come back from it as they are.

    `uncarried` counts facts that would be missing or different, and such as a reader would add.
    """

    sheets: Sheets
    uncarried: Mapping[str, int]


def make_workbook(store: Store, as_of: date, say: Say, progress: Progress | None = None) -> bytes:
    """Return the workbook of what the store's actor may see; the same graph gives the same bytes.

    `as_of` is the day that the first sheet names: the facts are those of all days.
    """
    facts = read_facts(store, _share(progress, 0.0, 0.4))
    draft = draft_sheets(facts, list_sheets(store.actor))
    if progress:
        progress(0.7)
    data = write_sheets(draft.sheets, list(_describe(draft, store.actor, as_of, say)))
    if progress:
        progress(1.0)
    return data


def draft_sheets(facts: Sequence[Record], kinds: Sequence[SheetKind]) -> Draft:
    """Return the rows that say `facts` in sheets of these kinds, all of which can be loaded."""
    sheets = arrange(facts, kinds)
    reading = _read(sheets)
    while wrong := _find_wrong(reading):  # each time a cell or a row fewer
        _mend(sheets, wrong)
        reading = _read(sheets)
    return Draft(sheets, _count_uncarried(facts, reading.records))


def _share(progress: Progress | None, first: float, last: float) -> Progress | None:
    if progress is None:
        return None
    return lambda done: progress(first + (last - first) * done)


def _read(sheets: Sheets) -> Reading:
    return read_records([_make_table(kind, rows) for kind, rows in sheets.items()], Directory())


def _make_table(kind: SheetKind, rows: Iterable[Cells]) -> Table:
    """Return a sheet as the loader finds it in the file."""
    columns = list_columns(kind)
    cells = (
        Row(number, tuple("" if row.get(name) is None else row[name] for name in columns))
        for number, row in enumerate(rows, start=2)
    )
    words = read_words()[kind]
    header = tuple(words.labels[column][0] for column in columns)
    return Table(_FILE, words.names[0], header, 1, tuple(cells))


def _find_wrong(reading: Reading) -> list[Problem]:
    """Return what keeps the file from being loaded; [] for nothing.

    Of a sheet that was given up the rest is not known: it is mended before anything that may only
    seem wrong for that reason.
    """
    given_up = {one.sheet for one in reading.problems if one.code == _GIVEN_UP}
    known = [one for one in reading.problems if one.code != _GIVEN_UP]
    if given_up:
        return [one for one in known if one.sheet in given_up]
    return [*known, *_find_loose_ends(reading)]


def _find_loose_ends(reading: Reading) -> Iterator[Problem]:
    """Yield the rows that point to what no row brings; the loader would find out when it writes."""
    standing = {(record.kind, record.identity) for record in reading.records}
    for record in reading.records:
        if not isinstance(record, RelationshipRecord):
            continue
        loose = [end for end in (record.start, record.end) if end not in standing]
        if any(label not in _REFERENCE for label, _ in loose):
            place = (_FILE, record.source.sheet, record.source.row or 0)
            column = _OPTIONAL_ENDS.get(record.type, "")
            yield Problem(*place, column, "rows.missing_end")


def _mend(sheets: dict[SheetKind, list[Cells]], problems: Iterable[Problem]) -> None:
    """Empty the cells that are wrong; a row that is wrong as a whole, or without them, goes."""
    kinds = {read_words()[kind].names[0]: kind for kind in sheets}
    gone: dict[SheetKind, set[int]] = {kind: set() for kind in sheets}
    for problem in problems:
        kind, place = kinds[problem.sheet or ""], problem.row - 2
        column = read_words()[kind].column_of.get(matching_key(problem.column))
        if column is None or sheets[kind][place].pop(column, None) is None:
            gone[kind].add(place)
    for kind, places in gone.items():
        sheets[kind] = [row for place, row in enumerate(sheets[kind]) if place not in places]


def _count_uncarried(facts: Iterable[Record], read: Iterable[Record]) -> Mapping[str, int]:
    wanted, found = _list_contents(facts), _list_contents(read)
    keys = wanted.keys() | found.keys()
    return Counter(key[0] for key in keys if wanted.get(key) != found.get(key))


def _list_contents(records: Iterable[Record]) -> dict[Key, dict[str, object]]:
    """Return what would be stored, by fact; an empty text is as good as none."""
    return {
        (record.kind, record.identity): {
            name: value for name, value in encode(record).items() if value not in (None, "")
        }
        for record in records
    }


def _is_too_large(sheets: Sheets) -> bool:
    """Say whether the loader would refuse the file for its size."""
    rows = [len(found) for found in sheets.values()]
    cells = sum((len(found) + 1) * len(list_columns(kind)) for kind, found in sheets.items())
    return max(rows, default=0) >= DEFAULT_LIMITS.rows or cells > DEFAULT_LIMITS.cells


def _describe(draft: Draft, actor: Actor, as_of: date, say: Say) -> Iterator[list[Cell]]:
    """Yield the rows of the first sheet: what is in the file, and what is not."""
    yield [say("takeout.about.title")]
    yield [say("takeout.about.made", date=as_of)]
    yield [say("takeout.about.load")]
    if _is_too_large(draft.sheets):
        yield [say("takeout.about.too_large")]
    yield []
    yield [say("takeout.about.sheet"), say("takeout.about.rows"), say("takeout.about.meaning")]
    for kind, rows in draft.sheets.items():
        yield [read_words()[kind].names[0], len(rows), say(f"takeout.about.{kind}")]
    for kind, right in DEMANDED.items():
        if not actor.may(right):
            name = read_words()[kind].names[0]
            yield [name, None, say("takeout.about.withheld")]
    yield []
    yield [say("takeout.about.not_in")]
    for name in _LEFT_OUT:
        yield [say(f"takeout.about.without.{name}")]
    for right in ("see_clients", "see_people", "see_levels"):
        if not actor.may(right):
            yield [say(f"takeout.about.without.{right}")]
    if count := sum(draft.uncarried.values()):
        yield [say("takeout.about.uncarried", count=count)]
