"""The queries that start from a place: who is near, who serves it, where nobody was looked for."""

from __future__ import annotations

import pytest

import queries
from graph.records import Point, Record
from graph.store import Row, Store
from graph.vocabulary import FIELDS
from tests.builders import (
    FACILITY,
    agencies,
    agency,
    area,
    day,
    event,
    located,
    offers,
    partner_list,
    place,
    referral,
    serves,
    support,
    write,
)

HERE = Point(35.0, 140.0)
NEAR = Point(35.0, 140.01)  # 911 m at this latitude
FAR = Point(35.0, 141.0)


def country() -> list[Record]:
    return [
        *area("nation", level="nation"),
        *area("pref", "nation", level="prefecture"),
        *area("circle", "pref", level="care_area"),
        *area("town", "circle", location=HERE),
        *area("other", "circle", location=FAR),
    ]


def nearby(store: Store, **values: object) -> list[Row]:
    given = {"area_id": "town", "facility_id": FACILITY, "as_of": "2022-10-04"}
    return queries.ask(store, "nearby_organizations", **(given | values))


def names(rows: list[Row]) -> list[str]:
    return [row["organization_id"] for row in rows]


def test_the_nearest_come_first_and_who_cannot_be_measured_last(store: Store) -> None:
    write(
        store,
        country(),
        agency(FACILITY, location=HERE),
        agency("near", location=NEAR),
        agency("here", location=HERE),
        agency("far", location=FAR),
        agency("far_but_serves", location=FAR),
        agency("somewhere"),
        serves("far_but_serves", "pref"),
        located("somewhere", "town"),
    )
    rows = nearby(store)
    assert names(rows) == ["here", "near", "far_but_serves", "somewhere"]
    assert [row["serves"] for row in rows] == [False, False, True, False]
    assert rows[1]["distance_m"] == pytest.approx(911, abs=3)
    assert rows[3]["distance_m"] is None
    assert names(nearby(store, radius_m=500.0)) == ["here", "far_but_serves", "somewhere"]
    assert names(nearby(store, limit=3)) == ["here", "far_but_serves", "somewhere"]


def test_a_hidden_address_is_not_told_by_distance_or_point(store: Store) -> None:
    write(
        store,
        country(),
        agency(FACILITY),
        agency("shelter", location=NEAR, hidden_address=True),
        agency("serving_shelter", location=NEAR, hidden_address=True),
        located("shelter", "town"),
        serves("serving_shelter", "town"),
    )
    rows = nearby(store)
    assert sorted(names(rows)) == ["serving_shelter", "shelter"]
    for row in rows:
        kept = {row[name] for name in ("distance_m", "latitude", "longitude", "location_accuracy")}
        assert kept == {None}


def test_fields_and_kinds_of_support_narrow_the_answer(store: Store) -> None:
    write(
        store,
        country(),
        agency(FACILITY),
        agency("w", location=NEAR, field="welfare"),
        agency("m", location=NEAR, field="medical"),
        agency("gone", location=NEAR, status="closed"),
        support("food"),
        offers("m", "food"),
    )
    assert names(nearby(store)) == ["m", "w"]
    assert names(nearby(store, fields=["welfare"])) == ["w"]
    assert names(nearby(store, support_ids="food,legal")) == ["m"]
    assert nearby(store, support_ids="legal") == []


def test_stage_and_latest_referral_are_of_the_day(store: Store) -> None:
    write(
        store,
        country(),
        agencies(FACILITY, "prison"),
        agency("a", location=NEAR, phone="047-000-0000"),
        partner_list("l", "2022-03-01", "a"),
        event("explained", "2022-05-01", "a"),
        referral("r1", "prison", "a", status="accepted", notified_on=day("2022-04-01")),
        referral("r2", "prison", "a", status="pending", notified_on=day("2022-06-01")),
    )
    may, july = (nearby(store, as_of=on)[0] for on in ("2022-04-15", "2022-07-01"))
    assert (may["stage"], may["last_referral_status"]) == ("listed", "accepted")
    assert (july["stage"], july["last_referral_status"]) == ("explained", "pending")
    assert july["phone"] == "047-000-0000"


def test_an_area_without_a_point_of_its_own_finds_who_serves_it(store: Store) -> None:
    write(
        store,
        country(),
        agency(FACILITY),
        agency("a", location=FAR),
        serves("a", "circle"),
    )
    assert names(nearby(store, area_id="circle", radius_m=10.0)) == ["a"]
    assert names(nearby(store, area_id="pref", radius_m=10.0)) == ["a"]  # serves a part of it


def test_a_wide_area_holds_all_that_stand_in_it_and_who_serves_a_part(store: Store) -> None:
    write(
        store,
        country(),
        agency(FACILITY),
        agency("inside", location=FAR),
        agency("serves_a_part", location=FAR),
        agency("outside", location=FAR),
        located("inside", "other"),
        serves("serves_a_part", "town"),
    )
    rows = nearby(store, area_id="circle", radius_m=10.0)
    assert {row["organization_id"]: row["serves"] for row in rows} == {
        "inside": False, "serves_a_part": True,
    }  # fmt: skip
    assert names(nearby(store, area_id="town", radius_m=10.0)) == ["serves_a_part"]


def test_many_near_agencies_push_out_neither_partners_nor_who_serves_nor_the_unplaced(
    store: Store,
) -> None:
    write(
        store,
        country(),
        agency(FACILITY),
        [agency(f"open{n}", location=HERE) for n in range(9)],
        agency("partner", location=NEAR),
        agency("told", location=NEAR),
        agency("serving", location=FAR),
        agency("shelter", location=HERE, hidden_address=True),
        partner_list("l", "2022-03-01", "partner"),
        event("explained", "2022-04-01", "told"),
        serves("serving", "pref"),
        located("shelter", "town"),
    )
    known = {"partner", "told", "serving", "shelter"}
    assert set(names(nearby(store, limit=4))) == known
    assert names(nearby(store, limit=5))[0] == "open0"  # then the nearest, in their place
    assert set(names(nearby(store, limit=5, stages=["known", "listed", "explained"]))) >= known


