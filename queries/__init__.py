"""Questions to the graph: one ``.cypher`` file each, read, checked and asked by name.

A file begins with a header and pastes unchanged into Neo4j Browser::

    // Which listed agencies have not been told yet, as of a date?
    // param  list_id: str - PartnerList.list_id
    // param  limit: int = 20 - at most so many
    // return organization_id: str - Organization.organization_id
    // order  reading within score - what the rows are put in order by
    // right  see_levels
    // source FACTS.md A, indicator 0101
    MATCH … RETURN … ORDER BY …

`right` is what the actor at the door must be allowed (`graph.rights`). A returned column may demand
one more, `// return anxiety: int? [see_levels] - …`: who has it not gets null there, or [] for a
list. Where only one value is not everybody's, `[see_levels: stressful as good]` has another told in
its place, so that neither it nor its absence shows.

Two parameters are not everybody's to give (`graph.consent` says what for). `today` is set by `ask`
alone. `override`, the pseudonym of one client, demands the right `override_consent` and a written
reason, which goes on record with the client's disguise before the question is answered.

Rows come in the order of the file, which knows nothing of Japanese. `order` names a column of text
(a reading, or a name where there is none) by which rows that stand together with equal values
`within` other columns are put in the order of a Japanese index (`graph.collation`). A column it
names that is not declared stands last in the file's RETURN and is no part of the answer.

A parameter with `= value` may be left out. Types are str, int, float, bool, date, str? (may be
null) and list[str]; a returned column may also be any of them with `?`, or map / list[map].
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from itertools import groupby
from pathlib import Path
from typing import Any, Final, cast

from graph.collation import order_name
from graph.consent import read_today
from graph.rights import RIGHTS, Actor, Right
from graph.store import Row, Store

_FOLDER: Final = Path(__file__).parent
_SCALARS: Final = ("str", "int", "float", "bool", "date")
_PARAM_TYPES: Final = {*_SCALARS, *(f"{t}?" for t in _SCALARS), "list[str]"}
_COLUMN_TYPES: Final = _PARAM_TYPES | {"map", "list[map]", "list[int]", "list[float]"}
_PARAM: Final = re.compile(r"param\s+(\w+):\s*(\S+)(?:\s*=\s*(\S+))?\s+-\s+(.+)")
_RETURN: Final = re.compile(
    r"return\s+(\w+):\s*(\S+)(?:\s+\[(\w+)(?::\s*(\w+)\s+as\s+(\w+))?\])?\s+-\s+(.+)"
)
_RIGHT: Final = re.compile(r"right\s+(\w+)")
_ORDER: Final = re.compile(r"order\s+(\w+)(?:\s+within\s+(\w+(?:,\s*\w+)*))?\s+-\s+.+")
_TODAY: Final = "today"
_REASON: Final = "reason"
_USED: Final = re.compile(r"\$(\w+)")
_TOGETHER: Final = "asked"
_STRINGS_AND_COMMENTS: Final = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|//[^\n]*")
_PARTS: Final = re.compile(rf"{_STRINGS_AND_COMMENTS.pattern}|{_USED.pattern}")
_BRACES: Final = re.compile(r"\{[^{}]*\}")
_COLUMN: Final = re.compile(r"(?:\bAS\s+)(\w+)\s*$", re.IGNORECASE)


class BadQuery(ValueError):
    """A query file breaks the rules of its header."""


class BadParameter(ValueError):
    """A parameter is missing, unknown or not of its type.

    `code` is the key of the sentence for the user; `values` fill it. Given values are not
    repeated: a parameter may be a pseudonym.
    """

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(f"{code}: {values}")
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared parameter; `default` is text as in the header, None when it must be given."""

    name: str
    type: str
    default: str | None
    meaning: str

    @property
    def varies(self) -> bool:
        """Say whether its values are of several types to the database."""
        return self.type.endswith("?") or self.type.startswith("list")


@dataclass(frozen=True, slots=True)
class Column:
    """One declared column of the answer; `instead` is a value and what is told in its place."""

    name: str
    type: str
    right: Right | None
    meaning: str
    instead: tuple[str, str] | None = None

    def withhold(self, value: object) -> object:
        """Return what stands here for who lacks the right."""
        if self.instead is not None:
            return self.instead[1] if value == self.instead[0] else value
        return [] if self.type.startswith("list") else None


@dataclass(frozen=True, slots=True)
class Order:
    """By which column rows that agree in the columns `within` go in the order of an index."""

    by: str
    within: tuple[str, ...]


@dataclass(frozen=True)
class Query:
    """A question with its Cypher and the right it demands, checked."""

    name: str
    question: str
    right: Right
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    order: Order | None
    source: str
    cypher: str

    @cached_property
    def statement(self) -> str:
        """The Cypher with the parameters that may be null, and lists, as members of one map.

        The database plans a question anew, for up to seconds, for every type and length its
        parameters come in (null or text, no field, one, some); a map is always of one type. What
        is always a text stays one: only then an index of parts of texts is used.
        """
        members = {f"${p.name}": f"${_TOGETHER}.{p.name}" for p in self.parameters if p.varies}
        return _PARTS.sub(lambda part: members.get(part[0], part[0]), self.cypher)

    @property
    def aside(self) -> tuple[str, ...]:
        """Columns that only put the rows in order; the answer goes without them."""
        declared = {column.name for column in self.columns}
        named = (*self.order.within, self.order.by) if self.order else ()
        return tuple(name for name in named if name not in declared)


