"""What hangs on one agency alone: the network's weak places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx as nx

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class CutPoint:
    """An agency without which others could no longer reach the rest, and those others."""

    organization_id: str
    cut_off: tuple[str, ...]


def find_cut_points(agency_ids: Iterable[str], ties: Iterable[Pair]) -> list[CutPoint]:
    """Return the agencies whose loss cuts others off, most cut off first; [] when there are none.

    Cut off are all of its part of the network but the largest piece that is left (of pieces
    equally large the one with the first id is the rest). Articulation points as in Hopcroft and
    Tarjan (1973).
    """
    network: nx.Graph[str] = nx.Graph()
    network.add_nodes_from(sorted(agency_ids))
    network.add_edges_from(
        sorted(pair for pair in ties if pair[0] != pair[1] and set(pair) <= network.nodes)
    )
    found = [CutPoint(key, _cut_off(network, key)) for key in nx.articulation_points(network)]
    return sorted(found, key=lambda point: (-len(point.cut_off), point.organization_id))


def _cut_off(network: nx.Graph[str], key: str) -> tuple[str, ...]:
    reached = nx.node_connected_component(network, key) - {key}
    pieces = [sorted(piece) for piece in nx.connected_components(network.subgraph(reached))]
    largest = min(pieces, key=lambda piece: (-len(piece), piece))
    return tuple(sorted(reached.difference(largest)))


def find_lone_supporters(supporters: Mapping[str, str | None]) -> dict[str, str]:
    """Return field → agency for each field with one supporter only, of id → field."""
    by_field: dict[str, list[str]] = {}
    for organization_id, field in sorted(supporters.items()):
        if field is not None:
            by_field.setdefault(field, []).append(organization_id)
    return {field: keys[0] for field, keys in by_field.items() if len(keys) == 1}
