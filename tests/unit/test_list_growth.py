"""Each list against the first one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.list_growth import Growth, measure_growth

Row = dict[str, object]


def edition(key: str, *agencies: str) -> Row:
    """A list of agencies named by their field's letter: a1 and a2 are of field a."""
    fields = sorted({name[0] for name in agencies})
    ids = sorted(agencies)
    return {
        "list_id": key, "organization_ids": ids, "names": [name.upper() for name in ids],
        "fields": fields,
    }  # fmt: skip


def test_newcomers_leavers_and_fields_against_the_first_not_the_one_before() -> None:
    growth = measure_growth(
        [edition("1", "a1", "b1"), edition("2", "a1"), edition("3", "b1", "c1")]
    )
    assert growth == (
        Growth("1", 2, 2),
        Growth("2", 1, 1, leavers=("B1",), lost=("b",)),
        Growth("3", 2, 2, ("C1",), ("A1",), ("c",), ("a",)),
    )
    assert measure_growth([]) == ()


AGENCIES = st.frozensets(st.sampled_from(["a1", "a2", "b1", "b2", "c1"]))


@given(AGENCIES, AGENCIES)
def test_what_came_less_what_left_is_the_difference(
    first: frozenset[str], later: frozenset[str]
) -> None:
    growth = measure_growth([edition("1", *first), edition("2", *later)])[1]
    assert len(first) + len(growth.newcomers) - len(growth.leavers) == growth.agencies
    assert growth.fields == len({name[0] for name in later})
