"""A partner list of agencies that are known already, as the sheet that brings it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from io import StringIO
from typing import Final

from graph.store import Store
from loaders.loading import Outcome, load_file

_HEADER: Final = ("機関ID", "機関名", "リスト名")


def load_chosen(
    store: Store, chosen: Iterable[tuple[str, str]], facility: str, title: str, *, actor: str | None
) -> Outcome:
    """Load a list of today that `facility`, by its name, keeps of agencies (id, name).

    The facility is made known where nobody knows it. With problems nothing is written.

    Raises:
        graph.store.StoreError: the database did not take it; the graph is as it was.
    """
    table = StringIO()
    writer = csv.writer(table)
    writer.writerow(_HEADER)
    writer.writerows((key, name, title) for key, name in chosen)
    data = table.getvalue().encode("utf-8-sig")
    return load_file(store, f"{title}.csv", data, facility, actor=actor, made_on=date.today())
