"""What stands around a page says what is wrong with the graph: there is no page to say it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import neo4j
import pytest
from streamlit.testing.v1 import AppTest

from graph.store import ForeignData, NotPrepared, NotUpgraded, Refused, Store, StoreError
from texts import LANGUAGES, Language, say
from views.database import Database

APP = str(Path(__file__).parents[2] / "app.py")


@pytest.fixture
def newer_graph(store: Store, raw: neo4j.Driver, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The app finds a graph of a version to come, which this process has not opened yet."""
    database = Database()
    monkeypatch.setattr("views.frame.open_database", lambda: database)
    raw.execute_query("MERGE (v:SchemaVersion {version_id: 'graph'}) SET v.number = 99")
    yield
    raw.execute_query("MATCH (v:SchemaVersion) DELETE v")


def open_app(language: Language) -> list[str]:
    """Return what the app says is wrong; it shows nothing else."""
    app = AppTest.from_file(APP, default_timeout=120)
    app.query_params["lang"] = language
    app.run()
    assert not app.exception
    return [error.value for error in app.error]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_graph_of_a_newer_version_is_said(newer_graph: None, language: Language) -> None:
    assert open_app(language) == [say("store.newer_graph", language)]


@pytest.mark.parametrize("error", [NotPrepared, ForeignData, NotUpgraded, Refused("see_network")])
def test_what_is_wrong_with_the_graph_is_said_by_its_code(
    sample_store: Store, monkeypatch: pytest.MonkeyPatch, error: type[StoreError] | StoreError
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Database, "ask", fail)
    assert open_app("ja") == [say(error.code)]


def test_what_nobody_thought_of_is_a_sentence_and_not_its_own_words(
    sample_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise sqlite3.DatabaseError("花子")

    monkeypatch.setattr("views.frame.find_actor", fail)
    assert open_app("en") == [say("app.failed", "en")]
