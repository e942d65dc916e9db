"""The console command: start the app, load files, ask questions, look after the database."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

import queries
from access.commands import accounts
from access.entry import ADDRESS, CONSOLE, name_actor, open_register
from access.register import AccessError
from access.settings import is_loopback, read_access
from graph.engine import server
from graph.engine.report import ServerError
from graph.records import Point
from graph.rights import RIGHTS
from graph.store import Store, StoreError
from loaders.loading import Outcome, check_file, load_file, read_path
from loaders.open_data.editions import find_edition
from loaders.open_data.loading import EditionChoice
from loaders.problems import BadFile, Problem
from loaders.reference import load_reference
from texts import LANGUAGES, say, say_both

ROOT: Final = Path(__file__).resolve().parent
SAMPLE: Final = ROOT / "sample"
DEFAULT_PORT: Final = 8501

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
database = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
_out = Console()
_err = Console(stderr=True)


def _help(key: str) -> str:
    """Return the help text of `key` in both languages."""
    return say_both(f"cli.{key}", "\n\n")


app.add_typer(database, name="db", help=_help("db"))
app.add_typer(accounts, name="account", help=_help("account"))


def main() -> None:
    """Run the command line."""
    app()


@app.callback(help=_help("about"))
def _about() -> None: ...


@app.command(help=_help("run"))
def run(
    port: Annotated[int, typer.Option(help=_help("option.port"))] = DEFAULT_PORT,
    address: Annotated[str, typer.Option(help=_help("option.address"))] = "127.0.0.1",
    sample: Annotated[bool, typer.Option(help=_help("option.sample"))] = True,
) -> None:
    with _clear_errors():
        read_access(os.environ, open_register(), address)
    with _store() as store:
        store.prepare()
        load_reference(store)
        if sample and not store.list_nodes("Organization", ("organization_id",)):
            for path in sorted(SAMPLE.glob("*.xlsx")):
                _report(load_file(store, path.name, path.read_bytes(), actor="sample"))
        # While the app starts, so that nobody waits for it.
        threading.Thread(target=_rehearse, args=(store,), daemon=True).start()
        _out.print(say_both("cli.address", url=f"http://{address}:{port}"), soft_wrap=True)
        code = _run_app(address, port)
    raise typer.Exit(code)


def _rehearse(store: Store) -> None:
    with suppress(StoreError):  # the app will say it better
        queries.rehearse(store)


def _run_app(address: str, port: int) -> int:
    """Run the app until it ends or is stopped (Ctrl+C, or a plain kill of this process)."""
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "serve.py")]
    command += ["--server.address", address, "--server.port", str(port)]
    if not is_loopback(address):
        command += ["--server.allowedHosts", "*"]  # the gate knows the names
    environment = {**os.environ, ADDRESS: address}
    process = subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603 - our own files
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        return 0
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(_signal: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


@app.command(help=_help("load"))
def load(
    files: Annotated[list[Path], typer.Argument(help=_help("option.files"))],
    *,
    check: Annotated[bool, typer.Option("--check", help=_help("option.check"))] = False,
    facility: Annotated[str | None, typer.Option(help=_help("option.facility"))] = None,
    edition: Annotated[str | None, typer.Option(help=_help("option.edition"))] = None,
    accept: Annotated[bool, typer.Option("--accept-edition", help=_help("option.accept"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_help("option.json"))] = False,
) -> None:
    outcomes = []
    choice = _read_edition(edition, accept=accept)
    with _store() as store:
        for path in files:
            work = partial(_load_one, store, path, facility, choice)
            outcomes.append(work(check=check, quiet=as_json))
            if not as_json:
                _report(outcomes[-1])
    if as_json:
        _print_json([describe_outcome(outcome) for outcome in outcomes])
    raise typer.Exit(1 if any(outcome.problems for outcome in outcomes) else 0)


def _read_edition(words: str | None, *, accept: bool) -> EditionChoice:
    edition = find_edition(words) if words else None
    if words and edition is None:
        _fail("cli.bad_edition", edition=words)
    return EditionChoice(edition, accept)


def _load_one(
    store: Store,
    path: Path,
    facility: str | None,
    choice: EditionChoice,
    *,
    check: bool,
    quiet: bool,
) -> Outcome:
    try:
        data = read_path(path)
    except BadFile as error:
        return Outcome(path.name, problems=(Problem(path.name, None, 0, "", error.code),))
    if check:
        return check_file(store, path.name, data, facility, choice=choice)
    with _progress(path.name, quiet=quiet) as advance:
        return load_file(store, path.name, data, facility, progress=advance, choice=choice)


def describe_outcome(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as plain data: counts, and problems in both languages."""
    report = outcome.report
    return {
        "file": outcome.file,
        "loaded": report is not None,
        "load_id": report.load_id if report else None,
        "rows": outcome.rows,
        "new": report.created if report else len(outcome.difference.new),
        "changed": report.changed if report else len(outcome.difference.changed),
        "unchanged": report.unchanged if report else outcome.difference.unchanged,
        "missing": [{"kind": kind, "row": row} for kind, row in outcome.missing],
        "open_data": _describe_open_data(outcome),
        "problems": [_describe_problem(problem) for problem in outcome.problems],
        "notices": [_describe_problem(problem) for problem in outcome.notices],
    }


