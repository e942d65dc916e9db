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

DELIMITERS: Final = (",", "\t")
"""Tried in this order."""

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
_CUT_SHORT: Final = frozenset(
    {"unexpected end of data", "incomplete multibyte sequence", "truncated data"}
)
"""How the decoders of UTF-8, of cp932 and EUC-JP, and of UTF-16 name an end inside a character."""

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
            never closed, an end inside a character, or too many rows, columns or cells.
    """
    if data.lstrip(codecs.BOM_UTF8 + b" \t\r\n").lower().startswith(_OTHER_TYPES):
        raise BadFile("loaders.file.wrong_type")
    is_whole = False
    for encoding, end in _find_encodings(data):
        is_whole = is_whole or end == len(data)
        for delimiter in DELIMITERS:
            form = _Form(data[:end], encoding, delimiter)
            if any(map(is_header, _read_first_rows(form))):
                if end < len(data):
                    raise BadFile("loaders.file.damaged")
                return Grid(None, tuple(_read_rows(form, limits)))
    raise BadFile("loaders.file.no_header" if is_whole else "loaders.file.unknown_encoding")


def list_encodings(data: bytes) -> Sequence[str]:
    """Return the encodings a text file may have by its first bytes: the one its mark tells, or all.

    A file with a mark of UTF-16 is what Excel saves as "Unicode text".
    """
    mark = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    return (mark,) if mark else ENCODINGS


def is_cut_short(error: UnicodeDecodeError) -> bool:
    """Say whether a text only ends inside a character; False when a byte is wrong."""
    return error.reason in _CUT_SHORT and error.end == len(error.object)


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


def _find_encodings(data: bytes) -> Iterator[tuple[str, int]]:
    """Yield each encoding the data may be in and where its text ends; whole readings come first."""
    encodings = list_encodings(data)
    if encodings == ENCODINGS and b"\0" in data:
        raise BadFile("loaders.file.wrong_type")
    cut: list[tuple[str, int]] = []
    for encoding in encodings:
        end = _find_end(data, encoding)
        if end == len(data):
            yield encoding, end
        elif end is not None:
            cut.append((encoding, end))
    yield from cut


def _find_end(data: bytes, encoding: str) -> int | None:
    """Return where the last whole character of a text ends; None when a byte is wrong."""
    pieces = (data[at : at + _PIECE] for at in range(0, len(data), _PIECE))
    try:
        for _ in codecs.iterdecode(pieces, encoding):
            pass
    except UnicodeDecodeError as error:
        return len(data) - (error.end - error.start) if is_cut_short(error) else None
    return len(data)


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
