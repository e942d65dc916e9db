"""A file that is compressed and encrypted while it is written, and read through the same way.

The inside is gzip, the outside age (format age-encryption.org/v1), so that the age tool and gunzip
open it too: ``age -d -i key.txt FILE | gunzip``. age authenticates every 64 kB: a changed, missing
or added byte is found where it stands. Encryption runs in a thread of its own behind a pipe; memory
stays the same however large the file is.
"""

from __future__ import annotations

import gzip
import os
import secrets
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import pyrage  # type: ignore[import-untyped]

from graph.backup.errors import BackupError
from graph.backup.keys import Identity, Recipient

_LEVEL: Final = 6
PART: Final = ".part"
"""Ends the name of a file that is being written; one that is left over is worth nothing."""


@contextmanager
def write_sealed(folder: Path, recipients: Sequence[Recipient]) -> Iterator[Draft]:
    """Write into a draft in `folder`; unless it is kept, nothing is left of it.

    Raises:
        BackupError: it cannot be written.
    """
    draft = Draft(folder / f".{secrets.token_hex(8)}{PART}")
    try:
        with draft.write(recipients):
            yield draft
        if draft.final is not None:
            draft.path.replace(draft.final)
            _sync_folder(folder)
    except OSError as error:
        raise BackupError("backup.not_written", folder=str(folder)) from error
    finally:
        draft.path.unlink(missing_ok=True)


class Draft:
    """A sealed file before it has its name; `sink` takes its plain content."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.final: Path | None = None
        self.sink: gzip.GzipFile

    def keep_as(self, path: Path) -> None:
        """Give the file its name once it is whole and on the disk."""
        self.final = path

    @contextmanager
    def write(self, recipients: Sequence[Recipient]) -> Iterator[None]:
        """Encrypt what `sink` takes until the block ends."""
        read_end, write_end = os.pipe()
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)

        def encrypt() -> None:
            with os.fdopen(descriptor, "wb") as target, os.fdopen(read_end, "rb") as source:
                pyrage.encrypt_io(source, target, list(recipients))
                target.flush()
                os.fsync(target.fileno())

        with _beside(encrypt) as failures:
            try:
                with (
                    os.fdopen(write_end, "wb") as pipe,
                    gzip.GzipFile("", "wb", _LEVEL, pipe, mtime=0) as self.sink,
                ):
                    yield
            except BrokenPipeError as error:  # the other side says why, after it has ended
                failures.append(error)
        if failures:
            raise OSError from failures[0]


@contextmanager
def read_sealed(path: Path, identities: Sequence[Identity]) -> Iterator[gzip.GzipFile]:
    """Read the plain content of a sealed file.

    Raises:
        BackupError: no key fits, or the file is damaged; what was read before may be used only
            when the block ends without it.
    """
    read_end, write_end = os.pipe()

    def decrypt() -> None:
        with os.fdopen(write_end, "wb") as target, path.open("rb") as source:
            pyrage.decrypt_io(source, target, list(identities))

    damage: BaseException | None = None
    with _beside(decrypt) as failures, os.fdopen(read_end, "rb") as pipe:
        try:
            with gzip.GzipFile(fileobj=pipe, mode="rb") as content:
                yield content
        except (EOFError, zlib.error, gzip.BadGzipFile, BackupError) as error:
            damage = error
    # A reader that stops early breaks the pipe, which is no damage.
    found = [error for error in failures if not isinstance(error, BrokenPipeError)]
    if found or damage:
        raise _explain([*found, damage], path) from None


def _explain(errors: Sequence[BaseException | None], path: Path) -> BackupError:
    """Return what to say of a file: what age says of the key first, then what the reader says."""
    for kind, code in (
        (FileNotFoundError, "backup.no_file"),
        (pyrage.DecryptError, "backup.wrong_key"),
    ):
        if any(isinstance(error, kind) for error in errors):
            return BackupError(code, file=path.name)
    said = next((error for error in errors if isinstance(error, BackupError)), None)
    return said or BackupError("backup.damaged", file=path.name)


@contextmanager
def _beside(work: Callable[[], None]) -> Iterator[list[BaseException]]:
    """Do `work` in a thread beside the block; gives what went wrong in it, known at the end."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # told to the other side
            failures.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield failures
    finally:
        thread.join()


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # not every system can
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
