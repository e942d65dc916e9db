"""Every code the server reports has a text, and every text gets the values it names."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from texts import LANGUAGES, read_catalogue

GRAPH = Path(__file__).resolve().parents[2] / "graph"
SOURCES = [
    *(GRAPH / "engine").glob("*.py"),
    GRAPH / "folders.py",
]
CODES = {
    code
    for path in SOURCES
    for code in re.findall(
        r'"(server\.(?:stage|notice|error)\.\w+)"', path.read_text(encoding="utf-8")
    )
}


def find_errors() -> list[tuple[str, set[str]]]:
    """Return code and value names of every ServerError made with a literal code."""
    calls = [
        node
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "ServerError"
    ]
    return [
        (call.args[0].value, {keyword.arg for keyword in call.keywords if keyword.arg})
        for call in calls
        if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    ]


def test_codes_and_texts_are_the_same_set() -> None:
    assert {key for key in read_catalogue() if key.startswith("server.")} == CODES


@pytest.mark.parametrize(("code", "values"), find_errors())
def test_each_text_finds_its_values(code: str, values: set[str]) -> None:
    for language in LANGUAGES:
        fields = {name for _, name, _, _ in Formatter().parse(read_catalogue()[code][language])}
        assert fields - {None} <= values


def test_both_languages_name_the_same_values() -> None:
    for code in CODES:
        ja, en = (
            {name for _, name, _, _ in Formatter().parse(read_catalogue()[code][language])}
            for language in LANGUAGES
        )
        assert ja == en
