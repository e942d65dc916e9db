"""From a file to the graph: read, check, compare, and write all of it or nothing.

A large file is the exception: it is written in parts, and an interrupted load of it continues where
it stopped (loaders.open_data.loading, loaders.large_files).
"""

from __future__ import annotations

import secrets
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from graph.consent import read_today
from graph.dates import read_iso_date
from graph.records import Record, RelationshipRecord, Source
from graph.rights import OPERATOR
from graph.store import Difference, Load, MissingEnds, Progress, Store, WriteReport
from loaders.consents import count_unconsented
from loaders.directory import Directory, KnownOrganization
from loaders.headings import make_records, parse_sheets, read_headings
from loaders.large_files import write_file
from loaders.likenesses import Likeness, find_likenesses, report_likenesses
from loaders.open_data.files import OpenDataFile, Opener, recognise_file
from loaders.open_data.loading import (
    WHOLE_UP_TO,
    EditionChoice,
    Survey,
    describe_load,
    hash_file,
    prepare_whole,
    survey_file,
    write_parts,
)
from loaders.placement import place_in_graph
from loaders.problems import BadFile, BadValue, LoadProblem, Problem, sort_values
from loaders.reading.headers import Heading, Words, learn
from loaders.reading.limits import DEFAULT_LIMITS, read_bounded
from loaders.reading.sheets import Table
from loaders.reference import load_reference
from loaders.single_links import compare_with_graph
from loaders.unsaid import keep_unsaid
from loaders.workbook import Reading, SheetHeader, describe_header, read_records


