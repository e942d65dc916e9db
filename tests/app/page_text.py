"""What a user reads on a page that draws its tables as HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from streamlit.testing.v1 import AppTest

from graph.engine.server import ensure_running
from graph.store import Store

Table = list[list[str]]

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


class _Reader(HTMLParser):
    """Collects the rows of every table and all other text."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[Table] = []
        self.words: list[str] = []
        self._in_style = False
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self._in_cell = True
        self._in_style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False
        self._in_cell = self._in_cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self._in_style:
            return
        self.words.append(data)
        if self._in_cell:
            self.tables[-1][-1][-1] += data


def _read(page: AppTest) -> _Reader:
    reader = _Reader()
    for element in page.get("html"):
        reader.feed(element.proto.body)  # type: ignore[attr-defined]
    return reader


def read_tables(page: AppTest) -> list[Table]:
    """Every table as rows of cells, the header first."""
    return _read(page).tables


def find_table(page: AppTest, header: str) -> Table:
    """The first table with this header."""
    return next(table for table in read_tables(page) if header in table[0])


def read_html(page: AppTest) -> str:
    """All HTML of the page in one text, markup included."""
    return "\n".join(element.proto.body for element in page.get("html"))  # type: ignore[attr-defined]


def read_words(page: AppTest) -> str:
    """All that stands on the page, tables and messages, as it is read: without what escapes."""
    said = [
        element.value
        for kind in ("markdown", "caption", "info", "warning", "error", "success")
        for element in getattr(page, kind)
    ]
    return "\n".join([*(_ESCAPED.sub(r"\1", each) for each in said), *_read(page).words])


def find_id(name: str) -> str:
    """The id of the agency of this name in the graph of the run."""
    at = ensure_running()
    with Store.at(at) as store:
        rows = store.list_nodes("Organization", ("organization_id", "name"))
    return next(row["organization_id"] for row in rows if row["name"] == name)
