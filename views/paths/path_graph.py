"""Chains of agencies as one graph that can be moved and enlarged, left to right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from graph.pictures.model import EcomapTie
from graph.pictures.network import Network, NetworkAgency, make_network_picture
from graph.pictures.path_picture import place_chains
from graph.store import Row
from views.choices import choose_one
from views.frame import Context
from views.network.component import show_network

VIEWS: Final = ("chips", "graph")
Agencies = Mapping[str, Row]


@dataclass(frozen=True, slots=True)
class Join:
    """A step as a line: from whom to whom, how strong and of which quality."""

    first: str
    second: str
    strength: str = "normal"
    quality: str = "good"


def choose_view(context: Context) -> str:
    """Draw the choice between chips with tables and one graph."""
    return choose_one(
        context.say("paths.view.title"),
        VIEWS,
        VIEWS[0],
        lambda code: context.say(f"paths.view.{code}"),
        "view",
    )


def read_agencies(context: Context, ids: Iterable[str]) -> Agencies:
    """Return id → name, short name, field and planned contacts of these agencies."""
    rows = context.ask("path_agencies", organization_ids=sorted(set(ids)))
    return {row["organization_id"]: row for row in rows}


def show_graph(
    context: Context,
    agencies: Agencies,
    chains: Sequence[Sequence[str]],
    joins: Iterable[Join],
) -> None:
    """Draw the chains as one graph; an agency that several pass stands there once."""
    network = Network(
        title=context.say("paths.view.graph"),
        as_of=context.as_of,
        agencies=tuple(
            NetworkAgency(
                key, row["name"], row["short_name"], row["field"], key == context.facility_id
            )
            for key, row in agencies.items()
        ),
        ties=tuple(
            EcomapTie(join.first, join.second, join.strength, join.quality, "out") for join in joins
        ),
        look="internal",
        places=place_chains(chains),
    )
    show_network(
        make_network_picture(network, partial(_say, context)),
        key="path_graph",
        language=context.language,
        on_choose=_stay,
    )


def _say(context: Context, key: str, **values: object) -> str:
    return context.say(key, **values)


def _stay() -> None:
    """A click on an agency marks it in the picture; nothing else follows."""
