"""Lettering: how wide a text is, and where a person would break a Japanese name.

Widths are in em (1 = the font size) for Noto Sans CJK JP Bold, rounded up per class, so that
a text measured here never gets wider on screen.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations
from typing import Final

import budoux

LINE_HEIGHT: Final = 1.14
_MOST_LINES: Final = 3
_MOST_BREAKS: Final = 18
_MOST_READ: Final = 120

_NARROW: Final = {
    **dict.fromkeys("ijlI',.:;| ", 0.34),
    **dict.fromkeys("frt!-()[]{}/\\", 0.45),
    **dict.fromkeys('sz"*?cxyvJL_', 0.58),
    **dict.fromkeys("mwMW%@—", 1.02),
    **dict.fromkeys("DGHNOQU&", 0.78),
}
_OTHER_NARROW: Final = 0.69
_EMOJI_FROM: Final = 0x1F000

_NO_LINE_START: Final = frozenset(
    "、。，．,.・：；:;？！?!)）」』】〕》〉]}’”ー〜~々ゝゞヽヾぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶｰ゛゜％%…"
)
_NO_LINE_END: Final = frozenset("(（「『【〔《〈[{‘“")

# Words a name of an agency is made of; a break falls between them, never inside.
_WORD_LIST: Final = """
更生保護施設 更生保護女性会 更生保護法人 更生保護 保護観察所 保護司会連合会 保護司会 保護司
自立準備ホーム 自立相談支援 自立支援 地域生活定着 地域生活 地域包括 地域支援 地域 生活困窮者
生活福祉課 生活保護課 生活支援 生活 定着 支援センター 支援窓口 支援室 支援課 支援員 支援
社会福祉協議会 社会福祉法人 社会福祉 社会復帰 福祉事務所 福祉協議会 福祉課 福祉部 福祉 障害者
障害福祉課 障害福祉 高齢者 児童相談所 児童家庭 児童養護施設 児童 民生委員 民生児童委員 協議会
連合会 弁護士会 弁護士 司法書士会 司法書士 行政書士 地方検察庁 検察庁 裁判所 刑務所 少年院
拘置所 警察本部 警察署 市役所 区役所 町役場 村役場 県庁 健康 保健所 保健センター 就労支援 就労
就業 事業者機構 事業所 事業 機構 相談支援 相談 窓口 訪問看護 ステーション 訪問 看護 精神科
精神 総合病院 病院 診療所 医院 クリニック デイケア 医療 回復 依存症 高等学校 通信制課程 通信制
定時制 中学校 小学校 大学 学校 教育委員会 教育研究所 教育 特別支援 職業訓練校 町内会長 町内会
自治会 委員会 女性会 家族会 当事者団体 ボランティア 食堂 フードバンク 子ども 不動産 商店 商事
建設 工業 工務店 食品 工場 運送 清掃 株式会社 有限会社 合同会社 一般社団法人 社団法人 財団法人
特定非営利活動法人 NPO法人 医療法人 法人 基幹 中核 協会 連盟 組合 公社 財団 施設 住宅 居住
成年後見 後見 センター ホーム ハウス ネットワーク ハローワーク 地区 県営 市営 市立 県立 国立
私立 サポート 家族の集い 集い 信用金庫 銀行 支店 本店 郵便局
民生委員児童委員 児童委員 居宅介護 薬物依存症 回復施設 機構病院 国立病院機構
"""
_WORDS: Final = tuple(sorted(_WORD_LIST.split(), key=len, reverse=True))
_PLACE_ENDS: Final = frozenset("都道府県市区町村郡")
_BREAK_COSTS: Final = {"free": 0.0, "word": 1.0, "phrase": 2.0, "script": 3.0, "any": 9.0}


@dataclass(frozen=True, slots=True)
class Lettering:
    """A text set in a box: its lines, font size in user units, and whether it is all there."""

    lines: tuple[str, ...]
    size: float
    whole: bool = True


def measure(text: str) -> float:
    """Return the width of `text` in em; 0 for the empty text."""
    return sum(_measure_character(character) for character in text)


@cache
def _measure_character(character: str) -> float:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0.0
    if ord(character) >= _EMOJI_FROM:
        return 1.4
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    if unicodedata.east_asian_width(character) == "H":
        return 0.55
    return _NARROW.get(character, _OTHER_NARROW if ord(character) < 0x250 else 1.1)


def clean(text: str) -> str:
    """Return `text` without what a line of XML cannot hold; runs of blanks become one space."""
    kept = (c if _may_stand_in_xml(c) else " " for c in text)
    return " ".join("".join(kept).split())


def _may_stand_in_xml(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cs", "Cn", "Co"} and (
        character not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )


@lru_cache(maxsize=4096)
def fit_text(text: str, width: float, height: float, largest: float, smallest: float) -> Lettering:
    """Set `text` in a box of `width` × `height` user units, as large as reads well.

    A break between words is worth a smaller size; a break inside a word is worth much more.
    A text too long even at `smallest` is cut with an ellipsis and `whole` is False.
    """
    text = clean(text)
    best: tuple[float, Lettering] | None = None
    for cost, lines in _partitions(text):
        em = max(map(measure, lines), default=0.0)
        fit = min(width / em if em else largest, height / (len(lines) * LINE_HEIGHT), largest)
        size = int(fit * 2) / 2
        if size < smallest:
            continue
        raggedness = em - min(map(measure, lines)) if len(lines) > 1 else 0.0
        value = size - cost - 0.35 * raggedness - 0.4 * len(lines)
        if best is None or value > best[0]:
            best = value, Lettering(lines, size)
    return best[1] if best else _cut(text, width, height, smallest)


def shorten(text: str, width_em: float) -> str:
    """Return `text`, or as much of its beginning as fits `width_em` with an ellipsis."""
    if measure(text) <= width_em:
        return text
    kept = ""
    for character in text:
        if measure(kept + character) > width_em - 1:
            break
        kept += character
    return kept.rstrip() + "…"


def _cut(text: str, width: float, height: float, size: float) -> Lettering:
    room = width / size
    rows = max(1, min(_MOST_LINES, int(height / (size * LINE_HEIGHT))))
    lines: list[str] = []
    rest = text
    while rest and len(lines) < rows - 1:
        end = _longest_start(rest, room)
        lines.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    if rest:
        lines.append(shorten(rest, room))
    whole = "".join(lines).replace(" ", "") == text.replace(" ", "")
    return Lettering(tuple(lines), size, whole)


def _longest_start(text: str, room: float) -> int:
    end = 1
    while end < len(text) and measure(text[: end + 1]) <= room:
        end += 1
    fallback = end
    while 1 < end < len(text) and not _may_break(text, end):
        end -= 1
    return end if end > 1 or fallback == 1 else fallback


def _partitions(text: str) -> Iterator[tuple[float, tuple[str, ...]]]:
    """Yield each way to break `text` into at most three lines, with what its breaks cost."""
    costs = find_breaks(text[:_MOST_READ])
    cheapest = sorted(sorted(costs, key=lambda at: (costs[at], at))[:_MOST_BREAKS])
    for breaks in range(_MOST_LINES):
        for places in combinations(cheapest, breaks):
            ends = (*places, len(text))
            starts = (0, *places)
            lines = tuple(text[a:b].strip() for a, b in zip(starts, ends, strict=True))
            yield sum(costs[place] for place in places), lines


def find_breaks(text: str) -> dict[int, float]:
    """Return each place where a line may begin → what a break there costs (0 = free).

    Kinsoku holds: no line begins with a closing mark, a small kana or ー, none ends with an
    opening mark, and none begins inside a run of katakana, digits or Latin letters.
    """
    inside, edges = _word_places(text)
    phrases = _phrase_starts(text)
    return {
        at: _break_cost(text, at, edges, phrases)
        for at in range(1, len(text))
        if at not in inside and _may_break(text, at)
    }


def _break_cost(text: str, at: int, edges: set[int], phrases: set[int]) -> float:
    before, after = text[at - 1], text[at]
    if before.isspace() or after in _NO_LINE_END:
        return _BREAK_COSTS["free"]
    if at in edges:
        return _BREAK_COSTS["word"]
    if at in phrases or before in "・、）)」" or before in _PLACE_ENDS:
        return _BREAK_COSTS["phrase"]
    return _BREAK_COSTS["script" if _script(before) != _script(after) else "any"]


def _may_break(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if after in _NO_LINE_START or before in _NO_LINE_END or after.isspace():
        return False
    same = _script(before) == _script(after)
    return not (same and _script(before) in {"katakana", "latin", "mark"})


def _word_places(text: str) -> tuple[set[int], set[int]]:
    inside: set[int] = set()
    edges: set[int] = set()
    at = 0
    while at < len(text):
        word = next((word for word in _WORDS if text.startswith(word, at)), "")
        if word:
            inside.update(range(at + 1, at + len(word)))
            edges.update({at, at + len(word)})
        at += len(word) or 1
    return inside, edges


def _phrase_starts(text: str) -> set[int]:
    starts: set[int] = set()
    at = 0
    for phrase in _parse_phrases(text):
        at += len(phrase)
        starts.add(at)
    return starts


def _parse_phrases(text: str) -> Sequence[str]:
    phrases: list[str] = _phrase_parser().parse(text)
    return phrases


@cache
def _phrase_parser() -> budoux.Parser:
    return budoux.load_default_japanese_parser()


@cache
def _script(character: str) -> str:
    code = ord(character)
    if 0x3040 <= code <= 0x309F:
        return "hiragana"
    if 0x30A0 <= code <= 0x30FF or 0xFF65 <= code <= 0xFF9F:
        return "katakana"
    if character.isalnum() and unicodedata.east_asian_width(character) not in "W":
        return "latin"
    return "kanji" if character.isalnum() else f"mark{code}"
