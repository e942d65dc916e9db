"""The page 記録."""

from views.record.page import show

__all__ = ["show"]
