"""Rows of cells as a file holds them, before anybody knows which row is the header."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as Excel shows it, and its cells."""

    number: int
    cells: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The filled rows of one sheet, or of a text file (`sheet` None).

    The rows of a worksheet are equally long; those of a text file as long as they were written.
    """

    sheet: str | None
    rows: tuple[Row, ...]
    is_hidden: bool = False


def is_blank(cell: object) -> bool:
    """Tell whether a cell holds nothing but white space."""
    return cell is None or (isinstance(cell, str) and not cell.strip())
