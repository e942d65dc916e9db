"""What a writer says in the progress report becomes records: targets, marks and words, dated.

A target counts from the day it was set, until a later one of the same measure. Marks and words
belong to the period of a report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from graph.analysis.indicators import Goal, Period
from graph.dates import PartialDate, read_stored_date
from graph.records import NodeRecord, Record, RelationshipRecord, Source, Value, derive_id
from loaders.forms import FILE, Entry, Standing

Row = Mapping[str, Any]

_SOURCE: Final = Source(FILE)


@dataclass(frozen=True, slots=True)
class Assessment:
    """A mark, None for the proposed one, and the writer's words."""

    mark: int | None = None
    text: str = ""


def stand_target(row: Row) -> Standing:
    """Return a target of a row of report_entries."""
    properties: dict[str, Value] = {
        **{name: row[name] for name in ("measure", "goal", "baseline", "words", "words_en")},
        "set_on": _write_day(row["set_on"]),
        "due_on": read_stored_date(row, "due_on"),
    }
    return Standing(
        NodeRecord("Target", row["target_id"], properties, _SOURCE), row["content_hash"]
    )


def stand_assessment(row: Row) -> Standing:
    """Return an assessment of a row of report_entries."""
    properties: dict[str, Value] = {
        **{name: row[name] for name in ("indicator", "mark", "text")},
        "since": _write_day(row["since"]),
        "until": _write_day(row["until"]),
    }
    return Standing(
        NodeRecord("Assessment", row["assessment_id"], properties, _SOURCE), row["content_hash"]
    )


def keep_targets(
    facility_id: str, set_on: date, goals: Mapping[str, Goal], standing: Mapping[str, Row]
) -> Entry:
    """Return the goals, by measure, as targets of the facility from the day `set_on`.

    `standing` are the targets as they were read, by measure; one of the same day is changed and
    expected to stand as it was read.
    """
    records: list[Record] = []
    for measure, goal in goals.items():
        properties: dict[str, Value] = {
            "measure": measure,
            "set_on": _write_day(set_on),
            "goal": goal.goal,
            "baseline": goal.baseline,
            "due_on": goal.due,
            "words": goal.words.get("ja"),
            "words_en": goal.words.get("en"),
        }
        key = derive_id("target", facility_id, measure, set_on)
        records.append(NodeRecord("Target", key, properties, _SOURCE))
    hashes = {row["target_id"]: row["content_hash"] for row in standing.values()}
    return _close(records, facility_id, hashes)


def keep_assessments(
    facility_id: str,
    period: Period,
    written: Mapping[str, Assessment],
    standing: Mapping[str, Row],
) -> Entry:
    """Return what was written of each indicator, by number, for the report of the period.

    `standing` is what was read, by number; what belongs to the same period is changed and expected
    to stand as it was read.
    """
    records: list[Record] = []
    for indicator, one in written.items():
        properties: dict[str, Value] = {
            "indicator": indicator,
            "since": _write_day(period.since),
            "until": _write_day(period.until),
            "mark": one.mark,
            "text": one.text or None,
        }
        key = derive_id("assessment", facility_id, indicator, period.since, period.until)
        records.append(NodeRecord("Assessment", key, properties, _SOURCE))
    hashes = {row["assessment_id"]: row["content_hash"] for row in standing.values()}
    return _close(records, facility_id, hashes)


def _close(records: list[Record], facility_id: str, hashes: Mapping[str, str | None]) -> Entry:
    owner = ("Organization", facility_id)
    links = [
        RelationshipRecord("OF", (record.kind, record.identity), owner, {}, _SOURCE)
        for record in records
    ]
    expected = {(each.kind, each.identity): hashes.get(each.identity) for each in records}
    return Entry((*records, *links), expected)


def _write_day(day: date) -> PartialDate:
    return PartialDate(day, "day", day.isoformat())
