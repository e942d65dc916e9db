"""Files as tables: what is read, how rows are numbered, and what is refused."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.problems import BadFile
from loaders.reading.limits import ReadLimits, read_bounded
from loaders.reading.sheets import Table, parse_tables
from texts import LANGUAGES, say

HEADER = ("名称", "電話番号", "備考")
ROWS = ((1, HEADER), (2, ("清心寮", "048-123-4567", "①㈱髙")))


def book(sheets: dict[str, Iterable[tuple[int, tuple[object, ...]]]]) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for number, cells in rows:
            for column, cell in enumerate(cells, start=1):
                sheet.cell(number, column, cell)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def change(data: bytes, name: str, edit: Callable[[bytes], bytes]) -> bytes:
    """Return the archive with one part edited (added when it does not exist)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for member in dict.fromkeys([*old.namelist(), name]):
            content = old.read(member) if member in old.namelist() else b""
            packed = edit(content) if member == name else content
            new.writestr(member, packed, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def refuse(data: bytes, limits: ReadLimits | None = None) -> str:
    with pytest.raises(BadFile) as caught:
        parse_tables("file.xlsx", data, limits=limits or ReadLimits())
    for language in LANGUAGES:
        assert say(caught.value.code, language, **caught.value.values)
    return caught.value.code.removeprefix("loaders.file.")


def rows_of(table: Table) -> list[tuple[int, tuple[object, ...]]]:
    return [(row.number, row.cells) for row in table.rows]


SHEET_1 = "xl/worksheets/sheet1.xml"
GOOD_BOOK = book({"機関": ROWS})
GOOD_CSV = "名称,電話番号\n清心寮,048-123-4567\n".encode()


def test_a_workbook_is_read_sheet_by_sheet_with_excels_row_numbers(tmp_path: Path) -> None:
    path = tmp_path / "sample.xlsx"
    title = (2, ("関係機関一覧", None, None))
    rows = [title, (4, HEADER), (5, ("甲", 481234567, None)), (8, ("乙", None, "x"))]
    path.write_bytes(book({"機関": rows, "空": [], "説明": [(1, ("読み方",))]}))
    organizations, notes = parse_tables(path.name, read_bounded(path))
    assert organizations.file == "sample.xlsx"
    assert (organizations.sheet, organizations.header) == ("機関", HEADER)
    assert organizations.header_row == 4
    assert rows_of(organizations) == [(5, ("甲", 481234567, "")), (8, ("乙", "", "x"))]
    assert (notes.sheet, notes.header, notes.header_row, notes.rows) == ("説明", (), 0, ())


def test_cells_keep_their_types() -> None:
    cells = ("a", date(2022, 10, 4), 1.5, 7.0, True)
    data = book({"s": [(1, ("名称", "電話", "備考", "定員", "状態")), (2, cells)]})
    (table,) = parse_tables("f.xlsx", data)
    assert table.rows[0].cells == cells
    assert type(table.rows[0].cells[3]) is int


def test_columns_without_header_and_cells_are_dropped_and_others_stay() -> None:
    header = ("名称", None, "電話", None, None)
    data = book({"機関": [(1, header), (2, ("甲", None, "1", None, "  ")), (3, ("乙",))]})
    (table,) = parse_tables("f.xlsx", data)
    assert table.header == ("名称", "電話")
    data = book({"機関": [(1, header), (2, ("甲", None, "1", "remark"))]})
    (table,) = parse_tables("f.xlsx", data)
    assert (table.header, table.rows[0].cells) == (("名称", "電話", ""), ("甲", "1", "remark"))


def test_hidden_sheets_are_marked() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(book({"機関": ROWS, "関係": ROWS})))
    workbook["関係"].sheet_state = "hidden"
    buffer = io.BytesIO()
    workbook.save(buffer)
    tables = parse_tables("f.xlsx", buffer.getvalue())
    assert [(table.sheet, table.is_hidden) for table in tables] == [("機関", False), ("関係", True)]


def test_an_excel_error_is_a_problem_and_not_an_empty_cell() -> None:
    data = book({"機関": [*ROWS, (7, ("甲", "#N/A", "#1"))]})
    assert b't="e"' in zipfile.ZipFile(io.BytesIO(data)).read(SHEET_1)
    (table,) = parse_tables("f.xlsx", data)
    assert rows_of(table)[1] == (7, ("甲", "", "#1"))
    (problem,) = table.problems
    assert (problem.sheet, problem.row, problem.column) == ("機関", 7, "電話番号")
    assert "#N/A" in say(problem.code, "ja", **dict(problem.values))


