"""A question or a write without the right is refused at the door, whatever the page does."""

from collections.abc import Callable

import pytest

import queries
from graph.records import NodeRecord, Source
from graph.rights import Actor, Right, add_up
from graph.store import Load, Refused, Store
from queries import ask, parse_query

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
