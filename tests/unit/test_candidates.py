"""Who could fill which empty cell."""

from __future__ import annotations

from graph.analysis.candidates import Row, fill_cells, list_empty_cells


def cell(area: str, state: str, field: str = "medical") -> Row:
    return {"area_id": area, "area_name": f"市{area}", "category": field, "state": state}


def candidate(area: str, key: str, *, serves: bool = False, field: str = "medical") -> Row:
    return {
        "area_id": area, "category": field, "organization_id": key, "serves": serves, "found": 9,
    }  # fmt: skip


def test_only_cells_without_anybody_are_empty() -> None:
    states = ("unknown", "none", "known", "listed", "explained", "silent", "single", "covered")
    cells = [cell(str(n), state) for n, state in enumerate(states)]
    assert [one["state"] for one in list_empty_cells(cells)] == ["unknown", "none"]


def test_surer_gaps_and_those_with_a_server_come_first() -> None:
    cells = [cell("1", "unknown"), cell("2", "none"), cell("3", "none"), cell("4", "none")]
    candidates = [
        candidate("1", "a", serves=True),
        candidate("2", "b"),
        candidate("3", "c"),
        candidate("3", "d", serves=True),
    ]
    fillings = fill_cells(cells, candidates)
    assert [one.area_id for one in fillings] == ["3", "2", "1"]
    assert [agency["organization_id"] for agency in fillings[0].agencies] == ["c", "d"]
    assert (fillings[0].found, fillings[0].area_name) == (9, "市3")


def test_a_candidate_of_another_field_or_of_a_filled_cell_fills_nothing() -> None:
    cells = [cell("1", "covered"), cell("2", "none")]
    assert fill_cells(cells, [candidate("1", "a"), candidate("2", "b", field="welfare")]) == []
    assert fill_cells([], []) == []
