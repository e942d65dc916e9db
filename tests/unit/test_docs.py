"""The documentation builds without a warning, fetches nothing, and names real commands."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import typer.main
from sphinx.application import Sphinx

import tsunagi

# MyST asks Sphinx in a way that a later Sphinx will not know; its own matter.
pytestmark = pytest.mark.filterwarnings("ignore:'myst_parser")

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted({*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"})
COMMAND = re.compile(r"(?:^|`|/)tsunagi ((?:[a-z_-]+ ?)+)([^`\n#]*)", re.MULTILINE)
OUTSIDE = re.compile(r"<(?:script|link|img|iframe)\b[^>]*?(?:src|href)=\"(?:https?:)?//[^\"]+\"")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    app = Sphinx(
        DOCS,
        DOCS,
        folder,
        folder / "trees",
        "html",
        warningiserror=True,
        status=None,
        freshenv=True,
    )
    app.build()
    return folder


def test_a_reader_of_the_site_fetches_nothing_from_elsewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 15
    found = [OUTSIDE.findall(page.read_text(encoding="utf-8")) for page in pages]
    assert [one for one in found if one] == []


def test_the_site_is_searched_in_japanese(site: Path) -> None:
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    assert json.dumps("エコマップ")[1:-1] in index


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_a_page_is_there(page: Path) -> None:
    for words, rest in COMMAND.findall(page.read_text(encoding="utf-8")):
        command = find_command(words.split())
        options = {name for parameter in command.params for name in parameter.opts}
        options |= {n for p in command.params for n in getattr(p, "secondary_opts", ())}
        assert set(re.findall(r"--[a-z-]+", rest)) <= options | {"--help"}, words


def find_command(words: list[str]) -> Any:
    """Follow words to the command they name; further words are its arguments."""
    command: Any = typer.main.get_command(tsunagi.app)
    for word in words:
        if not hasattr(command, "commands"):
            break
        assert word in command.commands, f"tsunagi has no {word}"
        command = command.commands[word]
    return command
