"""What can go wrong with a backup."""

from __future__ import annotations


class BackupError(Exception):
    """A backup could not be made, read or restored; `code` is a catalogue key, `values` fill it."""

    def __init__(self, code: str, /, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
