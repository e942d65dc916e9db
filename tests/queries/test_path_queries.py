"""Steps, helpers and centres of possible paths; a whole search through them against networkx."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Final

import networkx as nx
import pytest

import queries
from graph.analysis.path_search import Path, explore, find_best_paths, list_arcs
from graph.analysis.path_weights import Step, Tie, Weights, read_step, weigh_step
from graph.records import Record
from graph.rights import Actor, add_up
from graph.store import Row, Store
from tests.builders import (
    FACILITY,
    agencies,
    agency,
    area,
    day,
    event,
    link,
    located,
    node,
    offers,
    partner_list,
    referral,
    serves,
    support,
    tie,
    write,
)

TODAY: Final = date(2022, 10, 4)
NAMES: Final = tuple("abcdefgh")
TAKEN: Final = ("accepted", "got_help", "referred_on", "closed")
STOPPED: Final = (
    "declined_by_client", "no_capacity", "not_eligible", "could_not_contact", "lost",
)  # fmt: skip
STATUSES: Final = (*TAKEN, *STOPPED, "pending", "not_updated")
BARE: Final = Step("a", "b", 0, 0, 0, None, None, None, None, None, (), "")


def ask_steps(store: Store, *ids: str, **values: object) -> list[Step]:
    rows = queries.ask(
        store, "path_steps", **({"organization_ids": list(ids), "as_of": TODAY} | values)
    )
    return [read_step(row) for row in rows]


def ask_helpers(store: Store, **values: object) -> list[Row]:
    given = {"area_id": "town", "as_of": TODAY, "facility_id": FACILITY}
    return queries.ask(store, "path_helpers", **(given | values))


def name_helpers(store: Store, **values: object) -> list[str]:
    return [row["organization_id"] for row in ask_helpers(store, **values)]


def town(*helpers: str) -> list[Record]:
    return [*area("town"), *(serves(helper, "town") for helper in helpers)]


# --- a whole search ------------------------------------------------------------------------------


class Net:
    """A random network, as records and as the networkx graph of the documented costs."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.records: list[Record] = []
        self.steps: dict[tuple[str, str], Step] = {}
        for number in range(14):
            self._add_tie(number)
        for number in range(9):
            self._add_referral(number)

    def _add_tie(self, number: int) -> None:
        first, second = self.dice.choices(NAMES, k=2)  # now and then a tie with itself
        strength = self.dice.choice(("strong", "normal", "weak"))
        quality = self.dice.choice(("good", "good", "stressful", "broken"))
        kind = self.dice.choice(("cooperation", "membership"))
        over, ahead = self.dice.random() < 0.1, self.dice.random() < 0.1
        since = day(f"{2023 if ahead else 2010}-01-{number + 1:02d}")
        until = day("2022-10-04") if over and not ahead else None
        self.records.append(
            tie(first, second, kind=kind, strength=strength, quality=quality, since=since,
                until=until)
        )  # fmt: skip
        if quality == "broken" or over or ahead or first == second:
            return
        known = Tie(kind, strength, quality, since.first)
        for pair in ((first, second), (second, first)):
            before = self._take(pair)
            self.steps[pair] = replace(before, ties=(*before.ties, known))

    def _add_referral(self, number: int) -> None:
        sender, receiver = self.dice.choices(NAMES, k=2)
        status = self.dice.choice(STATUSES)
        ahead, waited = self.dice.random() < 0.1, self.dice.randint(0, 3)
        on = day("2022-10-05" if ahead else "2022-10-01")
        answered = None if ahead else day(f"2022-10-{1 + waited:02d}")
        self.records += referral(
            f"r{number}", sender, receiver, status=status, notified_on=on, answered_on=answered
        )
        if ahead or sender == receiver:
            return
        before = self._take((sender, receiver))
        days = (before.waiting_days or 0.0) * before.sent + waited
        self.steps[sender, receiver] = replace(
            before,
            sent=before.sent + 1,
            taken=before.taken + (status in TAKEN),
            stopped=before.stopped + (status in STOPPED),
            waiting_days=days / (before.sent + 1),
        )

    def _take(self, pair: tuple[str, str]) -> Step:
        return self.steps.get(pair, replace(BARE, first=pair[0], second=pair[1]))

    def list_paths(self, targets: set[str], longest: int) -> list[Path]:
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(NAMES)
        for pair, step in self.steps.items():
            graph.add_edge(*pair, cost=weigh_step(step, Weights()).total)
        paths = {
            Path(sum(graph[x][y]["cost"] for x, y in pairwise(chain)), tuple(chain))
            for chain in nx.all_simple_paths(graph, "a", targets, cutoff=longest)
        }
        return sorted(paths, key=lambda path: (path.cost, len(path.stops), path.stops))


