"""Looking after the data on the page 監査: the last backup, one for now, and erasing a client."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from graph.backup.making import list_backups
from graph.store import Store
from tests.app.page_text import read_words
from tests.builders import agencies, referral, write
from texts import say

CLIENT = "K-071"


def draw() -> None:
    from views import frame, upkeep

    upkeep.show_upkeep(frame.choose_context())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of this test's own for keys, backups and what came of them."""
    monkeypatch.setattr("views.upkeep.choose_data_dir", lambda: tmp_path)
    monkeypatch.setattr("views.upkeep.collect_keepsakes", lambda _folder: {})
    return tmp_path


def open_page() -> AppTest:
    page = AppTest.from_function(draw, default_timeout=120).run()
    assert not page.exception
    return page


def press(page: AppTest, key: str) -> None:
    next(button for button in page.button if button.label == say(key)).click().run()
    assert not page.exception


def test_a_backup_is_missed_and_made(store: Store, folder: Path) -> None:
    write(store, agencies("home", "a"))
    page = open_page()
    assert say("backup.none") in [warning.value for warning in page.warning]
    assert say("backup.no_recovery") in [warning.value for warning in page.warning]
    press(page, "upkeep.back_up")
    (made,) = list_backups(folder / "backups")
    assert made.check == "read"
    assert [one.value for one in page.success] == [say("upkeep.backed_up", nodes=made.nodes)]
    page.run()
    assert say("backup.none") not in [warning.value for warning in page.warning]


def test_a_client_is_erased_after_a_preview_and_a_confirmation(store: Store, folder: Path) -> None:
    write(store, agencies("home", "a"), referral("r1", "home", "a", client=CLIENT))
    page = open_page()
    page.text_input[0].set_value(CLIENT)
    press(page, "upkeep.preview")
    erase = next(button for button in page.button if button.label == say("upkeep.erase"))
    assert erase.disabled
    assert CLIENT not in read_words(page)
    page.checkbox[0].check().run()
    press(page, "upkeep.erase")
    assert store.list_nodes("Client", ("client_id",)) == []
    assert len(store.list_nodes("Erasure", ("erasure_id",))) == 1
    assert say("upkeep.complete") in [button.label for button in page.button]


def test_who_was_sure_of_one_client_is_not_yet_sure_of_the_next(store: Store, folder: Path) -> None:
    write(store, agencies("home", "a"), referral("r1", "home", "a", client=CLIENT),
          referral("r2", "home", "a", client="K-072"))  # fmt: skip
    page = open_page()
    page.text_input[0].set_value(CLIENT)
    press(page, "upkeep.preview")
    page.checkbox[0].check().run()
    page.text_input[0].set_value("K-072")
    press(page, "upkeep.preview")
    assert not page.checkbox[0].value
    assert next(button for button in page.button if button.label == say("upkeep.erase")).disabled


def test_a_pseudonym_nobody_has_is_said(store: Store, folder: Path) -> None:
    write(store, agencies("home"))
    page = open_page()
    page.text_input[0].set_value("nobody")
    press(page, "upkeep.preview")
    assert say("erase.nobody") in [one.value for one in page.info]
    assert say("upkeep.erase") not in [button.label for button in page.button]
