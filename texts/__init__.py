"""Every sentence a user reads, in Japanese and English, from one catalogue.

The catalogue is the folder's ``*.toml`` files, one per subject. An entry holds both languages
side by side, so that neither can be forgotten::

    [legend.strong]                     # key: "ecomap.legend.strong" in ecomap.toml
    ja = "強い結びつき"
    en = "Strong tie"

Placeholders are ``str.format`` fields: ``ja = "{count} 機関"``.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

Language = Literal["ja", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
DEFAULT_LANGUAGE: Final[Language] = "ja"

_FOLDER: Final = Path(__file__).parent


def say(key: str, language: Language = DEFAULT_LANGUAGE, /, **values: object) -> str:
    """Return the text of `key` in `language` with its placeholders filled from `values`.

    Raises:
        KeyError: the catalogue has no such key, or the text names a value that was not given.
    """
    return read_catalogue()[key][language].format(**values)


def say_both(key: str, between: str = "\n", /, **values: object) -> str:
    """Return the text of `key` in every language, Japanese first, for who has not chosen one."""
    return between.join(say(key, language, **values) for language in LANGUAGES)


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
