"""Is the server ready? One question over Bolt by a plain socket, without the driver.

The driver belongs to the store alone, and a port that accepts connections is not yet a database
that answers. So this speaks the few Bolt messages needed to sign in and run one statement.
Source of the format: Bolt protocol and PackStream specification, versions 4.4 and 5.0, in which
one HELLO message also signs in.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from enum import Enum, auto
from typing import Final

from graph.engine.settings import DATABASE, HOST, USER

_HANDSHAKE: Final = bytes.fromhex("6060b017 00000005 00000404 00000000 00000000")
_HELLO, _RUN, _PULL = 0x01, 0x10, 0x3F
_SUCCESS, _RECORD = 0x70, 0x71
_SECURITY: Final = b"Neo.ClientError.Security"
_RATE_LIMIT: Final = b"AuthenticationRateLimit"


class Answer(Enum):
    """What the server said."""

    READY = auto()
    NOT_YET = auto()
    WRONG_PASSWORD = auto()


def probe_bolt(
    port: int, password: str, statements: Sequence[str] = ("RETURN 1",), timeout_s: float = 5
) -> Answer:
    """Sign in at loopback `port`, run each of `statements` and return what came of it.

    `NOT_YET` also stands for nobody listening, no answer within `timeout_s` and a refused
    statement; ask again later. Leaves no connection open.
    """
    try:
        with socket.create_connection((HOST, port), timeout_s) as connection:
            return _converse(connection, password, statements)
    except OSError:
        return Answer.NOT_YET


def _converse(connection: socket.socket, password: str, statements: Sequence[str]) -> Answer:
    connection.sendall(_HANDSHAKE)
    if _read_exactly(connection, 4) == bytes(4):
        return Answer.NOT_YET
    hello = {"user_agent": "tsunagi/1", "scheme": "basic", "principal": USER}
    reply = _ask(connection, _HELLO, hello | {"credentials": password})
    if _SECURITY in reply and _RATE_LIMIT not in reply:
        return Answer.WRONG_PASSWORD
    for statement in statements:
        if reply[1] == _SUCCESS:
            reply = _ask(connection, _RUN, statement, {}, {"db": DATABASE})
        if reply[1] == _SUCCESS:
            reply = _ask(connection, _PULL, {"n": -1})
    return Answer.READY if reply[1] == _SUCCESS else Answer.NOT_YET


def _ask(connection: socket.socket, tag: int, *fields: object) -> bytes:
    message = bytes((0xB0 + len(fields), tag)) + b"".join(map(pack, fields))
    connection.sendall(len(message).to_bytes(2) + message + bytes(2))
    reply = _read_message(connection)
    while reply[1] == _RECORD:
        reply = _read_message(connection)
    return reply


def _read_message(connection: socket.socket) -> bytes:
    message = b""
    while True:
        size = int.from_bytes(_read_exactly(connection, 2))
        if size:
            message += _read_exactly(connection, size)
        elif len(message) >= 2:  # An empty chunk before any content only keeps the line alive.
            return message


def _read_exactly(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise ConnectionError
        data += part
    return data


def pack(value: object) -> bytes:
    """Return a text, a small integer or a mapping of up to 15 entries in PackStream.

    Raises:
        TypeError: another kind of value, a larger integer or mapping.
        OverflowError: a text of 64 kB or more.
    """
    if isinstance(value, str):
        data = value.encode()
        return (b"\xd0" + len(data).to_bytes(1) if len(data) < 256 else _long(data)) + data
    if isinstance(value, int) and -16 <= value <= 127:
        return value.to_bytes(1, signed=True)
    if isinstance(value, dict) and len(value) <= 15:
        items = (pack(key) + pack(item) for key, item in value.items())
        return bytes((0xA0 + len(value),)) + b"".join(items)
    raise TypeError(type(value).__name__)


def _long(data: bytes) -> bytes:
    return b"\xd1" + len(data).to_bytes(2)