def test_an_unknown_place_has_nobody_near(store: Store) -> None:
    write(store, country(), agency(FACILITY), agency("a", location=HERE))
    assert nearby(store, area_id="nowhere") == []


def matrix(store: Store, *areas: str, as_of: str = "2022-10-04") -> dict[str, dict[str, Row]]:
    rows = queries.ask(
        store, "coverage_matrix", facility_id=FACILITY, area_ids=list(areas), as_of=as_of
    )
    found: dict[str, dict[str, Row]] = {}
    for row in rows:
        found.setdefault(row["area_id"], {})[row["category"]] = row
    return found


def test_not_known_is_not_none(store: Store) -> None:
    write(
        store,
        country(),
        agency(FACILITY),
        agency("clinic", field="medical"),
        agency("office", field="administration"),
        partner_list("l", "2022-03-01", "clinic", "office"),
        event("support_started", "2022-04-01", "clinic"),
        serves("clinic", "town"),
        serves("office", "pref"),
        event("surveyed", "2022-05-01", "Area town", field="justice"),
        event("surveyed", "2022-05-01", "Area other", key="all"),
    )
    cells = matrix(store, "town", "other")
    assert {name: len(fields) for name, fields in cells.items()} == {"town": 10, "other": 10}
    states = {field: row["state"] for field, row in cells["town"].items()}
    assert {field: state for field, state in states.items() if state != "unknown"} == {
        "medical": "silent",
        "administration": "listed",
        "justice": "none",
    }
    assert {row["state"] for row in cells["other"].values()} == {"listed", "none"}
    clinic = cells["town"]["medical"]
    assert (clinic["count"], clinic["supporting"], clinic["organization_ids"]) == (
        1, 1, ["clinic"],
    )  # fmt: skip
    assert matrix(store, "town", as_of="2022-04-30")["town"]["justice"]["state"] == "unknown"


def test_a_facility_that_knows_nobody_knows_nothing(store: Store) -> None:
    write(store, country(), agency(FACILITY), located(FACILITY, "town"))
    cells = matrix(store, "town")
    assert {field: row["state"] for field, row in cells["town"].items()} == dict.fromkeys(
        FIELDS.codes, "unknown"
    )


def test_an_agency_that_rests_covers_nothing(store: Store) -> None:
    write(
        store,
        country(),
        agency(FACILITY),
        agency("clinic", field="medical"),
        partner_list("l", "2022-03-01", "clinic"),
        event("declined", "2022-04-01", "clinic"),
        serves("clinic", "town"),
    )
    cell = matrix(store, "town")["town"]["medical"]
    assert (cell["state"], cell["count"], cell["organization_ids"]) == ("none", 0, [])


def test_of_several_agencies_the_most_advanced_leads(store: Store) -> None:
    write(
        store,
        country(),
        agencies(FACILITY, "a", "b", "c"),
        partner_list("l", "2022-03-01", "a", "b"),
        event("explained", "2022-04-01", "b"),
        *(serves(name, "town") for name in "abc"),
    )
    cell = matrix(store, "town")["town"]["welfare"]
    assert (cell["state"], cell["count"]) == ("explained", 3)
    assert cell["organization_ids"] == ["b", "a"]  # c is nobody's partner: counted, not named


def test_no_area_no_matrix(store: Store) -> None:
    assert queries.ask(store, "coverage_matrix") == []
    write(store, country(), agencies(FACILITY, "a"), serves("a", "town"))
    assert matrix(store, "nowhere") == {}


def test_areas_of_a_matrix_are_those_of_the_facilitys_prefecture(store: Store) -> None:
    write(
        store,
        country(),
        area("abroad"),
        agencies(FACILITY, "a", "prison"),
        located(FACILITY, "town"),
        serves("a", "abroad"),
        referral("r", "prison"),
        place("DESIRES", "r", "other"),
    )
    rows = queries.ask(store, "coverage_areas", facility_id=FACILITY)
    assert [(row["area_id"], row["present"]) for row in rows] == [("other", True), ("town", True)]
    circles = queries.ask(store, "coverage_areas", facility_id=FACILITY, level="care_area")
    assert [row["area_id"] for row in circles] == ["circle"]
    assert queries.ask(store, "coverage_areas", facility_id="nobody") == []


def test_helpers_of_an_area_serve_it_or_a_wider_one(store: Store) -> None:
    write(
        store,
        country(),
        agencies("a", "b", "c"),
        agency("gone", status="closed"),
        serves("a", "pref"),
        serves("b", "town"),
        serves("c", "other"),
        serves("gone", "town"),
        support("food"),
        offers("b", "food"),
    )

    def helpers(**more: object) -> list[tuple[str, str]]:
        rows = queries.ask(store, "area_helpers", area_id="town", **more)
        return [(row["organization_id"], row["area_name"]) for row in rows]

    assert helpers() == [("a", "pref"), ("b", "town")]
    assert helpers(support_ids="food") == [("b", "town")]
    assert helpers(support_ids="legal") == []


def test_areas_are_listed_without_the_nation(store: Store) -> None:
    assert queries.ask(store, "list_areas") == []
    write(store, country())
    rows = queries.ask(store, "list_areas")
    assert [(row["area_id"], row["level"], row["latitude"]) for row in rows] == [
        ("circle", "care_area", None),
        ("other", "municipality", 35.0),
        ("pref", "prefecture", None),
        ("town", "municipality", 35.0),
    ]
