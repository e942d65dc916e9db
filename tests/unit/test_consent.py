"""The rule of consent by itself: every state, and which of several consents counts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.consent import ENDS_SOON, find_consent, find_state, is_standing
from graph.records import Record
from graph.store import Load
from graph.store.provisions import note_clients
from loaders.consent_forms import Ground, make_provision, read_consent_form, withdraw_consents

TODAY = date(2022, 10, 14)
DAY = timedelta(1)
days = st.dates(TODAY - 40 * DAY, TODAY + 40 * DAY)


@pytest.mark.parametrize(
    ("since", "until", "withdrawn_on", "state"),
    [
        (TODAY, None, None, "standing"),
        (TODAY + DAY, None, None, "coming"),
        (TODAY - DAY, TODAY - DAY, None, "ended"),
        (TODAY - DAY, TODAY, None, "ending"),
        (TODAY, TODAY + ENDS_SOON, None, "ending"),
        (TODAY, TODAY + ENDS_SOON + DAY, None, "standing"),
        (TODAY - DAY, None, TODAY, "withdrawn"),
        (TODAY - DAY, None, TODAY + DAY, "withdrawn"),
        (TODAY - 9 * DAY, TODAY - DAY, TODAY - 2 * DAY, "withdrawn"),
    ],
)
def test_a_consent_is_in_one_state(
    since: date, until: date | None, withdrawn_on: date | None, state: str
) -> None:
    assert find_state(since, until, withdrawn_on, TODAY) == state


@given(days, st.none() | days, st.none() | days, days)
def test_what_stands_has_begun_has_not_ended_and_was_not_taken_back(
    since: date, until: date | None, withdrawn_on: date | None, today: date
) -> None:
    stands = is_standing(find_state(since, until, withdrawn_on, today))
    assert stands == (since <= today and (until is None or today <= until) and withdrawn_on is None)


def row(key: str, **changed: Any) -> dict[str, Any]:
    given = {"consent_id": key, "organization_id": "a", "purpose": "referral", "since": TODAY,
             "until": None, "withdrawn_on": None, "manner": None, "case_id": "k-7",
             "content_hash": key}  # fmt: skip
    return given | changed


def test_of_several_consents_the_one_that_lasts_longest_counts() -> None:
    rows = [row("1", until=TODAY), row("2", until=TODAY + DAY), row("3", withdrawn_on=TODAY),
            row("4", organization_id="b"), row("5", purpose="meeting")]  # fmt: skip
    found = find_consent(rows, "a", "referral", TODAY)
    assert found is not None
    assert found["consent_id"] == "2"
    assert find_consent([*rows, row("6")], "a", "referral", TODAY) == row("6")
    assert find_consent(rows[2:], "a", "referral", TODAY) is None
    assert find_consent(rows, None, "referral", TODAY) is None


def test_a_form_makes_a_consent_of_its_own_for_each_agency() -> None:
    cells = {"client_id": "k", "purpose": "meeting", "since": "2022-10-14", "until": "",
             "manner": "speech"}  # fmt: skip
    entry = read_consent_form(cells, {}, opening="o", organization_ids=["a", "b"])
    assert entry.problems == ()
    ends = {record.end[1] for record in entry.records if record.kind == "ALLOWS"}  # type: ignore[union-attr]
    assert ends == {"a", "b"}
    assert set(entry.expected) == {
        ("Consent", record.identity) for record in entry.records if record.kind == "Consent"
    }
    again = read_consent_form(cells, {}, opening="o", organization_ids=["a", "b"])
    assert again.records == entry.records  # a double click


@pytest.mark.parametrize(
    ("changed", "agencies", "code"),
    [
        ({}, [], "rows.required"),
        ({"client_id": "山田"}, ["a"], "rows.not_a_pseudonym"),
        ({"since": ""}, ["a"], "rows.required"),
        ({"until": "2022-10-13"}, ["a"], "rows.dates_reversed"),
    ],
)
def test_a_form_that_does_not_hold_is_refused(
    changed: dict[str, object], agencies: list[str], code: str
) -> None:
    cells = {"client_id": "k", "purpose": "referral", "since": "2022-10-14"} | changed
    entry = read_consent_form(cells, {}, opening="o", organization_ids=agencies)
    assert [problem.code for problem in entry.problems] == [code]
    assert entry.records == ()


def test_a_withdrawal_is_of_what_was_not_taken_back_before() -> None:
    entry, stood = withdraw_consents([row("1"), row("2", withdrawn_on=TODAY - DAY)], TODAY)
    taken_back, granted = entry.records
    assert (taken_back.identity, taken_back.properties["withdrawn_on"]) == ("1", TODAY)
    assert (granted.kind, granted.start, granted.end) == (
        "GRANTS", ("Client", "k-7"), ("Consent", "1"),
    )  # fmt: skip
    assert entry.expected == {("Consent", "1"): "1"}
    assert [one.record.properties["withdrawn_on"] for one in stood] == [None]


def test_what_concerns_a_client_is_noted_by_hand_only_and_without_the_pseudonym() -> None:
    noted: list[tuple[str, str, str | None]] = []

    def note(action: str, subject: str, client: str | None) -> None:
        noted.append((action, subject, client))

    def tell(ground: Ground) -> list[Record]:
        return list(make_provision("p", "k-7", "a", ground, purpose="referral", provided_on=TODAY))

    without = tell(Ground(("needs",), reason="k-7 の\n救急"))
    note_clients(without, Load("l", "file", "hash"), note)
    note_clients(tell(Ground(("needs",), "c")), Load("l"), note)
    assert noted == []
    note_clients(without, Load("l"), note)
    assert noted == [("override", "referral: ●●● の 救急", "k-7")]
    cells = {"client_id": "k-7", "purpose": "referral", "since": "2022-10-14"}
    note_clients(
        read_consent_form(cells, {}, opening="o", organization_ids=["a", "b"]).records,
        Load("l"), note,
    )  # fmt: skip
    assert noted[1:] == [("consent", "give", "k-7")]
