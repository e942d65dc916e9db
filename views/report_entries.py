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
from views.record.saving import Opening, open_form, save, show_clash, take_left


@dataclass(frozen=True, slots=True)
class Draft:
    """What a writer has not kept yet, and the row it was begun on; None where none stood."""

    written: Assessment
    begun_on: Row | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What the page was opened on: targets by measure, assessments by number of the indicator.

    `drafts` are the session's own, by number. They outlive the page, and each is held against what
    it was begun on, so that what a colleague kept meanwhile is met as a clash.
    """

    period: Period
    opening: Opening
    targets: Mapping[str, Row]
    assessments: Mapping[str, Row]
    drafts: dict[str, Draft]

    def find(self, number: str) -> Assessment:
        """Return what was written last of an indicator; nothing when nothing was."""
        row = self.assessments.get(number)
        return Assessment(row["mark"], row["text"] or "") if row else Assessment()

    def begin(self, number: str) -> Assessment:
        """Return what the form of an indicator begins with: a draft, else what stands."""
        draft = self.drafts.get(number)
        return draft.written if draft else self.find(number)

    def draw_up(self, number: str, written: Assessment) -> None:
        """Keep for the session what was written, unless it is what stands."""
        if written == self.find(number):
            self.drafts.pop(number, None)
            return
        draft = self.drafts.get(number)
        begun_on = draft.begun_on if draft else self.assessments.get(number)
        self.drafts[number] = Draft(written, begun_on)

    def list_begun(self) -> dict[str, Row]:
        """Return by number the rows that what is written was begun on."""
        begun = {number: draft.begun_on for number, draft in self.drafts.items()}
        return {number: row for number, row in {**self.assessments, **begun}.items() if row}

    def is_earlier(self, number: str) -> bool:
        """Say whether what was written last belongs to the report of another period."""
        row = self.assessments.get(number)
        days = (self.period.since, self.period.until)
        return row is not None and (row["since"], row["until"]) != days


def open_kept(context: Context, period: Period) -> Kept:
    """Return what the facility has written for the report up to the end of the period."""
    name = f"report {context.facility_id} {period.since} {period.until}"
    opening = open_form(
        name,
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
    drafts: dict[str, Draft] = st.session_state.setdefault(f"_report_drafts {name}", {})
    left = take_left(name)
    for one in assessments:
        if one["assessment_id"] in left:
            drafts.pop(one["indicator"], None)
    return Kept(
        period,
        opening,
        {one["measure"]: one for one in targets},
        {one["indicator"]: one for one in assessments},
        drafts,
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
    begun = kept.list_begun()
    entry = keep_assessments(context.facility_id or "", kept.period, unkept, begun)
    standing = [stand_assessment(row) for row in begun.values()]
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
