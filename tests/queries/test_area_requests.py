"""Requests by area: a chain of referrals is one request."""

from __future__ import annotations

from datetime import date

import queries
from graph.store import Store
from tests.builders import agencies, area, day, link, place, referral, support, write


def test_a_chain_is_one_request_where_the_client_settles(store: Store) -> None:
    write(
        store,
        agencies("a", "b", "c"),
        area("T"),
        area("U"),
        [support("work"), support("food")],
        referral("r1", "a", "b", client="x", notified_on=day("2022-04-01")),
        referral("r2", "b", "c", client="x", follows="r1", notified_on=day("2022-05-01")),
        [place("DESIRES", "r1", "T"), place("SETTLES_IN", "r2", "U")],
        [link("NEEDS", f"Referral {key}", "Support work") for key in ("r1", "r2")],
        [link("NEEDS", "Referral r2", "Support food")],
    )
    rows = queries.ask(store, "area_requests", as_of="2022-12-31")
    assert [(r["person"], r["area_id"], r["needs"], r["notified_on"]) for r in rows] == [
        (1, "U", ["food", "work"], date(2022, 4, 1))
    ]
    assert queries.ask(store, "area_requests", as_of="2022-03-31") == []
    assert queries.ask(store, "area_requests", since="2022-04-02", as_of="2022-12-31") == []


def test_unmet_when_every_last_step_found_nobody(store: Store) -> None:
    write(
        store,
        agencies("a", "b"),
        area("T"),
        referral("full", "a", "b", status="no_capacity", client="x"),
        referral("full2", "a", "b", status="no_capacity", client="y"),
        referral("then", "b", "a", status="accepted", follows="full2", client="y"),
        referral("self", "a", "b", status="declined_by_client", client="z"),
        [place("DESIRES", key, "T") for key in ("full", "full2", "self")],
    )
    rows = queries.ask(store, "area_requests", as_of="2022-12-31")
    assert sorted(row["unmet"] for row in rows) == [False, False, True]
    assert sorted(row["person"] for row in rows) == [1, 2, 3]


def test_a_person_has_one_number_in_an_answer_and_no_pseudonym(store: Store) -> None:
    write(
        store,
        agencies("a", "b"),
        area("T"),
        area("U"),
        referral("late", "a", "b", client="x", notified_on=day("2022-05-01")),
        referral("early", "a", "b", client="x", notified_on=day("2022-03-01")),
        referral("other", "a", "b", client="y", notified_on=day("2022-04-01")),
        referral("nameless", "a", "b", notified_on=day("2022-06-01")),
        [place("DESIRES", key, "T") for key in ("late", "early", "other", "nameless")],
        [place("DESIRES", "early", "U")],
    )
    rows = queries.ask(store, "area_requests", as_of="2022-12-31")
    assert [(r["person"], r["area_id"], r["notified_on"]) for r in rows] == [
        (1, "T", date(2022, 3, 1)),
        (1, "T", date(2022, 5, 1)),
        (2, "T", date(2022, 4, 1)),
        (3, "T", date(2022, 6, 1)),
        (1, "U", date(2022, 3, 1)),
    ]
    assert [value for row in rows for value in row.values() if value in ("x", "y")] == []
