"""What open data may change of an agency: empty properties, and what it wrote itself before.

Three values decide for each property: what stands, what the source said last (its listing), and
what it says now. What a person entered or corrected is never overwritten; what is empty is filled.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from graph.records import Value

_SINGLE: Final = (
    "kana", "corporation", "corporate_number", "office_number", "phone", "fax", "email", "url",
    "hours", "conditions", "capacity", "postal_code",
)  # fmt: skip
_PLACE: Final = ("address", "municipality", "location", "location_accuracy")

SHARED: Final = ("name", *_SINGLE, *_PLACE)
"""Properties that Listing and Organization have in common."""

READ: Final = (*SHARED, "field", "agency_type", "status", "hidden_address")
"""Properties of an agency that merging has to know."""


def merge_facts(
    standing: Mapping[str, object], said: Mapping[str, object], says: Mapping[str, Value]
) -> dict[str, Value]:
    """Return what to write of an agency: only properties that change.

    `standing` is the agency in the graph, `said` its listing of the last edition ({} when there was
    none), `says` the row. A place is taken as a whole or not at all; never where the address is
    hidden.
    """
    changes = {
        name: says[name]
        for name in ("name", *_SINGLE)
        if name in says and _may_write(name, standing, said, says)
    }
    if standing.get("hidden_address"):
        return {name: value for name, value in changes.items() if name != "postal_code"}
    if not _may_move(standing, said, says):
        return changes
    return changes | {
        name: says[name] for name in _PLACE if name in says and says[name] != standing.get(name)
    }


def _may_write(
    name: str,
    standing: Mapping[str, object],
    said: Mapping[str, object],
    says: Mapping[str, Value],
) -> bool:
    now = standing.get(name)
    if now == says[name]:
        return False
    return now is None or now == said.get(name)


def _may_move(
    standing: Mapping[str, object], said: Mapping[str, object], says: Mapping[str, Value]
) -> bool:
    """Say whether the place may change: unknown so far, still as the source said, or more exact."""
    if all(standing.get(name) is None for name in ("address", "location", "location_accuracy")):
        return standing.get("municipality") in (None, says.get("municipality"))
    if said and all(standing.get(name) == said.get(name) for name in _PLACE):
        return True
    return (
        standing.get("location_accuracy") != "exact"
        and says.get("location_accuracy") == "exact"
        and standing.get("municipality") == says.get("municipality")
        and standing.get("address") in (None, says.get("address"))
    )
