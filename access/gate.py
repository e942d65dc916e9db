"""The gate: an ASGI application that stands before everything the app serves.

It lets through only requests for a name the app answers to (so that another site's name pointed at
this machine reaches nothing), only with an open session where there is a local sign-in, and puts
the headers on every answer that keep the browser from sending anything elsewhere. A session that
ends - by sign-out, by time, by a change of the account - closes its live connections within
`CHECK_EVERY_S`.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import urlsplit

import anyio.to_thread
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from access.journal import Journal
from access.page import choose_language, write_sign_in_page, write_sign_out_page
from access.register import Account, Register, SignInRefused
from access.settings import Access
from graph.rights import Unrecorded
from texts import Language

COOKIE: Final = "tsunagi_session"
SIGN_IN: Final = "/sign-in"
SIGN_OUT: Final = "/sign-out"
ALIVE: Final = "/_stcore/health"
"""Streamlit's own: this process answers."""

HEALTH: Final = "/healthz"
"""Ours: the database answers as well. Said to everybody, so it says nothing else."""

API: Final = "/api"
"""Other systems ask here, each with a key; a browser's session does not count."""

ACCOUNT: Final = "tsunagi.account"
"""Where the scope of a request to the API has whose key it brought; None on one PC."""

CHECK_EVERY_S: Final = 1.0
LONGEST_FORM: Final = 10_000
_CLOSED: Final = 4401

# What a page may load and talk to: nothing but this app. Streamlit builds its components from
# blobs and evaluates its charts, so scripts cannot be narrowed further.
_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
    "img-src 'self' data: blob: {pictures}; "
    "connect-src 'self' blob: data:; worker-src 'self' blob:; frame-src 'self' blob: data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
# Names under which a proxy says who somebody is; here only the session does.
_IDENTITY: Final = frozenset(
    {b"remote-user", b"x-forwarded-user", b"x-forwarded-email", b"x-forwarded-preferred-username"}
    | {b"x-remote-user", b"x-auth-request-user", b"x-auth-request-email", b"x-webauth-user"}
)


