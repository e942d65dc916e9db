"""Counts of clients for readers outside the facility, told so that no small one can be worked out.

A count below `LEAST_OUTSIDE` is not told, any other rounded down to a multiple of `LEAST_OUTSIDE`.
So nothing needs to be hidden besides: every count told stands for `LEAST_OUTSIDE` possible ones,
also the zero, which is told as one of the few. Two filters of one count, one within the other,
therefore leave their difference open as well. A total of counts told would have to be the sum of
what is told, never of the counts themselves; the report has none.

The usual complementary suppression (hide a second cell of each line) keeps exact totals and exact
larger cells, and falls to two filters: 25 in all years and 18 in this one say 7.
Source: the threshold and the two attacks are those of Hundepool et al., Statistical Disclosure
Control (2012), chapters 4 and 5.
"""

from __future__ import annotations

from typing import Final

LEAST_OUTSIDE: Final = 10
"""Below so many clients a count does not leave the facility; counts told are multiples of it."""

Told = int | None
"""A multiple of `LEAST_OUTSIDE` that stands for itself and the counts up to the next; or a few."""


def tell_count(count: float) -> Told:
    """Return what is told of a number of clients; None for fewer than `LEAST_OUTSIDE`, or none.

    Raises:
        ValueError: it is negative.
    """
    if count < 0:
        raise ValueError("a count cannot be negative")
    return int(count // LEAST_OUTSIDE) * LEAST_OUTSIDE or None
