"""The catalogue as it stands in the folder's files: key, language, text."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

Language = Literal["ja", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
DEFAULT_LANGUAGE: Final[Language] = "ja"

_FOLDER: Final = Path(__file__).parent


def read_text(key: str, language: Language) -> str:
    """Return the text of `key` with its placeholders unfilled.

    Raises:
        KeyError: the catalogue has no such key.
    """
    return read_catalogue()[key][language]


@cache
def read_catalogue() -> dict[str, dict[Language, str]]:
    """Read every entry: dotted key → language → text.

    Raises:
        ValueError: an entry lacks a language or holds something else than texts.
    """
    entries: dict[str, dict[Language, str]] = {}
    for path in sorted(_FOLDER.glob("*.toml")):
        _collect(path.stem, tomllib.loads(path.read_text(encoding="utf-8")), entries)
    return entries


def _collect(prefix: str, tree: dict[str, Any], entries: dict[str, dict[Language, str]]) -> None:
    if all(isinstance(value, dict) for value in tree.values()):
        for name, branch in tree.items():
            _collect(f"{prefix}.{name}", branch, entries)
        return
    if set(tree) != set(LANGUAGES) or not all(isinstance(text, str) for text in tree.values()):
        raise ValueError(f"{prefix}: an entry holds exactly the texts {', '.join(LANGUAGES)}")
    entries[prefix] = {language: tree[language] for language in LANGUAGES}
