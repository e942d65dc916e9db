"""The operator's own map pictures: a browser asks their server, and no other one."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from access.gate import Gate
from access.journal import Journal
from access.register import Register
from access.settings import read_access
from graph.pictures.area_map import AreaMap, Mark, Place, draw_tiled_map
from graph.pictures.tiles import Tiles

HOME = "http://127.0.0.1:8501"
MATSUDO = Place("松戸市", 35.7876, 139.9032)
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@dataclass
class Server:
    """A server on loopback that gives one answer to everything, and what it was asked for."""

    origin: str = ""
    asked: list[str] = field(default_factory=list)

    @property
    def tiles(self) -> str:
        return f"{self.origin}/{{z}}/{{x}}/{{y}}.png"


@contextmanager
def serve(content: bytes, headers: Mapping[str, str]) -> Iterator[Server]:
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(self.path)
            self.send_response(200)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=http.serve_forever, daemon=True).start()
    server.origin = f"http://127.0.0.1:{http.server_port}"
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()


def serve_tiles() -> AbstractContextManager[Server]:
    return serve(PIXEL, {"content-type": "image/png"})


def pass_gate(html: str, folder: Path, tile_address: str) -> Any:
    """Return the answer of the app's gate to a page that holds `html`."""
    register = Register(folder / "access.sqlite")
    inside = Starlette(routes=[Route("/", lambda _: HTMLResponse(html))])
    gate = Gate(
        inside, access=read_access({"TSUNAGI_TILE_URL": tile_address}, register),
        register=register, journal=Journal(folder), is_well=lambda: True, find_key=lambda _: None,
    )  # fmt: skip
    return TestClient(gate, base_url=HOME).get("/")


def test_the_map_shows_the_operators_pictures_and_asks_no_other_server(
    browser: Browser, tmp_path: Path
) -> None:
    with serve_tiles() as own, serve_tiles() as other:
        tiles = Tiles(own.tiles)
        area_map = AreaMap(MATSUDO, 5_000, [Mark(1, "機関", 35.79, 139.91, True)], tiles=tiles)
        stray = f'<img src="{other.tiles}">'
        answer = pass_gate(draw_tiled_map(area_map, tiles) + stray, tmp_path, own.tiles)
        with serve(answer.content, answer.headers) as app:
            page = browser.new_page()
            page.goto(app.origin, wait_until="load")
            widths = page.evaluate("[...document.images].map(one => one.naturalWidth > 0)")
            page.close()
    *shown, stray_shown = widths
    assert all(shown)
    assert not stray_shown
    assert (len(own.asked), other.asked) == (len(shown) - 1, [])  # the agencies lie above
    assert all(path.count("/") == 3 and "{" not in path for path in own.asked)


@pytest.mark.parametrize("address", ["", "javascript:alert(1)"])
def test_without_a_proper_address_no_other_server_may_be_asked(
    tmp_path: Path, address: str
) -> None:
    policy = pass_gate("", tmp_path, address).headers["content-security-policy"]
    (pictures,) = [part.strip() for part in policy.split(";") if "img-src" in part]
    assert pictures == "img-src 'self' data: blob:"
