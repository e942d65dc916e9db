"""Editions of open data: of when a file is, and whether it follows the one loaded before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

FEWEST_TO_JUDGE: Final = 20
"""A series of fewer rows may shrink: it is told, and not refused."""

LEAST_SHARE: Final = 0.5
"""A new edition that holds less than this share of the last one is taken for cut off."""

_WESTERN: Final = re.compile(
    r"(?<!\d)(20\d\d)(?:(0[1-9]|1[0-2])([0-3]\d)?|[-.年](1[0-2]|0?[1-9])(?:[-.月]([0-3]?\d))?)(?!\d)"
)
_ERA: Final = re.compile(r"(?:令和|[Rr])(\d{1,2})[-_.年](1[0-2]|0?[1-9])")
_REIWA_BEGAN: Final = 2018  # the year before 令和 1


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands of a series: how many rows of how many its latest edition holds."""

    series: str
    rows: int
    edition: date | None


def find_edition(file: str) -> date | None:
    """Return the edition a file's name tells (202503, 2025-03-31, R7.3); None when it does not.

    A month without a day is its first.
    """
    return next(_find_dates(file), None)


def _find_dates(file: str) -> Iterator[date]:
    for match in _WESTERN.finditer(file):
        year, month, day = match[1], match[2] or match[4], match[3] or match[5] or "1"
        with suppress(ValueError):  # 20250231 is no day
            yield date(int(year), int(month), int(day))
    for match in _ERA.finditer(file):
        yield date(_REIWA_BEGAN + int(match[1]), int(match[2]), 1)


def spell_edition(edition: date) -> str:
    """Return an edition as `find_edition` reads it: 2025-03-31, or 2025-03 for the first day."""
    return f"{edition:%Y-%m}" if edition.day == 1 else edition.isoformat()


def is_older(edition: date, standing: Standing) -> bool:
    """Say whether a later edition of the series is loaded already."""
    return standing.edition is not None and edition < standing.edition


def shrinks(edition: date, rows: int, standing: Standing) -> bool:
    """Say whether a new edition has less than `LEAST_SHARE` of the rows of the last one."""
    return (
        standing.edition is not None
        and edition > standing.edition
        and rows < standing.rows * LEAST_SHARE
    )


def is_cut_off(edition: date, rows: int, standing: Standing) -> bool:
    """Say whether a new edition has so few rows that it is hardly whole."""
    return standing.rows >= FEWEST_TO_JUDGE and shrinks(edition, rows, standing)
