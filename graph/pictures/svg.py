"""SVG as text: one function per element, every text and attribute escaped."""

from __future__ import annotations

import re
from html import escape as escape_markup
from typing import Final

FONTS: Final = "Noto Sans CJK JP, Noto Sans JP, Yu Gothic UI, Hiragino Sans, sans-serif"

_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(name: str, /, *children: str, **attributes: object) -> str:
    """Return `<name …>children</name>`.

    Children are markup already: text goes through `write_text` or `write_title`. `data_id=1`
    becomes `data-id="1"`, `class_=` becomes `class=`, `xml__lang=` becomes `xml:lang=`;
    attributes that are None are left out.
    """
    parts = [
        f' {_name(key)}="{_format(value)}"'
        for key, value in attributes.items()
        if value is not None
    ]
    if not children:
        return f"<{name}{''.join(parts)}/>"
    return f"<{name}{''.join(parts)}>{''.join(children)}</{name}>"


def write_text(content: str, x: float, y: float, size: float, **attributes: object) -> str:
    """Return a `<text>` whose line is centred on height `y` (no renderer-dependent baseline)."""
    return element("text", _escape(content), x=x, y=y + 0.36 * size, font_size=size, **attributes)


def write_title(content: str) -> str:
    """Return a `<title>`: what a pointer or a screen reader sees."""
    return element("title", _escape(content))


def write_description(content: str) -> str:
    """Return a `<desc>`: what the picture shows in words, for who does not see it."""
    return element("desc", _escape(content))


def _name(key: str) -> str:
    return key.rstrip("_").replace("__", ":").replace("_", "-")


def _format(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return _escape(str(value))


def _escape(text: str) -> str:
    """Escape `text`; what no XML document may hold becomes U+FFFD."""
    return escape_markup(_NOT_XML.sub("\ufffd", text), quote=True)
