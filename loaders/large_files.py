"""Workbooks with more facts than one transaction of a small server can hold are written in parts.

What the rest of a load promises holds for them too but one thing: of a load that is interrupted the
parts written so far stay until the same file is loaded again, which completes it, or is undone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from graph.records import NodeRecord, Record, RelationshipRecord
from graph.schema import NODES
from graph.store import Load, MissingEnds, Progress, Store, WriteReport

WHOLE_UP_TO: Final = 30_000
"""Facts that are written in one transaction: 150 MB of the 350 (or 180) of the smallest server."""
PART: Final = 15_000

_STORED: Final = {".csv": 12, ".txt": 12, ".json": 8}
"""Bytes of the database for each of a file's, by how the name ends."""
_STORED_OF_PACKED: Final = 40  # workbooks and other zip files

End = tuple[str, str]


def expect_bytes(paths: Iterable[Path]) -> int:
    """Return about how much larger the database gets by these files; what is not there adds none.

    Only for the memory of a server that is about to start.
    """
    return sum(
        path.stat().st_size * _STORED.get(path.suffix.lower(), _STORED_OF_PACKED)
        for path in paths
        if path.is_file()
    )


def write_file(
    store: Store,
    records: Sequence[Record],
    load: Load,
    progress: Progress | None = None,
    withdrawn: Sequence[Record] = (),
) -> WriteReport:
    """Write the records of a file, in one transaction or, of a very large file, in parts.

    `withdrawn` are taken away, by the last part. The same bytes after an interruption continue the
    same load; what is written already counts as unchanged then.

    Raises:
        graph.store.MissingEnds: nothing was written.
        graph.store.StoreError: nothing was written, or the parts written so far stay.
    """
    if len(records) <= WHOLE_UP_TO:
        return store.write(records, load, progress, withdrawn=withdrawn)
    nodes = [record for record in records if isinstance(record, NodeRecord)]
    links = [record for record in records if isinstance(record, RelationshipRecord)]
    _require_ends(store, nodes, links)
    unfinished = store.find_unfinished(load.file_hash or "")
    load = replace(load, load_id=unfinished or load.load_id)
    first = store.begin_parts(load)
    ordered: list[Record] = [*nodes, *links]
    for number, start in enumerate(range(0, len(ordered), PART), first):
        end = start + PART
        gone = withdrawn if end >= len(ordered) else ()
        store.write_part(ordered[start:end], load, number, gone)
        if progress:
            progress(min(end / len(ordered), 1.0))
    return store.finish_parts(load)


def _require_ends(
    store: Store, nodes: Sequence[NodeRecord], links: Sequence[RelationshipRecord]
) -> None:
    """Let nobody begin to write what could not be written to its end.

    Raises:
        MissingEnds: a relationship names a node that neither the file nor the graph has.
    """
    brought = {(node.label, node.key) for node in nodes}
    wanted: dict[str, set[str]] = defaultdict(set)
    for end in {end for link in links for end in (link.start, link.end)} - brought:
        wanted[end[0]].add(end[1])
    missing: set[End] = set()
    for label, keys in wanted.items():
        found = {row["key"] for row in store.find_nodes(label, NODES[label].key, keys, ())}
        missing |= {(label, key) for key in keys - found}
    loose = [link for link in links if link.start in missing or link.end in missing]
    if loose:
        kind = loose[0].type
        ends = [(link.start[1], link.end[1]) for link in loose if link.type == kind]
        raise MissingEnds(kind, ends)
