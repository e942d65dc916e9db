"""Making a backup, checking it, and the folder they lie in.

A backup is checked as soon as it is made: decrypted, read through to its end, its counts, sums and
content hash held against what was copied. What the check found is noted beside the files
(`checked.json`), so that a list of backups needs no key.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import nullcontext, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from graph.backup.content import (
    Attachments,
    Header,
    hash_lines,
    make_header,
    open_backup,
    write_content,
)
from graph.backup.errors import BackupError
from graph.backup.keys import Identity, Keyring
from graph.backup.rotation import choose_kept
from graph.backup.sealed import PART, write_sealed
from graph.engine.report import ServerError
from graph.folders import make_private, write_private
from graph.store import Progress, Store
from graph.store.copying import Line
from graph.store.holding import Hold

FOLDER_SETTING: Final = "TSUNAGI_BACKUP_DIR"
"""Environment variable: the folder of backups, instead of `backups` in the data folder."""

NOTES: Final = "checked.json"
_NAME: Final = re.compile(r"tsunagi-(\d{8}-\d{6})-[0-9a-f]{8}\.jsonl\.gz\.age")
_SHARE_MADE: Final = 0.7
"""Share of the time that making takes, the rest is checking."""

Check = Literal["", "read", "restored"]
"""How a backup was checked: not at all, read through, or restored into a scratch server."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup in a folder; counts are 0 and `content` is "" while it was never checked here."""

    path: Path
    made_at: datetime
    size: int
    check: Check = ""
    content: str = ""
    nodes: int = 0
    relationships: int = 0


def choose_backup_dir(data_dir: Path) -> Path:
    """Return where the backups of a data folder lie by default."""
    return Path(os.environ.get(FOLDER_SETTING) or data_dir / "backups").absolute()


def make_backup(
    store: Store,
    folder: Path,
    keyring: Keyring,
    attachments: Attachments | None = None,
    advance: Progress = lambda _share: None,
    *,
    hold: Hold | None = None,
) -> Backup:
    """Copy the graph into a new file of `folder` and check it.

    Writes are held meanwhile, by `hold` where the caller goes on holding them.

    Raises:
        BackupError: it could not be written, or is not what was copied; no file is left.
        StoreError: the database went away, another backup is under way, or the hold was lost.
    """
    try:
        make_private(folder)
    except ServerError:
        raise BackupError("backup.not_written", folder=str(folder)) from None
    remove_leftovers(folder)
    with write_sealed(folder, keyring.recipients) as draft:
        with nullcontext(hold) if hold else store.hold_writes() as held:
            header = make_header(store.read_version(), store.count_all())
            lines = _follow(store.read_all(held), header, advance, _SHARE_MADE)
            content = write_content(draft.sink, header, lines, attachments or {})
        path = folder / _make_name(header, content)
        draft.keep_as(path)
    return check_backup(
        path, keyring.identities, content, lambda share: advance(_SHARE_MADE + share * 0.3)
    )


def check_backup(
    path: Path,
    identities: Sequence[Identity],
    content: str | None = None,
    advance: Progress = lambda _share: None,
) -> Backup:
    """Read a backup through and note that it is whole; one made wrongly just now is removed.

    Raises:
        BackupError: it is not whole, no key fits, or it does not have the hash `content`.
    """
    try:
        with open_backup(path, identities) as reader:
            for _ in _follow(reader.read_lines(), reader.header, advance, 1.0):
                pass
        if content not in {None, reader.content_hash}:
            raise BackupError("backup.damaged", file=path.name)
    except BackupError:
        if content is not None:
            path.unlink(missing_ok=True)
        raise
    return note_check(path, reader.header, reader.content_hash, "read")


def note_check(path: Path, header: Header, content: str, check: Check) -> Backup:
    """Note beside the backup how it was checked; return it so. A restored one stays so."""
    notes = _read_notes(path.parent)
    if notes.get(path.name, {}).get("check") == "restored":
        check = "restored"
    made = Backup(
        path, header.made_at.astimezone(), path.stat().st_size, check, content,
        sum(header.counts.nodes.values()), sum(header.counts.relationships.values()),
    )  # fmt: skip
    told = asdict(made)
    notes[path.name] = {name: told[name] for name in _NOTED}
    standing = {name: note for name, note in notes.items() if (path.parent / name).exists()}
    with suppress(OSError):  # a full disk: the backup itself stands
        write_private(path.parent / NOTES, json.dumps(standing, indent=1))
    return made


def list_backups(folder: Path) -> list[Backup]:
    """Return the backups of a folder, the newest first; [] when there are none."""
    notes = _read_notes(folder)
    found = [
        Backup(path, moment, path.stat().st_size, **_pick(notes.get(path.name, {})))
        for path in folder.glob("tsunagi-*.age")
        if (moment := read_moment(path)) is not None
    ]
    return sorted(found, key=lambda backup: (backup.made_at, backup.path.name), reverse=True)


def read_moment(path: Path) -> datetime | None:
    """Return when a backup was made, by its name; None for another file."""
    match = _NAME.fullmatch(path.name)
    if match is None:
        return None
    with suppress(ValueError):
        return datetime.strptime(f"{match[1]}+0000", "%Y%m%d-%H%M%S%z").astimezone()
    return None


def rotate(folder: Path) -> list[Path]:
    """Remove the backups of a folder that rotation does not keep, and return them."""
    backups = list_backups(folder)
    kept = choose_kept(backup.made_at for backup in backups)
    gone = [backup.path for backup in backups if backup.made_at not in kept]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def hash_graph(store: Store, advance: Progress = lambda _share: None) -> str:
    """Return the content hash of the connected graph, as a backup of it would have.

    Writes are not held: the caller knows that nobody writes.
    """
    header = make_header(store.read_version(), store.count_all())
    return hash_lines(_follow(store.read_all(), header, advance, 1.0))


def remove_leftovers(folder: Path) -> None:
    """Remove drafts that a killed backup left; nobody else makes one meanwhile but for a moment."""
    for path in folder.glob(f".*{PART}"):
        with suppress(OSError):
            path.unlink()


_NOTED: Final = ("check", "content", "nodes", "relationships")


def _pick(note: dict[str, Any]) -> dict[str, Any]:
    return {name: note[name] for name in _NOTED if name in note}


def _read_notes(folder: Path) -> dict[str, Any]:
    try:
        notes = json.loads((folder / NOTES).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return notes if isinstance(notes, dict) else {}


def _make_name(header: Header, content: str) -> str:
    return f"tsunagi-{header.made_at:%Y%m%d-%H%M%S}-{content[:8]}.jsonl.gz.age"


def _follow(
    lines: Iterator[Line], header: Header, advance: Progress, whole: float
) -> Iterator[Line]:
    total = max(header.counts.total, 1)
    for number, line in enumerate(lines):
        if number % 1_000 == 0:
            advance(min(1.0, number / total) * whole)
        yield line
    advance(whole)
