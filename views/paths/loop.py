"""Closing the loop: which referrals nobody has answered, what became of them, and the forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from graph.analysis.referral_rates import (
    LEAST_FOR_SHARE,
    OPEN,
    REFUSALS,
    USUAL_WAIT,
    Progress,
    Rates,
    count_refusals,
    count_refusals_by_field,
    list_overdue,
    measure_rates,
    read_progress,
)
from graph.store import Row
from graph.vocabulary import FIELDS, REFERRAL_STATUSES
from views.consent import find_override, show_withheld
from views.frame import Context, show_empty
from views.paths.entry import show_answer_form, show_new_referral_form
from views.tables import Markup, draw_chip, draw_share, draw_table

LONGEST_WAIT: Final = 60
_SHOWN: Final = 200
_VIEW: Final = "loop"


def show(context: Context) -> None:
    """Draw what is open, the forms, and the rates."""
    override = find_override(_VIEW)
    asked = override.ask() if override else {}
    rows = context.ask("referral_progress", **context.about(**asked))
    told = [row for row in rows if not row["withheld"]]
    if not rows:
        show_empty(context, "loop.empty")
        _show_forms(context, told)
        return
    counted = _ask_outcomes(context)
    _show_rates(context, measure_rates(counted, context.as_of))
    wait = _show_late(context, counted)
    _show_forms(context, told)
    _show_open(context, told, wait)
    hidden = [row["case_id"] for row in rows if row["withheld"]]
    if hidden:
        st.markdown(context.say("loop.withheld", count=len(hidden)))
    show_withheld(context, _VIEW, list(dict.fromkeys(hidden)), override)
    _show_refusals(context, counted)


def _ask_outcomes(context: Context) -> list[Progress]:
    """Return what became of all referrals, to be counted; the ids are numbers, of no client."""
    rows = context.ask("referral_outcomes", **context.about())
    return [
        read_progress({**row, "referral_id": str(number)}, context.as_of)
        for number, row in enumerate(rows)
    ]


def _show_rates(context: Context, rates: Rates) -> None:
    closed, helped, answered, waiting = st.columns(4)
    closed.metric(
        context.say("loop.closed.title"),
        write_share(context, rates.closed, rates.sent),
        help=context.say("loop.closed.help"),
    )
    closed.caption(context.say("loop.of", part=rates.closed, whole=rates.sent))
    helped.metric(
        context.say("loop.help.title"),
        write_share(context, rates.got_help, rates.closed),
        help=context.say("loop.help.help"),
    )
    helped.caption(context.say("loop.of", part=rates.got_help, whole=rates.closed))
    answered.metric(
        context.say("loop.answer.title"),
        _write_days(context, rates.median_days),
        help=context.say("loop.answer.help"),
    )
    answered.caption(context.say("loop.answer.of", count=rates.responded))
    waiting.metric(
        context.say("loop.waiting.title"),
        context.say("paths.count", count=rates.waiting),
        help=context.say("loop.waiting.help"),
    )
    if rates.longest_wait is not None:
        waiting.caption(context.say("loop.waiting.longest", days=rates.longest_wait))


def write_share(context: Context, part: int, whole: int) -> str:
    """Return a share as a percentage; of few as counts, of none as a dash."""
    if whole == 0:
        return context.say("loop.none")
    if whole < LEAST_FOR_SHARE:
        return context.say("loop.few", part=part, whole=whole)
    return f"{part / whole:.0%}"


def _write_days(context: Context, days: float | None) -> str:
    return context.say("loop.none") if days is None else context.say("paths.days", days=f"{days:g}")


def _show_late(context: Context, referrals: Sequence[Progress]) -> int:
    """Say how many wait too long; return after how many business days that is."""
    words, number = st.columns([3, 1], vertical_alignment="bottom")
    with number:
        wait = st.number_input(
            context.say("loop.wait.title"),
            0,
            LONGEST_WAIT,
            USUAL_WAIT,
            key="wait",
            bind="query-params",
            help=context.say("loop.wait.help"),
        )
    late = list_overdue(referrals, context.as_of, wait)
    with words:
        if late:
            said = context.say("loop.late.words", count=len(late), wait=wait)
            st.warning(said, icon=":material/schedule:")
        else:
            said = context.say("loop.late.none", wait=wait)
            st.success(said, icon=":material/check:")
    return int(wait)


def _show_open(context: Context, rows: Sequence[Row], wait: int) -> None:
    referrals = [read_progress(row, context.as_of) for row in rows]
    late = list_overdue(referrals, context.as_of, wait)
    standing = [(row, one) for row, one in zip(rows, referrals, strict=True) if one.status in OPEN]
    standing.sort(key=lambda pair: -late.get(pair[1].referral_id, -1))
    st.markdown(f"**{context.say('loop.open.title', count=len(standing))}**")
    if standing:
        st.html(_draw_open(context, standing[:_SHOWN], late))
    if len(standing) > _SHOWN:
        st.caption(context.say("loop.shown", limit=_SHOWN))


def _draw_open(
    context: Context, standing: Sequence[tuple[Row, Progress]], late: Mapping[str, int]
) -> str:
    columns = ("waited", "case", "sender", "receiver", "notified", "answered", "status")
    return draw_table(
        [context.say(f"loop.column.{name}") for name in columns],
        [
            (
                _write_wait(context, late.get(one.referral_id)),
                row["case_id"],
                row["sender"],
                row["receiver"] or context.say("loop.no_receiver"),
                context.write_date(row["notified_on"], row["notified_on_precision"]),
                context.write_date(one.answered_on),
                context.label(REFERRAL_STATUSES, one.status),
            )
            for row, one in standing
        ],
        caption=context.say("loop.open.title", count=len(standing)),
        whole=[0, 1, 4, 5, 6],
    )


def _write_wait(context: Context, days: int | None) -> str:
    if days is None:
        return ""
    return Markup(draw_chip(context.say("loop.late.chip", days=days)))


def _show_forms(context: Context, rows: Sequence[Row]) -> None:
    if not context.may("record_clients"):
        return
    # What is recorded is recorded today, whichever day the page looks at.
    answer, new = st.columns(2, gap="large")
    with answer, st.container(border=True):
        st.markdown(f"**{context.say('loop.form.answer')}**")
        show_answer_form(context, rows)
    with new, st.container(border=True):
        st.markdown(f"**{context.say('loop.form.new')}**")
        show_new_referral_form(context, rows)


def _show_refusals(context: Context, referrals: Sequence[Progress]) -> None:
    st.markdown(f"**{context.say('loop.refusals.title')}**")
    refusals = count_refusals(referrals)
    if not refusals:
        st.caption(context.say("loop.refusals.none"))
        return
    by_agency, by_field = st.columns([2, 1], gap="large")
    with by_agency:
        st.html(_draw_by_agency(context, refusals))
    with by_field:
        st.html(_draw_by_field(context, referrals))
    used = {outcome for _, _, outcome, _, _ in refusals}
    st.html(
        draw_table(
            [context.say("loop.column.status"), context.say("loop.next.title")],
            [
                (context.label(REFERRAL_STATUSES, code), context.say(f"loop.next.{code}"))
                for code in REFUSALS
                if code in used
            ],
            caption=context.say("loop.next.title"),
            whole=[0],
        )
    )


def _draw_by_agency(
    context: Context, refusals: Sequence[tuple[str | None, str | None, str, str | None, int]]
) -> str:
    columns = ("agency", "field", "outcome", "reason", "count")
    return draw_table(
        [context.say(f"loop.column.{name}") for name in columns],
        [
            (
                agency or context.say("loop.no_receiver"),
                context.label(FIELDS, field),
                context.label(REFERRAL_STATUSES, outcome),
                reason or "",
                str(count),
            )
            for agency, field, outcome, reason, count in refusals[:_SHOWN]
        ],
        caption=context.say("loop.refusals.title"),
        numbers=[4],
        whole=[1, 2],
    )


def _draw_by_field(context: Context, referrals: Sequence[Progress]) -> str:
    counts = count_refusals_by_field(referrals)
    columns = ("field", "outcome", "count")
    return draw_table(
        [*(context.say(f"loop.column.{name}") for name in columns), ""],
        [
            (
                context.label(FIELDS, field) or context.say("loop.no_field"),
                context.label(REFERRAL_STATUSES, outcome),
                str(count),
                draw_share(count, counts[0][2]),
            )
            for field, outcome, count in counts
        ],
        caption=context.say("loop.refusals.title"),
        numbers=[2],
    )
