"""What every command shares: the open database, clear errors, progress, and printing."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Final, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from access.entry import CONSOLE, put_on_record
from access.register import AccessError
from graph.backup.errors import BackupError
from graph.engine import server
from graph.engine.report import ServerError
from graph.records import Point
from graph.rights import RIGHTS, Unrecorded
from graph.spreadsheets import write_plain
from graph.store import Store, StoreError
from texts import say, say_both

OUT: Final = Console()
ERR: Final = Console(stderr=True)


def help_text(key: str) -> str:
    """Return the help text of `key` in both languages."""
    return say_both(f"cli.{key}", "\n\n")


def print_words(key: str, **values: object) -> None:
    """Print a sentence of the catalogue in both languages."""
    OUT.print(say_both(key, **values), soft_wrap=True, markup=False)


@contextmanager
def open_store(expected_bytes: int = 0) -> Iterator[Store]:
    """Open the database, starting the bundled one where needed; end with a sentence on failure.

    Before a large load `expected_bytes` tells a start how much memory the data are going to need.
    """
    with clear_errors():
        with show_progress("Neo4j") as advance:
            connection = server.ensure_running(
                progress=lambda stage, fraction: advance(fraction, say(stage)),
                notice=lambda key, values: ERR.print(say_both(key, **values), soft_wrap=True),
                expected_bytes=expected_bytes,
            )
        with Store.at(connection) as store:
            store.read_version()  # a newer version's graph is not opened
            yield store.acting_as(put_on_record(CONSOLE, RIGHTS))


@contextmanager
def clear_errors() -> Iterator[None]:
    try:
        yield
    except (AccessError, BackupError, ServerError) as error:
        fail(error.code, **error.values)
    except StoreError as error:
        fail(error.code)
    except Unrecorded:
        fail("store.not_recorded")


@contextmanager
def show_progress(name: str, *, quiet: bool = False) -> Iterator[Any]:
    """Show a bar on the error stream; yields `advance(fraction, text=…)`."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn())
    hidden = quiet or not ERR.is_terminal
    with Progress(*columns, console=ERR, transient=True, disable=hidden) as bar:
        task = bar.add_task(name, total=1.0)

        def advance(fraction: float, text: str = name) -> None:
            bar.update(task, completed=fraction, description=text)

        yield advance


def fail(key: str, **values: object) -> NoReturn:
    ERR.print(say_both(key, **values), soft_wrap=True, markup=False)
    raise typer.Exit(1)


def print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def print_csv(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_write_cell(row[column]) for column in columns] for row in rows)


def _write_cell(value: object) -> str:
    if not isinstance(value, str):
        return _cell(value)
    # Beside a line's end \n the writer would leave a bare \r unquoted.
    return write_plain(value).replace("\r\n", "\n").replace("\r", "\n")


def print_table(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> None:
    table = Table(*columns)
    for row in rows:
        table.add_row(*(_cell(row[column]) for column in columns))
    OUT.print(table, markup=False)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    return str(value)


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Point):
        return {"latitude": value.latitude, "longitude": value.longitude}
    raise TypeError(type(value).__name__)
