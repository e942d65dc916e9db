"""Contacts to be made: a task is opened, mended, and closed by its result, which is an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from graph.dates import read_stored_date
from graph.records import NodeRecord, RelationshipRecord, Source, Value, derive_id
from loaders.forms import FILE, Cells, Entry, Labels, Standing, open_row, read_event_form
from loaders.rows import RowReader

_PERSONAL: Final = frozenset({"owner"})


def stand_task(row: Mapping[str, Any]) -> Standing:
    """Return the task of a row of contact_tasks."""
    properties: dict[str, Value] = {
        "text": row["text"],
        "owner": row["owner"],
        "due_on": read_stored_date(row, "due_on"),
    }
    return Standing(
        NodeRecord("Task", row["task_id"], properties, Source(FILE)), row["content_hash"]
    )


def open_task(
    cells: Cells, labels: Labels, organization_id: str, facility_id: str | None = None
) -> Entry:
    """Return a task of the facility to contact an agency: `text`, `owner`, `created_on`, `due_on`.

    The same words for the same agency on the same day are the same task of one facility, which is
    expected not to stand. A task of no facility is one of every facility that lists the agency.
    """
    row = open_row(cells, labels, _PERSONAL)
    properties = _read_task(row) | {"created_on": row.date("created_on", required=True)}
    if row.problems:
        return Entry(problems=tuple(row.problems))
    named = (organization_id, properties["text"], properties["created_on"])
    key = derive_id("task", *named, *([facility_id] if facility_id else []))
    return Entry(
        (
            NodeRecord("Task", key, properties, row.source),
            *(
                RelationshipRecord(kind, ("Task", key), ("Organization", end), {}, row.source)
                for kind, end in (("CONTACTS", organization_id), ("OF", facility_id))
                if end
            ),
        ),
        {("Task", key): None},
    )


def mend_task(cells: Cells, labels: Labels, standing: Standing) -> Entry:
    """Return a task with other words, owner or due day; it is expected to stand as it was read."""
    row = open_row(cells, labels, _PERSONAL)
    properties = _read_task(row)
    if row.problems:
        return Entry(problems=tuple(row.problems))
    record = NodeRecord("Task", standing.record.identity, properties, row.source)
    return Entry((record,), {standing.key: standing.content_hash})


def close_task(
    cells: Cells, labels: Labels, standing: Standing, organization_id: str, facility_id: str | None
) -> Entry:
    """Return the result of a contact and that its task is done on the day of it.

    The result is an event by the rules of the form of events: `kind`, `date`, `due_on`, `text`.
    """
    result = read_event_form(cells, labels, organization_id, facility_id)
    done_on = open_row(cells, labels, _PERSONAL).date("date")
    if result.problems or done_on is None:
        return result
    properties = {"text": standing.record.properties["text"], "done_on": done_on}
    done = NodeRecord("Task", standing.record.identity, properties, Source(FILE))
    return Entry((*result.records, done), {**result.expected, standing.key: standing.content_hash})


def _read_task(row: RowReader) -> dict[str, Value]:
    return {
        "text": row.text("text", required=True),
        "owner": row.text("owner"),
        "due_on": row.date("due_on", required=True),
    }
