"""Which kind of sheet this is and which column means what; the words are data in headers.toml."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final, Literal, cast, get_args

from loaders.lettering import matching_key, normalise_name, read_text
from loaders.problems import Problem, sort_values

SheetKind = Literal[
    "organizations", "partner_list", "ties", "people", "referrals", "events", "consents"
]
SHEET_KINDS: Final[tuple[SheetKind, ...]] = get_args(SheetKind)

ABOUT_SHEET: Final = "このファイルについて"
"""The sheet of a workbook in which it says what it is; nobody reads records from it."""

FEWEST_HEADERS: Final = 2
"""A row with this many recognised headers is taken for the header row."""

HEADERS_FILE: Final = Path(__file__).with_name("headers.toml")
_LONGEST: Final = 200
_IN_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|<[^<>]*>")
_NUMBER: Final = re.compile(r"[-+]?[0-9.,/:年月日-]+")
_MARKS: Final = "*※★●○◎・:"
_SHEET_SUFFIX: Final = re.compile(r"[-_]?(?:r|h|令和|平成)?[0-9.]*(?:年度?|版)?$")


@dataclass(frozen=True, slots=True)
class SheetWords:
    """One kind of sheet: its columns in order, and the words for it and for its columns by key.

    `names` and `labels` are the words as written in headers.toml, the usual one first.
    """

    names: tuple[str, ...]
    labels: Mapping[str, tuple[str, ...]]
    columns: tuple[str, ...]
    sheet_keys: frozenset[str]
    column_of: Mapping[str, str]
    needs: frozenset[str]
    needs_one: frozenset[str]

    def fits(self, columns: frozenset[str]) -> bool:
        """Tell whether a sheet with these canonical columns can be of this kind."""
        return self.needs <= columns and (not self.needs_one or bool(self.needs_one & columns))


Words = Mapping[SheetKind, SheetWords]
"""What is known of every kind of sheet."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a person said a header means in sheets of a kind; with `column` None, a sheet's name.

    `words` are as written in the file; they are known again whatever their width, case or spaces.
    """

    kind: SheetKind
    words: str
    column: str | None = None


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """What each column of a header means.

    `columns` is as long as `header`; None marks a column that is not read: unknown, without a
    header, or named twice (see `duplicates`: pairs of header and canonical name).
    """

    kind: SheetKind
    header: tuple[str, ...]
    columns: tuple[str | None, ...]
    unknown: tuple[str, ...]
    duplicates: tuple[tuple[str, str], ...]

    def position(self, column: str) -> int | None:
        """Return the index of canonical `column` in a row, or None when the sheet lacks it."""
        return self.columns.index(column) if column in self.columns else None

    def report(self, *, file: str, sheet: str | None, row: int) -> tuple[Problem, ...]:
        """Return the duplicates as problems and the unknown headers as notices, at `row`."""
        duplicates = (
            _problem("loaders.header.duplicate", header, file, sheet, row, expected=column)
            for header, column in self.duplicates
        )
        unknown = (
            _problem("loaders.header.unknown", header, file, sheet, row, notice=True)
            for header in self.unknown
        )
        return (*duplicates, *unknown)


def learn(headings: Iterable[Heading]) -> Words:
    """Return the words of headers.toml and what people said beside; the latter counts more."""
    words = dict(read_words())
    for heading in headings:
        known = words[heading.kind]
        key = matching_key(heading.words)
        if heading.column is None:
            words[heading.kind] = replace(known, sheet_keys=known.sheet_keys | {key})
        else:
            column_of = {**known.column_of, key: heading.column}
            words[heading.kind] = replace(known, column_of=column_of)
    return words


def recognise_columns(
    kind: SheetKind, header: Sequence[object], known: Words | None = None
) -> ColumnMap:
    """Return what each cell of `header` means in a sheet of `kind`, by the words that are `known`.

    A header that names a column exactly wins over one that does so only without its bracketed
    note (住所 over 住所（建物名）); the latter is then unknown. Two equally good ones are
    duplicates and neither is read.
    """
    texts = tuple(_read_header(cell) for cell in header)
    words = (known or read_words())[kind]
    exact = [words.column_of.get(matching_key(text)) for text in texts]
    loose = [words.column_of.get(_drop_notes(text)) for text in texts]
    found = [
        first or (second if second not in exact else None)
        for first, second in zip(exact, loose, strict=True)
    ]
    times = Counter(column for column in found if column)
    return ColumnMap(
        kind=kind,
        header=texts,
        columns=tuple(column if times[column or ""] == 1 else None for column in found),
        unknown=tuple(
            text for text, column in zip(texts, found, strict=True) if text and not column
        ),
        duplicates=tuple(
            (text, column)
            for text, column in zip(texts, found, strict=True)
            if column and times[column] > 1
        ),
    )


def recognise_kind(
    sheet_name: str | None, header: Sequence[object], known: Words | None = None
) -> SheetKind | None:
    """Return the kind of a sheet by its name, else by the kind that knows most of its headers.

    A name may carry a note, a number or a year (機関 (2), 紹介_2020). Give a text file's stem as
    its name. None when neither the name nor the header says enough.
    """
    name_key = matching_key(sheet_name or "")
    keys = {name_key, _drop_notes(sheet_name or ""), _SHEET_SUFFIX.sub("", name_key)}
    known = known or read_words()
    for kind, words in known.items():
        if words.sheet_keys & (keys - {""}):
            return kind
    covered: dict[SheetKind | None, int] = {
        kind: len(columns)
        for kind, columns in _cover(header, known).items()
        if len(columns) >= FEWEST_HEADERS and known[kind].fits(columns)
    }
    # max keeps the first of equals, and the file lists the more specific kinds first.
    return max(covered, key=covered.__getitem__, default=None)


def is_header_row(cells: Sequence[object], known: Words | None = None) -> bool:
    """Tell whether some kind of sheet recognises at least two different columns in these cells."""
    covered = _cover(cells, known or read_words())
    return any(len(columns) >= FEWEST_HEADERS for columns in covered.values())


def may_be_header_row(cells: Sequence[object]) -> bool:
    """Tell whether cells look like headers nobody knows yet: several different words, no number."""
    texts = [_read_header(cell) for cell in cells]
    filled = [text for text in texts if text]
    return (
        len(filled) >= FEWEST_HEADERS
        and len(set(filled)) == len(filled)
        and not any(_NUMBER.fullmatch(text) for text in filled)
    )


@cache
def read_words() -> Mapping[SheetKind, SheetWords]:
    """Read headers.toml, in its order.

    Raises:
        ValueError: one header stands for two columns of a kind.
    """
    tree = tomllib.loads(HEADERS_FILE.read_text(encoding="utf-8"))
    return {cast("SheetKind", kind): _read_kind(kind, entry) for kind, entry in tree.items()}


def _read_kind(kind: str, entry: Mapping[str, object]) -> SheetWords:
    columns = cast("Mapping[str, list[str]]", entry["columns"])
    column_of: dict[str, str] = {}
    for column, headers in columns.items():
        for header in (column, *headers):
            if column_of.setdefault(matching_key(header), column) != column:
                raise ValueError(f"{kind}: {header} stands for two columns")
    names = cast("list[str]", entry["sheet_names"])
    return SheetWords(
        names=tuple(names),
        labels={column: tuple(headers) for column, headers in columns.items()},
        columns=tuple(columns),
        sheet_keys=frozenset(matching_key(name) for name in (kind, *names)),
        column_of=column_of,
        needs=frozenset(cast("list[str]", entry.get("needs", []))),
        needs_one=frozenset(cast("list[str]", entry.get("needs_one", []))),
    )


def _cover(cells: Sequence[object], known: Words) -> dict[SheetKind, frozenset[str]]:
    keys = [
        key
        for text in map(_read_header, cells)
        if text
        for key in (matching_key(text), _drop_notes(text))
    ]
    return {
        kind: frozenset(words.column_of[key] for key in keys if key in words.column_of)
        for kind, words in known.items()
    }


def _read_header(cell: object) -> str:
    return normalise_name(read_text(cell)[:_LONGEST])


def _drop_notes(text: str) -> str:
    key = matching_key(text)
    return _IN_BRACKETS.sub("", key).strip(_MARKS)


def _problem(
    code: str,
    header: str,
    file: str,
    sheet: str | None,
    row: int,
    *,
    notice: bool = False,
    **values: object,
) -> Problem:
    named = sort_values({"header": header, **values})
    return Problem(file, sheet, row, header, code, named, notice)
