"""The queries that fill lists to choose from: starts of paths, areas, who serves, loads."""

from __future__ import annotations

from datetime import date

import queries
from graph.store import Store
from tests.builders import (
    FACILITY,
    agencies,
    agency,
    area,
    day,
    event,
    offers,
    partner_list,
    referral,
    serves,
    support,
    tie,
    write,
)


def ask_starts(store: Store, as_of: str = "2022-12-31") -> list[tuple[str, int, int]]:
    rows = queries.ask(store, "path_starts", as_of=date.fromisoformat(as_of))
    return [(row["organization_id"], row["sent"], row["links"]) for row in rows]


def test_starts_are_those_that_sent_then_justice_then_others(store: Store) -> None:
    write(
        store,
        agencies("clinic", "office", "sender"),
        agency("prison", field="justice"),
        agency("gone", status="closed"),
        referral("r1", "sender", "office", notified_on=day("2022-05-01")),
        referral("r2", "office", "clinic", follows="r1", notified_on=day("2022-05-02")),
        tie("prison", "clinic"),
        tie("prison", "office", quality="broken"),
    )
    assert ask_starts(store) == [
        ("sender", 1, 1), ("prison", 0, 1), ("clinic", 0, 1), ("office", 0, 1),
    ]  # fmt: skip
    assert ask_starts(store, "2022-01-01")[0] == ("prison", 0, 1)  # nothing was sent by then


def test_names_come_by_their_reading_and_its_column_is_no_part_of_the_answer(
    store: Store,
) -> None:
    write(
        store,
        agency(FACILITY, name="寮", kana="リョウ"),
        agency("a", name="第10作業所"),
        agency("b", name="第2作業所"),
        agency("c", name="社会福祉法人 大宮会", kana="シャカイフクシホウジン　オオミヤカイ"),
        agency("d", name="ああ荘", kana="ああそう"),
        agency("e", name="ハローワーク"),
        partner_list("l", "2022-03-01", *"abcde"),
    )
    rows = queries.ask(store, "partner_stages", facility_id=FACILITY)
    assert [row["organization_id"] for row in rows] == ["d", "c", "e", "b", "a"]
    assert "reading" not in rows[0]


def test_of_many_only_partners_and_those_with_referrals_are_offered(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "listed", "tied", "met", "sender", "receiver", *"abcdefg"),
        partner_list("l", "2022-03-01", "listed"),
        tie("tied", FACILITY),
        event("meeting", "2022-06-13", "met"),
        referral("r", "sender", "receiver"),
    )
    rows = queries.ask(store, "path_starts", own_id=FACILITY, limit=8)
    assert {row["organization_id"]: row["partner"] for row in rows} == {
        "listed": True, "tied": True, "met": True, FACILITY: True, "sender": False,
        "receiver": False,
    }  # fmt: skip
    assert {row["total"] for row in rows} == {13}
    assert len(queries.ask(store, "path_starts", own_id=FACILITY, limit=13)) == 13
    few = queries.ask(store, "path_starts", own_id=FACILITY, limit=3)
    assert all(row["partner"] for row in few)  # partners stay when there is no place for all


def test_nobody_can_start_in_an_empty_graph(store: Store) -> None:
    assert ask_starts(store) == []


def test_a_place_is_served_directly_or_by_a_wider_area(store: Store) -> None:
    write(
        store,
        agencies("town", "wide", "elsewhere"),
        agency("gone", status="closed"),
        area("12", level="prefecture"),
        area("12207", within="12"),
        area("12208", within="12"),
        support("housing"),
        offers("wide", "housing"),
        serves("town", "12207"),
        serves("gone", "12207"),
        serves("wide", "12"),
        serves("elsewhere", "12208"),
    )
    rows = queries.ask(store, "area_helpers", area_id="12207")
    assert [(row["organization_id"], row["area_name"]) for row in rows] == [
        ("town", "12207"), ("wide", "12"),
    ]  # fmt: skip
    rows = queries.ask(store, "area_helpers", area_id="12207", support_ids=["housing"])
    assert [row["organization_id"] for row in rows] == ["wide"]
    assert queries.ask(store, "area_helpers", area_id="12207", support_ids=["legal"]) == []


def test_areas_are_listed_by_code_without_the_nation(store: Store) -> None:
    assert queries.ask(store, "list_areas") == []
    write(store, area("JP", level="nation"), area("12207", "12"), area("12", "JP", "prefecture"))
    rows = queries.ask(store, "list_areas")
    assert [(row["area_id"], row["full_name"], row["latitude"]) for row in rows] == [
        ("12", "12", None), ("12207", "12207", None),
    ]  # fmt: skip


def test_loads_are_listed_latest_first_without_the_reference(reference_store: Store) -> None:
    assert queries.ask(reference_store, "list_loads") == []
    first = write(reference_store, agencies("a"))
    second = write(reference_store, agencies("a", "b"))
    rows = queries.ask(reference_store, "list_loads")
    assert [row["load_id"] for row in rows] == [second.load_id, first.load_id]
    assert [(row["created"], row["changed"], row["unchanged"]) for row in rows] == [
        (1, 0, 1), (1, 0, 0),
    ]  # fmt: skip
    assert len(queries.ask(reference_store, "list_loads", limit=1)) == 1
