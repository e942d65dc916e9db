"""What the writer of a report keeps in the graph: targets, marks and words of a period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import streamlit as st

from graph.analysis.indicators import Goal, Period
from graph.store import Row
from loaders.report_entries import (
    Assessment,
    keep_assessments,
    keep_targets,
    stand_assessment,
    stand_target,
)
from views.frame import Context
from views.record.saving import Opening, open_form, save, show_clash


@dataclass(frozen=True, slots=True)
class Kept:
    """What the page was opened on: targets by measure, assessments by number of the indicator."""

    period: Period
    opening: Opening
    targets: Mapping[str, Row]
    assessments: Mapping[str, Row]

    def find(self, number: str) -> Assessment:
        """Return what was written last of an indicator; nothing when nothing was."""
        row = self.assessments.get(number)
        return Assessment(row["mark"], row["text"] or "") if row else Assessment()

    def is_earlier(self, number: str) -> bool:
        """Say whether what was written last belongs to the report of another period."""
        row = self.assessments.get(number)
        days = (self.period.since, self.period.until)
        return row is not None and (row["since"], row["until"]) != days


def open_kept(context: Context, period: Period) -> Kept:
    """Return what the facility has written for the report up to the end of the period."""
    opening = open_form(
        f"report {context.facility_id} {period.since} {period.until}",
        lambda: context.ask(
            "report_entries",
            facility_id=context.facility_id,
            since=period.since,
            as_of=period.until,
        ),
    )
    show_clash(context, opening)
    targets = [one for row in opening.rows for one in row["targets"]]
    assessments = [one for row in opening.rows for one in row["assessments"]]
    return Kept(
        period,
        opening,
        {one["measure"]: one for one in targets},
        {one["indicator"]: one for one in assessments},
    )


def find_unkept(kept: Kept, written: Mapping[str, Assessment]) -> dict[str, Assessment]:
    """Return what is written and does not stand so for this period yet."""
    return {
        number: one
        for number, one in written.items()
        if one != kept.find(number) or (kept.is_earlier(number) and one != Assessment())
    }


def offer_to_keep(context: Context, kept: Kept, written: Mapping[str, Assessment]) -> None:
    """Draw the button that keeps marks and words for the period."""
    unkept = find_unkept(kept, written)
    label = context.say("report.kept.save", count=len(unkept))
    key = kept.opening.key("save")
    if not st.button(label, type="primary", disabled=not unkept, key=key):
        return
    entry = keep_assessments(context.facility_id or "", kept.period, unkept, kept.assessments)
    standing = [stand_assessment(row) for row in kept.assessments.values()]
    titles = {
        record.identity: number for number, record in zip(unkept, entry.records, strict=False)
    }
    save(context, kept.opening, entry, standing, parts=True, titles=titles)


def offer_to_set(
    context: Context, kept: Kept, goals: Mapping[str, Goal], edited: Mapping[str, Goal]
) -> None:
    """Draw the button that sets the targets that were edited, from the last day of the period."""
    changed = {code: goal for code, goal in edited.items() if goal != goals[code]}
    label = context.say("report.kept.set", count=len(changed))
    if not st.button(label, disabled=not changed, key=kept.opening.key("set")):
        return
    set_on = min(kept.period.until, date.today())
    entry = keep_targets(context.facility_id or "", set_on, changed, kept.targets)
    titles = {
        record.identity: context.say(f"report.measure.{code}")
        for code, record in zip(changed, entry.records, strict=False)
    }
    standing = [stand_target(row) for row in kept.targets.values()]
    save(context, kept.opening, entry, standing, parts=True, titles=titles)


def show_earlier(context: Context, kept: Kept, number: str) -> None:
    """Say of which report the words are, when they were kept for another period."""
    if not kept.is_earlier(number):
        return
    until = context.write_date(kept.assessments[number]["until"], "day")
    st.caption(context.say("report.kept.earlier", until=until))
