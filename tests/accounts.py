"""Accounts for tests: a clock that is set, and passwords hashed with next to no work."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import argon2

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
