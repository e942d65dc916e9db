"""The order of names in a Japanese index: 五十音順, by the reading where there is one.

The rules are those of JIS X 4061 (日本語文字列照合順番) and what an index of agencies adds to them:
legal forms before a name are passed over, and numbers count as numbers. The classes come in the
order digits, Latin, kana, kanji; kanji without a reading go by their place in JIS X 0208, which
is by their usual reading for the common ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeVar

R = TypeVar("R", bound=Mapping[str, Any])

_DIGITS, _LATIN, _KANA, _KANJI, _OTHER = range(5)

_FORMS: Final = (
    r"(?:認定)?(?:特定非営利活動|npo)法人", "社会福祉法人",
    "(?:特定|社会)?医療法人(?:社団|財団)?", "(?:一般|公益)?(?:社団|財団)法人",
    "更生保護法人", "宗教法人", "学校法人", "国立大学法人", "(?:地方)?独立行政法人",
    "(?:株式|有限|合同|合資|合名)会社",
    r"\((?:社福|特非|一社|一財|公社|公財|更生|福|特|医|社|財|株|有|同|更|宗|学|独)\)",
)  # fmt: skip
_SPOKEN_FORMS: Final = (
    "(?:にんてい)?(?:とくていひえいりかつどう|えぬぴーおー)ほうじん", "しゃかいふくしほうじん",
    "(?:とくてい|しゃかい)?いりょうほうじん(?:しゃだん|ざいだん)?",
    "(?:いっぱん|こうえき)?(?:しゃだん|ざいだん)ほうじん",
    "こうせいほごほうじん", "しゅうきょうほうじん", "がっこうほうじん", "こくりつだいがくほうじん",
    "(?:ちほう)?どくりつぎょうせいほうじん",
    "(?:かぶしき|ゆうげん|ごうどう|ごうし|ごうめい)[かが]いしゃ",
)  # fmt: skip
_BEFORE: Final = re.compile(rf"(?:\s|{'|'.join((*_FORMS, *_SPOKEN_FORMS))})+(?=.*\w)")
_TOKEN: Final = re.compile(
    r"第(?P<kanji>[一二三四五六七八九十]{1,3})|(?P<digits>[0-9]+)|.", re.DOTALL
)
_KANJI_DIGITS: Final = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}

_SMALL: Final = dict(zip("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ", strict=True))
_VOWELS: Final = {
    kana: row[0]
    for row in (
        "あかさたなはまやらわ", "いきしちにひみりゐ", "うくすつぬふむゆる",
        "えけせてねへめれゑ", "おこそとのほもよろを",
    )
    for kana in row
}  # fmt: skip
_LONG, _AGAIN, _AGAIN_KANJI = "ー", "ゝ", "々"
_VOICING: Final = {"\u3099": 1, "\u309a": 2}

# What a letter of kana is beside its sound, in the order of JIS X 4061: a long mark, a small
# letter, a mark of iteration, a plain one.
_IS_LONG, _IS_SMALL, _IS_AGAIN, _IS_PLAIN = range(4)


class _Weight(NamedTuple):
    primary: tuple[int, int, str]
    """Class, place in the class, and for a number its digits."""
    voicing: int = 0
    kind: int = _IS_PLAIN
    katakana: bool = False


NameOrder = tuple[
    tuple[tuple[int, int, str], ...], tuple[int, ...], tuple[int, ...], tuple[bool, ...], str
]
"""What one name is compared by: sounds, voicing, kinds of letter, katakana, then the text."""


@lru_cache(maxsize=100_000)
def order_name(text: str) -> NameOrder:
    """Return the key that puts names in the order of a Japanese index; total, equal only to itself.

    `text` is the reading in kana where there is one, else the name. Widths, kinds of kana, spaces
    and punctuation do not count, nor do legal forms before a name (社会福祉法人, (株)); a long mark
    counts as its vowel; voicing, small letters and katakana only decide between names that are
    otherwise alike. 第2 and 第二 stand before 第10. The empty name comes first.
    """
    weights = tuple(_weigh(_drop_form(_level(text))))
    return (
        tuple(weight.primary for weight in weights),
        tuple(weight.voicing for weight in weights),
        tuple(weight.kind for weight in weights),
        tuple(weight.katakana for weight in weights),
        text,
    )


def sort_by_reading(rows: Iterable[R]) -> list[R]:
    """Return rows with name, and perhaps kana, in the order of an index; [] for none."""
    return sorted(rows, key=lambda row: order_name(row.get("kana") or row["name"] or ""))


def _level(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _drop_form(text: str) -> str:
    """Leave out legal forms before a name, written or spoken; a name of nothing else keeps one."""
    hiragana = "".join(map(_as_hiragana, text))
    match = _BEFORE.match(hiragana)
    return text[match.end() :] if match else text


def _as_hiragana(character: str) -> str:
    return chr(ord(character) - 0x60) if "ァ" <= character <= "ヶ" else character


def _weigh(text: str) -> Iterator[_Weight]:
    """Yield the weights of letters and numbers; marks of other kinds have none."""
    before: _Weight | None = None
    for match in _TOKEN.finditer(text):
        if match["kanji"]:
            yield _weigh_letter("第")
            before = _weigh_number(str(_read_kanji(match["kanji"])))
        elif match["digits"]:
            before = _weigh_number(match["digits"])
        elif (weight := _weigh_character(match[0], before)) is None:
            continue
        else:
            before = weight
        yield before


def _weigh_character(character: str, before: _Weight | None) -> _Weight | None:
    base, marks = (parts := unicodedata.normalize("NFD", character))[0], parts[1:]
    hiragana = _as_hiragana(base)
    voicing = max((_VOICING.get(mark, 0) for mark in marks), default=0)
    if hiragana in (_LONG, _AGAIN, "ヽ", _AGAIN_KANJI):
        return _weigh_mark(hiragana, voicing, before)
    if "ぁ" <= hiragana <= "ゖ":
        plain = _SMALL.get(hiragana, hiragana)
        kind = _IS_PLAIN if plain == hiragana else _IS_SMALL
        return _Weight((_KANA, ord(plain), ""), voicing, kind, hiragana != base)
    return _weigh_letter(base) if base.isalnum() else None


def _weigh_mark(mark: str, voicing: int, before: _Weight | None) -> _Weight | None:
    """Return the weight of a mark that stands for the letter before it; None after no such."""
    if before is None:
        return None
    kind, place, _ = before.primary
    if mark == _AGAIN_KANJI:
        return before if kind in (_KANJI, _OTHER) else None
    if kind != _KANA:
        return None
    if mark == _LONG:
        vowel = _VOWELS.get(chr(place), chr(place))
        return _Weight((_KANA, ord(vowel), ""), 0, _IS_LONG, True)
    return _Weight(before.primary, voicing, _IS_AGAIN, mark == "ヽ")


def _weigh_letter(letter: str) -> _Weight:
    if unicodedata.name(letter, "").startswith("LATIN "):
        return _Weight((_LATIN, ord(letter), ""))
    try:
        return _Weight((_KANJI, int.from_bytes(letter.encode("euc_jis_2004")), ""))
    except UnicodeEncodeError:
        return _Weight((_OTHER, ord(letter), ""))


def _weigh_number(digits: str) -> _Weight:
    significant = digits.lstrip("0")
    return _Weight((_DIGITS, len(significant), significant))


def _read_kanji(text: str) -> int:
    """Return the number of 二, 十, 十二 or 二十二; of other rows of digits their sum, in order."""
    tens, mark, ones = text.rpartition("十")
    units = sum(_KANJI_DIGITS.get(digit, 0) for digit in ones)
    return units + (10 * sum(_KANJI_DIGITS.get(digit, 1) for digit in tens or "一") if mark else 0)
