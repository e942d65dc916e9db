"""Colours told apart by everybody, text on them legible, looks that keep what they promise."""

from __future__ import annotations

import warnings
from itertools import combinations

import numpy as np
import pytest

with warnings.catch_warnings():  # it warns of optional packages that nothing here needs
    warnings.simplefilter("ignore")
    import colour

from graph.pictures.notation import (
    CHANGE,
    FIELDS,
    INK,
    PAPER,
    SOFT_INK,
    choose_line_kind,
    contrast,
)
from graph.vocabulary import STRENGTHS

_SIGHTS = ("Normal", "Protanomaly", "Deuteranomaly", "Tritanomaly", "Tritanopia")

# Tritanopia after Brettel, Viénot and Mollon 1997, on linear sRGB: a matrix for each side of
# the plane through grey. (Machado et al. 2009 do not claim to model it.)
_TRITAN_PLANE = np.array((0.03901, -0.02788, -0.01113))
_TRITAN_ABOVE = np.array(
    ((1.01277, 0.13548, -0.14826), (-0.01243, 0.86812, 0.14431), (0.07589, 0.80500, 0.11911))
)
_TRITAN_BELOW = np.array(
    ((0.93678, 0.18979, -0.12657), (0.06154, 0.81526, 0.12320), (-0.37562, 1.12767, 0.24796))
)


def _see(hex_colour: str, sight: str) -> np.ndarray:
    encoded = np.array([int(hex_colour[start : start + 2], 16) / 255 for start in (1, 3, 5)])
    linear = colour.models.eotf_sRGB(encoded)
    seen = np.clip(_simulate(linear, sight) @ linear, 0, 1)
    xyz = colour.RGB_to_XYZ(seen, "sRGB")
    white = colour.CCS_ILLUMINANTS["CIE 1931 2 Degree Standard Observer"]["D65"]
    return np.asarray(colour.XYZ_to_Lab(xyz, white))


def _simulate(linear: np.ndarray, sight: str) -> np.ndarray:
    if sight == "Normal":
        return np.eye(3)
    if sight == "Tritanopia":
        return _TRITAN_ABOVE if linear @ _TRITAN_PLANE >= 0 else _TRITAN_BELOW
    with warnings.catch_warnings():  # it says what the comment above says
        warnings.simplefilter("ignore")
        return np.asarray(colour.matrix_cvd_Machado2009(sight, 1.0))


@pytest.mark.parametrize("sight", _SIGHTS)
def test_the_ten_field_colours_are_told_apart(sight: str) -> None:
    seen = {code: _see(field.colour, sight) for code, field in FIELDS.items()}
    assert len(seen) == 10
    distances = {
        pair: float(colour.delta_E(seen[pair[0]], seen[pair[1]], method="CIE 2000"))
        for pair in combinations(seen, 2)
    }
    worst = min(distances, key=distances.__getitem__)
    assert distances[worst] >= 10, (worst, distances[worst])


@pytest.mark.parametrize("code", sorted(FIELDS))
def test_the_kanji_is_legible_on_its_colour(code: str) -> None:
    field = FIELDS[code]
    assert contrast(field.colour, field.text_colour) >= 4.5


@pytest.mark.parametrize("ink", [INK, SOFT_INK, CHANGE])
def test_inks_are_legible_on_paper(ink: str) -> None:
    assert contrast(ink, PAPER) >= 4.5


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_every_field_has_a_kanji_of_its_own() -> None:
    assert len({field.kanji for field in FIELDS.values()}) == 10


@pytest.mark.parametrize("strength", ["strong", "normal", "weak"])
def test_the_meeting_look_does_not_tell_a_stressful_tie(strength: str) -> None:
    assert choose_line_kind(strength, "stressful", "meeting", show_stress=False) == "normal"
    assert choose_line_kind(strength, "stressful", "meeting", show_stress=True) == "talk"
    assert choose_line_kind(strength, "stressful", "internal", show_stress=False) == "stressful"


def test_a_good_tie_is_drawn_by_strength_and_a_broken_one_as_broken() -> None:
    kinds = {choose_line_kind(s, "good", "meeting", show_stress=False) for s in STRENGTHS.codes}
    assert kinds == {"strong", "normal", "weak"}
    assert choose_line_kind("strong", "broken", "internal", show_stress=False) == "broken"
