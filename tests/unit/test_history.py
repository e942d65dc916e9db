"""What a change replaced comes back from its packed form exactly, and can be forgotten."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.history import (
    KEPT_DAYS,
    KEPT_DAYS_NAME,
    Entry,
    Kind,
    find_oldest,
    join,
    leave_out,
    make_stub,
    pack,
    read_kept_days,
    split,
    unpack,
)
from graph.records import Point, StoredValue
from graph.retention import RULES, read_days
from graph.rights import list_rights_to_write

NODE, LINK = Kind("Event"), Kind("CONCERNS", "Event", "Client")
WHEN = datetime(2022, 10, 4, 9, 30, 0, 123456, tzinfo=UTC)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values: st.SearchStrategy[StoredValue] = st.one_of(
    texts,
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.builds(Point, st.floats(-90, 90), st.floats(-180, 180)),
)
befores = st.none() | st.dictionaries(texts.filter(lambda name: "$" not in name), values)
entries = st.builds(
    Entry,
    st.sampled_from([NODE, LINK]),
    texts,
    befores,
    st.sampled_from([None, "load-1", "load-0"]),
    st.none() | st.tuples(texts, texts),
)


@given(st.lists(entries, unique_by=lambda entry: (entry.kind, entry.identity)))
def test_packed_and_unpacked_is_the_same(some: list[Entry]) -> None:
    expected = {
        (one.kind, one.identity): one
        # Nothing is made again from a relationship that the load itself made.
        if (one.before, one.after) != (None, "load-1")
        else Entry(one.kind, one.identity, None, "load-1")
        for one in some
    }
    unpacked = unpack("load-1", pack("load-1", some))
    assert len(unpacked) == len(some)
    assert {(one.kind, one.identity): one for one in unpacked} == expected


def test_numbers_and_moments_keep_their_type() -> None:
    before = {"whole": 1, "real": 1.0, "day": date(2022, 1, 2), "when": WHEN, "yes": True}
    (entry,) = unpack("l", pack("l", [Entry(NODE, "e", before, "l")]))
    assert entry.before is not None
    assert {name: type(value) for name, value in entry.before.items()} == {
        "whole": int, "real": float, "day": date, "when": datetime, "yes": bool,
    }  # fmt: skip


def test_ten_thousand_new_facts_take_little_room() -> None:
    new = [Entry(NODE, f"event-{number:024x}", None, "l") for number in range(10_000)]
    assert len(pack("l", new)) < 10_000 * 20


def test_what_happened_twice_is_told_once() -> None:
    first = Entry(NODE, "e", {"load_id": "a"}, "l")
    assert join([first, Entry(NODE, "e", {"load_id": "l"}, None)]) == [
        Entry(NODE, "e", {"load_id": "a"}, None)
    ]
    made = Entry(LINK, "r", None, "l")
    assert join([made, Entry(LINK, "r", {"load_id": "l"}, None, ("e", "c"))]) == []


def test_the_forgotten_and_what_joins_them_is_left_out() -> None:
    client, other = Entry(Kind("Client"), "c", {}, "l"), Entry(Kind("Client"), "d", {}, "l")
    joins = Entry(LINK, "r", {}, None, ("e", "c"))
    kept = Entry(LINK, "s", {}, None, ("e", "d"))
    assert leave_out([client, other, joins, kept], {("Client", "c")}) == [other, kept]


def test_undoing_asks_for_the_right_to_write() -> None:
    assert list_rights_to_write([make_stub(LINK)], from_file=False) == {"record_clients"}
    assert list_rights_to_write([make_stub(NODE)], from_file=False) == {"record"}


def list_days(environment: dict[str, str]) -> dict[str, int]:
    """What the page of upkeep says of what ends by a number of days."""
    told = {rule.kind: read_days(rule, environment) for rule in RULES}
    return {kind: days for kind, days in told.items() if days is not None}


def test_history_is_kept_for_a_year_or_as_long_as_is_said() -> None:
    assert read_kept_days({}) == KEPT_DAYS > 365
    assert read_kept_days({KEPT_DAYS_NAME: "30"}) == 30
    for odd in ("0", "-1", "soon", "１年"):
        assert read_kept_days({KEPT_DAYS_NAME: odd}) == KEPT_DAYS
        assert list_days({KEPT_DAYS_NAME: odd}) == {"history": KEPT_DAYS}
    assert list_days({KEPT_DAYS_NAME: "30", "TSUNAGI_BACKUP": "7"}) == {"history": 30}
    assert find_oldest(WHEN, 30) == WHEN - timedelta(days=30)


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (2, [2]), (3, [2, 1])])
def test_parts_hold_everything_once(count: int, sizes: list[int]) -> None:
    some = [Entry(NODE, str(number), None, "l") for number in range(count)]
    assert [len(part) for part in split(some, 2)] == sizes
