"""An agency whose address is kept hidden: no question gives its place away, to nobody."""

from __future__ import annotations

from datetime import date

import pytest

import queries
from graph.records import Point
from graph.store import Row, Store
from queries import Query, ask
from tests.builders import (
    FACILITY,
    Records,
    agency,
    event,
    link,
    located,
    node,
    offers,
    partner_list,
    referral,
    serves,
    tie,
    write,
)

HERE = Point(35.78112, 139.90223)
SECRETS = ("小金原九丁目", "270-0021", "047-999-8877", "047-999-8866", "35.78112", "139.90223")
MATSUDO = "12207"
GIVEN = {
    "organization_id": "shelter", "organization_ids": ["shelter", "office"], "area_id": MATSUDO,
    "area_ids": [MATSUDO], "facility_id": FACILITY, "client_id": "C-1", "list_id": "list",
    "from_id": FACILITY, "to_id": "shelter", "places_of": FACILITY, "words": "shelter",
    "latitude": HERE.latitude, "longitude": HERE.longitude, "radius_m": 50_000.0,
    "since": date(2020, 1, 1), "category": "welfare",
}  # fmt: skip


def make_shelter(agency_type: str) -> Records:
    place = {
        "address": "千葉県松戸市小金原九丁目9", "postal_code": "270-0021", "location": HERE,
        "location_accuracy": "exact", "municipality": MATSUDO, "phone": "047-999-8877",
        "fax": "047-999-8866",
    }  # fmt: skip
    listing = {
        "name": "shelter", "address": "千葉県松戸市小金原九丁目9", "phone": "047-999-8877",
        "source": "wamnet", "series": "s", "number": "1", "edition": date(2022, 3, 31),
        "service": "共同生活援助",
    }  # fmt: skip
    return [
        agency(FACILITY, municipality=MATSUDO),
        agency("office"),
        agency("shelter", hidden_address=True, agency_type=agency_type, **place),
        node("Listing", "x1", **listing),
        link("MAY_DESCRIBE", "Listing x1", "Organization shelter", reason="phone", similarity=90),
        located("shelter", MATSUDO),
        located(FACILITY, MATSUDO),
        serves("shelter", MATSUDO),
        offers("shelter", "housing"),
        tie(FACILITY, "shelter"),
        tie("shelter", "office"),
        *partner_list("list", "2022-03-01", "shelter"),
        *event("explained", "2022-04-01", "shelter"),
        *referral("r1", FACILITY, "shelter", client="C-1"),
    ]


def ask_with_all(store: Store, query: Query) -> list[Row]:
    known = {one.name for one in query.parameters} & GIVEN.keys()
    needed = {one.name for one in query.parameters if one.default is None}
    rest = {name: date(2022, 10, 4) for name in needed - known}
    return ask(store, query.name, **{name: GIVEN[name] for name in known}, **rest)


@pytest.fixture
def shelter_store(reference_store: Store) -> Store:
    write(reference_store, make_shelter("DVシェルター"))
    return reference_store


def test_no_question_tells_where_a_hidden_shelter_is(shelter_store: Store) -> None:
    answers = {
        query.name: repr(ask_with_all(shelter_store, query))
        for query in queries.list_queries().values()
    }
    told = [
        (name, secret) for name, answer in answers.items() for secret in SECRETS if secret in answer
    ]
    assert told == []
    naming = [name for name, answer in answers.items() if "shelter" in answer]
    assert len(naming) >= 10  # the agency itself is answered with
    assert "松戸市" in answers["agency_details"]  # its area is told


def test_an_office_that_is_no_shelter_can_still_be_called(reference_store: Store) -> None:
    write(reference_store, make_shelter("相談支援事業所"))
    (details,) = ask(reference_store, "agency_details", organization_id="shelter")
    assert (details["phone"], details["address"]) == ("047-999-8877", None)
