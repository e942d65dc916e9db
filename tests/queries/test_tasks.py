"""Which contacts are planned, asked of small graphs."""

from __future__ import annotations

from datetime import date

import queries
from graph.store import Store
from tests.builders import FACILITY, agencies, day, link, node, partner_list, write


def test_open_tasks_first_then_by_due_day(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a", "b", "elsewhere"),
        partner_list("l", "2022-03-01", "a", "b"),
        partner_list("later", "2022-06-01", "a"),
        [
            node("Task", "t1", text="x", due_on=day("2022-05-01"), done_on=day("2022-04-01")),
            node("Task", "t2", text="x", due_on=day("2022-07-01"), owner="o"),
            node("Task", "t3", text="x", due_on=day("2022-06-01")),
            node("Task", "t4", text="x", due_on=day("2022-06-01")),
            *(link("CONTACTS", f"Task {key}", "Organization a") for key in ("t1", "t2", "t3")),
            link("CONTACTS", "Task t4", "Organization elsewhere"),
        ],
    )
    rows = queries.ask(store, "contact_tasks")
    assert [(row["organization_id"], [t["task_id"] for t in row["tasks"]]) for row in rows] == [
        ("a", ["t3", "t2", "t1"]),
        ("b", []),
    ]
    task = rows[0]["tasks"][1]
    assert (task["owner"], task["due_on"], task["done_on"]) == ("o", date(2022, 7, 1), None)
    assert task["content_hash"]


def test_each_facility_sees_its_own_tasks_and_those_of_nobody(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "other", "a", "unlisted"),
        partner_list("l", "2022-03-01", "a"),
        partner_list("theirs", "2022-03-02", "a", keeper="other"),
        [node("Task", key, text="x", due_on=day("2022-05-01")) for key in ("t1", "t2", "t3", "t4")],
        [link("CONTACTS", f"Task {key}", "Organization a") for key in ("t1", "t2", "t3")],
        link("CONTACTS", "Task t4", "Organization unlisted"),
        [link("OF", f"Task {key}", f"Organization {FACILITY}") for key in ("t1", "t4")],
        link("OF", "Task t2", "Organization other"),
    )

    def ask(facility_id: str) -> dict[str, list[str]]:
        rows = queries.ask(store, "contact_tasks", facility_id=facility_id)
        return {row["organization_id"]: [t["task_id"] for t in row["tasks"]] for row in rows}

    assert ask(FACILITY) == {"a": ["t1", "t3"], "unlisted": ["t4"]}
    assert ask("other") == {"a": ["t2", "t3"]}
