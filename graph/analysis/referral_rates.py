"""How well the loop of referrals is closed: answered, ended, with which outcome, after how long.

Measures of closed-loop referral: a loop is closed when its outcome is known, whatever it is. A
referral that was passed on is closed but is no help yet: the next one tells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any, Final

from graph.business_days import count_business_days
from graph.collation import order_name
from graph.vocabulary import REFERRAL_OUTCOMES

USUAL_WAIT: Final = 2
"""Business days after which a referral without any response is flagged."""

LEAST_FOR_SHARE: Final = 5
"""A share of fewer referrals is no percentage: one client more or less would turn it over."""

WAITING: Final = ("not_updated", "pending")
OPEN: Final = (*WAITING, "accepted")
REFUSALS: Final = ("could_not_contact", "not_eligible", "no_capacity", "declined_by_client", "lost")
"""Outcomes that are no help and lead to no next agency by themselves."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One referral as of a day; days only where they are known to the day.

    `status` is the one of that day: what was told later is not known yet. `outcome` is None while
    it is open, and where it was closed without saying how.
    """

    referral_id: str
    receiver: str | None
    field: str | None
    status: str
    outcome: str | None
    reason: str | None
    notified_on: date | None
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class Rates:
    """Counts of referrals as of a day.

    The closed-loop rate is `closed` ÷ `sent`, the rate of those who got help `got_help` ÷ `closed`
    (passed on is closed, but no help).

    `median_days` are calendar days from the notice to the first response, over `responded`
    referrals where both days are known; None when there are none. `waiting` are those without a
    response, `longest_wait` their longest calendar days so far, None when no notice is dated.
    """

    sent: int
    closed: int
    got_help: int
    responded: int
    median_days: float | None
    waiting: int
    longest_wait: int | None


def read_progress(row: Mapping[str, Any], as_of: date) -> Progress:
    """Return a row of the question referral_progress as it stood on `as_of`."""
    answered, closed = row["answered_on"], row["closed_on"]
    status, outcome = row["status"], row["outcome"]
    if answered is not None and answered > as_of:
        status, outcome, answered = "pending", None, None
    elif closed is not None and closed > as_of:
        status, outcome = ("accepted" if answered else "pending"), None
    if status in REFERRAL_OUTCOMES.codes:
        outcome = status
    elif status in OPEN:
        outcome = None
    return Progress(
        row["referral_id"],
        row["receiver"],
        row["receiver_field"],
        status,
        outcome,
        row["reason"] if outcome else None,
        row["notified_on"] if row["notified_on_precision"] == "day" else None,
        answered if row["answered_on_precision"] == "day" else None,
    )


def measure_rates(referrals: Sequence[Progress], as_of: date) -> Rates:
    """Return the measures; of no referrals all counts are 0 and the rest None."""
    waits = [
        (one.answered_on - one.notified_on).days
        for one in referrals
        if one.answered_on and one.notified_on and one.answered_on >= one.notified_on
    ]
    waiting = list_waiting(referrals)
    so_far = [(as_of - one.notified_on).days for one in waiting if one.notified_on]
    return Rates(
        sent=len(referrals),
        closed=sum(one.outcome is not None for one in referrals),
        got_help=sum(one.outcome == "got_help" for one in referrals),
        responded=len(waits),
        median_days=median(waits) if waits else None,
        waiting=len(waiting),
        longest_wait=max(so_far, default=None),
    )


def list_waiting(referrals: Iterable[Progress]) -> list[Progress]:
    """Return the referrals to which nobody has responded."""
    return [one for one in referrals if one.status in WAITING and one.answered_on is None]


def list_overdue(
    referrals: Iterable[Progress], as_of: date, wait: int = USUAL_WAIT
) -> dict[str, int]:
    """Return id → business days without a response, of referrals that wait longer than `wait`."""
    days = {
        one.referral_id: count_business_days(one.notified_on, as_of)
        for one in list_waiting(referrals)
        if one.notified_on
    }
    return {referral_id: count for referral_id, count in days.items() if count > wait}


def count_refusals(
    referrals: Iterable[Progress],
) -> list[tuple[str | None, str | None, str, str | None, int]]:
    """Return (agency, field, outcome, reason, how many), most first; [] when nothing failed."""
    counts = Counter(
        (one.receiver, one.field, one.outcome, one.reason)
        for one in referrals
        if one.outcome in REFUSALS
    )
    rows = [(*key, count) for key, count in counts.items()]
    return sorted(
        rows,
        key=lambda row: (-row[4], order_name(row[0] or ""), *(part or "" for part in row[1:4])),
    )


def count_refusals_by_field(referrals: Iterable[Progress]) -> list[tuple[str | None, str, int]]:
    """Return (field, outcome, how many), most first; [] when nothing failed."""
    counts: Counter[tuple[str | None, str]] = Counter()
    for _, field, outcome, _, count in count_refusals(referrals):
        counts[field, outcome] += count
    rows = [(*key, count) for key, count in counts.items()]
    return sorted(rows, key=lambda row: (-row[2], row[0] or "", row[1]))
