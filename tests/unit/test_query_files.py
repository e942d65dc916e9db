"""The reader of query files: what a header must say, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

import queries
from queries import BadParameter, BadQuery, bind, parse_query

GOOD = """// Which agencies are there?
// param  name: str - Organization.name
// param  limit: int = 20 - at most so many
// return id: str - Organization.organization_id
// return place: map? - where
// right  see_network
// source DESIGN 3
MATCH (o:Organization {name: $name}) // $nobody
RETURN o.organization_id AS id, {x: o.x, y: 'a $b'} AS place
ORDER BY id LIMIT $limit
"""


def test_a_good_file_is_read_whole() -> None:
    query = parse_query("good", GOOD)
    assert query.question == "Which agencies are there?"
    assert [(p.name, p.type, p.default) for p in query.parameters] == [
        ("name", "str", None), ("limit", "int", "20"),
    ]  # fmt: skip
    assert [(c.name, c.type) for c in query.columns] == [("id", "str"), ("place", "map?")]
    assert query.source == "DESIGN 3"
    assert query.cypher == GOOD  # pastes unchanged


def test_what_may_be_null_and_lists_are_sent_in_one_map_for_one_plan() -> None:
    text = GOOD.replace("limit: int", "limit: int?")
    query = parse_query("good", text)
    assert query.statement == text.replace("LIMIT $limit", "LIMIT $asked.limit")
    bound = bind(query, {"name": "青葉"})
    assert queries.gather(query, bound) == {"name": "青葉", "asked": {"limit": 20}}


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("// Which agencies are there?\n", "// All agencies\n", "question"),
        ("// Which agencies are there?\n", "", "question"),
        ("// param  name: str - Organization.name\n", "", "undeclared"),
        ("name: $name", "name: 'x'", "does not use"),
        ("{name: $name}", "{name: '$name'}", "does not use"),
        ("// param  limit", "// param  name: str - again\n// param  limit", "twice"),
        ("limit: int", "limit: integer", "parameter type"),
        ("place: map?", "place: dict", "unknown type"),
        ("AS id,", "AS key,", "returns"),
        ("// return place: map? - where\n", "", "returns"),
        ("// source DESIGN 3\n", "", "source"),
        ("// right  see_network\n", "", "names no right"),
        ("// right  see_network\n", "// right  see_all\n", "unknown right"),
        ("id: str", "id: str [see_all: a as b]", "unknown right"),
        ("id: str", "id: str [see_levels: a b]", "cannot read"),
        ("// param  name: str - ", "// param  name str ", "cannot read"),
        ("// right ", "// order  reading\n// right ", "cannot read"),
        ("// right ", "// order  reading - a column nobody returns\n// right ", "returns"),
    ],
)
def test_a_header_that_does_not_fit_is_refused(old: str, new: str, rule: str) -> None:
    assert old in GOOD
    with pytest.raises(BadQuery, match=rule) as refused:
        parse_query("some_name", GOOD.replace(old, new))
    assert "some_name" in str(refused.value)


def test_a_column_or_one_value_of_it_may_demand_a_right() -> None:
    whole = parse_query("q", GOOD.replace("place: map?", "place: map? [see_levels]"))
    value = parse_query("q", GOOD.replace("id: str", "id: str [see_levels: stressful as good]"))
    assert [(c.right, c.instead) for c in whole.columns] == [(None, None), ("see_levels", None)]
    assert value.columns[0].right == "see_levels"
    told = [value.columns[0].withhold(one) for one in ("stressful", "broken", "good")]
    assert told == ["good", "broken", "good"]


def test_a_column_that_only_puts_rows_in_order_stands_last_and_aside() -> None:
    text = GOOD.replace("// right ", "// order  reading within place, rank - kana\n// right ")
    query = parse_query("q", text.replace("AS place\n", "AS place, o.r AS rank, o.k AS reading\n"))
    assert query.order is not None
    assert (query.order.by, query.order.within) == ("reading", ("place", "rank"))
    assert query.aside == ("rank", "reading")


def test_every_query_of_the_folder_is_read() -> None:
    found = queries.list_queries()
    assert list(found) == sorted(found)
    assert {
        "agency_details", "coverage_matrix", "ecomap_agencies", "ecomap_ties",
        "nearby_organizations", "next_contacts", "partner_funnel", "partner_stages",
        "path_steps", "recorded_paths",
    } <= set(found)  # fmt: skip


def test_every_answer_comes_in_an_order() -> None:
    for query in queries.list_queries().values():
        assert "ORDER BY" in query.cypher.rsplit("RETURN", 1)[-1], query.name


def test_texts_become_values_of_their_types() -> None:
    text = GOOD.replace("limit: int", "limit: date").replace("name: str", "name: list[str]")
    query = parse_query("q", text.replace("= 20", "= today"))
    bound = bind(query, {"name": "a, b,,c"})
    assert bound == {"name": ["a", "b", "c"], "limit": date.today()}
    assert bind(query, {"name": [], "limit": "2022-10-04"})["limit"] == date(2022, 10, 4)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": "x", "colour": "red"}, "queries.unknown"),
        ({}, "queries.missing"),
        ({"name": None}, "queries.missing"),
        ({"name": "x", "limit": "many"}, "queries.type"),
        ({"name": "x", "limit": 2**63}, "queries.type"),
    ],
)
def test_values_that_do_not_fit_are_refused(values: dict[str, object], code: str) -> None:
    with pytest.raises(BadParameter) as refused:
        bind(parse_query("q", GOOD), values)
    assert refused.value.code == code


def test_a_refusal_does_not_repeat_the_value() -> None:
    query = parse_query("q", GOOD.replace("name: str", "name: date"))
    with pytest.raises(BadParameter) as refused:
        bind(query, {"name": "山田花子"})
    assert "山田花子" not in f"{refused.value} {refused.value.values}"
