"""The page 紹介の道筋."""

from views.paths.page import show

__all__ = ["show"]
