"""Names broken as a person would, in their box, never silently cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.pictures.lettering import LINE_HEIGHT, clean, find_breaks, fit_text, measure, shorten

_WIDTH, _HEIGHT, _LARGEST, _SMALLEST = 192.0, 86.0, 33.0, 19.0

names = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="支援センター地域ー（）「」ABCabc 12・株式会社ﾊﾝｶｸ", max_size=80),
)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("寺町町内会長", ("寺町町内会長",)),
        ("若葉野保護観察所", ("若葉野", "保護観察所")),
        ("地域生活定着支援センターみらい", ("地域生活定着", "支援センター", "みらい")),
        ("訪問看護ステーションひなた", ("訪問看護", "ステーション", "ひなた")),
        ("さくら不動産（住居確保）", ("さくら不動産", "（住居確保）")),
        ("ハローワーク若葉野", ("ハローワーク", "若葉野")),
        ("若葉野市役所生活福祉課", ("若葉野市役所", "生活福祉課")),
        ("埼玉県BBS連盟", ("埼玉県BBS", "連盟")),
        ("寺町 町内会長", ("寺町", "町内会長")),
    ],
)
def test_a_name_breaks_between_its_words(name: str, lines: tuple[str, ...]) -> None:
    assert fit_text(name, _WIDTH, _HEIGHT, _LARGEST, _SMALLEST).lines == lines


@given(names)
def test_no_text_leaves_its_box(name: str) -> None:
    lettering = fit_text(name, _WIDTH, _HEIGHT, _LARGEST, _SMALLEST)
    assert _SMALLEST <= lettering.size <= _LARGEST
    assert len(lettering.lines) * lettering.size * LINE_HEIGHT <= _HEIGHT + 0.01
    for line in lettering.lines:
        assert measure(line) * lettering.size <= _WIDTH + 0.01


@given(names)
def test_a_text_is_whole_or_says_that_it_is_not(name: str) -> None:
    lettering = fit_text(name, _WIDTH, _HEIGHT, _LARGEST, _SMALLEST)
    kept = "".join(lettering.lines).replace(" ", "")
    assert lettering.whole == (kept == clean(name).replace(" ", ""))
    assert lettering.whole or kept.endswith("…")


@given(names)
def test_no_line_begins_or_ends_as_kinsoku_forbids(name: str) -> None:
    text = clean(name)
    for at in find_breaks(text):
        assert text[at] not in "、。）」ー・ッャュョぁ!?)"
        assert text[at - 1] not in "（「("


def test_a_break_never_falls_inside_a_katakana_word() -> None:
    assert 8 not in find_breaks("訪問看護ステーションひなた")
    assert find_breaks("ステーション") == {}


def test_a_long_name_is_cut_with_an_ellipsis() -> None:
    lettering = fit_text("長" * 200, _WIDTH, _HEIGHT, _LARGEST, _SMALLEST)
    assert not lettering.whole
    assert lettering.lines[-1].endswith("…")


def test_the_empty_name_takes_no_room() -> None:
    assert fit_text("", _WIDTH, _HEIGHT, _LARGEST, _SMALLEST).lines == ("",)


def test_full_width_is_one_em_and_half_width_is_less() -> None:
    assert measure("漢字") == 2
    assert measure("ｶﾅ") == pytest.approx(1.1)
    assert measure("ii") < measure("aa") < measure("WW") < 2.1


def test_control_characters_become_blanks() -> None:
    assert clean("a\x00b\n\tc\u202e d") == "a b c d"


def test_a_shortened_text_fits() -> None:
    assert shorten("あいうえお", 5) == "あいうえお"
    assert shorten("あいうえおか", 5) == "あいうえ…"
