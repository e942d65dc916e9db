"""Backups against the real database: all that is stored comes back, and nobody writes meanwhile."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import neo4j
import neo4j.spatial
import neo4j.time
import pytest
from typer.testing import CliRunner

import tsunagi
from access.journal import Journal
from graph.backup.content import hash_lines
from graph.backup.daily import is_due, make_daily, read_state
from graph.backup.errors import BackupError
from graph.backup.keys import open_keyring
from graph.backup.making import hash_graph, list_backups, make_backup
from graph.backup.restoring import restore_bundled, restore_connected
from graph.engine.report import Progress, ServerError
from graph.engine.server import Connection
from graph.records import Record
from graph.rights import GRANTED, Actor, Unrecorded
from graph.store import ForeignData, HoldLost, Refused, Store, StoreError, WritesHeld, copying
from graph.store import holding as holding_module
from graph.store.copying import Line, pack, unpack
from tests.builders import agencies, agency, count_nodes, referral, tie, write

ROOT = Path(__file__).resolve().parents[2]
HOLDER = """
import os, sys
from graph.store import Store
store = Store(*sys.argv[1:4])
with store.hold_writes():
    print("held", flush=True)
    os._exit(9)
"""


def run(*words: str) -> str:
    result = CliRunner().invoke(tsunagi.app, list(words))
    assert result.exit_code == 0, result.output
    return result.output


def grow(number: int) -> list[Record]:
    """A graph of about `number` nodes with relationships among them."""
    keys = [f"a{index:05}" for index in range(number * 3 // 5)]
    records: list[Record] = [*agencies(*keys)]
    for index, (one, other) in enumerate(zip(keys[::3], keys[1::3], strict=False)):
        records.append(tie(one, other))
        records += referral(f"r{index:05}", one, other, course="支援中")
    return records


def fill_by_hand(raw: neo4j.Driver) -> None:
    """Give a node every kind of value the database stores."""
    raw.execute_query(
        "MATCH (n:Organization {organization_id: 'a'}) SET n += $values",
        values={
            "text": "改行\n\t「」\u2028\U0001f9d1 =1+1",
            "whole": -(2**63),
            "share": 0.1,
            "nan": float("nan"),
            "endless": float("-inf"),
            "flag": True,
            "day": date(2022, 10, 4),
            "moment": datetime(2022, 10, 4, 9, 30, 1, 123456, timezone(timedelta(hours=9))),
            "local": datetime(2022, 10, 4, 9, 30),
            "clock": neo4j.time.Time(9, 30, 1, 5),
            "span": neo4j.time.Duration(months=14, days=3, seconds=5, nanoseconds=7),
            "place": neo4j.spatial.WGS84Point((139.7, 35.6)),
            "height": neo4j.spatial.WGS84Point((139.7, 35.6, 12.0)),
            "cell": neo4j.spatial.CartesianPoint((1.0, 2.0)),
            "bytes": bytearray(range(256)),
            "texts": ["b", "a"],
            "days": [date(2020, 1, 1)],
            "none": [],
        },
    )


def read_by_hand(raw: neo4j.Driver) -> list[str]:
    """The values of that node, their kind in their words."""
    row = raw.execute_query("MATCH (n {organization_id: 'a'}) RETURN properties(n) AS p").records[0]
    return sorted(f"{name}: {value!r}" for name, value in row["p"].items())


def test_every_kind_of_value_comes_back_as_it_was(
    store: Store, raw: neo4j.Driver, tmp_path: Path
) -> None:
    write(store, agencies("a", "b"), tie("a", "b"))
    fill_by_hand(raw)
    before = read_by_hand(raw)
    keys = open_keyring(tmp_path)
    made = make_backup(store, tmp_path, keys)
    raw.execute_query("MATCH (n) DETACH DELETE n")
    with store.hold_writes() as hold:
        restore_connected(made.path, keys.identities, store, hold, lambda _share: None)
    assert read_by_hand(raw) == before
    assert hash_graph(store) == made.content


def test_a_value_of_an_unknown_kind_is_refused_not_changed() -> None:
    with pytest.raises(TypeError):
        pack(object())
    assert unpack(pack([1, "a", None])) == [1, "a", None]


def test_backup_restore_backup_gives_the_same_hash(store: Store, tmp_path: Path) -> None:
    """At 300 nodes; bench/backup.py does the same at 10,000 and 200,000."""
    write(store, grow(300))
    keys = open_keyring(tmp_path)
    first = make_backup(store, tmp_path, keys)
    assert first.nodes >= 300
    with store.hold_writes() as hold:
        restore_connected(first.path, keys.identities, store, hold, lambda _share: None)
    second = make_backup(store, tmp_path / "second", keys)
    assert (second.content, second.nodes, second.relationships) == (
        first.content, first.nodes, first.relationships,
    )  # fmt: skip
    write(store, agency("one-more"))
    assert hash_graph(store) != first.content


def test_lines_are_in_one_order_however_the_graph_was_written(store: Store) -> None:
    write(store, agencies("c", "a"))
    write(store, agencies("b"), tie("a", "b"), tie("b", "c"))
    lines = list(store.read_all())
    keys = [line["p"]["organization_id"] for line in lines if line.get("n") == "Organization"]
    assert keys == ["a", "b", "c"]
    ties = [line["p"]["relation_id"] for line in lines if line.get("r") == "TIED_TO"]
    assert len(ties) == 2
    assert ties == sorted(ties)
    assert ["r" in line for line in lines] == sorted("r" in line for line in lines)


def test_what_is_not_ours_is_refused_not_left_out(store: Store, raw: neo4j.Driver) -> None:
    raw.execute_query("CREATE (:Stranger {name: 'x'})")
    try:
        with pytest.raises(ForeignData, match="Stranger"):
            store.count_all()
    finally:
        raw.execute_query("MATCH (n:Stranger) DELETE n")


def test_a_line_that_names_another_label_is_not_written(store: Store) -> None:
    line: Line = {"n": "Stranger) DETACH DELETE (n", "p": {}}
    with pytest.raises(ForeignData):
        store.write_all([line], 1, lambda _written: None)


def test_a_relationship_whose_end_is_missing_is_an_error(store: Store) -> None:
    ends = {"a": ["Organization", "x"], "b": ["Organization", "y"]}
    line: Line = {"r": "TIED_TO", **ends, "p": {"relation_id": "rel-1"}}
    with pytest.raises(StoreError):
        store.write_all([line], 1, lambda _written: None)


def test_only_who_administers_copies_or_holds(store: Store) -> None:
    planner = store.acting_as(Actor("p", GRANTED["planner"]))
    with pytest.raises(Refused):
        next(planner.read_all())
    with pytest.raises(Refused), planner.hold_writes():
        pass


def test_writes_wait_for_a_backup_and_reads_go_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.store.door._HOLD_WAIT_S", 0.2)
    write(store, agency("a"))
    with store.hold_writes():
        with pytest.raises(WritesHeld):
            write(store, agency("b"))
        with pytest.raises(WritesHeld), store.hold_writes():
            pass
        assert len(store.list_nodes("Organization", ("organization_id",))) == 1
    write(store, agency("b"))
    assert len(store.list_nodes("Organization", ("organization_id",))) == 2


def test_a_write_goes_on_by_itself_when_the_backup_is_done(store: Store) -> None:
    store.prepare()
    with store.hold_writes():
        writer = threading.Thread(target=write, args=(store, agency("a")))
        writer.start()
        time.sleep(0.5)
        assert store.list_nodes("Organization", ("organization_id",)) == []
    writer.join()
    assert len(store.list_nodes("Organization", ("organization_id",))) == 1


def test_a_backup_waits_for_writers_at_work(store: Store, raw: neo4j.Driver) -> None:
    store.prepare()
    held = threading.Event()

    def hold() -> None:
        with store.hold_writes():
            held.set()

    with raw.session() as session:
        writing = session.begin_transaction(metadata=holding_module.MARK)
        writing.run("CREATE (:Organization {organization_id: 'late'})").consume()
        holder = threading.Thread(target=hold)
        holder.start()
        assert not held.wait(0.7)
        writing.commit()
    holder.join()
    assert held.is_set()


def test_the_hold_of_a_killed_backup_ends_by_itself(
    store: Store, raw: neo4j.Driver, database: Connection
) -> None:
    store.prepare()
    done = subprocess.run(
        [sys.executable, "-c", HOLDER, database.uri, database.user, database.password],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (9, "held\n")
    with pytest.raises(WritesHeld), store.hold_writes():
        pass
    row = raw.execute_query(
        "MATCH (h:Hold) WITH h, h.until - duration({seconds: $lease}) AS taken "
        "SET h.until = taken RETURN taken <= datetime.realtime() AS ends",
        lease=holding_module.LEASE_S,
    ).records[0]
    assert row["ends"]  # the lease is the only thing that keeps it
    write(store, agency("a"))
    with store.hold_writes():
        pass
    assert raw.execute_query("MATCH (h:Hold) RETURN h").records == []


def test_a_copy_whose_hold_has_ended_is_thrown_away(
    store: Store, raw: neo4j.Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(store, agencies("a", "b"))
    monkeypatch.setattr(holding_module, "LEASE_S", -1)
    with pytest.raises(HoldLost):
        make_backup(store, tmp_path, open_keyring(tmp_path))
    assert [path.name for path in tmp_path.iterdir() if "tsunagi" in path.name] == []
    assert list(tmp_path.glob(".*.part")) == []


def test_a_damaged_or_foreign_file_changes_nothing(
    store: Store, raw: neo4j.Driver, tmp_path: Path
) -> None:
    write(store, agencies("a", "b"), tie("a", "b"))
    keys = open_keyring(tmp_path)
    made = make_backup(store, tmp_path, keys)
    data = bytearray(made.path.read_bytes())
    data[len(data) // 2] ^= 1
    made.path.write_bytes(data)
    write(store, agency("c"))
    before = hash_graph(store)
    with store.hold_writes() as hold, pytest.raises(BackupError):
        restore_connected(made.path, keys.identities, store, hold, lambda _share: None)
    with store.hold_writes() as hold, pytest.raises(BackupError, match="wrong_key"):
        other = open_keyring(tmp_path / "other")
        restore_connected(made.path, other.identities, store, hold, lambda _share: None)
    assert hash_graph(store) == before


def test_a_hold_is_kept_while_the_file_is_checked_and_the_graph_emptied(
    store: Store, raw: neo4j.Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(store, grow(300))
    keys = open_keyring(tmp_path)
    made = make_backup(store, tmp_path, keys)
    whole = count_nodes(raw) + 1  # with the hold
    confirm = holding_module.Hold.confirm
    standing: list[int] = []

    def watch(hold: holding_module.Hold) -> None:
        standing.append(count_nodes(raw))
        confirm(hold)

    monkeypatch.setattr(holding_module, "RENEW_AFTER_S", 0.0)
    monkeypatch.setattr(copying, "BATCH", 100)
    with store.hold_writes() as hold:
        monkeypatch.setattr(holding_module.Hold, "confirm", watch)
        restore_connected(made.path, keys.identities, store, hold, lambda _share: None)
    falling = standing[: standing.index(min(standing))]
    assert falling.count(whole) >= 4  # checking, at its end, before the emptying, in it
    assert falling[-1] < 200
    assert len(set(falling)) >= 3
    assert hash_graph(store) == made.content


def test_without_the_hold_nothing_is_emptied(
    store: Store, raw: neo4j.Driver, tmp_path: Path
) -> None:
    write(store, agencies("a", "b"))
    keys = open_keyring(tmp_path)
    made = make_backup(store, tmp_path, keys)
    write(store, agency("c"))
    before = hash_graph(store)
    with store.hold_writes() as hold:
        raw.execute_query("MATCH (h:Hold) DELETE h")
        with pytest.raises(HoldLost):
            restore_connected(made.path, keys.identities, store, hold, lambda _share: None)
    assert hash_graph(store) == before


def test_whoever_holds_writes_keeps_them_while_the_second_server_starts(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(store, agencies("a", "b"))
    keys = open_keyring(tmp_path)
    made = make_backup(store, tmp_path, keys)
    kept: list[float] = []

    def start(_folder: Path, progress: Progress, **_: object) -> None:
        kept.clear()
        for share in (0.1, 0.5, 0.9):
            progress("server.stage.starting", share)
        raise ServerError("server.error.damaged")

    monkeypatch.setattr("graph.backup.restoring.server.ensure_bundled", start)
    with pytest.raises(ServerError):
        restore_bundled(made.path, keys.identities, tmp_path / "machine", kept.append)
    assert len(kept) == 3


def test_a_backup_moves_to_a_named_server_and_back(
    store: Store,
    raw: neo4j.Driver,
    database: Connection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By the command line, as an operator does it; the server is addressed by NEO4J_URI."""
    write(store, grow(300))
    made = make_backup(store, tmp_path, open_keyring(Path(os.environ["TSUNAGI_DATA_DIR"])))
    raw.execute_query("MATCH (n) DETACH DELETE n")
    monkeypatch.setenv("NEO4J_URI", database.uri)
    monkeypatch.setenv("NEO4J_PASSWORD", database.password)
    assert "equal to the backup" in run("db", "restore", str(made.path))
    assert count_nodes(raw) == made.nodes
    refused = CliRunner().invoke(tsunagi.app, ["db", "restore", str(made.path)])
    assert refused.exit_code == 1
    assert "--replace" in refused.output
    back = tmp_path / "back"
    run("db", "backup", "--to", str(back))
    assert [one.content for one in list_backups(back)] == [made.content]
    assert hash_lines(store.read_all()) == made.content


