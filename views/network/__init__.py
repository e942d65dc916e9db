"""The page 探索."""

from views.network.page import show

__all__ = ["show"]
