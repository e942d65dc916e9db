"""The one door to Neo4j: reads that cannot write, writes that are whole, once, and checked."""

from __future__ import annotations

import random
import socket
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import neo4j
import pytest

from graph import statements
from graph.dates import PartialDate
from graph.engine.server import Connection
from graph.records import InvalidRecords, NodeRecord, Point, Record, Source, Value, encode
from graph.schema import NODES, Property, ValueType
from graph.store import (
    AccessDenied,
    Load,
    MissingEnds,
    NotPrepared,
    Store,
    StoreError,
    Unavailable,
    WriteReport,
)
from tests.builders import agencies, agency, count_nodes, day, event, hash_graph, link, tie, write
from texts import LANGUAGES, say

MARK = "山田花子"


def open_store(database: Connection, **other: str) -> Store:
    given = {"uri": database.uri, "user": database.user, "password": database.password}
    return Store(**(given | other))


@pytest.mark.parametrize(
    "cypher",
    [
        "CREATE (n:Organization {organization_id: 'x'}) RETURN n.organization_id AS id",
        "MATCH (n) SET n.name = 'x' RETURN n.name AS name",
        "MATCH (n) DETACH DELETE n",
        "CREATE INDEX evil FOR (n:Evil) ON (n.x)",
    ],
)
def test_a_read_cannot_write(store: Store, raw: neo4j.Driver, cypher: str) -> None:
    write(store, agency("a"))
    before = hash_graph(raw)
    with pytest.raises(StoreError) as refused:
        store.read(cypher)
    assert type(refused.value) is StoreError
    assert hash_graph(raw) == before


def test_nothing_is_a_list_without_rows(store: Store) -> None:
    assert store.read("MATCH (n) RETURN n.name AS name") == []
    assert store.list_nodes("Organization", ("organization_id",)) == []
    assert store.list_relationships("TIED_TO", ("kind",)) == []
    assert store.find_load("nothing") is None


def test_values_come_back_as_plain_python(store: Store) -> None:
    row = store.read(
        "RETURN date('2022-10-04') AS day, point({latitude: 35.5, longitude: 139.5}) AS point, "
        "[date('2022-01-01')] AS days, {at: date('2022-01-02')} AS map, null AS nothing"
    )[0]
    assert row == {
        "day": date(2022, 10, 4),
        "point": Point(35.5, 139.5),
        "days": [date(2022, 1, 1)],
        "map": {"at": date(2022, 1, 2)},
        "nothing": None,
    }


def draw_record(dice: random.Random, label: str) -> NodeRecord:
    """A record of random values within the rules of the schema, now and then emptied."""
    node = NODES[label]
    key = "housing" if label == "Support" else f"{label}-{dice.randrange(10**9)}"
    properties = {
        p.name: _draw_value(dice, p)
        for p in node.properties
        if p.name != node.key and (p.required or dice.random() < 0.7)
    }
    return NodeRecord(label, key, properties, Source("f.xlsx", "機関", 2))


def _draw_value(dice: random.Random, declared: Property) -> Value:
    if not declared.required and dice.random() < 0.2:
        return None
    if declared.vocabulary:
        return " ".join(dice.sample(declared.vocabulary.codes, 2 if declared.several else 1))
    if declared.pattern:
        return _PATTERNED[declared.name]
    on = date(dice.randint(1868, 2100), dice.randint(1, 12), 1)
    made: dict[ValueType, Value] = {
        ValueType.TEXT: dice.choice(("松戸", "a'b\"c\\", "$x {y} `z`", "𠮷野家👪", "行\n行", "ｶﾅ")),
        ValueType.INTEGER: 2**63 - 1 if declared.maximum is None else int(declared.maximum),
        ValueType.NUMBER: dice.choice((0, -1.5, 1e-7, 1e300, 2**53 + 1)),
        ValueType.DATE: on,
        ValueType.TIME: datetime(on.year, on.month, 1, 12, 30, tzinfo=UTC),
        ValueType.BOOLEAN: dice.random() < 0.5,
        ValueType.PARTIAL_DATE: PartialDate(on, "month", f"{on:%Y年%m月}●"),
        ValueType.POINT: Point(dice.uniform(-90, 90), dice.uniform(-180, 180)),
    }
    value = made[declared.type]
    if declared.minimum is not None and isinstance(value, int | float):
        return max(value, int(declared.minimum))
    return value


