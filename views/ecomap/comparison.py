"""The ecomap through time: which day, and with which day it is compared."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from typing import Any, Final, Literal

import streamlit as st

from views.frame import Context, go_to_date, write_choice

Rows = list[dict[str, Any]]

COMPARE: Final = "compare"
"""Key of the earlier day, in the session and in the address; "" while not comparing."""

_EARLIER: Final = "compare_with"
_GIVEN: Final = "compare_given"


def choose_day(context: Context, days: Rows) -> None:
    """Draw a slider over the days on which something changed; meetings are marked."""
    options = sorted({row["day"] for row in days} | {context.as_of})
    if len(options) < 2:
        return
    meetings = {row["day"] for row in days if row["meeting"]}

    def describe(day: date) -> str:
        mark = "◆ " if day in meetings else ""
        return mark + context.write_date(day)

    # The key changes with the date, so that the slider follows the arrow keys and the date field.
    chosen = st.select_slider(
        context.say("ecomap_page.days"),
        options,
        value=context.as_of,
        format_func=describe,
        key=f"day_slider_{context.as_of.isoformat()}",
    )
    if chosen != context.as_of:
        go_to_date(chosen)


def choose_comparison(context: Context, days: Rows, key: str) -> date | None:
    """Draw the switch and the earlier day to compare with; None while not comparing."""
    earlier = sorted({row["day"] for row in days if row["day"] < context.as_of}, reverse=True)
    _take_address(earlier, key)
    comparing = st.toggle(context.say("ecomap_page.compare"), key=key)
    chosen = _choose_earlier(context, days, earlier) if comparing and earlier else None
    if comparing and not earlier:
        st.caption(context.say("ecomap_page.nothing_earlier"))
    kept = chosen.isoformat() if chosen else ""
    st.session_state[COMPARE] = st.session_state[_GIVEN] = kept
    write_choice(COMPARE, kept, "")
    return chosen


def _take_address(earlier: Sequence[date], key: str) -> None:
    """Compare as the address says, when it says something that is not on the screen yet."""
    given = st.query_params.get(COMPARE, "")
    if given == st.session_state.get(_GIVEN, ""):
        return
    day = next((day for day in earlier if day.isoformat() == given), None)
    st.session_state[key] = day is not None
    if day is not None:
        st.session_state[_EARLIER] = day


def _choose_earlier(context: Context, days: Rows, earlier: Sequence[date]) -> date:
    if st.session_state.get(_EARLIER) not in earlier:
        st.session_state.pop(_EARLIER, None)
    meetings = [row["day"] for row in days if row["meeting"] and row["day"] < context.as_of]
    preferred = max(meetings, default=earlier[0])
    chosen: date = st.selectbox(
        context.say("ecomap_page.compare_with"),
        earlier,
        index=earlier.index(preferred),
        format_func=context.write_date,
        key=_EARLIER,
    )
    return chosen


def find_step(
    days: Sequence[date], today: date, command: Literal["previous", "next"]
) -> date | None:
    """Return the next day before or after `today`; None at either end or without days."""
    ordered = sorted(set(days))
    if command == "previous":
        place = bisect_left(ordered, today) - 1
        return ordered[place] if place >= 0 else None
    place = bisect_right(ordered, today)
    return ordered[place] if place < len(ordered) else None
