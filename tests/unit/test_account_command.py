"""`tsunagi account`: who may come in is said on the command line, and goes on record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

import tsunagi
from access.entry import open_api_keys, open_register
from access.journal import Journal
from access.register import SignInRefused
from tests import accounts
from tests.accounts import PASSWORD

Run = Callable[..., Result]
OTHER = "another long password 9"
TWICE = f"{PASSWORD}\n{PASSWORD}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder; its passwords are quick to check."""
    monkeypatch.setenv("TSUNAGI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr("access.entry.Register", accounts.open_register)
    return tmp_path / "data"


@pytest.fixture
def account(folder: Path) -> Run:
    """Runs `tsunagi account` with these words; what is typed is its answer to questions."""

    def run(*words: str, typed: str = "") -> Result:
        return CliRunner().invoke(tsunagi.app, ["account", *words], input=typed)

    return run


@pytest.fixture
def hanako(account: Run) -> Run:
    """The same, when there is an account."""
    added = account("add", "花子", "--role", "planner", "--role", "viewer", typed=TWICE)
    assert added.exit_code == 0, added.output
    assert PASSWORD not in added.output
    return account


def list_recorded(folder: Path) -> list[str]:
    return [entry.subject for entry in Journal(folder).read()]


def test_an_account_that_was_made_comes_in_and_is_listed(hanako: Run, folder: Path) -> None:
    assert open_register().sign_in("花子", PASSWORD)
    assert "○ 花子\tviewer planner" in hanako("list").output
    assert list_recorded(folder) == ["add 花子"]
    assert PASSWORD not in (folder / "audit.jsonl").read_text(encoding="utf-8")


def test_before_the_first_account_the_list_says_so(account: Run) -> None:
    assert "There are no accounts yet." in account("list").output


def test_a_password_typed_in_two_ways_makes_no_account(account: Run, folder: Path) -> None:
    refused = account("add", "花子", "--role", "viewer", typed=f"{PASSWORD}\n{OTHER}\n")
    assert refused.exit_code == 1
    assert open_register().list_accounts() == []
    assert list_recorded(folder) == []


@pytest.mark.parametrize(
    "words", [("add", "花子", "--role", "viewer"), ("add", "太郎", "--role", "king")]
)
def test_a_name_in_use_and_a_role_nobody_knows_are_refused(
    hanako: Run, words: tuple[str, ...]
) -> None:
    refused = hanako(*words, typed=TWICE)
    assert refused.exit_code == 1
    assert refused.exception is None or isinstance(refused.exception, SystemExit)
    assert [one.name for one in open_register().list_accounts()] == ["花子"]


def test_who_comes_by_a_provider_needs_no_password(account: Run) -> None:
    assert account("add", "hanako@example.jp", "--role", "viewer", "--provider").exit_code == 0
    with pytest.raises(SignInRefused):
        open_register().sign_in("hanako@example.jp", "")


def test_a_new_password_replaces_the_old_one_and_ends_sessions(hanako: Run) -> None:
    token = open_register().sign_in("花子", PASSWORD)
    assert hanako("password", "花子", typed=f"{OTHER}\n{OTHER}\n").exit_code == 0
    assert open_register().find_session(token) is None
    with pytest.raises(SignInRefused):
        open_register().sign_in("花子", PASSWORD)
    assert open_register().sign_in("花子", OTHER)


def test_other_roles_a_closed_account_and_an_open_one_again(hanako: Run, folder: Path) -> None:
    assert hanako("roles", "花子", "--role", "administrator").exit_code == 0
    assert "○ 花子\tadministrator" in hanako("list").output
    assert hanako("disable", "花子").exit_code == 0
    assert "× 花子" in hanako("list").output
    with pytest.raises(SignInRefused):
        open_register().sign_in("花子", PASSWORD)
    assert hanako("disable", "花子", "--undo").exit_code == 0
    assert open_register().sign_in("花子", PASSWORD)
    assert list_recorded(folder)[1:] == ["roles 花子 administrator", "disable 花子", "enable 花子"]


@pytest.mark.parametrize("words", [("roles", "太郎", "--role", "viewer"), ("disable", "太郎")])
def test_an_account_nobody_has_cannot_be_changed(hanako: Run, words: tuple[str, ...]) -> None:
    refused = hanako(*words)
    assert refused.exit_code == 1
    assert "There is no account" in refused.output


def test_a_key_is_shown_once_opens_the_api_and_is_withdrawn(hanako: Run, folder: Path) -> None:
    given = hanako("key", "花子", "--days", "30")
    key = given.output.splitlines()[-1]
    owner = open_api_keys().find(key)
    assert owner is not None
    assert owner.name == "花子"
    assert hanako("key", "花子", "--withdraw").exit_code == 0
    assert open_api_keys().find(key) is None
    assert not any(key in subject for subject in list_recorded(folder))
