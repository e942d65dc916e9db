"""Near a destination: whom an agency takes, who knows it, whom to ask for, where clients go."""

from __future__ import annotations

import pytest

import queries
from graph.records import Point, Record, Value
from graph.rights import Actor, add_up
from graph.store import Refused, Row, Store
from tests.builders import (
    FACILITY,
    agencies,
    agency,
    area,
    day,
    event,
    link,
    node,
    offers,
    partner_list,
    place,
    referral,
    serves,
    support,
    tie,
    write,
)

HERE, NEAR = Point(35.0, 140.0), Point(35.0, 140.01)


def town() -> list[Record]:
    return area("town", location=HERE)


def ask(store: Store, **values: object) -> list[Row]:
    return queries.ask(
        store, "nearby_organizations", area_id="town", facility_id=FACILITY, **values
    )


def names(rows: list[Row]) -> set[str]:
    return {row["organization_id"] for row in rows}


@pytest.mark.parametrize(
    ("given", "asked", "stays"),
    [
        ({"accepts_sex": "women"}, {"sex": "women"}, True),
        ({"accepts_sex": "women"}, {"sex": "men"}, False),
        ({"accepts_sex": "any"}, {"sex": "men"}, True),
        ({"age_from": 18}, {"age": 18}, True),
        ({"age_from": 18}, {"age": 17}, False),
        ({"age_to": 64}, {"age": 65}, False),
        ({"accepts_disability": "consult"}, {"disability": True}, True),
        ({"accepts_disability": "no"}, {"disability": True}, False),
        ({"accepts_released": "no"}, {"released": True}, False),
        ({"offences_refused": "sexual arson"}, {"offences": ["theft", "arson"]}, False),
        ({"offences_refused": "sexual arson"}, {"offences": ["theft"]}, True),
        ({"offences_discussed": "arson"}, {"offences": ["arson"]}, True),
        ({"cost_kind": "charged"}, {"cost_kinds": ["free", "reduced"]}, False),
        ({"cost_kind": "free"}, {"cost_kinds": ["free"]}, True),
        ({"open_weekend": False}, {"open_weekend": True}, False),
        ({"open_night": False}, {"open_night": True}, False),
        ({"vacancies": 0}, {"vacant": True}, False),
        ({"vacancies": 1}, {"vacant": True}, True),
    ],
)
def test_who_says_no_is_left_out_and_who_says_nothing_is_not(
    store: Store, given: dict[str, Value], asked: dict[str, object], stays: bool
) -> None:
    write(
        store, town(), agency(FACILITY), agency("silent", location=NEAR),
        node("Organization", "a", name="a", location=NEAR, **given),
    )  # fmt: skip
    assert names(ask(store)) == {"a", "silent"}
    assert names(ask(store, **asked)) == ({"a", "silent"} if stays else {"silent"})


def test_kinds_of_offence_are_told_once_the_warier_answer_and_the_unknown_not_at_all(
    store: Store,
) -> None:
    write(
        store, town(), agency(FACILITY), agency("silent", location=HERE),
        agency("a", location=NEAR, offences_accepted="theft drugs", offences_refused="arson"),
        agency("b", location=Point(35.0, 140.02), offences_accepted="theft drugs arson",
               offences_discussed="drugs arson", offences_refused="arson"),
    )  # fmt: skip
    lists = ("offences_accepted", "offences_discussed", "offences_refused")
    assert [[row[name] for name in lists] for row in ask(store)] == [
        [[], [], []], [["theft", "drugs"], [], ["arson"]], [["theft"], ["drugs"], ["arson"]],
    ]  # fmt: skip


def test_a_point_of_its_own_is_measured_from_and_all_needs_can_be_wanted(store: Store) -> None:
    write(
        store, town(), agency(FACILITY), agency("a", location=NEAR), agency("b", location=HERE),
        support("food"), support("legal"), offers("a", "food"), offers("a", "legal"),
        offers("b", "food"),
    )  # fmt: skip
    first = ask(store, latitude=35.0, longitude=140.01)[0]
    assert (first["organization_id"], first["distance_m"]) == ("a", 0.0)
    assert names(ask(store, support_ids=["food", "legal"])) == {"a", "b"}
    assert names(ask(store, support_ids=["food", "legal"], every_support=True)) == {"a"}


def test_only_those_of_the_fields_within_the_circle_are_near(store: Store) -> None:
    write(
        store, town(), agency(FACILITY), agency("a", field="justice", location=NEAR),
        agency("b", field="medical", location=NEAR),
        agency("far", field="justice", location=Point(36.0, 141.0)),
        agency("hidden", field="justice", location=NEAR, hidden_address=True),
    )  # fmt: skip
    assert names(ask(store, fields=["justice"])) == {"a"}
    assert names(ask(store, fields=["justice", "medical"])) == {"a", "b"}
    assert names(ask(store, fields=["kin"])) == set()


