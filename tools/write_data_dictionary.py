"""Writes docs/data-dictionary.md from the schema declaration and the vocabularies."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from graph import vocabulary
from graph.schema import (
    BOOKKEEPING,
    NODES,
    RELATION_KEY,
    RELATIONSHIPS,
    NodeType,
    Property,
    RelationshipType,
    ValueType,
)
from graph.vocabulary import Vocabulary

FILE: Final = Path(__file__).resolve().parents[1] / "docs" / "data-dictionary.md"

HEAD: Final = """# データ辞書 / Data dictionary

このファイルは `tools/write_data_dictionary.py` が
`graph/schema.py` と `graph/vocabulary.py` から作ります。手で直さないでください。
/ Generated; do not edit by hand.

- **必須 / required**：空にできない / must not be empty
- **個人 / personal**：記録（ログ）、メッセージ、URL、会議の画面に出ない
  / never in a log, a message, an address or the meeting look
- 型 `partial_date` の `x` は三つで保存される：`x`（ありうる最初の日）、
  `x_precision`（day・month・year）、`x_text`（書かれたままの言葉）
  / stored as three: first possible day, precision, the words as written
"""

_COLUMNS: Final = (
    "| 名前 / name | 意味 | meaning | 型 / type | 決まり / rules |\n|---|---|---|---|---|"
)


def make_dictionary() -> str:
    """Return the dictionary as Markdown, Japanese beside English, in order of the declaration."""
    parts = [HEAD, "## ノード / Nodes\n", *map(_describe_node, NODES.values())]
    parts += ["## 関係 / Relationships\n", *map(_describe_relationship, RELATIONSHIPS.values())]
    parts += [_describe_bookkeeping(), "## 決まった値 / Allowed values\n"]
    parts += [_describe_vocabulary(words) for words in list_vocabularies()]
    return "\n".join(parts)


def list_vocabularies() -> list[Vocabulary]:
    """Return every vocabulary, in order of its declaration."""
    return [value for value in vars(vocabulary).values() if isinstance(value, Vocabulary)]


def write_dictionary(file: Path = FILE) -> None:
    """Write the dictionary over what stands there."""
    file.parent.mkdir(exist_ok=True)
    file.write_text(make_dictionary(), encoding="utf-8")


def _describe_node(node: NodeType) -> str:
    indexes = [
        f"{kind} {'・'.join(names)}"
        for kind, names in (
            ("range", node.range_indexes),
            ("text", node.text_indexes),
            ("point", node.point_indexes),
            ("full-text", node.fulltext),
        )
        if names
    ]
    found = f"\n\n索引 / indexes: {'; '.join(indexes)}" if indexes else ""
    title = f"### {node.label} — {node.ja}\n\n{node.en}. キー / key: `{node.key}`"
    return f"{title}{found}\n\n{_make_table(node.properties)}\n"


def _describe_relationship(kind: RelationshipType) -> str:
    ends = "、".join(f"{start} → {end}" for start, end in kind.ends)
    parallel = "・".join(kind.identity)
    many = f" 並列 / parallel by: {parallel}." if parallel else ""
    once = f" 一つの {kind.owner} に一つ / one per {kind.owner}." if kind.owner else ""
    title = f"### {kind.type} — {kind.ja}\n\n{kind.en}. {ends}.{many}{once}"
    return f"{title}\n\n{_make_table(kind.properties)}\n" if kind.properties else f"{title}\n"


def _describe_bookkeeping() -> str:
    return (
        "## 由来 / Provenance\n\n"
        "すべてのノードと関係が持つ。書き込むときにつく。 / On every node and relationship.\n\n"
        f"{_make_table(BOOKKEEPING)}\n\n"
        f"関係は `{RELATION_KEY}` も持つ（種類・両端・並列の項目から作る）"
        f" / every relationship also carries `{RELATION_KEY}`,"
        " derived from its type, ends and parallel properties.\n"
    )


def _make_table(properties: Sequence[Property]) -> str:
    rows = (
        f"| `{p.name}` | {p.ja} | {p.en} | {_name_type(p)} | {'; '.join(_list_rules(p))} |"
        for p in properties
    )
    return "\n".join([_COLUMNS, *rows])


def _name_type(declared: Property) -> str:
    unit = f" ({declared.unit})" if declared.unit else ""
    wgs = " (WGS 84)" if declared.type is ValueType.POINT else ""
    return f"{declared.type}{unit}{wgs}"


def _list_rules(declared: Property) -> Iterator[str]:
    if declared.required:
        yield "必須 / required"
    if declared.personal:
        yield "個人 / personal"
    if declared.vocabulary:
        several = (
            "いくつか（空白で区切る） / several, a space between: " if declared.several else ""
        )
        yield f"{several}[{declared.vocabulary.name}](#{declared.vocabulary.name})"
    elif declared.pattern:
        yield f"`{declared.pattern}`".replace("|", "\\|")
    if declared.minimum is not None or declared.maximum is not None:
        low = "" if declared.minimum is None else f"{declared.minimum:g}"
        high = "" if declared.maximum is None else f"{declared.maximum:g}"
        yield f"{low}–{high}"


def _describe_vocabulary(words: Vocabulary) -> str:
    rows = (
        f"| `{term.code}` | {term.ja} | {term.en} | {'、'.join(term.spellings)} |"
        for term in words.terms
    )
    head = "| 値 / code | 日本語 | English | ファイルでの書き方 / also written |\n|---|---|---|---|"
    return "\n".join([f"### {words.name}\n", head, *rows]) + "\n"


if __name__ == "__main__":
    write_dictionary(Path(sys.argv[1]) if len(sys.argv) > 1 else FILE)
