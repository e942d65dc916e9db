"""Every class of a cell by hand, of fields and of kinds of help; who serves, not who stands."""

from __future__ import annotations

import pytest

import queries
from graph.records import Record
from graph.store import Row, Store
from graph.vocabulary import FIELDS, SUPPORTS
from tests.builders import (
    FACILITY,
    agency,
    area,
    event,
    located,
    offers,
    partner_list,
    serves,
    support,
    write,
)

TODAY = "2022-10-01"
COUNTRY = [
    *area("nation", level="nation"),
    *area("P", within="nation", level="prefecture"),
    *area("C", within="P", level="care_area"),
    *area("T", within="C"),
    *area("U", within="C"),
    *area("V", within="P"),
]


def ask(store: Store, area_id: str = "T", **more: object) -> dict[str, Row]:
    values = {"facility_id": FACILITY, "as_of": TODAY, "area_ids": [area_id], **more}
    return {row["category"]: row for row in queries.ask(store, "coverage_matrix", **values)}


def ask_agencies(store: Store, **values: object) -> list[tuple[str, str]]:
    about = {"facility_id": FACILITY, "as_of": TODAY, "area_id": "T", **values}
    rows = queries.ask(store, "coverage_agencies", **about)
    return [(row["organization_id"], row["stage"]) for row in rows]


def helping(*names: str, last: str = "2022-09-01") -> list[Record]:
    """Supporting since spring, with a last contact."""
    return [
        record
        for name in names
        for record in (
            *event("support_started", "2022-03-02", name),
            *event("contacted", last, name),
        )
    ]


def write_every_class(store: Store) -> None:
    """Each field has the one class; the agencies offer the help of the same name's place."""
    fields = {
        "resting": "administration", "stranger": "medical", "listed": "education",
        "told": "justice", "quiet": "community_group", "alone": "workplace", "first": "business",
        "second": "business", "one": "kin", "hushed": "kin",
    }  # fmt: skip
    helps = dict(zip(fields, SUPPORTS.codes, strict=False))
    write(
        store,
        COUNTRY,
        [support(code) for code in SUPPORTS.codes],
        [agency(FACILITY, field="welfare"), located(FACILITY, "T")],
        [agency(name, field=code) for name, code in fields.items()],
        [serves(name, "T") for name in fields],
        [offers(name, code) for name, code in helps.items()],
        partner_list("l", "2022-03-01", *(name for name in fields if name != "stranger")),
        event("declined", "2022-04-01", "resting"),
        event("explained", "2022-04-01", "told"),
        helping("quiet", "hushed", last="2022-04-01"),
        helping("alone", "first", "second", "one"),
        event("surveyed", "2022-05-01", "Area P", field="welfare"),
    )


def test_every_class_of_a_field(store: Store) -> None:
    write_every_class(store)
    assert {code: row["state"] for code, row in ask(store).items()} == {
        "administration": "none",  # its only agency declined
        "welfare": "none",  # the prefecture was surveyed, nobody found
        "medical": "known",
        "education": "listed",
        "justice": "explained",
        "community_group": "silent",  # last contact six months ago
        "community_member": "unknown",
        "workplace": "single",
        "business": "covered",
        "kin": "single",  # two support, one of them is silent
    }


def test_every_class_of_a_kind_of_help(store: Store) -> None:
    write_every_class(store)
    states = {code: row["state"] for code, row in ask(store, by="support").items()}
    assert states == {
        "housing": "none", "work": "known", "medical": "listed", "addiction_recovery": "explained",
        "money": "silent", "welfare_services": "single", "place_to_be": "single",
        "counselling": "single", "legal": "single", "guarantor": "silent", "food": "unknown",
        "education": "unknown",
    }  # fmt: skip
    write(store, event("surveyed", "2022-05-02", "Area T"))  # of everything
    assert ask(store, by="support")["food"]["state"] == "none"


@pytest.mark.parametrize(("months", "state"), [(6, "silent"), (7, "single")])
def test_after_how_many_months_an_agency_is_silent(store: Store, months: int, state: str) -> None:
    write_every_class(store)
    assert ask(store, silent_months=months)["community_group"]["state"] == state


def test_a_contact_known_to_the_month_may_have_been_on_its_last_day(store: Store) -> None:
    write_every_class(store)
    write(store, event("contacted", "2022-04", "quiet", key="rough"))
    assert ask(store)["community_group"]["state"] == "single"
    assert ask(store, as_of="2022-10-31")["community_group"]["state"] == "silent"


def test_rows_are_the_words_of_the_vocabulary(store: Store) -> None:
    write_every_class(store)
    assert set(ask(store)) == set(FIELDS.codes)
    assert set(ask(store, by="support")) == set(SUPPORTS.codes)


def test_who_serves_counts_not_who_stands_there_and_wide_ones_everywhere(store: Store) -> None:
    write(
        store,
        COUNTRY,
        [agency(FACILITY), agency("stands"), agency("wide"), agency("nationwide"), agency("u")],
        [located(FACILITY, "T"), located("stands", "T"), serves("stands", "V")],
        [
            serves("wide", "P"),
            serves("wide", "T"),
            serves("nationwide", "nation"),
            serves("u", "U"),
        ],
        [agency("closed", status="closed"), serves("closed", "T")],
    )
    counts = {name: ask(store, name)["welfare"]["count"] for name in ("T", "U", "V", "C", "P")}
    # wide serves T twice over and counts once; of a wider area those of its parts count too
    assert counts == {"T": 2, "U": 3, "V": 3, "C": 3, "P": 4}
    assert ask(store)["welfare"]["organization_ids"] == []
    assert ask_agencies(store) == [("nationwide", "known"), ("wide", "known")]
    assert ask_agencies(store, limit=1) == [("nationwide", "known")]


def test_agencies_of_a_cell_most_advanced_first(store: Store) -> None:
    write_every_class(store)
    write(store, [agency("more", field="kin"), serves("more", "C")])
    assert ask_agencies(store, category="kin") == [
        ("hushed", "supporting"), ("one", "supporting"), ("more", "known"),
    ]  # fmt: skip
    assert ask_agencies(store, by="support", category="money") == [("quiet", "supporting")]
    assert ask_agencies(store, category="administration") == [("resting", "declined")]
    assert ask_agencies(store, category="kin", area_id="V") == []
