"""The document a browser gets first: its language and title, before any script has run.

Streamlit's own says English and "Streamlit" until the page's first run is over, and a screen reader
begins to read before that.
"""

from __future__ import annotations

from typing import Final

from starlette.datastructures import Headers, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from access.page import choose_language
from texts import Language

# Each as long as what takes its place: the answer's length has been sent before its body.
_LANGUAGE: Final = b'<html lang="en">'
_TITLE: Final = (b"<title>Streamlit</title>", "<title>つなぎ</title>".encode())


class SpokenDocument:
    """Lets the documents of `application` begin in the language that their address asks for."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through; an answer that is no HTML document stays as it is."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        language = choose_language(QueryParams(scope["query_string"]).get("lang"), "")
        if "text/html" in Headers(scope=scope).get("accept", ""):
            # A packed document could not be changed; its 8 kB are packed for nothing.
            kept = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
            scope = {**scope, "headers": kept}
        is_document = False

        async def answer(message: Message) -> None:
            nonlocal is_document
            if message["type"] == "http.response.start":
                kind = Headers(raw=message["headers"]).get("content-type", "")
                is_document = kind.startswith("text/html")
            elif is_document and message["type"] == "http.response.body":
                message["body"] = speak_document(message.get("body", b""), language)
            await send(message)

        await self._application(scope, receive, answer)


def speak_document(document: bytes, language: Language) -> bytes:
    """Return Streamlit's document with the language and our title, as long as it was."""
    spoken = document.replace(_LANGUAGE, f'<html lang="{language}">'.encode(), 1)
    return spoken.replace(*_TITLE, 1)
