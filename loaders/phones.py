"""Telephone numbers: one spelling for many, and the zero that Excel drops put back.

Only boundaries that follow from the numbering plan alone are set by this module (mobile, IP, free
and navigation numbers, 03 and 06); for other area codes the groups are kept as written and a number
written without groups stays without. Source: 電気通信番号計画 (Ministry of Internal Affairs and
Communications).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from loaders.lettering import DASHES, read_text
from loaders.problems import BadValue

_LONGEST: Final = 60
_KNOWN_GROUPS: Final = (
    re.compile(r"(0[5-9]0)([1-9][0-9]{3})([0-9]{4})"),
    re.compile(r"(0800)([0-9]{3})([0-9]{4})"),
    re.compile(r"(0120|0570)([0-9]{3})([0-9]{3})"),
    re.compile(r"(0[36])([0-9]{4})([0-9]{4})"),
)
_LANDLINE: Final = re.compile(r"0[1-9][0-9]{8}")
_LANDLINE_GROUPS: Final = re.compile(r"(0[1-9][0-9]{0,3})-([0-9]{1,4})-([0-9]{4})")
_EXTENSION: Final = re.compile(r"[(\[]?(?:内線|内|ext\.?|x)[:-]?([0-9]{1,6})[)\]]?$", re.IGNORECASE)
_LABEL: Final = re.compile(r"^(?:tel|phone|fax|電話番号|電話|代表)[:.]?", re.IGNORECASE)
_MARK: Final = re.compile(r"(?:\((?:代表?|直通?)\)|代表|直通)$")
_COUNTRY: Final = re.compile(r"^\(?\+81\)?-?(?:\(0\)|0(?=[1-9]))?")
_SEVERAL: Final = re.compile(r"[、,;/\n]")
_SAME_DASH: Final = str.maketrans(dict.fromkeys(DASHES, "-"))


def parse_phone(cell: object) -> str:
    """Return the number as 048-123-4567, 090-1234-5678, 0120-123-456 or 0481234567.

    Hyphens are set where the numbering plan or the writer's own groups tell the boundaries. An
    extension follows as " 内線123". A zero lost by Excel is put back.

    Raises:
        BadValue: the cell holds no number, more than one, a foreign one, or one of a length that
            does not exist in Japan.
    """
    text = read_text(cell)
    is_number = isinstance(cell, str | int | float) and not isinstance(cell, bool)
    if not is_number or not text or len(text) > _LONGEST:
        raise _not_a_phone(text)
    if _SEVERAL.search(unicodedata.normalize("NFKC", text)):
        raise BadValue("loaders.phone.several_numbers", value=text)
    number, extension = _take_extension(_level(text))
    written = _MARK.sub("", _LABEL.sub("", number))
    grouped = _restore_zero(_COUNTRY.sub("0", written), text)
    canonical = _set_hyphens(grouped, text)
    return f"{canonical} 内線{extension}" if extension else canonical


def read_dialled_digits(phone: str) -> str:
    """Return the digits dialled, without extension: equal for two spellings of one number."""
    return "".join(character for character in phone.partition(" ")[0] if character.isdecimal())


def _level(text: str) -> str:
    """Level widths and dashes; spaces and dots between digits become dashes."""
    levelled = unicodedata.normalize("NFKC", text).translate(_SAME_DASH)
    levelled = re.sub(r"(?<=[0-9])[\s.]+(?=[0-9])", "-", levelled)
    return "".join(levelled.split())


def _take_extension(text: str) -> tuple[str, str]:
    match = _EXTENSION.search(text)
    return (text[: match.start()], match[1]) if match else (text, "")


def _restore_zero(text: str, written: str) -> str:
    # 048(123)4567 and (048)123-4567: brackets are boundaries like dashes.
    grouped = re.sub(r"[()-]+", "-", text).strip("-")
    digits = grouped.replace("-", "")
    if not re.fullmatch(r"[0-9]+", digits):
        raise _not_a_phone(written)
    is_short = len(digits) == 9 or (len(digits) == 10 and re.match(r"[5-9]0", digits))
    return "0" + grouped if is_short and not digits.startswith("0") else grouped


def _set_hyphens(grouped: str, written: str) -> str:
    digits = grouped.replace("-", "")
    for pattern in _KNOWN_GROUPS:
        if match := pattern.fullmatch(digits):
            return "-".join(match.groups())
    if not _LANDLINE.fullmatch(digits):
        raise BadValue("loaders.phone.impossible_number", value=written, count=len(digits))
    return grouped if _LANDLINE_GROUPS.fullmatch(grouped) else digits


def _not_a_phone(value: object) -> BadValue:
    return BadValue("loaders.phone.not_a_phone", value=value)
