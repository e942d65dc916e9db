"""The workbook of everything on the engine: out, into an empty database, and the same graph."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import neo4j
import openpyxl
import pytest

from exporters.takeout import take_out
from graph.rights import GRANTED, Actor, Role, add_up
from graph.schema import BOOKKEEPING, NODES, RELATIONSHIPS
from graph.store import Store
from loaders.loading import check_file, load_file
from loaders.reading.headers import ABOUT_SHEET
from loaders.reading.limits import ReadLimits
from tests.builders import agency, event, link, node, referral, tie, write
from tests.conftest import Shelf
from texts import say

TODAY = date(2022, 10, 4)
PROVENANCE = {one.name for one in BOOKKEEPING} | {"relation_id"}
DERIVED = {kind for kind, declared in RELATIONSHIPS.items() if declared.derived}
LABELS = {"Organization", "Person", "Client", "Consent", "Referral", "Event", "PartnerList"}


def list_graph(raw: neo4j.Driver) -> list[Any]:
    """Every node a workbook tells of and all its relationships, but for where they were read."""
    key = {label: declared.key for label, declared in NODES.items()}
    nodes = raw.execute_query("MATCH (n) RETURN labels(n)[0] AS label, properties(n) AS facts")
    links = raw.execute_query(
        "MATCH (a)-[r]->(b) RETURN type(r) AS kind, labels(a)[0] AS start, properties(a) AS first, "
        "labels(b)[0] AS end, properties(b) AS last, properties(r) AS facts"
    )
    told: list[Any] = [
        (row["label"], _keep(row["facts"])) for row in nodes.records if row["label"] in LABELS
    ]
    told += [
        (row["kind"], row["first"][key[row["start"]]], row["last"][key[row["end"]]],
         _keep(row["facts"]))
        for row in links.records
        if row["kind"] not in DERIVED and LABELS & {row["start"], row["end"]}
    ]  # fmt: skip
    return sorted(told, key=str)


def _keep(facts: dict[str, Any]) -> list[Any]:
    return sorted((k, str(v)) for k, v in facts.items() if k not in PROVENANCE)


def open_rows(data: bytes) -> dict[str, list[dict[str, Any]]]:
    book = openpyxl.load_workbook(BytesIO(data))
    return {sheet.title: list(_name_cells(sheet)) for sheet in book}


def _name_cells(sheet: Any) -> Iterator[dict[str, Any]]:
    header, *rows = sheet.values
    yield from (dict(zip(header, row, strict=True)) for row in rows)


@pytest.fixture
def away(sample_store: Store, shelf: Shelf) -> Iterator[Store]:
    """The sample, for a test that empties it."""
    yield sample_store
    shelf.holds = "?"


def test_the_sample_goes_out_and_comes_back_the_same(
    away: Store, shelf: Shelf, raw: neo4j.Driver
) -> None:
    before = list_graph(raw)
    told: list[float] = []
    data = take_out(away, "workbook", TODAY, say, told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    shelf.hold_reference()
    outcome = load_file(away, "tsunagi.xlsx", data)
    assert (outcome.problems, outcome.missing) == ((), ())
    assert ABOUT_SHEET not in {sheet.name for sheet in outcome.sheets}
    assert len(before) > 800
    assert list_graph(raw) == before
    assert take_out(away, "workbook", TODAY, say) == data
    again = check_file(away, "tsunagi.xlsx", data)
    assert (len(again.difference.new), len(again.difference.changed)) == (0, 0)


SECRET = ("C-77", "担当の人", "048-600-0001", "話したこと", "秘密町", "350-0001", "049-000-0001")


@pytest.fixture
def small(store: Store) -> Store:
    """One of everything that not everybody sees."""
    write(
        store,
        agency("home", name="わかば荘"),
        agency(
            "shelter", name="隠れ家", agency_type="シェルター", hidden_address=True,
            address="川越市秘密町1", postal_code="350-0001", phone="049-000-0001",
        ),
        node("Person", "p1", name="担当の人", phone="048-600-0001"),
        link("WORKS_FOR", "Person p1", "Organization home"),
        tie("home", "shelter", quality="stressful"),
        referral("r1", "home", "shelter", client="C-77"),
        event("anxiety", "2022-10-01", "shelter", by="home", value=4.0, text="話したこと"),
        event("remark", "2022-10-02", "shelter", by="home", text="話したこと"),
        event("meeting", "2022-10-03", "shelter", "Client C-77", by="home"),
        event("contact_changed", "2022-10-04", "home", "Person p1", by="home"),
    )  # fmt: skip
    return store


@pytest.mark.parametrize(
    ("role", "sheets", "kinds", "seen"),
    [
        ("coordinator", {"担当者", "紹介", "同意"}, {"不安度", "会議の開催"}, SECRET[:4]),
        ("planner", {"担当者"}, {"不安度"}, SECRET[1:4]),
        ("administrator", set(), set(), ()),
    ],
)
def test_a_workbook_holds_what_its_reader_may_see(
    small: Store, role: Role, sheets: set[str], kinds: set[str], seen: tuple[str, ...]
) -> None:
    rows = open_rows(take_out(small.acting_as(Actor("x", add_up([role]))), "workbook", TODAY, say))
    assert rows.keys() == {ABOUT_SHEET, "機関", "連携リスト", "関係", "できごと"} | sheets
    told = {row["種類"] for row in rows["できごと"]}
    assert told == {"発言・コメント", "担当者の変更"} | kinds
    assert [words for words in SECRET if words in str(rows)] == list(seen)
    assert len(rows["関係"]) == (1 if "see_levels" in GRANTED[role] else 0)
    withheld = str(rows[ABOUT_SHEET]).count(say("takeout.about.withheld"))
    assert withheld == 3 - len(sheets)


def test_a_workbook_that_somebody_got_less_of_loads_all_the_same(small: Store) -> None:
    actor = Actor("x", add_up(["administrator"]))
    data = take_out(small.acting_as(actor), "workbook", TODAY, say)
    outcome = check_file(small, "tsunagi.xlsx", data)
    assert (outcome.problems, outcome.difference.new) == ((), ())


def test_a_workbook_too_large_to_be_loaded_says_so(
    small: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = say("takeout.about.too_large")
    assert words not in str(open_rows(take_out(small, "workbook", TODAY, say))[ABOUT_SHEET])
    monkeypatch.setattr("exporters.workbooks.DEFAULT_LIMITS", ReadLimits(cells=100))
    assert words in str(open_rows(take_out(small, "workbook", TODAY, say))[ABOUT_SHEET])