def test_the_command_line_makes_lists_and_verifies_backups(
    store: Store, database: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(store, grow(300))
    monkeypatch.setenv("NEO4J_URI", database.uri)
    monkeypatch.setenv("NEO4J_PASSWORD", database.password)
    monkeypatch.setenv("TSUNAGI_DATA_DIR", str(tmp_path / "office"))
    stick = tmp_path / "stick"
    assert "There is no backup yet." in run("db", "backups", "--in", str(stick))
    secret = next(word for word in run("db", "key").split() if word.startswith("AGE-SECRET-KEY-"))
    made = json.loads(run("db", "backup", "--to", str(stick), "--json"))
    file = Path(made["file"])
    assert f"{file.name}  " in run("db", "backups", "--in", str(stick))
    (listed,) = json.loads(run("db", "backups", "--in", str(stick), "--json"))
    assert (listed["content"], listed["check"]) == (made["content"], "read")
    assert f"nodes {made['nodes']}" in run("db", "verify", str(file))
    (tmp_path / "paper.txt").write_text(secret)
    with monkeypatch.context() as elsewhere:  # where only the key on paper opens it
        elsewhere.setenv("TSUNAGI_DATA_DIR", str(tmp_path / "other"))
        words = ["db", "verify", str(file)]
        assert CliRunner().invoke(tsunagi.app, words).exit_code == 1
        run(*words, "--key", str(tmp_path / "paper.txt"))
        typed = CliRunner().invoke(tsunagi.app, [*words, "--key", "-"], input=f"{secret}\n")
        assert typed.exit_code == 0
    damaged = bytearray(file.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    file.write_bytes(damaged)
    refused = CliRunner().invoke(tsunagi.app, ["db", "verify", str(file)])
    assert refused.exit_code == 1
    assert isinstance(refused.exception, SystemExit)
    assert file.name in refused.output


def test_a_restore_that_cannot_be_recorded_is_not_begun(
    store: Store, database: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(store, agencies("a", "b"))
    made = make_backup(store, tmp_path, open_keyring(Path(os.environ["TSUNAGI_DATA_DIR"])))
    write(store, agency("c"))
    before = hash_graph(store)

    def refuse(_journal: Journal, _actor: str, action: str, _subject: str) -> None:
        if action == "restore":
            raise Unrecorded

    monkeypatch.setenv("NEO4J_URI", database.uri)
    monkeypatch.setenv("NEO4J_PASSWORD", database.password)
    monkeypatch.setattr(Journal, "record", refuse)
    words = ["db", "restore", str(made.path), "--replace"]
    refused = CliRunner().invoke(tsunagi.app, words)
    assert (refused.exit_code, "audit log cannot be written" in refused.output) == (1, True)
    assert hash_graph(store) == before


def test_the_daily_backup_is_made_once_a_day_and_noted(store: Store, data_folder: Path) -> None:
    write(store, agencies("a"))
    (data_folder / "backup-state.json").unlink(missing_ok=True)
    made = make_daily(data_folder, dict)
    assert made is not None
    assert made.path.parent == data_folder / "backups"
    assert make_daily(data_folder, dict) is None
    state = read_state(data_folder)
    assert state is not None
    assert (state.code, state.file) == ("", made.path.name)


def test_a_backup_elsewhere_is_not_the_daily_one(
    store: Store, data_folder: Path, tmp_path: Path
) -> None:
    """A stick is carried away; nor does one that is full count as the daily one's failure."""
    write(store, agencies("a"))
    (data_folder / "backup-state.json").unlink(missing_ok=True)
    (tmp_path / "file").write_text("")
    run("db", "backup", "--to", str(tmp_path / "stick"))
    full = CliRunner().invoke(tsunagi.app, ["db", "backup", "--to", str(tmp_path / "file")])
    assert full.exit_code == 1
    assert read_state(data_folder) is None
    run("db", "backup", "--to", str(data_folder / "backups"))
    state = read_state(data_folder)
    assert state is not None
    assert not is_due(state, datetime.now().astimezone())


def test_files_that_cannot_be_read_are_told_and_noted(store: Store, data_folder: Path) -> None:
    def collect() -> dict[str, bytes]:
        raise sqlite3.DatabaseError("file is not a database")

    write(store, agencies("a"))
    (data_folder / "backup-state.json").unlink(missing_ok=True)
    with pytest.raises(BackupError, match="not_collected"):
        make_daily(data_folder, collect)
    state = read_state(data_folder)
    assert state is not None
    assert state.code == "backup.not_collected"
    (data_folder / "backup-state.json").unlink()


def test_a_daily_backup_that_fails_is_noted_with_the_last_good_one(
    store: Store, data_folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write(store, agencies("a"))
    (data_folder / "backup-state.json").unlink(missing_ok=True)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TSUNAGI_BACKUP_DIR", str(tmp_path / "file"))
    with pytest.raises(BackupError, match="not_written"):
        make_daily(data_folder, dict)
    state = read_state(data_folder)
    assert state is not None
    assert (state.code, state.good_at) == ("backup.not_written", "")
    (data_folder / "backup-state.json").unlink()
