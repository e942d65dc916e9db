"""Keys by which other systems read the API for an account; of a key only its hash is kept."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from access.files import make_database, open_database, writing
from access.register import AccessError, Account, Register, hash_token

LONGEST_DAYS: Final = 400
_DAY_S: Final = 24 * 60 * 60
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS api_key (
    hash TEXT PRIMARY KEY, name TEXT NOT NULL, made REAL NOT NULL, until REAL NOT NULL);
"""


class ApiKeys:
    """The keys of a register's accounts, in the register's own file."""

    def __init__(
        self, path: Path, register: Register, clock: Callable[[], float] = time.time
    ) -> None:
        self._path = path
        self._register = register
        self._clock = clock
        make_database(path, _SCHEMA)

    def issue(self, name: str, days: int) -> str:
        """Make a key of an account that holds for `days` (1 to 400) and return it, once.

        Raises:
            AccessError: no such account, or it is disabled; so many days are not allowed.
        """
        if self._register.find_account(name) is None:
            raise AccessError("access.no_account", name=name)
        if not 1 <= days <= LONGEST_DAYS:
            raise AccessError("access.bad_days", longest=LONGEST_DAYS)
        key = secrets.token_urlsafe(32)
        now = self._clock()
        with writing(self._path) as database:
            database.execute("DELETE FROM api_key WHERE until <= ?", (now,))
            database.execute(
                "INSERT INTO api_key VALUES (?, ?, ?, ?)",
                (hash_token(key), name, now, now + days * _DAY_S),
            )
        return key

    def find(self, key: str) -> Account | None:
        """Return whose key it is; None when it is none, has run out, or the account is disabled."""
        with open_database(self._path) as database:
            row = database.execute(
                "SELECT name FROM api_key WHERE hash = ? AND until > ?",
                (hash_token(key), self._clock()),
            ).fetchone()
        return self._register.find_account(row[0]) if row else None

    def withdraw(self, name: str) -> int:
        """End every key of an account and return how many there were."""
        with writing(self._path) as database:
            return database.execute("DELETE FROM api_key WHERE name = ?", (name,)).rowcount
