"""`tsunagi loads` and `tsunagi undo`: what was loaded, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

import typer

import queries
from commands.console import (
    ERR,
    help_text,
    open_store,
    print_json,
    print_table,
    print_words,
    show_progress,
)
from graph.store import Load, Store
from graph.undo import Item, LoadRow, UndoPlan
from loaders.loading import make_load_id
from texts import say_both

_COLUMNS = (
    "load_id", "loaded_at", "act", "file", "actor", "created", "changed", "deleted", "state",
)  # fmt: skip


def loads(
    *,
    limit: Annotated[int, typer.Option(help=help_text("option.limit"))] = 20,
    as_json: Annotated[bool, typer.Option("--json", help=help_text("option.json"))] = False,
) -> None:
    with open_store() as store:
        rows = queries.ask(store, "list_loads", limit=limit)
    if as_json:
        print_json(rows)
    elif rows:
        print_table(_COLUMNS, rows)
    else:
        print_words("cli.no_loads")


def undo(
    load_id: Annotated[str, typer.Argument(metavar="LOAD", help=help_text("option.load_id"))],
    *,
    check: Annotated[bool, typer.Option("--check", help=help_text("option.undo_check"))] = False,
    including_later: Annotated[
        bool, typer.Option("--including-later", help=help_text("option.including_later"))
    ] = False,
    only_untouched: Annotated[
        bool, typer.Option("--only-untouched", help=help_text("option.only_untouched"))
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=help_text("option.json"))] = False,
) -> None:
    with open_store() as store:
        with show_progress(load_id, quiet=as_json) as advance:
            plan = store.find_undo(load_id, advance)
        blocked = not (plan.is_clear or only_untouched or (including_later and plan.later))
        report = None
        if not check and not blocked:
            with show_progress(load_id, quiet=as_json) as advance:
                report = _undo(store, plan, advance, including=including_later, keep=only_untouched)
    if as_json:
        print_json(_describe(plan) | {"undone": report})
    else:
        _report(plan, report)
    raise typer.Exit(1 if blocked else 0)


def _undo(
    store: Store, plan: UndoPlan, advance: Callable[[float], None], *, including: bool, keep: bool
) -> dict[str, Any]:
    later = [load.load_id for load in plan.later] if including else []
    report = store.undo(
        plan.load.load_id,
        Load(make_load_id()),
        advance,
        keep_touched=keep and not later,
        including=later,
    )
    return {
        "load_id": report.load_id,
        "removed": report.deleted,
        "restored": report.changed,
        "made_again": report.created,
        "left": report.unchanged,
    }


def _report(plan: UndoPlan, report: dict[str, Any] | None) -> None:
    if report is not None:
        print_words("cli.undone", **report)
        return
    print_words(
        "cli.undo_checked", touched=plan.touched, later=len(plan.later), **asdict(plan.total)
    )
    for load in plan.later:
        ERR.print(f"  {load.load_id} {load.file or ''}", soft_wrap=True, markup=False)
    if not plan.is_clear:
        ERR.print(say_both("cli.undo_ways"), soft_wrap=True, markup=False)


def _describe(plan: UndoPlan) -> dict[str, Any]:
    """Return a plan as plain data, without the words of a fact: they may be personal."""
    return {
        "load": _describe_load(plan.load),
        "kinds": [asdict(one) for one in plan.kinds],
        "touched": plan.touched,
        "held": plan.held,
        "obstacles": [_describe_item(item) for item in plan.obstacles],
        "later": [_describe_load(load) for load in plan.later],
        "in_parts": plan.in_parts,
    }


def _describe_load(load: LoadRow) -> dict[str, Any]:
    names = ("load_id", "file", "actor", "loaded_at", "state", "undoes", "facts")
    return {name: getattr(load, name) for name in names}


def _describe_item(item: Item) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "why": item.what,
        "load": item.load.load_id if item.load else None,
        "file": item.properties.get("source_file"),
        "row": item.properties.get("source_row"),
    }
