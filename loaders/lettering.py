"""Characters of names: what is shown, what is compared, and where several values split.

The radical characters come from PDF files whose fonts map 力 to ⼒; they look alike but are other
characters (Unicode blocks "Kangxi Radicals" and "CJK Radicals Supplement"). Kangxi radicals carry
their ideograph as compatibility decomposition in the Unicode database; the supplement does not, so
the ones that stand for a whole ideograph are listed here (Unicode: EquivalentUnifiedIdeograph).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Final

DASHES: Final = "-‐‑‒–—―−－─━ーｰ﹣⁃"
"""What people type as a dash; the long vowel mark ー is among them because keys cannot tell."""

_SUPPLEMENT: Final = dict(
    zip("⺠⻄⻑⻘⻝⻩⻫⻭⻲⻯⻤⻨⻁⻆⻣⺩⺎⺝", "民西長青食黄斉歯亀竜鬼麦虎角骨王兀月", strict=True)
)
_RADICALS: Final = str.maketrans(
    {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
    | _SUPPLEMENT
)
_ONE_DASH: Final = str.maketrans(dict.fromkeys(DASHES, "-"))
_SEPARATORS: Final = "、，,；;／/\n\r"
_OPENING: Final = "（(［[「『【〔"
_CLOSING: Final = "）)］]」』】〕"


def read_text(cell: object) -> str:
    """Return what a cell shows as text: whole numbers without ".0", dates as ISO, nothing as ""."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        whole_day = (cell.hour, cell.minute, cell.second, cell.microsecond) == (0, 0, 0, 0)
        return cell.date().isoformat() if whole_day else cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()


def normalise_name(text: str) -> str:
    """Return `text` for display: trimmed, single spaces, radical characters as ideographs.

    Control characters count as spaces and invisible format characters (zero width, direction)
    are dropped, since they change what is seen. Everything else stays: widths, variants of
    kanji, legal forms.
    """
    plain = text.translate(_RADICALS)
    if plain.isprintable():  # nearly always: no control or format character in it
        return " ".join(plain.split())
    visible = (
        " " if category == "Cc" else "" if category == "Cf" else character
        for character in plain
        for category in (unicodedata.category(character),)
    )
    return " ".join("".join(visible).split())


def matching_key(text: str) -> str:
    """Return the form under which two spellings of one name are equal.

    Compatibility forms (NFKC), case, spaces and kinds of dash are levelled; the long vowel mark
    counts as a dash. Legal forms stay: without them 2,060 different corporations would merge.
    """
    folded = unicodedata.normalize("NFKC", normalise_name(text)).casefold()
    # Without its spaces a letter may meet an accent it composes with, so levelled once more.
    return unicodedata.normalize("NFKC", "".join(folded.split())).translate(_ONE_DASH)


def split_values(cell: object, known: Collection[str] = ()) -> tuple[str, ...]:
    """Return the single values of a cell that lists several, trimmed, each once, in order.

    Splits on 、 ， , ； ; ／ / and line ends, but not inside brackets and not between two digits
    (1,200 and 24/7 stay whole). ・ is part of many names (医療・福祉), so it splits only a value
    all of whose parts are `known`. An empty cell gives an empty tuple.
    """
    keys = _make_keys(tuple(known))
    values = (
        normalise_name(part)
        for piece in _split_outside_brackets(read_text(cell))
        for part in _split_middle_dot(piece, keys)
    )
    return tuple(dict.fromkeys(value for value in values if value))


@lru_cache(maxsize=64)
def _make_keys(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(matching_key(name) for name in names)


def _split_outside_brackets(text: str) -> Iterator[str]:
    # An unclosed bracket must not swallow the rest: brackets count only where they balance.
    brackets_balance = _count(text, _OPENING) == _count(text, _CLOSING)
    depth = start = 0
    for position, character in enumerate(text):
        if brackets_balance:
            depth += (character in _OPENING) - (character in _CLOSING)
        if depth <= 0 and character in _SEPARATORS and not _is_between_digits(text, position):
            yield text[start:position]
            start = position + 1
    yield text[start:]


def _is_between_digits(text: str, position: int) -> bool:
    return text[position] in ",/，／" and bool(
        re.fullmatch(r"\d.\d", text[max(position - 1, 0) : position + 2])
    )


def _split_middle_dot(value: str, known_keys: frozenset[str]) -> list[str]:
    if not known_keys or matching_key(value) in known_keys:
        return [value]
    parts = re.split("[・･]", value)
    return parts if all(matching_key(part) in known_keys for part in parts) else [value]


def _count(text: str, characters: str) -> int:
    return sum(text.count(character) for character in characters)
