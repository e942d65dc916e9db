"""The directory as an Open Referral HSDS 3.0 package: tables, their zip of CSV files, nested JSON.

One service for each kind of help an agency offers, named in the source's own words and pointing to
a term of the taxonomy of supports; an agency that only names whom it takes or where it serves has
one general service to say it. Ids are UUIDs derived from ours, the same in every export; ours stand
in `organization_identifiers`. A hidden address leaves the house as its municipality only, and no
contact person leaves it at all. Source: the schemas of HSDS 3.0.
"""

from __future__ import annotations

import csv
import json
import uuid
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any, Final

from graph.vocabulary import SUPPORTS

VERSION: Final = "3.0.0"
SCHEME: Final = "tsunagi"

Row = Mapping[str, Any]
Table = list[dict[str, Any]]
Tables = dict[str, Table]

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "organizations": ("id", "name", "alternate_name", "description", "email", "website"),
    "services": (
        "id", "organization_id", "name", "url", "email", "status", "fees_description",
        "eligibility_description", "minimum_age", "maximum_age",
    ),
    "locations": (
        "id", "location_type", "organization_id", "name", "latitude", "longitude",
    ),
    "addresses": (
        "id", "location_id", "address_1", "city", "region", "state_province", "postal_code",
        "country", "address_type",
    ),
    "phones": ("id", "organization_id", "number", "type"),
    "schedules": ("id", "service_id", "description"),
    "service_at_location": ("id", "service_id", "location_id"),
    "service_areas": ("id", "service_id", "name", "extent_type"),
    "organization_identifiers": (
        "id", "organization_id", "identifier_scheme", "identifier_type", "identifier",
    ),
    "attributes": ("id", "link_id", "taxonomy_term_id", "link_type", "link_entity", "value"),
    "taxonomies": ("id", "name", "description"),
    "taxonomy_terms": ("id", "code", "name", "description", "language", "taxonomy_id"),
}  # fmt: skip
"""Table → its columns, in the order of HSDS; columns that nothing fills are left out."""

_IDENTIFIERS: Final = {
    "organization_id": (SCHEME, "Organization.organization_id"),
    "corporate_number": ("JP-NTA", "法人番号"),
    "office_number": ("JP-office", "事業所番号"),
}
_STATUSES: Final = {"closed": "defunct", "to_be_checked": "inactive"}
_SPACE: Final = uuid.uuid5(uuid.NAMESPACE_DNS, "tsunagi")
_ZIP_TIME: Final = (2022, 1, 1, 0, 0, 0)  # the same directory gives the same bytes


def make_tables(directory: Iterable[Row]) -> Tables:
    """Return the tables of a package from rows of the question `directory`; empty ones for none."""
    tables: Tables = {name: [] for name in COLUMNS}
    used: set[str] = set()
    for row in directory:
        _add_organization(row, tables)
        _add_location(row, tables)
        for service in _list_services(row):
            _add_service(row, service, tables)
            used.update(filter(None, [service["support_id"]]))
    _add_terms(used, tables)
    return tables


def write_package(tables: Mapping[str, Sequence[Row]]) -> bytes:
    """Return the zip: a CSV file for each table that has rows, and `datapackage.json`."""
    packed = BytesIO()
    filled = {name: rows for name, rows in tables.items() if rows}
    with zipfile.ZipFile(packed, "w") as archive:
        for name, rows in filled.items():
            _pack(archive, f"{name}.csv", _write_table(COLUMNS[name], rows))
        _pack(archive, "datapackage.json", _describe_package(list(filled)))
    return packed.getvalue()


def nest_organizations(tables: Mapping[str, Sequence[Row]]) -> Iterator[dict[str, Any]]:
    """Yield each organization as the nested JSON of HSDS, with its services within."""
    by = {
        (table, column): _group(tables[table], column)
        for table, column in (
            ("services", "organization_id"), ("locations", "organization_id"),
            ("phones", "organization_id"), ("organization_identifiers", "organization_id"),
            ("addresses", "location_id"), ("schedules", "service_id"),
            ("service_areas", "service_id"), ("service_at_location", "service_id"),
            ("attributes", "link_id"),
        )
    }  # fmt: skip
    terms = {term["id"]: term for term in tables["taxonomy_terms"]}
    for organization in tables["organizations"]:
        key = organization["id"]
        locations = [
            {**place, "addresses": by["addresses", "location_id"].get(place["id"], [])}
            for place in by["locations", "organization_id"].get(key, [])
        ]
        services = [
            _nest_service(service, by, terms, {place["id"]: place for place in locations})
            for service in by["services", "organization_id"].get(key, [])
        ]
        yield {
            **organization,
            "organization_identifiers": by["organization_identifiers", "organization_id"][key],
            "phones": by["phones", "organization_id"].get(key, []),
            "locations": locations,
            "services": services,
        }


def _nest_service(
    service: Row,
    by: Mapping[tuple[str, str], Mapping[str, Table]],
    terms: Mapping[str, Row],
    locations: Mapping[str, Row],
) -> dict[str, Any]:
    key = service["id"]
    return {
        **service,
        "schedules": by["schedules", "service_id"].get(key, []),
        "service_areas": by["service_areas", "service_id"].get(key, []),
        "service_at_locations": [
            {**link, "location": locations[link["location_id"]]}
            for link in by["service_at_location", "service_id"].get(key, [])
        ],
        "attributes": [
            {**link, "taxonomy_term": terms[link["taxonomy_term_id"]]}
            for link in by["attributes", "link_id"].get(key, [])
        ],
    }


