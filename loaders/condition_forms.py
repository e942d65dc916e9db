"""The form of an agency's conditions: whom it takes, when, at what cost, with how many places free.

As in `loaders.forms` a form is a row of one table, read by the reader of the sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from graph.dates import PartialDate, read_stored_date
from graph.records import NodeRecord, Source, Value
from loaders import acceptance
from loaders.forms import FILE, Cells, Entry, Labels, Standing, close_entry, open_row

CODED: Final = tuple(acceptance.CODED)
OFFENCES_BY_ANSWER: Final = acceptance.OFFENCES_BY_ANSWER
COUNTS: Final = acceptance.COUNTS
FLAGS: Final = (*acceptance.FLAGS, "hidden_address")
WORDS: Final = ("cost", "hours", "conditions")
CHECKED_ON: Final = "capacity_on"

_PLACE: Final = ("address", "location", "location_accuracy")


def stand_conditions(row: Mapping[str, Any]) -> Standing:
    """Return the agency of a row of record_conditions, as far as its conditions go."""
    names = ("name", *CODED, *OFFENCES_BY_ANSWER, *COUNTS, *FLAGS, *WORDS)
    properties: dict[str, Value] = {name: row[name] for name in names}
    properties[CHECKED_ON] = read_stored_date(row, CHECKED_ON)
    record = NodeRecord("Organization", row["organization_id"], properties, Source(FILE))
    return Standing(record, row["content_hash"])


def read_conditions_form(cells: Cells, labels: Labels, standing: Standing) -> Entry:
    """Return the agency with the conditions that changed; an emptied one is not known any more.

    Places free need the day they were asked about. A hidden address leaves the municipality only:
    address and point are emptied. No records when nothing changed.
    """
    row = open_row(cells, labels)
    said = acceptance.read_acceptance(row)
    said |= {name: row.prose(name) for name in ("hours", "conditions")}
    if said["vacancies"] is not None:
        row.text(CHECKED_ON, required=True)
    stood = standing.record.properties
    if row.flag("hidden_address") or stood["hidden_address"]:
        said["hidden_address"] = row.flag("hidden_address")
    changed: dict[str, Value] = {
        name: value for name, value in said.items() if not _is_same(value, stood[name])
    }
    if row.problems or not changed:
        return Entry(problems=tuple(row.problems))
    if changed.get("hidden_address"):
        changed |= dict.fromkeys(_PLACE)
    facts = {"name": stood["name"], **changed}
    record = NodeRecord("Organization", standing.record.identity, facts, row.source)
    return close_entry(row, [record], {standing.key: standing.content_hash}, labels)


def _is_same(value: Value, stood: Value) -> bool:
    """Say whether nothing changed: a day that is as exact keeps the words it was written in."""
    if isinstance(value, PartialDate) and isinstance(stood, PartialDate):
        return (value.first, value.precision) == (stood.first, stood.precision)
    return value == stood
