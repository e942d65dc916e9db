"""The document a browser gets first: its language and title, before any script has run.

Streamlit's own says English and "Streamlit" until the page's first run is over, and a screen reader
begins to read before that.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final
from urllib.parse import parse_qs

from texts import DEFAULT_LANGUAGE, LANGUAGES

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Any, Send], Awaitable[None]]

# Each as long as what takes its place: the answer's length has been sent before its body.
_LANGUAGE: Final = b'<html lang="en">'
_TITLE: Final = (b"<title>Streamlit</title>", "<title>つなぎ</title>".encode())


class SpokenDocument:
    """Lets the documents of `application` begin in the language that their address asks for."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Send) -> None:
        """Let the request through; an answer that is no HTML document stays as it is."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        language = _read_language(scope["query_string"])
        if b"text/html" in _read_header(scope["headers"], b"accept"):
            # A packed document could not be changed; its 8 kB are packed for nothing.
            kept = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
            scope = {**scope, "headers": kept}
        is_document = False

        async def answer(message: Message) -> None:
            nonlocal is_document
            if message["type"] == "http.response.start":
                kind = _read_header(message["headers"], b"content-type")
                is_document = kind.startswith(b"text/html")
            elif is_document and message["type"] == "http.response.body":
                message["body"] = speak_document(message.get("body", b""), language)
            await send(message)

        await self._application(scope, receive, answer)


def speak_document(document: bytes, language: str) -> bytes:
    """Return Streamlit's document with the language and our title, as long as it was."""
    spoken = document.replace(_LANGUAGE, f'<html lang="{language}">'.encode(), 1)
    return spoken.replace(*_TITLE, 1)


def _read_language(query: bytes) -> str:
    asked = parse_qs(query.decode("latin-1")).get("lang", [""])[-1]
    return asked if asked in LANGUAGES else DEFAULT_LANGUAGE


def _read_header(headers: list[tuple[bytes, bytes]], name: bytes) -> bytes:
    return next((value for key, value in headers if key.lower() == name), b"")
