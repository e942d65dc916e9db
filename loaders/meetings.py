"""Minutes of a meeting over a facility's ecomap, and what it decided, which becomes tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from graph.dates import read_stored_date
from graph.records import NodeRecord, RelationshipRecord, Source, Value, derive_id
from loaders.forms import FILE, Cells, Entry, Labels, Standing, open_row
from loaders.tasks import open_task

_PERSONAL: Final = frozenset({"note"})


def stand_minutes(row: Mapping[str, Any]) -> Standing:
    """Return the minutes of an item of facility_minutes."""
    properties: dict[str, Value] = {
        "held_on": read_stored_date(row, "held_on"),
        "title": row["title"],
        "note": row["note"],
    }
    record = NodeRecord("Minutes", row["minutes_id"], properties, Source(FILE))
    return Standing(record, row["content_hash"])


def read_minutes(
    cells: Cells, labels: Labels, facility_id: str, standing: Standing | None = None
) -> Entry:
    """Return the minutes of a facility's meeting: `held_on`, `title`, `note` as it was typed.

    A facility has one set of minutes for a day. They are expected as they were read, or not to
    stand, so that what somebody else noted meanwhile is asked about and not overwritten.
    """
    row = open_row(cells, labels, _PERSONAL)
    held_on = row.date("held_on", required=True)
    properties: dict[str, Value] = {
        "held_on": held_on,
        "title": row.text("title", required=True),
        "note": row.raw("note") or None,
    }
    if row.problems or held_on is None:
        return Entry(problems=tuple(row.problems))
    key = derive_id("minutes", facility_id, held_on)
    if standing is not None:
        key = standing.record.identity
        properties["held_on"] = standing.record.properties["held_on"]
    end = ("Organization", facility_id)
    return Entry(
        (
            NodeRecord("Minutes", key, properties, row.source),
            RelationshipRecord("OF", ("Minutes", key), end, {}, row.source),
        ),
        {("Minutes", key): None if standing is None else standing.content_hash},
    )


def add_decision(minutes: Entry, cells: Cells, labels: Labels, organization_id: str) -> Entry:
    """Return the minutes with one more decision, a task of their facility for an agency.

    Of the decision: `text`, `owner`, `created_on`, `due_on`; see `open_task`. With a problem in
    either nothing is written.
    """
    facility = next((record for record in minutes.records if record.kind == "OF"), None)
    facility_id = facility.end[1] if isinstance(facility, RelationshipRecord) else None
    task = open_task(cells, labels, organization_id, facility_id)
    if minutes.problems or task.problems:
        return Entry(problems=(*minutes.problems, *task.problems))
    ends = {record.kind: record.identity for record in (*minutes.records, *task.records)}
    decided = RelationshipRecord(
        "DECIDED", ("Minutes", ends["Minutes"]), ("Task", ends["Task"]), {}, Source(FILE)
    )
    return Entry((*minutes.records, *task.records, decided), {**minutes.expected, **task.expected})
