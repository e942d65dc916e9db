"""Accounts for tests: a clock that is set, passwords hashed with next to no work, a full disk."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import argon2
import pytest

from access.register import Register

PASSWORD = "correct horse battery"


class Clock:
    """Tells the time it is set to, in Unix seconds."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def open_register(path: Path, clock: Callable[[], float] = time.time) -> Register:
    """Return the accounts in a file; their passwords are quick to check."""
    return Register(path, clock, argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@contextmanager
def refuse_writes(path: Path) -> Iterator[None]:
    """Until the block ends the accounts of a file can be read, and every write to it fails.

    As on a full disk SQLite raises its OperationalError; here because somebody else is writing.
    """
    with pytest.MonkeyPatch.context() as patch, closing(sqlite3.connect(path)) as other:
        patch.setattr("access.files._WAIT_S", 0.01)
        other.execute("BEGIN IMMEDIATE")
        yield
