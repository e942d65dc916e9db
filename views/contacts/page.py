"""The page 次に連絡する先: whom to contact next, ranked, each with all of its reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import streamlit as st

from graph.store import Row
from graph.vocabulary import FIELDS, STAGES
from views.contacts.candidates import show_candidates
from views.contacts.plan import show_plan
from views.contacts.tasks import show_tasks
from views.frame import Context, read_choice, show_empty, write_choice
from views.gaps.coverage_table import SIGNS
from views.gaps.page import read_partners
from views.tables import draw_phone

# The weights of next_contacts, read backwards: what one referral and one quarter add, and the
# most that each part can be.
DEMAND_EACH: Final = 0.5
SILENT_EACH: Final = 0.25
CALM: Final = 2.0  # an anxiety level above it counts
_MOST: Final = MappingProxyType(
    {
        "not_told": 3.0,
        "fills_gap": 2.0,
        "demand": 2.0,
        "anxious": 2.0,
        "contact_changed": 1.5,
        "silent": 1.5,
    }
)
PARTS: Final = tuple(_MOST)

_STYLE: Final = Path(__file__).parent / "page.css"
_SIZES: Final = ("5", "10", "20", "all")
_FIRST_SIZE: Final = "10"
_EVERYBODY: Final = 10_000  # more than any list holds: the page itself shows the first k

# An agency of an earlier list that the latest one left out: its last contact to the month at best.
_OLD_LIST: Final = MappingProxyType(
    {"expected_support": None, "last_contact_precision": "month", "anxiety": None}
)

Partner = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reason:
    """One part of a score: its name, its points, and its sentence's key and values."""

    part: str
    points: float
    key: str
    values: Mapping[str, object]


def show(context: Context) -> None:
    """Draw the page."""
    if context.facility_id is None:
        show_empty(context, "contacts.empty")
        return
    partners = read_partners(context)
    if not partners:
        st.info(context.say("contacts.too_early"), icon=":material/event:")
        return
    st.html(_STYLE)
    rows = context.ask("next_contacts", **context.about(limit=_EVERYBODY))
    left, right = st.columns([3, 1], gap="large")
    with left:
        show_tasks(context, rows)
        _show_ranking(context, rows, partners)
        show_plan(context, rows)
        show_candidates(context)
    with right:
        _show_thin_data(context, find_thin_data(rows, partners))
        _show_resting(context, [row for row in partners if row["stage"] == "declined"])
        _show_rules(context)


def rank(scores: Sequence[float]) -> list[int]:
    """Return the ranks of falling `scores`; equal scores share one: 5, 5, 3 → 1, 1, 3."""
    return [scores.index(score) + 1 for score in scores]


def explain(row: Row, anxiety: float | None) -> list[Reason]:
    """Return the parts of a score that count, the largest first; their points sum to the score.

    `anxiety` is the agency's latest level, which tells an anxious agency from a stressful tie.
    """
    reasons = [_explain_part(part, row[part], anxiety) for part in PARTS if row[part] > 0]
    return sorted(reasons, key=lambda reason: -reason.points)


def _explain_part(part: str, points: float, anxiety: float | None) -> Reason:
    values: dict[str, object] = {}
    if part == "demand":
        values = {"count": round(points / DEMAND_EACH)}
    if part == "silent":
        values = {"months": 3 * round(points / SILENT_EACH)}
    wording = "most" if points >= _MOST[part] else "some"
    if part == "anxious" and wording == "some":
        wording = "level" if anxiety is not None and anxiety > CALM else "tie"
    return Reason(part, points, f"contacts.reason.{part}.{wording}", values)


def find_thin_data(rows: Sequence[Row], partners: Sequence[Partner]) -> list[str]:
    """Return what is too thin for the ranking to lean on, as names of texts; [] for nothing."""
    asked = any(row["agreement"] is not None or row["anxiety"] is not None for row in partners)
    tied = len(rows) > 1 and rows[0]["score"] == rows[-1]["score"]
    checks = (
        ("same_score", tied),
        ("no_referrals", not any(row["demand"] for row in rows)),
        ("no_feelings", not asked),
        ("no_contacts", not any(row["last_contact_on"] for row in partners)),
        ("no_introducers", not any(row["introducers"] for row in rows)),
        ("no_phones", not any(row["phone"] for row in partners)),
    )
    return [name for name, thin in checks if thin]


