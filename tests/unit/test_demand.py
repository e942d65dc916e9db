"""Demand by area and kind of help, without letting a client show through."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.demand import LEAST_SHOWN, Demand, count_demand


def ask(client: str, area: str = "T", *needs: str, unmet: bool = False) -> dict[str, object]:
    return {
        "person": client, "area_id": area, "area_name": area, "needs": list(needs),
        "fields": ["medical", "welfare"], "unmet": unmet,
    }  # fmt: skip


def test_clients_count_once_and_fewer_than_five_are_not_told() -> None:
    requests = [ask(client, "T", "work", unmet=client in "ab") for client in "abcde"]
    requests += [ask("a", "T", "work", unmet=True), ask("b", "T", "work")]
    requests += [ask(client, "T", "food", unmet=True) for client in "abcd"]
    assert count_demand(requests) == [
        Demand("T", "T", "work", 5, 1),  # b found somebody the second time
        Demand("T", "T", "food", None, None),
    ]


def test_a_need_that_is_not_recorded_is_not_left_out() -> None:
    assert count_demand([ask(client) for client in "abcde"]) == [Demand("T", "T", None, 5, 0)]
    assert count_demand([]) == []


def test_by_the_fields_that_were_asked_a_client_counts_in_each() -> None:
    found = count_demand([ask(client, "T", "work") for client in "abcde"], "field")
    assert [(each.category, each.clients) for each in found] == [("medical", 5), ("welfare", 5)]


def test_growth_tells_few_clients_of_the_time_before_as_few() -> None:
    now = [ask(client, "T", "work") for client in "abcde"]
    before = [ask(client, "T", "work") for client in "abc"]
    assert [each.before for each in count_demand(now, before=before)] == [None]
    assert [each.before for each in count_demand(now, before=before + now)] == [5]
    assert [each.before for each in count_demand(now)] == [0]


def test_the_largest_first_and_few_in_the_order_of_areas() -> None:
    requests = [ask(f"{n}", "B") for n in range(5)] + [ask(f"{n}", "C") for n in range(6)]
    requests += [ask(f"{n}", "D") for n in range(4)] + [ask("1", "A")]
    assert [each.area_id for each in count_demand(requests)] == ["C", "B", "A", "D"]


REQUESTS = st.lists(
    st.builds(
        lambda client, area, unmet: ask(client, area, unmet=unmet),
        st.sampled_from("abcdefgh"),
        st.sampled_from("TU"),
        st.booleans(),
    )
)


@given(REQUESTS)
def test_few_clients_never_show(requests: list[dict[str, object]]) -> None:
    for each in count_demand(requests):
        clients = {row["person"] for row in requests if row["area_id"] == each.area_id}
        assert each.clients == (len(clients) if len(clients) >= LEAST_SHOWN else None)
        assert (each.unmet is None) == (each.clients is None)
