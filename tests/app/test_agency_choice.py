"""The box to choose an agency: a plain list of few, a search among very many."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from graph.store import Store
from tests.builders import FACILITY, agencies, agency, partner_list, write
from texts import say
from views import agency_choice
from views.agency_choice import name_agencies


def draw() -> None:
    import streamlit as st

    from views import frame
    from views.agency_choice import choose_agency, gather_names, is_stranger, offer_agencies

    context = frame.choose_context()
    offer = offer_agencies(context)
    st.text(f"stranger {is_stranger(context, 'whom')}")
    left_out = (context.facility_id,)
    chosen = choose_agency(context, offer, "whom", "whom", without=left_out, own_first=True)
    st.text(f"chosen {chosen['name'] if chosen else None}")
    st.text(f"names {sorted(gather_names(context, offer, 'several').values())}")


def open_page(**address: str) -> AppTest:
    page = AppTest.from_function(draw, default_timeout=60)
    for name, value in address.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def read(page: AppTest) -> dict[str, str]:
    return dict(text.value.split(" ", 1) for text in page.text)


@pytest.fixture
def network(store: Store) -> Store:
    write(
        store, agencies(FACILITY, "b"), agency("a", name="青葉"),
        agency("x", name="希望の家"), agency("y", name="希望の里"), agency("z", name="松戸希望"),
        partner_list("list", "2022-03-01", "b"),
    )  # fmt: skip
    return store


def test_few_agencies_are_a_list_partners_first(network: Store) -> None:
    page = open_page()
    assert page.selectbox(key="whom").options[0] == "b"
    assert sorted(page.selectbox(key="whom").options) == sorted(
        ["b", "青葉", "希望の家", "希望の里", "松戸希望"]
    )
    assert page.text_input == []
    page.selectbox(key="whom").set_value("a").run()
    assert read(page)["chosen"] == "青葉"
    assert "a" in page.query_params["whom"]


def test_of_very_many_partners_are_offered_and_any_other_is_found_by_its_name(
    network: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agency_choice, "MOST_LISTED", 3)
    monkeypatch.setattr(agency_choice, "FOUND_AT_ONCE", 2)
    page = open_page()
    assert page.selectbox(key="whom").options == ["b"]
    page.text_input(key="whom_words").set_value("希望").run()
    assert page.selectbox(key="whom").options == ["希望の家", "希望の里"]
    said = say("agency_choice.more", words="希望", count="3", shown=2)
    assert said in [caption.value for caption in page.caption]
    page.selectbox(key="whom").set_value("y").run()
    page.text_input(key="whom_words").set_value("無い").run()
    assert page.selectbox(key="whom").options == ["b", "希望の里"]  # what is chosen stays
    assert read(page)["chosen"] == "希望の里"
    page.text_input(key="several_words").set_value("松戸").run()
    page.text_input(key="several_words").set_value("").run()
    assert "松戸希望" in read(page)["names"]  # what was found stays in a list of several


def test_the_address_may_name_any_agency_but_none_that_is_not_recorded(
    network: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agency_choice, "MOST_LISTED", 3)
    assert read(open_page(whom="z")) | {"stranger": "False", "chosen": "松戸希望"} == read(
        open_page(whom="z")
    )
    told = read(open_page(whom="nobody"))
    assert (told["stranger"], told["chosen"]) == ("True", "None")


def test_agencies_of_one_name_are_told_apart_by_the_least_that_does() -> None:
    rows = [
        {"organization_id": "a", "name": "東", "agency_type": "病院"},
        {"organization_id": "b", "name": "東", "agency_type": "市役所"},
        {"organization_id": "c", "name": "西", "agency_type": "病院"},
        {"organization_id": "d", "name": "南", "agency_type": None, "municipality": "柏市"},
        {"organization_id": "e", "name": "南", "agency_type": None, "municipality": "柏市"},
        {"organization_id": "f", "name": "南", "agency_type": None, "municipality": "野田市"},
    ]
    assert list(name_agencies(rows).values()) == [
        "東（病院）", "東（市役所）", "西", "南（d）", "南（e）", "南（野田市）",
    ]  # fmt: skip
