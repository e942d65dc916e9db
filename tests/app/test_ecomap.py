"""The page エコマップ as a user meets it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from graph.rights import GRANTED, Actor, Unrecorded
from graph.store import Store
from texts import say

APP = str(Path(__file__).parents[2] / "app.py")


def open_app(**query: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def read_passed(app: AppTest) -> dict[str, Any]:
    """Return what the picture is given."""
    (given,) = (
        element.proto.json
        for element in app.get("bidi_component")
        if element.proto.component_name == "tsunagi_ecomap"  # type: ignore[attr-defined]
    )
    passed: dict[str, Any] = json.loads(given)
    return passed


def texts(app: AppTest) -> str:
    return "\n".join(str(e.value) for e in (*app.text, *app.markdown, *app.caption, *app.info))


def test_an_empty_graph_says_what_to_do(store: Store) -> None:
    app = open_app()
    assert "取り込み" in texts(app)


def test_the_counts_are_the_reports(sample_store: Store) -> None:
    app = open_app(date="2022-10-04")
    counts = {metric.label: metric.value for metric in app.metric}
    assert counts["支援中"] == "8 / 17"


@pytest.mark.parametrize(("look", "named"), [("meeting", False), ("internal", True)])
def test_only_the_internal_look_names_the_contact_person(
    sample_store: Store, look: str, named: bool
) -> None:
    app = open_app(date="2022-10-04", look=look)
    organization = next(
        row["organization_id"]
        for row in sample_store.list_nodes("Organization", ("organization_id", "name"))
        if row["name"] == "埼玉県就労支援事業者機構"
    )
    app.session_state["ecomap_selected"] = organization
    app.run()
    assert ("担当者B" in texts(app)) is named


def test_the_centre_that_is_selected_shows_its_details(sample_store: Store) -> None:
    app = open_app(date="2022-10-04")
    facility = "更生保護法人 清心寮"
    app.session_state["ecomap_selected"] = next(
        row["organization_id"]
        for row in sample_store.list_nodes("Organization", ("organization_id", "name"))
        if row["name"] == facility
    )
    app.run()
    assert facility in [heading.value for heading in app.subheader]


def test_a_file_that_cannot_be_put_on_record_does_not_leave(
    sample_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(action: str, *_: object) -> None:
        if action == "export":
            raise Unrecorded

    actor = Actor("somebody", GRANTED["coordinator"], refuse)
    monkeypatch.setattr("views.frame.find_actor", lambda _language: actor)
    app = open_app(date="2022-10-04")
    app.session_state["ecomap_wanted_file"] = "svg"
    app.session_state["ecomap_file_count"] = 1
    app.run()
    assert say("store.not_recorded") in [error.value for error in app.error]
    assert read_passed(app)["file"] is None
    monkeypatch.undo()
    app.session_state["ecomap_wanted_file"] = "svg"
    app.run()
    assert read_passed(app)["file"] == {"number": 1, "kind": "svg"}


def test_keys_that_are_letters_can_be_switched_off(sample_store: Store) -> None:
    app = open_app(date="2022-10-04")
    assert read_passed(app)["letters"] is True
    app.toggle(key="letter_keys").set_value(False).run()
    assert read_passed(app)["letters"] is False
    again = open_app(date="2022-10-04", letter_keys="false")
    assert read_passed(again)["letters"] is False
    assert not again.toggle(key="letter_keys").value


def test_comparing_reads_the_changes_aloud(sample_store: Store) -> None:
    app = open_app(date="2022-06-13")
    app.session_state["ecomap_comparing"] = True
    app.run()
    app.selectbox(key="compare_with").select(date(2022, 3, 1)).run()
    assert "埼玉県BBS連盟" in texts(app)
    assert "辞退" in texts(app)


def test_a_comparison_is_kept_in_the_address_and_restored_from_it(sample_store: Store) -> None:
    app = open_app(date="2022-06-13", compare="2022-03-01")
    assert app.selectbox(key="compare_with").value == date(2022, 3, 1)
    assert "埼玉県BBS連盟" in texts(app)
    app.toggle(key="ecomap_comparing").set_value(False).run()
    assert "compare" not in app.query_params
    app.toggle(key="ecomap_comparing").set_value(True).run()
    assert date.fromisoformat("".join(app.query_params["compare"])) < date(2022, 6, 13)


def test_a_day_of_the_address_that_cannot_be_compared_with_is_passed_over(
    sample_store: Store,
) -> None:
    app = open_app(date="2022-06-13", compare="2099-01-01")
    assert not app.toggle(key="ecomap_comparing").value


def test_the_date_of_the_address_is_the_date_of_the_page(sample_store: Store) -> None:
    app = open_app(date="2022-02-28")
    assert app.date_input(key="date").value == date(2022, 2, 28)
    assert not [metric for metric in app.metric if metric.value.endswith("/ 17")]


def test_the_english_page_is_english(sample_store: Store) -> None:
    app = open_app(date="2022-10-04", lang="en")
    assert {"Supporting", "Listed only"} <= {metric.label for metric in app.metric}
