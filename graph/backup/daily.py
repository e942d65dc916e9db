"""The daily backup: when it is due, who makes it, and what came of the last one.

The process that runs the app looks every few minutes whether today's backup stands, in a thread of
its own; of several processes on one data folder one makes it (a file lock), and nobody waits. What
came of it is a small file, `backup-state.json`, that `tsunagi check` and the page for
administrators read. Once a week the new backup is restored into a scratch server and compared.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import filelock

from graph.backup.content import Attachments
from graph.backup.errors import BackupError
from graph.backup.keys import open_keyring
from graph.backup.making import (
    Backup,
    choose_backup_dir,
    list_backups,
    make_backup,
    rotate,
)
from graph.backup.restoring import rehearse_restore
from graph.engine import server
from graph.engine.report import ServerError
from graph.folders import make_private, write_private
from graph.logs import write_event
from graph.store import Progress, Store, StoreError
from graph.store.holding import Hold

STATE: Final = "backup-state.json"
SWITCH: Final = "TSUNAGI_BACKUP"
"""Environment variable: "off" where somebody else backs the database up."""

FIRST_LOOK_S: Final = 60.0
"""After the app's start: whoever starts it to look something up is not kept waiting."""

LOOK_EVERY_S: Final = 300.0
RETRY_AFTER: Final = timedelta(hours=1)
REHEARSE_AFTER: Final = timedelta(days=7)

Collect = Callable[[], Attachments]
"""Reads the files that go into a backup beside the graph."""


@dataclass(frozen=True, slots=True)
class State:
    """What came of the last backup in the usual folder.

    `code` is "" or the catalogue key of what went wrong; `folder` and `file` fill its text.

    `good_at` is when the last good one was made, "" before the first; times are ISO, with zone.
    """

    at: str
    code: str = ""
    file: str = ""
    folder: str = ""
    good_at: str = ""


def read_state(data_dir: Path) -> State | None:
    """Return what came of the last backup of a data folder; None before the first."""
    try:
        return State(**json.loads((data_dir / STATE).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def is_due(state: State | None, now: datetime) -> bool:
    """Say whether a backup is to be made: none today, and no failure within the hour."""
    if state is None:
        return True
    if state.code:
        return now - datetime.fromisoformat(state.at) >= RETRY_AFTER
    return _read_day(state.good_at) != now.date()


@contextmanager
def take_turn(data_dir: Path) -> Iterator[None]:
    """Let one process at a time make or restore backups of a data folder.

    Raises:
        BackupError: another one does.
    """
    lock = filelock.FileLock(make_private(data_dir) / "backup.lock", timeout=0, mode=0o600)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise BackupError("backup.busy") from None
    try:
        yield
    finally:
        lock.release()


def back_up(
    store: Store,
    data_dir: Path,
    collect: Collect,
    advance: Progress = lambda _share: None,
    *,
    folder: Path | None = None,
    rehearse: bool = False,
    hold: Hold | None = None,
) -> Backup:
    """Make, check and note a backup.

    `collect` reads the files beside the graph. The caller has the turn. With `rehearse` it is
    restored into a scratch server as well. One in another `folder` than the usual one, such as a
    stick, is not noted: it may be taken away, and today's is to be made all the same.

    Raises:
        BackupError, StoreError, ServerError: none was made; that is noted too.
    """
    chosen = folder or choose_backup_dir(data_dir)
    note = _note if chosen == choose_backup_dir(data_dir) else _note_nowhere
    now = datetime.now().astimezone()
    try:
        keyring = open_keyring(data_dir)
        found = _gather(collect)
        made = make_backup(store, chosen, keyring, found, advance, hold=hold)
        if rehearse:
            made = rehearse_restore(made.path, keyring.identities, data_dir, advance)
    except Exception as error:
        note(data_dir, State(_write(now), _name_code(error), "", str(chosen), _last_good(data_dir)))
        raise
    note(data_dir, State(_write(now), "", made.path.name, str(chosen), _write(now)))
    return made


def _gather(collect: Collect) -> Attachments:
    """Return the files beside the graph.

    Raises:
        BackupError: one cannot be read.
    """
    try:
        return collect()
    except (OSError, sqlite3.Error) as error:
        raise BackupError("backup.not_collected") from error


def _name_code(error: Exception) -> str:
    if isinstance(error, BackupError | StoreError | ServerError):
        return error.code
    return "backup.failed"


def make_daily(data_dir: Path, collect: Collect) -> Backup | None:
    """Make today's backup if it is due and nobody else makes it, and rotate; None when not.

    Raises:
        BackupError, StoreError, ServerError: it could not be made.
    """
    if not is_due(read_state(data_dir), datetime.now().astimezone()):
        return None
    try:
        with take_turn(data_dir):
            if not is_due(read_state(data_dir), datetime.now().astimezone()):
                return None
            at = server.ensure_running(data_dir)
            with Store.at(at) as store:
                needs = needs_rehearsal(
                    list_backups(choose_backup_dir(data_dir)), datetime.now().astimezone()
                )
                made = back_up(store, data_dir, collect, rehearse=needs)
            rotate(choose_backup_dir(data_dir))
            return made
    except BackupError as error:
        if error.code == "backup.busy":
            return None
        raise


def needs_rehearsal(backups: list[Backup], now: datetime) -> bool:
    """Say whether no backup of the last week was restored on trial, though there is an older one.

    The very first is not: it is made while somebody works with the app for the first time.
    """
    if not backups:
        return False
    tried = [backup.made_at for backup in backups if backup.check == "restored"]
    since = max(tried) if tried else min(backup.made_at for backup in backups)
    return now - since >= REHEARSE_AFTER


def start_daily(data_dir: Path, collect: Collect) -> Callable[[], None]:
    """Look after the daily backup in a thread until the returned function is called.

    Does nothing where the environment switches it off. A failure is noted, never raised, and does
    not end the thread: the next look comes all the same.
    """
    ended = threading.Event()
    if os.environ.get(SWITCH) != "off":
        threading.Thread(target=_watch, args=(data_dir, collect, ended), daemon=True).start()
    return ended.set


def _watch(data_dir: Path, collect: Collect, ended: threading.Event) -> None:
    pause = FIRST_LOOK_S
    while not ended.wait(pause):
        pause = LOOK_EVERY_S
        try:
            make_daily(data_dir, collect)
        except Exception as error:  # whatever it is, tomorrow's backup is to be made
            code, name = _name_code(error), type(error).__name__
            write_event("backup.failed", logging.ERROR, code=code, error=name)


def _last_good(data_dir: Path) -> str:
    state = read_state(data_dir)
    return state.good_at if state else ""


def _note(data_dir: Path, state: State) -> None:
    with suppress(OSError):  # a full disk
        write_private(data_dir / STATE, json.dumps(asdict(state), ensure_ascii=False))


def _note_nowhere(_data_dir: Path, _state: State) -> None:
    """Leave what is noted as it is."""


def _write(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _read_day(text: str) -> date | None:
    return datetime.fromisoformat(text).date() if text else None
