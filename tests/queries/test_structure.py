"""How many contact persons are known."""

from __future__ import annotations

import queries
from graph.store import Store
from tests.builders import FACILITY, agencies, day, link, node, partner_list, write


def test_contact_persons_of_the_day(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a", "b", "c"),
        partner_list("l", "2022-03-01", "a", "b"),
        [node("Person", key, name=key) for key in "xyz"],
        [
            link("WORKS_FOR", "Person x", "Organization a", until=day("2022-04-01")),
            link("WORKS_FOR", "Person y", "Organization a", since=day("2022-04-01")),
            link("WORKS_FOR", "Person z", "Organization a", since=day("2022-06-01")),
            link("WORKS_FOR", "Person z", "Organization c"),
        ],
    )

    def count(as_of: str) -> dict[str, int]:
        rows = queries.ask(store, "contact_persons", as_of=as_of)
        return {row["organization_id"]: row["people"] for row in rows}

    assert count("2022-05-01") == {"a": 1, "b": 0}
    assert count("2022-06-01") == {"a": 2, "b": 0}
    assert count("2022-02-01") == {}
