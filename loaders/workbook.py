"""A file's tables become records; every problem of the file is found in one pass.

Sheets that bring agencies into being (機関, then 連携リスト) are read first, so that all others may
name them in any order of sheets or rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from graph.dates import PartialDate
from graph.records import Fault, NodeRecord, Record, RelationshipRecord, Source, Value, check
from graph.schema import NODES
from loaders.consents import read_consent
from loaders.directory import Directory
from loaders.events import read_event
from loaders.organizations import declare_organization, read_organization
from loaders.partner_lists import declare_facility, declare_partner, read_partner
from loaders.people import read_person
from loaders.privacy import screen_record
from loaders.problems import Problem, sort_values
from loaders.reading.grids import Row
from loaders.reading.headers import (
    ColumnMap,
    SheetKind,
    Words,
    read_words,
    recognise_columns,
    recognise_kind,
)
from loaders.reading.sheets import Table
from loaders.referrals import read_referral
from loaders.rows import PERSONAL_COLUMNS, PERSONAL_IN_PEOPLE, RowReader
from loaders.single_links import find_contradictions
from loaders.ties import read_tie

_SAMPLES: Final = 3

RowLoader = Callable[[RowReader], Iterable[Record]]

MOST_PROBLEMS: Final = 5_000
"""A sheet with so many problems is read no further: nobody mends it row by row."""


@dataclass(frozen=True, slots=True)
class SheetHeader:
    """How a sheet was understood: its kind (None = not), and what each header was taken for.

    `name` is the sheet's, or the stem of a text file's. `samples` are, per column, its first values
    as written; they may be personal.
    """

    name: str
    kind: SheetKind | None
    header: tuple[str, ...]
    columns: tuple[str | None, ...]
    samples: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says: its records, and what is wrong with it; `notices` only inform."""

    records: tuple[Record, ...] = ()
    problems: tuple[Problem, ...] = ()
    notices: tuple[Problem, ...] = ()
    rows: int = 0


@dataclass(slots=True)
class _Sheet:
    kind: SheetKind
    rows: list[RowReader]
    problems: list[Problem] = field(default_factory=list)


def read_records(
    tables: Sequence[Table],
    directory: Directory,
    facility: str | None = None,
    words: Words | None = None,
    *,
    made_on: PartialDate | None = None,
) -> Reading:
    """Read every row of `tables` into records.

    `directory` holds the agencies of the graph and learns those of the file; `facility` is the id
    or name of the agency whose lists and events these are where a row does not say; one that
    nobody knows yet is created. `made_on` is the day of lists whose rows do not say it, `words`
    what is known of headers. No tables give an empty reading.

    Raises:
        BadValue: `facility` may mean several agencies.
    """
    notices: list[Problem] = []
    words = words or read_words()
    sheets = [sheet for table in tables if (sheet := _open_sheet(table, notices, words))]
    records = list(_read_sheets(sheets, directory, facility, made_on))
    merged, contradictions = merge_records(records)
    problems = [problem for sheet in sheets for problem in sheet.problems]
    problems += [*contradictions, *find_contradictions(merged)]
    problems += [_report_fault(fault) for fault in check(merged)]
    notices += [_warn(one) for one in merged if screen_record(one)]
    return Reading(
        tuple(merged),
        tuple(sorted(set(problems))),
        tuple(sorted(notices)),
        sum(len(sheet.rows) for sheet in sheets),
    )


def describe_header(table: Table, words: Words) -> SheetHeader:
    """Return how a table's sheet is understood by the words that are known."""
    kind = recognise_kind(_name_sheet(table), table.header, words) if table.header else None
    nothing: tuple[str | None, ...] = (None,) * len(table.header)
    columns = recognise_columns(kind, table.header, words).columns if kind else nothing
    samples = tuple(
        tuple(islice((str(row.cells[n]) for row in table.rows if row.cells[n]), _SAMPLES))
        for n in range(len(table.header))
    )
    return SheetHeader(_name_sheet(table), kind, table.header, columns, samples)


def _name_sheet(table: Table) -> str:
    return table.sheet or Path(table.file).stem


def merge_records(records: Iterable[Record]) -> tuple[list[Record], list[Problem]]:
    """Join what several rows say about one node or relationship; report where they disagree.

    An empty value never contradicts a filled one, whichever comes first.
    """
    merged: dict[tuple[str, str], Record] = {}
    problems: list[Problem] = []
    for record in records:
        key = (record.kind, record.identity)
        first = merged.get(key)
        if first is None:
            merged[key] = record
            continue
        if different := _find_contradiction(first.properties, record.properties):
            problems.append(_report_contradiction(first, record, different))
        merged[key] = _join(first, record.properties)
    return list(merged.values()), problems


