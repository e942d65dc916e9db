"""`tsunagi ask`: a question to the graph by name."""

from __future__ import annotations

from typing import Annotated

import typer

import queries
from commands.console import OUT, fail, help_text, open_store, print_csv, print_json, print_table


def ask(
    name: Annotated[str | None, typer.Argument(help=help_text("option.name"))] = None,
    param: Annotated[list[str] | None, typer.Option(help=help_text("option.param"))] = None,
    list_all: Annotated[bool, typer.Option("--list", help=help_text("option.list"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=help_text("option.json"))] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help=help_text("option.csv"))] = False,
) -> None:
    if list_all or name is None:
        _list_queries(as_json=as_json)
        return
    query = queries.list_queries().get(name)
    if query is None:
        fail("cli.no_query", name=name, known=", ".join(queries.list_queries()))
    try:
        values = dict(_split_parameter(text) for text in param or [])
        queries.bind(query, values)
        with open_store() as store:
            rows = queries.ask(store, name, **values)
    except queries.BadParameter as error:
        fail(error.code, **error.values)
    columns = [column.name for column in query.columns]
    if as_json:
        print_json(rows)
    elif as_csv:
        print_csv(columns, rows)
    else:
        print_table(columns, rows)


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
        print_json(described)
        return
    for query in queries.list_queries().values():
        OUT.print(f"{query.name}\n    {query.question}", highlight=False, markup=False)
        for p in query.parameters:
            default = "" if p.default is None else f" = {p.default}"
            line = f"    --param {p.name}: {p.type}{default} - {p.meaning}"
            OUT.print(line, highlight=False, markup=False, soft_wrap=True)
