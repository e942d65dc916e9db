"""The way in of this process: decided once, the same for the gate and for the pages."""

from __future__ import annotations

import os
from functools import cache
from typing import Final

from access.register import Register
from access.settings import Access, read_access
from graph.folders import choose_data_dir

ADDRESS: Final = "TSUNAGI_ADDRESS"
"""Environment variable by which `tsunagi run` tells the app the address it listens on."""


def open_register() -> Register:
    """Open the register of the user's data folder, made at the first call.

    Raises:
        graph.engine.report.ServerError: the folder cannot be written to.
    """
    return Register(choose_data_dir() / "access.sqlite")


@cache
def open_access() -> tuple[Access, Register]:
    """Return how people come into this process, and the register.

    Raises:
        access.register.AccessError: the settings do not hold; the app must not start.
    """
    register = open_register()
    return read_access(os.environ, register, os.environ.get(ADDRESS, "127.0.0.1")), register
