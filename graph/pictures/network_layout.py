"""Places for the agencies of a network: the same network, the same places, no two on each other.

Each part that hangs together is placed by pivot multidimensional scaling (Brandes and Pich, 2006),
loosened by the forces of Fruchterman and Reingold (1991), and set on a grid whose cells are as
large as a sign with its name. The parts then stand side by side, the largest first.

A cell is given once: a newcomer gets a free one near those it is tied to, and nobody moves.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import accumulate, count
from typing import Final

import numpy as np
from numpy.typing import NDArray

Place = tuple[float, float]
Cell = tuple[int, int]
Floats = NDArray[np.float32]

CELL_WIDTH: Final = 150.0
CELL_HEIGHT: Final = 96.0
"""Two agencies are at least so far apart, across or down."""

_PIVOTS: Final = 50
_ROUNDS: Final = 50
_EVERY_PAIR_UP_TO: Final = 256  # beyond that, agencies far away push as one
_SQUARES: Final = 18
_CELLS_EACH: Final = 1.2
_GAP: Final = 2
_ASPECT: Final = 2.1  # of the picture on a screen, width to height
_MOST_WIDTHS: Final = 40  # tried for the rows of parts
_GOLDEN_ANGLE: Final = 2.399963


@dataclass(frozen=True, slots=True)
class _Part:
    """Agencies that hang together, on cells that begin at (0, 0)."""

    cells: Mapping[int, Cell]

    @property
    def width(self) -> int:
        return max(column for column, _ in self.cells.values()) + 1

    @property
    def height(self) -> int:
        return max(row for _, row in self.cells.values()) + 1


def place_agencies(agency_ids: Iterable[str], ties: Iterable[tuple[str, str]]) -> dict[str, Place]:
    """Return id → (x, y) in user units, the middle of all at (0, 0).

    Ties to anybody else and an agency's ties to itself are left out. The answer does not depend
    on the order of its input; {} for nobody.
    """
    return _centre(_lay_out(agency_ids, ties))


def assign_cells(
    standing: Mapping[str, Cell], agency_ids: Iterable[str], ties: Iterable[tuple[str, str]]
) -> dict[str, Cell]:
    """Return id → cell of those agencies that have none in `standing`, each a cell of its own.

    With nobody standing the whole is laid out. Else a newcomer gets the free cell nearest to the
    middle of those it is tied to, who may be newcomers with a cell themselves; newcomers tied to
    none of them stand below all. The answer does not depend on the order of its input.
    """
    ties = list(ties)
    newcomers = set(agency_ids) - standing.keys()
    if not standing:
        return _lay_out(newcomers, ties)
    near = _settle_near(standing, newcomers, ties)
    apart = _lay_out(newcomers - near.keys(), ties)
    everybody = [*standing.values(), *near.values()]
    left = min(column for column, _ in everybody)
    top = max(row for _, row in everybody) + 1 + _GAP
    return near | {key: (left + column, top + row) for key, (column, row) in apart.items()}


def measure_cell(cell: Cell) -> Place:
    """Return the middle of a cell; every second row is set off: lines pass between agencies."""
    column, row = cell
    return (column + row % 2 / 2) * CELL_WIDTH, row * CELL_HEIGHT


def _lay_out(agency_ids: Iterable[str], ties: Iterable[tuple[str, str]]) -> dict[str, Cell]:
    ids = sorted(set(agency_ids))
    parts = _find_parts(_list_neighbours(ids, ties))
    placed = [_place_part(part, neighbours) for part, neighbours in parts if len(part) > 1]
    alone = [part[0] for part, _ in parts if len(part) == 1]
    if alone:
        placed.append(_place_alone(alone))
    return {ids[node]: cell for node, cell in _set_side_by_side(placed).items()}


def _settle_near(
    standing: Mapping[str, Cell], newcomers: Set[str], ties: Iterable[tuple[str, str]]
) -> dict[str, Cell]:
    """Return the cells of newcomers from whom a path of ties leads to somebody standing."""
    ids = sorted(newcomers | standing.keys())
    neighbours = _list_neighbours(ids, ties)
    cells = {node: standing[key] for node, key in enumerate(ids) if key in standing}
    taken = {cell: node for node, cell in cells.items()}
    waiting = [node for node, key in enumerate(ids) if key in newcomers]
    settled: dict[str, Cell] = {}
    while ready := [node for node in waiting if any(end in cells for end in neighbours[node])]:
        for node in ready:
            ends = [cells[end] for end in neighbours[node] if end in cells]
            x = sum(column for column, _ in ends) / len(ends)
            y = sum(row for _, row in ends) / len(ends)
            cells[node] = settled[ids[node]] = cell = _find_free(x, y, taken)
            taken[cell] = node
        waiting = [node for node in waiting if node not in cells]
    return settled


def _list_neighbours(ids: Sequence[str], ties: Iterable[tuple[str, str]]) -> list[list[int]]:
    numbers = {organization_id: number for number, organization_id in enumerate(ids)}
    neighbours: list[set[int]] = [set() for _ in ids]
    for one, other in ties:
        if one != other and one in numbers and other in numbers:
            neighbours[numbers[one]].add(numbers[other])
            neighbours[numbers[other]].add(numbers[one])
    return [sorted(ends) for ends in neighbours]


def _find_parts(neighbours: Sequence[Sequence[int]]) -> list[tuple[list[int], list[list[int]]]]:
    """Return each part, largest first, with its neighbours as positions within the part."""
    seen: set[int] = set()
    parts: list[list[int]] = []
    for node in range(len(neighbours)):
        if node not in seen:
            part = sorted(_measure_steps(neighbours, node))
            seen.update(part)
            parts.append(part)
    parts.sort(key=lambda part: (-len(part), part))
    answer = []
    for part in parts:
        positions = {node: position for position, node in enumerate(part)}
        answer.append((part, [[positions[end] for end in neighbours[node]] for node in part]))
    return answer


def _measure_steps(neighbours: Sequence[Sequence[int]], start: int) -> dict[int, int]:
    """Return whom `start` reaches, and in how many steps."""
    steps = {start: 0}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        for end in neighbours[node]:
            if end not in steps:
                steps[end] = steps[node] + 1
                waiting.append(end)
    return steps


def _place_part(part: Sequence[int], neighbours: Sequence[Sequence[int]]) -> _Part:
    points = _loosen(_scale_distances(neighbours), neighbours)
    order = sorted(range(len(part)), key=lambda node: (-len(neighbours[node]), node))
    cells = _set_on_cells(_spread(points), order)
    return _Part({part[node]: cell for node, cell in cells.items()})


def _scale_distances(neighbours: Sequence[Sequence[int]]) -> Floats:
    """Return places whose distances resemble the numbers of steps between the agencies."""
    n = len(neighbours)
    far = np.zeros((n, min(n, _PIVOTS)), dtype=np.float64)
    nearest = np.full(n, np.inf)
    pivot = max(range(n), key=lambda node: (len(neighbours[node]), -node))
    for column in range(far.shape[1]):
        steps = _measure_steps(neighbours, pivot)
        far[:, column] = [steps[node] for node in range(n)]
        nearest = np.minimum(nearest, far[:, column])
        pivot = int(np.argmax(nearest))
    squared = far**2
    centred = squared - squared.mean(0) - squared.mean(1, keepdims=True) + squared.mean()
    _, axes = np.linalg.eigh(centred.T @ centred)
    points = centred @ axes[:, -2:][:, ::-1] if axes.shape[0] > 1 else np.zeros((n, 2))
    for axis in range(2):  # an axis has no direction of its own: its farthest end is positive
        if points[np.argmax(np.abs(points[:, axis])), axis] < 0:
            points[:, axis] *= -1
    size = float(np.abs(points).max()) or 1.0
    turn = np.arange(n) * _GOLDEN_ANGLE  # agencies of the same distances must not coincide
    apart = 0.05 * np.column_stack([np.cos(turn), np.sin(turn)])
    return np.asarray(points / size + apart, dtype=np.float32)


def _loosen(points: Floats, neighbours: Sequence[Sequence[int]]) -> Floats:
    """Let ties pull and everybody push until the agencies use the room evenly."""
    n = len(points)
    ideal = np.float32(1 / np.sqrt(n))
    ends = np.array([(node, end) for node in range(n) for end in neighbours[node]], dtype=np.intp).T
    points = points / (np.abs(points).max() or 1)
    for turn in range(_ROUNDS):
        push = _push_apart(points) * ideal**2
        step = points[ends[1]] - points[ends[0]]
        pull = np.zeros_like(points)
        strength = np.linalg.norm(step, axis=1, keepdims=True) / ideal
        for axis in range(2):
            pull[:, axis] = np.bincount(ends[0], (step * strength)[:, axis], minlength=n)
        move = push + pull
        length = np.linalg.norm(move, axis=1, keepdims=True)
        most = np.float32(0.12 * (1 - turn / _ROUNDS))
        points = points + move / np.maximum(length, 1e-9) * np.minimum(length, most)
    return points


def _push_apart(points: Floats) -> Floats:
    """Return for each point Σ (point − other) / distance², about."""
    if len(points) <= _EVERY_PAIR_UP_TO:
        return _push_from(points, points, np.ones(len(points), np.float32), np.float32(1e-5))
    low, high = points.min(0), points.max(0)
    side = float((high - low).max()) / _SQUARES
    squares = np.minimum((points - low) // side, _SQUARES - 1).astype(np.intp)
    _, square, members = np.unique(
        squares @ np.array([_SQUARES, 1]), return_inverse=True, return_counts=True
    )
    middles = np.column_stack([np.bincount(square, points[:, axis]) for axis in range(2)])
    crowds = (middles / members[:, None]).astype(np.float32)
    nearest = np.float32((side / 2) ** 2)  # those of the same square: the grid parts them later
    return _push_from(points, crowds, members.astype(np.float32), nearest)


def _push_from(points: Floats, crowds: Floats, members: Floats, nearest: np.float32) -> Floats:
    """Return the push of crowds of so many members, none from nearer than `nearest` (squared)."""
    across = points[:, 0, None] - crowds[None, :, 0]
    down = points[:, 1, None] - crowds[None, :, 1]
    weights = members / np.maximum(across**2 + down**2, nearest)
    return np.column_stack([(across * weights).sum(1), (down * weights).sum(1)])


def _spread(points: Floats) -> Floats:
    """Turn the long side across and scale to cells: a few free ones for each taken one."""
    middle = points - points.mean(0)
    _, axes = np.linalg.eigh(middle.T @ middle)
    turned = middle @ axes[:, ::-1]
    for axis in range(2):
        if turned[np.argmax(np.abs(turned[:, axis])), axis] < 0:
            turned[:, axis] *= -1
    low, high = np.percentile(turned, [3, 97], axis=0)
    wide, high_ = np.maximum(high - low, 1e-3)
    room = _CELLS_EACH * len(points) * CELL_WIDTH * CELL_HEIGHT
    scale = np.sqrt(room / max(wide * high_, 0.15 * max(wide, high_) ** 2))
    cells = turned * scale / np.array([CELL_WIDTH, CELL_HEIGHT], dtype=np.float32)
    return np.asarray(cells, dtype=np.float32)


def _set_on_cells(points: Floats, order: Sequence[int]) -> dict[int, Cell]:
    """Give each, in `order`, the free cell nearest to its place; the first ones lie exactest."""
    taken: dict[Cell, int] = {}
    for node in order:
        x, y = float(points[node][0]), float(points[node][1])
        taken[_find_free(x, y, taken)] = node
    left = min(column for column, _ in taken)
    top = min(row for _, row in taken)
    return {node: (column - left, row - top) for (column, row), node in taken.items()}


def _find_free(x: float, y: float, taken: Mapping[Cell, int]) -> Cell:
    home = round(x), round(y)
    best: tuple[float, Cell] | None = None
    for ring in count():
        # A cell of this ring is at least ring − 0.5 away: nothing nearer is left to find.
        if best and best[0] <= (ring - 0.5) ** 2:
            return best[1]
        for cell in _list_ring(home, ring):
            if cell not in taken:
                found = ((cell[0] - x) ** 2 + (cell[1] - y) ** 2, cell)
                best = min(best, found) if best else found
    raise AssertionError("a grid has no end")


def _list_ring(home: Cell, ring: int) -> list[Cell]:
    column, row = home
    if ring == 0:
        return [home]
    across = range(column - ring, column + ring + 1)
    down = range(row - ring + 1, row + ring)
    return [
        *((c, r) for c in across for r in (row - ring, row + ring)),
        *((c, r) for r in down for c in (column - ring, column + ring)),
    ]


def _place_alone(nodes: Sequence[int]) -> _Part:
    """Agencies without ties stand in rows of their own."""
    columns = max(1, round((len(nodes) * _ASPECT * CELL_HEIGHT / CELL_WIDTH) ** 0.5))
    return _Part({node: (at % columns, at // columns) for at, node in enumerate(nodes)})


def _set_side_by_side(parts: Sequence[_Part]) -> dict[int, Cell]:
    """Fill rows of parts from left to right, as wide as makes the whole largest on a screen."""
    if not parts:
        return {}
    widest = max(part.width for part in parts)
    sums = accumulate(part.width + _GAP for part in parts[:_MOST_WIDTHS])
    area = sum((part.width + _GAP) * (part.height + _GAP) for part in parts)
    usual = (area * _ASPECT * CELL_HEIGHT / CELL_WIDTH) ** 0.5
    rooms = sorted({max(widest, room) for room in (usual, *sums)})
    return min((_fill_rows(parts, room) for room in rooms), key=_measure_size)


def _fill_rows(parts: Sequence[_Part], room: float) -> dict[int, Cell]:
    cells: dict[int, Cell] = {}
    left = top = tallest = 0
    for part in parts:
        if left and left + part.width > room:
            left, top, tallest = 0, top + tallest + _GAP, 0
        for node, (column, row) in part.cells.items():
            cells[node] = (left + column, top + row)
        left += part.width + _GAP
        tallest = max(tallest, part.height)
    return cells


def _measure_size(cells: Mapping[int, Cell]) -> float:
    """Return the width of the screen's shape that holds the cells."""
    width = max(column for column, _ in cells.values()) + 1
    height = max(row for _, row in cells.values()) + 1
    return max(width * CELL_WIDTH, height * CELL_HEIGHT * _ASPECT)


def _centre(cells: Mapping[str, Cell]) -> dict[str, Place]:
    if not cells:
        return {}
    places = {key: measure_cell(cell) for key, cell in cells.items()}
    across = [x for x, _ in places.values()]
    down = [y for _, y in places.values()]
    middle = (min(across) + max(across)) / 2, (min(down) + max(down)) / 2
    return {key: (x - middle[0], y - middle[1]) for key, (x, y) in places.items()}
