"""HSDS 3.0, tabular (a folder or zip of CSV files, or one JSON of tables) and nested JSON.

One office for each service of an organization, at the service's first location, else the
organization's own; an organization without services gives one office. Here a source may say whom
it serves (service_areas): what names a known area becomes SERVES. Source: the schemas of Open
Referral HSDS 3.0.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from graph.records import Point, Value
from graph.vocabulary import SUPPORTS
from loaders.lettering import normalise_name, read_text
from loaders.open_data.offices import NoticeBook, Office
from loaders.phones import parse_phone
from loaders.places.addresses import match_address
from loaders.places.gazetteer import locate_place
from loaders.problems import BadValue
from loaders.rows import parse_term

SOURCE: Final = "hsds"

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]

_TABLES: Final = frozenset(
    {
        "organizations", "services", "locations", "addresses", "phones", "service_at_location",
        "service_areas", "organization_identifiers", "attributes", "taxonomy_terms", "schedules",
    }
)  # fmt: skip
_NESTED: Final = {
    "services": "services",
    "locations": "locations",
    "addresses": "addresses",
    "phones": "phones",
    "service_areas": "service_areas",
    "schedules": "schedules",
    "service_at_locations": "service_at_location",
    "organization_identifiers": "organization_identifiers",
    "attributes": "attributes",
}
_ADDRESS: Final = ("state_province", "city", "region", "address_1", "address_2")
_POSTAL: Final = re.compile(r"[0-9]{3}-?[0-9]{4}")
_CORPORATE: Final = re.compile(r"[0-9]{13}")
_ID: Final = re.compile(r"[\s|]+")


def is_package(names: Collection[str]) -> bool:
    """Tell whether files of these names are an HSDS package."""
    return "organizations.csv" in names and "services.csv" in names


def is_table(name: str) -> bool:
    """Tell whether a file is one of the tables that are read."""
    return name.removesuffix(".csv") in _TABLES


def read_tree(tree: object) -> Tables | None:
    """Return the tables of a JSON document; None when it is no HSDS.

    Understood are tables by name, pages of a list (`contents`), and nested organizations or
    services, one or several.
    """
    if isinstance(tree, dict) and "organizations.csv" in tree:
        return {
            name.removesuffix(".csv"): [row for row in rows if isinstance(row, dict)]
            for name, rows in tree.items()
            if is_table(name) and isinstance(rows, list)
        }
    found = tree.get("contents", [tree]) if isinstance(tree, dict) else tree
    entities = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    tables: dict[str, list[Row]] = defaultdict(list)
    for entity in entities:
        _unfold_entity(entity, tables)
    return tables if tables["organizations"] else None


def _unfold_entity(entity: dict[str, Any], tables: dict[str, list[Row]]) -> None:
    """Take apart an organization with its services, or a service with its organization."""
    if not {"id", "name"} <= entity.keys():
        return
    owner = entity.get("organization")
    if isinstance(owner, dict):
        _unfold("organizations", owner, {}, tables)
        _unfold("services", entity, {"organization_id": owner.get("id")}, tables)
    elif "organization_id" not in entity and "location_type" not in entity:
        _unfold("organizations", entity, {}, tables)


def _unfold(
    table: str, entity: dict[str, Any], ends: dict[str, Any], tables: dict[str, list[Row]]
) -> None:
    tables[table].append({**entity, **ends})
    own = {f"{table.removesuffix('s')}_id": entity.get("id")}
    for name, inner in _NESTED.items():
        for child in entity.get(name) or ():
            if isinstance(child, dict):
                _unfold(inner, child, {**own, **_place_of(child)}, tables)
    location = entity.get("location")
    if isinstance(location, dict):
        _unfold("locations", location, {}, tables)


def _place_of(child: dict[str, Any]) -> dict[str, Any]:
    place = child.get("location")
    return {"location_id": place.get("id")} if isinstance(place, dict) else {}


def read_offices(tables: Tables, notices: NoticeBook) -> Iterator[Office]:
    """Yield an office for each service of each organization, in the order of the tables."""
    by_owner = _group(tables.get("services", ()), "organization_id")
    package = _Package(tables, notices)
    for number, organization in enumerate(tables.get("organizations", ()), start=2):
        key = _ID.sub("-", _word(organization, "id"))
        name = _word(organization, "name")
        if not key or not name:
            notices.add("open_data.nameless", number)
            continue
        for service in by_owner.get(_word(organization, "id"), [{}]):
            yield package.read(number, key[:100], organization, service)


class _Package:
    """The tables of a package, found by what they belong to."""

    def __init__(self, tables: Tables, notices: NoticeBook) -> None:
        self._notices = notices
        self._locations = {_word(row, "id"): row for row in tables.get("locations", ())}
        self._by = {
            (table, column): _group(tables.get(table, ()), column)
            for table, column in (
                ("locations", "organization_id"), ("addresses", "location_id"),
                ("phones", "service_id"), ("phones", "location_id"),
                ("phones", "organization_id"), ("service_at_location", "service_id"),
                ("service_areas", "service_id"), ("organization_identifiers", "organization_id"),
                ("attributes", "link_id"), ("schedules", "service_id"),
            )
        }  # fmt: skip
        self._terms = {_word(row, "id"): row for row in tables.get("taxonomy_terms", ())}

    def read(self, row: int, key: str, organization: Row, service: Row) -> Office:
        location = self._find_location(organization, service)
        facts: dict[str, Value] = {"name": _word(organization, "name")}
        for name, words in (
            ("url", _word(organization, "website") or _word(service, "url")),
            ("email", _word(organization, "email") or _word(service, "email")),
            ("conditions", _word(service, "eligibility_description")),
            ("corporate_number", self._find_corporate_number(organization)),
            ("phone", self._find_phone(row, organization, service, location, "voice")),
            ("fax", self._find_phone(row, organization, service, location, "fax")),
            ("hours", self._find_hours(service)),
        ):
            if words:
                facts[name] = words
        facts |= self._read_place(row, location)
        title = _word(service, "name")
        return Office(
            SOURCE, key, title, row, facts,
            supports=self._find_supports(title, service),
            serves=self._find_areas(row, service),
        )  # fmt: skip

    def _find(self, table: str, column: str, owner: Row | None) -> Sequence[Row]:
        key = _word(owner, "id") if owner else ""
        return self._by[table, column].get(key, ()) if key else ()

    def _find_location(self, organization: Row, service: Row) -> Row | None:
        for link in self._find("service_at_location", "service_id", service):
            if place := self._locations.get(_word(link, "location_id")):
                return place
        return next(iter(self._find("locations", "organization_id", organization)), None)

    def _find_hours(self, service: Row) -> str | None:
        found = self._find("schedules", "service_id", service)
        return next((words for one in found if (words := _word(one, "description"))), None)

    def _find_phone(
        self, row: int, organization: Row, service: Row, location: Row | None, kind: str
    ) -> str | None:
        found = (
            *self._find("phones", "service_id", service),
            *self._find("phones", "location_id", location),
            *self._find("phones", "organization_id", organization),
        )
        for phone in found:
            if (_word(phone, "type").lower() == "fax") != (kind == "fax"):
                continue
            words = _word(phone, "number").strip('"')
            try:
                return parse_phone(words)
            except BadValue:
                self._notices.add("open_data.bad_phone", row, "phones.number", value=words)
        return None

    def _find_corporate_number(self, organization: Row) -> str | None:
        rows = self._find("organization_identifiers", "organization_id", organization)
        candidates = [_word(one, "identifier") for one in rows] + [_word(organization, "tax_id")]
        return next((one for one in candidates if _CORPORATE.fullmatch(one)), None)

    def _find_supports(self, title: str, service: Row) -> tuple[str, ...]:
        terms = [
            _word(self._terms.get(_word(link, "taxonomy_term_id"), {}), "name")
            for link in self._find("attributes", "link_id", service)
        ]
        return tuple(dict.fromkeys(code for words in (title, *terms) for code in _code_of(words)))

    def _find_areas(self, row: int, service: Row) -> tuple[str, ...]:
        areas: list[str] = []
        for one in self._find("service_areas", "service_id", service):
            words = _word(one, "name") or _word(one, "extent")
            mention = locate_place(words)
            if len(mention.areas) == 1:
                areas.append(mention.areas[0])
            else:
                self._notices.add("open_data.unknown_area", row, "service_areas", value=words)
        return tuple(dict.fromkeys(areas))

    def _read_place(self, row: int, location: Row | None) -> dict[str, Value]:
        found: dict[str, Value] = {}
        address = next(iter(self._find("addresses", "location_id", location)), {})
        if words := "".join(dict.fromkeys(_word(address, part) for part in _ADDRESS)):
            found["address"] = words
        if _POSTAL.fullmatch(code := _word(address, "postal_code")):
            found["postal_code"] = code
        place = match_address(words)
        if place.municipality_code:
            found["municipality"] = place.municipality_code
        else:
            self._notices.add("open_data.no_municipality", row)
        if point := self._read_point(row, location or {}):
            return found | {"location": point, "location_accuracy": "exact"}
        if place.latitude is None or place.longitude is None:
            return found
        middle = Point(place.latitude, place.longitude)
        return found | {"location": middle, "location_accuracy": place.accuracy}

    def _read_point(self, row: int, location: Row) -> Point | None:
        try:
            latitude, longitude = (float(_word(location, n)) for n in ("latitude", "longitude"))
        except ValueError:
            return None
        if 20 <= latitude <= 46 and 122 <= longitude <= 154.5:
            return Point(latitude, longitude)
        if latitude or longitude:
            self._notices.add("open_data.outside_japan", row)
        return None


def _code_of(words: str) -> tuple[str, ...]:
    try:
        return (parse_term(words, SUPPORTS),) if words else ()
    except BadValue:
        return ()


def _group(rows: Sequence[Row], column: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[_word(row, column)].append(row)
    return groups


def _word(row: Row, column: str) -> str:
    return normalise_name(read_text(row.get(column)))
