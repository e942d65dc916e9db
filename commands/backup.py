"""`tsunagi db backup`, `restore` and what belongs to them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

from access.entry import CONSOLE, open_journal
from access.keepsakes import collect_keepsakes, restore_keepsakes
from commands.console import (
    OUT,
    clear_errors,
    fail,
    help_text,
    open_store,
    print_json,
    print_words,
    show_progress,
)
from commands.database import database
from graph.backup.daily import back_up, take_turn
from graph.backup.errors import BackupError
from graph.backup.keys import Identity, make_recovery_key, open_keyring, read_identities
from graph.backup.making import Backup, check_backup, choose_backup_dir, list_backups
from graph.backup.restoring import (
    read_attachments,
    rehearse_restore,
    restore_bundled,
    restore_connected,
)
from graph.backup.upgrade import upgrade_graph
from graph.engine import server
from graph.engine.place import Place
from graph.engine.report import ServerError
from graph.folders import choose_data_dir
from graph.store import Progress, Store
from graph.store.holding import Hold
from texts import say, say_both

__all__ = ["database"]

_MB: Final = 1_000_000

File = Annotated[Path, typer.Argument(help=help_text("option.backup_file"))]
Dump = Annotated[Path, typer.Argument(help=help_text("option.dump_file"))]
Key = Annotated[Path | None, typer.Option("--key", help=help_text("option.key"))]
Full = Annotated[bool, typer.Option("--full", help=help_text("option.full"))]


@database.command("backup", help=help_text("db_backup"))
def db_backup(
    to: Annotated[Path | None, typer.Option("--to", help=help_text("option.backup_to"))] = None,
    full: Full = False,
    as_json: Annotated[bool, typer.Option("--json", help=help_text("option.json"))] = False,
) -> None:
    """Make a backup now and check it."""
    data_dir = choose_data_dir()
    with clear_errors(), take_turn(data_dir), open_store() as store:
        made = _back_up(store, data_dir, to, rehearse=full, quiet=as_json)
        has_recovery = open_keyring(data_dir).has_recovery
    if as_json:
        print_json(_describe(made))
        return
    _print_made(made)
    if not has_recovery:
        print_words("backup.no_recovery")


@database.command("backups", help=help_text("db_backups"))
def db_backups(
    folder: Annotated[Path | None, typer.Option("--in", help=help_text("option.in"))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=help_text("option.json"))] = False,
) -> None:
    """List the backups of a folder."""
    found = list_backups(folder or choose_backup_dir(choose_data_dir()))
    if as_json:
        print_json([_describe(each) for each in found])
        return
    if not found:
        print_words("backup.none")
    now = datetime.now().astimezone()
    for each in found:
        days = (now - each.made_at).days
        words = say_both(f"backup.check.{each.check or 'no'}", " / ")
        age = say_both("backup.age", " / ", days=days)
        size = f"{each.size / _MB:.1f} MB"
        OUT.print(f"{each.path.name}  {size}  {age}  {words}", soft_wrap=True, markup=False)


@database.command("verify", help=help_text("db_verify"))
def db_verify(file: File, key: Key = None, full: Full = False) -> None:
    """Read a backup through; with --full restore it into a scratch server."""
    data_dir = choose_data_dir()
    with clear_errors(), show_progress(file.name) as advance:
        identities = _find_identities(data_dir, key)
        if full:
            found = rehearse_restore(file, identities, data_dir, advance)
        else:
            found = check_backup(file, identities, advance=advance)
    _print_made(found)


@database.command("restore", help=help_text("db_restore"))
def db_restore(
    file: File,
    into: Annotated[Path | None, typer.Option("--into", help=help_text("option.into"))] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help=help_text("option.restore_over"))
    ] = False,
    key: Key = None,
) -> None:
    """Restore a backup into an empty data folder or database, or in place of what is there."""
    data_dir = into.absolute() if into else choose_data_dir()
    with clear_errors(), take_turn(data_dir):
        identities = _find_identities(choose_data_dir(), key)
        attachments = read_attachments(file, identities)
        log: list[str] = []

        def record() -> None:
            log.extend(_record_restore(file, data_dir, attachments))

        if into is None and server.read_external() is not None:
            restored = _restore_connected(file, identities, data_dir, record, replace=replace)
        else:
            restored = _restore_bundled(file, identities, data_dir, record, replace=replace)
        written, left = restore_keepsakes(data_dir, attachments)
        written, left = [*log, *written], [name for name in left if name not in log]
    print_words("backup.restored", nodes=restored.nodes, relationships=restored.relationships)
    if written:
        print_words("backup.files_restored", files=", ".join(written))
    if left:
        print_words("backup.files_left", files=", ".join(left))


@database.command("key", help=help_text("db_key"))
def db_key(
    renew: Annotated[bool, typer.Option("--renew", help=help_text("option.renew"))] = False,
) -> None:
    """Make the recovery key and show it this once.

    It is on record first: a key that was made and then not shown opens nothing for anybody.
    """
    data_dir = choose_data_dir()
    with clear_errors():
        open_keyring(data_dir)
        open_journal().record(CONSOLE, "backup", "recovery key")
        secret = make_recovery_key(data_dir, renew=renew)
    print_words("backup.recovery_key")
    typer.echo(f"\n    {secret}\n")
    print_words("backup.recovery_next")


@database.command("upgrade", help=help_text("db_upgrade"))
def db_upgrade() -> None:
    """Bring the graph to this version, with a backup before."""
    with clear_errors(), open_store() as store:
        bring_up_to_date(store)


@database.command("dump", help=help_text("db_dump"))
def db_dump(file: Dump) -> None:
    """Copy the stopped database by Neo4j's own tool."""
    with clear_errors():
        open_journal().record(CONSOLE, "backup", "dump")
        made = server.dump(file)
    print_words("cli.dumped", file=str(made))


