"""Records: what the schema lets pass, what it refuses, and how a value is stored."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.dates import PartialDate
from graph.records import (
    InvalidRecords,
    NodeRecord,
    Point,
    Record,
    RelationshipRecord,
    Source,
    Value,
    check,
    derive_id,
    encode,
    hash_content,
)
from graph.schema import NODES, RELATIONSHIPS
from tests.builders import agency, day, link, node

MARK = "山田花子"


def codes(record: Record) -> list[tuple[str, str]]:
    return [(fault.property, fault.code) for fault in check([record])]


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({}, []),
        ({"name": None}, [("name", "required")]),
        ({"name": ""}, [("name", "required")]),
        ({"field": "space"}, [("field", "vocabulary")]),
        ({"field": "福祉"}, [("field", "vocabulary")]),
        ({"corporate_number": "1234567890123"}, []),
        ({"corporate_number": "123456789012"}, [("corporate_number", "pattern")]),
        ({"corporate_number": "１２３４５６７８９０１２３"}, [("corporate_number", "pattern")]),
        ({"municipality": "12207\n"}, [("municipality", "pattern")]),
        ({"capacity": -1}, [("capacity", "range")]),
        ({"capacity": 2**63}, [("capacity", "range")]),
        ({"capacity": "3"}, [("capacity", "type")]),
        ({"capacity": 3.5}, [("capacity", "type")]),
        ({"capacity": True}, [("capacity", "type")]),
        ({"hidden_address": "yes"}, [("hidden_address", "type")]),
        ({"location": Point(35.0, 139.0)}, []),
        ({"location": Point(90.1, 139.0)}, [("location", "range")]),
        ({"location": Point(35.0, float("nan"))}, [("location", "range")]),
        ({"location": (35.0, 139.0)}, [("location", "type")]),
        ({"name": "長" * 2_001}, [("name", "too_long")]),
        ({"name": "\ud800"}, [("name", "type")]),
        ({"colour": "red"}, [("colour", "unknown_property")]),
        ({"kana": None, "field": None, "location": None}, []),
    ],
)
def test_an_agency_is_checked_by_every_rule(
    properties: dict[str, Value], expected: list[tuple[str, str]]
) -> None:
    record = NodeRecord("Organization", "a", {"name": "n"} | properties, Source("f"))
    assert codes(record) == expected


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "3", True, 2**63])
def test_a_value_of_an_event_is_a_number_one_can_store(value: Value) -> None:
    record = node("Event", "e", kind="meeting", occurred_on=day("2022"), value=value)
    assert [name for name, _ in codes(record)] == ["value"]


OTHER_DATES: list[Value] = [
    "2025-03-01", "2025-03-01T00:00:00Z", 1_740_787_200, 1_740_787_200.0, day("2025-03-01"), True,
]  # fmt: skip
"""What stands for a date elsewhere: Cypher would compare none of it with a date."""


@pytest.mark.parametrize("value", [*OTHER_DATES, datetime(2025, 3, 1, tzinfo=UTC)])
def test_a_date_is_a_date_and_nothing_that_can_be_read_as_one(value: Value) -> None:
    assert ("since", "type") in codes(node("Consent", "c", since=value))


@pytest.mark.parametrize("value", [*OTHER_DATES, date(2025, 3, 1)])
def test_a_time_is_a_time_and_nothing_that_can_be_read_as_one(value: Value) -> None:
    assert ("loaded_at", "type") in codes(node("Load", "l", loaded_at=value))


def test_a_date_and_a_time_pass() -> None:
    consent = codes(node("Consent", "c", since=date(2025, 3, 1), until=None))
    load = codes(node("Load", "l", loaded_at=datetime(2025, 3, 1, tzinfo=UTC)))
    assert not {"since", "until", "loaded_at"} & {name for name, _ in (*consent, *load)}


@pytest.mark.parametrize("key", ["", "a b", "a|b", "a" * 101])
def test_a_key_is_short_and_without_spaces(key: str) -> None:
    assert [name for name, _ in codes(node("Client", key))] == ["client_id"]


def test_ends_and_kinds_come_from_the_schema() -> None:
    assert codes(link("OFFERS", "Organization a", "Support food")) == []
    assert codes(link("OFFERS", "Support food", "Organization a")) == [("relation_id", "ends")]
    assert codes(node("Spaceship", "a")) == [("Spaceship", "unknown_kind")]


def test_every_fault_of_every_record_is_told_in_order() -> None:
    records = [
        NodeRecord("Organization", "a", {"field": "x"}, Source("f")),
        agency("ok"),
        link("TIED_TO", "Organization a", "Organization b", strength="iron"),
    ]
    faults = [(fault.record, fault.property) for fault in check(records)]
    assert faults == [
        (records[0], "name"),
        (records[0], "field"),
        (records[2], "kind"),
        (records[2], "strength"),
        (records[2], "quality"),
    ]


def test_a_fault_says_what_is_expected_and_never_the_value() -> None:
    faults = check([node("Person", "p 1", name=MARK, phone=7), agency("a", field=MARK)])
    error = InvalidRecords(faults)
    told = " ".join([str(error), *(f"{f.property}{f.code}{f.expected}" for f in faults)])
    assert MARK not in told
    assert "福祉" in faults[-1].expected
    assert error.faults == tuple(faults)


TEXTS = st.text(st.characters(blacklist_categories=["Cs"]))
PARTS = st.lists(TEXTS.filter(lambda text: "\x1f" not in text), min_size=1, max_size=4)


@given(PARTS, PARTS)
def test_ids_of_different_lists_differ(first: list[str], second: list[str]) -> None:
    same = [part or "" for part in first] == [part or "" for part in second]
    assert (derive_id("x", *first) == derive_id("x", *second)) == same


def test_ids_tell_order_and_borders_apart() -> None:
    made = [derive_id("x", *parts) for parts in (("ab", "c"), ("a", "bc"), ("c", "ab"), ("abc",))]
    assert len(set(made)) == 4
    assert derive_id("x", "a", None) == derive_id("x", "a", "")


def test_ids_do_not_change_between_versions() -> None:
    assert derive_id("org", "name", "松戸相談室", "12207") == "org-c80a3fbf355f9ea082216220"


def test_parallel_relationships_differ_by_what_identifies_them() -> None:
    def tie(**more: Value) -> str:
        given: dict[str, Value] = {"kind": "cooperation", "strength": "weak", "quality": "good"}
        return RelationshipRecord(
            "TIED_TO", ("Organization", "a"), ("Organization", "b"), given | more
        ).identity

    assert tie(strength="strong") == tie()
    assert tie(since=day("2022-03")) == tie(since=PartialDate(date(2022, 3, 1), "month", "R4.3"))
    different = [tie(), tie(kind="contract"), tie(since=day("2022-03")), tie(since=day("2022"))]
    assert len(set(different)) == 4


def test_a_partial_date_is_stored_with_its_words() -> None:
    released = PartialDate(date(2020, 12, 1), "month", "R2.12.●")
    stored = encode(node("Referral", "r", status="accepted", released_on=released, reason=None))
    assert stored == {
        "status": "accepted",
        "reason": None,
        "released_on": date(2020, 12, 1),
        "released_on_precision": "month",
        "released_on_text": "R2.12.●",
    }


def test_an_emptied_date_empties_all_it_was_stored_as() -> None:
    stored = encode(node("Referral", "r", released_on=None))
    assert stored == dict.fromkeys(
        ("released_on", "released_on_precision", "released_on_text"), None
    )


SCALARS = st.one_of(
    TEXTS, st.integers(), st.floats(allow_nan=False), st.booleans(), st.dates(), st.none()
)


@given(st.dictionaries(TEXTS, SCALARS, max_size=5), st.randoms())
def test_a_hash_does_not_depend_on_order(values: dict[str, object], dice: object) -> None:
    items = list(values.items())
    dice.shuffle(items)  # type: ignore[attr-defined]
    assert hash_content(dict(items)) == hash_content(values)  # type: ignore[arg-type]


@given(st.dictionaries(TEXTS, TEXTS, max_size=5))
def test_a_hash_is_that_of_the_sorted_json_which_graphs_hold_already(
    values: dict[str, str],
) -> None:
    text = json.dumps(values, sort_keys=True, ensure_ascii=False)
    assert hash_content(values) == hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"a": "x"}, {"a": "y"}),
        ({"a": "x"}, {"b": "x"}),
        ({"a": 1.0}, {"a": 1.5}),
        ({"a": date(2022, 1, 1)}, {"a": date(2022, 1, 2)}),
        ({"a": Point(1.0, 2.0)}, {"a": Point(2.0, 1.0)}),
        ({"a": datetime(2022, 1, 1, tzinfo=UTC)}, {"a": datetime(2022, 1, 2, tzinfo=UTC)}),
        ({"a": "1", "b": "2"}, {"a": "2", "b": "1"}),
    ],
)
def test_different_contents_have_different_hashes(first: dict, second: dict) -> None:  # type: ignore[type-arg]
    assert hash_content(first) != hash_content(second)


def test_records_are_values() -> None:
    record = agency("a")
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.key = "b"  # type: ignore[misc]


def test_every_kind_has_a_model_that_takes_the_least_record() -> None:
    """A record with nothing but what is required passes, for every label and relationship type."""
    fill: dict[str, Value] = {"text": "x", "partial_date": day("2022"), "integer": 1}
    fill["date"] = date(2022, 1, 1)
    for label, declared in NODES.items():
        given = {
            p.name: p.vocabulary.codes[0] if p.vocabulary else fill[p.type]
            for p in declared.properties
            if p.required and p.name != declared.key
        }
        key = "housing" if label == "Support" else "k"
        assert codes(NodeRecord(label, key, given, Source("f"))) == []
    for kind, relationship in RELATIONSHIPS.items():
        given = {
            p.name: p.vocabulary.codes[0] if p.vocabulary else fill[p.type]
            for p in relationship.properties
            if p.required
        }
        for start, end in relationship.ends:
            record = RelationshipRecord(kind, (start, "a"), (end, "b"), given)
            assert codes(record) == []
