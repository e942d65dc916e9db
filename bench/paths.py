"""The five best paths among 200,000 agencies and 1,000,000 referrals, beside other ways.

    python -m bench.paths folder [agencies referrals]

First from question to answer, as the page does it, in turn with the best that bare Cypher does:
one query that ranks every chain by its cost, and `SHORTEST 5` to each helper. Then the computing
alone, on one projection of the graph in memory, beside networkx and, where they are installed,
igraph and rustworkx (which gives the cost of a fifth path only, not the paths). Each answer's costs
are compared with those of networkx. Goal: at most twice the fastest. The folder keeps the graph.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from itertools import islice, pairwise
from typing import Any, Final

import neo4j
import networkx as nx

import queries
from bench.large_graph import Size, build, name_agency, name_town, open_driver, read_size
from graph.analysis.path_search import explore, find_best_paths, list_arcs
from graph.analysis.path_weights import Step, Weights, read_step, weigh_step
from graph.engine import server
from graph.store import Store

DAY: Final = date(2022, 10, 4)
COUNT: Final = 5
QUESTIONS: Final = 8
LENGTHS: Final = (2, 3, 4)
IN_MEMORY: Final = 6  # steps allowed where the others know no limit
GOAL: Final = 2.0
BARE_LIMIT_S: Final = 5.0  # a bare query that takes longer is stopped and counts as so long
PROJECTION_LIMIT_S: Final = 600.0  # reading a million referrals, once
SINK: Final = "~"

# Dearer by status only: what one query can weigh without looking at pairs of agencies.
BARE_RANKED: Final = """
MATCH (a:Organization {{organization_id: $start}})
MATCH path = (a) (()-[:SENT]->(r:Referral)-[:RECEIVED_BY]->()){{1,{longest}}}
  (b:Organization)-[:SERVES]->(:Area {{area_id: $town}})
WITH [n IN nodes(path) WHERE n:Organization | n.organization_id] AS stops,
  reduce(sum = 0.0, one IN r | sum + CASE
    WHEN one.status IN ['accepted', 'got_help', 'referred_on', 'closed'] THEN 1.0 ELSE 1.5 END
  ) AS cost
WHERE all(i IN range(0, size(stops) - 1) WHERE NOT stops[i] IN stops[i + 1..])
RETURN stops, min(cost) AS cost ORDER BY cost, size(stops), stops LIMIT 5
"""
BARE_SHORTEST: Final = """
MATCH (a:Organization {{organization_id: $start}})
MATCH (b:Organization)-[:SERVES]->(:Area {{area_id: $town}})
MATCH path = SHORTEST 5 (a) (()-[:SENT]->(:Referral)-[:RECEIVED_BY]->()){{1,{longest}}} (b)
WITH [n IN nodes(path) WHERE n:Organization | n.organization_id] AS stops
RETURN DISTINCT stops, size(stops) AS length ORDER BY length, stops LIMIT 5
"""
PROJECTION: Final = """
MATCH (a:Organization)-[:SENT]->(r:Referral)-[:RECEIVED_BY]->(b:Organization)
WHERE a <> b AND r.notified_on <= $as_of
RETURN a.organization_id AS first, b.organization_id AS second, count(r) AS sent,
  count(CASE WHEN r.status IN ['accepted', 'got_help', 'referred_on'] THEN 1 END) AS taken,
  count(CASE WHEN r.status IN ['no_capacity', 'not_eligible', 'declined_by_client', 'lost']
    THEN 1 END) AS stopped
