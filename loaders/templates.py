"""The workbook to fill in: every sheet a file may hold, made from the header words and the schema.

A sheet holds the first Japanese header of each column that is read. A chosen cell shows what it
means, and a column of coded values offers them as a list; other spellings may be typed all the
same, since the loader understands them.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from graph.schema import NODES, RELATIONSHIPS, Property
from graph.vocabulary import EVENT_KINDS, STAGES, SUPPORTS, Vocabulary
from loaders.reading.headers import SheetKind, read_words

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


def make_template() -> bytes:
    """Return an .xlsx with the seven sheets, headers only; the same bytes each time."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.properties.creator = "Tsunagi"
    workbook.properties.created = _MADE_AT
    for kind in ORDER:
        _fill_sheet(workbook.create_sheet(read_words()[kind].names[0]), kind)
    buffer = BytesIO()
    workbook.save(buffer)
    return _drop_times(buffer.getvalue())


def list_columns(kind: SheetKind) -> tuple[str, ...]:
    """Return the canonical columns a template's sheet of `kind` offers, in order."""
    return read_words()[kind].columns


def _fill_sheet(worksheet: Worksheet, kind: SheetKind) -> None:
    for place, column in enumerate(list_columns(kind), start=1):
        header = read_words()[kind].labels[column][0]
        cell = worksheet.cell(1, place, header)
        cell.font, cell.alignment = Font(bold=True), Alignment(vertical="top", wrap_text=True)
        is_needed = column in read_words()[kind].needs
        cell.fill = PatternFill("solid", fgColor="F8CBAD" if is_needed else "DCE6F1")
        letter = get_column_letter(place)
        worksheet.column_dimensions[letter].width = max(12, 2 * len(header) + 4)
        if validation := _make_validation(kind, column, header):
            validation.add(f"{letter}2:{letter}{ROWS + 1}")
            worksheet.add_data_validation(validation)
    worksheet.freeze_panes = "A2"


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
