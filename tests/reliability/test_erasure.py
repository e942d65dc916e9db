"""Erasing a client: what goes, what stays, and which files hold it after a complete erasure."""

from __future__ import annotations

import gzip
import io
import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import neo4j
import pyrage
import pytest
from typer.testing import CliRunner

import tsunagi
from access.journal import Journal
from graph import migrations
from graph.backup.erasure import complete_erasure
from graph.backup.errors import BackupError
from graph.backup.keys import open_keyring
from graph.backup.making import Backup, list_backups
from graph.backup.upgrade import list_changes, upgrade_graph
from graph.engine import server
from graph.migrations import Migration
from graph.records import Source, derive_id
from graph.rights import GRANTED, OPERATOR, Actor
from graph.store import Conflict, Load, NewerGraph, NotUpgraded, Refused, Store, StoreError
from graph.store.erasing import Erasure, make_pattern
from graph.store.values import Row
from tests.builders import agencies, agency, day, event, link, node, referral, write

CLIENT = "K-071"
MARKER = "zq7marker"


def plant(store: Store, *, alike: bool = True) -> None:
    """Two clients; words of and about the first everywhere, `alike` also names like it."""
    write(store, agencies("home", "a", "b"))
    write(
        store,
        referral("r1", "home", "a", client=CLIENT, course=f"経過 {MARKER}"),
        referral("r2", "a", "b", client=CLIENT, follows="r1"),
        referral("r3", "home", "b", client="other"),
        event("plan_made", "2022-05-01", f"Client {CLIENT}", text=MARKER),
        event("support_started", "2022-05-02", "a", f"Client {CLIENT}", text=MARKER),  # id too
        event("explained", "2022-05-03", "b", text="他の話"),
        node("Minutes", "m1", held_on=day("2022-06-01"), title="会議", note=f"{CLIENT}について"),
        link("OF", "Minutes m1", "Organization home"),
    )
    if alike:
        write(store, agency("c", note=f"{CLIENT}-2 と {CLIENT}0 は別の方"))


def count(raw: neo4j.Driver, pattern: str) -> int:
    return int(raw.execute_query(f"MATCH {pattern} RETURN count(*) AS n").records[0]["n"])


def dump(raw: neo4j.Driver, label: str = "") -> str:
    """Every property of nodes, those of a label only, and of relationships."""
    found = f"(n:{label})" if label else "(n)"
    nodes = raw.execute_query(f"MATCH {found} RETURN properties(n) AS p").records
    links = raw.execute_query("MATCH ()-[r]->() RETURN properties(r) AS p").records
    return "\n".join(sorted(repr(sorted(row["p"].items())) for row in [*nodes, *links]))


def test_a_client_goes_with_all_that_is_about_nobody_else(store: Store, raw: neo4j.Driver) -> None:
    plant(store)
    expected = Erasure(clients=1, referrals=2, consents=2, events=1, shared=1, mentions=2)
    assert store.survey_erasure(CLIENT) == expected
    assert store.erase_client(CLIENT) == expected
    assert count(raw, "(:Client)") == count(raw, "(:Referral)") == 1
    assert count(raw, "(:Event {kind: 'support_started'})-[:CONCERNS]->(:Organization)") == 1
    text = dump(raw)
    assert MARKER not in text
    assert "●●●について" in text
    assert f"{CLIENT}-2 と {CLIENT}0" in text
    assert not make_pattern(CLIENT).search(text)


def test_the_preview_promises_what_is_erased(store: Store) -> None:
    """A file named by the pseudonym marks all it brought; what goes is not told as blacked out."""
    plant(store)
    named = Source(f"{CLIENT}.xlsx")
    both = event("remark", "2022-08-01", "b", f"Client {CLIENT}", key="both", text=f"{CLIENT}から")
    words = event(
        "contacted", "2022-08-02", "a", f"Client {CLIENT}", key="words", text=f"{CLIENT}へ"
    )
    records = [
        *referral("r9", "home", "a", client=CLIENT, reason=f"{CLIENT}の希望"),
        *both,
        agency("d", note=f"{CLIENT}が通う"),
        node("Minutes", f"会議_{CLIENT}", held_on=day("2022-07-01"), title="会議"),
    ]
    write(store, [replace(record, source=named) for record in records], words)
    promised = store.survey_erasure(CLIENT)
    assert promised.shared == 3
    assert store.erase_client(CLIENT) == promised
    assert store.survey_erasure(CLIENT).is_nothing