@pytest.mark.parametrize("seed", range(5))
def test_paths_are_the_simple_paths_of_networkx(store: Store, seed: int) -> None:
    net, targets = Net(seed), {"d", "e", "h"}
    write(store, agencies(*NAMES), net.records)

    def read(
        ids: Sequence[str], *, backward: bool, others: Sequence[str], limit: int
    ) -> list[Step]:
        return ask_steps(store, *ids, backward=backward, others=list(others), limit=limit)

    for longest in (1, 2, 3, 5):
        explored = explore(read, "a", targets, longest)
        steps = ((s.first, s.second, weigh_step(s, Weights()).total) for s in explored.steps)
        found = find_best_paths(list_arcs(steps), "a", targets, longest=longest, count=1_000)
        assert list(found.paths) == net.list_paths(targets, longest)
        assert explore(read, "a", targets, longest) == explored


def test_the_networks_of_that_test_have_paths_to_compare() -> None:
    found = [len(Net(seed).list_paths({"d", "e", "h"}, 3)) for seed in range(5)]
    assert sum(found) > 10
    assert len([count for count in found if count]) > 3


# --- steps ---------------------------------------------------------------------------------------


def test_a_step_tells_what_it_rests_on(store: Store) -> None:
    write(
        store,
        agencies("a", "b"),
        referral("r1", "a", "b", status="accepted", notified_on=day("2022-01-05"),
                 answered_on=day("2022-01-15"), fiscal_year=2021),
        referral("r2", "a", "b", status="no_capacity", notified_on=day("2022-04-05"),
                 first_interview_on=day("2022-04-25"), fiscal_year=2022),
        referral("r3", "a", "b", status="not_updated", fiscal_year=2019),
        tie("b", "a", strength="strong", quality="stressful", since=day("2021-04")),
    )  # fmt: skip
    (step,) = ask_steps(store, "a")
    assert (step.first, step.second, step.blocked) == ("a", "b", "")
    assert (step.sent, step.taken, step.stopped, step.waiting_days) == (3, 1, 1, 15.0)
    assert (step.first_on, step.latest_on) == (date(2022, 1, 5), date(2022, 4, 5))
    assert (step.latest_year, step.latest_status) == (2022, "no_capacity")
    assert step.ties == (Tie("cooperation", "strong", "stressful", date(2021, 4, 1)),)
    (back,) = ask_steps(store, "b")
    assert (back.first, back.second, back.sent, back.ties) == ("b", "a", 0, step.ties)


def test_steps_are_read_onward_backward_and_between(store: Store) -> None:
    write(store, agencies("a", "b", "c"), referral("r", "a", "b"), tie("b", "c"))
    assert [(s.first, s.second) for s in ask_steps(store, "a", "b")] == [("a", "b"), ("b", "c")]
    back = ask_steps(store, "b", backward=True)
    assert [(s.first, s.second) for s in back] == [("a", "b"), ("c", "b")]
    assert ask_steps(store, "b", backward=True, others=["a"]) == ask_steps(store, "a")
    assert ask_steps(store, "a", others=["c"]) == []
    assert len(ask_steps(store, "a", "b", limit=1)) == 1
    assert ask_steps(store, "nobody") == []


def test_what_was_told_later_is_not_known_yet(store: Store) -> None:
    write(
        store,
        agencies("a", "b"),
        referral("r", "a", "b", status="no_capacity", notified_on=day("2022-09-01"),
                 answered_on=day("2022-09-20"), closed_on=day("2022-09-30")),
    )  # fmt: skip

    def tell(as_of: str) -> tuple[object, ...]:
        (step,) = ask_steps(store, "a", as_of=as_of)
        return step.latest_status, step.taken, step.stopped, step.waiting_days

    assert tell("2022-10-04") == ("no_capacity", 0, 1, 19.0)
    assert tell("2022-09-25") == ("accepted", 1, 0, 19.0)
    assert tell("2022-09-10") == ("pending", 0, 0, None)
    assert ask_steps(store, "a", as_of="2022-08-31") == []


def test_an_end_counts_by_its_outcome(store: Store) -> None:
    write(
        store,
        agencies("a", "b"),
        *(referral(f"r{n}", "a", "b", status="closed", outcome=outcome, fiscal_year=2020 + n)
          for n, outcome in enumerate(("got_help", "lost", None))),
    )  # fmt: skip
    (step,) = ask_steps(store, "a")
    assert (step.sent, step.taken, step.stopped) == (3, 2, 1)


def test_closed_agencies_are_passed_by_no_step(store: Store) -> None:
    write(store, agencies("a", "b"), agency("gone", status="closed"), tie("a", "gone"),
          tie("gone", "b"))  # fmt: skip
    assert ask_steps(store, "a") == []
    assert ask_steps(store, "gone", backward=True) == []


