"""Rows of the sheet 連携リスト: which agencies should be partners, as of which day.

Many offices keep nothing but this list, so a row may bring an agency nobody has entered yet and
may say how far things have come: the stage becomes the dated events that it stands for.
"""

from __future__ import annotations

from collections.abc import Iterator

from graph.dates import PartialDate
from graph.records import NodeRecord, Record, RelationshipRecord, Source, Value, derive_id
from graph.vocabulary import FIELDS, STAGES
from loaders.directory import Directory, KnownOrganization
from loaders.events import make_event
from loaders.organizations import read_municipality
from loaders.phones import parse_phone
from loaders.problems import BadValue
from loaders.references import read_facility
from loaders.rows import RowReader


def declare_partner(row: RowReader, directory: Directory) -> Iterator[Record]:
    """Yield the row's facility and agency when nobody knows them yet; otherwise nothing."""
    if facility := row.text("facility"):
        yield from declare_facility(facility, directory, row.source)
    name = row.text("organization", required=not _is_empty_list(row))
    if name is None or directory.knows(row.text("organization_id") or name):
        return
    municipality = read_municipality(row)
    organization = directory.register(
        KnownOrganization(row.text("organization_id"), name, municipality=municipality)
    )
    properties: dict[str, Value] = {
        "name": name,
        "field": row.coded("field", FIELDS, required=True),
    }
    if row.has("agency_type"):
        properties["agency_type"] = row.text("agency_type")
    if row.has("phone"):
        properties["phone"] = row.parse("phone", parse_phone)
    if municipality:
        properties["municipality"] = municipality
        yield RelationshipRecord(
            "LOCATED_IN", ("Organization", organization), ("Area", municipality), {}, row.source
        )
    yield NodeRecord("Organization", organization, properties, row.source)


def declare_facility(words: str, directory: Directory, source: Source) -> Iterator[Record]:
    """Yield the facility when nobody knows it yet: an office's first file may be just its list."""
    if not directory.knows(words):
        key = directory.register(KnownOrganization(None, words))
        yield NodeRecord("Organization", key, {"name": words}, source)


def read_partner(
    row: RowReader, directory: Directory, default: str | None, default_day: PartialDate | None
) -> Iterator[Record]:
    """Yield the list, the facility that keeps it, the listing, and the events of its stage.

    Facility and day are `default` and `default_day` where the row does not say them.
    """
    words = row.text("organization_id") or row.text("organization")
    organization = row.parse_words("organization", words, directory.resolve) if words else None
    facility = read_facility(row, directory, default)
    if facility is None and not row.is_filled("facility"):
        row.report("facility", BadValue("rows.facility_unknown"))
    made_on = row.date("list_date") or default_day
    if made_on is None and not row.is_filled("list_date"):
        row.report("list_date", BadValue("rows.list_date_unknown"))
    if facility is None or made_on is None or (organization is None and not _is_empty_list(row)):
        return
    name = row.text("list_name") or made_on.isoformat()
    key = row.text("list_id") or derive_id("list", facility, name, made_on)
    yield NodeRecord("PartnerList", key, {"name": name, "made_on": made_on}, row.source)
    yield RelationshipRecord(
        "KEEPS", ("Organization", facility), ("PartnerList", key), {}, row.source
    )
    if organization is None:
        return
    yield RelationshipRecord(
        "LISTS",
        ("PartnerList", key),
        ("Organization", organization),
        {"expected_support": row.prose("expected_support"), "note": row.prose("note")},
        row.source,
    )
    yield from _read_stage(row, organization, facility, made_on)


def _is_empty_list(row: RowReader) -> bool:
    """Say whether the row names a list by its id and no agency: a list that has none yet."""
    named = row.is_filled("organization_id") or row.is_filled("organization")
    return row.is_filled("list_id") and not named


def _read_stage(
    row: RowReader, organization: str, facility: str, made_on: PartialDate
) -> Iterator[Record]:
    """Yield the events a stage stands for; without its own date a stage holds from the list's."""
    stage = row.coded("stage", STAGES)
    explained, supporting = row.date("explained_on"), row.date("supporting_since")
    if stage in ("explained", "supporting"):
        explained = explained or supporting or made_on
    if stage == "supporting":
        supporting = supporting or made_on
    declined = made_on if stage == "declined" else None
    steps = (("explained", explained), ("support_started", supporting), ("declined", declined))
    for kind, day in steps:
        if day:
            concerned = [("Organization", organization)]
            yield from make_event(kind, day, concerned, facility, row.source)
