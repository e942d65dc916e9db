"""How people come in: what is refused before the app opens to anybody."""

from pathlib import Path

import pytest

from access.register import AccessError, Register
from access.settings import is_loopback, read_access

PROVIDER = {
    "TSUNAGI_OIDC_URL": "https://id.example.jp/.well-known/openid-configuration",
    "TSUNAGI_OIDC_CLIENT_ID": "tsunagi",
    "TSUNAGI_OIDC_CLIENT_SECRET": "secret",
    "TSUNAGI_COOKIE_SECRET": "0123456789abcdef" * 4,
    "TSUNAGI_URL": "https://tsunagi.example.jp/",
}


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return Register(tmp_path / "access.sqlite")


def test_without_accounts_one_pc_is_open_and_nothing_else(register: Register) -> None:
    access = read_access({}, register)
    assert access.mode == "open"
    assert access.hosts == {"localhost", "127.0.0.1", "[::1]"}
    for address in ("0.0.0.0", "192.168.1.5", "::", "office.example.jp"):
        with pytest.raises(AccessError) as error:
            read_access({}, register, address)
        assert error.value.code == "access.open_to_others"


def test_an_open_app_answers_no_public_name(register: Register) -> None:
    access = read_access({"TSUNAGI_URL": "https://tsunagi.example.jp"}, register)
    assert "tsunagi.example.jp" not in access.hosts


def test_the_first_account_turns_the_sign_in_on(register: Register) -> None:
    register.add("花子", "correct horse battery", ["viewer"])
    access = read_access({"TSUNAGI_URL": "https://tsunagi.example.jp"}, register, "0.0.0.0")
    assert access.mode == "local"
    assert access.is_https
    assert "tsunagi.example.jp" in access.hosts


def test_a_provider_gives_streamlit_what_it_needs(register: Register) -> None:
    access = read_access(PROVIDER, register, "0.0.0.0")
    assert access.mode == "provider"
    assert access.secrets["auth"] == {
        "redirect_uri": "https://tsunagi.example.jp/oauth2callback",
        "cookie_secret": PROVIDER["TSUNAGI_COOKIE_SECRET"],
        "client_id": "tsunagi",
        "client_secret": "secret",
        "server_metadata_url": PROVIDER["TSUNAGI_OIDC_URL"],
    }


@pytest.mark.parametrize("name", sorted(PROVIDER.keys() - {"TSUNAGI_OIDC_URL"}))
def test_a_provider_without_a_setting_is_refused(register: Register, name: str) -> None:
    with pytest.raises(AccessError) as error:
        read_access({key: value for key, value in PROVIDER.items() if key != name}, register)
    assert (error.value.code, error.value.values) == ("access.setting_missing", {"name": name})


@pytest.mark.parametrize("secret", ["short", "x" * 64, "あいうえお"])
def test_a_weak_secret_is_refused_and_not_repeated(register: Register, secret: str) -> None:
    with pytest.raises(AccessError) as error:
        read_access(PROVIDER | {"TSUNAGI_COOKIE_SECRET": secret}, register)
    assert error.value.code == "access.weak_secret"
    assert secret not in str(error.value.values)


@pytest.mark.parametrize(
    ("address", "alone"),
    [("127.0.0.1", True), ("127.8.0.1", True), ("::1", True), ("localhost", True),
     ("0.0.0.0", False), ("::", False), ("10.0.0.1", False), ("localhost.evil", False)],
)  # fmt: skip
def test_only_loopback_is_this_machine_alone(address: str, alone: bool) -> None:
    assert is_loopback(address) is alone


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://tiles.example.jp/{z}/{x}/{y}.png", "https://tiles.example.jp"),
        ("http://127.0.0.1:8080/{z}", "http://127.0.0.1:8080"),
        ("", ""),
        ("javascript:alert(1)", ""),
        ("https://a b;script-src *", ""),
    ],
)
def test_only_the_operators_map_pictures_may_be_asked_of_others(
    register: Register, url: str, origin: str
) -> None:
    assert read_access({"TSUNAGI_TILE_URL": url}, register).pictures == origin
