"""Accounts and sessions of the local sign-in, and the allow-list of a sign-in by a provider.

Passwords are kept as argon2id hashes, sessions as the SHA-256 of a 256-bit token that only the
browser holds. A session ends after 30 minutes without use, 12 hours in any case, at sign-out, and
as soon as its account is changed. Five wrong passwords lock a name for 15 minutes; a locked name
and an unknown one are refused in the same words and the same time as a wrong password.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import argon2

from access.files import make_database, open_database, writing
from graph.rights import ROLES, Role

IDLE_S: Final = 30 * 60
ABSOLUTE_S: Final = 12 * 60 * 60
ATTEMPTS: Final = 5
LOCKED_S: Final = 15 * 60
FEWEST_CHARACTERS: Final = 12
_TOUCH_EVERY_S: Final = 30.0  # a write for every request would cost more than it tells
_NAME: Final = re.compile(r"[^\s|:]{1,100}")
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS account (
    name TEXT PRIMARY KEY, password TEXT, roles TEXT NOT NULL, disabled INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS session (
    token TEXT PRIMARY KEY, name TEXT NOT NULL REFERENCES account(name),
    opened REAL NOT NULL, used REAL NOT NULL);
CREATE TABLE IF NOT EXISTS failure (name TEXT NOT NULL, at REAL NOT NULL);
"""


class AccessError(ValueError):
    """An account cannot be made or changed so; `code` is the sentence's key, `values` fill it."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


class SignInRefused(AccessError):
    """Name and password do not open a session."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who may come in. Without a password only by a provider that vouches for the name."""

    name: str
    roles: frozenset[Role]
    disabled: bool = False
    has_password: bool = False


