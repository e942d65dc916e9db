"""The console command: start the app, load files, ask questions, look after the database."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Final

import typer

from commands.account import accounts
from commands.ask import ask
from commands.backup import database
from commands.check import check
from commands.console import help_text
from commands.erase import erase
from commands.events import noted_command
from commands.export import export
from commands.load import load
from commands.run import run
from commands.undo import loads, undo

app: Final = typer.Typer(
    no_args_is_help=True, add_completion=False, rich_markup_mode=None, help=help_text("about")
)
_COMMANDS: Final[dict[str, Callable[..., None]]] = {
    "run": run, "load": load, "ask": ask, "export": export, "check": check,
    "loads": loads, "undo": undo,
}  # fmt: skip
for _name, _command in _COMMANDS.items():
    app.command(_name, help=help_text(_name))(_command)
app.add_typer(database, name="db", help=help_text("db"))
app.add_typer(erase, name="erase", help=help_text("erase"))
app.add_typer(accounts, name="account", help=help_text("account"))


def main() -> None:
    """Run the command line."""
    with noted_command(sys.argv[1:]):
        app()


if __name__ == "__main__":
    main()
