"""Whatever happened to a file, it is refused with its reasons or loaded in one piece."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from tests.builders import workbook
from tests.mutated_files import (
    SHEETS,
    Notebook,
    load_into_notebook,
    mutated_files,
    require_clean_outcome,
)


@settings(
    max_examples=60, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(mutated_files())
def test_a_mutated_file_is_refused_with_its_place_or_loaded_whole(made: tuple[str, bytes]) -> None:
    file, data = made
    outcome, notebook = load_into_notebook(file, data)
    require_clean_outcome(file, outcome, notebook)


def test_the_files_are_good_before_anything_happens_to_them() -> None:
    outcome, notebook = load_into_notebook("表.xlsx", workbook(**SHEETS))
    assert outcome.problems == ()
    assert len(notebook.writes[0]) > 40


def test_a_bad_cell_is_placed_and_nothing_written() -> None:
    spoiled = {**SHEETS, "機関": [*SHEETS["機関"][:-1], ["org-c", "松戸保護司会", "宇宙"]]}
    outcome, notebook = load_into_notebook("表.xlsx", workbook(**spoiled))
    assert [(p.sheet, p.row, p.column) for p in outcome.problems] == [("機関", 4, "分野")]
    require_clean_outcome("表.xlsx", outcome, notebook)


def test_a_half_write_would_be_noticed() -> None:
    outcome, _ = load_into_notebook("表.csv", b"")
    with pytest.raises(AssertionError):
        require_clean_outcome("表.csv", outcome, Notebook(writes=[[]]))
