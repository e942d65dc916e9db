"""Places of the ecomap: forty slots around the centre that never move.

A slot is a number. Its place is a pure function of the number, so an agency that keeps its
slot keeps its place whoever comes or goes. Slots 0–25 are a ring, clockwise from the top left;
slots 26–39 stand inside the ring, with lanes between them for the lines of the ring. Each field
owns a sector of the ring. Lengths are SVG user units of a 1920 × 1080 canvas.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

CANVAS_WIDTH: Final = 1920.0
CANVAS_HEIGHT: Final = 1080.0
CARD_WIDTH: Final = 254.0
CARD_HEIGHT: Final = 94.0

RING_COLUMNS: Final = tuple(150.0 + 270.0 * column for column in range(7))
RING_ROWS: Final = tuple(120.0 + 115.0 * row for row in range(8))
CENTRE: Final = (RING_COLUMNS[3], (RING_ROWS[0] + RING_ROWS[-1]) / 2)
INNER_ROWS: Final = tuple(CENTRE[1] + 134.0 * (row - 2) for row in range(5))
INNER_SIDE: Final = 508.0
INNER_TOP: Final = 170.0

# Ring slots each field owns, clockwise; the second is the field's home where there are three
# or four. The shares follow how many agencies of a field a network usually has.
_SHARES: Final = (
    ("community_member", 2),
    ("kin", 2),
    ("justice", 3),
    ("administration", 3),
    ("welfare", 4),
    ("medical", 3),
    ("education", 2),
    ("workplace", 2),
    ("business", 2),
    ("community_group", 3),
)
_INNER_PENALTY: Final = 2.4
_FOREIGN_PENALTY: Final = 1.2
_HOME_PENALTY: Final = 100.0


@dataclass(frozen=True, slots=True)
class Rect:
    """An upright rectangle by its edges."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def centre(self) -> tuple[float, float]:
        """The middle point."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def width(self) -> float:
        """Left edge to right edge."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Top edge to bottom edge."""
        return self.bottom - self.top

    def grow(self, margin: float) -> Rect:
        """Return the rectangle with `margin` added on all four sides (negative shrinks)."""
        return Rect(
            self.left - margin, self.top - margin, self.right + margin, self.bottom + margin
        )


@dataclass(frozen=True, slots=True)
class Seating:
    """Who sits where: organization id → slot, and the ids that found no slot."""

    slots: Mapping[str, int]
    hidden: tuple[str, ...]


def _place_ring() -> tuple[tuple[float, float], ...]:
    left, right = RING_COLUMNS[0], RING_COLUMNS[-1]
    top, bottom = RING_ROWS[0], RING_ROWS[-1]
    return (
        *((x, top) for x in RING_COLUMNS),
        *((right, y) for y in RING_ROWS[1:-1]),
        *((x, bottom) for x in reversed(RING_COLUMNS)),
        *((left, y) for y in reversed(RING_ROWS[1:-1])),
    )


def _place_inner() -> tuple[tuple[float, float], ...]:
    x = CENTRE[0]
    top, bottom = INNER_ROWS[0], INNER_ROWS[-1]
    return (
        (x - INNER_TOP, top),
        (x + INNER_TOP, top),
        *((x + INNER_SIDE, row) for row in INNER_ROWS),
        (x + INNER_TOP, bottom),
        (x - INNER_TOP, bottom),
        *((x - INNER_SIDE, row) for row in reversed(INNER_ROWS)),
    )


_RING: Final = _place_ring()
_CENTRES: Final = (*_RING, *_place_inner())
RING_SLOTS: Final = len(_RING)
CAPACITY: Final = len(_CENTRES)


def place_slot(slot: int) -> Rect:
    """Return the card's rectangle of `slot`.

    Raises:
        ValueError: no such slot (0 ≤ slot < CAPACITY).
    """
    if not 0 <= slot < CAPACITY:
        raise ValueError(f"slot {slot} is not between 0 and {CAPACITY - 1}")
    x, y = _CENTRES[slot]
    half_width, half_height = CARD_WIDTH / 2, CARD_HEIGHT / 2
    return Rect(x - half_width, y - half_height, x + half_width, y + half_height)


def _own_sectors() -> dict[str, tuple[int, ...]]:
    sectors: dict[str, tuple[int, ...]] = {}
    start = 0
    for field, share in _SHARES:
        slots = list(range(start, start + share))
        home = (share - 1) // 2
        sectors[field] = (slots.pop(home), *slots)
        start += share
    return sectors


SECTORS: Final[Mapping[str, tuple[int, ...]]] = _own_sectors()
_HOMES: Final = {slots[0]: field for field, slots in SECTORS.items()}


def find_home(field: str) -> int:
    """Return the slot where the first agency of `field` sits, and its dotted box while empty.

    Raises:
        KeyError: not one of the ten fields.
    """
    return SECTORS[field][0]


