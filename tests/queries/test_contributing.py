"""The steps of CONTRIBUTING for a new question, followed to the letter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import queries
from graph.store import Store
from tests.builders import agency, write

GUIDE = (Path(__file__).resolve().parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")


def read_block(language: str) -> str:
    (block,) = re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
    return str(block)


@pytest.fixture
def with_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "agencies_of_field.cypher").write_text(read_block("cypher"), encoding="utf-8")
    monkeypatch.setattr(queries, "_FOLDER", tmp_path)
    queries.list_queries.cache_clear()
    yield
    queries.list_queries.cache_clear()


def test_the_question_of_the_guide_is_asked_as_the_guide_says(
    store: Store, with_question: None
) -> None:
    names = {"queries": queries, "agency": agency, "write": write}
    exec(compile(read_block("python"), "CONTRIBUTING.md", "exec"), names)
    names["test_agencies_of_a_field"](store)  # type: ignore[operator]


def test_every_file_the_guide_names_is_there() -> None:
    root = Path(__file__).resolve().parents[2]
    named = set(re.findall(r"`((?:[a-z_]+/)+[a-z_.]+\.(?:py|toml|md))`", GUIDE))
    assert len(named) > 8
    assert [name for name in sorted(named) if not (root / name).exists()] == []
