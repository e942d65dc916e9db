"""One spelling for the many ways a Japanese place name is written.

`normalize` keeps the words readable; `fold` makes a key from them, one character for each
character, so that what is left after a matched key is found again in the readable text.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_DASHES: Final = "‐‑‒–—―−─━⁃﹣"
# Old and variant forms → the form of today's tables.
_OLD_KANJI: Final = (
    "澤沢 邊辺 邉辺 齋斉 齊斉 斎斉 龍竜 廣広 國国 櫻桜 萬万 榮栄 瀧滝 濱浜 濵浜 嶋島 嶌島 "
    "惠恵 學学 會会 檜桧 鐵鉄 來来 眞真 與与 條条 縣県 區区 德徳 增増 曾曽 籠篭 狹狭 淺浅 "
    "冨富 峯峰 﨑崎 嵜崎 髙高 鷗鴎 頴穎 藪薮 蘆芦 讃讚 桒桑 舘館 穗穂 豐豊 鹽塩 關関 圓円 "
    "壽寿 靜静 嶽岳 驛駅 臺台 當当 傳伝 佛仏 對対 氣気 澁渋 燒焼 礪砺 禮礼 稻稲 竈竃 絲糸 "
    "藏蔵 藝芸 號号 觀観 轉転 邨村 鄕郷 隱隠 鶯鴬 麥麦 黃黄 黑黒 龜亀 淵渕 渊渕 薗園 礒磯 "
    "鷄鶏 釜竃 祗祇 彌弥 彥彦 顯顕 莊荘 庄荘 團団 戶戸 寬寛 實実 寶宝 收収 敎教 溫温 瀨瀬 "
    "拂払 將将 檮梼 靱靭"
)
# ケ (also written ヶ, が, ガ), ツ, ノ: small or large, kana or kanji, mean the same in a name.
_JOINTS: Final = "ヶケ がケ ガケ ヵカ ッツ つツ っツ のノ 之ノ 乃ノ 〆シ"
_FOLDING: Final = str.maketrans(
    {pair[0]: pair[1] for pair in (*_OLD_KANJI.split(), *_JOINTS.split())}
    | {ord(dash): "-" for dash in _DASHES}
)
# The long-vowel mark is a dash beside a number (１ー２), but a letter after kana (センター1).
_DASH_BY_NUMBER: Final = re.compile(r"(?<=[0-9〇一二三四五六七八九十])ー|(?<![ぁ-ヺ])ー(?=[0-9])")
_WHITE_SPACE: Final = re.compile(r"\s+")
_KANJI_DIGITS: Final = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}
_KANJI_UNITS: Final = {"十": 10, "百": 100}
KANJI_NUMBER: Final = re.compile("[〇一二三四五六七八九十百]+")


def normalize(text: str) -> str:
    """Return `text` in NFKC (half-width digits and letters) without white space at its ends."""
    return unicodedata.normalize("NFKC", text).strip()


def fold(text: str) -> str:
    """Return the key of a normalized `text`: no white space, one form of kanji, joint and dash.

    Apart from white space every character becomes exactly one character.
    """
    return _DASH_BY_NUMBER.sub("-", _WHITE_SPACE.sub("", text).translate(_FOLDING))


def take_tail(text: str, count: int) -> str:
    """Return the end of `text` that holds its last `count` characters that are not white space."""
    if count <= 0:
        return ""
    seen = 0
    for start in range(len(text) - 1, -1, -1):
        seen += not text[start].isspace()
        if seen == count:
            return text[start:]
    return text


def read_kanji_number(text: str) -> int:
    """Return the value of a kanji numeral: 十四 and 一四 are both 14.

    Raises:
        KeyError: `text` holds something else than 〇 to 九, 十 and 百.
    """
    if not any(unit in text for unit in _KANJI_UNITS):
        return int("".join(str(_KANJI_DIGITS[digit]) for digit in text))
    total = current = 0
    for sign in text:
        if sign in _KANJI_UNITS:
            total += (current or 1) * _KANJI_UNITS[sign]
            current = 0
        else:
            current = current * 10 + _KANJI_DIGITS[sign]
    return total + current


def write_digits(text: str) -> str:
    """Return `text` with each kanji numeral as digits: 北二条西 becomes 北2条西."""
    return KANJI_NUMBER.sub(lambda number: str(read_kanji_number(number.group())), text)
