"""The ecomap's notation: fields, stages, line kinds and their colours and strokes.

The codes are data of the graph; the words a user reads for them are in the catalogue
(`ecomap.field.<code>`, `ecomap.stage.<code>`, `ecomap.line.<kind>`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Look = Literal["meeting", "internal"]

INK: Final = "#16202c"
SOFT_INK: Final = "#51606f"
PAPER: Final = "#ffffff"
CHANGE: Final = "#b84a00"
PATH: Final = "#0a4fc4"
SECOND_CENTRE: Final = "#00626e"
CENTRE_SIGNS: Final = ("A", "B")
EGO_FILL: Final = "#fff6dc"
GROUP_COLOURS: Final = ("#5b2a86", "#00626e", "#8a1c4a", "#3d5a00")


@dataclass(frozen=True, slots=True)
class Field:
    """One of the ten fields of agencies: its one-kanji sign and its colour (`#rrggbb`)."""

    code: str
    kanji: str
    colour: str

    @property
    def text_colour(self) -> str:
        """Black or white, whichever contrasts more with the field's colour (always ≥ 4.5:1)."""
        white, black = contrast(self.colour, PAPER), contrast(self.colour, "#000000")
        return PAPER if white >= 4.5 or white >= black else "#000000"


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a line kind is drawn; `width` in user units, `dash` as SVG's stroke-dasharray."""

    width: float
    colour: str
    dash: str = ""
    shape: Literal["plain", "jagged", "wavy", "cut"] = "plain"


# Found by a random search that maximises the smallest ΔE2000 of any two colours, as seen and
# under simulated protanopia, deuteranopia and tritanopia; a test keeps the smallest at ≥ 10.
_FIELDS: Final = (
    Field("community_member", "地", "#6b3a10"),
    Field("kin", "親", "#c678b4"),
    Field("justice", "司", "#1b1b1f"),
    Field("administration", "行", "#0b62b0"),
    Field("welfare", "福", "#00966b"),
    Field("medical", "医", "#d5482a"),
    Field("education", "教", "#fff862"),
    Field("workplace", "職", "#60c7f8"),
    Field("business", "業", "#c9ced6"),
    Field("community_group", "団", "#f8a920"),
)
FIELDS: Final[Mapping[str, Field]] = MappingProxyType({f.code: f for f in _FIELDS})

STAGES: Final = ("supporting", "explained", "listed", "declined", "known")

STROKES: Final[Mapping[str, Stroke]] = MappingProxyType(
    {
        "strong": Stroke(9, INK),
        "normal": Stroke(3.6, INK),
        "weak": Stroke(3.4, INK, dash="15 10"),
        "stressful": Stroke(3.6, "#b3001b", shape="jagged"),
        "talk": Stroke(3.6, "#5b2a86", shape="wavy"),
        "broken": Stroke(3.6, SOFT_INK, shape="cut"),
    }
)
LEG: Final = Stroke(8, PATH)

INTERNAL_CHANGES: Final = frozenset({"anxiety_up", "anxiety_down"})


def choose_line_kind(strength: str, quality: str, look: Look, *, show_stress: bool) -> str:
    """Return which of `STROKES` a tie is drawn as.

    Quality goes before strength. In the meeting look a stressful tie is a normal line, or
    `talk` (a relation to talk about) when `show_stress` is switched on, whatever its strength:
    nothing in the picture tells it apart.
    """
    if quality == "broken":
        return "broken"
    if quality == "stressful":
        if look == "internal":
            return "stressful"
        return "talk" if show_stress else "normal"
    return strength


def contrast(first: str, second: str) -> float:
    """Return the contrast of two `#rrggbb` colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
