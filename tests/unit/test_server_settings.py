"""Settings, memory, the readiness question and the switch to another database."""

import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.engine.bolt_probe import Answer, pack, probe_bolt
from graph.engine.place import Place
from graph.engine.process import choose_server_memory
from graph.engine.server import ensure_running, status, stop
from graph.engine.settings import Memory, choose_memory, format_settings, list_jvm_flags
from loaders.large_files import expect_bytes

GB = 1_000_000_000
SMALL, LARGE = Memory(512, 64, large=False), Memory(4096, 2048, large=True)


def read_settings(port: int = 7000) -> dict[str, str]:
    lines = format_settings(port, SMALL).splitlines()
    pairs = [line.split("=", 1) for line in lines]
    assert len({key for key, _ in pairs}) == len(lines)
    return dict(pairs)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("server.default_listen_address", "127.0.0.1"),
        ("server.bolt.listen_address", "127.0.0.1:7000"),
        ("server.bolt.advertised_address", "127.0.0.1:7000"),
        ("server.http.enabled", "false"),
        ("server.https.enabled", "false"),
        ("dbms.security.auth_enabled", "true"),
        ("dbms.usage_report.enabled", "false"),
        ("dbms.fleet_manager.enabled", "false"),
        ("server.fleet_discovery.enabled", "false"),
        ("client.allow_telemetry", "false"),
        ("server.bolt.telemetry.enabled", "false"),
        ("dbms.security.allow_csv_import_from_file_urls", "false"),
        ("internal.dbms.cypher_ip_blocklist", "0.0.0.0/0,::/0"),
        ("db.logs.query.enabled", "OFF"),
        ("db.logs.query.parameter_logging_enabled", "false"),
    ],
)
def test_the_server_is_hardened(key: str, value: str) -> None:
    assert read_settings()[key] == value


def test_every_address_in_the_settings_is_loopback() -> None:
    addresses = [value for key, value in read_settings().items() if key.endswith("_address")]
    assert len(addresses) == 3
    assert all(address.startswith("127.0.0.1") for address in addresses)


BYTES = st.one_of(st.integers(0, GB), st.integers(0, 500 * GB))


@given(BYTES, st.integers(1 * GB, 512 * GB), BYTES)
def test_the_server_leaves_most_of_the_machine_to_others(
    store: int, machine: int, expected: int
) -> None:
    memory = choose_memory(store, machine, expected)
    assert 256 <= memory.heap_mb <= 8192
    assert memory.page_cache_mb >= 64
    if machine >= 8 * GB:
        assert memory.heap_mb + memory.page_cache_mb <= machine / 1e6 * 0.51


@given(BYTES, BYTES, BYTES, st.integers(1 * GB, 512 * GB))
def test_more_data_never_gets_less_memory(one: int, other: int, third: int, machine: int) -> None:
    few, many = sorted((one, other))
    for small, large in (
        (choose_memory(few, machine, third), choose_memory(many, machine, third)),
        (choose_memory(third, machine, few), choose_memory(third, machine, many)),
    ):
        assert small.heap_mb <= large.heap_mb
        assert small.page_cache_mb <= large.page_cache_mb


