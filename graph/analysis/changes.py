"""What changed in an ecomap between two days: a pure comparison of two answers.

Each code is the badge of a card in the picture, and has words (`ecomap.change.…`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

Row = Mapping[str, Any]

LADDER: Final = ("declined", "known", "listed", "explained", "supporting")
"""Stages from the farthest to the nearest; a step to the right is a step up."""

_TIE: Final = ("strength", "quality", "flow")


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one agency; `before` and `after` are codes (a stage, a strength …) or None."""

    code: str
    organization_id: str
    name: str
    before: str | None = None
    after: str | None = None


def compare_ecomaps(
    before: tuple[Sequence[Row], Sequence[Row]],
    after: tuple[Sequence[Row], Sequence[Row]],
    since: date,
    facility_id: str,
) -> list[Change]:
    """Return what changed from one ecomap to a later one, by agency in the later one's order.

    Each ecomap is the rows of `ecomap_agencies` and of `ecomap_ties`; `since` is the day of the
    earlier one. Agencies that are gone come last. Two equal ecomaps give [].
    """
    old = {row["organization_id"]: row for row in before[0]}
    new = {row["organization_id"]: row for row in after[0]}
    old_ties, new_ties = _by_agency(before[1], facility_id), _by_agency(after[1], facility_id)
    changes: list[Change] = []
    for key, row in new.items():
        if key not in old:
            changes.append(Change("added", key, row["name"], after=row["stage"]))
            continue
        changes += _compare_agency(old[key], row, since)
        changes += _compare_tie(row, old_ties.get(key), new_ties.get(key))
    changes += [Change("gone", key, row["name"]) for key, row in old.items() if key not in new]
    return changes


def join_codes(changes: Iterable[Change]) -> dict[str, str]:
    """Return organization id → its change codes joined by "+", each once, in order."""
    codes: dict[str, dict[str, None]] = {}
    for change in changes:
        codes.setdefault(change.organization_id, {})[change.code] = None
    return {key: "+".join(found) for key, found in codes.items()}


def _compare_agency(old: Row, new: Row, since: date) -> Iterator[Change]:
    key, name = new["organization_id"], new["name"]
    if old["stage"] != new["stage"]:
        up = LADDER.index(new["stage"]) > LADDER.index(old["stage"])
        yield Change("stage_up" if up else "stage_down", key, name, old["stage"], new["stage"])
    if new["contact_changed_on"] is not None and new["contact_changed_on"] > since:
        yield Change("contact_changed", key, name)
    if old["anxiety"] is not None and new["anxiety"] is not None:
        if new["anxiety"] > old["anxiety"]:
            yield Change("anxiety_up", key, name, f"{old['anxiety']:g}", f"{new['anxiety']:g}")
        if new["anxiety"] < old["anxiety"]:
            yield Change("anxiety_down", key, name, f"{old['anxiety']:g}", f"{new['anxiety']:g}")


def _compare_tie(row: Row, old: Row | None, new: Row | None) -> Iterator[Change]:
    """Yield a change of the tie with the facility; flow alone counts too."""
    if [old and old[name] for name in _TIE] == [new and new[name] for name in _TIE]:
        return
    yield Change("tie_changed", row["organization_id"], row["name"], _describe(old), _describe(new))


def _describe(tie: Row | None) -> str | None:
    """Return the code a tie is spoken of by: its quality when not good, else its strength."""
    if tie is None:
        return None
    return str(tie["quality"] if tie["quality"] != "good" else tie["strength"])


def _by_agency(ties: Sequence[Row], facility_id: str) -> dict[str, Row]:
    """Return agency → its first tie with the facility."""
    found: dict[str, Row] = {}
    for tie in ties:
        ends = {tie["source_id"], tie["target_id"]}
        if facility_id in ends:
            for key in ends - {facility_id}:
                found.setdefault(key, tie)
    return found
