"""Bringing a backup back, and trying it out.

The whole file is checked before anything is written. The bundled server gets a graph that was
filled beside it and compared by its hash (`graph.engine.renewal`): it has the old graph or the new
one, whatever interrupts this. A server named by NEO4J_URI is emptied and filled while writes are
held; if that is interrupted, the restore is to be run again. A hold ends by itself within a minute,
so `advance`, which keeps it, is called all the while: while the file is checked, a second server
starts, or a graph is emptied.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from graph.backup.content import Header, open_backup, read_attachment
from graph.backup.errors import BackupError
from graph.backup.keys import Identity
from graph.backup.making import Backup, check_backup, hash_graph, note_check
from graph.engine import server
from graph.engine.place import Place
from graph.engine.process import load_password
from graph.engine.renewal import scratch_folder
from graph.folders import make_private, require_space
from graph.store import Progress, Store
from graph.store.holding import Hold

_SPACE_FACTOR: Final = 40
"""A graph takes about this many times the space of its compressed copy, logs included."""

_SPARE_BYTES: Final = 300_000_000
_CHECKED, _FILLED = 0.2, 0.8


def restore_bundled(
    path: Path, identities: Sequence[Identity], data_dir: Path, advance: Progress
) -> Backup:
    """Put the graph of a backup in the place of that of a data folder's bundled server.

    The server is stopped for it; who uses it finds the restored graph when it is started again.

    Raises:
        BackupError: the file does not open or is not whole, or what was written is not equal.
        ServerError, StoreError: a server could not be run. In each case the graph is as it was.
    """
    checked = check_backup(path, identities, advance=lambda share: advance(share * _CHECKED))
    with _fill_scratch(path, identities, data_dir, checked, advance) as scratch:
        advance(1.0)  # the last word: whoever holds writes for this still does
        server.replace_data(scratch, data_dir)
    return checked


def rehearse_restore(
    path: Path, identities: Sequence[Identity], data_dir: Path, advance: Progress
) -> Backup:
    """Restore a backup into a scratch server, compare, and note that it can be restored.

    Raises:
        BackupError, ServerError, StoreError: it cannot.
    """
    checked = check_backup(path, identities, advance=lambda share: advance(share * _CHECKED))
    with _fill_scratch(path, identities, data_dir, checked, advance):
        pass
    with open_backup(path, identities) as reader:
        header = reader.header
    return note_check(path, header, checked.content, "restored")


def restore_connected(
    path: Path, identities: Sequence[Identity], store: Store, hold: Hold, advance: Progress
) -> Backup:
    """Empty the connected graph, whose writes the caller holds, and fill it with a backup's.

    Raises:
        BackupError: the file does not open or is not whole; the graph is as it was. Or what was
            written is not equal.
        HoldLost: writes were not held any more. Before the graph is emptied it is looked at once
            more; then the graph is as it was.
        StoreError: the database went away in the middle; restore again.
    """

    def go_on(share: float) -> None:
        hold.keep()
        advance(share)

    checked = check_backup(path, identities, advance=lambda share: go_on(share * _CHECKED))
    hold.confirm()
    _fill(store, path, identities, checked, go_on)
    advance(1.0)
    return checked


def read_attachments(path: Path, identities: Sequence[Identity]) -> dict[str, bytes]:
    """Return the files that stand in a backup beside the graph: name → content.

    Raises:
        BackupError: the file does not open or is not whole.
    """
    found: dict[str, bytearray] = {}
    with open_backup(path, identities) as reader:
        for line in reader.read_lines():
            if "f" in line:
                name, piece = read_attachment(line)
                found.setdefault(Path(name).name, bytearray()).extend(piece)
    return {name: bytes(content) for name, content in found.items()}


@contextmanager
def _fill_scratch(
    path: Path,
    identities: Sequence[Identity],
    data_dir: Path,
    checked: Backup,
    advance: Progress,
) -> Iterator[Path]:
    """Fill a second server beside that of `data_dir` and compare; gives its folder, stopped."""
    expected = checked.size * _SPACE_FACTOR
    require_space(make_private(data_dir), _SPARE_BYTES + expected)
    place = Place.within(data_dir)
    password = load_password(place) if place.password.exists() else None
    with scratch_folder(data_dir) as scratch:
        at = server.ensure_bundled(
            scratch,
            lambda _stage, _share: advance(_CHECKED),
            password=password,
            expected_bytes=expected,
        )
        try:
            with Store.at(at) as store:
                _fill(store, path, identities, checked, advance)
        finally:
            server.stop_bundled(scratch, force=True)
        yield scratch


def _fill(
    store: Store,
    path: Path,
    identities: Sequence[Identity],
    checked: Backup,
    advance: Progress,
) -> None:
    with open_backup(path, identities) as reader:
        header = reader.header
        graph = (line for line in reader.read_lines() if "f" not in line)
        store.write_all(graph, header.schema, partial(_tell, advance, header))
    if hash_graph(store, lambda share: advance(_FILLED + share * 0.2)) != checked.content:
        raise BackupError("backup.not_equal")
    store.upgrade()


def _tell(advance: Progress, header: Header, written: int) -> None:
    share = written / max(header.counts.total, 1)
    advance(_CHECKED + share * (_FILLED - _CHECKED))
