"""The workbooks a new user sees first, made from the two source documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from graph.store import Store
from loaders.loading import Outcome, load_file

FOLDER: Final = Path(__file__).resolve().parents[1] / "sample"
ACTOR: Final = "sample"
"""Under this name the history of loads has them."""


def load_sample(store: Store) -> Iterator[Outcome]:
    """Load the workbooks one by one and yield what each did; errors are those of `load_file`."""
    for path in sorted(FOLDER.glob("*.xlsx")):
        yield load_file(store, path.name, path.read_bytes(), actor=ACTOR)
