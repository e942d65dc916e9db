"""The page 取り込み."""

from __future__ import annotations

from views.upload.page import show

__all__ = ["show"]
