"""How one agency is getting on, told from its dated events: levels with their trend, handovers.

Indicators 0103 (agreement and anxiety) and 0104 (support survives a change of contact person) of
FACTS A. All functions are pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

Row = Mapping[str, Any]
Trend = Literal["up", "down", "same"]

SETBACKS: Final = ("support_ended", "declined")
"""The kinds of event by which support falls back."""


@dataclass(frozen=True, slots=True)
class Fact:
    """An event as evidence: what, when (first possible day), how large, and where it was read."""

    event_id: str
    kind: str
    on: date
    precision: str
    value: float | None = None
    source_file: str | None = None
    source_row: int | None = None


@dataclass(frozen=True, slots=True)
class Handover:
    """A change of contact person and the first event by which support fell back since."""

    change: Fact
    setback: Fact | None


@dataclass(frozen=True, slots=True)
class Progress:
    """The levels told by an agency and its handovers, oldest first; `facts` are all its events."""

    facts: tuple[Fact, ...] = ()
    agreement: tuple[Fact, ...] = ()
    anxiety: tuple[Fact, ...] = ()
    handovers: tuple[Handover, ...] = ()


def read_progress(events: Iterable[Row]) -> Progress:
    """Return the progress of the events of a row of partner_evidence; none give an empty one."""
    facts = tuple(_read_fact(event) for event in events)
    return Progress(
        facts,
        _select_levels(facts, "agreement"),
        _select_levels(facts, "anxiety"),
        tuple(
            Handover(change, _find_setback(facts, change))
            for change in facts
            if change.kind == "contact_changed"
        ),
    )


def find_trend(levels: Sequence[Fact]) -> Trend | None:
    """Return where the last level went from the one before; None with fewer than two."""
    if len(levels) < 2:
        return None
    before, after = (each.value or 0.0 for each in levels[-2:])
    if after == before:
        return "same"
    return "up" if after > before else "down"


def _select_levels(facts: Sequence[Fact], kind: str) -> tuple[Fact, ...]:
    return tuple(each for each in facts if each.kind == kind and each.value is not None)


def _find_setback(facts: Sequence[Fact], change: Fact) -> Fact | None:
    return next((each for each in facts if each.kind in SETBACKS and each.on >= change.on), None)


def _read_fact(event: Row) -> Fact:
    return Fact(
        event["event_id"],
        event["kind"],
        event["on"],
        event["precision"],
        event["value"],
        event["source_file"],
        event["source_row"],
    )