def test_blocked_steps_are_told_when_they_are_asked_for(store: Store) -> None:
    write(
        store,
        agencies("a", "b", "c", "d", "e"),
        tie("a", "b", quality="broken"),
        tie("a", "c", until=day("2022-10-04")),
        tie("a", "d", quality="broken"),
        tie("a", "d", since=day("2022-01-01")),
        tie("a", "e", since=day("2022-10-05")),
    )
    told = {s.second: s.blocked for s in ask_steps(store, "a", with_blocked=True)}
    assert told == {"b": "broken", "c": "ended", "d": ""}
    assert [s.second for s in ask_steps(store, "a")] == ["d"]
    assert [s.second for s in ask_steps(store, "a", as_of="2022-10-03")] == ["c", "d"]


# --- helpers and centres -------------------------------------------------------------------------


def test_a_helper_tells_its_stage_and_what_it_gives(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "other"),
        agency("c", phone="043-000-0000", conditions="18歳以上"),
        town("c", "other"),
        support("housing"),
        offers("c", "housing"),
        partner_list("l", "2022-03-01", "c"),
    )
    (row,) = ask_helpers(store, support_ids="housing")
    assert row == {
        "organization_id": "c", "name": "c", "stage": "listed", "supports": ["housing"],
        "conditions": "18歳以上", "phone": "043-000-0000",
    }  # fmt: skip
    assert name_helpers(store) == ["c", "other"]
    assert name_helpers(store, area_id="nowhere") == []


def test_whoever_serves_the_wider_area_helps_as_well(store: Store) -> None:
    write(store, agencies(FACILITY, "b"), area("county", level="prefecture"),
          area("town", "county"), serves("b", "county"))  # fmt: skip
    assert name_helpers(store) == ["b"]


def test_who_is_closed_or_refuses_is_left_out_and_who_rests_is_told(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "rests"),
        agency("gone", status="closed"),
        agency("refuses", accepts_released="no"),
        agency("talks", accepts_released="consult"),
        town("gone", "refuses", "rests", "talks"),
        event("declined", "2022-01-01", "rests"),
    )
    assert [(r["organization_id"], r["stage"]) for r in ask_helpers(store)] == [
        ("rests", "declined"), ("talks", "known"),
    ]  # fmt: skip


def test_who_only_passes_clients_on_is_no_helper(store: Store) -> None:
    write(store, agencies(FACILITY, "b", "c"), town("b"),
          referral("r", "b", "c", notified_on=day("2022-06-01")))  # fmt: skip
    assert name_helpers(store, as_of="2022-06-01") == []
    assert name_helpers(store, as_of="2022-05-31") == ["b"]
    write(store, support("work"), offers("b", "work"))
    assert name_helpers(store, as_of="2022-06-01") == ["b"]


def test_from_another_prefecture_the_centre_of_the_destination_is_passed(store: Store) -> None:
    centre = "地域生活定着支援センター"
    write(
        store,
        agencies("a", "near", "nowhere"),
        agency("here", agency_type=centre),
        agency("there", agency_type=centre),
        agency("gone", agency_type=centre, status="closed"),
        area("east", level="prefecture"),
        area("west", level="prefecture"),
        area("town", "east"),
        area("city", "west"),
        serves("here", "east"),
        located("gone", "town"),
        located("there", "city"),
        located("a", "city"),
        located("near", "town"),
    )

    def find(start: str, destination: str) -> list[str]:
        rows = queries.ask(store, "path_centres", from_id=start, area_id=destination)
        return [row["organization_id"] for row in rows]

    assert find("a", "town") == ["here"]
    assert find("near", "city") == ["there"]
    # Within one prefecture, or from who knows where, nobody needs to pass one.
    assert find("near", "town") == find("nowhere", "town") == find("a", "nowhere") == []


def test_names_and_open_tasks_of_agencies_are_told(store: Store) -> None:
    write(
        store,
        agency("a", field="medical", short_name="ア"),
        node("Task", "t1", text="電話する", due_on=day("2022-11-01")),
        node("Task", "t2", text="済んだこと", done_on=day("2022-10-01")),
        link("CONTACTS", "Task t1", "Organization a"),
        link("CONTACTS", "Task t2", "Organization a"),
    )
    assert queries.ask(store, "path_agencies", organization_ids=["a", "a", "nobody"]) == [
        {
            "organization_id": "a", "name": "a", "short_name": "ア", "field": "medical",
            "agency_type": None, "tasks": [{"text": "電話する", "due_on": date(2022, 11, 1)}],
        }
    ]  # fmt: skip
    viewer = store.acting_as(Actor("somebody", add_up(["viewer"])))
    assert queries.ask(viewer, "path_agencies", organization_ids=["a"])[0]["tasks"] == []
