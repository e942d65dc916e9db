"""A doubtful office: the same agency or another one, taken back, and remembered."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

import neo4j
import pytest

import queries
from graph.rights import GRANTED, Actor
from graph.store import Refused, Row, Store
from loaders.loading import load_file
from loaders.open_data.decisions import NoSuchPair, decide, take_back
from loaders.open_data.loading import EditionChoice
from tests.builders import hash_graph, workbook
from tests.open_data_files import hsds_zip, office, wamnet

OURS = [
    ["機関ID", "名称", "市区町村", "電話番号"],
    ["our-1", "社会福祉法人 まつどの家", "松戸市", "047-365-9999"],
]
_ids = count(1)


@pytest.fixture
def doubtful(reference_store: Store) -> Row:
    """A graph with one doubtful pair."""
    load_file(reference_store, "家.xlsx", workbook(機関=OURS))
    load(reference_store)
    (row,) = queries.ask(reference_store, "open_data_doubts")
    return row


def load(store: Store, edition: date = date(2025, 3, 1), **changes: str) -> None:
    choice = EditionChoice(edition)
    assert not load_file(store, "a.csv", wamnet([office(**changes)]), choice=choice).problems


def say(store: Store, row: Row, decision: Any) -> None:
    pair = row["listing_id"], row["organization_id"]
    decide(store, f"decision-{next(_ids)}", *pair, decision, actor="甲")


def undo(store: Store, row: Row) -> None:
    take_back(store, f"decision-{next(_ids)}", row["listing_id"], row["organization_id"])


def read_agencies(raw: neo4j.Driver) -> dict[str, dict[str, Any]]:
    rows = raw.execute_query(
        "MATCH (o:Organization) RETURN o.organization_id AS id, properties(o) AS p"
    )
    return {row["id"]: row["p"] for row in rows.records}


def test_both_sides_and_the_reason_are_shown(doubtful: Row) -> None:
    assert (doubtful["reason"], doubtful["waiting"], doubtful["decision"]) == ("similar", 1, None)
    assert doubtful["office"]["name"] == "まつどの家"
    assert doubtful["agency"]["phone"] == "047-365-9999"


def test_the_same_agency_gets_its_empty_facts_filled(
    reference_store: Store, raw: neo4j.Driver, doubtful: Row
) -> None:
    say(reference_store, doubtful, "same")
    (agency,) = read_agencies(raw).values()
    assert (agency["office_number"], agency["phone"]) == ("1210000001", "047-365-9999")
    assert queries.ask(reference_store, "open_data_doubts") == []
    (told,) = queries.ask(reference_store, "open_data_doubts", decided=True)
    assert (told["decision"], told["decided_by"], told["waiting"]) == ("same", "甲", 0)


def test_another_agency_comes_into_being(
    reference_store: Store, raw: neo4j.Driver, doubtful: Row
) -> None:
    say(reference_store, doubtful, "different")
    assert {one["name"] for one in read_agencies(raw).values()} == {
        "まつどの家", "社会福祉法人 まつどの家",
    }  # fmt: skip


@pytest.mark.parametrize("decision", ["same", "different"])
def test_the_next_edition_remembers(
    reference_store: Store, raw: neo4j.Driver, doubtful: Row, decision: str
) -> None:
    say(reference_store, doubtful, decision)
    before = set(read_agencies(raw))
    load(reference_store, date(2025, 9, 1), capacity="33")
    assert set(read_agencies(raw)) == before
    assert queries.ask(reference_store, "open_data_doubts") == []
    described = [one for one in read_agencies(raw).values() if one.get("capacity") == 33]
    assert (described[0]["organization_id"] == "our-1") == (decision == "same")


@pytest.mark.parametrize("decision", ["same", "different"])
def test_a_decision_taken_back_leaves_nothing_behind(
    reference_store: Store, raw: neo4j.Driver, doubtful: Row, decision: str
) -> None:
    before = read_agencies(raw)
    state = read_state(raw)
    say(reference_store, doubtful, decision)
    undo(reference_store, doubtful)
    assert set(read_agencies(raw)) == set(before)
    assert read_state(raw) == state
    (again,) = queries.ask(reference_store, "open_data_doubts")
    assert again["decision"] is None
    say(reference_store, doubtful, "same")  # and can be made anew
    assert read_agencies(raw)["our-1"]["office_number"] == "1210000001"


def read_state(raw: neo4j.Driver) -> list[str]:
    """Facts of agencies without their bookkeeping, and every relationship of one."""
    rows = raw.execute_query(
        "MATCH (o:Organization) RETURN o.organization_id + coalesce(o.phone, '') + "
        "coalesce(o.office_number, '') + coalesce(o.address, '') + coalesce(o.kana, '') AS s "
        "UNION ALL MATCH (o:Organization)-[r]-(x) RETURN o.organization_id + type(r) AS s"
    )
    return sorted(row["s"] for row in rows.records)


def test_what_somebody_changed_since_stays(
    reference_store: Store, raw: neo4j.Driver, doubtful: Row
) -> None:
    say(reference_store, doubtful, "same")
    row: list[list[object]] = [["機関ID", "名称", "定員"]]
    row.append(["our-1", "社会福祉法人 まつどの家", 5])
    load_file(reference_store, "家.xlsx", workbook(機関=row))
    undo(reference_store, doubtful)
    agency = read_agencies(raw)["our-1"]
    assert (agency["capacity"], agency.get("office_number")) == (5, None)


def test_a_second_decision_finds_the_pair_gone(
    reference_store: Store, raw: neo4j.Driver, doubtful: Row
) -> None:
    say(reference_store, doubtful, "same")
    before = hash_graph(raw)
    with pytest.raises(NoSuchPair):
        say(reference_store, doubtful, "different")
    assert hash_graph(raw) == before


def test_who_may_only_look_decides_nothing(
    reference_store: Store, raw: neo4j.Driver, doubtful: Row
) -> None:
    door = reference_store.acting_as(Actor("乙", GRANTED["viewer"]))
    before = hash_graph(raw)
    with pytest.raises(Refused):
        say(door, doubtful, "same")
    with pytest.raises(Refused):
        queries.ask(door, "open_data_doubts")
    assert hash_graph(raw) == before


def test_a_doubtful_office_serves_its_areas_once_it_is_the_agency(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    own = [["機関ID", "名称", "市区町村"], ["our-1", "社会福祉法人 まつど相談室", "松戸市"]]
    load_file(reference_store, "家.xlsx", workbook(機関=own))
    choice = EditionChoice(date(2025, 3, 1))
    assert not load_file(reference_store, "hsds.zip", hsds_zip(), choice=choice).problems
    served = "MATCH (o {organization_id: 'our-1'})-[:SERVES]->(a) RETURN a.area_id AS area"
    rows = queries.ask(reference_store, "open_data_doubts")
    assert [row["area"] for row in raw.execute_query(served).records] == []
    for row in rows:
        say(reference_store, row, "same")
    assert [row["area"] for row in raw.execute_query(served).records] == ["12220"]
    for row in rows:
        undo(reference_store, row)
    assert raw.execute_query(served).records == []
