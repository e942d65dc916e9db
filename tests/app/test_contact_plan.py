"""The plan of contacts on the page 次に連絡する先, from real answers."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

import queries
from graph.analysis.plan import Candidate, plan_contacts
from graph.store import Store
from tests.app.page_text import find_table, read_tables, read_words
from tests.builders import (
    FACILITY,
    agencies,
    agency,
    area,
    event,
    located,
    partner_list,
    place,
    referral,
    serves,
    tie,
    write,
)
from texts import say
from views.contacts.plan import PARTS, apply_weights, list_candidates, weigh_gaps

REPORT_DAY = "2022-10-31"


def draw() -> None:
    from views import contacts, frame

    contacts.show(frame.choose_context())


def open_page(**address: str) -> AppTest:
    page = AppTest.from_function(draw, default_timeout=90)
    for name, value in {"date": REPORT_DAY, **address}.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def read_plan(page: AppTest) -> list[list[str]]:
    """Rows of agency, score and points of the parts; the reasons below them left out."""
    table = find_table(page, say("plan.column.place"))
    return [row[1:] for row in table[1:] if row[0]]


def write_region(store: Store) -> None:
    write(
        store,
        area("P", level="prefecture"),
        area("T", within="P"),
        area("U", within="P"),
        [agency(FACILITY, field="justice"), located(FACILITY, "T")],
        [agency("wide", field="medical"), serves("wide", "T"), serves("wide", "U")],
        [agency("same", field="medical"), serves("same", "T")],
        [agency("rests", field="business"), serves("rests", "T"), serves("rests", "U")],
        partner_list("l", "2022-03-01", "wide", "same", "rests"),
        event("declined", "2022-04-01", "rests"),
        referral("r", "same", notified_on=None, client="x"),
        [place("DESIRES", "r", "U")],
    )


def ask_candidates(store: Store) -> tuple[list[Candidate], dict[str, float]]:
    about = {"as_of": REPORT_DAY}
    cells = queries.ask(store, "coverage_matrix", **about)
    rows = queries.ask(store, "next_contacts", limit=100, **about)
    gaps = weigh_gaps(cells, queries.ask(store, "area_requests", **about))
    reaches = {row["organization_id"]: row for row in queries.ask(store, "contact_reach", **about)}
    return list_candidates(rows, cells, reaches), gaps


def test_gaps_weigh_more_where_a_client_goes(store: Store) -> None:
    write_region(store)
    candidates, gaps = ask_candidates(store)
    assert sorted(gaps.values()) == [0.5, 1.0]
    steps = plan_contacts(candidates, gaps, 5)
    assert [(step.key, step.parts["gap"]) for step in steps] == [("wide", 1.5), ("same", 0)]
    assert steps[0].parts["not_told"] == 3


def test_who_declined_and_rests_is_never_named(store: Store) -> None:
    write_region(store)
    candidates, _ = ask_candidates(store)
    assert {each.key for each in candidates} == {"wide", "same"}
    assert "rests" not in {row[0] for row in read_plan(open_page(plan_size="10"))}


@pytest.mark.parametrize("on", [REPORT_DAY, "2022-04-30", "2026-11-22"])
def test_the_plan_of_the_sample_names_nobody_who_rests(sample_store: Store, on: str) -> None:
    names = [row[0] for row in read_plan(open_page(date=on, plan_size="10"))]
    stages = {
        row["name"]: row["stage"] for row in queries.ask(sample_store, "partner_stages", as_of=on)
    }
    assert names
    assert "declined" not in {stages[name] for name in names}


def test_the_parts_shown_sum_to_the_score(sample_store: Store) -> None:
    page = open_page(plan_size="5")
    rows = read_plan(page)
    assert len(rows) == 5
    for _, score, *parts in rows:
        assert sum(float(part) for part in parts) == pytest.approx(float(score))
    assert "63%" in read_words(page)


def test_a_weight_of_nothing_takes_a_part_out() -> None:
    weights = {"not_told": 0.0, "silent": 2.0}
    found = apply_weights(Candidate("a", frozenset(), {"not_told": 3.0, "silent": 0.5}), weights)
    assert found.reasons == {"not_told": 0.0, "silent": 1.0}


WEIGHTS = st.fixed_dictionaries(
    {part: st.integers(0, 6).map(lambda number: number / 2) for part in PARTS}
)


@given(WEIGHTS, st.lists(st.integers(0, 8), min_size=5, max_size=5))
def test_whatever_the_weights_the_parts_sum_to_the_score(
    weights: dict[str, float], points: list[int]
) -> None:
    reasons = dict(zip(PARTS[1:], (number / 4 for number in points), strict=True))
    candidate = apply_weights(Candidate("a", frozenset("xy"), reasons), weights)
    gaps = dict.fromkeys("xyz", weights["gap"] * 0.5)
    for step in plan_contacts([candidate], gaps, 1):
        assert step.parts["gap"] == weights["gap"]
        assert all(step.parts[part] == weights[part] * reasons[part] for part in PARTS[1:])
        assert math.isclose(sum(step.parts.values()), step.score)


def test_weights_stand_in_the_address(sample_store: Store) -> None:
    halved = read_plan(open_page(plan_size="3", plan_weight_not_told="0.5"))
    place = PARTS.index("not_told") + 2
    assert {row[place] for row in halved} <= {"0", "0.5", "1.5"}
    assert any(row[place] == "1.5" for row in halved)
    nothing = open_page(**{f"plan_weight_{part}": "0.0" for part in PARTS})
    assert say("plan.nothing") in [info.value for info in nothing.info]


def test_the_chain_to_an_agency_is_told_with_its_length(store: Store) -> None:
    write_region(store)
    write(store, [agency("friend")], tie(FACILITY, "friend"), tie("friend", "wide"))
    words = read_words(open_page())
    assert "friend の紹介で届きます（2 歩）。" in words
    assert say("plan.no_chain") in words
    candidates, _ = ask_candidates(store)
    assert {each.key: each.reasons["reach"] for each in candidates} == {"wide": 0.5, "same": 0}


def test_too_little_is_said_and_not_ranked(store: Store) -> None:
    write(store, agencies(FACILITY, "a"), partner_list("l", "2022-03-01", "a"))
    page = open_page()
    assert say("plan.too_little") in [info.value for info in page.info]
    assert read_tables(page) == []
