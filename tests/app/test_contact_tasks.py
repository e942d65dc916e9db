"""Contacts planned on the page 次に連絡する先: one press, overdue first, a result at the end."""

from __future__ import annotations

from datetime import date, timedelta

from streamlit.testing.v1 import AppTest

from graph.store import Store
from tests.builders import FACILITY, agencies, day, link, node, partner_list, write
from texts import say
from views.contacts.tasks import list_tasks


def draw() -> None:
    from views import contacts, frame

    contacts.show(frame.choose_context())


def open_page() -> AppTest:
    page = AppTest.from_function(draw, default_timeout=90)
    page.run()
    assert not page.exception
    return page


def write_partners(store: Store, *overdue: str) -> None:
    last_week = (date.today() - timedelta(days=7)).isoformat()
    write(
        store,
        agencies(FACILITY, "a", "b"),
        partner_list("l", "2022-03-01", "a", "b"),
        [node("Task", f"task-{key}", text="call", due_on=day(last_week)) for key in overdue],
        [link("CONTACTS", f"Task task-{key}", f"Organization {key}") for key in overdue],
    )


def read_tasks(page: AppTest) -> list[str]:
    return [text.value for text in page.text if " ・ " in text.value]


def press(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception
    return page


def test_one_press_makes_a_task_and_an_overdue_one_comes_first(store: Store) -> None:
    write_partners(store, "b")
    page = open_page()
    assert read_tasks(page) == ["b ・ call"]
    assert "7 日過ぎています" in page.error[0].value
    press(page, say("tasks.add"))
    assert read_tasks(page) == ["b ・ call", f"a ・ {say('tasks.first_text')}"]
    rows = store.list_nodes("Task", ("text", "due_on", "created_on"))
    made = next(row for row in rows if row["created_on"] is not None)
    assert made["due_on"] - made["created_on"] == timedelta(days=14)


def test_a_done_task_asks_for_its_result_which_becomes_an_event(store: Store) -> None:
    write_partners(store, "b")
    page = open_page()
    kind = next(box for box in page.selectbox if box.label == say("tasks.label.kind"))
    kind.set_value("explained").run()
    field = next(box for box in page.text_input if box.label == say("tasks.label.result"))
    field.set_value("よい返事")
    buttons = [each for each in page.button if each.label == say("tasks.save")]
    buttons[-1].click().run()  # of the two forms of the task the second one is the result's
    assert not page.exception
    assert not page.error
    assert read_tasks(page)[0].endswith(" ・ b")  # among those done
    events = store.list_nodes("Event", ("kind", "occurred_on", "text"))
    assert events == [{"kind": "explained", "occurred_on": date.today(), "text": "よい返事"}]
    assert store.list_nodes("Task", ("done_on",)) == [{"done_on": date.today()}]


def test_tasks_of_all_agencies_by_due_day() -> None:
    late, soon, never = (
        {"task_id": key, "due_on": due, "done_on": None}
        for key, due in (("t1", date(2022, 6, 2)), ("t2", date(2022, 6, 1)), ("t3", None))
    )
    rows = [
        {"organization_id": "a", "name": "A", "tasks": [late, never]},
        {"organization_id": "b", "name": "B", "tasks": [soon]},
    ]
    found = list_tasks(rows)
    assert [(task["task_id"], task["name"]) for task in found] == [
        ("t2", "B"), ("t1", "A"), ("t3", "A"),
    ]  # fmt: skip
