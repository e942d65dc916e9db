"""A record: one node or one relationship as it should stand in the graph, checked.

Every way into the graph (a workbook row, a form, an open-data file) makes records; `check` applies
the rules of the schema declaration to them and `graph.store` writes them. Records are plain values.

A property that is present with the value None is emptied by the write; a property that is absent is
left as it is. A partial list of columns can therefore be loaded without emptying the others.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from json.encoder import encode_basestring as _quote
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    ValidationError,
    create_model,
)
from pydantic_core import PydanticCustomError

from graph.dates import PartialDate
from graph.schema import (
    NODES,
    RELATION_KEY,
    RELATIONSHIPS,
    NodeType,
    Property,
    RelationshipType,
    ValueType,
)

_DELIMITER: Final = "\x1f"
_SMALLEST: Final = -(2**63)  # the database's integers
_LARGEST: Final = 2**63 - 1
_LONGEST_INDEXED: Final = 2_000  # characters; an index takes about 8,000 bytes


@dataclass(frozen=True, slots=True)
class Point:
    """A WGS 84 position in degrees."""

    latitude: float
    longitude: float


Value = str | int | float | bool | date | datetime | PartialDate | Point | None
StoredValue = str | int | float | bool | date | datetime | Point | None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a record was read: file name, sheet, and the row as the spreadsheet numbers it."""

    file: str
    sheet: str | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class NodeRecord:
    """A node: label, key value and properties (the key property not repeated)."""

    label: str
    key: str
    properties: Mapping[str, Value]
    source: Source

    @property
    def kind(self) -> str:
        """The label."""
        return self.label

    @property
    def identity(self) -> str:
        """The value that finds it again."""
        return self.key


@dataclass(frozen=True, slots=True)
class RelationshipRecord:
    """A relationship between two nodes, each named by label and key value."""

    type: str
    start: tuple[str, str]
    end: tuple[str, str]
    properties: Mapping[str, Value] = field(default_factory=dict)
    source: Source = Source("")

    @property
    def kind(self) -> str:
        """The relationship type."""
        return self.type

    @property
    def identity(self) -> str:
        """The derived `RELATION_KEY`: type, both ends and the identifying properties."""
        distinguishing = RELATIONSHIPS[self.type].identity
        return derive_id(
            "rel",
            self.type,
            *self.start,
            *self.end,
            *(self.properties.get(n) for n in distinguishing),
        )


Record = NodeRecord | RelationshipRecord


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule: which property of which record, and why.

    `code` is one of required, type, vocabulary, pattern, range, too_long, unknown_property,
    unknown_kind, ends. The value itself is not part of a fault: it may be personal.
    """

    record: Record
    property: str
    code: str
    expected: str = ""


class InvalidRecords(ValueError):
    """Records broke the rules of the schema; nothing was written."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(
            "; ".join(f"{f.record.kind}.{f.property}: {f.code} {f.expected}" for f in faults[:5])
        )
        self.faults = tuple(faults)


def derive_id(prefix: str, *parts: object) -> str:
    """Return a stable id: `prefix` and a 96-bit BLAKE2b hash of the ordered, delimited parts.

    None and "" hash alike; the delimiter cannot stand in a part, so no two lists run together.
    """
    text = _DELIMITER.join(_canonical(part).replace(_DELIMITER, " ") for part in parts)
    return f"{prefix}-{hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}"


def check(records: Sequence[Record]) -> list[Fault]:
    """Return every broken rule of the schema, in the order of the records; empty when all hold."""
    return [fault for record in records for fault in _check_one(record)]


def encode(record: Record) -> dict[str, StoredValue]:
    """Return the properties as stored: a partial date becomes its three stored properties."""
    stored: dict[str, StoredValue] = {}
    for declared in _declared(record):
        if declared.name not in record.properties:
            continue
        value = record.properties[declared.name]
        if declared.type is ValueType.PARTIAL_DATE:
            stored |= zip(declared.stored_names, _parts(value), strict=True)
        elif not isinstance(value, PartialDate):
            stored[declared.name] = value
    return stored


def hash_content(stored: Mapping[str, StoredValue]) -> str:
    """Return a 128-bit hash of stored properties, independent of their order."""
    # The text of json.dumps, sorted and not ASCII only, written here in a third of its time.
    cells = (f"{_quote(name)}: {_quote(_canonical(stored[name]))}" for name in sorted(stored))
    text = "{" + ", ".join(cells) + "}"
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _canonical(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, PartialDate):
        return value.isoformat()
    if isinstance(value, Point):
        return f"{value.latitude!r},{value.longitude!r}"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)


def _parts(value: Value) -> tuple[StoredValue, StoredValue, StoredValue]:
    if not isinstance(value, PartialDate):
        return (None, None, None)
    return (value.first, value.precision, value.as_written)


def _declared(record: Record) -> tuple[Property, ...]:
    if isinstance(record, NodeRecord):
        return NODES[record.label].properties
    return RELATIONSHIPS[record.type].properties


