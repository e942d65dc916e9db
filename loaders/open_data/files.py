"""Files of open data: recognised by what they hold, and read row by row as often as needed."""

from __future__ import annotations

import codecs
import csv
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from itertools import product
from typing import Any, BinaryIO, Final

from loaders.open_data import hsds
from loaders.open_data.offices import NoticeBook, Office
from loaders.open_data.tables import TableFormat, read_offices, recognise_format
from loaders.problems import BadFile
from loaders.reading.delimited import DELIMITERS, is_cut_short, list_encodings
from loaders.reading.limits import DEFAULT_LIMITS, ReadLimits

Opener = Callable[[], BinaryIO]

_HEAD: Final = 65_536
_ZIP: Final = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class OpenDataFile:
    """A file of open data: its data set, and its offices, read anew at each call of `read`.

    `read` yields offices one at a time and raises BadFile where the file is cut off or damaged.
    """

    file: str
    source: str
    read: Callable[[NoticeBook], Iterator[Office]]


def recognise_file(
    file: str, opener: Opener, limits: ReadLimits = DEFAULT_LIMITS
) -> OpenDataFile | None:
    """Return what a file holds if it is open data, None for any other file.

    Only its first 64 kB are read, but for HSDS packages, which are read whole. A table has commas
    or tabs; one whose first cell begins with a bracket is no JSON, unless its name says so.

    Raises:
        BadFile: an HSDS package is damaged or too large.
    """
    with opener() as stream:
        head = stream.read(_HEAD)
    if head.startswith(_ZIP):
        return _recognise_package(file, opener, limits)
    if head.lstrip(codecs.BOM_UTF8 + b" \t\r\n")[:1] in (b"{", b"["):
        found = _recognise_json(file, opener, limits)
        if found:
            return found
    for writing in product(list_encodings(head), DELIMITERS):
        header = _read_header(head, *writing)
        form = recognise_format(header) if header else None
        if form:
            return _make_table_file(file, opener, writing, form)
    return None


def _make_table_file(
    file: str, opener: Opener, writing: tuple[str, str], form: TableFormat
) -> OpenDataFile:
    def read(notices: NoticeBook) -> Iterator[Office]:
        with opener() as stream:
            rows = _read_rows(stream, *writing)
            _, header = next(rows)
            yield from read_offices(header, rows, form, notices)

    return OpenDataFile(file, form.source, read)


def _read_header(head: bytes, encoding: str, delimiter: str) -> list[str]:
    # The head may end inside a character; a wrong byte refuses the file later, with its row.
    line = head.decode(encoding, "replace").partition("\n")[0].rstrip("\r")
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []


def _read_rows(stream: BinaryIO, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield row number, as a spreadsheet counts, and cells of each row that is not empty."""
    number = 0
    try:
        with TextIOWrapper(stream, encoding=encoding, newline="") as text:
            rows = csv.reader(text, delimiter=delimiter, strict=True)
            for number, cells in enumerate(rows, start=1):
                if any(cells):
                    yield number, cells
    except UnicodeDecodeError as error:
        kind = "cut_in_character" if is_cut_short(error) else "other_encoding"
        raise BadFile(f"open_data.{kind}", row=number + 1) from None
    except csv.Error:
        raise BadFile("open_data.broken_quotes", row=number + 1) from None


def _recognise_package(file: str, opener: Opener, limits: ReadLimits) -> OpenDataFile | None:
    try:
        with opener() as stream, zipfile.ZipFile(stream) as archive:
            members = {
                name: info
                for info in archive.infolist()
                if (name := info.filename.rsplit("/", 1)[-1]).endswith(".csv")
            }
            if not hsds.is_package(members):
                return None
            if sum(info.file_size for info in members.values()) > limits.unpacked_bytes:
                raise BadFile("open_data.package_too_large")
            tables = {
                name.removesuffix(".csv"): _read_table(archive, info)
                for name, info in members.items()
                if hsds.is_table(name)
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, UnicodeError, csv.Error, RuntimeError):
        raise BadFile("loaders.file.damaged") from None
    return _make_package(file, tables)


def _read_table(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> list[hsds.Row]:
    with archive.open(info) as member:
        content = member.read(info.file_size + 1)
    text = TextIOWrapper(BytesIO(content), encoding="utf-8-sig", newline="")
    return [{k: v for k, v in row.items() if k} for row in csv.DictReader(text, strict=True)]


def _recognise_json(file: str, opener: Opener, limits: ReadLimits) -> OpenDataFile | None:
    """Return the package in a file that begins as JSON does; None where it is none after all."""
    is_named_so = file.lower().endswith(".json")
    with opener() as stream:
        data = stream.read(limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        if is_named_so:
            raise BadFile("open_data.package_too_large")
        return None
    try:
        tree: Any = json.loads(data.decode("utf-8-sig"))
    except (UnicodeError, ValueError, RecursionError):
        if is_named_so:
            raise BadFile("open_data.bad_json") from None
        return None
    tables = hsds.read_tree(tree)
    if tables is None:
        raise BadFile("open_data.unknown_json")
    return _make_package(file, tables)


def _make_package(file: str, tables: hsds.Tables) -> OpenDataFile:
    return OpenDataFile(file, hsds.SOURCE, lambda notices: hsds.read_offices(tables, notices))
