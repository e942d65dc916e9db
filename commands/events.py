"""That a command was run goes into the operators' log: its name, how it ended, how long it took."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from graph.folders import choose_data_dir
from graph.logs import open_log, write_event


@contextmanager
def noted_command(words: Sequence[str]) -> Iterator[None]:
    """Note the command whose `words` follow the program's name; asking for help is none."""
    names = [word for word in words if not word.startswith("-")]
    if not names or "--help" in words:
        yield
        return
    open_log("command", choose_data_dir())
    begun = time.monotonic()
    code: object = 1
    try:
        yield
        code = 0
    except SystemExit as ended:
        code = ended.code or 0
        raise
    finally:
        seconds = round(time.monotonic() - begun, 1)
        write_event("command.ended", name=names[0], code=code, seconds=seconds)
