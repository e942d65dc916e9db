"""Each role opens the pages it is offered, and reads nothing there that is not its own."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from graph.rights import GRANTED, Actor, Role
from graph.store import Store
from tests.builders import FACILITY, agencies, partner_list, tie, write
from texts import say

# Names of contact persons, a pseudonym, words of a remark and of a case, as the sample has them.
OF_PEOPLE = ("担当者A", "担当者B", "2020-01", "失踪")
OFFERED: dict[Role, tuple[str, ...]] = {
    "viewer": ("ecomap", "network", "gaps", "nearby"),
    "meeting": ("ecomap", "network", "gaps", "nearby"),
    "planner": (
        "ecomap", "network", "gaps", "nearby", "paths", "contacts", "report", "record", "upload",
        "takeout",
    ),
    "administrator": ("ecomap", "gaps", "upload", "takeout", "audit"),
}  # fmt: skip
CASES = [(role, page) for role, pages in OFFERED.items() for page in pages]


def draw(name: str) -> None:
    from views import frame
    from views.pages import PAGES

    context = frame.choose_context()
    show, right = PAGES[name]
    assert context.may(right)
    show(context)


def open_page(name: str, **address: str) -> AppTest:
    app = AppTest.from_function(draw, default_timeout=180, args=(name,))
    for key, value in {"date": "2022-10-04", "look": "internal", **address}.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


@pytest.fixture
def role(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Role:
    role: Role = request.param
    actor = Actor("somebody", GRANTED[role])
    monkeypatch.setattr("views.frame.find_actor", lambda _language: actor)
    return role


@pytest.mark.parametrize(("role", "page"), CASES, indirect=["role"])
def test_a_page_opens_for_each_role_it_is_offered(
    sample_store: Store, role: Role, page: str
) -> None:
    app = open_page(page)
    assert [error.value for error in app.error] == []
    if "see_people" not in GRANTED[role]:
        shown = repr(app)
        assert [words for words in OF_PEOPLE if words in shown] == []


@pytest.mark.parametrize("role", ["viewer", "meeting", "administrator"], indirect=True)
@pytest.mark.parametrize("page", ["ecomap", "network"])
def test_who_sees_no_more_than_a_room_is_offered_no_internal_look(
    sample_store: Store, role: Role, page: str
) -> None:
    app = AppTest.from_function(draw, default_timeout=180, args=(page,))
    app.query_params["date"] = "2022-10-04"
    app.query_params["look"] = "internal"
    app.session_state["ecomap_selected"] = next(
        row["start"] for row in sample_store.list_relationships("TIED_TO", ())
    )
    app.run()
    assert not app.exception
    assert [one for one in app.segmented_control if one.key == "look"] == []
    forms = {say(f"ecomap_page.edit.{name}") for name in ("event", "person", "tie")}
    assert not forms & {button.label for button in app.button}


@pytest.mark.parametrize("role", ["viewer", "administrator", "planner"], indirect=True)
def test_a_stressful_tie_is_drawn_for_everybody_and_as_such_for_few(
    store: Store, role: Role
) -> None:
    write(
        store,
        agencies(FACILITY, "a", "b"),
        partner_list("l", "2022-03-01", "a", "b"),
        tie(FACILITY, "a", quality="stressful"),
        tie(FACILITY, "b", quality="broken"),
    )
    network = open_page("network")
    (picture,) = [
        json.loads(element.proto.json)["picture"]
        for element in network.get("bidi_component")
        if element.proto.component_name == "tsunagi_network"
    ]
    assert len(picture["edges"]) == 2
    kinds = {"broken", "stressful"} if role == "planner" else {"broken"}
    assert {kind for _, _, kind, _ in picture["marks"]} == kinds
    assert open_page("ecomap", compare="2022-04-01").error == []


@pytest.mark.parametrize("role", ["viewer"], indirect=True)
def test_a_page_typed_by_hand_answers_nothing(sample_store: Store, role: Role) -> None:
    def draw_anyway() -> None:
        from views import contacts, frame

        contacts.show(frame.choose_context())

    app = AppTest.from_function(draw_anyway, default_timeout=180).run()
    assert say("store.refused") in [error.value for error in app.error]
