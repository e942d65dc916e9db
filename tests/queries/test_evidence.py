"""The records that tell how an agency of a list is getting on, and lists with names."""

from __future__ import annotations

from datetime import date

import queries
from graph.store import Store
from tests.builders import FACILITY, agencies, day, event, link, node, partner_list, write


def test_evidence_of_the_agencies_of_any_list_up_to_a_day(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "other", "a", "b"),
        partner_list("old", "2022-03-01", "a"),
        partner_list("new", "2022-06-01", "a", "b"),
        event("anxiety", "2022-05", "a", value=2.0),
        event("explained", "2022-04-01", "a", "b"),
        event("explained", "2022-04-01", "a", by="other", key="theirs"),
        event("declined", "2022-11-01", "a"),
        [node("Person", name, name=name) for name in "xy"],
        [
            link("WORKS_FOR", "Person x", "Organization a", until=day("2022-05-01")),
            link("WORKS_FOR", "Person y", "Organization a", since=day("2022-05-01"), role="長"),
        ],
    )
    rows = queries.ask(store, "partner_evidence", as_of="2022-10-01")
    assert [row["organization_id"] for row in rows] == ["a", "b"]
    told = [(e["kind"], e["on"], e["precision"], e["value"]) for e in rows[0]["events"]]
    assert told == [
        ("explained", date(2022, 4, 1), "day", None),
        ("anxiety", date(2022, 5, 1), "month", 2.0),
    ]
    assert rows[0]["events"][0]["source_file"] == "test.xlsx"
    assert [(p["name"], p["role"]) for p in rows[0]["people"]] == [("y", "長")]
    older = queries.ask(store, "partner_evidence", list_id="old", as_of="2022-10-01")
    assert [row["organization_id"] for row in older] == ["a"]
    lists = queries.ask(store, "indicator_lists", as_of="2022-10-01")
    assert [(row["list_id"], row["names"]) for row in lists] == [
        ("old", ["a"]),
        ("new", ["a", "b"]),
    ]