def test_what_is_left_says_when_and_how_much_but_not_whose(store: Store, raw: neo4j.Driver) -> None:
    plant(store)
    store.erase_client(CLIENT)
    (record,) = raw.execute_query("MATCH (e:Erasure) RETURN properties(e) AS p").records
    assert record["p"]["referrals"] == 2
    assert record["p"]["erased_at"] is not None
    assert "completed_at" not in record["p"]
    assert CLIENT not in repr(record["p"])
    assert store.complete_erasures() == 1
    assert store.complete_erasures() == 0


def test_a_stranger_leaves_no_trace_and_nothing_changes(store: Store, raw: neo4j.Driver) -> None:
    plant(store)
    before = dump(raw)
    assert store.survey_erasure("nobody").is_nothing
    assert store.erase_client("nobody").is_nothing
    assert dump(raw) == before


def test_only_who_administers_erases_and_it_is_on_record_first(
    store: Store, raw: neo4j.Driver, tmp_path: Path
) -> None:
    plant(store)
    coordinator = store.acting_as(Actor("c", GRANTED["coordinator"]))
    with pytest.raises(Refused):
        coordinator.survey_erasure(CLIENT)
    with pytest.raises(Refused):
        coordinator.erase_client(CLIENT)
    noted: list[tuple[str, str, str | None]] = []
    who = Actor("a", OPERATOR.rights, lambda *words: noted.append(words))
    store.acting_as(who).erase_client(CLIENT)
    assert noted == [("erase", "client", CLIENT)]
    assert count(raw, f"(:Client {{client_id: '{CLIENT}'}})") == 0


def test_undo_does_not_bring_an_erased_client_back(store: Store, raw: neo4j.Driver) -> None:
    plant(store)
    load = Load("change", "書き直し.xlsx")
    store.write([node("Referral", "r1", status="lost", course="x")], load)
    store.erase_client(CLIENT)
    text = unpack_history(raw)
    assert MARKER not in text
    assert CLIENT not in text.replace(f"{CLIENT}-2", "").replace(f"{CLIENT}0", "")


def test_a_form_opened_before_the_erasure_is_not_saved_over_it(
    store: Store, raw: neo4j.Driver
) -> None:
    plant(store)
    read = {row["minutes_id"]: row["hash"] for row in list_hashes(store)}
    store.erase_client(CLIENT)
    form = node("Minutes", "m1", held_on=day("2022-06-01"), title="会議", note=f"{CLIENT}に電話")
    with pytest.raises(Conflict):
        store.write([form], Load("form", "画面"), expected={("Minutes", "m1"): read["m1"]})
    assert not make_pattern(CLIENT).search(dump(raw))
    assert read["m1"] not in dump(raw)  # a hash tells a short code to who tries them all


def list_hashes(store: Store) -> list[Row]:
    return store.read("MATCH (n:Minutes) RETURN n.minutes_id AS minutes_id, n.content_hash AS hash")


def test_what_was_blacked_out_is_edited_and_undone_as_before(
    store: Store, raw: neo4j.Driver
) -> None:
    plant(store)
    store.erase_client(CLIENT)
    before = dump(raw, "Event")
    (shared,) = store.read(
        "MATCH (n:Event {kind: 'support_started'}) RETURN n.event_id AS key, n.content_hash AS hash"
    )
    key = ("Event", shared["key"])
    assert len(shared["hash"]) == 32
    form = node(*key, kind="support_started", occurred_on=day("2022-05-02"), text="書きなおし")
    store.write([form], Load("form", "画面"), expected={key: shared["hash"]})
    assert dump(raw, "Event") != before
    store.undo("form", Load("undo"))
    assert dump(raw, "Event") == before


