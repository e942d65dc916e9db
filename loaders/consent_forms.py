"""Forms of consent: a new one for several agencies, its withdrawal, and what an agency was told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from graph.records import NodeRecord, Record, RelationshipRecord, Source, derive_id
from graph.vocabulary import PROVISION_ITEMS, PURPOSES
from loaders.consents import read_consent, read_day
from loaders.directory import Directory, KnownOrganization
from loaders.forms import FILE, Cells, Entry, Labels, Standing, open_row
from loaders.privacy import parse_pseudonym
from loaders.problems import BadValue
from loaders.rows import RowReader

# How a form's row names its agency: words that are no id (an id holds no space).
_AGENCY: Final = "the agency"


@dataclass(frozen=True, slots=True)
class Ground:
    """Why an agency may be told of a client: a consent with its first day, or else a reason.

    `items` are codes of what is told.
    """

    items: tuple[str, ...]
    consent_id: str | None = None
    since: date | None = None
    reason: str | None = None
    recorded_by: str | None = None


def read_consent_form(
    cells: Cells, labels: Labels, *, opening: str, organization_ids: Sequence[str]
) -> Entry:
    """Return a consent for each agency: `client_id`, `purpose`, `since`, `until`, `manner`.

    Their ids come from the form's `opening`, so that a second save brings nothing new.
    """
    records: dict[tuple[str, str], Record] = {}
    for organization in organization_ids or ("",):
        consent = derive_id("consent", opening, organization)
        named = {"organization": _AGENCY if organization else "", "consent_id": consent}
        row = open_row({**cells, **named}, labels)
        known = Directory([KnownOrganization(organization, _AGENCY)] if organization else [])
        read = list(read_consent(row, known))
        if row.problems:
            return Entry(problems=tuple(row.problems))
        records |= {(record.kind, record.identity): record for record in read}
    return Entry(tuple(records.values()), {key: None for key in records if key[0] == "Consent"})


def withdraw_consents(rows: Iterable[Mapping[str, Any]], day: date) -> tuple[Entry, list[Standing]]:
    """Return that the consents of these rows of `consents` were taken back on `day`, and they.

    One that was taken back before is left as it is. Who gave a consent is said again, so that it
    goes on record whose was taken back.
    """
    given = [row for row in rows if row["withdrawn_on"] is None]
    standing = [Standing(_stand(row, None), row["content_hash"]) for row in given]
    withdrawn = [_stand(row, day) for row in given]
    grants = [
        RelationshipRecord(
            "GRANTS", ("Client", row["case_id"]), ("Consent", record.key), {}, Source(FILE)
        )
        for row, record in zip(given, withdrawn, strict=True)
    ]
    expected = {one.key: one.content_hash for one in standing}
    return Entry((*withdrawn, *grants), expected), standing


def _stand(row: Mapping[str, Any], withdrawn_on: date | None) -> NodeRecord:
    names = ("purpose", "since", "until", "manner")
    properties = {name: row[name] for name in names} | {"withdrawn_on": withdrawn_on}
    return NodeRecord("Consent", row["consent_id"], properties, Source(FILE))


def read_provision_form(
    cells: Cells,
    labels: Labels,
    *,
    opening: str,
    organization_id: str | None,
    ground: Ground | None,
) -> Entry:
    """Return the record that an agency was told: `client_id`, `purpose`, `provided_on`."""
    row = open_row({**cells, "receiver": _AGENCY if organization_id else ""}, labels)
    row.text("client_id", required=True)
    client = row.parse("client_id", parse_pseudonym)
    row.text("receiver", required=True)
    purpose = row.coded("purpose", PURPOSES, required=True)
    day = read_day(row, "notified_on", required=True)
    report_ground(row, ground, day)
    if row.problems or not (client and organization_id and purpose and day and ground):
        return Entry(problems=tuple(row.problems))
    key = derive_id("provision", opening)
    records = make_provision(key, client, organization_id, ground, purpose=purpose, provided_on=day)
    return Entry(tuple(records), {("Provision", key): None})


def make_provision(
    key: str,
    client: str,
    organization: str,
    ground: Ground,
    *,
    purpose: str,
    provided_on: date,
    referral: str | None = None,
) -> Iterator[Record]:
    """Yield the record that an agency was told of a client, with what it rests on."""
    source, here = Source(FILE), ("Provision", key)
    yield NodeRecord(
        "Provision",
        key,
        {
            "provided_on": provided_on,
            "purpose": purpose,
            "items": " ".join(code for code in PROVISION_ITEMS.codes if code in ground.items),
            "basis": "consent" if ground.consent_id else "override",
            "reason": None if ground.consent_id else ground.reason,
            "recorded_by": ground.recorded_by,
        },
        source,
    )
    yield RelationshipRecord("TOLD", here, ("Organization", organization), {}, source)
    yield RelationshipRecord("ABOUT", here, ("Client", client), {}, source)
    if ground.consent_id:
        yield RelationshipRecord("RESTS_ON", here, ("Consent", ground.consent_id), {}, source)
    if referral:
        yield RelationshipRecord("ACCOMPANIES", here, ("Referral", referral), {}, source)


def report_ground(row: RowReader, ground: Ground | None, provided_on: date | None) -> None:
    """Report on the row that nothing was told, that there is no ground, or none yet on the day."""
    if ground is None or not (ground.consent_id or (ground.reason or "").strip()):
        row.report("receiver", BadValue("rows.no_consent"))
    elif not ground.items:
        row.report("items", BadValue("rows.required"))
    elif ground.since and provided_on and provided_on < ground.since:
        row.report("notified_on", BadValue("rows.before_consent"))
