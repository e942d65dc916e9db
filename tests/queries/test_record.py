"""What a form is opened on: events, ties and contact persons with the hash they were read with."""

from __future__ import annotations

from datetime import date

from graph.store import Store
from queries import ask
from tests.builders import FACILITY, agencies, event, link, node, partner_list, tie, write
from tests.builders import day as on

TODAY = date(2022, 10, 4)
YEAR_AGO = date(2021, 10, 4)


def test_events_of_the_stretch_of_days_latest_first_with_what_tells_a_change(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a", "b"),
        event("remark", "2022-10-04", "a", key="last", text="ことば"),
        event("declined", "2021-10-04", "a", key="first", until=on("2023-03")),
        event("contacted", "2021-10-03", "a", key="before"),
        event("contacted", "2022-10-05", "a", key="after"),
        event("contacted", "2022-05-01", "b", key="another"),
        event("contacted", "2022-05-01", "a", key="theirs", by="b"),
    )

    def read() -> list[dict[str, object]]:
        return ask(
            store, "record_events",
            facility_id=FACILITY, organization_id="a", since=YEAR_AGO, as_of=TODAY,
        )  # fmt: skip

    rows = read()
    assert [row["event_id"] for row in rows] == ["last", "first"]
    assert [(r["until"], r["until_precision"]) for r in rows] == [
        (None, None),
        (date(2023, 3, 1), "month"),
    ]
    assert rows[0]["text"] == "ことば"
    write(store, node("Event", "last", kind="remark", occurred_on=on("2022-10-04"), text="別"))
    assert [a["content_hash"] == b["content_hash"] for a, b in zip(rows, read(), strict=True)] == [
        False,
        True,
    ]


def test_events_without_a_facility_are_those_of_the_oldest_list(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a"),
        partner_list("list", "2022-03-01", "a"),
        event("contacted", "2022-05-01", "a", key="e"),
    )
    rows = ask(store, "record_events", organization_id="a", since=YEAR_AGO, as_of=TODAY)
    assert [row["event_id"] for row in rows] == ["e"]


def test_ties_in_both_directions_that_have_not_ended(store: Store) -> None:
    write(
        store,
        agencies("a", "b", "c"),
        tie("a", "b", since=on("2022-03"), note="そのまま"),
        tie("c", "a", strength="strong", since=on("2030-01-01")),
        tie("a", "c", kind="contract", since=on("2020-01-01"), until=on("2022-10-04")),
        tie("b", "c"),
    )
    rows = ask(store, "record_ties", organization_id="a", as_of=TODAY)
    ends = [(row["source_id"], row["target_id"], row["other_id"]) for row in rows]
    assert ends == [("a", "b", "b"), ("c", "a", "c")]
    assert (rows[0]["since_precision"], rows[0]["note"]) == ("month", "そのまま")
    assert all(row["content_hash"] for row in rows)


def test_contact_persons_that_have_not_left(store: Store) -> None:
    write(
        store,
        agencies("a", "b"),
        [node("Person", key, name=key) for key in ("now", "gone", "other")],
        link("WORKS_FOR", "Person now", "Organization a", role="所長", since=on("2020")),
        link("WORKS_FOR", "Person gone", "Organization a", until=on("2022-10-04")),
        link("WORKS_FOR", "Person other", "Organization b"),
    )
    (row,) = ask(store, "record_people", organization_id="a", as_of=TODAY)
    assert (row["name"], row["role"], row["since_precision"]) == ("now", "所長", "year")
    assert row["content_hash"]


def test_nothing_to_correct(store: Store) -> None:
    write(store, agencies(FACILITY, "a"))
    events = ask(
        store, "record_events",
        facility_id=FACILITY, organization_id="a", since=YEAR_AGO, as_of=TODAY,
    )  # fmt: skip
    ties = ask(store, "record_ties", organization_id="a", as_of=TODAY)
    people = ask(store, "record_people", organization_id="a", as_of=TODAY)
    assert (events, ties, people) == ([], [], [])


def test_conditions_come_with_what_tells_whether_they_changed(store: Store) -> None:
    write(
        store,
        node("Organization", "a", name="青葉", accepts_sex="women", vacancies=2,
             capacity_on=on("2022-10")),
    )  # fmt: skip
    (row,) = ask(store, "record_conditions", organization_id="a")
    assert (row["accepts_sex"], row["vacancies"], row["capacity_on_text"], row["cost"]) == (
        "women", 2, "2022-10", None,
    )  # fmt: skip
    assert row["content_hash"]
    assert ask(store, "record_conditions", organization_id="b") == []
