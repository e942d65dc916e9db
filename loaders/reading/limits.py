"""How much a file may hold before it is refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """The largest file read; each bound is examined before the memory it guards is taken.

    `unpacked_bytes` bounds the parts of an .xlsx archive together, and separately the texts its
    cells repeat; `members` and `tags` bound its parts and the tags in them (a filled cell has
    four). `rows`, `columns` and `cells` count up to the last filled cell, empty ones included;
    `rows` and `columns` are per sheet, `cells` per file.
    """

    file_bytes: int = 30_000_000
    unpacked_bytes: int = 50_000_000
    members: int = 2_000
    tags: int = 4_200_000
    rows: int = 200_000
    columns: int = 500
    cells: int = 1_000_000


DEFAULT_LIMITS = ReadLimits()
