"""The best chains of agencies from a start to a destination: what to read, and the k best of it.

Pure: `explore` asks a reader for steps and nothing else, `find_best_paths` computes. Costs are
whole numbers (thousandths), so that sums are exact and equal costs are equal.

The search is best first over chains without repetition, guided by the exact least cost of getting
from an agency to a target in the steps that are left (the potential of A*, computed backward from
all targets at once; Hart, Nilsson and Raphael 1968). Unlike Yen's algorithm it needs no search of
its own for each chain that comes next, and takes a limit of steps and a stop on the way as is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Final, Generic, Protocol, TypeVar

MOST_STEPS: Final = 20_000
"""As many steps are read for one search; then it goes on with what it has and says so."""

MOST_TRIES: Final = 50_000
"""As many chains are begun in one search; then it ends with what it has and says so."""

# Cost and number of steps in one number: the cheapest first, among those the shortest.
_COST_UNIT: Final = 1 << 16

Arcs = Mapping[str, Mapping[str, int]]
"""Agency → next agency → cost of the step in thousandths."""

Room = dict[str, int]


class Joins(Protocol):
    """A step: from whom to whom."""

    @property
    def first(self) -> str:
        """Id of the agency it leads from."""

    @property
    def second(self) -> str:
        """Id of the agency it leads to."""


S = TypeVar("S", bound=Joins)
S_co = TypeVar("S_co", bound=Joins, covariant=True)


class Reader(Protocol[S_co]):
    """Answers which steps there are."""

    def __call__(
        self, ids: Sequence[str], *, backward: bool, others: Sequence[str], limit: int
    ) -> Sequence[S_co]:
        """Return at most `limit` steps from `ids` (backward: to `ids`), always the same ones.

        With `others` only those whose other end is one of them.
        """


@dataclass(frozen=True, slots=True)
class Explored(Generic[S]):
    """Every step that a chain of the asked length can use; `complete` unless the limit was hit."""

    steps: tuple[S, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Path:
    """A chain of agencies, both ends included, and what it costs in thousandths."""

    cost: int
    stops: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The best chains; `complete` unless the limit was hit, then better ones may be missing."""

    paths: tuple[Path, ...]
    complete: bool


@dataclass(slots=True)
class _Side:
    """What is known from one end: everybody within `radius` steps, the outermost as `edge`."""

    backward: bool
    known: set[str]
    edge: list[str]


@dataclass(slots=True)
class _Reading(Generic[S]):
    """The steps read so far, each pair once, and how many more may be read."""

    reader: Reader[S]
    most: int
    steps: dict[tuple[str, str], S] = field(default_factory=dict)
    complete: bool = True

    def read(self, side: _Side, others: Sequence[str] = ()) -> Sequence[S]:
        """Return the steps from the edge of a side; too many of them end the reading."""
        left = self.most - len(self.steps)
        read = self.reader(side.edge, backward=side.backward, others=others, limit=left + 1)
        self.complete = len(read) <= left
        self.steps.update(((step.first, step.second), step) for step in read[:left])
        return read[:left]


def explore(
    reader: Reader[S],
    start: str,
    targets: Collection[str],
    longest: int,
    most: int = MOST_STEPS,
) -> Explored[S]:
    """Read the steps of every chain of at most `longest` steps from `start` to a target.

    Reads from both ends, always where fewer agencies stand, and at last only between the two
    edges: the ball around a start doubles its radius where the two balls in the middle do not.
    Without targets nothing is read. Each pair is read once.
    """
    ahead = _Side(False, {start}, [start])
    behind = _Side(True, set(targets), sorted(targets))
    reading = _Reading(reader, most)
    for _ in range(longest - 1):
        side = min(ahead, behind, key=lambda one: len(one.edge))
        if not side.edge or not reading.complete:
            break
        _widen(side, reading.read(side))
    if reading.complete and ahead.edge and behind.edge:
        side, other = sorted((ahead, behind), key=lambda one: len(one.edge))
        reading.read(side, other.edge)
    return Explored(tuple(reading.steps.values()), reading.complete)


def explore_around(
    reader: Reader[S],
    start: str,
    radius: int,
    *,
    backward: bool = False,
    most: int = MOST_STEPS,
) -> Explored[S]:
    """Read the steps of every chain of at most `radius` steps from `start` (backward: to it)."""
    side = _Side(backward, {start}, [start])
    reading = _Reading(reader, most)
    for _ in range(radius):
        if side.edge and reading.complete:
            _widen(side, reading.read(side))
    return Explored(tuple(reading.steps.values()), reading.complete)


def _widen(side: _Side, steps: Iterable[Joins]) -> None:
    reached = {step.first if side.backward else step.second for step in steps} - side.known
    side.known |= reached
    side.edge = sorted(reached)


def list_arcs(steps: Iterable[tuple[str, str, int]]) -> dict[str, dict[str, int]]:
    """Return the steps (from, to, cost) as arcs: the cheapest of parallel ones, none to itself.

    Raises:
        ValueError: a cost is below nothing.
    """
    arcs: dict[str, dict[str, int]] = {}
    for first, second, cost in steps:
        if cost < 0:
            raise ValueError("a step cannot cost less than nothing")
        if first != second:
            onward = arcs.setdefault(first, {})
            onward[second] = min(cost, onward.get(second, cost))
    return arcs


