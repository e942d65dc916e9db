"""Excel workbooks (.xlsx, .xls) as rows of plain cells; the only module that reads them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Final

from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from loaders.problems import BadFile
from loaders.reading.grids import Grid, Row, is_blank
from loaders.reading.limits import ReadLimits
from loaders.reading.packages import check_size, repack_workbook

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_MACROS: Final = "_VBA_PROJECT".encode("utf-16-le")
_BOOKS: Final = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))

_Cell = int | float | str | bool | time | date | datetime | timedelta


def is_workbook(data: bytes) -> bool:
    """Tell by its first bytes whether a file is a zip archive or an OLE document."""
    return data.startswith((*_ZIP, _OLE))


def read_workbook(data: bytes, limits: ReadLimits) -> list[Grid]:
    """Return every worksheet that holds anything, in the order of the workbook.

    Row numbers are Excel's. Whole numbers are int (Excel knows only fractions), formulas are their
    last computed values, error cells their names (#N/A; not in .xls, where they are empty).

    Raises:
        BadFile: see `repack_workbook`; for .xls the size is examined after opening only.
    """
    content = BytesIO(data) if data.startswith(_OLE) else repack_workbook(data, limits)
    if data.startswith(_OLE):
        _refuse_other_documents(data)
    grids: list[Grid] = []
    with _damage_as_bad_file(), CalamineWorkbook.from_object(content) as workbook:
        cells = 0
        for meta in workbook.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_name(meta.name)
            check_size(sheet.total_height, sheet.total_width, cells, limits)
            cells += sheet.total_height * sheet.total_width
            if rows := tuple(_read_rows(sheet)):
                is_hidden = meta.visible != SheetVisibleEnum.Visible
                grids.append(Grid(meta.name, rows, is_hidden=is_hidden))
    return grids


def _read_rows(sheet: CalamineSheet) -> Iterator[Row]:
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if not all(is_blank(cell) for cell in cells):
            yield Row(number, tuple(map(_as_whole, cells)))


def _as_whole(cell: _Cell) -> _Cell:
    # Beyond 2**53 a float no longer holds every whole number.
    if isinstance(cell, float) and cell.is_integer() and abs(cell) <= 2**53:
        return int(cell)
    return cell


def _refuse_other_documents(data: bytes) -> None:
    if _ENCRYPTED in data:
        raise BadFile("loaders.file.encrypted")
    if _MACROS in data:
        raise BadFile("loaders.file.macros")
    if not any(name in data for name in _BOOKS):
        raise BadFile("loaders.file.wrong_type")


@contextmanager
def _damage_as_bad_file() -> Iterator[None]:
    try:
        yield
    except BadFile:
        raise
    except PasswordError:
        raise BadFile("loaders.file.encrypted") from None
    except Exception:
        raise BadFile("loaders.file.damaged") from None
    except BaseException as error:
        # A broken assumption inside the reader arrives as a panic that is no Exception and
        # whose class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise BadFile("loaders.file.damaged") from None
