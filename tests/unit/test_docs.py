"""The documentation builds without a warning, fetches nothing, and names real commands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main
from sphinx.application import Sphinx

import tsunagi
from graph import vocabulary
from graph.vocabulary import Vocabulary
from texts import LANGUAGES, Language, read_catalogue

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


# --- labels ------------------------------------------------------------------------------------

USED = "index first-hour meeting coordinator planner workbook report exchange accessibility operate"
GUIDES: tuple[tuple[Language, Path], ...] = (
    *(("ja", DOCS / f"{name}.md") for name in USED.split()),
    *(("en", path) for path in sorted((DOCS / "en").glob("*.md"))),
)
QUOTED: dict[Language, str] = {"ja": "「([^「」]+)」", "en": "“([^“”]+)”"}
"""A guide writes what stands on the screen in these quotes, and ○ for a number or a name in it."""

PLACEHOLDER = re.compile(r"\{\w+\}")
ENDS = re.compile(r"[（(）)：:。\n]")
NO_LABELS = {
    # Words somebody types or has in a file.
    "松戸", "大宮区", "〒330-0854", "さいたま市大宮区桜木町1-7-5", "千葉県内", "府中市", "中央区",
    "機関名", "連携先",
    # Values, the name of a sheet, what is spoken, settings of the system, what a client says.
    "1〜4", "1–4", "このファイルについて", "名前、分野、段階、関係", "視差効果を減らす",
    "アニメーションを減らす", "伝えないでほしい",
}  # fmt: skip


@cache
def list_labels(language: Language) -> tuple[re.Pattern[str], ...]:
    """Return what a label may be: a text of the screen, whole or up to a bracket, colon or stop.

    What the command alone says is not on the screen; the words of the vocabularies are.
    """
    return tuple(
        re.compile(".+".join(map(re.escape, PLACEHOLDER.split(piece))))
        for text in _list_texts(language)
        for piece in {each.strip(" 「」“”.") for each in (text, *ENDS.split(text))}
        if _says_something(piece)
    )


def _list_texts(language: Language) -> Iterator[str]:
    for key, entry in read_catalogue().items():
        if not key.startswith("cli."):
            yield entry[language]
    for each in vars(vocabulary).values():
        if isinstance(each, Vocabulary):
            yield from (each.label(code, language) for code in each.codes)


def _says_something(piece: str) -> bool:
    """Say whether a text is more than its placeholders and a letter or two around them."""
    letters = re.sub(r"\W", "", PLACEHOLDER.sub("", piece))
    fewest = 4 if PLACEHOLDER.search(piece) and letters.isascii() else 2
    return len(letters) >= fewest


def is_label(words: str, language: Language) -> bool:
    return any(label.fullmatch(words) for label in list_labels(language))


@pytest.mark.parametrize(
    ("language", "page"), GUIDES, ids=lambda one: one.name if isinstance(one, Path) else one
)
def test_a_label_in_a_guide_is_on_the_screen(language: Language, page: Path) -> None:
    text = re.sub("```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    quoted = [" ".join(words.split()) for words in re.findall(QUOTED[language], text)]
    assert [
        words for words in quoted if words not in NO_LABELS and not is_label(words, language)
    ] == []


def test_what_is_no_label_stands_in_a_guide() -> None:
    text = "".join(page.read_text(encoding="utf-8") for _, page in GUIDES)
    assert {words for words in NO_LABELS if words not in text} == set()


@pytest.mark.parametrize(
    "words", ["確かめる", "読み込む", "使わなかった列", "近い順", "わからない"]
)
def test_a_label_that_is_not_on_the_screen_would_be_found(words: str) -> None:
    assert not is_label(words, LANGUAGES[0])
    assert not is_label("Print the card", LANGUAGES[1])