def _add_organization(row: Row, tables: Tables) -> None:
    key = _derive("organization", row["organization_id"])
    _add(
        tables, "organizations", id=key, name=row["name"], alternate_name=row["short_name"],
        description=row["agency_type"] or row["corporation"] or row["name"],
        email=row["email"], website=row["url"],
    )  # fmt: skip
    for column, (scheme, kind) in _IDENTIFIERS.items():
        if row[column]:
            _add(
                tables, "organization_identifiers", id=_derive(key, kind), organization_id=key,
                identifier_scheme=scheme, identifier_type=kind, identifier=row[column],
            )  # fmt: skip
    for column, kind in (("phone", "voice"), ("fax", "fax")):
        if row[column]:
            phone = {"id": _derive(key, kind), "organization_id": key, "type": kind}
            _add(tables, "phones", number=row[column], **phone)


def _add_location(row: Row, tables: Tables) -> None:
    if not (row["municipality"] or row["address"] or row["latitude"] is not None):
        return
    key = _derive("organization", row["organization_id"])
    place = _derive(key, "location")
    _add(
        tables, "locations", id=place, location_type="physical", organization_id=key,
        name=row["name"], latitude=row["latitude"], longitude=row["longitude"],
    )  # fmt: skip
    _add(
        tables, "addresses", id=_derive(place, "address"), location_id=place,
        address_1=_strip_area(row), city=row["municipality"], state_province=row["prefecture"],
        postal_code=row["postal_code"], country="JP", address_type="physical",
    )  # fmt: skip


def _strip_area(row: Row) -> str | None:
    """Return what stands after prefecture and municipality, as HSDS keeps them apart."""
    words: str | None = row["address"]
    for area in (row["prefecture"], row["municipality"]):
        if words and area:
            words = words.removeprefix(area)
    return words


def _list_services(row: Row) -> list[dict[str, Any]]:
    """Return name and support of each service; one without a support where only limits are known.

    A source's words that name several services of one kind stay one name.
    """
    offers = [
        {"name": offer["as_written"] or offer["name"], "support_id": offer["support_id"]}
        for offer in row["offers"]
    ]
    says_more = row["serves"] or any(
        row[name] is not None for name in ("conditions", "cost", "hours", "age_from", "age_to")
    )
    if offers or not says_more:
        return offers
    return [{"name": row["agency_type"] or row["name"], "support_id": None}]


def _add_service(row: Row, service: Row, tables: Tables) -> None:
    owner = _derive("organization", row["organization_id"])
    key = _derive(owner, "service", service["support_id"] or "")
    _add(
        tables, "services", id=key, organization_id=owner, name=service["name"], url=row["url"],
        email=row["email"], status=_STATUSES.get(row["status"] or "", "active"),
        fees_description=row["cost"], eligibility_description=row["conditions"],
        minimum_age=row["age_from"], maximum_age=row["age_to"],
    )  # fmt: skip
    if row["hours"]:
        _add(
            tables, "schedules", id=_derive(key, "hours"), service_id=key, description=row["hours"]
        )
    if tables["locations"] and tables["locations"][-1]["organization_id"] == owner:
        place = tables["locations"][-1]["id"]
        link = _derive(key, place)
        _add(tables, "service_at_location", id=link, service_id=key, location_id=place)
    for area in row["serves"]:
        _add(
            tables, "service_areas", id=_derive(key, "area", area["area_id"]), service_id=key,
            name=area["name"], extent_type=area["level"],
        )  # fmt: skip
    if code := service["support_id"]:
        _add(
            tables, "attributes", id=_derive(key, "support"), link_id=key,
            taxonomy_term_id=_derive("support", code), link_type="service category",
            link_entity="service", value=code,
        )  # fmt: skip


def _add_terms(used: set[str], tables: Tables) -> None:
    taxonomy = _derive("taxonomy", "support")
    if used:
        name = "つなぎ 支援の種類"
        _add(tables, "taxonomies", id=taxonomy, name=name, description="Kinds of support")
    for term in SUPPORTS.terms:
        if term.code in used:
            _add(
                tables, "taxonomy_terms", id=_derive("support", term.code), code=term.code,
                name=term.ja, description=term.en, language="ja", taxonomy_id=taxonomy,
            )  # fmt: skip


def _add(tables: Tables, table: str, **values: object) -> None:
    tables[table].append({column: values.get(column) for column in COLUMNS[table]})


def _derive(*parts: str) -> str:
    return str(uuid.uuid5(_SPACE, json.dumps(parts, ensure_ascii=False)))


def _group(rows: Sequence[Row], column: str) -> Mapping[str, Table]:
    groups: dict[str, Table] = defaultdict(list)
    for row in rows:
        groups[row[column]].append(dict(row))
    return groups


def _write_table(columns: Sequence[str], rows: Sequence[Row]) -> str:
    out = StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _describe_package(names: Sequence[str]) -> str:
    return json.dumps(
        {
            "name": "human_services_data",
            "title": "Human Services Data Specification",
            "profile": "tabular-data-package",
            "version": VERSION,
            "resources": [
                {
                    "name": name,
                    "path": f"{name}.csv",
                    "profile": "tabular-data-resource",
                    "schema": {
                        "fields": [{"name": column} for column in COLUMNS[name]],
                        "primaryKey": "id",
                    },
                }
                for name in names
            ],
        },
        ensure_ascii=False,
        indent=1,
    )


def _pack(archive: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, _ZIP_TIME)
    archive.writestr(entry, text.encode("utf-8"), zipfile.ZIP_DEFLATED)
