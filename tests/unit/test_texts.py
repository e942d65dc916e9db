"""The catalogue and the code agree: nothing said that is not written, nothing written unsaid."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from texts import LANGUAGES, read_catalogue, say

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("access", "commands", "exporters", "graph", "loaders", "queries", "texts", "views")


@cache
def read_trees() -> tuple[ast.Module, ...]:
    files = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    files += [ROOT / "app.py", ROOT / "tsunagi.py"]
    return tuple(ast.parse(path.read_text(encoding="utf-8")) for path in files)


@cache
def list_strings() -> frozenset[str]:
    """Every text constant of the code."""
    return frozenset(
        node.value
        for tree in read_trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


@cache
def list_templates() -> tuple[re.Pattern[str], ...]:
    """Every f-string of the code that may be a key, its fields as groups."""
    return tuple(
        re.compile("".join(_read_part(part) for part in node.values))
        for tree in read_trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr) and _may_be_key(node)
    )


@cache
def list_word_templates() -> tuple[re.Pattern[str], ...]:
    """Every f-string that may be one word of a key, such as f"size_{size}"."""
    return tuple(
        re.compile("".join(_read_part(part) for part in node.values))
        for tree in read_trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr) and _begins(node, r"[a-z]+_$")
    )


def _may_be_key(node: ast.JoinedStr) -> bool:
    """Say whether an f-string is like f"rows.rule.{code}" or f"{prefix}.title"."""
    second = node.values[1] if len(node.values) > 1 else None
    continues = isinstance(second, ast.Constant) and bool(re.match(r"\.[a-z_]", str(second.value)))
    return continues or _begins(node, r"[a-z_]+\.")


def _begins(node: ast.JoinedStr, pattern: str) -> bool:
    first = node.values[0]
    return isinstance(first, ast.Constant) and bool(re.match(pattern, str(first.value)))


def _read_part(part: ast.expr) -> str:
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) else "(.+)"


SAYING = {
    "say", "say_both", "_fail", "_print",
    "AccessError", "BackupError", "BadValue", "BadFile", "BadParameter", "ServerError",
    "SignInRefused",
}  # fmt: skip


def list_spoken() -> Iterator[str]:
    """Yield each key that stands as a constant where a sentence is said or an error is made."""
    for tree in read_trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                named = [word.value for word in node.keywords if word.arg == "code"]
                first = node.args[:1] if _name(node.func) in SAYING else []
                yield from _constants([*first, *named])
            elif isinstance(node, ast.ClassDef):
                yield from _constants(
                    [s.value for s in node.body if isinstance(s, ast.Assign) and _is_code(s)]
                )


def _is_code(statement: ast.Assign) -> bool:
    return [target.id for target in statement.targets if isinstance(target, ast.Name)] == ["code"]


def _constants(expressions: Sequence[ast.expr]) -> Iterator[str]:
    return (str(e.value) for e in expressions if isinstance(e, ast.Constant))


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def is_said(key: str) -> bool:
    """Say whether code can make this key: a constant, or a template filled with constants."""
    return key in list_strings() or _is_made(key, list_templates())


def _is_made(text: str, templates: Sequence[re.Pattern[str]]) -> bool:
    matches = (template.fullmatch(text) for template in templates)
    return any(match and all(map(_is_word, match.groups())) for match in matches)


@cache
def _is_word(text: str) -> bool:
    spoken = list_strings()
    is_constant = text.isdigit() or text in spoken or f"_{text}" in spoken
    return is_constant or _is_made(text, list_word_templates())


def test_every_key_that_is_said_or_raised_is_in_the_catalogue() -> None:
    spoken = set(list_spoken())
    assert {"store.unavailable", "rows.required", "cli.db_hold", "queries.missing"} <= spoken
    assert spoken - read_catalogue().keys() == set()


def test_every_key_of_the_catalogue_is_said_somewhere() -> None:
    assert [key for key in read_catalogue() if not is_said(key)] == []


def test_a_key_nobody_says_would_be_found() -> None:
    assert not is_said("rows.rule.nonsense_that_no_code_has")
    assert is_said("rows.rule.required")


def list_placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_placeholders() -> None:
    different = [
        key
        for key, entry in read_catalogue().items()
        if list_placeholders(entry["ja"]) != list_placeholders(entry["en"])
    ]
    assert different == []
    assert [
        key for key, entry in read_catalogue().items() if not all(map(str.strip, entry.values()))
    ] == []


def test_a_missing_value_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(KeyError):
        say("rows.contradiction", LANGUAGES[0])
    with pytest.raises(KeyError):
        say("rows.nothing_like_this")


ONE_WORD = {
    r"わか(?=[らりるれっ])": "分か",
    "しぼ": "絞",
    "利用者": "本人",
    "ことば|書き手": "書く人の言葉",
    "取り消": "元に戻す",
    "「記録する」(?!を押)": "「記録」, the page",
}
"""One thing has one word: a pattern that no Japanese text holds, and what is said instead."""


@pytest.mark.parametrize("variant", ONE_WORD)
def test_one_thing_has_one_word(variant: str) -> None:
    found = {key: entry["ja"] for key, entry in read_catalogue().items()}
    assert {key: text for key, text in found.items() if re.search(variant, text)} == {}


def test_the_mark_of_an_indicator_is_called_as_its_control_is() -> None:
    texts = {key: entry for key, entry in read_catalogue().items() if key.startswith("report.")}
    assert [key for key, entry in texts.items() if "印" in entry["ja"]] == []
    assert [
        key for key, entry in texts.items() if re.search(r"(?<!\{)\bmarks?\b", entry["en"])
    ] == []


def test_a_text_names_a_page_as_the_navigation_does() -> None:
    pages = {key: entry for key, entry in read_catalogue().items() if key.startswith("app.page.")}
    japanese = {entry["ja"] for entry in pages.values()}
    english = {entry["en"] for entry in pages.values()}
    for entry in read_catalogue().values():
        assert set(re.findall(r"「([^」{]+)」のページ", entry["ja"])) <= japanese
        assert set(re.findall(r"on the page “([^”{]+)”", entry["en"])) <= english
        assert not re.search(r"“(Near the destination|Whom to contact next)”", entry["en"])