def _describe_open_data(outcome: Outcome) -> dict[str, Any] | None:
    found = outcome.open_data
    if found is None:
        return None
    return {
        "source": found.survey.source,
        "edition": found.survey.edition and found.survey.edition.isoformat(),
        "doubtful": found.doubtful,
        "vanished": found.vanished,
        "in_parts": found.in_parts,
        "resumed": found.resumed,
    }


def _describe_problem(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.file,
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "code": problem.code,
        **{
            f"message_{language}": say(problem.code, language, **dict(problem.values))
            for language in LANGUAGES
        },
    }


def _report(outcome: Outcome) -> None:
    described = describe_outcome(outcome)
    key = "cli.refused" if outcome.problems else "cli.loaded" if outcome.report else "cli.checked"
    _out.print(
        say_both(
            key,
            file=outcome.file,
            problems=len(outcome.problems),
            missing=len(outcome.missing),
            **{name: described[name] for name in ("rows", "new", "changed", "unchanged")},
        ),
        soft_wrap=True,
        markup=False,
    )
    if outcome.open_data and (outcome.report or not outcome.problems):
        words = {name: described["open_data"][name] for name in ("doubtful", "vanished")}
        key = "cli.open_data_resumed" if outcome.open_data.resumed else "cli.open_data"
        _out.print(say_both(key, **words), soft_wrap=True, markup=False)
    for problem in (*outcome.problems, *outcome.notices):
        place = " ".join(
            part for part in (problem.file, problem.sheet, f"{problem.row}", problem.column) if part
        )
        _err.print(
            f"  {place}: {say(problem.code, **dict(problem.values))}", soft_wrap=True, markup=False
        )


@app.command(help=_help("ask"))
def ask(
    name: Annotated[str | None, typer.Argument(help=_help("option.name"))] = None,
    param: Annotated[list[str] | None, typer.Option(help=_help("option.param"))] = None,
    list_all: Annotated[bool, typer.Option("--list", help=_help("option.list"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_help("option.json"))] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help=_help("option.csv"))] = False,
) -> None:
    if list_all or name is None:
        _list_queries(as_json=as_json)
        return
    query = queries.list_queries().get(name)
    if query is None:
        _fail("cli.no_query", name=name, known=", ".join(queries.list_queries()))
    try:
        values = dict(_split_parameter(text) for text in param or [])
        queries.bind(query, values)
        with _store() as store:
            rows = queries.ask(store, name, **values)
    except queries.BadParameter as error:
        _fail(error.code, **error.values)
    columns = [column.name for column in query.columns]
    if as_json:
        _print_json(rows)
    elif as_csv:
        _print_csv(columns, rows)
    else:
        _print_table(columns, rows)


def _split_parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise queries.BadParameter("queries.form", text=name)
    return name.strip(), value.strip()


