"""`tsunagi account`: make and change the accounts that may come in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from access.entry import CONSOLE, open_journal, open_register
from access.register import AccessError
from graph.engine.report import ServerError
from graph.rights import ROLES, Unrecorded
from texts import say_both

accounts = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


def _help(key: str) -> str:
    return say_both(f"cli.{key}", "\n\n")


Name = Annotated[str, typer.Argument(help=_help("option.account"))]
Roles = Annotated[list[str], typer.Option("--role", help=_help("option.role"))]


@accounts.command("add", help=_help("account_add"))
def add_account(
    name: Name,
    role: Roles,
    provider: Annotated[bool, typer.Option(help=_help("option.provider"))] = False,
) -> None:
    """Make an account; the password is asked for, never given as an argument."""
    with _clear_errors():
        password = None if provider else _ask_password()
        open_journal().record(CONSOLE, "account", f"add {name}")
        open_register().add(name, password, role)
    _print("access.account_added", name=name, roles=", ".join(sorted(role)))


@accounts.command("password", help=_help("account_password"))
def change_password(name: Name) -> None:
    """Give an account a new password."""
    with _clear_errors():
        password = _ask_password()
        open_journal().record(CONSOLE, "account", f"password {name}")
        open_register().set_password(name, password)
    _print("access.account_changed", name=name)


@accounts.command("roles", help=_help("account_roles"))
def change_roles(name: Name, role: Roles) -> None:
    """Give an account other roles."""
    with _clear_errors():
        open_journal().record(CONSOLE, "account", f"roles {name} {' '.join(role)}")
        open_register().set_roles(name, role)
    _print("access.account_changed", name=name)


@accounts.command("disable", help=_help("account_disable"))
def disable_account(
    name: Name, undo: Annotated[bool, typer.Option("--undo", help=_help("option.undo"))] = False
) -> None:
    """Let nobody in under a name any more, or again."""
    with _clear_errors():
        open_journal().record(CONSOLE, "account", f"{'enable' if undo else 'disable'} {name}")
        open_register().disable(name, disabled=not undo)
    _print("access.account_changed", name=name)


@accounts.command("list", help=_help("account_list"))
def list_accounts() -> None:
    """Print every account with its roles."""
    with _clear_errors():
        known = open_register().list_accounts()
    if not known:
        _print("access.no_accounts")
    for account in known:
        roles = " ".join(role for role in ROLES if role in account.roles)
        typer.echo(f"{'×' if account.disabled else '○'} {account.name}\t{roles}")


def _ask_password() -> str:
    words = say_both("access.password", " / ")
    first: str = typer.prompt(words, hide_input=True)
    if typer.prompt(words, hide_input=True) != first:
        raise AccessError("access.different_passwords")
    return first


@contextmanager
def _clear_errors() -> Iterator[None]:
    try:
        yield
    except (AccessError, ServerError) as error:
        _print(error.code, error=True, **error.values)
        raise typer.Exit(1) from None
    except Unrecorded:
        _print("store.not_recorded", error=True)
        raise typer.Exit(1) from None


def _print(key: str, *, error: bool = False, **values: object) -> None:
    typer.echo(say_both(key, **values), err=error)
