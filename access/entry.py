"""The way in of this process: decided once, the same for the gate and for the pages."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Final, cast

from access.api_keys import ApiKeys
from access.journal import Action, Journal
from access.register import Register
from access.settings import Access, read_access
from graph.folders import choose_data_dir
from graph.rights import Actor, Right

CONSOLE: Final = "console"
"""Under this name the log has what was done by the command line."""

ALONE: Final = "local"
"""Under this name the log has who works without a sign-in on one PC."""

ADDRESS: Final = "TSUNAGI_ADDRESS"
"""Environment variable by which `tsunagi run` tells the app the address it listens on."""


def open_register() -> Register:
    """Open the register of the user's data folder, made at the first call.

    Raises:
        graph.engine.report.ServerError: the folder cannot be written to.
    """
    return Register(choose_data_dir() / "access.sqlite")


def open_api_keys() -> ApiKeys:
    """Open the keys of the register's accounts.

    Raises:
        graph.engine.report.ServerError: the folder cannot be written to.
    """
    register = open_register()
    return ApiKeys(register.path, register)


def open_journal() -> Journal:
    """Return the log of the user's data folder, one in a process; made with its first line."""
    return _open_journal(choose_data_dir())


@cache
def _open_journal(folder: Path) -> Journal:
    return Journal(folder)


@cache
def open_access() -> tuple[Access, Register]:
    """Return how people come into this process, and the register.

    Raises:
        access.register.AccessError: the settings do not hold; the app must not start.
    """
    register = open_register()
    return read_access(os.environ, register, os.environ.get(ADDRESS, "127.0.0.1")), register


def put_on_record(name: str, rights: frozenset[Right]) -> Actor:
    """Return somebody whose writes and questions about clients go on record under `name`."""

    def note(action: str, subject: str, client: str | None) -> None:
        journal = open_journal()
        about = f" {journal.disguise(client)}" if client else ""
        journal.record(name, cast("Action", action), subject + about)

    return Actor(name, rights, note)
