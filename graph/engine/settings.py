"""The hardened settings of the bundled Neo4j as pure functions: memory, neo4j.conf, JVM flags.

Each key was tried out on Neo4j Community 2026.08.1. Strict validation is on, so a key that a later
version drops stops the start with its name in the log instead of being ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MAIN_CLASS: Final = "org.neo4j.server.Neo4jCommunity"
ADMIN_CLASS: Final = "org.neo4j.cli.AdminTool"
HOST: Final = "127.0.0.1"
USER: Final = "neo4j"
DATABASE: Final = "neo4j"
MARK_PROPERTY: Final = "-Dtsunagi.start="

MB: Final = 1_000_000
SMALL_STORE_BYTES: Final = 200 * MB
LARGE_LOAD_BYTES: Final = 50 * MB
SMALL_CACHE_MB: Final = 64
LARGE_HEAP_MB: Final = 8192

_SETTINGS: Final[dict[str, str]] = {
    # Only this machine, only Bolt.
    "server.default_listen_address": HOST,
    "server.bolt.enabled": "true",
    "server.http.enabled": "false",
    "server.https.enabled": "false",
    "dbms.security.auth_enabled": "true",
    # Nothing leaves the machine. Without the fleet keys the server broadcasts on the local network.
    "dbms.usage_report.enabled": "false",
    "dbms.fleet_manager.enabled": "false",
    "server.fleet_discovery.enabled": "false",
    "client.allow_telemetry": "false",
    "server.bolt.telemetry.enabled": "false",
    # LOAD CSV would otherwise read any file and send data to any host.
    "dbms.security.allow_csv_import_from_file_urls": "false",
    "internal.dbms.cypher_ip_blocklist": "0.0.0.0/0,::/0",
    # Relative to the home folder, so that no path has to be escaped here.
    "server.directories.import": "import",
    # Queries carry personal data: never in a log.
    "db.logs.query.enabled": "OFF",
    "db.logs.query.parameter_logging_enabled": "false",
    # Laid out beforehand, the log is never cut off inside a transaction by a full disk: such a log
    # cannot be recovered. In pieces of 16 MB, not 256; old text leaves it within a day.
    "db.tx_log.preallocate": "true",
    "db.tx_log.rotation.size": "16m",
    "db.tx_log.rotation.retention_policy": "1 days 64M",
    # A stop in under a second instead of ten.
    "internal.dbms.bolt.netty_server_shutdown_quiet_period": "0",
    # Rarely, on a busy machine, the server forgets to answer. Its sign of life at every 10 s of a
    # long query, where the usual is 60, lets the driver give up after 20 and not 120.
    "server.bolt.connection_keep_alive": "10s",
    "db.transaction.timeout": "30s",
    "db.lock.acquisition.timeout": "10s",
    "server.config.strict_validation.enabled": "true",
}

_JVM_FLAGS: Final = (
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "-Dfile.encoding=UTF-8",
    # No statistics file in the shared temporary folder.
    "-XX:-UsePerfData",
)
_SMALL_FLAGS: Final = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_LARGE_FLAGS: Final = ("-XX:+UseG1GC",)
ADMIN_FLAGS: Final = (*_JVM_FLAGS, *_SMALL_FLAGS, "-Xmx256m")


@dataclass(frozen=True, slots=True)
class Memory:
    """How much memory the server may use, in MB, and whether it is tuned for large data."""

    heap_mb: int
    page_cache_mb: int
    large: bool


def choose_memory(store_bytes: int, machine_bytes: int, expected_bytes: int = 0) -> Memory:
    """Choose the server's memory by the size of its data, of those to come, and of the machine.

    Up to 200 MB of data, of which less than 50 MB are about to be written: 512 MB of heap (256 MB
    on a machine under 3 GB; one load of 20,000 rows in one transaction fits), serial collector and
    the quick compiler: the least memory and the fastest start. Above: a quarter of the machine up
    to 8 GB, at least 1 GB, and a page cache that holds the data with a fifth to spare, up to a
    quarter of the machine. (Writing 120,000 facts takes 47 s the one way, 32 s the other.)
    """
    machine_mb = machine_bytes // MB
    size = store_bytes + expected_bytes
    if size <= SMALL_STORE_BYTES and expected_bytes < LARGE_LOAD_BYTES:
        return Memory(512 if machine_mb >= 3000 else 256, SMALL_CACHE_MB, large=False)
    heap = min(LARGE_HEAP_MB, max(1024, machine_mb // 4))
    page_cache = min(size * 6 // 5 // MB, max(256, machine_mb // 4))
    return Memory(heap, max(SMALL_CACHE_MB, page_cache), large=True)


def format_settings(port: int, memory: Memory) -> str:
    """Return the text of neo4j.conf for a server on loopback `port`, one key per line."""
    address = f"{HOST}:{port}"
    settings = _SETTINGS | {
        "server.bolt.listen_address": address,
        "server.bolt.advertised_address": address,
        "server.memory.pagecache.size": f"{memory.page_cache_mb}m",
    }
    return "".join(f"{key}={value}\n" for key, value in settings.items())


def list_jvm_flags(memory: Memory) -> tuple[str, ...]:
    """Return the JVM's flags for a server with this much memory."""
    return (
        *_JVM_FLAGS,
        *(_LARGE_FLAGS if memory.large else _SMALL_FLAGS),
        "-Xms64m",
        f"-Xmx{memory.heap_mb}m",
        "-XX:+ExitOnOutOfMemoryError",
    )
