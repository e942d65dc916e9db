"""`tsunagi db`: look after the bundled database."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from commands.console import OUT, clear_errors, fail, help_text, open_store, print_json
from graph.engine import server
from texts import say_both

database = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@database.command("start", help=help_text("db_start"))
def db_start() -> None:
    with open_store() as store:
        store.prepare()
        status = server.status()
        OUT.print(say_both("cli.db_running", uri=status.uri, pid=status.pid), soft_wrap=True)
        OUT.print(say_both("cli.db_hold"), soft_wrap=True)
        try:
            while server.status().running:
                time.sleep(1.0)
        except KeyboardInterrupt:
            return


@database.command("stop", help=help_text("db_stop"))
def db_stop(
    force: Annotated[bool, typer.Option("--force", help=help_text("option.force"))] = False,
) -> None:
    with clear_errors():
        stopped = server.stop(force=force)
    if not stopped:
        fail("cli.db_in_use")
    OUT.print(say_both("cli.db_stopped"), soft_wrap=True)


@database.command("status", help=help_text("db_status"))
def db_status(
    as_json: Annotated[bool, typer.Option("--json", help=help_text("option.json"))] = False,
) -> None:
    status = server.status()
    if as_json:
        print_json({
            "running": status.running, "uri": status.uri, "pid": status.pid,
            "users": status.users, "external": status.external,
        })  # fmt: skip
    elif status.running:
        OUT.print(say_both("cli.db_running", uri=status.uri, pid=status.pid), soft_wrap=True)
    else:
        OUT.print(say_both("cli.db_stopped"), soft_wrap=True)
