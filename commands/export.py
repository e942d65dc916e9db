"""`tsunagi export`: all records, the directory or the network as one file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from commands.console import fail, help_text, open_store, print_words, show_progress
from exporters.takeout import TAKEOUTS, take_out
from graph.folders import write_private
from texts import say_both


def export(
    kind: Annotated[str, typer.Argument(help=help_text("option.kind"))],
    to: Annotated[Path | None, typer.Option("--to", help=help_text("option.to"))] = None,
    *,
    force: Annotated[bool, typer.Option("--force", help=help_text("option.replace"))] = False,
) -> None:
    if kind not in TAKEOUTS:
        fail("cli.no_export", name=kind, known=", ".join(TAKEOUTS))
    path = to or Path(f"tsunagi-{date.today().isoformat()}.{TAKEOUTS[kind].ending}")
    if path.exists() and not force:
        fail("cli.file_exists", file=path.name)
    with open_store() as store, show_progress(kind) as advance:
        data = take_out(store, kind, date.today(), _say, advance)
    try:
        write_private(path, data)
    except OSError:
        fail("cli.not_written", file=path.name)
    print_words("cli.exported", file=path.name, size=len(data))


def _say(key: str, /, **values: object) -> str:
    return say_both(key, " / ", **values)
