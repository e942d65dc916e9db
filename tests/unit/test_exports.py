"""What leaves the ecomap as a file."""

from __future__ import annotations

import json
import re
from datetime import date
from io import BytesIO

import networkx as nx
import openpyxl
import pytest

from exporters.networks import make_graph, write_gexf, write_graphml, write_kumu
from graph.pictures.ecomap import DrawOptions, Ecomap, EcomapAgency, EcomapTie, draw_ecomap
from graph.pictures.exports import (
    make_network,
    write_ecomap_workbook,
    write_html,
)
from graph.spreadsheets import write_workbook
from texts import say

HOSTILE = ["=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(A1)", "\t=1", '"><script>alert(1)</script>']


@pytest.fixture
def ecomap() -> Ecomap:
    agencies = tuple(
        EcomapAgency(f"o{number}", name, None, "welfare", "listed", number)
        for number, name in enumerate(["府中市役所", *HOSTILE])
    )
    ties = (
        EcomapTie("f", "o0", "strong", "good", "out"),
        EcomapTie("o1", "o0", "weak", "stressful", None),
        EcomapTie("o1", "elsewhere", "weak"),
    )
    return Ecomap("清心寮", date(2022, 10, 4), ("f",), ("清心寮",), agencies, ties, "meeting")


def label(kind: str, code: str | None) -> str:
    return f"{kind}:{code}"


@pytest.mark.parametrize("value", [*HOSTILE, "－1", "=HYPERLINK(1)", "\x00=1", "090-1234-5678"])
def test_a_text_stays_text_in_excel(value: str) -> None:
    book = openpyxl.load_workbook(BytesIO(write_workbook({"表": [["見出し"], [value]]})))
    cell = book["表"]["A2"]
    assert cell.data_type == "s"
    assert cell.value.strip() == value.replace("\x00", " ").strip()


def test_the_same_rows_give_the_same_workbook() -> None:
    sheets = {"表": [["名称", "日付"], ["甲", date(2022, 10, 4)], [None, 3]]}
    one, two = (openpyxl.load_workbook(BytesIO(write_workbook(sheets))) for _ in range(2))
    rows = [[[cell.value for cell in row] for row in book["表"]] for book in (one, two)]
    assert rows[0] == rows[1]
    assert rows[0][2] == [None, 3]


def test_the_workbook_holds_agencies_ties_changes_date_and_look(ecomap: Ecomap) -> None:
    data = write_ecomap_workbook(ecomap, ["甲が加わりました。"], label, say)
    book = openpyxl.load_workbook(BytesIO(data))
    assert book.sheetnames == ["この図", "機関", "関係", "変わったこと"]
    assert [cell.value for cell in book["この図"]["A"]][2] == "会議用"
    names = [cell.value for cell in book["機関"]["A"]][1:]
    assert names == [agency.name for agency in ecomap.agencies]
    ties = [[cell.value for cell in row][:2] for row in book["関係"].iter_rows(min_row=2)]
    assert ties == [["清心寮", "府中市役所"], [HOSTILE[0], "府中市役所"]]
    assert book["変わったこと"]["A2"].value == "甲が加わりました。"


@pytest.mark.parametrize(
    ("write", "read"), [(write_graphml, nx.read_graphml), (write_gexf, nx.read_gexf)]
)
def test_other_programs_read_the_same_network(ecomap: Ecomap, write, read) -> None:
    own = make_network(ecomap)
    back = read(BytesIO(write(own)))
    assert set(back.nodes) == set(own.nodes)
    assert sorted(back.edges()) == sorted(own.edges())
    assert {back.nodes[n]["stage"] for n in back if n != "f"} == {"listed"}
    words = {data["strength"] for _, _, data in back.edges(data=True)}
    assert words == {"strong", "weak"}


def test_kumu_gets_elements_of_unlike_ids_and_arrows_at_who_receives() -> None:
    agency = {"kana": None, "field": "welfare", "municipality": None, "keeps_list": False}
    agencies = [agency | {"organization_id": key, "name": "同名"} for key in "ab"]
    tie = {"kind": "cooperation", "strength": "strong", "quality": "good"}
    ends = {"source_id": "a", "target_id": "b"}
    ties = [{**tie, **ends, "flow": flow} for flow in ("out", "in", "both", None)]
    stray = {**tie, "source_id": "a", "target_id": "elsewhere", "flow": None}
    blueprint = json.loads(write_kumu(make_graph(agencies, [*ties, stray], "網")))
    assert [one["id"] for one in blueprint["elements"]] == ["a", "b"]
    assert [one["label"] for one in blueprint["elements"]] == ["同名", "同名"]
    assert [(one["from"], one["to"], one["direction"]) for one in blueprint["connections"]] == [
        ("a", "b", "directed"), ("b", "a", "directed"), ("a", "b", "mutual"),
        ("a", "b", "undirected"),
    ]  # fmt: skip
    ids = [one["id"] for part in blueprint.values() for one in part]
    assert len(ids) == len(set(ids))


def test_kumu_gets_the_ecomap_too(ecomap: Ecomap) -> None:
    blueprint = json.loads(write_kumu(make_network(ecomap)))
    assert {one["type"] for one in blueprint["elements"]} == {"centre", "agency"}
    assert len(blueprint["connections"]) == len(make_network(ecomap).edges)


def test_the_page_fetches_nothing_and_runs_nothing(ecomap: Ecomap) -> None:
    page = write_html(draw_ecomap(ecomap, DrawOptions(), say), '"><script>x</script>', "ja")
    assert "<script" not in page
    addresses = set(re.findall(r"https?://[^\"'\s<)]+", page))
    assert addresses <= {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'" in page
    assert "会議用" in page
