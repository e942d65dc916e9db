"""The sheets of a workbook as rows of plain cells; the only module that uses the Excel reader."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from io import BytesIO

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
from loaders.reading.packages import check_size

Cell = int | float | str | bool | time | date | datetime | timedelta


def read_book(content: BytesIO, limits: ReadLimits) -> list[Grid]:
    """Return every worksheet that holds anything, in the order of the workbook.

    Raises:
        BadFile: the file is damaged or protected, or a sheet is beyond `limits`.
    """
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


def _as_whole(cell: Cell) -> Cell:
    # Beyond 2**53 a float no longer holds every whole number.
    if isinstance(cell, float) and cell.is_integer() and abs(cell) <= 2**53:
        return int(cell)
    return cell


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
