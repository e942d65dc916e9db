"""How Sphinx makes the site of these pages: nothing is fetched, by it or by a reader's browser."""

from __future__ import annotations

project = "つなぎ Tsunagi"
copyright = "Tsunagi contributors, Apache-2.0"
language = "ja"
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "つなぎ Tsunagi"
html_copy_source = False
html_show_sphinx = False
exclude_patterns = ["_build"]
