"""How warmly a facility reaches the agencies of its lists."""

from __future__ import annotations

import pytest

import queries
from graph.records import Record
from graph.store import Row, Store
from tests.builders import (
    FACILITY,
    agencies,
    day,
    link,
    node,
    partner_list,
    referral,
    tie,
    write,
)


def ask(store: Store, as_of: str = "2022-10-01") -> dict[str, Row]:
    rows = queries.ask(store, "contact_reach", facility_id=FACILITY, as_of=as_of)
    return {row["organization_id"]: row for row in rows}


def write_network(store: Store, *more: Record) -> None:
    write(
        store,
        agencies(FACILITY, "a", "b", "c", "far"),
        partner_list("l", "2022-03-01", "a", "b", "c", "far"),
        tie(FACILITY, "a"),
        tie("b", "a"),
        tie("b", "c", strength="strong"),
        *more,
    )


def test_the_shortest_chain_through_agencies(store: Store) -> None:
    write_network(store)
    found = ask(store)
    assert {key: (row["length"], row["through"]) for key, row in found.items()} == {
        "a": (1, []), "b": (2, ["a"]), "c": (3, ["a", "b"]), "far": (None, []),
    }  # fmt: skip
    assert found["c"]["bases"] == ["tie", "tie", "tie"]


@pytest.mark.parametrize(
    "cold", [{"strength": "weak"}, {"quality": "stressful"}, {"quality": "broken"},
             {"until": day("2022-09-01")}, {"since": day("2022-11-01")}]
)  # fmt: skip
def test_a_tie_that_is_not_warm_leads_nowhere(store: Store, cold: dict[str, object]) -> None:
    write_network(store, tie(FACILITY, "far", **cold))  # type: ignore[arg-type]
    assert ask(store)["far"]["length"] is None


def test_people_and_taken_referrals_are_chains_too(store: Store) -> None:
    write_network(store, node("Person", "p", name="p"))
    write(
        store,
        [link("WORKS_FOR", "Person p", f"Organization {end}") for end in ("a", "far")],
        referral("r", FACILITY, "c", notified_on=day("2022-05-01")),
    )
    found = ask(store)
    assert (found["far"]["length"], found["far"]["bases"]) == (3, ["tie", "person"])
    assert (found["c"]["length"], found["c"]["bases"]) == (2, ["referral"])
    assert ask(store, "2022-04-01")["c"]["bases"] == ["tie", "tie", "tie"]


def test_of_equally_short_chains_the_warmest(store: Store) -> None:
    write_network(store, tie(FACILITY, "far", strength="strong"))
    write(store, tie("far", "b", strength="strong"))
    assert ask(store)["b"]["through"] == ["far"]
