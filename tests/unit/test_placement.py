"""The place of an agency in an ecomap: given once, and read for no more agencies than it joins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

import pytest

from graph.records import Record, RelationshipRecord
from graph.store import Row, Store
from loaders.placement import place_in_graph, place_newcomers
from tests.builders import SOURCE, agency, link, partner_list

HOME = "home"
TIE = link("TIED_TO", f"Organization {HOME}", "Organization a", kind="cooperation")


class ManyAgencies:
    """A graph whose agencies are all of one field; it remembers which were asked for."""

    def __init__(self, taken: Sequence[tuple[str, str, int]] = ()) -> None:
        self.asked: set[str] = set()
        self._taken = taken

    def list_nodes(self, *_asked: object) -> list[Row]:
        raise AssertionError("too many to list")

    def find_nodes(
        self, label: str, name: str, values: Iterable[str], columns: Sequence[str]
    ) -> list[Row]:
        assert (label, name, tuple(columns)) == ("Organization", "organization_id", ("field",))
        self.asked |= set(values)
        return [{"key": value, "field": "welfare"} for value in sorted(self.asked)]

    def list_relationships(self, kind: str, _columns: Sequence[str]) -> list[Row]:
        if kind == "KEEPS":
            return [{"start": HOME, "end": "list"}]
        return [{"start": start, "end": end, "slot": slot} for start, end, slot in self._taken]


def place(graph: ManyAgencies, *records: Record) -> list[tuple[str, str]]:
    placed = place_in_graph(cast("Store", graph), records, SOURCE)
    assert all(isinstance(one, RelationshipRecord) and one.type == "PLACES" for one in placed)
    return [(one.start[1], one.end[1]) for one in cast("Any", placed)]


def test_only_agencies_that_are_listed_or_tied_are_asked_for() -> None:
    graph = ManyAgencies()
    listed = partner_list("new", "2022-04-01", "b", "c", keeper="other")
    placed = place(graph, TIE, *listed, agency("d"))
    assert sorted(placed) == [(HOME, "a"), ("other", "b"), ("other", "c")]
    assert graph.asked == {HOME, "a", "b", "c"}


def test_records_that_join_nobody_ask_nothing() -> None:
    graph = ManyAgencies()
    assert place(graph, agency("d")) == []
    assert graph.asked == set()


def test_nobody_who_has_a_place_gets_another() -> None:
    assert place(ManyAgencies([(HOME, "a", 4)]), TIE) == []


@pytest.mark.parametrize(("fields", "count"), [({"a": "welfare"}, 1), ({"a": None}, 0), ({}, 0)])
def test_an_agency_without_a_field_has_no_place(fields: dict[str, str | None], count: int) -> None:
    assert len(place_newcomers([TIE], {HOME}, {}, fields, SOURCE)) == count
