"""What a row of an agency leaves unsaid does not take away what is known better.

A blank cell empties what a workbook or a person said before. It does not empty what open data says:
a list without telephone numbers is no statement about them. And the middle of a municipality, for
want of an address, never replaces a better point in the same municipality.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from graph.records import NodeRecord, Record, Value
from graph.store import Row, Store
from loaders.open_data.merging import SHARED
from loaders.problems import Problem, sort_values

_POINT: Final = ("location", "location_accuracy")
_READ: Final = (*SHARED, "hidden_address")


def keep_unsaid(
    store: Store, file: str, records: Sequence[Record]
) -> tuple[list[Record], tuple[Problem, ...]]:
    """Return the records without what they would take away unsaid, and a notice of how much.

    Only agencies whose row has a blank cell or a rough point are read from the graph.
    """
    asked = {one.identity for one in records if _may_take(one)}
    rows = store.find_nodes("Organization", "organization_id", asked, _READ)
    standing = {row["key"]: row for row in rows}
    said = _find_listings(store, standing)
    kept: list[Record] = []
    cells = agencies = 0
    for record in records:
        if not isinstance(record, NodeRecord) or record.key not in standing:
            kept.append(record)
            continue
        left = drop_unsaid(record.properties, standing[record.key], said[record.key])
        blank = {name for name in set(record.properties) - set(left) if name not in _POINT}
        cells += len(blank)
        agencies += bool(blank)
        kept.append(replace(record, properties=left))
    return kept, _report(file, cells, agencies)


def drop_unsaid(
    says: Mapping[str, Value], standing: Mapping[str, Any], listings: Iterable[Mapping[str, Any]]
) -> dict[str, Value]:
    """Return what a row `says` of an agency without what it is silent about.

    `standing` is the agency in the graph, `listings` what open data says of it, () for nothing. An
    address that is to be hidden is no silence: nothing of it is kept.
    """
    if says.get("hidden_address") or standing.get("hidden_address"):
        return dict(says)
    listed = [*listings]
    silent = {
        name
        for name in SHARED
        if name in says
        and name not in _POINT
        and says[name] is None
        and standing.get(name) is not None
        and any(one.get(name) == standing[name] for one in listed)
    }
    left = {name: value for name, value in says.items() if name not in silent}
    if left.get("address") is None and _is_rougher(left, standing):
        return {name: value for name, value in left.items() if name not in _POINT}
    return left


def _is_rougher(says: Mapping[str, Value], standing: Mapping[str, Any]) -> bool:
    """Say whether the point of a row is worse than the one that its standing address has."""
    is_emptied = "address" in says and standing.get("address") is not None
    return (
        not is_emptied
        and says.get("location_accuracy") == "municipality"
        and standing.get("location_accuracy") not in (None, "municipality")
        and says.get("municipality") in (None, standing.get("municipality"))
    )


def _may_take(record: Record) -> bool:
    return (
        isinstance(record, NodeRecord)
        and record.label == "Organization"
        and any(
            name in record.properties and record.properties[name] in (None, "municipality")
            for name in SHARED
        )
    )


def _find_listings(store: Store, agencies: Iterable[str]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    links = store.find_relationships("DESCRIBES", "end", agencies)
    agency_of = {row["start"]: row["end"] for row in links}
    for row in store.find_nodes("Listing", "listing_id", agency_of, SHARED):
        found[agency_of[row["key"]]].append(row)
    return found


def _report(file: str, cells: int, agencies: int) -> tuple[Problem, ...]:
    if not cells:
        return ()
    values = sort_values({"count": cells, "agencies": agencies})
    return (Problem(file, None, 0, "", "rows.kept_listed", values, notice=True),)
