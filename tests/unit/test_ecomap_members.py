"""Who stands around which centre, and whom a choice leaves in the picture."""

from __future__ import annotations

from typing import Any

import pytest

from graph.pictures.layout import CAPACITY
from graph.vocabulary import REFERRAL_STATUSES
from views.ecomap.members import merge_facilities, tie_client
from views.ecomap.narrowing import Narrowing, count_crowded_out, narrow
from views.ecomap.path import add_path, link_to_path
from views.ecomap.whose import list_kinds


def row(key: str, field: str | None = "welfare", **more: Any) -> dict[str, Any]:
    return {"organization_id": key, "name": key, "field": field, "municipality": None} | more


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [each["organization_id"] for each in rows]


def test_an_agency_around_two_facilities_is_one_row_at_the_first_ones_stage() -> None:
    first = [row("a", stage="supporting"), row("b", stage="listed"), row("g", stage="known")]
    second = [row("b", stage="explained"), row("c", stage="known"), row("f", stage="known")]
    merged = merge_facilities(first, second, ("f", "g"))
    assert {r["organization_id"]: (r["stage"], r["centres"]) for r in merged} == {
        "a": ("supporting", (0,)), "b": ("listed", (0, 1)), "c": ("known", (1,)),
    }  # fmt: skip


@pytest.mark.parametrize("status", [None, *REFERRAL_STATUSES.codes])
def test_a_client_is_tied_to_each_agency_by_how_the_referral_stands(status: str | None) -> None:
    (tie,) = tie_client("K-1", [row("a", status=status)])
    assert (tie["source_id"], tie["target_id"]) == ("K-1", "a")
    expected = {
        "accepted": ("normal", "good"), "got_help": ("normal", "good"),
        "could_not_contact": ("weak", "broken"), "not_eligible": ("weak", "broken"),
        "no_capacity": ("weak", "broken"), "declined_by_client": ("weak", "broken"),
        "lost": ("weak", "broken"),
    }  # fmt: skip
    assert (tie["strength"], tie["quality"]) == expected.get(status or "", ("weak", "good"))


def test_a_choice_keeps_who_meets_all_of_it_and_who_is_on_the_path() -> None:
    rows = [row("a"), row("b", "kin"), row("c"), row("d", None)]
    chosen = Narrowing(("welfare",), (frozenset("abd"), frozenset("ac")))
    assert ids(narrow(rows, chosen)) == ["a"]
    assert ids(narrow(rows, chosen, {"d"})) == ["a", "d"]
    assert narrow(rows, Narrowing()) == rows


def test_who_has_no_field_takes_nobodys_place() -> None:
    rows = [row(f"o{number}") for number in range(CAPACITY)]
    assert count_crowded_out([*rows, row("nowhere", None)]) == 0
    assert count_crowded_out([*rows, row("late")]) == 1


def test_only_those_of_a_path_who_are_not_there_are_added_once() -> None:
    path = [row("x"), row("a"), row("f"), row("x")]
    assert ids(add_path([row("a"), row("b")], path, ("f",))) == ["a", "b", "x"]


def test_a_path_is_one_parameter_of_organization_ids() -> None:
    assert link_to_path(["a", "b,c"]) == {"path": "a|b,c"}


def test_what_is_offered_depends_on_the_lists_and_the_right() -> None:
    assert list_kinds([row("f")], clients=False) == ("facility", "agency")
    assert list_kinds([row("f"), row("g")], clients=True) == (
        "facility", "agency", "two", "client",
    )  # fmt: skip