"""

Arcs = dict[str, dict[str, int]]
Costs = list[int]


@dataclass(frozen=True, slots=True)
class Question:
    """From which agency to whoever serves which town."""

    start: str
    town: str
    targets: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pair:
    """A step in memory."""

    first: str
    second: str


class Projection:
    """The whole graph as each library wants it; the sink stands behind all helpers of a town."""

    def __init__(self, arcs: Arcs) -> None:
        self.arcs = arcs
        self.back: dict[str, list[str]] = {}
        for first, onward in arcs.items():
            for second in onward:
                self.back.setdefault(second, []).append(first)

    def read(
        self, ids: Sequence[str], *, backward: bool, others: Sequence[str], limit: int
    ) -> list[Pair]:
        """Answer as the database would."""
        ends = frozenset(others)
        if backward:
            pairs = (Pair(far, near) for near in ids for far in self.back.get(near, ())
                     if not ends or far in ends)  # fmt: skip
        else:
            pairs = (Pair(near, far) for near in ids for far in self.arcs.get(near, ())
                     if not ends or far in ends)  # fmt: skip
        return list(islice(pairs, limit))


def main() -> None:
    """Build the graph where it does not stand, and print both comparisons."""
    os.environ["TSUNAGI_DATA_DIR"] = sys.argv[1]
    size = read_size(sys.argv[2:])
    build(server.ensure_running(), size)
    server.stop(force=True)  # a server that starts on much data takes more memory
    connection = server.ensure_running()
    try:
        with (
            Store.at(connection) as store,
            open_driver(connection) as driver,
        ):
            asked = list_questions(size)
            for longest in LENGTHS:
                compare_with_cypher(store, driver, asked, longest)
            compare_in_memory(Projection(read_projection(driver)), asked)
    finally:
        server.stop(force=True)


def list_questions(size: Size) -> list[Question]:
    """Return the questions: starts from hub to rare, towns near and far."""
    dice = random.Random(3)  # noqa: S311 - the same questions every time, no secret
    asked = []
    for _ in range(QUESTIONS):
        start = int(size.agencies * dice.random() ** 2.2)
        town = dice.choice([start % size.towns, dice.randrange(size.towns)])
        helpers = frozenset(map(name_agency, range(town, size.agencies, size.towns)))
        asked.append(Question(name_agency(start), name_town(town), helpers))
    return asked


def compare_with_cypher(
    store: Store, driver: neo4j.Driver, asked: Sequence[Question], longest: int
) -> None:
    """Print the milliseconds from question to answer, ours and bare, and their ratio."""
    ranked, shortest = (
        partial(ask_bare, driver, text.format(longest=longest))
        for text in (BARE_RANKED, BARE_SHORTEST)
    )
    ways: dict[str, Callable[[Question], object]] = {
        "ours": partial(search, store, longest),
        "bare, ranked": ranked,
        "bare, SHORTEST 5": shortest,
    }
    print_ways(f"{longest} steps", measure(ways, asked))


def search(store: Store, longest: int, question: Question) -> Costs:
    """Search as the page does."""
    rows = queries.ask(store, "path_helpers", area_id=question.town, as_of=DAY)
    targets = {row["organization_id"] for row in rows} - {question.start}

    def read(
        ids: Sequence[str], *, backward: bool, others: Sequence[str], limit: int
    ) -> list[Step]:
        answer = queries.ask(
            store, "path_steps", organization_ids=list(ids), others=list(others),
            backward=backward, as_of=DAY, limit=limit,
        )  # fmt: skip
        return [read_step(row) for row in answer]

    explored = explore(read, question.start, targets, longest)
    weights = Weights()
    arcs = list_arcs((s.first, s.second, weigh_step(s, weights).total) for s in explored.steps)
    found = find_best_paths(arcs, question.start, targets, longest=longest, count=COUNT)
    if not (explored.complete and found.complete):
        print(f"paths  cut short: {question.start} → {question.town}")
    return [path.cost for path in found.paths]


def ask_bare(driver: neo4j.Driver, cypher: str, question: Question) -> object:
    """Ask bare Cypher; None when its time is up."""
    values = {"start": question.start, "town": question.town}
    query = neo4j.Query(cypher, timeout=BARE_LIMIT_S)
    try:
        return driver.execute_query(query, values, routing_=neo4j.RoutingControl.READ).records
    except neo4j.exceptions.Neo4jError:
        return None


def read_projection(driver: neo4j.Driver) -> Arcs:
    """Read the whole graph: agency → agency → cost."""
    begun = time.perf_counter()
    weights = Weights()
    steps = []
    with driver.session() as session:
        for row in session.run(neo4j.Query(PROJECTION, timeout=PROJECTION_LIMIT_S), as_of=DAY):
            step = Step(
                row["first"], row["second"], row["sent"], row["taken"], row["stopped"],
                None, None, None, None, None, (), "",
            )  # fmt: skip
            steps.append((step.first, step.second, weigh_step(step, weights).total))
    print(f"paths  {len(steps):,} pairs projected in {time.perf_counter() - begun:.1f} s")
    return list_arcs(steps)


def compare_in_memory(projection: Projection, asked: Sequence[Question]) -> None:
    """Print the milliseconds of computing alone, and whether all costs are those of networkx."""
    ways: dict[str, Callable[[Question], Costs]] = {
        "ours": partial(search_projection, projection),
        "networkx": make_networkx(projection.arcs),
    }
    for name, make in (("igraph", make_igraph), ("rustworkx", make_rustworkx)):
        if find_spec(name):
            ways[name] = make(projection.arcs)
        else:
            print(f"paths  {name} is not installed")
    told: dict[tuple[str, Question], Costs] = {}

    def remember(name: str, question: Question) -> None:
        told[name, question] = ways[name](question)

    print_ways("in memory", measure({name: partial(remember, name) for name in ways}, asked))
    alike = [told["ours", one] == told["networkx", one] for one in asked]
    print(f"paths  in memory ours and networkx agree on {sum(alike)} of {len(alike)} questions")


def search_projection(projection: Projection, question: Question) -> Costs:
    """Search in memory as we do over the database."""
    targets = question.targets - {question.start}
    explored = explore(projection.read, question.start, targets, IN_MEMORY, 1_000_000)
    arcs = list_arcs((s.first, s.second, projection.arcs[s.first][s.second])
                     for s in explored.steps)  # fmt: skip
    found = find_best_paths(arcs, question.start, targets, longest=IN_MEMORY, count=COUNT)
    return [path.cost for path in found.paths]


def make_networkx(arcs: Arcs) -> Callable[[Question], Costs]:
    """Return the search of networkx: Yen's algorithm over a bidirectional Dijkstra."""
    whole: nx.DiGraph[str] = nx.DiGraph()
    whole.add_weighted_edges_from(
        (first, second, cost) for first, onward in arcs.items() for second, cost in onward.items()
    )
    # An edge to the sink costs nothing and is taken away again: that is not what is measured.

    def find(question: Question) -> Costs:
        edges = [(target, SINK) for target in question.targets - {question.start}]
        whole.add_edges_from(edges, weight=0)
        try:
            paths = nx.shortest_simple_paths(whole, question.start, SINK, "weight")
            return [sum(whole[x][y]["weight"] for x, y in pairwise(path))
                    for path in islice(paths, COUNT)]  # fmt: skip
        except (nx.NetworkXNoPath, nx.NodeNotFound):
            return []
        finally:
            whole.remove_edges_from(edges)

    return find


