"""From a file to the graph: read, check, compare, and write all of it or nothing."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graph.records import Record, RelationshipRecord, Source
from graph.rights import OPERATOR
from graph.store import Difference, Load, MissingEnds, Progress, Store, WriteReport
from loaders.directory import Directory, KnownOrganization
from loaders.placement import place_newcomers
from loaders.problems import BadFile, BadValue, Problem, sort_values
from loaders.reading.sheets import parse_tables
from loaders.reference import load_reference
from loaders.workbook import Reading, read_records


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a file would do (a check) or did (a load, then `report` is set).

    With `problems` nothing was or would be written. `missing` are (kind, row) of an earlier
    edition of the same sheets that this file no longer holds; a load deletes none of them.
    """

    file: str
    rows: int = 0
    difference: Difference = field(default_factory=Difference)
    missing: tuple[tuple[str, int], ...] = ()
    problems: tuple[Problem, ...] = ()
    notices: tuple[Problem, ...] = ()
    report: WriteReport | None = None


def check_file(store: Store, file: str, data: bytes, facility: str | None = None) -> Outcome:
    """Say what loading the bytes of `file` would do; the graph is not changed.

    `facility` is an id or name of the agency whose lists and events these are.
    """
    _, outcome = _prepare(store, file, data, facility)
    return outcome


def load_file(
    store: Store,
    file: str,
    data: bytes,
    facility: str | None = None,
    *,
    actor: str | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Load the bytes of `file`, all or nothing.

    With problems the outcome has no report and the graph is as it was.

    Raises:
        graph.store.StoreError: the database did not take it; the graph is as it was, unless it is
            `Unavailable`, when loading the same file again is harmless.
    """
    records, outcome = _prepare(store, file, data, facility)
    if outcome.problems:
        return outcome
    load = Load(make_load_id(), file, hashlib.sha256(data).hexdigest(), actor)
    try:
        report = store.write(records, load, progress)
    except MissingEnds as error:
        return Outcome(file, outcome.rows, problems=_report_missing_ends(error, records))
    return Outcome(
        file,
        outcome.rows,
        outcome.difference,
        outcome.missing,
        notices=outcome.notices,
        report=report,
    )


def read_path(path: Path) -> bytes:
    """Return the bytes of a file.

    Raises:
        BadFile: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError:
        raise BadFile("loaders.file.unreadable") from None


def make_load_id() -> str:
    """Return a new id for one load; the caller keeps it for retries."""
    return f"load-{secrets.token_hex(8)}"


def _prepare(
    store: Store, file: str, data: bytes, facility: str | None
) -> tuple[Sequence[Record], Outcome]:
    store.prepare()
    load_reference(store.acting_as(OPERATOR))  # the product's own, not the actor's
    directory = read_directory(store)
    try:
        reading = read_records(parse_tables(file, data), directory, facility)
    except (BadFile, BadValue) as error:
        problem = Problem(file, None, 0, "", error.code, sort_values(error.values))
        return (), Outcome(file, problems=(problem,))
    if reading.problems:
        return (), _refuse(file, reading)
    records = [*reading.records, *_place(store, reading.records, Source(file))]
    return records, Outcome(
        file,
        reading.rows,
        store.compare(records),
        store.list_missing(reading.records),
        notices=reading.notices,
    )


def _refuse(file: str, reading: Reading) -> Outcome:
    return Outcome(file, reading.rows, problems=reading.problems, notices=reading.notices)


def read_directory(store: Store) -> Directory:
    """Return the agencies of the graph."""
    columns = (
        "organization_id", "name", "short_name", "municipality", "office_number",
        "corporate_number",
    )  # fmt: skip
    rows = store.list_nodes("Organization", columns)
    return Directory(KnownOrganization(**row) for row in rows)


def _place(store: Store, records: Sequence[Record], source: Source) -> list[Record]:
    taken = {
        (row["start"], row["end"]): row["slot"]
        for row in store.list_relationships("PLACES", ("slot",))
    }
    keepers = {row["start"] for row in store.list_relationships("KEEPS", ())}
    fields = {
        row["organization_id"]: row["field"]
        for row in store.list_nodes("Organization", ("organization_id", "field"))
    }
    return place_newcomers(records, keepers, taken, fields, source)


def _report_missing_ends(error: MissingEnds, records: Sequence[Record]) -> tuple[Problem, ...]:
    """Return a problem for each row whose relationship has an end that does not exist."""
    ends = set(error.ends)
    return tuple(
        sorted(
            Problem(
                record.source.file,
                record.source.sheet,
                record.source.row or 0,
                "",
                "rows.missing_end",
                sort_values({"kind": error.kind}),
            )
            for record in records
            if isinstance(record, RelationshipRecord)
            and record.type == error.kind
            and (record.start[1], record.end[1]) in ends
        )
    )
