"""Measures of a network of agencies, from exactly the ties that are passed.

Direction, strength and parallel ties do not count: two agencies are tied or they are not, and a
tie of an agency to itself is no tie. Formulas: Freeman, "Centrality in social networks" (1979);
Blondel et al., "Fast unfolding of communities in large networks" (2008); articulation points as
in Hopcroft and Tarjan (1973).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import networkx as nx

Pair = tuple[str, str]

EXACT_UP_TO: Final = 500
"""Betweenness looks at the shortest paths from every agency up to so many agencies."""
PIVOTS: Final = 100
"""Above that it is estimated from the paths of so many agencies, the same ones every time."""
NO_AGENCY_TIES: Final = "no_agency_ties"
_SEED: Final = 0


@dataclass(frozen=True, slots=True)
class AgencyMeasures:
    """One agency's place in the network.

    Attributes:
        degree: number of agencies it is tied to.
        betweenness: share of the shortest paths between two others that pass it, 0 to 1.
        broker: true when without it some of the others could no longer reach each other.
        community: number of its group, 1 for the largest; None for an agency without ties.
    """

    organization_id: str
    degree: int
    betweenness: float
    broker: bool
    community: int | None


@dataclass(frozen=True, slots=True)
class Cohesion:
    """How closely `n` agencies are tied to each other by `ties` pairs.

    Density is 2·ties / (n·(n−1)). Centralization is Σ(largest degree − degree) / ((n−1)·(n−2)):
    0 when all have as many ties, 1 for a star. Both are None when `code` says why they tell
    nothing (`NO_AGENCY_TIES`); centralization also for fewer than three agencies.
    """

    n: int
    ties: int
    density: float | None
    centralization: float | None
    code: str | None


@dataclass(frozen=True, slots=True)
class NetworkMeasures:
    """The measures of a network of `n` agencies and `ties` tied pairs.

    Attributes:
        pivots: from how many agencies betweenness was estimated; None when it is exact.
        agencies: in order of their ids.
        communities: number of groups of at least two agencies.
        modularity: how clear-cut the groups are, −0.5 to 1; None without ties.
        cohesion: among the agencies that are left when the egos are taken out.
    """

    n: int
    ties: int
    pivots: int | None
    agencies: tuple[AgencyMeasures, ...]
    communities: int
    modularity: float | None
    cohesion: Cohesion


def measure_network(
    agency_ids: Iterable[str], ties: Iterable[Pair], egos: Collection[str] = ()
) -> NetworkMeasures:
    """Measure the network of `agency_ids`; ties to anybody else are left out.

    The answer does not depend on the order of its input. No agencies give zeros and None.

    Args:
        agency_ids: every agency of the network, also those without ties.
        ties: pairs of ids, in any direction, repeated or not.
        egos: the facilities whose networks are collected; they are tied to nearly everybody, so
            cohesion is measured without them.
    """
    ids = sorted(set(agency_ids))
    network = _make_graph(ids, ties)
    pivots = PIVOTS if len(ids) > EXACT_UP_TO else None
    betweenness = nx.betweenness_centrality(network, k=pivots, seed=_SEED)
    brokers = set(nx.articulation_points(network))
    groups = _find_communities(network)
    community = {node: number for number, group in enumerate(groups, 1) for node in group}
    return NetworkMeasures(
        n=len(ids),
        ties=network.number_of_edges(),
        pivots=pivots,
        agencies=tuple(
            AgencyMeasures(
                ids[node], degree, betweenness[node], node in brokers, community.get(node)
            )
            for node, degree in network.degree()
        ),
        communities=len(groups),
        modularity=_measure_modularity(network, groups),
        cohesion=_measure_cohesion(network, {ids.index(ego) for ego in egos if ego in ids}),
    )


def find_neighbourhood(ties: Iterable[Pair], centre: str, steps: int) -> frozenset[str]:
    """Return `centre` and everybody within so many ties of it."""
    neighbours: dict[str, set[str]] = {}
    for one, other in ties:
        neighbours.setdefault(one, set()).add(other)
        neighbours.setdefault(other, set()).add(one)
    reached = {centre}
    for _ in range(steps):
        reached |= {end for one in reached for end in neighbours.get(one, ())}
    return frozenset(reached)


def _make_graph(ids: Sequence[str], ties: Iterable[Pair]) -> nx.Graph[int]:
    # Numbers, not ids: the order of a set of texts changes from process to process, and with it
    # the communities.
    numbers = {organization_id: number for number, organization_id in enumerate(ids)}
    pairs = {
        (min(numbers[one], numbers[other]), max(numbers[one], numbers[other]))
        for one, other in ties
        if one != other and one in numbers and other in numbers
    }
    network: nx.Graph[int] = nx.Graph()
    network.add_nodes_from(range(len(ids)))
    network.add_edges_from(sorted(pairs))
    return network


def _find_communities(network: nx.Graph[int]) -> list[list[int]]:
    """Return the groups of at least two agencies, largest first."""
    found = nx.community.louvain_communities(network, seed=_SEED)
    groups = [sorted(group) for group in found if len(group) > 1]
    return sorted(groups, key=lambda group: (-len(group), group))


def _measure_modularity(network: nx.Graph[int], groups: Sequence[Sequence[int]]) -> float | None:
    if not network.number_of_edges():
        return None
    alone = [{node} for node, degree in network.degree() if degree == 0]
    return float(nx.community.modularity(network, [*map(set, groups), *alone]))


def _measure_cohesion(network: nx.Graph[int], egos: Collection[int]) -> Cohesion:
    rest = network.subgraph([node for node in network if node not in egos])
    n, ties = rest.number_of_nodes(), rest.number_of_edges()
    if not ties:
        return Cohesion(n, 0, None, None, NO_AGENCY_TIES)
    degrees = [degree for _, degree in rest.degree()]
    spread = sum(max(degrees) - degree for degree in degrees)
    centralization = spread / ((n - 1) * (n - 2)) if n > 2 else None
    return Cohesion(n, ties, nx.density(rest), centralization, None)
