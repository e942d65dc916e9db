"""What stands written for a report, as of a day and for a period."""

from __future__ import annotations

import queries
from graph.store import Row, Store
from tests.builders import FACILITY, agencies, day, link, node, partner_list, write


def ask(store: Store, **values: object) -> Row:
    (row,) = queries.ask(store, "report_entries", facility_id=FACILITY, **values)
    return row


def test_the_latest_target_of_each_measure_by_the_day(store: Store) -> None:
    days = {"t1": "2022-01-01", "t2": "2022-06-01", "t3": "2023-01-01", "other": "2022-06-01"}
    write(
        store,
        agencies(FACILITY, "other"),
        partner_list("l", "2022-03-01"),
        [
            node(
                "Target", key, measure="meetings", set_on=day(on), due_on=day("2024"), goal=float(n)
            )
            for n, (key, on) in enumerate(days.items())
        ],
        [link("OF", f"Target {key}", f"Organization {FACILITY}") for key in ("t1", "t2", "t3")],
        link("OF", "Target other", "Organization other"),
    )

    def find(as_of: str) -> list[tuple[str, float]]:
        return [(t["target_id"], t["goal"]) for t in ask(store, as_of=as_of)["targets"]]

    assert find("2022-05-31") == [("t1", 0.0)]
    assert find("2022-12-31") == [("t2", 1.0)]
    assert find("2021-12-31") == []


def test_words_of_a_period_that_ended_within_this_one(store: Store) -> None:
    ends = {"old": "2021-03-31", "first": "2022-06-30", "later": "2022-10-14"}
    write(
        store,
        agencies(FACILITY),
        partner_list("l", "2022-03-01"),
        [
            node("Assessment", key, indicator="1", since=day("2020-04-01"), until=day(end), mark=2)
            for key, end in ends.items()
        ],
        [link("OF", f"Assessment {key}", f"Organization {FACILITY}") for key in ends],
    )

    def find(since: str, as_of: str) -> list[str]:
        rows = ask(store, since=since, as_of=as_of)["assessments"]
        return [one["assessment_id"] for one in rows]

    assert find("2021-04-01", "2022-10-14") == ["later"]
    assert find("2021-04-01", "2022-10-13") == ["first"]
    assert find("2022-11-01", "2022-12-31") == []
    assert ask(store)["assessments"][0]["content_hash"]
