"""Rows of the sheet できごと: dated facts about agencies, clients and areas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from graph.dates import PartialDate
from graph.records import NodeRecord, Record, RelationshipRecord, Source, Value, derive_id
from graph.vocabulary import EVENT_KINDS, FIELDS
from loaders.directory import Directory
from loaders.privacy import parse_pseudonym
from loaders.problems import BadValue
from loaders.references import (
    derive_person_id,
    read_facility,
    resolve_area,
    resolve_organizations,
)
from loaders.rows import RowReader

End = tuple[str, str]

LEVELS: Final = (1, 2, 3, 4, 5)
LEVEL_KINDS: Final = frozenset({"agreement", "anxiety"})
"""The kinds of event whose value is a level."""


def read_event(row: RowReader, directory: Directory, facility: str | None) -> Iterator[Record]:
    """Yield the event, whom it concerns and who recorded it."""
    kind = row.coded("kind", EVENT_KINDS, required=True)
    occurred_on = row.date("date", required=True)
    people = list(_read_people(row, directory))
    known = row.text("person_id")
    concerned = [
        *_read_concerned(row, directory),
        *(("Person", person.key) for person in people),
        *([("Person", known)] if known and not people else []),
    ]
    recorder = read_facility(row, directory, facility)
    properties: dict[str, Value] = {
        "until": row.date("due_on"),
        "field": row.coded("field", FIELDS),
        "value": row.number("value"),
        "text": row.prose("text"),
    }
    if kind in LEVEL_KINDS:
        require_level(row)
    if kind is None or occurred_on is None:
        return
    yield from people
    yield from make_event(
        kind, occurred_on, concerned, recorder, row.source,
        event_id=row.text("event_id"), properties=properties,
    )  # fmt: skip


def require_level(row: RowReader) -> None:
    """Report a `value` that is no level, or is missing."""
    if not row.text("value", required=True):
        return
    level = row.number("value")
    if level is not None and level not in LEVELS:
        row.report("value", BadValue("rows.level", expected=f"{LEVELS[0]}〜{LEVELS[-1]}"))


def make_event(
    kind: str,
    occurred_on: PartialDate,
    concerned: Sequence[End],
    recorder: str | None,
    source: Source,
    *,
    event_id: str | None = None,
    properties: dict[str, Value] | None = None,
) -> Iterator[Record]:
    """Yield an event with its relationships, and the clients it concerns.

    Without an id of its own an event is one of its kind, day, field, recorder and concerned: two
    sheets that tell the same thing write one event.
    """
    properties = properties or {}
    named = [part for end in sorted(concerned) for part in end]
    key = event_id or derive_id(
        "event", kind, occurred_on, properties.get("field"), recorder, *named
    )
    happened: dict[str, Value] = {"kind": kind, "occurred_on": occurred_on}
    yield NodeRecord("Event", key, happened | properties, source)
    for end in concerned:
        if end[0] == "Client":
            yield NodeRecord("Client", end[1], {}, source)
        yield RelationshipRecord("CONCERNS", ("Event", key), end, {}, source)
    if recorder:
        yield RelationshipRecord(
            "RECORDED_BY", ("Event", key), ("Organization", recorder), {}, source
        )


def _read_concerned(row: RowReader, directory: Directory) -> Iterator[End]:
    for organization in resolve_organizations(row, "organization", directory):
        yield ("Organization", organization)
    if client := row.parse("client_id", parse_pseudonym):
        yield ("Client", client)
    for area in row.each("area", resolve_area):
        yield ("Area", area)


def _read_people(row: RowReader, directory: Directory) -> Iterator[NodeRecord]:
    """Yield the contact person named; they need not stand in the sheet 担当者.

    Without an id it is the one of that name at the row's first agency.
    """
    name, key = row.text("person"), row.text("person_id")
    if name is None:
        return
    if key is None:
        organization = next(resolve_organizations(row, "organization", directory), None)
        key = organization and derive_person_id(organization, name)
    if key:
        yield NodeRecord("Person", key, {"name": name}, row.source)
