"""Every question of `queries` as a path of its own, typed by the header of its file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from inspect import Parameter as Argument
from inspect import Signature
from typing import Annotated, Any, Final

import fastapi
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, create_model

import queries
from api.desk import Desk
from graph.store import Row
from queries import Column, Parameter, Query

_LARGEST: Final = 2**53  # JSON numbers are doubles to many readers
_MOST_ROWS: Final = 20_000
_COLUMN_TYPES: Final[dict[str, Any]] = {
    "str": str, "int": int, "float": float, "bool": bool, "date": date, "map": dict[str, Any],
    "list[str]": list[str], "list[int]": list[int], "list[float]": list[float],
    "list[map]": list[dict[str, Any]],
}  # fmt: skip
_RESERVED: Final = frozenset({"override", "reason"})
"""Parameters that are a person's own decision, given with words on a page; not asked for here."""


class Question(BaseModel):
    """A question that may be asked, and the right it demands."""

    model_config = ConfigDict(frozen=True)

    name: str
    question: str
    right: str


def make_questions(desk: Desk) -> APIRouter:
    """Return a list of the questions at "", and each at its name; rows of its columns, [] if none.

    A column whose right the account lacks is null, or [] for a list, or tells another value.
    """
    router = APIRouter()

    @router.get("", summary="Which questions may be asked?")
    def list_questions(request: Request) -> list[Question]:
        actor = desk.find_actor(request)
        return [
            Question(name=query.name, question=query.question, right=query.right)
            for query in queries.list_queries().values()
            if actor.may(query.right)
        ]

    for query in queries.list_queries().values():
        router.add_api_route(
            f"/{query.name}",
            _make_endpoint(query, desk),
            response_model=list[make_row_model(query)],  # type: ignore[misc]
            summary=query.question,
            description=f"Demands the right `{query.right}`. Source: {query.source}",
        )
    return router


def make_row_model(query: Query) -> type[BaseModel]:
    """Return the model of a row: the declared columns, each with its meaning."""
    columns: dict[str, Any] = {column.name: _describe_column(column) for column in query.columns}
    return create_model(f"{query.name}_row", **columns)


def _describe_column(column: Column) -> tuple[Any, Any]:
    type_ = _COLUMN_TYPES[column.type.removesuffix("?")]
    is_emptied = column.right is not None and column.instead is None
    may_lack = column.type.endswith("?") or (is_emptied and not column.type.startswith("list"))
    return (type_ | None if may_lack else type_, Field(description=column.meaning))


def _make_endpoint(query: Query, desk: Desk) -> Callable[..., Any]:
    asked = [p for p in query.parameters if p.name not in _RESERVED]

    def endpoint(request: Request, **values: Any) -> Sequence[Row]:
        given = {name: value for name, value in values.items() if value is not None}
        return desk.ask(desk.find_actor(request), query.name, **given)

    arguments = [Argument("request", Argument.KEYWORD_ONLY, annotation=Request)]
    arguments += [_describe_argument(parameter) for parameter in asked if _is_open(parameter)]
    endpoint.__signature__ = Signature(arguments)  # type: ignore[attr-defined]
    endpoint.__name__ = f"ask_{query.name}"
    return endpoint


def _is_open(parameter: Parameter) -> bool:
    return parameter.name != "today"


def _describe_argument(parameter: Parameter) -> Argument:
    limits = _find_limits(parameter)
    described = fastapi.Query(description=_describe(parameter), **limits)
    type_: Any = _COLUMN_TYPES[parameter.type.removesuffix("?")]
    if parameter.default is None:
        return Argument(
            parameter.name, Argument.KEYWORD_ONLY, annotation=Annotated[type_, described]
        )
    annotation = Annotated[type_ | None, described]
    return Argument(parameter.name, Argument.KEYWORD_ONLY, default=None, annotation=annotation)


def _describe(parameter: Parameter) -> str:
    if parameter.default in (None, "null"):
        return parameter.meaning
    return f"{parameter.meaning} (default {parameter.default})"


def _find_limits(parameter: Parameter) -> dict[str, Any]:
    if parameter.name in {"limit", "skip"}:
        return {"ge": 0, "le": _MOST_ROWS if parameter.name == "limit" else _LARGEST}
    if parameter.type.startswith(("int", "float")):
        return {"ge": -_LARGEST, "le": _LARGEST}
    return {}
