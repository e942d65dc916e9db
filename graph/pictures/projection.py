"""From degrees to the user units of a map's picture and back."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians
from typing import Final

WIDTH: Final = 720.0
HEIGHT: Final = 620.0
METRES_PER_DEGREE: Final = 111_195.0
"""Of latitude, on a sphere of the mean radius 6,371,008.8 m."""

_MARGIN: Final = 30.0


@dataclass(frozen=True, slots=True)
class Projection:
    """Degrees to user units: north up, the middle in the middle (equirectangular about it)."""

    latitude: float
    longitude: float
    scale: float

    def project(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Return x and y of a point in degrees."""
        east = (longitude - self.longitude) * cos(radians(self.latitude)) * METRES_PER_DEGREE
        north = (latitude - self.latitude) * METRES_PER_DEGREE
        return WIDTH / 2 + east * self.scale, HEIGHT / 2 - north * self.scale

    def locate(self, x: float, y: float) -> tuple[float, float]:
        """Return latitude and longitude of a point of the picture, in degrees."""
        north = (HEIGHT / 2 - y) / self.scale / METRES_PER_DEGREE
        east = (x - WIDTH / 2) / self.scale / METRES_PER_DEGREE
        return self.latitude + north, self.longitude + east / cos(radians(self.latitude))


def choose_projection(latitude: float, longitude: float, radius_m: float) -> Projection:
    """Return the projection in which a circle of `radius_m` about the middle fills the frame."""
    half = min(WIDTH, HEIGHT) / 2 - _MARGIN
    return Projection(latitude, longitude, half / max(radius_m, 1.0))
