"""Offices compared with what the graph holds: the cost of it, without a graph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import cast

from graph.store import Row, Store
from loaders.open_data.intake import Intake
from loaders.open_data.offices import Office


class CountedKey(str):
    """A key that counts how often it is compared with another."""

    __slots__ = ()
    comparisons = 0
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        CountedKey.comparisons += 1
        return str.__eq__(self, other)


class ListingsOnly:
    """A graph that holds every listing asked for, and nothing else."""

    def read(self, _query: str, _parameters: object = None) -> list[Row]:
        return []

    def find_nodes(
        self, label: str, _name: str, values: Iterable[str], _columns: Sequence[str]
    ) -> list[Row]:
        return [{"key": CountedKey(value)} for value in values] if label == "Listing" else []

    def find_relationships(self, *_asked: object) -> list[Row]:
        return []


def count_comparisons(size: int) -> int:
    offices = [
        Office("wamnet", f"{number}", "住まい", 2, {"name": "家"}, listing_id=f"wamnet-{number}")
        for number in range(size)
    ]
    intake = Intake(cast("Store", ListingsOnly()), "公開.csv", date(2025, 3, 1))
    CountedKey.comparisons = 0
    intake.prepare(offices)
    return CountedKey.comparisons


def test_twice_the_offices_are_no_more_than_twice_the_comparisons() -> None:
    once = count_comparisons(200)
    assert once > 0
    assert count_comparisons(400) <= 2.2 * once
