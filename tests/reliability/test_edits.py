"""Two people change the same thing at once: one wins, the other sees both versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import neo4j
import pytest

from graph.records import Record
from graph.rights import OPERATOR
from graph.store import Conflict, Expected, Load, Occupied, Store, Touched, WriteReport
from tests.builders import agencies, agency, count_nodes, event, hash_graph, node, tie, write
from tests.builders import day as on
from views.database import Database

WRITERS = 8
# Of 60 rounds in all.
CHANGED_ROUNDS, TIED_ROUNDS, NEW_ROUNDS, UNDONE_ROUNDS = 20, 14, 8, 10

Attempt = WriteReport | Conflict


def read_hash(store: Store, record: Record) -> str | None:
    """The hash of a record as somebody who opens it now would read it."""
    difference = store.compare([record])
    standing = [change.before.get("content_hash") for change in difference.changed]
    return str(standing[0]) if standing and standing[0] else None


def attempt(store: Store, records: Sequence[Record], load_id: str, expected: Expected) -> Attempt:
    try:
        return store.write(records, Load(load_id, "画面"), expected=expected)
    except Conflict as conflict:
        return conflict


def race(store: Store, make: Callable[[int], Sequence[Record]], name: str) -> list[Attempt]:
    """Let every writer send its own version of the first record, all read at the same time."""
    first = make(0)[0]
    expected = {(first.kind, first.identity): read_hash(store, first)}
    start = Barrier(WRITERS)

    def run(writer: int) -> Attempt:
        start.wait()
        return attempt(store, make(writer), f"{name}-{writer}", expected)

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(run, range(WRITERS)))


def remark(text: str, key: str = "e") -> list[Record]:
    return [node("Event", key, kind="remark", occurred_on=on("2022-10-04"), text=text)]


def strength(value: str, since: str = "2022-04", note: str | None = None) -> list[Record]:
    return [tie("a", "b", strength=value, since=on(since), note=note)]


def require_one_winner(attempts: Sequence[Attempt], name: str) -> int:
    winners = [i for i, one in enumerate(attempts) if isinstance(one, WriteReport)]
    assert len(winners) == 1, attempts
    losers = [one for one in attempts if isinstance(one, Conflict)]
    for loser in losers:
        (change,) = loser.changes
        own = [i for i in range(WRITERS) if change.after.get(name) == f"{name} {i}"]
        assert change.before[name] == f"{name} {winners[0]}"
        assert own
        assert own != winners
    return winners[0]


def test_one_of_eight_changes_an_event_and_the_others_see_both_versions(
    store: Store, raw: neo4j.Driver
) -> None:
    write(store, agencies("home", "a"), event("remark", "2022-10-04", "a", key="e", text="text"))
    for number in range(CHANGED_ROUNDS):
        attempts = race(store, lambda i: remark(f"text {i}"), f"event-{number}")
        winner = require_one_winner(attempts, "text")
        rows = store.read("MATCH (e:Event {event_id: 'e'}) RETURN e.text AS text")
        assert rows == [{"text": f"text {winner}"}]
        write(store, remark(f"round {number}"))
    assert store.read("MATCH (n) WHERE n._lock IS NOT NULL RETURN n") == []
    assert count_nodes(raw, "Event") == 1


def test_one_of_eight_changes_a_tie(store: Store) -> None:
    write(store, agencies("a", "b"), strength("normal"))
    for number in range(TIED_ROUNDS):
        attempts = race(store, lambda i: strength("strong", note=f"note {i}"), f"tie-{number}")
        require_one_winner(attempts, "note")
        write(store, strength("normal", note=f"round {number}"))
    assert store.read("MATCH ()-[r]->() WHERE r._lock IS NOT NULL RETURN r") == []


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda i, n: remark(f"text {i}", f"new-{n}"), "text"),
        (lambda i, n: strength("weak", f"20{n + 10}", f"note {i}"), "note"),
    ],
    ids=["event", "tie"],
)
def test_one_of_eight_brings_what_nobody_had(
    store: Store, make: Callable[[int, int], list[Record]], name: str
) -> None:
    write(store, agencies("a", "b"))
    for number in range(NEW_ROUNDS):
        attempts = race(store, lambda i, n=number: make(i, n), f"{name}-{number}")  # type: ignore[misc]
        winner = require_one_winner(attempts, name)
        report = attempts[winner]
        assert isinstance(report, WriteReport)
        assert (report.created, report.changed) == (1, 0)


def undo_beside_edits(store: Store, number: int) -> list[bool]:
    """Let one undo the load wrong-`number` while the others edit the event; who did it."""
    read = {("Event", "e"): read_hash(store, remark("other")[0])}
    start = Barrier(WRITERS)

    def run(writer: int) -> bool:
        start.wait()
        name = f"beside-{number}-{writer}"
        if writer:
            return isinstance(attempt(store, remark(f"text {writer}"), name, read), WriteReport)
        try:
            store.undo(f"wrong-{number}", Load(name))
        except Touched:
            return False
        return True

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(run, range(WRITERS)))


def test_of_an_undo_and_seven_edits_one_wins(store: Store) -> None:
    write(store, agencies("a", "b"), remark("before"))
    for number in range(UNDONE_ROUNDS):
        store.write(remark("to be undone"), Load(f"wrong-{number}", "画面"))
        won = undo_beside_edits(store, number)
        assert sum(won) == 1
        rows = store.read("MATCH (e:Event {event_id: 'e'}) RETURN e.text AS text")
        assert rows == [{"text": "before" if won[0] else f"text {won.index(True)}"}]
        write(store, remark("before"))


def test_a_refused_change_writes_nothing_of_what_came_with_it(
    store: Store, raw: neo4j.Driver
) -> None:
    write(store, agencies("a", "b"), strength("normal"), remark("before"))
    expected = {(r.kind, r.identity): read_hash(store, r) for r in remark("other")}
    write(store, remark("theirs"))
    before, loads = hash_graph(raw), count_nodes(raw, "Load")
    mine = [*remark("mine"), *strength("strong"), *remark("mine too", "another")]
    refused = attempt(store, mine, "refused", expected)
    assert isinstance(refused, Conflict)
    assert [(c.before["text"], c.after["text"]) for c in refused.changes] == [("theirs", "mine")]
    assert (hash_graph(raw), count_nodes(raw, "Load")) == (before, loads)


def test_the_words_of_a_conflict_stay_out_of_its_message(store: Store) -> None:
    write(store, remark("ささやき"))
    with pytest.raises(Conflict) as refused:
        store.write(remark("ないしょ"), Load("words"), expected={("Event", "e"): "another hash"})
    assert "ささやき" not in f"{refused.value!r}{refused.value}"
    assert "ないしょ" not in f"{refused.value!r}{refused.value}"


def test_two_who_make_the_same_change_agree(store: Store) -> None:
    write(store, remark("before"))
    read = {("Event", "e"): read_hash(store, remark("after")[0])}
    assert isinstance(attempt(store, remark("after"), "first", read), WriteReport)
    again = attempt(store, remark("after"), "second", read)
    assert isinstance(again, WriteReport)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 1)


def test_what_was_deleted_meanwhile_is_not_brought_back(store: Store, raw: neo4j.Driver) -> None:
    write(store, remark("before"))
    read = {("Event", "e"): read_hash(store, remark("after")[0])}
    raw.execute_query("MATCH (e:Event) DETACH DELETE e")
    refused = attempt(store, remark("after"), "late", read)
    assert isinstance(refused, Conflict)
    assert refused.changes[0].before == {}
    assert count_nodes(raw, "Event") == 0


def test_a_double_click_and_a_retry_are_one_save(store: Store, raw: neo4j.Driver) -> None:
    write(store, agencies("a"))
    expected = {("Event", "e"): None}
    with ThreadPoolExecutor(WRITERS) as pool:
        reports = list(
            pool.map(lambda _: attempt(store, remark("once"), "click", expected), range(WRITERS))
        )
    assert sum(isinstance(r, WriteReport) and not r.repeated for r in reports) == 1
    assert sum(isinstance(r, WriteReport) and r.repeated for r in reports) == WRITERS - 1
    assert count_nodes(raw, "Event") == 1


def test_a_file_that_came_between_is_not_overwritten_unseen(store: Store) -> None:
    write(store, agencies("a", "b"))
    expected = {(r.kind, r.identity): None for r in strength("weak")}
    write(store, strength("strong", note="from a file"))
    refused = attempt(store, strength("weak"), "form", expected)
    assert isinstance(refused, Conflict)
    assert refused.changes[0].before["note"] == "from a file"


@pytest.mark.parametrize("make", [lambda: remark("mine"), lambda: strength("weak")])
def test_a_file_still_being_written_is_waited_for(
    store: Store, raw: neo4j.Driver, make: Callable[[], list[Record]]
) -> None:
    write(store, agencies("a", "b"))
    (record,) = make()
    merge = (
        "MERGE (x:Event {event_id: $key}) SET x.content_hash = 'theirs', x.text = 'theirs'"
        if record.kind == "Event"
        else "MATCH (a:Organization {organization_id: 'a'})"
        " MATCH (b:Organization {organization_id: 'b'})"
        " MERGE (a)-[x:TIED_TO {relation_id: $key}]->(b)"
        " SET x.content_hash = 'theirs', x.note = 'theirs'"
    )
    expected = {(record.kind, record.identity): None}
    with raw.session() as session, ThreadPoolExecutor(1) as pool:
        transaction = session.begin_transaction()
        transaction.run(merge, key=record.identity).consume()
        form = pool.submit(attempt, store, [record], "form", expected)
        with pytest.raises(TimeoutError):
            form.result(0.5)  # it waits as long as the file is being written
        transaction.commit()
        refused = form.result(30)
    assert isinstance(refused, Conflict)
    assert "theirs" in refused.changes[0].before.values()


def test_who_meets_a_long_write_is_told_so_and_nobody_loses_the_database(
    store: Store, raw: neo4j.Driver
) -> None:
    write(store, agencies("a"))
    database = Database()  # as the app has it: what it takes for an outage ends others' writes
    correction = [agency("a", phone="048-000-0000")]

    def save() -> WriteReport:
        return database.use(OPERATOR, lambda store: store.write(correction, Load("correction")))

    assert database.use(OPERATOR, lambda store: store.compare(correction)).changed
    with raw.session() as session, session.begin_transaction(timeout=120) as other:
        other.run("MATCH (o:Organization {organization_id: 'a'}) SET o.note = 'x'").consume()
        with pytest.raises(Occupied):
            save()
        assert database.is_well()
        other.rollback()
    assert save().changed == 1