def make_igraph(arcs: Arcs) -> Callable[[Question], Costs]:
    """Return the search of igraph: Yen's algorithm in C."""
    igraph: Any = import_module("igraph")
    numbers, edges = _number(arcs)
    sink = len(numbers)
    whole = igraph.Graph(sink + 1, [edge[:2] for edge in edges], directed=True)
    costs = [cost for _, _, cost in edges]

    def find(question: Question) -> Costs:
        ends = [(numbers[t], sink) for t in question.targets - {question.start} if t in numbers]
        whole.add_edges(ends)
        weights = [*costs, *[0] * len(ends)]
        try:
            paths = whole.get_k_shortest_paths(
                numbers[question.start], sink, k=COUNT, weights=weights, output="epath"
            )
            return [round(sum(weights[edge] for edge in path)) for path in paths]
        finally:
            whole.delete_edges(list(range(len(costs), len(weights))))

    return find


def make_rustworkx(arcs: Arcs) -> Callable[[Question], Costs]:
    """Return the search of rustworkx: the cost of the fifth way, which may pass one twice."""
    rustworkx: Any = import_module("rustworkx")
    numbers, edges = _number(arcs)
    whole = rustworkx.PyDiGraph()
    whole.add_nodes_from(list(numbers))
    sink = whole.add_node(SINK)
    whole.add_edges_from(edges)

    def find(question: Question) -> Costs:
        targets = question.targets - {question.start}
        ends = [(numbers[target], sink, 0) for target in targets if target in numbers]
        whole.add_edges_from(ends)
        try:
            lengths = rustworkx.digraph_k_shortest_path_lengths(
                whole, numbers[question.start], COUNT, float, goal=sink
            )
            return [round(lengths[sink])] if sink in lengths else []
        finally:
            whole.remove_edges_from([end[:2] for end in ends])

    return find


def _number(arcs: Arcs) -> tuple[dict[str, int], list[tuple[int, int, int]]]:
    names = sorted({*arcs, *(second for onward in arcs.values() for second in onward)})
    numbers = {name: number for number, name in enumerate(names)}
    edges = [
        (numbers[first], numbers[second], cost)
        for first, onward in arcs.items()
        for second, cost in onward.items()
    ]
    return numbers, edges


def measure(
    ways: Mapping[str, Callable[[Question], object]], asked: Sequence[Question]
) -> dict[str, list[float]]:
    """Return the milliseconds of each way for each question, after one that warms up.

    The ways take turns, so that a busy spell of the machine hits all alike.
    """
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for number, question in enumerate([*asked[:1], *asked]):
        for name, way in ways.items():
            begun = time.perf_counter()
            way(question)
            if number:
                spent[name].append((time.perf_counter() - begun) * 1000)
    return spent


def print_ways(what: str, spent: dict[str, list[float]]) -> None:
    """Print each way's milliseconds, and how ours stands to the fastest of the others."""
    for name, times in spent.items():
        print(f"paths  {what:<9} {name:<17} median {statistics.median(times):9.1f} ms"
              f"  worst {max(times):9.1f} ms")  # fmt: skip
    others = [times for name, times in spent.items() if name != "ours"]
    fastest = min(statistics.median(times) for times in others)
    ratio = statistics.median(spent["ours"]) / fastest
    print(f"paths  {what:<9} ours ÷ the fastest other: {ratio:.2f}  goal ≤ {GOAL:g}", flush=True)


if __name__ == "__main__":
    main()