def ask(store: Store, name: str, **values: object) -> list[Row]:
    """Ask the question `name`; rows of its declared columns in its own order, [] when none.

    The value `reason` says why consent is overridden, where `override` names a client.

    Raises:
        KeyError: there is no such question.
        graph.store.Refused: the store's actor may not ask it.
        graph.store.NotRecorded: it concerns clients, and that it was asked cannot be recorded.
        BadParameter: a value is missing, unknown or of another type.
        graph.store.StoreError: the database does not answer.
    """
    query = list_queries()[name]
    store.demand(query.right)
    reason = str(values.pop(_REASON, ""))
    bound = bind(query, values)
    if query.right == "see_clients":
        store.note("ask", name, _find_client(bound, "client_id"))
    if client := _find_client(bound, "override"):
        _require_reason(store, name, client, reason)
    withheld = _list_withheld(query, store.actor)
    rows = _put_in_order(query, _read(store, query, bound))
    return [row | {c.name: c.withhold(row[c.name]) for c in withheld} for row in rows]


def _read(store: Store, query: Query, bound: Mapping[str, object]) -> list[Row]:
    return store.read(query.statement, gather(query, bound))


def gather(query: Query, bound: Mapping[str, object]) -> dict[str, object]:
    """Return bound values as the parameters of the question's `statement`."""
    varying = {p.name for p in query.parameters if p.varies}
    single = {name: value for name, value in bound.items() if name not in varying}
    return single | {_TOGETHER: {name: bound[name] for name in sorted(varying)}}


def _put_in_order(query: Query, rows: list[Row]) -> list[Row]:
    """Return the rows in the order of an index where the header asks for it."""
    order = query.order
    if order is None:
        return rows
    runs = groupby(rows, lambda row: [row[name] for name in order.within])
    sorted_rows = (
        row
        for _, run in runs
        for row in sorted(run, key=lambda row: order_name(row[order.by] or ""))
    )
    aside = query.aside
    return [{name: row[name] for name in row if name not in aside} for row in sorted_rows]


def _find_client(bound: Mapping[str, object], parameter: str) -> str | None:
    client = bound.get(parameter)
    return None if client is None else str(client)


def _require_reason(store: Store, name: str, client: str, reason: str) -> None:
    """Put on record that consent is overridden, and why; the pseudonym is not repeated."""
    store.demand("override_consent")
    words = " ".join(reason.split())
    if not words:
        raise BadParameter("queries.no_reason")
    store.note("override", f"{name}: {words.replace(client, '●●●')}", client)


def _list_withheld(query: Query, actor: Actor) -> list[Column]:
    """Return the columns that the actor may not see as they are."""
    return [
        column
        for column in query.columns
        if column.right is not None and not actor.may(column.right)
    ]


def rehearse(store: Store) -> None:
    """Ask every question once, of nobody, so that the database has planned it when a user comes.

    A first question costs the planner up to seconds, the second milliseconds.

    Raises:
        graph.store.StoreError: the database does not answer.
    """
    for query in list_queries().values():
        nobody = {p.name: _NOBODY[p.type] for p in query.parameters if p.default is None}
        _read(store, query, bind(query, nobody))


def bind(query: Query, values: Mapping[str, object]) -> dict[str, object]:
    """Check `values` against the declared parameters, read text into types, fill defaults.

    `today` is no value to be given: it is the day itself.
    """
    declared = {parameter.name: parameter for parameter in query.parameters}
    open_to_all = [name for name in declared if name != _TODAY]
    if unknown := sorted(values.keys() - set(open_to_all)):
        raise BadParameter("queries.unknown", name=unknown[0], known=", ".join(open_to_all))
    given = dict(values) | ({_TODAY: read_today()} if _TODAY in declared else {})
    return {name: _bind_one(parameter, given) for name, parameter in declared.items()}


def _bind_one(parameter: Parameter, values: Mapping[str, object]) -> object:
    value = values.get(parameter.name, parameter.default)
    if value is None or value == "null":
        if parameter.type.endswith("?"):
            return None
        raise BadParameter("queries.missing", name=parameter.name, type=parameter.type)
    try:
        return _READERS[parameter.type.removesuffix("?")](value)
    except (ValueError, TypeError, KeyError) as error:
        raise BadParameter("queries.type", name=parameter.name, type=parameter.type) from error


def _read_date(value: object) -> date:
    if value == "today":
        return date.today()
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _read_int(value: object) -> int:
    number = int(value)  # type: ignore[call-overload]
    if abs(number) >= 2**63:
        raise ValueError("beyond the database's integers")
    return int(number)


