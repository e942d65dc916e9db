"""Rows of the sheet 関係: ties between two agencies over a time."""

from __future__ import annotations

from collections.abc import Iterator

from graph.records import Record, RelationshipRecord
from graph.vocabulary import FLOWS, QUALITIES, STRENGTHS, TIE_KINDS
from loaders.directory import Directory
from loaders.problems import BadValue
from loaders.references import resolve_organization
from loaders.rows import RowReader


def read_tie(row: RowReader, directory: Directory) -> Iterator[Record]:
    """Yield the tie; kind, strength and quality are 連携, ふつう and 良好 where left empty."""
    source = resolve_organization(row, "source", directory)
    target = resolve_organization(row, "target", directory)
    if source is not None and source == target:
        row.report("target", BadValue("rows.tie_to_itself"))
    since, until = row.date("since"), row.date("until")
    if since and until and until.last < since.first:
        row.report("until", BadValue("rows.dates_reversed"))
    properties = {
        "kind": row.coded("kind", TIE_KINDS) or "cooperation",
        "strength": row.coded("strength", STRENGTHS) or "normal",
        "quality": row.coded("quality", QUALITIES) or "good",
        "flow": row.coded("flow", FLOWS),
        "since": since,
        "until": until,
        "note": row.prose("note"),
    }
    if source and target:
        yield RelationshipRecord(
            "TIED_TO", ("Organization", source), ("Organization", target), properties, row.source
        )
