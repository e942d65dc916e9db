"""Excel workbooks (.xlsx, .xls) as rows of plain cells: what a file is, and who may open it."""

from __future__ import annotations

from typing import Final

from loaders.problems import BadFile
from loaders.reading.apart import read_apart
from loaders.reading.books import read_book
from loaders.reading.grids import Grid
from loaders.reading.limits import ReadLimits
from loaders.reading.packages import repack_workbook

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_MACROS: Final = "_VBA_PROJECT".encode("utf-16-le")
_BOOKS: Final = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))


def is_workbook(data: bytes) -> bool:
    """Tell by its first bytes whether a file is a zip archive or an OLE document."""
    return data.startswith((*_ZIP, _OLE))


def read_workbook(data: bytes, limits: ReadLimits) -> list[Grid]:
    """Return every worksheet that holds anything, in the order of the workbook.

    Row numbers are Excel's. Whole numbers are int (Excel knows only fractions), formulas are their
    last computed values, error cells their names (#N/A; not in .xls, where they are empty).

    Raises:
        BadFile: see `repack_workbook`; an .xls, whose size shows only once it is open, is read by
            a process of its own (`read_apart`).
    """
    if not data.startswith(_OLE):
        return read_book(repack_workbook(data, limits), limits)
    _refuse_other_documents(data)
    return read_apart(data, limits)


def _refuse_other_documents(data: bytes) -> None:
    if _ENCRYPTED in data:
        raise BadFile("loaders.file.encrypted")
    if _MACROS in data:
        raise BadFile("loaders.file.macros")
    if not any(name in data for name in _BOOKS):
        raise BadFile("loaders.file.wrong_type")
