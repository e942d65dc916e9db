"""The queries of the whole network: who is in it, which ties hold, on a day and in an area."""

from __future__ import annotations

import queries
from graph.store import Store
from tests.builders import (
    FACILITY,
    agencies,
    agency,
    area,
    day,
    link,
    located,
    node,
    partner_list,
    serves,
    tie,
    write,
)


def ids(store: Store, as_of: str, **more: object) -> list[str]:
    rows = queries.ask(store, "network_agencies", as_of=as_of, **more)
    return [row["organization_id"] for row in rows]


def pairs(store: Store, as_of: str, **more: object) -> list[tuple[str, str]]:
    rows = queries.ask(store, "network_ties", as_of=as_of, **more)
    return [(row["source_id"], row["target_id"]) for row in rows]


def test_the_tied_and_the_listed_are_in_the_network_of_the_day(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "listed", "a", "b", "alone"),
        partner_list("l", "2022-03-01", "listed"),
        tie("a", "b", since=day("2022-04-01"), until=day("2022-05-01")),
        tie("alone", "alone"),
    )
    assert ids(store, "2022-02-28") == []
    assert ids(store, "2022-03-31") == [FACILITY, "listed"]
    assert ids(store, "2022-04-01") == ["a", "b", FACILITY, "listed"]
    assert ids(store, "2022-05-01") == [FACILITY, "listed"]
    assert pairs(store, "2022-04-30") == [("a", "b")]
    assert pairs(store, "2022-05-01") == []


def test_an_area_holds_those_that_stand_in_it_or_serve_it(store: Store) -> None:
    write(
        store,
        agencies("a", "b", "c", "d"),
        area("12", level="prefecture"),
        area("122", "12", level="care_area"),
        area("12207", "122"),
        area("13", level="prefecture"),
        located("a", "12207"),
        serves("b", "122"),
        located("c", "13"),
        tie("a", "b"),
        tie("b", "c"),
        tie("c", "d"),
    )
    assert ids(store, "2022-04-01", area_id="12") == ["a", "b"]
    assert ids(store, "2022-04-01", area_id="12207") == ["a"]
    assert ids(store, "2022-04-01", area_id="nowhere") == []
    assert pairs(store, "2022-04-01", area_id="12") == [("a", "b")]
    assert pairs(store, "2022-04-01") == [("a", "b"), ("b", "c"), ("c", "d")]


def test_an_agency_and_a_tie_say_what_the_picture_needs(store: Store) -> None:
    write(
        store,
        agencies(FACILITY),
        agency("a", field="medical", short_name="え", kana="エー"),
        area("12207", full_name="千葉県松戸市"),
        located("a", "12207"),
        partner_list("l", "2022-03-01", "a"),
        tie(FACILITY, "a", kind="contract", strength="weak", quality="broken", flow="in"),
        tie(FACILITY, "a", kind="introduction"),
    )
    first, home = queries.ask(store, "network_agencies", as_of="2022-04-01")
    assert list(first.values()) == [
        "a", "a", "え", "エー", "medical", "千葉県松戸市", False, None, None,
    ]  # fmt: skip
    assert (home["municipality"], home["keeps_list"]) == (None, True)
    ties = queries.ask(store, "network_ties", as_of="2022-04-01")
    assert [list(row.values())[2:] for row in ties] == [
        ["contract", "weak", "broken", "in"], ["introduction", "normal", "good", None],
    ]  # fmt: skip


def test_an_agency_keeps_its_cell_whatever_the_day(store: Store) -> None:
    write(
        store,
        agencies("a", "b"),
        tie("a", "b"),
        node("NetworkLayout", "network", edition="1"),
        link("POSITIONS", "NetworkLayout network", "Organization b", column=-2, row=3),
    )
    for as_of in ("2022-04-01", "2026-04-01"):
        rows = queries.ask(store, "network_agencies", as_of=as_of)
        assert [(row["cell_column"], row["cell_row"]) for row in rows] == [(None, None), (-2, 3)]


def test_the_sample_holds_two_facilities_and_their_agencies(sample_store: Store) -> None:
    rows = queries.ask(sample_store, "network_agencies", as_of="2022-10-04")
    assert (len(rows), sum(row["keeps_list"] for row in rows)) == (67, 2)
    assert len(pairs(sample_store, "2022-10-04")) == 86
    chiba = queries.ask(sample_store, "network_agencies", as_of="2022-10-04", area_id="12")
    assert {row["municipality"][:3] for row in chiba if row["municipality"]} == {"千葉県"}