class Gate:
    """Stands before `application`; with `access.mode` local it demands a session of `register`.

    `is_well` says at once whether the database answers, `find_key` whose a key to the API is.
    """

    def __init__(
        self,
        application: ASGIApp,
        *,
        access: Access,
        register: Register,
        journal: Journal,
        is_well: Callable[[], bool],
        find_key: Callable[[str], Account | None],
    ) -> None:
        self._application = application
        self._access = access
        self._register = register
        self._journal = journal
        self._is_well = is_well
        self._find_key = find_key
        policy = _POLICY.format(pictures=access.pictures)
        self._headers = [(b"content-security-policy", policy.encode()), *_HEADERS]
        if access.is_https:
            self._headers.append((b"strict-transport-security", b"max-age=31536000"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse, or let through to the app."""
        if scope["type"] == "lifespan":
            await self._application(scope, receive, send)
            return
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] not in _IDENTITY]
        if not self._is_for_us(scope):
            await _refuse(scope, receive, send, 400, "")
        elif scope["path"] == HEALTH and scope["type"] == "http":
            await _tell_health(self._is_well())(scope, receive, self._with_headers(send))
        elif scope["path"] == ALIVE:
            await self._application(scope, receive, send)
        elif scope["path"] == API or scope["path"].startswith(f"{API}/"):
            await self._demand_key(scope, receive, self._with_headers(send))
        elif self._access.mode == "local":
            await self._demand_session(scope, receive, send)
        else:
            await self._application(scope, receive, self._with_headers(send))

    async def _demand_key(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through who brings a key; on one PC without sign-in whoever is there."""
        kind, _, key = Headers(scope=scope).get("authorization", "").partition(" ")
        scope[ACCOUNT] = None
        if self._access.mode != "open":
            if kind.lower() == "bearer" and key:
                scope[ACCOUNT] = await anyio.to_thread.run_sync(self._find_key, key.strip())
            if scope[ACCOUNT] is None:
                await _refuse(scope, receive, send, 401, "")
                return
        await self._application(scope, receive, send)

    async def _demand_session(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._with_headers(send)
        if scope["type"] == "http" and scope["path"] in {SIGN_IN, SIGN_OUT}:
            request = Request(scope, receive)
            response = await self._sign(request)
            await response(scope, receive, answer)
            return
        token = read_token(scope)
        if await self._find(token) is None:
            await _refuse(scope, receive, answer, 401, SIGN_IN)
        elif scope["type"] == "websocket":
            await self._application(
                scope, _Watched(receive, send, lambda: self._holds(token)), send
            )
        else:
            await self._application(scope, receive, answer)

    async def _sign(self, request: Request) -> Response:
        language = choose_language(
            request.query_params.get("lang"), request.headers.get("accept-language", "")
        )
        if request.method == "GET":
            if request.url.path == SIGN_OUT:
                return HTMLResponse(write_sign_out_page(language))
            return HTMLResponse(write_sign_in_page(language))
        if request.method != "POST" or not _is_same_origin(request):
            return PlainTextResponse("", 400)
        if request.url.path == SIGN_OUT:
            return await self._sign_out(request, language)
        return await self._sign_in(request, language)

    async def _sign_in(self, request: Request, language: Language) -> Response:
        length = request.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > LONGEST_FORM:
            return PlainTextResponse("", 413)
        form = await request.form(max_files=0, max_fields=10)
        name, password = str(form.get("name", "")), str(form.get("password", ""))
        try:
            token = await anyio.to_thread.run_sync(self._open, name, password)
        except SignInRefused as error:
            page = write_sign_in_page(language, error.code, **error.values)
            return HTMLResponse(page, 403)
        except (Unrecorded, sqlite3.OperationalError):  # the disk is full or cannot be written
            return HTMLResponse(write_sign_in_page(language, "store.not_recorded"), 503)
        response = RedirectResponse("/", 303)
        response.set_cookie(
            COOKIE, token, httponly=True, samesite="strict", secure=self._access.is_https, path="/"
        )
        return response

    async def _sign_out(self, request: Request, language: Language) -> Response:
        """End the session; where that cannot be written, the browser loses its token at least."""
        response: Response = RedirectResponse(SIGN_IN, 303)
        try:
            await anyio.to_thread.run_sync(self._close, read_token(request.scope))
        except sqlite3.OperationalError:
            response = HTMLResponse(write_sign_in_page(language, "store.not_recorded"), 503)
        response.delete_cookie(COOKIE)
        return response

    def _open(self, name: str, password: str) -> str:
        """Open a session once it is on record; one that cannot be recorded is closed again."""
        try:
            token = self._register.sign_in(name, password)
        except SignInRefused:
            # A name that is none may be a password typed into the wrong field.
            known = self._register.find_account(name) is not None
            self._journal.record(name if known else "?", "sign_in_refused", "")
            raise
        try:
            self._journal.record(name, "sign_in", "")
        except Unrecorded:
            self._register.sign_out(token)
            raise
        return token

    def _close(self, token: str) -> None:
        account = self._register.find_session(token, used=False)
        self._register.sign_out(token)
        if account is not None:
            with suppress(Unrecorded):  # who wants out is let out
                self._journal.record(account.name, "sign_out", "")

    async def _find(self, token: str, *, used: bool = True) -> Account | None:
        if not token:
            return None
        return await anyio.to_thread.run_sync(lambda: self._register.find_session(token, used=used))

    async def _holds(self, token: str) -> bool:
        return await self._find(token, used=False) is not None

    def _is_for_us(self, scope: Scope) -> bool:
        host = Headers(scope=scope).get("host", "")
        name = urlsplit(f"//{host}").hostname or ""
        known = self._access.hosts
        return name in known or f"[{name}]" in known

    def _with_headers(self, send: Send) -> Send:
        added = self._headers

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name for name, _ in added}
                kept = [pair for pair in message["headers"] if pair[0].lower() not in names]
                message["headers"] = [*kept, *added]
            await send(message)

        return answer


class _Watched:
    """A websocket's incoming side that ends when its session does."""

    def __init__(self, receive: Receive, send: Send, holds: Callable[[], Awaitable[bool]]) -> None:
        self._receive = receive
        self._send = send
        self._holds = holds
        self._waiting: asyncio.Task[Message] | None = None

    async def __call__(self) -> Message:
        if self._waiting is None:
            self._waiting = asyncio.ensure_future(self._receive())
        while not self._waiting.done():
            await asyncio.wait({self._waiting}, timeout=CHECK_EVERY_S)
            if not self._waiting.done() and not await self._holds():
                return await self._close()
        message, self._waiting = self._waiting.result(), None
        if message["type"] == "websocket.receive" and not await self._holds():
            return await self._close()
        return message

    async def _close(self) -> Message:
        if self._waiting is not None:
            self._waiting.cancel()
        with suppress(RuntimeError, OSError):  # it may have gone by itself
            await self._send({"type": "websocket.close", "code": _CLOSED})
        return {"type": "websocket.disconnect", "code": _CLOSED}


def read_token(scope: Scope) -> str:
    """Return the session's token that a request brings; "" for none."""
    jar: SimpleCookie = SimpleCookie()
    with suppress(CookieError):
        jar.load(Headers(scope=scope).get("cookie", ""))
    return jar[COOKIE].value if COOKIE in jar else ""


def _is_same_origin(request: Request) -> bool:
    """Say whether a form was sent from a page of ours; browsers name the origin of every POST."""
    origin = urlsplit(request.headers.get("origin", ""))
    return bool(origin.netloc) and origin.netloc == request.headers.get("host")


def _tell_health(is_well: bool) -> Response:
    words, status = ("ok", 200) if is_well else ("away", 503)
    return PlainTextResponse(words, status, {"cache-control": "no-store"})


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, page: str) -> None:
    """Refuse a request: a person's is led to `page`, any other gets the bare status."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": _CLOSED})
        return
    wants_page = scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", "")
    response = RedirectResponse(page, 303) if page and wants_page else PlainTextResponse("", status)
    await response(scope, receive, send)
