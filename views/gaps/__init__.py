"""The page 連携リストのすき間."""

from views.gaps.page import show

__all__ = ["show"]
