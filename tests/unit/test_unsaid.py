"""What a row leaves unsaid: blank cells and rough points beside what open data says."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from graph.records import Point, Value
from loaders.open_data.merging import SHARED
from loaders.unsaid import drop_unsaid

HERE, THERE = "12207", "12217"
EXACT: dict[str, Any] = {
    "municipality": HERE, "address": "松戸市根本387-5", "location": Point(35.7876, 139.9032),
    "location_accuracy": "exact",
}  # fmt: skip
MIDDLE: dict[str, Value] = {
    "municipality": HERE, "location": Point(35.78, 139.9), "location_accuracy": "municipality",
}  # fmt: skip

WORDS = st.none() | st.sampled_from(["a", "b"])
FACTS = st.dictionaries(st.sampled_from(SHARED), WORDS)


@given(FACTS, FACTS, st.lists(FACTS, max_size=2))
def test_whatever_is_written_is_written(
    says: dict[str, Value], standing: dict[str, Any], listings: list[dict[str, Any]]
) -> None:
    left = drop_unsaid(says, standing, listings)
    filled = {name: value for name, value in says.items() if value is not None}
    assert filled.items() <= left.items() <= says.items()


@given(FACTS, FACTS)
def test_without_open_data_a_blank_cell_empties(
    says: dict[str, Value], standing: dict[str, Any]
) -> None:
    assert drop_unsaid(says, standing, ()) == says


def test_a_blank_cell_leaves_what_any_listing_says_and_empties_what_a_person_wrote() -> None:
    says: dict[str, Value] = {"name": "家", "phone": None, "fax": None}
    standing = {"name": "家", "phone": "1", "fax": "2"}
    assert drop_unsaid(says, standing, [{"phone": "3"}, {"phone": "1", "fax": "9"}]) == {
        "name": "家", "fax": None,
    }  # fmt: skip


def test_the_middle_of_a_municipality_replaces_no_better_point_of_it() -> None:
    assert drop_unsaid(MIDDLE, EXACT, ()) == {"municipality": HERE}
    blank: dict[str, Value] = {**MIDDLE, "address": None}
    assert drop_unsaid(blank, EXACT, [EXACT]) == {"municipality": HERE}


def test_a_point_is_replaced_where_the_row_says_something_else() -> None:
    moved: dict[str, Value] = {**MIDDLE, "municipality": THERE}
    assert drop_unsaid(moved, EXACT, [EXACT]) == moved
    named: dict[str, Value] = {**MIDDLE, "address": "松戸市"}
    assert drop_unsaid(named, EXACT, [EXACT]) == named
    unknown: dict[str, Value] = {"location": None, "location_accuracy": None}
    assert drop_unsaid(unknown, EXACT, [EXACT]) == unknown
    # The address was a person's own: blank, it goes, and its point with it.
    emptied: dict[str, Value] = {**MIDDLE, "address": None}
    assert drop_unsaid(emptied, EXACT, ()) == emptied


def test_an_address_that_is_to_be_hidden_is_no_silence() -> None:
    hidden: dict[str, Value] = {
        "hidden_address": True, "address": None, "location": None, "location_accuracy": None,
    }  # fmt: skip
    assert drop_unsaid(hidden, EXACT, [EXACT]) == hidden
