"""Questions about open data: candidates for empty cells, and names at national size."""

from __future__ import annotations

from datetime import date

import neo4j
import pytest

import queries
from graph.records import Value
from graph.store import Row, Store
from tests.builders import (
    FACILITY,
    Records,
    agency,
    area,
    event,
    link,
    located,
    node,
    offers,
    partner_list,
    serves,
    support,
    write,
)
from tests.queries.test_every_query import TYPES

EDITION = date(2025, 3, 1)


def listed(
    key: str, *, gone_on: date | None = None, field: str = "welfare", **properties: Value
) -> Records:
    """An agency with a row of open data behind it."""
    row = node(
        "Listing", f"wamnet-{key}", source="wamnet", series="wamnet:x", edition=EDITION,
        number=key, name=key, gone_on=gone_on,
    )  # fmt: skip
    about = link("DESCRIBES", f"Listing wamnet-{key}", f"Organization {key}")
    return [agency(key, field=field, **properties), row, about]


def build(store: Store, *more: Records) -> None:
    write(
        store,
        agency(FACILITY),
        partner_list("list", "2022-03-01", "partner"),
        agency("partner"),
        area("12", level="prefecture"),
        area("12207", "12"),
        support("work"),
        *more,
    )


def ask(store: Store, **values: object) -> list[Row]:
    given: dict[str, object] = {"area_ids": ["12207"], "categories": ["welfare"]}
    return queries.ask(store, "open_data_candidates", **(given | values))


def test_who_serves_or_stands_there_is_a_candidate_servers_first(store: Store) -> None:
    build(
        store,
        listed("b", phone="047-1"), [located("b", "12207"), offers("b", "work")],
        listed("c"), [serves("c", "12")],
    )  # fmt: skip
    rows = ask(store)
    assert [(row["organization_id"], row["serves"], row["found"]) for row in rows] == [
        ("c", True, 2), ("b", False, 2),
    ]  # fmt: skip
    assert (rows[1]["offers"], rows[1]["edition"], rows[1]["phone"]) == (
        ["work"], EDITION, "047-1",
    )  # fmt: skip
    for column in queries.list_queries()["open_data_candidates"].columns:
        for value in (row[column.name] for row in rows):
            assert value is None or isinstance(value, TYPES[column.type.removesuffix("?")])


def test_an_agency_is_a_candidate_for_each_kind_of_help_it_offers(store: Store) -> None:
    build(
        store, support("food"), support("legal"),
        listed("a"), [located("a", "12207"), offers("a", "work"), offers("a", "food")],
        listed("b"), [located("b", "12207")],
    )  # fmt: skip
    rows = ask(store, by="support", categories=["work", "food", "legal"])
    assert [(row["category"], row["organization_id"]) for row in rows] == [
        ("food", "a"), ("work", "a"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "records",
    [
        [agency("a"), located("a", "12207")],  # no open data
        [*listed("a", gone_on=date(2025, 9, 1)), located("a", "12207")],
        [*listed("a", status="closed"), located("a", "12207")],
        [*listed("a", status="to_be_checked"), located("a", "12207")],
        [*listed("a", field="medical"), located("a", "12207")],
        [*listed("a"), *area("12220", "12"), located("a", "12220")],
        [*listed("a"), located("a", "12207"), *event("explained", "2022-04-01", "a")],
        [
            *listed("a"), located("a", "12207"),
            link("LISTS", "PartnerList list", "Organization a"),
        ],
    ],
)  # fmt: skip
def test_who_is_known_gone_or_elsewhere_is_none(store: Store, records: Records) -> None:
    build(store, records)
    assert ask(store) == []


def test_only_some_of_many_are_named_and_all_are_counted(store: Store) -> None:
    build(store, *([*listed(f"a{n}"), located(f"a{n}", "12207")] for n in range(7)))
    rows = ask(store, limit=3)
    assert ([row["found"] for row in rows], len(rows)) == ([7, 7, 7], 3)


def test_a_part_of_a_name_is_found_and_beginnings_come_first(store: Store) -> None:
    write(store, agency("1", name="希望の家"), agency("2", name="松戸希望"), agency("3", name="光"))
    rows = queries.ask(store, "search_organizations", words="希望")
    assert [row["organization_id"] for row in rows] == ["1", "2"]
    assert queries.ask(store, "search_organizations", words="無い") == []


def search(store: Store, words: str) -> list[str]:
    return [row["name"] for row in queries.ask(store, "search_organizations", words=words)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("光", ["光の家"]),  # one character: the full-text index knows none
        ("ひかり", ["光の家"]),
        ("はぴい", ["ＨＡＰＰＹセンター"]),  # a short name is in the full-text index only
        ("happy", ["ＨＡＰＰＹセンター"]),
        ('"ゆ', [r'"ゆめ"\作業所']),
        (r"\作", [r'"ゆめ"\作業所']),
        ('" OR *:* OR "', []),
        ("~*", []),
        ("作業所)", ['"ゆめ"\\作業所']),  # signs beside the words do not count
    ],
)
def test_words_are_looked_for_as_they_are_typed(store: Store, words: str, found: list[str]) -> None:
    write(
        store, agency("1", name="光の家", kana="ひかりのいえ"), agency("4", name="他"),
        agency("2", name="ＨＡＰＰＹセンター", short_name="はぴい"),
        agency("3", name=r'"ゆめ"\作業所'), agency("5", name="光荘", status="closed"),
    )  # fmt: skip
    assert search(store, words) == found


