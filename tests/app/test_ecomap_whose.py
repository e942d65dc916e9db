"""Whose ecomap, narrowing above forty, and a path over it, as a user meets them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from streamlit.testing.v1 import AppTest

from graph.rights import GRANTED, Actor, Role
from graph.store import Store
from tests.builders import (
    FACILITY,
    Records,
    agencies,
    agency,
    area,
    day,
    event,
    link,
    partner_list,
    referral,
    serves,
    tie,
    write,
)
from views.ecomap.path import link_to_path
from views.ecomap.saved_views import DEFAULTS, write_address

PICTURE = "{http://www.w3.org/2000/svg}"
OTHER = "second-home"


def draw() -> None:
    from views import ecomap, frame

    ecomap.show(frame.choose_context())


def open_page(**query: str) -> AppTest:
    page = AppTest.from_function(draw, default_timeout=90)
    for key, value in query.items():
        page.query_params[key] = value
    return run(page)


def run(page: AppTest) -> AppTest:
    page.run()
    assert not page.exception
    assert not page.error
    return page


def read_passed(page: AppTest) -> dict[str, Any]:
    """What the page has passed to the picture in the browser."""
    (proto,) = [
        element.proto
        for element in walk(page.main)
        if element.type == "bidi_component" and element.proto.component_name == "tsunagi_ecomap"
    ]
    passed: dict[str, Any] = json.loads(proto.json)
    return passed


def read_picture(page: AppTest) -> ET.Element:
    return ET.fromstring(read_passed(page)["svg"])


def walk(block: Any) -> list[Any]:
    return [
        each
        for child in block.children.values()
        for each in (walk(child) if hasattr(child, "children") else [child])
    ]


def list_agencies(picture: ET.Element, kind: str = "card") -> list[str]:
    return sorted(
        e.get("data-agency", "") for e in picture.iter() if e.get("class", "").split()[:1] == [kind]
    )


def read_places(page: AppTest) -> dict[str, tuple[str | None, str | None]]:
    return {
        e.get("data-agency", ""): (e.get("data-slot-x"), e.get("data-slot-y"))
        for e in read_picture(page).iter()
        if e.get("class") == "card"
    }


def read_words(page: AppTest) -> str:
    shown = (*page.text, *page.caption, *page.markdown, *page.info, *page.warning)
    return "\n".join(str(each.value) for each in shown)


def read_address(page: AppTest) -> dict[str, str]:
    given = page.query_params.items()
    return {key: value if isinstance(value, str) else value[-1] for key, value in given}


def press(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if button.label == label).click()
    return run(page)


def write_network(store: Store) -> None:
    write(
        store,
        agencies("a", "b", "c"),
        agency(FACILITY, name="あけぼの寮", field="justice"),
        agency(OTHER, name="ほっと", field="welfare"),
        partner_list("l", "2022-03-01", "a", "b"),
        partner_list("m", "2022-03-02", "b", "c", keeper=OTHER),
        tie(FACILITY, "a"),
        tie("a", "c", since=day("2022-04-01")),
        tie("a", "b", until=day("2022-04-01")),
        tie(OTHER, "b"),
        *(link("PLACES", f"Organization {FACILITY}", f"Organization {name}", slot=slot)
          for name, slot in {"a": 12, "b": 10}.items()),
        event("meeting", "2022-06-01", "a"),
    )  # fmt: skip


def test_an_agency_clicked_becomes_the_centre_and_there_is_a_way_back(store: Store) -> None:
    write_network(store)
    page = open_page(date="2022-06-01")
    assert list_agencies(read_picture(page)) == ["a", "b"]
    page.session_state["ecomap_selected"] = "a"
    run(page)
    press(page, "この機関を中心に見る")
    assert read_address(page) | {"whose": "agency", "centre": "a"} == read_address(page)
    picture = read_picture(page)
    assert list_agencies(picture, "ego") == ["a"]
    assert list_agencies(picture) == ["c", FACILITY]
    assert "a を中心にしたエコマップ" in "".join(picture.itertext())
    assert "段階は あけぼの寮 から見たもの" in "".join(picture.itertext())
    press(page, "あけぼの寮 のエコマップに戻る")
    assert list_agencies(read_picture(page), "ego") == [FACILITY]
    assert not {"whose", "centre"} & read_address(page).keys()


def test_whose_ecomap_is_restored_from_the_address_in_another_session(store: Store) -> None:
    write_network(store)
    picture = read_picture(open_page(date="2022-06-01", whose="agency", centre="a"))
    assert list_agencies(picture, "ego") == ["a"]
    unknown = read_picture(open_page(date="2022-06-01", whose="agency", centre="nobody"))
    assert list_agencies(unknown, "ego") == [FACILITY]


def test_an_agency_has_the_place_of_the_facilitys_ecomap_on_every_day(store: Store) -> None:
    write_network(store)
    home = read_places(open_page(date="2022-06-01"))
    early = read_places(open_page(date="2022-03-15", whose="agency", centre="a"))
    late = read_places(open_page(date="2022-06-01", whose="agency", centre="a"))
    assert early.keys() == {"b", FACILITY} and late.keys() == {"c", FACILITY}
    assert early["b"] == home["b"]
    assert early[FACILITY] == late[FACILITY]


def test_two_facilities_share_an_agency_that_is_drawn_once(store: Store) -> None:
    write_network(store)
    page = open_page(date="2022-06-01", whose="two", second=OTHER)
    picture = read_picture(page)
    assert list_agencies(picture, "ego") == [FACILITY, OTHER]
    assert list_agencies(picture) == ["a", "b", "c"]
    words = "".join(picture.itertext())
    assert "あけぼの寮 と ほっと" in words
    assert "両方の機関 1" in words
    assert "両方の機関は 1。あけぼの寮 だけは 1、ほっと だけは 1。" in read_words(page)


def write_clients(store: Store) -> None:
    write_network(store)
    write(store, referral("r", "b", "a", client="K-77", notified_on=day("2022-05-01")))


def test_a_client_is_chosen_in_the_internal_look_and_stays_out_of_the_address(
    store: Store,
) -> None:
    write_clients(store)
    page = open_page(date="2022-06-01", look="internal", whose="client")
    assert list_agencies(read_picture(page), "ego") == [FACILITY]  # nobody chosen yet
    page.selectbox(key="ecomap_client").select("K-77")
    run(page)
    picture = read_picture(page)
    assert list_agencies(picture, "ego") == [""]  # of a client nothing more can be opened
    words = "".join(picture.itertext())
    assert "本人の情報あり" in words and "内部用" in words
    assert "送り出し" in words and "支援中" in words
    assert "K-77" not in str(read_address(page))


def test_the_meeting_look_offers_no_client_and_leaves_one_that_was_chosen(store: Store) -> None:
    write_clients(store)
    page = open_page(date="2022-06-01", look="internal", whose="client")
    page.selectbox(key="ecomap_client").select("K-77")
    run(page)
    page.segmented_control(key="look").set_value("meeting")
    run(page)
    picture = read_picture(page)
    assert list_agencies(picture, "ego") == [FACILITY]
    assert "K-77" not in ET.tostring(picture, "unicode") + read_words(page)
    assert "client" not in page.segmented_control(key="whose").options


def test_who_may_not_see_clients_is_offered_none(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_clients(store)
    planner = Actor("計画", GRANTED["planner"])
    monkeypatch.setattr("views.frame.find_actor", lambda *_: planner)
    page = open_page(date="2022-06-01", look="internal", whose="client")
    assert list_agencies(read_picture(page), "ego") == [FACILITY]
    assert not [box for box in page.selectbox if box.key == "ecomap_client"]


@pytest.mark.parametrize(("role", "files"), [("coordinator", 5), ("meeting", 0)])
def test_only_who_may_take_files_out_is_offered_them(
    store: Store, monkeypatch: pytest.MonkeyPatch, role: Role, files: int
) -> None:
    write_network(store)
    monkeypatch.setattr("views.frame.find_actor", lambda *_: Actor("だれか", GRANTED[role]))
    page = open_page(date="2022-06-01")
    assert read_passed(page)["saving"] is bool(files)
    assert len([each for each in walk(page.main) if each.type == "download_button"]) == files


def write_many(store: Store, count: int) -> None:
    fields = ("welfare", "medical", "kin", "justice")
    names = [f"n{number:03}" for number in range(count)]
    places: Records = [
        link("PLACES", f"Organization {FACILITY}", f"Organization {name}", slot=slot)
        for slot, name in enumerate(names[:40])
    ]
    write(
        store,
        agency(FACILITY, name="あけぼの寮", field="justice"),
        *(agency(name, field=fields[n % 4]) for n, name in enumerate(names)),
        partner_list("l", "2022-03-01", *names),
        partner_list("short", "2022-03-02", *names[50:55]),
        area("town"),
        *(serves(name, "town") for name in names[30:45]),
        *(tie(FACILITY, name) for name in names),
        places,
    )


@pytest.mark.parametrize("count", [60, 200])
def test_more_than_forty_are_counted_and_a_choice_brings_the_rest(store: Store, count: int) -> None:
    write_many(store, count)
    page = open_page(date="2022-06-01")
    whole = read_places(page)
    assert len(whole) == 40
    assert f"あと {count - 40} 機関：分野・地域・リストで絞ってください" in read_words(page)
    page = open_page(date="2022-06-01", in_area="town")
    served = read_places(page)
    assert served.keys() == {f"n{number:03}" for number in range(30, 45)}
    assert {name: whole[name] for name in served.keys() & whole.keys()} == {
        name: served[name] for name in served.keys() & whole.keys()
    }
    assert f"絞り込みの外：{count - 15} 機関" in read_words(page)
    listed = open_page(date="2022-06-01", in_list="short", in_fields="medical,kin")
    # Five stand on the list, two of them of other fields.
    assert read_places(listed).keys() == {"n050", "n053", "n054"}


def test_a_choice_of_fields_is_kept_in_the_address(store: Store) -> None:
    write_many(store, 60)
    page = open_page(date="2022-06-01")
    page.multiselect(key="in_fields").set_value(["medical"])
    run(page)
    assert read_address(page)["in_fields"] == "medical"
    assert len(read_places(page)) == 15
    assert "医療" in "".join(read_picture(page).itertext())


def test_a_path_of_the_address_is_numbered_and_can_be_ended(store: Store) -> None:
    write_network(store)
    link_ = link_to_path(["c", FACILITY, "a", "nobody"])
    page = open_page(date="2022-06-01", **link_)
    picture = read_picture(page)
    steps = {e.get("data-step") for e in picture.iter() if e.get("class") == "step"}
    assert steps == {"1", "2", "3"}
    assert list_agencies(picture) == ["a", "b", "c"]  # "c" is there for the path alone
    assert "道筋：1 c → 2 あけぼの寮 → 3 a" in read_words(page)
    press(page, "道筋の表示を終える（Esc）")
    assert list_agencies(read_picture(page)) == ["a", "b"]
    assert "path" not in read_address(page)


def test_a_path_holds_organizations_only(store: Store) -> None:
    write_clients(store)
    page = open_page(date="2022-06-01", path="K-77|r|a")
    assert "道筋：1 a" in read_words(page)
    assert "K-77" not in read_words(page)
    assert link_to_path([]) == {}


def test_a_saved_view_keeps_whose_ecomap_and_what_it_is_narrowed_to() -> None:
    choices = {**DEFAULTS, "whose": "agency", "centre": "a", "in_fields": ["kin", "medical"]}
    assert write_address(date(2022, 6, 1), choices) == (
        "date=2022-06-01&whose=agency&centre=a&in_fields=kin%2Cmedical"
    )
