"""What a look at one thing came to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Level = Literal["fine", "warning", "error"]

_RANK: Final[tuple[Level, ...]] = ("fine", "warning", "error")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at.

    `subject` names it (catalogue key `check.subject.…`); `code` is "" when it is fine, else the key
    of the sentence that says what is wrong and what to do, which `values` fill. Values are counts,
    sizes, paths and our own ids; never what a person wrote, and no client's pseudonym.
    """

    subject: str
    level: Level = "fine"
    code: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


def find_worst(findings: Iterable[Finding]) -> Level:
    """Return the worst level; fine for none."""
    return max((finding.level for finding in findings), key=_RANK.index, default="fine")
