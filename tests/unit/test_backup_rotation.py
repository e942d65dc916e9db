"""Which backups are kept, when the next is due, and when one is restored on trial."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.backup import daily
from graph.backup.daily import State, is_due, make_daily, needs_rehearsal, read_state, take_turn
from graph.backup.errors import BackupError
from graph.backup.making import Backup
from graph.backup.rotation import DAILY, MONTHLY, WEEKLY, choose_kept

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
MOMENTS = st.lists(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda m: m.replace(tzinfo=UTC)),
    max_size=60,
)


@given(MOMENTS)
def test_the_newest_is_kept_and_never_more_than_the_numbers_say(moments: list[datetime]) -> None:
    kept = choose_kept(moments)
    assert kept <= set(moments)
    assert len(kept) <= DAILY + WEEKLY + MONTHLY
    assert not moments or max(moments) in kept
    assert choose_kept(kept) == kept


@given(MOMENTS)
def test_the_last_of_each_of_the_newest_days_weeks_and_months_is_kept(
    moments: list[datetime],
) -> None:
    kept = choose_kept(moments)
    for number, form in ((DAILY, "%Y-%m-%d"), (WEEKLY, "%G-%V"), (MONTHLY, "%Y-%m")):
        newest = sorted({f"{moment:{form}}" for moment in moments}, reverse=True)[:number]
        last = {max(m for m in moments if f"{m:{form}}" == period) for period in newest}
        assert last <= kept


@given(st.sets(st.integers(0, 799), min_size=1), st.integers(0, 23))
def test_rotating_every_day_keeps_as_much_as_rotating_at_the_end(days: set[int], hour: int) -> None:
    """What an earlier rotation removed is not missed later, whichever days the machine was on."""
    moments = [datetime(2024, 1, 1, hour, tzinfo=UTC) + timedelta(days=day) for day in sorted(days)]
    standing: set[datetime] = set()
    for moment in moments:
        standing = set(choose_kept(standing | {moment}))
    assert standing == choose_kept(moments)


@pytest.mark.parametrize(
    ("state", "due"),
    [
        (None, True),
        (State("2026-11-22T08:00:00+00:00", good_at="2026-11-22T08:00:00+00:00"), False),
        (State("2026-11-21T23:59:00+00:00", good_at="2026-11-21T23:59:00+00:00"), True),
        (State("2026-11-22T19:30:00+00:00", "backup.not_written"), False),
        (State("2026-11-22T18:30:00+00:00", "backup.not_written"), True),
    ],
)
def test_a_backup_is_due_once_a_day_and_an_hour_after_a_failure(
    state: State | None, due: bool
) -> None:
    assert is_due(state, NOW) is due


def backup(days_ago: float, check: str) -> Backup:
    made = NOW - timedelta(days=days_ago)
    return Backup(Path("x"), made, 1, check)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("backups", "needs"),
    [
        ([], False),
        ([backup(1, "read")], False),
        ([backup(1, "read"), backup(8, "read")], True),
        ([backup(1, "read"), backup(6, "restored"), backup(20, "read")], False),
        ([backup(1, "read"), backup(7, "restored")], True),
    ],
)
def test_a_backup_is_restored_on_trial_once_a_week(backups: list[Backup], needs: bool) -> None:
    assert needs_rehearsal(backups, NOW) is needs


def test_of_two_processes_one_makes_the_backup_and_the_other_goes_on(tmp_path: Path) -> None:
    with take_turn(tmp_path):
        with pytest.raises(BackupError, match="busy"), take_turn(tmp_path):
            pass
        assert make_daily(tmp_path, dict) is None
    assert read_state(tmp_path) is None


def test_whatever_goes_wrong_the_next_look_comes_and_the_log_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [sqlite3.DatabaseError(), BackupError("backup.busy"), ZeroDivisionError("花子")]
    told: list[tuple[str, dict[str, object]]] = []
    ended = threading.Event()

    def fail(*_: object) -> None:
        if failures:
            raise failures.pop()
        ended.set()

    monkeypatch.setattr(daily, "FIRST_LOOK_S", 0.0)
    monkeypatch.setattr(daily, "LOOK_EVERY_S", 0.0)
    monkeypatch.setattr(daily, "make_daily", fail)
    monkeypatch.setattr(
        daily, "write_event", lambda event, _, **values: told.append((event, values))
    )
    daily._watch(tmp_path, dict, ended)
    assert told == [
        ("backup.failed", {"code": "backup.failed", "error": "ZeroDivisionError"}),
        ("backup.failed", {"code": "backup.busy", "error": "BackupError"}),
        ("backup.failed", {"code": "backup.failed", "error": "DatabaseError"}),
    ]


def test_a_damaged_note_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "backup-state.json").write_text("{", "utf-8")
    assert read_state(tmp_path) is None
