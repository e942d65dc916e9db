"""How the partner list has grown: each edition against the first, in number and in fields.

Indicator 0102, second measure, of FACTS A. All functions are pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Growth:
    """One edition of the list against the first one.

    `newcomers` and `leavers` are names, in order of the agencies' ids; `gained` and `lost` are
    fields. The first edition has none of them.
    """

    list_id: str
    agencies: int
    fields: int
    newcomers: tuple[str, ...] = ()
    leavers: tuple[str, ...] = ()
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def measure_growth(lists: Sequence[Row]) -> tuple[Growth, ...]:
    """Return each row of indicator_lists, oldest first, against the first; () for no list."""
    return tuple(_compare(lists[0], each) for each in lists)


def _compare(first: Row, edition: Row) -> Growth:
    before, after = _name_agencies(first), _name_agencies(edition)
    return Growth(
        edition["list_id"],
        len(after),
        len(edition["fields"]),
        tuple(name for key, name in after.items() if key not in before),
        tuple(name for key, name in before.items() if key not in after),
        tuple(code for code in edition["fields"] if code not in first["fields"]),
        tuple(code for code in first["fields"] if code not in edition["fields"]),
    )


def _name_agencies(row: Row) -> dict[str, str]:
    return dict(zip(row["organization_ids"], row["names"], strict=True))