def _open_sheet(table: Table, notices: list[Problem], words: Words) -> _Sheet | None:
    kind = recognise_kind(_name_sheet(table), table.header, words) if table.header else None
    if kind is None:
        place = (table.file, table.sheet, table.header_row, "")
        notices.append(Problem(*place, code="rows.sheet_unknown", notice=True))
        return None
    columns = recognise_columns(kind, table.header, words)
    sheet = _Sheet(kind, [], list(table.problems))
    for problem in columns.report(file=table.file, sheet=table.sheet, row=table.header_row):
        (notices if problem.notice else sheet.problems).append(problem)
    personal = PERSONAL_COLUMNS | (PERSONAL_IN_PEOPLE if kind == "people" else frozenset())
    sheet.rows = [
        RowReader(
            Source(table.file, table.sheet, row.number),
            _name_cells(columns, row),
            _name_headers(columns),
            sheet.problems,
            personal,
        )
        for row in table.rows
    ]
    return sheet


def _name_cells(columns: ColumnMap, row: Row) -> dict[str, object]:
    pairs = zip(columns.columns, row.cells, strict=False)
    return {column: cell for column, cell in pairs if column}


def _name_headers(columns: ColumnMap) -> dict[str, str]:
    pairs = zip(columns.columns, columns.header, strict=True)
    return {column: header for column, header in pairs if column}


def _read_sheets(
    sheets: Sequence[_Sheet],
    directory: Directory,
    facility: str | None,
    made_on: PartialDate | None,
) -> Iterator[Record]:
    for row in _rows(sheets, "organizations"):
        if (organization := declare_organization(row, directory)) is not None:
            yield from read_organization(row, organization)
    if facility:
        source = Source(sheets[0].rows[0].source.file if sheets and sheets[0].rows else "")
        yield from declare_facility(facility, directory, source)
    for row in _rows(sheets, "partner_list"):
        yield from declare_partner(row, directory)
    own = directory.resolve(facility) if facility else None
    readers: dict[SheetKind, RowLoader] = {
        "partner_list": partial(
            read_partner, directory=directory, default=own, default_day=made_on
        ),
        "ties": partial(read_tie, directory=directory),
        "people": partial(read_person, directory=directory),
        "referrals": partial(read_referral, directory=directory),
        "consents": partial(read_consent, directory=directory),
        "events": partial(read_event, directory=directory, facility=own),
    }
    for kind, read in readers.items():
        for row in _rows(sheets, kind):
            yield from read(row)


def _rows(sheets: Sequence[_Sheet], kind: SheetKind) -> Iterator[RowReader]:
    """Yield the rows of the sheets of a kind, of each until it has too many problems."""
    for sheet in sheets:
        for row in sheet.rows if sheet.kind == kind else ():
            if len(sheet.problems) >= MOST_PROBLEMS:
                row.give_up()
                break
            yield row


def _find_contradiction(first: Mapping[str, Value], second: Mapping[str, Value]) -> str | None:
    for name, value in second.items():
        standing = first.get(name)
        if value is not None and standing is not None and _means(value) != _means(standing):
            return name
    return None


def _means(value: Value) -> object:
    # 2022年3月 and R4.3 are one month, however written.
    return value.isoformat() if isinstance(value, PartialDate) else value


def _join(first: Record, properties: Mapping[str, Value]) -> Record:
    filled = {name: value for name, value in properties.items() if value is not None}
    joined = dict(properties) | dict(first.properties)
    joined |= {name: value for name, value in filled.items() if joined.get(name) is None}
    if isinstance(first, NodeRecord):
        return NodeRecord(first.label, first.key, joined, first.source)
    return RelationshipRecord(first.type, first.start, first.end, joined, first.source)


def _report_contradiction(first: Record, second: Record, name: str) -> Problem:
    values = {"other": first.source.row or "", "property": _label(second, name)}
    return _at(second, "rows.contradiction", values)


def _report_fault(fault: Fault) -> Problem:
    values = {"property": _label(fault.record, fault.property), "expected": fault.expected}
    return _at(fault.record, f"rows.rule.{fault.code}", values)


def _warn(record: Record) -> Problem:
    return replace(_at(record, "rows.personal_words", {}), notice=True)


def _at(record: Record, code: str, values: Mapping[str, object]) -> Problem:
    source = record.source
    return Problem(source.file, source.sheet, source.row or 0, "", code, sort_values(values))


def _label(record: Record, name: str) -> str:
    if isinstance(record, NodeRecord):
        for declared in NODES[record.label].properties:
            if declared.name == name:
                return declared.ja
    return name
