"""Words that may point to a person: what a pseudonym must not be, and what free text may hold.

The rules know shapes, not people: they find a telephone number, a day of birth, an address, a name
with a title, a word about an offence or a sentence. What they find is a likelihood to be looked at
by the writer; a name without a title, or in Latin letters, passes unseen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final, Literal, get_args

from graph.records import Record
from graph.schema import PSEUDONYM_PATTERN
from loaders.lettering import read_text
from loaders.problems import BadValue

PersonalKind = Literal["phone", "birth_date", "address", "name", "offence"]
PERSONAL_KINDS: Final[tuple[PersonalKind, ...]] = get_args(PersonalKind)

FREE_TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    "Assessment": ("text",),
    "Event": ("text",),
    "Minutes": ("title", "note"),
    "Provision": ("reason",),
    "Referral": ("reason", "course"),
    "SavedView": ("title",),
    "Task": ("text",),
}
"""Label → properties in which people write as they like."""

_DASH: Final = r"[-‐‑‒–—―−ー]"
_PHONE: Final = re.compile(rf"(?<!\d)0\d{{1,4}}{_DASH}?\(?\d{{1,4}}\)?{_DASH}?\d{{3,4}}(?!\d)")
_BIRTH: Final = re.compile(
    r"生年月日|誕生日|生まれ|(?:昭和|[SＳ])\s*\d{1,2}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}"
)
_ADDRESS: Final = re.compile(
    rf"\d丁目|\d番地|[市区町村郡][^\s、。]{{1,12}}?\d{{1,4}}(?:{_DASH}\d{{1,4}}|番)"
)
_OFFENCE: Final = re.compile(
    "窃盗|万引|覚醒剤|覚せい剤|詐欺|傷害|殺人|強盗|放火|性犯罪|わいせつ|強制性交|恐喝|横領|住居侵入"
    "|懲役|禁錮|拘禁刑|刑期|執行猶予|罪名|罪状|前科|前歴|累犯"
)
_TITLED: Final = re.compile(
    r"([一-龠々ヶ]{1,4}[ 　]?[一-龠々ぁ-んァ-ヴー]{0,5}|[ァ-ヴー]{2,8})"
    r"(?:さん|さま|様|氏|くん|ちゃん)(?![ァ-ヴ一-龠々])"
)
# Ends of words that say what somebody is, not who: 保護司さん, 相談員さん, 皆様.
_ROLES: Final = (
    *"皆者員司士師医主家長親母父兄姉弟妹奥夫妻孫子方生客屋署庁課係所会院園先元側",
    *("本人", "息子", "娘", "仲間"),
    *("ボランティア", "スタッフ", "ヘルパー", "ワーカー", "メンバー"),
)


def parse_pseudonym(cell: object) -> str:
    """Read a client's pseudonym: letters and digits, and neither a date nor a telephone number.

    Raises:
        BadValue: `rows.not_a_pseudonym`; the cell is not repeated.
    """
    words = unicodedata.normalize("NFKC", read_text(cell)).strip()
    if not re.fullmatch(PSEUDONYM_PATTERN, words):
        raise BadValue("rows.not_a_pseudonym")
    return words


def list_personal_kinds(text: str) -> tuple[PersonalKind, ...]:
    """Return what `text` may say of a person, each kind once in a fixed order; () for nothing."""
    plain = unicodedata.normalize("NFKC", text)
    found: dict[PersonalKind, bool] = {
        "phone": bool(_PHONE.search(plain)),
        "birth_date": bool(_BIRTH.search(plain)),
        "address": bool(_ADDRESS.search(plain)),
        "name": any(_is_name(match[1]) for match in _TITLED.finditer(plain)),
        "offence": bool(_OFFENCE.search(plain)),
    }
    return tuple(kind for kind, holds in found.items() if holds)


def screen_record(record: Record) -> tuple[PersonalKind, ...]:
    """Return what the free text of a record may say of a person; () for nothing."""
    texts = [record.properties.get(name) for name in FREE_TEXTS.get(record.kind, ())]
    return list_personal_kinds("\n".join(text for text in texts if isinstance(text, str)))


def _is_name(words: str) -> bool:
    return not words.strip().endswith(_ROLES)
