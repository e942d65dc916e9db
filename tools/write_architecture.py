"""Writes docs/architecture.md and its picture from the code: packages, and who imports whom."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Final

import networkx as nx

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "architecture.md"
PICTURE: Final = ROOT / "docs" / "architecture.svg"
ENTRIES: Final = ("app", "serve", "tsunagi")
PACKAGES: Final = (
    "access", "api", "commands", "exporters", "graph", "loaders", "queries", "texts", "views",
)  # fmt: skip

_WIDTH: Final = 960
_BOX: Final = (150, 46)
_STEP: Final = 92
_MARGIN: Final = 20
_HEAD: Final = """# つくり / Architecture

このページは `tools/write_architecture.py` がコードから作ります。手で直さないでください。
/ Generated from the code; do not edit by hand.

![どのパッケージがどれを使うか / who imports whom](architecture.svg)

上のものは、線でたどれる下のものだけを使います。`tests/unit/test_architecture.py` がこれを守ります。
/ A package imports only what lies below it; a test keeps it so.
"""


def find_imports(root: Path = ROOT) -> dict[str, set[str]]:
    """Return package → packages of ours that its modules import; entries are modules of the root.

    Imports within a package do not count.
    """
    found: dict[str, set[str]] = {name: set() for name in (*ENTRIES, *PACKAGES)}
    for name, used in found.items():
        files = [root / f"{name}.py"] if name in ENTRIES else sorted((root / name).rglob("*.py"))
        for file in files:
            used.update(set(_list_imports(file)) & found.keys())
        used.discard(name)
    return found


def list_layers(imports: Mapping[str, set[str]]) -> list[list[str]]:
    """Return the packages in layers, those that nobody imports first.

    A package stands above all that it imports, as low as it can.

    Raises:
        networkx.NetworkXUnfeasible: packages import each other in a circle.
    """
    network = nx.DiGraph((lower, upper) for upper, used in imports.items() for lower in used)
    network.add_nodes_from(imports)
    height: dict[str, int] = {}
    for name in nx.topological_sort(network):
        height[name] = max((height[used] + 1 for used in imports[name]), default=0)
    layers: dict[int, list[str]] = defaultdict(list)
    for name, level in height.items():
        layers[level].append(name)
    return [sorted(layers[level]) for level in sorted(layers, reverse=True)]


def draw_picture(imports: Mapping[str, set[str]]) -> str:
    """Return the picture as SVG: a row of boxes per layer, a line from each to what it imports.

    What follows from other lines has no line of its own.
    """
    layers = list_layers(imports)
    places = dict(_place(layers))
    height = len(layers) * _STEP + _MARGIN
    direct = nx.transitive_reduction(
        nx.DiGraph((a, b) for a, used in imports.items() for b in used)
    )
    lines = [_draw_line(places[upper], places[lower]) for upper, lower in sorted(direct.edges)]
    boxes = [_draw_box(name, *place) for name, place in sorted(places.items())]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'font-family="sans-serif" font-size="17">\n'
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>\n'
        + "\n".join([*lines, *boxes])
        + "\n</svg>\n"
    )


def write_page(imports: Mapping[str, set[str]], root: Path = ROOT) -> str:
    """Return the page: the picture, and per package what it is for and what its modules are."""
    parts = [_HEAD]
    for layer in list_layers(imports):
        for name in layer:
            used = "、".join(f"`{each}`" for each in sorted(imports[name])) or "—"
            parts.append(f"## {name}\n\n{_read_purpose(root, name)}\n\n→ {used}\n")
            if name in PACKAGES:
                parts.append("\n".join(_list_modules(root / name)) + "\n")
    return "\n".join(parts)


def _list_imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


def _place(layers: list[list[str]]) -> Iterator[tuple[str, tuple[float, float]]]:
    for row, layer in enumerate(layers):
        for column, name in enumerate(layer, 1):
            x = _WIDTH * column / (len(layer) + 1)
            yield name, (x, _MARGIN + row * _STEP + _BOX[1] / 2)


def _draw_line(upper: tuple[float, float], lower: tuple[float, float]) -> str:
    start, end = upper[1] + _BOX[1] / 2, lower[1] - _BOX[1] / 2
    middle = (start + end) / 2
    return (
        f'<path d="M{upper[0]:.0f} {start:.0f} C{upper[0]:.0f} {middle:.0f} '
        f'{lower[0]:.0f} {middle:.0f} {lower[0]:.0f} {end:.0f}" '
        f'fill="none" stroke="#9db2bf" stroke-width="1.5"/>'
    )


def _draw_box(name: str, x: float, y: float) -> str:
    left, top = x - _BOX[0] / 2, y - _BOX[1] / 2
    fill = "#fdf3dc" if name in ENTRIES else "#e3f0ee"
    words = f"{name}.py" if name in ENTRIES else name
    return (
        f'<rect x="{left:.0f}" y="{top:.0f}" width="{_BOX[0]}" height="{_BOX[1]}" rx="8" '
        f'fill="{fill}" stroke="#33595f"/>'
        f'<text x="{x:.0f}" y="{y + 6:.0f}" text-anchor="middle" fill="#1d3338">'
        f"{escape(words)}</text>"
    )


def _list_modules(folder: Path) -> Iterator[str]:
    for file in sorted(folder.rglob("*.py")):
        words = _read_first_line(file)
        if file.name != "__init__.py" and words:
            yield f"- `{file.relative_to(folder.parent).as_posix()}` — {words}"
        elif file.parent != folder and words:
            yield f"- **`{file.parent.relative_to(folder.parent).as_posix()}/`** — {words}"


def _read_purpose(root: Path, name: str) -> str:
    file = root / f"{name}.py" if name in ENTRIES else root / name / "__init__.py"
    return _read_first_line(file)


def _read_first_line(file: Path) -> str:
    document = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return " ".join(document.partition("\n\n")[0].split())


def main() -> None:
    """Write the page and its picture over what stands there."""
    imports = find_imports()
    PICTURE.write_text(draw_picture(imports), encoding="utf-8")
    PAGE.write_text(write_page(imports), encoding="utf-8")
    print(f"{PAGE.name}, {PICTURE.name}", file=sys.stderr)


if __name__ == "__main__":
    main()