_PATTERNED = {
    "corporate_number": "1234567890123",
    "office_number": "12A4567890",
    "postal_code": "270-0034",
    "municipality": "12207",
}


@pytest.mark.parametrize("label", [label for label in NODES if label not in ("Load", "Former")])
def test_what_passes_the_check_is_stored_and_read_back_as_it_was(
    store: Store, raw: neo4j.Driver, label: str
) -> None:
    dice = random.Random(label)
    count = 1 if label == "Support" else 20
    records = [draw_record(dice, label) for _ in range(count)]
    assert write(store, records).created == count
    names = [name for p in NODES[label].properties for name in p.stored_names]
    rows = {row[NODES[label].key]: row for row in store.list_nodes(label, names)}
    for record in records:
        stored = {name: value for name, value in encode(record).items() if value is not None}
        row = {name: value for name, value in rows[record.key].items() if value is not None}
        assert row == stored | {NODES[label].key: record.key}
    before = hash_graph(raw)
    assert write(store, records).unchanged == count
    assert hash_graph(raw) == before


def test_a_comparison_tells_what_a_write_then_does(store: Store, raw: neo4j.Driver) -> None:
    write(store, agency("a"), agency("b"))
    before = hash_graph(raw)
    records = [agency("a"), agency("b", phone="047-000-0000"), agency("c")]
    difference = store.compare(records)
    assert hash_graph(raw) == before
    assert [change.record.identity for change in difference.new] == ["c"]
    assert [change.changed_properties for change in difference.changed] == [("phone",)]
    assert difference.unchanged == 1
    report = write(store, records)
    assert (report.created, report.changed, report.unchanged) == (1, 1, 1)


def test_a_comparison_names_the_words_of_a_date_that_changed(store: Store) -> None:
    write(store, agency("home"), event("meeting", "2022-06", key="e"))
    difference = store.compare(event("meeting", "2022-06-13", key="e")[:1])
    assert difference.changed[0].changed_properties == (
        "occurred_on", "occurred_on_precision", "occurred_on_text",
    )  # fmt: skip


def test_the_same_load_written_twice_is_written_once(store: Store, raw: neo4j.Driver) -> None:
    load = Load("load-x", "表.xlsx", actor="担当")
    first = store.write(agencies("a", "b"), load)
    before = hash_graph(raw)
    again = store.write(agencies("a", "b", "c"), load)
    assert (first.created, first.repeated) == (2, False)
    assert again == WriteReport("load-x", 2, 0, 0, repeated=True)
    assert store.find_load("load-x") == again
    assert (hash_graph(raw), count_nodes(raw, "Load")) == (before, 1)


def test_a_missing_end_leaves_nothing_of_the_load(store: Store, raw: neo4j.Driver) -> None:
    write(store, agency("a"))
    before = hash_graph(raw)
    records: list[Record] = [*agencies("b", "c"), tie("a", "b"), tie("b", MARK)]
    with pytest.raises(MissingEnds) as refused:
        store.write(records, Load("load-bad", "表.xlsx"))
    assert (refused.value.kind, refused.value.ends) == ("TIED_TO", (("b", MARK),))
    assert MARK not in str(refused.value)
    assert (hash_graph(raw), store.find_load("load-bad")) == (before, None)
    assert store.write([*records, agency(MARK)], Load("load-bad")).created == 5


def test_an_interrupted_write_leaves_nothing(store: Store, raw: neo4j.Driver) -> None:
    class Unplugged(Exception):
        pass

    def unplug(fraction: float) -> None:
        if fraction > 0.5:
            raise Unplugged

    before = hash_graph(raw)
    with pytest.raises(Unplugged):
        store.write([*agencies("a", "b"), tie("a", "b")], Load("load-cut"), unplug)
    assert (hash_graph(raw), store.find_load("load-cut")) == (before, None)
    assert count_nodes(raw) == 0


def test_those_who_bring_the_same_at_once_all_succeed_and_it_stands_once(
    store: Store, raw: neo4j.Driver
) -> None:
    keys = [f"a{number}" for number in range(50)]
    records: list[Record] = [*agencies(*keys), *(tie(keys[0], key) for key in keys[1:])]
    start = Barrier(4)

    def bring(number: int) -> WriteReport:
        start.wait()
        return store.write(records, Load(f"load-{number}"))

    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(bring, range(4)))
    assert sorted(report.created for report in reports) == [0, 0, 0, len(records)]
    assert count_nodes(raw, "Organization") == 50


