"""Consent on the pages: what is withheld says so, and the forms that change it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import queries
from graph.rights import GRANTED, Actor
from graph.store import Store
from tests.app.page_text import find_id, find_table, read_words
from tests.app.test_paths import open_page
from tests.builders import (
    FACILITY,
    agencies,
    consent,
    event,
    partner_list,
    referral,
    write,
)
from texts import say

CHIBA = "中核地域生活支援センターほっとねっと"
KASHIWA = "柏センター"
REASON = "緊急の受診に付き添うため"


def draw_record() -> None:
    from views import frame, record

    record.show(frame.choose_context())


def open_consents(client: str) -> AppTest:
    page = AppTest.from_function(draw_record, default_timeout=90)
    page.query_params["subject"] = "consents"
    page.query_params["facility"] = find_id(FACILITY)
    page.session_state["consent_client"] = client
    page.run()
    assert not page.exception
    return page


def press(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if label in button.label).click().run()
    assert not page.exception
    return page


def find_labelled(page: AppTest, kind: str, label: str) -> Any:
    found: Any = next(each for each in getattr(page, kind) if each.label.startswith(label))
    return found


def test_what_is_withheld_is_shown_for_a_reason_in_that_view_only(sample_store: Store) -> None:
    page = open_page(facility=CHIBA, year="2020")
    assert KASHIWA not in read_words(page)
    assert "自施設と、最初に自施設へ送った機関は" in read_words(page)
    find_labelled(page, "selectbox", "仮名ID").set_value("2020-03")
    press(page, "理由を記録して見る")
    assert any("理由を書いて" in error.value for error in page.error)
    find_labelled(page, "text_area", "理由").set_value("山田さんの依頼")
    press(page, "理由を記録して見る")
    assert any("書き直して" in error.value for error in page.error)
    find_labelled(page, "text_area", "理由").set_value(REASON)
    press(page, "理由を記録して見る")
    assert KASHIWA in read_words(page)
    assert "千葉市関係機関" not in read_words(page)  # of one client, not of all
    assert not any("2020-" in str(value) or REASON in str(value)
                   for key, value in page.query_params.items() if key != "year")  # fmt: skip
    press(page, "見るのをやめる")
    assert KASHIWA not in read_words(page)
    find_labelled(page, "text_area", "理由").set_value(REASON)
    press(page, "理由を記録して見る")
    assert KASHIWA in read_words(page)


def test_who_may_not_override_is_not_offered_it(
    sample_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = Actor("somebody", GRANTED["coordinator"])
    monkeypatch.setattr("views.frame.find_actor", lambda _language: actor)
    page = open_page(facility=CHIBA, year="2020")
    assert "同意のない機関 1件（伏せています）" in read_words(page)
    assert [b for b in page.button if "理由を記録して見る" in b.label] == []


def test_consents_are_recorded_for_a_whole_path_and_taken_back(reference_store: Store) -> None:
    store = reference_store
    write(
        store,
        agencies(FACILITY, "a", "b"),
        partner_list("l", "2022-01-01", "a"),
        referral("r", FACILITY, "a", client="k", allowed=False),
        event("meeting", "2022-05-01", "b", "Client k"),
    )

    def around() -> set[str]:
        rows = queries.ask(store, "ecomap_of_client", client_id="k")
        return {row["organization_id"] for row in rows}

    assert around() == {FACILITY}
    page = open_consents("k")
    find_labelled(page, "checkbox", "この人の道筋で").check()
    press(page, "記録する")
    assert around() == {FACILITY, "a", "b"}
    assert [row[:3] for row in find_table(page, "撤回日")[1:]] == [
        ["a", "紹介・調整", "有効"], ["b", "紹介・調整", "有効"],
    ]  # fmt: skip
    other = open_page(facility=FACILITY, tab="loop")
    assert "同意のない機関への紹介" not in read_words(other)
    press(page, say("consent.withdraw.confirm"))
    assert around() == {FACILITY, "b"}
    assert find_table(page, "撤回日")[1][2] == "撤回された"
    press(page, say("undo.offer"))
    assert around() == {FACILITY, "a", "b"}
    find_labelled(page, "selectbox", say("consent.withdraw.which")).set_value(
        ("a", "referral")
    ).run()
    press(page, say("consent.withdraw.confirm"))  # on the same day: no retry of the first
    assert around() == {FACILITY, "b"}
    other.run()
    assert "同意のない機関への紹介 1件" in read_words(other)


def test_a_referral_without_consent_is_refused_and_with_one_is_on_record(
    reference_store: Store,
) -> None:
    store = reference_store
    write(store, agencies(FACILITY, "a"), partner_list("l", "2022-01-01", "a"),
          referral("r", "a", FACILITY, client="k"))  # fmt: skip

    def open_form() -> AppTest:
        page = open_page(facility=FACILITY, tab="loop", date=date.today().isoformat())
        find_labelled(page, "selectbox", "紹介先").set_value("a")
        find_labelled(page, "text_input", "仮名ID").set_value("k").run()
        return page

    page = open_form()
    assert any("同意がありません" in each.value for each in page.warning)
    page.button[-1].click().run()
    assert any("同意がありません" in each.value for each in page.text)
    assert queries.ask(store, "client_provisions", client_id="k") == []
    write(store, consent("k", "a"))
    page = open_form()
    assert any("本人の同意があります" in each.value for each in page.success)
    page.button[-1].click().run()
    (told,) = queries.ask(store, "client_provisions", client_id="k")
    assert (told["agency"], told["basis"], told["provided_on"]) == ("a", "consent", date.today())
    shown = open_consents("k")
    assert find_table(shown, "伝えた日")[1][1] == "a"
