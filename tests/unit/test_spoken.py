"""What is heard: Streamlit's own words are still the ones we look for, and tables have names."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import streamlit

from texts import LANGUAGES
from views.spoken import list_words
from views.tables import draw_share, draw_table


@cache
def read_scripts() -> str:
    folder = Path(streamlit.__file__).parent / "static" / "static" / "js"
    return "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.js"))


@pytest.mark.parametrize("theirs", [theirs for theirs, _ in list_words("ja")])
def test_streamlit_still_says_what_is_said_in_its_place(theirs: str) -> None:
    """A new Streamlit may word it otherwise: then the page would speak English again."""
    # Words around a name are put together in the browser: each is looked for by itself.
    parts = theirs.replace("{name}", "").split() if "{name}" in theirs else [theirs]
    assert [part for part in parts if part.strip(",:.") not in read_scripts()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_keeps_the_name_it_is_about(language: str) -> None:
    pairs = list_words(language)  # type: ignore[arg-type]
    assert {theirs.count("{name}") == ours.count("{name}") for theirs, ours in pairs} == {True}
    assert all((theirs == ours) == (language == "en") for theirs, ours in pairs)


def test_a_table_says_its_name_and_which_cells_are_headers() -> None:
    drawn = draw_table(["機関", "件数", ""], [["あ", "1", draw_share(1, 2)]], caption="一覧 <b>")
    assert "<caption>一覧 &lt;b&gt;</caption>" in drawn
    assert drawn.count('<th scope="col"') == 2
    assert 'tabindex="0" role="group" aria-label="一覧 &lt;b&gt;"' in drawn


def test_a_table_of_nothing_keeps_its_name_and_headers() -> None:
    assert draw_table(["機関"], [], caption="一覧").count("<caption>一覧") == 1
