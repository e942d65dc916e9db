"""`tsunagi account`: make and change the accounts that may come in."""

from __future__ import annotations

from typing import Annotated

import typer

from access.entry import CONSOLE, open_api_keys, open_journal, open_register
from access.register import AccessError
from commands.console import clear_errors, help_text, print_words
from graph.rights import ROLES
from texts import say_both

accounts = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


Name = Annotated[str, typer.Argument(help=help_text("option.account"))]
Roles = Annotated[list[str], typer.Option("--role", help=help_text("option.role"))]


@accounts.command("add", help=help_text("account_add"))
def add_account(
    name: Name,
    role: Roles,
    provider: Annotated[bool, typer.Option(help=help_text("option.provider"))] = False,
) -> None:
    """Make an account; the password is asked for, never given as an argument."""
    with clear_errors():
        password = None if provider else _ask_password()
        open_journal().record(CONSOLE, "account", f"add {name}")
        open_register().add(name, password, role)
    print_words("access.account_added", name=name, roles=", ".join(sorted(role)))


@accounts.command("password", help=help_text("account_password"))
def change_password(name: Name) -> None:
    """Give an account a new password."""
    with clear_errors():
        password = _ask_password()
        open_journal().record(CONSOLE, "account", f"password {name}")
        open_register().set_password(name, password)
    print_words("access.account_changed", name=name)


@accounts.command("roles", help=help_text("account_roles"))
def change_roles(name: Name, role: Roles) -> None:
    """Give an account other roles."""
    with clear_errors():
        open_journal().record(CONSOLE, "account", f"roles {name} {' '.join(role)}")
        open_register().set_roles(name, role)
    print_words("access.account_changed", name=name)


@accounts.command("disable", help=help_text("account_disable"))
def disable_account(
    name: Name, undo: Annotated[bool, typer.Option("--undo", help=help_text("option.undo"))] = False
) -> None:
    """Let nobody in under a name any more, or again."""
    with clear_errors():
        open_journal().record(CONSOLE, "account", f"{'enable' if undo else 'disable'} {name}")
        open_register().disable(name, disabled=not undo)
    print_words("access.account_changed", name=name)


@accounts.command("key", help=help_text("account_key"))
def give_key(
    name: Name,
    days: Annotated[int, typer.Option(help=help_text("option.days"))] = 365,
    withdraw: Annotated[bool, typer.Option(help=help_text("option.withdraw"))] = False,
) -> None:
    """Give another system a key to the API under an account, or end all of them."""
    with clear_errors():
        keys = open_api_keys()
        if withdraw:
            open_journal().record(CONSOLE, "account", f"withdraw keys {name}")
            print_words("access.keys_withdrawn", name=name, count=keys.withdraw(name))
            return
        open_journal().record(CONSOLE, "account", f"key {name} {days} days")
        key = keys.issue(name, days)
    print_words("access.key_issued", name=name, days=days)
    typer.echo(key)


@accounts.command("list", help=help_text("account_list"))
def list_accounts() -> None:
    """Print every account with its roles."""
    with clear_errors():
        known = open_register().list_accounts()
    if not known:
        print_words("access.no_accounts")
    for account in known:
        roles = " ".join(role for role in ROLES if role in account.roles)
        typer.echo(f"{'×' if account.disabled else '○'} {account.name}\t{roles}")


def _ask_password() -> str:
    words = say_both("access.password", " / ")
    first: str = typer.prompt(words, hide_input=True)
    if typer.prompt(words, hide_input=True) != first:
        raise AccessError("access.different_passwords")
    return first
