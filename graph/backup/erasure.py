"""Complete erasure: after it no file of ours holds what was erased from the graph.

The database leaves deleted text in its transaction log, index files and logs, and backups hold it
by intent. So the graph is copied into a fresh backup, filled from it into a second server, compared
by its hash and put in place of the first, whose files are wiped; then every older backup and every
dump of the server is wiped. Copies elsewhere — a USB stick, another backup program — are named
to whoever runs this, because no program reaches them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from graph.backup.daily import Collect, back_up
from graph.backup.errors import BackupError
from graph.backup.keys import open_keyring
from graph.backup.making import Backup, choose_backup_dir, list_backups
from graph.backup.restoring import restore_bundled
from graph.engine import server
from graph.engine.dumping import DUMPS, SUFFIX
from graph.engine.place import Place
from graph.engine.renewal import SCRATCH, list_aside, list_before, wipe
from graph.store import Progress, Store

_MADE = 0.3


@dataclass(frozen=True, slots=True)
class Completed:
    """The backup that is left, how many older ones were wiped, and how many erasures are whole."""

    backup: Backup
    wiped: int
    erasures: int


def complete_erasure(
    data_dir: Path, collect: Collect, advance: Progress = lambda _share: None
) -> Completed:
    """Write the bundled database anew and wipe what it was, older backups included.

    The caller has the turn (`take_turn`). The server is stopped for a moment; pages come back.

    Raises:
        BackupError: a file could not be wiped (`erase.not_wiped` names it): the database is written
            anew, but no erasure counts as complete; do it again. With any other code, as below.
        StoreError, ServerError: the database and the older backups are as they were.
    """
    if server.read_external() is not None:
        raise BackupError("erase.not_bundled")
    with _open(data_dir) as store, store.hold_writes() as hold:

        def go_on(share: float) -> None:
            hold.keep()
            advance(share)

        made = back_up(store, data_dir, collect, lambda share: go_on(share * _MADE), hold=hold)
        identities = open_keyring(data_dir).identities
        restore_bundled(
            made.path, identities, data_dir, lambda share: go_on(_MADE + share * (1 - _MADE))
        )
    wiped = _wipe_older(made.path, data_dir)
    with _open(data_dir) as store:
        return Completed(made, wiped, store.complete_erasures())


def _open(data_dir: Path) -> Store:
    at = server.ensure_bundled(data_dir)
    return Store.at(at)


def _wipe_older(kept: Path, data_dir: Path) -> int:
    """Wipe what may hold what was erased; return how many backups, dumps and damaged data it was.

    Raises:
        BackupError: something is still there; all else is gone.
    """
    place = Place.within(data_dir)
    older = [one.path for one in list_backups(choose_backup_dir(data_dir)) if one.path != kept]
    dumps = list((place.home / DUMPS).glob(f"*{SUFFIX}"))
    counted = (*older, *dumps, *list_aside(place))
    besides = (*list_before(place), data_dir / SCRATCH)  # of an exchange or a restore cut short
    left = [rest for path in (*counted, *besides) for rest in wipe(path)]
    if left:
        raise BackupError("erase.not_wiped", file=str(left[0]), count=len(left))
    return len(counted)
