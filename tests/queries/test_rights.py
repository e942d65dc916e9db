"""A question or a write without the right is refused at the door, whatever the page does."""

from collections.abc import Callable

import pytest

import queries
from graph.records import NodeRecord, Source
from graph.rights import ROLES, Actor, Right, Role, add_up
from graph.store import Load, Refused, Store
from queries import ask, parse_query
from tests.builders import FACILITY, agencies, event, partner_list, tie, write

FIELDS = """// Which agencies are there?
// return name: str - Organization.name
// return fields: list[str] [see_people] - Organization.field
// return field: str? [see_people] - Organization.field
// right  plan
// source a test
MATCH (o:Organization) RETURN o.name AS name, [o.field] AS fields, o.field AS field ORDER BY name
"""


def open_as(store: Store, *rights: Right) -> Store:
    return store.acting_as(Actor("somebody", frozenset(rights)))


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> Callable[[Store], list[dict[str, object]]]:
    known = {"fields": parse_query("fields", FIELDS)}
    monkeypatch.setattr(queries, "list_queries", lambda: known)
    return lambda store: ask(store, "fields")


def test_a_question_is_refused_without_its_right(
    sample_store: Store, asking: Callable[[Store], list[dict[str, object]]]
) -> None:
    with pytest.raises(Refused) as refused:
        asking(open_as(sample_store, "see_network"))
    assert refused.value.right == "plan"
    assert asking(open_as(sample_store, "plan")) != []


def test_a_column_is_empty_for_who_may_not_see_it(
    sample_store: Store, asking: Callable[[Store], list[dict[str, object]]]
) -> None:
    seen = asking(open_as(sample_store, "plan", "see_people"))
    withheld = asking(open_as(sample_store, "plan"))
    assert any(row["field"] for row in seen)
    assert [row["name"] for row in withheld] == [row["name"] for row in seen]
    assert {row["field"] for row in withheld} == {None}
    assert all(row["fields"] == [] for row in withheld)


@pytest.mark.parametrize(
    ("name", "about"),
    [
        ("ecomap_ties", {"facility_id": FACILITY}),
        ("network_ties", {}),
        ("ties_among", {"organization_ids": [FACILITY, "a", "b"]}),
    ],
)
@pytest.mark.parametrize("role", ROLES)
def test_that_a_tie_is_stressful_is_told_to_who_may_see_levels(
    store: Store, role: Role, name: str, about: dict[str, object]
) -> None:
    """To others the tie is there, as one that nothing is said of; a broken one stays broken."""
    write(
        store,
        agencies(FACILITY, "a", "b"),
        tie(FACILITY, "a", quality="stressful", strength="weak"),
        tie(FACILITY, "b", quality="broken"),
    )
    rows = ask(open_as(store, *add_up([role])), name, **about)
    told = {row["target_id"]: (row["strength"], row["quality"]) for row in rows}
    stress = "stressful" if role in {"coordinator", "planner"} else "good"
    assert told == {"a": ("weak", stress), "b": ("normal", "broken")}


def test_anxiety_is_told_around_a_chosen_agency_as_around_the_facility(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a"),
        partner_list("l", "2022-03-01", "a"),
        tie(FACILITY, "a"),
        event("anxiety", "2022-03-10", "a", value=4.0),
    )
    for rights, level in ((["see_network"], None), (["see_network", "see_levels"], 4.0)):
        door = open_as(store, *rights)
        around = ask(door, "ecomap_of_agency", organization_id=FACILITY, facility_id=FACILITY)
        assert [row["anxiety"] for row in around] == [level]


def test_a_write_without_the_right_writes_nothing(store: Store) -> None:
    viewer = store.acting_as(Actor("somebody", add_up(["viewer"])))
    agency = NodeRecord("Organization", "o1", {"name": "甲"}, Source("form"))
    with pytest.raises(Refused) as refused:
        viewer.write([agency], Load("load-1"))
    assert refused.value.right == "record"
    assert store.list_nodes("Organization", ("name",)) == []
    assert store.find_load("load-1") is None
    store.acting_as(Actor("somebody", add_up(["planner"]))).write([agency], Load("load-1"))
    assert [row["name"] for row in store.list_nodes("Organization", ("name",))] == ["甲"]
