"""An .xlsx archive is examined and packed anew before a spreadsheet reader sees it.

The reader gets exactly the bytes that were examined: sizes that lie, doubled names, and parts
nobody needs (pictures, drawings) never reach it. Refused are archives that unpack to too much,
claim too large a sheet, repeat a long text too often, hold macros, passwords or a document type
declaration (the door of XML entity attacks).
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from io import BytesIO
from typing import Final
from xml.parsers import expat

from loaders.problems import BadFile
from loaders.reading.limits import ReadLimits

_NEEDED: Final = (".xml", ".rels")
_DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    KeyError,
    OverflowError,
)
# Error cells (#N/A …) become texts, since calamine gives them as empty cells.
_ERROR_CELL: Final = re.compile(rb"""(<(?:\w+:)?c\b[^<>]*?\st=)(["'])e\2""")
_ERROR_SIGNS: Final = (b't="e"', b"t='e'")


def repack_workbook(data: bytes, limits: ReadLimits) -> BytesIO:
    """Return the parts of an .xlsx archive a reader needs, examined, as a new uncompressed archive.

    Error cells are turned into text cells that hold the error's name.

    Raises:
        BadFile: the archive is damaged, protected, too large, holds macros or is no workbook.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = _unpack_parts(archive, limits)
    except BadFile:
        raise
    except _DAMAGE:
        raise BadFile("loaders.file.damaged") from None
    _examine_parts(parts, limits)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            has_errors = any(sign in content for sign in _ERROR_SIGNS)
            shown = _ERROR_CELL.sub(rb"\1\2str\2", content) if has_errors else content
            archive.writestr(zipfile.ZipInfo(name), shown)
    packed.seek(0)
    return packed


def _unpack_parts(archive: zipfile.ZipFile, limits: ReadLimits) -> dict[str, bytes]:
    members = archive.infolist()
    names = [member.filename.lower() for member in members]
    if len(members) > limits.members:
        raise BadFile("loaders.file.too_large_unpacked", limit=f"{limits.members}")
    if len(set(names)) < len(names):
        raise BadFile("loaders.file.damaged")
    if any(member.flag_bits & 1 for member in members):
        raise BadFile("loaders.file.encrypted")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise BadFile("loaders.file.macros")
    if not any(name.endswith("workbook.xml") for name in names):
        raise BadFile("loaders.file.wrong_type")
    needed = [member for member in members if member.filename.lower().endswith(_NEEDED)]
    if sum(member.file_size for member in needed) > limits.unpacked_bytes:
        raise BadFile("loaders.file.too_large_unpacked", limit=_megabytes(limits.unpacked_bytes))
    return {member.filename: _unpack(archive, member) for member in needed}


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    # Other methods unpack without a bound on what they produce.
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise BadFile("loaders.file.damaged")
    with archive.open(member) as part:
        # zipfile stops at the size the archive states, which was added up before.
        return part.read(member.file_size + 1)


def _examine_parts(parts: Mapping[str, bytes], limits: ReadLimits) -> None:
    # Counting is a hundred times faster than parsing: millions of empty elements end here.
    if sum(content.count(b"<") for content in parts.values()) > limits.tags:
        raise BadFile("loaders.file.too_large_unpacked", limit=limits.tags)
    text_lengths: list[int] = []
    ordered = sorted(parts, key=lambda name: not name.lower().endswith("sharedstrings.xml"))
    bounds = _Bounds(limits)
    for name in ordered:
        if b"macroEnabled" in parts[name] and name.lower() == "[content_types].xml":
            raise BadFile("loaders.file.macros")
        scan = _PartScan(bounds, text_lengths)
        try:
            scan.parser.Parse(parts[name], True)
        except (expat.ExpatError, ValueError, LookupError):
            raise BadFile("loaders.file.damaged") from None
        bounds.finish_sheet()


class _Bounds:
    """Adds up what the sheets of one file hold and refuses at the first bound passed."""

    def __init__(self, limits: ReadLimits) -> None:
        self.limits = limits
        self.cells = self.characters = self.last_row = self.last_column = 0

    def reach(self, column: int, row: int) -> None:
        if row > self.last_row or column > self.last_column:
            self.last_row = max(row, self.last_row)
            self.last_column = max(column, self.last_column)
            check_size(self.last_row, self.last_column, self.cells, self.limits)

    def repeat(self, characters: int) -> None:
        self.characters += characters
        if self.characters > self.limits.unpacked_bytes:
            limit = _megabytes(self.limits.unpacked_bytes)
            raise BadFile("loaders.file.too_large_unpacked", limit=limit)

    def finish_sheet(self) -> None:
        self.cells += self.last_row * self.last_column
        self.last_row = self.last_column = 0


class _PartScan:
    """Follows one XML part: the cells of a sheet, or the lengths of the shared texts.

    Called for every element of large sheets, so it listens to text and ends only where it must.
    """

    def __init__(self, bounds: _Bounds, text_lengths: list[int]) -> None:
        self.bounds = bounds
        self.text_lengths = text_lengths
        self.row = self.column = 0
        self.is_shared = False
        self.index = ""
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = _refuse_declaration
        self.parser.StartElementHandler = self._open

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2] if ":" in name else name:
            case "c":
                self._open_cell(attributes)
            case "v" | "is" if self.row:
                self.bounds.reach(self.column, self.row)
                if self.is_shared:
                    self._listen(self._read_index, self._close_index)
            case "row":
                self.row = int(attributes.get("r", self.row + 1))
                self.column = 0
            case "dimension":
                self.bounds.reach(*_read_place(attributes.get("ref", "")))
            case "si":
                self.text_lengths.append(0)
                self._listen(self._read_shared_text, None)

    def _open_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        if place is None:
            self.column += 1
        else:
            self.column, self.row = _read_place(place)
        self.is_shared = attributes.get("t") == "s"

    def _listen(
        self, read: Callable[[str], None] | None, close: Callable[[str], None] | None
    ) -> None:
        self.index = ""
        self.parser.CharacterDataHandler = read
        self.parser.EndElementHandler = close

    def _read_shared_text(self, text: str) -> None:
        self.text_lengths[-1] += len(text)

    def _read_index(self, text: str) -> None:
        self.index += text[:20]

    def _close_index(self, _: str) -> None:
        number = int(self.index)
        if 0 <= number < len(self.text_lengths):
            self.bounds.repeat(self.text_lengths[number])
        self._listen(None, None)


def check_size(rows: int, columns: int, other_cells: int, limits: ReadLimits) -> None:
    """Refuse a sheet beyond the limits.

    Raises:
        BadFile: too many rows, columns, or cells together with the `other_cells` of the file.
    """
    if rows > limits.rows:
        raise BadFile("loaders.file.too_many_rows", count=rows, limit=limits.rows)
    if columns > limits.columns:
        raise BadFile("loaders.file.too_many_columns", count=columns, limit=limits.columns)
    cells = rows * columns + other_cells
    if cells > limits.cells:
        raise BadFile("loaders.file.too_many_cells", count=cells, limit=limits.cells)


def _read_place(reference: str) -> tuple[int, int]:
    """Return column and row, from 1, of B7 or of the end of A1:B7; (0, 0) without letters.

    Raises:
        ValueError: what follows the letters is no number.
    """
    place = reference.rpartition(":")[2].replace("$", "")
    letters = place.rstrip("0123456789")
    return (_read_column(letters), int(place[len(letters) :])) if letters else (0, 0)


@lru_cache(maxsize=1024)
def _read_column(letters: str) -> int:
    column = 0
    for letter in letters[:8].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def _refuse_declaration(*_: object) -> None:
    raise BadFile("loaders.file.xml_declaration")


def _megabytes(count: int) -> str:
    return f"{count // 1_000_000} MB"
