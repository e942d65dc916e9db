"""Which backups are kept: seven days, five weeks, twelve months. A pure function of their times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final

DAILY: Final = 7
WEEKLY: Final = 5
MONTHLY: Final = 12

_PERIODS: Final[tuple[tuple[int, Callable[[datetime], object]], ...]] = (
    (DAILY, lambda moment: moment.date()),
    (WEEKLY, lambda moment: moment.isocalendar()[:2]),
    (MONTHLY, lambda moment: (moment.year, moment.month)),
)


def choose_kept(moments: Iterable[datetime]) -> frozenset[datetime]:
    """Return the times of the backups to keep: the last of each of the newest days, weeks, months.

    Only periods with a backup count, so that a machine that was off for a month loses nothing by
    it. At most 24 are kept, the newest always; none of none.
    """
    newest_first = sorted(set(moments), reverse=True)
    return frozenset(
        moment for number, period in _PERIODS for moment in _keep_last(newest_first, number, period)
    )


def _keep_last(
    newest_first: Sequence[datetime], number: int, period: Callable[[datetime], object]
) -> list[datetime]:
    last: dict[object, datetime] = {}
    for moment in newest_first:
        last.setdefault(period(moment), moment)
    return list(last.values())[:number]
