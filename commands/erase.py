"""`tsunagi erase`: a client and everything about the client alone; then every trace in files."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Annotated

import typer

from access.entry import CONSOLE, open_journal
from access.keepsakes import collect_keepsakes
from commands.console import clear_errors, fail, help_text, open_store, print_words, show_progress
from graph.backup.daily import take_turn
from graph.backup.erasure import complete_erasure
from graph.folders import choose_data_dir
from graph.store.erasing import Erasure
from texts import say, say_both

erase = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Yes = Annotated[bool, typer.Option("--yes", help=help_text("option.yes"))]
Everywhere = Annotated[bool, typer.Option("--complete", help=help_text("option.complete"))]


@erase.command("client", help=help_text("erase_client"))
def erase_client(
    client_id: Annotated[str | None, typer.Argument(help=help_text("option.client"))] = None,
    yes: Yes = False,
    complete: Everywhere = False,
) -> None:
    """Say what would go, ask, and erase it; the pseudonym is asked for unless it is given."""
    with open_store() as store:
        name = client_id or str(typer.prompt(say_both("erase.client", " / "))).strip()
        found = store.survey_erasure(name)
        if found.is_nothing:
            fail("erase.nobody")
        _print_counts("erase.preview", found)
        if not yes:
            typer.confirm(say_both("erase.confirm", " / "), abort=True)
        _print_counts("erase.done", store.erase_client(name))
    if complete:
        complete_all(yes=True)
    else:
        print_words("erase.not_complete")


@erase.command("complete", help=help_text("erase_complete"))
def complete_all(yes: Yes = False) -> None:
    """Write the database anew and wipe what it was, older backups included."""
    if not yes:
        print_words("erase.complete_about")
        typer.confirm(say_both("erase.confirm", " / "), abort=True)
    data_dir = choose_data_dir()
    with clear_errors(), take_turn(data_dir):
        open_journal().record(CONSOLE, "erase", "complete")
        with show_progress(say("erase.completing")) as advance:
            done = complete_erasure(data_dir, partial(collect_keepsakes, data_dir), advance)
    print_words("erase.completed", wiped=done.wiped, file=str(done.backup.path))


def _print_counts(key: str, counts: Erasure) -> None:
    print_words(key, **asdict(counts))