def test_small_data_starts_quickly_and_large_data_runs_quickly() -> None:
    assert {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m"} <= set(list_jvm_flags(SMALL))
    assert {"-XX:+UseG1GC", "-Xmx4096m"} <= set(list_jvm_flags(LARGE))
    assert "-XX:TieredStopAtLevel=1" not in list_jvm_flags(LARGE)


def test_before_a_large_file_an_empty_database_starts_as_a_large_one(tmp_path: Path) -> None:
    small, large = tmp_path / "表.xlsx", tmp_path / "全国.csv"
    small.write_bytes(bytes(100_000))
    with large.open("wb") as file:
        file.truncate(6_000_000)
    empty = Place.within(tmp_path / "data")
    assert not choose_server_memory(empty).large
    assert not choose_server_memory(empty, expect_bytes([small, tmp_path / "none.csv"])).large
    assert choose_server_memory(empty, expect_bytes([small, large])).large


@pytest.mark.parametrize(
    ("value", "packed"),
    [
        ("", "d000"),
        ("花", "d003e88ab1"),
        ("x" * 256, "d10100" + "78" * 256),
        (-1, "ff"),
        (1, "01"),
        ({}, "a0"),
        ({"n": -1}, "a1d0016eff"),
    ],
)
def test_values_are_packed_as_bolt_wants(value: object, packed: str) -> None:
    assert pack(value).hex() == packed


@pytest.mark.parametrize("value", [None, 128, 1.5, dict.fromkeys(map(str, range(16)), 1)])
def test_values_outside_the_small_format_are_refused(value: object) -> None:
    with pytest.raises(TypeError):
        pack(value)


@contextmanager
def answering(reply: bytes) -> Generator[int]:
    """Listen on a loopback port and say `reply` to the first caller."""

    def serve(listener: socket.socket) -> None:
        caller, _ = listener.accept()
        with caller:
            caller.sendall(reply)
            caller.shutdown(socket.SHUT_WR)
            while caller.recv(4096):
                pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def chunk(message: bytes) -> bytes:
    return len(message).to_bytes(2) + message + bytes(2)


HELLO, SUCCESS = bytes((0, 0, 0, 5)), chunk(b"\xb1\x70\xa0")


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        (HELLO + SUCCESS * 3, Answer.READY),
        (HELLO + bytes(4) + SUCCESS * 2 + chunk(b"\xb1\x71\x91\x01") + SUCCESS, Answer.READY),
        (HELLO + SUCCESS * 2, Answer.NOT_YET),
        (HELLO + chunk(b"\xb1\x7fNeo.ClientError.Security.Unauthorized"), Answer.WRONG_PASSWORD),
        (
            HELLO + chunk(b"\xb1\x7fNeo.ClientError.Security.AuthenticationRateLimit"),
            Answer.NOT_YET,
        ),
        (HELLO + SUCCESS + chunk(b"\xb1\x7fNeo.TransientError.Database"), Answer.NOT_YET),
        (bytes(4), Answer.NOT_YET),
        (b"", Answer.NOT_YET),
    ],
)
def test_what_a_server_says_is_understood(reply: bytes, answer: Answer) -> None:
    with answering(reply) as port:
        assert probe_bolt(port, "secret") is answer


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=60))
def test_a_port_that_talks_rubbish_is_never_ready(reply: bytes) -> None:
    with answering(reply) as port:
        assert probe_bolt(port, "secret") is not Answer.READY


def test_nobody_listening_is_not_yet() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert probe_bolt(unused.getsockname()[1], "secret") is Answer.NOT_YET


@pytest.fixture
def external(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("NEO4J_URI", "neo4j+s://graph.example:7687")
    monkeypatch.setenv("NEO4J_PASSWORD", "geheim")
    monkeypatch.delenv("NEO4J_USER", raising=False)
    monkeypatch.delenv("NEO4J_DATABASE", raising=False)
    return tmp_path / "data"


def test_a_named_server_is_used_and_nothing_is_started(external: Path) -> None:
    def fail(*_: object) -> None:
        pytest.fail("something was started")

    connection = ensure_running(external, fail, notice=fail)
    assert (connection.uri, connection.user, connection.password, connection.database) == (
        "neo4j+s://graph.example:7687",
        "neo4j",
        "geheim",
        "neo4j",
    )
    assert status(external).external
    assert stop(external)
    assert not external.exists()


def test_the_password_never_shows_in_a_connection(external: Path) -> None:
    assert "geheim" not in repr(ensure_running(external))


def test_user_and_database_of_a_named_server_can_be_chosen(
    external: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEO4J_USER", "tsunagi")
    monkeypatch.setenv("NEO4J_DATABASE", "kenkyu")
    connection = ensure_running(external)
    assert (connection.user, connection.database) == ("tsunagi", "kenkyu")
