"""One row of open data as plain values, whatever file it stood in."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from graph.records import Value
from graph.vocabulary import SUPPORTS
from loaders.lettering import matching_key
from loaders.problems import Problem, sort_values

SERVICES_FILE: Final = Path(__file__).with_name("services.toml")
SHOWN_OF_A_KIND: Final = 20
"""Notices of one kind that are listed one by one; of more, the number is told."""


@dataclass(frozen=True, slots=True)
class Service:
    """What a service is: the words people use, its kinds of help, and its field if it has one."""

    name: str
    supports: tuple[str, ...] = ()
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Office:
    """What one row says of one agency and one of its services.

    `number` identifies the agency within `source`; `facts` are properties of Listing by name, only
    those the row fills (name always, municipality where it could be found). `supports` are codes of
    kinds of help. `serves` are areas the source says it serves: standing somewhere is not serving.
    `order` tells rows apart that repeat number and service, 0 for the first of them. `listing_id`
    is known of an office read back from the graph.
    """

    source: str
    number: str
    service: str
    row: int
    facts: Mapping[str, Value]
    field: str | None = None
    supports: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    order: int = 0
    listing_id: str = ""

    @property
    def series(self) -> str:
        """Data set and service: what one file holds, and an edition replaces as a whole."""
        return f"{self.source}:{self.service}" if self.service else self.source


@dataclass(slots=True)
class NoticeBook:
    """What was doubtful in the rows of a file: the first of each kind, and how many there are."""

    file: str
    found: list[Problem] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, code: str, row: int, column: str = "", **values: object) -> None:
        """Keep a notice about a row; beyond the first of a kind only count it."""
        self.counts[code] += 1
        if self.counts[code] <= SHOWN_OF_A_KIND:
            self.found.append(
                Problem(self.file, None, row, column, code, sort_values(values), notice=True)
            )

    def list_notices(self) -> tuple[Problem, ...]:
        """Return the notices in order of rows, then how many of a kind were left out."""
        more = [
            Problem(
                self.file, None, 0, "", f"open_data.more.{code}",
                sort_values({"count": count - SHOWN_OF_A_KIND}), notice=True,
            )
            for code, count in sorted(self.counts.items())
            if count > SHOWN_OF_A_KIND
        ]  # fmt: skip
        return (*sorted(self.found), *more)


def find_service(words: str) -> Service:
    """Return what a service is; one without kinds of help when nobody knows it."""
    return _services().get(matching_key(words), Service(words))


@cache
def _services() -> Mapping[str, Service]:
    entries: Iterable[Mapping[str, object]] = tomllib.loads(
        SERVICES_FILE.read_text(encoding="utf-8")
    )["service"]
    return dict(_read_service(words, entry) for entry in entries for words in _list_words(entry))


def _list_words(entry: Mapping[str, object]) -> list[str]:
    words = entry["words"]
    return [str(word) for word in words] if isinstance(words, list) else []


def _read_service(words: str, entry: Mapping[str, object]) -> tuple[str, Service]:
    supports = entry["supports"]
    codes = tuple(str(code) for code in supports) if isinstance(supports, list) else ()
    if unknown := set(codes) - set(SUPPORTS.codes):
        raise ValueError(f"{words}: {unknown}")
    field_name = entry.get("field")
    name = str(entry.get("name", words))
    return matching_key(words), Service(name, codes, str(field_name) if field_name else None)
