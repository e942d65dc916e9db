"""Waiting for another process of ours: at once when it is soon done, else said and waited for."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from filelock import BaseFileLock, Timeout

from graph.engine.report import STAGE_WAITING, Progress, ServerError

LONGEST_WAIT_S = 1800.0
"""As long as a download over a slow line may take."""


@contextmanager
def hold_lock(
    lock: BaseFileLock, folder: Path, progress: Progress, *, quiet_s: float = 0.0
) -> Generator[None]:
    """Hold `lock`; a wait of more than `quiet_s` is reported as a stage.

    Raises:
        ServerError: another process held it too long; `folder` is what it is about.
    """
    try:
        lock.acquire(timeout=quiet_s)
    except Timeout:
        progress(STAGE_WAITING, 0.0)
        try:
            lock.acquire(timeout=LONGEST_WAIT_S)
        except Timeout as error:
            raise ServerError("server.error.lock_timeout", folder=str(folder)) from error
    try:
        yield
    finally:
        lock.release()
