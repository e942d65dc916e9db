"""The keys of backups: one this machine keeps, and one on paper.

Every backup is encrypted (age, X25519) to two keys. The machine's own is made at the first backup
and lies in the data folder, for its owner only: with it the machine checks and restores its backups
without asking anybody. The recovery key is shown once, to be kept on paper away from the machine;
only its public half is stored. Whoever has lost both has lost every backup: nobody can open them.
A key is not a passphrase: it needs no strength test and cannot be guessed.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

import filelock
from pyrage import IdentityError, RecipientError, x25519  # type: ignore[import-untyped]

from graph.backup.errors import BackupError
from graph.folders import make_private, write_private

Identity: TypeAlias = x25519.Identity
"""A secret key, which opens."""

Recipient: TypeAlias = x25519.Recipient
"""Its public half, which is encrypted to."""

KEY_FILE: Final = "backup.key"
RECOVERY_FILE: Final = "backup.recovery"
KEY_SETTING: Final = "TSUNAGI_BACKUP_KEY_FILE"
"""Environment variable: a file with the secret key to open backups with, of another machine."""

_SECRET: Final = "AGE-SECRET-KEY-"  # noqa: S105 - how every such key begins


@dataclass(frozen=True, slots=True)
class Keyring:
    """What backups are encrypted to and opened with."""

    identities: Sequence[Identity] = field(repr=False)
    recipients: Sequence[Recipient] = ()
    has_recovery: bool = False


def open_keyring(data_dir: Path) -> Keyring:
    """Return the keys of a data folder; the machine's own is made at the first call.

    Raises:
        BackupError: a key file is damaged.
        graph.engine.report.ServerError: the folder cannot be written to.
    """
    own = _open_own(make_private(data_dir))
    recovery = _read_recovery(data_dir)
    others = _read_setting()
    return Keyring(
        (own, *others), (own.to_public(), *filter(None, (recovery,))), recovery is not None
    )


def read_identities(text: str) -> list[Identity]:
    """Return the secret keys in a text: a key file of age, or a key typed by hand.

    Raises:
        BackupError: there is none.
    """
    lines = [line.strip() for line in text.splitlines()]
    try:
        found = [Identity.from_str(line.upper()) for line in lines if _is_secret(line)]
    except IdentityError:
        found = []
    if not found:
        raise BackupError("backup.bad_key")
    return found


def make_recovery_key(data_dir: Path, *, renew: bool = False) -> str:
    """Make the recovery key, keep its public half, and return the secret: the only time it is said.

    Raises:
        BackupError: there is one already, and it is not to be renewed.
    """
    path = make_private(data_dir) / RECOVERY_FILE
    with _key_lock(data_dir):
        if path.exists() and not renew:
            raise BackupError("backup.recovery_exists")
        identity = Identity.generate()
        write_private(path, f"{identity.to_public()}\n")
    return str(identity)


def _is_secret(line: str) -> bool:
    return line.upper().startswith(_SECRET)


def _open_own(data_dir: Path) -> Identity:
    path = data_dir / KEY_FILE
    with _key_lock(data_dir):
        if not path.exists():
            identity = Identity.generate()
            write_private(path, f"# public key: {identity.to_public()}\n{identity}\n")
    return read_identities(path.read_text("ascii", "replace"))[0]


def _read_recovery(data_dir: Path) -> Recipient | None:
    path = data_dir / RECOVERY_FILE
    if not path.exists():
        return None
    try:
        return Recipient.from_str(path.read_text("ascii", "replace").strip())
    except RecipientError:
        raise BackupError("backup.bad_key") from None


def _read_setting() -> list[Identity]:
    name = os.environ.get(KEY_SETTING)
    if not name:
        return []
    with suppress(OSError):
        return read_identities(Path(name).read_text("ascii", "replace"))
    raise BackupError("backup.bad_key")


def _key_lock(data_dir: Path) -> filelock.FileLock:
    return filelock.FileLock(data_dir / f"{KEY_FILE}.lock", timeout=10, mode=0o600)
