"""Rows of the sheet 担当者: the contact persons of agencies."""

from __future__ import annotations

from collections.abc import Iterator

from graph.records import NodeRecord, Record, RelationshipRecord, Value
from loaders.directory import Directory
from loaders.phones import parse_phone
from loaders.references import derive_person_id, resolve_organization
from loaders.rows import RowReader


def read_person(row: RowReader, directory: Directory) -> Iterator[Record]:
    """Yield the person and the time they work for the agency; who has an id may have none."""
    person, name = row.text("person_id"), row.text("name", required=True)
    is_placed = person is None or row.is_filled("organization")
    organization = resolve_organization(row, "organization", directory) if is_placed else None
    if name is None or (is_placed and organization is None):
        return
    person = person or derive_person_id(organization or "", name)
    properties: dict[str, Value] = {"name": name}
    if row.has("phone"):
        properties["phone"] = row.parse("phone", parse_phone)
    properties |= {column: row.text(column) for column in ("kana", "email") if row.has(column)}
    yield NodeRecord("Person", person, properties, row.source)
    if organization is None:
        return
    yield RelationshipRecord(
        "WORKS_FOR",
        ("Person", person),
        ("Organization", organization),
        {"role": row.text("role"), "since": row.date("since"), "until": row.date("until")},
        row.source,
    )
