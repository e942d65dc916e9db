"""A file of open data to the graph: surveyed first, then written whole or in parts.

A file of up to `WHOLE_UP_TO` rows is one transaction, as any other file. A larger one is written in
parts, so that memory stays the same however large it is; interrupted, it continues at the next
attempt where it stopped.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from graph import statements
from graph.records import Record, RelationshipRecord
from graph.store import Load, Progress, Store, WriteReport
from graph.vocabulary import OPEN_DATA_SOURCES
from loaders.open_data.editions import (
    FEWEST_TO_JUDGE,
    Standing,
    find_edition,
    is_cut_off,
    is_older,
    shrinks,
    spell_edition,
)
from loaders.open_data.files import OpenDataFile, Opener
from loaders.open_data.intake import Intake, list_vanished
from loaders.open_data.offices import NoticeBook, Office
from loaders.problems import BadFile, Problem, sort_values

WHOLE_UP_TO: Final = 20_000
"""Rows of a file that is still written in one transaction (about 100,000 records)."""

PART: Final = 2_000
"""Rows of one part: some 10,000 records, the sweet spot of a transaction."""

_BLOCK: Final = 1 << 20

# A service may hold a space, so that the next series begins only where a data set is named.
_NEXT_SERIES: Final = re.compile(rf" (?=(?:{'|'.join(OPEN_DATA_SOURCES.codes)})(?:[: ]|$))")


@dataclass(frozen=True, slots=True)
class EditionChoice:
    """What a person says of an edition: its date, and that what was refused of it is meant.

    `accept` lets an older one, a short one, and another table under the name of an earlier pass.
    """

    edition: date | None = None
    accept: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """What reading a file through shows, before anything is written.

    With `problems` it may not be loaded; `edition` is None when neither name nor person tells it.
    """

    source: str
    rows: int
    series: tuple[str, ...]
    edition: date | None
    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """All records of a file: `doubtful` rows wait for a decision, `vanished` listings are gone.

    `withdrawn` are relations of offices that moved or serve other areas now.
    """

    records: tuple[Record, ...]
    doubtful: int
    vanished: int
    withdrawn: tuple[Record, ...] = ()


def survey_file(store: Store, file: OpenDataFile, choice: EditionChoice) -> Survey:
    """Read the file through and say what it is and what speaks against loading it.

    Nothing is written and no row is kept.
    """
    notices = NoticeBook(file.file)
    rows: Counter[str] = Counter()
    problems: list[Problem] = []
    try:
        rows.update(office.series for office in file.read(notices))
    except BadFile as error:
        problems.append(_refuse(file.file, error.code, **error.values))
    edition = choice.edition or find_edition(file.file)
    if not problems and not rows:
        problems.append(_refuse(file.file, "open_data.no_rows"))
    if not problems:
        problems += _judge(store, rows, edition, notices, accept=choice.accept)
    return Survey(
        file.source,
        rows.total(),
        tuple(sorted(rows)),
        edition,
        tuple(problems),
        notices.list_notices(),
    )


def prepare_whole(store: Store, file: OpenDataFile, survey: Survey) -> Prepared:
    """Return all records of a file that is written in one transaction."""
    edition = _require_edition(survey)
    intake = Intake(store, file.file, edition)
    batch = intake.prepare(list(file.read(NoticeBook(file.file))))
    links = [one for one in batch.records if isinstance(one, RelationshipRecord)]
    held = frozenset(one.identity for one in batch.records if one.kind == "Listing")
    alive = frozenset(one.end[1] for one in links if one.type == "DESCRIBES")
    gone = list_vanished(store, file.file, survey.series, edition, held=held, alive=alive)
    return Prepared(
        (*batch.records, *gone),
        batch.doubtful,
        sum(1 for one in gone if one.kind == "Listing"),
        batch.withdrawn,
    )


def write_parts(
    store: Store,
    file: OpenDataFile,
    survey: Survey,
    load: Load,
    progress: Progress | None = None,
) -> WriteReport:
    """Write a file in parts of `PART` rows, taking up an interrupted load where it stopped.

    `load.load_id` names the load to continue, if there is one. Every part is matched with the graph
    as it then is.

    Raises:
        graph.store.StoreError: parts written so far stay, and the same load continues after them.
    """
    edition = _require_edition(survey)
    written = store.begin_parts(load)
    intake = Intake(store, file.file, edition)
    number = 0
    for number, offices in enumerate(_split(file)):
        if number >= written:
            batch = intake.prepare(offices)
            store.write_part(batch.records, load, number, batch.withdrawn)
        if progress:
            progress(min((number + 1) * PART / survey.rows, 1.0))
    gone = list_vanished(store, file.file, survey.series, edition)
    for extra, records in enumerate(_chunks(gone), start=number + 1):
        store.write_part(records, load, extra)
    return store.finish_parts(load)


def hash_file(opener: Opener) -> str:
    """Return the SHA-256 of a file, read block by block."""
    digest = hashlib.sha256()
    with opener() as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def describe_load(load: Load, survey: Survey) -> Load:
    """Return `load` with what the edition is kept by."""
    return replace(
        load, source=survey.source, series=" ".join(survey.series), edition=survey.edition
    )


def _split(file: OpenDataFile) -> Iterator[Sequence[Office]]:
    offices = file.read(NoticeBook(file.file))
    part: list[Office] = []
    for office in offices:
        part.append(office)
        if len(part) == PART:
            yield part
            part = []
    if part:
        yield part


def _chunks(records: Sequence[Record]) -> Iterator[Sequence[Record]]:
    size = 5 * PART
    return (records[start : start + size] for start in range(0, len(records), size))


def _judge(
    store: Store,
    rows: Mapping[str, int],
    edition: date | None,
    notices: NoticeBook,
    *,
    accept: bool,
) -> Iterator[Problem]:
    """Yield what a person has to answer; small series that shrank become a notice."""
    if edition is None:
        yield _refuse(notices.file, "open_data.edition_missing")
        return
    standings = _read_standings(store, rows)
    _note_small(edition, rows, standings, notices)
    if not accept:
        yield from _judge_edition(notices.file, edition, rows, standings)
        yield from _judge_table(store, notices.file, rows)


def _read_standings(store: Store, series: Collection[str]) -> list[Standing]:
    found = store.read(statements.summarise_series(), {"series": sorted(series)})
    return [Standing(row["series"], row["rows"], row["edition"]) for row in found]


def _note_small(
    edition: date, rows: Mapping[str, int], standings: Sequence[Standing], notices: NoticeBook
) -> None:
    small = [
        one
        for one in standings
        if one.rows < FEWEST_TO_JUDGE and shrinks(edition, rows[one.series], one)
    ]
    if small:
        count = sum(rows[one.series] for one in small)
        notices.add("open_data.edition_small", 0, rows=count, before=sum(o.rows for o in small))


def _judge_edition(
    file: str, edition: date, rows: Mapping[str, int], standings: Sequence[Standing]
) -> Iterator[Problem]:
    for standing in standings:
        count = rows[standing.series]
        if standing.edition is not None and is_older(edition, standing):
            days = {"edition": spell_edition(edition), "loaded": spell_edition(standing.edition)}
            yield _refuse(file, "open_data.edition_older", **days)
        elif is_cut_off(edition, count, standing):
            yield _refuse(file, "open_data.edition_short", rows=count, before=standing.rows)


def _judge_table(store: Store, file: str, series: Collection[str]) -> Iterator[Problem]:
    """Yield a problem when no series of the file is one that came under its name before."""
    found = store.read(statements.list_series_of_file(), {"file": file})
    before = sorted(_NEXT_SERIES.split(row["series"]) for row in found)
    if before and not any(set(held) & set(series) for held in before):
        values = _name_table("before", before[0]) | _name_table("now", sorted(series))
        yield _refuse(file, "open_data.other_table", **values)


def _name_table(prefix: str, series: Sequence[str]) -> dict[str, str]:
    """Return what a text names a table by, and the code for who reads another language."""
    source = series[0].partition(":")[0]
    services = (one.partition(":")[2] for one in series)
    return {
        f"{prefix}_source": source,
        f"{prefix}_set": OPEN_DATA_SOURCES.label(source, "ja"),
        f"{prefix}_services": "、".join(filter(None, services)),
    }


def _refuse(file: str, code: str, /, **values: object) -> Problem:
    return Problem(file, None, 0, "", code, sort_values(values))


def _require_edition(survey: Survey) -> date:
    if survey.edition is None:
        raise ValueError("a survey without an edition is not loaded")
    return survey.edition
