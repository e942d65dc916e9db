"""The queries that tell what was recorded: chains of referrals, starts of paths, loads."""

from __future__ import annotations

from datetime import date

import queries
from graph.store import Load, Store
from tests.builders import (
    FACILITY,
    agencies,
    agency,
    day,
    event,
    partner_list,
    referral,
    tie,
    write,
)


def test_a_chain_is_told_from_the_first_sender_to_the_last_receiver(store: Store) -> None:
    write(
        store,
        agencies("prison", "prefecture", "centre", "home"),
        referral(
            "r1", "prison", "prefecture", client="c", status="referred_on", number=1,
            fiscal_year=2020, notified_on=day("2020-06-02"), first_interview_on=day("2020-06-11"),
        ),
        referral("r2", "prefecture", "centre", client="c", status="referred_on", follows="r1"),
        referral("r3", "centre", "home", client="c", status="lost", follows="r2", reason="失踪"),
    )  # fmt: skip
    rows = queries.ask(store, "recorded_paths", as_of="2022-10-04")
    assert len(rows) == 1
    row = rows[0]
    assert row["agencies"] == ["prison", "prefecture", "centre", "home"]
    assert row["statuses"] == ["referred_on", "referred_on", "lost"]
    assert (row["case_id"], row["referrer"], row["status"]) == ("c", "prison", "lost")
    assert (row["waiting_days"], row["reason"]) == (9, "失踪")


def test_a_referral_that_went_two_ways_is_two_paths(store: Store) -> None:
    write(
        store,
        agencies("prison", "centre", "a", "b"),
        referral("r1", "prison", "centre", client="c"),
        referral("r2", "centre", "a", client="c", follows="r1"),
        referral("r3", "centre", "b", client="c", follows="r1"),
    )
    rows = queries.ask(store, "recorded_paths")
    assert sorted(row["agencies"][-1] for row in rows) == ["a", "b"]


def test_waiting_counts_only_between_known_days(store: Store) -> None:
    write(
        store,
        agencies("prison"),
        referral("r1", "prison", notified_on=day("2020-06"), first_interview_on=day("2020-07-01")),
    )
    assert queries.ask(store, "recorded_paths")[0]["waiting_days"] is None


def test_years_and_days_narrow_the_paths(store: Store) -> None:
    write(
        store,
        agencies("prison"),
        referral("r1", "prison", fiscal_year=2019),
        referral("r2", "prison", fiscal_year=2020, notified_on=day("2020-06-02")),
    )

    def years(**more: object) -> list[int]:
        return [row["fiscal_year"] for row in queries.ask(store, "recorded_paths", **more)]

    assert years() == [2019, 2020]
    assert years(fiscal_year=2020) == [2020]
    assert years(as_of="2020-06-01") == [2019]
    assert years(fiscal_year=2018) == []


def test_paths_start_where_most_clients_come_from(store: Store) -> None:
    write(
        store,
        agency("prison", field="justice"),
        agency("court", field="justice"),
        agencies("prefecture", "centre"),
        agency("gone", status="closed"),
        referral("r1", "prison", "prefecture", client="c", notified_on=day("2020-06-02")),
        referral("r2", "prefecture", "centre", client="c", follows="r1"),
        tie("centre", "court", quality="broken"),
        tie("centre", "prison", since=day("2021-01-01")),
    )

    def starts(as_of: str) -> list[tuple[str, int, int]]:
        rows = queries.ask(store, "path_starts", as_of=as_of)
        return [(row["organization_id"], row["sent"], row["links"]) for row in rows]

    assert starts("2022-01-01") == [
        ("prison", 1, 2), ("court", 0, 0), ("centre", 0, 1), ("prefecture", 0, 1),
    ]  # fmt: skip
    assert starts("2020-06-01")[:2] == [("court", 0, 0), ("prison", 0, 0)]


def test_loads_are_told_latest_first_without_the_reference(store: Store) -> None:
    assert queries.ask(store, "list_loads") == []
    store.write(agencies("a"), Load("reference-test", "r"))
    store.write(agencies("a"), Load("load-1", "一.xlsx", actor="担当"))
    store.write(agencies("a", "b"), Load("load-2", "二.xlsx"))
    rows = queries.ask(store, "list_loads")
    told = [(r["load_id"], r["file"], r["created"], r["unchanged"], r["state"]) for r in rows]
    assert told == [
        ("load-2", "二.xlsx", 1, 1, "done"), ("load-1", "一.xlsx", 0, 1, "done"),
    ]  # fmt: skip
    assert [row["load_id"] for row in queries.ask(store, "list_loads", limit=1)] == ["load-2"]


def test_what_is_known_only_to_the_month_is_said(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a", "b"),
        partner_list("l", "2022-03", "a", "b"),
        event("explained", "2022-04-01", "a"),
        event("contact_changed", "2022-05", "a"),
        event("declined", "2022-06-01", "b", until=day("2022-07")),
    )

    def told(as_of: str) -> list[tuple[str | None, ...]]:
        rows = queries.ask(store, "partner_unknowns", as_of=as_of)
        columns = (
            "organization_id", "stage", "stage_since_precision", "rests_until_precision",
        )  # fmt: skip
        return [tuple(row[column] for column in columns) for row in rows]

    assert told("2022-03-15") == [("a", "listed", "month", None), ("b", "listed", "month", None)]
    assert told("2022-07-31") == [
        ("a", "explained", "day", None),
        ("b", "declined", "day", "month"),
    ]
    assert told("2022-08-01")[1] == ("b", "listed", "month", None)
    row = queries.ask(store, "partner_unknowns", as_of="2022-08-01")[0]
    assert (row["contact_changed_precision"], row["list_made_on_precision"]) == ("month", "month")
    assert queries.ask(store, "partner_unknowns", as_of="2022-02-28") == []


def test_what_is_unknown_agrees_with_the_stages(sample_store: Store) -> None:
    for as_of in (date(2022, 3, 1), date(2022, 5, 1), date(2022, 10, 4)):
        stages, unknowns = (
            {row["organization_id"]: row["stage"] for row in rows}
            for rows in (
                queries.ask(sample_store, name, as_of=as_of)
                for name in ("partner_stages", "partner_unknowns")
            )
        )
        assert stages == unknowns
        assert len(stages) == 17
