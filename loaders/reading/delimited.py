"""Text files with comma or tab: which encoding, which delimiter, and every row's cells."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from io import StringIO
from itertools import islice
from typing import Final

from loaders.problems import BadFile
from loaders.reading.grids import Grid, Row, is_blank
from loaders.reading.limits import ReadLimits

ENCODINGS: Final = ("utf-8", "cp932", "euc_jp")
"""Tried in this order when no byte order mark tells; "Shift_JIS" files are cp932 in practice."""

SEARCHED_ROWS: Final = 50
"""The header is looked for among this many filled rows."""

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_TYPES: Final = (
    b"%pdf",
    b"{\\rtf",
    b"\x89png",
    b"gif8",
    b"<!doctype",
    b"<html",
    b"<table",
    b"<meta",
    b"<?xml",
)
_DELIMITERS: Final = (",", "\t")


def read_delimited(
    data: bytes, limits: ReadLimits, is_header: Callable[[tuple[object, ...]], bool]
) -> Grid:
    """Return the filled rows of a text file under the first reading that shows a header.

    A wrong encoding often decodes without an error, so a reading counts only when `is_header`
    knows one of its first rows. A row is numbered as Excel numbers it: a quoted line break does
    not count, an empty line does.

    Raises:
        BadFile: another type of file, an unknown encoding, no header, a quotation mark that is
            never closed, or too many rows, columns or cells.
    """
    if data.lstrip(codecs.BOM_UTF8 + b" \t\r\n").lower().startswith(_OTHER_TYPES):
        raise BadFile("loaders.file.wrong_type")
    for text in _decode(data):
        for delimiter in _DELIMITERS:
            if any(map(is_header, _read_first_rows(text, delimiter))):
                return Grid(None, tuple(_read_rows(text, delimiter, limits)))
    raise BadFile("loaders.file.no_header")


def _decode(data: bytes) -> Iterator[str]:
    mark = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if mark is None and b"\0" in data:
        raise BadFile("loaders.file.wrong_type")
    is_decoded = False
    for encoding in (mark,) if mark else ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        is_decoded = True
        yield text
    if not is_decoded:
        raise BadFile("loaders.file.unknown_encoding")


def _read_first_rows(text: str, delimiter: str) -> Iterator[tuple[object, ...]]:
    filled = (row for row in _parse(text, delimiter) if not _is_empty(row))
    try:
        yield from map(tuple, islice(filled, SEARCHED_ROWS))
    except csv.Error:
        return


def _read_rows(text: str, delimiter: str, limits: ReadLimits) -> Iterator[Row]:
    cells = number = 0
    try:
        for number, row in enumerate(_parse(text, delimiter), start=1):
            cells += len(row)
            _check_bounds(number, len(row), cells, limits)
            if not _is_empty(row):
                yield Row(number, tuple(row))
    except csv.Error:
        raise BadFile("loaders.file.broken_quotes", row=number + 1) from None


def _check_bounds(rows: int, columns: int, cells: int, limits: ReadLimits) -> None:
    if rows > limits.rows:
        raise BadFile("loaders.file.too_many_rows", count=rows, limit=limits.rows)
    if columns > limits.columns:
        raise BadFile("loaders.file.too_many_columns", count=columns, limit=limits.columns)
    if cells > limits.cells:
        raise BadFile("loaders.file.too_many_cells", count=cells, limit=limits.cells)


def _parse(text: str, delimiter: str) -> Iterator[list[str]]:
    # Strict: without it an unclosed quotation mark swallows the rest of the file in silence.
    return csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _is_empty(row: Sequence[str]) -> bool:
    return all(is_blank(cell) for cell in row)
