"""Requests for help by area and kind of help, told so that no client shows through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

FEW: Final = 5
"""Below so many clients a number is not told, nor how many of them found nobody."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Demand:
    """How many clients asked for a kind of help in an area, and how many of them found nobody.

    `need` is None where the kind of help was not recorded. Both counts are None for fewer than
    `FEW` clients.
    """

    area_id: str
    area_name: str
    need: str | None
    clients: int | None
    unmet: int | None


def count_demand(requests: Iterable[Row]) -> list[Demand]:
    """Return the demand of each area and kind of help from rows of area_requests.

    Each client counts once; one who found somebody in any of their requests is not unmet. The
    largest comes first; those of few clients last, by area, so that their order tells nothing.
    """
    met: dict[tuple[str, str, str | None], dict[str, bool]] = {}
    for row in requests:
        for need in row["needs"] or [None]:
            clients = met.setdefault((row["area_id"], row["area_name"], need), {})
            client = row["client_id"]
            clients[client] = clients.get(client, False) or not row["unmet"]
    return sorted((_tell(*key, clients) for key, clients in met.items()), key=_order)


def _tell(area_id: str, name: str, need: str | None, met: Mapping[str, bool]) -> Demand:
    if len(met) < FEW:
        return Demand(area_id, name, need, None, None)
    return Demand(area_id, name, need, len(met), sum(not found for found in met.values()))


def _order(demand: Demand) -> tuple[int, str, str]:
    return (-(demand.clients or 0), demand.area_id, demand.need or "")