def test_a_key_with_the_pseudonym_becomes_one_of_chance_everywhere(
    store: Store, raw: neo4j.Driver
) -> None:
    """Keys of relationships are derived from those of their ends, and the history knows both."""
    plant(store)
    key = f"会議_{CLIENT}"
    about = link("OF", f"Minutes {key}", "Organization z")
    held = node("Minutes", key, held_on=day("2022-07-01"), title="会議")
    store.write([agency("z"), held, about], Load("one", "表.xlsx", "hash"))
    concern = link(
        "CONCERNS", f"Event support_started/2022-05-02/a+Client_{CLIENT}", f"Client {CLIENT}"
    )
    store.erase_client(CLIENT)
    text = dump(raw) + unpack_history(raw)
    guessed = (derive_id("erased", key), about.identity, concern.identity, key)
    assert [one for one in guessed if one in text] == []
    (kept,) = [row["minutes_id"] for row in list_hashes(store) if row["minutes_id"] != "m1"]
    renewed = link("OF", f"Minutes {kept}", "Organization z").identity
    assert count(raw, f"()-[:OF {{relation_id: '{renewed}'}}]->()") == 1
    store.undo("one", Load("undo"))
    assert count(raw, "(:Organization {organization_id: 'z'})") == 0
    assert [row["minutes_id"] for row in list_hashes(store)] == ["m1"]


def unpack_history(raw: neo4j.Driver) -> str:
    from graph.history import unpack

    rows = raw.execute_query("MATCH (f:Former) RETURN f.former_id, f.content").records
    return "\n".join(
        repr(entry) for row in rows for entry in unpack(row[0].rpartition(".")[0], row[1])
    )


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("2020-01", True), ("2020-01の面談", True), ("面談_2020-01.xlsx", True),
        ("memo_2020-01_a.xlsx", True),
        ("2020-01、2020-02", True), ("2020-01-15", False), ("2020-01.5", False),
        ("12020-01", False), ("2020-010", False), ("R-2020-01", False),
    ],
)  # fmt: skip
def test_a_pseudonym_is_found_whole_and_not_in_a_day(words: str, found: bool) -> None:
    assert bool(make_pattern("2020-01").search(words)) is found


def search(folder: Path, words: bytes) -> list[str]:
    """Files that hold the words, backups opened with the folder's key."""
    found = []
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        data = path.read_bytes()
        if path.suffix == ".age":
            plain = pyrage.decrypt(data, list(open_keyring(folder).identities))
            data = gzip.GzipFile(fileobj=io.BytesIO(plain)).read()
        utf16 = words.decode().encode("utf-16-le")
        if words in data or utf16 in data:
            found.append(path.name)
    return found


