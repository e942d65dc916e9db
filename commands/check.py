"""`tsunagi check`: is everything in order, and what to do where it is not."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from access.entry import CONSOLE, put_on_record
from commands.console import OUT, help_text, print_json, show_progress
from graph.diagnosis import Finding, Level, examine_graph, examine_machine, find_worst
from graph.engine import server
from graph.engine.report import ServerError
from graph.rights import RIGHTS
from graph.store import Store, StoreError
from texts import LANGUAGES, say, say_both

SIGNS: Final[dict[Level, str]] = {"fine": "○", "warning": "△", "error": "✕"}
EXIT_CODES: Final[dict[Level, int]] = {"fine": 0, "warning": 1, "error": 2}


def check(
    as_json: Annotated[bool, typer.Option("--json", help=help_text("option.json"))] = False,
) -> None:
    findings = [*examine_machine(), *_examine_database()]
    worst = find_worst(findings)
    if as_json:
        print_json([_describe(finding) for finding in findings])
    else:
        for finding in findings:
            _print(finding)
        OUT.print(say_both(f"check.summary.{worst}"), soft_wrap=True)
    raise typer.Exit(EXIT_CODES[worst])


def _examine_database() -> list[Finding]:
    """Look at the database and the graph; one that cannot be reached is a finding itself."""
    try:
        with show_progress("Neo4j") as advance:
            found = server.ensure_running(
                progress=lambda stage, fraction: advance(fraction, say(stage))
            )
        with Store.at(found) as store:
            store.beat()
            return [
                Finding("database"),
                *examine_graph(store.acting_as(put_on_record(CONSOLE, RIGHTS))),
            ]
    except ServerError as error:
        return [Finding("database", "error", error.code, error.values)]
    except StoreError as error:
        return [Finding("database", "error", error.code)]


def _print(finding: Finding) -> None:
    name = say_both(f"check.subject.{finding.subject}", " / ")
    OUT.print(f"{SIGNS[finding.level]} {name}", markup=False, highlight=False)
    if finding.code:
        for line in say_both(finding.code, **finding.values).splitlines():
            OUT.print(f"   {line}", markup=False, highlight=False, soft_wrap=True)


def _describe(finding: Finding) -> dict[str, object]:
    words = {
        f"message_{language}": say(finding.code, language, **finding.values) if finding.code else ""
        for language in LANGUAGES
    }
    return {
        "subject": finding.subject,
        "level": finding.level,
        "code": finding.code,
        "values": dict(finding.values),
        **words,
    }
