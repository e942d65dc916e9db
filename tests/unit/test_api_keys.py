"""Keys for other systems: shown once, kept as a hash, ended by time, command and account."""

from __future__ import annotations

from pathlib import Path

import pytest

from access.api_keys import ApiKeys
from access.register import AccessError, Register
from tests.accounts import Clock, open_register

DAY_S = 24 * 60 * 60


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def register(tmp_path: Path, clock: Clock) -> Register:
    register = open_register(tmp_path / "access.sqlite", clock)
    register.add("県庁", None, ["viewer"])
    return register


@pytest.fixture
def keys(register: Register, clock: Clock) -> ApiKeys:
    return ApiKeys(register.path, register, clock)


def test_a_key_stands_for_its_account_until_its_last_day(keys: ApiKeys, clock: Clock) -> None:
    key = keys.issue("県庁", 30)
    found = keys.find(key)
    assert found is not None
    assert (found.name, found.roles) == ("県庁", {"viewer"})
    clock.now += 30 * DAY_S - 1
    assert keys.find(key) is not None
    clock.now += 1
    assert keys.find(key) is None


def test_the_file_does_not_hold_the_key(keys: ApiKeys, register: Register) -> None:
    key = keys.issue("県庁", 30)
    assert key.encode() not in register.path.read_bytes()
    assert keys.find(key[:-1]) is None


def test_a_disabled_account_and_a_withdrawn_key_open_nothing(
    keys: ApiKeys, register: Register
) -> None:
    first, second = keys.issue("県庁", 30), keys.issue("県庁", 30)
    register.disable("県庁")
    assert keys.find(first) is None
    register.disable("県庁", disabled=False)
    assert keys.find(first) is not None
    assert keys.withdraw("県庁") == 2
    assert keys.find(first) is keys.find(second) is None


@pytest.mark.parametrize(("name", "days"), [("だれか", 30), ("県庁", 0), ("県庁", 401)])
def test_no_key_for_nobody_and_none_without_an_end(keys: ApiKeys, name: str, days: int) -> None:
    with pytest.raises(AccessError):
        keys.issue(name, days)
