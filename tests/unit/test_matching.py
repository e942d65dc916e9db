"""Is it the same agency? The rules of identity, and what open data may write of one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.records import Value
from loaders.open_data.matching import Known, compare_names, match_office
from loaders.open_data.merging import READ, SHARED, merge_facts
from loaders.open_data.offices import Office

HERE, THERE = "12207", "12220"
STREET = "千葉県松戸市根本387-5"


def office(**facts: Value) -> Office:
    known: dict[str, Value] = {"name": "まつどの家", "municipality": HERE, "address": STREET}
    return Office("wamnet", "1210000001", "生活介護", 2, known | facts)


def known(key: str = "k", name: str = "まつどの家", **facts: str) -> Known:
    return Known(key, name, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "agency", "reason"),
    [
        ({"office_number": "12A"}, known(name="別の名", office_number="12A"), "sure"),
        ({"office_number": "12A"}, known(office_number="12B", municipality=HERE), None),
        ({"corporate_number": "9"}, known(corporate_number="9", municipality=HERE), "sure"),
        ({"corporate_number": "9"}, known(corporate_number="9"), "sure"),
        ({"corporate_number": "9"}, known(corporate_number="9", municipality=THERE), None),
        (
            {"phone": "047-365-1111"},
            known(name="まつどの 家", phone="0473651111", municipality=HERE),
            "sure",
        ),
        (
            {"phone": "047-365-1111"},
            known(name="北", phone="0473651111", municipality=HERE),
            "phone",
        ),
        ({"phone": "047-365-1111"}, known(name="北", phone="0473651111", municipality=THERE), None),
        ({}, known(municipality=HERE, address="松戸市根本1"), "sure"),
        ({}, known(municipality=HERE, address="松戸市小金原1-1"), "name"),
        ({}, known(municipality=HERE), "name"),
        ({}, known(municipality=THERE), None),
        ({}, known(), None),  # a name alone never decides, nor asks
        ({}, known(name="NPO法人まつどの家", municipality=HERE), "similar"),
        ({}, known(name="まつどの家", short_name="別", municipality=HERE), "name"),
        ({}, known(name="長い名の会", short_name="まつどの家", municipality=HERE), "name"),
    ],
)
def test_each_rule_decides_asks_or_says_nothing(
    facts: dict[str, Value], agency: Known, reason: str | None
) -> None:
    match = match_office(office(**facts), [agency])
    if reason == "sure":
        assert (match.organization_id, match.doubts) == ("k", ())
    else:
        assert match.organization_id is None
        assert [doubt.reason for doubt in match.doubts] == ([reason] if reason else [])


def test_two_that_surely_fit_are_put_to_a_person() -> None:
    match = match_office(
        office(corporate_number="9"),
        [known(key, corporate_number="9", municipality=HERE) for key in "ab"],
    )
    assert [(one.organization_id, one.reason) for one in match.doubts] == [
        ("a", "several"), ("b", "several"),
    ]  # fmt: skip


def test_an_office_number_outweighs_everything_else() -> None:
    match = match_office(
        office(office_number="12A", corporate_number="9"),
        [known("a", corporate_number="9"), known("b", name="x", office_number="12A")],
    )
    assert match.organization_id == "b"


def test_a_source_that_lists_an_agency_apart_means_another_one() -> None:
    clinic = Office("medical", "1", "診療所", 2, {"name": "松戸", "municipality": HERE})
    listed = Known("k", "松戸", municipality=HERE, sources=frozenset({"medical"}))
    assert match_office(clinic, [listed]).doubts == ()


@given(st.permutations(["a", "b", "c"]))
def test_the_order_of_candidates_does_not_matter(order: list[str]) -> None:
    agencies = {
        "a": known("a", name="松戸の家", municipality=HERE),
        "b": known("b", municipality=HERE),
        "c": known("c", name="まつどのいえ", municipality=HERE),
    }
    expected = match_office(office(), list(agencies.values()))
    assert match_office(office(), [agencies[key] for key in order]) == expected


@given(st.text(max_size=12), st.text(max_size=12))
def test_similarity_is_symmetric_and_between_0_and_1(first: str, second: str) -> None:
    value = compare_names(first, second)
    assert 0.0 <= value <= 1.0
    assert value == compare_names(second, first)
    assert compare_names(first, first) == 1.0


def test_similar_names_of_other_towns_are_why_a_person_decides() -> None:
    assert compare_names("中野市社協", "大野市社協") == 0.75


TEXTS = st.none() | st.sampled_from(["a", "b", "c"])
AGENCY = st.fixed_dictionaries(dict.fromkeys(SHARED, TEXTS))


def given_facts(agency: dict[str, str | None]) -> dict[str, Value]:
    return {name: value for name, value in agency.items() if value is not None}


@given(AGENCY, AGENCY, AGENCY)
def test_what_a_person_wrote_is_never_overwritten(
    standing: dict[str, str | None], said: dict[str, str | None], says: dict[str, str | None]
) -> None:
    changes = merge_facts(standing, said, given_facts(says))
    for name in set(changes) - {"location", "location_accuracy", "municipality"}:
        assert standing[name] is None or standing[name] == said[name]


@given(AGENCY, AGENCY, AGENCY)
def test_merging_twice_changes_nothing_more(
    standing: dict[str, str | None], said: dict[str, str | None], says: dict[str, str | None]
) -> None:
    new = given_facts(says)
    once = {**standing, **merge_facts(standing, said, new)}
    again = merge_facts(once, dict.fromkeys(SHARED) | says, new)
    assert {name for name in again if once[name] is not None} == set()


def test_a_new_agency_gets_everything() -> None:
    says: dict[str, Value] = {"name": "a", "phone": "1", "address": "b", "capacity": 3}
    assert merge_facts(dict.fromkeys(READ), {}, says) == says


def test_what_the_source_said_itself_it_may_correct() -> None:
    standing = {"name": "a", "phone": "1", "fax": "2"}
    changes = merge_facts(standing, {"phone": "1", "fax": "3"}, {"phone": "9", "fax": "8"})
    assert changes == {"phone": "9"}  # a person had corrected the fax


def test_what_is_empty_is_filled_whoever_emptied_it() -> None:
    assert merge_facts({"phone": None}, {"phone": "1"}, {"phone": "1"}) == {"phone": "1"}
    assert merge_facts({"phone": None}, {"phone": "1"}, {"phone": "2"}) == {"phone": "2"}


def test_a_hidden_address_stays_hidden() -> None:
    standing = {"hidden_address": True, "address": None, "location": None, "municipality": HERE}
    says: dict[str, Value] = {"address": STREET, "municipality": HERE, "postal_code": "271-8588"}
    assert merge_facts(standing, {}, says) == {}


def test_an_exact_point_replaces_one_made_from_the_address() -> None:
    standing = {
        "municipality": HERE,
        "address": STREET,
        "location": "town",
        "edition": date.today(),
    }
    standing["location_accuracy"] = "town"
    says: dict[str, Value] = {
        "municipality": HERE, "address": STREET, "location": "point", "location_accuracy": "exact",
    }  # fmt: skip
    assert merge_facts(standing, {}, says) == {"location": "point", "location_accuracy": "exact"}
