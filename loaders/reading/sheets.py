"""Files as tables: every sheet of a workbook, or a text file, with its header and numbered rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from loaders.lettering import normalise_name, read_text
from loaders.problems import BadFile, Problem, sort_values
from loaders.reading.delimited import SEARCHED_ROWS, read_delimited
from loaders.reading.grids import Grid, Row, is_blank
from loaders.reading.headers import ABOUT_SHEET, is_header_row
from loaders.reading.limits import DEFAULT_LIMITS, ReadLimits, require_size
from loaders.reading.workbooks import is_workbook, read_workbook

__all__ = ["ReadLimits", "Row", "Table", "parse_tables"]

EXCEL_ERRORS: Final = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
)

IsHeader = Callable[[tuple[object, ...]], bool]


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet, or one text file (`sheet` None).

    `header` holds the texts of row `header_row`; "" stands over a column that has cells but no
    header. Every row has as many cells as the header; empty cells are "". Rows without any cell
    filled are left out, and so are rows whose cells cannot be told apart: those are in
    `problems`. A sheet without a header row has an empty header, header row 0 and no rows.
    """

    file: str
    sheet: str | None
    header: tuple[str, ...]
    header_row: int
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...] = ()
    is_hidden: bool = False


def parse_tables(
    file: str,
    data: bytes,
    *,
    limits: ReadLimits = DEFAULT_LIMITS,
    is_header: IsHeader = is_header_row,
) -> list[Table]:
    """Return every sheet of the bytes of an .xlsx, .xls or text file that holds anything.

    The header of a sheet is the first of its rows `is_header` knows; rows above it are titles.
    What a file is, its content says, not its name. Takes and returns plain values only, so that it
    can run in a process of its own.

    Raises:
        BadFile: the file is empty, too large, damaged, protected or of another type, or none of its
            sheets has a header.
    """
    require_size(data, limits)
    if not data.strip():
        raise BadFile("loaders.file.empty")
    if not is_workbook(data):
        grid = read_delimited(data, limits, is_header)
        return [_make_table(file, grid, is_header)]
    grids = [grid for grid in read_workbook(data, limits) if grid.sheet != ABOUT_SHEET]
    if not grids:
        raise BadFile("loaders.file.empty")
    tables = [_make_table(file, grid, is_header) for grid in grids]
    if not any(table.header for table in tables):
        raise BadFile("loaders.file.no_header")
    return tables


def _make_table(file: str, grid: Grid, is_header: IsHeader) -> Table:
    searched = enumerate(grid.rows[:SEARCHED_ROWS])
    position = next((place for place, row in searched if is_header(row.cells)), None)
    if position is None:
        return Table(file, grid.sheet, (), 0, (), is_hidden=grid.is_hidden)
    texts = [normalise_name(read_text(cell)) for cell in grid.rows[position].cells]
    body = grid.rows[position + 1 :]
    problems: list[Problem] = []
    if grid.sheet is None:
        texts = texts[: _filled_width(texts)]
        body = _drop_ragged(file, body, len(texts), problems)
    kept = _find_kept_columns(texts, body)
    header = tuple(texts[place] for place in kept)
    errors: list[tuple[int, int, str]] = []
    rows = tuple(_keep_cells(row, kept, errors) for row in body)
    problems += (
        Problem(
            file, grid.sheet, number, header[place], "loaders.cell.excel_error", (("value", error),)
        )
        for number, place, error in errors
    )
    number = grid.rows[position].number
    return Table(file, grid.sheet, header, number, rows, tuple(problems), grid.is_hidden)


def _drop_ragged(
    file: str, rows: tuple[Row, ...], width: int, problems: list[Problem]
) -> tuple[Row, ...]:
    """Keep the rows of a text file whose number of cells fits the header; report the others."""
    kept = []
    for row in rows:
        count = max(_filled_width(row.cells), min(len(row.cells), width))
        if count == width:
            kept.append(row)
            continue
        code = "loaders.row.too_many_cells" if count > width else "loaders.row.too_few_cells"
        values = sort_values({"count": count, "expected": width})
        problems.append(Problem(file, None, row.number, "", code, values))
    return tuple(kept)


def _find_kept_columns(texts: list[str], rows: tuple[Row, ...]) -> list[int]:
    """Return the columns with a header or with any filled cell, from left to right."""
    filled = {place for place, text in enumerate(texts) if text}
    for row in rows:
        if len(filled) == len(texts):
            break
        filled.update(
            place for place, cell in enumerate(row.cells[: len(texts)]) if not is_blank(cell)
        )
    return sorted(filled)


def _keep_cells(row: Row, kept: list[int], errors: list[tuple[int, int, str]]) -> Row:
    """Return the kept cells, blank ones as ""; Excel errors go to `errors` with row and place."""
    cells = ["" if is_blank(row.cells[place]) else row.cells[place] for place in kept]
    for place, cell in enumerate(cells):
        if isinstance(cell, str) and cell.strip() in EXCEL_ERRORS:
            errors.append((row.number, place, cell.strip()))
            cells[place] = ""
    return Row(row.number, tuple(cells))


def _filled_width(cells: list[str] | tuple[object, ...]) -> int:
    """Return the number of cells up to the last filled one."""
    return max((place for place, cell in enumerate(cells, 1) if not is_blank(cell)), default=0)
