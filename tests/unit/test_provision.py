"""The jars of the bundled Neo4j: nothing unverified is used, nothing half is left behind."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.engine import provision
from graph.engine.provision import (
    LOCK_FILE,
    Jar,
    make_key,
    provide_jars,
    read_lock,
    verify_jars,
)
from graph.engine.report import STAGE_DOWNLOADING, ServerError

CONTENTS = {f"part-{letter}": letter.encode() * 3000 for letter in "abc"}
BROKEN = {"wrong": "part-b", "cut": "part-c"}


def make_jar(name: str) -> Jar:
    data = CONTENTS[name]
    return Jar("org.example", name, "1.0", "", sha256(data).hexdigest(), len(data))


JARS = tuple(map(make_jar, CONTENTS))


@pytest.fixture
def jar_folder(tmp_path: Path) -> Path:
    for jar in JARS:
        (tmp_path / jar.name).write_bytes(CONTENTS[jar.artifact])
    return tmp_path


class Mirror(ThreadingHTTPServer):
    """A loopback repository; `damage` changes or cuts what it serves."""

    damage: frozenset[str] = frozenset()


class Answering(BaseHTTPRequestHandler):
    server: Mirror

    def do_GET(self) -> None:
        data = CONTENTS.get(self.path.split("/")[-3], b"")
        if not self.path.endswith(".jar"):
            self.send_error(404)
            return
        cut = "cut" in self.server.damage and BROKEN["cut"] in self.path
        wrong = "wrong" in self.server.damage and BROKEN["wrong"] in self.path
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[:-1] if cut else data[:-1] + b"!" if wrong else data)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test output quiet."""


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    with Mirror(("127.0.0.1", 0), Answering) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        settings = tmp_path / "jgo.conf"
        settings.write_text(f"[repositories]\nlocal = http://127.0.0.1:{server.server_port}\n")
        monkeypatch.setenv("JGO_CONFIG_FILE", str(settings))
        yield server
        server.shutdown()
        thread.join()


def list_jars(cache: Path) -> set[str]:
    return {path.name for path in cache.rglob("*.jar")}


def test_the_lock_names_every_jar_once_with_hash_and_size_and_no_address() -> None:
    jars = read_lock()
    assert {"neo4j", "neo4j-server"} <= {jar.artifact for jar in jars}
    assert len({jar.name for jar in jars}) == len(jars) > 200
    assert all(re.fullmatch("[0-9a-f]{64}", jar.sha256) and jar.size > 0 for jar in jars)
    assert "://" not in LOCK_FILE.read_text(encoding="utf-8")


@given(st.sampled_from(range(len(JARS))), st.text("0123456789abcdef", min_size=1))
def test_the_key_changes_with_every_jar(index: int, text: str) -> None:
    changed = list(JARS)
    changed[index] = replace(changed[index], sha256=text)
    assert make_key(changed) != make_key(JARS)


