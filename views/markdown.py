"""Words that come from data, for what Streamlit draws as Markdown: titles, notices, buttons."""

from __future__ import annotations

from typing import Final

_MEANING: Final = frozenset("\\`*_{}[]()<>#+-.!|~$:&")


def escape(words: str) -> str:
    """Return words so that Markdown shows them letter by letter: no link, no formula, no icon."""
    return "".join(f"\\{letter}" if letter in _MEANING else letter for letter in words)
