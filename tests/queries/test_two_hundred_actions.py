"""Two hundred things done by one person leave two hundred lines; what cannot be recorded is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import queries
from access import entry
from access.journal import Journal
from graph.rights import RIGHTS, Unrecorded
from graph.store import NotRecorded, Store
from tests.builders import FACILITY, agencies, event, referral, write
from views import downloads

HANAKO = "花子"


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Journal:
    journal = Journal(tmp_path)
    monkeypatch.setattr(entry, "open_journal", lambda: journal)
    return journal


class Screen:
    """Stands for the page that a download is offered on, and for who presses the button."""

    def __init__(self, note: Callable[[str, str, str | None], None]) -> None:
        self.actor = entry.put_on_record(HANAKO, RIGHTS)
        self.note = note

    def may(self, _: str) -> bool:
        return True


def press(monkeypatch: pytest.MonkeyPatch, screen: Screen, name: str) -> bytes:
    pressed: list[Callable[[], bytes]] = []
    monkeypatch.setattr(
        downloads.st, "download_button", lambda _label, make, *_, **__: pressed.append(make)
    )
    context: Any = screen
    downloads.offer_download(context, "書き出す", lambda: b"file", name, "text/csv")
    return pressed[0]()


def test_two_hundred_actions_leave_two_hundred_lines(
    store: Store, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(store, agencies(FACILITY, "a"), referral("r", FACILITY, "a", client="C-1"))
    actor = entry.put_on_record(HANAKO, RIGHTS)
    door, screen = store.acting_as(actor), Screen(actor.note)
    for number in range(40):
        actor.note("view", f"gaps {FACILITY}", None)
        queries.ask(door, "ecomap_clients", facility_id=FACILITY)
        queries.ask(door, "ecomap_of_client", client_id="C-1")
        write(door, event("contacted", "2022-10-04", "a", key=f"e{number}"))
        assert press(monkeypatch, screen, f"file{number}.csv") == b"file"
    entries = journal.read()
    assert len(entries) == 200
    assert {each.actor for each in entries} == {HANAKO}
    assert [each.action for each in entries[:5]] == ["view", "ask", "ask", "write", "export"]
    assert journal.find_break() is None
    assert not [each for each in entries if "C-1" in each.subject]
    mark = journal.disguise("C-1")
    assert sum(mark in each.subject for each in entries) == 40


def test_with_a_log_that_cannot_be_written_nothing_is_done(
    store: Store, journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(store, agencies(FACILITY, "a"), referral("r", FACILITY, "a", client="C-1"))
    (tmp_path / "audit.jsonl").mkdir()
    door = store.acting_as(entry.put_on_record(HANAKO, RIGHTS))
    with pytest.raises(NotRecorded):
        queries.ask(door, "ecomap_of_client", client_id="C-1")
    with pytest.raises(NotRecorded):
        write(door, event("contacted", "2022-10-04", "a", key="never"))
    with pytest.raises(Unrecorded):
        press(monkeypatch, Screen(door.actor.note), "file.csv")
    assert store.list_nodes("Event", ("event_id",)) == []
