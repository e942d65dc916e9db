"""Headers that people write in their own way: said once on screen, known in every file after."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Final, cast

from graph.records import NodeRecord, Record, Source, derive_id
from graph.store import Store
from loaders.lettering import matching_key
from loaders.problems import BadFile
from loaders.reading.headers import (
    Heading,
    SheetKind,
    Words,
    is_header_row,
    may_be_header_row,
)
from loaders.reading.sheets import Table, parse_tables

_ANY_NAME: Final = re.compile(
    r"(?:sheet|シート|しーと|book|ブック|ぶっく|data|データ)?[-_()]*[0-9]*[-_()]*"
)


def read_headings(store: Store) -> tuple[Heading, ...]:
    """Return what was said before, from the graph; () before anybody said anything."""
    rows = store.list_nodes("Heading", ("sheet_kind", "words", "column"))
    return tuple(
        Heading(cast("SheetKind", row["sheet_kind"]), row["words"], row["column"]) for row in rows
    )


def make_records(headings: Iterable[Heading], source: Source) -> Iterator[Record]:
    """Yield what to write so that the headings are known again; one said anew replaces the old.

    A name that any file may have (Sheet1) says nothing of the next file's: it is left out.
    """
    for heading in headings:
        if heading.column is None and _ANY_NAME.fullmatch(matching_key(heading.words)):
            continue
        part = "sheet" if heading.column is None else "column"
        key = derive_id("heading", heading.kind, part, matching_key(heading.words))
        properties = {
            "sheet_kind": heading.kind,
            "words": heading.words,
            "column": heading.column,
        }
        yield NodeRecord("Heading", key, properties, source)


def parse_sheets(file: str, content: bytes, words: Words) -> tuple[list[Table], list[Table]]:
    """Return the tables of a file, and of its other sheets those that may have a header.

    The second are for a person to say what they are; none of them is among the first. A file
    without any header that is known gives no table of the first.

    Raises:
        BadFile: as `parse_tables`, but for a header that is not known.
    """
    try:
        tables = parse_tables(file, content, is_header=partial(is_header_row, known=words))
    except BadFile as error:
        if error.code != "loaders.file.no_header":
            raise
        tables = []
    if tables and all(table.header for table in tables):
        return tables, []
    known = {table.sheet for table in tables if table.header}
    return tables, [one for one in _guess(file, content) if one.sheet not in known]


def _guess(file: str, content: bytes) -> Sequence[Table]:
    try:
        tables = parse_tables(file, content, is_header=may_be_header_row)
    except BadFile:
        return ()
    return [table for table in tables if table.header]
