"""A network as files for other programs: GraphML and GEXF (Gephi, yEd, Cytoscape, igraph), Kumu."""

from __future__ import annotations

import json
from collections.abc import Iterable
from io import BytesIO
from typing import Final

import networkx as nx

from graph.store import Row

Graph = nx.MultiDiGraph

_DIRECTIONS: Final = {"out": "directed", "in": "directed", "both": "mutual", "": "undirected"}


def make_graph(agencies: Iterable[Row], ties: Iterable[Row], name: str) -> Graph[str]:
    """Return the whole network from the answers of `network_agencies` and `network_ties`.

    Attributes: label, kana, field, municipality and role (facility or agency) of a node; kind,
    strength, quality and flow of an edge, source to target. An unknown value is the empty text,
    which GraphML and GEXF can hold. Ties with an agency that is not among `agencies` are left out.
    """
    graph: Graph[str] = nx.MultiDiGraph(name=name)
    for row in agencies:
        graph.add_node(
            row["organization_id"],
            label=row["name"],
            role="facility" if row["keeps_list"] else "agency",
            **{column: row[column] or "" for column in ("kana", "field", "municipality")},
        )
    for row in ties:
        if row["source_id"] in graph and row["target_id"] in graph:
            words = {n: row[n] or "" for n in ("kind", "strength", "quality", "flow")}
            graph.add_edge(row["source_id"], row["target_id"], **words)
    return graph


def write_graphml(graph: Graph[str]) -> bytes:
    """Return the network as GraphML (yEd, Gephi, Cytoscape, igraph)."""
    out = BytesIO()
    nx.write_graphml_xml(graph, out)
    return out.getvalue()


def write_gexf(graph: Graph[str]) -> bytes:
    """Return the network as GEXF 1.2 (Gephi)."""
    out = BytesIO()
    nx.write_gexf(graph, out, version="1.2draft")
    return out.getvalue()


def write_kumu(graph: Graph[str]) -> bytes:
    """Return the network as a Kumu blueprint: elements with ids, connections with a direction.

    A tie on which its target acts is turned round, so that the arrow stands at who receives.
    An element's `type` is its role; every other attribute is a field of the same name.
    Source: Kumu's documentation of JSON blueprints.
    """
    elements = [
        {"id": key, "type": data["role"], **{n: v for n, v in data.items() if n != "role"}}
        for key, data in graph.nodes(data=True)
    ]
    connections = [
        {"id": f"tie-{number}", **_connect(*edge)}
        for number, edge in enumerate(graph.edges(data=True), 1)
    ]
    blueprint = {"elements": elements, "connections": connections}
    return json.dumps(blueprint, ensure_ascii=False, indent=1).encode()


def _connect(source: str, target: str, data: dict[str, str]) -> dict[str, str]:
    flow = data["flow"]
    ends = (target, source) if flow == "in" else (source, target)
    words = {name: value for name, value in data.items() if name != "kind"}
    return {
        "from": ends[0],
        "to": ends[1],
        "direction": _DIRECTIONS[flow],
        "type": data.get("kind", ""),
        **words,
    }