class Register:
    """The accounts and open sessions of one data folder; `clock` gives seconds since 1970."""

    def __init__(
        self,
        path: Path,
        clock: Callable[[], float] = time.time,
        hasher: argon2.PasswordHasher | None = None,
    ) -> None:
        self.path = path
        self._clock = clock
        self._hasher = hasher or argon2.PasswordHasher()
        # Verified in place of an unknown name's, so that a name cannot be guessed by the time.
        self._nobody = self._hasher.hash(secrets.token_hex(16))
        make_database(path, _SCHEMA)

    def list_accounts(self) -> list[Account]:
        """Return every account by name; [] before the first."""
        with open_database(self.path) as database:
            rows = database.execute(
                "SELECT name, roles, disabled, password FROM account ORDER BY name"
            ).fetchall()
        return [_read_account(row) for row in rows]

    def find_account(self, name: str) -> Account | None:
        """Return the account `name`; None when there is none or it is disabled."""
        with open_database(self.path) as database:
            row = database.execute(
                "SELECT name, roles, disabled, password FROM account "
                "WHERE name = ? AND NOT disabled",
                (name,),
            ).fetchone()
        return _read_account(row) if row else None

    def add(self, name: str, password: str | None, roles: Collection[str]) -> None:
        """Make an account; without a password it is for a provider's sign-in.

        Raises:
            AccessError: the name is unfit or taken, the password too short, a role unknown.
        """
        if not _NAME.fullmatch(name):
            raise AccessError("access.bad_name")
        values = (name, self._hash(password), _write_roles(roles))
        try:
            with writing(self.path) as database:
                database.execute(
                    "INSERT INTO account (name, password, roles) VALUES (?, ?, ?)", values
                )
        except sqlite3.IntegrityError:
            raise AccessError("access.name_taken", name=name) from None

    def set_password(self, name: str, password: str) -> None:
        """Give a new password and end the account's sessions and its lock.

        Raises:
            AccessError: no such account, or the password is too short.
        """
        self._change(name, "password", self._hash(password))

    def set_roles(self, name: str, roles: Collection[str]) -> None:
        """Give other roles and end the account's sessions.

        Raises:
            AccessError: no such account or role.
        """
        self._change(name, "roles", _write_roles(roles))

    def disable(self, name: str, *, disabled: bool = True) -> None:
        """Let nobody in under `name` any more (or again); its sessions end.

        Raises:
            AccessError: no such account.
        """
        self._change(name, "disabled", int(disabled))

    def sign_in(self, name: str, password: str) -> str:
        """Open a session and return its token, which is kept nowhere here.

        Raises:
            SignInRefused: wrong name or password, disabled, or locked after wrong passwords.
        """
        now = self._clock()
        with open_database(self.path) as database:
            row = database.execute(
                "SELECT password FROM account WHERE name = ? AND NOT disabled", (name,)
            ).fetchone()
            failures = database.execute(
                "SELECT count(*) FROM failure WHERE name = ? AND at > ?", (name, now - LOCKED_S)
            ).fetchone()[0]
        stored = row[0] if row else None
        fits = self._verify(stored or self._nobody, password)
        if not fits or stored is None or failures >= ATTEMPTS:
            self._note_failure(name, now)
            raise SignInRefused("access.refused", minutes=LOCKED_S // 60)
        token = secrets.token_urlsafe(32)
        with writing(self.path) as database:
            database.execute("DELETE FROM failure WHERE name = ?", (name,))
            database.execute(
                "INSERT INTO session VALUES (?, ?, ?, ?)", (hash_token(token), name, now, now)
            )
        return token

    def find_session(self, token: str, *, used: bool = True) -> Account | None:
        """Return whose open session the token is, None when it is none; `used` prolongs it.

        On a disk that cannot be written it is found all the same, but not prolonged.
        """
        now = self._clock()
        with open_database(self.path) as database:
            row = database.execute(
                "SELECT a.name, a.roles, a.disabled, a.password, s.used "
                "FROM session s JOIN account a USING (name) "
                "WHERE s.token = ? AND s.used > ? AND s.opened > ? AND NOT a.disabled",
                (hash_token(token), now - IDLE_S, now - ABSOLUTE_S),
            ).fetchone()
            if row and used and now - row[4] > _TOUCH_EVERY_S:
                # A full disk must not turn away who is in: the page says what cannot be done.
                with suppress(sqlite3.OperationalError):
                    database.execute(
                        "UPDATE session SET used = ? WHERE token = ?", (now, hash_token(token))
                    )
        return _read_account(row[:4]) if row else None

    def sign_out(self, token: str) -> None:
        """End a session; nothing happens when it is none."""
        now = self._clock()
        with writing(self.path) as database:
            database.execute(
                "DELETE FROM session WHERE token = ? OR used <= ? OR opened <= ?",
                (hash_token(token), now - IDLE_S, now - ABSOLUTE_S),
            )

    def _change(self, name: str, column: str, value: object) -> None:
        with writing(self.path) as database:
            changed = database.execute(
                f"UPDATE account SET {column} = ? WHERE name = ?",  # noqa: S608 - our own names
                (value, name),
            )
            if changed.rowcount == 0:
                raise AccessError("access.no_account", name=name)
            database.execute("DELETE FROM session WHERE name = ?", (name,))
            database.execute("DELETE FROM failure WHERE name = ?", (name,))

    def _note_failure(self, name: str, now: float) -> None:
        with writing(self.path) as database:
            database.execute("DELETE FROM failure WHERE at <= ?", (now - LOCKED_S,))
            database.execute("INSERT INTO failure VALUES (?, ?)", (name[:100], now))

    def _hash(self, password: str | None) -> str | None:
        if password is None:
            return None
        if len(password) < FEWEST_CHARACTERS:
            raise AccessError("access.short_password", fewest=FEWEST_CHARACTERS)
        return self._hasher.hash(password)

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except argon2.exceptions.VerificationError:
            return False


def hash_token(token: str) -> str:
    """Return what is kept of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _read_account(row: tuple[str, str, int, str | None]) -> Account:
    name, roles, disabled, password = row
    known = frozenset(role for role in ROLES if role in roles.split())
    return Account(name, known, bool(disabled), password is not None)


def _write_roles(roles: Iterable[str]) -> str:
    wanted = set(roles)
    if unknown := sorted(wanted - set(ROLES)):
        raise AccessError("access.no_role", role=unknown[0], known=", ".join(ROLES))
    if not wanted:
        raise AccessError("access.no_role", role="", known=", ".join(ROLES))
    return " ".join(role for role in ROLES if role in wanted)
