"""A load or an edit is taken back exactly; where later changes are in the way a person decides."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import neo4j
import pytest
from typer.testing import CliRunner

import tsunagi
from graph.records import NodeRecord, Point, Record, Source
from graph.rights import Actor, add_up
from graph.store import (
    Load,
    LoadEnded,
    NotUndoable,
    Refused,
    Store,
    Touched,
    WriteReport,
    history,
    undoing,
)
from loaders.loading import load_file
from loaders.network_places import keep_cells
from tests.builders import (
    agencies,
    agency,
    count_nodes,
    day,
    delimited,
    event,
    link,
    node,
    referral,
    tie,
    workbook,
)
from tests.reliability.test_undo_model import read_graph


def load(store: Store, name: str, *records: Any, file: str = "表.xlsx") -> WriteReport:
    flat = [r for item in records for r in (item if isinstance(item, list) else [item])]
    return store.write(flat, Load(name, file, "hash"))


def read_states(store: Store) -> dict[str, str]:
    rows = store.read("MATCH (l:Load) RETURN l.load_id AS id, l.state AS state")
    return {row["id"]: row["state"] for row in rows}


def test_an_undo_and_its_redo_give_back_the_graph_before_and_after(
    store: Store, raw: neo4j.Driver
) -> None:
    load(store, "one", agencies("a", "b"), tie("a", "b"))
    before = read_graph(raw)
    load(store, "two", agency("a", phone="047-111-1111"), agency("c"), tie("a", "b", note="近い"))
    after = read_graph(raw)
    undone = store.undo("two", Load("u", actor="page"))
    assert (undone.deleted, undone.changed, undone.created) == (1, 2, 0)
    assert read_graph(raw) == before
    assert read_states(store) == {"one": "done", "two": "undone", "u": "done"}
    with pytest.raises(NotUndoable):
        store.undo("two", Load("again"))
    redone = store.undo("u", Load("r"))
    assert (redone.deleted, redone.changed, redone.created) == (0, 2, 1)
    assert read_graph(raw) == after
    assert read_states(store) == {"one": "done", "two": "done", "u": "undone", "r": "done"}
    with pytest.raises(NotUndoable):
        store.undo("r", Load("again"))  # what stands again is undone itself


def test_the_same_undo_sent_twice_is_one(store: Store, raw: neo4j.Driver) -> None:
    load(store, "one", agencies("a"))
    first = store.undo("one", Load("u"))
    again = store.undo("one", Load("u"))
    assert (first.repeated, again.repeated) == (False, True)
    assert again.deleted == first.deleted == 1
    assert count_nodes(raw, "Load") == 2


def test_what_is_withdrawn_can_be_brought_back(store: Store, raw: neo4j.Driver) -> None:
    load(store, "one", agencies("a", "b"), tie("a", "b"), agency("c"))
    before = read_graph(raw)
    gone: list[Record] = [tie("a", "b"), agency("a"), agency("c"), agency("nobody")]
    report = store.write([tie("b", "c")], Load("w", "画面"), withdrawn=gone)
    assert (report.created, report.deleted) == (1, 2)  # c is joined by now, so it stays
    again = store.write([tie("b", "c")], Load("w", "画面"), withdrawn=gone)
    assert again == replace(report, repeated=True) == store.find_load("w")
    assert {key for _, key in read_graph(raw)} >= {"b", "c"}
    store.undo("w", Load("u"))
    assert read_graph(raw) == before


def test_a_load_in_parts_counts_what_all_its_parts_took_away(store: Store) -> None:
    load(store, "one", agencies("a", "b"), tie("a", "b"), agency("c"))
    parts = Load("p", "大.csv", "hash")
    store.begin_parts(parts)
    store.write_part([agency("d")], parts, 0, withdrawn=[tie("a", "b")])
    store.write_part([agency("d")], parts, 1, withdrawn=[agency("c")])
    assert store.finish_parts(parts).counts == {
        "created": 1, "changed": 0, "unchanged": 1, "deleted": 2,
    }  # fmt: skip


def test_a_later_load_of_the_same_facts_is_named_and_a_person_decides(
    store: Store, raw: neo4j.Driver
) -> None:
    load(store, "one", agencies("a", "b", "c"))
    start = read_graph(raw)
    load(store, "two", agency("a", phone="1"), agency("b", phone="1"), agency("d"))
    between = read_graph(raw)
    load(store, "three", agency("a", phone="2"), event("remark", "2022-04", "d", by="d"))
    plan = store.find_undo("two")
    assert not plan.is_clear
    assert [(o.identity, o.what, o.load and o.load.load_id) for o in plan.obstacles] == [
        ("a", "changed", "three"), ("d", "leaned_on", "three"),
    ]  # fmt: skip
    assert plan.obstacles[0].properties["source_row"] == 2
    assert [one.load_id for one in plan.later] == ["three"]
    stood = read_graph(raw)
    with pytest.raises(Touched):
        store.undo("two", Load("u"))
    with pytest.raises(Touched):
        store.undo("two", Load("u"), including=["another"])
    assert read_graph(raw) == stood
    report = store.undo("two", Load("u"), including=["three"])
    assert read_graph(raw) == start
    assert report.unchanged == 0
    undo_of_three = store.read("MATCH (l:Load {undoes: 'three'}) RETURN l.load_id AS id")[0]["id"]
    store.undo("u", Load("r"))
    assert read_graph(raw) == between
    store.undo(undo_of_three, Load("r2"))
    assert read_graph(raw) == stood


def test_what_nobody_touched_is_put_back_alone_and_the_rest_later(
    store: Store, raw: neo4j.Driver
) -> None:
    load(store, "one", agencies("a", "b"))
    start = read_graph(raw)
    load(store, "two", agency("a", phone="1"), agency("b", phone="1"))
    load(store, "three", agency("a", phone="2"))
    report = store.undo("two", Load("u"), keep_touched=True)
    assert (report.changed, report.unchanged) == (1, 1)
    assert read_states(store)["two"] == "partly_undone"
    graph = read_graph(raw)
    assert graph["Organization", "a"].properties["phone"] == "2"
    assert graph["Organization", "b"] == start["Organization", "b"]
    store.undo("three", Load("u3"))
    store.undo("two", Load("u2"))  # now the rest is free
    assert read_graph(raw) == start
    assert read_states(store)["two"] == "undone"


def test_an_event_that_stays_keeps_whom_it_concerns(store: Store, raw: neo4j.Driver) -> None:
    told = event("remark", "2022-04", "a", key="e", text="言", by="a")
    load(store, "one", agencies("a", "z"), told)
    load(store, "two", event("remark", "2022-04", key="e", text="葉")[0])
    plan = store.find_undo("one")
    assert (plan.touched, plan.held) == (1, 3)  # with the agency and both that join them
    store.undo("one", Load("u"), keep_touched=True)
    kinds = sorted(kind for kind, _ in read_graph(raw))
    assert kinds == ["CONCERNS", "Event", "Organization", "RECORDED_BY"]


def test_what_a_later_load_joined_to_keeps_its_node(store: Store, raw: neo4j.Driver) -> None:
    load(store, "one", agencies("a"))
    load(store, "two", agencies("b"), tie("a", "b"))
    assert [(o.identity, o.what) for o in store.find_undo("one").obstacles] == [("a", "leaned_on")]
    with pytest.raises(Touched):  # nothing else of it could be put back
        store.undo("one", Load("u"), keep_touched=True)
    assert len(read_graph(raw)) == 3


def test_what_cannot_be_joined_again_is_told(store: Store) -> None:
    load(store, "one", agencies("a", "b"), tie("a", "b"))
    store.write([], Load("two", "画面"), withdrawn=[tie("a", "b")])
    store.write([], Load("three", "画面"), withdrawn=[agency("b")])
    plan = store.find_undo("two")
    assert [(o.kind, o.what, o.load and o.load.load_id) for o in plan.obstacles] == [
        ("TIED_TO", "end_missing", "three")
    ]
    assert [one.load_id for one in plan.later] == ["three"]


def test_a_place_in_the_network_does_not_hold_an_agency(store: Store, raw: neo4j.Driver) -> None:
    load(store, "one", agencies("a", "b"))
    keep_cells(store, ["a", "b"], [("a", "b")])
    assert store.find_undo("one").is_clear
    store.undo("one", Load("u"))
    assert [kind for kind, _ in read_graph(raw)] == ["NetworkLayout"]


def test_the_products_own_loads_are_not_undone(store: Store) -> None:
    store.write(agencies("a"), Load("reference-x"))
    with pytest.raises(NotUndoable):
        store.find_undo("reference-x")
    with pytest.raises(NotUndoable):
        store.find_undo("nobody's")
    load(store, "nothing", agencies("a"))
    with pytest.raises(NotUndoable):  # it changed nothing
        store.find_undo("nothing")


def test_a_client_is_undone_by_who_may_write_clients(store: Store) -> None:
    records = [*agencies("a", "b"), *referral("r", "a", "b", client="c-1")]
    load(store, "one", records)
    planner = store.acting_as(Actor("計画", add_up(["planner"])))
    for refused in (planner.find_undo, lambda one: planner.undo(one, Load("u"))):
        with pytest.raises(Refused):
            refused("one")
    store.write(agencies("z"), Load("form", "画面"))
    viewer = store.acting_as(Actor("見る", add_up(["viewer"])))
    with pytest.raises(Refused):
        viewer.undo("form", Load("u"))
    store.acting_as(Actor("記録", add_up(["coordinator"]))).undo("form", Load("u"))
    rows = store.read("MATCH (l:Load {load_id: 'u'}) RETURN l.actor AS actor, l.undoes AS undoes")
    assert rows == [{"actor": "記録", "undoes": "form"}]


def test_of_eight_who_undo_the_same_load_one_wins(store: Store, raw: neo4j.Driver) -> None:
    load(store, "one", agencies("a", "b"), tie("a", "b"))
    start = Barrier(8)

    def attempt(number: int) -> bool:
        start.wait()
        try:
            store.undo("one", Load(f"u{number}"))
        except NotUndoable:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 1
    assert read_graph(raw) == {}
    assert sorted(read_states(store).values()) == ["done", "undone"]


def test_what_is_changed_while_it_is_undone_is_not_lost(
    store: Store, raw: neo4j.Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(store, "one", agencies("a"))
    load(store, "two", agency("a", phone="1"))
    lock = undoing._lock
    meanwhile: list[Callable[[], object]] = [
        lambda: load(store, "three", agency("a", phone="2")),
    ]

    def look_away(*arguments: Any) -> Any:
        if meanwhile:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(meanwhile.pop()).result()
        return lock(*arguments)

    monkeypatch.setattr(undoing, "_lock", look_away)
    with pytest.raises(Touched):
        store.undo("two", Load("u"))
    assert read_graph(raw)["Organization", "a"].properties["phone"] == "2"


class Unplugged(Exception):
    """Stands for a kill."""


def test_a_kill_in_the_middle_of_an_undo_leaves_it_whole(
    store: Store, raw: neo4j.Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(store, "one", agencies("a", "b"), tie("a", "b"))
    before, states = read_graph(raw), read_states(store)

    def unplug(*_: object, **__: object) -> None:
        raise Unplugged

    with monkeypatch.context() as patch:
        patch.setattr(undoing, "_finish", unplug)
        with pytest.raises(Unplugged):
            store.undo("one", Load("u"))
    assert (read_graph(raw), read_states(store)) == (before, states)
    store.undo("one", Load("u"))
    assert read_graph(raw) == {}


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few facts make a part, and more than a few are put back in parts."""
    monkeypatch.setattr(history, "PART", 3)
    monkeypatch.setattr("graph.store.door.WHOLE_UP_TO", 4)


