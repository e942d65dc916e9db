"""Cells that name something else: an agency, the facility, an area, a person."""

from __future__ import annotations

from collections.abc import Iterator

from graph.records import derive_id
from loaders.directory import Directory
from loaders.places.gazetteer import locate_place
from loaders.problems import BadValue
from loaders.rows import RowReader


def resolve_organization(row: RowReader, column: str, directory: Directory) -> str | None:
    """Return the id of the agency a cell names; None with a problem, also when it is empty."""
    words = row.text(column, required=True)
    return None if words is None else row.parse_words(column, words, directory.resolve)


def resolve_organizations(row: RowReader, column: str, directory: Directory) -> Iterator[str]:
    """Yield the id of each agency a cell names; one whose own name or id lists several is one."""
    words = row.text(column)
    if words is not None and directory.knows(words):
        whole = row.parse_words(column, words, directory.resolve)
        yield from () if whole is None else (whole,)
    else:
        yield from row.each(column, directory.resolve)


def read_facility(row: RowReader, directory: Directory, default: str | None) -> str | None:
    """Return the id of the facility the row names, else the load's own."""
    if not row.is_filled("facility"):
        return default
    return resolve_organization(row, "facility", directory)


def resolve_area(words: str) -> str:
    """Return the id of the one area that `words` surely name.

    Raises:
        BadValue: `rows.unknown_place`, or `rows.ambiguous_place` with the candidates.
    """
    mention = locate_place(words)
    if mention.candidates:
        raise BadValue(
            "rows.ambiguous_place", value=words, expected="、".join(mention.candidates[:5])
        )
    if len(mention.areas) != 1:
        raise BadValue("rows.unknown_place", value=words)
    return mention.areas[0]


def derive_person_id(organization_id: str, name: str) -> str:
    """Return the id of a contact person without one: one of their name at their agency."""
    return derive_id("person", organization_id, name)
