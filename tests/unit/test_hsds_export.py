"""The HSDS package: its tables fit together, its JSON nests, and what is hidden stays in."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from exporters.hsds import COLUMNS, make_tables, nest_organizations, write_package
from graph.vocabulary import SUPPORTS
from loaders.lettering import normalise_name
from loaders.open_data.hsds import is_package, read_offices, read_tree
from loaders.open_data.offices import NoticeBook

EMPTY: dict[str, Any] = {
    "organization_id": "o", "name": "名", "short_name": None, "field": None, "agency_type": None,
    "corporation": None, "corporate_number": None, "office_number": None, "status": None,
    "url": None, "email": None, "phone": None, "fax": None, "hours": None, "conditions": None,
    "age_from": None, "age_to": None, "cost": None, "postal_code": None, "address": None,
    "municipality": None, "prefecture": None, "latitude": None, "longitude": None,
    "offers": [], "serves": [],
}  # fmt: skip
SAITAMA = {
    "address": "埼玉県さいたま市大宮区桜木町1-7-5", "municipality": "さいたま市大宮区",
    "prefecture": "埼玉県", "postal_code": "330-0854", "latitude": 35.9, "longitude": 139.6,
}  # fmt: skip
OWNERS = {
    "organizations": "organization_id", "services": "service_id", "locations": "location_id",
}  # fmt: skip

words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).map(
    lambda text: normalise_name(f"あ{text}")
)
rows = st.lists(
    st.builds(
        lambda key, name, offers, serves, hours, conditions, stands, phone: {
            **EMPTY,
            "organization_id": key,
            "name": name,
            "offers": [{"support_id": c, "name": c, "as_written": w} for c, w in offers.items()],
            "serves": [{"area_id": a, "name": a, "level": "municipality"} for a in serves],
            "hours": hours,
            "conditions": conditions,
            "phone": phone,
            **(SAITAMA if stands else {}),
        },
        key=words,
        name=words,
        offers=st.dictionaries(st.sampled_from(SUPPORTS.codes), st.none() | words, max_size=3),
        serves=st.lists(st.sampled_from(["松戸市", "川越市"]), max_size=2, unique=True),
        hours=st.none() | words,
        conditions=st.none() | words,
        stands=st.booleans(),
        phone=st.none() | st.just("048-600-0000"),
    ),
    max_size=5,
    unique_by=lambda row: row["organization_id"],
)


def unpack(data: bytes) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name.removesuffix(".csv"): list(
                csv.DictReader(io.StringIO(archive.read(name).decode("utf-8"), newline=""))
            )
            for name in archive.namelist()
            if name.endswith(".csv")
        }


@given(rows)
def test_every_reference_of_a_package_leads_to_a_row(directory: list[dict[str, Any]]) -> None:
    tables = make_tables(directory)
    ids = [row["id"] for table in tables.values() for row in table]
    assert len(ids) == len(set(ids))
    for table in tables.values():
        for row in table:
            for owner, column in OWNERS.items():
                assert row.get(column) is None or row[column] in {r["id"] for r in tables[owner]}
    terms = {row["id"] for row in tables["taxonomy_terms"]}
    assert {row["taxonomy_term_id"] for row in tables["attributes"]} == terms
    assert {row["link_id"] for row in tables["attributes"]} <= {
        row["id"] for row in tables["services"]
    }


@given(rows)
def test_the_own_loader_reads_back_what_an_agency_offers(directory: list[dict[str, Any]]) -> None:
    package = unpack(write_package(make_tables(directory)))
    names = {row["name"] for row in directory}
    offices = list(read_offices(package, NoticeBook("hsds.zip")))
    assert {str(office.facts["name"]) for office in offices} <= names
    told = sorted(offer["support_id"] for row in directory for offer in row["offers"])
    assert set(told) <= {code for office in offices for code in office.supports}
    assert {area for office in offices for area in office.serves} == {
        {"松戸市": "12207", "川越市": "11201"}[area["name"]]
        for row in directory
        for area in row["serves"]
    }


def test_an_address_comes_back_whole() -> None:
    package = unpack(write_package(make_tables([{**EMPTY, **SAITAMA}])))
    assert package["addresses"][0]["address_1"] == "桜木町1-7-5"
    office = next(iter(read_offices(package, NoticeBook("hsds.zip"))))
    assert office.facts["address"] == SAITAMA["address"]
    assert office.facts["municipality"] == "11103"
    assert office.facts["location_accuracy"] == "exact"


def test_the_json_holds_the_same_agency() -> None:
    offer = {"support_id": "housing", "name": "住まい", "as_written": "居住支援"}
    serves = [{"area_id": "12207", "name": "千葉県松戸市", "level": "municipality"}]
    row = {**EMPTY, **SAITAMA, "offers": [offer], "serves": serves, "phone": "048-600-0000"}
    (tree,) = nest_organizations(make_tables([row]))
    assert json.loads(json.dumps(tree)) == tree
    (service,) = tree["services"]
    assert service["service_at_locations"][0]["location"]["addresses"][0]["city"] == (
        "さいたま市大宮区"
    )
    assert service["attributes"][0]["taxonomy_term"]["code"] == "housing"
    tables = read_tree(tree)
    assert tables is not None
    office = next(iter(read_offices(tables, NoticeBook("hsds.json"))))
    assert (office.supports, office.serves) == (("housing",), ("12207",))


def test_the_package_is_recognised_described_and_the_same_each_time() -> None:
    offer = {"support_id": "housing", "name": "住まい", "as_written": None}
    tables = make_tables([{**EMPTY, "offers": [offer]}])
    data = write_package(tables)
    assert data == write_package(make_tables([{**EMPTY, "offers": [offer]}]))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        described = json.loads(archive.read("datapackage.json"))
    assert is_package(names)
    assert {one["path"] for one in described["resources"]} == set(names) - {"datapackage.json"}
    for one in described["resources"]:
        fields = [field["name"] for field in one["schema"]["fields"]]
        assert fields == list(COLUMNS[one["name"]])


def test_an_empty_directory_gives_a_package_without_tables() -> None:
    assert unpack(write_package(make_tables([]))) == {}