def write_parts(store: Store, name: str, *parts: list[Record], file: str = "公開.csv") -> None:
    given = Load(name, file, "hash of parts")
    store.begin_parts(given)
    for number, records in enumerate(parts):
        store.write_part(records, given, number)
    store.finish_parts(given)


def test_a_large_load_is_undone_in_parts_and_resumes(
    store: Store, raw: neo4j.Driver, small_parts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(store, "one", agencies("a", "b"))
    before = read_graph(raw)
    first: list[Record] = [agency("a", phone="1"), *agencies("c", "d"), tie("a", "c")]
    second: list[Record] = [agency("a", phone="2"), tie("c", "d"), tie("b", "d"), agency("e")]
    write_parts(store, "two", first, second)
    after = read_graph(raw)
    done: list[float] = []

    def stop(share: float) -> None:
        done.append(share)
        if len(done) == 2:
            raise Unplugged

    with pytest.raises(Unplugged):
        store.undo("two", Load("u"), stop)
    assert read_states(store)["two"] == "partly_undone"
    plan = store.find_undo("two")
    assert plan.resumes
    assert plan.is_clear
    report = store.undo("two", Load("another id"), done.append)
    assert report.load_id == "u"  # the interrupted one went on
    assert done[-1] == 1.0
    assert read_graph(raw) == before
    assert read_states(store) == {"one": "done", "two": "undone", "u": "done"}
    store.undo("u", Load("r"))
    assert read_graph(raw) == after
    store.undo("two", Load("u2"))
    assert read_graph(raw) == before


def test_in_parts_too_what_was_touched_stays(
    store: Store, raw: neo4j.Driver, small_parts: None
) -> None:
    write_parts(store, "two", agencies("a", "b", "c"), agencies("d", "e", "f"))
    load(store, "three", agency("b", phone="1"), agencies("x"), tie("e", "x"))
    with pytest.raises(Touched):
        store.undo("two", Load("u"))
    report = store.undo("two", Load("u"), keep_touched=True)
    assert (report.deleted, report.unchanged) == (4, 2)
    assert {key for kind, key in read_graph(raw) if kind == "Organization"} == {"b", "e", "x"}
    assert read_states(store)["two"] == "partly_undone"


def test_taken_up_again_an_undo_still_knows_what_its_first_parts_left(
    store: Store, raw: neo4j.Driver, small_parts: None
) -> None:
    """b is left by the part before the interruption, e by the one after; a is touched by both."""
    first = [agency("a", phone="1"), *agencies("d", "e")]
    write_parts(store, "two", first, [agency("a", phone="2"), *agencies("b", "c")])
    load(store, "three", *(agency(key, phone="9") for key in "abe"))
    done: list[float] = []

    def stop(share: float) -> None:
        done.append(share)
        raise Unplugged

    with pytest.raises(Unplugged):
        store.undo("two", Load("u"), stop, keep_touched=True)
    assert done == [0.5]
    report = store.undo("two", Load("another id"), keep_touched=True)
    assert (report.load_id, report.deleted, report.unchanged) == ("u", 2, 3)
    assert {key for kind, key in read_graph(raw) if kind == "Organization"} == set("abe")
    assert read_states(store)["two"] == "partly_undone"
    store.undo("three", Load("u3"))
    store.undo("two", Load("rest"))
    assert read_graph(raw) == {}
    assert read_states(store)["two"] == "undone"


def test_of_an_undo_in_parts_only_the_first_left_anything(
    store: Store, raw: neo4j.Driver, small_parts: None
) -> None:
    write_parts(store, "two", [agency("a", phone="1"), *agencies("b", "c")], agencies("d", "e"))
    load(store, "three", agency("d", phone="9"))

    def stop(_: float) -> None:
        raise Unplugged

    with pytest.raises(Unplugged):
        store.undo("two", Load("u"), stop, keep_touched=True)
    assert store.undo("two", Load("u")).unchanged == 1
    assert read_states(store)["two"] == "partly_undone"


def test_a_load_undone_while_it_is_written_is_not_written_on(store: Store) -> None:
    given = Load("two", "公開.csv", "hash of parts")
    store.begin_parts(given)
    store.write_part([*agencies("a")], given, 0)
    store.undo("two", Load("u"))
    with pytest.raises(LoadEnded):
        store.write_part([*agencies("b")], given, 1)
    assert store.find_unfinished("hash of parts") is None  # the same file begins anew


def test_the_same_file_loads_again_after_an_undo(reference_store: Store, raw: neo4j.Driver) -> None:
    rows = [["名称", "分野", "市区町村"], ["東の家", "福祉", "松戸市"]]
    for data, name in ((workbook(機関=rows), "家.xlsx"), (delimited(rows), "機関.csv")):
        first = load_file(reference_store, name, data)
        assert first.report
        stood = read_graph(raw)
        reference_store.undo(first.report.load_id, Load(f"u-{name}"))
        assert count_nodes(raw, "Organization") == 0
        again = load_file(reference_store, name, data)
        assert again.report
        assert (again.report.created, again.report.repeated) == (first.report.created, False)
        loaded = read_graph(raw)
        assert loaded.keys() == stood.keys()
        reference_store.undo(again.report.load_id, Load(f"u2-{name}"))


def test_the_commands_list_loads_and_undo_one(
    reference_store: Store, raw: neo4j.Driver, tmp_path: Path
) -> None:
    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(tsunagi.app, list(words))
        return result.exit_code, result.stdout

    def find(act: str) -> str:
        rows = json.loads(run("loads", "--json")[1])
        return str(next(row["load_id"] for row in rows if row["act"] == act))

    file = tmp_path / "機関.csv"
    rows = [["機関ID", "名称", "分野"], ["a", "松戸相談室", "福祉"]]
    file.write_bytes(delimited(rows))
    assert "まだ何も" in run("loads")[1]
    assert run("load", str(file))[0] == 0
    first = find("load")
    checked = json.loads(run("undo", first, "--check", "--json")[1])
    assert (checked["touched"], checked["kinds"][0]["removed"]) == (0, 1)
    load(reference_store, "later", agency("a", phone="1"))
    code, said = run("undo", first)
    assert (code, "あとから変わったもの 1" in said) == (1, True)
    assert count_nodes(raw, "Organization") == 1
    assert run("undo", first, "--including-later")[0] == 0
    assert count_nodes(raw, "Organization") == 0
    assert find("undo") != first
    assert "松戸相談室" not in said


def test_history_ages_out_and_then_nothing_is_undone(store: Store, raw: neo4j.Driver) -> None:
    load(store, "one", agencies("a"))
    now = datetime.now(UTC)
    assert store.age_history(now) == 0
    assert store.age_history(now + timedelta(days=399)) == 0
    assert store.age_history(now + timedelta(days=401)) == 1
    assert count_nodes(raw, "Former") == 0
    with pytest.raises(NotUndoable):
        store.find_undo("one")


def test_what_is_forgotten_comes_back_by_no_undo(store: Store, raw: neo4j.Driver) -> None:
    people = [node("Person", "p", name="担当者甲"), agency("a")]
    load(store, "one", people, link("WORKS_FOR", "Person p", "Organization a"))
    load(store, "two", node("Person", "p", name="担当者乙"))
    gone: list[Record] = [link("WORKS_FOR", "Person p", "Organization a"), people[0]]
    store.write([], Load("three", "画面"), withdrawn=gone)
    facts = {(record.kind, record.identity) for record in gone}
    with raw.session() as session:
        dropped = session.execute_write(history.drop_entries, facts)
    assert dropped == 5
    entries = [
        entry
        for row in store.read("MATCH (f:Former) RETURN f.former_id AS id ORDER BY id")
        for entry in _read_former(raw, row["id"])
    ]
    assert [entry.fact for entry in entries] == [("Organization", "a")]
    with pytest.raises(NotUndoable):
        store.find_undo("three")


def _read_former(raw: neo4j.Driver, former_id: str) -> list[Any]:
    with raw.session() as session:
        return session.execute_read(history.read_former, former_id)


def test_dates_points_and_moments_come_back_as_they_were(store: Store, raw: neo4j.Driver) -> None:
    place = agency("a", location=Point(35.1, 139.2), capacity=3, capacity_on=day("2022-04"))
    load(store, "one", place, agencies("b"))
    before = read_graph(raw)
    emptied = {"location": None, "capacity": None, "capacity_on": None, "name": "別"}
    load(store, "two", NodeRecord("Organization", "a", emptied, Source("f")))
    assert "location" not in read_graph(raw)["Organization", "a"].properties
    store.undo("two", Load("u"))
    assert read_graph(raw) == before
