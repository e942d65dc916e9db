"""The workbook to fill in, or filled: every sheet a file may hold, by header words and schema.

A sheet holds the first Japanese header of each column that is read. A chosen cell shows what it
means, and a column of coded values offers them as a list; other spellings may be typed all the
same, since the loader understands them.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Final, cast

from openpyxl import Workbook
from openpyxl.cell import Cell as StyledCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from graph.schema import NODES, RELATIONSHIPS, Property
from graph.vocabulary import EVENT_KINDS, STAGES, SUPPORTS, Vocabulary
from loaders.reading.headers import ABOUT_SHEET, SheetKind, read_words

ROWS: Final = 1_000
"""Rows below the header in which the lists are offered."""

ORDER: Final[tuple[SheetKind, ...]] = (
    "organizations", "partner_list", "ties", "people", "referrals", "consents", "events",
)  # fmt: skip
_MEANINGS: Final[Mapping[SheetKind, tuple[str, ...]]] = {
    "organizations": ("Organization",),
    "partner_list": ("LISTS", "Organization"),
    "ties": ("TIED_TO",),
    "people": ("Person", "WORKS_FOR"),
    "referrals": ("Referral", "Client"),
    "consents": ("Consent", "Client"),
    "events": ("Event",),
}
_CODED: Final[Mapping[tuple[SheetKind, str], Vocabulary]] = {
    ("partner_list", "stage"): STAGES,
    ("organizations", "offers"): SUPPORTS,
    ("referrals", "needs"): SUPPORTS,
    ("events", "kind"): EVENT_KINDS,
}
_MADE_AT: Final = datetime(2022, 10, 14)
_MODIFIED: Final = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_ZIP_TIME: Final = (2022, 10, 14, 0, 0, 0)
_LONGEST_PROMPT: Final = 255
_ESCAPED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""What a program that opens the file would take for the code of a character."""
_MEASURED: Final = 200
"""Rows by which the width of a column is found."""
_WIDEST: Final = 60
_ABOUT_WIDTHS: Final = (30, 12, 90)
_TITLE, _BOLD, _PLAIN = Font(bold=True, size=14), Font(bold=True), Font()
_WRAPPED, _ON_TOP = Alignment(vertical="top", wrap_text=True), Alignment(vertical="top")
_NEEDED, _OFFERED = PatternFill("solid", fgColor="F8CBAD"), PatternFill("solid", fgColor="DCE6F1")

LONGEST_TEXT: Final = 32_767
"""Characters a cell of Excel holds."""

Cell = str | int | float | date | None
Cells = dict[str, Cell]
"""A row: canonical column → cell."""


def make_template() -> bytes:
    """Return an .xlsx with the seven sheets, headers only; the same bytes each time."""
    return write_sheets(dict.fromkeys(ORDER, ()))


def write_sheets(
    sheets: Mapping[SheetKind, Sequence[Cells]], about: Sequence[Sequence[Cell]] = ()
) -> bytes:
    """Return an .xlsx of the sheets with a row for each of `Cells`, columns without a cell empty.

    `about` are the rows of a first sheet that says what the file is, which no reader reads. Texts
    are written as texts, whatever they begin with; the same rows give the same bytes.
    """
    workbook = Workbook(write_only=True)
    workbook.properties.creator = "Tsunagi"
    workbook.properties.created = _MADE_AT
    if about:
        _write_about(_add_sheet(workbook, ABOUT_SHEET), about)
    for kind, rows in sheets.items():
        _write_sheet(_add_sheet(workbook, read_words()[kind].names[0]), kind, rows)
    buffer = BytesIO()
    workbook.save(buffer)
    return _drop_times(buffer.getvalue())


def list_columns(kind: SheetKind) -> tuple[str, ...]:
    """Return the canonical columns a template's sheet of `kind` offers, in order."""
    return read_words()[kind].columns


