"""The gate, before an app that answers everything: what reaches it and what does not."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import httpx
import pytest

from access import gate as gate_module
from access.gate import COOKIE, Gate
from access.journal import Journal
from access.register import Register
from access.settings import Access
from tests.accounts import PASSWORD, Clock, open_register, refuse_writes
from tests.loops import run_alone
from texts import say

HOME = "http://127.0.0.1:8501"
HTML = {"accept": "text/html"}
ORIGIN = {"origin": HOME}


async def answer_everything(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        while (await receive())["type"] != "websocket.disconnect":
            await send({"type": "websocket.send", "text": "seen"})
        return
    names = ",".join(sorted(name.decode() for name, _ in scope["headers"]))
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": f"inside {names}".encode()})


@pytest.fixture
def register(tmp_path: Path) -> Register:
    register = open_register(tmp_path / "access.sqlite")
    register.add("花子", PASSWORD, ["viewer"])
    return register


def make_gate(
    register: Register, mode: Any = "local", *, is_https: bool = False, is_well: bool = True
) -> Gate:
    hosts = frozenset({"127.0.0.1", "localhost", "[::1]", "tsunagi.example.jp"})
    access = Access(mode, hosts, is_https, {})
    journal = Journal(register.path.parent)
    keys = {"good": "花子"}
    return Gate(
        answer_everything, access=access, register=register, journal=journal,
        is_well=lambda: is_well, find_key=lambda key: register.find_account(keys.get(key, "")),
    )  # fmt: skip


def run(gate: Gate, work: Callable[[httpx.AsyncClient], Coroutine[Any, Any, Any]]) -> Any:
    async def go() -> Any:
        transport = httpx.ASGITransport(app=gate)
        async with httpx.AsyncClient(transport=transport, base_url=HOME) as client:
            return await work(client)

    return run_alone(go())


async def sign_in(client: httpx.AsyncClient, password: str = PASSWORD) -> httpx.Response:
    form = {"name": "花子", "password": password}
    return await client.post("/sign-in", data=form, headers=ORIGIN)


@pytest.mark.parametrize(
    "path", ["/", "/gaps", "/_stcore/host-config", "/_stcore/upload_file/x", "/media/x.xlsx"]
)
def test_nothing_is_served_before_the_sign_in(register: Register, path: str) -> None:
    response = run(make_gate(register), lambda client: client.get(path))
    assert response.status_code == 401
    assert response.content == b""


@pytest.mark.parametrize("mode", ["local", "provider"])
def test_another_system_comes_in_by_its_key_only(register: Register, mode: str) -> None:
    async def work(client: httpx.AsyncClient) -> list[tuple[int, str]]:
        if mode == "local":
            await sign_in(client)  # a browser's session opens pages, not the API
        words = [None, "Bearer ", "Bearer wrong", "Basic good", "Bearer good", "bearer good"]
        headers = [{"authorization": each} if each else {} for each in words]
        answers = [await client.get("/api/questions", headers=each) for each in headers]
        return [(answer.status_code, answer.text[:6]) for answer in answers]

    refused, inside = (401, ""), (200, "inside")
    assert run(make_gate(register, mode), work) == [refused] * 4 + [inside] * 2


def test_a_disabled_account_takes_its_key_along(register: Register) -> None:
    register.disable("花子")
    key = {"authorization": "Bearer good"}
    response = run(make_gate(register), lambda client: client.get("/api/hsds", headers=key))
    assert response.status_code == 401


def test_on_one_pc_the_api_is_open_as_the_app_is(register: Register) -> None:
    response = run(make_gate(register, "open"), lambda client: client.get("/api/questions"))
    assert response.status_code == 200


@pytest.mark.parametrize("mode", ["local", "open", "provider"])
@pytest.mark.parametrize(("is_well", "status", "words"), [(True, 200, "ok"), (False, 503, "away")])
def test_whether_the_database_answers_is_told_to_everybody_and_nothing_else(
    register: Register, mode: str, is_well: bool, status: int, words: str
) -> None:
    gate = make_gate(register, mode, is_well=is_well)
    response = run(gate, lambda client: client.get("/healthz"))
    assert (response.status_code, response.text) == (status, words)
    assert response.headers["cache-control"] == "no-store"


def test_the_health_is_not_told_under_another_name(register: Register) -> None:
    evil = {"host": "evil.example"}
    response = run(make_gate(register), lambda client: client.get("/healthz", headers=evil))
    assert response.status_code == 400


def test_a_person_is_led_to_the_sign_in(register: Register) -> None:
    response = run(make_gate(register), lambda client: client.get("/gaps", headers=HTML))
    assert (response.status_code, response.headers["location"]) == (303, "/sign-in")


def test_health_is_told_without_a_session(register: Register) -> None:
    response = run(make_gate(register), lambda client: client.get("/_stcore/health"))
    assert response.status_code == 200


def test_the_right_password_opens_the_app_and_sign_out_closes_it(register: Register) -> None:
    async def work(client: httpx.AsyncClient) -> tuple[httpx.Response, ...]:
        entered = await sign_in(client)
        inside = await client.get("/")
        left = await client.post("/sign-out", headers=ORIGIN)
        client.cookies.set(COOKIE, entered.cookies[COOKIE])
        return entered, inside, left, await client.get("/")

    entered, inside, left, after = run(make_gate(register), work)
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert inside.text.startswith("inside")
    assert left.headers["location"] == "/sign-in"
    assert after.status_code == 401


def test_behind_https_the_cookie_and_the_browser_stay_there(register: Register) -> None:
    response = run(make_gate(register, is_https=True), sign_in)
    assert "secure" in response.headers["set-cookie"].lower()
    assert "strict-transport-security" in response.headers


def test_a_wrong_password_is_said_and_not_repeated(register: Register) -> None:
    response = run(make_gate(register), lambda client: sign_in(client, "<b>wrong</b>"))
    assert response.status_code == 403
    assert 'role="alert"' in response.text
    assert "wrong" not in response.text
    assert COOKIE not in response.cookies


def test_the_page_is_in_the_browsers_language(register: Register) -> None:
    def ask(language: str) -> str:
        headers = {"accept-language": language}
        response = run(make_gate(register), lambda c: c.get("/sign-in", headers=headers))
        return str(response.text)

    assert '<html lang="en">' in ask("fr-CA,en;q=0.5")
    assert '<html lang="ja">' in ask("fr")


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null", "http://127.0.0.1:9999"])
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out"])
def test_another_sites_form_is_refused(register: Register, origin: str | None, path: str) -> None:
    headers = {"origin": origin} if origin else {}
    form = {"name": "花子", "password": PASSWORD}
    response = run(make_gate(register), lambda c: c.post(path, data=form, headers=headers))
    assert response.status_code == 400
    assert COOKIE not in response.cookies


@pytest.mark.parametrize("mode", ["open", "local", "provider"])
@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "evil@127.0.0.2", "tsunagi.example.jp."]
)
def test_another_name_for_this_machine_reaches_nothing(
    register: Register, mode: str, host: str
) -> None:
    gate = make_gate(register, mode)
    response = run(gate, lambda client: client.get("/", headers={"host": host}))
    assert response.status_code == 400
    assert response.content == b""


def test_names_a_proxy_could_have_put_there_do_not_reach_the_app(register: Register) -> None:
    headers = {"X-Forwarded-User": "admin", "Remote-User": "admin", "X-Auth-Request-Email": "a@b"}
    response = run(make_gate(register, "open"), lambda c: c.get("/", headers=headers))
    assert "user-agent" in response.text
    assert not {"x-forwarded-user", "remote-user", "x-auth-request-email"} & set(
        response.text.removeprefix("inside ").split(",")
    )


@pytest.mark.parametrize("mode", ["open", "local", "provider"])
def test_every_page_keeps_the_browser_at_home(register: Register, mode: str) -> None:
    response = run(make_gate(register, mode), lambda client: client.get("/sign-in"))
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert "http" not in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"


def test_a_long_form_is_not_read(register: Register) -> None:
    form = {"name": "x" * 20_000, "password": "y"}
    response = run(make_gate(register), lambda c: c.post("/sign-in", data=form, headers=ORIGIN))
    assert response.status_code == 413


class Line:
    """A websocket by hand: what the browser says, and what it is told."""

    def __init__(self, token: str = "", host: str = "127.0.0.1:8501") -> None:
        cookie = (b"cookie", f"{COOKIE}={token}".encode())
        self.scope = {
            "type": "websocket",
            "path": "/_stcore/stream",
            "headers": [(b"host", host.encode()), cookie],
        }
        self.said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.told: list[dict[str, Any]] = []

    async def send(self, message: Any) -> None:
        self.told.append(message)


@pytest.mark.parametrize("line", [Line("nothing"), Line(""), Line("", "evil.example")])
def test_a_websocket_without_a_session_is_never_accepted(register: Register, line: Line) -> None:
    run_alone(make_gate(register)(line.scope, line.said.get, line.send))
    assert [message["type"] for message in line.told] == ["websocket.close"]


@pytest.mark.parametrize("end", ["sign_out", "disable"])
def test_a_live_connection_closes_when_its_session_ends(
    register: Register, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr(gate_module, "CHECK_EVERY_S", 0.02)
    token = register.sign_in("花子", PASSWORD)
    line = Line(token)

    async def go() -> None:
        talking = asyncio.ensure_future(make_gate(register)(line.scope, line.said.get, line.send))
        await line.said.put({"type": "websocket.receive", "text": "hello"})
        while len(line.told) < 2:
            await asyncio.sleep(0.01)
        if end == "sign_out":
            register.sign_out(token)
        else:
            register.disable("花子")
        await asyncio.wait_for(talking, timeout=30)

    run_alone(go())
    kinds = [message["type"] for message in line.told]
    assert kinds == ["websocket.accept", "websocket.send", "websocket.close"]


def test_nothing_said_after_the_end_is_heard(register: Register) -> None:
    token = register.sign_in("花子", PASSWORD)
    line = Line(token)
    register_and_gate = make_gate(register)

    async def go() -> None:
        talking = asyncio.ensure_future(register_and_gate(line.scope, line.said.get, line.send))
        while not line.told:
            await asyncio.sleep(0.01)
        register.sign_out(token)
        await line.said.put({"type": "websocket.receive", "text": "show me"})
        await asyncio.wait_for(talking, timeout=30)

    run_alone(go())
    assert "websocket.send" not in [message["type"] for message in line.told]


def test_who_came_in_and_who_did_not_is_on_record(register: Register, tmp_path: Path) -> None:
    async def work(client: httpx.AsyncClient) -> None:
        await sign_in(client, "wrong")
        form = {"name": "my secret password", "password": ""}
        await client.post("/sign-in", data=form, headers=ORIGIN)
        await sign_in(client)
        await client.post("/sign-out", headers=ORIGIN)

    run(make_gate(register), work)
    entries = Journal(tmp_path).read()
    assert [(entry.actor, entry.action) for entry in entries] == [
        ("花子", "sign_in_refused"),
        ("?", "sign_in_refused"),
        ("花子", "sign_in"),
        ("花子", "sign_out"),
    ]
    assert "secret" not in (tmp_path / "audit.jsonl").read_text("utf-8")


def test_nobody_comes_in_who_cannot_be_recorded(register: Register, tmp_path: Path) -> None:
    (tmp_path / "audit.jsonl").mkdir()  # nothing can be written under this name
    response = run(make_gate(register), sign_in)
    assert response.status_code == 503
    assert COOKIE not in response.cookies


def test_who_is_in_stays_in_on_a_disk_that_cannot_be_written(tmp_path: Path) -> None:
    clock = Clock()
    register = open_register(tmp_path / "access.sqlite", clock)
    register.add("花子", PASSWORD, ["viewer"])

    async def work(client: httpx.AsyncClient) -> tuple[httpx.Response, httpx.Response]:
        await sign_in(client)
        clock.now += 60
        with refuse_writes(register.path):
            return await client.get("/"), await client.post("/sign-out", headers=ORIGIN)

    inside, left = run(make_gate(register), work)
    assert (inside.status_code, inside.text[:6]) == (200, "inside")
    assert left.status_code == 503
    assert say("store.not_recorded") in left.text
    assert f'{COOKIE}="";' in left.headers["set-cookie"]


@pytest.mark.parametrize("password", [PASSWORD, "wrong"])
def test_who_comes_to_a_disk_that_cannot_be_written_is_told(
    register: Register, password: str
) -> None:
    with refuse_writes(register.path):
        response = run(make_gate(register), lambda client: sign_in(client, password))
    assert response.status_code == 503
    assert say("store.not_recorded") in response.text
    assert COOKIE not in response.cookies


def test_a_session_opened_at_one_process_holds_at_another(register: Register) -> None:
    """Behind a proxy the next request may reach another process of the same machine."""
    other = make_gate(Register(register.path))

    async def change_over(client: httpx.AsyncClient) -> tuple[int, int]:
        before = (await client.get("/")).status_code
        await sign_in(client)
        token = client.cookies[COOKIE]
        there = httpx.AsyncClient(transport=httpx.ASGITransport(app=other), base_url=HOME)
        async with there as elsewhere:
            elsewhere.cookies.set(COOKIE, token)
            return before, (await elsewhere.get("/")).status_code

    assert run(make_gate(register), change_over) == (401, 200)
