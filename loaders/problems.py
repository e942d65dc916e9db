"""What can be wrong with a file or a cell: codes and values; the words are in texts/loaders.toml.

::

    LoadProblem (never raised itself)
    ├── BadValue   one cell cannot be understood; the loader collects it as a Problem
    └── BadFile    the file as a whole cannot be read; nothing of it is used
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SHOWN_CHARACTERS: Final = 40
"""A message shows no more of a cell than this many characters."""

HIDDEN: Final = "●●●"
"""Stands in a message for what a personal column holds."""

_NEVER_FROM_A_CELL: Final = frozenset({"expected", "limit"})


class LoadProblem(Exception):
    """A problem with a code (key of the text catalogue) and the values its text names."""

    def __init__(self, code: str, /, **values: object) -> None:
        # The values stay out of the exception's own text: a traceback in a log must not hold
        # a person's data.
        super().__init__(code)
        self.code = code
        self.values: dict[str, str] = {name: shorten(value) for name, value in values.items()}


class BadValue(LoadProblem):
    """One cell cannot be understood; `values` may quote it, the exception's text never does."""


class BadFile(LoadProblem):
    """A file cannot be read at all: too large, damaged, protected or of another type."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem at one place of a file; sorts by file, sheet, row, then column.

    `sheet` is None for a text file. `row` is the number Excel shows, 0 when the problem concerns
    the whole sheet. `column` is the header as written, or empty. `values` are the placeholders of
    the text `code`, as a sorted tuple of name and text. A `notice` only informs: the file
    may be loaded all the same.
    """

    file: str
    sheet: str | None
    row: int
    column: str
    code: str
    values: tuple[tuple[str, str], ...] = ()
    notice: bool = False

    def __lt__(self, other: Problem) -> bool:
        return self._order() < other._order()

    def _order(self) -> tuple[str, str, int, str, str, tuple[tuple[str, str], ...], bool]:
        sheet = self.sheet or ""
        return self.file, sheet, self.row, self.column, self.code, self.values, self.notice


def report_value(
    error: BadValue, *, file: str, sheet: str | None, row: int, column: str, is_personal: bool
) -> Problem:
    """Return the problem of one cell; of a personal column it holds nothing the cell says."""
    values = hide_values(error.values) if is_personal else error.values
    return Problem(file, sheet, row, column, error.code, sort_values(values))


def hide_values(values: Mapping[str, str]) -> dict[str, str]:
    """Replace every value that may come from a cell; limits and expectations stay."""
    return {name: text if name in _NEVER_FROM_A_CELL else HIDDEN for name, text in values.items()}


def sort_values(values: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Return `values` as a Problem holds them: shortened texts, sorted by name."""
    return tuple(sorted((name, shorten(value)) for name, value in values.items()))


def shorten(value: object, length: int = SHOWN_CHARACTERS) -> str:
    """Return `value` as one line of at most `length` characters; a cut is marked by …."""
    # Cut first: a hostile cell may be megabytes long.
    text = " ".join(str(value)[: length * 4].split())
    return text if len(text) <= length else text[: length - 1] + "…"
