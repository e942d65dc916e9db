"""The page 帰住先の近く."""

from views.nearby.page import show

__all__ = ["show"]