def test_a_record_said_twice_in_a_load_is_one(store: Store, raw: neo4j.Driver) -> None:
    twice: list[Record] = [agency("a"), agency("a", phone="047-000-0000"), agency("b")]
    store.write([*twice, tie("a", "b"), tie("a", "b")], Load("load-twice"))
    assert count_nodes(raw, "Organization") == 2
    phones = {row["phone"] for row in store.list_nodes("Organization", ("phone",))}
    assert phones == {"047-000-0000", None}


def test_progress_goes_up_to_the_end(store: Store) -> None:
    seen: list[float] = []
    store.write([*agencies("a", "b"), tie("a", "b")], Load("load-p"), seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_an_invalid_record_is_refused_before_anything_is_asked(database: Connection) -> None:
    nowhere = Store("bolt://127.0.0.1:1", database.user, database.password)
    with nowhere, pytest.raises(InvalidRecords) as refused:
        nowhere.write([agency("a", field=MARK)], Load("load-i"))
    assert MARK not in str(refused.value)


def test_what_a_sheet_no_longer_holds_is_listed(store: Store) -> None:
    def from_sheet(key: str, sheet: str | None, row: int) -> NodeRecord:
        return NodeRecord("Organization", key, {"name": key}, Source("表", sheet, row))

    write(store, from_sheet("a", "機関", 2), from_sheet("b", "機関", 3), from_sheet("c", "別", 2))
    write(store, from_sheet("d", None, 2), from_sheet("e", None, 3))
    assert store.list_missing([from_sheet("a", "機関", 2)]) == (("Organization", 3),)
    assert store.list_missing([from_sheet("e", None, 2)]) == (("Organization", 2),)
    assert store.list_missing([]) == ()


@pytest.fixture
def without_constraint(raw: neo4j.Driver) -> Iterator[None]:
    """The key of Organization does not stand, and two nodes with one id forbid to make it."""
    raw.execute_query("DROP CONSTRAINT organization_key")
    raw.execute_query("UNWIND [1, 2] AS i CREATE (:Organization {organization_id: 'twin'})")
    yield
    raw.execute_query("MATCH (o:Organization) DETACH DELETE o")
    raw.execute_query(statements.list_constraints()["organization_key"])


def test_nothing_is_written_before_the_constraints_stand(
    store: Store, without_constraint: None, database: Connection, raw: neo4j.Driver
) -> None:
    before = hash_graph(raw)
    with open_store(database) as fresh:
        with pytest.raises(NotPrepared):
            fresh.write(agencies("a"), Load("load-n"))
        assert (hash_graph(raw), fresh.find_load("load-n")) == (before, None)
        raw.execute_query("MATCH (o:Organization) DETACH DELETE o")
        fresh.prepare()
        assert fresh.write(agencies("a"), Load("load-n")).created == 1


def test_an_index_of_its_name_is_not_the_constraint(
    store: Store, without_constraint: None, database: Connection, raw: neo4j.Driver
) -> None:
    raw.execute_query("CREATE INDEX organization_key FOR (o:Organization) ON (o.organization_id)")
    raw.execute_query("CALL db.awaitIndexes(60)")
    try:
        with open_store(database) as fresh, pytest.raises(NotPrepared):
            fresh.prepare()
    finally:
        raw.execute_query("DROP INDEX organization_key")


def test_apps_that_start_at_once_on_a_new_database_prepare_it_together(
    store: Store, database: Connection, raw: neo4j.Driver
) -> None:
    for name in statements.list_constraints():
        raw.execute_query(f"DROP CONSTRAINT {name} IF EXISTS")
    for name in statements.list_indexes():
        raw.execute_query(f"DROP INDEX {name} IF EXISTS")
    together = Barrier(3)

    def start(_: int) -> None:
        with open_store(database) as app:
            together.wait()
            app.prepare()

    with ThreadPoolExecutor(3) as apps:
        assert list(apps.map(start, range(3))) == [None] * 3
    shown = raw.execute_query("SHOW INDEXES YIELD name WHERE name IS NOT NULL RETURN name").records
    wanted = statements.list_indexes().keys() | statements.list_constraints().keys()
    assert {row["name"] for row in shown} >= wanted


def test_a_prepared_graph_has_every_constraint_and_index_of_the_schema(
    store: Store, raw: neo4j.Driver
) -> None:
    shown = raw.execute_query("SHOW INDEXES YIELD name, state, populationPercent").records
    online = {row["name"] for row in shown if row["state"] == "ONLINE"}
    assert online >= statements.list_indexes().keys() | statements.list_constraints().keys()


def test_a_wrong_password_and_a_silent_address_are_told_apart(database: Connection) -> None:
    with open_store(database, password="wrong-password") as store, pytest.raises(AccessDenied):
        store.read("RETURN 1 AS one")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        uri = f"bolt://127.0.0.1:{taken.getsockname()[1]}"
    with open_store(database, uri=uri) as store, pytest.raises(Unavailable):
        store.read("RETURN 1 AS one")


def test_errors_carry_the_key_of_a_sentence() -> None:
    for error in (StoreError, Unavailable, AccessDenied, NotPrepared, MissingEnds):
        for language in LANGUAGES:
            assert say(error.code, language)


def test_a_traceback_of_the_store_quotes_no_value(store: Store) -> None:
    with pytest.raises(StoreError) as refused:
        store.read("RETURN date($name) AS day", {"name": MARK})
    assert MARK not in "".join(traceback.format_exception(refused.value))


@pytest.mark.parametrize(
    "words",
    ["サポート", "就労支援", "埼玉県", "浦和区", "機構", "おおみや", "せんたー", "ささぼし"],
)
def test_the_full_text_index_finds_names_by_any_part(sample_store: Store, words: str) -> None:
    def names(cypher: str) -> set[str]:
        return {row["name"] for row in sample_store.read(cypher, {"words": words})}

    found = names(
        "CALL db.index.fulltext.queryNodes('organization_words', '\"' + $words + '\"') "
        "YIELD node RETURN node.name AS name"
    )
    holding = names(
        "MATCH (o:Organization) WHERE o.name CONTAINS $words OR o.kana CONTAINS $words "
        "OR o.short_name CONTAINS $words RETURN o.name AS name"
    )
    assert holding
    assert found >= holding


@pytest.mark.parametrize("name", ["name", "kana"])
def test_a_part_of_a_name_is_looked_up_in_the_text_index(
    store: Store, raw: neo4j.Driver, name: str
) -> None:
    # The planner chooses by counts: a graph of a prefecture's size, and counts that are current.
    write(store, [agency(f"a{n}", kana=f"あおば{n}", phone="1") for n in range(2_000)])
    raw.execute_query("CALL db.prepareForReplanning(60)")
    plan = raw.execute_query(
        f"CYPHER replan=force EXPLAIN MATCH (o:Organization) "
        f"WHERE o.{name} CONTAINS $words RETURN o",
        words="支援",
    ).summary.plan
    assert plan is not None
    assert "NodeIndexContainsScan" in str(plan)
    assert f"TEXT INDEX o:Organization({name})" in str(plan)


def test_distances_are_looked_up_in_the_point_index(sample_store: Store, raw: neo4j.Driver) -> None:
    plan = raw.execute_query(
        "CYPHER replan=force EXPLAIN MATCH (o:Organization) WHERE point.distance(o.location, "
        "point({latitude: 35.0, longitude: 140.0})) < 1000 RETURN o"
    ).summary.plan
    assert "POINT INDEX" in str(plan)


def test_a_store_reads_what_another_has_just_written(store: Store, database: Connection) -> None:
    with open_store(database) as other:
        other.write(agencies("a"), Load("load-o"))
    assert store.list_nodes("Organization", ("organization_id",)) == [{"organization_id": "a"}]


def test_the_end_of_a_tie_is_known_by_its_first_possible_day(store: Store) -> None:
    write(store, agencies("a", "b"), tie("a", "b", since=day("2022-03"), until=day("2022")))
    rows = store.list_relationships("TIED_TO", ("since", "since_precision", "until", "until_text"))
    assert rows == [
        {"start": "a", "end": "b", "since": date(2022, 3, 1), "since_precision": "month",
         "until": date(2022, 1, 1), "until_text": "2022"},
    ]  # fmt: skip


def test_relationships_are_written_by_their_ends_whatever_their_order(store: Store) -> None:
    offer = link("OFFERS", "Organization a", "Support food")
    records: list[Record] = [offer, NodeRecord("Support", "food", {"name": "食"}, Source("f"))]
    store.write([*records, agency("a")], Load("load-r"))
    assert store.list_relationships("OFFERS", ()) == [{"start": "a", "end": "food"}]
