"""The page エコマップ."""

from views.ecomap.page import show

__all__ = ["show"]
