"""The data dictionary says what the schema declares, and the file in docs/ is current."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from graph.schema import NODES, RELATIONSHIPS

ROOT = Path(__file__).parents[2]
TOOL = runpy.run_path(str(ROOT / "tools" / "write_data_dictionary.py"))


def test_the_file_is_current() -> None:
    file = ROOT / "docs" / "data-dictionary.md"
    assert file.read_text(encoding="utf-8") == TOOL["make_dictionary"](), (
        "run: python tools/write_data_dictionary.py"
    )


@pytest.mark.parametrize("kind", [*NODES, *RELATIONSHIPS])
def test_every_property_stands_under_its_kind_in_both_languages(kind: str) -> None:
    declared = NODES.get(kind) or RELATIONSHIPS[kind]
    text = TOOL["make_dictionary"]()
    section = text.split(f"### {kind} — ", 1)[1].split("\n### ", 1)[0]
    assert section.startswith(declared.ja)
    assert declared.en in section
    for p in declared.properties:
        assert f"| `{p.name}` | {p.ja} | {p.en} |" in section
        row = next(line for line in section.splitlines() if line.startswith(f"| `{p.name}`"))
        assert ("個人 / personal" in row, "必須 / required" in row) == (p.personal, p.required)


def test_every_allowed_value_is_listed() -> None:
    text = TOOL["make_dictionary"]()
    for words in TOOL["list_vocabularies"]():
        section = text.split(f"### {words.name}\n", 1)[1].split("\n### ", 1)[0]
        for term in words.terms:
            assert f"| `{term.code}` | {term.ja} | {term.en} |" in section
