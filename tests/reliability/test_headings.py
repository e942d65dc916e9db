"""What was said of a file's headers is loaded with the file, remembered, and undone with it."""

from __future__ import annotations

from graph.store import Load, Store
from loaders.headings import read_headings
from loaders.loading import check_file, load_file
from loaders.reading.headers import Heading
from tests.builders import workbook

SAID = (
    Heading("partner_list", "うちの表"),
    Heading("partner_list", "相手さん", "organization"),
    Heading("partner_list", "ジャンル", "field"),
    Heading("partner_list", "つくった日", "list_date"),
)
ROWS = [["相手さん", "ジャンル", "つくった日"], ["甲の家", "福祉", "2022-03-01"]]
NEXT = [["相手さん", "ジャンル", "つくった日"], ["乙の家", "医療", "2022-03-01"]]


def test_headers_are_said_once(reference_store: Store, shelf) -> None:
    store = reference_store
    shelf.holds = "?"
    first = check_file(store, "表.xlsx", workbook(うちの表=ROWS), "施設")
    assert [one.code for one in first.problems] == ["loaders.file.no_header"]
    assert [sheet.header for sheet in first.sheets] == [tuple(ROWS[0])]

    checked = check_file(store, "表.xlsx", workbook(うちの表=ROWS), "施設", headings=SAID)
    assert checked.problems == ()
    assert read_headings(store) == ()  # a check remembers nothing

    loaded = load_file(store, "表.xlsx", workbook(うちの表=ROWS), "施設", headings=SAID)
    assert loaded.report is not None
    assert set(read_headings(store)) == set(SAID)

    following = load_file(store, "次.xlsx", workbook(うちの表=NEXT), "施設")
    assert following.report is not None
    names = {row["name"] for row in store.list_nodes("Organization", ("name",))}
    assert {"甲の家", "乙の家"} <= names


def test_the_undo_of_the_load_forgets_them(reference_store: Store, shelf) -> None:
    store = reference_store
    shelf.holds = "?"
    loaded = load_file(store, "表.xlsx", workbook(うちの表=ROWS), "施設", headings=SAID)
    assert loaded.report is not None
    store.undo(loaded.report.load_id, Load("undo-1"))
    assert read_headings(store) == ()
