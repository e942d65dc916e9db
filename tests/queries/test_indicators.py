"""What the indicators of the report are counted from, and the report's own figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import queries
from graph.analysis.indicators import Figure, Period, collect_facts, measure_indicators, read_goals
from graph.store import Store
from tests.builders import (
    FACILITY,
    agencies,
    agency,
    day,
    event,
    node,
    partner_list,
    referral,
    write,
)

REPORT_DAY = date(2022, 10, 14)


def measure(store: Store, since: date, until: date) -> Mapping[str, Figure]:
    facts = collect_facts(
        queries.ask(store, "indicator_events", as_of=until),
        queries.ask(store, "indicator_lists", as_of=until),
        queries.ask(store, "partner_stages", as_of=until),
        queries.ask(store, "indicator_clients", as_of=until),
    )
    found = measure_indicators(facts, Period(since, until), read_goals())
    return {code: figure for each in found for code, figure in each.figures.items()}


def test_the_figures_of_the_report(sample_store: Store) -> None:
    figures = measure(sample_store, date(2020, 4, 1), REPORT_DAY)
    assert {code: figure.value for code, figure in figures.items() if figure.value is not None} == {
        "meetings": 1,
        "listed": 17,
        "explained": 8,
        "supporting": 8,
        "growth": 0,
        "kept": 1,
        "employment": 20,
        "attendance": 3,
        "outreach": 8,
        "volunteering": 0,
        "volunteers": 1,
    }
    assert figures["outreach"].years == ((2020, 8), (2021, 8), (2022, 8))
    assert figures["volunteering"].years == ((2021, 1), (2022, 0))
    assert [each.on for each in figures["meetings"].evidence] == [date(2022, 6, 13)]
    told = [each.text or "" for each in figures["outreach"].evidence]
    assert ["3人登録" in text for text in told] == [True, True, False]
    assert "2名登録" in told[2]


def test_the_marks_of_the_report(sample_store: Store) -> None:
    until = REPORT_DAY
    facts = collect_facts(
        queries.ask(sample_store, "indicator_events", as_of=until),
        queries.ask(sample_store, "indicator_lists", as_of=until),
        queries.ask(sample_store, "partner_stages", as_of=until),
        queries.ask(sample_store, "indicator_clients", as_of=until),
    )
    found = measure_indicators(facts, Period(date(2020, 4, 1), until), read_goals())
    marks = {each.number: each.mark for each in found}
    assert (marks["1"], marks["4"]) == (3, 4)


def test_events_of_the_facility_up_to_the_day(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "b", "a"),
        partner_list("l", "2022-03-01", "a"),
        event("meeting", "2022-05-01", "b", "a", text="said"),
        event("meeting", "2022-06-01", "a"),
        event("meeting", "2022-05-01", "b", by="b", key="elsewhere"),
        event("ecomap_drawn", "2022-05-01", "a"),
    )
    rows = queries.ask(store, "indicator_events", as_of="2022-05-31")
    assert [(row["kind"], row["names"], row["text"]) for row in rows] == [
        ("meeting", ["a", "b"], "said")
    ]


def test_what_is_said_of_a_client_is_not_told(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a"),
        partner_list("l", "2022-03-01", "a"),
        [node("Client", "x")],
        event("plan_made", "2022-05-01", "Client x", text="about x"),
    )
    rows = queries.ask(store, "indicator_events", as_of="2022-05-31")
    assert [(row["text"], row["client_ids"]) for row in rows] == [(None, ["x"])]


def test_lists_in_order_with_fields_each_once(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a", "b"),
        [agency("c", field="medical"), agency("d", field=None)],
        partner_list("later", "2022-06", "a", "b", "c", "d"),
        partner_list("first", "2022-03-01", "a"),
    )
    rows = queries.ask(store, "indicator_lists", as_of="2022-12-31")
    assert [(row["list_id"], row["fields"], row["made_on_precision"]) for row in rows] == [
        ("first", ["welfare"], "day"),
        ("later", ["medical", "welfare"], "month"),
    ]
    assert rows[1]["organization_ids"] == ["a", "b", "c", "d"]
    assert len(queries.ask(store, "indicator_lists", as_of="2022-05-31")) == 1


def test_clients_by_their_latest_day(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a"),
        partner_list("l", "2022-03-01", "a"),
        referral("r1", "a", FACILITY, client="x", notified_on=day("2022-04-01")),
        event("plan_made", "2022-05-01", "Client x"),
        referral("r2", "a", FACILITY, client="y"),
        referral("r3", "a", "a", client="z", notified_on=day("2022-04-01")),
        referral("r4", "a", FACILITY, client="w", notified_on=day("2023-01-01")),
    )
    rows = queries.ask(store, "indicator_clients", as_of="2022-12-31")
    assert rows[0]["clients"] == [
        {"client_id": "x", "last_on": date(2022, 5, 1)},
        {"client_id": "y", "last_on": None},
    ]