@pytest.mark.parametrize("delimiter", [",", "\t"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16", "utf-16-le-bom"]
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_text_files_in_every_usual_encoding(
    tmp_path: Path, encoding: str, delimiter: str, line_end: str
) -> None:
    # ①, ㈱ and 髙 exist in cp932 but not in Shift_JIS; EUC-JP lacks them.
    note = "備考の文" if encoding == "euc_jp" else "①㈱髙"
    lines = [HEADER, ("清心寮", "０４８ー１２３", note)]
    text = line_end.join(delimiter.join(cells) for cells in lines)
    bom = "\ufeff" if encoding == "utf-16-le-bom" else ""
    path = tmp_path / "機関.csv"
    path.write_bytes((bom + text).encode(encoding.removesuffix("-bom")))
    (table,) = parse_tables(path.name, read_bounded(path))
    assert (table.file, table.sheet, table.header, table.header_row) == (
        "機関.csv",
        None,
        HEADER,
        1,
    )
    assert rows_of(table) == [(2, ("清心寮", "０４８ー１２３", note))]


def test_rows_of_a_text_file_are_numbered_as_excel_does() -> None:
    text = '一覧\n\n名称,備考\n甲,"二\n行"\n,\n\n乙,x\n'
    (table,) = parse_tables("f.csv", text.encode())
    assert table.header_row == 3
    assert rows_of(table) == [(4, ("甲", "二\n行")), (7, ("乙", "x"))]
    assert table.problems == ()


def test_a_row_whose_cells_do_not_fit_the_header_is_a_problem_and_never_shifted() -> None:
    text = "名称,電話,備考,,\n甲,1,x,,\n乙,1,x,余り\n丙,1\n丁,1,\n戊,1,x\n"
    (table,) = parse_tables("f.csv", text.encode())
    assert rows_of(table) == [(2, ("甲", "1", "x")), (5, ("丁", "1", "")), (6, ("戊", "1", "x"))]
    assert [(problem.row, problem.code, dict(problem.values)) for problem in table.problems] == [
        (3, "loaders.row.too_many_cells", {"count": "4", "expected": "3"}),
        (4, "loaders.row.too_few_cells", {"count": "2", "expected": "3"}),
    ]


def test_the_content_tells_the_type_and_not_the_name() -> None:
    assert parse_tables("f.xls", GOOD_CSV)[0].header == ("名称", "電話番号")
    assert parse_tables("f.csv", GOOD_BOOK)[0].header == HEADER


def test_another_rule_may_say_what_a_header_is() -> None:
    data = b"a,b\nkey,x\n1,2\n"
    (table,) = parse_tables("f.csv", data, is_header=lambda cells: cells[0] == "key")
    assert (table.header, table.header_row, rows_of(table)) == (("key", "x"), 2, [(3, ("1", "2"))])


def test_a_header_far_below_is_not_looked_for() -> None:
    assert refuse(b"x\n" * 50 + GOOD_CSV) == "no_header"
    assert parse_tables("f.csv", b"x\n" * 49 + GOOD_CSV)[0].header_row == 50


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n\n", "empty"),
        (book({"空": []}), "empty"),
        (book({"機関": [(1, ("色", "形"))]}), "no_header"),
        ("色,形\n".encode(), "no_header"),
        (b"%PDF-1.7\n", "wrong_type"),
        (b"\xef\xbb\xbf <HTML><table>", "wrong_type"),
        (b"<?xml version='1.0'?><Workbook/>", "wrong_type"),
        (b"\x89PNG\r\n\x1a\n\0\0", "wrong_type"),
        (b"\0\1\2\3", "wrong_type"),
        (change(GOOD_BOOK, "xl/vbaProject.bin", lambda _: b"x"), "macros"),
        (b"\xff\xfe\xff", "unknown_encoding"),
        (b"\x81\xff\xff\xa0\x80", "unknown_encoding"),
        ('名称,電話\n甲,"1\n乙,2\n'.encode(), "broken_quotes"),
        ('名称,電話\n甲,"1"2\n'.encode(), "broken_quotes"),
        (GOOD_BOOK[:-30], "damaged"),
        (GOOD_BOOK[: len(GOOD_BOOK) // 2], "damaged"),
        (b"PK\x03\x04junk", "damaged"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "wrong_type"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(data: bytes, code: str) -> None:
    assert refuse(data) == code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16"])
def test_a_text_file_that_ends_inside_a_character_is_told_as_cut(encoding: str) -> None:
    data = "名称,備考\n甲,一\n乙,二".encode(encoding)
    assert len(parse_tables("f.csv", data)[0].rows) == 2
    assert refuse(data[:-1]) == "damaged"


def test_macros_are_found_by_content_type_and_in_old_workbooks() -> None:
    types = "[Content_Types].xml"
    macro = change(
        GOOD_BOOK, types, lambda part: part.replace(b".sheet.main", b".sheet.macroEnabled.main")
    )
    assert refuse(macro) == "macros"
    old = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(500)
    assert refuse(old + "_VBA_PROJECT_CUR".encode("utf-16-le")) == "macros"


def test_protected_files_are_refused() -> None:
    old = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(500)
    assert refuse(old + "EncryptedPackage".encode("utf-16-le")) == "encrypted"
    # Bit 0 of the flags in both headers of a member says it is encrypted.
    data = bytearray(GOOD_BOOK)
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refuse(bytes(data)) == "encrypted"


def test_other_archives_are_no_workbook() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refuse(buffer.getvalue()) == "wrong_type"


def test_xml_with_a_declaration_is_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    for part in (SHEET_1, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"):
        assert refuse(change(GOOD_BOOK, part, lambda content: bomb + content)) == "xml_declaration"


def test_broken_xml_is_damage() -> None:
    assert refuse(change(GOOD_BOOK, SHEET_1, lambda part: part[:-20])) == "damaged"
    assert refuse(change(GOOD_BOOK, SHEET_1, lambda _: b"")) == "damaged"


def test_archives_that_unpack_to_too_much_are_refused() -> None:
    padded = change(GOOD_BOOK, SHEET_1, lambda part: part + b" " * 101_000_000)
    assert len(padded) < 200_000
    assert refuse(padded) == "too_large_unpacked"
    many = io.BytesIO(GOOD_BOOK)
    with zipfile.ZipFile(many, "a") as archive:
        for number in range(2_001):
            archive.writestr(f"{number}", "")
    assert refuse(many.getvalue()) == "too_large_unpacked"


def test_millions_of_empty_elements_are_refused_without_parsing() -> None:
    empty = b"<row>" + b"<c/>" * 12_000_000 + b"</row></sheetData>"
    data = change(GOOD_BOOK, SHEET_1, lambda part: part.replace(b"</sheetData>", empty))
    assert refuse(data) == "too_large_unpacked"


def test_pictures_do_not_count_since_they_are_never_unpacked() -> None:
    data = change(GOOD_BOOK, "xl/media/image1.png", lambda _: bytes(3_000_000))
    limits = ReadLimits(unpacked_bytes=1_000_000)
    assert parse_tables("f.xlsx", data, limits=limits)[0].header == HEADER


def test_a_size_that_lies_cannot_bring_more_than_it_states() -> None:
    data = change(GOOD_BOOK, SHEET_1, lambda part: part + b" " * 1_000_000)
    directory = data.rindex(b"PK\x01\x02", 0, data.rindex(SHEET_1.encode()))
    lying = bytearray(data)
    lying[directory + 24 : directory + 28] = (500).to_bytes(4, "little")
    assert refuse(bytes(lying)) == "damaged"


def share_text(text: str, cells: int) -> bytes:
    """Return a workbook as Excel writes it: a long text stored once and shown in many cells."""
    schema = "http://schemas.openxmlformats.org/"
    texts = f"<sst><si><t>名称</t></si><si><t>備考</t></si><si><r><t>{text}</t></r></si></sst>"
    rows = "".join('<row><c t="s"><v>2</v></c><c t="s"><v>2</v></c></row>' for _ in range(cells))
    header = '<row r="1"><c r="A1" t="s"><v>0</v></c><c t="s"><v>1</v></c></row>'
    main = f'xmlns="{schema}spreadsheetml/2006/main"'
    sheet = f"<worksheet {main}><sheetData>{header}{rows}</sheetData></worksheet>"
    relation = (
        f'<Relationship Id="rId9" Type="{schema}officeDocument/2006/relationships/sharedStrings"'
        ' Target="sharedStrings.xml"/></Relationships>'
    )
    data = change(GOOD_BOOK, SHEET_1, lambda _: sheet.encode())
    data = change(data, "xl/sharedStrings.xml", lambda _: texts.encode())
    rels = "xl/_rels/workbook.xml.rels"
    return change(data, rels, lambda old: old.replace(b"</Relationships>", relation.encode()))


def test_a_text_repeated_in_many_cells_is_counted_as_often() -> None:
    data = share_text("x" * 30_000, cells=20)
    assert len(data) < 20_000
    (table,) = parse_tables("f.xlsx", data)
    assert (table.header, len(table.rows)) == (("名称", "備考"), 20)
    assert table.rows[19].number == 21
    assert table.rows[19].cells == ("x" * 30_000, "x" * 30_000)
    assert refuse(data, ReadLimits(unpacked_bytes=1_100_000)) == "too_large_unpacked"


@pytest.mark.parametrize(
    ("place", "code"), [("A1048576", "too_many_rows"), ("XFD9", "too_many_columns")]
)
def test_one_far_cell_or_a_claimed_size_is_refused_before_opening(place: str, code: str) -> None:
    cell = f'<row r="{place.lstrip("AXFD")}"><c r="{place}"><v>1</v></c></row></sheetData>'
    far = change(GOOD_BOOK, SHEET_1, lambda part: part.replace(b"</sheetData>", cell.encode()))
    assert refuse(far) == code
    claim = f'ref="A1:{place}"'.encode()
    claimed = change(GOOD_BOOK, SHEET_1, lambda part: part.replace(b'ref="A1:C2"', claim))
    assert claimed != change(GOOD_BOOK, SHEET_1, lambda part: part)
    assert refuse(claimed) == code


def test_cells_are_counted_over_all_sheets() -> None:
    data = book({"機関": ROWS, "関係": ROWS})
    assert refuse(data, ReadLimits(cells=11)) == "too_many_cells"
    assert len(parse_tables("f.xlsx", data, limits=ReadLimits(cells=12))) == 2


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (ReadLimits(file_bytes=20), "too_large"),
        (ReadLimits(rows=1), "too_many_rows"),
        (ReadLimits(columns=1), "too_many_columns"),
        (ReadLimits(cells=3), "too_many_cells"),
    ],
)
def test_text_files_have_limits_too(limits: ReadLimits, code: str) -> None:
    assert refuse(GOOD_CSV, limits) == code


def test_files_that_are_not_there_or_no_files_are_unreadable(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(BadFile) as caught:
            read_bounded(path)
        assert caught.value.code == "loaders.file.unreadable"


def test_of_a_file_that_is_too_large_no_more_than_the_limit_is_read(tmp_path: Path) -> None:
    big = tmp_path / "big.csv"
    with big.open("wb") as file:
        file.truncate(50_000_000)  # sparse: it takes no room on the disk
    tracemalloc.start()
    try:
        with pytest.raises(BadFile, match="too_large"):
            read_bounded(big, ReadLimits(file_bytes=1_000_000))
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def read_or_refuse(data: bytes) -> None:
    try:
        tables = parse_tables("f", data)
    except BadFile as error:
        assert error.code.startswith("loaders.file.")
        return
    for table in tables:
        assert all(len(row.cells) == len(table.header) for row in table.rows)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read_or_refuse(data)
    read_or_refuse(GOOD_CSV + data)
    read_or_refuse(b"PK\x03\x04" + data)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(GOOD_BOOK) - 1), st.binary(max_size=8), st.integers(0, 8))
def test_any_change_of_a_workbook_is_read_or_refused(at: int, put: bytes, cut: int) -> None:
    read_or_refuse(GOOD_BOOK[:at] + put + GOOD_BOOK[at + cut :])


PARTS = {
    name: zipfile.ZipFile(io.BytesIO(GOOD_BOOK)).read(name)
    for name in (SHEET_1, "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels")
}


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(sorted(PARTS)), st.integers(0, 2_000), st.binary(max_size=6), st.integers(0, 9)
)
def test_any_change_inside_a_workbook_is_read_or_refused(
    part: str, at: int, put: bytes, cut: int
) -> None:
    place = at % len(PARTS[part])
    read_or_refuse(change(GOOD_BOOK, part, lambda old: old[:place] + put + old[place + cut :]))


@given(
    st.lists(
        st.tuples(st.text(alphabet='甲ア1,"\n\t ー', min_size=1).filter(str.strip), st.text("乙x")),
        max_size=6,
    )
)
def test_every_row_of_a_text_file_is_read(rows: list[tuple[str, str]]) -> None:
    import csv

    buffer = io.StringIO()
    csv.writer(buffer).writerows([("名称", "電話番号"), *rows])
    (table,) = parse_tables("f.csv", buffer.getvalue().encode())
    assert [row.cells for row in table.rows] == rows
    assert [row.number for row in table.rows] == list(range(2, len(rows) + 2))
