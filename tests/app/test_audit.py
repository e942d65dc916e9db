"""The page 監査: what was seen and done, by whom; whether the log is whole; roles at the pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from access import entry
from access.journal import Journal
from access.register import Register
from access.settings import read_access
from graph.store import Store
from tests.app.page_text import find_table, read_words
from texts import say

APP = str(Path(__file__).parents[2] / "app.py")


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Journal:
    """A log of this test's own, with an open way in."""
    journal = Journal(tmp_path)
    register = Register(tmp_path / "access.sqlite")
    access = read_access({}, register)
    monkeypatch.setattr(entry, "open_journal", lambda: journal)
    monkeypatch.setattr("views.audit.open_journal", lambda: journal)
    monkeypatch.setattr("views.sign_in.open_access", lambda: (access, register))
    return journal


def draw() -> None:
    from views import audit, frame

    audit.show(frame.choose_context())


def open_audit() -> AppTest:
    page = AppTest.from_function(draw, default_timeout=120).run()
    assert not page.exception
    return page


def test_a_page_seen_is_on_record_once_however_often_it_is_drawn(
    sample_store: Store, journal: Journal
) -> None:
    page = AppTest.from_file(APP, default_timeout=120).run()
    page.run()
    assert [(e.actor, e.action, e.subject.split()[0]) for e in journal.read()] == [
        ("local", "view", "ecomap")
    ]


def test_a_page_that_cannot_be_recorded_is_not_shown(
    sample_store: Store, journal: Journal, tmp_path: Path
) -> None:
    (tmp_path / "audit.jsonl").mkdir()
    page = AppTest.from_file(APP, default_timeout=120).run()
    assert [error.value for error in page.error] == [say("store.not_recorded")]
    assert "ささぼし" not in read_words(page)


def test_the_newest_line_comes_first_and_the_log_is_said_to_be_whole(
    sample_store: Store, journal: Journal
) -> None:
    journal.record("花子", "sign_in", "")
    journal.record("花子", "write", "load-1")
    page = open_audit()
    assert page.success[0].value == say("audit.whole", count=2)
    rows = find_table(page, say("audit.column.what"))[1:]
    assert [(row[0], row[2], row[3], row[4]) for row in rows] == [
        ("2", "花子", say("audit.kind.write"), "load-1"),
        ("1", "花子", say("audit.kind.sign_in"), ""),
    ]


def test_what_was_seen_is_said_in_words_whether_a_page_or_the_api(
    sample_store: Store, journal: Journal
) -> None:
    for subject in ("gaps", "api /questions/directory_size", "retired facility"):
        journal.record("花子", "view", subject)
    rows = find_table(open_audit(), say("audit.column.what"))[1:]
    assert [row[4] for row in rows] == [
        "retired facility",
        say("audit.api", path="/questions/directory_size"),
        say("app.page.gaps"),
    ]


def test_a_removed_line_is_said(sample_store: Store, journal: Journal, tmp_path: Path) -> None:
    for number in range(3):
        journal.record("花子", "write", f"load-{number}")
    file = tmp_path / "audit.jsonl"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join([lines[0], lines[2]]), "utf-8")
    assert [error.value for error in open_audit().error] == [say("audit.broken", number=2)]


def test_who_saw_a_client_is_found_by_the_pseudonym_alone(
    sample_store: Store, journal: Journal
) -> None:
    for name, client in (("花子", "2020-01"), ("太郎", "2020-02")):
        entry.put_on_record(name, frozenset()).note("ask", "client_ecomap", client)
    page = open_audit()
    assert "2020-01" not in read_words(page)
    (asked,) = [box for box in page.text_input if box.label == say("audit.client")]
    asked.set_value("2020-01").run()
    rows = find_table(page, say("audit.column.what"))[1:]
    assert [row[2] for row in rows] == ["花子"]
