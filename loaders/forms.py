"""A form is a table of one row: what is typed on a page becomes records by the rules of a file.

The readers of the sheets read the row, so a form and a file cannot disagree about what is allowed
or what a value means. On top of that a form knows what it was opened on: every record it changes
is expected to stand as it was read, every record it brings is expected not to stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from graph.dates import PartialDate, read_stored_date
from graph.records import (
    NodeRecord,
    Record,
    RelationshipRecord,
    Source,
    Value,
    check,
    derive_id,
    encode,
    hash_content,
)
from graph.store import Change, Expected, Load
from loaders.directory import Directory, know_agencies
from loaders.events import LEVEL_KINDS, read_event, require_level
from loaders.people import read_person
from loaders.problems import BadValue, Problem
from loaders.rows import PERSONAL_COLUMNS, PERSONAL_IN_PEOPLE, RowReader
from loaders.ties import read_tie
from loaders.workbook import merge_records

FILE: Final = "画面"
"""Stands where a file's name stands: in the provenance, and as who has written it."""

# How a form's row names its agencies. An id may hold any sign but a space, also the signs that
# separate several agencies in a cell; these words are no id and hold no such sign.
_FIRST: Final = "the agency"
_SECOND: Final = "the other"

Cells = Mapping[str, object]
Labels = Mapping[str, str]
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """A record as it stood when the form was opened, with the hash that tells whether it does."""

    record: Record
    content_hash: str | None

    @property
    def key(self) -> Key:
        """Kind and identity."""
        return _key(self.record)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a form says. With `problems` nothing may be written; no records: nothing to write."""

    records: tuple[Record, ...] = ()
    expected: Expected = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def stand_event(row: Mapping[str, Any]) -> Standing:
    """Return the event of a row of record_events."""
    properties: dict[str, Value] = {
        "kind": row["kind"],
        "occurred_on": read_stored_date(row, "occurred_on"),
        "until": read_stored_date(row, "until"),
        "value": row["value"],
        "text": row["text"],
    }
    return Standing(
        NodeRecord("Event", row["event_id"], properties, Source(FILE)), row["content_hash"]
    )


def stand_tie(row: Mapping[str, Any]) -> Standing:
    """Return the tie of a row of record_ties."""
    properties: dict[str, Value] = {
        name: row[name] for name in ("kind", "strength", "quality", "flow", "note")
    }
    properties |= {"since": read_stored_date(row, "since"), "until": read_stored_date(row, "until")}
    record = _link("TIED_TO", "Organization", row["source_id"], row["target_id"], properties)
    return Standing(record, row["content_hash"])


def stand_work(row: Mapping[str, Any]) -> Standing:
    """Return of a row of record_people that the person works for the agency."""
    properties: dict[str, Value] = {
        "role": row["role"],
        "since": read_stored_date(row, "since"),
        "until": read_stored_date(row, "until"),
    }
    record = _link("WORKS_FOR", "Person", row["person_id"], row["organization_id"], properties)
    return Standing(record, row["content_hash"])


def read_event_form(
    cells: Cells, labels: Labels, organization_id: str, facility_id: str | None
) -> Entry:
    """Return an event of the agency: `kind`, `date`, `due_on`, `value`, `text`.

    The same kind on the same day is the same event: it is expected not to stand, so that a second
    remark of a day is asked about and overwrites nothing (see `set_apart`).
    """
    return _read_event(None, cells, labels, organization_id, facility_id)


def read_event_table(
    rows: Sequence[tuple[int, str | None, Cells]], labels: Labels, facility_id: str | None
) -> Entry:
    """Return the events of a table with a row for each agency and event.

    Each item is the row as the table numbers it, the agency, None when none was chosen, and the
    cells of the form of events. With a problem in any row nothing may be written.
    """
    entries = [_read_table_row(*item, labels, facility_id) for item in rows]
    records, contradictions = merge_records(r for entry in entries for r in entry.records)
    problems = [problem for entry in entries for problem in entry.problems]
    if problems or contradictions:
        return Entry(problems=(*problems, *contradictions))
    expected = {key: value for entry in entries for key, value in entry.expected.items()}
    return Entry(tuple(records), expected)


def _read_table_row(
    number: int,
    organization_id: str | None,
    cells: Cells,
    labels: Labels,
    facility_id: str | None,
) -> Entry:
    if organization_id is None:
        row = open_row({}, labels, row=number)
        row.text("organization", required=True)
        return Entry(problems=tuple(row.problems))
    return _read_event(number, cells, labels, organization_id, facility_id)


def _read_event(
    number: int | None, cells: Cells, labels: Labels, organization_id: str, facility_id: str | None
) -> Entry:
    row = open_row(_name_agency(cells, facility_id), labels, row=number)
    records = list(read_event(row, _know(organization_id, facility_id), None))
    kind = next((r.properties["kind"] for r in records if r.kind == "Event"), None)
    if kind == "remark":
        row.text("text", required=True)
    _require_order(row, row.date("date"), row.date("due_on"), "due_on")
    new = [record for record in records if record.kind == "Event"]
    return close_entry(row, records, dict.fromkeys(map(_key, new)), labels)


def read_tie_form(
    cells: Cells, labels: Labels, source_id: str, target_id: str, standing: Standing | None = None
) -> Entry:
    """Return a tie: `kind`, `strength`, `quality`, `flow`, `since`, `note`.

    A tie that changes (`standing`) ends on the day the new one begins; with the kind and the
    beginning it has it is corrected instead.
    """
    row = open_row({**cells, "source": _FIRST, "target": _SECOND}, labels)
    directory = _know(source_id, target_id)
    drawn = [_leave_unasked(record, row) for record in read_tie(row, directory)]
    expected: dict[Key, str | None] = dict.fromkeys(map(_key, drawn))
    if standing is not None and standing.key in expected:
        kept = {"since": standing.record.properties["since"]}  # in the words it was written in
        drawn = [replace(record, properties={**record.properties, **kept}) for record in drawn]
        return close_entry(row, drawn, {standing.key: standing.content_hash}, labels)
    if standing is not None:
        row.date("since", required=True)
        drawn.append(_end(standing, row, "since"))
        expected[standing.key] = standing.content_hash
    return close_entry(row, drawn, expected, labels)


def read_tie_end(cells: Cells, labels: Labels, standing: Standing) -> Entry:
    """Return the end of a tie on the day `until`, which no longer counts."""
    row = open_row(cells, labels)
    row.date("until", required=True)
    ended = _end(standing, row, "until")
    return close_entry(row, [ended], {standing.key: standing.content_hash}, labels)


def read_person_form(
    cells: Cells,
    labels: Labels,
    organization_id: str,
    facility_id: str | None,
    leaving: Standing | None = None,
    *,
    is_change: bool = True,
) -> Entry:
    """Return a contact person: `name`, `role`, `phone`, `email`, `since`.

    On the day `since` whoever is `leaving` ends; `is_change` also tells it as an event. Without a
    name the successor is not known yet, which only a change may leave open.
    """
    row = open_row(_name_agency(cells, facility_id), labels, PERSONAL_IN_PEOPLE)
    row.date("since", required=True)
    directory = _know(organization_id, facility_id)
    records: list[Record] = []
    if row.is_filled("name") or not is_change:
        records += read_person(row, directory)
    if is_change:
        event = {"kind": "contact_changed", "date": cells.get("since"), "person": cells.get("name")}
        told = open_row(_name_agency(event, facility_id), labels)
        records += read_event(told, directory, None)
    expected: dict[Key, str | None] = {
        _key(record): None for record in records if record.kind not in ("CONCERNS", "RECORDED_BY")
    }
    if leaving is not None:
        if leaving.key not in expected:  # else the same person since the same day: a correction
            records.append(_end(leaving, row, "since"))
        expected[leaving.key] = leaving.content_hash
    return close_entry(row, records, expected, labels)


def read_corrections(changed: Sequence[tuple[int, Standing, Cells]], labels: Labels) -> Entry:
    """Return what was corrected in a table of events: `date`, `due_on`, `value`, `text`.

    Each item is the row as the table numbers it, the event as it was read, and the changed cells
    alone; what was not touched is left as it is.
    """
    entries = [_read_correction(*item, labels) for item in changed]
    return Entry(
        tuple(record for entry in entries for record in entry.records),
        {key: value for entry in entries for key, value in entry.expected.items()},
        tuple(problem for entry in entries for problem in entry.problems),
    )


def set_apart(entry: Entry, opening: str, changes: Iterable[Change]) -> Entry:
    """Return an entry whose events among `changes` are ones of their own, beside those standing."""
    clashing = [change.record.identity for change in changes if change.record.kind == "Event"]
    names = {key: derive_id("event", opening, key) for key in clashing}
    records = tuple(_rename_event(record, names) for record in entry.records)
    return Entry(
        records,
        {
            (kind, names.get(identity, identity) if kind == "Event" else identity): content
            for (kind, identity), content in entry.expected.items()
        },
    )


def take_over(entry: Entry, changes: Iterable[Change]) -> Entry:
    """Return an entry that is written over what stands now, which its writer has seen."""
    seen = {_key(c.record): c.before.get("content_hash") for c in changes}
    return replace(entry, expected={**entry.expected, **seen})  # type: ignore[dict-item]


def leave_out(entry: Entry, changes: Iterable[Change]) -> Entry:
    """Return an entry without what somebody else has changed."""
    left = {_key(change.record) for change in changes}
    return Entry(
        tuple(record for record in entry.records if _key(record) not in left),
        {key: value for key, value in entry.expected.items() if key not in left},
    )


def make_load(opening: str, entry: Entry) -> Load:
    """Return the load of an entry: the same words of one opened form are one load.

    A double click or a retry therefore changes nothing, while words that were mended after an
    unfinished save are a load of their own.
    """
    contents = sorted(
        f"{record.kind} {record.identity} {hash_content(encode(record))}"
        for record in entry.records
    )
    return Load(derive_id("load", opening, *contents), FILE, actor=FILE)


def _read_correction(number: int, standing: Standing, cells: Cells, labels: Labels) -> Entry:
    row = open_row(cells, labels, row=number)
    properties = {name: standing.record.properties[name] for name in ("kind", "occurred_on")}
    if "date" in cells:
        properties["occurred_on"] = row.date("date", required=True)
    if "due_on" in cells:
        properties["until"] = row.date("due_on")
    if "text" in cells:
        properties["text"] = row.prose("text", required=properties["kind"] == "remark")
    if "value" in cells:
        properties["value"] = row.number("value")
        if properties["kind"] in LEVEL_KINDS:
            require_level(row)
    until = properties.get("until", standing.record.properties["until"])
    _require_order(row, properties["occurred_on"], until, "due_on" if "due_on" in cells else "date")
    record = NodeRecord("Event", standing.record.identity, properties, Source(FILE))
    return close_entry(row, [record], {standing.key: standing.content_hash}, labels)


def open_row(
    cells: Cells, labels: Labels, personal: frozenset[str] = frozenset(), row: int | None = None
) -> RowReader:
    """Return the reader of what a form holds, with the labels of its fields.

    What is typed into the columns that are personal anywhere, or into `personal` ones of this
    form, is in no message. `row` is the number of a form with several rows.
    """
    return RowReader(
        Source(FILE, None, row), cells, MappingProxyType(dict(labels)), [],
        PERSONAL_COLUMNS | personal,
    )  # fmt: skip


def close_entry(
    row: RowReader, records: Sequence[Record], expected: Expected, labels: Labels
) -> Entry:
    """Return the records of a form; problems only where a cell or a record of them is wrong.

    What the schema says of the records is asked when every cell could be read.
    """
    merged, contradictions = merge_records(records)
    if not row.problems and not contradictions:
        for fault in check(merged):
            name = labels.get(fault.property, fault.property)
            words = {"property": name, "expected": fault.expected}
            row.report(fault.property, BadValue(f"rows.rule.{fault.code}", **words))
    if row.problems or contradictions:
        return Entry(problems=(*row.problems, *contradictions))
    return Entry(tuple(merged), expected)


def _name_agency(cells: Cells, facility_id: str | None) -> dict[str, object]:
    facility = {"facility": _SECOND} if facility_id else {}
    return {**cells, "organization": _FIRST, **facility}


def _know(first: str, second: str | None) -> Directory:
    return know_agencies(((first, _FIRST), (second, _SECOND)))


def _end(standing: Standing, row: RowReader, column: str) -> Record:
    """Return a relationship that ends on the day of `column`; the rest of it stays as it is."""
    record = standing.record
    until = row.date(column)
    since = record.properties["since"]
    _require_order(row, since, until, column)
    kept = {
        name: record.properties[name]
        for name in ("kind", "strength", "quality")
        if name in record.properties
    }
    return replace(record, properties={**kept, "since": since, "until": until}, source=row.source)


def _leave_unasked(record: Record, row: RowReader) -> Record:
    """Return the record without the empty values of columns the form does not have."""
    properties = {
        name: value
        for name, value in record.properties.items()
        if value is not None or row.has(name)
    }
    return replace(record, properties=properties)


def _rename_event(record: Record, names: Mapping[str, str]) -> Record:
    if isinstance(record, NodeRecord):
        is_one = record.label == "Event" and record.key in names
        return replace(record, key=names[record.key]) if is_one else record
    label, key = record.start
    is_one = label == "Event" and key in names
    return replace(record, start=(label, names[key])) if is_one else record


def _require_order(row: RowReader, first: Value, last: Value, column: str) -> None:
    if isinstance(first, PartialDate) and isinstance(last, PartialDate) and last.last < first.first:
        row.report(column, BadValue("rows.dates_reversed"))


def _link(
    relation: str, label: str, start: str, organization_id: str, properties: Mapping[str, Value]
) -> RelationshipRecord:
    end = ("Organization", organization_id)
    return RelationshipRecord(relation, (label, start), end, properties, Source(FILE))


def _key(record: Record) -> Key:
    return (record.kind, record.identity)