def _list_queries(*, as_json: bool) -> None:
    described = [
        {
            "name": query.name,
            "question": query.question,
            "parameters": [
                {"name": p.name, "type": p.type, "default": p.default, "meaning": p.meaning}
                for p in query.parameters
            ],
            "columns": [
                {"name": c.name, "type": c.type, "meaning": c.meaning} for c in query.columns
            ],
        }
        for query in queries.list_queries().values()
    ]
    if as_json:
        _print_json(described)
        return
    for query in queries.list_queries().values():
        _out.print(f"{query.name}\n    {query.question}", highlight=False, markup=False)
        for p in query.parameters:
            default = "" if p.default is None else f" = {p.default}"
            line = f"    --param {p.name}: {p.type}{default} - {p.meaning}"
            _out.print(line, highlight=False, markup=False, soft_wrap=True)


@app.command(help=_help("check"))
def check() -> None:
    with _store() as store:
        store.prepare()
        load_reference(store)
        counts = {
            label: len(store.list_nodes(label, (key,)))
            for label, key in (("Organization", "organization_id"), ("Referral", "referral_id"))
        }
    _out.print(say_both("cli.check_ok", **counts), soft_wrap=True)


@database.command("start", help=_help("db_start"))
def db_start() -> None:
    with _store() as store:
        store.prepare()
        status = server.status()
        _out.print(say_both("cli.db_running", uri=status.uri, pid=status.pid), soft_wrap=True)
        _out.print(say_both("cli.db_hold"), soft_wrap=True)
        try:
            while server.status().running:
                time.sleep(1.0)
        except KeyboardInterrupt:
            return


@database.command("stop", help=_help("db_stop"))
def db_stop(
    force: Annotated[bool, typer.Option("--force", help=_help("option.force"))] = False,
) -> None:
    with _clear_errors():
        stopped = server.stop(force=force)
    if not stopped:
        _fail("cli.db_in_use")
    _out.print(say_both("cli.db_stopped"), soft_wrap=True)


@database.command("status", help=_help("db_status"))
def db_status(
    as_json: Annotated[bool, typer.Option("--json", help=_help("option.json"))] = False,
) -> None:
    status = server.status()
    if as_json:
        _print_json({
            "running": status.running, "uri": status.uri, "pid": status.pid,
            "users": status.users, "external": status.external,
        })  # fmt: skip
    elif status.running:
        _out.print(say_both("cli.db_running", uri=status.uri, pid=status.pid), soft_wrap=True)
    else:
        _out.print(say_both("cli.db_stopped"), soft_wrap=True)


@contextmanager
def _store() -> Iterator[Store]:
    """Open the database, starting the bundled one where needed; end with a sentence on failure."""
    with _clear_errors():
        with _progress("Neo4j") as advance:
            connection = server.ensure_running(
                progress=lambda stage, fraction: advance(fraction, say(stage)),
                notice=lambda key, values: _err.print(say_both(key, **values), soft_wrap=True),
            )
        with Store(
            connection.uri, connection.user, connection.password, connection.database
        ) as store:
            yield store.acting_as(name_actor(CONSOLE, RIGHTS))


@contextmanager
def _clear_errors() -> Iterator[None]:
    try:
        yield
    except (AccessError, ServerError) as error:
        _fail(error.code, **error.values)
    except StoreError as error:
        _fail(error.code)


@contextmanager
def _progress(name: str, *, quiet: bool = False) -> Iterator[Any]:
    """Show a bar on the error stream; yields `advance(fraction, text=…)`."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn())
    hidden = quiet or not _err.is_terminal
    with Progress(*columns, console=_err, transient=True, disable=hidden) as bar:
        task = bar.add_task(name, total=1.0)

        def advance(fraction: float, text: str = name) -> None:
            bar.update(task, completed=fraction, description=text)

        yield advance


def _fail(key: str, **values: object) -> NoReturn:
    _err.print(say_both(key, **values), soft_wrap=True, markup=False)
    raise typer.Exit(1)


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _print_csv(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row[column]) for column in columns] for row in rows)


def _print_table(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> None:
    table = Table(*columns)
    for row in rows:
        table.add_row(*(_cell(row[column]) for column in columns))
    _out.print(table, markup=False)


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


if __name__ == "__main__":
    main()
