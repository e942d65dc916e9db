"""How much a file may hold before it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from loaders.problems import BadFile


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


DEFAULT_LIMITS: Final = ReadLimits()


def read_bounded(path: Path, limits: ReadLimits = DEFAULT_LIMITS) -> bytes:
    """Return the bytes of a file; of one that is too large no more than the limit is read.

    Raises:
        BadFile: it is not there, may not be read, is a folder, or is too large.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limits.file_bytes + 1)
    except OSError:
        raise BadFile("loaders.file.unreadable") from None
    require_size(data, limits)
    return data


def require_size(data: bytes, limits: ReadLimits = DEFAULT_LIMITS) -> None:
    """Accept the bytes of a file that is not too large; that is all.

    Raises:
        BadFile: they are more than the limit.
    """
    if len(data) > limits.file_bytes:
        raise BadFile("loaders.file.too_large", limit=f"{limits.file_bytes // 1_000_000} MB")