@database.command("load-dump", help=help_text("db_load_dump"))
def db_load_dump(
    file: Dump,
    replace: Annotated[
        bool, typer.Option("--replace", help=help_text("option.restore_over"))
    ] = False,
) -> None:
    """Put a copy made by `dump` in the place of the database."""
    if not replace:
        fail("cli.dump_replaces")
    with clear_errors(), take_turn(choose_data_dir()):
        open_journal().record(CONSOLE, "restore", "dump")
        server.load(file)
    print_words("cli.dump_loaded", file=str(file))


def bring_up_to_date(store: Store) -> None:
    """Upgrade the graph where that is needed, with a backup before, and say so.

    Raises:
        BackupError, StoreError: see `upgrade_graph`.
    """
    data_dir = choose_data_dir()
    with show_progress(say("backup.making")) as advance:
        taken = upgrade_graph(store, data_dir, partial(collect_keepsakes, data_dir), advance)
    for step in taken:
        print_words("backup.upgraded", number=step.number, what=step.what)


def _back_up(
    store: Store,
    data_dir: Path,
    folder: Path | None = None,
    *,
    rehearse: bool = False,
    quiet: bool = False,
    hold: Hold | None = None,
) -> Backup:
    store.note("backup", "graph")
    with show_progress(say("backup.making"), quiet=quiet) as advance:
        return back_up(
            store,
            data_dir,
            partial(collect_keepsakes, data_dir),
            advance,
            folder=folder.absolute() if folder else None,
            rehearse=rehearse,
            hold=hold,
        )


def _record_restore(file: Path, data_dir: Path, attachments: Mapping[str, bytes]) -> list[str]:
    """Put a restore on record before it begins; return the files of the log that came first.

    A data folder without a log gets that of the backup, which the record then goes on: made anew
    for the record, it would keep that of the backup out. Otherwise none comes.

    Raises:
        Unrecorded: it cannot be recorded, so nothing is to be restored.
    """
    log = {name: content for name, content in attachments.items() if name.startswith("audit.")}
    written, _ = restore_keepsakes(data_dir, log)
    open_journal().record(CONSOLE, "restore", file.name)
    return written


def _restore_connected(
    file: Path,
    identities: list[Identity],
    data_dir: Path,
    record: Callable[[], None],
    *,
    replace: bool,
) -> Backup:
    """Restore into the server that NEO4J_URI names."""
    with open_store() as store, ExitStack() as stack:
        is_empty = store.count_all().total == 0
        hold = stack.enter_context(
            store.hold_writes() if is_empty else _save_before(store, data_dir, replace=replace)
        )
        record()
        advance = stack.enter_context(show_progress(say("backup.restoring")))
        return restore_connected(file, identities, store, hold, advance)


def _restore_bundled(
    file: Path,
    identities: list[Identity],
    data_dir: Path,
    record: Callable[[], None],
    *,
    replace: bool,
) -> Backup:
    """Restore into a data folder; writes into what is there now are held until it is replaced."""
    with ExitStack() as stack:
        keep: Progress = lambda _share: None  # noqa: E731
        if at := _open_what_is_there(data_dir, stack, replace=replace):
            store = stack.enter_context(Store.at(at))
            if store.count_all().total:
                hold = stack.enter_context(_save_before(store, data_dir, replace=replace))
                keep = lambda _share: hold.keep()  # noqa: E731
        record()
        advance = stack.enter_context(show_progress(say("backup.restoring")))

        def go_on(share: float) -> None:
            keep(share)
            advance(share)

        return restore_bundled(file, identities, data_dir, go_on)


def _open_what_is_there(
    data_dir: Path, stack: ExitStack, *, replace: bool
) -> server.Connection | None:
    """Return the address of the data that will be replaced; damaged data is set aside instead."""
    if not (Place.within(data_dir).home / "data" / "databases").exists():
        return None
    try:
        return server.ensure_bundled(data_dir)
    except ServerError as error:
        if error.code != "server.error.damaged" or not replace:
            raise
        aside = stack.enter_context(server.damaged_aside(data_dir))
        print_words("backup.damaged_aside", folder=str(aside))
        return None


@contextmanager
def _save_before(store: Store, data_dir: Path, *, replace: bool) -> Iterator[Hold]:
    """Back up what is about to be replaced, and hold writes; without leave to do so, end here."""
    if not replace:
        fail("backup.not_empty")
    with store.hold_writes() as hold:
        made = _back_up(store, data_dir, hold=hold)
        print_words("backup.saved_before", file=str(made.path))
        yield hold


def _find_identities(data_dir: Path, key: Path | None) -> list[Identity]:
    """Return the keys to open a backup with: the machine's own and the one that is named."""
    found = list(open_keyring(data_dir).identities)
    if key is None:
        return found
    if str(key) == "-":
        return [*found, *read_identities(_ask_key())]
    try:
        return [*found, *read_identities(key.read_text("utf-8", "replace"))]
    except OSError:
        raise BackupError("backup.bad_key") from None


def _ask_key() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline()
    answer: str = typer.prompt(say_both("backup.ask_key", " / "), hide_input=True)
    return answer


def _print_made(made: Backup) -> None:
    print_words(
        "backup.made", file=str(made.path), size=f"{made.size / _MB:.1f}", nodes=made.nodes,
        relationships=made.relationships, check=say_both(f"backup.check.{made.check}", " / "),
    )  # fmt: skip


def _describe(backup: Backup) -> dict[str, object]:
    return {
        "file": str(backup.path), "made_at": backup.made_at, "bytes": backup.size,
        "check": backup.check, "content": backup.content, "nodes": backup.nodes,
        "relationships": backup.relationships,
    }  # fmt: skip