def test_restored_into_an_empty_folder_and_erased_there_no_file_holds_the_client(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the command line: backup, an empty machine, restore, erase, search every file."""
    plant(store, alike=False)
    tool = CliRunner()
    monkeypatch.setenv("TSUNAGI_BACKUP_KEY_FILE", _own_key())
    sent = tool.invoke(tsunagi.app, ["db", "backup", "--to", str(tmp_path / "stick"), "--json"])
    assert sent.exit_code == 0, sent.output
    (made,) = list_backups(tmp_path / "stick")
    machine = tmp_path / "machine"
    monkeypatch.setenv("TSUNAGI_DATA_DIR", str(machine))
    monkeypatch.setattr("commands.backup.open_journal", lambda: Journal(machine))
    monkeypatch.setattr("commands.erase.open_journal", lambda: Journal(machine))
    monkeypatch.setattr("access.keepsakes.open_journal", lambda: Journal(machine))
    monkeypatch.setattr("access.entry.open_journal", lambda: Journal(machine))
    try:
        restored = tool.invoke(tsunagi.app, ["db", "restore", str(made.path)])
        assert restored.exit_code == 0, restored.output
        said = [(entry.action, entry.subject) for entry in Journal(machine).read()]
        assert said[-2:] == [("backup", "graph"), ("restore", made.path.name)]  # after the old log
        assert tool.invoke(tsunagi.app, ["db", "backup"]).exit_code == 0
        assert search(machine, MARKER.encode())
        erased = tool.invoke(tsunagi.app, ["erase", "client", CLIENT, "--yes", "--complete"])
        assert erased.exit_code == 0, erased.output
        asked = tool.invoke(tsunagi.app, ["ask", "ecomap_facilities", "--json"])
        assert asked.exit_code == 0, asked.output
        server.stop(machine, force=True)
        assert search(machine, MARKER.encode()) == []
        assert search(machine, CLIENT.encode()) == []
        assert len(list_backups(machine / "backups")) == 1
        assert Journal(machine).find_break() is None
    finally:
        server.stop(machine, force=True)


def test_what_cannot_be_wiped_is_named_and_no_erasure_counts_as_complete(
    store: Store, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(store)
    store.erase_client(CLIENT)
    folder = data_folder / "backups"
    folder.mkdir(exist_ok=True)
    made, older = (
        folder / f"tsunagi-{name}.jsonl.gz.age"
        for name in ("20260102-030405-01234567", "20260101-030405-01234567")
    )
    older.write_bytes(b"")
    cut_short = data_folder / "renewal"
    cut_short.mkdir()
    (cut_short / "store").write_text(CLIENT)
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path == older:
            raise PermissionError
        unlink(path, missing_ok=missing_ok)

    fresh = Backup(made, datetime.now().astimezone(), 0)
    monkeypatch.setattr("graph.backup.erasure.back_up", lambda *_, **__: fresh)
    monkeypatch.setattr("graph.backup.erasure.restore_bundled", lambda *_: fresh)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        with pytest.raises(BackupError, match="not_wiped") as refused:
            complete_erasure(data_folder, dict)
    assert refused.value.values["file"] == str(older)
    assert not cut_short.exists()  # what could be wiped is
    assert store.list_nodes("Erasure", ("completed_at",)) == [{"completed_at": None}]
    assert complete_erasure(data_folder, dict).erasures == 1
    assert not older.exists()


def _own_key() -> str:
    open_keyring(Path(os.environ["TSUNAGI_DATA_DIR"]))
    return str(Path(os.environ["TSUNAGI_DATA_DIR"]) / "backup.key")


STEP = Migration(
    migrations.CURRENT + 1,
    "The note is called remark",
    (
        "MATCH (n:Organization) WHERE n.note IS NOT NULL SET n.remark = n.note",
        "MATCH (n:Organization) WHERE n.note IS NOT NULL REMOVE n.note",
    ),
)
BAD = Migration(migrations.CURRENT + 2, "Fails", ("MATCH (n) SET n.x = 1", "RETURN 1 / 0"))


def expect(monkeypatch: pytest.MonkeyPatch, *steps: Migration) -> None:
    """Let the product be a version with these steps more."""
    every = (*migrations.MIGRATIONS, *steps)
    for module in ("graph.migrations", "graph.backup.upgrade"):
        monkeypatch.setattr(f"{module}.MIGRATIONS", every)
    monkeypatch.setattr("graph.migrations.CURRENT", every[-1].number)


def test_an_older_graph_is_refused_backed_up_and_upgraded_in_order(
    store: Store, raw: neo4j.Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(store, agency("a", note="x"))
    expect(monkeypatch, STEP)
    monkeypatch.setattr(store, "_prepared", False)
    with pytest.raises(NotUpgraded):
        write(store, agency("b"))
    assert list_changes(store) == (STEP,)
    assert STEP in upgrade_graph(store, tmp_path, dict, lambda _share: None)
    (backup,) = list_backups(tmp_path / "backups")
    assert backup.check == "read"
    assert count(raw, "(:Organization {organization_id: 'a', remark: 'x'})") == 1
    assert upgrade_graph(store, tmp_path, dict, lambda _share: None) == ()
    write(store, agency("b"))


def test_a_step_that_fails_leaves_the_graph_as_the_step_before_left_it(
    store: Store, raw: neo4j.Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(store, agency("a", note="x"))
    expect(monkeypatch, STEP, BAD)
    with pytest.raises(StoreError):
        upgrade_graph(store, tmp_path, dict, lambda _share: None)
    assert store.read_version() == STEP.number
    assert count(raw, "(n) WHERE n.x IS NOT NULL") == 0
    assert count(raw, "(:Organization {remark: 'x'})") == 1


def test_a_newer_graph_is_not_opened(store: Store, raw: neo4j.Driver) -> None:
    write(store, agency("a"))
    raw.execute_query("MERGE (v:SchemaVersion {version_id: 'graph'}) SET v.number = 99")
    with pytest.raises(NewerGraph):
        store.read_version()
    result = CliRunner().invoke(tsunagi.app, ["ask", "ecomap_facilities"])
    assert result.exit_code == 1
    assert "新しい版" in result.output
    raw.execute_query("MATCH (v:SchemaVersion) DELETE v")


def test_a_graph_without_a_version_is_marked_with_it(store: Store, raw: neo4j.Driver) -> None:
    write(store, agency("a"))
    raw.execute_query("MATCH (v:SchemaVersion) DELETE v")
    assert store.read_version() == 0
    store.upgrade()
    assert store.read_version() == migrations.CURRENT
