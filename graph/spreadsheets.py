"""Excel files from plain rows: every text stays text, whatever it begins with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Final

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Sheet = Sequence[Sequence[object]]
"""Rows of cells; the first row is the header."""

_HEADER_FILL: Final = PatternFill("solid", start_color="E8EEF5")
_UNSEEN: Final = re.compile(r"^[\s\x00-\x1f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_ENDS: Final = ("\t", "\r", "\n", "\x00")
_WIDEST: Final = 60
_NARROWEST: Final = 8
_MADE_ON: Final = datetime(2022, 1, 1)  # the same rows give the same bytes


def write_workbook(sheets: Mapping[str, Sheet]) -> bytes:
    """Return an .xlsx with a sheet per entry; lists become 、-separated text, None is empty.

    A text such as ``=1+1`` is stored as text and never calculated. Control characters, which
    Excel refuses, become spaces. Sheets without rows are empty sheets.

    Raises:
        ValueError: there is no sheet at all.
    """
    if not sheets:
        raise ValueError("a workbook needs a sheet")
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.created = book.properties.modified = _MADE_ON
    for name, rows in sheets.items():
        _fill(book.create_sheet(name[:31]), rows)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def write_plain(text: str) -> str:
    """Return a text as a cell of CSV that no spreadsheet program calculates.

    An apostrophe goes before one that begins with = + - @, also behind spaces and characters that
    are not seen, or with a tab or a line end (OWASP, CSV injection).
    """
    begun = _UNSEEN.sub("", text)
    risky = begun.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")) or text[:1] in _ENDS
    return f"'{text}" if risky else text


def _fill(sheet: Worksheet, rows: Sheet) -> None:
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            _write(sheet.cell(number, column), value)
    for column, cells in enumerate(sheet.columns, 1):
        longest = max((_measure(cell.value) for cell in cells), default=0)
        width = min(max(longest + 2, _NARROWEST), _WIDEST)
        sheet.column_dimensions[get_column_letter(column)].width = width
    for cell in sheet[1] if rows else ():
        cell.font = Font(bold=True)
        cell.fill = _HEADER_FILL
    sheet.freeze_panes = "A2"


def _write(cell: Cell | MergedCell, value: object) -> None:
    if isinstance(value, list | tuple):
        value = "、".join(map(str, value))
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", value)
        cell.data_type = "s"  # openpyxl takes what begins with = for a formula
        cell.quotePrefix = True
    elif value is None or isinstance(value, int | float | date):
        cell.value = value
    else:
        cell.value = str(value)
    cell.alignment = Alignment(vertical="top", wrap_text=True)


def _measure(value: object) -> int:
    """Return the width of a cell in half-width characters."""
    lines = str("" if value is None else value).splitlines() or [""]
    return max(sum(2 if ord(character) > 0x2E7F else 1 for character in line) for line in lines)
