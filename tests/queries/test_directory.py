"""The directory of agencies, and what leaves the house of it."""

from __future__ import annotations

import json
from datetime import date
from functools import partial

import pytest

import queries
from exporters.takeout import TAKEOUTS, list_directory, take_out
from graph.records import Point
from graph.rights import Actor, add_up
from graph.store import Refused, Row, Store
from loaders.loading import load_file
from tests.builders import agencies, agency, area, link, located, serves, support, write
from tests.conftest import Shelf
from texts import say as say_in

TODAY = date(2022, 10, 4)
SAY = partial(say_in, language="ja")


def test_a_hidden_address_is_its_municipality_only(store: Store) -> None:
    facts = {
        "address": "埼玉県川越市秘密1-2", "postal_code": "350-0001", "phone": "049-000-0001",
        "location": Point(35.9, 139.4),
    }  # fmt: skip
    write(
        store,
        agency("open", **facts),
        agency("shelter", **facts, hidden_address=True),
        area("11", level="prefecture"),
        area("11201", "11"),
        located("open", "11201"),
        located("shelter", "11201"),
    )
    shown, hidden = queries.ask(store, "directory")
    assert (shown["address"], shown["latitude"]) == (facts["address"], 35.9)
    assert (hidden["municipality"], hidden["prefecture"]) == ("11201", "11")
    withheld = ("address", "postal_code", "latitude", "longitude")
    assert {hidden[name] for name in withheld} == {None}
    trees = json.loads(take_out(store, "hsds_json", TODAY, SAY))
    (place,) = trees[1]["locations"]
    assert (place["latitude"], place["addresses"][0]["address_1"]) == (None, None)


def test_the_directory_is_asked_a_page_at_a_time(store: Store) -> None:
    write(store, agencies("a", "b", "c"), support("housing"), area("12207"))
    write(
        store,
        [link("OFFERS", "Organization b", "Support housing", as_written="居住支援")],
        [serves("b", "12207")],
    )
    first = queries.ask(store, "directory", limit=2)
    rest = queries.ask(store, "directory", skip=2)
    assert [row["organization_id"] for row in (*first, *rest)] == ["a", "b", "c"]
    assert queries.ask(store, "directory", organization_id="b") == [first[1]]
    assert queries.ask(store, "directory_size") == [{"organizations": 3}]
    assert first[1]["offers"] == [
        {"support_id": "housing", "name": "housing", "as_written": "居住支援"}
    ]
    assert [one["area_id"] for one in first[1]["serves"]] == ["12207"]
    assert [row["organization_id"] for row in list_directory(store)] == ["a", "b", "c"]


@pytest.mark.parametrize("kind", TAKEOUTS)
def test_nothing_is_taken_out_without_the_right_or_unrecorded(store: Store, kind: str) -> None:
    write(store, agencies("a"))
    with pytest.raises(Refused):
        take_out(store.acting_as(Actor("v", add_up(["viewer"]))), kind, TODAY, SAY)
    noted: list[tuple[str, str]] = []
    actor = Actor("c", add_up(["coordinator"]), lambda what, of, _client: noted.append((what, of)))
    assert take_out(store.acting_as(actor), kind, TODAY, SAY)
    parts = " organizations,partner_list,ties,people,referrals,consents,events"
    subject = f"{kind} 2022-10-04{parts if kind == 'workbook' else ''}"
    assert noted == [("export", subject)]


CARRIED = (
    "name", "url", "email", "phone", "fax", "hours", "conditions", "corporate_number",
    "postal_code", "address", "municipality", "prefecture", "latitude", "longitude", "serves",
)  # fmt: skip


def test_what_goes_out_as_hsds_comes_back_the_same(reference_store: Store, shelf: Shelf) -> None:
    """Export, empty, load: the directory is equal in all that HSDS carries both ways."""
    store = reference_store
    shelf.holds = "?"
    write(
        store,
        agency(
            "one", name="甲相談支援センター", phone="048-600-0001", url="https://example.jp/",
            email="kou@example.jp", fax="048-600-0002", hours="9:00〜17:00", conditions="成人",
            address="埼玉県さいたま市大宮区桜木町1-7-5", postal_code="330-0854",
            location=Point(35.9, 139.6), corporate_number="1030005000001",
        ),
        agency("two", name="乙の家"),
        located("one", "11103"),
        serves("one", "11103"),
        link("OFFERS", "Organization one", "Support housing", as_written="居住支援"),
        link("OFFERS", "Organization one", "Support work"),
    )  # fmt: skip
    before = [_leave_ids(row) for row in list_directory(store)]
    package = take_out(store, "hsds", TODAY, SAY)
    shelf.hold_reference()
    shelf.holds = "?"
    outcome = load_file(store, "hsds_2022-10-04.zip", package)
    assert not outcome.problems
    after = [_leave_ids(row) for row in list_directory(store)]
    assert sorted(after, key=str) == sorted(before, key=str)


def _leave_ids(row: Row) -> Row:
    offers = [(one["support_id"], one["as_written"] or one["name"]) for one in row["offers"]]
    return {name: row[name] for name in CARRIED} | {"offers": offers}