def _check_one(record: Record) -> list[Fault]:
    known: Mapping[str, object] = NODES if isinstance(record, NodeRecord) else RELATIONSHIPS
    if record.kind not in known:
        return [Fault(record, record.kind, "unknown_kind")]
    values = dict(record.properties)
    if isinstance(record, NodeRecord):
        values[NODES[record.label].key] = record.key
    elif (record.start[0], record.end[0]) not in RELATIONSHIPS[record.type].ends:
        return [Fault(record, RELATION_KEY, "ends")]
    try:
        _model(record.kind).model_validate(values)
    except ValidationError as error:
        faults = [_fault(record, detail) for detail in error.errors(include_input=False)]
        # A union of types reports each of them.
        return list({(fault.property, fault.code): fault for fault in faults}.values())
    return []


_CODES: Final = {
    "missing": "required",
    "string_pattern_mismatch": "pattern",
    "greater_than_equal": "range",
    "less_than_equal": "range",
    "string_too_short": "required",
    "string_too_long": "too_long",
    "extra_forbidden": "unknown_property",
    "value_error": "vocabulary",
}


def _fault(record: Record, detail: Mapping[str, Any]) -> Fault:
    name = str(detail["loc"][0])
    declared = {p.name: p for p in _declared(record)}.get(name)
    code = _CODES.get(detail["type"], "type")
    if declared is not None and declared.required and record.properties.get(name, "") is None:
        code = "required"
    return Fault(record, name, code, _expected(declared, code))


def _expected(declared: Property | None, code: str) -> str:
    if declared is None:
        return ""
    if code in ("vocabulary", "pattern") and declared.vocabulary:
        return "、".join(term.ja for term in declared.vocabulary.terms)
    if code == "pattern":
        return declared.pattern or ""
    if code == "range":
        return _expected_range(declared)
    if code == "too_long":
        return str(_LONGEST_INDEXED)
    return str(declared.type)


def _expected_range(declared: Property) -> str:
    if declared.type is ValueType.POINT:
        return "-90〜90, -180〜180"
    low, high = declared.minimum, declared.maximum
    return f"{_SMALLEST if low is None else low:g}〜{_LARGEST if high is None else high:g}"


@cache
def _model(kind: str) -> type[BaseModel]:
    """Build the validation model of a label or relationship type from its declaration."""
    declaration: NodeType | RelationshipType = NODES[kind] if kind in NODES else RELATIONSHIPS[kind]
    indexed = _list_indexed(declaration)
    fields: dict[str, Any] = {p.name: _field(p, p.name in indexed) for p in declaration.properties}
    return create_model(
        kind,
        __config__=ConfigDict(
            extra="forbid", arbitrary_types_allowed=True, regex_engine="python-re"
        ),
        **fields,
    )


def _list_indexed(declaration: NodeType | RelationshipType) -> frozenset[str]:
    if isinstance(declaration, RelationshipType):
        return frozenset()
    return frozenset(declaration.range_indexes + declaration.text_indexes + declaration.fulltext)


def _require_on_earth(point: Point) -> Point:
    if abs(point.latitude) <= 90 and abs(point.longitude) <= 180:
        return point
    raise PydanticCustomError("less_than_equal", "not on earth")


def _require_storable(number: float) -> float:
    if not math.isfinite(number):
        raise PydanticCustomError("finite_number", "not finite")
    if isinstance(number, int) and not _SMALLEST <= number <= _LARGEST:
        raise PydanticCustomError("less_than_equal", "beyond the database's integers")
    return number


_STORABLE: Final = AfterValidator(_require_storable)
_STRICT: Final[dict[ValueType, Any]] = {
    ValueType.TEXT: StrictStr,
    ValueType.INTEGER: Annotated[StrictInt, _STORABLE],
    ValueType.NUMBER: Annotated[StrictInt | StrictFloat, _STORABLE],
    ValueType.BOOLEAN: StrictBool,
    ValueType.DATE: Annotated[date, Strict()],
    ValueType.TIME: Annotated[datetime, Strict()],
    ValueType.PARTIAL_DATE: PartialDate,
    ValueType.POINT: Annotated[Point, AfterValidator(_require_on_earth)],
}


def _field(declared: Property, is_indexed: bool) -> tuple[Any, Any]:
    limits: dict[str, Any] = {}
    if declared.pattern:
        limits["pattern"] = rf"\A(?:{declared.pattern})\Z"
    if declared.required and declared.type is ValueType.TEXT:
        limits["min_length"] = 1
    if is_indexed and declared.type is ValueType.TEXT:
        limits["max_length"] = _LONGEST_INDEXED
    if declared.minimum is not None:
        limits["ge"] = declared.minimum
    if declared.maximum is not None:
        limits["le"] = declared.maximum
    annotation: Any = Annotated[_STRICT[declared.type], Field(**limits)]
    if declared.vocabulary and not declared.several:
        annotation = Annotated[annotation, AfterValidator(_membership(declared.vocabulary.codes))]
    return (annotation, ...) if declared.required else (annotation | None, None)


def _membership(codes: tuple[str, ...]) -> Any:
    allowed = frozenset(codes)

    def require_known(value: str) -> str:
        if value not in allowed:
            raise ValueError("not in the vocabulary")
        return value

    return require_known
