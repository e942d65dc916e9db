"""Places of the whole network in the graph: the same for every process, and nobody moves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import neo4j

from graph.store import Store
from loaders.network_places import keep_cells
from tests.builders import agencies, write

IDS = [f"o{number:02}" for number in range(24)]
TIES = [(IDS[n], IDS[n // 2]) for n in range(1, 24)]


def test_the_next_process_finds_the_places_and_a_newcomer_moves_nobody(store: Store) -> None:
    write(store, agencies(*IDS))
    first = keep_cells(store, IDS[:20], TIES)
    assert set(first) == set(IDS[:20])
    assert keep_cells(store, IDS[:20], []) == first  # whatever the ties are now
    second = keep_cells(store, IDS, TIES)
    assert set(second) == set(IDS)
    assert {key: second[key] for key in first} == first
    assert keep_cells(store, IDS[:3], TIES) == second
    assert keep_cells(store, IDS, TIES, anew=True) == keep_cells(store, IDS, TIES) != second


def test_who_gives_places_at_the_same_time_gives_no_cell_twice(
    store: Store, raw: neo4j.Driver
) -> None:
    write(store, agencies(*IDS))
    keep_cells(store, IDS[:4], TIES)
    parts = [IDS[: 4 + 5 * part] for part in range(1, 5)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda part: keep_cells(store, part, TIES), parts))
    cells = keep_cells(store, IDS, TIES)
    assert set(cells) == set(IDS)
    assert len(set(cells.values())) == len(IDS)
    count = "MATCH (:NetworkLayout)-[p:POSITIONS]->() RETURN count(p) AS n"
    assert raw.execute_query(count).records[0]["n"] == len(IDS)
