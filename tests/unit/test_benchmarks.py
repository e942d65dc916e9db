"""The benchmarks: each is named where they are begun, and begun as a module."""

from __future__ import annotations

import re
from pathlib import Path

import bench.__main__ as benchmarks

FOLDER = Path(benchmarks.__file__).parent
RUN = {
    path.stem: path.read_text(encoding="utf-8")
    for path in FOLDER.glob("*.py")
    if not path.stem.startswith("__") and "__main__" in path.read_text(encoding="utf-8")
}


def test_every_benchmark_is_named_where_they_are_begun() -> None:
    words = set(re.findall(r"[a-z_]+", benchmarks.__doc__ or ""))
    assert RUN.keys() >= set(benchmarks.MODULES)
    assert RUN.keys() - words == set()


def test_every_benchmark_says_how_it_is_begun_and_needs_no_path() -> None:
    for name, text in RUN.items():
        assert f"    python -m bench.{name}" in text
        assert "sys.path" not in text
