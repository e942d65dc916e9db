"""Requests for help by area and field or kind of help, told so that no client catches the eye.

The reader works in the facility: the page shows this to who has the right see_statistics, which
are coordinators, who may see the clients themselves, and planners, who may not. Nothing of it
leaves the facility; for what does, the stricter rule is that of `graph.analysis.suppression`.

What is hidden here is what somebody would come upon by looking: a number of so few clients that
the area and the kind of help say who is meant. What stays possible for a planner who wants to know
is to take the counts of two windows from each other, one within the other (6 in all years and 5 in
three say one of before), and to read that 1 of 5 found nobody. Hiding that would protect nobody as
long as the same right tells every referral's chain and status (referral_chains,
referral_outcomes) and the rows counted here (area_requests); it would only take the demand of
small areas, which are most, from the plan. Where such tables are printed, they are to be told as
`suppression` tells counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

LEAST_SHOWN: Final = 5
"""Below so many clients a number is not shown, nor how many of them found nobody."""

By = Literal["field", "support"]
Row = Mapping[str, Any]
Key = tuple[str, str, str | None]
Clients = dict[int, bool]
"""Client → whether somebody took them on."""

_COLUMNS: Final[Mapping[By, str]] = {"field": "fields", "support": "needs"}


@dataclass(frozen=True, slots=True)
class Demand:
    """How many clients asked for help of a category in an area, and how many found nobody.

    `category` is a field or a kind of help, None where it was not recorded. Counts are None for 1
    to `LEAST_SHOWN` - 1 clients; `unmet` is None then too. `before` counts the time before.
    """

    area_id: str
    area_name: str
    category: str | None
    clients: int | None
    unmet: int | None
    before: int | None = 0


def count_demand(
    requests: Iterable[Row], by: By = "support", before: Iterable[Row] = ()
) -> list[Demand]:
    """Return the demand of each area and category from rows of area_requests.

    `by` says whether the kinds of help or the fields of the agencies asked are the categories;
    `before` are the rows of the window before, for the growth. Each client counts once; one who
    found somebody in any of their requests is not unmet. The largest comes first; those of few
    clients last, by area, so that their order tells nothing. What was asked for only before is not
    told.
    """
    earlier = _group(before, by)
    found = (
        _tell(key, clients, len(earlier.get(key, ())))
        for key, clients in _group(requests, by).items()
    )
    return sorted(found, key=_order)


def _group(requests: Iterable[Row], by: By) -> dict[Key, Clients]:
    groups: dict[Key, Clients] = {}
    for row in requests:
        for category in row[_COLUMNS[by]] or [None]:
            clients = groups.setdefault((row["area_id"], row["area_name"], category), {})
            client = row["person"]
            clients[client] = clients.get(client, False) or not row["unmet"]
    return groups


def _tell(key: Key, met: Clients, before: int) -> Demand:
    clients = _hide_few(len(met))
    unmet = None if clients is None else sum(not found for found in met.values())
    return Demand(*key, clients, unmet, _hide_few(before))


def _hide_few(count: int) -> int | None:
    return None if 0 < count < LEAST_SHOWN else count


def _order(demand: Demand) -> tuple[int, str, str]:
    return (-(demand.clients or 0), demand.area_id, demand.category or "")
