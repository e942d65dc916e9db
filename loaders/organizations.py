"""Rows of the sheet 機関: agencies, where they stand, whom they serve, what they offer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from graph.places import AddressMatch
from graph.records import NodeRecord, Point, Record, RelationshipRecord, Value
from graph.vocabulary import ACCURACIES, FIELDS, ORGANIZATION_STATUSES, SUPPORTS
from loaders.acceptance import read_acceptance
from loaders.directory import Directory, KnownOrganization
from loaders.phones import parse_phone
from loaders.places.addresses import match_address
from loaders.places.gazetteer import find_municipality
from loaders.problems import BadValue
from loaders.references import resolve_area
from loaders.rows import RowReader, parse_term

_PLAIN: Final = (
    "kana", "short_name", "agency_type", "corporation", "postal_code", "url", "email",
)  # fmt: skip
_PROSE: Final = ("hours", "conditions", "note")
_DIGITS: Final = ("corporate_number", "office_number")
_OWN_WORDS: Final = re.compile(r"([^（(]+)[（(](.*)[）)]")

NO_POINT: Final = "不明"
"""Stands as the accuracy of a point where it is not known where the agency stands."""


def declare_organization(row: RowReader, directory: Directory) -> str | None:
    """Make the row's agency known; its id, or None when the row has a problem."""
    name = row.text("name", required=True)
    if name is None:
        return None
    organization = KnownOrganization(
        organization_id=row.text("organization_id"),
        name=name,
        short_name=row.text("short_name"),
        municipality=read_municipality(row),
        office_number=_digits(row, "office_number"),
        corporate_number=_digits(row, "corporate_number"),
    )
    try:
        return directory.register(organization)
    except BadValue as error:
        row.report("name", error)
        return None


def read_organization(row: RowReader, organization_id: str) -> Iterator[Record]:
    """Yield the agency and its relationships to areas and kinds of support."""
    properties: dict[str, Value] = {"name": row.text("name")}
    properties |= {column: row.text(column) for column in _PLAIN if row.has(column)}
    properties |= {column: row.prose(column) for column in _PROSE if row.has(column)}
    properties |= {column: _digits(row, column) for column in _DIGITS if row.has(column)}
    properties |= _read_coded(row) | read_acceptance(row)
    place = _read_place(row)
    yield NodeRecord("Organization", organization_id, properties | place, row.source)
    here = ("Organization", organization_id)
    municipality = place.get("municipality")
    if isinstance(municipality, str):
        yield RelationshipRecord("LOCATED_IN", here, ("Area", municipality), {}, row.source)
    yield from _read_service_areas(row, organization_id)
    yield from _read_offers(row, organization_id)


def read_municipality(row: RowReader) -> str | None:
    """Return the municipality's code from its own column, else from the address; or None."""
    if row.is_filled("municipality"):
        return row.parse_words("municipality", row.raw("municipality"), resolve_area)
    if row.is_filled("address"):
        return match_address(row.raw("address")).municipality_code or None
    return None


def _read_service_areas(row: RowReader, organization_id: str) -> Iterator[Record]:
    for area in row.each("serves", resolve_area):
        yield RelationshipRecord(
            "SERVES", ("Organization", organization_id), ("Area", area), {}, row.source
        )


def _read_offers(row: RowReader, organization_id: str) -> Iterator[Record]:
    for support, words in row.each("offers", parse_offer, known=SUPPORT_WORDS):
        yield RelationshipRecord(
            "OFFERS",
            ("Organization", organization_id),
            ("Support", support),
            {"as_written": words},
            row.source,
        )


def parse_offer(words: str) -> tuple[str, str | None]:
    """Read a kind of support and what the agency calls it: 就労, or in words of its own 就労（…）.

    Raises:
        BadValue: no kind of support is called so.
    """
    try:
        return parse_term(words, SUPPORTS), words
    except BadValue:
        match = _OWN_WORDS.fullmatch(words)
        if match is None:
            raise
        return parse_term(match[1], SUPPORTS), match[2].strip() or None


SUPPORT_WORDS: Final = tuple(word for term in SUPPORTS.terms for word in (term.ja, *term.spellings))
"""Whatever a kind of support is called."""


def _digits(row: RowReader, column: str) -> str | None:
    text = row.text(column)
    return None if text is None else text.replace("-", "").upper()


def _read_coded(row: RowReader) -> dict[str, Value]:
    properties: dict[str, Value] = {}
    if row.has("field"):
        properties["field"] = row.coded("field", FIELDS)
    if row.has("status"):
        properties["status"] = row.coded("status", ORGANIZATION_STATUSES)
    if row.has("hidden_address"):
        properties["hidden_address"] = row.flag("hidden_address")
    for column in ("phone", "fax"):
        if row.has(column):
            properties[column] = row.parse(column, parse_phone)
    return properties


def _read_place(row: RowReader) -> dict[str, Value]:
    """Read where the agency stands; a hidden address leaves only its municipality."""
    municipality = read_municipality(row)
    place: dict[str, Value] = {"municipality": municipality} if municipality else {}
    if row.flag("hidden_address"):
        return place | {"address": None, "location": None, "location_accuracy": None}
    if row.has("address"):
        place["address"] = row.text("address")
    return place | _read_point(row, municipality)


def _read_point(row: RowReader, municipality: str | None) -> dict[str, Value]:
    if row.text("location_accuracy") == NO_POINT:
        return {"location": None, "location_accuracy": None}
    latitude, longitude = row.number("latitude"), row.number("longitude")
    accuracy = row.coded("location_accuracy", ACCURACIES)
    if latitude and longitude:
        point = Point(latitude, longitude)
        return {"location": point, "location_accuracy": accuracy or "exact"}
    if row.is_filled("address"):
        return _point_of(match_address(row.raw("address"), municipality_hint=municipality))
    return _middle_of(municipality)


def _middle_of(area: str | None) -> dict[str, Value]:
    """Return the municipality's own point: roughly where an agency without an address stands."""
    municipality = find_municipality(area) if area else None
    if municipality is None:
        return {}
    return {
        "location": Point(municipality.latitude, municipality.longitude),
        "location_accuracy": "municipality",
    }


def _point_of(match: AddressMatch) -> dict[str, Value]:
    if match.latitude is None or match.longitude is None:
        return {}
    return {
        "location": Point(match.latitude, match.longitude),
        "location_accuracy": match.accuracy,
    }
