"""One row of a sheet, read cell by cell; what cannot be read becomes a problem of its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Final, TypeVar

from graph.dates import PartialDate
from graph.records import Source
from graph.vocabulary import Vocabulary
from loaders.dates import parse_date
from loaders.lettering import matching_key, normalise_name, read_text, split_values
from loaders.problems import BadValue, Problem, report_value

S = TypeVar("S")
T = TypeVar("T")

PERSONAL_COLUMNS: Final = frozenset(
    {"person", "client_id", "course", "text", "former_area", "desired_area", "destination"}
)
PERSONAL_IN_PEOPLE: Final = frozenset({"name", "phone", "email"})

_NUMBER: Final = re.compile(r"[-+]?[0-9]{1,30}(\.[0-9]{1,30})?")
_YES: Final = frozenset(
    {"1", "true", "yes", "y", "○", "〇", "はい", "有", "あり", "伏せる", "非公開"}
)
_NO: Final = frozenset({"0", "false", "no", "n", "×", "いいえ", "無", "なし", "公開"})


class RowReader:
    """Typed access to the cells of one row by canonical column name.

    A cell that cannot be read is reported to `problems` once and reads as None, so that a whole
    file's problems are found in one pass.
    """

    def __init__(
        self,
        source: Source,
        cells: Mapping[str, object],
        headers: Mapping[str, str],
        problems: list[Problem],
        personal: frozenset[str] = PERSONAL_COLUMNS,
    ) -> None:
        self.source = source
        self.problems = problems
        self._cells = cells
        self._headers = headers
        self._personal = personal
        self._reported: set[Problem] = set()

    def has(self, column: str) -> bool:
        """Say whether the sheet has this column at all."""
        return column in self._headers

    def is_filled(self, column: str) -> bool:
        """Say whether the cell holds anything."""
        return read_text(self._cells.get(column)) != ""

    def text(self, column: str, *, required: bool = False) -> str | None:
        """Read a cell as text, normalised; None when empty, a problem too when it is required."""
        text = normalise_name(read_text(self._cells.get(column)))
        if text:
            return text
        if required:
            self.report(column, BadValue("rows.required"))
        return None

    def prose(self, column: str, *, required: bool = False) -> str | None:
        """Read a cell as text of several lines, each normalised; None as for `text`."""
        if self.text(column, required=required) is None:
            return None
        lines = read_text(self._cells.get(column)).splitlines()
        return "\n".join(map(normalise_name, lines)).strip("\n")

    def raw(self, column: str) -> str:
        """Read a cell's words as written."""
        return read_text(self._cells.get(column))

    def date(
        self, column: str, *, fiscal_year: int | None = None, required: bool = False
    ) -> PartialDate | None:
        """Read a date in any usual spelling."""
        if self.text(column, required=required) is None:
            return None
        return self.parse(column, lambda cell: parse_date(cell, fiscal_year=fiscal_year))

    def coded(self, column: str, vocabulary: Vocabulary, *, required: bool = False) -> str | None:
        """Read a code, a label or another spelling of a vocabulary into its code."""
        words = self.text(column, required=required)
        return self.parse(column, lambda cell: parse_term(cell, vocabulary)) if words else None

    def number(self, column: str) -> float | None:
        """Read a number; full-width digits and a unit behind it (3人) are understood."""
        return self.parse(column, _parse_number)

    def integer(self, column: str) -> int | None:
        """Read a whole number."""
        value = self.number(column)
        if value is None:
            return None
        if not float(value).is_integer():
            self.report(column, BadValue("rows.not_whole", value=self.raw(column)))
            return None
        return int(value)

    def flag(self, column: str) -> bool | None:
        """Read yes or no."""
        return self.parse(column, _parse_flag)

    def parse(self, column: str, parser: Callable[[object], T]) -> T | None:
        """Read a filled cell by `parser`, which raises BadValue for what it cannot read."""
        if not self.is_filled(column):
            return None
        return self._attempt(column, parser, self._cells.get(column))

    def parse_words(self, column: str, words: str, parser: Callable[[str], T]) -> T | None:
        """Read words that stand in a cell by `parser`."""
        return self._attempt(column, parser, words)

    def each(
        self, column: str, parser: Callable[[str], T], known: tuple[str, ...] = ()
    ) -> Iterator[T]:
        """Read each value of a cell that lists several; what cannot be read is left out."""
        for words in split_values(self._cells.get(column), known):
            value = self._attempt(column, parser, words)
            if value is not None:
                yield value

    def _attempt(self, column: str, parser: Callable[[S], T], cell: S) -> T | None:
        try:
            return parser(cell)
        except BadValue as error:
            self.report(column, error)
            return None

    def report(self, column: str, error: BadValue) -> None:
        """Report a problem of this row's cell."""
        problem = report_value(
            error,
            file=self.source.file,
            sheet=self.source.sheet,
            row=self.source.row or 0,
            column=self._headers.get(column, column),
            is_personal=column in self._personal,
        )
        # Only this row's own can be the same; a search through all would take hours for a file
        # whose every row is wrong.
        if problem not in self._reported:
            self._reported.add(problem)
            self.problems.append(problem)

    def give_up(self) -> None:
        """Report that rows from this one on were not read, once however often it is said."""
        source = self.source
        problem = Problem(source.file, source.sheet, source.row or 0, "", "rows.given_up")
        if problem not in self._reported:
            self._reported.add(problem)
            self.problems.append(problem)


def parse_term(cell: object, vocabulary: Vocabulary) -> str:
    """Return the code of a term given by code, label (either language) or another spelling.

    Raises:
        BadValue: `rows.not_in_vocabulary` with the labels that are expected.
    """
    code = _read_spellings(vocabulary).get(matching_key(read_text(cell)))
    if code is not None:
        return code
    expected = "・".join(term.ja for term in vocabulary.terms)
    raise BadValue("rows.not_in_vocabulary", value=read_text(cell), expected=expected)


@cache
def _read_spellings(vocabulary: Vocabulary) -> Mapping[str, str]:
    """Return matching key → code; of two terms with one spelling the first has it."""
    return {
        matching_key(spelling): term.code
        for term in reversed(vocabulary.terms)
        for spelling in (term.code, term.ja, term.en, *term.spellings)
    }


def _parse_number(cell: object) -> float:
    key = matching_key(read_text(cell)).replace(",", "").rstrip("人名回件歳%")
    if not _NUMBER.fullmatch(key):
        raise BadValue("rows.not_a_number", value=read_text(cell))
    return float(key)


def _parse_flag(cell: object) -> bool:
    key = matching_key(read_text(cell))
    if key in _YES:
        return True
    if key in _NO:
        return False
    raise BadValue("rows.not_yes_or_no", value=read_text(cell))
