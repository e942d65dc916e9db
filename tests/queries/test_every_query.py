"""What holds for every query file, whatever it asks."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import queries
from graph.store import Row, Store

SAMPLE_VALUES: dict[str, object] = {
    "area_id": "12207",
    "client_id": "2019-01",
    "as_of": date(2022, 10, 4),
    "from_id": "横浜刑務所",
    "to_id": "中核地域生活支援センターほっとねっと",
    "facility_id": "更生保護法人 清心寮",
    "places_of": "更生保護法人 清心寮",
    "organization_id": "埼玉県就労支援事業者機構",
    "organization_ids": [
        "大宮サポートセンター",
        "埼玉県保護司会連合会",
        "埼玉県就労支援事業者機構",
    ],
    "since": date(2015, 1, 1),
    "words": "松戸",
    "until": date(2022, 10, 4),
}
TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,), "int": (int,), "float": (float, int), "bool": (bool,), "date": (date,),
    "list[str]": (list,), "list[map]": (list,), "map": (dict,), "list[int]": (list,),
    "list[float]": (list,),
}  # fmt: skip
NAMES = sorted(queries.list_queries())


def ask(store: Store, name: str) -> list[Row]:
    query = queries.list_queries()[name]
    ids = {r["name"]: r["organization_id"] for r in _organizations(store)}
    known = {parameter.name: SAMPLE_VALUES.get(parameter.name) for parameter in query.parameters}
    values = {n: _find_id(v, ids) for n, v in known.items() if v is not None}
    return queries.ask(store, name, **values)


def _find_id(value: object, ids: dict[str, str]) -> object:
    if isinstance(value, list):
        return [ids.get(each, each) for each in value]
    return ids.get(str(value), value)


def _organizations(store: Store) -> list[Row]:
    return store.list_nodes("Organization", ("organization_id", "name"))


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_graph_answers_nothing(store: Store, name: str) -> None:
    assert ask(store, name) == []


NOT_OF_THE_SAMPLE = {
    "open_data_doubts", "open_data_candidates", "open_data_of_areas", "client_provisions",
}  # fmt: skip
"""The sample holds no open data, and nobody was told by hand: these have tests of their own."""


@pytest.mark.parametrize("name", [name for name in NAMES if name not in NOT_OF_THE_SAMPLE])
def test_the_sample_answers_with_the_declared_columns_and_types(
    sample_store: Store, name: str
) -> None:
    rows = ask(sample_store, name)
    assert rows
    columns = queries.list_queries()[name].columns
    assert list(rows[0]) == [column.name for column in columns]
    for column in columns:
        values = [row[column.name] for row in rows]
        given = [value for value in values if value is not None]
        assert column.type.endswith("?") or len(given) == len(values), column.name
        assert all(isinstance(v, TYPES[column.type.removesuffix("?")]) for v in given), column.name


@pytest.mark.parametrize("name", NAMES)
def test_the_same_question_gets_the_same_answer(sample_store: Store, name: str) -> None:
    assert ask(sample_store, name) == ask(sample_store, name)


@pytest.mark.parametrize("name", NAMES)
def test_every_query_has_a_test_of_its_own(name: str) -> None:
    tests = [path for path in Path(__file__).parent.glob("test_*.py") if path != Path(__file__)]
    texts = [path.read_text(encoding="utf-8") for path in tests]
    assert any(re.search(rf'"{name}"', text) for text in texts)