@dataclass(frozen=True, slots=True)
class OpenDataOutcome:
    """What is particular to open data: its survey, rows in doubt and listings that vanished.

    `in_parts`: the file is written in parts, so that the difference is not known beforehand.
    `resumed`: an interrupted load of these bytes was, or would be, taken up again.
    """

    survey: Survey
    doubtful: int = 0
    vanished: int = 0
    in_parts: bool = False
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a file would do (a check) or did (a load, then `report` is set).

    With `problems` nothing was or would be written. `missing` are (kind, row) of an earlier
    edition of the same sheets that this file no longer holds; a load deletes none of them.
    `withdrawn` are relations that go: the file names another one of which there is one, or only an
    earlier edition of open data said them.
    `alike` are agencies it would bring that may be known ones.
    `sheets` say how the headers were understood, also where they were not.
    """

    file: str
    rows: int = 0
    difference: Difference = field(default_factory=Difference)
    missing: tuple[tuple[str, int], ...] = ()
    problems: tuple[Problem, ...] = ()
    notices: tuple[Problem, ...] = ()
    report: WriteReport | None = None
    open_data: OpenDataOutcome | None = None
    sheets: tuple[SheetHeader, ...] = ()
    withdrawn: tuple[Record, ...] = ()
    alike: tuple[Likeness, ...] = ()


def check_file(
    store: Store,
    file: str,
    data: bytes | Path,
    facility: str | None = None,
    *,
    choice: EditionChoice | None = None,
    headings: Sequence[Heading] = (),
    made_on: date | None = None,
    same: Mapping[str, str] | None = None,
) -> Outcome:
    """Say what loading the bytes of `file` would do; the graph is not changed.

    `facility` is an id or name of the agency whose lists and events these are, `made_on` the day of
    lists whose rows do not say it; `choice` is what a person says of the edition of open data,
    `headings` what they say of headers nobody knows, `same` which agencies that the file would
    bring are known ones (id → id). A path is read as far as it has to be.
    """
    _, outcome = _prepare(
        store, file, data, facility, choice=choice, headings=headings, made_on=made_on, same=same
    )
    return outcome


def load_file(
    store: Store,
    file: str,
    data: bytes | Path,
    facility: str | None = None,
    *,
    actor: str | None = None,
    progress: Progress | None = None,
    choice: EditionChoice | None = None,
    headings: Sequence[Heading] = (),
    made_on: date | None = None,
    same: Mapping[str, str] | None = None,
) -> Outcome:
    """Load the bytes of `file`, all or nothing; a very large file in parts.

    `headings` are loaded along with it, so that the next file needs none, and the undo of the load
    forgets them. With problems the outcome has no report and the graph is as it was.

    Raises:
        graph.store.StoreError: the database did not take it; the graph is as it was, unless it is
            `Unavailable` or the file is written in parts, when loading the same file again is
            harmless and continues.
    """
    records, outcome = _prepare(
        store, file, data, facility, choice=choice, headings=headings, made_on=made_on, same=same
    )
    if outcome.problems:
        return outcome
    try:
        load = Load(make_load_id(), file, hash_file(_open(data)), actor)
    except BadFile as error:  # it went away since it was checked
        return refuse_file(file, error)
    if outcome.open_data and outcome.open_data.in_parts:
        report = _load_parts(store, load, outcome, data, progress)
        return replace(outcome, report=report)
    try:
        if found := outcome.open_data:
            load = describe_load(load, found.survey)
            report = store.write(records, load, progress, withdrawn=outcome.withdrawn)
        else:
            report = write_file(store, records, load, progress, outcome.withdrawn)
    except MissingEnds as error:
        return Outcome(file, outcome.rows, problems=_report_missing_ends(error, records))
    return replace(outcome, report=report)


def read_path(path: Path) -> bytes | Path:
    """Return what a path holds, for `check_file` and `load_file`.

    A folder gives the bytes of an archive of its files (HSDS tables); a file that may be large open
    data is given as its path, to be read row by row.

    Raises:
        BadFile: it cannot be read, or is too large to be read whole.
    """
    if path.is_dir():
        return _pack_folder(path)
    if path.suffix.lower() == ".csv":
        with _open_path(path):
            return path
    return read_bounded(path)


def _pack_folder(folder: Path) -> bytes:
    packed = BytesIO()
    try:
        paths = sorted(folder.glob("*.csv"))
        if sum(path.stat().st_size for path in paths) > DEFAULT_LIMITS.unpacked_bytes:
            raise BadFile("open_data.package_too_large")
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in paths:
                archive.write(path, path.name)
    except OSError:
        raise BadFile("loaders.file.unreadable") from None
    return packed.getvalue()


def make_load_id() -> str:
    """Return a new id for one load; the caller keeps it for retries."""
    return f"load-{secrets.token_hex(8)}"


def _prepare(
    store: Store,
    file: str,
    data: bytes | Path,
    facility: str | None,
    *,
    choice: EditionChoice | None,
    headings: Sequence[Heading],
    made_on: date | None,
    same: Mapping[str, str] | None,
) -> tuple[Sequence[Record], Outcome]:
    store.prepare()
    load_reference(store.acting_as(OPERATOR))  # the product's own, not the actor's
    try:
        if open_data := _recognise(file, data):
            return _prepare_open_data(store, open_data, data, choice)
        content = read_bounded(data) if isinstance(data, Path) else data
        words = learn((*read_headings(store), *headings))
        tables, guessed = parse_sheets(file, content, words)
        if not tables:
            return (), _ask_headers(file, guessed, words)
        day = read_iso_date(made_on.isoformat()) if made_on else None
        reading = read_records(tables, read_directory(store, same), facility, words, made_on=day)
    except (BadFile, BadValue) as error:
        return (), refuse_file(file, error)
    sheets = _describe_sheets((*tables, *guessed), words)
    if reading.problems:
        return (), replace(_refuse(file, reading), sheets=sheets)
    replaced, in_use = compare_with_graph(store, reading.records)
    if in_use:
        return (), replace(_refuse(file, reading), problems=in_use, sheets=sheets)
    source = Source(file)
    placed = place_in_graph(store, reading.records, source)
    said, kept = keep_unsaid(store, file, reading.records)
    records = [*said, *placed, *make_records(headings, source)]
    alike = find_likenesses(store, reading.records)
    told = (*reading.notices, *kept, *report_likenesses(alike))
    return records, Outcome(
        file,
        reading.rows,
        store.compare(records),
        store.list_missing((*reading.records, *replaced)),
        notices=(*told, *_report_unconsented(store, file, reading.records)),
        sheets=sheets,
        withdrawn=replaced,
        alike=alike,
    )


def _ask_headers(file: str, guessed: Sequence[Table], words: Words) -> Outcome:
    """Return that no header is known, with what may be one for a person to say what it means."""
    problem = Problem(file, None, 0, "", "loaders.file.no_header")
    return Outcome(file, problems=(problem,), sheets=_describe_sheets(guessed, words))


def _describe_sheets(tables: Sequence[Table], words: Words) -> tuple[SheetHeader, ...]:
    return tuple(describe_header(table, words) for table in tables if table.header)


def _report_unconsented(store: Store, file: str, records: Sequence[Record]) -> tuple[Problem, ...]:
    """Return a notice of how many agencies were told of clients who have not consented."""
    count = count_unconsented(store, records, read_today())
    if not count:
        return ()
    values = sort_values({"count": count})
    return (Problem(file, None, 0, "", "rows.unconsented", values, notice=True),)


def _prepare_open_data(
    store: Store, file: OpenDataFile, data: bytes | Path, choice: EditionChoice | None
) -> tuple[Sequence[Record], Outcome]:
    survey = survey_file(store, file, choice or EditionChoice())
    summary = OpenDataOutcome(survey)
    outcome = Outcome(
        file.file, survey.rows, problems=survey.problems, notices=survey.notices, open_data=summary
    )
    if survey.problems:
        return (), outcome
    if survey.rows > WHOLE_UP_TO:
        resumed = store.find_unfinished(hash_file(_open(data))) is not None
        return (), replace(outcome, open_data=replace(summary, in_parts=True, resumed=resumed))
    prepared = prepare_whole(store, file, survey)
    summary = replace(summary, doubtful=prepared.doubtful, vanished=prepared.vanished)
    outcome = replace(outcome, open_data=summary, withdrawn=prepared.withdrawn)
    return prepared.records, replace(outcome, difference=store.compare(prepared.records))


def _load_parts(
    store: Store, load: Load, outcome: Outcome, data: bytes | Path, progress: Progress | None
) -> WriteReport | None:
    file = _recognise(outcome.file, data)
    if file is None or outcome.open_data is None:
        return None
    unfinished = store.find_unfinished(load.file_hash or "") or load.load_id
    survey = outcome.open_data.survey
    load = describe_load(replace(load, load_id=unfinished), survey)
    return write_parts(store, file, survey, load, progress)


def _recognise(file: str, data: bytes | Path) -> OpenDataFile | None:
    return recognise_file(file, _open(data))


def _open(data: bytes | Path) -> Opener:
    return partial(_open_path, data) if isinstance(data, Path) else (lambda: BytesIO(data))


def _open_path(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError:
        raise BadFile("loaders.file.unreadable") from None


def refuse_file(file: str, error: LoadProblem) -> Outcome:
    """Return that nothing of a file is loaded, for one reason that concerns all of it."""
    problem = Problem(file, None, 0, "", error.code, sort_values(error.values))
    return Outcome(file, problems=(problem,))


def _refuse(file: str, reading: Reading) -> Outcome:
    return Outcome(file, reading.rows, problems=reading.problems, notices=reading.notices)


def read_directory(store: Store, same: Mapping[str, str] | None = None) -> Directory:
    """Return the agencies of the graph; `same` as of `Directory`."""
    columns = (
        "organization_id", "name", "short_name", "municipality", "office_number",
        "corporate_number",
    )  # fmt: skip
    rows = store.list_nodes("Organization", columns)
    return Directory((KnownOrganization(**row) for row in rows), same)


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
