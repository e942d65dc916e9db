"""Forms of a referral: a new one, and what was heard of one that is open.

Agencies never need to sign in: staff write down what a telephone call or a fax said. As in
`loaders.forms` a form is a row of one table, read by the reader of the sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from graph.consent import SHOWN_FOR
from graph.dates import PartialDate, name_fiscal_year, read_stored_date
from graph.records import NodeRecord, Record, Source, Value, derive_id
from graph.vocabulary import REFERRAL_OUTCOMES
from loaders.consent_forms import Ground, make_provision, report_ground
from loaders.directory import know_agencies
from loaders.forms import FILE, Cells, Entry, Labels, Standing, close_entry, open_row
from loaders.privacy import parse_pseudonym
from loaders.problems import BadValue
from loaders.referrals import read_referral
from loaders.rows import RowReader

HANDED_OVER: Final = "handed_over"
"""What was heard though it is no status: the client was handed over and is being supported."""

HEARD: Final = ("pending", "accepted", HANDED_OVER, *REFERRAL_OUTCOMES.codes, "closed")
"""What may be heard of an open referral."""

_DAYS: Final = ("notified_on", "answered_on", "handed_over_on", "closed_on")
# How a form's row names its agencies: words that are no id (an id holds no space).
_SENDER: Final = "the sender"
_RECEIVER: Final = "the receiver"


def stand_referral(row: Mapping[str, Any]) -> Standing:
    """Return the referral of a row of referral_progress."""
    properties: dict[str, Value] = {name: row[name] for name in ("status", "outcome", "reason")}
    properties |= {name: read_stored_date(row, name) for name in _DAYS}
    record = NodeRecord("Referral", row["referral_id"], properties, Source(FILE))
    return Standing(record, row["content_hash"])


def read_referral_form(
    cells: Cells,
    labels: Labels,
    *,
    opening: str,
    sender_id: str | None,
    receiver_id: str | None,
    earlier: Standing | None = None,
    ground: Ground | None = None,
    is_incoming: bool = False,
) -> Entry:
    """Return a new referral: `client_id`, `referrer`, `receiver`, `notified_on` and the like.

    Its id comes from the form's `opening`, so that a second save is no second referral. The
    `earlier` referral that it continues is passed on by it, on the day of the notice. With it goes
    the record of what the receiver was told, on its `ground`; a client who comes in to a facility
    (`is_incoming`) is told to nobody.
    """
    named = {
        "referral_id": derive_id("referral", opening),
        "referrer": _SENDER if sender_id else None,
        "receiver": _RECEIVER if receiver_id else None,
        "follows": earlier.record.identity if earlier else None,
    }
    row = open_row({**cells, **named}, {**labels, "follows": "follows"})
    row.text("client_id", required=True)
    row.text("receiver", required=True)
    notified = row.date("notified_on", required=True)
    known = know_agencies(((sender_id, _SENDER), (receiver_id, _RECEIVER)))
    records = [_tell_year(record, notified) for record in read_referral(row, known)]
    referral_id = named["referral_id"] or ""
    expected: dict[tuple[str, str], str | None] = {("Referral", referral_id): None}
    if not is_incoming:
        told = _tell_receiver(row, opening, referral_id, receiver_id, ground)
        records += told
        expected |= {(one.kind, one.identity): None for one in told if one.kind == "Provision"}
    if earlier is not None and notified is not None:
        records.append(_pass_on(earlier, row, notified))
        expected[earlier.key] = earlier.content_hash
    return close_entry(row, records, expected, labels)


def read_answer_form(cells: Cells, labels: Labels, standing: Standing) -> Entry:
    """Return what was heard of a referral: `heard` (one of `HEARD`), `day`, `outcome`, `reason`.

    The first thing that is heard, but that it is still pending, is the answer; an outcome ends the
    referral. It is not closed without an outcome, nor before it was sent.
    """
    row = open_row(cells, labels)
    heard, day = row.text("heard", required=True), row.date("day", required=True)
    outcome = row.coded("outcome", REFERRAL_OUTCOMES, required=heard == "closed")
    sent = standing.record.properties["notified_on"]
    if day and isinstance(sent, PartialDate) and day.last < sent.first:
        row.report("day", BadValue("rows.before_notice"))
    properties = _read_heard(standing, str(heard), day, outcome)
    if heard != "pending" or row.is_filled("reason"):
        properties["reason"] = row.prose("reason")
    record = NodeRecord("Referral", standing.record.identity, properties, row.source)
    return close_entry(row, [record], {standing.key: standing.content_hash}, labels)


def _read_heard(
    standing: Standing, heard: str, day: PartialDate | None, outcome: str | None
) -> dict[str, Value]:
    """Return the status and the days that follow from what was heard."""
    before = standing.record.properties
    properties: dict[str, Value] = {"status": "accepted" if heard == HANDED_OVER else heard}
    if heard != "pending" and before["answered_on"] is None:
        properties["answered_on"] = day
    if heard == HANDED_OVER:
        properties["handed_over_on"] = day
    if heard == "closed" or heard in REFERRAL_OUTCOMES.codes:
        properties |= {"closed_on": day, "outcome": outcome if heard == "closed" else heard}
    return properties


def _pass_on(earlier: Standing, row: RowReader, day: PartialDate) -> Record:
    properties = _read_heard(earlier, "referred_on", day, None)
    return NodeRecord("Referral", earlier.record.identity, properties, row.source)


def _tell_receiver(
    row: RowReader,
    opening: str,
    referral: str,
    receiver_id: str | None,
    ground: Ground | None,
) -> list[Record]:
    """Return the record that goes with the referral; with a problem on the row, none."""
    notified = row.date("notified_on")
    if not row.problems:
        report_ground(row, ground, notified.first if notified else None)
    client = row.text("client_id")
    if row.problems or not (client and notified and receiver_id and ground):
        return []
    key = derive_id("provision", opening)
    return list(
        make_provision(
            key, parse_pseudonym(client), receiver_id, ground, purpose=SHOWN_FOR,
            provided_on=notified.first, referral=referral,
        )
    )  # fmt: skip


def _tell_year(record: Record, notified: PartialDate | None) -> Record:
    """Return a referral with the fiscal year (April to March) of its notice."""
    if notified is None or not isinstance(record, NodeRecord) or record.label != "Referral":
        return record
    properties = {**record.properties, "fiscal_year": name_fiscal_year(notified.first)}
    return NodeRecord(record.label, record.key, properties, record.source)
