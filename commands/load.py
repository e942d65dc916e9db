"""`tsunagi load`: files into the graph, or what they would do to it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.console import ERR, OUT, fail, help_text, open_store, print_json, show_progress
from graph.store import Store
from loaders.large_files import expect_bytes
from loaders.loading import Outcome, check_file, load_file, read_path, refuse_file
from loaders.open_data.editions import find_edition
from loaders.open_data.loading import EditionChoice
from loaders.problems import BadFile, Problem
from texts import LANGUAGES, say, say_both


def load(
    files: Annotated[list[Path], typer.Argument(help=help_text("option.files"))],
    *,
    check: Annotated[bool, typer.Option("--check", help=help_text("option.check"))] = False,
    facility: Annotated[str | None, typer.Option(help=help_text("option.facility"))] = None,
    edition: Annotated[str | None, typer.Option(help=help_text("option.edition"))] = None,
    accept: Annotated[
        bool, typer.Option("--accept-edition", help=help_text("option.accept"))
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=help_text("option.json"))] = False,
) -> None:
    outcomes = []
    choice = _read_edition(edition, accept=accept)
    with open_store(expect_bytes(files)) as store:
        for path in files:
            work = partial(_load_one, store, path, facility, choice)
            outcomes.append(work(check=check, quiet=as_json))
            if not as_json:
                report_outcome(outcomes[-1])
    if as_json:
        print_json([describe_outcome(outcome) for outcome in outcomes])
    raise typer.Exit(1 if any(outcome.problems for outcome in outcomes) else 0)


def _read_edition(words: str | None, *, accept: bool) -> EditionChoice:
    edition = find_edition(words) if words else None
    if words and edition is None:
        fail("cli.bad_edition", edition=words)
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
        return refuse_file(path.name, error)
    if check:
        return check_file(store, path.name, data, facility, choice=choice)
    with show_progress(path.name, quiet=quiet) as advance:
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
        "withdrawn": report.deleted if report else len(outcome.withdrawn),
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


def report_outcome(outcome: Outcome) -> None:
    described = describe_outcome(outcome)
    key = "cli.refused" if outcome.problems else "cli.loaded" if outcome.report else "cli.checked"
    OUT.print(
        say_both(
            key,
            file=outcome.file,
            problems=len(outcome.problems),
            missing=len(outcome.missing),
            **{
                name: described[name]
                for name in ("rows", "new", "changed", "withdrawn", "unchanged")
            },
        ),
        soft_wrap=True,
        markup=False,
    )
    if outcome.open_data and (outcome.report or not outcome.problems):
        words = {name: described["open_data"][name] for name in ("doubtful", "vanished")}
        key = "cli.open_data_resumed" if outcome.open_data.resumed else "cli.open_data"
        OUT.print(say_both(key, **words), soft_wrap=True, markup=False)
    for problem in (*outcome.problems, *outcome.notices):
        place = " ".join(
            part for part in (problem.file, problem.sheet, f"{problem.row}", problem.column) if part
        )
        ERR.print(
            f"  {place}: {say(problem.code, **dict(problem.values))}", soft_wrap=True, markup=False
        )
