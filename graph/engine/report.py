"""What the bundled server tells its caller: how far a start is, and why one failed.

Both carry keys of the text catalogue (``texts/server.toml``), never sentences.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

Progress = Callable[[str, float], None]
"""Called with a stage (catalogue key) and how much of that stage is done (0 to 1)."""

Notice = Callable[[str, dict[str, object]], None]
"""Called with a text (catalogue key and values) to be shown before anything is downloaded."""

STAGE_WAITING: Final = "server.stage.waiting"
STAGE_DOWNLOADING: Final = "server.stage.downloading"
STAGE_VERIFYING: Final = "server.stage.verifying"
STAGE_PREPARING: Final = "server.stage.preparing"
STAGE_STARTING: Final = "server.stage.starting"
STAGE_READY: Final = "server.stage.ready"


class ServerError(RuntimeError):
    """The database could not be provided; `code` is a catalogue key, `values` fill its text."""

    def __init__(self, code: str, /, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def ignore_progress(_stage: str, _fraction: float) -> None:
    """Report to nobody."""
