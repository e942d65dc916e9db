"""Writes docs/記入用テンプレート.xlsx, the workbook to fill in, as `loaders.templates` makes it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from loaders.templates import make_template

FILE: Final = Path(__file__).resolve().parents[1] / "docs" / "記入用テンプレート.xlsx"


def write_template(file: Path = FILE) -> None:
    """Write the template over what stands there."""
    file.write_bytes(make_template())


if __name__ == "__main__":
    write_template(Path(sys.argv[1]) if len(sys.argv) > 1 else FILE)
