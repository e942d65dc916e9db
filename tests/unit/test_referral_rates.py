"""Rates of closed-loop referrals, counted by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from graph.analysis.referral_rates import (
    Progress,
    count_refusals,
    count_refusals_by_field,
    list_overdue,
    measure_rates,
    read_progress,
)
from graph.vocabulary import REFERRAL_OUTCOMES, REFERRAL_STATUSES

TODAY = date(2022, 10, 14)  # a Friday


def row(**changed: Any) -> dict[str, Any]:
    return {
        "referral_id": "r",
        "receiver": "b",
        "receiver_field": "welfare",
        "status": "pending",
        "outcome": None,
        "reason": None,
        "notified_on": date(2022, 10, 3),
        "notified_on_precision": "day",
        "answered_on": None,
        "answered_on_precision": None,
        "closed_on": None,
        "closed_on_precision": None,
    } | changed


def one(**changed: Any) -> Progress:
    return read_progress(row(**changed), TODAY)


def answered(day: int, **changed: Any) -> Progress:
    known = {"answered_on": date(2022, 10, day), "answered_on_precision": "day"}
    return one(**(known | changed))


def test_the_rates_of_eight_referrals() -> None:
    referrals = [
        answered(4, status="got_help"),  # 1 day
        answered(5, status="got_help"),  # 2 days
        answered(13, status="referred_on"),  # 10 days; closed, but no help
        answered(7, status="no_capacity"),  # 4 days
        answered(5, status="accepted"),  # 2 days; open
        one(status="closed", outcome="got_help"),  # nobody wrote down the day of the answer
        one(status="closed"),  # closed without an outcome: not known
        one(notified_on=date(2022, 10, 11)),  # waits since 3 days
    ]
    rates = measure_rates(referrals, TODAY)
    assert (rates.sent, rates.closed, rates.got_help) == (8, 5, 3)
    assert (rates.responded, rates.median_days) == (5, 2)
    assert (rates.waiting, rates.longest_wait) == (1, 3)


def test_of_nothing_there_is_no_rate() -> None:
    rates = measure_rates([], TODAY)
    assert (rates.sent, rates.closed, rates.got_help) == (0, 0, 0)
    assert (rates.median_days, rates.longest_wait) == (None, None)
    open_only = measure_rates([one()], TODAY)
    assert (open_only.sent, open_only.closed) == (1, 0)


def test_who_only_passes_clients_on_has_helped_nobody() -> None:
    rates = measure_rates([one(status="referred_on")] * 3, TODAY)
    assert (rates.sent, rates.closed, rates.got_help) == (3, 3, 0)


def test_days_known_to_the_month_are_no_waiting_days() -> None:
    vague = [
        answered(5, notified_on_precision="month", status="accepted"),
        answered(5, answered_on_precision="month", status="accepted"),
    ]
    assert measure_rates(vague, TODAY).median_days is None


@pytest.mark.parametrize(("wait", "late"), [(2, {"r": 8}), (7, {"r": 8}), (8, {})])
def test_a_referral_waits_in_business_days(wait: int, late: dict[str, int]) -> None:
    # Monday the 3rd to Friday the 14th: nine weekdays, of which スポーツの日 is none.
    assert list_overdue([one()], TODAY, wait) == late


def test_who_has_been_answered_does_not_wait() -> None:
    assert list_overdue([answered(4), one(status="accepted"), one(status="lost")], TODAY) == {}
    assert list_overdue([one(notified_on=None)], TODAY) == {}


def test_what_was_told_later_is_not_known_yet() -> None:
    later = answered(20, status="got_help", closed_on=date(2022, 10, 21))
    assert (later.status, later.outcome, later.answered_on) == ("pending", None, None)
    on_the_way = answered(4, status="no_capacity", closed_on=date(2022, 10, 21), reason="満室")
    assert (on_the_way.status, on_the_way.outcome, on_the_way.reason) == ("accepted", None, None)
    done = answered(4, status="no_capacity", closed_on=TODAY, reason="満室")
    assert (done.outcome, done.reason) == ("no_capacity", "満室")


@pytest.mark.parametrize("status", REFERRAL_STATUSES.codes)
def test_every_status_is_open_or_has_an_outcome_or_is_closed(status: str) -> None:
    progress = one(status=status)
    is_open = status in ("not_updated", "pending", "accepted")
    assert (progress.outcome is None) == (is_open or status == "closed")
    assert progress.outcome is None or progress.outcome in REFERRAL_OUTCOMES.codes


def test_refusals_are_counted_by_agency_and_field() -> None:
    referrals = [
        one(status="no_capacity", reason="満室"),
        one(status="no_capacity", reason="満室"),
        one(status="closed", outcome="not_eligible", receiver="c"),
        one(status="declined_by_client", receiver="d", receiver_field=None),
        one(status="got_help"),
        one(status="referred_on"),
    ]
    assert count_refusals(referrals) == [
        ("b", "welfare", "no_capacity", "満室", 2),
        ("c", "welfare", "not_eligible", None, 1),
        ("d", None, "declined_by_client", None, 1),
    ]
    assert count_refusals_by_field(referrals) == [
        ("welfare", "no_capacity", 2),
        (None, "declined_by_client", 1),
        ("welfare", "not_eligible", 1),
    ]
    assert count_refusals([]) == []