@given(index=st.sampled_from(range(len(JARS))), data=st.data())
def test_a_wrong_byte_anywhere_is_refused_with_the_name_of_the_jar(
    tmp_path_factory: pytest.TempPathFactory, index: int, data: st.DataObject
) -> None:
    folder, jar = tmp_path_factory.mktemp("jars"), JARS[index]
    for each in JARS:
        (folder / each.name).write_bytes(CONTENTS[each.artifact])
    content = bytearray((folder / jar.name).read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    (folder / jar.name).write_bytes(content)
    with pytest.raises(ServerError) as refused:
        verify_jars(folder, JARS)
    assert refused.value.code == "server.error.jar_damaged"
    assert refused.value.values["jar"] == jar.name


def test_verified_jars_are_not_hashed_again_but_a_changed_one_is(
    jar_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    hash_file = provision.hash_file

    def note(path: Path) -> str:
        hashed.append(path.name)
        return hash_file(path)

    monkeypatch.setattr(provision, "hash_file", note)
    verify_jars(jar_folder, JARS)
    assert hashed == [jar.name for jar in JARS]
    verify_jars(jar_folder, JARS)
    assert len(hashed) == len(JARS)
    changed = jar_folder / JARS[1].name
    changed.write_bytes(b"!" + changed.read_bytes()[1:])
    os.utime(changed, ns=(1, 1))
    with pytest.raises(ServerError) as refused:
        verify_jars(jar_folder, JARS)
    assert refused.value.values["jar"] == changed.name


def test_a_stamp_of_another_lock_is_not_believed(jar_folder: Path) -> None:
    verify_jars(jar_folder, JARS)
    other = [replace(jar, sha256="0" * 64) for jar in JARS]
    with pytest.raises(ServerError):
        verify_jars(jar_folder, other)


@pytest.mark.parametrize("stamp", ["", "[]", "{", '{"part-a-1.0.jar": 3}'])
def test_an_unreadable_stamp_only_costs_a_new_verification(jar_folder: Path, stamp: str) -> None:
    (jar_folder / provision.STAMP_NAME).write_text(stamp)
    verify_jars(jar_folder, JARS)
    assert JARS[0].sha256 in (jar_folder / provision.STAMP_NAME).read_text()


def test_a_missing_jar_is_refused(jar_folder: Path) -> None:
    (jar_folder / JARS[2].name).unlink()
    with pytest.raises(ServerError) as refused:
        verify_jars(jar_folder, JARS)
    assert refused.value.values["jar"] == JARS[2].name


def test_missing_jars_are_announced_downloaded_and_then_used_without_network(
    tmp_path: Path, mirror: Mirror
) -> None:
    notices: list[tuple[str, dict[str, object], set[str]]] = []
    stages: list[tuple[str, float]] = []
    cache = tmp_path / "cache"

    def announce(key: str, values: dict[str, object]) -> None:
        notices.append((key, values, list_jars(cache)))

    found = provide_jars(cache, lambda *stage: stages.append(stage), announce, JARS)
    assert notices == [("server.notice.download", {"jars": 3, "mb": 1}, set())]
    assert list_jars(cache) == set(found.names) == {jar.name for jar in JARS}
    fractions = [fraction for stage, fraction in stages if stage == STAGE_DOWNLOADING]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    mirror.server_close()
    assert provide_jars(cache, jars=JARS, notice=announce) == found
    assert len(notices) == 1


@pytest.mark.parametrize(
    ("damage", "code"), [("wrong", "download_damaged"), ("cut", "download_failed")]
)
def test_a_bad_download_is_refused_and_the_next_start_continues(
    tmp_path: Path, mirror: Mirror, damage: str, code: str
) -> None:
    cache, bad = tmp_path / "cache", make_jar(BROKEN[damage])
    mirror.damage = frozenset([damage])
    with pytest.raises(ServerError) as refused:
        provide_jars(cache, jars=JARS)
    assert (refused.value.code, refused.value.values) == (
        f"server.error.{code}",
        {"jar": bad.name},
    )
    assert bad.name not in list_jars(cache)
    assert not [path for path in cache.glob("*/part-*") if path.is_dir()]
    mirror.damage = frozenset()
    assert provide_jars(cache, jars=JARS).names == tuple(jar.name for jar in JARS)


def test_who_refuses_the_notice_gets_no_download(tmp_path: Path, mirror: Mirror) -> None:
    def refuse(_key: str, _values: dict[str, object]) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        provide_jars(tmp_path / "cache", notice=refuse, jars=JARS)
    assert list_jars(tmp_path) == set()


def test_too_little_space_stops_before_the_notice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        pytest.fail("a download was announced")

    monkeypatch.setattr(provision, "SPARE_BYTES", 10**18)
    with pytest.raises(ServerError) as refused:
        provide_jars(tmp_path / "cache", notice=fail, jars=JARS)
    assert refused.value.code == "server.error.disk_full"


def test_a_cache_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("")
    with pytest.raises(ServerError) as refused:
        provide_jars(tmp_path / "cache", jars=JARS)
    assert refused.value.code == "server.error.folder_unwritable"
    assert refused.value.values["folder"] == str(tmp_path / "cache")
