"""The first document in the language its address asks for, whatever else is served untouched."""

import gzip
from pathlib import Path
from typing import Any

import pytest
import streamlit

from tests.loops import run_alone
from views.spoken.document import SpokenDocument

INDEX = (Path(streamlit.__file__).parent / "static/index.html").read_bytes()


def ask(kind: str, query: str, accept: bytes = b"text/html") -> bytes:
    async def serve(scope: Any, _receive: Any, send: Any) -> None:
        packs = any(name == b"accept-encoding" for name, _ in scope["headers"])
        document = gzip.compress(INDEX) if packs else INDEX
        headers = [(b"content-type", kind.encode()), (b"content-length", b"%d" % len(document))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": document, "more_body": True})
        await send({"type": "http.response.body"})

    sent: list[dict[str, Any]] = []

    async def take(message: Any) -> None:
        sent.append(message)

    headers = [(b"accept", accept), (b"accept-encoding", b"gzip, br")]
    scope = {"type": "http", "query_string": query.encode(), "headers": headers}
    run_alone(SpokenDocument(serve)(scope, None, take))
    (length,) = (value for name, value in sent[0]["headers"] if name == b"content-length")
    body = b"".join(message.get("body", b"") for message in sent[1:])
    assert len(body) == int(length)
    return body


@pytest.mark.parametrize(
    ("query", "language"),
    [("", "ja"), ("lang=ja", "ja"), ("date=2022-10-04&lang=en", "en"), ("lang=fr", "ja")],
)
def test_streamlits_own_document_begins_in_the_language_asked_for(
    query: str, language: str
) -> None:
    body = ask("text/html; charset=utf-8", query).decode()
    assert body.count(f'<html lang="{language}">') == 1
    assert "<title>つなぎ</title>" in body


def test_what_is_no_document_stays_as_it_is() -> None:
    assert gzip.decompress(ask("application/javascript", "lang=ja", b"*/*")) == INDEX
