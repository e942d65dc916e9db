"""Small makers of records: the smallest graph that a test needs, in a few words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from itertools import count

import neo4j
from openpyxl import Workbook

from graph.dates import PartialDate, read_iso_date
from graph.records import NodeRecord, Record, RelationshipRecord, Source, Value
from graph.store import Load, Store, WriteReport

SOURCE = Source("test.xlsx", "シート", 2)
FACILITY = "home"
_loads = count(1)

Records = list[Record]


def day(text: str) -> PartialDate:
    """2022-10-04, 2022-10 or 2022."""
    return read_iso_date(text)


def node(label: str, key: str, /, **properties: Value) -> NodeRecord:
    return NodeRecord(label, key, properties, SOURCE)


def link(relation: str, start: str, end: str, /, **properties: Value) -> RelationshipRecord:
    """A relationship between two ends written as `Label key`."""
    first, second = tuple(start.split(" ", 1)), tuple(end.split(" ", 1))
    return RelationshipRecord(relation, first, second, properties, SOURCE)  # type: ignore[arg-type]


def agency(key: str, *, field: str | None = "welfare", **properties: Value) -> NodeRecord:
    given: dict[str, Value] = {"name": key, "field": field}
    return NodeRecord("Organization", key, given | properties, SOURCE)


def agencies(*keys: str) -> Records:
    return [agency(key) for key in keys]


def area(
    key: str, within: str | None = None, level: str = "municipality", **more: Value
) -> Records:
    records: Records = [node("Area", key, name=key, level=level, **more)]
    return [*records, link("PART_OF", f"Area {key}", f"Area {within}")] if within else records


def support(key: str) -> NodeRecord:
    return node("Support", key, name=key)


def offers(organization: str, support_id: str) -> RelationshipRecord:
    return link("OFFERS", f"Organization {organization}", f"Support {support_id}")


def serves(organization: str, area_id: str) -> RelationshipRecord:
    return link("SERVES", f"Organization {organization}", f"Area {area_id}")


def located(organization: str, area_id: str) -> RelationshipRecord:
    return link("LOCATED_IN", f"Organization {organization}", f"Area {area_id}")


def partner_list(key: str, made_on: str, *listed: str, keeper: str = FACILITY) -> Records:
    return [
        node("PartnerList", key, name=key, made_on=day(made_on)),
        link("KEEPS", f"Organization {keeper}", f"PartnerList {key}"),
        *(link("LISTS", f"PartnerList {key}", f"Organization {each}") for each in listed),
    ]


def event(
    kind: str, on: str, *about: str, by: str = FACILITY, key: str = "", **properties: Value
) -> Records:
    """An event about agencies, or about ends written as `Label key`."""
    ends = [end if " " in end else f"Organization {end}" for end in about]
    name = key or f"{kind}/{on}/{'+'.join(about)}".replace(" ", "_")
    return [
        node("Event", name, kind=kind, occurred_on=day(on), **properties),
        *(link("CONCERNS", f"Event {name}", end) for end in ends),
        link("RECORDED_BY", f"Event {name}", f"Organization {by}"),
    ]


def tie(
    source: str,
    target: str,
    *,
    kind: str = "cooperation",
    strength: str = "normal",
    quality: str = "good",
    **properties: Value,
) -> RelationshipRecord:
    return link(
        "TIED_TO",
        f"Organization {source}",
        f"Organization {target}",
        kind=kind,
        strength=strength,
        quality=quality,
        **properties,
    )


def referral(
    key: str,
    sender: str,
    receiver: str | None = None,
    *,
    status: str = "accepted",
    client: str = "",
    follows: str | None = None,
    allowed: bool = True,
    **properties: Value,
) -> Records:
    """A referral, with the client's consent to tell the receiver unless it is not `allowed`."""
    person = client or f"client-{key}"
    records: Records = [
        node("Referral", key, status=status, **properties),
        node("Client", person),
        link("FOR", f"Referral {key}", f"Client {person}"),
        link("SENT", f"Organization {sender}", f"Referral {key}"),
    ]
    if receiver:
        records.append(link("RECEIVED_BY", f"Referral {key}", f"Organization {receiver}"))
        if allowed:
            records += consent(person, receiver)
    if follows:
        records.append(link("FOLLOWS", f"Referral {key}", f"Referral {follows}"))
    return records


def consent(
    client: str, organization: str, key: str = "", since: date = date(2000, 1, 1), **more: Value
) -> Records:
    """A client's consent that an agency is told, for referrals unless `more` says otherwise."""
    name = key or f"consent/{client}/{organization}"
    given: dict[str, Value] = {"purpose": "referral", "since": since}
    return [
        node("Consent", name, **given | more),
        link("GRANTS", f"Client {client}", f"Consent {name}"),
        link("ALLOWS", f"Consent {name}", f"Organization {organization}"),
    ]


def place(kind: str, referral_id: str, area_id: str) -> RelationshipRecord:
    return link(kind, f"Referral {referral_id}", f"Area {area_id}", certainty="certain")


def write(store: Store, *records: Record | Iterable[Record]) -> WriteReport:
    """Write records as a file does, a load of its own; what is said twice is written once."""
    flat: dict[tuple[str, str], Record] = {}
    for item in records:
        group = (item,) if isinstance(item, NodeRecord | RelationshipRecord) else item
        for record in group:
            flat.setdefault((record.kind, record.identity), record)
    load = Load(f"test-{next(_loads)}", "test.xlsx", "hash of the file")
    return store.write(list(flat.values()), load)


def workbook(**sheets: Sequence[Sequence[object]]) -> bytes:
    """The bytes of a workbook with these sheets, each a list of rows, the header first."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        worksheet = book.create_sheet(name)
        for row in rows:
            worksheet.append(list(row))
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def delimited(rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> bytes:
    """The bytes of a CSV file."""
    return "".join(",".join(row) + "\r\n" for row in rows).encode(encoding)


_STATE = """
MATCH (n) WHERE NOT (n:Load OR n:Former OR n:SchemaVersion)
RETURN labels(n) AS kind, [] AS ends, properties(n) AS properties
UNION ALL
MATCH (a)-[r]->(b)
RETURN [type(r)] AS kind, [elementId(a), elementId(b)] AS ends, properties(r) AS properties
"""


def hash_graph(raw: neo4j.Driver) -> str:
    """A hash of every node and relationship with all that is stored but loads and the version."""
    rows = sorted(
        repr((record["kind"], record["ends"], sorted(record["properties"].items())))
        for record in raw.execute_query(_STATE).records
    )
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def count_nodes(raw: neo4j.Driver, label: str = "") -> int:
    pattern = f"(n:{label})" if label else "(n) WHERE NOT n:SchemaVersion"
    return int(raw.execute_query(f"MATCH {pattern} RETURN count(n) AS n").records[0]["n"])
