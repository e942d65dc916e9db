"""The question referral_progress, and the loop closed on the real store by its forms."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import queries
from graph.analysis.referral_rates import measure_rates, read_progress
from graph.store import Conflict, Row, Store
from loaders.consent_forms import Ground
from loaders.forms import Entry, make_load
from loaders.referral_forms import read_answer_form, read_referral_form, stand_referral
from tests.builders import agencies, agency, consent, day, referral, write

TODAY = date(2022, 10, 14)
LABELS = {name: name for name in ("heard", "day", "outcome", "client_id", "notified_on")}


def ask(store: Store, **values: object) -> list[Row]:
    return queries.ask(store, "referral_progress", **({"as_of": TODAY} | values))


def save(store: Store, entry: Entry, opening: str = "o") -> Any:
    assert not entry.problems
    return store.write(entry.records, make_load(opening, entry), expected=entry.expected)


def answer(row: Row, heard: str, on: str, **cells: object) -> Entry:
    standing = stand_referral(row)
    return read_answer_form({"heard": heard, "day": on, **cells}, LABELS, standing)


def test_each_referral_is_told_with_its_ends_and_days(store: Store) -> None:
    write(
        store,
        agencies("prison"),
        agency("centre", field="medical"),
        referral("r1", "prison", "centre", client="c", status="referred_on",
                 notified_on=day("2022-10-03"), answered_on=day("2022-10")),
        referral("r2", "centre", client="c", follows="r1", status="pending"),
        referral("r3", "prison", "centre", notified_on=day("2022-10-15")),
    )  # fmt: skip
    rows = {row["referral_id"]: row for row in ask(store)}
    assert set(rows) == {"r1", "r2"}  # r3 is sent a day later
    first, second = rows["r1"], rows["r2"]
    assert (first["sender"], first["receiver"], first["receiver_field"]) == (
        "prison", "centre", "medical",
    )  # fmt: skip
    assert (first["answered_on"].isoformat(), first["answered_on_precision"]) == (
        "2022-10-01", "month",
    )  # fmt: skip
    assert (second["receiver_id"], second["follows_id"], second["case_id"]) == (None, "r1", "c")


def test_a_referral_is_answered_handed_over_and_ended(store: Store) -> None:
    write(store, agencies("a", "b"), referral("r", "a", "b", status="pending",
                                              notified_on=day("2022-10-03")))  # fmt: skip
    save(store, answer(ask(store)[0], "accepted", "2022-10-05"))
    save(store, answer(ask(store)[0], "handed_over", "2022-10-06"))
    save(store, answer(ask(store)[0], "got_help", "2022-10-12"))
    row = ask(store)[0]
    days = [row[f"{name}_on"].isoformat() for name in ("answered", "handed_over", "closed")]
    assert days == ["2022-10-05", "2022-10-06", "2022-10-12"]
    rates = measure_rates([read_progress(row, TODAY)], TODAY)
    assert (rates.closed, rates.got_help, rates.median_days) == (1, 1, 2)
    before = measure_rates([read_progress(row, date(2022, 10, 4))], date(2022, 10, 4))
    assert (before.closed, before.waiting, before.longest_wait) == (0, 1, 1)


def test_who_answers_second_overwrites_nothing(store: Store) -> None:
    write(store, agencies("a", "b"), referral("r", "a", "b", status="pending"))
    (row,) = ask(store)
    save(store, answer(row, "no_capacity", "2022-10-05"), "first")
    with pytest.raises(Conflict):
        save(store, answer(row, "accepted", "2022-10-05"), "second")
    assert ask(store)[0]["status"] == "no_capacity"


def test_a_referral_goes_on_in_one_save(store: Store) -> None:
    write(store, agencies("a", "b", "c"), referral("r", "a", "b", client="k", status="accepted"),
          consent("k", "c"))  # fmt: skip
    entry = read_referral_form(
        {"client_id": "k", "notified_on": "2022-10-05", "status": "pending"}, LABELS,
        opening="o", sender_id="b", receiver_id="c", earlier=stand_referral(ask(store)[0]),
        ground=Ground(("needs",), "consent/k/c", date(2000, 1, 1)),
    )  # fmt: skip
    assert save(store, entry).created > 0
    assert save(store, entry).repeated  # a double click
    (path,) = queries.ask(store, "recorded_paths", as_of=TODAY)
    assert path["agencies"] == ["a", "b", "c"]
    assert path["statuses"] == ["referred_on", "pending"]