def find_best_paths(
    arcs: Arcs,
    start: str,
    targets: Set[str],
    *,
    longest: int,
    count: int,
    through: Set[str] = frozenset(),
    most: int = MOST_TRIES,
) -> Found:
    """Return the `count` cheapest chains from `start` to any target, of at most `longest` steps.

    No chain passes an agency twice; one may pass a target on its way to another. With `through`
    a chain passes one of these (its ends count). Of equal costs the shorter one comes first, then
    by ids. `start` itself is never a target. No path at all is an empty answer.

    Time: a chain that is begun costs its onward steps times their logarithm; on sparse graphs
    about `count` · `longest` are begun, at worst (many chains that bite their own tail) `most`.
    """
    return _Search(arcs, start, targets - {start}, through).run(longest, count, most)


class _Search:
    """One search: potentials by steps left, once for chains that still have to pass a stop."""

    def __init__(self, arcs: Arcs, start: str, targets: Set[str], through: Set[str]) -> None:
        self.arcs = arcs
        self.start = start
        self.targets = targets
        self.through = through

    def run(self, longest: int, count: int, most: int) -> Found:
        """Take the most promising begun chain, again and again; one that arrived is the next."""
        arrived: list[Path] = []
        rooms = _measure_rooms(self.arcs, self.targets, self.through, longest)
        begun: list[tuple[int, tuple[str, ...], int, bool]] = []
        in_need = bool(self.through) and self.start not in self.through
        if (least := rooms[in_need][longest].get(self.start)) is not None:
            heappush(begun, (least, (self.start,), 0, in_need))
        tries = 0
        while begun and len(arrived) < count:
            if tries >= most:
                return Found(tuple(arrived), False)
            tries += 1
            _, stops, spent, need = heappop(begun)
            if stops[-1] == _ARRIVED:
                arrived.append(Path(spent // _COST_UNIT, stops[:-1]))
                continue
            for entry in self._go_on(rooms, longest, stops, spent, need):
                heappush(begun, entry)
        return Found(tuple(arrived), True)

    def _go_on(
        self,
        rooms: Mapping[bool, Sequence[Room]],
        longest: int,
        stops: tuple[str, ...],
        spent: int,
        need: bool,
    ) -> Iterator[tuple[int, tuple[str, ...], int, bool]]:
        """Yield the chain as it is, if it has arrived, and with each possible next agency."""
        here = stops[-1]
        if here in self.targets and not need:
            yield spent, (*stops, _ARRIVED), spent, need
        left = longest - len(stops)
        if left < 0:
            return
        for other, cost in self.arcs.get(here, {}).items():
            still = need and other not in self.through
            least = rooms[still][left].get(other)
            if least is not None and other not in stops:
                paid = spent + cost * _COST_UNIT + 1
                yield paid + least, (*stops, other), paid, still


# Sorts before every id, so that of two chains of one cost the one that ends comes first.
_ARRIVED: Final = ""


def _measure_rooms(
    arcs: Arcs, targets: Set[str], through: Set[str], longest: int
) -> dict[bool, list[Room]]:
    """Return for chains that need no stop, and that need one, by steps left: agency → least cost.

    Who cannot arrive in that many steps is missing. Bellman's equation, one step at a time, over
    the agencies whose least cost changed by the last one.
    """
    back: dict[str, list[tuple[str, int]]] = {}
    for first, onward in arcs.items():
        for second, cost in onward.items():
            back.setdefault(second, []).append((first, cost * _COST_UNIT + 1))
    free = _step_back(back, [dict.fromkeys(targets, 0)], longest)
    if not through:
        return {False: free, True: free}
    # Whoever is a stop needs none any more: there the need begins with what is free.
    gates = [{stop: room[stop] for stop in through if stop in room} for room in free]
    needy: list[Room] = [{}]
    for left in range(1, longest + 1):
        room = dict(needy[-1])
        for at in (gates[left - 1], needy[-1]):
            _relax(back, at, at, room)
        needy.append(room)
    return {False: free, True: needy}


def _step_back(
    back: Mapping[str, Sequence[tuple[str, int]]], rooms: list[Room], longest: int
) -> list[Room]:
    changed: Collection[str] = rooms[0]
    for _ in range(longest):
        room = dict(rooms[-1]) if changed else rooms[-1]
        changed = _relax(back, changed, rooms[-1], room)
        rooms.append(room)
    return rooms


def _relax(
    back: Mapping[str, Sequence[tuple[str, int]]],
    changed: Collection[str],
    before: Room,
    room: Room,
) -> set[str]:
    """Lower in `room` whoever leads to one of `changed`; return them."""
    lowered: set[str] = set()
    for second in changed:
        for first, cost in back.get(second, ()):
            total = before[second] + cost
            if total < room.get(first, total + 1):
                room[first] = total
                lowered.add(first)
    return lowered
