"""The map of the packages stays true: who may import whom, and which text stands in one piece."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
OURS: Final = (
    "api", "app", "serve", "access", "commands", "exporters", "views", "queries", "graph",
    "loaders", "texts", "tsunagi",
)  # fmt: skip
MAY_IMPORT: Final = {
    "api": {"api", "queries", "exporters", "graph"},
    "graph": {"graph"},
    "loaders": {"loaders", "graph"},
    "queries": {"queries", "graph"},
    "texts": {"texts", "graph"},
    "access": {"access", "graph", "texts"},
    "commands": {"commands", "queries", "graph", "loaders", "exporters", "texts", "access"},
    "exporters": {"exporters", "queries", "graph", "loaders"},
    "views": {"views", "queries", "graph", "loaders", "exporters", "texts", "access"},
    "app": {"views", "queries", "graph", "loaders", "texts"},
    "serve": {"access", "api", "graph", "queries", "views"},
    "tsunagi": {"commands"},
}
STAGE_BLOCK: Final = re.compile(r"^CALL \(f, a\) \{\n.*?AS stage_since\n\}\n", re.DOTALL | re.M)
FACILITY_BLOCK: Final = re.compile(
    r"^(?:OPTIONAL )?(CALL \(\) \{\n.*?\n\}\n)", re.DOTALL | re.MULTILINE
)
CONSENT_BLOCK: Final = re.compile(
    r"^CALL \(client, f, a\) \{\n.*?AS withheld\n\}\n", re.DOTALL | re.MULTILINE
)
OF_CLIENTS: Final = re.compile(r"Client|Referral|SENT|RECEIVED_BY|SETTLES_IN|GRANTS|TOLD")


def list_modules() -> list[Path]:
    packages = (path for name in OURS for path in (ROOT / name).rglob("*.py"))
    return [*packages, *(ROOT / f"{name}.py" for name in ("app", "serve", "tsunagi"))]


def name_package(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@cache
def parse(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def list_imports(path: Path) -> frozenset[str]:
    """Return the first part of every module that the file imports, wherever it does so."""
    found: set[str] = set()
    for node in parse(path):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(name_package(path) if node.level else (node.module or "").split(".")[0])
    return frozenset(found)


def list_texts(path: Path) -> Iterator[str]:
    """Yield every text constant that is not a docstring."""
    documents = {id(node.value) for node in parse(path) if isinstance(node, ast.Expr)}
    for node in parse(path):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in documents:
            yield str(node.value)


def list_importers(module: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix() for path in list_modules() if module in list_imports(path)
    }


def list_query_texts() -> dict[str, str]:
    return {p.stem: p.read_text(encoding="utf-8") for p in (ROOT / "queries").glob("*.cypher")}


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_a_package_imports_only_what_lies_below_it(package: str) -> None:
    imported = {
        name
        for path in list_modules()
        if name_package(path) == package
        for name in list_imports(path)
        if name in OURS
    }
    assert imported <= MAY_IMPORT[package]


def test_the_driver_has_one_door() -> None:
    assert {path.rpartition("/")[0] for path in list_importers("neo4j")} == {"graph/store"}


def test_streamlit_stays_in_the_pages() -> None:
    importers = list_importers("streamlit")
    assert "app.py" in importers
    assert {path for path in importers if not path.startswith("views/")} == {
        "app.py",
        "serve.py",
    }


def test_pyvis_stays_in_one_module() -> None:
    assert len(list_importers("pyvis")) <= 1


def test_imports_inside_functions_count(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text("def f():\n    import neo4j.time\n    from streamlit.web import cli\n")
    assert list_imports(file) == {"neo4j", "streamlit"}


def test_the_stage_rule_stands_in_every_query_in_the_same_words() -> None:
    blocks = {
        name: STAGE_BLOCK.findall(text)
        for name, text in list_query_texts().items()
        if re.search(r"\bstage\b", text.split("\nCALL", 1)[-1])
    }
    assert len(blocks) >= 7
    assert {name: len(found) for name, found in blocks.items()} == dict.fromkeys(blocks, 1)
    assert len({block for found in blocks.values() for block in found}) == 1


def test_the_facility_is_found_in_every_query_in_the_same_words() -> None:
    texts = {name: text for name, text in list_query_texts().items() if "$facility_id" in text}
    blocks = {name: FACILITY_BLOCK.findall(text)[:1] for name, text in texts.items()}
    assert len(blocks) >= 8
    assert len({tuple(block) for block in blocks.values()}) == 1


def test_every_question_near_a_client_says_how_consent_applies() -> None:
    texts = {n: t for n, t in list_query_texts().items() if OF_CLIENTS.search(_code(t))}
    assert len(texts) >= 20
    said = {name: re.findall(r"^// consent (.+)$", text, re.M) for name, text in texts.items()}
    assert {name: len(lines) for name, lines in said.items()} == dict.fromkeys(texts, 1)
    asked = {name for name, lines in said.items() if not lines[0].startswith("not asked: ")}
    assert asked == {name for name, text in texts.items() if CONSENT_BLOCK.search(text)}


def test_the_consent_rule_stands_in_every_query_in_the_same_words() -> None:
    blocks = {
        name: CONSENT_BLOCK.findall(text)
        for name, text in list_query_texts().items()
        if re.search(r"Consent|\$override|\bwithheld\b", _code(text))
        and "// consent not asked: " not in text
    }
    assert len(blocks) >= 8
    assert {name: len(found) for name, found in blocks.items()} == dict.fromkeys(blocks, 1)
    assert len({block for found in blocks.values() for block in found}) == 1


def test_writes_are_in_the_store_and_its_statements_only() -> None:
    """No other module holds Cypher that changes the graph; query files hold none at all."""
    writing = re.compile(r"\b(?:MERGE|CREATE|DELETE|SET|REMOVE|DROP|FOREACH)\b\s+[(\w]")
    modules = {
        path.relative_to(ROOT).as_posix()
        for path in list_modules()
        if name_package(path) != "access"  # SQL of its own files
        for text in list_texts(path)
        if writing.search(text)
    }
    assert modules <= {
        "graph/store/copying.py",
        "graph/store/erasing.py",
        "graph/store/holding.py",
        "graph/store/upgrading.py",
        "graph/store/writing.py",
        "graph/history_statements.py",
        "graph/statements.py",
        "graph/engine/start_cache.py",
    }
    assert [name for name, text in list_query_texts().items() if writing.search(_code(text))] == []


def _code(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("//"))


def test_nothing_committed_names_a_machine_or_a_package_index() -> None:
    words = ("pypi" + ".org", "repo1" + ".maven", "file" + "s.pythonhosted", "/" + "root/")
    found = [
        (path.relative_to(ROOT).as_posix(), word)
        for suffix in ("*.py", "*.toml", "*.lock", "*.md", "*.cypher")
        for path in ROOT.rglob(suffix)
        if not any(part.startswith(".") or part == "build" for part in path.relative_to(ROOT).parts)
        for text in (path.read_text(encoding="utf-8"),)
        for word in words
        if word in text
    ]
    assert found == []
