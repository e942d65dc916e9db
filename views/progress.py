"""The bar of a page that works on something long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st


@contextmanager
def show_progress(words: str) -> Iterator[Callable[[float], None]]:
    """Draw a bar with words for the block, which calls back with the share done, 0 to 1."""
    bar = st.progress(0.0, words)

    def advance(share: float) -> None:
        bar.progress(min(share, 1.0), words)

    try:
        yield advance
    finally:
        bar.empty()
