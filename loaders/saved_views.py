"""Saved ways to show a facility's ecomap: kept, renamed, put in order, taken off the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from graph.records import NodeRecord, RelationshipRecord, Source, Value, derive_id
from loaders.forms import FILE, Cells, Entry, Labels, Standing, open_row


def stand_view(row: Mapping[str, Any]) -> Standing:
    """Return the view of an item of saved_views."""
    properties: dict[str, Value] = {name: row[name] for name in ("title", "address", "position")}
    record = NodeRecord("SavedView", row["view_id"], properties, Source(FILE))
    return Standing(record, row["content_hash"])


def keep_view(
    cells: Cells, labels: Labels, facility_id: str, address: str, opening: str, *, position: int
) -> Entry:
    """Return a new view, its `title` typed; the same opening of the form makes it once.

    `address` are the parameters of the page's address, which name no client.
    """
    row = open_row(cells, labels)
    title = row.text("title", required=True)
    if row.problems:
        return Entry(problems=tuple(row.problems))
    key = derive_id("view", facility_id, opening)
    properties: dict[str, Value] = {"title": title, "address": address, "position": position}
    end = ("Organization", facility_id)
    return Entry(
        (
            NodeRecord("SavedView", key, properties, row.source),
            RelationshipRecord("OF", ("SavedView", key), end, {}, row.source),
        ),
        {("SavedView", key): None},
    )


def rename_view(cells: Cells, labels: Labels, standing: Standing) -> Entry:
    """Return a view with another `title`; it is expected to stand as it was read."""
    row = open_row(cells, labels)
    title = row.text("title", required=True)
    if row.problems:
        return Entry(problems=tuple(row.problems))
    return _change([(standing, {"title": title})])


def order_views(views: Sequence[Standing]) -> Entry:
    """Return the views whose place is another, as they now stand one after the other."""
    return _change(
        [
            (view, {"position": place})
            for place, view in enumerate(views)
            if view.record.properties["position"] != place
        ]
    )


def retire_view(standing: Standing, day: date) -> Entry:
    """Return a view that is off the list since `day`; its node stays, as everything does."""
    return _change([(standing, {"retired_on": day})])


def _change(changes: Sequence[tuple[Standing, Mapping[str, Value]]]) -> Entry:
    records = []
    for standing, changed in changes:
        properties = {**standing.record.properties, **changed}
        records.append(replace(standing.record, properties=properties))
    expected = {standing.key: standing.content_hash for standing, _ in changes}
    return Entry(tuple(records), expected)
