"""Rows of the sheet 紹介: one client sent from one agency to another, as a source table says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from graph.dates import PartialDate
from graph.records import NodeRecord, Record, RelationshipRecord, Value, derive_id
from graph.vocabulary import REFERRAL_OUTCOMES, REFERRAL_STATUSES, SUPPORTS
from loaders.dates import parse_fiscal_year
from loaders.directory import Directory
from loaders.places.gazetteer import locate_place
from loaders.privacy import parse_pseudonym
from loaders.problems import BadValue
from loaders.references import resolve_organization
from loaders.rows import RowReader, parse_term

_PLACES: Final = (
    ("former_area", "FROM_AREA", "former_area_text"),
    ("desired_area", "DESIRES", "desired_area_text"),
    ("destination", "SETTLES_IN", "destination_text"),
)
_ANSWER_DAYS: Final = ("answered_on", "handed_over_on", "closed_on")
_AFTER_NOTICE: Final = ("first_interview_on", *_ANSWER_DAYS)


def read_referral(row: RowReader, directory: Directory) -> Iterator[Record]:
    """Yield the referral, its client, sender, receiver, needs and places.

    A referral without an id is one of its fiscal year, number, client, sender and receiver. A
    client without a pseudonym is called by fiscal year and number.
    """
    sender = resolve_organization(row, "referrer", directory)
    receiver = (
        resolve_organization(row, "receiver", directory) if row.is_filled("receiver") else None
    )
    year, number = row.parse("fiscal_year", parse_fiscal_year), row.integer("number")
    client = row.parse("client_id", parse_pseudonym)
    if client is None and year and number:
        client = f"{year}-{number:02d}"
    if client is None and not row.is_filled("client_id"):
        row.report("client_id", BadValue("rows.client_unknown"))
    if sender is not None and sender == receiver:
        row.report("receiver", BadValue("rows.referral_to_itself"))
    properties = _read_properties(row, year)
    _require_order(row, properties)
    if sender is None or client is None:
        return
    key = row.text("referral_id") or derive_id("referral", year, number, client, sender, receiver)
    here = ("Referral", key)
    yield NodeRecord("Referral", key, {"number": number} | properties, row.source)
    yield NodeRecord("Client", client, {}, row.source)
    yield RelationshipRecord("FOR", here, ("Client", client), {}, row.source)
    yield RelationshipRecord("SENT", ("Organization", sender), here, {}, row.source)
    if receiver:
        yield RelationshipRecord("RECEIVED_BY", here, ("Organization", receiver), {}, row.source)
    if earlier := row.text("follows"):
        yield RelationshipRecord("FOLLOWS", here, ("Referral", earlier), {}, row.source)
    for support in row.each("needs", lambda words: parse_term(words, SUPPORTS)):
        yield RelationshipRecord("NEEDS", here, ("Support", support), {}, row.source)
    yield from _read_places(row, here)


def _read_properties(row: RowReader, year: int | None) -> dict[str, Value]:
    properties: dict[str, Value] = {
        "fiscal_year": year,
        "notified_on": row.date("notified_on", fiscal_year=year),
        "released_on": row.date("released_on", fiscal_year=year),
        "first_interview_on": row.date("first_interview_on", fiscal_year=year),
        "status": row.coded("status", REFERRAL_STATUSES) or "not_updated",
        "reason": row.prose("reason"),
        "course": row.prose("course"),
    }
    places = {text: row.raw(column) or None for column, _, text in _PLACES}
    return properties | places | _read_answer(row, year)


def _require_order(row: RowReader, properties: Mapping[str, Value]) -> None:
    """Report each day that surely lies before the notice, and an end before the answer."""
    pairs = [("notified_on", column) for column in _AFTER_NOTICE]
    for before, after in [*pairs, ("answered_on", "closed_on")]:
        first, second = properties.get(before), properties.get(after)
        if not isinstance(first, PartialDate) or not isinstance(second, PartialDate):
            continue
        if second.last < first.first:
            code = "before_notice" if before == "notified_on" else "dates_reversed"
            row.report(after, BadValue(f"rows.{code}"))


def _read_answer(row: RowReader, year: int | None) -> dict[str, Value]:
    """Return what a sheet says of the answer; one without these columns empties nothing of it."""
    answer: dict[str, Value] = {
        day: row.date(day, fiscal_year=year) for day in _ANSWER_DAYS if row.has(day)
    }
    if row.has("outcome"):
        answer["outcome"] = row.coded("outcome", REFERRAL_OUTCOMES)
    return answer


def _read_places(row: RowReader, here: tuple[str, str]) -> Iterator[Record]:
    """Yield the places as far as the words say; unknown and ambiguous ones stay as words only."""
    for column, kind, _ in _PLACES:
        words = row.raw(column)
        mention = locate_place(words) if words else None
        for area in mention.areas if mention else ():
            properties = {"certainty": mention.certainty, "as_written": words} if mention else {}
            yield RelationshipRecord(kind, here, ("Area", area), properties, row.source)
