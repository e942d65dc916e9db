"""The rules of `tsunagi check`: from a plain fact to a finding. Pure functions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from graph.diagnosis.findings import Finding
from graph.engine.process import MIN_FREE_BYTES

MB: Final = 1_000_000
COMFORTABLE_FREE: Final = 1_000 * MB
LEAST_MEMORY: Final = 2_000 * MB
TESTED_VERSION: Final = "2026.08.1"
OLDEST_VERSION: Final = (5, 23)
"""The first with `CALL (variable) { … }`, which the questions use."""

OLDEST_BACKUP: Final = timedelta(hours=48)
SKEW: Final = timedelta(minutes=10)


def judge_space(free_bytes: int, store_bytes: int) -> Finding:
    """Is there room on the disk for the data to be written, and once more for a backup?"""
    values = {"free_mb": free_bytes // MB, "store_mb": -(-store_bytes // MB)}
    if free_bytes < MIN_FREE_BYTES:
        return Finding("disk", "error", "check.disk_full", values)
    if free_bytes < max(COMFORTABLE_FREE, 3 * store_bytes):
        return Finding("disk", "warning", "check.disk_low", values)
    return Finding("disk", values=values)


def judge_memory(total_bytes: int) -> Finding:
    """Has the machine the memory for app and database?"""
    values = {"total_mb": total_bytes // MB}
    if total_bytes < LEAST_MEMORY:
        return Finding("memory", "warning", "check.memory_low", values)
    return Finding("memory", values=values)


def judge_version(version: str, *, bundled: bool) -> Finding:
    """Is the database one the questions run on, and the one that was tested?"""
    values = {
        "version": version,
        "tested": TESTED_VERSION,
        "oldest": ".".join(map(str, OLDEST_VERSION)),
    }
    if _read_version(version) < OLDEST_VERSION:
        return Finding("version", "error", "check.version_old", values)
    if version != TESTED_VERSION and bundled:
        return Finding("version", "warning", "check.version_other", values)
    return Finding("version", values=values)


def _read_version(version: str) -> tuple[int, ...]:
    parts = version.split("-", maxsplit=1)[0].split(".")[:2]
    return tuple(int(part) for part in parts if part.isdecimal())


def judge_indexes(wanted: Collection[str], states: Mapping[str, str]) -> Finding:
    """Do all constraints and indexes of the schema stand, and are they filled?

    `states` are the names that stand with their state; a constraint's is ONLINE.
    """
    missing = sorted(name for name in wanted if name not in states)
    failed = sorted(name for name in wanted if states.get(name) == "FAILED")
    filling = sorted(name for name in wanted if states.get(name) == "POPULATING")
    if missing:
        return Finding("indexes", "error", "check.index_missing", _list(missing))
    if failed:
        return Finding("indexes", "error", "check.index_failed", _list(failed))
    if filling:
        return Finding("indexes", "warning", "check.index_filling", _list(filling))
    return Finding("indexes", values={"count": len(wanted)})


def judge_backup(good_at: str | None, code: str, now: datetime, *, expected: bool) -> Finding:
    """Is there a good backup that is not too old?

    `good_at` is the ISO time of the last good one, None or "" for none; `code` the key of what went
    wrong last. Where somebody else backs the database up none is `expected`.
    """
    if not expected:
        return Finding("backup")
    if not good_at:
        return Finding("backup", "warning", "check.backup_none")
    made = datetime.fromisoformat(good_at).astimezone(now.tzinfo)
    values = {"made": f"{made:%Y-%m-%d %H:%M}", "hours": int((now - made) / timedelta(hours=1))}
    if now - made > OLDEST_BACKUP:
        return Finding("backup", "error", "check.backup_old", values)
    if code:
        return Finding("backup", "warning", "check.backup_failed", values)
    return Finding("backup", values=values)


def judge_clock(newest: datetime | None, now: datetime) -> Finding:
    """Was anything written later than now? Then this machine's clock went back."""
    if newest is not None and newest - now > SKEW:
        values = {"newest": f"{newest.astimezone(now.tzinfo):%Y-%m-%d %H:%M}"}
        return Finding("clock", "warning", "check.clock_back", values)
    return Finding("clock")


def judge_modes(modes: Mapping[str, int]) -> Finding:
    """Are the files of the data folder for their owner only? Path within it → permission bits."""
    open_to_others = sorted(path for path, mode in modes.items() if mode & 0o077)
    if open_to_others:
        return Finding("files", "error", "check.files_open", _list(open_to_others))
    return Finding("files", values={"count": len(modes)})


def judge_fonts(families: int | None) -> Finding:
    """Can this machine draw Japanese, in PNG and PDF? `families` None: it cannot be told."""
    if families == 0:
        return Finding("fonts", "warning", "check.fonts_none")
    return Finding("fonts")


def judge_port(port: int, *, is_free: bool, is_ours: bool) -> Finding:
    """Can the app listen where it usually does, or does it already?"""
    values = {"port": port}
    if not (is_free or is_ours):
        return Finding("port", "warning", "check.port_taken", values)
    return Finding("port", values=values)


def judge_unfinished(files: int, oldest: date | None) -> Finding:
    """Was a load of a large file interrupted and never taken up again?"""
    if files:
        values = {"count": files, "since": "" if oldest is None else oldest.isoformat()}
        return Finding("loads", "warning", "check.load_unfinished", values)
    return Finding("loads")


def judge_facts(code: str, count: int, where: str, examples: Collection[str]) -> Finding:
    """Does an invariant hold? `count` facts break it; `where` is their label and property."""
    if not count:
        return Finding("facts")
    shown = ", ".join(examples) or "—"
    return Finding("facts", "error", code, {"count": count, "where": where, "examples": shown})


def _list(names: Collection[str], at_most: int = 5) -> dict[str, object]:
    shown = ", ".join(list(names)[:at_most]) + (" …" if len(names) > at_most else "")
    return {"count": len(names), "names": shown}
