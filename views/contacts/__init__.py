"""The page 次に連絡する先."""

from views.contacts.page import show

__all__ = ["show"]
