"""Accounts and sessions: who comes in, for how long, and what ends it."""

import sqlite3
import stat
from pathlib import Path

import pytest

from access.register import (
    ABSOLUTE_S,
    ATTEMPTS,
    IDLE_S,
    LOCKED_S,
    AccessError,
    Register,
    SignInRefused,
)
from tests.accounts import PASSWORD, Clock, open_register, refuse_writes


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def register(tmp_path: Path, clock: Clock) -> Register:
    register = open_register(tmp_path / "data" / "access.sqlite", clock)
    register.add("花子", PASSWORD, ["planner", "coordinator"])
    return register


def test_an_account_signs_in_and_keeps_its_roles(register: Register) -> None:
    account = register.find_session(register.sign_in("花子", PASSWORD))
    assert account is not None
    assert (account.name, account.roles) == ("花子", {"planner", "coordinator"})


@pytest.mark.parametrize(
    ("name", "password"), [("花子", "wrong"), ("太郎", PASSWORD), ("", ""), ("花子", "")]
)
def test_anything_else_is_refused_in_one_sentence(
    register: Register, name: str, password: str
) -> None:
    with pytest.raises(SignInRefused) as refused:
        register.sign_in(name, password)
    assert refused.value.code == "access.refused"
    assert password not in str(refused.value) or not password


def test_neither_password_nor_token_stands_in_the_file(register: Register, tmp_path: Path) -> None:
    token = register.sign_in("花子", PASSWORD)
    data = (tmp_path / "data" / "access.sqlite").read_bytes()
    assert PASSWORD.encode() not in data
    assert token.encode() not in data
    assert b"$argon2id$" in data


def test_the_file_is_its_owners_only(register: Register, tmp_path: Path) -> None:
    file = tmp_path / "data" / "access.sqlite"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_session_ends_unused_after_half_an_hour(register: Register, clock: Clock) -> None:
    token = register.sign_in("花子", PASSWORD)
    clock.now += IDLE_S - 1
    assert register.find_session(token)
    clock.now += IDLE_S - 1
    assert register.find_session(token, used=False)
    clock.now += 1
    assert register.find_session(token) is None


def test_looking_whether_a_session_holds_does_not_prolong_it(
    register: Register, clock: Clock
) -> None:
    token = register.sign_in("花子", PASSWORD)
    for _ in range(3):
        clock.now += IDLE_S / 2
        held = register.find_session(token, used=False)
    assert held is None


def test_a_session_ends_after_twelve_hours_however_used(register: Register, clock: Clock) -> None:
    token = register.sign_in("花子", PASSWORD)
    for _ in range(ABSOLUTE_S // 600 - 1):
        clock.now += 600
        assert register.find_session(token)
    clock.now += 600
    assert register.find_session(token) is None


def test_a_session_is_found_on_a_disk_that_cannot_be_written(
    register: Register, clock: Clock
) -> None:
    token = register.sign_in("花子", PASSWORD)
    clock.now += IDLE_S - 1
    with refuse_writes(register.path):
        assert register.find_session(token)
    clock.now += 1
    assert register.find_session(token) is None, "it was prolonged"


def test_sign_out_ends_only_that_session(register: Register) -> None:
    first, second = register.sign_in("花子", PASSWORD), register.sign_in("花子", PASSWORD)
    register.sign_out(first)
    assert register.find_session(first) is None
    assert register.find_session(second)


@pytest.mark.parametrize("change", ["password", "roles", "disable"])
def test_a_change_of_the_account_ends_its_sessions(register: Register, change: str) -> None:
    register.add("太郎", PASSWORD, ["viewer"])
    token, other = register.sign_in("花子", PASSWORD), register.sign_in("太郎", PASSWORD)
    if change == "password":
        register.set_password("花子", "another long password")
    elif change == "roles":
        register.set_roles("花子", ["viewer"])
    else:
        register.disable("花子")
    assert register.find_session(token) is None
    assert register.find_session(other)


def test_a_disabled_account_comes_in_again_when_enabled(register: Register) -> None:
    register.disable("花子")
    assert register.find_account("花子") is None
    with pytest.raises(SignInRefused):
        register.sign_in("花子", PASSWORD)
    register.disable("花子", disabled=False)
    assert register.sign_in("花子", PASSWORD)


def test_wrong_passwords_lock_the_name_for_a_while(register: Register, clock: Clock) -> None:
    for _ in range(ATTEMPTS):
        with pytest.raises(SignInRefused):
            register.sign_in("花子", "wrong")
    with pytest.raises(SignInRefused):
        register.sign_in("花子", PASSWORD)
    clock.now += LOCKED_S + 1
    assert register.sign_in("花子", PASSWORD)


def test_a_right_password_forgives_the_wrong_ones(register: Register) -> None:
    for _ in range(3):
        for _ in range(ATTEMPTS - 1):
            with pytest.raises(SignInRefused):
                register.sign_in("花子", "wrong")
        assert register.sign_in("花子", PASSWORD)


@pytest.mark.parametrize(
    ("name", "password", "roles", "code"),
    [
        ("a b", PASSWORD, ["viewer"], "access.bad_name"),
        ("", PASSWORD, ["viewer"], "access.bad_name"),
        ("太郎", "short", ["viewer"], "access.short_password"),
        ("太郎", PASSWORD, ["king"], "access.no_role"),
        ("太郎", PASSWORD, [], "access.no_role"),
        ("花子", PASSWORD, ["viewer"], "access.name_taken"),
    ],
)
def test_an_unfit_account_is_not_made(
    register: Register, name: str, password: str, roles: list[str], code: str
) -> None:
    with pytest.raises(AccessError) as error:
        register.add(name, password, roles)
    assert error.value.code == code
    assert [account.name for account in register.list_accounts()] == ["花子"]


def test_an_account_of_a_provider_has_no_password_to_guess(register: Register) -> None:
    register.add("taro@example.jp", None, ["viewer"])
    for password in ("", "None", PASSWORD):
        with pytest.raises(SignInRefused):
            register.sign_in("taro@example.jp", password)
    account = register.find_account("taro@example.jp")
    assert account is not None
    assert not account.has_password


def test_a_second_register_on_the_same_file_sees_the_same(
    register: Register, tmp_path: Path, clock: Clock
) -> None:
    token = register.sign_in("花子", PASSWORD)
    other = Register(tmp_path / "data" / "access.sqlite", clock)
    assert other.find_session(token)
    other.sign_out(token)
    assert register.find_session(token) is None


def test_a_change_that_fails_leaves_all_as_it_was(register: Register) -> None:
    token = register.sign_in("花子", PASSWORD)
    with pytest.raises(AccessError):
        register.set_roles("花子", ["king"])
    with pytest.raises(AccessError):
        register.set_password("太郎", PASSWORD)
    assert register.find_session(token)


def test_a_file_that_is_none_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "access.sqlite"
    file.write_text("something else, long enough to be no database at all" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        Register(file)
    assert file.read_text().startswith("something else")
