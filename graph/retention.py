"""What is kept how long: one table, with the settings that change it.

Nothing about a client is deleted by a clock: how long a case is kept is decided case by case, and
a person erases it (`tsunagi erase client`). What only serves to look back — the history of undo,
backups — ends by itself. The years are a proposal to be checked against the organisation's rules.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from graph.backup.daily import SWITCH
from graph.backup.rotation import DAILY, MONTHLY, WEEKLY
from graph.history import KEPT_DAYS, KEPT_DAYS_NAME, read_kept_days

How = Literal["by_person", "by_itself", "for_good"]
"""Erased by a person; ends by itself; kept for good."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How long one kind of thing is kept.

    `kind` is a word of the catalogue (`upkeep.keep.…`). `days` is None where no number of days is
    kept, `setting` the environment variable that changes how long, None where none does.
    """

    kind: str
    how: How
    days: int | None = None
    setting: str | None = None


RULES: Final = (
    Rule("clients", "by_person"),
    Rule("events", "by_person"),
    Rule("provisions", "by_person"),
    Rule("agencies", "for_good"),
    Rule("loads", "for_good"),
    Rule("history", "by_itself", KEPT_DAYS, KEPT_DAYS_NAME),
    Rule("audit", "for_good"),
    Rule("backups", "by_itself", None, SWITCH),
)
BACKUPS_KEPT: Final = (DAILY, WEEKLY, MONTHLY)
"""How many daily, weekly and monthly backups are kept."""


def read_days(rule: Rule, environment: Mapping[str, str] = os.environ) -> int | None:
    """Return the days that count, those of the environment where it says them; None for none."""
    return read_kept_days(environment) if rule.setting == KEPT_DAYS_NAME else rule.days
