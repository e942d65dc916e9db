"""No words of the screen stand in the code: they are in the catalogue, in both languages.

Every text constant of the packages that show something is looked at: Japanese, two English words
in a row, and whatever goes as a constant to a widget.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypeGuard

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
FOLDERS: Final = ("views", "commands", "graph/pictures", "exporters", "api")

JAPANESE: Final = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]")
ENGLISH: Final = re.compile(r"\b[A-Za-z]{2,}[,;:]? [A-Za-z]{2,}\b")
WORD: Final = re.compile(r"[A-Za-z]{2,}")
MARKUP: Final = re.compile(r"<style>.*|<[^>]*>?|^[^<]*>|&\w+;", re.DOTALL)
CODE: Final = re.compile(r"[{};]\s*$|^\s*[{@]|\w+\(\)|=>|\{\{", re.MULTILINE)

_WIDGETS: Final = """
button caption checkbox dialog download_button error expander header info link_button markdown
metric multiselect number_input pills popover radio segmented_control selectbox select_slider slider
spinner subheader success tabs text text_area text_input title toggle warning write
"""
WIDGETS: Final = frozenset(_WIDGETS.split())
SHOWN: Final = frozenset({"help", "label", "placeholder", "title", "page_title"})

ABOUT_API: Final = (
    "Reads only. `/hsds` is the directory as Open Referral HSDS 3.0; `/questions` asks what the"
    " pages ask. Whoever asks sees what the roles of the account allow."
)

FONTS: Final = "Noto Sans CJK JP, Noto Sans JP, Yu Gothic UI, Hiragino Sans, sans-serif"

ALLOWED: Final = {
    # What the loaders read and the standards fix, in whatever language the page is.
    ("exporters/cells.py", "はい"): "the loaders' word for yes",
    ("exporters/cells.py", "いいえ"): "the loaders' word for no",
    ("exporters/cells.py", "年度"): "the loaders' word for a fiscal year",
    ("exporters/cells.py", "圏域"): "the ending of names of areas",
    ("exporters/facts.py", "シェルター"): "the kind of agency that is kept hidden",
    ("exporters/hsds.py", "法人番号"): "an identifier's name in HSDS",
    ("exporters/hsds.py", "事業所番号"): "an identifier's name in HSDS",
    ("exporters/hsds.py", "つなぎ 支援の種類"): "the taxonomy's name in HSDS",
    ("exporters/hsds.py", "Kinds of support"): "the taxonomy's description in HSDS",
    ("exporters/hsds.py", "Human Services Data Specification"): "the standard's name",
    ("exporters/hsds.py", "service category"): "a value of HSDS",
    ("api/directory.py", "temporarily closed"): "a value of HSDS",
    # The names of things.
    ("api/application.py", "つなぎ Tsunagi"): "the product's name",
    ("views/spoken/__init__.py", " · つなぎ"): "the product's name",
    ("views/spoken/document.py", "<title>つなぎ</title>"): "the product's name",
    ("views/frame.py", "言語 / Language"): "read before a language is chosen",
    ("views/frame.py", "日本語"): "a language by its own name",
    # Signs and letters that pictures draw or measure.
    ("graph/pictures/signs.py", "・"): "between numbers",
    ("views/gaps/coverage_table.py", "市郡"): "endings of names, for breaking lines",
    ("graph/pictures/svg.py", FONTS): "names of fonts",
    ("graph/pictures/exports.py", "default-src 'none'; style-src 'unsafe-inline'; img-src data:"):
        "a policy of the page",
    # What nobody reads on a screen.
    ("views/record/table.py", "events of several"): "the key of a form",
    ("views/tables.py", "plain narrow"): "classes of a style",
    ("graph/pictures/ecomap.py", "tie chord"): "classes of a style",
    ("graph/pictures/path_picture.py", "stop own"): "classes of a style",
    ("graph/pictures/network.py", "to, from"): "a setting of the library",
    ("commands/account.py", "withdraw keys "): "what the journal holds",
    ("commands/backup.py", "recovery key"): "what the journal holds",
    ("views/takeout.py", "tsunagi account add "): "a command to type",
    ("views/takeout.py", " --provider --role viewer\ntsunagi account key "): "a command to type",
    ("views/takeout.py", 'curl -H "Authorization: Bearer '): "a command to type",
    # The description of the API, in the language of its standard.
    ("api/application.py", ABOUT_API): "of the API",
    ("api/questions.py", "Which questions may be asked?"): "of the API",
    ("api/questions.py", "Demands the right `"): "of the API",
}  # fmt: skip

WHOLE: Final = {
    "graph/pictures/lettering.py": "letters and words by which lines are broken",
    "graph/pictures/notation.py": "one kanji for each field, which the legend explains",
}


def list_files() -> list[Path]:
    files = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in files if path.relative_to(ROOT).as_posix() not in WHOLE]


class Words(ast.Constant):
    """A constant that is a text."""

    value: str


def find_words(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of each constant that a reader may come to see."""
    tree = ast.parse(source)
    unseen = {id(part) for node in ast.walk(tree) for part in _list_unseen(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and id(node) not in unseen:
            for part in _list_labels(node):
                if id(part) not in unseen and WORD.search(part.value):
                    yield part.lineno, part.value
        if _is_text(node) and id(node) not in unseen and _is_worded(node.value):
            yield node.lineno, node.value


def _list_unseen(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what no reader sees: documentation, errors of our own, format specifications."""
    if isinstance(node, ast.Expr) and _is_text(node.value):
        yield node.value
    elif isinstance(node, ast.Raise):
        yield from ast.walk(node)
    elif isinstance(node, ast.FormattedValue) and node.format_spec:
        yield from ast.walk(node.format_spec)


def _is_text(node: ast.AST) -> TypeGuard[Words]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_worded(text: str) -> bool:
    if re.sub(r"\W", "", text) == "":
        return bool(JAPANESE.search(text))
    if JAPANESE.search(text):
        return True
    bare = MARKUP.sub(" ", text).strip()
    return not CODE.search(text) and bool(ENGLISH.search(bare))


def _list_labels(call: ast.Call) -> Iterator[Words]:
    """Yield constants that a widget shows: its first argument and the words beside it."""
    named = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    given = [word.value for word in call.keywords if word.arg in SHOWN and named != "element"]
    if named in WIDGETS:
        given += call.args[:1]
    for part in given:
        parts = part.values if isinstance(part, ast.JoinedStr) else [part]
        yield from (each for each in parts if _is_text(each))


@pytest.mark.parametrize("path", list_files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_words_of_the_screen_are_in_the_catalogue(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    found = {
        (line, text)
        for line, text in find_words(path.read_text(encoding="utf-8"))
        if (name, text) not in ALLOWED
    }
    assert found == set()


def test_what_is_allowed_is_there() -> None:
    there = {
        (path.relative_to(ROOT).as_posix(), text)
        for path in list_files()
        for _, text in find_words(path.read_text(encoding="utf-8"))
    }
    assert set(ALLOWED) - there == set()


@pytest.mark.parametrize(
    "line",
    [
        'st.text("保存")', 'st.button("Save")', 'st.text(f"{count} left")', 'x = "・".join(names)',
        'note = "Nothing found here"', 'st.text_input(say("a.b"), placeholder="Name")',
        'html = f"<p>Not known yet {x}</p>"', 'st.header(f"Total: {x}")',
    ],
)  # fmt: skip
def test_words_in_the_code_would_be_found(line: str) -> None:
    assert len(list(find_words(line))) >= 1


@pytest.mark.parametrize(
    "line",
    [
        'st.text(say("ecomap.title"))', "key = 'ecomap.title'", "x = '<div class=\"a b\">'",
        '"""Return nothing at all."""', "raise ValueError('no such thing')", "x = f'{d:%H %M}'",
        "st.html('<style>.a .b{color:red}</style>')",
    ],
)  # fmt: skip
def test_what_is_no_word_of_the_screen_is_left_alone(line: str) -> None:
    assert list(find_words(line)) == []
