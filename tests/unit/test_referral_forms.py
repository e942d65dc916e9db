"""Forms of referrals: what is typed becomes the records of the sheet, and closes the loop."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from graph.dates import PartialDate, read_iso_date
from graph.records import Record, RelationshipRecord
from loaders.consent_forms import Ground
from loaders.forms import Entry
from loaders.referral_forms import HEARD, read_answer_form, read_referral_form, stand_referral

LABELS = {
    name: name.upper()
    for name in ("heard", "day", "outcome", "reason", "client_id", "notified_on", "destination",
                 "needs", "referrer", "receiver", "status")
}  # fmt: skip

GROUND = Ground(("needs", "identity"), "consent-1", date(2023, 3, 1), recorded_by="somebody")


def row(**changed: Any) -> dict[str, Any]:
    days = {
        f"{name}{part}": None
        for name in ("notified_on", "answered_on", "handed_over_on", "closed_on")
        for part in ("", "_precision", "_text")
    }
    notified = {
        "notified_on": date(2022, 10, 3),
        "notified_on_precision": "day",
        "notified_on_text": "10月3日",
    }
    known = {"referral_id": "r1", "status": "pending", "outcome": None, "reason": None}
    return days | notified | known | {"content_hash": "read"} | changed


def answer(cells: dict[str, object], **standing: Any) -> Entry:
    typed = {"heard": "accepted", "day": "2022-10-05"} | cells
    return read_answer_form(typed, LABELS, stand_referral(row(**standing)))


def send(receiver: str | None = "b", earlier: dict[str, Any] | None = None, **cells: Any) -> Entry:
    typed = {"client_id": "c1", "notified_on": "2023-03-31", "status": "pending", **cells}
    standing = stand_referral(earlier) if earlier else None
    return read_referral_form(
        typed, LABELS, opening="o", sender_id="a", receiver_id=receiver, earlier=standing,
        ground=GROUND,
    )  # fmt: skip


def codes(entry: Entry) -> list[tuple[str, str]]:
    return [(problem.column, problem.code) for problem in entry.problems]


def written(record: Record) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, PartialDate) else value
        for name, value in record.properties.items()
    }


def test_an_acceptance_is_the_first_answer() -> None:
    entry = answer({})
    (record,) = entry.records
    assert record.identity == "r1"
    assert written(record) == {"status": "accepted", "answered_on": "2022-10-05", "reason": None}
    assert entry.expected == {("Referral", "r1"): "read"}


def test_the_first_answer_stays() -> None:
    standing = {
        "status": "accepted", "answered_on": date(2022, 10, 4),
        "answered_on_precision": "day", "answered_on_text": "10月4日",
    }  # fmt: skip
    (over,) = answer({"heard": "handed_over"}, **standing).records
    assert written(over) == {"status": "accepted", "handed_over_on": "2022-10-05", "reason": None}
    (end,) = answer({"heard": "no_capacity", "reason": "満室"}, **standing).records
    assert written(end) == {
        "status": "no_capacity", "closed_on": "2022-10-05", "outcome": "no_capacity",
        "reason": "満室",
    }  # fmt: skip


def test_nothing_is_closed_without_an_outcome() -> None:
    assert codes(answer({"heard": "closed"})) == [("OUTCOME", "rows.required")]
    (record,) = answer({"heard": "closed", "outcome": "got_help"}).records
    assert (record.properties["status"], record.properties["outcome"]) == ("closed", "got_help")


def test_pending_is_no_answer() -> None:
    (record,) = answer({"heard": "pending"}).records
    assert written(record) == {"status": "pending"}


def test_no_answer_comes_before_the_notice() -> None:
    assert codes(answer({"day": "2022-10-02"})) == [("DAY", "rows.before_notice")]
    assert codes(answer({"day": "2022-10-03"})) == []
    assert codes(answer({"day": ""})) == [("DAY", "rows.required")]
    assert codes(answer({"day": "2022-10-02"}, notified_on=None)) == []


@pytest.mark.parametrize("heard", HEARD)
def test_whatever_may_be_heard_is_allowed_by_the_schema(heard: str) -> None:
    entry = answer({"heard": heard, "outcome": "lost"})
    assert codes(entry) == []
    assert len(entry.records) == 1


def test_a_new_referral_is_one_of_the_sheet() -> None:
    entry = send(needs="housing、food", destination="松戸市")
    assert codes(entry) == []
    kinds = sorted(record.kind for record in entry.records)
    assert kinds == [
        "ABOUT", "ACCOMPANIES", "Client", "FOR", "NEEDS", "NEEDS", "Provision", "RECEIVED_BY",
        "RESTS_ON", "Referral", "SENT", "SETTLES_IN", "TOLD",
    ]  # fmt: skip
    record = next(record for record in entry.records if record.kind == "Referral")
    assert record.properties["fiscal_year"] == 2022
    assert record.properties["status"] == "pending"
    assert record.properties["notified_on"] == read_iso_date("2023-03-31")
    told = next(record for record in entry.records if record.kind == "Provision")
    assert entry.expected == {
        ("Referral", record.identity): None, ("Provision", told.identity): None,
    }  # fmt: skip
    assert send().records[0].identity == record.identity  # saved twice: one referral


def test_a_referral_that_goes_on_passes_the_earlier_one_on() -> None:
    entry = send(earlier=row())
    earlier = next(r for r in entry.records if r.kind == "Referral" and r.identity == "r1")
    assert written(earlier) == {
        "status": "referred_on", "answered_on": "2023-03-31", "closed_on": "2023-03-31",
        "outcome": "referred_on",
    }  # fmt: skip
    (follows,) = [r for r in entry.records if r.kind == "FOLLOWS"]
    assert isinstance(follows, RelationshipRecord)
    assert follows.end == ("Referral", "r1")
    assert entry.expected[("Referral", "r1")] == "read"


def test_what_is_missing_is_named_by_its_field() -> None:
    assert codes(send(receiver=None, client_id="", notified_on="")) == [
        ("CLIENT_ID", "rows.required"),
        ("RECEIVER", "rows.required"),
        ("NOTIFIED_ON", "rows.required"),
        ("CLIENT_ID", "rows.client_unknown"),
    ]
    assert ("RECEIVER", "rows.referral_to_itself") in codes(send(receiver="a"))
    assert codes(send(client_id="山田 太郎"))  # an id has no space


def test_what_the_receiver_is_told_goes_with_the_referral() -> None:
    told = next(record for record in send().records if record.kind == "Provision")
    assert written(told) == {
        "provided_on": date(2023, 3, 31), "purpose": "referral", "items": "identity needs",
        "basis": "consent", "reason": None, "recorded_by": "somebody",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("ground", "found"),
    [
        (None, [("RECEIVER", "rows.no_consent")]),
        (Ground(("needs",), reason=" "), [("RECEIVER", "rows.no_consent")]),
        (Ground((), "c", date(2022, 1, 1)), [("items", "rows.required")]),
        (Ground(("needs",), "c", date(2023, 4, 1)), [("NOTIFIED_ON", "rows.before_consent")]),
        (Ground(("needs",), "c", date(2023, 3, 31)), []),
        (Ground(("needs",), reason="救急搬送"), []),
    ],
)
def test_nobody_is_told_without_a_ground(
    ground: Ground | None, found: list[tuple[str, str]]
) -> None:
    typed = {"client_id": "c1", "notified_on": "2023-03-31", "status": "pending"}
    entry = read_referral_form(
        typed, LABELS, opening="o", sender_id="a", receiver_id="b", ground=ground
    )
    assert codes(entry) == found
    assert bool(entry.records) is (found == [])


def test_a_client_who_comes_in_is_told_to_nobody() -> None:
    typed = {"client_id": "c1", "notified_on": "2023-03-31", "status": "pending"}
    entry = read_referral_form(
        typed, LABELS, opening="o", sender_id="a", receiver_id="b", is_incoming=True
    )
    assert codes(entry) == []
    assert "Provision" not in {record.kind for record in entry.records}