def test_only_some_of_many_are_found_and_all_are_counted(store: Store) -> None:
    write(store, *(agency(f"{n}", name=f"のぞみ{n}") for n in range(5)))
    rows = queries.ask(store, "search_organizations", words="のぞみ", limit=2)
    assert [(row["organization_id"], row["found"]) for row in rows] == [("0", 5), ("1", 5)]


def plan_of(raw: neo4j.Driver, name: str, **values: object) -> str:
    query = queries.list_queries()[name]
    bound = queries.bind(query, values)
    summary = raw.execute_query(f"EXPLAIN {query.statement}", queries.gather(query, bound)).summary
    return str(summary.plan)


def test_near_search_and_part_of_a_name_use_their_indexes(
    sample_store: Store, raw: neo4j.Driver
) -> None:
    assert sample_store is not None
    near = plan_of(raw, "nearby_organizations", area_id="12207", radius_m=5000.0)
    assert "POINT INDEX a:Organization(location)" in near
    assert "RANGE INDEX a:Organization(field)" in near  # where those of the fields are few
    named = plan_of(raw, "search_organizations", words="希望")
    for part in ("TEXT INDEX a:Organization(name)", "TEXT INDEX a:Organization(kana)", "fulltext"):
        assert part in named


def test_doubts_answer_with_the_declared_types(store: Store) -> None:
    row = node(
        "Listing", "wamnet-1", source="wamnet", series="wamnet:x", edition=EDITION, number="1",
        name="希望",
    )  # fmt: skip
    pair = link("MAY_DESCRIBE", "Listing wamnet-1", "Organization a", reason="name", similarity=100)
    write(store, agency("a"), row, pair)
    (doubt,) = queries.ask(store, "open_data_doubts")
    for column in queries.list_queries()["open_data_doubts"].columns:
        value = doubt[column.name]
        assert value is None or isinstance(value, TYPES[column.type.removesuffix("?")])
    assert doubt["office"]["name"] == "希望"


def ask_of_areas(store: Store, *area_ids: str, limit: int = 100) -> list[Row]:
    return queries.ask(store, "open_data_of_areas", area_ids=list(area_ids), limit=limit)


def test_a_list_begins_with_who_serves_or_stands_in_an_area_by_reading(store: Store) -> None:
    build(
        store,
        listed("b", kana="ビビ"), [located("b", "12207")],
        listed("c", kana="あお"), [serves("c", "12")],
        listed("m", field="medical"), [located("m", "12207"), serves("m", "12207")],
        listed("closed", status="closed"), [located("closed", "12207")],
        listed("elsewhere"), area("13101"), [located("elsewhere", "13101")],
        agency("by_hand"), [located("by_hand", "12207")],
    )  # fmt: skip
    rows = ask_of_areas(store, "12207")
    assert [(row["organization_id"], row["serves"], row["found"]) for row in rows] == [
        ("m", True, 1), ("c", True, 2), ("b", False, 2),
    ]  # fmt: skip
    assert {row["organization_id"] for row in ask_of_areas(store, "12")} == {"m", "b", "c"}
    assert len(ask_of_areas(store, "12207", limit=1)) == 2  # one of each field
    assert ask_of_areas(store) == []