def _add_sheet(workbook: Workbook, name: str) -> Worksheet:
    # Of a workbook that is only written a sheet is of a class that is typed in part.
    return cast("Worksheet", workbook.create_sheet(name))


def _write_about(worksheet: Worksheet, rows: Sequence[Sequence[Cell]]) -> None:
    for letter, width in zip("ABC", _ABOUT_WIDTHS, strict=True):
        worksheet.column_dimensions[letter].width = width
    for number, row in enumerate(rows):
        cells = [_write_cell(worksheet, value) for value in row]
        for cell in cells:
            if isinstance(cell, StyledCell):
                cell.alignment = _WRAPPED if len(row) > 1 else _ON_TOP
                cell.font = _TITLE if number == 0 else _PLAIN
        worksheet.append(cells)


def _write_sheet(worksheet: Worksheet, kind: SheetKind, rows: Sequence[Cells]) -> None:
    header = []
    for place, column in enumerate(list_columns(kind), start=1):
        words = read_words()[kind].labels[column][0]
        cell = StyledCell(worksheet, 1, 1, words)  # append says which column
        cell.font, cell.alignment = _BOLD, _WRAPPED
        cell.fill = _NEEDED if column in read_words()[kind].needs else _OFFERED
        header.append(cell)
        letter = get_column_letter(place)
        values = (row.get(column) for row in rows[:_MEASURED])
        worksheet.column_dimensions[letter].width = _measure(words, values)
        if validation := _make_validation(kind, column, words):
            validation.add(f"{letter}2:{letter}{max(ROWS, len(rows)) + 1}")
            worksheet.data_validations.append(validation)
    worksheet.freeze_panes = "A2"
    worksheet.append(header)
    for row in rows:
        worksheet.append([_write_cell(worksheet, row.get(name)) for name in list_columns(kind)])


def _write_cell(worksheet: Worksheet, value: Cell) -> Cell | StyledCell:
    if not isinstance(value, str):
        return value
    cell = StyledCell(worksheet, 1, 1, _ESCAPED.sub(r"_x005F\g<0>", value))
    cell.data_type = "s"  # openpyxl takes what begins with = for a formula
    cell.quotePrefix = True
    if "\n" in value:
        cell.alignment = _WRAPPED
    return cell


def _measure(header: str, values: Iterable[Cell]) -> int:
    """Return the width of a column in half-width characters."""
    texts = (str(value).partition("\n")[0] for value in values if value is not None)
    longest = max((sum(2 if ord(c) > 0x2E7F else 1 for c in text) for text in texts), default=0)
    return min(max(12, 2 * len(header) + 4, longest + 2), _WIDEST)


def _make_validation(kind: SheetKind, column: str, header: str) -> DataValidation | None:
    declared = _find_property(kind, column)
    words = _CODED.get((kind, column)) or (declared.vocabulary if declared else None)
    meaning = declared.ja if declared else header
    if declared and declared.unit:
        meaning = f"{meaning}（{declared.unit}）"
    if words is None:
        if declared is None:
            return None
        return DataValidation(showInputMessage=True, promptTitle=header, prompt=meaning)
    labels = [term.ja for term in words.terms]
    return DataValidation(
        type="list",
        formula1=f'"{",".join(labels)}"',
        showInputMessage=True,
        promptTitle=header,
        prompt=f"{meaning}：{'・'.join(labels)}"[:_LONGEST_PROMPT],
    )


def _find_property(kind: SheetKind, column: str) -> Property | None:
    for name in _MEANINGS[kind]:
        declared: Sequence[Property] = (
            NODES[name].properties if name in NODES else RELATIONSHIPS[name].properties
        )
        for each in declared:
            if each.name == column:
                return each
    return None


def _drop_times(data: bytes) -> bytes:
    """Pack the workbook anew without the moment of writing, so that its bytes say nothing of it."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            content = _MODIFIED.sub(rb"\g<1>2022-10-14T00:00:00Z", source.read(name))
            target.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
