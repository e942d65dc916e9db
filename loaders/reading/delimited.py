"""Text files with comma or tab: which encoding, which delimiter, and every row's cells."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
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
_PIECE: Final = 65_536


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
    for encoding in _find_encodings(data):
        for delimiter in _DELIMITERS:
            form = _Form(data, encoding, delimiter)
            if any(map(is_header, _read_first_rows(form))):
                return Grid(None, tuple(_read_rows(form, limits)))
    raise BadFile("loaders.file.no_header")


@dataclass(frozen=True, slots=True)
class _Form:
    """One way to read the bytes of a file."""

    data: bytes
    encoding: str
    delimiter: str

    def parse(self) -> Iterator[list[str]]:
        # Decoded piece by piece: a text in memory would be four times as large for one wide
        # letter. Strict: else an unclosed quotation mark swallows the rest of the file in silence.
        lines = TextIOWrapper(BytesIO(self.data), encoding=self.encoding, newline="")
        return csv.reader(lines, delimiter=self.delimiter, strict=True)


def _find_encodings(data: bytes) -> Iterator[str]:
    mark = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if mark is None and b"\0" in data:
        raise BadFile("loaders.file.wrong_type")
    is_decoded = False
    for encoding in (mark,) if mark else ENCODINGS:
        if _is_decodable(data, encoding):
            is_decoded = True
            yield encoding
    if not is_decoded:
        raise BadFile("loaders.file.unknown_encoding")


def _is_decodable(data: bytes, encoding: str) -> bool:
    pieces = (data[at : at + _PIECE] for at in range(0, len(data), _PIECE))
    try:
        for _ in codecs.iterdecode(pieces, encoding):
            pass
    except UnicodeError:
        return False
    return True


def _read_first_rows(form: _Form) -> Iterator[tuple[object, ...]]:
    filled = (row for row in form.parse() if not _is_empty(row))
    try:
        yield from map(tuple, islice(filled, SEARCHED_ROWS))
    except csv.Error:
        return


def _read_rows(form: _Form, limits: ReadLimits) -> Iterator[Row]:
    cells = number = 0
    try:
        for number, row in enumerate(form.parse(), start=1):
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


def _is_empty(row: Sequence[str]) -> bool:
    return all(is_blank(cell) for cell in row)