def test_a_stage_can_be_wanted_beyond_the_nearest(store: Store) -> None:
    write(
        store, town(), agency(FACILITY), agency("near", location=HERE),
        agency("told", location=NEAR), agency("listed", location=HERE),
        partner_list("l", "2022-03-01", "told", "listed"), event("explained", "2022-04-01", "told"),
    )  # fmt: skip
    assert names(ask(store, limit=1)) == {"listed"}
    assert names(ask(store, limit=1, stages=["explained"])) == {"told"}
    assert names(ask(store, limit=1, stages=["known"])) == {"near"}


def test_referrals_are_counts_for_statistics_and_single_ones_for_who_sees_clients(
    store: Store,
) -> None:
    write(
        store, town(), agencies(FACILITY, "prison"), agency("a", location=NEAR),
        referral("r1", "prison", "a", status="got_help", notified_on=day("2022-04-01")),
        referral("r2", "prison", "a", status="no_capacity", outcome="no_capacity",
                 notified_on=day("2022-06-01")),
        referral("r3", "prison", "a", status="pending", notified_on=day("2099-01-01")),
    )  # fmt: skip
    single = ("last_referral_on", "last_referral_status", "last_referral_outcome")
    row = ask(store, as_of="2022-10-04")[0]
    assert (row["received"], row["taken"]) == (2, 1)
    assert [str(row[name]) for name in single] == ["2022-06-01", "no_capacity", "no_capacity"]
    planner = store.acting_as(Actor("p", add_up(["planner"])))
    row = ask(planner, as_of="2022-10-04")[0]
    assert (row["received"], row["taken"]) == (2, 1)
    assert {row[name] for name in single} == {None}
    viewer = store.acting_as(Actor("v", add_up(["viewer"])))
    row = ask(viewer, as_of="2022-10-04")[0]
    assert {row[name] for name in (*single, "received", "taken")} == {None}


def test_a_hidden_address_leaves_its_municipality_only(store: Store) -> None:
    write(
        store, town(), agency(FACILITY),
        agency("shelter", location=NEAR, hidden_address=True, location_accuracy="exact"),
        serves("shelter", "town"), link("LOCATED_IN", "Organization shelter", "Area town"),
    )  # fmt: skip
    row = ask(store, latitude=35.0, longitude=140.01, radius_m=1.0)[0]
    assert (row["hidden"], row["municipality"]) == (True, "town")
    assert {row[n] for n in ("latitude", "longitude", "distance_m", "location_accuracy")} == {None}


def test_those_with_a_tie_to_both_introduce_warmest_first(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "cool", "warm", "stranger", "gone", "a", "b"),
        tie(FACILITY, "cool", strength="weak"), tie("a", "cool"),
        tie("warm", FACILITY, strength="strong"), tie("warm", "a"),
        tie("stranger", "a"), tie(FACILITY, "a"),
        tie(FACILITY, "gone", quality="broken"), tie("gone", "b"),
    )  # fmt: skip
    rows = queries.ask(
        store, "near_introducers", facility_id=FACILITY, organization_ids=["a", "b", "x"]
    )
    assert [(row["organization_id"], row["introducers"]) for row in rows] == [
        ("a", ["warm", "cool"])
    ]


def test_whom_to_ask_for_is_told_to_who_may_see_people(store: Store) -> None:
    write(
        store,
        agencies("a", "b"),
        *(node("Person", key, name=key) for key in ("now", "left", "later")),
        link("WORKS_FOR", "Person now", "Organization a", role="相談員"),
        link("WORKS_FOR", "Person left", "Organization a", until=day("2022-01-01")),
        link("WORKS_FOR", "Person later", "Organization a", since=day("2023-01-01")),
    )
    asked = {"organization_ids": ["a", "b"], "as_of": "2022-10-04"}
    rows = queries.ask(store, "near_people", **asked)
    assert [(row["organization_id"], row["name"], row["role"]) for row in rows] == [
        ("a", "now", "相談員")
    ]
    with pytest.raises(Refused):
        queries.ask(store.acting_as(Actor("m", add_up(["meeting"]))), "near_people", **asked)


def test_where_a_client_goes_is_told_before_where_it_wishes(store: Store) -> None:
    write(
        store, area("x"), area("y"), agencies("prison"), support("food"),
        referral("goes", "prison", client="A", notified_on=day("2022-06-01")),
        place("SETTLES_IN", "goes", "x"), place("DESIRES", "goes", "y"),
        link("NEEDS", "Referral goes", "Support food"),
        referral("wishes", "prison", client="B", notified_on=day("2022-05-01")),
        link("DESIRES", "Referral wishes", "Area x", certainty="one_of_several"),
        link("DESIRES", "Referral wishes", "Area y", certainty="one_of_several"),
        referral("nowhere", "prison"),
    )  # fmt: skip
    rows = queries.ask(store, "client_destinations", as_of="2022-10-04")
    assert [(r["case_id"], r["basis"], r["area_ids"], r["support_ids"]) for r in rows] == [
        ("A", "settles", ["x"], ["food"]),
        ("B", "desires", ["x", "y"], []),
    ]
    assert rows[1]["certainties"] == ["one_of_several"] * 2
    assert [
        r["case_id"] for r in queries.ask(store, "client_destinations", as_of="2022-05-31")
    ] == ["B"]
    with pytest.raises(Refused):
        queries.ask(store.acting_as(Actor("p", add_up(["planner"]))), "client_destinations")
