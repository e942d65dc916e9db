"""The progress report as a workbook and as a document, in the layout of the funder's form.

Pure: words and rows in, bytes out. Everything is written as text, so that nothing typed into the
report can become a formula.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

COLUMNS: Final = 6
"""Output, indicator, target, due, state, mark."""

_WIDTHS: Final = (24, 26, 22, 12, 56, 10)  # characters; in a document the same shares of the page
_EVIDENCE_WIDTHS: Final = (12, 14, 24, 44, 10)
_FONT: Final = "游ゴシック"
_PAGE_MM: Final = (297, 210)
_MARGIN_MM: Final = 15
_HEAD: Final = "EEF2F5"
_LONGEST: Final = 32_767  # characters a cell of a workbook holds
# Characters neither format can hold.
_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its name, its headers and its rows, all of them words."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What the report says: title, lines above the table, the table, a note, and the evidence."""

    title: str
    lines: tuple[str, ...]
    table: Sheet
    note: str
    evidence: Sheet


def write_workbook(report: Report) -> bytes:
    """Return the report as an Excel file: the form on one sheet, the evidence on another."""
    book = Workbook()
    form, evidence = book.worksheets[0], book.create_sheet()
    _fill_form(form, report)
    _name_sheet(evidence, report.evidence.name)
    _fill_table(evidence, report.evidence, 1, _EVIDENCE_WIDTHS)
    evidence.freeze_panes = "A2"
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def write_document(report: Report) -> bytes:
    """Return the report as a Word file: the form on landscape pages, its header on each."""
    document = Document()
    _lay_out(document)
    heading = document.add_paragraph().add_run(_clean(report.title))
    heading.bold, heading.font.size = True, Pt(14)
    for line in report.lines:
        document.add_paragraph(_clean(line)).paragraph_format.space_after = Pt(0)
    table = document.add_table(rows=1, cols=len(report.table.headers), style="Table Grid")
    _fill_document_table(table, report.table)
    document.add_paragraph(_clean(report.note))
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _fill_form(sheet: Worksheet, report: Report) -> None:
    _name_sheet(sheet, report.table.name)
    _write_text(sheet.cell(1, 1), report.title).font = Font(name=_FONT, size=14, bold=True)
    for number, line in enumerate(report.lines, 2):
        _write_text(sheet.cell(number, 1), line).font = Font(name=_FONT, size=10)
    first = len(report.lines) + 3
    _fill_table(sheet, report.table, first, _WIDTHS)
    after = first + len(report.table.rows) + 1
    _write_text(sheet.cell(after, 1), report.note).font = Font(name=_FONT, size=9)
    sheet.print_title_rows = f"{first}:{first}"


def _name_sheet(sheet: Worksheet, name: str) -> None:
    sheet.title = name
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _fill_table(sheet: Worksheet, table: Sheet, first: int, widths: Sequence[int]) -> None:
    side = Side(style="thin", color="808080")
    border = Border(left=side, right=side, top=side, bottom=side)
    for number, row in enumerate((table.headers, *table.rows), first):
        for place, text in enumerate(row, 1):
            cell = _write_text(sheet.cell(number, place), text)
            cell.border = border
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(name=_FONT, size=10, bold=number == first)
            if number == first:
                cell.fill = PatternFill("solid", fgColor=_HEAD)
    for place, width in enumerate(widths[: len(table.headers)]):
        sheet.column_dimensions["ABCDEFGH"[place]].width = width


def _write_text(cell: Cell | MergedCell, text: str) -> Cell | MergedCell:
    """Put words into a cell that no program reads as a formula, also after they are edited."""
    cell.value = _clean(text)[:_LONGEST]
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def _lay_out(document: DocumentObject) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = (Mm(length) for length in _PAGE_MM)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Mm(_MARGIN_MM))
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(9)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)


def _fill_document_table(table: Table, words: Sheet) -> None:
    table.autofit = False
    for cell, text in zip(table.rows[0].cells, words.headers, strict=True):
        cell.paragraphs[0].add_run(_clean(text)).bold = True
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in words.rows:
        for cell, text in zip(_add_row(table), row, strict=True):
            _fill_cell(cell, text)
    room = _PAGE_MM[0] - 2 * _MARGIN_MM
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        for cell in column.cells:
            cell.width = Mm(round(room * width / sum(_WIDTHS)))


def _add_row(table: Table) -> tuple[_Cell, ...]:
    return table.add_row().cells  # type: ignore[no-untyped-call, no-any-return]


def _fill_cell(cell: _Cell, text: str) -> None:
    first, *others = _clean(text).split("\n")
    cell.paragraphs[0].text = first
    for line in others:
        cell.add_paragraph(line)


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
