"""Days as people read them: never more exact than they are known."""

from __future__ import annotations

from datetime import date

from views.frame import Context, write_date


def write_moment(context: Context, day: date | None, precision: str | None) -> str:
    """Return a day for a sentence, "2022年3月" when only the month is known; "" for none."""
    if day is None:
        return ""
    if precision in ("month", "year"):
        return context.say(f"app.date.{precision}", year=day.year, month=day.month)
    return write_date(day, context.language)


def write_short(day: date | None, precision: str | None) -> str:
    """Return a day for a table, sorting as text: 2022/03/01, 2022/03 or 2022; "" for none."""
    if day is None:
        return ""
    return f"{day:%Y/%m/%d}"[: {"year": 4, "month": 7}.get(precision or "", 10)]