def assign_slots(
    existing: Mapping[str, int], newcomers: Sequence[tuple[str, str]]
) -> Mapping[str, int]:
    """Give each newcomer (organization id, field) a slot; return only the new ones.

    Everybody of `existing` keeps the slot. Newcomers first fill their field's own ring slots,
    then the free slots nearest to their sector; the home of another field is the last choice.
    A newcomer that already has a slot, or for whom none is free, is not in the answer. The
    answer depends on the order of `newcomers`.

    Raises:
        KeyError: a field is not one of the ten.
    """
    free = set(range(CAPACITY)) - set(existing.values())
    given: dict[str, int] = {}
    waiting: list[tuple[str, str]] = []
    for organization_id, field in dict(newcomers).items():
        if organization_id in existing:
            continue
        own = next((slot for slot in SECTORS[field] if slot in free), None)
        if own is None:
            waiting.append((organization_id, field))
        else:
            free.discard(own)
            given[organization_id] = own
    for (organization_id, _), slot in _overflow(waiting, free):
        given[organization_id] = slot
    return given


def _overflow(
    waiting: Sequence[tuple[str, str]], free: set[int]
) -> list[tuple[tuple[str, str], int]]:
    left = set(free)
    seated: list[tuple[tuple[str, str], int]] = []
    for newcomer in waiting:
        if not left:
            break
        slot = min(left, key=lambda slot: (_cost(slot, newcomer[1]), slot))
        left.discard(slot)
        seated.append((newcomer, slot))
    return seated


def _cost(slot: int, field: str) -> float:
    own = SECTORS[field]
    distance = min(_ring_distance(_ring_position(slot), near) for near in own)
    penalty = _INNER_PENALTY if slot >= RING_SLOTS else _FOREIGN_PENALTY
    home = _HOME_PENALTY if _HOMES.get(slot, field) != field else 0.0
    return distance + penalty + home


def _ring_position(slot: int) -> float:
    if slot < RING_SLOTS:
        return float(slot)
    x, y = _CENTRES[slot]
    ratio = CANVAS_WIDTH / CANVAS_HEIGHT
    direction = (x - CENTRE[0], (y - CENTRE[1]) * ratio)
    return float(max(range(RING_SLOTS), key=lambda near: _cosine(direction, near, ratio)))


def _cosine(direction: tuple[float, float], ring_slot: int, ratio: float) -> float:
    x, y = _RING[ring_slot]
    across, down = x - CENTRE[0], (y - CENTRE[1]) * ratio
    dot = direction[0] * across + direction[1] * down
    return float(dot / (across**2 + down**2) ** 0.5)


def _ring_distance(first: float, second: float) -> float:
    apart = abs(first - second)
    return min(apart, RING_SLOTS - apart)


def seat(wanted: Sequence[tuple[str, str, int | None]], guests: Collection[str] = ()) -> Seating:
    """Seat agencies given as (organization id, field, stored slot or None).

    Who has a slot of this canvas sits there, whatever else is in the picture. The others (no
    slot, or one that is taken or off the canvas) get a free one for this picture only; who
    finds none is hidden. One of `guests` who finds none takes the nearest slot of somebody who
    is no guest. The answer does not depend on the order of `wanted`.

    Raises:
        KeyError: a field is not one of the ten.
    """
    slots: dict[str, int] = {}
    taken: set[int] = set()
    standing: list[tuple[str, str]] = []
    for organization_id, field, slot in sorted(wanted, key=lambda item: item[0]):
        if slot is not None and 0 <= slot < CAPACITY and slot not in taken:
            slots[organization_id] = slot
            taken.add(slot)
        else:
            standing.append((organization_id, field))
    slots.update(assign_slots(slots, standing))
    for guest, field in standing:
        if guest in guests and guest not in slots:
            _offer_seat(slots, guest, field, guests)
    hidden = tuple(person for person, *_ in sorted(wanted) if person not in slots)
    return Seating(slots, hidden)


def _offer_seat(slots: dict[str, int], guest: str, field: str, guests: Collection[str]) -> None:
    others = [person for person in slots if person not in guests]
    if others:
        host = min(others, key=lambda person: (_cost(slots[person], field), person))
        slots[guest] = slots.pop(host)


def settle(comers: Sequence[tuple[str, str, int | None]]) -> Mapping[str, int]:
    """Return the slot of each of (organization id, field, wished slot or None), in that order.

    Who wishes a slot that nobody before wished sits there; then the others get one by
    `assign_slots`, one after another. So nobody moves when others are added at the end without
    a wish. Who finds no slot is not in the answer.

    Raises:
        KeyError: a field is not one of the ten.
    """
    slots: dict[str, int] = {}
    for person, _, slot in comers:
        if slot is not None and 0 <= slot < CAPACITY and slot not in slots.values():
            slots.setdefault(person, slot)
    for person, field, _ in comers:
        slots.update(assign_slots(slots, [(person, field)]))
    return slots
