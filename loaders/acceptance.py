"""Whom an agency takes, as its own words say: the columns of conditions of the sheet 機関."""

from __future__ import annotations

from typing import Final

from graph.records import Value
from graph.vocabulary import ACCEPTANCES, COST_KINDS, SEXES_ACCEPTED, Vocabulary
from loaders.problems import BadValue
from loaders.rows import RowReader

CODED: Final[dict[str, Vocabulary]] = {
    "accepts_sex": SEXES_ACCEPTED,
    "accepts_disability": ACCEPTANCES,
    "accepts_released": ACCEPTANCES,
    "cost_kind": COST_KINDS,
}
COUNTS: Final = ("age_from", "age_to", "capacity", "vacancies")
FLAGS: Final = ("open_weekend", "open_night")


def read_acceptance(row: RowReader) -> dict[str, Value]:
    """Return the conditions of the row's columns; an empty cell is None: not known, not "no".

    Ages that end before they begin are a problem of the row.
    """
    properties: dict[str, Value] = {}
    for column, words in CODED.items():
        if row.has(column):
            properties[column] = row.coded(column, words)
    properties |= {column: row.integer(column) for column in COUNTS if row.has(column)}
    properties |= {column: row.flag(column) for column in FLAGS if row.has(column)}
    if row.has("cost"):
        properties["cost"] = row.prose("cost")
    if row.has("capacity_on"):
        properties["capacity_on"] = row.date("capacity_on")
    _check_ages(row, properties)
    return properties


def _check_ages(row: RowReader, properties: dict[str, Value]) -> None:
    youngest, oldest = properties.get("age_from"), properties.get("age_to")
    if isinstance(youngest, int) and isinstance(oldest, int) and oldest < youngest:
        row.report("age_to", BadValue("rows.age_range", age_from=youngest, age_to=oldest))