def _read_bool(value: object) -> bool:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}[str(value).lower()]


def _read_list(value: object) -> list[str]:
    if isinstance(value, str):
        return [item.strip() for item in value.strip("[]").split(",") if item.strip()]
    return [str(item) for item in value]  # type: ignore[attr-defined]


_READERS: Final[dict[str, Any]] = {
    "str": str,
    "int": _read_int,
    "float": float,
    "bool": _read_bool,
    "date": _read_date,
    "list[str]": _read_list,
}

_NOBODY: Final[dict[str, object]] = {
    "str": "",
    "int": 0,
    "float": 0.0,
    "bool": False,
    "date": "today",
    "list[str]": [],
}


@cache
def list_queries() -> dict[str, Query]:
    """Read and check every query file of this folder, name → query, sorted by name.

    Raises:
        BadQuery: a file breaks a rule; the message names the file and the rule.
    """
    return {
        path.stem: parse_query(path.stem, path.read_text(encoding="utf-8"))
        for path in sorted(_FOLDER.glob("*.cypher"))
    }


def parse_query(name: str, text: str) -> Query:
    """Read a query file's text and check its header against its Cypher.

    Raises:
        BadQuery: no question; an undeclared, unused or doubly declared parameter; an unknown
            type; other columns than declared; no source.
    """
    header, cypher = _split(text)
    question = header[0] if header else ""
    if not question.endswith("?"):
        raise BadQuery(f"{name}: the first line must be the question, ending in ?")
    parameters: list[Parameter] = []
    columns: list[Column] = []
    order: Order | None = None
    source = ""
    right = ""
    for line in header[1:]:
        if match := _PARAM.fullmatch(line):
            parameters.append(Parameter(*match.groups()))
        elif match := _RETURN.fullmatch(line):
            columns.append(_read_column(match))
        elif line.startswith("source "):
            source = line.removeprefix("source ").strip()
        elif match := _RIGHT.fullmatch(line):
            right = match[1]
        elif match := _ORDER.fullmatch(line):
            order = Order(match[1], tuple(re.findall(r"\w+", match[2] or "")))
        elif line.startswith(("param", "return", "right", "order")):
            raise BadQuery(f"{name}: cannot read the header line: {line}")
    demanded = cast("Right", right)
    query = Query(
        name, question, demanded, tuple(parameters), tuple(columns), order, source, cypher
    )
    _check(query)
    return query


def _read_column(match: re.Match[str]) -> Column:
    name, type_, right, hidden, told, meaning = match.groups()
    instead = (hidden, told) if hidden else None
    return Column(name, type_, cast("Right | None", right), meaning, instead)


def _split(text: str) -> tuple[list[str], str]:
    lines = text.strip().splitlines()
    count = next((i for i, line in enumerate(lines) if not line.startswith("//")), len(lines))
    return [line.removeprefix("//").strip() for line in lines[:count]], text.strip() + "\n"


def _check(query: Query) -> None:
    code = _STRINGS_AND_COMMENTS.sub("", query.cypher)
    declared = [parameter.name for parameter in query.parameters]
    used = set(_USED.findall(code))
    rules = (
        (query.source, "names no source"),
        (query.right, "names no right"),
        ({query.right, *_list_column_rights(query)} <= RIGHTS, "demands an unknown right"),
        (len(set(declared)) == len(declared), "declares a parameter twice"),
        (not used - set(declared), f"uses undeclared {sorted(used - set(declared))}"),
        (not set(declared) - used, f"does not use {sorted(set(declared) - used)}"),
        (all(p.type in _PARAM_TYPES for p in query.parameters), "has an unknown parameter type"),
        (all(c.type in _COLUMN_TYPES | _nullable() for c in query.columns), "has an unknown type"),
        (
            [*(column.name for column in query.columns), *query.aside] == _returned(code),
            f"returns {_returned(code)}, not the declared columns",
        ),
    )
    for holds, rule in rules:
        if not holds:
            raise BadQuery(f"{query.name}: {rule}")


def _list_column_rights(query: Query) -> set[Right]:
    return {column.right for column in query.columns if column.right is not None}


def _nullable() -> set[str]:
    return {f"{name}?" for name in _COLUMN_TYPES if not name.endswith("?")}


def _returned(code: str) -> list[str]:
    """Return the column names of the outermost RETURN, each named by AS or a bare variable."""
    while (outer := _BRACES.sub("", code)) != code:
        code = outer
    tail = re.split(r"\bRETURN\b(?:\s+DISTINCT\b)?", code)[-1]
    tail = re.split(r"\bORDER BY\b|\bSKIP\b|\bLIMIT\b", tail)[0]
    names = []
    for item in _split_at_commas(tail):
        match = _COLUMN.search(item.strip())
        names.append(match.group(1) if match else item.strip())
    return names


def _split_at_commas(text: str) -> list[str]:
    items, depth, current = [], 0, ""
    for character in text:
        depth += character in "([{"
        depth -= character in ")]}"
        if character == "," and depth == 0:
            items.append(current)
            current = ""
        else:
            current += character
    return [*items, current]
