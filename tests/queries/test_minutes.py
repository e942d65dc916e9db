"""Minutes, decisions and saved views, asked of small graphs."""

from __future__ import annotations

from datetime import date

import queries
from graph.store import Store
from tests.builders import FACILITY, agencies, day, link, node, partner_list, write


def write_meeting(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a", "unlisted", "elsewhere"),
        partner_list("l", "2022-03-01", "a"),
        [
            node("Minutes", "m1", held_on=day("2022-06-13"), title="first", note="x"),
            node("Minutes", "m2", held_on=day("2022-10-04"), title="second"),
            node("Minutes", "m3", held_on=day("2022-10-04"), title="somebody else's"),
            link("OF", "Minutes m1", f"Organization {FACILITY}"),
            link("OF", "Minutes m2", f"Organization {FACILITY}"),
            link("OF", "Minutes m3", "Organization elsewhere"),
            node("Task", "t1", text="later", due_on=day("2022-07-01"), owner="o"),
            node("Task", "t2", text="sooner", due_on=day("2022-06-20"), done_on=day("2022-06-19")),
            node("Task", "t3", text="not decided", due_on=day("2022-06-20"), owner="p"),
            link("CONTACTS", "Task t1", "Organization unlisted"),
            link("CONTACTS", "Task t2", "Organization a"),
            link("CONTACTS", "Task t3", "Organization a"),
            link("DECIDED", "Minutes m1", "Task t1"),
            link("DECIDED", "Minutes m1", "Task t2"),
        ],
    )


def test_minutes_of_a_facility_latest_first_with_their_decisions_by_due_day(store: Store) -> None:
    write_meeting(store)
    (row,) = queries.ask(store, "facility_minutes")
    assert [each["minutes_id"] for each in row["minutes"]] == ["m2", "m1"]
    decisions = row["minutes"][1]["decisions"]
    assert [(each["task_id"], each["name"]) for each in decisions] == [
        ("t2", "a"), ("t1", "unlisted"),
    ]  # fmt: skip
    assert (decisions[0]["due_on"], decisions[0]["done_on"]) == (
        date(2022, 6, 20), date(2022, 6, 19),
    )  # fmt: skip
    assert row["owners"] == [{"task_id": "t1", "owner": "o"}]


def test_a_task_of_an_unlisted_agency_is_found_once_a_meeting_decided_on_it(store: Store) -> None:
    write_meeting(store)
    tasks = {
        row["organization_id"]: [task["task_id"] for task in row["tasks"]]
        for row in queries.ask(store, "contact_tasks")
    }
    assert tasks == {"a": ["t3", "t2"], "unlisted": ["t1"]}


def test_saved_views_in_their_order_without_those_taken_off(store: Store) -> None:
    views = {"v1": 2, "v2": 0, "v3": 1, "v4": 1}
    write(
        store,
        agencies(FACILITY, "elsewhere"),
        partner_list("l", "2022-03-01"),
        [
            node("SavedView", key, title=key, address="look=internal", position=position,
                 retired_on=date(2022, 10, 4) if key == "v3" else None)
            for key, position in views.items()
        ],
        [link("OF", f"SavedView {key}", f"Organization {FACILITY}") for key in ("v1", "v2", "v3")],
        link("OF", "SavedView v4", "Organization elsewhere"),
    )  # fmt: skip
    (row,) = queries.ask(store, "saved_views")
    assert [(each["view_id"], each["position"]) for each in row["views"]] == [("v2", 0), ("v1", 2)]
    assert row["views"][0]["address"] == "look=internal"