def _show_ranking(context: Context, rows: Sequence[Row], partners: Sequence[Partner]) -> None:
    bar = st.columns(2, vertical_alignment="bottom")
    bar[0].subheader(context.say("contacts.title"))
    with bar[1]:
        size = _choose_size(context)
    if not rows:
        st.success(context.say("contacts.nobody"))
        return
    shown = len(rows) if size == "all" else min(int(size), len(rows))
    st.caption(context.say("contacts.shown", total=len(partners), count=len(rows), shown=shown))
    known = {row["organization_id"]: row for row in partners}
    longest = rows[0]["score"]
    scores = [row["score"] for row in rows]
    cards = "".join(
        _write_card(
            context,
            _write_place(context, place, shared=scores.count(row["score"]) > 1),
            row,
            known.get(row["organization_id"], _OLD_LIST),
            longest,
        )
        for place, row in zip(rank(scores), rows[:shown], strict=False)
    )
    st.html(f'<ol class="contacts">{cards}</ol>')


def _choose_size(context: Context) -> str:
    chosen = st.segmented_control(
        context.say("contacts.size"),
        _SIZES,
        default=read_choice("contacts_size", _SIZES, _FIRST_SIZE),
        format_func=lambda size: context.say(f"contacts.size_{size}"),
        key="contacts_size",
    )
    size = chosen or _FIRST_SIZE
    write_choice("contacts_size", size, _FIRST_SIZE)
    return size


def _write_place(context: Context, place: int, *, shared: bool) -> str:
    label = context.say("contacts.place_shared" if shared else "contacts.place")
    return f'<div class="place"><small>{escape(label)}</small>{place}</div>'


def _write_card(context: Context, place: str, row: Row, partner: Partner, longest: float) -> str:
    reasons = explain(row, partner["anxiety"])
    field = context.label(FIELDS, row["field"]) or context.say("contacts.no_field")
    stage = f"{SIGNS[row['stage']]} {context.label(STAGES, row['stage'])}"
    return (
        f'<li>{place}<div class="who"><h4>{escape(row["name"])}</h4>'
        f'<p class="sub">{escape(context.set_beside((field, stage)))}</p>'
        f"{_write_facts(context, row, partner)}</div>"
        f'<div class="why">{_write_bar(context, reasons, row["score"], longest)}'
        f"{_write_reasons(context, reasons, row)}</div></li>"
    )


def _write_bar(context: Context, reasons: Sequence[Reason], score: float, longest: float) -> str:
    segments = "".join(
        f'<span class="{reason.part}" style="width:{100 * reason.points / longest:.2f}%">'
        f"{reason.points:g}</span>"
        for reason in reasons
    )
    label = escape(context.say("contacts.score", score=f"{score:g}"))
    bar = f'<div class="bar" aria-hidden="true">{segments}</div>'
    return f'<div class="score"><b>{label}</b>{bar}</div>'


def _write_reasons(context: Context, reasons: Sequence[Reason], row: Row) -> str:
    field = context.label(FIELDS, row["field"])
    items = "".join(
        f'<li><span class="{reason.part}">+{reason.points:g}</span>'
        f"{escape(context.say(reason.key, field=field, **reason.values))}</li>"
        for reason in reasons
    )
    return f"<ul>{items}</ul>"


def _write_facts(context: Context, row: Row, partner: Partner) -> str:
    comma = context.say("contacts.comma")
    last = context.write_date(row["last_contact_on"], partner["last_contact_precision"])
    facts = (
        ("expected", escape(partner["expected_support"] or "")),
        ("introducers", escape(comma.join(row["introducers"]))),
        ("last_contact", escape(last)),
        ("phone", draw_phone(row["phone"])),
    )
    items = "".join(_write_fact(context, name, text) for name, text in facts)
    return f"<dl>{items}</dl>"


def _write_fact(context: Context, name: str, text: str) -> str:
    label = escape(context.say(f"contacts.fact.{name}"))
    told = text or escape(context.say(f"contacts.fact.no_{name}"))
    return f'<dt>{label}</dt><dd class="{name}">{told}</dd>'


def _show_thin_data(context: Context, thin: Sequence[str]) -> None:
    if not thin:
        return
    st.subheader(context.say("contacts.thin.title"))
    items = "".join(f"<li>{escape(context.say(f'contacts.thin.{name}'))}</li>" for name in thin)
    st.html(f'<ul class="contacts-thin">{items}</ul>')


def _show_resting(context: Context, resting: Sequence[Partner]) -> None:
    if not resting:
        return
    st.subheader(context.say("contacts.resting.title"))
    st.caption(context.say("contacts.resting.about"))
    items = "".join(
        f"<li><b>{escape(row['name'])}</b><small>{escape(_write_rest(context, row))}</small></li>"
        for row in resting
    )
    st.html(f'<ul class="contacts-resting">{items}</ul>')


def _write_rest(context: Context, row: Partner) -> str:
    since = context.write_date(row["stage_since"], row["stage_since_precision"])
    until = context.write_date(row["rests_until"], row["rests_until_precision"])
    key = "contacts.resting.until" if until else "contacts.resting.open"
    return context.say(key, since=since, until=until)


def _show_rules(context: Context) -> None:
    with st.expander(context.say("contacts.rules.title")):
        st.markdown(context.say("contacts.rules.text"))
